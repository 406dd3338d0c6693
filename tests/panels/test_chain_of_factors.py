"""The chain of factors of the parameter in focus."""

import pytest
from support.panel_text import opened, panel, played, text_of

from tui_backprop.panels.chain import chain_lines
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.bundled import bundled_names
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


FOLLOWED = [
    # how many steps lead to the step, which one it is, and the chain beside it
    (0, "value z", "∂L/∂w₁"),
    (2, "value L", "∂L/∂w₁"),
    (6, "factor a z", "∂L/∂w₁"),
    (10, "factor z w2", "∂L/∂w₂"),
    (13, "gradient b", "∂L/∂b"),
    (15, "update w2", "∂L/∂w₂"),
]


@pytest.mark.parametrize(("steps", "step", "left"), FOLLOWED)
def test_it_follows_the_step_until_it_is_kept(steps, step, left):
    at = opened("logistic").at(Cursor(0, steps))
    assert " ".join(filter(None, (at.entry.kind, at.entry.of, at.entry.name))) == step
    assert chain(at).startswith(f"{left} = ")
    kept = played(opened("logistic"), "2*focus").at(Cursor(0, steps))
    head, row, *_ = chain(kept).split("\n")
    assert head.endswith("; escape: let go)")
    assert row.startswith("∂L/∂w₂ = ")
    assert chain(played(kept, "leave")) == chain(at)


def test_where_several_paths_lead_to_the_loss_the_one_with_the_step_is_marked():
    session = opened("net-2-2-2")
    marked = []
    for index in range(len(session.layout.per_example)):
        at = session.at(Cursor(0, index))
        if at.entry.of in ("z2_1", "z2_2") and at.entry.name.startswith("a"):
            marked.append((at.entry.of, at.entry.name, at.focus, at.focused_path()))
    assert marked == [
        ("z2_1", "a1_2", "w1_2_1", ("C", "a2_1", "z2_1", "a1_2", "z1_2", "w1_2_1")),
        ("z2_2", "a1_2", "w1_2_1", ("C", "a2_2", "z2_2", "a1_2", "z1_2", "w1_2_1")),
        ("z2_1", "a1_1", "w1_1_1", ("C", "a2_1", "z2_1", "a1_1", "z1_1", "w1_1_1")),
        ("z2_2", "a1_1", "w1_1_1", ("C", "a2_2", "z2_2", "a1_1", "z1_1", "w1_1_1")),
    ]


@pytest.mark.parametrize("lesson", bundled_names())
def test_every_step_of_a_backward_pass_lies_on_the_chain_beside_it(lesson):
    session = opened(lesson)
    graph = session.graph
    moving = set(graph.parameters)
    for node in graph.nodes:
        if not moving.isdisjoint(graph.operands[node]):
            moving.add(node)
    for index in range(len(session.layout.per_example)):
        at = session.at(Cursor(0, index))
        if at.entry.phase == "backward" and at.entry.name in moving and graph.reaches_loss(at.entry.name):
            path = at.focused_path()
            assert at.entry.name in path
            assert not at.entry.of or path[path.index(at.entry.name) - 1] == at.entry.of


def test_focus_goes_from_parameter_to_parameter():
    session = opened("logistic")
    focused = [played(session, f"{count}*focus").focus for count in range(5)]
    assert focused == ["w1", "w1", "w2", "b", "w1"]


def test_one_factor_is_no_product():
    text = chain(played(opened("parabola"), "2*step_on"))
    assert text == "∂L/∂w = −6\n(one factor: w stands in L itself)"


def test_beside_the_mean_one_factor_says_whose_it_is():
    text = chain(played(opened("epochs"), "end"))
    assert text == "in example 2 alone:\n∂L/∂w = 1.667\n(one factor: w stands in L itself)"


def test_every_path_has_its_own_line_and_they_add_up():
    lesson = "title: t\nparameters: {w: 2}\nequations: {u: w^2, v: 3*w, L: u*v}\n"
    text = chain(played(opened(lesson), "end"))
    assert text == (
        "path 1 of 2 (f: highlight it)\n"
        "∂L/∂w▸= ∂L/∂u · ∂u/∂w\n"
        "      = 6     · 4     = 24\n"
        "      + ∂L/∂v · ∂v/∂w\n"
        "        4     · 3     = 12\n"
        "      = 36"
    )


def test_focus_walks_the_paths_of_a_parameter():
    lesson = "title: t\nparameters: {w: 2}\nequations: {u: w^2, v: 3*w, L: u*v}\n"
    session = played(opened(lesson), "2*focus")
    assert chain(session).startswith("path 2 of 2 (f: the next one; escape: let go)\n∂L/∂w = ∂L/∂u · ∂u/∂w\n")
    assert "\n     ▸+ ∂L/∂v · ∂v/∂w\n" in chain(session)
    assert chain(played(session, "focus")).startswith("path 1 of 2")


def test_focus_goes_first_to_the_parameter_that_the_step_is_about():
    session = played(opened("logistic"), "13*step_on")
    kept_elsewhere = played(opened("logistic"), "2*focus").at(session.cursor)
    assert (session.focus, kept_elsewhere.focus, played(kept_elsewhere, "focus").focus) == ("b", "w2", "b")


