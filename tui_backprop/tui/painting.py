"""Nothing is painted twice. Textual asks again for what it has just laid out, and paints what nobody sees."""

from __future__ import annotations

from typing import Self

from textual import events
from textual.geometry import Region
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget


class PaintedOnArrival(Widget):
    """A widget that does not ask to be painted before the layout that brings it to the screen has done so."""

    _was_painted = False

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Have these regions painted again, or all of the widget without any; the first time nothing need be asked."""
        if repaint and not self._was_painted and self.is_mounted:
            repaint = False
            self.clear_cached_dimensions()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the widget."""
        self._was_painted = True
        return super().render_lines(crop)


class Ground(PaintedOnArrival):
    """A widget that is background alone. Textual asks for its rows whenever a row of what stands on it changes."""

    _rows: tuple[Region, list[Strip]] | None = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Have these regions painted again: for what stands on them, as all of it without any."""
        if repaint and not regions:
            self._rows = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Forget what was drawn in the styles before."""
        super().notify_style_update()
        self._rows = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the widget."""
        if self._rows is None or self._rows[0] != crop:
            self._rows = crop, super().render_lines(crop)
        return self._rows[1]


class ScreenPaintedOnArrival(Screen[ScreenResultType]):
    """A screen that its first layout paints, and nothing else before it has heard of its size."""

    _has_size = False

    def on_mount(self) -> None:
        """Hide what shows notices: Textual does so after the first frame, for which it lays out all once more."""
        for rack in self.query("#textual-toastrack"):
            rack.display = False

    def on_resize(self, event: events.Resize) -> None:
        """Ask to be painted as usual from now on."""
        self._has_size = True

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Have these regions painted again, or all of the screen without any."""
        is_needless = not regions and not self._has_size and self.is_mounted
        return super().refresh(*regions, repaint=repaint and not is_needless, layout=layout, recompose=recompose)
