"""How do a derivation and a second proof read in their panel, in every size that it may have?"""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from support.lessons import scenario
from support.panel_text import opened, panel, played

from tui_backprop.explain.nudge import NudgeTable
from tui_backprop.explain.second_proof import Proof
from tui_backprop.moves.reading import derived_pair
from tui_backprop.panels.nudge_panel import verdict_on
from tui_backprop.session import Charset, Cursor, Session

SQUARE = "title: t\nparameters: {x: 3}\nequations: {f: x^2}\n"
CORNER = "title: t\nparameters: {w: 0}\nequations: {L: relu(w)}\n"


def _read(
    lesson: str, steps: int, line: int, size: tuple[int, int], move: str = "derive", charset: Charset = "unicode"
) -> str:
    """The panel after some steps, a move, and some lines on."""
    session = played(opened(lesson, charset), *["step_on"] * steps, move)
    return panel(played(session, *["step_on"] * line), "equations", *size)


# --- the sigmoid, where a(1 - a) comes from

THE_SIGMOID_AT_ITS_END = """\
a = σ(z) = 1/(1 + e^(−z)) = 1/g   g = 1 + e^h   h = −z
──────────────────────────────────────────────────────────
  5. definition
    ∂z/∂z = 1
  6. constant multiple rule
    ∂h/∂z = −1
  7. chain rule
    ∂g/∂z = e^h·(−1) = −1.492
  8. chain rule
    ∂a/∂z = (−1/g²)·(e^h·(−1)) = 0.2403
  9. collect
    ∂a/∂z = e^h/g² = 0.2403
  10. substitution
    ∂a/∂z = e^(−z)/(1 + e^(−z))² = 0.2403
  11. substitution
    ∂a/∂z = a²·e^(−z) = 0.2403
  12. substitution
    ∂a/∂z = a²·((1 − a)/a) = 0.2403
▶ 13. cancel
    ∂a/∂z = a·(1 − a) = 0.2403
    One a above cancels the a below.
  This is the number that the backward pass uses."""

THE_SIGMOID_MULTIPLIED = """\
a = σ(z) = 1/(1 + e^(−z)) = 1/g   g = 1 + e^h   h = −z
──────────────────────────────────────────────────────────
  1. power rule
    ∂a/∂g = −1/g² = −0.1611
  2. constant rule
    ∂(1)/∂h = 0
  3. exponential rule
    ∂(e^h)/∂h = e^h = 1.492
  4. sum rule
    ∂g/∂h = 0 + e^h = 1.492
  5. definition
    ∂z/∂z = 1
  6. constant multiple rule
    ∂h/∂z = −1
  7. chain rule
    ∂g/∂z = e^h·(−1) = −1.492
▶ 8. chain rule
    ∂a/∂z = (−1/g²)·(e^h·(−1)) = 0.2403
    z moves g, and g moves a: ∂a/∂z = ∂a/∂g · ∂g/∂z, the
    outer derivative times the inner one."""

THE_SIGMOID_IN_ASCII = """\
a = sigmoid(z) = 1/(1 + exp(-z)) = 1/g   g = 1 + exp(h)
h = -z
----------------------------------------------------------
  2. constant rule
    d(1)/dh = 0
  3. exponential rule
    d(exp(h))/dh = exp(h) = 1.492
  4. sum rule
    dg/dh = 0 + exp(h) = 1.492
  5. definition
    dz/dz = 1
  6. constant multiple rule
    dh/dz = -1
  7. chain rule
    dg/dz = exp(h)*(-1) = -1.492
  8. chain rule
    da/dz = (-1/g^2)*(exp(h)*(-1)) = 0.2403
  9. collect
    da/dz = exp(h)/g^2 = 0.2403
> 10. substitution
    da/dz = exp(-z)/(1 + exp(-z))^2 = 0.2403
    h and g are put back."""


@pytest.mark.parametrize(
    ("line", "charset", "text"),
    [
        (12, "unicode", THE_SIGMOID_AT_ITS_END),
        (7, "unicode", THE_SIGMOID_MULTIPLIED),
        (9, "ascii", THE_SIGMOID_IN_ASCII),
    ],
)
def test_the_sigmoid_is_read_line_by_line(line: int, charset: Charset, text: str) -> None:
    assert _read("logistic", 6, line, (58, 22), charset=charset) == text


# --- a whole path, down to (a - y)·x₁, in the panel of a small terminal

