"""What is wrong with a scenario file: each problem with its place, the line, a mark under the fault, and what helps."""

from __future__ import annotations

from tui_backprop.charset import Charset, spelled, spelled_around
from tui_backprop.errors import Problem, ScenarioError
from tui_backprop.panels.lines import Line, Span, cut, wrapped
from tui_backprop.safe_text import cell_width, safe_text
from tui_backprop.session import Reading, Session


def refusal_panel_lines(session: Session, reading: Reading[ScenarioError], width: int, height: int) -> tuple[Line, ...]:
    """The problems from the one that is read on, at most `height` lines."""
    lines = refusal_lines(reading.matter, width, session.charset, reading.position)
    return tuple(cut(line, width, session.charset) for line in lines[:height])


def refusal_told(session: Session, reading: Reading[ScenarioError]) -> tuple[str, str, str]:
    """What the narration says of it, under which label, and what can be done next."""
    many = reading.length > 1
    told = f"the file has {reading.length} mistakes" if many else "the file has a mistake"
    return "reading:", f"{told}; the lesson stays as it was before.", "save the file again; escape: back to the steps."


def refusal_lines(refusal: ScenarioError, width: int, charset: Charset, first: int = 0) -> tuple[Line, ...]:
    """The problems from the one with that number on: place, what is wrong, the line with a mark under it, help."""
    lines: list[Line] = []
    for problem in refusal.problems[first:]:
        lines += _problem_lines(refusal.file, problem, width, charset)
    if refusal.more:
        lines.append((Span(f" and {refusal.more} more", "warning"),))
    return tuple(lines)


def _marked(line: str, at: int, length: int, room: int) -> tuple[str, int, int]:
    """The source line, a long one from where its fault comes into view, and in it start and width of the fault."""
    marked = line[at : at + max(1, length)]
    first = max(0, at - room)
    while first < at and cell_width(line[first:at]) + cell_width(marked) > room:
        first += 1
    return line[first:], cell_width(line[first:at]), max(1, cell_width(marked))


def _problem_lines(file: str, problem: Problem, width: int, charset: Charset) -> list[Line]:
    place = problem.place
    where = f"{file}:{place.line}:{place.column}" if place else file
    where, message, help = (spelled(safe_text(text), charset) for text in (where, problem.message, problem.help))
    lines: list[Line] = [(Span(f" {where}", "dim"),)]
    lines += [(Span(f"   {row}", "warning"),) for row in wrapped(message, width - 4)]
    if place and problem.source_line:
        source = safe_text(problem.source_line)
        shown, start, cells = _marked(*spelled_around(source, place.column - 1, place.length, charset), width - 4)
        lines += [(Span(f"   {shown}"),), (Span(f"   {' ' * start}{'^' * cells}", "marker"),)]
    helped = wrapped(help, width - 10)
    lines.append((Span("   help: ", "heading"), Span(helped[0])))
    return [*lines, *[(Span(f"         {row}"),) for row in helped[1:]]]
