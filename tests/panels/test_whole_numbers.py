"""At every size a number on the screen is whole or marked as cut, and nothing that a step shows is missing."""

from __future__ import annotations

import itertools
import re

import pytest
from support.panel_text import opened, panel, played, text_of
from support.tables import all_or, sample

from tui_backprop.numbers import four_digits, within
from tui_backprop.panels.graph_panel import graph_lines
from tui_backprop.panels.number_widths import ROOMS
from tui_backprop.panels.panel_table import PANELS, header_line, narration_lines
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.session import Charset, Cursor, Session

_CUT = re.compile(r"[\w.,()\[\]−-]*(?:…|\.\.\.)")
_NUMBER = re.compile(r"(?<![\w.])\d[\d.]*(?:e[−-]?\d*)?")
_ROOM = (3_000, 600)

SIZES = [(width, height) for width in (8, 13, 16, 20, 27, 38, 45, 58, 78, 118) for height in (1, 3, 6, 11, 16, 22, 36)]
SOME_SIZES = [(13, 6), (20, 11), (38, 11), (38, 6), (58, 22), (78, 16), (118, 36)]

WAYS = [
    ("2*node_on",),
    ("phase_on", "2*step_on"),
    ("phase_on", "5*node_on", "digits"),
    ("phase_on", "3*node_on", "derive", "4*step_on"),
    ("phase_on", "node_on", "digits", "derive", "3*step_on"),
    ("phase_on", "5*node_on", "focus", "focus"),
    ("iteration_on", "phase_on", "4*step_on"),
    ("3*iteration_on", "digits", "log_axis"),
    ("9*iteration_on", "node_on"),
    ("2*iteration_on", "curve", "digits"),
    ("split", "phase_on", "4*step_on", "digits"),
    ("end", "digits"),
    ("step_back", "end", "phase_back"),
]


def _numbers(text: str) -> set[str]:
    """The numbers with a point or an exponent that a text shows whole; those that are marked as cut are left out."""
    return {found.rstrip(".") for found in _NUMBER.findall(_CUT.sub(" ", text)) if re.search(r"\.\d|e|\.$", found)}


def _all_lines(session: Session, width: int, height: int) -> dict[str, str]:
    shown = {name: text_of(panel.lines(session, width, height)) for name, panel in PANELS.items()}
    return {
        **shown,
        "narration": text_of(narration_lines(session, width, height)),
        "header": text_of([header_line(session, width)]),
    }


def _there_are(session: Session) -> set[str]:
    """Every number that the lesson has at the cursor: of both passes that are seen, and of all texts with room."""
    steps = [session.steps, session.history.steps(max(0, session.cursor.iteration - 1))]
    numbers = {step.value for passed in steps for step in passed}
    for passed in steps:
        for turn in range(session.layout.batch_size):
            numbers.update(passed.numbers(turn).values())
        numbers.update((*passed.iteration.updated, *passed.iteration.gradients))
    # Where the graph has little room, it writes numbers with fewer digits.
    found = {
        text
        for number in numbers
        for text in (session.number(number), within(number, 8, session.charset), within(number, 7, session.charset))
    }
    # Where all digits would leave no room for the curve, its axis has four.
    losses = [session.history.loss(iteration) for iteration in range(session.losses_known())]
    found.update(four_digits(loss, session.charset) for loss in losses)
    found.update(_all_lines(session, *_ROOM).values())
    return _numbers(" ".join(f" {text} " for text in found)) | _numbers(" ".join(found).replace("−", " "))


@pytest.mark.parametrize("charset", ["unicode", "ascii"])
@pytest.mark.parametrize(("lesson", "way"), sample([*itertools.product(bundled_names(), WAYS)], 29), ids=str)
def test_a_number_is_whole_or_marked_as_cut(lesson: str, way: tuple[str, ...], charset: Charset) -> None:
    session = played(opened(lesson, charset), *way)
    there_are = _there_are(session)
    for size in all_or(SOME_SIZES, SIZES):
        for name, text in _all_lines(session, *size).items():
            assert _numbers(text) <= there_are, (name, size, text)


def test_a_number_that_is_not_whole_is_noticed() -> None:
    assert _numbers("a = 0.4013 and 1.5e−7, x1 = 3, 0.40…, −1.2345... 7.") == {"0.4013", "1.5e−7", "7"}
    assert _numbers("0.\n4013") == {"0"}


# --- the step's own number, at every size at which there is a panel


