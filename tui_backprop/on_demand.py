"""Sequences whose items are made when somebody asks for them, and not kept."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, TypeVar, overload

Item = TypeVar("Item", covariant=True)


class OnDemand(Sequence[Item], Generic[Item]):
    """A sequence of `len` items; a part of it is a tuple. A place outside raises IndexError."""

    called: ClassVar[str] = "items"

    @abstractmethod
    def made(self, place: int) -> Item:
        """The item at a place, from 0 up to the length."""

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(place, slice):
            return tuple([self.made(one) for one in range(*place.indices(len(self)))])
        from_start = place + len(self) if place < 0 else place
        if not 0 <= from_start < len(self):
            raise IndexError(f"there are {len(self)} {self.called}, counted from 0, and none at {place}")
        return self.made(from_start)

    def __iter__(self) -> Iterator[Item]:
        return (self.made(place) for place in range(len(self)))
