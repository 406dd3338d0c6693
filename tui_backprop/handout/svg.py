"""A drawing as SVG inside a page; its texts and lines can be found by what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from tui_backprop.handout.document import Drawing, Lettering, Stroke

_MARGIN = 8.0


def svg(drawing: Drawing, names: Mapping[str, int], edges: Mapping[tuple[str, str], int], title: str) -> str:
    """The drawing; `names` and `edges` are the numbers by which a page finds what belongs to a name, or to an edge."""
    left, top = -_MARGIN, -_MARGIN
    width, height = drawing.width + 2 * _MARGIN, drawing.height + 2 * _MARGIN
    parts = [
        f'<svg viewBox="{left:g} {top:g} {width:.5g} {height:.5g}" style="--wide:{width:.0f}px" role="img" '
        f'aria-label="{escape(title, quote=True)}" xmlns="http://www.w3.org/2000/svg">',
        *(_stroke(stroke, edges) for stroke in drawing.strokes),
        *(_label(label, names) for label in drawing.labels),
        "</svg>",
    ]
    return "\n".join(parts)


def _stroke(stroke: Stroke, edges: Mapping[tuple[str, str], int]) -> str:
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in stroke.places)
    found = f' data-edge="{edges[stroke.edge]}"' if stroke.edge and stroke.edge in edges else ""
    arrow = ""
    if stroke.has_arrow:
        x, y = stroke.places[-1]
        arrow = f'<path class="arrow" d="M{x - 5:.1f} {y - 4:.1f} L{x + 3:.1f} {y:.1f} L{x - 5:.1f} {y + 4:.1f} z"/>'
    return f'<g class="{stroke.role}"{found}><path d="{path}"/>{arrow}</g>'


def _label(label: Lettering, names: Mapping[str, int]) -> str:
    x, y = label.at
    found = f' data-name="{names[label.name]}"' if label.name in names else ""
    return (
        f'<text class="{label.role}"{found} x="{x:.1f}" y="{y:.1f}" text-anchor="{label.anchor}" '
        f'dominant-baseline="central">{escape(label.text)}</text>'
    )
