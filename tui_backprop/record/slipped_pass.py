"""The backward pass of an iteration in which some steps compute something else than they should.

Besides the names of right steps their trees may have the weight that is updated already, and the gradient of the
iteration before.
"""

from __future__ import annotations


def updated(parameter: str) -> str:
    """What a tree calls a parameter that is updated before its time."""
    return f"{parameter} updated"


def before(gradient: str) -> str:
    """What a tree calls a gradient of the iteration before."""
    return f"{gradient} before"
