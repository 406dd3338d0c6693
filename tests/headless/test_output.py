"""Is what was asked for written whole or not at all, and is it said when it could not be written?"""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tui_backprop.errors import OutputError
from tui_backprop.headless.output import check_target, write_file

NEEDS_FULL_DEVICE = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")


def _program(words: list[str], **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui_backprop", *words],
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
        **more,
    )


@NEEDS_FULL_DEVICE
@pytest.mark.parametrize("words", [["--help"], ["run", "parabola.yaml", "--iterations", "20000", "--format", "csv"]])
def test_a_full_disk_is_said_and_ends_with_5(file, words):
    file("parabola")
    with open("/dev/full", "w") as full:
        done = _program(words, stdout=full)
    assert done.returncode == 5
    assert done.stderr.endswith("error: standard output could not be written: No space left on device\n")
    assert done.stderr.count("\n") == 1


def test_a_closed_pipe_is_quiet_and_ends_with_5(file):
    words = ["run", file("parabola"), "--iterations", "20000", "--format", "csv"]
    process = subprocess.Popen(
        [sys.executable, "-m", "tui_backprop", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "iteration,loss,w,dL/dw\n"
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 5
    process.stderr.close()


@pytest.mark.skipif(
    os.name != "posix", reason="closing a descriptor before a program starts is a thing of POSIX shells"
)
def test_closed_standard_output_is_said(file):
    command = f'"{sys.executable}" -m tui_backprop run {file("parabola")} >&-'
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (5, "backprop-tui run: error: standard output is closed\n")


@pytest.mark.skipif(
    os.name != "posix", reason="closing a descriptor before a program starts is a thing of POSIX shells"
)
def test_closed_standard_error_leaves_the_data_alone(file):
    command = f'"{sys.executable}" -m tui_backprop run {file("parabola")} --iterations none 2>&-'
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")


def test_json_is_utf_8_whatever_the_locale(file):
    text = "title: Ableitung von θ² – 数\nparameters: {θ: 1}\nequations: {L: θ^2}\n"
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tui_backprop", "run", file("greek", text), "--format", "json"],
        capture_output=True,
        env=environment,
        timeout=60,
        check=True,
    )
    assert '"title": "Ableitung von θ² – 数"' in done.stdout.decode("utf-8")


# --- files


def test_a_new_file_is_written_whole(tmp_path):
    write_file(str(tmp_path / "new.svg"), "π\n", may_replace=False)
    assert (tmp_path / "new.svg").read_bytes() == "π\n".encode()
    assert os.listdir(tmp_path) == ["new.svg"]


def test_an_existing_file_is_kept(tmp_path):
    target = tmp_path / "old.svg"
    target.write_text("old")
    with pytest.raises(OutputError, match="already exists; --force replaces it"):
        write_file(str(target), "new", may_replace=False)
    assert target.read_text() == "old"


def test_force_replaces_it_and_keeps_its_mode(tmp_path):
    target = tmp_path / "old.svg"
    target.write_text("old")
    target.chmod(0o640)
    write_file(str(target), "new", may_replace=True)
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.svg").write_text("old")
    link = tmp_path / "link.svg"
    link.symlink_to("real.svg")
    write_file(str(link), "new", may_replace=True)
    assert link.is_symlink()
    assert (tmp_path / "real.svg").read_text() == "new"


def test_what_is_no_ordinary_file_is_never_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, told in (("folder", "is a directory"), ("pipe", "is not an ordinary file")):
        with pytest.raises(OutputError, match=told):
            write_file(str(tmp_path / name), "new", may_replace=True)


def test_a_folder_that_does_not_exist_is_said(tmp_path):
    """Before anything is computed; and it is not made into a file because of a slash or a dot at its end."""
    for name in ("nowhere/new.svg", "nowhere/", "nowhere/.", "nowhere/.."):
        for may_replace in (False, True):
            with pytest.raises(OutputError, match=r"nowhere.*(there is no folder|is a folder that is not there)"):
                check_target(f"{tmp_path}/{name}", may_replace)
            with pytest.raises(OutputError):
                write_file(f"{tmp_path}/{name}", "new", may_replace)
    (tmp_path / "link.svg").symlink_to("nowhere/new.svg")
    with pytest.raises(OutputError, match="there is no folder"):
        check_target(str(tmp_path / "link.svg"), may_replace=True)
    assert os.listdir(tmp_path) == ["link.svg"]


@pytest.mark.parametrize("name", ["", "  "])
def test_output_without_a_name_is_wrong_usage(call, name):
    result = call("snap", "parabola", "--output", name)
    assert (result.code, result.out) == (2, "")
    assert "the name of the file is missing" in result.err


def _failing(code: int):
    def fails(*arguments: object, **more: object) -> None:
        raise OSError(code, os.strerror(code))

    return fails


@pytest.mark.parametrize("operation", ["open", "fsync", "replace"])
def test_the_old_file_stays_whole_when_an_operation_fails(tmp_path: Path, monkeypatch, operation):
    target = tmp_path / "old.svg"
    target.write_text("old")
    with monkeypatch.context() as patched:
        patched.setattr(os, operation, _failing(errno.ENOSPC))
        with pytest.raises(OutputError, match="No space left on device"):
            write_file(str(target), "new", may_replace=True)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["old.svg"]


def test_where_there_are_no_links_a_new_file_is_renamed(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", _failing(errno.EPERM))
    write_file(str(tmp_path / "new.svg"), "new", may_replace=False)
    assert (tmp_path / "new.svg").read_text() == "new"
    assert os.listdir(tmp_path) == ["new.svg"]


def test_a_file_that_appears_in_the_meantime_is_kept(tmp_path, monkeypatch):
    target = tmp_path / "new.svg"
    link = os.link

    def slow_link(source: str, destination: str) -> None:
        target.write_text("somebody else's")
        link(source, destination)

    monkeypatch.setattr(os, "link", slow_link)
    with pytest.raises(OutputError, match="already exists"):
        write_file(str(target), "new", may_replace=False)
    assert target.read_text() == "somebody else's"
    assert os.listdir(tmp_path) == ["new.svg"]
