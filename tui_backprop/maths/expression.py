"""An expression: a tree of numbers, names and calls; operators are calls of the functions `+ - * / ^ neg`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar, Union

T = TypeVar("T")


class Number:
    """A number as a leaf."""

    __slots__ = ("_hash", "value")

    def __init__(self, value: float) -> None:
        self.value = float(value)
        self._hash = hash(("number", self.value))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.value == other.value

    def __repr__(self) -> str:
        return f"Number({self.value!r})"


class Name:
    """A name as a leaf: a node, a parameter, an input, a constant, or `pi` and `e`."""

    __slots__ = ("_hash", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._hash = hash(("name", name))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and self.name == other.name

    def __repr__(self) -> str:
        return f"Name({self.name!r})"


class Call:
    """A function or operator applied to arguments. Trees may share parts, and may be deeper than Python's stack."""

    __slots__ = ("_hash", "arguments", "function")

    def __init__(self, function: str, *arguments: Expression) -> None:
        self.function = function
        self.arguments = arguments
        self._hash: int = hash((function, *[argument._hash for argument in arguments]))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Call) or self._hash != other._hash:
            return False
        pairs: list[tuple[Expression, Expression]] = [(self, other)]
        while pairs:
            one, two = pairs.pop()
            if one is two:
                continue
            if isinstance(one, Call) and isinstance(two, Call):
                if one._hash != two._hash or one.function != two.function or len(one.arguments) != len(two.arguments):
                    return False
                pairs.extend(zip(one.arguments, two.arguments, strict=True))
            elif isinstance(one, Call) or isinstance(two, Call) or one != two:
                return False
        return True

    def __repr__(self) -> str:
        written: list[str] = []
        waiting: list[str | Expression] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Call):
                waiting.append(")")
                for argument in reversed(part.arguments):
                    waiting += [argument, ", "]
                written.append(f"Call({part.function!r}")
            else:
                written.append(part if isinstance(part, str) else repr(part))
        return "".join(written)


Expression = Union[Number, Name, Call]  # noqa: UP007 - the classes above refer to it before it exists


def post_order(tree: Expression, seen: set[int] | None = None) -> Iterator[Expression]:
    """Every distinct part of the tree, operands before what they stand in; a shared part comes once.

    seen: the ids of parts of other trees, which do not come again; those that come are added.
    """
    seen = set() if seen is None else seen
    stack: list[tuple[Expression, bool]] = [(tree, False)]
    while stack:
        part, ready = stack.pop()
        if ready:
            yield part
            continue
        if id(part) in seen:
            continue
        seen.add(id(part))
        stack.append((part, True))
        if isinstance(part, Call):
            stack.extend((argument, False) for argument in reversed(part.arguments))


def fold(tree: Expression, leaf: Callable[[Number | Name], T], call: Callable[[Call, list[T]], T]) -> T:
    """Compute something from the leaves up, without recursion: `call` gets a call and what its arguments gave."""
    results: dict[int, T] = {}
    for part in post_order(tree):
        if isinstance(part, Call):
            results[id(part)] = call(part, [results[id(argument)] for argument in part.arguments])
        else:
            results[id(part)] = leaf(part)
    return results[id(tree)]


def names_in(tree: Expression) -> tuple[str, ...]:
    """The names a tree uses, each once, in order of first appearance."""
    if isinstance(tree, Name):
        return (tree.name,)
    return tuple(dict.fromkeys(part.name for part in post_order(tree) if isinstance(part, Name)))


def size(tree: Expression) -> int:
    """How many numbers, names and calls the tree has as written, shared parts counted each time."""
    return fold(tree, lambda leaf: 1, lambda call, sizes: 1 + sum(sizes))


def replace(tree: Expression, replacements: Mapping[Expression, Expression]) -> Expression:
    """The tree with every part that equals a key replaced by its value, the largest parts first."""
    return replace_in_all((tree,), replacements)[0]


def replace_in_all(trees: Sequence[Expression], replacements: Mapping[Expression, Expression]) -> list[Expression]:
    """Every tree as `replace` gives it. What the trees share is looked at once."""
    if not replacements:
        return [*trees]
    results: dict[int, Expression] = {}
    seen: set[int] = set()
    for part in chain.from_iterable(post_order(tree, seen) for tree in trees):
        if part in replacements:
            results[id(part)] = replacements[part]
        elif isinstance(part, Call):
            arguments = [results[id(argument)] for argument in part.arguments]
            unchanged = all(new is old for new, old in zip(arguments, part.arguments, strict=True))
            results[id(part)] = part if unchanged else Call(part.function, *arguments)
        else:
            results[id(part)] = part
    return [results[id(tree)] for tree in trees]


ZERO = Number(0.0)
ONE = Number(1.0)


def add(one: Expression, two: Expression) -> Call:
    return Call("+", one, two)


def subtract(one: Expression, two: Expression) -> Call:
    return Call("-", one, two)


def multiply(one: Expression, two: Expression) -> Call:
    return Call("*", one, two)


def divide(one: Expression, two: Expression) -> Call:
    return Call("/", one, two)


def power(base: Expression, exponent: Expression) -> Call:
    return Call("^", base, exponent)


def flattened(tree: Expression, function: str) -> tuple[Expression, ...]:
    """The operands of a chain of one left-associative operator: a + b + c gives (a, b, c)."""
    parts: list[Expression] = []
    stack: list[Expression] = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, Call) and part.function == function:
            stack.extend(reversed(part.arguments))
        else:
            parts.append(part)
    return tuple(parts)


def chained(function: str, parts: Iterable[Expression]) -> Expression:
    """The parts joined left to right by a binary function; at least one part."""
    iterator = iter(parts)
    tree = next(iterator)
    for part in iterator:
        tree = Call(function, tree, part)
    return tree


MOST_CHAINED = 64
"""Up to so many operands max(a, b, c) is max(max(a, b), c)."""


def joined_by_choice(function: str, parts: Sequence[Expression]) -> Expression:
    """The largest of the parts (`max`), or the smallest (`min`): few are chained; of many neighbours meet in pairs, and
    so do the winners. The derivative for a part has a factor for every choice that it takes part in."""
    if len(parts) <= MOST_CHAINED:
        return chained(function, parts)
    while len(parts) > 1:
        parts = [chained(function, parts[at : at + 2]) for at in range(0, len(parts), 2)]
    return parts[0]


def abridged(tree: Expression, most_terms: int, ellipsis: str) -> Expression:
    """Of a sum that is longer than so many terms, or of a share of it, the first two terms and the last."""
    if isinstance(tree, Call) and tree.function == "/":
        return divide(abridged(tree.arguments[0], most_terms, ellipsis), tree.arguments[1])
    terms = flattened(tree, "+")
    if len(terms) <= most_terms:
        return tree
    return chained("+", (*terms[:2], Name(f"{ellipsis} {len(terms) - 3} more {ellipsis}"), terms[-1]))