THE_PATH_OF_A_WEIGHT = """\
L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)   z = w₁·x₁ + w₂·x₂ + b
──────────────────────────────────────
The plan: the factors one by one; then
  their product; then the algebra.
▶ 1. constant multiple rule
    ∂L/∂a = −(y/a − (1 − y)/(1 − a)) =
           −2.492
    From L = −(y·log(a) + (1 −
    y)·log(1 − a)); its own derivation
    shows every rule.

L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)   z = w₁·x₁ + w₂·x₂ + b
──────────────────────────────────────
  1. constant multiple rule
    ∂L/∂a = −(y/a − (1 − y)/(1 − a)) =
           −2.492
▶ 2. sigmoid rule
    ∂a/∂z = a·(1 − a) = 0.2403
    From a = σ(z). The derivative of
    the sigmoid is its value times 1
    minus its value.

L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)   z = w₁·x₁ + w₂·x₂ + b
──────────────────────────────────────
    ∂a/∂z = a·(1 − a) = 0.2403
▶ 3. sum rule
    ∂z/∂w₁ = x₁ = 1
    From z = w₁·x₁ + w₂·x₂ + b. Only
    w₁·x₁ contains w₁; the other terms
    are held constant and give 0. In
    that one x₁ stays as a factor,
    times ∂w₁/∂w₁ = 1.

L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)   z = w₁·x₁ + w₂·x₂ + b
──────────────────────────────────────
    ∂z/∂w₁ = x₁ = 1
▶ 4. chain rule
    ∂L/∂w₁ = (−(y/a − (1 − y)/(1 −
           a)))·(a·(1 − a))·x₁ =
           −0.5987
    ∂L/∂w₁ = ∂L/∂a · ∂a/∂z · ∂z/∂w₁:
    each moves the next one, so the
    factors multiply.

L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)   z = w₁·x₁ + w₂·x₂ + b
──────────────────────────────────────
           a)))·(a·(1 − a))·x₁ =
           −0.5987
▶ 5. distribute
    ∂L/∂w₁ = ((−y/a)·(a·(1 − a)) + (1
           − y)/(1 − a)·(a·(1 −
           a)))·x₁ = −0.5987
    Each term of the sum is multiplied
    by a·(1 − a).

L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)   z = w₁·x₁ + w₂·x₂ + b
──────────────────────────────────────
    ∂L/∂w₁ = ((−y/a)·(a·(1 − a)) + (1
           − y)/(1 − a)·(a·(1 −
           a)))·x₁ = −0.5987
▶ 6. cancel
    ∂L/∂w₁ = (−y·(1 − a) + (1 −
           y)·a)·x₁ = −0.5987
    In the first term a cancels above
    and below, in the second 1 − a.

L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)   z = w₁·x₁ + w₂·x₂ + b
──────────────────────────────────────
           a)))·x₁ = −0.5987
  6. cancel
    ∂L/∂w₁ = (−y·(1 − a) + (1 −
           y)·a)·x₁ = −0.5987
▶ 7. expand
    ∂L/∂w₁ = (−y + y·a − y·a + a)·x₁ =
           −0.5987
    The brackets are multiplied out.

L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)   z = w₁·x₁ + w₂·x₂ + b
──────────────────────────────────────
  7. expand
    ∂L/∂w₁ = (−y + y·a − y·a + a)·x₁ =
           −0.5987
▶ 8. collect
    ∂L/∂w₁ = (a − y)·x₁ = −0.5987
    y·a and −y·a add up to 0.
  This is the number that the backward
  pass uses."""


def test_a_path_is_read_in_a_small_panel_and_scrolls_with_the_line() -> None:
    screens = [_read("logistic", 9, line, (38, 11)) for line in range(8)]
    assert "\n\n".join(screens) == THE_PATH_OF_A_WEIGHT


# --- the second proof

THE_LIMIT_OF_X_SQUARED = """\
∂f/∂x = 6, a second way: nudge x = 3 by h and see how f
moves.
[f(x + h) − f(x)]/h = ((x + h)² − x²)/h
   = (x² + 2·x·h + h² − x²)/h
   = 2·x + h
as h goes to 0: 2·x = 6
h     [f(x + h) − f(x)]/h [f(x + h) − f(x − h)]/2h
1     7                  6
0.01  6.01               6
1e−4  6.0001             6
1e−6  6.000001001        6.000000001
1e−8  5.999999964        5.999999964 ◀
1e−10 6.000000496        6.000000496
1e−12 6.000533403        6.000533403
1e−14 6.217248938        6.128431096
1e−16 0                  0
Agrees: as h shrinks, the quotients close in on 6. From h
= 1e−13 on one sees rounding and not the slope: a number
keeps about 16 digits, and few are left of the difference
of two that are almost equal. At 1e−16, x + h is x itself."""

