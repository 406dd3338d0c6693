"""One field of a scenario read: a text, a number, a name, a list, a mapping; and what is said when it is none.

Every reader returns the value, or None after noting what is wrong. What has been refused before is passed over in
silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from collections.abc import Collection as AnyCollection
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence as AnySequence
from functools import partial

from tui_backprop.maths.tokens import RESERVED_NAMES, is_name
from tui_backprop.numbers import NumberError, full, read_number
from tui_backprop.other_words import OtherWord, called_here, other_word
from tui_backprop.safe_text import is_visible
from tui_backprop.scenario.nearest import MOST_LISTED, did_you_mean, listed, nearest, shown
from tui_backprop.scenario.report import Help, Report
from tui_backprop.scenario.source import no_space_after_colon
from tui_backprop.scenario.tree import Mapping, Node, Pair, Scalar, Sequence

# No number needs more digits; what is longer is not even looked at.
LONGEST_NUMBER = 100

LONGEST_PLAIN = 40
"""A longer text is not made into a name."""

_KINDS = {Scalar: "a single value", Sequence: "a list", Mapping: "a mapping"}
LANGUAGE_CONSTANTS = ("pi", "e")
"""What every expression may use without anything defining it."""

_CUT_OFF = r" +#\d"


def read_scalar(report: Report, node: Node, what: str, help: str) -> Scalar | None:
    """A single value with something in it. `what` names the field in messages, `help` says what to write."""
    if isinstance(node, Scalar):
        if node.refused:
            return None
        if is_visible(node.text):
            return node
        message = "has nothing that can be seen in it" if node.text.strip() else "has no value"
        report.add(node.place, f"{what} {message}", help)
        return None
    report.add(node.place, f"{what} must be a single value, not {_KINDS[type(node)]}", help)
    return None


def read_mapping(report: Report, node: Node, what: str, help: str) -> Mapping | None:
    """`name: value` entries, at least one."""
    if isinstance(node, Mapping):
        if node.entries:
            return node
        report.add(node.place, f"{what} has nothing in it", help)
        return None
    if isinstance(node, Scalar):
        _refuse_scalar(report, node, what, help, "'name: value' lines")
    else:
        report.add(node.place, f"{what} must be 'name: value' lines, not a list", help)
    return None


def read_sequence(report: Report, node: Node, what: str, help: str) -> Sequence | None:
    """A list with at least one item."""
    if isinstance(node, Sequence):
        if node.items:
            return node
        report.add(node.place, f"{what} has nothing in it", help)
        return None
    if isinstance(node, Scalar):
        _refuse_scalar(report, node, what, help, "a list")
    else:
        report.add(node.place, f"{what} must be a list, not a mapping", help)
    return None


def read_one_or_list(report: Report, node: Node, what: str, help: str) -> tuple[Node, ...]:
    """The items of a list, or one mapping, which may stand there without a list."""
    if isinstance(node, Mapping):
        return (node,)
    sequence = read_sequence(report, node, what, help)
    return sequence.items if sequence is not None else ()


def _refuse_scalar(report: Report, node: Scalar, what: str, help: str, wanted: str) -> None:
    if node.refused:
        return
    squeezed = no_space_after_colon(node)
    if not node.text.strip():
        report.add(node.place, f"{what} has nothing in it", help)
    elif squeezed is not None and is_name(node.text.partition(":")[0]):
        report.add(*squeezed)
    else:
        report.add(node.place, f"{what} must be {wanted}, not a single value", help)


def read_text(report: Report, node: Node, what: str, help: str) -> str | None:
    """A text in one line; where it is written over several, they are joined."""
    scalar = read_scalar(report, node, what, help)
    if scalar is None:
        return None
    behind = "" if scalar.style != "plain" else report.lines[scalar.end_line - 1][scalar.end_column - 1 :]
    if re.match(_CUT_OFF, behind):
        place = scalar.place_at(len(scalar.text), len(scalar.text) + 1)
        remedy = "put the text in quotes if it goes on; write a space after the # if a comment is meant"
        report.add(place, f"{what} ends here: what follows ' #' is a comment in YAML", remedy)
        return None
    return " ".join(scalar.text.split())


def read_line(report: Report, node: Node, what: str, help: str) -> str | None:
    """A text that is one line of the file's meaning: no line breaks in it."""
    text = read_text(report, node, what, help)
    if text is not None and isinstance(node, Scalar) and "\n" in node.text.strip():
        report.add(node.place, f"{what} is one line", "write it in one line")
        return None
    return text


