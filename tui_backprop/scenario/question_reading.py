"""What the learner is asked: the field `questions`, each entry the name of a step, and where and how it is asked."""

from __future__ import annotations

from msgspec import Struct

from tui_backprop.errors import Place
from tui_backprop.scenario.draft import EQUATION, PARAMETER, Draft
from tui_backprop.scenario.expectations import read_after, read_example
from tui_backprop.scenario.fields import known_entries, read_mapping, read_one_or_list, read_scalar, read_text, required
from tui_backprop.scenario.model import Question
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.step_names import StepName, read_step_name
from tui_backprop.scenario.tree import Node, Pair, Scalar

_HELP = "write lines such as - {at: ∂L/∂w}; what is asked for is the number of that step"
_AT_HELP = "write the name of a step, such as ∂L/∂w, ∂a/∂z, mean w or update w, or of a node for its value"
_KEYS = ("at", "after", "example", "prompt", "hint")


class ReadQuestion(Struct, frozen=True):
    """A question, the step that it names (None: a node's value), and where."""

    question: Question
    step: StepName | None
    place: Place


def read_questions(draft: Draft, node: Node, has_updates: bool) -> tuple[ReadQuestion, ...]:
    """The entries of `questions` that are right; what is wrong with the others is noted."""
    items = read_one_or_list(draft.report, node, "'questions'", _HELP)
    read = [_read(draft, item, has_updates) for item in items]
    return tuple(question for question in read if question is not None)


def _read(draft: Draft, node: Node, has_updates: bool) -> ReadQuestion | None:
    report, before = draft.report, len(draft.report)
    mapping = read_mapping(report, node, "a question", _HELP)
    if mapping is None:
        return None
    entries = known_entries(report, mapping, "a question", _KEYS)
    at_node = required(report, mapping, entries, "a question", "at", _AT_HELP)
    at = read_scalar(report, at_node, "'at'", _AT_HELP) if at_node is not None else None
    step = read_step_name(at.text.strip()) if at is not None else None
    if at is not None:
        _check_names(draft, at, step)
    after = read_after(report, entries, has_updates)
    example = read_example(draft, entries["example"].value) if "example" in entries else 0
    prompt, hint = _text(draft, entries, "prompt"), _text(draft, entries, "hint")
    if at is None or len(report) > before:
        return None
    name = step.text if step else at.text.strip()
    question = Question(name, after or 0, example or 0, prompt, hint, mapping.place.line)
    return ReadQuestion(question, step, at.place)


def _check_names(draft: Draft, at: Scalar, step: StepName | None) -> None:
    """Whether the scenario has the names of the step, and a node where the step is a node's value."""
    for name in step.names if step else (at.text.strip(),):
        draft.check_is_name(name, at.place, "a question about")
        definition = draft.definitions.get(name) if draft.complete else None
        if definition is not None and step is None and definition.kind != EQUATION:
            message = f"'{shown(name)}' is {definition.kind}: its value is given, so there is nothing to ask"
            gradient = f"for its gradient write ∂L/∂{shown(name)}, where L is the loss"
            draft.report.add(at.place, message, gradient if definition.kind == PARAMETER else _AT_HELP)


def _text(draft: Draft, entries: dict[str, Pair], key: str) -> str:
    if key not in entries:
        return ""
    return read_text(draft.report, entries[key].value, f"'{key}'", "write a sentence, or leave the key out") or ""
