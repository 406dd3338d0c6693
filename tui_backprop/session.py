"""Where the learner is, and what they see from there: a frozen value of lesson, cursor, and how it is looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.charset import CHARACTERS, Characters, Charset, spelled
from tui_backprop.engine.graph import Graph
from tui_backprop.explain.chain_in_focus import parameter_below, path_through
from tui_backprop.explain.questions import Attempts, is_worth_asking, same_number
from tui_backprop.lesson import Lesson, Notation, Run
from tui_backprop.maths.writing import Style
from tui_backprop.record.history import History
from tui_backprop.record.layer_equations import LayerEquation, LayerEquations
from tui_backprop.record.layer_places import LayerPlace
from tui_backprop.record.remnants import WORTH_A_LOOK
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Entry, StepLayout
from tui_backprop.record.step_sequence import Steps
from tui_backprop.safe_text import safe_text
from tui_backprop.scenario.model import Question, Scenario

if TYPE_CHECKING:
    from tui_backprop.explain.own_gradients import OwnGradients

LossView = Literal["linear", "log", "curve", "plane", "examples"]

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Steps a second while playing."""


class Cursor(Struct, frozen=True, order=True):
    """A place in the run: an iteration and the index of a step in it, both counted from 0."""

    iteration: int
    index: int


class Known(Struct, frozen=True):
    """What a number is worth at the cursor: just computed, left from before (stale), or None: not there yet."""

    number: float | None
    is_stale: bool = False


_UNKNOWN = Known(None)


class Seen(Struct, frozen=True):
    """Where the number of a step that was passed lies: its iteration's steps, the example's turn, and whether the
    cursor is past it, so that the number is stale."""

    steps: Steps
    turn: int
    is_stale: bool


Matter = TypeVar("Matter")


READING_PANEL = 1
"""The place, among the panels, of the one in which things are read."""

LOSS_PANEL, PANEL_COUNT = 2, 3
"""The place of the one that shows the losses, and how many there are."""


class Reading(Struct, Generic[Matter], frozen=True):
    """What is read about a step in place of the equations.

    kind: a derivation, a second proof, or all that is said of the step, which has the screen for itself; or what is
        wrong with the lesson's file.
    matter: the derivation, the proof, or the refusal.
    length: how many parts the arrows go through. position: the one that is read, from 0.
    back: where one was before, and what was read there; None where leaving leads back to the steps.
    """

    kind: Literal["derivation", "nudge", "words", "refusal", "inspect"]
    title: str
    matter: Matter
    length: int = 1
    position: int = 0
    back: tuple[Cursor, Reading[Any]] | None = None


