"""The character that has lines to given sides, plain or heavy."""

from __future__ import annotations

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8
"""The arms of a cell, to be added."""

ARROW, ARROW_BACK = "▶", "◀"
MORE_LEFT, MORE_RIGHT, MORE_ABOVE, MORE_BELOW = "‹", "›", "▴", "▾"
ACTIVE_OPEN, ACTIVE_CLOSE = "[", "]"

LINES = {
    LEFT | RIGHT: "─",
    UP | DOWN: "│",
    RIGHT | DOWN: "╭",
    DOWN | LEFT: "╮",
    UP | RIGHT: "╰",
    UP | LEFT: "╯",
    UP | RIGHT | DOWN: "├",
    UP | DOWN | LEFT: "┤",
    RIGHT | DOWN | LEFT: "┬",
    UP | RIGHT | LEFT: "┴",
    # A wire that passes behind a bar: nothing joins, so it is the bar that is seen. No two wires ever join in a cross.
    UP | RIGHT | DOWN | LEFT: "│",
}

_HEAVY = {
    LEFT | RIGHT: "━",
    UP | DOWN: "┃",
    RIGHT | DOWN: "┏",
    DOWN | LEFT: "┓",
    UP | RIGHT: "┗",
    UP | LEFT: "┛",
}

_HEAVY_AT_JUNCTION = {
    (UP | RIGHT | DOWN, UP | DOWN): "┠",
    (UP | RIGHT | DOWN, UP | RIGHT): "┡",
    (UP | RIGHT | DOWN, RIGHT | DOWN): "┢",
    (UP | DOWN | LEFT, UP | DOWN): "┨",
    (UP | DOWN | LEFT, UP | LEFT): "┩",
    (UP | DOWN | LEFT, DOWN | LEFT): "┪",
    (RIGHT | DOWN | LEFT, LEFT | RIGHT): "┯",
    (RIGHT | DOWN | LEFT, DOWN | LEFT): "┱",
    (RIGHT | DOWN | LEFT, RIGHT | DOWN): "┲",
    (UP | RIGHT | LEFT, LEFT | RIGHT): "┷",
    (UP | RIGHT | LEFT, UP | LEFT): "┹",
    (UP | RIGHT | LEFT, UP | RIGHT): "┺",
    (UP | RIGHT | DOWN | LEFT, UP | DOWN): "┃",
}


def heavy(arms: int, along: int) -> str:
    """The character for a cell with these arms, where those `along` the active edge are heavy."""
    return _HEAVY[along] if arms == along else _HEAVY_AT_JUNCTION[arms, along]
