"""Runs the program in given terminals, with something that goes wrong on purpose where a plan says so.

As a script with an order it runs it; without one it imports everything first and forks a program for each order.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any


def _text_of_a_crash() -> str:
    return "[/] \x1b[31m \x9b31m \x1b]0;title\x07 \u202e {x} %s"


def _crash(*arguments: Any) -> Any:
    raise ZeroDivisionError(_text_of_a_crash())


def _crash_with_its_own_picture(*arguments: Any) -> Any:
    from rich.text import Text

    class PicturedError(Exception):
        def __rich__(self) -> Text:
            return Text(_text_of_a_crash())

    raise PicturedError(_text_of_a_crash())


def _stand_still(*arguments: Any) -> Any:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        sum(range(1_000))


def plant(plan: str) -> None:
    """Have something go wrong (in a key press, a thread, in painting, at the start), or plant what a test needs."""
    from tui_backprop.tui import app, screen_actions, stepper

    if plan == "crash":
        screen_actions.current_line = _crash
    elif plan == "crash with picture":
        screen_actions.current_line = _crash_with_its_own_picture
    elif plan == "memory":
        screen_actions.current_line = lambda session: _raise(MemoryError())
    elif plan == "recursion":
        screen_actions.current_line = lambda session: screen_actions.current_line(session)
    elif plan == "crash in thread":
        carried_out = app.carried_out
        is_main = threading.main_thread
        app.carried_out = lambda *given: carried_out(*given) if threading.current_thread() is is_main() else _crash()
    elif plan == "crash in painting":
        stepper.footer_line = lambda width, charset, is_playing: _crash() if is_playing else ()
    elif plan == "crash at start":
        stepper.Stepper.compose = _crash
    elif plan == "stand still":
        screen_actions.current_line = _stand_still
    elif plan == "stay":
        _plant_no_way_out()
    elif plan.startswith("texts:"):
        _plant_texts(plan.removeprefix("texts:"))
    elif plan:
        raise ValueError(plan)


def _plant_texts(payload: str) -> None:
    """Have every text of a lesson be a payload; no file could bring most of these."""
    from msgspec.structs import replace

    from tui_backprop import api
    from tui_backprop.scenario.model import Scenario

    load = api.load

    def planted(name: str) -> Scenario:
        scenario = load(name)
        notes = dict.fromkeys((*scenario.parameters, *scenario.equations), payload)
        return replace(scenario, title=payload, summary=payload, notes=notes)

    api.load = planted


HEARD = "\x1b]7777;heard\x07"


def _plant_no_way_out() -> None:
    """Have ctrl+q alone leave the program, so that any other end is a fault; and f12 be answered from anywhere."""
    from tui_backprop.tui.app import BackpropApp

    BackpropApp.leave = BackpropApp.action_interrupt = lambda self: None
    BackpropApp.action_answer = lambda self: self._driver.write(HEARD)
    BackpropApp._merged_bindings.bind("f12", "answer", priority=True)


def _raise(error: BaseException) -> Any:
    raise error


def run(order: dict[str, Any]) -> int:
    """Run the program in the terminals of the order."""
    os.environ.pop("COLUMNS", None)
    os.environ.pop("LINES", None)
    os.environ.update(order["environment"])
    for descriptor, path in enumerate(order["streams"]):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)
    if order["plan"]:
        plant(order["plan"])
    from tui_backprop.cli import main

    return main(order["words"])


def serve() -> None:
    """Fork a program for each order; tell its process id, and its exit code once it is asked for."""

    codes: dict[int, int] = {}
    while line := sys.stdin.readline():
        order = json.loads(line)
        if "ended" in order:
            pid = order["ended"]
            if pid not in codes:
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    codes[pid] = os.waitstatus_to_exitcode(status)
            print(codes.get(pid, "no"), flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            os.setsid()
            sys.exit(run(order))
        print(pid, flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(run(json.loads(sys.argv[1])))
    serve()
