"""Handouts for tests: a document, or a text in one of the formats."""

from __future__ import annotations

from typing import Any

from tui_backprop.api import load
from tui_backprop.handout.document import Document
from tui_backprop.handout.html import html
from tui_backprop.handout.latex import latex
from tui_backprop.handout.markdown import markdown
from tui_backprop.handout.whole_handout import Wanted, document_of
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Session

FORMATS = ("md", "tex", "html")


def document(lesson: str | Scenario, **wanted: Any) -> Document:
    """The handout of a bundled lesson, or of a scenario."""
    session = Session.start(load(lesson) if isinstance(lesson, str) else lesson)
    session.history.extend(wanted.get("last", 0))
    return document_of(session, Wanted(**wanted))


def handout(lesson: str | Scenario, format: str, **wanted: Any) -> str:
    """The same as text."""
    made = document(lesson, **wanted, steps=format == "html")
    return {"md": lambda: markdown(made, "unicode"), "tex": lambda: latex(made), "html": lambda: html(made)}[format]()


def page(text: str) -> str:
    """What a page shows: all between the tags of `main`, as XML."""
    start, end = text.index("<main>"), text.index("</main>") + len("</main>")
    return text[start:end].replace("<wbr>", "").replace("&#160;", " ")
