"""The scenario that the words of a command line name, and how it is opened."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui_backprop.headless.arguments import PROGRAM, read_settings

if TYPE_CHECKING:
    from tui_backprop.charset import Charset
    from tui_backprop.scenario.model import Scenario
    from tui_backprop.session import Session


def charset_of(arguments: argparse.Namespace) -> Charset:
    """The characters that were asked for, else those that the locale can show."""
    from tui_backprop.headless.terminal import default_charset

    return arguments.charset or default_charset()


def opened(word: str, settings: Sequence[str]) -> Scenario:
    """The scenario that a word names, `-` standard input, with the numbers of `--set` in it."""
    if word == "-":
        from tui_backprop.headless.standard_input import load_standard_input

        scenario = load_standard_input()
    else:
        from tui_backprop.api import load

        scenario = load(word)
    return scenario.opened_with(read_settings(settings)) if settings else scenario


def session_of(
    word: str, piped: Scenario | None, arguments: argparse.Namespace, charset: Charset, commands: Iterable[str]
) -> Session:
    """The session that the stepper opens with.

    piped: the scenario, where it came through standard input. commands: what a word that is no scenario may have meant.
    """
    from tui_backprop.headless.messages import opening
    from tui_backprop.moves.opening import opened_at

    with opening(word):
        scenario = piped or _opened_to_step(word, arguments.settings, commands)
        return opened_at(scenario, charset, arguments.at, arguments.slip, arguments.gradients)


def refuse_without_scenario(arguments: argparse.Namespace) -> None:
    """Options that say something of a scenario, where none is named."""
    from tui_backprop.errors import UsageError
    from tui_backprop.scenario.nearest import shown

    words = {"--at": arguments.at, "--slip": arguments.slip, "--gradients": arguments.gradients}
    given = {"--set": arguments.settings, **{option: [word] for option, word in words.items()}}
    for option, all_words in given.items():
        if any(all_words):
            raise UsageError(f"{option} needs a scenario: {PROGRAM} SCENARIO {option} {shown(all_words[0])}")


def _opened_to_step(word: str, settings: Sequence[str], commands: Iterable[str]) -> Scenario:
    from tui_backprop.errors import UsageError
    from tui_backprop.scenario.bundled import resolve
    from tui_backprop.scenario.nearest import nearest

    try:
        resolve(word)
    except UsageError as error:
        meant = nearest(word, tuple(commands))
        if meant is None:
            raise
        raise UsageError(f"{error}\nhelp: or was it the command {PROGRAM} {meant}?") from None
    return opened(word, settings)
