"""Which columns of a CSV file are inputs, whatever sign is between them: those with numbers, and those with words."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_backprop.errors import Place, ScenarioError
from tui_backprop.scenario.loading import load_scenario, load_text
from tui_backprop.scenario.model import Scenario

FLOWERS = "id,length,width,species,remark\nA,5.1,3.5,setosa,\nB,7,3.2,versicolor,late\nC,4.9,3,setosa,\n"


def load(folder: Path, table: str, loss: str, data: str = "{csv: points.csv}", more: str = "") -> Scenario:
    (folder / "points.csv").write_text(table, encoding="utf-8", newline="")
    text = f"title: x\nparameters: {{w: 1}}\ndata: {data}\nequations: {{L: w*({loss})}}\n{more}"
    (folder / "lesson.yaml").write_text(text, encoding="utf-8")
    return load_scenario(folder / "lesson.yaml")


# --- what is between the columns


@pytest.mark.parametrize(
    "table",
    [
        "x,y\n1.5,-2\n0.25,4e3\n",
        "x;y\n1,5;-2\n,25;4e3\n",
        "x;y\n1.5;-2,0\n0,25;4,e3\n",
        "x\ty\n1.5\t-2\n0.25\t4e3\n",
        '"x";"y"\r\n"1,5";"-2"\r\n"0,25";"4000"\r\n',
        "\ufeffx; y\n\n 1,5 ; \N{MINUS SIGN}2,0\n;\n0,25;4e3\n",
        # What else stands in a name separates nothing.
        'x,y,"a; b; c"\n1.5,-2,\n0.25,4e3,\n',
        "x,y,remark; seldom\n1.5,-2,\n0.25,4e3,\n",
        "size, in cm;x;y\n1,0;1,5;-2\n1,0;0,25;4e3\n",
        "size, in cm;weight, in g;x;y\n1,0;2;1,5;-2\n1,0;2;0,25;4e3\n",
        "size, in cm\tx\ty\n1\t1.5\t-2\n1\t0.25\t4e3\n",
        "x,\ty\n1.5,\t-2\n0.25,\t4e3\n",
    ],
)
def test_the_first_line_tells_what_is_between_the_columns(tmp_path: Path, table: str) -> None:
    scenario = load(tmp_path, table, "x - y")
    assert scenario.inputs == ("x", "y")
    assert scenario.examples == ((1.5, -2.0), (0.25, 4000.0))


NUMBERS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3)
REMARKS = st.text("abc,;\t\"' é\n|", max_size=8)


@given(st.lists(st.tuples(NUMBERS, REMARKS), min_size=1, max_size=5), st.booleans())
def test_a_table_reads_the_same_with_each_of_the_three_signs(rows: list[tuple[list[float], str]], quoted: bool) -> None:
    for separator in ",;\t":
        made = io.StringIO()
        writer = csv.writer(made, delimiter=separator, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
        writer.writerow(["x", "remark", "y", "z"])
        for numbers, remark in rows:
            x, y, z = (repr(number).replace(".", "," if separator == ";" else ".") for number in numbers)
            writer.writerow([x, remark, y, z])
        with tempfile.TemporaryDirectory() as folder:
            scenario = load(Path(folder), made.getvalue(), "x + y + z")
        assert scenario.examples == tuple(tuple(numbers) for numbers, _ in rows)


# --- which columns are inputs


@pytest.mark.parametrize(
    ("data", "loss", "inputs", "first"),
    [
        ("{csv: points.csv}", "width", ("width",), (3.5,)),
        ("{csv: points.csv, columns: [width, length]}", "length", ("width", "length"), (3.5, 5.1)),
        ("{csv: points.csv, columns: width}", "width", ("width",), (3.5,)),
        (
            "{csv: points.csv, columns: [length], one_hot: species}",
            "1",
            ("length", "species_1", "species_2"),
            (5.1, 1, 0),
        ),
        (
            "{csv: points.csv, columns: [species, length], one_hot: species}",
            "length",
            ("length", "species_1", "species_2"),
            (5.1, 1, 0),
        ),
        ("{csv: points.csv, one_hot: species}", "width*species_2", ("width", "species_1", "species_2"), (3.5, 1, 0)),
        (
            "{csv: points.csv, one_hot: [species, id]}",
            "1",
            ("species_1", "species_2", "id_1", "id_2", "id_3"),
            (1, 0, 1, 0, 0),
        ),
    ],
)
def test_inputs_are_the_columns_that_are_named_else_those_that_are_used_and_then_the_words(
    tmp_path: Path, data: str, loss: str, inputs: tuple[str, ...], first: tuple[float, ...]
) -> None:
    scenario = load(tmp_path, FLOWERS, loss, data)
    assert scenario.inputs == inputs
    assert scenario.examples[0] == first


def test_a_column_that_is_not_named_may_be_called_like_an_equation(tmp_path: Path) -> None:
    table = "x,w,L,e\n3,a,b,c\n"
    assert load(tmp_path, table, "x*e", "{csv: points.csv, columns: [x]}").examples == ((3.0,),)
    with pytest.raises(ScenarioError, match="'w' is defined twice"):
        load(tmp_path, table, "x")


def test_each_word_is_an_input_in_the_order_of_the_first_rows(tmp_path: Path) -> None:
    rows = ["pear", "apple", "pear", " fig ", "apple", "Apple", "0"]
    scenario = load(tmp_path, "kind\n" + "\n".join(rows), "kind_1", "{csv: points.csv, one_hot: kind}")
    words = ["pear", "apple", "fig", "Apple", "0"]
    assert dict(scenario.words) == {f"kind_{number}": word for number, word in enumerate(words, start=1)}
    assert scenario.inputs == tuple(scenario.words)
    assert scenario.examples == tuple(tuple(float(row.strip() == word) for word in words) for row in rows)


# --- what is wrong: the data, the loss, and what is told where

DATA = "{csv: points.csv, WHAT}"
MISTAKES = [
    (
        "columns: [length, depth]",
        "length",
        (18, "points.csv has no column 'depth'", "its columns are id, length, width"),
    ),
    ("columns: [lenght]", "length", (10, "points.csv has no column 'lenght'", "did you mean 'length'?")),
    ("columns: [length, length]", "length", (18, "'length' is listed twice", "name each column once")),
    ("columns: {length: 1}", "length", (9, "'columns' must be a list, not a mapping", "[id, length, width, species")),
    ("columns: []", "length", (9, "'columns' has nothing in it", "[id, length, width, species")),
    ("columns: ", "length", (8, "a column of 'columns' has no value", "[id, length, width, species")),
    ("one_hot: kind", "length", (9, "points.csv has no column 'kind'", "its columns are")),
    ("delimiter: ;", "length", (0, "unknown key 'delimiter'", "can have csv, columns, one_hot")),
    ("column: [length]", "length", (0, "unknown key 'column' in 'data' with a CSV file", "did you mean 'columns'?")),
]


@pytest.mark.parametrize(("what", "loss", "told"), MISTAKES)
def test_a_field_of_the_data_that_does_not_fit_the_table_is_told_at_its_place(
    tmp_path: Path, what: str, loss: str, told: tuple[int, str, str]
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, FLOWERS, loss, DATA.replace("WHAT", what))
    (problem,) = caught.value.problems
    column, message, help = told
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (3, 25 + column)
    assert problem.message.startswith(message)
    assert help in problem.help


# The first line and the data; the message and the remedy; what either is after the remedy.
REMEDIES = [
    (
        ("petal length,kind", "columns: [petal_length]"),
        (
            "points.csv has no column 'petal_length'",
            "column 1 of points.csv is called 'petal length'; call it petal_length",
        ),
        ("petal_length,kind", "columns: [petal_length]"),
    ),
    (
        ("log,kind", "columns: [log]"),
        (
            "'log' is the name of a function",
            "give column 1 of points.csv another name, in line 1 of that file and here",
        ),
        ("size,kind", "columns: [size]"),
    ),
    (
        ("length,kind of it", "one_hot: kind of it"),
        (
            "'kind of it_1', of the first word of this column, cannot be the name of an input",
            "give column 2 of points.csv another name",
        ),
        ("length,kind", "one_hot: kind"),
    ),
    (
        ("kind_1,kind", "one_hot: kind"),
        (
            "a word of this column would be the input 'kind_1', but points.csv has a column of that name",
            "give column 1 of points.csv another",
        ),
        ("length,kind", "one_hot: kind"),
    ),
    (
        ("kind_1,length,kind", "one_hot: kind"),
        (
            "a word of this column would be the input 'kind_1', but points.csv has a column of that name",
            "or list the other columns in 'columns'",
        ),
        ("kind_1,length,kind", "columns: length, one_hot: kind"),
    ),
    (
        ("kind,kind", "one_hot: kind"),
        ("points.csv, line 1, column 2: 'kind' is there twice", "give each column its own name"),
        ("length,kind", "one_hot: kind"),
    ),
    (
        ("length,p", "one_hot: p"),
        ("'p_1' is defined twice: it is an input and a constant", "choose another name"),
        ("length,kind", "one_hot: kind"),
    ),
]


@pytest.mark.parametrize(("written", "told", "mended"), REMEDIES)
def test_a_column_that_cannot_be_called_so_is_told_with_a_remedy_that_works(
    tmp_path: Path, written: tuple[str, str], told: tuple[str, str], mended: tuple[str, str]
) -> None:
    def load_with(header: str, what: str) -> Scenario:
        row = ",".join(str(number) for number in range(header.count(",") + 1))
        return load(tmp_path, f"{header}\n{row}\n", "p_1", DATA.replace("WHAT", what), "constants: {p_1: 2}\n")

    with pytest.raises(ScenarioError) as caught:
        load_with(*written)
    (problem,) = caught.value.problems
    message, help = told
    assert problem.message == message
    assert help in problem.help
    assert load_with(*mended).inputs


def test_what_another_section_could_not_give_is_not_told_as_missing(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x\n1\n")
    text = "title: x\nconstants: [c]\ndata: {csv: points.csv}\nparameters: {w: 1}\nequations: {L: w*x*c}\n"
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml", tmp_path)
    (problem,) = caught.value.problems
    assert problem.message == "'constants' must be 'name: value' lines, not a list"


def test_a_column_without_a_single_word_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, "x,kind\n1,\n2,\n", "x*kind_1", "{csv: points.csv, one_hot: kind}")
    (problem,) = caught.value.problems
    assert problem.message == "points.csv, line 2, column 'kind': a word is missing (and 1 more like it, in line 3)"


def test_an_empty_cell_among_words_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, "x,kind\n1,a\n2,\n3, \n?,b\n", "x", "{csv: points.csv, one_hot: kind}")
    assert [problem.message for problem in caught.value.problems] == [
        "points.csv, line 5, column 'x': '?' is not a number",
        "points.csv, line 3, column 'kind': a word is missing (and 1 more like it, in line 4)",
    ]
    assert {problem.place for problem in caught.value.problems} == {Place(3, 13, len("points.csv"))}


@pytest.mark.parametrize(
    ("data", "name", "help"),
    [
        ("columns: [length]", "width", "column 3 of points.csv has this name; add it to 'columns'"),
        ("one_hot: species", "species", "use species_1 (1 for setosa, else 0), species_2 (1 for versicolor, else 0)"),
        ("one_hot: species", "species_setosa", "one_hot makes inputs of the words of 'species': use species_1 (1 for"),
        ("one_hot: species", "species_3", "one_hot makes inputs of the words of 'species': use species_1 (1 for"),
        ("one_hot: id", "id", "id_1 (1 for A, else 0), id_2 (1 for B, else 0), id_3 (1 for C, else 0)"),
    ],
)
def test_a_name_that_the_table_gives_otherwise_is_told_with_the_way_to_it(
    tmp_path: Path, data: str, name: str, help: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, FLOWERS, name, DATA.replace("WHAT", data))
    (problem,) = caught.value.problems
    assert problem.message == f"'{name}' is not defined, and the data does not give it"
    assert help in problem.help


def test_a_second_column_of_words_is_told_with_the_first_one_kept(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, FLOWERS, "species_1*id", "{csv: points.csv, one_hot: species}")
    (problem,) = caught.value.problems
    assert "add one_hot: [species, id], as in {csv: points.csv, one_hot: [species, id]}" in problem.help
    assert load(tmp_path, FLOWERS, "species_1*id_3", "{csv: points.csv, one_hot: [species, id]}").examples


def test_more_words_than_a_run_can_keep_are_refused_before_any_example_is_made(tmp_path: Path) -> None:
    table = "kind\n" + "".join(f"a{number}\n" for number in range(10_000))
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, table, "kind_1", "{csv: points.csv, one_hot: kind}")
    (problem,) = caught.value.problems
    assert problem.message == "10,000 examples × 10,002 nodes are 100,020,000; the limit is 10,000,000"
