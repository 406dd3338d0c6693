"""The chain of factors of the parameter in focus."""

from support.panel_text import opened, panel, played, text_of

from tui_backprop.panels.chain import chain_lines
from tui_backprop.session import Cursor


def chain(session, width=100):
    return text_of(chain_lines(session, width, 20))


def test_it_fills_in_as_the_factors_are_computed():
    session = played(opened("logistic"), "4*step_on")
    seen = [chain(session)]
    for _ in range(4):
        session = played(session, "step_on")
        if chain(session) != seen[-1]:
            seen.append(chain(session))
    assert seen == [
        "∂L/∂w₁ = ∂L/∂a  · ∂a/∂z · ∂z/∂w₁\n       = −2.492 · ?     · ?",
        "∂L/∂w₁ = ∂L/∂a  · ∂a/∂z  · ∂z/∂w₁\n       = −2.492 · 0.2403 · ?",
        "∂L/∂w₁ = ∂L/∂a  · ∂a/∂z  · ∂z/∂w₁\n       = −2.492 · 0.2403 · 1      = −0.5987",
    ]


def test_focus_goes_from_parameter_to_parameter():
    session = opened("logistic")
    focused = [chain(played(session, f"{count}*focus"))[:6] for count in range(4)]
    assert focused == ["∂L/∂w₁", "∂L/∂w₂", "∂L/∂b ", "∂L/∂w₁"]


def test_one_factor_is_no_product():
    text = chain(played(opened("parabola"), "2*step_on"))
    assert text == "∂L/∂w = −6\n(L contains w itself: the chain is one factor)"


def test_every_path_has_its_own_line_and_they_add_up():
    lesson = "title: t\nparameters: {w: 2}\nequations: {u: w^2, v: 3*w, L: u*v}\n"
    text = chain(played(opened(lesson), "end"))
    assert text == (
        "path 1 of 2 (f: the next one)\n"
        "∂L/∂w▸= ∂L/∂u · ∂u/∂w\n"
        "      = 6     · 4     = 24\n"
        "      + ∂L/∂v · ∂v/∂w\n"
        "        4     · 3     = 12\n"
        "      = 36"
    )


def test_focus_walks_the_paths_of_a_parameter():
    lesson = "title: t\nparameters: {w: 2}\nequations: {u: w^2, v: 3*w, L: u*v}\n"
    session = played(opened(lesson), "2*focus")
    assert chain(session).startswith("path 2 of 2 (f: the next one)\n∂L/∂w = ∂L/∂u · ∂u/∂w\n")
    assert "\n     ▸+ ∂L/∂v · ∂v/∂w\n" in chain(session)
    assert chain(played(session, "focus")).startswith("path 1 of 2")


def test_focus_goes_first_to_the_parameter_that_the_step_is_about():
    session = played(opened("logistic"), "13*step_on")
    assert chain(played(session, "focus")).startswith("∂L/∂b ")


def test_a_parameter_without_a_path_has_no_chain():
    lesson = "title: t\nparameters: {w: 2, v: 1}\nequations: {u: v^2, L: w^2}\nloss: L\n"
    assert chain(played(opened(lesson), "focus")) == "∂L/∂v = 0: no path leads from v to the loss."


def test_a_long_chain_is_broken_between_factors():
    lines = panel(opened("chain"), "equations", 38, 22).split("\n")
    assert [line for line in lines if line.startswith("∂C/∂w₁ =")] == ["∂C/∂w₁ = ∂C/∂a₃ · ∂a₃/∂z₃ · ∂z₃/∂a₂"]


def test_beside_averages_the_chain_says_that_it_is_of_one_example():
    lesson = played(opened("logistic-four"), "phase_on", "node_on")
    assert "alone" not in panel(lesson, "equations", 58, 40)
    averaged = lesson.at(Cursor(0, len(lesson.layout) - 5))
    assert averaged.entry.kind == "mean"
    assert "in example 4 alone:" in panel(averaged, "equations", 58, 40)
