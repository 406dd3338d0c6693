"""Matrices: every entry that is shown is the number of its step, bit for bit, and numpy finds every equation true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

import numpy as np
from engine.test_layers import networks
from hypothesis import given, settings
from msgspec.structs import replace
from support.oracle import close, same
from support.panel_text import text_of

from tui_backprop.maths.expression import Expression, Name, Number, fold
from tui_backprop.panels.matrix_blocks import SeenMatrix, Texts, block
from tui_backprop.record.layer_equations import LayerEquation
from tui_backprop.record.matrix_formulas import Combined, Entrywise, Formula, Matrix
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Phase
from tui_backprop.scenario.model import LayerShape, NetworkShape, Scenario
from tui_backprop.session import Cursor, Session

PHASES: tuple[Phase, ...] = ("forward", "backward", "average", "update")
Table = np.ndarray


def _ends(session: Session) -> Iterator[Session]:
    """The session after every example of two iterations, and at the end of these."""
    for iteration in range(2):
        session.history.extend(iteration)
        layout = session.history.layout(iteration)
        for turn in range(layout.batch_size):
            yield session.at(Cursor(iteration, (turn + 1) * len(layout.per_example) - 1))
        yield session.at(Cursor(iteration, len(layout) - 1))


def _equations(session: Session) -> Iterator[LayerEquation]:
    """Those of which everything is known at the cursor."""
    assert session.layers is not None
    for phase in PHASES[2:] if session.turn is None else PHASES[:2]:
        yield from session.layers.of_phase(phase, session.layout.batch_size)


def _matrices(formula: Formula) -> Iterator[Matrix]:
    if isinstance(formula, Matrix):
        yield formula
    elif isinstance(formula, Entrywise):
        yield from formula.matrices.values()
    else:
        yield from chain.from_iterable(map(_matrices, formula.parts))


def _shown(session: Session, matrix: Matrix) -> Table:
    """The numbers of a matrix as they stand on the screen with all digits; NaN where there is none."""
    drawn = block(Texts(session), SeenMatrix(matrix, most=1_000))
    texts = [re.sub("[⎡⎢⎣⎤⎥⎦]", "", row).split() for row in text_of(drawn.rows).splitlines()]
    return np.array([[_number(text) for text in row] for row in texts], dtype=float).reshape(
        matrix.rows, matrix.columns
    )


def _number(text: str) -> float:
    return float({"—": "nan", "∞": "inf", "−∞": "-inf"}.get(text, text.replace("−", "-")))


@settings(max_examples=25)
@given(networks().filter(lambda drawn: len(drawn.examples) <= 9))
def test_every_entry_is_the_number_of_its_step(drawn: Scenario) -> None:
    for session in _ends(_looked_at(drawn)):
        steps = {_key(session, step): step for step in session.steps}
        for equation in _equations(session):
            for matrix in (equation.left, *_matrices(equation.right)):
                wanted = _wanted(session, steps, equation, matrix)
                shown = _shown(session, matrix)
                if wanted is not None:
                    wanted = wanted.T if matrix.is_transposed else wanted
                    assert shown.shape == wanted.shape
                    assert all(map(same, shown.flat, wanted.flat)), (equation, matrix.symbol, shown, wanted)


@settings(max_examples=25)
@given(networks().filter(lambda drawn: len(drawn.examples) <= 9))
def test_what_an_update_reads_is_what_its_step_reads(drawn: Scenario) -> None:
    for session in _ends(_looked_at(drawn)):
        steps = {step.entry: step for step in session.steps if step.kind == "update"}
        for equation in _equations(session):
            if equation.phase != "update":
                continue
            assert isinstance(equation.right, Entrywise)
            for name, matrix in equation.right.matrices.items():
                read = _shown(session, matrix)
                for row, column in np.ndindex(equation.left.rows, equation.left.columns):
                    entry = equation.left.cell(row, column).source
                    if entry is not None:
                        shown = read[0, 0] if matrix.is_number else read[row, column]
                        assert same(shown, steps[entry].numbers[name]), (name, entry)


def _looked_at(drawn: Scenario) -> Session:
    return replace(Session.start(drawn), shows_matrices=True, shows_all_digits=True)


def _key(session: Session, step: Step) -> tuple[object, ...]:
    return (session.layout.turn(step.index), step.kind, step.name, step.of, step.line if step.kind == "update" else "")


def _wanted(
    session: Session, steps: Mapping[tuple[object, ...], Step], equation: LayerEquation, matrix: Matrix
) -> Table | None:
    """The numbers of a matrix by its symbol, looked up among the steps of the iteration."""
    network = session.scenario.network
    assert network is not None
    shape, turn, loss = network.layers[equation.layer - 1], session.last_turn, session.graph.loss

    def value(name: str, at: int = turn) -> float:
        step = steps.get((at, "value", name, "", ""))
        return step.value if step else session.steps.numbers(at)[name]

    def gradient(name: str, at: int = turn) -> float:
        for kind in ("gradient", "seed"):
            if (at, kind, name, "", "") in steps:
                return steps[at, kind, name, "", ""].value
        return 0.0

    def mean(name: str) -> float:
        return steps[None, "mean", name, "", ""].value

    def update(name: str) -> float:
        line = session.lesson.rule.lines[-1 if equation.line is None else equation.line].name
        # Of two lines with one name the second one is told apart by its place.
        found = [step for key, step in steps.items() if key[1:] == ("update", name, "", line)]
        found = [step for step in found if step.entry.line == equation.line] or found
        return found[0].value if found else float("nan")

    if equation.phase == "update":
        return _table(shape, equation.part, update) if matrix is equation.left else None
    letter, _, layer = matrix.symbol.rpartition(" ")
    if not letter:
        # A row of ones; the gradient of what is in no layer.
        return _table_of(matrix, 1.0 if matrix.symbol == "1" else gradient(matrix.symbol.rpartition("∂")[2]))
    if matrix is equation.left and equation.phase == "average":
        return _table(shape, equation.part, mean)
    if letter.startswith("∂"):
        if not letter.startswith(f"∂{loss}/∂") or matrix.remark or " " in letter:
            return None
        return _table(network.layers[int(layer) - 1], letter[-1], gradient)
    if letter == "delta":
        return _table(network.layers[int(layer) - 1], "z", gradient)
    if matrix.slope_of:
        factors = zip(shape.activations, shape.pre_activations, strict=True)
        found = [steps.get((turn, "factor", z, a, "")) for a, z in factors]
        return np.array([[step.value if step else 0.0] for step in found])
    if letter in ("Delta", "A", "X"):
        names = shape.pre_activations if letter == "Delta" else _read(network, equation.layer)
        of = gradient if letter == "Delta" else value
        return np.array([[of(name, at) for at in range(session.layout.batch_size)] for name in names])
    if letter in ("x", "t"):
        return np.array([[value(name)] for name in (network.inputs if letter == "x" else network.targets)])
    return _table(network.layers[int(layer) - 1], letter, value)


def _table_of(matrix: Matrix, number: float) -> Table:
    return np.full((matrix.rows, matrix.columns), number)


def _read(network: NetworkShape, layer: int) -> tuple[str, ...]:
    return network.layers[layer - 2].activations if layer > 1 else network.inputs


def _table(shape: LayerShape, part: str, of: Callable[[str], float]) -> Table:
    if part == "W":
        return np.array([[of(name) for name in row] for row in shape.weights])
    names = {
        "z": shape.pre_activations, "a": shape.activations, "b": shape.biases, "e": shape.exponentials,
        "s": shape.shared[-1:], "m": shape.shared[:-1],
    }[part]  # fmt: skip
    return np.array([[of(name)] for name in names]).reshape(len(names), 1)


# --- numpy


@settings(max_examples=25)
@given(networks().filter(lambda drawn: len(drawn.examples) <= 9))
def test_numpy_finds_every_equation_true(drawn: Scenario) -> None:
    for session in _ends(_looked_at(drawn)):
        for equation in _equations(session):
            left = _shown(session, equation.left)
            right = np.broadcast_to(_by_numpy(session, equation.right), left.shape)
            frozen = np.isnan(left) if equation.phase == "update" else np.zeros(left.shape, dtype=bool)
            assert all(map(lambda one, two: close(one, two, 1e-12), right[~frozen], left[~frozen])), (
                equation.phase, equation.part, equation.layer, left, right,
            )  # fmt: skip


def _by_numpy(session: Session, formula: Formula) -> Table:
    with np.errstate(all="ignore"):
        if isinstance(formula, Matrix):
            return _shown(session, formula)
        if isinstance(formula, Entrywise):
            return _entrywise(formula.tree, {name: _shown(session, each) for name, each in formula.matrices.items()})
        parts = [_by_numpy(session, part) for part in formula.parts]
        return _COMBINED[formula.how](formula, parts)


def _product(formula: Combined, parts: list[Table]) -> Table:
    one, two = parts
    return one * two if 1 in (one.size, two.size) else one @ two


_COMBINED: Mapping[str, Callable[[Combined, list[Table]], Table]] = {
    "product": _product,
    "entrywise": lambda formula, parts: parts[0] * parts[1],
    "sum": lambda formula, parts: sum(parts[1:], parts[0]),
    "largest": lambda formula, parts: np.max(parts[0]),
    "total": lambda formula, parts: np.sum(parts[0]),
    "share": lambda formula, parts: parts[0] / formula.count,
}


def _entrywise(tree: Expression, tables: Mapping[str, Table]) -> Table:
    constants = {"pi": np.pi, "e": np.e}

    def leaf(part: Number | Name) -> Table:
        return np.asarray(part.value) if isinstance(part, Number) else tables.get(part.name, constants.get(part.name))

    return fold(tree, leaf, lambda call, parts: _NUMPY[call.function](*parts))


def _sigmoid(z: Table) -> Table:
    return 1 / (1 + np.exp(-z))


def _gelu(z: Table) -> Table:
    return z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))


_NUMPY: Mapping[str, Callable[..., Table]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "neg": np.negative, "exp": np.exp,
    "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign, "max": np.maximum, "min": np.minimum, "tanh": np.tanh,
    "sigmoid": _sigmoid, "relu": lambda z: np.maximum(z, 0), "leaky_relu": lambda z: np.where(z > 0, z, z / 100),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1), "gelu": _gelu, "silu": lambda z: z * _sigmoid(z),
    "softplus": lambda z: np.log(1 + np.exp(z)), "step": lambda z: np.where(z > 0, 1.0, 0.0),
    "xdivy": lambda x, y: np.where(x == 0, 0, x / y),
}  # fmt: skip
