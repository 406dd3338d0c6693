"""How many cases of a long table are tested: a sample in every run, all of them in `make test-all`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

Case = TypeVar("Case")

ALL_VARIABLE = "BACKPROP_TUI_TEST_ALL"
"""Set in the environment, it chooses the whole tables."""


def wants_all() -> bool:
    """Whether the whole tables are asked for."""
    return bool(os.environ.get(ALL_VARIABLE))


only_in_all = pytest.mark.skipif(not wants_all(), reason="one of the slow ones: in `make test-all`")
"""For a test that takes seconds by itself."""


def sample(cases: Sequence[Case], every: int) -> list[Case]:
    """Every so many-th case, from the first to the last of the table; all of them where that is asked for."""
    return list(cases if wants_all() else cases[::every])


def all_or(few: Sequence[Case], cases: Sequence[Case]) -> list[Case]:
    """A few chosen cases; all of them where that is asked for."""
    return list(cases if wants_all() else few)
