"""The third panel: the loss over the iterations, over the parameters, the output over the inputs, or all examples."""

from __future__ import annotations

from tui_backprop.explain.surface import moved_most
from tui_backprop.panels.lines import Line
from tui_backprop.panels.loss_history import history_lines
from tui_backprop.session import Session


def loss_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines of what is drawn."""
    session = session.whole or session
    # Each is imported where it is asked for, so that the first frame need not wait for the others.
    if session.loss_view == "examples":
        from tui_backprop.panels.example_table import example_lines

        return example_lines(session, width, height)
    if session.loss_view == "plane":
        from tui_backprop.panels.input_map import input_map_lines

        return input_map_lines(session, width, height)
    names = _drawn_over(session)
    if len(names) == 2:
        from tui_backprop.panels.loss_map import loss_map_lines

        return loss_map_lines(session, (names[0], names[1]), width, height)
    if names:
        from tui_backprop.panels.loss_curve import loss_curve_lines

        return loss_curve_lines(session, names[0], width, height)
    return history_lines(session, width, height)


def loss_title(session: Session) -> str:
    """What is drawn."""
    session = session.whole or session
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
