"""Which files are opened, and which bytes are text."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from tui_backprop.errors import ScenarioError
from tui_backprop.scenario import files
from tui_backprop.scenario.loading import load_scenario, load_text

GOOD = "title: x\nparameters: {w: 1}\nequations: {L: w^2}\n"


def refusal(path: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert problem.place is None
    assert problem.help
    assert caught.value.file == str(path)
    return problem.message


def test_a_file_is_loaded_and_named_after_itself(tmp_path: Path) -> None:
    path = tmp_path / "my-lesson.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_scenario(path).name == "my-lesson"
    assert load_scenario(str(path)) == load_scenario(path)


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    assert load_scenario(tmp_path / "link.yaml").title == "x"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.yaml") == "the file does not exist"
    assert refusal(tmp_path) == "the file is a directory, not a file"
    (tmp_path / "file").write_text(GOOD, encoding="utf-8")
    assert refusal(tmp_path / "file" / "x.yaml") == "the file does not exist: a part of its path is a file"
    assert refusal(tmp_path / ("x" * 5000)).startswith("the file cannot be read: ")
    assert refusal("zero\0byte.yaml") == "the file is not a path that can exist"


@pytest.mark.skipif(sys.platform == "win32", reason="these kinds of file are POSIX's")
def test_pipes_devices_sockets_and_circles_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert refusal(tmp_path / "pipe.yaml") == "the file is a pipe, not a file"
    assert refusal("/dev/zero") == "the file is a device, not a file"
    (tmp_path / "circle.yaml").symlink_to("circle.yaml")
    assert refusal(tmp_path / "circle.yaml") == "the file is a link that leads in a circle"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "s"))
        assert refusal(tmp_path / "s") == "the file is a socket, not a file"


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text(GOOD, encoding="utf-8")

    def deny(*arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", deny)
    assert refusal(path) == "the file cannot be read: you have no permission"


def test_a_disk_that_fails_while_reading_is_told_and_the_file_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(GOOD, encoding="utf-8")
    closed: list[int] = []
    close = os.close

    def fail(descriptor: int, size: int) -> bytes:
        raise OSError(5, "Input/output error")

    def note(descriptor: int) -> None:
        closed.append(descriptor)
        close(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "read", fail)
        patched.setattr(os, "close", note)
        assert refusal(path) == "the file cannot be read: Input/output error"
    assert len(closed) == 1


def test_a_file_that_became_something_else_after_the_first_look_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(GOOD, encoding="utf-8")
    folder = os.stat(tmp_path)
    monkeypatch.setattr(os, "fstat", lambda descriptor: folder)
    assert refusal(path) == "the file is a directory, not a file"
    monkeypatch.setattr(os, "fstat", lambda descriptor: os.stat_result([0] * 10))
    assert refusal(path) == "the file is not an ordinary file"


def test_no_more_than_the_limit_is_read_of_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    assert refusal(path) == "the file is larger than 256 KiB"
    path.write_bytes(b"#" * 256 * 1024)
    assert files.read_regular_file(path, 256 * 1024) == b"#" * 256 * 1024


# (bytes, where, a part of the message, a part of the help)
ENCODINGS = [
    (GOOD.encode("utf-16"), "1:1", "encoded in UTF-16", "UTF-8"),
    (b"\xfe\xff" + GOOD.encode("utf-16-be"), "1:1", "encoded in UTF-16", "UTF-8"),
    (GOOD.encode("utf-32"), "1:1", "encoded in UTF-32", "UTF-8"),
    (GOOD.encode("utf-16-le"), "1:2", "zero bytes", "UTF-8"),
    ("title: caf\u00e9".encode("latin-1"), "1:11", "byte 0xE9 is not UTF-8", "UTF-8"),
    ("\ufefftitle: x\nsummary: caf".encode() + b"\xe9", "2:13", "byte 0xE9 is not UTF-8", "UTF-8"),
    (b"title: \xed\xa0\x80", "1:8", "byte 0xED is not UTF-8", "UTF-8"),
    (b"title: a\x1b[31mb", "1:9", "a control character (U+001B)", "remove it"),
    (b"title: a\nsummary: \x07", "2:10", "a control character (U+0007)", "remove it"),
    ("title: a\u0085b".encode(), "1:9", "a control character (U+0085)", "remove it"),
    ("title: a\u202eb".encode(), "1:9", "an invisible bidirectional character (U+202E)", "remove it"),
    ("title: a\u2067b".encode(), "1:9", "an invisible bidirectional character (U+2067)", "remove it"),
    ("title: a\u2028b".encode(), "1:9", "an invisible line separator (U+2028)", "enter key"),
    ("title: a\ufeffb".encode(), "1:9", "a character that no text has (U+FEFF)", "remove it"),
    ("title: a\ufffeb".encode(), "1:9", "a character that no text has (U+FFFE)", "remove it"),
    ("# \u202e in a comment\n".encode(), "1:3", "bidirectional", "remove it"),
]


@pytest.mark.parametrize(("data", "where", "message", "help"), ENCODINGS)
def test_bytes_that_are_no_plain_text_are_refused_at_their_place(
    data: bytes, where: str, message: str, help: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(data, "f.yaml")
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert f"{problem.place.line}:{problem.place.column}" == where
    assert message in problem.message
    assert help in problem.help


def test_every_line_with_a_refused_character_is_told() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text("title: \x07\x07\nsummary: \u202e\n", "f.yaml")
    assert [problem.place.line for problem in caught.value.problems if problem.place] == [1, 2]


def test_a_byte_order_mark_at_the_start_is_passed_over_and_moves_no_column() -> None:
    assert load_text(b"\xef\xbb\xbf" + GOOD.encode(), "f.yaml").title == "x"
    with pytest.raises(ScenarioError) as caught:
        load_text("\ufefftitel: x\n", "f.yaml")
    assert caught.value.problems[0].place is not None
    assert caught.value.problems[0].place.column == 1


def test_text_of_other_scripts_and_emoji_is_welcome() -> None:
    title = "Σ der Kettenregel: می\u200cخواهم 数学 👩\u200d🔬"
    assert load_text(GOOD.replace("title: x", f'title: "{title}"'), "f.yaml").title == title


def test_a_text_with_lone_surrogates_is_refused() -> None:
    with pytest.raises(ScenarioError):
        load_text("title: \ud800\n", "f.yaml")