class Session(Struct, frozen=True):
    """A lesson with a cursor, and how it is looked at. Every move makes a new one.

    lesson: the one that the iteration under the cursor belongs to.
    runs: the first run and those that were made beside it; () where there is but the lesson's own. run: which of them
    is looked at.
    pinned: the parameter whose chain of factors is written out wherever the cursor goes, and `pinned_path` which of its
    paths is meant, counted from 0; "": the chain follows the step.
    shows_path: whether that path is lit in the graph, until the cursor moves.
    panel: which panel is looked at, in the order of their table; they go round, and past the last comes the first.
    notice: why the last move was not possible, or what it did, to be read once.
    shows_matrices: whether the equations are those of layers, as matrices.
    reading: what is read in place of the equations, such as a derivation.
    whole: in a view of one iteration, the session that it was split from.
    is_trying: whether the next number is asked for before it is shown, and `tried` how that went.
    own: the gradients that the learner computed, which stand beside those of the lesson.
    """

    lesson: Lesson
    cursor: Cursor = Cursor(0, 0)
    runs: tuple[Run, ...] = ()
    run: int = 0
    pinned: str = ""
    pinned_path: int = 0
    shows_path: bool = False
    shows_all_digits: bool = False
    loss_view: LossView = "linear"
    panel: int = 0
    is_zoomed: bool = False
    is_playing: bool = False
    speed: int = 2
    notice: str = ""
    charset: Charset = "unicode"
    shows_matrices: bool = False
    reading: Reading[Any] | None = None
    whole: Session | None = None
    is_trying: bool = False
    tried: Attempts = Attempts()
    own: OwnGradients | None = None

    @staticmethod
    def start(scenario: Scenario, charset: Charset = "unicode", slip: str = "") -> Session:
        """The session at the first step of a scenario; of its run with a slip in it, where one is named.

        Raises UsageError for a slip that cannot be made.
        """
        session = Session(Lesson(scenario, History(scenario)), charset=charset)
        return session.in_twin(slip) if slip else session

    # --- the lesson

    @property
    def scenario(self) -> Scenario:
        """The scenario that is stepped through."""
        return self.lesson.scenario

    @property
    def history(self) -> History:
        """What is recorded of the iteration under the cursor, and of those before it."""
        return self.lesson.history

    @property
    def current_run(self) -> Run:
        """The run that is looked at."""
        return self.runs[self.run] if self.runs else Run("", self.lesson)

    @property
    def timeline(self) -> History:
        """The whole run that is looked at, also past the cursor."""
        return self.current_run.lesson.history

    @property
    def histories(self) -> tuple[History, ...]:
        """What a move records: the run that is looked at, and the one beside it."""
        run = self.current_run
        return (run.lesson.history, *([run.beside.lesson.history] if run.beside else []))

    def in_run(self, runs: tuple[Run, ...], place: int) -> Session:
        """The session in another of these runs: at the same step of the same iteration, or the nearest one it has."""
        timeline = runs[place].lesson.history
        iteration = timeline.extend(self.cursor.iteration)
        layout, entry = timeline.layout(iteration), self.entry
        if entry in layout.places:
            index = layout.index(entry, min(self.last_turn, layout.batch_size - 1))
        else:
            index = min(self.cursor.index, len(layout) - 1)
        is_trying = self.is_trying and not runs[place].slip
        return replace(self, runs=runs, run=place, is_trying=is_trying).at(Cursor(iteration, index))

    def in_twin(self, slip: str) -> Session:
        """The session at the same step of a run with a slip in it, which stands beside the first run.

        Raises UsageError for a slip that cannot be made.
        """
        # Only who makes a slip needs it.
        from tui_backprop.explain.slipped_run import slipped_history

        runs = self.runs or (Run("", self.lesson, known_as="the right run"),)
        first = runs[0]
        history = slipped_history(first.lesson.scenario, slip)
        title = f"slip: {self.outside(slip)}"
        twin = Run(title, Lesson(first.lesson.scenario, history), beside=first, slip=slip)
        return self.in_run((*runs, twin), len(runs))

    @property
    def beside(self) -> History | None:
        """The run that the one looked at is held against, as far as they differ; None where they do not."""
        run = self.current_run
        is_other = run.beside is not None and self.cursor.iteration >= run.first
        return run.beside.lesson.history if run.beside and is_other else None

    def number_beside(self, entry: Entry) -> float | None:
        """The number that the run beside this one has at such a step of the same iteration, for the same example; None
        where it has none, and where it is the very same."""
        iteration, beside, seen = self.cursor.iteration, self.beside, self.seen(entry)
        if beside is None or seen is None or seen.steps.iteration.number != iteration or iteration >= len(beside):
            return None
        steps = beside.steps(iteration)
        if entry not in steps.layout.places or steps.line(entry) != seen.steps.line(entry):
            return None
        number, mine = steps.number(entry, seen.turn), seen.steps.number(entry, seen.turn)
        return None if number == mine or (number != number and mine != mine) else number

    @property
    def graph(self) -> Graph:
        """The computation graph."""
        return self.lesson.graph

    @property
    def layout(self) -> StepLayout:
        """Which step stands where in the iteration under the cursor."""
        return self.history.layout(self.cursor.iteration)

    @property
    def notation(self) -> Notation:
        """How names and numbers are written at the moment."""
        return Notation(self.lesson, self.charset, self.shows_all_digits)

    @property
    def style(self) -> Style:
        """How expressions are written at the moment."""
        return self.notation.style

    @property
    def characters(self) -> Characters:
        """What text is made of at the moment."""
        return CHARACTERS[self.charset]

    def outside(self, text: str) -> str:
        """Text from outside, such as a title or a note, as it can be shown."""
        return spelled(safe_text(text), self.charset)

    def sentence(self, text: str) -> str:
        """A sentence of the scenario, the names in it written as everywhere on the screen."""

        def written(word: re.Match[str]) -> str:
            return self.shown(word[0]) if word[0] in self.lesson.shown_names else word[0]

        return re.sub(r"[^\W\d]\w*", written, self.outside(text))

    def shown(self, name: str) -> str:
        """How a name is written on the screen."""
        return self.style.name(name)

    def number(self, value: float) -> str:
        """How a number is written on the screen."""
        return self.style.number(value)

    # --- the cursor

    @property
    def iteration(self) -> int:
        """The number of the iteration under the cursor, in the whole run."""
        return self.cursor.iteration + (self.lesson.view_of or 0)

    @property
    def steps(self) -> Steps:
        """The steps of the iteration under the cursor."""
        return self.history.steps(self.cursor.iteration)

    @property
    def step(self) -> Step:
        """The step under the cursor: what was just computed."""
        return self.steps[self.cursor.index]

    @property
    def entry(self) -> Entry:
        """What kind of step the cursor stands on, and of what."""
        return self.layout.entry(self.cursor.index)

    @property
    def turn(self) -> int | None:
        """Which of the iteration's examples the cursor is in, in their order; None in the averages and updates."""
        return self.layout.turn(self.cursor.index)

    @property
    def is_over_examples(self) -> bool:
        """Whether the cursor is past the iteration's last example, where its several examples count together."""
        return self.turn is None and self.layout.batch_size > 1

    @property
    def last_turn(self) -> int:
        """The example that is on the screen: the cursor's, or after the last one, the last one."""
        turn = self.turn
        return self.layout.batch_size - 1 if turn is None else turn

    @property
    def example(self) -> int:
        """The number of the example on the screen, counted from 0 in file order."""
        return self.steps.iteration.batch[self.last_turn]

    @property
    def batch_text(self) -> str:
        """Which examples the iteration sees, where it does not see all: "examples 3 and 4"; else ""."""
        batch, count = self.steps.iteration.batch, len(self.history.plan.examples)
        if len(batch) == count:
            return ""
        shown = [str(example + 1) for example in batch]
        if len(shown) > 2 and [*batch] == [*range(batch[0], batch[-1] + 1)]:
            return f"examples {shown[0]} to {shown[-1]}"
        if len(shown) > 4:
            shown = [*shown[:2], self.characters.ellipsis, shown[-1]]
            return f"examples {', '.join(shown)}"
        return (
            f"example{'s' if len(shown) > 1 else ''} {' and '.join(filter(None, (', '.join(shown[:-1]), shown[-1])))}"
        )

    @property
    def is_alone(self) -> bool:
        """Whether the panel that is looked at has the screen for itself."""
        return self.is_zoomed or (self.reading is not None and self.reading.kind == "words")

    def with_reading(self, reading: Reading[Any]) -> Session:
        """The same session with something to read, which is looked at."""
        return replace(self, reading=reading, panel=READING_PANEL, notice="")

    @property
    def layers(self) -> LayerEquations | None:
        """The equations of the layers, where they are looked at as matrices."""
        return self.lesson.layers if self.shows_matrices else None

    @property
    def layer_equation(self) -> tuple[LayerEquation, LayerPlace] | None:
        """Of the matrices that are looked at the equation to which the step belongs, and which entry of it it is."""
        return self.layers.at(self.entry, self.layout.batch_size) if self.layers is not None else None

    @property
    def focus(self) -> str:
        """The parameter whose chain of factors is written out: the one that is pinned, else the step's own, or the
        first one that what the step is about is made of; before the backward pass the first of all."""
        parameters = self.graph.parameters
        if self.pinned or not parameters:
            return self.pinned
        name = self.entry.name if self.entry.phase != "forward" else ""
        return parameter_below(self.graph, name) or parameters[0]

    @property
    def focus_path(self) -> int:
        """Which path of the parameter in focus is meant: the pinned one, else the first on which the step lies."""
        if not self.focus:
            return 0
        return self.pinned_path if self.pinned else path_through(self.history, self.focus, self.entry)

    def focused_path(self) -> tuple[str, ...]:
        """The path in focus, as the names from the loss down to the parameter; () where there is none."""
        paths = self.graph.paths(self.focus, self.focus_path + 1) if self.focus else ()
        return paths[-1] if paths else ()

    def next_cursor(self) -> Cursor | None:
        """Where the next step is; None where the run ends."""
        iteration, index = self.cursor.iteration, self.cursor.index + 1
        if index < len(self.layout):
            return Cursor(iteration, index)
        return Cursor(iteration + 1, 0) if self.has_iteration(iteration + 1) else None

    def has_iteration(self, iteration: int) -> bool:
        """Whether the run has the iteration, as far as is known: one past the recorded ones is surely there unless
        the run ended, one farther off may turn out not to be. Asking records nothing."""
        if self.lesson.view_of is not None:
            return iteration == 0
        return 0 <= iteration <= self.timeline.last_possible

    def at(self, cursor: Cursor) -> Session:
        """The session with the cursor elsewhere, in an iteration that is recorded by then; what was read about the
        step before is closed."""
        for history in self.histories:
            history.extend(cursor.iteration)
        lesson = self.current_run.lesson_at(cursor.iteration)
        tried = self.tried.at_another_step()
        return replace(self, lesson=lesson, cursor=cursor, notice="", reading=None, shows_path=False, tried=tried)

    def with_notice(self, notice: str) -> Session:
        """The same session with something to be read once."""
        return replace(self, notice=notice)

    @property
    def asked(self) -> Entry | None:
        """The step that is asked for while the learner tries, whose number is on no part of the screen: the next one.
        None where none is, or its number stands there before it comes."""
        cursor = self.next_cursor() if self.is_trying else None
        if cursor is None:
            return None
        entry = self.history.layout(cursor.iteration).entry(cursor.index)
        return entry if is_worth_asking(self.history, entry) else None

    @property
    def question(self) -> Question | None:
        """The question that the scenario asks about the next step, if any."""
        cursor = self.next_cursor() if self.lesson.questions else None
        return self.lesson.questions.get((cursor.iteration, cursor.index)) if cursor else None

    # --- what is known at the cursor

    def is_hidden(self, entry: Entry) -> bool:
        """Whether a step's number, left from before too, stays hidden until it is answered."""
        asked = self.asked
        return asked is not None and same_number(self.history, asked, entry)

    def seen(self, entry: Entry) -> Seen | None:
        """Where a step's number is known from: the latest pass in which such a step came by, for the example on the
        screen or for one before it. None where none has. Every number on the screen is asked for here."""
        if self.is_trying and self.is_hidden(entry):
            return None
        layout, turn = self.layout, self.last_turn
        iteration = self.cursor.iteration
        if self.cursor.index >= layout.index(entry, turn):
            # Once a parameter is updated, the values are those of the old ones; the gradients are still being used.
            is_of_values = entry.kind == "value" or (entry.kind == "mean" and not entry.name)
            is_stale = is_of_values and self.cursor.index >= layout.first_update
            return Seen(self.steps, turn, is_stale)
        if turn > 0 and entry.is_of_example:
            return Seen(self.steps, turn - 1, is_stale=True)
        before = self.history.steps(iteration - 1) if iteration > 0 else None
        if before is None or entry not in before.layout.places:
            return None
        # What another optimizer's lines gave are not numbers of these.
        if entry.kind != "update" or before.tree(entry) == self.steps.tree(entry):
            return Seen(before, before.layout.batch_size - 1, is_stale=True)
        return None

    def known(self, entry: Entry) -> Known:
        """What a step's number is worth at the cursor."""
        seen = self.seen(entry)
        return Known(seen.steps.number(entry, seen.turn), seen.is_stale) if seen else _UNKNOWN

    def known_value(self, name: str) -> Known:
        """The value of a node, parameter, input or constant, as far as the cursor has come.

        Once the loss is averaged over the examples, it is the average.
        """
        if name in self.graph.equations:
            mean = Entry("mean", "")
            is_averaged = name == self.graph.loss and self.is_over_examples
            return self.known(mean if is_averaged else Entry("value", name))
        if name not in self.graph.parameter_places:
            return Known(self.steps.numbers(self.last_turn)[name])
        update = Entry("update", name)
        if update in self.layout.places and self.cursor.index >= self.layout.index(update):
            return self.known(update)
        return Known(self.steps.parameter(name))

    def known_gradient(self, name: str) -> Known:
        """The gradient of the loss with respect to a node or parameter, for the example on the screen.

        Once a parameter's gradient is averaged over the examples, it is the average.
        """
        mean = Entry("mean", name)
        if self.turn is None and mean in self.layout.places and self.cursor.index >= self.layout.index(mean):
            return self.known(mean)
        entry = self.layout.gradient_of(name)
        return self.known(entry) if entry else _UNKNOWN

    def known_factor(self, of: str, wrt: str) -> Known:
        """The factor of an edge, for the example on the screen."""
        return self.known(Entry("factor", wrt, of))

    def loss(self, iteration: int, history: History | None = None) -> float:
        """The loss of a recorded iteration; a tiny one is looked at more closely, as it may be nothing but rounding.

        history: that of another run.
        """
        history = history or self.history
        loss = history.losses[iteration]
        return history.steps(iteration).loss() if 0 < abs(loss) < WORTH_A_LOOK else loss

    def losses_known(self) -> int:
        """How many losses are known at the cursor: this iteration's counts once its step has passed."""
        return self.cursor.iteration + (self.cursor.index >= self.layout.index_of_loss)
