"""Handouts of small lessons in every format, as literal text in `golden/`, read like code where it changes.

`python tests/handout/test_golden_handouts.py` writes the files anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.handouts import handout, page  # noqa: E402
from support.lessons import FOUR_EXAMPLES, PARABOLA  # noqa: E402

HANDOUTS: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "parabola.md": (PARABOLA, "md", {"last": 3, "has_derivations": True}),
    "parabola.tex": (PARABOLA, "tex", {"last": 3, "has_derivations": True}),
    "parabola.html": (PARABOLA, "html", {}),
    "four-examples.md": (FOUR_EXAMPLES, "md", {"examples": (1,)}),
    "four-examples-blank.md": (FOUR_EXAMPLES, "md", {"is_blank": True}),
    "logistic-blank.tex": ("logistic", "tex", {"is_blank": True}),
}
"""What is handed out, in which format, and what is asked of it."""


def _text(name: str) -> str:
    lesson, format, wanted = HANDOUTS[name]
    text = handout(lesson, format, **wanted)
    # Style and script of a page are files of their own.
    return f"{page(text)}\n" if format == "html" else text


def _file(name: str) -> Path:
    return Path(__file__).parent / "golden" / name


@pytest.mark.parametrize("name", HANDOUTS)
def test_a_handout_reads_like_this(name: str) -> None:
    assert _text(name) == _file(name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for each in HANDOUTS:
        _file(each).write_text(_text(each), encoding="utf-8")
