"""What the narration says of each kind of step, and that just computed and next are never mixed up."""

import pytest
from support.panel_text import narration, opened, played

from tui_backprop.moves.reading import open_derivation, why_not_nudge
from tui_backprop.panels.narration import just_computed, notes_on_step
from tui_backprop.panels.statements import statement
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.scenario.loading import load_text
from tui_backprop.session import Cursor, Session

SENTENCES = [
    (0, "the value z = −0.4, from its equation.", "the value of a, from z."),
    (
        3,
        "the seed ∂L/∂L = 1: L moves exactly as fast as itself.",
        "the factor ∂L/∂a: how far L moves for each 1 that a moves.",
    ),
    (
        4,
        "the factor ∂L/∂a = −2.492: L moves that much for each 1 that a moves.",
        "the gradient ∂L/∂a: this factor itself.",
    ),
    (
        7,
        "the gradient ∂L/∂z = −0.5987: L moves −2.492 for each 1 that a moves, "
        "a moves 0.2403 for each 1 that z moves; so L moves −0.5987 for each 1 that z moves.",
        "the factor ∂z/∂w₁: how far z moves for each 1 that w₁ moves.",
    ),
    (
        13,
        "the gradient ∂L/∂b = −0.5987: L moves −0.5987 for each 1 that z moves, "
        "z moves 1 for each 1 that b moves; so L moves −0.5987 for each 1 that b moves.",
        "the update of w₁: a step against its gradient, w₁ − η·∂L/∂w₁.",
    ),
    (
        16,
        "the update of b: its gradient is negative, so it goes up, from 0.1 to 0.3993.",
        "iteration 1 starts with the updated parameters: the value of z, from w₁, x₁, w₂, x₂ and b.",
    ),
]


@pytest.mark.parametrize(("step", "just", "following"), SENTENCES)
def test_every_kind_of_step_has_its_sentences(step, just, following):
    said = narration(played(opened("logistic"), f"{step}*step_on"), 300, 9)
    first, second, *_ = said.split("\n")
    assert first.startswith(f" just computed: {just}")
    assert second == f" next:          {following}"


def test_what_comes_next_is_what_is_then_computed():
    session = opened("chain")
    for _ in range(80):
        announced = narration(session, 300, 4).split("next:          ")[1].split(":")[0].split(",")[0]
        session = played(session, "step_on")
        words = announced.replace("value of", "value").rstrip(".")
        if "starts" not in announced:
            assert words.split(" ")[-1] in narration(session, 300, 4).split("\n")[0]


def test_a_note_of_the_scenario_is_told_on_its_step():
    lesson = "title: t\nparameters: {w: 2}\nequations: {L: w^2}\nnotes: {L: The smallest loss.}\n"
    assert "note:          The smallest loss." in narration(opened(lesson))


def test_the_words_that_inputs_stand_for_are_told_where_a_value_is_computed_from_them(tmp_path):
    (tmp_path / "points.csv").write_text("x,kind\n1,[red]\n2,grün\n", encoding="utf-8")
    text = "title: t\nparameters: {w: 2}\ndata: {csv: points.csv, one_hot: kind}\n"
    text += "equations: {z: w*x, L: (z - kind_1)^2 + (z - kind_2)^2}\n"
    scenario = load_text(text, "f.yaml", tmp_path)
    session = Session.start(scenario)
    assert "note:" not in narration(session)
    assert "note:          kind₁ is 1 for [red], kind₂ is 1 for grün; otherwise 0." in narration(
        played(session, "step_on")
    )
    assert "is 1 for" not in narration(played(session, "2*step_on"))
    in_ascii = narration(played(Session.start(scenario, "ascii"), "step_on"))
    assert "note:          kind_1 is 1 for [red], kind_2 is 1 for grun; otherwise 0." in in_ascii


def test_a_convention_is_told_where_a_step_lands_on_it():
    lesson = "title: t\nparameters: {w: 0}\nequations: {L: relu(w)}\n"
    said = narration(played(opened(lesson), "2*step_on"))
    assert "Relu has a corner at 0: by convention its derivative there is 0." in said


def test_a_number_that_is_not_finite_is_explained():
    lesson = "title: t\nparameters: {a: 1}\nequations: {L: log(1 - a)}\nlearning_rate: 0.1\n"
    said = narration(opened(lesson))
    assert "log(0) is −∞, because a = 1" in said
    assert "bce_logits" in said


@pytest.mark.parametrize("moves", [("step_back",), ("end", "step_on"), ("example_on",)])
def test_a_move_that_is_not_possible_says_why(moves):
    lesson = "title: t\nparameters: {w: 2}\nequations: {L: w^2}\n"
    assert "\n ! " in "\n" + narration(played(opened(lesson), *moves), 100, 3)


@pytest.mark.parametrize("height", [1, 2, 3, 4])
@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_it_keeps_to_its_size(width, height):
    session = opened("logistic")
    for _ in range(20):
        lines = narration(session, width, height).split("\n")
        assert len(lines) <= height
        assert max(map(len, lines)) <= width
        session = played(session, "step_on")


def test_a_note_on_a_node_stands_at_the_factor_of_that_node():
    lesson = "title: t\nparameters: {w: 2}\nequations: {a: w^2, L: a^2}\nnotes: {a: A square., L: The loss.}\n"
    session = opened(lesson)
    said = {f"{step.entry.of}/{step.entry.name}": narration(step) for step in _steps_of(session) if step.entry.of}
    assert "note:          The loss." in said["L/a"]
    assert "note:          A square." in said["a/w"]


