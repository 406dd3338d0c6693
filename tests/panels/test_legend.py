"""The line below the picture that says which number is what."""

from __future__ import annotations

import pytest
from support.panel_text import opened, panel

from tui_backprop.session import Cursor


@pytest.mark.parametrize(
    ("step", "width", "told"),
    [
        (Cursor(1, 6), 58, "value · ∂ gradient · factor on edge · (old)"),
        (Cursor(1, 6), 38, "value · ∂ gradient · factor · (old)"),
        (Cursor(0, 58), 58, "value · ∂ gradient · L and the parameters' ∂: means"),
        (Cursor(0, 58), 48, "value · ∂ gradient · means"),
        (Cursor(1, 58), 58, "value · ∂ gradient · means · (old)"),
    ],
)
def test_the_legend_takes_fewer_words_where_it_would_be_cut(step: Cursor, width: int, told: str) -> None:
    assert panel(opened("logistic-four").at(step), "graph", width, 12).splitlines()[-1] == told
