"""The words that an expression is made of, and what is said where there is something else."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from tui_backprop.maths.expression import Number
from tui_backprop.maths.functions import ALIASES, CALLABLE_NAMES, CONSTANTS
from tui_backprop.numbers import NumberError, read_number
from tui_backprop.other_words import STEP_HELP

RESERVED_NAMES = frozenset({*CALLABLE_NAMES, *ALIASES, *CONSTANTS})
"""What no scenario may use as a name of its own."""

# The letters of the Greek block, without its punctuation and its gaps.
_GREEK = r"\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u03d0-\u03f5\u03f7-\u03ff"
_NAME = rf"[A-Za-z_{_GREEK}][A-Za-z0-9_{_GREEK}]*"
_TOKEN = re.compile(
    rf"(?P<space>[ \t\r\n\u00a0]+)|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+−-]?\d+)?)|(?P<name>{_NAME})"
    r"|(?P<operator>\*\*|[-+*/^−×·])|(?P<square>[²³])|(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<other>.)",
    re.ASCII | re.DOTALL,
)
# A number with a name at its end that elsewhere is a number of another kind: refused rather than multiplied.
# Here as elsewhere a pattern that most runs do not need is a string, and compiled when it is first asked for.
_NO_DECIMAL = r"0[xX][0-9a-fA-F]|0[oO][0-7]|0[bB][01]|\d+_\d"
_SPELLINGS = {"−": "-", "×": "*", "·": "*", "**": "^"}
_LONGEST_SHOWN = 40


class ExpressionProblem(Struct, frozen=True):
    """What is wrong between two offsets of the text, and what to write."""

    start: int
    end: int
    message: str
    help: str


class ExpressionError(ValueError):
    """A text is no expression. `problems` says where and why."""

    def __init__(self, problem: ExpressionProblem) -> None:
        super().__init__(problem.message)
        self.problems = (problem,)


def is_name(text: str) -> bool:
    """Whether the text has the form of a name; it may still be reserved."""
    token = _TOKEN.fullmatch(text)
    return token is not None and token.lastgroup == "name"


class Token(Struct, frozen=True):
    """A word of an expression: what kind it is, how it is spelled here, and where it stands in the text."""

    kind: str
    text: str
    start: int
    end: int


def error(start: int, end: int, message: str, help: str) -> ExpressionError:
    """What is wrong between two offsets of the text, as an error to raise."""
    return ExpressionError(ExpressionProblem(start, end, message, help))


def number_of(token: Token) -> Number:
    """The number that a word is; raises ExpressionError with the reason where it is none."""
    try:
        return Number(read_number(token.text))
    except NumberError as refusal:
        short = cut(token.text)
        message, help = refusal.message.replace(token.text, short), refusal.help.replace(token.text, short)
        raise error(token.start, token.end, message, help) from None


def cut(written: str) -> str:
    """What is written there, for a message: a name or a number may fill the whole expression."""
    return written if len(written) <= _LONGEST_SHOWN else f"{written[: _LONGEST_SHOWN - 1]}…"


_COMPARISON = r"[<>]=?|[=!]=+|[≤≥≠≟]|&&"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉"
_PLAIN = str.maketrans(_RAISED + _LOWERED, "0123456789+-nT0123456789")
_STRANGERS = {
    "?": STEP_HELP,
    "|": "write abs(x) for the absolute value",
    "=": "the name of the equation comes before the colon; here, write only what it is computed from",
    "[": "use round parentheses only",
    "]": "use round parentheses only",
    "{": "use round parentheses only",
    "}": "use round parentheses only",
    "÷": "write / to divide",
    "⋅": "write * to multiply",
    "∗": "write * to multiply",
    "–": "write - to subtract",
    "√": "write sqrt(x)",
    "%": "write the number as a decimal, such as 0.05",
    "'": "a derivative is not written into a scenario; the program finds it",
    "!": "there is no factorial here",
    ":": "put the expression in quotes only if YAML asks for it; a colon has no meaning in it",
    "#": "a # has no meaning in an expression",
}


def tokens_of(text: str) -> list[Token]:
    """The words of the text, with the multiplication that `3x` leaves out put in."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "space":
            continue
        written = match[0]
        token = Token(kind, _SPELLINGS.get(written, written), *match.span())
        if kind == "other":
            raise _stranger(text, match.start(), tokens)
        if tokens and tokens[-1].kind == "number" and _multiplies(tokens, token):
            if re.compile(_NO_DECIMAL, re.ASCII).match(text, tokens[-1].start):
                number_of(Token("number", tokens[-1].text + token.text, tokens[-1].start, token.end))
            tokens.append(Token("operator", "*", token.start, token.start))
        tokens.append(token)
    return tokens


def _stranger(text: str, start: int, before: list[Token]) -> ExpressionError:
    """What is wrong with a character that begins no word, and what to write in its place."""
    sign = text[start]
    compares = re.compile(_COMPARISON).match(text, start)
    if compares:
        return error(
            start, compares.end(), f"'{compares[0]}' compares two values, which an expression cannot", STEP_HELP
        )
    raised = re.compile(rf"[{_RAISED}]+").match(text, start)
    lowered = re.compile(rf"[{_LOWERED}]+").match(text, start)
    last = before[-1] if before and before[-1].end == start else None
    if raised:
        # ² and ³ are words of their own: w²⁴ has one of them before the first character that is none.
        first = last.start if last is not None and last.kind == "square" else start
        base = next((token.text for token in reversed(before) if token.end == first), "x")
        base = "(…)" if base == ")" else base
        power = text[first : raised.end()].translate(_PLAIN)
        power = power if power.isalnum() else f"({power})"
        message = f"only the raised digits ² and ³ can be read, not '{cut(text[first : raised.end()])}'"
        return error(first, raised.end(), message, f"write {cut(base)}^{cut(power)}")
    if lowered:
        name = cut((last.text if last is not None else "x") + lowered[0].translate(_PLAIN))
        return error(start, lowered.end(), f"'{cut(lowered[0])}' cannot stand in a name", f"write {name}")
    hatted = unicodedata.normalize("NFD", sign)
    if hatted.endswith("\N{COMBINING CIRCUMFLEX ACCENT}") and is_name(hatted[:-1]):
        return error(start, start + 1, f"'{sign}' cannot stand in a name", f"write {hatted[:-1]}hat")
    message = "an invisible character in the expression"
    if sign.isprintable():
        message = f"'{sign}' has no meaning in an expression"
    help = _STRANGERS.get(sign, "use + - * / ^, parentheses, names and numbers")
    return error(start, start + 1, message, help)


def _multiplies(tokens: list[Token], token: Token) -> bool:
    """Whether the token directly follows a number that multiplies it (after / or ^ that would be ambiguous)."""
    if token.kind not in ("name", "open") or tokens[-1].end != token.start:
        return False
    before = len(tokens) - 2
    while before >= 0 and tokens[before].text == "-":
        before -= 1
    return before < 0 or tokens[before].text not in ("/", "^")
