"""What could a stranger write to reach through a text: sequences, markup, formats, invisible and overlapping signs?"""

from __future__ import annotations

import unicodedata
from types import MappingProxyType

PAYLOADS = MappingProxyType(
    {
        # sequences of the terminal
        "colour": "a\x1b[31mb",
        "clear the screen": "\x1b[2J\x1b[H",
        "leave the other screen": "\x1b[?1049l",
        "mouse on": "\x1b[?1003h\x1b[?1006h",
        "ask for the cursor": "\x1b[6n",
        "answer back": "\x05\x1b[c",
        "window title": "\x1b]0;title\x07",
        "window title, long end": "\x1b]2;title\x1b\\",
        "link": "\x1b]8;;https://example.org\x1b\\x\x1b]8;;\x1b\\",
        "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
        "notification": "\x1b]777;notify;a;b\x07",
        "device control": "\x1bP1$qm\x1b\\",
        "application command": "\x1b_Gi=1,a=q;AAAA\x1b\\",
        "privacy message": "\x1b^x\x1b\\",
        "reset": "\x1bc",
        "other letters": "\x0eqqq\x0f\x1b(0",
        "one-byte sequence": "\x9b31mx",
        "one-byte string": "\x9d0;title\x9c",
        "one-byte device control": "\x90q\x9c",
        "next line": "a\x85b",
        # single control characters
        "bell": "a\x07b",
        "backspace": "abc\b\b\bxyz",
        "carriage return": "abc\rxyz",
        "line feed": "abc\nxyz",
        "tab": "abc\txyz",
        "other tabs": "a\x0bb\x0cc",
        "zero": "a\x00b",
        "delete": "a\x7fb",
        "substitute": "a\x1ab\x18c",
        "unit separators": "a\x1fb\x1cc",
        # signs that are not seen, or seen elsewhere
        "right to left": "\u202egnp.exe",
        "isolated": "\u2066a\u2069\u2067b\u2069",
        "marks of direction": "a\u200eb\u200fc\u061cd",
        "Hebrew": "שלום",
        "joined": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "no width": "a\u200bb\u200cc\u2060d\ufeffe",
        "soft hyphen": "a\u00adb",
        "one mark": "e\u0301",
        "a flood of marks": "Z" + "\u0310\u0324\u0489" * 60,
        "a mark with nothing before it": "\u0301a",
        "picture selector": "❤\ufe0f",
        "selectors for tags": "a\U000e0100b\U000e0041c",
        "skin colour": "\U0001f44d\U0001f3fd",
        "flag": "\U0001f1e9\U0001f1ea",
        "wide": "数学の授業 한국어 ｗｉｄｅ",
        "parts of a syllable": "\u1112\u1161\u11ab",
        "fillers": "a\u3164b\u115fc\u1160d\uffa0e",
        "line separators": "a\u2028b\u2029c",
        "private": "a\ue000b\U000f0000c",
        "unassigned": "a\u0378b\U000e0fffc",
        "no character": "a\uffffb\ufffec",
        "half of a pair": "a\ud800b\udcffc",
        "interlinear": "a\ufff9b\ufffac\ufffbd",
        "wide space": "a\u3000b\u2003c\u00a0d",
        "ligature sign": "\ufdfd\u0bf5",
        # markup, formats, other languages
        "markup": "[red]a[/red]",
        "end of markup": "[/]",
        "action": "[@click=app.quit]x[/]",
        "link in markup": "[link=https://example.org]x[/link]",
        "open bracket": "[[[",
        "escaped bracket": "\\[bold]x\\",
        "variable of a style": "$primary $error",
        "emoji by name": ":smiley:",
        "format": "{0} {x!r:>9999999999} {{",
        "percent": "%s %n %(x)s %",
        "shell": "$(reboot) `reboot` ; reboot",
        "HTML": "<script>alert(1)</script><b onclick='x'>",
        "end of CDATA": "]]></title></svg><svg onload=x>",
        "entity": "&amp; &lt; &#27; &x;",
        "quotes": "'\" \\\" ''",
        "JSON": '", "x": "',
        "CSV formula": '=HYPERLINK("x")',
        "comma": "a,b;c",
        # too much of it
        "long": "long " * 800,
        "long without a space": "x" * 4_000,
        "long and wide": "数" * 2_000,
    }
)

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def unsafe_characters(text: str) -> set[str]:
    """The characters of a drawn text that no drawn text may have; line breaks are what it is drawn with."""
    return {sign for sign in text if sign != "\n" and unicodedata.category(sign) in _UNSAFE}


def longest_stack(text: str) -> int:
    """How many marks are stacked on one letter at most."""
    longest = stacked = 0
    for sign in text:
        stacked = stacked + 1 if unicodedata.category(sign).startswith("M") else 0
        longest = max(longest, stacked)
    return longest


def in_yaml(text: str) -> str:
    """The text in double quotes, with everything escaped that can be."""
    signs = []
    for sign in text:
        code = ord(sign)
        if sign in '"\\':
            signs.append(f"\\{sign}")
        elif 0x20 <= code < 0x7F:
            signs.append(sign)
        else:
            signs.append(f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return f'"{"".join(signs)}"'
