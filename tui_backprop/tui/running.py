"""The stepper run in a terminal, or in a web page, until it is left."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

from tui_backprop.charset import Charset
from tui_backprop.session import Session
from tui_backprop.settings import Kept
from tui_backprop.tui.app import BackpropApp
from tui_backprop.tui.key_map import read_key_map
from tui_backprop.tui.terminal_endings import BUG, DONE, INTERRUPTED, Endings, drawing_on_standard_output


def run_app(session: Session | None, charset: Charset, kept: Kept, is_served: bool = False) -> int:
    """Run the stepper in the terminal, or in a web page, until it is left; returns the exit code of the program.

    There must be a terminal, or the page's server: who calls this has looked. Of a page nothing is kept.
    """
    if not is_served:
        _believe_the_terminal()
    kept = Kept() if is_served else kept
    app = BackpropApp(session, charset, kept=kept, is_served=is_served, key_map=read_key_map(kept))
    app.endings = Endings(lambda code: app.exit(return_code=code))
    # Into the pipe to the server goes the screen alone.
    with nullcontext() if is_served else drawing_on_standard_output(), app.endings.watched():
        app.run()
    if app.endings.exit_code is not None:
        return app.endings.exit_code
    return BUG if app.return_code not in (DONE, INTERRUPTED) else app.return_code


def _believe_the_terminal() -> None:
    """Forget the size that a shell exported, where the terminal says its own: that one changes with the window."""
    if all(os.get_terminal_size(sys.stdout.fileno())):
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)
