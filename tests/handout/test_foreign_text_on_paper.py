"""Text of others is text in every format, whatever it looks like; read back by readers that are not ours."""

from __future__ import annotations

import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support.handouts import handout
from support.lessons import scenario

from tui_backprop.handout.html import escape
from tui_backprop.handout.latex_formulas import escaped as in_latex
from tui_backprop.handout.markdown import WIDTH, paragraph

HOSTILE = (
    "**bold** _it_ `code` [a](b) ![c](d) <b>x</b> &amp; | # h ~~s~~ $x$ https://e.org www.e.org a@b.c",
    "+ a list",
    "1. another",
    "- - -",
    "=====",
    "</script><script>alert(1)</script>",
    r"\input{/etc/passwd} \end{document} %$#_^{}~&\\",
    "é Ångström ŷ η Ω ∂L/∂w₁ x² ≤ ½ Ж 漢字 🙂",
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


def _assert_markdown_reads_as_text(text: str) -> None:
    rows = "\n".join(paragraph(text))
    reader = _read(MarkdownIt("gfm-like", {"linkify": False}).render(rows))
    assert set(reader.tags) <= {"p"}
    # A word longer than a line is broken.
    assert "".join(reader.text.split()) == "".join(text.split())
    assert max(map(len, rows.splitlines()), default=0) <= WIDTH


TEXTS = st.text(st.sampled_from("ab 1.)-+=*_`[]()<>#|~$&!\\:/@'\"wé∂₁"), min_size=1, max_size=200)


@given(TEXTS)
def test_markdown_shows_any_text_as_it_is(text):
    _assert_markdown_reads_as_text(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_text_as_it_is(text):
    _assert_markdown_reads_as_text(text)


@given(st.text())
def test_a_page_shows_any_text_as_it_is(text):
    reader = _read(f"<p>{escape(text)}</p>".replace("\r", ""))
    assert reader.tags == ["p"]
    assert reader.text.replace("\N{WORD JOINER}", "") == text.replace("\N{WORD JOINER}", "").replace("\r", "")


@given(st.text())
def test_latex_gets_nothing_but_ascii(text):
    written = in_latex(text)
    assert written.isascii()
    assert written.isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_with_hostile_words_has_no_other_elements_than_one_with_plain_words(text):
    def tags(words: str) -> list[str]:
        lesson = scenario({"w": 1.0}, {"L": "w^2"}, title=words, summary=words, notes={"L": words})
        return _read(handout(lesson, "html")).tags

    assert tags(text) == tags("plain")


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no pdflatex here (apt install texlive-latex-base)")
def test_latex_with_hostile_words_compiles_and_opens_no_file(tmp_path):
    words = " ".join(HOSTILE)
    lesson = scenario({"w": 1.0}, {"L": "w^2"}, title=words, summary=words, notes={"L": words})
    (tmp_path / "handout.tex").write_text(handout(lesson, "tex"), encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-recorder", "handout.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1_000:]
    assert "/etc/passwd" not in (tmp_path / "handout.fls").read_text(encoding="utf-8")