def read_numeral(report: Report, node: Node, what: str) -> float | None:
    """A decimal number."""
    scalar = read_scalar(report, node, what, "write a decimal such as 0.5")
    if scalar is None:
        return None
    text = scalar.text.strip()
    squeezed = squeezed_next_line(scalar)
    if squeezed is not None:
        report.add(scalar.place, f"{what} goes on in the next line, which has no ': '", squeezed)
        return None
    if len(text) > LONGEST_NUMBER:
        report.add(scalar.place, f"'{shown(text)}' is not a number", "write a decimal such as 0.5, -2 or 1e-3")
        return None
    try:
        return read_number(text)
    except NumberError as error:
        # Whatever is written there: the same is wrong with it.
        cause = (what, error.message.replace(f"'{text}'", ""))
        report.add(scalar.place, shown(error.message, 120), shown(error.help, 120), cause)
        return None


def squeezed_next_line(scalar: Scalar) -> str | None:
    """The remedy where a plain value swallowed a next line that is `name:value` without its space."""
    if scalar.style != "plain" or scalar.line == scalar.end_line:
        return None
    for word in scalar.text.split()[1:]:
        name, _, rest = word.partition(":")
        if is_name(name) and rest:
            return f"write {shown(name)}: {shown(rest)}"
    return None


def read_integer(report: Report, node: Node, what: str, least: int, most: int, limit: str = "") -> int | None:
    """A whole number from `least` to `most`; `limit` says in a message what the upper end is."""
    value = read_numeral(report, node, what)
    if value is None:
        return None
    assert isinstance(node, Scalar)
    if not value.is_integer():
        report.add(node.place, f"{what} must be a whole number, not {full(value)}", "write it without a fraction")
    elif value < least:
        report.add(node.place, f"{what} must be at least {least:,}, not {full(value)}", f"write {least} or more")
    elif value > most:
        message = f"{what} is {full(value)}; {limit or f'the limit is {most:,}'}"
        report.add(node.place, message, f"write {most} or less")
    else:
        return int(value)
    return None


def read_choice(
    report: Report, node: Node, what: str, choices: AnySequence[str], instead: Callable[[OtherWord], str] | None = None
) -> str | None:
    """One of a few words. `instead` tells what to write for a word of the field that is none of them."""
    scalar = read_scalar(report, node, what, f"write {listed(choices)}")
    if scalar is None or scalar.text in choices:
        return scalar.text if scalar else None
    here, other = called_here(scalar.text, choices), other_word(scalar.text)
    otherwise = f"it can be {listed(choices)}"
    help: Help = otherwise
    if here is not None:
        help = f"here it is called {here}"
        if other is not None and other.beside:
            help += f", which goes with {other.beside}"
    elif other is not None:
        help = partial(instead, other) if instead is not None else otherwise
    else:
        help = did_you_mean(scalar.text, choices, otherwise)
    report.add(scalar.place, f"'{shown(scalar.text)}' is not a known {what}", help)
    return None


def read_name(report: Report, scalar: Scalar) -> str | None:
    """A name that a scenario may give to something."""
    if scalar.refused:
        return None
    wrong = why_no_name(scalar.text)
    if wrong is None:
        return scalar.text
    report.add(scalar.place, *wrong)
    return None


def why_no_name(name: str) -> tuple[str, str] | None:
    """Message and help where a text cannot be given as a name; None where it can."""
    if not name.strip():
        return "a name is missing", "write name: value"
    if name in LANGUAGE_CONSTANTS:
        return f"'{name}' is a constant of its own", f"choose another name, such as {name}_"
    if name in RESERVED_NAMES:
        return f"'{name}' is the name of a function", f"choose another name, such as {name}_"
    if not is_name(name):
        return f"'{shown(name)}' cannot be a name", _name_help(name)
    return None