def test_a_parameter_without_a_path_has_no_chain():
    lesson = "title: t\nparameters: {w: 2, v: 1}\nequations: {u: v^2, L: w^2}\nloss: L\n"
    assert chain(played(opened(lesson), "2*focus")) == "∂L/∂v = 0: no path leads from v to L."


def test_a_long_chain_is_broken_between_factors():
    lines = panel(opened("chain"), "equations", 38, 22).split("\n")
    assert [line for line in lines if line.startswith("∂C/∂w₁ =")] == ["∂C/∂w₁ = ∂C/∂a₃ · ∂a₃/∂z₃ · ∂z₃/∂a₂"]


def test_beside_averages_the_chain_says_that_it_is_of_one_example():
    lesson = played(opened("logistic-four"), "phase_on", "node_on")
    assert "alone" not in panel(lesson, "equations", 58, 40)
    averaged = lesson.at(Cursor(0, len(lesson.layout) - 5))
    assert averaged.entry.kind == "mean"
    assert "in example 4 alone:" in panel(averaged, "equations", 58, 40)


A_VERY_LONG_PATH = """\
∂L/∂w = ∂L/∂n₉₈ · ∂n₉₈/∂n₉₇ · ∂n₉₇/∂n₉₆ · ∂n₉₆/∂n₉₅ · … 36 more · ∂n₅₉/∂n₅₈ · ∂n₅₈/∂n₅₇ · ∂n₅₇/∂n₅₆
      = 2       · 1         · 1         · 1         ·           · 1         · 1         · 1
         · ∂n₅₆/∂n₅₅ · ∂n₅₅/∂n₅₄ · ∂n₅₄/∂n₅₃ · ∂n₅₃/∂n₅₂ · ∂n₅₂/∂n₅₁ · ∂n₅₁/∂n₅₀ · … 47 more
         · 1         · 1         · ?         · ?         · ?         · ?         ·
         · ∂n₃/∂n₂ · ∂n₂/∂n₁ · ∂n₁/∂n₀ · ∂n₀/∂w
         · ?       · ?       · ?       · ?"""


def test_of_a_very_long_path_the_ends_are_written_out_and_what_is_around_the_step():
    nodes = ", ".join(f"n{k}: n{k - 1}" for k in range(1, 99))
    session = opened(f"title: t\nparameters: {{w: 2}}\nequations: {{n0: w, {nodes}, L: 2*n98}}\n")
    at = session.layout.index(Entry("factor", "n54", "n55"))
    assert chain(session.at(Cursor(0, at))) == A_VERY_LONG_PATH
    assert chain(session.at(Cursor(0, len(session.layout) - 1))).endswith("\n      = 2")


A_LONG_CHAIN_IN_A_LOW_PANEL = [
    (
        "n 18*step_on",
        "∂C/∂w₁ = ∂C/∂a₃  · ∂a₃/∂z₃ · ∂z₃/∂a₂\n"
        "       = −0.6812 · 0.2246  · 0.8\n"
        "          · ∂a₂/∂z₂ · ∂z₂/∂a₁\n"
        "          · 0.2476  · (−2)\n"
        "… parts 1 to 2 of 3 (.: all of it)",
    ),
    (
        "n 19*step_on",
        "∂C/∂w₁ …  · ∂a₂/∂z₂ · ∂z₂/∂a₁\n"
        "          · 0.2476  · (−2)\n"
        "          · ∂a₁/∂z₁ · ∂z₁/∂w₁\n"
        "          · 0.2403  · ?\n"
        "… parts 2 to 3 of 3 (.: all of it)",
    ),
    (
        "n n step_back",
        "∂C/∂b₁ …  · ∂a₁/∂z₁ · ∂z₁/∂b₁\n          · 0.2403  · 1\n       = 0.01456\n… parts 3 to 4 of 4 (.: all of it)",
    ),
]


@pytest.mark.parametrize(("moves", "shown"), A_LONG_CHAIN_IN_A_LOW_PANEL)
def test_a_chain_without_room_follows_the_step_and_tells_what_is_not_shown(moves, shown):
    names = {"n": "phase_on"}
    session = played(opened("chain"), *(names.get(move, move) for move in moves.split()))
    assert text_of(chain_lines(session, 38, 5)) == shown


@pytest.mark.parametrize("lesson", ["chain", "many-neurons", "logistic", "net-2-2-2"])
@pytest.mark.parametrize("width", [36, 58])
def test_nothing_of_a_chain_is_left_out_without_a_sign(lesson, width):
    session = played(opened(lesson), "phase_on")
    for _ in range(40):
        whole = text_of(chain_lines(session, width, 1_000)).splitlines()
        for height in range(3, len(whole) + 2):
            lines = text_of(chain_lines(session, width, height)).splitlines()
            assert len(lines) <= height
            if len(whole) <= height:
                assert lines == whole
            else:
                assert lines[-1].startswith(("… part ", "… parts "))
                assert len(lines) >= 2
        session = played(session, "step_on")
