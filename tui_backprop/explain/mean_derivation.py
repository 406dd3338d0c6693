"""The derivation of a gradient over all examples of an iteration: the formula, each example's number, their mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_backprop.engine.graph import Graph
from tui_backprop.explain.path_derivations import derive
from tui_backprop.maths.cancellation import evaluate
from tui_backprop.maths.derivation.by_rules import Derivation, Line, is_close
from tui_backprop.maths.derivation.reasons import partial
from tui_backprop.maths.expression import Name, Number, abridged, chained, divide
from tui_backprop.maths.writing import Style

_MOST_EXAMPLES_TOLD = 6
_MOST_TERMS = 4


def derive_over_examples(
    graph: Graph,
    wrt: str,
    examples: Mapping[int, Mapping[str, float]],
    gradients: Sequence[float],
    value: float,
    averages: bool,
    style: Style,
) -> Derivation:
    """The derivation of the mean of ∂loss/∂wrt, or of its sum, at the given numbers.

    examples: the examples by their numbers, counted from 1, with every name's value in their forward passes.
    gradients: what their backward passes found. value: what these come to. averages: whether as a mean, else a sum.
    """
    numbers = [*examples.values()]
    of_one = derive(graph, graph.loss, wrt, numbers[0], style)
    formula, written, count = of_one.lines[-1].expression, partial(Name(graph.loss), wrt, style), len(examples)
    lines: list[Line] = []
    for place, (example, gradient) in enumerate(zip(examples, gradients, strict=True)):
        if place < _MOST_EXAMPLES_TOLD - 1 or count <= _MOST_EXAMPLES_TOLD or place == count - 1:
            found = evaluate(formula, numbers[place])
            tree = formula if is_close(found, gradient) else Number(gradient)
            why = f"The numbers of example {example} are put in. d on its own gradient derives the formula."
            lines.append(Line("substitution", Name(f"{written} in example {example}"), wrt, tree, {}, why, gradient))
    total = chained("+", map(Number, gradients))
    whole = abridged(divide(total, Number(count)) if averages else total, _MOST_TERMS, style.characters.ellipsis)
    why = f"The derivative of a sum is the sum of the derivatives: the {count} numbers above add up."
    if averages:
        why = f"{why} The 1/{count} of the mean is a constant factor, and stays."
    subject = Name(f"{'mean' if averages else 'sum of'} {written}")
    lines.append(Line("constant multiple rule" if averages else "sum rule", subject, wrt, whole, {}, why, value))
    return Derivation(graph.loss, wrt, value, of_one.opening, tuple(lines))
