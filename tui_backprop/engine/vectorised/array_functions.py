"""The functions of the table on numpy's arrays: each its own code from the table, made into a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from tui_backprop.engine.source_text import called_names
from tui_backprop.maths.functions import FUNCTIONS

NAMESPACE: Mapping[str, Any] = {
    name: getattr(np, name)
    for name in (
        *called_names(on_arrays=True),
        *("matmul", "add", "divide", "array", "full", "ndarray", "float64"),
        *("inf", "nan"),  # what repr makes of such constants
    )
}


@cache
def array_function(name: str) -> Callable[..., Any]:
    """A function of the table on arrays."""
    function = FUNCTIONS[name]
    operands = ", ".join("uv"[: function.arity])
    code = f"lambda {operands}: {function.array_code.format('u', 'v')}"
    value: Callable[..., Any] = eval(code, {**NAMESPACE, "__builtins__": {}})
    return value
