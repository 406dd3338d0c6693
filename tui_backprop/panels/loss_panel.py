"""The third panel: the loss over the iterations, over the parameters, the output over the inputs, or all examples."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.explain.surface import moved_most
from tui_backprop.panels.lines import Line, Span
from tui_backprop.panels.loss_history import history_lines, loss_beside
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Cursor, Session

_ROWS_OF_A_PICTURE = 3
"""Two for what is drawn, and its axis."""


def loss_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines of what is drawn."""
    in_whole = _in_whole_run(session)
    if in_whole is None:
        return ((Span("Nothing of it is computed yet.", "dim"),),)
    session = in_whole
    # Each is imported where it is asked for, so that the first frame need not wait for the others.
    if session.loss_view == "examples":
        from tui_backprop.panels.example_table import example_lines

        return example_lines(session, width, height)
    if height != _ROWS_OF_A_PICTURE:
        return _picture(session, width, height)
    # A picture says more than the line above it, which has no room beside it.
    told, *drawn = _picture(session, width, height + 1)
    return tuple(drawn) or (told,)


def _picture(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """A line about the point, and what is drawn: the output over inputs, or the loss over parameters or iterations."""
    if session.loss_view == "plane":
        from tui_backprop.panels.input_map import input_map_lines

        return input_map_lines(session, width, height)
    names = _drawn_over(session)
    if not names:
        return history_lines(session, width, height)
    first, *others = _over(session, names, width, height)
    return ((*first, *loss_beside(session, session.cursor.iteration)), *others)


def _over(session: Session, names: tuple[str, ...], width: int, height: int) -> tuple[Line, ...]:
    """The loss over one parameter, or over two."""
    if len(names) == 2:
        from tui_backprop.panels.loss_map import loss_map_lines

        return loss_map_lines(session, (names[0], names[1]), width, height)
    from tui_backprop.panels.loss_curve import loss_curve_lines

    return loss_curve_lines(session, names[0], width, height)


def loss_title(session: Session) -> str:
    """What is drawn."""
    session = _in_whole_run(session) or session
    if session.loss_view == "examples":
        return "All examples"
    if session.loss_view == "plane":
        from tui_backprop.panels.input_map import input_map_title

        return input_map_title(session)
    drawn = _drawn_over(session)
    if not drawn:
        return "Loss history"
    names = " and ".join(map(session.shown, drawn))
    are_chosen = session.scenario.learning_rate is not None and len(drawn) < len(session.graph.parameters)
    chosen = f", which move{'s' if len(drawn) == 1 else ''} most" if are_chosen else ""
    batch = f", for {session.batch_text}" if session.batch_text else ""
    return f"{session.shown(session.graph.loss)} over {names}{chosen}{batch}"


def _in_whole_run(session: Session) -> Session | None:
    """The session itself; of a view of one iteration that of the whole run, as far as the view has come; None where
    that is not even the first step of all."""
    whole = session.whole
    if whole is None:
        return session
    layout, split = whole.layout, session.layout

    def is_to_come(index: int) -> bool:
        entry, turn = layout.entry(index), layout.turn(index) or 0
        # A factor that is in pieces there comes with the gradient that it leads to.
        there = entry if entry in split.places else Entry("gradient", entry.name)
        return split.index(there, turn) > session.cursor.index

    # In pieces the order is a little other; the examples before are done, and those after it to come.
    first = layout.batch_size if session.turn is None else session.turn
    indices = range(first * len(layout.per_example), len(layout))
    reached = next(filter(is_to_come, indices), len(layout))
    iteration = whole.cursor.iteration
    if reached == 0:
        iteration, reached = iteration - 1, len(whole.history.layout(iteration - 1)) if iteration else 0
    if iteration < 0:
        return None
    return replace(
        whole, cursor=Cursor(iteration, reached - 1), loss_view=session.loss_view, is_trying=session.is_trying
    )


def _drawn_over(session: Session) -> tuple[str, ...]:
    """The parameters that the loss is drawn over; () where it is drawn over the iterations. Where there is one of each,
    the parameter tells more.

    All of them, if they are no more than two; else those that move most, and where none moves the pinned one, or the
    first, so that the curve stays."""
    parameters = session.graph.parameters
    is_only_one = session.cursor.iteration == 0 and len(parameters) == 1
    is_function = session.scenario.learning_rate is None or is_only_one
    if session.loss_view != "curve" and not (session.loss_view == "linear" and is_function):
        return ()
    if len(parameters) <= 2:
        return parameters
    return (session.pinned or parameters[0],) if session.scenario.learning_rate is None else moved_most(session.history)
