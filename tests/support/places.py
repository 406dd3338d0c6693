"""Where a problem is told to stand, with what its carets stand under."""

from __future__ import annotations

from tui_backprop.errors import Problem
from tui_backprop.headless.messages import refusal_text


def marked(problem: Problem) -> str:
    """`LINE:COLUMN` and the part of that line that has carets below it, as a person sees them."""
    place = problem.place
    assert place is not None
    line, carets = refusal_text("f", problem).split("\n")[1:3] if problem.source_line.strip() else ("", "^")
    start = carets.index("^")
    return f"{place.line}:{place.column} {line.ljust(len(carets))[start : len(carets)]}"
