"""The README's moving picture: the screen after each key, laid over one another in one SVG that shows them in turn.

python docs/moving_picture.py FILE      writes the picture of FRAMES

What stands in several frames is there once, and shown while one of them is. A reader who wants nothing to move sees
the first frame.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tui_backprop.api import load
from tui_backprop.tui.snap import snap

LESSON, SIZE, SECONDS = "logistic", (100, 30), 1.2
# Forward; backward, through the factors; the derivation of one; the updates; the next iteration, and back.
KEYS = ["right", "right", "n", *["right"] * 3, "d", "right", "right", "escape", "right", "right", "f", "down", "n"]
KEYS += ["right", "n", "]", "]", "left", "left"]

_PART = re.compile(r"<(rect|text)\b[^>]*?(?:/>|>[^<]*</\1>)")
_CLASS_OF = re.compile(r'class="terminal-\d+-(r\d+)"')
_STYLE = re.compile(r'style="([^"]*)"')
_CLASS = re.compile(r"^\.terminal-\d+-(r\d+) \{(.*)\}$", re.MULTILINE)


def parts_of(picture: str) -> list[str]:
    """What a picture of the screen draws, in order, with its styles written out: the same in every picture."""
    styles = dict(_CLASS.findall(picture))
    drawn = picture[picture.index("</defs>") :]
    parts = [found.group() for found in _PART.finditer(drawn)][1:]
    named = [_CLASS_OF.sub(lambda at: f'style="{styles[at[1]].strip()}"', part) for part in parts]
    # A part is one row high, and cut off only where its glyphs are higher.
    return [re.sub(r' clip-path="[^"]*"', "", part) for part in named if not _is_blank(part)]


def _is_blank(part: str) -> bool:
    return part.startswith("<text") and not re.sub(r"<[^>]*>|&#160;|\s", "", part)


def moving(pictures: Sequence[str], seconds: float) -> str:
    """One picture that shows the pictures in turn, each for so many seconds, for ever."""
    frames: dict[str, list[int]] = {}
    for number, picture in enumerate(pictures):
        for part in dict.fromkeys(parts_of(picture)):
            frames.setdefault(part, []).append(number)
    groups: dict[tuple[int, ...], list[str]] = {}
    # Grounds lie below all texts, and no two grounds, or texts, of one frame overlap.
    for part in sorted(frames, key=lambda part: part.startswith("<text")):
        groups.setdefault((part.startswith("<text"), *frames[part]), []).append(part)
    styles = {style: f"s{index}" for index, style in enumerate(dict.fromkeys(_STYLE.findall("".join(frames))))}
    rules = [f".{name} {{ {style} }}" for style, name in styles.items()]
    body = []
    for index, ((_, *shown), parts) in enumerate(groups.items()):
        drawn = _STYLE.sub(lambda at: f'class="{styles[at[1]]}"', "\n".join(parts))
        if len(shown) == len(pictures):
            body.append(f"<g>\n{drawn}\n</g>")
            continue
        rules.append(_times(index, shown, len(pictures), seconds))
        body.append(f'<g id="g{index}">\n{drawn}\n</g>')
    head, _, rest = pictures[0].partition("<style>")
    (font,) = re.findall(r"-matrix \{(.*?)\}", rest)
    (ground,) = re.findall(r'<rect width="100%"[^>]*/>\s*<g transform="[^"]*">', rest)
    still = "@media (prefers-reduced-motion: reduce) { g { animation: none !important; } }"
    style = ["<style>", f"text {{{font}}}", *rules, still, "</style>"]
    return head + "\n".join([*style, ground, *body, "</g>", "</svg>", ""])


def _times(index: int, shown: Sequence[int], count: int, seconds: float) -> str:
    """When a group is there: the moments at which that changes, as CSS."""
    moments = [0, *(at for at in range(1, count) if (at in shown) != (at - 1 in shown))]
    words = {True: "visible", False: "hidden"}
    changes = " ".join(f"{100 * at / count:.4g}% {{ visibility: {words[at in shown]} }}" for at in moments)
    return (
        f"#g{index} {{ visibility: {words[0 in shown]}; animation: t{index} {count * seconds:g}s step-end infinite }}\n"
        f"@keyframes t{index} {{ {changes} }}"
    )


def main(file: str) -> None:
    """Write the picture."""
    scenario = load(LESSON)
    pictures = [snap(scenario, KEYS[:count], *SIZE, "svg") for count in range(len(KEYS) + 1)]
    Path(file).write_text(moving(pictures, SECONDS), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
