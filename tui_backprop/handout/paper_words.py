"""What is said of a step on paper: the lesson's notes and the program's, each once, but for what is about keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_backprop.panels.narration import just_computed, notes_on_step
from tui_backprop.panels.statements import is_one_factor
from tui_backprop.session import Session

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
_KEY = re.compile(r"\bpress\b|\b\w and \w lead\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w⁽])\d")


def words_on_paper(session: Session, told: set[str], *, has_numbers: bool = True) -> tuple[str, ...]:
    """The sentences on the step under the cursor that were not told before, and from now on are.

    has_numbers: whether texts with numbers in them are among them; they would tell what the learner is to find.
    """
    found: list[str] = []
    for text in (*_on_kind(session, told), *notes_on_step(session)):
        said = " ".join(part for part in _SENTENCE_ENDS.split(text) if not _KEY.search(part))
        if said and said not in told and (has_numbers or not _NUMBER.search(said)):
            told.add(said)
            found.append(said)
    return tuple(found)


def _on_kind(session: Session, told: set[str]) -> Iterator[str]:
    """What the first gradient of one path means, the first one of several, and the first update."""
    entry, step = session.entry, session.step
    if entry.kind == "gradient" and step.terms and not is_one_factor(session.notation, entry):
        kind = "paths" if len(step.terms) > 1 else "path"
    elif entry.replaces and entry.line is None:
        kind = "update"
    else:
        return
    # No sentence on a step is one word.
    if kind not in told:
        told.add(kind)
        said = just_computed(session)
        yield f"{said[0].upper()}{said[1:]}"
