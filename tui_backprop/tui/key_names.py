"""What keys are called: Textual's names of them, what a user writes for them, and how they are printed."""

from __future__ import annotations

import unicodedata

from textual import events
from textual.keys import Keys, key_to_character

from tui_backprop.errors import UsageError
from tui_backprop.moves.move_table import TABLE
from tui_backprop.scenario.nearest import shown

_SHORTENED = {"hyphen_minus": "minus", "plus_sign": "plus", "low_line": "underscore", "solidus": "slash"}
_SHORT = {"minus": "-", "plus": "+", "underscore": "_", "slash": "/"}
_KEY_NAMES = frozenset(key.value for key in Keys) | {key for move in TABLE for key in move.keys} | {"space"}


def key_event(key: str) -> events.Key:
    """The pressing of a key, by its name or as a character. Raises UsageError where there is no such key."""
    if len(key) == 1:
        return events.Key(_name_of(key), key)
    if not key.isascii() or (key.rpartition("+")[2] not in _KEY_NAMES and key_to_character(key) is None):
        raise UsageError(f"there is no key '{shown(key)}'; keys are characters, and names such as right, enter, f1")
    return events.Key(key, key_to_character(key))


def _name_of(character: str) -> str:
    """Textual's name of the key that writes a character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _SHORTENED.get(name, name or character)


def one_name(key: str) -> str:
    """One name for a key that has several. Raises UsageError where there is no such key."""
    event = key_event(key)
    return _name_of(event.character) if event.is_printable and event.character else event.key


def printed_name(key: str) -> str:
    """A key as it is printed: the character that it writes, or its name."""
    character = _SHORT.get(key) or key_event(key).character or ""
    return character if character.isprintable() and character.strip() else key
