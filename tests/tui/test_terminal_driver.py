"""What does the program hear of what a terminal says?"""

from __future__ import annotations

import pytest

pytest.importorskip("termios", reason="there are no terminals of this kind here")

from codecs import getincrementaldecoder

from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tui_backprop.tui import terminal_driver
from tui_backprop.tui.terminal_driver import LARGEST, TolerantParser


class Heard:
    """A parser that is fed bytes, at a time that passes only when it is told to."""

    def __init__(self):
        self.now = 0.0
        self.parser = TolerantParser()
        self.decode = getincrementaldecoder("utf-8")("surrogateescape").decode

    def said(self, *pieces, silence=0.0):
        heard = []
        for piece in pieces:
            heard += self.parser.feed(self.decode(piece))
        self.now += silence
        return [_told(event) for event in (*heard, *self.parser.tick())]


def _told(event):
    match event:
        case events.Key():
            return event.key
        case events.Paste():
            return ("paste", event.text)
        case events.Resize():
            return ("size", *event.size)
        case events.MouseEvent():
            return (type(event).__name__, event.x, event.y)
    return type(event).__name__


@pytest.fixture
def heard(monkeypatch):
    heard = Heard()
    monkeypatch.setattr(terminal_driver, "get_time", lambda: heard.now)
    return heard


# What is said in one piece with the key x behind it, and what is heard before the x.
SAID = {
    "a byte of latin-1": (b"\xe9", []),
    "words in latin-1": (b"na\xefve", ["n", "a", "v", "e"]),
    "a letter with the eighth bit for alt": (b"\xe1b", ["b"]),
    "half a character": (b"\xe2\x9b", []),
    "a control sequence of the eighth bit": (b"\x9bA", ["A"]),
    "a character of two bytes": ("é".encode(), ["é"]),
    "alt and a byte of latin-1": (b"\x1b\xe9", []),
    "half of a surrogate pair": (b"\xed\xa0\x80", []),
    "the mouse in X10's way": (b"\x1b[M !!", []),
    "the mouse in X10's way, far right": (b"\x1b[M \xe0\xe0", []),
    "the mouse in X10's way, two bytes like one letter": (b"\x1b[M \xc3\xa9", []),
    "the mouse in X10's way, three bytes like one letter": (b"\x1b[M\xe2\x82\xac", []),
    "a key past all numbers": (b"\x1b[99999999999u", []),
    "a key past Unicode": (b"\x1b[1114112u", []),
    "a text past Unicode": (b"\x1b[97;1;1114112u", []),
    "a key let go": (b"\x1b[97;5:3u", []),
    "a key": (b"\x1b[97;5u", ["ctrl+a"]),
    "an arrow": (b"\x1b[C", ["right"]),
    "an arrow in the keypad's way": (b"\x1bOC", ["right"]),
    "a function key of the console": (b"\x1b[[B", ["f2"]),
    "alt and a letter": (b"\x1bz", ["alt+z"]),
    "alt and an arrow": (b"\x1b[1;3C", ["alt+right"]),
    "escape before an arrow": (b"\x1b\x1b[C", ["escape", "right"]),
    "a mouse button": (b"\x1b[<0;5;7M", [("MouseDown", 4, 6)]),
    "a mouse button far away": (b"\x1b[<0;9999999999;1M", [("MouseDown", 9999999998, 0)]),
    "a mouse report that breaks off": (b"\x1b[<0;5\x1b[C", ["right"]),
    "a sequence of nobody": (b"\x1b[5;2X", []),
    "a sequence that ends in q": (b"\x1b[0q", []),
    "a sequence without an end to its number": (b"\x1b[" + b"1" * 5_000 + b"u", []),
    "a control character within a sequence": (b"\x1b[5\x03", ["ctrl+c"]),
    "a title": (b"\x1b]0;quit q\x07", []),
    "a long answer": (b"\x1bP>|" + b"q" * 5_000 + b"\x1b\\", []),
    "a string that breaks off": (b"\x1b]0;quit q\x1b[C", ["right"]),
    "another size": (b"\x1b[48;24;80;480;800t", [("size", 80, 24)]),
    "a size of nothing": (b"\x1b[48;0;0;0;0t", []),
    "a size that cannot be": (b"\x1b[48;99999;99999;1;1t", []),
    "the largest size": (f"\x1b[48;{LARGEST.height};{LARGEST.width};1;1t".encode(), [("size", *LARGEST)]),
    "a paste": (b"\x1b[200~two\rlines\x1b[201~", [("paste", "two\rlines")]),
    "a paste in latin-1": (b"\x1b[200~na\xefve\x1b[201~", [("paste", "nave")]),
    "a paste of sequences": (b"\x1b[200~\x1b[C~\x1b[M\x1b[201~", [("paste", "\x1b[C~\x1b[M")]),
    "an end without a paste": (b"\x1b[201~", []),
}


@pytest.mark.parametrize("name", SAID)
def test_what_cannot_be_understood_is_dropped_and_the_next_key_is_heard(heard, name):
    said, told = SAID[name]
    assert heard.said(said + b"x") == [*told, "x"]
    assert heard.said(*(bytes([byte]) for byte in said), b"x") == [*told, "x"]


def test_the_mouse_is_where_it_is_after_a_size_that_cannot_be(heard):
    heard.said(b"\x1b[48;24;80;480;800t\x1b[48;0;0;0;0t\x1b[48;99999;99999;1;1t")
    # Ten pixels to a column, twenty to a row.
    assert heard.said(b"\x1b[<0;41;61M") == [("MouseDown", 4, 3)]


UNFINISHED = {
    "escape": (b"\x1b", 0.1, ["escape"]),
    "a sequence": (b"\x1b[5;", 0.1, []),
    "a mouse report": (b"\x1b[<0;5", 0.1, []),
    "the mouse in X10's way": (b"\x1b[M\xe0\xe0\xe0", 0.1, []),
    "a string": (b"\x1b]0;quit q", 0.1, []),
    "a paste": (b"\x1b[200~lost", 1.0, [("paste", "lost")]),
}


@pytest.mark.parametrize("name", UNFINISHED)
def test_what_is_not_finished_is_not_waited_for(heard, name):
    said, seconds, told = UNFINISHED[name]
    assert heard.said(said, silence=seconds * 0.9) == []
    assert heard.said(silence=seconds) == told
    assert heard.said(b"x") == ["x"]


_PARTS = st.sampled_from(
    [b"\x1b", b"\x1b[", b"\x1b[M", b"\x1b[200~", b"\x1b]", b"1114112", b";", b":", b"u", b"t", b"M"]
)


@given(st.lists(st.one_of(_PARTS, st.binary(max_size=6)), max_size=30))
def test_after_anything_at_all_and_a_silence_the_next_key_is_heard(pieces):
    heard = Heard()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminal_driver, "get_time", lambda: heard.now)
        heard.said(*pieces, silence=2.0)
        heard.said(silence=2.0)
        assert heard.said(b"x")[-1] == "x"
