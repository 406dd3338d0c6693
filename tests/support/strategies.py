"""Which cases do the property tests draw? Random expressions of every function, and random scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from tui_backprop.maths.expression import Call, Expression, Name, Number, fold
from tui_backprop.maths.parsing import parse
from tui_backprop.scenario.model import Reduction, Scenario
from tui_backprop.scenario.optimizers import OPTIMIZERS, Optimizer, UpdateLine, optimizer

_BINARY_OPERATORS = ("+", "-", "*", "/")
_ANYWHERE = (
    *("sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "abs", "sin", "cos", "atan"),
    *("step", "sign"),
)
_BOUNDED = ("sigmoid", "tanh", "sin", "cos", "atan")


def literals() -> st.SearchStrategy[Expression]:
    """Numbers as a file may write them: no sign, which is an operator of its own."""
    usual = st.sampled_from([0.0, 0.1, 0.5, 1.0, 2.0, 3.0, 10.0, 0.25, 1e-3, 1e16])
    any_size = st.floats(1e-6, 1e6, allow_nan=False)
    return st.one_of(usual, usual, any_size).map(Number)


def coordinates() -> st.SearchStrategy[float]:
    """Numbers to put in for names, whole ones among them, so that ties and kinks are met too."""
    return st.one_of(st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5]), st.floats(-3, 3).map(lambda x: round(x, 6)))


def expressions(names: Sequence[str] = ("x", "y", "z"), most_leaves: int = 10) -> st.SearchStrategy[Expression]:
    """Trees of every operator and function, mostly where mathematics has a number for them."""
    leaves = st.one_of(st.sampled_from(names).map(Name), st.sampled_from(names).map(Name), literals())
    return st.recursive(leaves, _larger, max_leaves=most_leaves)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    positive = st.one_of(inner, inner.map(lambda tree: Call("exp", Call("sin", tree))), inner.map(_square_and_one))
    fraction = st.one_of(inner, inner.map(lambda tree: Call("sigmoid", tree)), inner.map(lambda x: Call("sigmoid", x)))
    exponents = st.sampled_from([0.0, 1.0, 2.0, 3.0, 0.5, 1.5]).map(Number)
    return st.one_of(
        st.builds(Call, st.sampled_from(_BINARY_OPERATORS), inner, inner),
        st.builds(Call, st.sampled_from(("*", "+")), inner, inner),
        st.builds(Call, st.just("neg"), inner),
        st.builds(Call, st.sampled_from(_ANYWHERE), inner),
        st.builds(Call, st.sampled_from(("log", "log2", "log10", "sqrt")), positive),
        st.builds(
            Call,
            st.sampled_from(("exp", "sinh", "cosh", "tan")),
            st.one_of(inner, inner.map(lambda tree: Call("neg", tree))),
        ),
        st.builds(Call, st.sampled_from(("max", "min")), inner, inner),
        st.builds(Call, st.just("^"), inner, exponents),
        st.builds(Call, st.just("^"), positive, inner),
        st.builds(Call, st.just("bce"), inner, fraction),
        st.builds(Call, st.just("xlogy"), inner, positive),
        st.builds(Call, st.just("xdivy"), inner, inner),
        st.builds(Call, st.just("bce_logits"), inner, inner),
        inner.map(lambda tree: Call("*", tree, tree)),  # a shared part, and equal factors
    )


def _square_and_one(tree: Expression) -> Expression:
    return Call("+", Number(1.0), Call("^", tree, Number(2.0)))


_PLACES = tuple(str(place) for place in range(8))
_SMALL = st.one_of(st.sampled_from(_PLACES).map(Name), st.sampled_from([0.5, 1.0, 2.0, 3.0]).map(Number))


def _tame(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Calls whose values and slopes stay small, so that training on them stays finite."""
    bounded = st.builds(Call, st.sampled_from(_BOUNDED), inner)
    return st.one_of(
        st.builds(Call, st.sampled_from(("+", "-")), inner, inner),
        st.builds(Call, st.just("*"), bounded, inner),
        st.builds(Call, st.just("neg"), inner),
        st.builds(Call, st.sampled_from(_ANYWHERE), inner),
        st.builds(Call, st.sampled_from(("max", "min")), inner, inner),
        st.builds(Call, st.just("^"), bounded, st.sampled_from([2.0, 3.0]).map(Number)),
        st.builds(Call, st.just("/"), inner, inner.map(_square_and_one)),
        st.builds(Call, st.just("log"), inner.map(_square_and_one)),
        st.builds(Call, st.just("bce_logits"), bounded, inner),
        bounded.map(lambda tree: Call("*", tree, tree)),
    )


# Trees over places instead of names: making a strategy takes longer than drawing from one.
_TAME_EQUATIONS = _tame(st.recursive(_SMALL, _tame, max_leaves=5))
_WILD_EQUATIONS = _larger(expressions(_PLACES, 5))


def _with_names(equation: Expression, known: Sequence[str]) -> Expression:
    """The equation with the names known in its places, the latest ones first."""
    return fold(
        equation,
        lambda leaf: Name(known[-1 - int(leaf.name) % len(known)]) if isinstance(leaf, Name) else leaf,
        lambda call, arguments: Call(call.function, *arguments),
    )