@pytest.mark.parametrize("lesson", bundled_names())
def test_the_number_of_every_step_is_in_the_equations(lesson: str) -> None:
    session = opened(lesson)
    for iteration in (0, 1) if session.has_iteration(1) else (0,):
        for index in range(0, len(session.layout), all_or([max(1, len(session.layout) // 40)], [1])[0]):
            there = session.at(Cursor(iteration, index))
            number = there.number(there.step.value)
            for size in [(38, 1), (38, 4), (38, 11), (58, 22), (98, 30)]:
                assert number in _in_one_line(panel(there, "equations", *size)), (index, size)


def _in_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


# --- the graph


def _told_of(session: Session, name: str, room: int = 0) -> set[str]:
    """What the graph has to say of a name: its number and its gradient, in parentheses where they are old; each with
    as many digits as it has room for."""
    told = set()
    for known in (session.known_value(name), session.known_gradient(name)):
        if known.number is not None:
            text = within(known.number, room, session.charset) if room else session.number(known.number)
            told.add(f"({text})" if known.is_stale else text)
    return told


def _shown_of(session: Session, size: tuple[int, int]) -> dict[str, set[str]]:
    """The texts of each name, but for what an ellipsis marks as cut."""
    shown: dict[str, set[str]] = {}
    for line in graph_lines(session, *size):
        for span, after in itertools.zip_longest(line, line[1:]):
            if span.target and (after is None or after.text != session.characters.ellipsis):
                shown.setdefault(span.target, set()).add(span.text.strip().removeprefix("∂").strip())
    return shown


GRAPHS = ["parabola", "logistic", "logistic-four", "rules", "half-or-not", "partials", "xor-relu", "many-neurons"]
POINTS = ", ".join(f"{{x: {-123456.789 if place == 18 else 1}}}" for place in range(20))
_LINE = "parameters: {w: 0.1}\nequations: {z: w*x, L: (z - 1)^2}\nlearning_rate: 1e-9"
TWENTY = f"title: t\ndata: [{POINTS}]\n{_LINE}\n"


@pytest.mark.parametrize("lesson", [*GRAPHS, TWENTY], ids=lambda lesson: lesson[:20].strip())
def test_with_room_the_graph_has_every_number_that_is_known_and_marks_what_is_old(lesson: str) -> None:
    session = opened(lesson)
    stale = 0
    steps = 3 * len(session.layout)
    for _ in range(min(steps, 300)):
        shown = _shown_of(session, (400, 150))
        for name in shown.keys() & {*session.graph.equations, *session.graph.inputs, *session.graph.parameters}:
            if name not in session.graph.parameters or session.scenario.network is None:
                told = _told_of(session, name)
                assert told <= shown[name], (session.cursor, name)
                stale += any(text[0] == "(" for text in told)
        if session.scenario.network is None:
            used = {name for operands in session.graph.operands.values() for name in operands}
            assert {*session.graph.equations, *used} <= shown.keys()
        session = played(session, "step_on")
    assert stale or len(session.layout) > 100 or session.scenario.learning_rate is None


@pytest.mark.parametrize("lesson", GRAPHS)
def test_what_the_graph_shows_of_a_name_in_less_room_is_whole(lesson: str) -> None:
    for way in (("phase_on", "node_on"), ("iteration_on", "phase_on", "3*node_on"), ("end",)):
        session = played(opened(lesson), *way)
        for size in all_or(SOME_SIZES, SIZES):
            for name, texts in _shown_of(session, size).items():
                shown = session.shown(name)
                told = {text for room in (0, *ROOMS) for text in _told_of(session, name, room)}
                allowed = told | {shown, f"[{shown}]", session.characters.partial}
                for text in texts:
                    whole = re.sub(r"^(?:· \S+|∂) ?", "", text)
                    assert whole in allowed | {""} or shown in text, (size, name, text)


LONG_MEAN = "title: t\nparameters: {w: 1}\ndata: [{x: 1}, {x: 0}, {x: 0}]\nequations: {L: w*x}\nlearning_rate: 1\n"
LONG_BEFORE = "title: t\nparameters: {w: 0.12345678}\nequations: {L: (w - 3)^2}\nlearning_rate: 0.5\n"


@pytest.mark.parametrize("lesson", [LONG_MEAN, LONG_BEFORE], ids=["the mean", "the iteration before"])
def test_a_gradient_from_elsewhere_that_is_longer_than_all_of_the_iteration_has_room_too(lesson: str) -> None:
    session = played(opened(lesson), "digits")
    for _ in range(2 * len(session.layout)):
        assert _told_of(session, "w") <= _shown_of(session, (200, 20))["w"]
        session = played(session, "step_on")


# --- networks


NETS = ["net-2-2-2", "worked-example", "many-neurons", "xor-sigmoid"]


@pytest.mark.parametrize("lesson", NETS)
def test_the_cost_column_has_the_cost_and_every_target(lesson: str) -> None:
    session = opened(lesson)
    network = session.scenario.network
    assert network is not None
    for moves in ((), ("phase_on", "step_on"), ("end",)):
        there = played(session, *moves)
        shown = _shown_of(there, (200, 60))
        for target in network.targets:
            assert _told_of(there, target) == shown[target] - {there.shown(target)}
        assert _told_of(there, network.cost) <= shown[network.cost]


@pytest.mark.parametrize("size", [(38, 8), (38, 11), (58, 22), (116, 34)])
@pytest.mark.parametrize("lesson", NETS)
def test_at_every_step_its_node_or_weight_is_marked_and_its_number_in_sight(lesson: str, size: tuple[int, int]) -> None:
    session = opened(lesson)
    for index in range(len(session.layout)):
        there = session.at(Cursor(0, index))
        name = there.entry.name or there.graph.loss
        text = "\n".join("".join(span.text for span in line) for line in graph_lines(there, *size))
        marked = [name] if there.entry.kind != "factor" else [there.entry.of, name]
        assert any(f"[{there.shown(one)}]" in text or f"{there.shown(one)} " in text for one in marked), (index, text)
        if name in there.graph.parameters and size[1] >= 8:
            assert f"[{there.shown(name)}]" in text, (index, text)


# --- the chain of factors


_POWERS = ", ".join(f"a{place}: w^{place}" for place in range(1, 9))
_SUM = " + ".join(f"a{place}" for place in range(1, 9))
MANY_PATHS = f"title: t\nparameters: {{w: 0.5}}\nequations: {{{_POWERS}, L: {_SUM}}}\n"


def test_of_many_paths_it_is_said_how_many_more_there_are() -> None:
    session = opened(MANY_PATHS)
    assert session.graph.path_count("w") == 8
    text = panel(session, "equations", 80, 60)
    assert "path 1 of 8" in text
    assert "+ … 5 more paths" in text
    few = opened("title: t\nparameters: {w: 0.5}\nequations: {a: w, b: w^2, c: w^3, L: a + b + c}\n")
    assert "more paths" not in panel(few, "equations", 80, 60)
    assert "path 1 of 3" in panel(few, "equations", 80, 60)
