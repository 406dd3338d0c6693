"""The colours of our own: the dark ones that the program starts with, and light ones."""

from __future__ import annotations

from textual.theme import Theme

DARK = "flexoki"
"""Of Textual's themes the one whose hues are furthest apart at this calm; TEXTUAL_THEME or the palette has others."""

LIGHT = Theme(
    name="flexoki-light",
    primary="#1A4F8C",
    secondary="#1C6C66",
    warning="#8E6B01",
    error="#AF3029",
    success="#536907",
    accent="#5E409D",
    foreground="#100F0F",
    background="#FFFCF0",
    surface="#F2F0E5",
    panel="#E6E4D9",
    dark=False,
)
"""The same hues on paper, darker where they have to be: every role of text has a contrast of 4.5 to 1 or more."""


def is_light(colours: str) -> bool:
    """Whether COLORFGBG, in which some terminals say their colours by number, such as `0;15`, names a light ground."""
    return colours.rpartition(";")[2] in ("7", "15")