@st.composite
def scenarios(draw: st.DrawFn, wild: bool = False, updates: bool = True) -> Scenario:
    """Random graphs: several parameters and examples, shared operands, fan-out, nodes and parameters off the path.

    wild: any function anywhere, so that numbers may stop being finite; else they stay small.
    """
    parameters = {f"w{place + 1}": value for place, value in enumerate(draw(_PARAMETERS))}
    constants = {"c": draw(coordinates())} if draw(st.booleans()) else {}
    examples = draw(st.sampled_from(range(3)).flatmap(_TABLES.__getitem__))
    inputs = tuple(f"x{place + 1}" for place in range(len(examples[0])))
    known = [*constants, *inputs, *parameters]
    equations: dict[str, Expression] = {}
    for place, equation in enumerate(draw(_WILD_GRAPHS if wild else _TAME_GRAPHS)):
        equations[f"n{place + 1}"] = _with_names(equation, known)
        known.append(f"n{place + 1}")
    frozen = draw(st.sampled_from([(), (), (), ("w1",), ("w2", "w3"), ("w1", "w2", "w3", "w4")]))
    return Scenario(
        title="drawn",
        parameters=parameters,
        constants=constants,
        inputs=inputs,
        examples=examples,
        equations={name: equations[name] for name in draw(st.permutations([*equations]))},
        loss=draw(st.sampled_from([*equations][-2:])),
        learning_rate=draw(st.sampled_from(_WILD_RATES if wild else _TAME_RATES)) if updates else None,
        reduction=draw(st.sampled_from(_REDUCTIONS)),
        batch=draw(st.sampled_from([None, *range(1, len(examples) + 1)])),
        frozen=tuple(name for name in frozen if name in parameters),
        **draw(st.sampled_from(PASSES)),
    )


OWN_RULES = {
    "clipped": "g: max(-1, min(g, 1)) / w: w - eta*g",
    "by the sign": "v: beta*v + (1 - beta)*g / w: w - eta*sign(v)",
    "states that change places": "old: a / a: b + g / b: old / w: w - eta*(a - b/2)",
    "a bare name": "v: g / old: w / w: old - eta*v",
    "read after it is set": "twice: 2*v / v: beta*v + g / w: w - eta*(v + twice/4)",
    "smooth": "s: tanh(g + s/2) / w: w*(1 - eta*weight_decay) - eta*s*exp(-s^2)",
    "a rate of its own": "a: eta/sqrt(t) / w: w - a*g*abs(g)^0.5",
    "one state from another": "v: beta*v + g / u: beta*u + v / w: w - eta*u/t",
}
"""Rules of one's own that ask for care: lines as they stand in a file, with / between them."""


def own_rule(text: str) -> Optimizer:
    """A rule from its lines, with a constant beta."""
    lines = (line.split(":") for line in text.split(" / "))
    return Optimizer("", {"beta": 0.8}, tuple(UpdateLine(name, parse(right).expression) for name, right in lines))


_OPTIMIZERS = [*map(optimizer, OPTIMIZERS), *map(own_rule, OWN_RULES.values()), optimizer("adam", {"beta1": 0.5})]
_DECAYING = [parse(text).expression for text in ("0.1/(1 + 0.3*k)", "0.05*0.9^k + 0.01", "0.1*(1 + cos(k/10))/2")]


@st.composite
def training(draw: st.DrawFn, rate: float = 0.1) -> dict[str, Any]:
    """Any optimizer, weight decay or none, and this learning rate or one that changes: parts of a scenario."""
    return {
        "optimizer": draw(st.sampled_from(_OPTIMIZERS)),
        "weight_decay": draw(st.sampled_from([None, None, 0.0, 0.1])),
        "learning_rate": draw(st.sampled_from([rate, *_DECAYING])),
    }


@st.composite
def optimized(draw: st.DrawFn, wild: bool = False) -> Scenario:
    """Random graphs with any optimizer, weight decay or none, and a learning rate that changes or not."""
    scenario = draw(scenarios(wild))
    assert isinstance(scenario.learning_rate, float)
    return replace(scenario, **draw(training(scenario.learning_rate)))


PASSES: tuple[dict[str, Any], ...] = ({}, {"wraps": True}, {"shuffle": 7})
"""How batches may follow each other: passes with a shorter rest, without an end, and in another order every time."""

_TAME_RATES, _WILD_RATES = (0.1, 0.01, 0.5), (0.1, 3.0, 100.0)
_PARAMETERS = st.lists(coordinates(), min_size=1, max_size=4)
_TABLES: list[st.SearchStrategy[tuple[tuple[float, ...], ...]]] = [
    st.just(((),)),
    st.lists(st.tuples(coordinates()), min_size=1, max_size=5).map(tuple),
    st.lists(st.tuples(coordinates(), coordinates()), min_size=1, max_size=5).map(tuple),
]
_TAME_GRAPHS = st.lists(_TAME_EQUATIONS, min_size=3, max_size=7)
_WILD_GRAPHS = st.lists(_WILD_EQUATIONS, min_size=3, max_size=6)
_REDUCTIONS: tuple[Reduction, ...] = ("mean", "sum")


def texts_like_expressions() -> st.SearchStrategy[str]:
    """Texts made of what stands in expressions, in any order, with strangers in between."""
    pieces = [
        *("x", "w1", "pi", "e", "sigmoid(", "max(", "ln(", "sin", "relu", "_", "θ", "xx", "bce(x,"),
        *("1", "2.5", ".5", "3.", "1e3", "1e", "07", "1e999", "2x", "0x1"),
        *("+", "-", "*", "/", "^", "**", "−", "×", "·", "²", "³", "(", ")", ",", " ", "\t", "\n"),
        *("=", "|", "÷", "√", "[", "é", "\x1b", "\u202e", "½", "'", "\U0001f600", "\ud800"),
    ]
    return st.one_of(
        st.lists(st.sampled_from(pieces), max_size=14).map("".join),
        st.lists(st.sampled_from(pieces[:40]), max_size=10).map("".join),
        st.text(max_size=20),
    )
