"""From a scenario file to a Scenario, or to all that is wrong with it, together.

A section of the file that gives names (constants, parameters, data, equations, network) goes into a draft; then come
the checks across sections, and the fields that speak about names (loss, freeze, notes, expect).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from tui_backprop.errors import Place
from tui_backprop.scenario import files
from tui_backprop.scenario.batch_reading import Batches, read_batches
from tui_backprop.scenario.checks import check_names, check_size, find_loss
from tui_backprop.scenario.data import choose_columns, read_data, take_examples
from tui_backprop.scenario.draft import CONSTANT, PARAMETER, Draft
from tui_backprop.scenario.equation_reading import read_equations
from tui_backprop.scenario.equations import Equations
from tui_backprop.scenario.expectations import MOST_ITERATIONS, read_expectations
from tui_backprop.scenario.fields import (
    known_entries,
    named_numbers,
    read_choice,
    read_integer,
    read_line,
    read_mapping,
    read_scalar,
    read_text,
)
from tui_backprop.scenario.freeze_reading import read_frozen
from tui_backprop.scenario.model import DEFAULT_ITERATIONS, Reduction, Scenario, WantedSlip
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.optimizer_reading import read_learning_rate, read_optimizer, read_weight_decay
from tui_backprop.scenario.optimizers import DESCENT, Optimizer
from tui_backprop.scenario.question_reading import read_questions
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.source import MOST_BYTES, read_tree
from tui_backprop.scenario.start_reading import read_start
from tui_backprop.scenario.step_names import StepName, read_step_name, why_no_step
from tui_backprop.scenario.text_file import bytes_of_file, text_of
from tui_backprop.scenario.tree import Mapping, Node, Pair

_KEYS = (
    *("title", "summary", "constants", "parameters", "data", "equations", "network", "loss", "learning_rate"),
    *("optimizer", "weight_decay", "iterations", "reduction", "batch", "freeze", "notes", "questions", "expect"),
    *("start", "slip"),
)
_SCENARIO_HELP = "write lines such as 'title: …'"
_NUMBERS_HELP = "write lines such as w1: 0.5"


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    """The scenario in a file. Raises ScenarioError, with everything that is wrong, for a file that is none.

    Opens nothing but the file itself, and the CSV file beside it that its data may name; runs nothing.
    """
    return load_text(bytes_of_file(path, MOST_BYTES), os.fspath(path), Path(path).parent)


def load_text(text: str | bytes, file: str, folder: Path | None = None) -> Scenario:
    """The scenario in a text, which problems call `file`. A CSV file is looked for in `folder`.

    Raises ScenarioError, with everything that is wrong, where it is none.
    """
    with _no_collection():
        return _loaded(text, file, folder)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing of a tree in the making is garbage; looking for it there, again and again, takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _loaded(text: str | bytes, file: str, folder: Path | None) -> Scenario:
    report = Report(file)
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > MOST_BYTES:
        report.add(None, f"the file is larger than {MOST_BYTES // 1024} KiB", files.too_large_help(MOST_BYTES))
        report.fail()
    return load_tree(read_tree(text_of(data, report), report, _SCENARIO_HELP), report, folder)


def load_tree(root: Node | None, report: Report, folder: Path | None) -> Scenario:
    """The scenario in a tree, None where the report says why there is none. Raises ScenarioError."""
    scenario = None if root is None else _Loader(report, root, folder).load()
    report.fail_if_any()
    assert scenario is not None
    return scenario


class _Loader:
    """Reads one tree. Its report has everything that is wrong; the scenario only counts when there is nothing."""

    def __init__(self, report: Report, root: Node, folder: Path | None) -> None:
        self.report = report
        self.root = root
        self.folder = folder
        self.draft = Draft(report)
        self.entries: dict[str, Pair] = {}
        self.steps: list[tuple[StepName, Place, str]] = []

    def load(self) -> Scenario | None:
        """The scenario, or None where the report says why there is none."""
        root = read_mapping(self.report, self.root, "a scenario", _SCENARIO_HELP)
        if root is None:
            return None
        self.entries = known_entries(self.report, root, "a scenario", _KEYS)
        title, summary = self._title(root), self._summary()
        for key in self.entries:
            self._section(key)
        self._require_sections(root)
        acyclic = check_names(self.draft)
        choose_columns(self.draft)
        loss = find_loss(self.draft, self._node("loss"), self._place("equations", "network", root=root), acyclic)
        if check_size(self.draft, self._place("data", "network", root=root)):
            take_examples(self.draft)
        rate_node, decay_node = self._node("learning_rate"), self._node("weight_decay")
        rate = read_learning_rate(self.draft, rate_node) if rate_node else None
        decay = read_weight_decay(self.draft, decay_node) if decay_node else None
        optimizer = self._optimizer()
        iterations, reduction = self._iterations(), self._reduction()
        batch_node = self._node("batch")
        batches = read_batches(self.draft, batch_node) if batch_node else Batches()
        freeze = self._node("freeze")
        frozen, notes = read_frozen(self.draft, freeze) if freeze else (), self._notes()
        expect = self._node("expect")
        expectations = read_expectations(self.draft, expect, "learning_rate" in self.entries) if expect else ()
        start_node = self._node("start")
        start = read_start(self.draft, start_node, "learning_rate" in self.entries) if start_node else ""
        asked = self._node("questions")
        questions = read_questions(self.draft, asked, "learning_rate" in self.entries) if asked else ()
        slip = self._slip()
        draft = self.draft
        if len(self.report) or title is None or loss is None:
            return None
        scenario = Scenario(
            title=title,
            summary=summary,
            constants=draft.constants,
            parameters=draft.parameters,
            inputs=draft.inputs,
            words=draft.words,
            examples=draft.examples,
            equations=Equations(draft.equations),
            loss=loss,
            learning_rate=rate,
            optimizer=optimizer or DESCENT,
            weight_decay=decay,
            iterations=iterations,
            reduction=reduction,
            batch=batches.size,
            wraps=batches.wraps,
            shuffle=batches.shuffle,
            frozen=frozen,
            notes=notes,
            expectations=expectations,
            questions=tuple(read.question for read in questions),
            network=draft.network,
            start=start,
            slip=slip,
            name=Path(self.report.file).stem,
            file=self.report.file,
        )
        self.steps.extend((read.step, read.place, "question") for read in questions if read.step)
        self._check_steps(scenario)
        return scenario

    def _node(self, key: str) -> Node | None:
        return self.entries[key].value if key in self.entries else None

    def _place(self, *keys: str, root: Mapping) -> Place:
        """Where the first of these keys stands, else where the file begins."""
        return next((self.entries[key].key.place for key in keys if key in self.entries), root.place)

    # --- sections that give names

    def _section(self, key: str) -> None:
        entry = self.entries[key]
        if key == "constants":
            self._numbers(entry.value, key, CONSTANT, self.draft.constants)
        elif key == "parameters":
            self._numbers(entry.value, key, PARAMETER, self.draft.parameters)
        elif key == "data":
            read_data(self.draft, entry.value, self.folder)
        elif key == "equations":
            read_equations(self.draft, entry.value)
        elif key == "network":
            # Imported here because most scenarios have none.
            from tui_backprop.scenario.network_reading import read_network

            read_network(self.draft, entry.value, entry.key.place)

    def _numbers(self, node: Node, key: str, kind: str, into: dict[str, float]) -> None:
        mapping = read_mapping(self.report, node, f"'{key}'", _NUMBERS_HELP)
        if mapping is None:
            self.draft.complete = False
            return
        self.draft.complete &= not mapping.merges
        for scalar, value in named_numbers(self.report, mapping, kind):
            name = self.draft.take_name(scalar, kind)
            if name is not None and value is not None:
                into[name] = value

    def _require_sections(self, root: Mapping) -> None:
        if "network" in self.entries or root.merges:
            self.draft.complete &= not root.merges
            return
        for key, help in (("equations", "write lines such as L: (w - 3)^2 under it"), ("parameters", _NUMBERS_HELP)):
            if key not in self.entries:
                self.report.add(root.place, f"'{key}' is missing", help)
                self.draft.complete = False

    # --- the other fields

    def _title(self, root: Mapping) -> str | None:
        node = self._node("title")
        if node is None:
            if not root.merges:
                self.report.add(root.place, "'title' is missing", "begin with a line such as 'title: Parabola'")
            return None
        return read_line(self.report, node, "'title'", "write one line that says what the lesson is about")

    def _summary(self) -> str:
        node = self._node("summary")
        text = read_text(self.report, node, "'summary'", "write a sentence, or leave the key out") if node else None
        return text or ""

    def _optimizer(self) -> Optimizer | None:
        if "learning_rate" not in self.entries:
            for key, what in (("optimizer", "an optimizer"), ("weight_decay", "a weight decay")):
                if key in self.entries:
                    message = f"{what} without a learning rate: nothing is updated here"
                    self.report.add(
                        self.entries[key].key.place, message, f"write learning_rate: 0.1, or remove '{key}'"
                    )
        node = self._node("optimizer")
        return read_optimizer(self.draft, node) if node else None

    def _slip(self) -> WantedSlip | None:
        """The slip as it is written: whether it can happen is known when the lesson can be stepped through."""
        node = self._node("slip")
        help = "write a slip such as sign, or one at a place such as sign@∂a/∂z"
        scalar = None if node is None else read_scalar(self.report, node, "'slip'", help)
        if scalar is None:
            return None
        return WantedSlip(scalar.text.strip(), scalar.place, self.report.lines[scalar.place.line - 1])

    def _iterations(self) -> int:
        node = self._node("iterations")
        if node is None:
            return DEFAULT_ITERATIONS
        count = read_integer(self.report, node, "'iterations'", 0, MOST_ITERATIONS)
        return DEFAULT_ITERATIONS if count is None else count

    def _reduction(self) -> Reduction:
        node = self._node("reduction")
        choice = None if node is None else read_choice(self.report, node, "reduction", ("mean", "sum"))
        return cast(Reduction, choice or "mean")

    def _notes(self) -> dict[str, str]:
        node = self._node("notes")
        help = "write lines such as w: how steep the line is"
        mapping = None if node is None else read_mapping(self.report, node, "'notes'", help)
        notes: dict[str, str] = {}
        places: dict[StepName, Place] = {}
        for entry in mapping.entries if mapping is not None else ():
            key = entry.key.text
            step = read_step_name(key)
            for name in step.names if step else (key,):
                if not entry.key.refused:
                    self.draft.check_is_name(name, entry.key.place, "a note on")
            if step in places:
                help = f"keep one of the two; the first is in line {places[step].line}"
                self.report.add(entry.key.place, f"two notes on the step {step.text}", help)
            elif step:
                places[step] = entry.key.place
            text = read_text(self.report, entry.value, f"the note on '{shown(key)}'", "write a sentence")
            if text is not None:
                notes[step.text if step else key] = text
        self.steps.extend((step, place, "note") for step, place in places.items())
        return notes

    def _check_steps(self, scenario: Scenario) -> None:
        """Whether the scenario has the steps that its notes and questions are on."""
        for step, place, what in self.steps:
            reason = why_no_step(step, scenario, what)
            if reason:
                self.report.add(place, f"a {what} on {shown(step.text)}, but {reason[0]}", reason[1])
