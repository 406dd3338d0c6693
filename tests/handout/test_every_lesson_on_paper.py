"""Every bundled lesson in every format: it holds together, fits its page, and says what the screen says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from functools import lru_cache

import pytest
from support.handouts import document, handout, page
from support.tables import all_or

from tui_backprop.api import load
from tui_backprop.handout.document import Statement, Statements
from tui_backprop.panels.panel_table import current_line
from tui_backprop.safe_text import cell_width
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.session import Cursor, Session

NAMES = bundled_names()
FEW = [name for name in NAMES if name not in ("moons", "three-classes")]


@lru_cache(maxsize=2)
def _text(name: str, format: str) -> str:
    last = 1 if load(name).learning_rate is not None and name in FEW else 0
    return handout(name, format, last=last, has_derivations=name in FEW)


@pytest.mark.parametrize("name", NAMES)
def test_markdown_is_at_most_90_columns_wide_and_its_fences_close(name):
    lines = _text(name, "md").splitlines()
    assert [line for line in lines if cell_width(line) > 90] == []
    assert sum(line.startswith("```") for line in lines) % 2 == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_well_formed_and_needs_nothing_from_outside(name):
    text = _text(name, "html")
    root = ElementTree.fromstring(page(text))
    assert [element.tag for element in root.iter("math") if not len(element)] == []
    assert not re.search(r"(?:src|href)\s*=|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)
    moments = json.loads(re.search('id="moments">(.*?)</script>', text)[1])
    anchors = [element.get("id") for element in root.iter("div") if element.get("id")]
    assert sorted(moment[0] for moment in moments) == sorted(anchors)


@pytest.mark.parametrize("name", FEW)
def test_latex_is_ascii_and_its_braces_and_environments_close(name):
    text = _text(name, "tex")
    assert text.isascii()
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text.replace(r"\\", "")):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    begun, ended = (sorted(re.findall(rf"\\{word}\{{(\w+)\}}", text)) for word in ("begin", "end"))
    assert begun == ended != []


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no pdflatex here (apt install texlive-latex-base)")
@pytest.mark.parametrize("name", all_or(FEW, ["logistic", "net-2-2-2", "adam", "softmax-cross-entropy"]))
def test_latex_compiles(name, tmp_path):
    (tmp_path / "handout.tex").write_text(_text(name, "tex"), encoding="ascii")
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "handout.tex"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-1_000:]
    assert "Overfull \\hbox" not in done.stdout


@pytest.mark.parametrize("name", FEW)
def test_every_step_of_the_first_example_is_there_with_the_number_of_the_screen(name):
    session = Session.start(load(name))
    layout = session.layout
    wanted = [index for index in range(len(layout)) if layout.turn(index) in (0, None)]
    found = {line.anchor: line for line in _statements(name)}
    assert list(found) == [f"0.{index + 1}" for index in wanted]
    for index in wanted:
        here = session.at(Cursor(0, index))
        line = found[f"0.{index + 1}"]
        assert (line.value.text, line.value.digits) == (here.number(here.step.value), _digits(here.step.value))
        assert current_line(here).startswith(line.left)


def _digits(value: float) -> str:
    return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(repr(float(value))) or re.sub(
        r"\.0$", "", repr(float(value))
    )


def _statements(name: str) -> list[Statement]:
    sections = document(name).sections
    return [line for each in sections for block in each.blocks if isinstance(block, Statements) for line in block.lines]


@pytest.mark.parametrize("name", FEW)
def test_no_handout_tells_to_press_a_key_and_nothing_is_said_twice(name):
    words = [said for line in _statements(name) for said in line.words]
    assert [said for said in words if re.search(r"\bpress\b", said, re.IGNORECASE)] == []
    assert len(words) == len(set(words))


def test_a_factor_that_is_derived_like_another_is_not_derived_again():
    text = handout("net-2-2-2", "md", has_derivations=True)
    assert text.count("### ∂a⁽²⁾₂/∂z⁽²⁾₂\n") == 1
    assert "### ∂a⁽²⁾₁/∂z⁽²⁾₁\n" not in text
    assert "> In the same way: ∂a⁽²⁾₁/∂z⁽²⁾₁, ∂a⁽¹⁾₂/∂z⁽¹⁾₂ and ∂a⁽¹⁾₁/∂z⁽¹⁾₁." in text
