"""Is every line of a factor's derivation true, does it go by the rules, and does it end at what the engine uses?"""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.derivation_lines import (
    CONTRACT_RULES,
    derived,
    last,
    of_whole,
    rules,
    slope_as_told,
    slope_of_subject,
    statement,
    value_as_told,
)
from support.lessons import tree
from support.oracle import OutOfDomainError, agrees, dual, exactly, same
from support.strategies import coordinates, expressions

from tui_backprop.maths.derivation.by_rules import CONVENTION, Derivation, derive_factor
from tui_backprop.maths.derivation.rules import MOST_LINES
from tui_backprop.maths.derivative import factor_formulas
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Call, Expression, Name, chained, names_in, post_order, replace
from tui_backprop.maths.functions import CALLABLE_NAMES, FUNCTIONS
from tui_backprop.maths.writing import PLAIN, write

THE_SIGMOID = """\
power rule: d a / d g = -1/g^2
constant rule: d 1 / d h = 0
exponential rule: d exp(h) / d h = exp(h)
sum rule: d g / d h = 0 + exp(h)
definition: d z / d z = 1
constant multiple rule: d h / d z = -1
chain rule: d g / d z = exp(h)*(-1)
chain rule: d a / d z = (-1/g^2)*(exp(h)*(-1))
collect: d a / d z = exp(h)/g^2
substitution: d a / d z = exp(-z)/(1 + exp(-z))^2
substitution: d a / d z = a^2*exp(-z)
substitution: d a / d z = a^2*((1 - a)/a)
cancel: d a / d z = a*(1 - a)"""

THE_PARABOLA = """\
power rule: d L / d g = 2*g
definition: d w / d w = 1
constant rule: d 3 / d w = 0
sum rule: d g / d w = 1 - 0
chain rule: d L / d w = 2*g*1
collect: d L / d w = 2*g
substitution: d L / d w = 2*(w - 3)"""

THE_OUTER_AND_THE_INNER = """\
power rule: d y / d g = 2*g
definition: d x / d x = 1
constant multiple rule: d 3*x / d x = 3*1
constant rule: d 1 / d x = 0
sum rule: d g / d x = 3*1 + 0
chain rule: d y / d x = 2*g*3
collect: d y / d x = 6*g
substitution: d y / d x = 6*(3*x + 1)"""

A_WEIGHT = """\
definition: d w1 / d w1 = 1
constant multiple rule: d w1*x1 / d w1 = x1*1
constant rule: d w2*x2 / d w1 = 0
constant rule: d b / d w1 = 0
sum rule: d z / d w1 = x1*1 + 0 + 0
collect: d z / d w1 = x1"""

HALF_THE_SQUARED_ERROR = """\
power rule: d g^2 / d g = 2*g
constant multiple rule: d E / d g = 1/2*(2*g)
constant rule: d t / d a = 0
definition: d a / d a = 1
sum rule: d g / d a = 0 - 1
chain rule: d E / d a = 1/2*(2*g)*(-1)
collect: d E / d a = -g
substitution: d E / d a = -(t - a)"""


@pytest.mark.parametrize(
    ("node", "equation", "wrt", "lines"),
    [
        ("a", "sigmoid(z)", "z", THE_SIGMOID),
        ("L", "(w - 3)^2", "w", THE_PARABOLA),
        ("y", "(3x + 1)^2", "x", THE_OUTER_AND_THE_INNER),
        ("z", "w1*x1 + w2*x2 + b", "w1", A_WEIGHT),
        ("E", "1/2*(t - a)^2", "a", HALF_THE_SQUARED_ERROR),
    ],
)
def test_what_the_seeds_derive_is_derived_line_by_line(node: str, equation: str, wrt: str, lines: str) -> None:
    assert "\n".join(map(statement, derived(equation, wrt, node).lines)) == lines


