"""How do the tests that draw their own cases behave: the same cases in every run, and no deadline on a busy machine."""

from __future__ import annotations

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
