"""The characters that pictures are drawn with: in ASCII each is one character, and a line stays a line."""

from __future__ import annotations

import pytest

from tui_backprop.charset import drawn
from tui_backprop.panels.picture import glyphs

DRAWN = "".join([*glyphs.LINES.values(), *glyphs._HEAVY.values(), *glyphs._HEAVY_AT_JUNCTION.values()])


def test_every_character_is_replaced_by_one():
    assert drawn(DRAWN, "ascii").isascii()
    assert len(drawn(DRAWN, "ascii")) == len(DRAWN)


@pytest.mark.parametrize(
    ("picture", "plain"),
    [
        ("─│╭╯├┴", "-|++++"),
        ("━┃┏┛┡┺", "=#####"),
        ("a━┯━b━┷━c", "a===b===c"),
        ("▶◀", "><"),
    ],
)
def test_lines_and_junctions_in_ascii(picture, plain):
    assert drawn(picture, "ascii") == plain