ENDINGS = [
    ("x^2 + 3x*y + y^2", "x", "2*x + 3*y", ["power rule", "constant multiple rule", "constant rule", "sum rule"]),
    ("x^2 + 3x*y + y^2", "y", "3*x + 2*y", ["constant rule", "constant multiple rule", "power rule", "sum rule"]),
    ("x/(1 + x)", "x", "(1 + x - x)/(1 + x)^2", ["sum rule", "quotient rule"]),
    ("1/x", "x", "-1/x^2", ["power rule"]),
    ("c/x", "x", "-c/x^2", ["power rule", "constant multiple rule"]),
    ("x/c", "x", "1/c", ["definition", "constant multiple rule"]),
    ("(x + 1)*(x - 2)", "x", "x - 2 + (x + 1)", ["sum rule", "sum rule", "product rule"]),
    ("x*x", "x", "2*x", ["power rule"]),
    ("x*x*x*y", "x", "3*x^2*y", ["power rule", "constant multiple rule"]),
    ("(a - b)*(a - b)", "a", "2*(a - b)", ["power rule", "sum rule", "chain rule"]),
    ("x^x", "x", "x*x^(x - 1) + L*log(x)", ["logarithm rule", "product rule", "exponential rule"]),
    ("2^x", "x", "L*log(2)", ["exponential rule"]),
    ("e^(3x)", "x", "3*L", ["exponential rule", "chain rule"]),
    ("exp(-x)", "x", "-L", ["exponential rule", "chain rule"]),
    ("log(x)", "x", "1/x", ["logarithm rule"]),
    ("log(1 - x)", "x", "-1/(1 - x)", ["logarithm rule", "sum rule", "chain rule"]),
    ("sqrt(x)", "x", "1/(2*L)", ["square root rule"]),
    ("tanh(w*x + b)", "w", "(1 - L^2)*x", ["tanh rule", "sum rule", "chain rule"]),
    ("relu(z)", "z", "step(z)", ["relu rule"]),
    ("leaky_relu(z)", "z", "0.01 + 0.99*step(z)", ["leaky_relu rule"]),
    ("softplus(z)", "z", "sigmoid(z)", ["logarithm rule", "exponential rule", "chain rule", "substitution"]),
    ("abs(x - 1)", "x", "sign(x - 1)", ["abs rule", "chain rule"]),
    ("sin(x)*cos(x)", "x", "cos(x)^2 - sin(x)^2", ["sin rule", "cos rule", "product rule"]),
    ("max(a, b)", "a", "(1 + sign(a - b))/2", ["max rule"]),
    ("min(a, b)", "b", "(1 + sign(a - b))/2", ["min rule"]),
    ("step(x)", "x", "0", ["step rule"]),
    ("sign(x)", "x", "0", ["sign rule"]),
    ("bce(y, a)", "a", "(a - y)/(a*(1 - a))", ["xlogy rule", "sum rule", "constant multiple rule", "collect"]),
    ("bce(y, a)", "y", "log(1 - a) - log(a)", ["sum rule", "constant multiple rule", "substitution"]),
    ("xlogy(y, a)", "a", "y/a", ["xlogy rule", "substitution"]),
    ("xlogy(y, a)", "y", "log(a)", ["xlogy rule", "substitution"]),
    ("xdivy(y, a)", "y", "1/a", ["xdivy rule", "substitution"]),
    ("xdivy(y, a)", "a", "-y/a^2", ["xdivy rule", "substitution"]),
    ("bce_logits(y, z)", "z", "sigmoid(z) - y", ["bce_logits rule"]),
    ("bce_logits(y, z)", "y", "-z", ["bce_logits rule"]),
    ("sigmoid(w*x + b)", "w", "L*(1 - L)*x", ["power rule", "chain rule", "substitution", "cancel"]),
    ("x", "x", "1", ["definition"]),
]


@pytest.mark.parametrize(("equation", "wrt", "formula", "by"), ENDINGS)
def test_a_derivation_goes_by_the_rules_and_ends_at_the_formula_of_the_engine(
    equation: str, wrt: str, formula: str, by: list[str]
) -> None:
    derivation = derived(equation, wrt)
    assert last(derivation) == formula
    told = iter(rules(derivation))
    assert all(rule in told for rule in by), f"{by} not in this order in {rules(derivation)}"
    assert derivation.closing == ""


@pytest.mark.parametrize(
    ("equation", "wrt", "told"),
    [
        ("max(w^2, 3)", "w", ["max rule", "power rule", "chain rule", "collect", "substitution"]),
        ("max(3, w)", "w", ["max rule"]),
        ("min(x*y, w)", "w", ["min rule"]),
        ("xlogy(y, w)", "w", ["xlogy rule", "substitution"]),
        ("bce_logits(1, w)", "w", ["bce_logits rule"]),
    ],
)
def test_an_operand_that_stands_still_gets_no_line(equation: str, wrt: str, told: list[str]) -> None:
    assert rules(derived(equation, wrt)) == told


def test_the_function_is_given_with_its_pieces_before_the_first_line() -> None:
    assert derived("sigmoid(z)", "z", "a").opening == (
        "a = sigmoid(z) = 1/(1 + exp(-z)) = 1/g",
        "g = 1 + exp(h)",
        "h = -z",
    )
    nested = derived("(sigmoid(w*x) - y)^2", "w").opening
    assert nested[0] == "L = (sigmoid(w*x) - y)^2 = g^2"
    assert nested[-1] == "sigmoid(h) = 1/(1 + exp(-h)) = 1/k"


# --- laws


NAMES = ("x", "g", "h", "path")  # letters that inner names would like to have are among them
POINTS = st.fixed_dictionaries({name: coordinates() for name in NAMES})
EXTREMES = st.sampled_from([0.0, 40.0, -40.0, 800.0, -800.0, 1.0, 1e-300, 1e10, 1e300, -1e300])


