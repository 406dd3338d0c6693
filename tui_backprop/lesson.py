"""What stays the same while the learner moves: the lesson, and how its names and numbers are written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import chain

from msgspec import Struct

from tui_backprop.charset import CHARACTERS, Characters, Charset
from tui_backprop.engine.graph import Graph
from tui_backprop.engine.update_rule import UpdateRule
from tui_backprop.explain.questions import place_of
from tui_backprop.maths.expression import Expression
from tui_backprop.maths.partials import partial_name
from tui_backprop.maths.writing import Style, plain_style, typeset_names, typeset_style
from tui_backprop.numbers import all_digits, four_digits, full
from tui_backprop.record.history import History
from tui_backprop.record.layer_equations import LayerEquations
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.model import Question, Scenario


class Lesson(Struct, frozen=True, eq=False, dict=True):
    """What stays the same while the learner moves: the scenario, its history, and how its names are shown.

    view_of: the iteration that this is a view of, split into elementary operations; None for a whole run.
    """

    scenario: Scenario
    history: History
    view_of: int | None = None

    @property
    def graph(self) -> Graph:
        """The computation graph."""
        return self.history.graph

    @cached_property
    def shown_names(self) -> Mapping[str, str]:
        """How each name is written on the screen."""
        graph, network = self.graph, self.scenario.network
        layers = network.layers if network is not None else ()
        weights = frozenset(chain.from_iterable(row for layer in layers for row in layer.weights))
        of_layers: frozenset[str] = frozenset()
        if len(weights) == len(layers):
            # One neuron in each layer: w1, w2 ... as anybody's.
            weights = frozenset()
        else:
            of_layers = frozenset(chain.from_iterable((*layer.nodes, *layer.biases) for layer in layers))
        parameters = (name for name in graph.parameters if name not in weights)
        names = (*graph.constants, *graph.inputs, *parameters, *graph.nodes)
        return typeset_names(names, of_layers, weights)

    @cached_property
    def styles(self) -> Mapping[tuple[Charset, bool], Style]:
        """The ways to write expressions and numbers, by charset and whether all digits are shown."""
        return {
            ("unicode", False): typeset_style(self.shown_names, four_digits),
            ("unicode", True): typeset_style(self.shown_names, all_digits),
            ("ascii", False): plain_style(lambda value: four_digits(value, "ascii")),
            ("ascii", True): plain_style(full),
        }

    @cached_property
    def questions(self) -> Mapping[tuple[int, int], Question]:
        """The questions of the scenario by the iteration and the index of their steps, in the order of the run. The
        first step of all is on the screen from the start: nobody can be asked for it."""
        questions = ((place_of(self.history, question), question) for question in self.scenario.questions)
        placed = {place: question for place, question in questions if place is not None and place != (0, 0)}
        return dict(sorted(placed.items(), key=lambda item: item[0]))

    @cached_property
    def slips(self) -> tuple[str, ...]:
        """The names of the slips that can happen in it."""
        # Only who looks for one needs it.
        from tui_backprop.explain.slipped_run import possible_slips

        return possible_slips(self.history)

    @cached_property
    def layers(self) -> LayerEquations | None:
        """The equations of its layers as matrices; None where it has no network."""
        network = self.scenario.network
        return LayerEquations(self.graph, self.history.plan, network) if network is not None else None

    @property
    def rule(self) -> UpdateRule:
        """The rule by which the parameters of a lesson with a learning rate are updated."""
        rule = self.history.plan.rule
        assert rule is not None
        return rule

    def tree(self, entry: Entry) -> Expression:
        """What a step computes, whatever the numbers are; a mean, where a batch is whole."""
        return self.history.tree(entry)


class Run(Struct, frozen=True, eq=False):
    """One timeline of a lesson.

    title: what tells it from the first one; "" of that itself.
    lesson: its scenario and history.
    first: the first iteration that is its own; those before it are those of the run beside it.
    beside: the run that it is held against; None of the first one, which stands for itself.
    slip: the slip that is made in it, as `--slip` has it; "" for none.
    known_as: what a sentence calls it, where it is not the first run or one that was left.
    """

    title: str
    lesson: Lesson
    first: int = 0
    beside: Run | None = None
    known_as: str = ""
    slip: str = ""

    @property
    def called(self) -> str:
        """What a sentence calls it that stands beside another one."""
        return self.known_as or ("the run that it left" if self.title else "the first run")

    def lesson_at(self, iteration: int) -> Lesson:
        """The lesson that an iteration belongs to."""
        run = self
        while run.beside is not None and iteration < run.first:
            run = run.beside
        return run.lesson


class Notation(Struct, frozen=True):
    """How the names and numbers of a lesson are written: in which characters, and with how many digits."""

    lesson: Lesson
    charset: Charset = "unicode"
    shows_all_digits: bool = False

    @property
    def style(self) -> Style:
        """How expressions are written."""
        return self.lesson.styles[self.charset, self.shows_all_digits]

    @property
    def characters(self) -> Characters:
        """What the parts of formulas and sentences are made of."""
        return CHARACTERS[self.charset]

    def shown(self, name: str) -> str:
        """How a name is written."""
        return self.style.name(name)

    def number(self, value: float) -> str:
        """How a number is written."""
        return self.style.number(value)

    def change(self, before: float, after: float) -> str:
        """The numbers of one step in two runs, with as many digits as tell them apart: 0.4013 → 0.4621."""
        numbers = [self.number(before), self.number(after)]
        if numbers[0] == numbers[1]:
            numbers = [*map(self.lesson.styles[self.charset, True].number, (before, after))]
        return f" {self.characters.to} ".join(numbers)

    def partial(self, of: str, wrt: str) -> str:
        """The writing of a partial derivative: ∂a/∂z."""
        return self.style.name(partial_name(of, wrt))

    def gradient(self, name: str) -> str:
        """The writing of the loss's gradient with respect to a node or parameter: ∂L/∂z."""
        return self.partial(self.lesson.graph.loss, name)
