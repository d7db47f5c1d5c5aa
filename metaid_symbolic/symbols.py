"""Real symbols, one by one or in the shape of a vector or matrix, and elementary functions of terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, final

from .terms import IllFormed, Term, as_term, require, symbol


@final
@dataclass(frozen=True, slots=True)
class Grid:
    """Symbols in the shape of a vector or matrix: `w[i, j]` is one of them; shape (n,) or (m, n)."""

    shape: tuple[int, ...]
    entries: tuple[Term, ...]

    def __getitem__(self, index: int | tuple[int, ...]) -> Term:
        place = index if isinstance(index, tuple) else (index,)
        if len(place) != len(self.shape) or not all(0 <= i < n for i, n in zip(place, self.shape, strict=True)):
            raise IndexError(f"index {place} in an array of shape {self.shape}")
        flat = 0
        for i, n in zip(place, self.shape, strict=True):
            flat = flat * n + i
        return self.entries[flat]

    def __iter__(self) -> Iterator[Term]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def reals(names: str, shape: int | tuple[int, ...] | None = None) -> Any:
    """Real symbols: one, a tuple of them (names split at blanks), or a `Grid` of the given shape.

    `reals("w", (2, 3))[0, 2]` is the symbol `w_0_2`.  Raises `IllFormed` for a name that is not ASCII.
    """
    listed = names.replace(",", " ").split()
    if shape is None:
        found = tuple(map(symbol, listed))
        return found[0] if len(found) == 1 else found
    sides = (shape,) if type(shape) is int else tuple(shape)  # type: ignore[arg-type]
    if len(listed) != 1 or any(type(n) is not int or n < 1 for n in sides):
        raise IllFormed(f"an array takes one name and positive sides, not {names!r} and {shape!r}")
    places: list[tuple[int, ...]] = [()]
    for n in sides:
        places = [(*p, i) for p in places for i in range(n)]
    return Grid(sides, tuple(symbol("_".join([listed[0], *map(str, p)])) for p in places))


def _elementary(name: str) -> Callable[[Any], Term]:
    def applied(value: Any) -> Term:
        return Term(name, (as_term(value),))

    applied.__name__ = applied.__qualname__ = name
    applied.__doc__ = f"The term {name}(value) of a term or an exact number."
    return applied


exp, log, sqrt, relu, tanh, logistic = map(_elementary, ("exp", "log", "sqrt", "relu", "tanh", "logistic"))


def symbol_names(symbols: Any) -> tuple[str, ...]:
    """The names in a symbol, a `Grid`, or a sequence of these, in order."""
    if type(symbols) is str:
        return (symbols,)
    if isinstance(symbols, Iterable):
        return tuple(name for s in symbols for name in symbol_names(s))
    term = as_term(symbols)
    if term.head == "vec":
        return symbol_names(term.args)
    require(term.head == "sym", "{} is no symbol", term)
    return term.args
