"""A new function is one entry in one file: softsign, added on a copy of the project, is known to everything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TABLE = "tui_backprop/maths/functions.py"
ORACLE = "tests/support/oracle.py"
DOCUMENT = "docs/scenario-format.md"

ENTRY = """\
    Function(
        name="softsign",
        value=lambda u: u / (1.0 + abs(u)),
        code="({0} / (1.0 + abs({0})))",
        derivatives=("1/(1 + abs(u))^2",),
        rule="softsign rule",
        why=("The quotient rule, on either side of 0, leaves 1 over the square of what is below.",),
        carries=(True,),
        is_activation=True,
    ),
"""
MEANING = """\
    "softsign": lambda u: _unary(u, lambda at: at / (1 + abs(at)), lambda at: 1 / (1 + abs(at)) ** 2),
"""
SCENARIO = """\
title: softsign in a network and in an equation
network:
  inputs: [x]
  layers:
    - {neurons: 2, activation: softsign, weights: [[0.5], [-1.5]], biases: [0.1, 0.2]}
    - {neurons: 1, activation: identity, weights: [[1, -1]]}
  targets: [t]
  cost: squared_error
data: [{x: 1, t: 0.5}, {x: -2, t: 0}, {x: 0.25, t: 1}]
parameters: {u: 0.7}
equations: {s: softsign(3*u), L: C + s^2}
learning_rate: 0.1
"""


def _before(path: Path, place: str, text: str) -> None:
    whole = path.read_text(encoding="utf-8")
    assert whole.count(place) == 1, place
    path.write_text(whole.replace(place, text + place), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the function, which only the entry, its second meaning and its line in the document make."""
    root = tmp_path_factory.mktemp("copy")
    for name in ("tui_backprop", "tests", "docs", "scenarios"):
        shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", root)
    _before(root / TABLE, '    Function(\n        name="abs",', ENTRY)
    _before(root / ORACLE, '    "abs": lambda u:', MEANING)
    _before(root / DOCUMENT, " softplus abs", " softsign")
    (root / "softsign.yaml").write_text(SCENARIO, encoding="utf-8")
    return root


def _run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=root, env=environment, capture_output=True, encoding="utf-8", timeout=300
    )


def _said(root: Path, *words: str) -> str:
    done = _run(root, "-m", "tui_backprop", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_numbers_and_gradients_hold_by_both_proofs(copy: Path) -> None:
    assert "agree with finite differences" in _said(copy, "check", "softsign.yaml")


def test_it_is_derived_by_its_rule_and_shown_with_its_reason(copy: Path) -> None:
    document = json.loads(_said(copy, "derive", "softsign.yaml", "--of=s", "--wrt=u", "--format=json"))
    [of_function] = [line for line in document["lines"] if line["rule"] == "softsign rule"]
    assert (of_function["expression"], document["lines"][-1]["expression"]) == (
        "1/(1 + abs(g))^2",
        "3/(1 + abs(3*u))^2",
    )
    assert "leaves 1 over the square of what is below" in of_function["text"]
    assert document["value"] == pytest.approx(3 / 3.1**2)


def test_the_loop_and_the_arrays_train_it_alike(copy: Path) -> None:
    script = """
import sys
from msgspec.structs import replace
from tui_backprop.api import load, train
scenario = load("softsign.yaml")
few = train(scenario, iterations=300)
many = train(replace(scenario, examples=scenario.examples * 40), iterations=300)
print(few.losses[300], many.losses[300])
"""
    few, many = map(float, _run(copy, "-c", script).stdout.split())
    assert few == pytest.approx(many, rel=1e-9)
    assert few < 0.5


def test_a_misspelling_of_it_is_answered_with_its_name(copy: Path) -> None:
    (copy / "slip.yaml").write_text(SCENARIO.replace("softsign(3", "softsing(3"), encoding="utf-8")
    assert "did you mean softsign(…)?" in _run(copy, "-m", "tui_backprop", "check", "slip.yaml").stderr


def test_the_tests_over_the_table_take_it_up_by_themselves(copy: Path) -> None:
    over_the_table = ["tests/maths/test_functions.py", "tests/maths/test_derivative.py", "tests/maths/test_rounding.py"]
    over_the_table += ["tests/maths/test_derivation.py", "tests/engine/test_array_loop.py"]
    done = _run(
        copy, "-m", "pytest", "-k", "softsign or lists or oracle_knows", "-p", "no:cacheprovider", *over_the_table
    )
    assert done.returncode == 0, done.stdout
    assert int(done.stdout.split(" passed")[0].split()[-1]) >= 8, done.stdout