def _factor(equation: Expression, wrt: str, point: dict[str, float]) -> tuple[Derivation, dict[str, float]]:
    numbers = {**point, "node": evaluate(equation, point)}
    return derive_factor(equation, "node", wrt, factor_formulas(equation, "node")[wrt], numbers, PLAIN), numbers


def _hold_to_the_contract(derivation: Derivation, formula: Expression, numbers: dict[str, float]) -> None:
    told = [write(line.expression) for line in of_whole(derivation)]
    watchful = {part.function for part in post_order(formula) if isinstance(part, Call)} & {"xlogy", "xdivy"}
    assert write(formula) in told if watchful else told[-1] == write(formula)
    assert (derivation.lines[-1].of, derivation.lines[-1].wrt) == (derivation.of, derivation.wrt)
    assert same(derivation.value, evaluate(formula, numbers))
    for line in derivation.lines:
        assert line.rule in CONTRACT_RULES
        assert same(value_as_told(line, numbers), line.value), statement(line)
        assert not set(line.where) & set(numbers)
        assert line.why.endswith((".", ")"))
        if len(derivation.lines) > 1:
            assert math.isfinite(line.value), statement(line)
    for line in of_whole(derivation):
        if math.isfinite(derivation.value):
            assert abs(line.value - derivation.value) <= 1e-9 * max(1.0, abs(derivation.value)), statement(line)


@settings(max_examples=100)
@given(expressions(NAMES), POINTS, st.sampled_from(NAMES))
def test_every_line_evaluates_to_its_value_and_the_last_is_the_engines_factor(
    equation: Expression, point: dict[str, float], wrt: str
) -> None:
    assume(wrt in names_in(equation))
    derivation, numbers = _factor(equation, wrt, point)
    _hold_to_the_contract(derivation, factor_formulas(equation, "node")[wrt], numbers)


@settings(max_examples=100)
@given(expressions(NAMES), st.fixed_dictionaries(dict.fromkeys(NAMES, EXTREMES)), st.sampled_from(NAMES))
def test_no_line_is_wrong_at_kinks_in_saturation_or_where_numbers_overflow(
    equation: Expression, point: dict[str, float], wrt: str
) -> None:
    assume(wrt in names_in(equation))
    derivation, numbers = _factor(equation, wrt, point)
    _hold_to_the_contract(derivation, factor_formulas(equation, "node")[wrt], numbers)
    if len(derivation.lines) == 1 and len(names_in(equation)) > 1 and not math.isfinite(derivation.value):
        assert derivation.closing


@settings(max_examples=100)
@given(expressions(NAMES), POINTS, st.sampled_from(NAMES))
def test_every_line_is_a_true_statement_about_its_own_subject(
    equation: Expression, point: dict[str, float], wrt: str
) -> None:
    assume(wrt in names_in(equation))
    derivation, _ = _factor(equation, wrt, point)
    at = {name: exactly(value) for name, value in point.items()}
    for line in derivation.lines:
        try:
            at["node"] = dual(equation, at).value
            wanted, told = slope_of_subject(line, "node", equation, at), slope_as_told(line, at)
        except OutOfDomainError:
            continue
        assert agrees(told, wanted, 20), statement(line)


@pytest.mark.parametrize("name", [name for name in CALLABLE_NAMES if name in FUNCTIONS])
@pytest.mark.parametrize("inside", ["x", "x*g + h"])
def test_every_function_has_its_rule_alone_and_inside_out(name: str, inside: str) -> None:
    two = FUNCTIONS[name].arity == 2
    equation = tree(f"{name}(g, {inside})" if two else f"{name}({inside})")
    derivation, numbers = _factor(equation, "x", {"x": 0.3, "g": 0.6, "h": 0.2})
    _hold_to_the_contract(derivation, factor_formulas(equation, "node")["x"], numbers)
    assert derivation.closing == ""
    if not FUNCTIONS[name].definition:
        assert ("chain rule" in rules(derivation)) == (inside != "x")


def test_where_a_convention_steps_in_the_derivation_ends_at_the_engines_factor_and_says_so() -> None:
    derivation = derived("bce(y, a)", "a", at={"y": 1.0, "a": 1.0})
    assert (last(derivation), derivation.value) == ("xdivy(1 - y, 1 - a) - xdivy(y, a)", -1.0)
    assert derivation.closing == CONVENTION


# --- what a line must never do


def test_inner_names_avoid_every_name_of_the_scenario() -> None:
    letters = "ghkpqrsuvmn"
    numbers = dict.fromkeys(letters, 0.5) | {f"g{number}": 0.5 for number in range(1, 50)}
    derivation = derived("sigmoid(g*h + path)", "g", at={"path": 0.1, **numbers})
    inner = {name for line in derivation.lines for name in line.where}
    assert inner == {"g50", "g51", "g52"}
    assert derivation.opening[0] == "L = sigmoid(g*h + path) = sigmoid(g50)"


