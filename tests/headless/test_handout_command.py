"""`handout` on the command line: what it takes, where it writes, what it refuses, and how it ends."""

from __future__ import annotations

import pytest

from tui_backprop.handout import whole_handout


@pytest.mark.parametrize(
    ("format", "begin", "end"),
    [("md", "# Two-feature logistic node\n", "```\n"), ("tex", "\\documentclass", "\\end{document}\n"),
     ("html", "<!DOCTYPE html>\n", "</html>\n")],
)  # fmt: skip
def test_each_format_goes_to_standard_output(call, file, format, begin, end):
    result = call("handout", file("logistic"), "--format", format, "--derivations")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(begin)
    assert result.out.endswith(end) or format == "md"


def test_it_is_written_to_a_file_and_over_an_existing_one_only_by_force(call, file, tmp_path):
    words = ("handout", file("logistic"), "--output", "sheet.md")
    assert call(*words).out == ""
    first = (tmp_path / "sheet.md").read_text(encoding="utf-8")
    assert first.startswith("# Two-feature")
    refused = call(*words, "--blank")
    assert (refused.code, "already exists; --force replaces it" in refused.err) == (5, True)
    assert (tmp_path / "sheet.md").read_text(encoding="utf-8") == first
    assert call(*words, "--blank", "--force").code == 0
    assert "____ (1)" in (tmp_path / "sheet.md").read_text(encoding="utf-8")


def test_only_the_first_iteration_is_written_out_and_the_later_ones_are_tables(call, file):
    out = call("handout", file("parabola"), "--iterations", "1..3").out
    assert "\n## Iteration 1\n" in out
    assert "1  L = (w − 3)² = (1.8 − 3)² = 1.44\n" in out
    assert "\n## Iterations 2 to 3\n" in out
    assert "| L         | 0.2304 | 0.03686 |" in out
    assert out.count("1  L = ") == 1


def test_the_named_examples_are_written_out_and_the_others_are_a_table(call, file):
    out = call("handout", file("batches"), "--examples", "1").out
    assert "### Forward for example 2\n" in out
    assert "### Forward for example 1\n" not in out
    assert "| example |" in out
    both = call("handout", file("batches"), "--examples", "0,1").out
    assert "### The other examples" not in both


def test_set_and_ascii_work_as_elsewhere(call, file):
    out = call("handout", file("parabola"), "--set", "w=1", "--charset", "ascii").out
    assert out.isascii()
    assert "L = (w - 3)^2 = (1 - 3)^2 = 4" in out
    assert "w <- w - eta*dL/dw" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("parabola", "--iterations", "3..1"), "'3..1' is not a range of iterations such as 0..3"),
        (("parabola", "--iterations", "x"), "'x' is not a range of iterations such as 0..3"),
        (("parabola", "--iterations", "0..2000000"), "iterations go from 0 to 1,000,000, not 2,000,000"),
        (("derivative", "--iterations", "1"), "has no learning rate"),
        (("parabola", "--examples", "a"), "'a' is not a list of examples such as 0,2"),
        (("parabola", "--examples", "1"), "there is no example 1: the scenario has 1, counted from 0"),
        (("batches", "--examples", "2"), "iteration 0 does not see example 2; it sees 0, 1"),
        (("parabola", "--format", "pdf"), "invalid choice: 'pdf'"),
    ],
)
def test_what_cannot_be_is_refused(call, file, words, message):
    lesson, *rest = words
    result = call("handout", file(lesson), *rest)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_where_the_numbers_stop_being_finite_what_was_computed_is_handed_out(call, file):
    result = call("handout", file("explodes"), "--iterations", "0..50")
    assert result.code == 4
    assert result.out.startswith("# Grows past every number")
    assert "the numbers stopped being finite in iteration" in result.err
    later = call("handout", file("explodes"), "--iterations", "40..50")
    assert (later.code, later.out) == (4, "")
    assert "there is no iteration 40" in later.err


def test_a_page_of_very_many_steps_says_what_it_leaves_out(call, file, monkeypatch):
    monkeypatch.setattr(whole_handout, "MOST_STEPPED", 20)
    result = call("handout", file("batches"), "--iterations", "0..1", "--format", "html")
    assert result.code == 0
    assert result.out.count('<div class="step') == 14
    assert result.err == (
        "note: there are very many steps: the page goes through those written out, and tables have the others\n"
    )
