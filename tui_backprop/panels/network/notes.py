"""The lines below the picture: the weights into the step's neuron, what a softmax is made of, or the terms of a
gradient."""

from __future__ import annotations

from itertools import chain

from tui_backprop.numbers import equals
from tui_backprop.panels.lines import Line, Role, Span, cut, width_of
from tui_backprop.panels.network.marks import Marks, network_of, softmax_of
from tui_backprop.panels.symbols import in_parentheses
from tui_backprop.scenario.model import LayerShape
from tui_backprop.session import Known, Session

_MOST_ROWS = 8
_LEAST_WIDTH_WITH_LEGEND = 48


def rows_wanted(session: Session) -> int:
    """How many lines say everything, the legend included, for nets that are not too large for it."""
    network = network_of(session.lesson)
    terms = [len(layer.weights[0]) + bool(layer.biases) for layer in network.layers]
    of_softmax = 2 * sum(bool(layer.exponentials) for layer in network.layers)
    return min(max(*terms, *(layer.neurons for layer in network.layers)) + 3, _MOST_ROWS) + of_softmax


def note_lines(session: Session, marks: Marks, width: int, rows: int, *, has_fan: bool = False) -> tuple[Line, ...]:
    """At most so many lines: a table where there is room, else one line, then what an index and what a line mean."""
    if rows <= 0:
        return ()
    layers, inside = network_of(session.lesson).layers, softmax_of(session)
    lines = _softmax(session, layers[inside - 1], width) if inside else ()
    lines += _terms(session, rows - len(lines)) or (() if lines else _weights(session, marks, width, rows))
    lines += _legend(session, marks)
    if has_fan and width >= _LEAST_WIDTH_WITH_LEGEND:
        lines += ((Span("dashed: negative weight", "negative_edge"), Span("; heavy: large, or marked", "dim")),)
    for place, layer in enumerate(layers, 1):
        if layer.exponentials and place != inside:
            lines += _softmax(session, layer, width)
    return tuple(cut(line, width, session.charset) for line in lines[:rows])


def _terms(session: Session, rows: int) -> tuple[Line, ...]:
    """The terms of a gradient that is a sum, each with the node it comes by."""
    step = session.step
    if step.kind != "gradient" or len(step.terms) < 2:
        return ()
    number, times = session.number, session.characters.times
    name = session.notation.gradient(step.name)
    if rows > len(step.terms):
        names = [session.shown(term.through) for term in step.terms]
        longest = max(map(len, names))
        table: list[Line] = [(Span(f"{name} comes by {len(names)} edges:", "gradient", step.name),)]
        for place, (name, term) in enumerate(zip(names, step.terms, strict=True)):
            product = f"{in_parentheses(number(term.upstream))} {times} {in_parentheses(number(term.factor))}"
            sign = "+" if place else " "
            text = f"{sign} by {name:{longest}}  {product} {equals(number(term.product))}"
            table.append((Span(text, "path_edge", term.through),))
        return tuple(table)
    first, *others = (number(term.product) for term in step.terms)
    text = " + ".join([first, *map(in_parentheses, others)])
    return ((Span(f"{name} = ", "gradient", step.name), Span(text)),)


def _softmax(session: Session, layer: LayerShape, width: int) -> tuple[Line, ...]:
    """What stands between the pre-activations and the activations of a softmax, and below it the gradients that are
    known."""
    *largest, total = layer.shared
    names = (*largest, *layer.exponentials, total)
    signs = dict.fromkeys(names, " + ") | dict.fromkeys(largest, "; ") | {layer.exponentials[-1]: " = ", total: ""}
    values = [(name, session.known_value(name), signs[name]) for name in names]
    between = session.characters.between
    gradients = [(name, known, between) for name in names if (known := session.known_gradient(name)).number is not None]
    line = _of_softmax(session, "", values, "value", width)
    if not gradients:
        return (line,)
    gradients[-1] = (*gradients[-1][:2], "")
    return line, _of_softmax(session, f"{session.characters.partial}: ", gradients, "gradient", width)


def _of_softmax(session: Session, head: str, parts: list[tuple[str, Known, str]], role: Role, width: int) -> Line:
    """Names with their numbers and what follows each; the first are left out where the step's own would not be seen."""
    lit = (session.entry.name, session.entry.of)
    spans: list[Line] = []
    for name, known, sign in parts:
        shown = (
            Span(f"[{session.shown(name)}]", "active", name) if name in lit else Span(session.shown(name), "name", name)
        )
        number = Span(f" {_text(session, known)}".rstrip(), "stale" if known.is_stale else role, name)
        spans.append((shown, number, Span(sign)))
    own = next((at for at, (name, _, _) in enumerate(parts) if name in lit), 0)
    widths = [*map(width_of, spans)]
    left_out = f"{head}{session.characters.ellipsis} "
    first = 0
    while first < own and len(left_out if first else head) + sum(widths[first : own + 1]) > width:
        first += 1
    return (Span(left_out if first else head, role), *chain.from_iterable(spans[first:]))


