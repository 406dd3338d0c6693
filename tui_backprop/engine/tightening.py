"""How does a loop keep fewer numbers alive? Updates as early as they may come, and variables used again.

A long loop body is as fast per line as a short one only if its numbers stay near: a variable that is done with lends
its name to the next one, which frees its number at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

_VARIABLE = re.compile(r"\bs\d+\b")


def with_early_updates(lines: Sequence[str], updates: Mapping[str, str]) -> list[str]:
    """The lines with each update as soon as its gradient is known and no later line mentions its parameter.

    A gradient that only its update needs is computed in it.
    updates: by the variable of a parameter that of its gradient, which is no parameter.
    """
    last = {name: place for place, line in enumerate(lines) for name in _VARIABLE.findall(line)}
    known = {_target(line): place for place, line in enumerate(lines)}
    mentions = Counter(name for line in lines for name in _VARIABLE.findall(line))
    needed = Counter(updates.values())
    after: dict[int, list[str]] = {}
    merged: set[int] = set()
    for parameter, gradient in updates.items():
        text, at = gradient, known.get(gradient, -1)
        if at >= 0 and mentions[gradient] == needed[gradient] == 1:
            formula = lines[at].partition(" = ")[2]
            if not any(name in updates for name in _VARIABLE.findall(formula)):
                text = formula
                merged.add(at)
        after.setdefault(max(last.get(parameter, -1), at), []).append(update_line(parameter, text))
    ordered = after.get(-1, [])
    for place, line in enumerate(lines):
        if place not in merged:
            ordered.append(line)
        ordered.extend(after.get(place, ()))
    return ordered


def with_few_variables(lines: Sequence[str], lasting: Collection[str]) -> list[str]:
    """The lines with variables under shared names, but for those that last from one iteration to the next."""
    last = {name: place for place, line in enumerate(lines) for name in _VARIABLE.findall(line)}
    names: dict[str, str] = {name: name for name in lasting}
    free: list[str] = []
    count = 0
    renamed: list[str] = []
    for place, line in enumerate(lines):
        target = _target(line)
        text = line if target is None else line.partition(" = ")[2]
        mentioned = dict.fromkeys(_VARIABLE.findall(text))
        text = _VARIABLE.sub(lambda match: names[match[0]], text)
        free.extend(names.pop(name) for name in mentioned if last[name] == place and name not in lasting)
        if target is None:
            renamed.append(text)
            continue
        if target not in names:
            if not free:
                free.append(f"r{count}")
                count += 1
            names[target] = free.pop()
        renamed.append(f"{names[target]} = {text}")
    return renamed


def update_line(parameter: str, gradient: str) -> str:
    """The update of a parameter's variable."""
    return f"{parameter} = {parameter} - rate * {gradient}"


def _target(line: str) -> str | None:
    variable, equals, _ = line.partition(" = ")
    return variable if equals and _VARIABLE.fullmatch(variable) else None
