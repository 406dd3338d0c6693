"""The view of a network by layers: its equations as matrices, and the way from layer to layer."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.moves import along
from tui_backprop.record.layer_places import LayerStarts
from tui_backprop.session import READING_PANEL, Session


def why_no_layers(session: Session) -> str:
    """Why there are no layers, or ""."""
    if session.lesson.layers is not None:
        return ""
    if session.whole is not None:
        return "Split into its operations, an iteration has no layers; press x to return to the whole equations."
    return "This lesson has no layers: its equations are written one by one, and not as a network."


def matrices(session: Session) -> Session:
    """The equations as matrices, or back as they are."""
    shows = not session.shows_matrices
    return replace(session, shows_matrices=shows, panel=READING_PANEL, reading=None, notice="")


def layer_on(session: Session) -> Session:
    """The first step of the next layer; after the last one of an iteration, that of the next iteration."""
    return along.on_to(session, _starts(session).after(session.layout, session.cursor.index))


def layer_back(session: Session) -> Session:
    """The first step of this layer; from there, that of the layer before."""
    return along.back_to(session, lambda here: _starts(here).up_to(here.layout, here.cursor.index))


def _starts(session: Session) -> LayerStarts:
    layers = session.lesson.layers
    assert layers is not None
    return LayerStarts.of(layers.network, session.layout)


def why_not_layer_on(session: Session) -> str:
    """Why there is no next layer to go to, or ""."""
    return why_no_layers(session) or along.why_not_on(session)


def why_not_layer_back(session: Session) -> str:
    """Why there is no layer before, or ""."""
    return why_no_layers(session) or along.why_not_back(session)