def test_the_sentence_of_the_lesson_comes_first_but_at_an_update_what_the_run_shows_does():
    lesson = """title: t
parameters: {w: 0}
equations: {L: "(w - 3)^2 + 2"}
learning_rate: 1
notes: {L: The loss., update w: A step.}
"""
    session = opened(lesson)
    factor, update = session.at(Cursor(0, 2)), played(session, "iteration_on", "4*step_on")
    assert notes_on_step(factor)[:2] == ("The loss.", "2 does not contain w: its derivative is 0.")
    assert [note.split()[0] for note in notes_on_step(update)] == ["Oscillation:", "A"]


def _steps_of(session):
    return [session.at(Cursor(0, index)) for index in range(len(session.layout))]


def test_an_update_that_is_not_finite_is_not_said_to_go_anywhere():
    lesson = "title: t\nparameters: {w: -1}\nequations: {L: log(w)}\nlearning_rate: 0.1\n"
    said = [narration(step) for step in _steps_of(opened(lesson)) if step.entry.kind == "update"]
    assert "the update of w: it goes" not in said[0]
    lesson = lesson.replace("log(w)", "-w*1e300").replace("0.1", "1e10")
    said = [narration(step) for step in _steps_of(opened(lesson)) if step.entry.kind == "update"]
    assert "the update of w: it is no longer finite, ∞." in said[0]


def test_an_update_too_small_for_four_digits_says_by_how_much():
    lesson = "title: t\nparameters: {w: 2.9931}\nequations: {L: (w - 3)^2}\nlearning_rate: 0.0001\n"
    said = [narration(step) for step in _steps_of(opened(lesson)) if step.entry.kind == "update"]
    assert "so it goes up, by 1.380e−6." in said[0]


ADAM = "title: t\nparameters: {w1: 5}\nequations: {L: w1^2}\nlearning_rate: 0.1\noptimizer: adam\n"


def at_line(lesson: str, line: str) -> Session:
    session = opened(lesson)
    index = next(step.index for step in session.steps if getattr(step, "line", "") == line)
    return session.at(Cursor(0, index))


@pytest.mark.parametrize(
    ("line", "statement_of_it", "sentence"),
    [
        ("m", "m of w₁ ← β₁·m + (1 − β₁)·g = 0.9·0 + (1 − 0.9)·10 = 1", "m of w₁ is now 1. g is ∂L/∂w₁."),
        ("v", "v of w₁ ← β₂·v + (1 − β₂)·g² = 0.999·0 + (1 − 0.999)·10² = 0.1", "v of w₁ is now 0.1. g is"),
        ("m_hat", "m_hat of w₁ ← m/(1 − β₁^t) = 1/(1 − 0.9^1) = 10", "m_hat of w₁ is now 10."),
        ("w", "w₁ ← w₁ − η·m_hat/(√(v_hat) + ε) = ", "the update of w₁: it goes down, from 5 to 4.900."),
    ],
)
def test_a_line_of_an_optimizer_is_told_with_its_numbers(line: str, statement_of_it: str, sentence: str) -> None:
    session = at_line(ADAM, line)
    assert statement(session.notation, session.step).startswith(statement_of_it)
    assert just_computed(session).startswith(sentence)


def test_d_on_a_line_says_why_it_is_there() -> None:
    session = at_line(ADAM, "m_hat")
    assert "makes up for it" in open_derivation(session).notice
    assert why_not_nudge(session)
    rate = at_line(ADAM.replace("0.1", "0.1/(1 + k)"), "eta")
    assert statement(rate.notation, rate.step) == "η = 0.1/(1 + k) = 0.1/(1 + 0) = 0.1"
    assert "once for all parameters" in open_derivation(rate).notice


def test_a_note_writes_names_as_the_screen_does() -> None:
    lesson = "title: t\nparameters: {w1: 2}\nequations: {L: w1^2}\nnotes: {∂L/∂w1: dw1 is no name but ∂L/∂w1 has w1.}\n"
    assert "dw1 is no name but ∂L/∂w₁ has w₁." in narration(played(opened(lesson), "2*step_on"))
    assert "dL/dw1 has w1." in narration(played(opened(lesson, "ascii"), "2*step_on"))


def test_after_the_last_lesson_all_are_offered_again():
    ended = played(opened(bundled_names()[-1]), "end")
    assert "the last lesson ends here. o opens the choice of all lessons." in narration(ended)


def test_a_notice_that_needs_the_room_takes_the_place_of_what_comes_next():
    at = at_line(ADAM, "v_hat")
    assert "next:" in narration(at, 80, 3)
    answered = narration(played(at, "derive"), 80, 3)
    assert "next:" not in answered
    assert answered.endswith("slower to\n                get away from 0.")


def test_of_a_batch_in_a_row_the_first_and_the_last_example_are_told():
    assert opened("moons").batch_text == "examples 1 to 5"
    assert opened("epochs").batch_text == "examples 1 and 2"


def test_what_g_stands_for_is_said_where_a_line_reads_it():
    session = opened("adam")
    told = [just_computed(session.at(Cursor(0, index))) for index in range(6, 9)]
    assert told == ["m of a is now 1. g is ∂L/∂a.", "v of a is now 0.1. g is ∂L/∂a.", "m_hat of a is now 10."]
