"""Examples from a CSV file: only in the scenario's own folder, only numbers, and what is wrong in which row."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_backprop.errors import ScenarioError
from tui_backprop.scenario.loading import load_scenario, load_text

SCENARIO = "title: x\nparameters: {w: 1}\ndata: {csv: points.csv}\nequations: {L: (w*x - y)^2}\n"


def folder_with(tmp_path: Path, table: str | bytes, scenario: str = SCENARIO) -> Path:
    folder = tmp_path / "lesson"
    folder.mkdir(exist_ok=True)
    (folder / "lesson.yaml").write_text(scenario, encoding="utf-8")
    (folder / "points.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    return folder / "lesson.yaml"


def refusals(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert all(problem.place is not None and problem.help for problem in caught.value.problems)
    assert {(p.place.line, p.place.column) for p in caught.value.problems if p.place} == {(3, 13)}
    return [problem.message for problem in caught.value.problems]


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


# (the table, the message)
TABLES = [
    ("", "'points.csv' holds no examples"),
    ("x,y\n", "'points.csv' holds no examples"),
    ("x;y\n1;2\n", "points.csv, line 1: the columns are not separated by commas"),
    ("1,y\n3,4\n", "points.csv, line 1, column 1: '1' cannot be a name"),
    ("x,log\n3,4\n", "points.csv, line 1, column 2: 'log' is the name of a function"),
    ("x,x\n3,4\n", "points.csv, line 1, column 2: 'x' is there twice"),
    ("x,\n3,4\n", "points.csv, line 1, column 2: a name is missing"),
    ("x,y\n3\n", "points.csv, line 2: 1 cell, and 2 names in the first row"),
    ("x,y\n1,2\n\n3,4,5\n", "points.csv, line 4: 3 cells, and 2 names in the first row"),
    ("x,y\n1,two\n", "points.csv, line 2, column 'y': 'two' is not a number"),
    ("x,y\n1,\n", "points.csv, line 2, column 'y': a number is missing"),
    ("x,y\n1,nan\n", "points.csv, line 2, column 'y': 'nan' is not a finite number"),
    (
        "x,y\n1," + "1" * 500 + "x\n",
        "points.csv, line 2, column 'y': '111111111111111111111111111111111111111…' is not a number",
    ),
    ('x,y\n1,"2\n', "points.csv, line 3: unexpected end of data"),
    ("x,y\n1,2\x1b\n", "points.csv, line 2, column 4: a control character (U+001B)"),
    (b"x,y\n1,\xff\n", "points.csv, line 2, column 3: byte 0xFF is not UTF-8"),
    ("x,y\n1,2\n".encode("utf-16"), "points.csv, line 1, column 1: the file is encoded in UTF-16"),
    ("x,y\n" + "1,2\n" * 10_001, "'points.csv' has more rows than 10,000 examples, the limit"),
    (b"x" * (2 * 1024 * 1024 + 1), "'points.csv' is larger than 2,048 KiB"),
]


@pytest.mark.parametrize(("table", "message"), TABLES)
def test_what_is_no_table_of_numbers_is_refused(tmp_path: Path, table: str | bytes, message: str) -> None:
    assert refusals(folder_with(tmp_path, table)) == [message]


def test_a_table_at_the_limit_is_read(tmp_path: Path) -> None:
    assert len(load_scenario(folder_with(tmp_path, "x,y\n" + "1,2\n" * 10_000)).examples) == 10_000


def test_several_problems_of_a_table_are_told_together_and_not_without_end(tmp_path: Path) -> None:
    messages = refusals(folder_with(tmp_path, "x,y\n1,a\n2,b\n3\n"))
    assert messages == [
        "points.csv, line 2, column 'y': 'a' is not a number",
        "points.csv, line 3, column 'y': 'b' is not a number",
        "points.csv, line 4: 1 cell, and 2 names in the first row",
    ]
    assert len(refusals(folder_with(tmp_path, "x,y\n" + "a,b\n" * 9_000))) == 20


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
