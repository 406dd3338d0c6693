"""The names of derivatives inside expressions: ∂of/∂wrt is a name like any other, which no scenario can use itself."""

from __future__ import annotations

from tui_backprop.maths.expression import Call, Expression, Name, replace

_SIGN = "∂"


def partial_name(of: str, wrt: str) -> str:
    """The name of a derivative: ∂of/∂wrt. A gradient and a factor are such names alike."""
    return f"{_SIGN}{of}/{_SIGN}{wrt}"


def parts_of_partial(name: str) -> tuple[str, str] | None:
    """(of, wrt) of the name of a derivative; None for any other name."""
    if not name.startswith(_SIGN):
        return None
    of, _, wrt = name[1:].partition(f"/{_SIGN}")
    return of, wrt


def without_the_seed(gradient: Expression, loss: str, name: str) -> Expression:
    """A gradient's sum, of whose terms one may be 1 times a factor of the loss: that factor alone."""
    factor = Name(partial_name(loss, name))
    return replace(gradient, {Call("*", Name(partial_name(loss, loss)), factor): factor})
