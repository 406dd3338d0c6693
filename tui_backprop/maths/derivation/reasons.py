"""Why a rule gives what it gives: one sentence for each, for someone who meets the rule for the first time.

Formulas in them are trees, written in the reader's style: what is typeset on the screen is plain text elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tui_backprop.maths.expression import (
    ONE,
    Call,
    Expression,
    Name,
    Number,
    chained,
    flattened,
    names_in,
    replace,
)
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.table_formulas import operands_by_name
from tui_backprop.maths.tidy import instantiate
from tui_backprop.maths.writing import Style, write
from tui_backprop.numbers import full

_MOST_SIGNS = 40  # longer formulas would drown the sentence that they stand in


def partial(of: Expression, wrt: str, style: Style) -> str:
    """The writing of a partial derivative: ∂a/∂z, or of a part of an equation ∂(1 − a)/∂a; of one path its name."""
    text = write(of, style)
    if isinstance(of, Name) and " " in of.name:
        return of.name
    d = style.characters.partial
    return f"{d}{text if isinstance(of, Name) else f'({text})'}/{d}{style.name(wrt)}"


_FORMULA = re.compile("`([^`]+)`")


def told(text: str, parts: Mapping[str, Expression], style: Style) -> str:
    """A sentence with its formulas, which stand in backquotes and use the names of `parts`, written in a style."""
    trees: Mapping[Expression, Expression] = {Name(name): tree for name, tree in parts.items()}
    return _FORMULA.sub(lambda formula: write(replace(parse(formula[1]).expression, trees), style), text)


def listed(parts: Iterable[str]) -> str:
    """The parts as a sentence lists them: a, b and c."""
    *others, last = list(parts) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def of_itself(subject: Expression, wrt: str, style: Style) -> str:
    """Of a name with respect to itself, or of a node that is just that name."""
    name = style.name(wrt)
    if subject == Name(wrt):
        return f"{name} changes exactly as fast as itself."
    return f"{write(subject, style)} is {name} itself, and changes exactly as fast."


def of_constant(tree: Expression, wrt: str, style: Style) -> str:
    """The constant rule."""
    text, name = write(tree, style), style.name(wrt)
    if not names_in(tree):
        return f"{text} is a number and stays what it is when {name} moves."
    return f"{text} does not contain {name}: it is held constant, and a constant does not change."


def of_sum(terms: Sequence[Expression], wrt: str, style: Style) -> str:
    """The sum rule; where only one of several terms moves, which one."""
    moving = [term for term in terms if wrt in names_in(term)]
    why = "A sum changes by the sum of the changes of its terms."
    text = write(moving[0], style)
    if len(moving) > 1 or len(terms) == 1 or len(text) > _MOST_SIGNS:
        return why
    only = f"Only {text} moves" if moving[0] == Name(wrt) else f"Only {text} contains {style.name(wrt)}"
    return f"{why} {only}: {'the other one gives 0' if len(terms) == 2 else 'the other ones give 0'}."


def of_multiple(constants: Sequence[Expression], rest: Expression, wrt: str, style: Style) -> str:
    """The constant multiple rule."""
    if list(constants) == [Number(-1.0)]:
        return f"A minus sign is a factor of {style.number(-1)}, and a constant factor stays in front."
    held, name = listed(write(constant, style) for constant in constants), style.name(wrt)
    one = len(constants) == 1
    if rest == Name(wrt):
        itself = partial(rest, wrt, style)
        does = "is held constant but multiplies" if one else "are held constant but multiply"
        return (
            f"{held} {does} {name}. A constant on its own would give 0; "
            f"as a factor it stays, and {name} itself becomes {itself} = 1."
        )
    return f"{held} {'is' if one else 'are'} held constant while {name} moves, and a constant factor stays."


def of_divided(below: Expression, style: Style) -> str:
    """The constant multiple rule, for a constant denominator."""
    return f"Dividing by {write(below, style)}, which is held constant, is a constant factor: it stays."


def of_product(factors: Sequence[Expression], style: Style) -> str:
    """The product rule."""
    parts = listed(write(factor, style) for factor in factors)
    which = parts if len(parts) <= _MOST_SIGNS else f"{len(factors)} factors"
    all_of_them = "both" if len(factors) == 2 else "all"
    turns = "each moves in turn while the others stand still, and the changes add up"
    return f"{which} multiply and {all_of_them} move: {turns}."


def of_quotient(above: Expression, below: Expression, style: Style) -> str:
    """The quotient rule."""
    u, v = write(above, style), write(below, style)
    why = "The change of what is above times what is below, minus what is above times the change of what is below"
    if len(u) + len(v) <= _MOST_SIGNS:
        return f"{why}; all over the square of what is below: above is {u}, below is {v}."
    return f"{why}; all over the square of what is below."


def of_reciprocal(below: Expression, style: Style) -> str:
    """The power rule, for one over something."""
    text = (
        "`1/u` is `u^m`: the exponent `m` comes down in front as a factor, and falls by one, to `n`. "
        "That is `-u^n`, or `-1/u^2`."
    )
    return told(text, {"u": below, "m": Number(-1), "n": Number(-2)}, style)


def of_power(written: Expression, exponent: Expression, lowered: Expression, style: Style) -> str:
    """The power rule. written: the power as the equation has it, which may be a product of equal factors."""
    why = f"the exponent {write(exponent, style)} comes down in front, and falls by one, to {write(lowered, style)}."
    if isinstance(written, Call) and written.function == "*":
        power = Call("^", flattened(written, "*")[0], exponent)
        return f"{write(written, style)} is {write(power, style)}: {why}"
    return f"{why[0].upper()}{why[1:]}"


def of_exponential(tree: Expression, wrt: str, style: Style) -> str:
    """The exponential rule, for a power of e."""
    return (
        f"{write(tree, style)} is its own derivative. (The power rule is for {style.name(wrt)} in the base; "
        "here it stands in the exponent.)"
    )


def of_constant_base(base: Expression, style: Style) -> str:
    """The exponential rule, for a power of another constant."""
    text = write(Call("log", base), style)
    return f"A power of a constant base grows in proportion to itself, {text} times as fast."


def of_moving_base(tree: Expression, exponent_of_e: Expression, style: Style) -> str:
    """The exponential rule, for a power whose base and exponent both move."""
    power = write(Call("exp", exponent_of_e), style)
    return f"{write(tree, style)} is {power}: itself, times the derivative of that exponent."


def of_chain(subject: Expression, inner: str, wrt: str, style: Style) -> str:
    """The chain rule."""
    shown, name = write(subject, style), style.name(wrt)
    why = f"{name} moves {inner}, and {inner} moves {shown}"
    if not isinstance(subject, Name):
        return f"{why}: the outer derivative times the inner one."
    factors = (partial(subject, inner, style), partial(Name(inner), wrt, style))
    product = f" {style.characters.times} ".join(factors)
    return f"{why}: {partial(subject, wrt, style)} = {product}, the outer derivative times the inner one."


def of_function(tree: Call, wrt: str, style: Style) -> str:
    """The rule of a function that has one of its own."""
    operand = next(place for place, argument in enumerate(tree.arguments) if wrt in names_in(argument))
    return told(FUNCTIONS[tree.function].why[operand], {**operands_by_name(tree), "result": tree}, style)


def of_tidying(before: Expression, after: Expression, style: Style) -> str:
    """Why a formula may be written as another: numbers that multiply, ones and zeros, signs, equal factors."""
    numbers = _number_factors(before)
    if numbers == [Number(-1), Number(-1)]:
        return "Minus times minus is plus."
    if len(numbers) > 1:
        product = chained("*", numbers)
        number = instantiate(product, {})
        if isinstance(number, Number):
            return f"The numbers come together: {write(product, style)} = {write(number, style)}."
    was, now = parts_of(before), parts_of(after)
    gone = [what for what, text in (("ones", "1"), ("zeros", "0")) if was[text] > now[text]]
    done = [f"{listed(gone)} fall away"] if gone else []
    if _minus_signs(was) > _minus_signs(now):
        done.append("minus signs come together")
    if now["^"] > was["^"]:
        done.append("equal factors become a power")
    if done:
        text = listed(done)
        return f"{text[0].upper()}{text[1:]}."
    if now.total() < was.total():
        return "The same, written shorter."
    if write(before, style).translate(_NO_BRACKETS) == write(after, style).translate(_NO_BRACKETS):
        return "In a product the brackets around products are not needed."
    return "The same, in the usual order."


_NO_BRACKETS = str.maketrans("", "", "()")


def parts_of(tree: Expression) -> Counter[str]:
    """How often each number, name and operation stands in a formula as it is written."""
    parts: Counter[str] = Counter()
    stack = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, Call):
            parts[part.function] += 1
            stack.extend(part.arguments)
        else:
            parts[part.name if isinstance(part, Name) else full(part.value)] += 1
    return parts


def _minus_signs(parts: Counter[str]) -> int:
    return sum(count for text, count in parts.items() if text == "neg" or (text != "-" and text[0] == "-"))


def _number_factors(tree: Expression) -> list[Expression]:
    """The numbers in a product, ones left out."""
    factors: list[Expression] = []
    stack = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, Call) and part.function == "*":
            stack.extend(reversed(part.arguments))
        elif isinstance(part, Call) and part.function == "neg":
            factors.append(Number(-1))
            stack.append(part.arguments[0])
        elif not names_in(part) and part != ONE:
            factors.append(part)
    return factors


def of_putting_back(names: Sequence[str], inner: Mapping[str, Expression], style: Style) -> str:
    """What inner names stand for, put in their place."""
    if len(names) == 1:
        text = write(inner[names[0]], style)
        return f"{names[0]} = {text} is put back." if len(text) <= _MOST_SIGNS else f"{names[0]} is put back."
    return f"{listed(names)} are put back."
