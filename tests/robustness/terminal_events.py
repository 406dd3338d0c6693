"""What a terminal may say, at random from a seed: keys, texts, mouse, pastes, sequences whole and broken, bytes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

LEAVES = b"\x11"
"""ctrl+q, the one thing that is never said."""

PROBE = b"\x1b[24~"
"""f12."""

_NAMED_KEYS = [key.encode() for key in ANSI_SEQUENCES_KEYS if key.encode() not in (LEAVES, PROBE)]
_USED_KEYS = [*b"hjklnpeEgdcxfvawyzo?+-m[]s bBtT 0123456789", 13, 27, 9, 127, 16]
_NUMBERS = [0, 1, 2, 3, 5, 9, 13, 24, 27, 32, 48, 80, 97, 127, 128, 255, 256, 999, 9_999]
_ABSURD = [55_296, 65_535, 65_536, 1_114_111, 1_114_112, 2**31, 2**63, 99_999_999_999, 10**25]
_TEXTS = [
    "12.3",
    "end",
    "loss < 0.01",
    "w",
    "next",
    "colours",
    "/tmp",
    "naïve ∂L/∂w",
    "\u202e\x1b[31m",
    "[/]",
    "x" * 300,
]
_SIZES = [(1, 1), (0, 0), (19, 4), (20, 5), (40, 12), (79, 23), (80, 24), (100, 30), (120, 40), (300, 100), (65_535, 2)]


def _number(random: Random) -> int:
    return random.choice(_NUMBERS if random.random() < 0.8 else _ABSURD)


def _key(random: Random) -> bytes:
    return bytes([random.choice(_USED_KEYS)]) if random.random() < 0.6 else random.choice(_NAMED_KEYS)


def _reported_key(random: Random) -> bytes:
    parts = [
        ":".join(str(_number(random)) for _ in range(random.choice([1, 1, 1, 2]))) for _ in range(random.randint(1, 4))
    ]
    return f"\x1b[{';'.join(parts)}{random.choice('u~ABCDEFHPQRS')}".encode()


def _mouse(random: Random) -> bytes:
    button = random.choice([0, 0, 0, 1, 2, 32, 35, 35, 64, 65, 66, 67, 128, _number(random)])
    column, row = (random.randint(1, 110) if random.random() < 0.95 else _number(random) for _ in range(2))
    report = f"\x1b[<{button};{column};{row}"
    # In pixels once the size was reported, and a click rather than a press alone.
    return (f"{report}M{report}m" if random.random() < 0.7 else report + random.choice("Mm")).encode()


def _old_mouse(random: Random) -> bytes:
    return b"\x1b[M" + bytes(random.randint(32, 255) for _ in range(3))


def _paste(random: Random) -> bytes:
    text = random.choice(_TEXTS).encode() if random.random() < 0.7 else random.randbytes(random.randint(0, 60))
    return b"\x1b[200~" + text + (b"\x1b[201~" if random.random() < 0.97 else b"")


def _typed(random: Random) -> bytes:
    return (
        random.choice([b"g", b"\x10", b"", b""]) + random.choice(_TEXTS).encode() + random.choice([b"\r", b"\r\r", b""])
    )


def _reported_size(random: Random) -> bytes:
    width, height = random.choice(_SIZES) if random.random() < 0.8 else (_number(random), _number(random))
    # Never so large that drawing on it again and again would be all that is tried.
    return f"\x1b[48;{height if height < 200 else 99_999};{width};{_number(random)};{_number(random)}t".encode()


def _sequence(random: Random) -> bytes:
    inner = "".join(random.choice("0123456789;:<=>?") for _ in range(random.randint(0, 40)))
    return f"\x1b[{inner}{random.choice(['', ' ', '$'])}{chr(random.randint(64, 126))}".encode()


def _string(random: Random) -> bytes:
    begin, end = random.choice([b"\x1b]", b"\x1bP", b"\x1b_", b"\x1bX"]), random.choice([b"\x07", b"\x1b\\", b""])
    return begin + random.choice(_TEXTS).encode() * random.choice([1, 20]) + end


def _bytes(random: Random) -> bytes:
    return random.randbytes(random.randint(1, 12))


def _report(random: Random) -> bytes:
    return random.choice(
        [b"\x1b[I", b"\x1b[O", b"\x1b[?2026;2$y", b"\x1b[?2048;2$y", b"\x1b[5;7R", b"\x1b[?1u", b"\x1b[?62c"]
    )


_KINDS: list[tuple[Callable[[Random], bytes], int]] = [
    *((_key, 40), (_reported_key, 8), (_mouse, 14), (_old_mouse, 3), (_paste, 4), (_typed, 5), (_reported_size, 1)),
    *((_sequence, 6), (_string, 3), (_bytes, 6), (_report, 3)),
]
SHARE_OF_RESIZES = 0.02


def said(random: Random) -> bytes:
    """What the terminal says in one event; now and then it breaks off."""
    kinds, weights = zip(*_KINDS, strict=True)
    event = random.choices(kinds, weights)[0](random).replace(LEAVES, b"")
    return event[: random.randint(0, len(event))] if random.random() < 0.05 else event


def size(random: Random) -> tuple[int, int]:
    """The size that the window has next, in columns and rows."""
    return random.choice(_SIZES)
