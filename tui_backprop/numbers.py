"""How a number is read from text, and how it is written: in full, in four digits, in JSON."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from tui_backprop.charset import CHARACTERS, Charset

MINUS = "\N{MINUS SIGN}"

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LEADING_ZERO = r"[+-]?0\d"


class NumberError(ValueError):
    """A text is no number of the scenario language. `message` says why, `help` what to write."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def read_number(text: str) -> float:
    """The value of a decimal: `3`, `-0.5`, `.5`, `5.`, `1e-3`.

    Raises NumberError, with the reason, for everything else: leading zeros, hexadecimal, underscores, `1:30`,
    `yes`, dates, NaN, infinities, and what overflows.
    """
    plain = text.replace(MINUS, "-")
    if re.match(_LEADING_ZERO, plain, re.ASCII):
        raise NumberError(
            f"'{text}' has a leading zero", "write it without the zero; octal numbers cannot be read here"
        )
    if _DECIMAL.fullmatch(plain):
        value = float(plain)
        if math.isinf(value):
            raise NumberError(f"'{text}' is too large for a number (about 1.8e308 is the most)", "use a smaller number")
        return value
    raise NumberError(*_why_not(plain))


def _why_not(text: str) -> tuple[str, str]:
    lowered = text.lower().lstrip("+-.")
    if not text:
        return "a number is missing", "write a decimal such as 0.5"
    if lowered.startswith(("0x", "0o", "0b")):
        return (
            f"'{text}' is not a decimal",
            "write it as a decimal; other number systems cannot be read here",
        )
    if "_" in text and _DECIMAL.fullmatch(text.replace("_", "")):
        return f"'{text}' has an underscore", "write the digits without underscores"
    if lowered in ("nan", "inf", "infinity"):
        return f"'{text}' is not a finite number", "write a decimal such as 0.5"
    if re.fullmatch(r"\d+(:\d+)+", text):
        return f"'{text}' is not a decimal", "write a decimal such as 1.5; times of day cannot be read here"
    if re.fullmatch(r"\d+-\d+-\d+.*", text):
        return f"'{text}' is not a decimal", "write a decimal such as 0.5; dates cannot be read here"
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return f"'{text}' has a comma", f"write a point: {text.replace(',', '.')}"
    if lowered in ("yes", "no", "true", "false", "on", "off", "y", "n", "null", "~"):
        return f"'{text}' is not a number", "write 1 or 0"
    return f"'{text}' is not a number", "write a decimal such as 0.5, -2 or 1e-3"


def full(value: float) -> str:
    """The shortest text that reads back as the very same number: `3`, `-0.5`, `1.7999999999999998`."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def for_json(value: float) -> float | str:
    """The number itself, or the word that stands for it in JSON where it is not finite."""
    return value if math.isfinite(value) else full(value)


class Remnant(float):
    """A number that is nothing but rounding: what is left where terms as large as `term` cancel."""

    __slots__ = ("term",)

    def __new__(cls, value: float, term: float) -> Remnant:
        remnant = super().__new__(cls, value)
        remnant.term = term
        return remnant

    term: float


@lru_cache(maxsize=4096, typed=True)
def four_digits(value: float, charset: Charset = "unicode") -> str:
    """Four significant digits for reading; a number that is exact in fewer stays short (0.5, 3, never 1.8000).

    A Remnant, which is nothing but rounding, is ≈ 0.
    """
    # Remembered, because from one step to the next a screen shows mostly the same numbers.
    characters = CHARACTERS[charset]
    if isinstance(value, Remnant):
        return f"{characters.nearly} 0"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{'' if value > 0 else characters.minus}{characters.infinity}"
    if value == 0:
        return "0"
    magnitude = abs(value)
    exact = full(value)
    if "e" not in exact and len(exact.lstrip("-").replace(".", "").strip("0")) <= 4 and 1e-4 <= magnitude < 1e6:
        text = exact
    elif 1e-4 <= float(f"{magnitude:.3e}") < 1e6:
        text = _fixed(value)
    else:
        text = _scientific(value)
    return text.replace("-", characters.minus)


def _fixed(value: float) -> str:
    exponent = int(f"{value:.3e}".partition("e")[2])
    text = f"{value:.{max(0, 3 - exponent)}f}"
    # Zeros at the end are digits when something was rounded away, and noise when the number is that short.
    return full(float(text)) if float(text) == value or _is_rounding_noise(value, float(text)) else text


def _is_rounding_noise(value: float, rounded: float) -> bool:
    """Whether value is rounded but for the last bits, as 1.7999999999999998 is 1.8."""
    return abs(value - rounded) <= 8 * math.ulp(value)


def _scientific(value: float) -> str:
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    rounded = float(f"{mantissa}e{exponent}")
    if rounded == value or _is_rounding_noise(value, rounded):
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def within(value: float, cells: int, charset: Charset = "unicode") -> str:
    """As `four_digits`, with fewer digits where that would take more than so many cells, seven at least."""
    text = four_digits(value, charset)
    for digits in (3, 2, 1):
        if len(text) <= cells or not math.isfinite(value):
            break
        exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
        fixed = f"{value:.{max(0, digits - 1 - exponent)}f}"
        mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
        scientific = f"{mantissa}e{int(power)}"
        text = (fixed if len(fixed) <= cells else scientific).replace("-", CHARACTERS[charset].minus)
    return text


def all_digits(value: float, charset: Charset = "unicode") -> str:
    """Every digit: what `four_digits` shortens."""
    if not math.isfinite(value):
        return four_digits(value, charset)
    return full(value).replace("-", CHARACTERS[charset].minus)


def is_nearly(text: str) -> bool:
    """Whether a written number is one that is 0 but for rounding."""
    return text[0] in "≈~"


def equals(text: str) -> str:
    """A written number with the sign before it that says what it is: = 0.4013, ≈ 0."""
    return text if is_nearly(text) else f"= {text}"