def _weights(session: Session, marks: Marks, width: int, rows: int) -> tuple[Line, ...]:
    if marks.about is None:
        return ()
    network, (column, neuron) = network_of(session.lesson), marks.about
    layer = network.layers[column - 1]
    before = network.inputs if column == 1 else network.layers[column - 2].activations
    head = Span(f"into {session.shown(layer.pre_activations[neuron])}: ", "name", layer.pre_activations[neuron])
    pairs = [*zip(layer.weights[neuron], before, strict=True)]
    pairs += [(bias, "") for bias in layer.biases[neuron : neuron + 1]]
    if rows > len(pairs):
        return ((head,), *_table(session, marks, pairs))
    active = next((place for place, (weight, _) in enumerate(pairs) if weight == marks.weight), 0)
    # A sum that is too long begins just before the weight of the step.
    for first in (0, max(active - 1, 0), active):
        line = _in_one_line(session, marks, head, pairs, first, width)
        end = next((place for place, span in enumerate(line) if span.target == pairs[active][0]), None)
        if end is not None and width_of(line[: end + 2]) < width:
            break
    return (line,)


def _in_one_line(
    session: Session, marks: Marks, head: Span, pairs: list[tuple[str, str]], first: int, width: int
) -> Line:
    characters = session.characters
    spans = [head, *([Span(f"{characters.ellipsis} + ", "dim")] if first else [])]
    taken = width_of(tuple(spans))
    for place, (weight, source) in enumerate(pairs[first:]):
        if taken > width:
            break
        value = _text(session, session.known_value(weight))
        added = [Span(" + ")] if place else []
        added += [_name(session, marks, weight, padded=False), Span(f" {value}", "value", weight)]
        added += [Span(f" {characters.times} {session.shown(source)}")] if source else []
        spans += added
        taken += width_of(tuple(added))
    return tuple(spans)


def _table(session: Session, marks: Marks, pairs: list[tuple[str, str]]) -> tuple[Line, ...]:
    names = max(len(session.shown(weight)) for weight, _ in pairs) + 2
    values = [_text(session, session.known_value(weight)) for weight, _ in pairs]
    times, partial = session.characters.times, session.characters.partial
    sources = [
        f"{times} {session.shown(source)} {_text(session, session.known_value(source))}".rstrip() if source else ""
        for _, source in pairs
    ]
    numbers, products = max(map(len, values)), max(map(len, sources))
    lines: list[Line] = []
    for (weight, _), value, source in zip(pairs, values, sources, strict=True):
        name = _name(session, marks, weight, padded=True)
        known = session.known_gradient(weight)
        line = [
            name,
            Span(" " * (names - len(name.text))),
            Span(f" {value:{numbers}}", "value", weight),
            Span(f" {source:{products}}"),
        ]
        if known.number is not None:
            role: Role = "stale" if known.is_stale else "gradient"
            line.append(Span(f"   {partial} {_text(session, known)}", role, weight))
        lines.append(tuple(line))
    return tuple(lines)


def _name(session: Session, marks: Marks, weight: str, *, padded: bool) -> Span:
    shown = session.shown(weight)
    if weight == marks.weight:
        return Span(f"[{shown}]", "active", weight)
    return Span(f" {shown}" if padded else shown, "name", weight)


def _text(session: Session, known: Known) -> str:
    if known.number is None:
        return ""
    text = session.number(known.number)
    return f"({text})" if known.is_stale else text


def _legend(session: Session, marks: Marks) -> tuple[Line, ...]:
    """Which index of a weight means what, said of one weight with two different ones where there is one."""
    network = network_of(session.lesson)
    column = marks.about.column if marks.about else len(network.layers)
    layer = network.layers[column - 1]
    if len(network.inputs) == 1 and all(one.neurons == 1 for one in network.layers):
        return ()
    neuron = marks.about.neuron if marks.about else 0
    row = layer.weights[neuron]
    source = row.index(marks.weight) if marks.weight in row else next((k for k in range(len(row)) if k != neuron), 0)
    where = f"from {'input' if column == 1 else 'neuron'} {source + 1}"
    text = f"{session.shown(row[source])}: layer {column}, into neuron {neuron + 1}, {where}"
    return ((Span(text, "dim"),),)
