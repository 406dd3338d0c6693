"""Runs the program in a pseudo-terminal and keeps account of everything that it turns on and off there.

A program is forked from a process that has imported everything already, so that a case takes a fraction of a second;
`Terminal(is_fresh=True)` starts the program as a shell would.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from support.own_settings import settings_folder

import tui_backprop

SECONDS_FOR_ANYTHING = 20.0
ENTRY = str(Path(__file__).with_name("planted.py"))

_SEQUENCE = re.compile(rb"\x1b\[([<>=?]?)([0-9;:]*)([ -/]*)([@-~])")
_STRING = re.compile(rb"\x1b[\]PX^_].*?(?:\x1b\\|\x07)", re.DOTALL)
_ACCOUNTED = re.compile(rb"\x1b\[[<>=?][0-9;:]*[ -/]*[hlup]|\x1b\]22;[^\x07\x1b]*\x07|\x1b\[0?m")
_AT_FIRST = {b"?7": True, b"?25": True}
"""What is on in a new terminal: lines wrap, the cursor is shown."""


def modes_left(output: bytes) -> dict[str, object]:
    """What is otherwise than in a new terminal after the bytes: modes, the stack of keyboard protocols, colours."""
    modes = dict(_AT_FIRST)
    keyboards, is_plain = 0, True
    for prefix, numbers, middle, final in _SEQUENCE.findall(_STRING.sub(b"", output)):
        if final in b"hl" and not middle:
            modes.update((prefix + number, final == b"h") for number in numbers.split(b";"))
        elif final == b"u" and prefix in b"<>" and prefix:
            keyboards = max(0, keyboards + (1 if prefix == b">" else -1))
        elif final == b"m" and not prefix:
            is_plain = numbers in (b"", b"0")
    left: dict[str, object] = {
        mode.decode(): is_on for mode, is_on in modes.items() if is_on != _AT_FIRST.get(mode, False)
    }
    if keyboards:
        left["keyboard protocols"] = keyboards
    shapes = re.findall(rb"\x1b\]22;([^\x07\x1b]*)", output)
    if shapes and shapes[-1] not in (b"", b"default"):
        left["shape of the pointer"] = shapes[-1].decode()
    if not is_plain:
        left["colours"] = True
    return left


class Window:
    """A pseudo-terminal. `answers`: it says that it can do what programs ask for, as newer ones can."""

    def __init__(self, size: tuple[int, int] = (100, 30), answers: bool = True) -> None:
        self.master, self.slave = pty.openpty()
        self._answers = answers
        self._asked = 0
        self.output = b""
        self.resize(*size)
        self.attributes_before = termios.tcgetattr(self.slave)

    @property
    def name(self) -> str:
        """The path of the terminal."""
        return os.ttyname(self.slave)

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""
        return self.master >= 0

    def resize(self, width: int, height: int) -> None:
        """Make it another size; the system tells whoever runs in it, and so does the terminal where it was asked to."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        if modes_left(self.output).get("?2048"):
            self.send(f"\x1b[48;{height};{width};{height * 20};{width * 10}t")

    def attributes(self) -> list:
        """How the terminal is set now."""
        return termios.tcgetattr(self.slave)

    def send(self, keys: str | bytes) -> None:
        """Press keys, or say anything else that a terminal says, in one piece."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def read(self, seconds: float = 0.05) -> bool:
        """Read what comes within a time; whether something came."""
        if not self.is_open or not select.select([self.master], [], [], seconds)[0]:
            return False
        self.output += os.read(self.master, 65_536)
        if self._answers:
            asked = re.findall(rb"\x1b\[\?(\d+)\$p", self.output)
            for mode in asked[self._asked :]:
                os.write(self.master, b"\x1b[?%s;2$y" % mode)
            self._asked = len(asked)
        return True

    def forget_the_drawing(self) -> None:
        """Of what was written, keep only what turns something on or off, so that it does not grow without end."""
        end = self.output.rfind(b"\x1b") if b"\x1b" in self.output[-64:] else len(self.output)
        kept = [found.group() for found in _ACCOUNTED.finditer(self.output, 0, end)]
        self.output = b"".join(kept) + self.output[end:]

    def close(self) -> None:
        """Close it, with whoever runs in it."""
        for descriptor in {self.master, self.slave} - {-1}:
            os.close(descriptor)
        self.master = self.slave = -1


class Terminal:
    """The program in a terminal.

    words: those of its command line. plan: names what goes wrong on purpose, see planted.py. stdin: another terminal
    to read keys from. standard_error: a file in place of the terminal. is_fresh: started as a shell would start it.
    """

    def __init__(
        self,
        *words: str,
        plan: str = "",
        answers: bool = True,
        size: tuple[int, int] = (100, 30),
        stdin: Window | None = None,
        standard_error: str = "",
        environment: Mapping[str, str] | None = None,
        is_fresh: bool = False,
    ) -> None:
        self.window = Window(size, answers)
        self.keys = stdin or self.window
        self._process: subprocess.Popen[bytes] | None = None
        self._code: int | None = None
        known = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "XDG_CONFIG_HOME": settings_folder()}
        environment = {**known, **(environment or {})}
        order = {
            "words": words,
            "plan": plan,
            "streams": [self.keys.name, self.window.name, standard_error or self.window.name],
            "environment": environment,
        }
        if is_fresh:
            self._process = subprocess.Popen(
                [sys.executable, ENTRY, json.dumps(order)],
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": _PATH, **environment},
            )
            self.pid = self._process.pid
        else:
            self.pid = _started(order)

    @property
    def output(self) -> bytes:
        """All that it has written to the terminal."""
        return self.window.output

    def send(self, keys: str | bytes) -> None:
        """Press keys, or say anything else that a terminal says, in one piece."""
        self.keys.send(keys)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def read_until(self, text: str) -> None:
        """Wait until the program has written something more."""
        start = len(self.output)
        self._wait(lambda: text.encode() in self.output[max(0, start - len(text)) :], text)

    def seen(self, text: str) -> None:
        """Wait until something was written at any time."""
        self._wait(lambda: text.encode() in self.output, text)

    def read_more(self) -> None:
        """Wait until the program writes anything more, and finishes."""
        start = len(self.output)
        self._wait(lambda: len(self.output) > start, "anything")
        self.settle()

    def settle(self) -> None:
        """Read until nothing more comes for a moment, or for half a second where it never stops."""
        deadline = time.monotonic() + 0.5
        while self.window.read(0.06) and time.monotonic() < deadline:
            pass

    def exit_code(self) -> int:
        """Wait for the end; a program that a signal killed has the code that a shell gives it."""
        self._wait(self.has_ended, "the end")
        while self.window.read(0):
            pass
        assert self._code is not None
        return self._code if self._code >= 0 else 128 - self._code

    def exit_code_unread(self) -> int:
        """Wait for the end without reading what the program writes, as a terminal that is stuck."""
        deadline = time.monotonic() + SECONDS_FOR_ANYTHING
        while not self.has_ended():
            assert time.monotonic() < deadline, "it does not end"
            time.sleep(0.02)
        return self.exit_code()

    def is_stopped(self) -> bool:
        """Whether the program was stopped and waits to go on."""
        return b"\nState:\tT" in Path(f"/proc/{self.pid}/status").read_bytes()

    def wait_until_stopped(self) -> None:
        """Wait until the program stands still."""
        self._wait(self.is_stopped, "the program to stop")
        self.settle()

    def has_ended(self) -> bool:
        """Whether the program has come to its end."""
        if self._code is None:
            self._code = self._process.poll() if self._process else _ended(self.pid)
        return self._code is not None

    def _wait(self, is_enough: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + SECONDS_FOR_ANYTHING
        while not is_enough():
            assert time.monotonic() < deadline, f"waited for {what}: {self.output[-2_000:]!r}"
            self.window.read(0.02)
            if not self.window.is_open:
                time.sleep(0.02)

    def assert_as_it_was(self) -> None:
        """The terminal is as it was before the program ran."""
        if self.window.is_open:
            assert self.window.attributes() == self.window.attributes_before
        if self.keys.is_open:
            assert self.keys.attributes() == self.keys.attributes_before
        assert modes_left(self.output) == {}

    def end(self) -> None:
        """Leave nothing behind."""
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            deadline = time.monotonic() + SECONDS_FOR_ANYTHING
            while not self.has_ended() and time.monotonic() < deadline:
                time.sleep(0.01)
        self.window.close()
        self.keys.close()


# --- the process that programs are forked from

_PATH = os.pathsep.join([str(Path(tui_backprop.__file__).parents[1])])
_parent: subprocess.Popen[str] | None = None
_codes: dict[int, int] = {}


def _started(order: dict[str, object]) -> int:
    global _parent
    if _parent is None:
        _parent = subprocess.Popen(
            [sys.executable, ENTRY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": _PATH},
        )
    return int(_asked(order))


def _ended(pid: int) -> int | None:
    code = _asked({"ended": pid})
    return None if code == "no" else int(code)


def _asked(order: dict[str, object]) -> str:
    assert _parent is not None
    assert _parent.stdin is not None
    assert _parent.stdout is not None
    _parent.stdin.write(json.dumps(order) + "\n")
    _parent.stdin.flush()
    return _parent.stdout.readline().strip()


def leave() -> None:
    """End the process that programs are forked from."""
    global _parent
    if _parent is not None:
        _parent.communicate()
        _parent = None
