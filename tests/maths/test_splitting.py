"""Is a split equation the same equation, one operation at a time?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lessons import LESSONS, tree
from support.oracle import OutOfDomainError, agrees, dual, exactly
from support.strategies import coordinates, expressions

from tui_backprop.maths.expression import Call, Expression, Name, Number, flattened, names_in, replace
from tui_backprop.maths.splitting import split_equations
from tui_backprop.maths.tokens import RESERVED_NAMES
from tui_backprop.maths.writing import write

TABLE = [
    ({"L": "(w - 3)^2"}, {"u": "w - 3", "L": "u^2"}),
    (
        {"a": "sigmoid(z)"},
        {"u1": "-z", "u2": "exp(u1)", "u3": "1 + u2", "a": "1/u3"},
    ),
    (
        {"z": "w1*x1 + w2*x2 + b"},
        {"u1": "w1*x1", "u2": "w2*x2", "z": "u1 + u2 + b"},
    ),
    (
        {"L": "-(y*log(a) + (1 - y)*log(1 - a))"},
        {
            **{"u1": "log(a)", "u2": "y*u1", "u3": "1 - y", "u4": "1 - a", "u5": "log(u4)", "u6": "u3*u5"},
            **{"u7": "u2 + u6", "L": "-u7"},
        },
    ),
    ({"E": "1/2*(t - a)^2"}, {"u1": "t - a", "u2": "u1^2", "E": "1/2*u2"}),
    ({"y": "(x + 1)*(x + 1)"}, {"u": "x + 1", "y": "u*u"}),
    ({"y": "tanh(x)", "L": "y"}, {"y": "tanh(x)", "L": "y"}),
    ({"u": "x - 1", "L": "(u + u1)^2"}, {"u": "x - 1", "u2": "u + u1", "L": "u2^2"}),
    ({"s": "softplus(x)"}, {"u1": "exp(x)", "u2": "1 + u1", "s": "log(u2)"}),
    ({"a": "silu(x)"}, {"u1": "-x", "u2": "exp(u1)", "u3": "1 + u2", "a": "x/u3"}),
    ({"y": "-3*x + (-3)*z"}, {"u1": "3*x", "u2": "-u1", "u3": "(-3)*z", "y": "u2 + u3"}),
]


@pytest.mark.parametrize(("equations", "pieces"), TABLE, ids=[str(equations) for equations, _ in TABLE])
def test_every_operation_gets_a_name_of_its_own(equations: dict[str, str], pieces: dict[str, str]) -> None:
    taken = frozenset({"x", "u1"}) if "u" in equations else frozenset({"x"})
    split = split_equations({name: tree(text) for name, text in equations.items()}, taken)
    told = {name: write(equation) for name, equation in split.items()}
    assert told == pieces
    assert list(told) == list(pieces)


def test_functions_may_stay_whole() -> None:
    split = split_equations({"a": tree("sigmoid(w*x) + bce(y, p)")}, frozenset(), takes_apart=False)
    assert {name: write(equation) for name, equation in split.items()} == {
        "u1": "w*x",
        "u2": "sigmoid(u1)",
        "u3": "bce(y, p)",
        "a": "u2 + u3",
    }


def _is_one_operation(equation: Expression) -> bool:
    if not isinstance(equation, Call):
        return True
    operands = flattened(equation, equation.function) if equation.function in ("+", "*") else equation.arguments
    return all(isinstance(operand, Name | Number) or not names_in(operand) for operand in operands)


@settings(max_examples=150)
@given(
    expressions(("x", "u1", "z")),
    st.fixed_dictionaries({name: coordinates() for name in ("x", "u1", "z")}),
    st.booleans(),
)
def test_the_pieces_are_single_operations_and_give_the_same_value_and_slope(
    equation: Expression, point: dict[str, float], takes_apart: bool
) -> None:
    split = split_equations({"node": equation}, frozenset(point), takes_apart)
    assert list(split)[-1] == "node"
    whole: Expression = split["node"]
    for name, piece in reversed(split.items()):
        assert _is_one_operation(piece), write(piece)
        assert name not in point
        assert name not in RESERVED_NAMES
        whole = replace(whole, {Name(name): piece})
    at = {name: exactly(value) for name, value in point.items()}
    try:
        wanted, told = dual(equation, at, "x"), dual(whole, at, "x")
    except OutOfDomainError:
        return
    assert agrees(told.value, wanted.value, 20)
    assert agrees(told.slope, wanted.slope, 20)


def test_pieces_come_before_what_uses_them_and_equations_keep_their_order() -> None:
    equations = LESSONS["two-paths"].equations
    split = split_equations(equations, frozenset({"w1", "w2", "v1", "v2", "x", "y"}))
    assert [name for name in split if name in equations] == list(equations)
    seen: set[str] = set()
    for name, equation in split.items():
        assert all(used in seen or used not in split or used in equations for used in names_in(equation))
        seen.add(name)


def test_nested_functions_do_not_multiply() -> None:
    whole = tree("x")
    for _ in range(25):
        whole = replace(tree("bce(u, u)"), {Name("u"): whole})
    assert len(split_equations({"L": whole}, frozenset({"x"}))) < 400
