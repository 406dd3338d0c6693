"""The layout of a graph at one density, whatever room there is."""

from __future__ import annotations

from collections.abc import Mapping

from tui_backprop.panels.picture import layout
from tui_backprop.panels.picture.boxes import BoxSize, CellUse
from tui_backprop.panels.picture.shape import Shape


def lay_out(shape: Shape, sizes: Mapping[str, BoxSize], density: CellUse = CellUse.ROOMY) -> layout.Layout:
    """The layout that `fitting` takes where this density is the first that fits."""
    columns, gaps = layout._order(shape)
    return layout._plan(columns, gaps, layout._with_stand_ins(shape, sizes), density).layout()