def _name_help(name: str) -> str:
    rule = "a name is letters (Greek ones too), digits and _, and begins with no digit"
    plain = plain_name(name) if len(name) <= LONGEST_PLAIN else ""
    return f"{rule}; write {plain}" if is_name(plain) and plain not in RESERVED_NAMES else rule


def plain_name(text: str) -> str:
    """The text as a name, as far as it can be one: ŷ is yhat, w₁ is w1, `petal length (cm)` is petal_length_cm."""
    # ŷ is y with a mark over it, w₁ is w1 set lower.
    plain = unicodedata.normalize(
        "NFKC", unicodedata.normalize("NFD", text).replace("\N{COMBINING CIRCUMFLEX ACCENT}", "hat")
    )
    plain = re.sub(r"[\s\-.\[\](),:'/#%]+", "_", plain).strip("_")
    return f"n{plain}" if plain[:1].isdigit() else plain


def known_entries(report: Report, node: Mapping, what: str, known: AnySequence[str]) -> dict[str, Pair]:
    """The entries of a mapping by their keys; unknown keys are noted and left out."""
    entries: dict[str, Pair] = {}
    for entry in node.entries:
        key = entry.key.text
        if entry.key.refused:
            continue
        if key in known:
            entries[key] = entry
            continue
        here, other = called_here(key, known), other_word(key)
        meant = here if other is not None else nearest(key, known)
        message, help = f"unknown key '{shown(key)}' in {what}", f"{what} can have {listed(known, 20)}"
        if meant:
            help = f"here it is called {meant}" if here else f"did you mean '{meant}'?"
        elif other is not None and other.without:
            help = other.without
        report.add(entry.key.place, message, help)
        if meant and node.get(meant) is None:
            # Read as what is meant, so that nothing is missing because of it.
            entries.setdefault(meant, entry)
    return entries


def required(
    report: Report, node: Mapping, entries: AnyMapping[str, Pair], what: str, key: str, help: str
) -> Node | None:
    """The value of a key that has to be there."""
    if key in entries:
        return entries[key].value
    if not node.merges:
        report.add(node.place, f"{what} has no '{key}'", help)
    return None


def named_numbers(
    report: Report, node: Mapping, what: str, refused: AnyCollection[str] = ()
) -> Iterator[tuple[Scalar, float | None]]:
    """The entries of `name: number` lines: the name as it stands there, and its number where it is one. Nothing more
    is said of the numbers of `refused` names."""
    for entry in node.entries:
        if entry.key.refused or entry.key.text in refused:
            yield entry.key, None
            continue
        label = f"{what} '{shown(entry.key.text)}'"
        if isinstance(entry.value, Sequence):
            message = f"{label} must be a single value, not a list"
            help = _numbered(entry.key.text, entry.value)
            if what == "the input":
                help += f"; several examples are several lines: - {{{shown(entry.key.text)}: 1}}"
            report.add(entry.value.place, message, help, ("list", what))
            yield entry.key, None
            continue
        yield entry.key, read_numeral(report, entry.value, label)


def _numbered(name: str, node: Sequence) -> str:
    """The help for a list where a name wants one number: a name for each of its numbers."""
    sign = "_" if name[-1:].isdigit() else ""
    flat = [(str(k), item) for k, item in enumerate(node.items, start=1)]
    if any(isinstance(item, Sequence) for item in node.items):
        rows = ((j, row) for j, row in enumerate(node.items, start=1) if isinstance(row, Sequence))
        flat = [(f"{j}_{k}", item) for j, row in rows for k, item in enumerate(row.items, start=1)]
    named = [f"{shown(name)}{sign}{k}: {shown(item.text)}" for k, item in flat if isinstance(item, Scalar)]
    if not named:
        return "write a decimal such as 0.5"
    rest = ", …" if len(named) > MOST_LISTED else ""
    return f"a name is one number: write {', '.join(named[:MOST_LISTED])}{rest}"
