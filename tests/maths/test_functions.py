"""Does every function give the IEEE value for every float, and the same bits where it is compiled?"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import same

from tui_backprop.engine.compiled import compile_loop
from tui_backprop.engine.graph import build_graph
from tui_backprop.engine.plan import build_plan
from tui_backprop.engine.program import build_program
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Call, Name, Number
from tui_backprop.maths.functions import ALIASES, CALLABLE_NAMES, FUNCTIONS
from tui_backprop.maths.parsing import parse
from tui_backprop.scenario.model import Scenario

INF, NAN = math.inf, math.nan
EDGES = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 3.0, 0.5, INF, -INF, NAN, 5e-324, -5e-324, 1e308, -1e308, 710.0, -746.0]
FLOATS = st.one_of(st.sampled_from(EDGES), st.floats(), st.floats(-50, 50))
NAMES = sorted(FUNCTIONS)


def _swallows_nan(name: str, operands: tuple[float, ...]) -> bool:
    # IEEE 754: anything to the 0 is 1, and 1 to anything. Nothing times whatever it is, is nothing by convention.
    if name in ("xlogy", "xdivy"):
        return operands[0] == 0
    return name == "^" and (operands[1] == 0 or operands[0] == 1)


def _check_value(name: str, u: float, v: float) -> None:
    operands = (u, v)[: FUNCTIONS[name].arity]
    value = FUNCTIONS[name].value(*operands)
    assert type(value) is float
    if any(map(math.isnan, operands)) and not _swallows_nan(name, operands):
        assert math.isnan(value), operands


@pytest.mark.parametrize("name", NAMES)
def test_no_edge_makes_a_function_raise_or_lose_a_nan(name: str) -> None:
    for u, v in product(EDGES, EDGES):
        _check_value(name, u, v)


@settings(max_examples=500)
@given(st.sampled_from(NAMES), FLOATS, FLOATS)
def test_no_float_makes_a_function_raise_or_lose_a_nan(name: str, u: float, v: float) -> None:
    _check_value(name, u, v)


CARRYING = [(name, place) for name in NAMES for place, carries in enumerate(FUNCTIONS[name].carries) if carries]


@pytest.mark.parametrize(("name", "place"), CARRYING)
def test_what_is_said_to_carry_a_non_finite_operand_carries_it(name: str, place: int) -> None:
    function = FUNCTIONS[name]
    for wild, other in product([INF, -INF, NAN], EDGES):
        operands = [other] * function.arity
        operands[place] = wild
        assert not math.isfinite(function.value(*operands)), operands


def _compiled(name: str, operands: list[tuple[float, float]]) -> Callable[[int], float]:
    """The function as the training loop computes it, for operands that are the inputs of one example each."""
    given = "uv"[: FUNCTIONS[name].arity]
    call = Call("^", Name("u"), Number(2)) if name == "square" else Call(name, *map(Name, given))
    scenario = Scenario(
        title=name,
        parameters={"idle": 1.0},
        inputs=tuple(given),
        examples=tuple(pair[: len(given)] for pair in operands),
        equations={"L": call},
        loss="L",
        learning_rate=1.0,
        batch=1,
    )
    loop = compile_loop(build_program(build_graph(scenario)), build_plan(scenario))

    def value(example: int) -> float:
        losses: list[float] = []
        loop(example, 1, (1.0,), losses)
        return losses[0]

    return value


def _check_compiled(name: str, operands: list[tuple[float, float]]) -> None:
    compiled = _compiled(name, operands)
    for example, pair in enumerate(operands):
        value = FUNCTIONS[name].value(*pair[: FUNCTIONS[name].arity])
        try:
            told = compiled(example)
        except (ArithmeticError, ValueError):
            # Where e^-u overflows, the sigmoid is left to the interpreter: a test in the loop would cost every call.
            assert not math.isfinite(value) or (name in ("sigmoid", "silu") and pair[0] < -709), pair
        else:
            assert same(told, value), pair


@pytest.mark.parametrize("name", NAMES)
def test_compiled_the_edges_give_the_same_bits_or_raise_where_there_is_no_finite_value(name: str) -> None:
    _check_compiled(name, list(product(EDGES, EDGES)))


@given(st.sampled_from(NAMES), st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=20))
def test_compiled_a_function_gives_the_same_bits_or_raises_where_there_is_no_finite_value(
    name: str, operands: list[tuple[float, float]]
) -> None:
    _check_compiled(name, operands)


@pytest.mark.parametrize(
    ("name", "operands", "value"),
    [
        ("/", (1.0, 0.0), INF),
        ("/", (1.0, -0.0), -INF),
        ("/", (-1.0, 0.0), -INF),
        ("/", (0.0, 0.0), NAN),
        ("/", (NAN, 0.0), NAN),
        ("/", (INF, 0.0), INF),
        ("/", (1e308, 1e-308), INF),
        ("^", (0.0, 0.0), 1.0),
        ("^", (-0.0, 0.0), 1.0),
        ("^", (NAN, 0.0), 1.0),
        ("^", (0.0, -1.0), INF),
        ("^", (-0.0, -1.0), -INF),
        ("^", (-0.0, -2.0), INF),
        ("^", (0.0, -0.5), INF),
        ("^", (-8.0, 1 / 3), NAN),
        ("^", (-2.0, 0.5), NAN),
        ("^", (-2.0, 3.0), -8.0),
        ("^", (-2.0, -3.0), -0.125),
        ("^", (10.0, 400.0), INF),
        ("^", (-10.0, 401.0), -INF),
        ("^", (-10.0, 400.0), INF),
        ("^", (10.0, -400.0), 0.0),
        ("^", (0.5, INF), 0.0),
        ("^", (2.0, -INF), 0.0),
        ("exp", (710.0,), INF),
        ("exp", (-1000.0,), 0.0),
        ("exp", (-INF,), 0.0),
        ("log", (0.0,), -INF),
        ("log", (-0.0,), -INF),
        ("log", (-1.0,), NAN),
        ("log", (INF,), INF),
        ("log", (5e-324,), -744.4400719213812),
        ("sqrt", (-1.0,), NAN),
        ("sqrt", (-0.0,), -0.0),
        ("sqrt", (INF,), INF),
        ("sin", (INF,), NAN),
        ("cos", (-INF,), NAN),
        ("sigmoid", (INF,), 1.0),
        ("sigmoid", (-INF,), 0.0),
        ("sigmoid", (-745.0,), 5e-324),
        ("sigmoid", (1000.0,), 1.0),
        ("sigmoid", (0.0,), 0.5),
        ("tanh", (1000.0,), 1.0),
        ("softplus", (1000.0,), 1000.0),
        ("softplus", (-1000.0,), 0.0),
        ("softplus", (0.0,), math.log(2)),
        ("relu", (-INF,), 0.0),
        ("relu", (2.0,), 2.0),
        ("leaky_relu", (-2.0,), -0.02),
        ("leaky_relu", (3.0,), 3.0),
        ("elu", (-INF,), -1.0),
        ("elu", (-1e-20,), -1e-20),  # no digit is lost close to 0
        ("elu", (2.0,), 2.0),
        ("gelu", (0.0,), 0.0),
        ("gelu", (1e308,), 1e308),
        ("gelu", (-1e308,), -0.0),
        ("silu", (-800.0,), -0.0),
        ("silu", (-710.0,), -710.0 * math.exp(-710.0)),
        ("silu", (1000.0,), 1000.0),
        ("tan", (INF,), NAN),
        ("atan", (INF,), math.pi / 2),
        ("sinh", (-711.0,), -INF),
        ("cosh", (-711.0,), INF),
        ("log2", (8.0,), 3.0),
        ("log10", (1000.0,), 3.0),
        ("log2", (0.0,), -INF),
        ("log10", (-1.0,), NAN),
        ("abs", (-2.0,), 2.0),
        ("step", (0.0,), 0.0),
        ("step", (5e-324,), 1.0),
        ("step", (-INF,), 0.0),
        ("sign", (-0.0,), 0.0),
        ("sign", (-5e-324,), -1.0),
        ("max", (INF, -INF), INF),
        ("min", (INF, -INF), -INF),
        ("max", (2.0, 3.0), 3.0),
        ("min", (2.0, 3.0), 2.0),
        ("bce", (1.0, 0.5), math.log(2)),
        ("bce", (1.0, 0.0), INF),
        ("bce", (0.0, 1.0), INF),
        ("bce", (1.0, 1.0), 0.0),  # right to the last bit: 0 times the logarithm of 0 counts as 0
        ("bce", (0.0, 0.0), 0.0),
        ("bce", (0.5, 1.0), INF),
        ("bce", (1.0, 2.0), -math.log(2)),
        ("xlogy", (0.0, 0.0), 0.0),
        ("xlogy", (-0.0, -1.0), 0.0),
        ("xlogy", (0.0, NAN), 0.0),
        ("xlogy", (0.0, INF), 0.0),
        ("xlogy", (2.0, 0.0), -INF),
        ("xlogy", (2.0, -1.0), NAN),
        ("xlogy", (2.0, 3.0), 2.0 * math.log(3)),
        ("xdivy", (0.0, 0.0), 0.0),
        ("xdivy", (0.0, NAN), 0.0),
        ("xdivy", (-1.0, 0.0), -INF),
        ("xdivy", (3.0, 2.0), 1.5),
        ("bce_logits", (1.0, 1000.0), 0.0),
        ("bce_logits", (0.0, 1000.0), 1000.0),
        ("bce_logits", (1.0, -1000.0), 1000.0),
        ("bce_logits", (0.5, 0.0), math.log(2)),
        ("-", (INF, INF), NAN),
        ("*", (0.0, INF), NAN),
        ("*", (1e200, -1e200), -INF),
    ],
)
def test_the_value_at_an_edge(name: str, operands: tuple[float, ...], value: float) -> None:
    assert same(FUNCTIONS[name].value(*operands), value)


@pytest.mark.parametrize(
    ("name", "corner", "elsewhere"),
    [
        ("relu", (0.0,), (1.0,)),
        ("leaky_relu", (-0.0,), (-1.0,)),
        ("abs", (0.0,), (5e-324,)),
        ("step", (0.0,), (1.0,)),
        ("sign", (0.0,), (1.0,)),
        ("max", (2.0, 2.0), (2.0, 1.0)),
        ("min", (0.0, -0.0), (2.0, 1.0)),
    ],
)
def test_a_kink_is_told_where_the_operands_lie_on_it(
    name: str, corner: tuple[float, ...], elsewhere: tuple[float, ...]
) -> None:
    kink = FUNCTIONS[name].kink
    assert kink is not None
    sentence = kink(*corner)
    assert sentence is not None
    assert name in sentence
    assert kink(*elsewhere) is None


@pytest.mark.parametrize(
    ("name", "met", "elsewhere", "said"),
    [
        ("xlogy", (0.0, 0.0), (0.0, 0.5), "0 times log(0) counts as 0 by convention"),
        ("xlogy", (0.0, -2.0), (1.0, 0.0), "0 times log(-2) counts as 0 by convention"),
        ("xdivy", (0.0, 0.0), (0.0, 2.0), "0/0 counts as 0 by convention"),
        ("bce", (1.0, 1.0), (0.0, 1.0), "0 times log(0) counts as 0 by convention"),
        ("bce", (0.0, 0.0), (0.0, 0.3), "0 times log(0) counts as 0 by convention"),
    ],
)
def test_a_convention_is_told_where_the_plain_formula_has_no_number(
    name: str, met: tuple[float, float], elsewhere: tuple[float, float], said: str
) -> None:
    convention = FUNCTIONS[name].convention
    assert convention is not None
    assert convention(*met).startswith(said)  # type: ignore[union-attr]
    assert convention(*elsewhere) is None


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_of_the_table_is_complete(name: str) -> None:
    function = FUNCTIONS[name]
    assert function.arity in (1, 2)
    assert len(function.carries) == function.arity
    assert function.rule.endswith("rule")
    for derivative in function.derivatives:
        names = {use.name for use in parse(derivative).names}
        assert names <= {"u", "v", "result", "pi"}


def test_the_language_has_the_functions_of_the_contract() -> None:
    promised = (
        "exp log sqrt sigmoid tanh relu leaky_relu elu gelu silu softplus abs sin cos tan atan sinh cosh log2 log10"
    )
    choices, of_many = "max min step sign", "max min sum mean"
    cross_entropies = "xlogy xdivy bce bce_logits"
    assert {*f"{promised} {choices} {of_many} {cross_entropies}".split()} <= {*CALLABLE_NAMES}
    assert dict(ALIASES) == {"ln": "log"}


def test_the_document_on_the_file_lists_every_function() -> None:
    document = (Path(__file__).parents[2] / "docs" / "scenario-format.md").read_text(encoding="utf-8")
    listed = next(line for line in document.splitlines() if line.startswith("`exp log"))
    assert sorted(listed.strip("`").split()) == sorted(CALLABLE_NAMES)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_a_cross_entropy_from_the_logit_is_that_of_its_sigmoid(y: float, z: float) -> None:
    y, z = math.fmod(abs(y), 1.0) if math.isfinite(y) else 0.5, math.fmod(z, 20.0) if math.isfinite(z) else 0.0
    stable = evaluate(Call("bce_logits", Number(y), Number(z)), {})
    plain = evaluate(Call("bce", Number(y), Call("sigmoid", Number(z))), {})
    assert stable == pytest.approx(plain, rel=1e-6, abs=1e-9)