def test_the_sentences_speak_of_the_inner_names_that_are_there() -> None:
    derivation = derived("sigmoid(g)", "g", "a")
    told = " ".join(line.why for line in derivation.lines)
    assert derivation.opening[1:] == ("h = 1 + exp(k)", "k = -g")
    assert "k and h are put back" in told
    assert "moves h" in told


def test_where_taking_apart_overflows_the_function_keeps_its_own_rule() -> None:
    derivation = derived("sigmoid(z)", "z", "a", at={"z": -800.0})
    assert rules(derivation) == ["sigmoid rule", "substitution"]
    assert last(derivation) == "a*(1 - a)"
    assert "Taken apart, sigmoid would lose the result" in derivation.closing


@pytest.mark.parametrize("z", [30.0, 40.0, -700.0])
def test_where_rounding_shows_it_is_told(z: float) -> None:
    derivation = derived("sigmoid(z)", "z", "a", at={"z": z})
    assert last(derivation) == "a*(1 - a)"
    assert "rounding has taken digits" in derivation.closing


@pytest.mark.parametrize(
    ("equation", "wrt", "numbers"),
    [
        ("log(x)", "x", {"x": 0.0}),
        ("sqrt(x)", "x", {"x": 0.0}),
        ("x/y", "y", {"y": 0.0}),
        ("bce(y, a)", "a", {"y": 0.0, "a": 1.0}),
        ("exp(x)^2", "x", {"x": 800.0}),
        ("x^y", "x", {"x": -1.0, "y": 0.5}),
    ],
)
def test_a_derivative_that_is_not_finite_is_shown_as_what_it_is(
    equation: str, wrt: str, numbers: dict[str, float]
) -> None:
    derivation = derived(equation, wrt, at=numbers)
    assert len(derivation.lines) == 1
    assert not math.isfinite(derivation.value)
    assert same(derivation.lines[0].value, derivation.value)
    assert "not finite" in derivation.closing


@pytest.mark.parametrize(
    ("equation", "at", "value"),
    [
        ("relu(x)", 0.0, 0.0),
        ("abs(x)", 0.0, 0.0),
        ("leaky_relu(x)", 0.0, 0.01),
        ("max(x, y)", 0.3, 0.5),
        ("min(x, x)", 0.0, 1.0),
        ("x^0", 2.0, 0.0),
        ("x^1", 2.0, 1.0),
    ],
)
def test_at_a_kink_the_convention_is_derived(equation: str, at: float, value: float) -> None:
    derivation = derived(equation, "x", at={"x": at, "y": 0.3})
    assert derivation.value == value
    assert derivation.closing == ""


# --- size


def test_an_equation_that_is_too_large_gets_one_line_and_says_so() -> None:
    equation = chained("+", [tree(f"sin(x + {number})*x") for number in range(120)])
    derivation, _ = _factor(equation, "x", {"x": 0.5})
    assert len(derivation.lines) == 1
    assert "too large to derive line by line" in derivation.closing


def test_a_long_sum_tells_its_silent_terms_together() -> None:
    derivation = derived(" + ".join(f"w{number}*x{number}" for number in range(20)), "w7")
    assert rules(derivation) == ["constant rule", "definition", "constant multiple rule", "sum rule", "collect"]
    assert derivation.lines[0].why.startswith("19 terms do not contain w7")
    assert last(derivation) == "x7"


def _nested(function: str, depth: int) -> Expression:
    whole = tree("x")
    for _ in range(depth):
        whole = replace(tree(function), {Name("u"): whole})
    return whole


@pytest.mark.parametrize(
    "equation",
    [
        _nested("bce(u, u)", 7),
        _nested("bce(y, u)", 60),
        _nested("sigmoid(u)", 60),
        _nested("softplus(u)", 60),
        _nested("x/(1 + u)", 60),
        _nested("max(x, u)", 60),
        _nested("x^u", 20),
        Call("sin", _nested("u*(x + u)", 4)),
        tree("*".join(f"(x + {number})" for number in range(80))),
    ],
    ids=["bce in both", "bce", "sigmoid", "softplus", "fraction", "max", "tower", "shared", "product"],
)
def test_deep_and_wide_equations_are_derived_within_bounds(equation: Expression) -> None:
    point = {"x": 0.4, "y": 0.6}
    derivation, numbers = _factor(equation, "x", point)
    assert len(derivation.lines) <= MOST_LINES
    assert max(len(write(line.expression)) for line in derivation.lines[:-1] or derivation.lines) <= 100_000
    assert same(derivation.value, evaluate(factor_formulas(equation, "node")["x"], numbers))
