"""`handout`: the worked solution of a lesson, or a sheet to fill in, as Markdown, as LaTeX or as one HTML file."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from tui_backprop.api import check_iteration
from tui_backprop.charset import Charset
from tui_backprop.errors import UsageError
from tui_backprop.handout.whole_handout import Wanted, document_of
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.messages import opening, say_error, say_note
from tui_backprop.headless.non_finite import shows_only_finite, where_it_stopped
from tui_backprop.headless.output import print_data, write_file
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Cursor, Session

HandoutFormat = Literal["md", "html", "tex"]

_NAME = "backprop-tui handout"


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
            what, _ = where_it_stopped(start, reached)
            help = f"there is no iteration {wanted.first:,}; handout --iterations {reached} shows where it happens"
            say_error(what, help, of=_NAME)
            return Exit.NOT_FINITE
        _check_examples(start, wanted)
        text = _written(start, replace(wanted, last=reached), format)
    if output is None:
        print_data(text)
    else:
        write_file(output, text, may_replace)
    if shows_only_finite(start, reached):
        return Exit.DONE
    what, help = where_it_stopped(start, reached)
    say_error(what, help, of=_NAME)
    return Exit.NOT_FINITE


def _check_examples(start: Session, wanted: Wanted) -> None:
    count, batch = len(start.scenario.examples), start.at(Cursor(wanted.first, 0)).steps.iteration.batch
    for example in wanted.examples:
        if example >= count:
            raise UsageError(f"there is no example {example}: the scenario has {count}, counted from 0")
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
