"""A move: its name, keys and description, the session it leads to, and why it is not possible now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from tui_backprop.charset import CHARACTERS, Charset
from tui_backprop.session import Session

Asked = Literal["ask_where", "ask_what_if", "choose_run"]
ScreenAction = Literal[Asked, "open", "open_next", "copy", "copy_command", "restart", "help", "quit"]
Group = Literal["Steps", "Iterations", "Proofs", "Asking", "Looking", "Program"]


class Move(Struct, frozen=True):
    """One thing the learner can do.

    name: how the screen's bindings and the command palette call it.
    keys: Textual's names of its keys.
    shown_keys: the same as printed, the arrows by their names.
    brief: two or three words for the footer and the palette.
    description: a sentence for help.
    apply: the session it leads to; None where the screen carries it out, as `screen_action` says.
    why_not: the reason why it does nothing now, or "".
    reach: the iteration that must be recorded first, so that a long training can be watched.
    is_in_footer: whether the footer has it always; is_offered: whether it does where the move is possible.
    otherwise: the name of the move that its keys carry out where it is not possible; "" for none.
    synonyms: other words by which the command palette finds it.
    is_slow: whether it takes longer now than a key press may, so that it wants a thread of its own.
    """

    name: str
    keys: tuple[str, ...]
    shown_keys: str
    brief: str
    description: str
    group: Group
    apply: Callable[[Session], Session] | None = None
    screen_action: ScreenAction | None = None
    why_not: Callable[[Session], str] = lambda session: ""
    reach: Callable[[Session], int] = lambda session: session.cursor.iteration
    is_slow: Callable[[Session], bool] = lambda session: False
    is_in_footer: bool = False
    is_offered: bool = False
    otherwise: str = ""
    synonyms: str = ""

    def printed_keys(self, charset: Charset) -> tuple[str, ...]:
        """Its keys as they are printed on the screen."""
        characters = CHARACTERS[charset]
        arrows = {"left": characters.left, "right": characters.right, "up": characters.up, "down": characters.down}
        return tuple(arrows.get(key, key) for key in self.shown_keys.split())


def carried_out(move: Move, session: Session) -> Session:
    """The session after a move; where it is not possible, the same one with the reason as its notice."""
    reason = move.why_not(session)
    if reason:
        return session.with_notice(reason)
    if move.apply is None:
        raise ValueError(f"the screen carries out '{move.name}'")
    return move.apply(session)
