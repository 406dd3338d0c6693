"""From text to an expression tree, or to the exact place where the text is wrong.

Operator precedence with two explicit stacks: nothing a user writes makes Python recurse.
"""

from __future__ import annotations

from itertools import zip_longest

from msgspec import Struct

from tui_backprop.maths.expression import Call, Expression, Name, Number, chained, fold, joined_by_choice
from tui_backprop.maths.functions import ALIASES, CALLABLE_NAMES, FUNCTIONS, OF_MANY
from tui_backprop.maths.tokens import ExpressionError, Token, cut, error, number_of, tokens_of
from tui_backprop.other_words import STEP_HELP, called_here, other_word, spelled_like

MOST_CHARACTERS = 2_000
MOST_NODES = 500
MOST_NESTING = 64

_SQUARES = {"²": 2.0, "³": 3.0}

# What belongs to a choice between two values in other languages; it may still be a name.
_CHOICE_WORDS = frozenset({"if", "then", "else", "elif", "and", "or", "not", "where"})

# How tightly an operator holds its operands. A minus sign holds a whole product at the start of a term (-a*b is
# -(a*b)) and only a power after another operator (2*-a*b is (2*(-a))*b), which is what both sides of a fraction mean.
_BINARY = {"+": 1, "-": 1, "*": 3, "/": 3, "^": 5}
_LOOSE_MINUS, _TIGHT_MINUS = 2, 4


class NameUse(Struct, frozen=True):
    """A name and where it stands in the text: from `start` up to `end`."""

    name: str
    start: int
    end: int


class Parsed(Struct, frozen=True):
    """An expression and the names it uses, in order of writing (`pi` and `e` included)."""

    expression: Expression
    names: tuple[NameUse, ...]


def parse(text: str) -> Parsed:
    """The tree of an expression; raises ExpressionError with the place of what is wrong."""
    return _Parser(text).parse()


def _instead(name: str) -> str:
    """What is meant by the call of an unknown function, up to the remark on how to multiply."""
    other, here = other_word(name), called_here(name, CALLABLE_NAMES)
    if here is not None:
        return f"here it is called {here}: write {here}(…); to multiply"
    if other is not None and other.written:
        choice = f"; {STEP_HELP}" if name.lower() in _CHOICE_WORDS else ""
        return f"write {other.written} for {cut(name)}({other.of}){choice}; to multiply"
    if other is not None and other.of:
        return f"there is nothing like it here; the functions are {', '.join(CALLABLE_NAMES)}. To multiply"
    near = spelled_like(name.lower(), [*CALLABLE_NAMES, *ALIASES])
    return f"did you mean {near}(…)? To multiply" if near else "to multiply"


def _operand_names(function: str) -> tuple[str, ...]:
    """Names for the operands of a function, for an example of its call."""
    return ("a",) if function not in OF_MANY and FUNCTIONS[function].arity == 1 else ("a", "b")


def _called(function: str, operands: list[Expression]) -> Expression:
    """The tree of a call: with any number of operands, what it spells out."""
    if function not in OF_MANY:
        return Call(function, *operands)
    if OF_MANY[function] == function:
        return joined_by_choice(function, operands)
    joined = chained(OF_MANY[function], operands)
    return Call("/", joined, Number(len(operands))) if function == "mean" and len(operands) > 1 else joined


def _choices_in_choices(tree: Expression) -> int:
    """How many max and min stand in one another: max(a, b, c) is max(max(a, b), c)."""
    return fold(tree, lambda leaf: 0, lambda call, inside: max(inside) + (OF_MANY.get(call.function) == call.function))


