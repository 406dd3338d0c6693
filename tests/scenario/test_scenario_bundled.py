"""The scenarios that come with the program, and the words that mean them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_backprop.errors import UsageError
from tui_backprop.scenario import bundled
from tui_backprop.scenario.loading import load_scenario


def test_the_lessons_stand_in_an_order_for_beginners() -> None:
    names = list(bundled.bundled_names())
    wanted = ["limit", "rules", "chain-rule", "sigmoid", "parabola", "parabola-too-large", "logistic", "chain"]
    assert [name for name in names if name in wanted] == wanted


def test_every_lesson_is_in_a_group_of_the_order() -> None:
    groups = bundled.bundled_groups()
    assert "More" not in [group.title for group in groups]
    assert sum(len(group.names) for group in groups) == len(list(bundled.scenario_folder().glob("*.yaml")))


def test_a_lesson_that_the_order_does_not_name_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    for name in ("a", "b", "new"):
        (folder / f"{name}.yaml").write_text("")
    (folder / "order.txt").write_text("# a remark\nFirst\n  b\n  gone\n\nSecond\n  a\n")
    monkeypatch.setattr(bundled, "_PACKAGE", tmp_path)
    assert bundled.bundled_groups() == tuple(
        map(bundled.LessonGroup, ("First", "Second", "More"), (("b",), ("a",), ("new",)))
    )


@pytest.mark.parametrize("name", bundled.bundled_names())
def test_a_bundled_scenario_teaches_and_proves_itself(name: str) -> None:
    scenario = load_scenario(bundled.bundled_path(name))
    assert scenario.name == name
    assert scenario.title
    assert scenario.summary
    assert scenario.expectations
    layers = scenario.network.layers if scenario.network else ()
    # Of a wide layer, the first neuron speaks for the others.
    wide = (layer for layer in layers if layer.neurons > 4)
    alike = {name for layer in wide for name in (*layer.pre_activations[1:], *layer.activations[1:])}
    assert scenario.notes.keys() >= {*scenario.equations} - alike


def test_no_two_lessons_have_the_same_title() -> None:
    titles = [load_scenario(bundled.bundled_path(name)).title for name in bundled.bundled_names()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("x.yaml", Path("x.yaml")),
        ("./parabola", Path("parabola")),
        ("lessons/parabola", Path("lessons/parabola")),
        ("/abs/x.yml", Path("/abs/x.yml")),
        ("parabola", bundled.scenario_folder() / "parabola.yaml"),
        ("parabola-too-large", bundled.scenario_folder() / "parabola-too-large.yaml"),
    ],
)
def test_a_word_is_a_path_where_it_looks_like_one_else_a_bundled_name(word: str, path: Path) -> None:
    assert bundled.resolve(word) == path


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("parabol", "did you mean 'parabola'?"),
        ("xyzzy", "a file of your own is named with its path"),
        ("", "no bundled scenario ''"),
    ],
)
def test_an_unknown_name_is_wrong_usage(word: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        bundled.resolve(word)
    assert message in str(caught.value)


def test_an_installed_package_has_its_scenarios_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "tui_backprop"
    (package / "scenarios").mkdir(parents=True)
    (package / "scenarios" / "only.yaml").write_text("")
    (package / "scenarios" / "README.md").write_text("")
    monkeypatch.setattr(bundled, "_PACKAGE", package)
    assert bundled.bundled_names() == ("only",)
    assert bundled.bundled_path("only") == package / "scenarios" / "only.yaml"


def test_a_package_without_scenarios_has_no_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "_PACKAGE", tmp_path / "nowhere")
    assert bundled.bundled_names() == ()
