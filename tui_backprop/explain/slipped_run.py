"""A lesson's run with one slip in it, at one place or wherever it can happen: what `--slip NAME@PLACE` asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.plan import Plan
from tui_backprop.errors import Problem, ScenarioError, UsageError
from tui_backprop.explain.nudged import following
from tui_backprop.explain.slips import SLIPS, Site, Slip, slipped_trees
from tui_backprop.maths.partials import partial_name
from tui_backprop.record.history import History
from tui_backprop.record.slipped_history import SlippedHistory
from tui_backprop.record.slipped_pass import RightNumbers, Trees
from tui_backprop.record.step_layout import Entry, StepLayout
from tui_backprop.scenario.model import Scenario, WantedSlip
from tui_backprop.scenario.nearest import did_you_mean, listed, shown
from tui_backprop.scenario.step_names import read_step_name


def slipped_history(scenario: Scenario, text: str) -> SlippedHistory:
    """The run of a scenario with the slip that a text names, such as `sign` or `sign@∂a/∂z`.

    Raises UsageError for a slip that there is none of this name, and for a place where it cannot happen.
    """
    name, _, place = (part.strip() for part in text.partition("@"))
    slip = named_slip(name)
    at = _place(place)

    def trees(graph: Graph, plan: Plan, size: int) -> Trees:
        site = Site(graph, plan, scenario.network, size)
        found = {entry: ways[0] for entry in places(site, slip) if (ways := slipped_trees(slip, site, entry))}
        if at:
            return {entry: tree for entry, tree in found.items() if place_name(graph, entry) == at}
        usual = {entry: tree for entry, tree in found.items() if slip.is_usual(site, entry)}
        return usual or {entry: tree for entry, tree in found.items() if entry.of == graph.loss}

    history = SlippedHistory(scenario, trees, text)
    if not history.trees(history.plan.size(0)):
        _refuse(history, slip, place)
    return history


def check_slip(scenario: Scenario, slip: WantedSlip) -> None:
    """Raises ScenarioError, with its place in the file, for a slip that cannot be made in a scenario."""
    try:
        slipped_history(scenario, slip.text)
    except UsageError as error:
        message, _, help = str(error).partition("\nhelp: ")
        problem = Problem(slip.place, message, help, slip.source_line)
        raise ScenarioError(scenario.file, (problem,)) from None


def named_slip(name: str) -> Slip:
    """The slip of a name. Raises UsageError, with the nearest one, where there is none."""
    if name not in SLIPS:
        help = did_you_mean(name, SLIPS, "`backprop-tui list --slips` shows them all")
        raise UsageError(f"there is no slip '{shown(name)}'\nhelp: {help}")
    return SLIPS[name]


def possible_slips(history: History) -> tuple[str, ...]:
    """The names of the slips that can happen in a run."""
    site = site_of(history, 0)
    found = (slip for slip in SLIPS.values() if any(slipped_trees(slip, site, entry) for entry in places(site, slip)))
    return tuple(slip.name for slip in found)


def site_of(history: History, iteration: int) -> Site:
    """Where slips may be made in an iteration."""
    return Site(history.graph, history.plan, history.scenario.network, history.plan.size(iteration))


def layout_of(site: Site) -> StepLayout:
    """Which steps there are."""
    return StepLayout.of(site.graph, site.plan, site.size)


def right_numbers(history: History, iteration: int, turn: int | None = None) -> RightNumbers:
    """The numbers of an iteration's examples, in which slips are made: of all of them, or of one by its turn."""
    numbers = history.iteration(iteration)
    passes = numbers.passes if turn is None else (numbers.passes[turn],)
    old: Mapping[str, float] = history.gradients(iteration - 1) if iteration else {}
    if iteration and turn is not None and len(numbers.batch) > 1:
        seen = history.interpreter.example(history.parameter_values(iteration - 1), numbers.batch[turn])
        old = {name: seen.gradient(name) for name in old}
    named = {partial_name(history.graph.loss, name): number for name, number in old.items()}
    return RightNumbers(history.graph, history.plan, iteration, numbers.vector, passes, named)


def right_derivatives(history: History, iteration: int, pair: tuple[str, str], is_factor: bool) -> list[float]:
    """What ∂of/∂wrt is without the slip in each of an iteration's examples: a factor, or a gradient of the loss."""
    of, wrt = pair
    parameters = history.parameter_values(iteration)
    seen = [history.interpreter.example(parameters, example) for example in history.iteration(iteration).batch]
    return [one.factor(of, wrt) if is_factor else one.gradient(wrt) for one in seen]


def first_slip_behind(history: SlippedHistory, size: int, entry: Entry) -> Entry | None:
    """The step of a slip that is the first, in backward order, from which a step's number follows; the step itself
    where the slip is made there; None where the number follows from none."""
    trees, graph = history.trees(size), history.graph
    if entry in trees:
        return entry
    above = {entry.name, *following(graph, entry.name)}
    behind = [slip for slip in trees if slip.kind in ("factor", "gradient", "mean") and slip.name in above]
    layout = StepLayout.of(graph, history.plan, size)
    return min(behind, key=lambda slip: layout.index(slip, 0), default=None)


def places(site: Site, slip: Slip) -> Iterator[Entry]:
    """The steps of the kinds on which a run makes a slip: where it might happen."""
    layout = layout_of(site)
    for part in (layout.per_example, layout.tail):
        yield from (entry for entry in part if entry.kind in slip.kinds)


def place_name(graph: Graph, entry: Entry) -> str:
    """What a place is called: ∂a/∂z, ∂L/∂w, mean w, update w; of a value the node."""
    if entry.kind == "value":
        return entry.name
    if entry.kind in ("mean", "update"):
        return f"{entry.kind} {entry.name or graph.loss}"
    return partial_name(entry.of or graph.loss, entry.name)


def _place(text: str) -> str:
    """A place in the one way to write it: da/dz is ∂a/∂z."""
    step = read_step_name(text)
    return step.text if step else text


def _refuse(history: SlippedHistory, slip: Slip, place: str) -> None:
    site = site_of(history, 0)
    found = (entry for entry in places(site, slip) if slipped_trees(slip, site, entry))
    names = list(dict.fromkeys(place_name(site.graph, entry) for entry in found))
    if not names:
        raise UsageError(f"the slip '{slip.name}' cannot happen in this lesson\nhelp: `list --slips` shows the others")
    meant = read_step_name(place)
    near = [name for name in names if meant and meant.of != site.graph.loss and name.startswith(f"∂{meant.of}/")]
    help = did_you_mean(_place(place), names, f"it can at {listed(near or names)}")
    raise UsageError(f"the slip '{slip.name}' cannot happen at '{shown(place)}'\nhelp: {help}")
