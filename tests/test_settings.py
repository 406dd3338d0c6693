"""What is kept between runs: read, written, and left alone where it is somebody else's or damaged."""

from __future__ import annotations

import json

import pytest

from tui_backprop.settings import VERSION, Kept, Settings, read_settings, settings_path, write_settings


def test_what_was_kept_is_read_again(tmp_path):
    path = tmp_path / "deeper" / "settings.json"
    kept = Kept(path)
    assert kept.current == Settings()
    kept.change(Settings(lessons_seen=("limit", "rules"), knows_the_keys=True))
    assert Kept(path).current == Settings(lessons_seen=("limit", "rules"), knows_the_keys=True)
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "damaged"),
        (b"{", "damaged"),
        (b"[]", "damaged"),
        (b'{"lessons_seen": 3}', "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[" * 100_000, "damaged"),
        (json.dumps({"version": VERSION + 1}).encode(), "later version"),
    ],
    ids=["empty", "cut off", "a list", "a number for a list", "no text", "nested", "later"],
)
def test_a_file_that_is_damaged_or_later_is_told_about_and_left_alone(tmp_path, text, told):
    path = tmp_path / "settings.json"
    path.write_bytes(text)
    kept = Kept(path)
    assert told in kept.complaint
    assert "\n" not in kept.complaint
    assert kept.current == Settings()
    kept.change(Settings(knows_the_keys=True))
    assert path.read_bytes() == text


def test_what_is_unknown_in_a_file_is_no_damage(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"version": 1, "knows_the_keys": true, "shade": 3}')
    assert read_settings(path) == (Settings(knows_the_keys=True), "")


def test_what_is_unknown_in_a_file_and_what_somebody_changed_meanwhile_outlive_a_change(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"shade": [3], "theme": "nord", "keys": {"no_such_move": ["x"]}}')
    kept = Kept(path)
    path.write_text('{"shade": [4], "theme": "nord", "charset": "ascii", "keys": {"no_such_move": "y"}}')
    kept.change(Settings(knows_the_keys=True, theme="gruvbox", keys=kept.current.keys))
    assert json.loads(path.read_text()) == {
        "shade": [4],
        "theme": "gruvbox",
        "charset": "ascii",
        "keys": {"no_such_move": "y"},
        "knows_the_keys": True,
    }
    path.write_text("{")
    kept.change(Settings())
    assert path.read_text() == "{"


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    path, target = tmp_path / "settings.json", tmp_path / "elsewhere" / "mine.json"
    target.write_text("{}")
    path.symlink_to(target)
    Kept(path).change(Settings(theme="nord"))
    assert path.is_symlink()
    assert json.loads(target.read_text())["theme"] == "nord"


def test_where_nothing_can_be_written_the_program_goes_on(tmp_path):
    (tmp_path / "file").write_text("")
    write_settings(tmp_path / "file" / "settings.json", Settings())
    assert (tmp_path / "file").read_text() == ""
    assert Kept(tmp_path / "file" / "settings.json").current == Settings()


def test_the_file_is_where_settings_belong(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert settings_path().name == "settings.json"
    assert "backprop-tui" in settings_path().parts


def test_without_a_path_nothing_is_kept():
    kept = Kept()
    kept.change(Settings(lessons_seen=("limit",)))
    assert kept.current.lessons_seen == ("limit",)
    assert Kept().current.lessons_seen == ()