class _Pending(Struct, frozen=True):
    """An operator or an open parenthesis that waits for its right side."""

    kind: str  # "binary", "minus", "open", "call"
    name: str
    binds: int
    token: Token
    held: int  # how many operands there were before it


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.operands: list[Expression] = []
        self.starts: list[int] = []
        self.pending: list[_Pending] = []
        self.names: list[NameUse] = []
        self.nodes = 0
        self.nesting = 0
        self.has_long_choice = False

    def parse(self) -> Parsed:
        if len(self.text) > MOST_CHARACTERS:
            raise error(
                MOST_CHARACTERS,
                len(self.text),
                f"the expression has {len(self.text):,} characters; the limit is {MOST_CHARACTERS:,}",
                "split it into several equations",
            )
        tokens = tokens_of(self.text)
        if not tokens:
            raise error(
                0,
                max(1, len(self.text)),
                "the expression is empty",
                "write what the node is computed from, such as w*x + b",
            )
        wants_operand = True
        previous: Token | None = None
        for token, following in zip_longest(tokens, tokens[1:]):
            if wants_operand:
                wants_operand = self._operand(token, following, previous)
            else:
                wants_operand = self._operator(token, previous)
            previous = token
        if wants_operand:
            assert previous is not None
            raise self._missing_operand(previous, None)
        self._reduce(0)
        if self.pending:
            opening = self.pending[-1].token
            raise error(opening.start, opening.end, "this parenthesis is never closed", "add a ) or remove the (")
        if self.has_long_choice and _choices_in_choices(self.operands[0]) > MOST_NESTING:
            message = f"max and min of so many operands nest deeper than {MOST_NESTING} levels"
            raise error(0, len(self.text), message, "split it into several equations")
        return Parsed(self.operands[0], tuple(self.names))

    # --- what may stand where an operand is wanted; each returns whether an operand is still wanted afterwards

    def _operand(self, token: Token, following: Token | None, previous: Token | None) -> bool:
        if token.kind == "number":
            self._push(number_of(token), token)
            return False
        if token.kind == "name":
            return self._name(token, following)
        if token.kind == "open":
            self._wait("open", "", 0, token)
            return True
        if token.kind == "operator" and token.text == "-":
            self._count(token)
            self._wait("minus", "neg", self._minus_binds(previous), token)
            return True
        if token.kind == "operator" and token.text == "+" and previous is None:
            raise error(token.start, token.end, "a plus sign needs something on its left", "remove the +")
        raise self._missing_operand(previous, token)

    def _minus_binds(self, previous: Token | None) -> int:
        """How tightly a minus sign holds; one of several in a row (1/--a*b) as tightly as the one before it."""
        if previous is None or previous.kind != "operator":
            return _LOOSE_MINUS
        before = self.pending[-1]
        if before.kind == "minus":
            return before.binds
        return _TIGHT_MINUS if before.name in ("*", "/", "^") else _LOOSE_MINUS

    def _name(self, token: Token, following: Token | None) -> bool:
        name = ALIASES.get(token.text, token.text)
        calls = following is not None and following.kind == "open"
        if name in CALLABLE_NAMES:
            if not calls:
                names = _operand_names(name)
                example = f"{token.text}({', '.join(names) if len(names) > 1 else 'z'})"
                raise error(
                    token.start, token.end, f"'{token.text}' is a function and needs parentheses", f"write {example}"
                )
            self._wait("call", name, 0, token)
            return True
        if calls:
            assert following is not None
            written = cut(token.text)
            message = f"'{written}' is not a function"
            raise error(token.start, token.end, message, f"{_instead(token.text)}, write {written}*(…)")
        self.names.append(NameUse(token.text, token.start, token.end))
        self._push(Name(token.text), token)
        return False

    # --- what may stand after an operand

    def _operator(self, token: Token, previous: Token | None) -> bool:
        assert previous is not None
        if token.kind == "operator":
            self._binary(token)
            return True
        if token.kind == "square":
            self._count(token)
            if previous.kind == "square":
                raise error(
                    token.start, token.end, "two raised digits side by side", "write the power with ^, such as x^23"
                )
            self.operands[-1] = Call("^", self.operands[-1], Number(_SQUARES[token.text]))
            return False
        if token.kind == "close":
            self._close(token)
            return False
        if token.kind == "comma":
            self._comma(token)
            return True
        raise self._side_by_side(previous, token)

    def _binary(self, token: Token) -> None:
        binds = _BINARY[token.text]
        self._reduce(binds + 1 if token.text == "^" else binds)
        self._count(token)
        self._wait("binary", token.text, binds, token)

    def _side_by_side(self, previous: Token, token: Token) -> ExpressionError:
        touching = previous.end == token.start
        if previous.kind == "number" and touching and token.kind in ("name", "open"):
            before = next(pending for pending in reversed(self.pending) if pending.name in ("/", "^"))
            sign, number = before.token.text, cut(previous.text)
            rest = cut(token.text) if token.kind == "name" else "(…)"
            message = f"'{sign}{number}{rest}' can be read in two ways"
            return error(previous.start, token.end, message, f"write {sign}({number}*{rest}) or {sign}{number}*{rest}")
        left = self.text[self.starts[-1] : previous.end] if self.starts else previous.text
        left = left if len(left) <= 24 else cut(previous.text)
        right = cut(token.text) if token.kind != "open" else "(…)"
        if token.kind == "name" and token.text in CALLABLE_NAMES:
            right = f"{token.text}(…)"
        choice = next((word for word in (token, previous) if word.text in _CHOICE_WORDS), None)
        if choice is not None:
            return error(choice.start, choice.end, f"'{choice.text}' has no meaning in an expression", STEP_HELP)
        both = f"'{cut(previous.text)}' and '{cut(token.text)}'"
        what = "two names" if previous.kind == token.kind == "name" else both
        return error(
            previous.start,
            token.end,
            f"{what} side by side, with no operator between",
            f"write {left}*{right} to multiply",
        )

    # --- parentheses

    def _close(self, token: Token) -> None:
        self._reduce(0)
        if not self.pending:
            raise error(token.start, token.end, "this ) closes nothing", "remove it, or add the ( it belongs to")
        opening = self.pending.pop()
        self.nesting -= 1
        self.starts[-1] = opening.token.start
        # A call waits directly below its own parenthesis, and never below another one.
        if self.pending and self.pending[-1].kind == "call":
            self._call(self.pending.pop(), token)

    def _comma(self, token: Token) -> None:
        self._reduce(0)
        is_argument = len(self.pending) >= 2 and self.pending[-2].kind == "call"
        if not is_argument:
            raise error(
                token.start,
                token.end,
                "a comma outside a function's parentheses",
                "write numbers with a point, such as 0.5",
            )

    def _call(self, call: _Pending, closing: Token) -> None:
        arguments = self.operands[call.held :]
        names = _operand_names(call.name)
        if len(arguments) != len(names) and call.name not in OF_MANY:
            wanted = "one operand" if len(names) == 1 else f"{len(names)} operands"
            message = f"'{call.token.text}' takes {wanted}, not {len(arguments)}"
            raise error(call.token.start, closing.end, message, f"write {call.name}({', '.join(names)})")
        del self.operands[call.held :]
        del self.starts[call.held :]
        self.operands.append(_called(call.name, arguments))
        self.has_long_choice |= len(arguments) > 2
        self.starts.append(call.token.start)
        self._count(call.token)

    # --- the two stacks

    def _push(self, operand: Expression, token: Token) -> None:
        self._count(token)
        self.operands.append(operand)
        self.starts.append(token.start)

    def _wait(self, kind: str, name: str, binds: int, token: Token) -> None:
        pending = _Pending(kind, name, binds, token, len(self.operands))
        self.pending.append(pending)
        self.nesting += _nests(pending)
        if self.nesting >= MOST_NESTING:
            raise error(
                token.start,
                token.end,
                f"the expression nests deeper than {MOST_NESTING} levels",
                "split it into several equations",
            )

    def _reduce(self, binds: int) -> None:
        """Apply the waiting operators that hold their operands at least as tightly, back to the last parenthesis."""
        while self.pending and self.pending[-1].kind in ("binary", "minus") and self.pending[-1].binds >= binds:
            waiting = self.pending.pop()
            self.nesting -= _nests(waiting)
            if waiting.kind == "binary":
                right = self.operands.pop()
                self.operands[-1] = Call(waiting.name, self.operands[-1], right)
                self.starts.pop()
            else:
                self.operands[-1] = Call(waiting.name, self.operands[-1])
                self.starts[-1] = waiting.token.start

    def _count(self, token: Token) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise error(
                token.start,
                token.end,
                f"the expression has more than {MOST_NODES} numbers, names and operators",
                "split it into several equations",
            )

    def _missing_operand(self, previous: Token | None, token: Token | None) -> ExpressionError:
        if token is None:
            assert previous is not None
            message = f"the expression ends after '{previous.text}'"
            return error(previous.start, previous.end, message, "write what comes after it, or remove it")
        if token.kind == "close" and previous is not None and previous.kind == "open":
            return error(
                previous.start, token.end, "there is nothing between these parentheses", "write an expression there"
            )
        message = f"a number, a name or a parenthesis is missing before '{token.text}'"
        remedy = (
            "powers are written x^2"
            if token.text == "^" or token.kind == "square"
            else f"write what '{token.text}' applies to, or remove it"
        )
        return error(token.start, token.end, message, remedy)


def _nests(pending: _Pending) -> bool:
    """Whether what stands to the right is one level deeper: a flat sum or product has one level."""
    return pending.kind in ("open", "minus") or pending.name == "^"
