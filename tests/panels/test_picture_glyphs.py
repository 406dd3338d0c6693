"""The characters that pictures are drawn with: in ASCII each is one character, and a line stays a line."""

from __future__ import annotations

import pytest

from tui_backprop.panels.picture import glyphs
from tui_backprop.panels.picture.glyphs import in_ascii

DRAWN = "".join([*glyphs.LINES.values(), *glyphs._HEAVY.values(), *glyphs._HEAVY_AT_JUNCTION.values()])


def test_every_character_is_replaced_by_one():
    assert in_ascii(DRAWN).isascii()
    assert len(in_ascii(DRAWN)) == len(DRAWN)


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ("─│╭╯├┴", "-|++++"),
        ("━┃┏┛┡┺", "=#####"),
        ("a━┯━b━┷━c", "a===b===c"),
        ("▶◀ … −0.5", ">< ~ -0.5"),
    ],
)
def test_lines_and_junctions_in_ascii(drawn, plain):
    assert in_ascii(drawn) == plain