THE_LIMIT_IN_A_SMALL_PANEL = """\
∂f/∂x = 6, a second way: nudge x = 3
by h and see how f moves.
h     right side       both sides
1     7                6
1e−6  6.000001         6
1e−8  5.99999996       5.99999996 ◀
1e−12 6.0005334        6.0005334
1e−16 0                0
Agrees: as h shrinks, the quotients
close in on 6.
… ↓: the algebra behind it"""

THE_ALGEBRA_BEHIND_IT = """\
∂f/∂x = 6, a second way: nudge x = 3
by h and see how f moves.
[f(x + h) − f(x)]/h = ((x + h)² −
    x²)/h
   = (x² + 2·x·h + h² − x²)/h
   = 2·x + h
as h goes to 0: 2·x = 6"""

A_CORNER = """\
∂L/∂w = 0, a second way: nudge w = 0
by h and see how L moves.
h     from the right   from the left
1     1                0
1e−6  1                0
1e−12 1                0
1e−16 1                0
A convention at a corner: from the
right the slope is 1, from the left 0;
by convention it is 0."""


@pytest.mark.parametrize(
    ("lesson", "size", "text"),
    [
        (SQUARE, (58, 22), THE_LIMIT_OF_X_SQUARED),
        (SQUARE, (38, 11), THE_LIMIT_IN_A_SMALL_PANEL),
        (CORNER, (38, 11), A_CORNER),
    ],
)
def test_the_second_proof_is_read_as_a_table(lesson: str, size: tuple[int, int], text: str) -> None:
    assert _read(lesson, 2, 0, size, "nudge") == text


def test_where_the_table_leaves_no_room_for_the_algebra_the_arrows_lead_to_it() -> None:
    session = played(opened(SQUARE), "2*step_on", "nudge", "node_on")
    assert panel(session, "equations", 38, 11) == THE_ALGEBRA_BEHIND_IT
    assert panel(played(session, "node_back"), "equations", 38, 11) == THE_LIMIT_IN_A_SMALL_PANEL
    large = panel(session, "equations", 78, 17)
    assert all(line in large for line in ("= (x² + 2·x·h + h² − x²)/h", "as h goes to 0: 2·x = 6", "1e−8  5.999999964"))


ROUNDING = (
    "one sees rounding and not the slope: a number keeps about 16 digits, and few are left of the difference of two "
    "that are almost equal."
)
SENTENCES = [
    (
        "(w - 3)^2",
        0.0,
        f"Agrees: as h shrinks, the quotients close in on −6. From h = 1e−13 on {ROUNDING}",
    ),
    ("w^3", 0.0, "Agrees: as h shrinks, the quotients close in on 0."),
    ("3*w", 0.0, "Agrees: already h = 1 gives 3; over these nudges L is a straight line in w."),
    (
        "3*w",
        1e10,
        "Agrees: already h = 1 gives 3; over these nudges L is a straight line in w. "
        f"From h = 1e−4 on {ROUNDING} At 1e−7, w + h is w itself.",
    ),
    (
        "-log(1 - sigmoid(w))",
        20.0,
        "Agrees: already h = 1 gives 1.000; over these nudges L is a straight line in w. "
        f"From h = 1e−5 on {ROUNDING} At 1e−15, w + h is w itself.",
    ),
    (
        "relu(w)",
        -5.0,
        "Agrees: no nudge moves L at all; it is flat here, as far as its digits tell, and the slope is 0.",
    ),
    (
        "sigmoid(w)",
        30.0,
        "Too fine to tell: rounding hides the slope. Rounding on the way to L is larger than "
        "anything that a nudge moves, so no quotient shows 9.348e−14.",
    ),
    (
        "leaky_relu(w)",
        0.0,
        "A convention at a corner: from the right the slope is 1, from the left 0.01; by convention it is 0.01.",
    ),
    (
        "sign(w)",
        0.0,
        "A convention at a jump: L changes at once, and its quotients grow without end as h shrinks. "
        "There is no slope; by convention it is 0.",
    ),
    ("sqrt(w)", 0.0, "Unclear: no quotient can come to a derivative that is not finite."),
    ("sin(1/w)", 1e-13, "Unclear: nudges of several sizes disagree among themselves."),
    ("1/w", 1e-7, "Agrees: as h shrinks, the quotients close in on −1e14."),
]


