"""Why a gradient's equation has the form that it has as matrices: for one entry by the chain rule, then by what the sum
runs over, and so for all entries at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.cancellation import evaluate
from tui_backprop.maths.derivation.by_rules import Derivation, Line
from tui_backprop.maths.derivation.reasons import listed, partial
from tui_backprop.maths.expression import (
    ONE,
    Expression,
    Name,
    Number,
    abridged,
    chained,
    divide,
    flattened,
    multiply,
    replace,
)
from tui_backprop.maths.partials import partial_name, without_the_seed
from tui_backprop.maths.writing import Style, write
from tui_backprop.record.layer_equations import LayerEquation
from tui_backprop.record.layer_places import LayerPlace
from tui_backprop.record.matrix_formulas import Combined, Matrix, written, written_matrix, written_symbol
from tui_backprop.record.matrix_numbers import number_of
from tui_backprop.record.step import Step
from tui_backprop.record.step_sequence import Steps

_MOST_TERMS = 4
_MOST_EQUATIONS = 3
_PLAN = "The plan: one entry by the chain rule; then where its numbers stand in the matrices; so it is for every entry."


def derive_by_layers(
    graph: Graph, steps: Steps, turn: int, step: Step, at: tuple[LayerEquation, LayerPlace], style: Style
) -> Derivation:
    """The derivation of the equation that a gradient is an entry of: of one example, by its turn, or of all."""
    equation, place = at
    form = f"{written_matrix(equation.left, style)} = {written(equation.right, style)}"
    words = _Words(graph, step, equation, place, style)
    lines = words.over_examples(steps) if equation.phase == "average" else words.of_one(steps.numbers(turn))
    closing = f"So it is for every entry: {form}."
    return Derivation(graph.loss, step.name, step.value, words.opening(), tuple(lines), closing, _PLAN)


class _Words:
    """What is said of a step and of the equation that it is an entry of."""

    def __init__(self, graph: Graph, step: Step, equation: LayerEquation, place: LayerPlace, style: Style) -> None:
        self.graph = graph
        self.step = step
        self.equation = equation
        self.place = place
        self.style = style
        self.users = graph.consumers.get(step.name, ())
        self.name = style.name(step.name)
        self.loss = style.name(graph.loss)

    def matrix(self, part: str, layer: int) -> str:
        """A matrix, as it is written."""
        return written_symbol(f"{part} {layer}", self.style) if layer else written_symbol("x ", self.style)

    def line(self, rule: str, tree: Expression, why: str, value: float) -> Line:
        """A statement on the step's gradient; of a long sum the ends."""
        shown = abridged(tree, _MOST_TERMS, self.style.characters.ellipsis)
        return Line(rule, Name(self.graph.loss), self.step.name, shown, {}, why, value)

    def opening(self) -> tuple[str, ...]:
        """What δ is, and the equations of what the name goes into."""
        layer, style = self.equation.layer, self.style
        of, ellipsis = layer + (self.place.part == "a"), style.characters.ellipsis
        delta = f"{self.matrix('delta', of)} = {written_symbol(partial_name(self.graph.loss, f'z {of}'), style)}"
        trees = {user: abridged(self.graph.equations[user], _MOST_TERMS, ellipsis) for user in self.users}
        shown = [f"{style.name(user)} = {write(tree, style)}" for user, tree in trees.items()][:_MOST_EQUATIONS]
        is_of_weights = any(user in self.graph.equations.sums for user in self.users) or self.place.part == "z"
        return (*([delta] if is_of_weights else []), *shown)

    # --- one example

    def of_one(self, values: Mapping[str, float]) -> list[Line]:
        """The lines for one example, given all values of its forward pass."""
        graph, step = self.graph, self.step
        sum_of_products = without_the_seed(step.tree, graph.loss, step.name)
        numbers = {**values, **step.numbers}
        factors: dict[Expression, Expression] = {
            Name(partial_name(user, step.name)): graph.factors[user, step.name] for user in self.users
        }
        put_in = replace(sum_of_products, factors)
        reasons = self._reasons()
        lines = []
        if self.users != (graph.loss,):
            lines.append(self.line("chain rule", sum_of_products, reasons[0], step.value))
        lines.append(self.line("substitution", put_in, reasons[1], evaluate(put_in, numbers)))
        if reasons[2]:
            ordered = chained("+", map(self._in_order, flattened(put_in, "+")))
            lines.append(self.line("definition", ordered, reasons[2], evaluate(ordered, numbers)))
        return lines

    def _in_order(self, term: Expression) -> Expression:
        """A term as a matrix product has it: the weight on the left where it stands in the matrix on the left."""
        parts = flattened(term, "*")
        return multiply(parts[1], parts[0]) if self.place.part == "a" and len(parts) == 2 else term

    def _reasons(self) -> tuple[str, str, str]:
        """Why the chain rule gives such a sum; what its factors are; and what that is as matrices."""
        part, name, style = self.place.part, self.name, self.style
        users = [style.name(user) for user in self.users]
        if self.users == (self.graph.loss,):
            return "", f"{name} stands in {self.loss} itself, and the seed is 1: the factor is the gradient.", ""
        if not users:
            return f"No path leads from {name} to {self.loss}.", "So it is 0.", ""
        alone = f"{name} goes into {users[0]} alone: one product, and no sum."
        several = f"{name} goes into {_many(users, style)}, and moves {self.loss} by each of them"
        why = f"{several}: what it does there adds up." if len(users) > 1 else alone
        is_in_sums = [user for user in self.users if user in self.graph.equations.sums]
        if part == "a" and is_in_sums:
            return why, self._of_weights(is_in_sums[0]), self._transposed_weights()
        if part in ("W", "b") and len(users) == 1:
            return why, *self._of_parameter(part)
        if part == "z" and len(users) == 1:
            return why, *self._of_slope()
        return why, "The factors are put in.", ""

    def _of_weights(self, user: str) -> str:
        weight = write(self.graph.factors[user, self.step.name], self.style)
        factor = f"{weight} in {self.style.name(user)}"
        return f"{self.name} is multiplied by a weight in each of them, and that is the factor: {factor}."

    def _transposed_weights(self) -> str:
        layer, column = self.equation.layer + 1, self.place.row + 1
        weights = self.matrix("W", layer)
        return (
            f"The sum runs over the neurons of layer {layer}, and they are the first index of the weights. So these "
            f"weights stand below each other, as column {column} of {weights}. But a product of matrices goes along "
            f"the rows of the matrix on its left: {weights} must be transposed, and its column {column} becomes "
            f"row {column}."
        )

    def _of_parameter(self, part: str) -> tuple[str, str]:
        user, layer = self.style.name(self.users[0]), self.equation.layer
        delta = self.matrix("delta", layer)
        if part == "b":
            factor = f"In {user} it is added as it is: its factor is 1."
            return factor, f"A bias has the gradient of its own neuron, so all of them together are the column {delta}."
        factor = write(self.graph.factors[self.users[0], self.step.name], self.style)
        read = self.matrix("a", layer - 1)
        return (
            f"In {user} it is multiplied by {factor}, and that is the factor.",
            f"Nothing is summed: each entry of {delta} meets each entry of {read} once. A column times a row gives "
            f"just this table. The first index numbers the rows, so {delta} is the column; the second one numbers the "
            f"columns, so {read} must lie as a row: it is transposed.",
        )

    def _of_slope(self) -> tuple[str, str]:
        style, user = self.style, self.users[0]
        slope = f"The factor is the slope of {style.name(user)} at this {self.name}."
        if self.graph.factors[user, self.step.name] == ONE:
            return f"{style.name(user)} is {self.name} itself: the factor is 1.", ""
        right, back = self.equation.right, ""
        if isinstance(right, Combined) and isinstance(right.parts[0], Combined):
            gradients = written_symbol(partial_name(self.graph.loss, f"a {self.equation.layer}"), style)
            back = f" And {gradients} is {written(right.parts[0], style)}, as d on its own entries shows."
        sign = style.characters.entrywise
        return slope, f"Nothing is summed: each entry meets the one in the same place. {sign} is that product.{back}"

    # --- several examples

    def over_examples(self, steps: Steps) -> list[Line]:
        """The lines for all examples together."""
        equation, place, style = self.equation, self.place, self.style
        count = steps.layout.batch_size
        share = isinstance(equation.right, Combined) and equation.right.how == "share"
        right = equation.right.parts[0] if isinstance(equation.right, Combined) and share else equation.right
        one = partial(Name(self.graph.loss), self.step.name, style)
        subject = Name(f"{'mean' if share else 'sum of'} {one}")

        def line(rule: str, terms: Sequence[Expression], why: str) -> Line:
            total = chained("+", terms)
            whole = divide(total, Number(count)) if share else total
            shown = abridged(whole, _MOST_TERMS, style.characters.ellipsis)
            return Line(rule, subject, self.step.name, shown, {}, why, evaluate(whole, {}))

        gradients = [Number(number) for number in self.step.numbers.values()]
        why = "The derivative of a sum is the sum of the derivatives: one gradient for each example."
        if share:
            why = f"{why} The 1/{count} of the mean is a constant factor, and stays."
        lines = [line("constant multiple rule" if share else "sum rule", gradients, why)]
        if not (isinstance(right, Combined) and right.how == "product"):
            return lines
        delta, read = right.parts
        assert isinstance(delta, Matrix)
        assert isinstance(read, Matrix)
        products: list[Expression] = []
        for turn in range(count):
            numbers = [
                number_of(steps, cell, turn) or 0.0
                for cell in (delta.cell(place.row, turn), read.cell(turn, place.column))
            ]
            products.append(multiply(*map(Number, numbers)))
        d, a = written_symbol(delta.symbol, style), written_symbol(read.symbol, style)
        factor = "the number that the weight multiplies" if place.part == "W" else "1, for a bias is added as it is"
        lines.append(line("substitution", products, f"In every example it is an entry of {d} times {factor}."))
        row = f"In {d} each example has a column, so the sum goes along row {place.row + 1} of {d}"
        if place.part == "W":
            told = (
                f"{row} and along row {place.column + 1} of {a}. But a product of matrices goes down a column of the "
                f"matrix on its right: {a} must be transposed, and its row {place.column + 1} becomes a column."
            )
        else:
            told = f"{row}. Times a column of ones, a matrix gives the sums of its rows."
        return [*lines, line("definition", products, told)]


def _many(names: Sequence[str], style: Style) -> str:
    """Names in a sentence; of many the ends."""
    if len(names) <= _MOST_TERMS:
        return listed(names)
    return f"{names[0]}, {names[1]}, {style.characters.ellipsis} and {names[-1]}"
