"""What helps where a number stops being finite. What is said was looked for in the graph, or tried.

A remedy is a clause of a sentence. Formulas in it are text to write into the file, so they are plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, count

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.expression import ONE, Call, Expression, Name, flattened, joined_by_choice, names_in, post_order
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.tokens import RESERVED_NAMES
from tui_backprop.maths.writing import Style, write
from tui_backprop.record.history import History

_SMALLER = (10.0, 100.0, 1000.0)
_MOST_WORK = 10_000_000
"""A run is tried up to where the scenario stops, as far as so many instructions lead: about a second."""

_OTHER_START = "other starting values or examples may stay clear of it"
_MOST_NAMED = 4


class Tried(Struct, frozen=True):
    """The smaller learning rates with which a run was tried again, and the first that kept it finite, if one did."""

    rates: tuple[float, ...] = ()
    helps: float | None = None


@lru_cache(maxsize=4)
def smaller_rates(history: History, iteration: int) -> Tried:
    """Whether a smaller learning rate keeps a run finite beyond where it stopped being so. Long runs are not tried."""
    rate = history.scenario.learning_rate
    last = min(max(iteration, history.scenario.iterations), _MOST_WORK // max(1, history.interpreter.cost))
    if not isinstance(rate, float) or iteration == 0 or last < iteration:
        return Tried()
    tried: list[float] = []
    for smaller in (rate / times for times in _SMALLER):
        tried.append(smaller)
        again = History(replace(history.scenario, learning_rate=smaller))
        if again.extend(last) == last and again.ended_at is None:
            return Tried(tuple(tried), smaller)
    return Tried(tuple(tried))


def leads_back_to(graph: Graph, names: Iterable[str]) -> tuple[str, ...]:
    """The parameters, inputs and constants that names are computed from, themselves included."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting.extend(graph.operands.get(name, ()))
    return tuple(name for name in found if name not in graph.equations)


def is_of_parameters(graph: Graph, part: Expression) -> bool:
    """Whether a part of an equation depends on a parameter."""
    return any(name in graph.parameter_places for name in leads_back_to(graph, names_in(part)))


def remedy(part: Call, history: History, iteration: int, style: Style) -> str:
    """What helps against an operation that gave a number which is not finite, in an iteration of a run."""
    graph = history.graph
    if not is_of_parameters(graph, part):
        inputs = [name for name in graph.inputs if name in leads_back_to(graph, names_in(part))]
        what = FUNCTIONS[part.function].in_data
        of_data = f"{what} {_listed(inputs)} in the data" if inputs else "change the equation"
        return f"no parameter is in it, so no learning rate helps; {of_data}"
    helps = [*_other_forms(part, history), _other_run(history, iteration, style)]
    return "; ".join(filter(None, helps)) or _OTHER_START


def _other_run(history: History, iteration: int, style: Style) -> str:
    """What another learning rate does, as far as it was tried; before anything is learned, another start."""
    if iteration == 0:
        return _OTHER_START
    tried = smaller_rates(history, iteration)
    if tried.helps is not None:
        return f"with the learning rate {style.number(tried.helps)} the run stays finite"
    return "smaller learning rates were tried and do not help" if tried.rates else ""


def _listed(names: list[str]) -> str:
    return ", ".join([*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])])


def _other_forms(part: Call, history: History) -> Iterator[str]:
    """How the same could be written so that it does not happen."""
    graph = history.graph
    if part.function == "exp":
        exponents = _softmax_exponents(part, graph)
        if exponents:
            yield _stable_form(exponents, history)
        elif any(Call("+", ONE, part) == use or Call("+", part, ONE) == use for use in _parts(graph)):
            yield "1/(1 + exp(-z)) is sigmoid(z) and log(1 + exp(z)) is softplus(z), which do without this"
    yield FUNCTIONS[part.function].instead


def not_a_number_remedy(part: Call, operands: Iterable[float], history: History) -> str:
    """What helps against an operation on infinities that gave NaN; "" where that is what helps against the infinity."""
    if part.function == "*" and 0.0 in operands:
        for one, other in (part.arguments, part.arguments[::-1]):
            if isinstance(other, Call) and other.function == "log":
                return f"{write(Call('xlogy', one, *other.arguments))} is 0 there"
    if part.function == "/":
        graph = history.graph
        for use in post_order(part.arguments[0]):
            exponential = graph.equations.get(use.name) if isinstance(use, Name) else use
            if isinstance(exponential, Call) and exponential.function == "exp":
                exponents = _softmax_exponents(exponential, graph)
                if exponents:
                    return _stable_form(exponents, history)
    return ""


def _parts(graph: Graph) -> Iterator[Expression]:
    for equation in graph.equations.values():
        yield from post_order(equation)


def _softmax_exponents(exponential: Call, graph: Graph) -> tuple[Expression, ...]:
    """The exponents of the sum of exponentials that divides this one among others; () where there is none."""
    below = {part.arguments[1] for part in _parts(graph) if isinstance(part, Call) and part.function == "/"}
    for name, equation in (*graph.equations.items(), *(("", tree) for tree in below)):
        if name and Name(name) not in below:
            continue
        terms = [_put_in(term, graph.equations) for term in flattened(equation, "+")]
        exponents = [term.arguments[0] for term in terms if isinstance(term, Call) and term.function == "exp"]
        if exponential in terms and len(exponents) == len(terms) > 1:
            return tuple(exponents)
    return ()


def _put_in(term: Expression, equations: Mapping[str, Expression]) -> Expression:
    return equations.get(term.name, term) if isinstance(term, Name) else term


def _stable_form(exponents: tuple[Expression, ...], history: History) -> str:
    """How a softmax of these exponents is written with the largest one subtracted."""
    graph, network = history.graph, history.scenario.network
    for layer in network.layers if network is not None else ():
        if exponents == tuple(map(Name, layer.pre_activations)):
            return "write activation: stable_softmax, which subtracts the largest z first"
    taken = {*leads_back_to(graph, graph.equations), *graph.equations, *RESERVED_NAMES}
    largest = next(name for name in chain(["m"], map("m{}".format, count())) if name not in taken)
    shifted = write(Call("exp", Call("-", exponents[0], Name(largest))))
    choice = write(joined_by_choice("max", exponents))
    return f"subtract the largest logit first: {shifted} and so on, with {largest}: {choice}"
