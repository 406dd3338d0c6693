"""Whichever call of a write fails, the program says so and ends with 5, and the old file stays as it was."""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from robustness.faults import Fault, FaultyOutput, in_folder

import tui_backprop
from tui_backprop.cli import main
from tui_backprop.headless import output

SCENARIO = """\
title: A parabola
parameters: {w: 0}
equations: {L: "(w - 3)^2"}
learning_rate: 0.3
iterations: 4
expect: [{after: 0, loss: 9}]
"""
PICTURE = "a picture\n"
ROOM = 4_096
OPERATIONS = ("stat", "open", "fsync", "chmod", "replace", "link")

PRINTING = [
    ["--help"],
    ["--version"],
    ["run", "lesson.yaml"],
    ["run", "lesson.yaml", "--format", "json"],
    ["run", "lesson.yaml", "--format", "csv"],
    ["steps", "lesson.yaml"],
    ["steps", "lesson.yaml", "--format", "json"],
    ["derive", "lesson.yaml", "--of", "L", "--wrt", "w"],
    ["derive", "lesson.yaml", "--of", "L", "--wrt", "w", "--format", "json"],
    ["check", "lesson.yaml"],
    ["list"],
    ["list", "--format", "json"],
    ["snap", "lesson.yaml"],
]


@pytest.fixture(autouse=True)
def _lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("PYTHONPATH", str(Path(tui_backprop.__file__).parents[1]))
    (tmp_path / "lesson.yaml").write_text(SCENARIO, encoding="utf-8")
    # Drawing the screen has its own tests and takes its time.
    from tui_backprop.tui import snap

    monkeypatch.setattr(snap, "snap", lambda *arguments, **more: PICTURE)


# --- standard output


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
@pytest.mark.parametrize(("code", "said"), [(errno.ENOSPC, "No space left on device"), (errno.EPIPE, "")])
def test_whichever_write_to_standard_output_fails_it_ends_with_5(
    words: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counting = Fault()
    assert _printed(words, counting, monkeypatch) == 0
    assert set(counting.counts) == {"write", "flush"}
    capsys.readouterr()
    for kind, count in counting.counts.items():
        for number in range(1, count + 1):
            assert _printed(words, Fault(kind, number, code), monkeypatch) == 5, (kind, number)
            error = capsys.readouterr().err
            assert error.count("\n") == (1 if said else 0), (kind, number, error)
            assert said in error


def _printed(words: list[str], fault: Fault, monkeypatch: pytest.MonkeyPatch) -> int:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", FaultyOutput(fault))
        return main(words)


# --- the file of --output


def _written(tmp_path: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch, old: bool) -> int:
    folder = tmp_path / "out"
    folder.mkdir(exist_ok=True)
    for name in os.listdir(folder):
        (folder / name).unlink()
    if old:
        (folder / "picture.txt").write_text("old")
        (folder / "picture.txt").chmod(0o640)

    def opened(descriptor: int, mode: str) -> Any:
        return _FaultyDescriptor(os.fdopen(descriptor, mode), fault)

    with monkeypatch.context() as patched:
        in_folder(patched, folder, fault, OPERATIONS)
        patched.setattr(output, "open", opened, raising=False)
        return main(["snap", "lesson.yaml", "--output", str(folder / "picture.txt"), *(["--force"] if old else [])])


class _FaultyDescriptor:
    """An open file of which the writing, the flushing or the closing may fail."""

    def __init__(self, file: Any, fault: Fault) -> None:
        self.file = file
        self.fault = fault

    def __enter__(self) -> _FaultyDescriptor:
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
        self.fault.passes("close")

    def write(self, data: bytes) -> int:
        self.fault.passes("write")
        return int(self.file.write(data))

    def flush(self) -> None:
        self.fault.passes("flush")
        self.file.flush()

    def fileno(self) -> int:
        return int(self.file.fileno())


@pytest.mark.parametrize("old", [True, False], ids=["with an old file", "without one"])
def test_whichever_call_of_writing_a_file_fails_the_old_one_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], old: bool
) -> None:
    target = tmp_path / "out" / "picture.txt"
    counting = Fault()
    assert _written(tmp_path, counting, monkeypatch, old) == 0
    assert target.read_text() == PICTURE
    expected = {"stat", "open", "write", "flush", "fsync", "close", *(("replace", "chmod") if old else ("link",))}
    assert set(counting.counts) == expected
    for kind, count in counting.counts.items():
        for number in range(1, count + 1):
            capsys.readouterr()
            code = _written(tmp_path, Fault(kind, number, errno.EIO), monkeypatch, old)
            case, error = (kind, number), capsys.readouterr().err
            if kind == "link":
                # Not every file system has links; then a new file is renamed.
                assert (code, target.read_text()) == (0, PICTURE), case
                continue
            assert code == 5, case
            assert "picture.txt' c" in error, case
            assert "Input/output error" in error, case
            assert error.count("\n") == 1, case
            assert os.listdir(target.parent) == (["picture.txt"] if old else []), case
            if old:
                assert target.read_text() == "old", case
                assert stat.S_IMODE(target.stat().st_mode) == 0o640, case


def test_where_nothing_can_be_renamed_either_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out" / "picture.txt"
    monkeypatch.setattr(os, "link", _fails)
    monkeypatch.setattr(os, "replace", _fails)
    assert _written(tmp_path, Fault(), monkeypatch, old=False) == 5
    assert os.listdir(target.parent) == []


def _fails(*arguments: object, **more: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.mark.parametrize("end", [KeyboardInterrupt, MemoryError, SystemExit])
def test_an_end_in_the_middle_of_a_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    def stop(descriptor: int) -> None:
        raise end

    target = tmp_path / "old.txt"
    target.write_text("old")
    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(end):
        output.write_file(str(target), "new", may_replace=True)
    assert target.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["lesson.yaml", "old.txt"]


def test_no_descriptor_stays_open_when_a_write_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("open descriptors are not listed here")
    monkeypatch.setattr(output, "open", _fails, raising=False)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with pytest.raises(output.OutputError):
            output.write_file(str(tmp_path / "new.txt"), "new", may_replace=False)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="files have no limit here")
@pytest.mark.parametrize("old", [True, False])
def test_a_file_that_may_not_grow_so_large_is_not_written(tmp_path: Path, old: bool) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "screen.svg"
    if old:
        target.write_text("old")
    words = ["snap", "lesson.yaml", "--format", "svg", "--output", str(target), *(["--force"] if old else [])]
    limited = f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM}, {ROOM}))\n"
    program = limited + "from tui_backprop.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (5, "")
    assert "could not be written: File too large" in done.stderr
    assert os.listdir(folder) == (["screen.svg"] if old else [])
    if old:
        assert target.read_text() == "old"
