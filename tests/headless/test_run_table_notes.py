"""What a table of a run says that it leaves out: iterations, parameters, or both."""

from __future__ import annotations

import pytest


def lesson(parameters: int) -> str:
    names = [f"w{number}" for number in range(parameters)]
    starts = ", ".join(f"{name}: 1" for name in names)
    return f"title: t\nparameters: {{{starts}}}\nequations: {{L: {' + '.join(names)}}}\nlearning_rate: 0.1\n"


@pytest.mark.parametrize(
    ("parameters", "iterations", "said"),
    [
        (24, 39, None),
        (24, 40, "every 2nd iteration of 41 is shown"),
        (24, 80, "every 5th iteration of 81 is shown"),
        (25, 39, "24 parameters of 25 are shown"),
        (30, 40_000, "every 2,000th iteration of 40,001 is shown and 24 parameters of 30 are shown"),
    ],
)
def test_what_is_left_out_is_said(call, file, parameters, iterations, said):
    result = call("run", file("l", lesson(parameters)), "--iterations", str(iterations))
    assert result.code == 0
    assert result.err == (f"note: {said}; --format csv or json has them all\n" if said else "")
    assert "w₂₃" in result.out
    assert "w₂₄" not in result.out
