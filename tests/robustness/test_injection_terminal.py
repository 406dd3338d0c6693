"""What does the terminal itself get to read when every text of a lesson is a payload?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("pty", reason="there are no pseudo-terminals here")

from support import terminal as terminals
from support.payloads import PAYLOADS, unsafe_characters
from support.tables import all_or
from support.terminal import Terminal

_SEQUENCE = re.compile(rb"\x1b\[[<>=?]?[0-9;:]*[ -/]*[@-~]|\x1b\]22;[a-z-]+\x07")


@pytest.fixture(scope="module", autouse=True)
def _process_to_fork_from() -> Iterator[None]:
    yield
    terminals.leave()


def _kinds(output: bytes) -> tuple[set[bytes], bytes]:
    """Which sequences there are, without the numbers that say where and in which colour; and the text between them."""
    found = {re.sub(rb"[0-9;:]+(?=[Hm])", b"", sequence) for sequence in _SEQUENCE.findall(output)}
    return found, _SEQUENCE.sub(b"", output)


def _output(payload: str, keys: list[str]) -> bytes:
    terminal = Terminal("parabola", plan=f"texts:{payload}")
    try:
        terminal.seen("just computed")
        for key in keys:
            terminal.settle()
            terminal.send(key)
        terminal.settle()
        terminal.send("\x03")
        assert terminal.exit_code() == 130
        terminal.assert_as_it_was()
        return terminal.output
    finally:
        terminal.end()


GROUPS = {
    "one byte": ["one-byte sequence", "one-byte string", "next line", "right to left", "bell"],
    "sequences": [*PAYLOADS][:20],
    "characters": [*PAYLOADS][20:30],
    "unseen": ["right to left", "joined", "no width", "a flood of marks", "line separators", "half of a pair"],
    "markup": ["markup", "end of markup", "action", "open bracket", "format", "percent"],
}


def _pasted(text: str) -> str:
    safe_to_send = text.replace("\x1b[201~", "").encode("utf-8", "replace").decode()
    return f"\x1b[200~{safe_to_send}\x1b[201~"


# The keys that bring some texts onto the screen; ctrl+u empties a field.
WAYS: dict[str, Callable[[list[str]], list[str]]] = {
    "shown": lambda texts: [],
    "stepped through": lambda texts: ["\x1b[C", "\x1b[C", "v", "z", "\x1b[D"],
    "pasted": lambda texts: ["g", *(key for text in texts for key in (_pasted(text), "\x15")), _pasted(texts[0]), "\r"],
    "pasted as a path": lambda texts: [
        "o",
        "\x1b[F",
        *(key for text in texts for key in (_pasted(text), "\r", "\x15")),
    ],
    "pasted into the list of moves": lambda texts: [
        "\x10",
        *(key for text in texts for key in (_pasted(text), "\x15")),
    ],
}


@pytest.mark.parametrize(
    ("group", "way"),
    all_or([("one byte", "pasted")], [(group, way) for group in GROUPS for way in WAYS]),
)
def test_the_terminal_reads_no_sequence_but_those_of_the_toolkit(group, way):
    payloads = [PAYLOADS[name] for name in GROUPS[group]]
    plain = ["a plain text"] * len(payloads)
    usual, _ = _kinds(_output(plain[0], WAYS[way](plain)))
    found, between = _kinds(_output(" ".join(payloads), WAYS[way](payloads)))
    assert found <= usual
    text = between.decode("utf-8").replace("\r\n", "")
    assert unsafe_characters(text) == set()


def test_the_account_sees_what_does_not_belong():
    found, between = _kinds(b"\x1b[1;31mx\x1b[?1049l\x1b]0;x\x07\x9b")
    assert found == {b"\x1b[m", b"\x1b[?1049l"}
    assert between == b"x\x1b]0;x\x07\x9b"
