"""How do the tests that draw their own cases behave: the same cases in every run, and no deadline on a busy machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("wild", parent=settings.get_profile("ci"), derandomize=False, max_examples=2_000)
settings.load_profile("ci")

# Where there is no POSIX, there is no pseudo-terminal, and no limit of memory to set.
NEEDS_POSIX = re.compile(r"^(import resource|from support(\.terminal | import terminal)|from benchmarks)", re.MULTILINE)
if os.name != "posix":
    tests = Path(__file__).parent.rglob("test_*.py")
    collect_ignore = [str(path) for path in tests if NEEDS_POSIX.search(path.read_text(encoding="utf-8"))]
