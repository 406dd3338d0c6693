"""Other keys for moves, as the settings file has them under `keys`: the table of moves with them, and what is wrong.

    "keys": {"step_on": ["right", "L"], "quit": "Q"}

A key that is given to one move is taken from the move that had it. What is wrong is passed over, and the rest holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.errors import UsageError
from tui_backprop.moves.move import Move
from tui_backprop.moves.move_table import TABLE
from tui_backprop.scenario.nearest import counted, did_you_mean, shown
from tui_backprop.settings import Kept
from tui_backprop.tui.key_names import one_name, printed_name

_ALWAYS = MappingProxyType({"ctrl+c": "leaves the program", "ctrl+q": "leaves the program", "ctrl+p": "lists commands"})

_NAMES = MappingProxyType({name: move.name for move in TABLE for name in (move.brief, move.name)})
"""The moves by what the settings may call them: as the palette does, or by their names."""


class KeyMap(Struct, frozen=True):
    """The moves with the keys that they have in this run.

    complaint: one line about what is wrong in the settings file, or "".
    """

    table: tuple[Move, ...] = TABLE
    complaint: str = ""

    @property
    def moves(self) -> Mapping[str, Move]:
        """The moves by name."""
        return {move.name: move for move in self.table}


AS_DELIVERED = KeyMap()
"""The keys that the program comes with."""


def read_key_map(kept: Kept) -> KeyMap:
    """The keys that the settings of a run give to moves."""
    written = kept.current.keys
    if written is None:
        return AS_DELIVERED
    reader = _KeyReader(written)
    if not reader.wrong:
        return KeyMap(_table_with(reader.chosen))
    (words, told), more = reader.wrong[0], len(reader.wrong) - 1
    others = f" (and {counted(more, 'more mistake')})" if more else ""
    return KeyMap(_table_with(reader.chosen), f"settings.json{_line_of(kept, words)}: {told}{others}")


class _KeyReader:
    """Reads what stands under `keys`: the keys chosen for moves, and what is wrong with words that stand there."""

    def __init__(self, written: object) -> None:
        self.chosen: dict[str, list[str]] = {}
        self.wrong: list[tuple[tuple[str, ...], str]] = []
        self._owners: dict[str, str] = {}
        self._named: set[str] = set()
        if not isinstance(written, dict):
            self.wrong.append((("keys",), 'write moves and their keys, such as "keys": {"step_on": ["right", "L"]}'))
            return
        for name, keys in written.items():
            self._read_move(name, [keys] if isinstance(keys, str) else keys)

    def _read_move(self, written_name: str, keys: object) -> None:
        place = ("keys", written_name)
        name = _NAMES.get(written_name, "")
        if not name:
            meant = did_you_mean(written_name, _NAMES, "ctrl+p on the screen lists the moves")
            self.wrong.append((place, f"there is no move '{shown(written_name)}'; {meant}"))
        elif name in self._named:
            self.wrong.append((place, f"the keys of {name} are written twice; put them into one list"))
        elif not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            self.wrong.append((place, f'write the keys of {name} as a list, such as ["right", "L"]'))
        else:
            self._named.add(name)
            read = [*dict.fromkeys(key for key in (self._read_key(name, (*place, key)) for key in keys) if key)]
            # One whose keys are all refused keeps those that it has; an empty list means none.
            if read or not keys:
                self.chosen[name] = read

    def _read_key(self, name: str, place: tuple[str, ...]) -> str:
        """The key, or "" where it is refused."""
        written = place[-1]
        try:
            key = one_name(written)
        except UsageError as error:
            self.wrong.append((place, str(error)))
            return ""
        owner = self._owners.setdefault(key, name)
        if key in _ALWAYS:
            self.wrong.append((place, f"{key} always {_ALWAYS[key]}; choose another key for {name}"))
        elif owner != name:
            told = f"the key '{shown(written)}' is given twice, to {owner} and to {name}; take it from one of them"
            self.wrong.append((place, told))
        else:
            return key
        return ""


def _table_with(chosen: Mapping[str, list[str]]) -> tuple[Move, ...]:
    given = {key for keys in chosen.values() for key in keys}
    return tuple(_with_keys(move, chosen.get(move.name), given) for move in TABLE)


def _with_keys(move: Move, chosen: list[str] | None, given: set[str]) -> Move:
    if chosen is not None:
        return replace(
            move,
            keys=tuple(chosen),
            shown_keys=" ".join(map(printed_name, chosen)),
        )
    left = tuple(key for key in move.keys if one_name(key) not in given)
    shown_keys = [key for key in move.shown_keys.split() if one_name(key) not in given]
    return replace(move, keys=left, shown_keys=" ".join(shown_keys or map(printed_name, left[:1])))


def _line_of(kept: Kept, words: tuple[str, ...]) -> str:
    """Where the last of some words stands, each after the one before."""
    try:
        text = kept.path.read_text(encoding="utf-8") if kept.path else ""
    except (OSError, UnicodeDecodeError):
        return ""
    at = 0
    for word in words:
        found = text.find(json.dumps(word, ensure_ascii=False), at)
        at = found if found >= 0 else at
    return f", line {text.count(chr(10), 0, at) + 1}"
