"""`handout`: the worked solution of a lesson, or a sheet to fill in, as Markdown, as LaTeX or as one HTML file."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from tui_backprop.api import check_example, check_iteration
from tui_backprop.charset import Charset
from tui_backprop.errors import UsageError
from tui_backprop.handout.whole_handout import Wanted, document_of
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.messages import opening, say_note
from tui_backprop.headless.non_finite import say_not_reached, say_where_it_stopped, shows_only_finite
from tui_backprop.headless.output import put
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Cursor, Session

HandoutFormat = Literal["md", "html", "tex"]


def hand_out(
    scenario: Scenario, wanted: Wanted, format: HandoutFormat, charset: Charset, output: str | None, may_replace: bool
) -> int:
    """Print a handout, or write it to a file.

    Raises UsageError for iterations that the scenario cannot have, and for examples that the first one does not see.
    """
    check_iteration(scenario, wanted.last)
    with opening(scenario.title):
        # Only Markdown shows formulas as characters; the others have signs of their own.
        start = Session.start(scenario, charset if format == "md" else "unicode")
        reached = start.history.extend(wanted.last)
        if reached < wanted.first:
            return say_not_reached(start, wanted.first, "handout", "--iterations")
        _check_examples(start, wanted)
        text = _written(start, replace(wanted, last=reached), format)
    put(text, output, may_replace)
    if shows_only_finite(start, reached):
        return Exit.DONE
    return say_where_it_stopped(start, reached, "handout")


def _check_examples(start: Session, wanted: Wanted) -> None:
    batch = start.at(Cursor(wanted.first, 0)).steps.iteration.batch
    for example in wanted.examples:
        check_example(start.scenario, example)
        if example not in batch:
            seen = ", ".join(map(str, sorted(batch)))
            raise UsageError(f"iteration {wanted.first:,} does not see example {example}; it sees {seen}")


def _written(start: Session, wanted: Wanted, format: HandoutFormat) -> str:
    # Each writer is imported when it is asked for: no other command needs any of them.
    if format == "html":
        from tui_backprop.handout.html import html

        document = document_of(start, replace(wanted, steps=True))
        if document.leaves_out_steps:
            say_note("there are very many steps: the page goes through those written out, and tables have the others")
        return html(document)
    document = document_of(start, wanted)
    if format == "tex":
        from tui_backprop.handout.latex import latex

        return latex(document)
    from tui_backprop.handout.markdown import markdown

    return markdown(document, start.charset)
