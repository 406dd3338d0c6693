"""What text may not be: traps of YAML in natural input, hidden characters, limits; and where everything else stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from support.places import marked

from tui_backprop.errors import Place, ScenarioError
from tui_backprop.scenario import source
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.source import MOST_BYTES, read_tree
from tui_backprop.scenario.syntax_help import Complaint, explain
from tui_backprop.scenario.tree import Mapping, Scalar, Sequence
from tui_backprop.scenario.tree_builder import MOST_NESTING, MOST_NODES


def told(text: str) -> list[tuple[str, str, str]]:
    """The problems of reading the tree alone: place, message, help."""
    report = Report("f.yaml")
    read_tree(text, report, "")
    try:
        report.fail_if_any()
    except ScenarioError as error:
        return [(f"{p.place.line}:{p.place.column}", p.message, p.help) for p in error.problems if p.place]
    return []


def marked_problems(text: str) -> list[tuple[str, str, str]]:
    """The same, with what the carets stand under."""
    report = Report("f.yaml")
    read_tree(text, report, "")
    with pytest.raises(ScenarioError) as caught:
        report.fail_if_any()
    return [(marked(problem), problem.message, problem.help) for problem in caught.value.problems]


# (text, where and under what the carets stand, a part of the message, a part of the help)
TRAPS = [
    # an expression that YAML takes for something else
    ("L: a: b\n", "1:5 :", "a second ': ' in one line", 'L: "a: b"'),
    ('title: say "x": y\n', "1:15 :", "a second ': ' in one line", "'say \"x\": y'"),
    ('title: it\'s "x": y\n', "1:16 :", "a second ': ' in one line", '"…"'),
    ("L: :\n", "1:4 :", "a second ': ' in one line", '":"'),
    ("L: *w + 1\n", "1:4 *", "'*' begins an alias", '"*w + 1"'),
    ("L: *w\n", "1:4 *", "'*' begins an alias", '"*w"'),
    ("L: * w\n", "1:4 *", "'*' begins an alias", '"* w"'),
    ("L: &w + 1\n", "1:4 &", "'&' begins an anchor", '"&w + 1"'),
    ("L: &w*x\n", "1:4 &", "'&' begins an anchor", '"&w*x"'),
    ("L: - w\n", "1:4 -", "'- ' begins an item of a list", '"- w"'),
    ("L: !w x\n", "1:4 !", "'!' begins a tag", '"!w x"'),
    ("L: !<x\n", "1:4 !", "'!' begins a tag", '"!<x"'),
    ("L: !a!b c\n", "1:4 !", "'!' begins a tag", '"!a!b c"'),
    ("L: |w| + 1\n", "1:4 |", "'|' begins a block of text", "abs(w)"),
    ("L: > w\n", "1:4 >", "'>' begins a block of text", '"> w"'),
    ("L: ? w\n", "1:4 ?", "'? ' begins a key", '"? w"'),
    ("L: %w\n", "1:4 %", "'%' cannot begin a value", '"%w"'),
    ("L: @w\n", "1:4 @", "'@' cannot begin a value", '"@w"'),
    ("L: `w`\n", "1:4 `", "'`' cannot begin a value", '"`w`"'),
    ("L: ]\n", "1:4 ]", "this ] closes nothing", "remove it"),
    ("L: ,w\n", "1:4 ,", "a ',' with nothing before it", "remove it"),
    ("freeze: [*]\n", "1:10 *", "'*' begins an alias", '"*"'),
    ("freeze: [*b, w]\n", "1:10 *", "'*' begins an alias", '"*b"'),
    # quotes, brackets and escapes
    ('L: "w" * x\n', "1:8 *", "goes on after its closing quote", '"w * x"'),
    ("L: 'it's'\n", "1:8 s", "goes on after its closing quote", '"it\'s"'),
    ('L: "w" + x\n', "1:8 +", "goes on after its closing quote", '"w + x"'),
    ('L: "w" @ x\n', "1:8 @", "goes on after its closing quote", '"w @ x"'),
    ("L: [w - 3]^2\n", "1:11 ^", "there is something after the closing bracket", "round parentheses"),
    ("d: [1, 2]]\n", "1:10 ]", "this ] closes nothing", "remove it"),
    ("L: 'w\n", "1:4 '", "this quote is never closed", "double quotes"),
    ('L: "w\n---\n', '1:4 "', "this quote is never closed", "double quotes"),
    ('L: "\\sigma"\n', "1:6 s", "a backslash that begins no known escape", "single quotes"),
    ('L: "\\xzz"\n', "1:7 z", "a backslash that begins no known escape", "single quotes"),
    ('L: "\\U00110000"\n', "1:5 \\", "an escape that stands for no character", "remove it"),
    # braces and brackets
    ("d: {x:1}\n", "1:6 :", "'x:' needs a space after it", "write x: 1"),
    ("d: {x: 1 y: 2}\n", "1:11 :", "this does not fit between the brackets", "commas"),
    ("d: {x: 1\nb: 2\n", "1:4 {", "this { is never closed", "add the }"),
    ("d: [1,\n  2\n", "1:4 [", "this [ is never closed", "add the ]"),
    ("d: [1,, 2]\n", "1:7 ,", "a name or a value is missing here", "{x: 1, y: 0}"),
    ("{[a]: 1}\n", "1:2 [", "there is a list or a mapping where a name belongs", "name: value"),
    # lines and their indentation
    ("w1:0.5\nw2: 0.3\n", "1:3 :", "'w1:' needs a space after it", "write w1: 0.5"),
    ("a:\n  w1: 1\n  w2:2\n  w3: 3\n", "3:5 :", "'w2:' needs a space after it", "write w2: 2"),
    ("a:\n  w1: 1\n    w2: 2\n", "3:5 w", "indented more than the one above", "line it up"),
    ("a:\n  w1: 1\n w2: 2\n", "3:2 w", "indentation fits none of the lines above", "line it up"),
    ("a:\n  w1: 1\n\n    w2: 2\n", "4:5 w", "indented more than the one above", "line it up"),
    ("a\nb: 1\n", "1:1 a", "this line has no ': '", "a name, a colon, a space and a value"),
    ("a: 1\nb\n", "2:1 b", "this line has no ': '", "a name, a colon, a space and a value"),
    ("L = (w - 3)^2\nb: 1\n", "1:1 L = (w - 3)^2", "this line has no ': '", "write L: (w - 3)^2"),
    ("a: 1\n- b\n", "2:1 -", "an item of a list among", "indent the items"),
    (": 1\n", "1:1 :", "a name is missing before ':'", "name: value"),
    ("\ta: 1\n", "1:1  ", "a tab where YAML needs spaces", "spaces instead"),
    ("a:\n \tb: 1\n", "2:2  ", "a tab where YAML needs spaces", "spaces instead"),
    ("a:\tb\n", "1:3  ", "a tab where YAML needs spaces", "spaces instead"),
    # what nobody means
    ('"a": b: c\n', "1:7 :", "this cannot be read as YAML", "put quotes around"),
    ('# c\n"a": b: c\n', "2:7 :", "this cannot be read as YAML", "put quotes around"),
    ('a: 1\n"b": c: d\n', "2:7 :", "this cannot be read as YAML", "put quotes around"),
    ("? : \n", "1:3 :", "this cannot be read as YAML", "put quotes around"),
    # what scenarios do not have
    ("a: &x {b: 1}\n", "1:4 &", "'&' begins an anchor", "written twice"),
    ("a: &x\n  b: 1\n", "1:4 &", "'&' begins an anchor", "written twice"),
    ("&x a: 1\n", "1:1 &", "'&' begins an anchor", "written twice"),
    ("a: [*x]\n", "1:5 *", "'*' begins an alias", "written twice"),
    ("a: !!python/name:os.system x\n", "1:4 !", "'!' begins a tag", "quotes"),
    ("a: 1\n---\nb: 1\n", "2:1 -", "a second document begins here", "one scenario"),
    ("a: 1\n...\nb: 1\n", "3:1 b", "a second document begins here", "one scenario"),
    ("%YAML 9.0\n---\na: 1\n", "1:1 %", "a directive", "remove it"),
    ("%TAG ! x\n---\na: 1\n", "1:1 %", "a directive", "remove it"),
    ("%what\n", "1:1 %", "a directive", "remove it"),
    ("%YAML x\n---\na: 1\n", "1:1 %", "a directive", "remove it"),
    ("a: 1\nb: 2\na: 3\n", "3:1 a", "'a' is given twice", "the first is in line 1"),
    ("a: {x: 1, x: 2}\n", "1:11 x", "'x' is given twice", "the first is in line 1"),
    ('a: "\\u202e"\n', "1:5 \\", "bidirectional character (U+202E)", "remove it"),
    ('a: "x \\x1b y"\n', "1:7 \\", "a control character (U+001B)", "remove it"),
    ('a: "x\n  \\e y"\n', "2:3 \\", "a control character (U+001B)", "remove it"),
    ('a: "\\t \\x1b"\n', "1:8 \\", "a control character (U+001B)", "remove it"),
    ('a: "\\N"\n', "1:5 \\", "a control character (U+0085)", "remove it"),
    ('a: "\\L"\n', "1:5 \\", "an invisible line separator (U+2028)", "enter key"),
    ('a: "\\ud800"\n', "1:5 \\", "a character that no text has (U+D800)", "remove it"),
]


@pytest.mark.parametrize(("text", "where", "message", "help"), TRAPS)
def test_what_yaml_reads_otherwise_is_explained_at_its_place(text: str, where: str, message: str, help: str) -> None:
    (found,) = marked_problems(text)
    assert found[0] == where
    assert message in found[1]
    assert help in found[2]


# What is natural and right must not be refused.
@pytest.mark.parametrize(
    "value",
    [
        "w*x  # pre-activation",
        "-(y*log(a))",
        "-w",
        "(w - 3)^2",
        "3x + 1",
        "a - -b",
        '"w*x"',
        "'w*x'",
        "?w",
        "a :b",
        "5",
        "n",
    ],
)
def test_natural_values_are_read(value: str) -> None:
    assert told(f"equations:\n  L: {value}\n  y: 1\n") == []


def test_after_a_trap_the_rest_of_the_file_is_still_told() -> None:
    text = "title: Lesson 1: x\nparameters: {w: 010}\nequations:\n  a: *w + 1\n  L: w + q\n  M: - w\n"
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    assert [(p.place.line, p.place.column, p.source_line) for p in caught.value.problems if p.place] == [
        (1, 16, "title: Lesson 1: x"),
        (2, 17, "parameters: {w: 010}"),
        (4, 6, "  a: *w + 1"),
        (5, 10, "  L: w + q"),
        (6, 6, "  M: - w"),
    ]


def test_a_trap_whose_value_goes_on_ends_the_reading() -> None:
    assert [where for where, _, _ in told("a: *w\n  + 1\nb: *c\n")] == ["1:4"]


def test_a_file_full_of_traps_is_not_read_for_ever() -> None:
    text = "".join(f"a{number}: *x + 1\n" for number in range(8_000))
    assert 1 <= len(told(text)) <= 20


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(break_: str) -> None:
    assert [where for where, _, _ in told(f"a: 1{break_}b: 2{break_}a: 3{break_}")] == ["3:1"]


def test_whatever_else_the_reader_trips_over_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(text: str, Loader: type) -> Iterator[yaml.Event]:  # noqa: N803 - as PyYAML calls it
        raise ValueError("something new")

    monkeypatch.setattr(source.yaml, "parse", trip)
    ((where, message, _),) = told("a: 1\n")
    assert (where, message) == ("1:1", "this cannot be read as YAML")
    assert told('a: "\\U0010FFFF \\U00200000"\n')[0][0] == "1:16"


def test_a_complaint_that_no_one_foresaw_is_told_in_the_reader_s_words() -> None:
    explanation = explain(Complaint("a new complaint", 7, 3), ["a: 1", ""])
    assert (explanation.line, explanation.column) == (1, 5)
    assert "a new complaint" in explanation.message


# --- limits


def test_exactly_as_many_nodes_as_the_limit_are_read_and_one_more_is_refused() -> None:
    def sequence(items: int) -> str:
        return f"[{','.join(['1'] * items)}]"

    assert told(sequence(MOST_NODES - 1)) == []
    ((_, message, help),) = told(sequence(MOST_NODES))
    assert message == "the file has more than 20,000 names, values, lists and mappings"
    assert "csv" in help


NESTS_TOO_DEEP = ("lists and mappings nest deeper than 32 levels", "a scenario needs five levels at most")


def test_nesting_as_deep_as_the_limit_is_read_and_deeper_is_refused() -> None:
    assert told("[" * MOST_NESTING + "]" * MOST_NESTING) == []
    ((where, message, _),) = told("[" * (MOST_NESTING + 1) + "]" * (MOST_NESTING + 1))
    assert where == "1:33"
    assert message == "lists and mappings nest deeper than 32 levels"


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? "])
def test_very_deep_nesting_is_refused_by_its_limit(opening: str) -> None:
    (problem,) = told(opening * 5_000)
    assert problem == (f"1:{MOST_NESTING * len(opening) + 1}", *NESTS_TOO_DEEP)


def test_a_text_past_the_byte_limit_is_refused_by_its_limit() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text("#" * (MOST_BYTES + 1), "f.yaml")
    (problem,) = caught.value.problems
    assert problem.place is None
    assert problem.message == "the file is larger than 256 KiB"
    with pytest.raises(ScenarioError) as caught:
        load_text("#" * MOST_BYTES, "f.yaml")
    assert caught.value.problems[0].message == "the file is empty"


# --- places


def tree_of(text: str) -> Mapping:
    report = Report("f.yaml")
    root = read_tree(text, report, "")
    report.fail_if_any()
    assert isinstance(root, Mapping)
    return root


def test_every_node_knows_where_it_stands() -> None:
    root = tree_of("a: 1\nb:\n  - [x, 'y z']\n  - {k: v}\n")
    a, b = root.entries
    assert (a.key.place, a.value.place) == (Place(1, 1, 1), Place(1, 4, 1))
    assert isinstance(b.value, Sequence)
    row, mapping = b.value.items
    assert isinstance(row, Sequence)
    assert isinstance(mapping, Mapping)
    assert (row.place.line, row.place.column, row.flow) == (3, 5, True)
    assert row.items[1].place == Place(3, 9, 5)
    assert (mapping.place.line, mapping.place.column, mapping.flow) == (4, 5, True)
    assert root.get("a") is a
    assert root.get("c") is None


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("w*x + b", Place(1, 6, 1)),
        ('"w*x + b"', Place(1, 7, 1)),
        ("'w*x + b'", Place(1, 7, 1)),
        ("'it''s x'", Place(1, 4, 9)),
        ('"\\x77*x"', Place(1, 4, 8)),
        ("w*x\n  + b", Place(1, 4, 1)),
        ("|\n  w*x", Place(1, 4, 1)),
    ],
)
def test_a_part_of_a_scalar_has_its_own_place_where_the_text_stands_letter_for_letter(
    written: str, place: Place
) -> None:
    value = tree_of(f"L: {written}\n").entries[0].value
    assert isinstance(value, Scalar)
    assert value.place_at(2, 3) == place


def test_columns_count_characters_not_bytes() -> None:
    value = tree_of('"ŷσ": σ*x\n').entries[0].value
    assert isinstance(value, Scalar)
    assert value.place_at(2, 3) == Place(1, 9, 1)


def test_a_place_never_leaves_its_line() -> None:
    value = tree_of("L: abc\n").entries[0].value
    assert isinstance(value, Scalar)
    assert value.place_at(3, 9) == Place(1, 7, 1)
    assert value.place_at(99, 100) == Place(1, 7, 1)
