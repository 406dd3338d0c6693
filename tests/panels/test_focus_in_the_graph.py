"""The path in focus, lit in the picture of the graph."""

from support.panel_text import opened, played

from tui_backprop.panels.panel_table import PANELS


def lit(session, width=58, height=22):
    """The texts of the picture that have the role of a path's edge."""
    lines = PANELS["graph"].lines(session, width, height)
    return "".join(span.text for line in lines for span in line if span.role == "path_edge")


def test_the_focus_lights_its_path_until_the_cursor_moves():
    session = played(opened("logistic"), "focus")
    assert lit(session)
    assert not lit(played(session, "step_on"))


def test_the_two_paths_of_a_weight_are_lit_one_after_the_other():
    session = opened("worked-example")
    first, second = played(session, "focus"), played(session, "2*focus")
    assert first.focused_path() == ("C", "a2_1", "z2_1", "a1_1", "z1_1", "w1_1_1")
    assert second.focused_path() == ("C", "a2_2", "z2_2", "a1_1", "z1_1", "w1_1_1")
    assert lit(first)
    assert lit(second)
    assert lit(first) != lit(second)
