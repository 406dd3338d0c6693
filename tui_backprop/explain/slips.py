"""The slips that a wrong number may come from."""

from __future__ import annotations

from msgspec import Struct


class Slip(Struct, frozen=True, kw_only=True):
    """A slip: its name, and a sentence on it for a learner, without its capital letter and its full stop."""

    name: str
    says: str
