"""An iterator that can be run through again: what it gave is kept, and it goes on where nobody has been."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar, final

Item = TypeVar("Item")


@final
class Remembered(Generic[Item]):
    """Each `iter` starts at the first item; the source is asked for each item once."""

    def __init__(self, source: Iterator[Item]) -> None:
        self._source, self._items = source, list[Item]()

    def __iter__(self) -> Iterator[Item]:
        place = 0
        while True:
            if place == len(self._items):
                try:
                    self._items.append(next(self._source))
                except StopIteration:
                    return
            yield self._items[place]
            place += 1
