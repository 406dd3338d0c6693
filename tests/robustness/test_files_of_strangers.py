"""Promise by promise: what a file must not be or hold, on disk and through the program, and what is said about it."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from robustness.faults import Fault, in_folder
from robustness.watch import TouchedError, only_these_files

from tui_backprop.cli import main
from tui_backprop.errors import ScenarioError
from tui_backprop.scenario import files
from tui_backprop.scenario.loading import load_scenario, load_text
from tui_backprop.scenario.source import MOST_BYTES

GOOD = "title: x\nparameters: {w: 1}\nequations: {L: w^2}\n"
WITH_TABLE = "title: x\nparameters: {w: 1}\nequations: {L: (w*x - y)^2}\ndata: {csv: FILE}\n"
TABLE = "x,y\n1,2\n3,4\n"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="these kinds of file are POSIX's")
NOT_ROOT = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")


# --- what stands in a file: (text, line:column, a part of the message, a part of the help)

CONTENTS = [
    # constructed objects, and everything that leads to them
    ("title: !!python/object/apply:os.system ['true']\n", "1:8", "'!' begins a tag", "quotes"),
    ("title: !!python/name:os.system x\n", "1:8", "'!' begins a tag", "quotes"),
    ("!!map {title: x}\n", "1:1", "'!' begins a tag", "quotes"),
    ("title: !!str x\n", "1:8", "'!' begins a tag", "quotes"),
    ("title: ! x\n", "1:8", "'!' begins a tag", "quotes"),
    ("%TAG !e! tag:example.com,2000:\n---\ntitle: x\n", "1:1", "a directive", "remove it"),
    ("%YAML 1.2\n---\ntitle: !!str x\n", "3:8", "'!' begins a tag", "quotes"),
    # anchors, aliases, merges: also a billion laughs
    ("title: &t x\nsummary: *t\n", "1:8", "'&' begins an anchor", "written twice"),
    ("title: x\n<<: {a: 1}\n", "2:1", "'<<' is YAML's merge key", "write the entries out"),
    ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "1:4", "'&' begins an anchor", "written twice"),
    ("a: [*b]\n", "1:5", "'*' begins an alias", "written twice"),
    # more than one document, and keys twice
    (GOOD + "---\n" + GOOD, "4:1", "a second document begins here", "one scenario"),
    (GOOD + "...\n" + GOOD, "5:1", "a second document begins here", "one scenario"),
    (GOOD + "title: y\n", "4:1", "'title' is given twice", "the first is in line 1"),
    (GOOD + '"title": y\n', "4:1", "'title' is given twice", "the first is in line 1"),
    ("title: x\nparameters:\n  w: 1\n  w: 2\n", "4:3", "'w' is given twice", "remove one of the two"),
    # tabs, control and bidirectional characters
    ("title: x\nparameters:\n\tw: 1\n", "3:1", "a tab where YAML needs spaces", "spaces instead"),
    ("title:\tx\n", "1:7", "a tab where YAML needs spaces", "spaces instead"),
    ("title: a\x1b[2Jb\n", "1:9", "a control character (U+001B)", "remove it"),
    ("title: a\x9b2Jb\n", "1:9", "a control character (U+009B)", "remove it"),
    ("title: a\u202eb\n", "1:9", "bidirectional character (U+202E)", "remove it"),
    ("# a\u2066b\n" + GOOD, "1:4", "bidirectional character (U+2066)", "remove it"),
    ('title: "a\\u202eb"\n', "1:10", "bidirectional character (U+202E)", "remove it"),
    ('title: "a\\e[2J"\n', "1:10", "a control character (U+001B)", "remove it"),
    ('title: "a\\x9b2J"\n', "1:10", "a control character (U+009B)", "remove it"),
    ('title: "a\\0b"\n', "1:10", "a control character (U+0000)", "remove it"),
    ('title: "a\\U0000202Eb"\n', "1:10", "bidirectional character (U+202E)", "remove it"),
    ('title: x\nnotes: {"\\u202eL": x}\n', "2:10", "bidirectional character (U+202E)", "remove it"),
    ('title: "\\uDC00"\n', "1:9", "a character that no text has (U+DC00)", "remove it"),
    ("title: a\u2029b\n", "1:9", "an invisible line separator (U+2029)", "enter key"),
    # other encodings
    (GOOD.encode("utf-16"), "1:1", "encoded in UTF-16", "UTF-8"),
    (GOOD.encode("utf-16-be"), "1:1", "zero bytes", "UTF-8"),
    (GOOD.encode("utf-32"), "1:1", "encoded in UTF-32", "UTF-8"),
    ("title: über\n".encode("latin-1"), "1:8", "byte 0xFC is not UTF-8", "UTF-8"),
    (b"title: \xc0\x80\n", "1:8", "byte 0xC0 is not UTF-8", "UTF-8"),
    (b"title: \xf4\x90\x80\x80\n", "1:8", "byte 0xF4 is not UTF-8", "UTF-8"),
    (b"title: x\x00y\n", "1:9", "zero bytes", "UTF-8"),
    (b"\x00" * 100, "1:1", "zero bytes", "UTF-8"),
    (b"\x7fELF\x02\x01\x01\x00", "1:8", "zero bytes", "UTF-8"),
    # numbers of any size
    (f"title: x\nparameters: {{w: {'9' * 200_000}}}\n", "2:17", "is not a number", "decimal"),
    ("title: x\nparameters: {w: 1e999999999}\n", "2:17", "is too large for a number", "smaller"),
    (f"title: x\nparameters: {{w: 1}}\nequations: {{L: w + 1e{'9' * 500}}}\n", "3:20", "too large", "smaller"),
    (f"title: x\nparameters: {{w: 1}}\nequations: {{L: w + {'1' * 2_100}}}\n", "3:2016", "limit is 2,000", "split"),
    (GOOD + f"iterations: {'9' * 99}\n", "4:13", "the limit is 1,000,000", "or less"),
]


@pytest.mark.parametrize(("content", "where", "message", "help"), CONTENTS)
def test_what_stands_in_a_file_is_refused_at_its_place(
    content: str | bytes, where: str, message: str, help: str, tmp_path: Path
) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    with pytest.raises(ScenarioError) as caught, only_these_files(str(path)):
        load_scenario(path)
    told = [(f"{p.place.line}:{p.place.column}", p.message, p.help) for p in caught.value.problems if p.place]
    assert len(told) == len(caught.value.problems)
    assert [t for t in told if t[0] == where and message in t[1] and help in t[2]], told


def test_a_byte_order_mark_of_utf_8_is_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load_scenario(path).title == "x"


def test_the_watch_over_opened_files_sees_another_file(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(GOOD)
    with pytest.raises(TouchedError, match="open"), only_these_files("lesson.yaml"):
        load_scenario(tmp_path / "other.yaml")


# --- what a file is: (how it is made, a part of the message)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(path))


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


def _to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere.yaml")


def _to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10_000_000_000)


def _one_byte_too_many(path: Path) -> None:
    path.write_bytes(b"#" * (MOST_BYTES + 1))


KINDS = [
    (Path.mkdir, "is a directory, not a file"),
    (_pipe, "is a pipe, not a file"),
    (_socket, "is a socket, not a file"),
    (_circle, "is a link that leads in a circle"),
    (_to_nowhere, "does not exist"),
    (_to("/dev/zero"), "is a device, not a file"),
    (_to("/dev/full"), "is a device, not a file"),
    (_to("/dev/tty"), "is a device, not a file"),
    (_to("/"), "is a directory, not a file"),
    (_sparse, "is larger than 256 KiB"),
    (_one_byte_too_many, "is larger than 256 KiB"),
]


@POSIX
@pytest.mark.parametrize(("make", "message"), KINDS)
@pytest.mark.parametrize("command", ["run", "steps", "check", "snap"])
def test_what_is_no_ordinary_file_is_refused_by_every_command(
    make: Callable[[Path], None], message: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lesson.yaml"
    make(path)
    assert main([command, str(path)]) == 3
    captured = capsys.readouterr()
    assert captured.out == ("1 scenario, 0 checks, 0 failed, 1 refused\n" if command == "check" else "")
    assert f"lesson.yaml: error: the file {message}\nhelp: " in captured.err
    assert "Traceback" not in captured.err


@POSIX
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/random", "/dev/stdin", "/dev/fd/0", "/proc/self/mem"])
def test_devices_are_refused_without_reading(path: str) -> None:
    if not os.path.exists(path):
        pytest.skip("there is no such device here")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert caught.value.problems[0].help


@POSIX
def test_what_a_pipe_brings_to_standard_input_is_refused(tmp_path: Path) -> None:
    ends = os.pipe()
    try:
        os.write(ends[1], GOOD.encode())
        with pytest.raises(ScenarioError, match="is a pipe, not a file"):
            load_scenario(f"/dev/fd/{ends[0]}")
    finally:
        os.close(ends[0])
        os.close(ends[1])


@POSIX
@NOT_ROOT
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text(GOOD)
    path.chmod(0)
    with pytest.raises(ScenarioError, match="cannot be read: you have no permission"):
        load_scenario(path)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM])
def test_permission_that_is_denied_is_said(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text(GOOD)
    in_folder(monkeypatch, tmp_path, Fault("open", 1, code), ("open",))
    with pytest.raises(ScenarioError, match="cannot be read: you have no permission"):
        load_scenario(path)


# --- a file that is not the same a moment later


def test_a_file_that_grows_while_it_is_read_is_read_no_further_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text(GOOD)
    read, asked = os.read, []

    def growing(descriptor: int, size: int) -> bytes:
        asked.append(size)
        with path.open("ab") as file:
            file.write(b"#" * size)
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", growing)
    with pytest.raises(ScenarioError, match="is larger than 256 KiB"):
        load_scenario(path)
    assert sum(asked) <= 2 * MOST_BYTES


def test_a_file_that_shrinks_while_it_is_read_is_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text("#" * 100_000 + "\n" + GOOD)
    read = os.read

    def shrinking(descriptor: int, size: int) -> bytes:
        data = read(descriptor, size)
        os.truncate(path, 10)
        return data

    monkeypatch.setattr(os, "read", shrinking)
    with pytest.raises(ScenarioError, match="the file is empty"):
        load_scenario(path)


# --- whichever call of reading fails, it is said


@pytest.mark.parametrize("with_table", [False, True], ids=["the file", "its table"])
@pytest.mark.parametrize("code", [errno.EIO, errno.EMFILE, errno.ENOMEM, errno.ESTALE])
def test_whichever_call_of_reading_fails_it_is_said_and_nothing_stays_open(
    with_table: bool, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lesson.yaml"
    # Longer than one read.
    path.write_text("#" * 70_000 + "\n" + (WITH_TABLE.replace("FILE", "points.csv") if with_table else GOOD))
    (tmp_path / "points.csv").write_text(TABLE)

    def run(fault: Fault) -> int:
        with monkeypatch.context() as patched:
            in_folder(patched, tmp_path, fault, ("stat", "open", "fstat", "read"))
            return main(["run", str(path), "--format", "csv"])

    counting = Fault()
    assert run(counting) == 0
    assert set(counting.counts) == {"stat", "open", "fstat", "read"}
    open_before = _open_descriptors()
    for kind, count in counting.counts.items():
        for number in range(1, count + 1):
            capsys.readouterr()
            assert run(Fault(kind, number, code)) == 3, (kind, number)
            captured = capsys.readouterr()
            assert captured.out == "", (kind, number)
            assert f"cannot be read: {os.strerror(code)}" in captured.err, (kind, number)
            assert "\nhelp: " in captured.err, (kind, number)
    assert _open_descriptors() == open_before


def _open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


# --- tables

OUTSIDE = [
    *("../points.csv", "a/../../points.csv", "/etc/passwd", "~/points.csv", "~root/x.csv", "..", "C:/x.csv"),
    *("\\\\server\\x.csv", "..\\points.csv", "file:///etc/passwd", "/dev/zero", "/dev/stdin"),
]


@pytest.mark.parametrize("reference", OUTSIDE)
def test_a_table_outside_the_folder_is_not_even_looked_at(reference: str, tmp_path: Path) -> None:
    folder = tmp_path / "lesson"
    folder.mkdir()
    (tmp_path / "points.csv").write_text(TABLE)
    path = folder / "lesson.yaml"
    path.write_text(WITH_TABLE.replace("FILE", f"'{reference}'"))
    with pytest.raises(ScenarioError) as caught, only_these_files(str(path)):
        load_scenario(path)
    (problem,) = caught.value.problems
    assert "is not inside the scenario's folder" in problem.message
    assert "points.csv" in problem.help
    assert problem.place is not None
    assert problem.place.line == 4


@POSIX
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_to("../points.csv"), "is a link that leads out of the scenario's folder"),
        (_to("/etc/passwd"), "is a link that leads out of the scenario's folder"),
        (_to("/dev/zero"), "is a link that leads out of the scenario's folder"),
        (_circle, "is a link that leads in a circle"),
        (_to_nowhere, "does not exist"),
        (Path.mkdir, "is a directory, not a file"),
        (_pipe, "is a pipe, not a file"),
        (_socket, "is a socket, not a file"),
        (_sparse, "is larger than"),
    ],
)
def test_a_table_that_is_no_ordinary_file_of_the_folder_is_refused(
    make: Callable[[Path], Any], message: str, tmp_path: Path
) -> None:
    folder = tmp_path / "lesson"
    folder.mkdir()
    (tmp_path / "points.csv").write_text(TABLE)
    make(folder / "table.csv")
    path = folder / "lesson.yaml"
    path.write_text(WITH_TABLE.replace("FILE", "table.csv"))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.help
    assert problem.place is not None
    assert problem.place.line == 4


@POSIX
def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(TABLE)
    (tmp_path / "table.csv").symlink_to("points.csv")
    path = tmp_path / "lesson.yaml"
    path.write_text(WITH_TABLE.replace("FILE", "table.csv"))
    assert load_scenario(path).examples == ((1.0, 2.0), (3.0, 4.0))


TABLES = [
    (b"x,y\n1,2\x00\n", "zero bytes"),
    (b"x,y\n1,\xff\n", "is not UTF-8"),
    (TABLE.encode("utf-16"), "encoded in UTF-16"),
    ("x,y\n1,2\u202e\n".encode(), "bidirectional"),
    (b"x,y\n1,2\x1b[2J\n", "a control character (U+001B)"),
    (b"x,y\n1,=cmd|' /C calc'!A0\n", "is not a number"),
    (b'x,y\n1,"2\n', "this quote is never closed"),
    (b"x,y\n1," + b"9" * 200_000 + b"\n", "this cell is too long for a number"),
    (b"x,y\n1," + b"9" * 2_000 + b"\n", "is not a number"),
    (b"x,y\n1,1e999999999\n", "is too large for a number"),
    (b"x,y\n", "holds no examples"),
    (b"", "holds no examples"),
    (b"x,y\n" + b"1,2\n" * 10_001, "more rows than 10,000 examples"),
    (b"x," * 100_000 + b"y\n1\n", "100,001 columns; the limit is 100,000"),
    (b"x,y,x\n1,2,3\n", "column 3: 'x' is there twice"),
]


@pytest.mark.parametrize(("data", "message"), TABLES)
def test_what_no_table_may_hold_is_refused(data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_bytes(data)
    path = tmp_path / "lesson.yaml"
    path.write_text(WITH_TABLE.replace("FILE", "points.csv"))
    with pytest.raises(ScenarioError) as caught, only_these_files(str(path), os.path.realpath(tmp_path / "points.csv")):
        load_scenario(path)
    assert message in caught.value.problems[0].message
    assert caught.value.problems[0].help


def test_a_file_is_opened_for_reading_only_and_never_waited_for() -> None:
    wanted = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
    assert files._OPEN_FLAGS & wanted == wanted
    assert not files._OPEN_FLAGS & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)


def test_a_text_without_a_file_has_no_folder_to_look_for_a_table_in() -> None:
    with pytest.raises(ScenarioError, match="has no folder"), only_these_files():
        load_text(WITH_TABLE.replace("FILE", "points.csv"), "pasted")
