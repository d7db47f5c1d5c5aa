"""The Jacobian of observations as polynomials: what identities are checked in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, final

from ..calculus.polynomials import Ring, collected
from ..programs import jacobian
from ..terms import ZERO, Term, symbol
from .jacobians import PRIME
from .observing import Observed


@final
class Derivative:
    """The Jacobian as polynomials over Q in the parameters, what else the entries mention, and their other atoms."""

    def __init__(self, seen: Observed) -> None:
        self.seen = seen
        gated = seen.gated
        rows = jacobian(gated.entries, gated.parameters)
        names = (*gated.parameters, *gated.others)
        prepared = [[collected(e, names) for e in row] for row in rows]
        atoms = {a for row in prepared for e in row for a in _atoms(e)}
        first = [symbol(n) for n in names]
        self.ring = Ring([*first, *sorted(atoms - set(first), key=repr)])
        self.rows = [[self.ring.read(e) for e in row] for row in prepared]

    @cached_property
    def plain(self) -> bool:
        """Whether the entries are polynomials in parameters and constants alone.  A null vector may depend on these, not on
        the inputs; and functions of the parameters are no variables of their own at which it might be specialised."""
        return not self.seen.gated.inputs and len(self.ring.atoms) == len(self.seen.parameters) + len(self.seen.constants)

    @cached_property
    def terms(self) -> int:
        """How many terms all entries have together."""
        return sum(len(e) for row in self.rows for e in row if e)

    @cached_property
    def gens(self) -> list[Any]:
        return [self.ring.read(symbol(p)) for p in self.seen.parameters]

    def annihilated(self, field: Sequence[Any]) -> bool:
        """Whether J N = 0, exactly."""
        zero = self.ring.context.constant(0)
        return all(sum((n * e for n, e in zip(field, row, strict=True) if n and e), zero) == 0 for row in self.rows)

    def value(self, p: Any, point: Sequence[int]) -> int:
        """A polynomial in the parameters at a point, modulo `PRIME`."""
        total = 0
        for exponents, c in p.to_dict().items():
            term = int(c.p) % PRIME * pow(int(c.q), -1, PRIME)
            for x, e in zip(point, exponents, strict=False):
                if e:
                    term = term * pow(x, int(e), PRIME) % PRIME
            total += term
        return total % PRIME

    def write(self, p: Any) -> Term:
        return self.ring.write(p, len(self.seen.parameters)) if p else ZERO


def _atoms(term: Term) -> set[Term]:
    """What the term is a polynomial in; 1/u stands for all negative powers of u."""
    if term.head == "num":
        return set()
    if term.head in ("add", "mul"):
        return {atom for a in term.args for atom in _atoms(a)}
    if term.head == "pow":
        return _atoms(term.args[0]) if term.args[1] > 0 else {Term("pow", (term.args[0], -1))}
    return {term}
