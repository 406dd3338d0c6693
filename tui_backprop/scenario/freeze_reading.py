"""The field of a scenario file that says which parameters are never updated."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from itertools import takewhile

from tui_backprop.scenario.draft import PARAMETER, Draft
from tui_backprop.scenario.fields import read_scalar, read_sequence
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.tree import Node, Scalar

_HELP = "write parameter names, such as [b1, b2]; b* means all that begin with b"


def read_frozen(draft: Draft, node: Node) -> tuple[str, ...]:
    """The parameters that a name, or a list of them, means, in the order of the file."""
    items: tuple[Node, ...] = (node,)
    if not isinstance(node, Scalar) or not node.text.strip():
        sequence = read_sequence(draft.report, node, "'freeze'", _HELP)
        items = sequence.items if sequence is not None else ()
    scalars = [read_scalar(draft.report, item, "a name of 'freeze'", _HELP) for item in items]
    names = sorted(draft.names_of(PARAMETER))
    # Thousands of entries may say the same thing about thousands of parameters.
    matched: dict[str, list[str]] = {}
    for scalar in scalars:
        if scalar is not None and not matched.get(scalar.text):
            matched[scalar.text] = _matched(draft, scalar, names)
    frozen = {name for found in matched.values() for name in found}
    return tuple(name for name in draft.parameters if name in frozen)


def _matched(draft: Draft, scalar: Scalar, names: list[str]) -> list[str]:
    """The parameters, out of their sorted names, that a name with or without a trailing `*` means."""
    pattern = scalar.text
    beginning = pattern.removesuffix("*")
    first = bisect_left(names, beginning)
    family = takewhile(lambda name: name.startswith(beginning), (names[i] for i in range(first, len(names))))
    found = list(family) if beginning != pattern else [name for name in names[first : first + 1] if name == pattern]
    if "*" in pattern[:-1]:
        message = f"'{shown(pattern)}' has a * that is not at its end"
        draft.report.add(scalar.place, message, "write the * last, as in w1*")
    elif not found and draft.complete and beginning not in draft.refused:
        definition = draft.definitions.get(pattern)
        message = f"no parameter is called '{shown(pattern)}'"
        if definition is not None:
            message = f"'{shown(pattern)}' is {definition.kind}, not a parameter"
        known = partial(draft.names_of, PARAMETER)
        draft.report.add_unknown_name(scalar.place, message, pattern.rstrip("*"), known, "the parameters are")
    return found
