"""A handout before it has a format: sections of blocks. Numbers are texts as on the screen, formulas are trees.

Every writer gets such a document and adds nothing to it: what is left blank, and what is said once, is decided before.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from tui_backprop.handout.formulas import Formula
from tui_backprop.record.step_layout import Kind

Tone = Literal["plain", "note", "caption"]


class Prose(Struct, frozen=True):
    """A paragraph; it may be user text. A note says something about what stands before it."""

    text: str
    tone: Tone = "plain"


class Total(Struct, frozen=True):
    """The right side of a mean or a sum over the examples: Σ `of_one`, divided by `examples` where it is a mean."""

    of_one: str
    examples: int
    averages: bool


class Value(Struct, frozen=True):
    """A number as the screen writes it, and all its digits."""

    text: str
    digits: str


class Statement(Struct, frozen=True):
    """A line of the solution: left side, symbols, the same with numbers, value.

    label: its number on the screen, or in the list of answers. anchor: where a page has it, "0.12"; "" for no step.
    replaces: whether it stands for an update, so that an arrow takes the place of the first equals sign.
    value: None where the learner is to find it, in the blank of that number, or where a word says all; see `remark`.
    words: sentences on it.
    """

    label: str
    anchor: str
    kind: Kind
    left: str
    replaces: bool = False
    symbols: Formula | Total | None = None
    numbers: Formula | None = None
    value: Value | None = None
    blank: int = 0
    remark: str = ""
    words: tuple[str, ...] = ()


class Statements(Struct, frozen=True):
    """Lines of the solution, one after the other."""

    lines: tuple[Statement, ...]


class Equation(Struct, frozen=True):
    """A name and what it is computed from."""

    left: str
    right: Formula


class EquationLines(Struct, frozen=True):
    """The equations of a lesson."""

    lines: tuple[Equation, ...]


class NumberTable(Struct, frozen=True):
    """Rows of short texts under headings: after the first column, which has names or numbers, all are numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class DerivedLine(Struct, frozen=True):
    """A statement of a derivation: the derivative of `subject` for `wrt` is `expression` = `value`, by `rule`."""

    rule: str
    subject: Formula
    wrt: str
    expression: Formula
    value: str
    why: str


class Derived(Struct, frozen=True):
    """A derivation: what its inner names stand for, its lines, and why they stop where they do."""

    opening: tuple[str, ...]
    lines: tuple[DerivedLine, ...]
    closing: str = ""


Place = tuple[float, float]
"""Where something is in a drawing: to the right, and down."""

StrokeRole = Literal["edge", "positive_edge", "negative_edge", "curve", "axis"]
TextRole = Literal["name", "given", "value", "gradient", "axis"]


class Stroke(Struct, frozen=True):
    """A line through places. `edge` is the (of, wrt) that it stands for; an arrow points along it."""

    places: tuple[Place, ...]
    role: StrokeRole
    edge: tuple[str, str] | None = None
    has_arrow: bool = False


class Lettering(Struct, frozen=True):
    """A text that begins or ends at a place, or has it in its middle. `name` is the node or leaf that it tells of."""

    at: Place
    text: str
    role: TextRole
    name: str = ""
    anchor: Literal["start", "middle", "end"] = "start"


class Drawing(Struct, frozen=True):
    """A drawing so wide and high, in units of which a letter is about 8 wide and 17 high."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    labels: tuple[Lettering, ...]


class Picture(Struct, frozen=True):
    """A drawing, and the same as lines of characters. `is_graph`: whether it is the one that follows the steps."""

    drawing: Drawing
    rows: tuple[str, ...]
    caption: str
    is_graph: bool = False


Block = Prose | Statements | EquationLines | NumberTable | Derived | Picture


class Section(Struct, frozen=True):
    """A heading and what stands under it.

    level: 2 or 3. starts_page: whether it begins on a page of its own. is_for_stepping: whether only who goes step by
    step sees it, because a table says the same in short.
    """

    heading: str
    blocks: tuple[Block, ...]
    level: int = 2
    starts_page: bool = False
    is_for_stepping: bool = False


class Shown(Struct, frozen=True):
    """The texts that a name has at a moment: value and gradient, "" while unknown, and which of them are old."""

    name: str
    value: str
    gradient: str
    is_old: tuple[bool, bool]


class Moment(Struct, frozen=True):
    """A step as one comes to it: where it is, a sentence on it, and what changes and is marked in the picture."""

    anchor: str
    where: str
    says: str
    changes: tuple[Shown, ...]
    node: str
    edges: tuple[tuple[str, str], ...]


class Document(Struct, frozen=True):
    """A handout.

    moments: the steps, for a page that can go through them; () elsewhere. leaves_out_steps: whether there were too many
    for a page, so that it has only those that are written out.
    """

    title: str
    summary: str
    sections: tuple[Section, ...]
    moments: tuple[Moment, ...] = ()
    leaves_out_steps: bool = False
