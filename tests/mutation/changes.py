"""The small changes that can be made to a source text: each a place, a kind and the text that stands there instead.

A change is worked out on the syntax tree and put into the text, so that nothing but the changed expression or statement
differs. Docstrings, annotations and imports are left alone.
"""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

Part = ast.stmt | ast.expr | ast.comprehension

_PAIRS: tuple[tuple[type[ast.AST], type[ast.AST]], ...] = (
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn)),
    *((ast.Add, ast.Sub), (ast.Mult, ast.Div)),
)
OTHER = {**dict(_PAIRS), **{two: one for one, two in _PAIRS}}
"""What stands instead of a comparison or an operation."""


@dataclass(frozen=True)
class Change:
    """One change. `lines`: the lines of the statement it stands in, of which one must run for it to be noticed."""

    file: str
    line: int
    kind: str
    lines: tuple[int, int]
    start: int
    end: int
    instead: str

    @property
    def place(self) -> str:
        """File and line, for a person."""
        return f"{self.file}:{self.line}"

    def made_in(self, source: str) -> str:
        """The source text with this change."""
        data = source.encode()
        return (data[: self.start] + self.instead.encode() + data[self.end :]).decode()

    def as_diff(self, source: str) -> str:
        """The change as a person reads it."""
        before, after = source.splitlines(), self.made_in(source).splitlines()
        rows = list(difflib.unified_diff(before, after, self.file, self.file, lineterm="", n=1))
        return "\n".join(rows[2:])


def changes_of(file: str, source: str) -> list[Change]:
    """Every change that can be made to a file, in the same order every time."""
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    changes = []
    for statement, node in _places(ast.parse(source)):
        for kind, place, instead in _others(node):
            start = starts[place.lineno - 1] + place.col_offset
            end = starts[(place.end_lineno or 0) - 1] + (place.end_col_offset or 0)
            changes.append(Change(file, place.lineno, kind, _lines(statement), start, end, instead))
    return changes


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement; of one that has others inside, those of its head."""
    body = getattr(statement, "body", None)
    return statement.lineno, max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno or 0


def _places(tree: ast.Module) -> Iterator[tuple[ast.stmt, Part]]:
    """Every node that may be changed, with the statement it stands in."""
    waiting: list[tuple[ast.AST, ast.stmt | None]] = [(tree, None)]
    while waiting:
        node, statement = waiting.pop()
        if _only_says(node):
            continue
        if isinstance(node, ast.stmt):
            statement = node
        if isinstance(node, ast.stmt | ast.expr | ast.comprehension) and statement is not None:
            yield statement, node
        if not isinstance(node, ast.JoinedStr):
            unread = [getattr(node, name, None) for name in ("annotation", "returns")]
            waiting += [(below, statement) for below in ast.iter_child_nodes(node) if below not in unread]


def _only_says(node: ast.AST) -> bool:
    """Whether a part of the program is there for readers and type checkers."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")) | ast.Call(func=ast.Name(id="TypeVar" | "NewType" | "cast")):
            return True
    return False


def _others(node: Part) -> Iterator[tuple[str, ast.stmt | ast.expr, str]]:
    """What may stand instead of a node, or of a part of it: the kind of the change, what goes, and what comes."""
    match node:
        case ast.Compare(ops=[comparison, *more]):
            yield "comparison", node, _with(node, ops=[OTHER[type(comparison)](), *more])
        case ast.BinOp(op=operation) if type(operation) in OTHER:
            yield "arithmetic", node, _with(node, op=OTHER[type(operation)]())
        case ast.BoolOp(op=both):
            yield "and, or", node, _with(node, op=ast.Or() if isinstance(both, ast.And) else ast.And())
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.comprehension(ifs=[test, *_]):
            yield "condition", test, f"(not ({ast.unparse(test)}))"
        case ast.Constant(value=bool(truth)):
            yield "constant", node, repr(not truth)
        case ast.Constant(value=int(whole)):
            yield "off by one", node, repr(whole + 1)
        case ast.Constant(value=float(number)):
            yield "constant", node, repr(number * 2 + 1)
        case ast.Constant(value=str(text)):
            yield "text", node, repr(_other_text(text))
        case ast.JoinedStr(values=parts):
            for place, part in enumerate(parts):
                if isinstance(part, ast.Constant):
                    other = ast.Constant(_other_text(part.value))
                    yield "text", node, _with(node, values=[*parts[:place], other, *parts[place + 1 :]])
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "return", node, "return None"
        case (
            ast.Expr()
            | ast.AugAssign()
            | ast.Raise()
            | ast.Continue()
            | ast.Break()
            | ast.Assign(targets=[ast.Subscript() | ast.Attribute()])
        ):
            yield "statement", node, "pass"


def _with(node: ast.AST, **fields: object) -> str:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return ast.unparse(ast.fix_missing_locations(other))


def _other_text(text: str) -> str:
    """A text that a reader can tell from the other: its last letter is gone, or there is one."""
    return text[:-1] if text else "x"
