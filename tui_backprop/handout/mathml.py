"""Formulas as MathML, in pieces that a browser may break a line between."""

from __future__ import annotations

from html import escape

from tui_backprop.handout.formulas import BREAK, NameParts


class MathmlMarkup:
    """The pieces of a formula as elements of MathML."""

    def number(self, text: str) -> str:
        """A number."""
        if text.startswith("≈ "):
            return f"{self.sign('≈')}<mn>{escape(text[2:])}</mn>"
        return f"<mn>{escape(text)}</mn>"

    def name(self, parts: NameParts) -> str:
        """A name with its indices."""
        base = f"<mi>{escape(parts.base)}</mi>"
        raised = f"<mtext>{escape(parts.raised)}</mtext>"
        lowered = f"<mn>{escape(parts.lowered)}</mn>"
        if parts.raised and parts.lowered:
            return f"<msubsup>{base}{lowered}{raised}</msubsup>"
        if parts.raised:
            return f"<msup>{base}{raised}</msup>"
        return f"<msub>{base}{lowered}</msub>" if parts.lowered else base

    def word(self, text: str) -> str:
        """A word."""
        return f"<mtext>{escape(text)}&#160;</mtext>"

    def constant(self, name: str) -> str:
        """The number e, or pi."""
        return f'<mi mathvariant="normal">{"π" if name == "pi" else name}</mi>'

    def sign(self, text: str) -> str:
        """A sign between two operands, or a ∂ or Σ before one."""
        if text in "∂Σ":
            return f'<mo form="prefix" rspace="0">{text}</mo>'
        return f'<mo form="infix">{escape(text)}</mo>'

    def negative(self, sign: str) -> str:
        """A minus before an operand."""
        return sign.replace("infix", "prefix")

    def fraction(self, above: str, below: str) -> str:
        """A fraction."""
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"

    def root(self, inside: str) -> str:
        """A square root."""
        return f"<msqrt>{inside}</msqrt>"

    def function(self, name: str) -> str:
        """A function's name."""
        return f'<mi mathvariant="normal">{escape(name)}</mi>'

    def parentheses(self, inside: str) -> str:
        """Parentheses: not an element of their own, so that a line may be broken inside."""
        is_high = "<mfrac>" in inside
        how = 'lspace="0" rspace="0"' if is_high else 'lspace="0" rspace="0" stretchy="false"'
        return f'<mo form="prefix" {how}>(</mo>{inside}<mo form="postfix" {how}>)</mo>'

    def comma(self) -> str:
        """A comma."""
        return "<mo>,</mo>"


MARKUP = MathmlMarkup()


def in_pieces(text: str) -> str:
    """A formula as elements of a page, one for each part that a line may be broken after."""
    return "".join(f'<math displaystyle="true">{part}</math><wbr>' for part in text.split(BREAK) if part)