def _nudged(equation: str, at: float) -> tuple[Session, NudgeTable]:
    session = played(Session.start(scenario({"w": at}, {"L": equation})), "2*step_on", "nudge")
    assert session.reading is not None
    return session, session.reading.matter


@pytest.mark.parametrize(("equation", "at", "sentence"), SENTENCES)
def test_a_sentence_says_what_the_table_shows(equation: str, at: float, sentence: str) -> None:
    session, table = _nudged(equation, at)
    assert verdict_on(session.notation, table) == sentence


def test_a_number_that_disagrees_is_said_to() -> None:
    session, table = _nudged("w^2", 3.0)
    wrong = replace(table, proof=Proof("differs", 6.0), derivative=5.0)
    assert verdict_on(session.notation, wrong) == "Differs: the quotients do not come to 5."


def test_the_nudge_is_not_called_by_a_name_of_the_scenario() -> None:
    session = played(Session.start(scenario({"h": 3.0}, {"k": "h^2"})), "2*step_on", "nudge")
    text = panel(session, "equations")
    assert "nudge h = 3 by d" in text
    assert "[k(h + d) − k(h)]/d = ((h + d)² − h²)/d" in text
    assert "as d shrinks" in text.replace("\n", " ")


def test_what_is_a_part_or_of_one_example_is_said_to_be() -> None:
    lesson = scenario({"w": 0.5}, {"p": "w*x", "L": "p*w"}, inputs=("x",), examples=((1.0,), (3.0,)))
    session = Session.start(lesson)
    while derived_pair(session) != ("L", "w"):
        session = played(session, "step_on")
    assert session.entry.kind == "factor"
    assert "∂L/∂w (direct) of example 1 = 0.5" in panel(played(session, "nudge"), "equations")
    derivation = played(session, "derive")
    while "last line" not in derivation.notice:
        derivation = played(derivation, "step_on")
    closing = " ".join(panel(derivation, "equations").split())
    assert "This is the direct part: w also moves L by other paths, which its gradient adds." in closing
    assert closing.endswith("This is the number that the backward pass of example 1 uses.")


# --- every size

SIZES = [(58, 22), (38, 11), (20, 5), (118, 40), (12, 3), (8, 1)]
LESSONS = ["logistic", "chain", "parabola"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_everything_that_can_be_read_keeps_to_its_size(lesson: str, size: tuple[int, int]) -> None:
    width, height = size
    session = opened(lesson)
    for place in range(len(session.layout)):
        at = session.at(Cursor(0, place))
        if not derived_pair(at):
            continue
        reading = played(at, "derive").reading
        assert reading is not None
        opened_readings = [replace(reading, position=line) for line in range(reading.length)]
        for one in [*opened_readings, played(at, "nudge").reading]:
            rows = panel(replace(at, reading=one), "equations", width, height).split("\n")
            assert len(rows) <= height
            assert max(map(len, rows)) <= width


@pytest.mark.parametrize("lesson", LESSONS)
def test_in_a_small_terminal_the_line_that_is_read_is_there_with_its_reason(lesson: str) -> None:
    session = opened(lesson)
    for place in range(len(session.layout)):
        at = session.at(Cursor(0, place))
        if not derived_pair(at):
            continue
        reading = played(at, "derive").reading
        assert reading is not None
        for number, line in enumerate(reading.matter.lines):
            text = panel(replace(at, reading=replace(reading, position=number)), "equations", 38, 11)
            active = " ".join(text.partition("▶ ")[2].split())
            assert active.startswith(f"{number + 1}. {line.rule}")
            # What is broken between two lines may have gained a blank.
            assert line.why.replace(" ", "") in active.replace(" ", "")


def test_a_formula_without_room_is_cut_and_keeps_its_value() -> None:
    lesson = scenario({"w": 0.5}, {"L": "*".join(f"sin(w + {number})" for number in range(1, 6))})
    session = played(Session.start(lesson), "2*step_on", "derive")
    while "last line" not in session.notice:
        session = played(session, "step_on")
    rows = panel(session, "equations", 38, 11).split("\n")
    assert len(rows) == 11
    assert any(row.strip().startswith("… = ") for row in rows)
    assert "backward" in rows[-2] + rows[-1]
