"""Instances of universal facts and the branches that they lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...certificates import Done, Instantiate, Proof, Split
from ...kernel.branch import Branch
from ...kernel.rejection import Rejected
from ...terms import IllFormed, Term, symbol
from ..branches.instances import instance
from .candidates import literal_state, quantifier_groups


@dataclass(frozen=True)
class Step:
    """An instance of fact `place`, the number of the disjunction that it adds, and the branches it leads to."""

    place: int
    terms: tuple[Term, ...]
    split: int | None
    leaves: list[tuple[Branch, Proof | None]]

    @property
    def open(self) -> list[int]:
        return [i for i, (_, proof) in enumerate(self.leaves) if proof is None]

    @property
    def halved(self) -> bool:
        """Whether some of several branches are closed."""
        return len(self.open) < len(self.leaves)

    def proof(self, rest: dict[int, Proof]) -> Proof:
        """The proof, once those of the open branches are there."""
        inner = tuple(proof or rest[i] for i, (_, proof) in enumerate(self.leaves))
        return Instantiate(self.place, self.terms, inner[0] if self.split is None else Split(self.split, inner))

    def closed_by(self, prove: Callable[[Branch], Proof | None]) -> Proof | None:
        """The proof, with what `prove` finds for the open branches; None as soon as it finds nothing for one."""
        closed: dict[int, Proof] = {}
        for i in self.open:
            found = prove(self.leaves[i][0])
            if found is None:
                return None
            closed[i] = found
        return self.proof(closed)


def mirrored(leaf: Branch, named: Iterable[str]) -> Proof | None:
    """A universal fact at the unknowns that the leaf has just named, in their order, if that contradicts what it says of
    them."""
    terms = tuple(map(symbol, sorted(named, key=lambda name: (len(name), name))))
    for place, fact in enumerate(leaf.facts):
        if not terms or type(fact[0]) is not Term or sum(map(len, quantifier_groups(*fact))) != len(terms):
            continue
        other = leaf.copy()
        try:
            other.add(*instance(other, place, terms))
        except (Rejected, IllFormed):
            continue
        if other.closed:
            return Instantiate(place, terms, Done())
    return None


def without(branch: Branch, place: int) -> Branch:
    """The branch with a disjunction marked as used, so that it is not split again."""
    branch.facts[place] = ((Term("true"), True), (Term("true"), True))
    return branch


def state(branch: Branch) -> tuple[int, ...]:
    """What grows when something is learnt."""
    return len(branch.facts), *literal_state(branch), len(branch.opaque)
