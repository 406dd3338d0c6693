"""What is said of an answer: that it is right, which slip it comes from, or what sort of off it is."""

from __future__ import annotations

import math

from tui_backprop.explain.answers import FEWEST_DIGITS, Judged
from tui_backprop.explain.slips_at_step import Wrong
from tui_backprop.maths.partials import parts_of_partial
from tui_backprop.session import Session

_WORDS = ("no", "one", "two", "three", "four")


def verdict_on(session: Session, judged: Judged, wrong: Wrong | None, number: float) -> str:
    """A sentence on an answer. `wrong` is the slip behind it, where one is; `number` would have been right."""
    if judged.verdict == "right":
        return "Right."
    if judged.verdict == "too few digits":
        return f"Right as far as it goes. Give {_WORDS[FEWEST_DIGITS]} digits at least."
    if judged.verdict == "only here":
        return "It gives the right number here, but with other parameters or inputs it would not."
    if wrong is not None:
        return f"Not right. {sentence(f'{session.sentence(wrong.slip.says)}{_where(session, wrong)}')}"
    return f"Not right. {sentence(_sort_of_off(judged.number, number))}"


def sentence(text: str) -> str:
    """A text as a sentence of its own."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"


def _where(session: Session, wrong: Wrong) -> str:
    """On which factor the slip was made."""
    parts = parts_of_partial(wrong.at)
    return f", at {session.notation.partial(*parts)}" if parts else ""


def _sort_of_off(given: float | None, number: float) -> str:
    if given is None:
        return "it is 0, without a sign" if number == 0 else "the sign is the other one"
    if not math.isfinite(given) or not math.isfinite(number):
        return "it is another number"
    if given == 0:
        return "it is not 0"
    if number == 0 or given * number > 0:
        sign = "" if number == 0 else "the sign is right, but "
        return f"{sign}the size is too {'large' if abs(given) > abs(number) else 'small'}"
    return "the sign is the other one, and the size is not right either"
