"""Examples from a CSV file: only in the scenario's own folder, only numbers, and what is wrong in which row."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_backprop.api import train
from tui_backprop.errors import Place, ScenarioError
from tui_backprop.scenario.loading import load_scenario, load_text

SCENARIO = "title: x\nparameters: {w: 1}\ndata: {csv: points.csv}\nequations: {L: (w*x - y)^2}\n"


def folder_with(tmp_path: Path, table: str | bytes, scenario: str = SCENARIO) -> Path:
    folder = tmp_path / "lesson"
    folder.mkdir(exist_ok=True)
    (folder / "lesson.yaml").write_text(scenario, encoding="utf-8")
    (folder / "points.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    return folder / "lesson.yaml"


def refusals_with_help(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert all(problem.place is not None and problem.help for problem in caught.value.problems)
    written = path.read_text(encoding="utf-8").split("csv: ")[1].split("}")[0]
    assert {problem.place for problem in caught.value.problems} == {Place(3, 13, len(written))}
    return [(problem.message, problem.help) for problem in caught.value.problems]


def refusals(path: Path) -> list[str]:
    return [message for message, _ in refusals_with_help(path)]


@pytest.mark.parametrize(
    "table",
    [
        "x,y\n1,2\n3,4\n",
        "x,y\r\n1,2\r\n3,4",
        "\ufeffx, y\n 1 , 2\n\n3,4\n , \n",
        '"x","y"\n"1",2\n3,"4"\n',
        "x,y\n1.0,2e0\n3.,+4\n",
    ],
)
def test_the_header_row_names_the_inputs_and_the_rows_are_examples(tmp_path: Path, table: str) -> None:
    scenario = load_scenario(folder_with(tmp_path, table))
    assert scenario.inputs == ("x", "y")
    assert scenario.examples == ((1.0, 2.0), (3.0, 4.0))


def test_a_folder_below_is_inside_and_so_is_a_link_that_stays_there(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "x,y\n1,2\n", SCENARIO.replace("points.csv", "data/link.csv"))
    (path.parent / "data").mkdir()
    (path.parent / "data" / "link.csv").symlink_to("../points.csv")
    assert load_scenario(path).examples == ((1.0, 2.0),)


# (the table, the message, a part of the help)
TABLES = [
    ("", "'points.csv' holds no examples", "a row of names"),
    ("x,y\n", "'points.csv' holds no examples", "below it rows of numbers"),
    # the names of the columns
    ("1,y\n3,4\n", "points.csv, line 1, column 1: '1' is a number where the name of a column belongs", "x1,y"),
    ("\n1,2\n3,4\n", "points.csv, line 2, column 1: '1' is a number where the name of a column belongs", "x1,y"),
    ("x,x,y\n3,4,5\n", "points.csv, line 1, column 2: 'x' is there twice", "its own name"),
    ("x,,y\n3,4,5\n", "points.csv, line 1, column 2: this column has no name", "name it in line 1, or remove"),
    ("x,y,\n3,4,\n", "points.csv, line 1, column 3: this column has no name", "name it in line 1, or remove"),
    ('\nx,"y\nz"\n3,4\n', "points.csv, line 2, column 2: a line break inside a name", "in one line"),
    (
        "5,1;3,5;0\n4,9;3,0;1\n",
        "points.csv, line 1, column 1: '5,1' is a number where the name of a column belongs",
        "x1;x2;y",
    ),
    # the separators
    (
        "x|y\n1|2\n",
        "points.csv, line 1, column 2: upright strokes separate the columns, not commas, semicolons or tabs",
        "x,y, and below it 1,2",
    ),
    (
        "\nx y\n1,5 2\n",
        "points.csv, line 2, column 2: spaces separate the columns, not commas, semicolons or tabs",
        "x,y, and below it 1.5,2",
    ),
    # the rows
    ("x,y\n3\n", "points.csv, line 2: 1 cell, and 2 names in the first row", "one cell for each name"),
    ("x,y\n1,2\n\n3,4,5\n", "points.csv, line 4: 3 cells, and 2 names in the first row", "a point and not a comma"),
    (
        "x,y\n1,5,2\n2,5,3\n1,2\n3,5,4\n",
        "points.csv, line 2: 3 cells, and 2 names in the first row (and 2 more like it, in lines 3, 5)",
        "a point and not a comma",
    ),
    ("x;y\n1,5\n", "points.csv, line 2: 1 cell, and 2 names in the first row", "one cell for each name"),
    ("x\ty\n1\t2\t3\n", "points.csv, line 2: 3 cells, and 2 names in the first row", "one cell for each name"),
    ("x;y\n1;2,5,0\n", "points.csv, line 2, column 'y': '2,5,0' is not a number", "decimal"),
    ("x;y\n1;1.250,5\n", "points.csv, line 2, column 'y': '1.250,5' is not a number", "decimal"),
    ("x;y\n1;01,5\n", "points.csv, line 2, column 'y': '01,5' has a leading zero", "without the zero"),
    ("x\ty\n1,5\t2\n", "points.csv, line 2, column 'x': '1,5' has a comma", "1.5"),
    ("x,y\n1,two\n", "points.csv, line 2, column 'y': 'two' is not a number", "decimal"),
    ("x,y\n1,\n", "points.csv, line 2, column 'y': a number is missing", "decimal"),
    ("x,y\n1,nan\n", "points.csv, line 2, column 'y': 'nan' is not a finite number", "decimal"),
    (
        "x,y\n1," + "1" * 500 + "x\n",
        "points.csv, line 2, column 'y': '111111111111111111111111111111111111111…' is not a number",
        "decimal",
    ),
    (
        "x,y\n1,2\n?,2\n1,3\n-,1\n?,3\n",
        "points.csv, line 3, column 'x': '?' is not a number (and 2 more like it, in lines 5, 6)",
        "decimal",
    ),
    (
        'x,y\n"1,5",2\n"2,5",3\n',
        "points.csv, line 2, column 'x': '1,5' has a comma (and 1 more like it, in line 3)",
        "1.5",
    ),
    (
        "x,y\n1,yes\n2,no\n",
        "points.csv, line 2, column 'y': 'yes' is not a number (and 1 more like it, in line 3)",
        "1 or 0",
    ),
    # line breaks and quotes
    ('x,y\n"1\n2",3\n', "points.csv, line 2, column 'x': a line break inside a number", "in one line"),
    ('x,y\n"1\r2",3\n', "points.csv, line 2, column 'x': a line break inside a number", "in one line"),
    ('x,y\n1,2\n3,"4\n"\n', "points.csv, line 3, column 'y': a line break inside a number", "in one line"),
    ('x,y\n1,"2\n', "points.csv, line 2, column 3: this quote is never closed", "close it"),
    ('x,y\n1,"2\n3,4\n5,6\n', "points.csv, line 2, column 3: this quote is never closed", "close it"),
    ('x,y\n1,2\n3,"4\n5,"6"\n', "points.csv, line 3, column 3: this quote is never closed", "close it"),
    ('x,"y\n1,2\n', "points.csv, line 1, column 3: this quote is never closed", "close it"),
    ('x,y\n1,"2\n' + "3,4\n" * 50_000, "points.csv, line 2, column 3: this quote is never closed", "close it"),
    ('x,y\n1,2\n"3"4,5\n', "points.csv, line 3, column 4: the cell goes on after its closing quote", "doubled"),
    ('x;y\n1;2\n"3"4;5\n', "points.csv, line 3, column 4: the cell goes on after its closing quote", "doubled"),
    ('x\ty\n1\t"2\n3\t4\n', "points.csv, line 2, column 3: this quote is never closed", "close it"),
    ("x,y\n" + "1" * 140_000 + ",2\n", "points.csv, line 2, column 1: this cell is too long for a number", "shorten"),
    # no text at all
    ("x,y\n1,2\x1b\n", "points.csv, line 2, column 4: a control character (U+001B)", "remove"),
    (
        "x,y\n1\x07,2\n3\x07,2\n",
        "points.csv, line 2, column 2: a control character (U+0007) (and 1 more like it, in line 3)",
        "",
    ),
    (b"x,y\n1,\xff\n", "points.csv, line 2, column 3: byte 0xFF is not UTF-8", "UTF-8"),
    ("x,y\n1,2\n".encode("utf-16"), "points.csv, line 1, column 1: the file is encoded in UTF-16", "UTF-8"),
    (
        b"PK\x03\x04\x14\x00\x06\x00",
        "'points.csv' is a spreadsheet (.xlsx, .xls) or another packed file, not a text",
        "as CSV",
    ),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        "'points.csv' is a spreadsheet (.xlsx, .xls) or another packed file, not a text",
        "as CSV",
    ),
    ("x,y\n" + "1,2\n" * 10_001, "'points.csv' has more rows than 10,000 examples, the limit", "leave out"),
    (b"x" * (2 * 1024 * 1024 + 1), "'points.csv' is larger than 2,048 KiB", "limit"),
]


@pytest.mark.parametrize(("table", "message", "help"), TABLES)
def test_what_is_no_table_of_numbers_is_refused_at_its_place_in_the_file(
    tmp_path: Path, table: str | bytes, message: str, help: str
) -> None:
    ((told, remedy),) = refusals_with_help(folder_with(tmp_path, table))
    assert told == message
    assert help in remedy


def test_a_table_at_the_limit_is_read(tmp_path: Path) -> None:
    assert len(load_scenario(folder_with(tmp_path, "x,y\n" + "1,2\n" * 10_000)).examples) == 10_000


def test_several_problems_of_a_table_are_told_together_and_not_without_end(tmp_path: Path) -> None:
    assert refusals(folder_with(tmp_path, "x,y\n1,a\n?,2\n3\n")) == [
        "points.csv, line 4: 1 cell, and 2 names in the first row",
        "points.csv, line 3, column 'x': '?' is not a number",
        "points.csv, line 2, column 'y': 'a' is not a number",
    ]
    assert refusals(folder_with(tmp_path, "x,y\n" + "a,010\n" * 9_000)) == [
        "points.csv, line 2, column 'x': 'a' is a word, not a number (and 8,999 more like it, 1 word in all)",
        "points.csv, line 2, column 'y': '010' has a leading zero (and 8,999 more like it, in lines 3, 4, 5, 6 …)",
    ]


# --- columns that are not used, and columns of words


@pytest.mark.parametrize(
    "table",
    [
        "id,x,y\nA-1,1,2\nA-2,3,4\n",
        "x,y,remark\n1,2,\n3,4,nan\n",
        'x,remark,y\n1,"two\nlines",2\n3,"a ""quoted"" word",4\n',
        "x,petal length (cm),y\n1,a,2\n3,b,4\n",
        "x,log,y,e\n1,a,2,b\n3,b,4,b\n",
        "q,x,q,y\n1,1,2,2\n3,3,4,4\n",
    ],
)
def test_a_column_that_no_equation_uses_is_left_alone_whatever_is_in_it(tmp_path: Path, table: str) -> None:
    scenario = load_scenario(folder_with(tmp_path, table))
    assert (scenario.inputs, scenario.examples) == (("x", "y"), ((1.0, 2.0), (3.0, 4.0)))


def test_a_table_of_which_nothing_is_used_still_counts_its_rows(tmp_path: Path) -> None:
    path = folder_with(
        tmp_path, "id,x,y\nA,1,2\nB,3,4\n", SCENARIO.replace("(w*x - y)^2", "(w - 3)^2") + "learning_rate: 0.1\n"
    )
    scenario = load_scenario(path)
    assert (scenario.inputs, scenario.examples) == ((), ((), ()))
    assert train(scenario, iterations=2).losses[0] == 4.0


def test_the_constant_e_is_not_mistaken_for_a_column_of_that_name(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "x,e\n1,2\n", SCENARIO.replace("(w*x - y)^2", "(w*x - e)^2"))
    assert refusals(path) == ["points.csv, line 1, column 2: 'e' is a constant of its own"]


@pytest.mark.parametrize(
    ("column", "help"),
    [
        (
            "petal length",
            "column 2 of points.csv is called 'petal length'; call it petal_length in line 1 of that file",
        ),
        (
            "Petal-Length",
            "column 2 of points.csv is called 'Petal-Length'; call it petal_length in line 1 of that file",
        ),
        ("petal_lenght", "did you mean 'petal_lenght'?"),
        ("q", "define it under data (an input), parameters (a number to learn), constants or equations"),
    ],
)
def test_a_name_that_the_table_writes_otherwise_is_found_there(tmp_path: Path, column: str, help: str) -> None:
    table, scenario = f"x,{column}\n1,2\n", SCENARIO.replace("- y", "- petal_length")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(folder_with(tmp_path, table, scenario))
    (problem,) = caught.value.problems
    assert problem.message == "'petal_length' is not defined, and the data does not give it"
    assert problem.help == help
    if "call it" in help or "mean" in help:
        assert load_scenario(folder_with(tmp_path, table.replace(column, "petal_length"), scenario)).inputs[1:]


SPECIES = "id,x,y\nA-1,5.1,setosa\nA-2,4.9,versicolor\nA-3,4.7,setosa\n"


def test_a_column_of_words_is_told_once_with_its_two_ways_out(tmp_path: Path) -> None:
    assert refusals_with_help(folder_with(tmp_path, SPECIES)) == [
        (
            "points.csv, line 2, column 'y': 'setosa' is a word, not a number (and 2 more like it, 2 words in all)",
            "number the words, 0 for setosa, 1 for versicolor; or add one_hot: y, as in {csv: points.csv, one_hot: y}, "
            "and use y_1 (1 for setosa, else 0), y_2 (1 for versicolor, else 0) in place of y",
        )
    ]
    numbered = SPECIES.replace("setosa", "0").replace("versicolor", "1")
    assert load_scenario(folder_with(tmp_path, numbered)).examples == ((5.1, 0.0), (4.9, 1.0), (4.7, 0.0))
    scenario = SCENARIO.replace("{csv: points.csv}", "{csv: points.csv, one_hot: y}").replace("- y)", "- y_1 + y_2)")
    assert load_scenario(folder_with(tmp_path, SPECIES, scenario)).examples[1] == (4.9, 0.0, 1.0)


def test_words_among_the_examples_of_a_file_are_told_alike() -> None:
    words = ["red", "blue", "red", "green", "cyan"]
    rows = "".join(f"  - {{x: {number}, y: {word}}}\n" for number, word in enumerate(words))
    text = SCENARIO.replace(" {csv: points.csv}", f"\n{rows.rstrip()}")
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    (problem,) = caught.value.problems
    assert problem.place == Place(4, 15, 3)
    assert problem.message == "'red' is a word, not a number (and 4 more like it, 4 words in all)"
    assert problem.help == (
        "number the words, 0 for red, 1 for blue, 2 for green …; or write a 1 or a 0 for each word into a column of "
        "its own, y_red, y_blue, y_green, y_cyan"
    )
    for number, word in enumerate(dict.fromkeys(words)):
        text = text.replace(word, str(number))
    assert [example[1] for example in load_text(text, "f.yaml").examples] == [0, 1, 0, 2, 3]


@pytest.mark.parametrize(
    "reference",
    [
        "../points.csv",
        "/etc/hostname",
        "a/../../points.csv",
        "~/points.csv",
        '"C:\\\\points.csv"',
        "'\\\\host\\x'",
        "'..\\points.csv'",
    ],
)
def test_a_file_outside_the_folder_is_refused_whether_it_exists_or_not(tmp_path: Path, reference: str) -> None:
    (tmp_path / "points.csv").write_text("x,y\n1,2\n")
    path = folder_with(tmp_path, "x,y\n1,2\n", SCENARIO.replace("points.csv", reference))
    (message,) = refusals(path)
    assert message.endswith("is not inside the scenario's folder")


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("x,y\n1,2\n")
    path = folder_with(tmp_path, "", SCENARIO.replace("points.csv", "link.csv"))
    (path.parent / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert refusals(path) == ["'link.csv' is a link that leads out of the scenario's folder"]


def test_a_path_that_has_nothing_in_common_with_the_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_another_drive(paths: list[str]) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(os.path, "commonpath", on_another_drive)
    assert refusals(folder_with(tmp_path, "x,y\n1,2\n")) == ["'points.csv' is not a path that can exist"]


def test_a_table_that_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "", SCENARIO.replace("points.csv", "none.csv"))
    assert refusals(path) == ["'none.csv' does not exist"]
    (path.parent / "none.csv").mkdir()
    assert refusals(path) == ["'none.csv' is a directory, not a file"]


def test_a_text_without_a_folder_has_no_table(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(SCENARIO, "f.yaml")
    assert "has no folder" in caught.value.problems[0].message
    folder = folder_with(tmp_path, "x,y\n1,2\n").parent
    assert load_text(SCENARIO, "f.yaml", folder).examples == ((1.0, 2.0),)


@pytest.mark.parametrize("data", ["{csv: points.csv, x: 1}", "{csv: [points.csv]}", "{csv: }"])
def test_csv_stands_alone_and_names_a_file(tmp_path: Path, data: str) -> None:
    path = folder_with(tmp_path, "x,y\n1,2\n", SCENARIO.replace("{csv: points.csv}", data))
    with pytest.raises(ScenarioError):
        load_scenario(path)


def test_an_input_may_be_called_csv() -> None:
    scenario = load_text("title: x\nparameters: {w: 1}\ndata: {csv: 1.5}\nequations: {L: w*csv}\n", "f")
    assert (scenario.inputs, scenario.examples) == (("csv",), ((1.5,),))


def test_the_inputs_of_a_table_may_not_take_a_name_that_is_taken(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "x,y,w\n1,2,3\n")
    assert refusals(path) == ["'w' is defined twice: it is a parameter and an input"]
