"""What a branch decides at sight, remembered per formula, since one formula is asked in many branches."""

from __future__ import annotations

from typing import Any

from ...kernel.branch import FLIP, SIGNS, Branch, Signed, members, written_out
from ...kernel.normal import Opaque
from ...kernel.polynomial import TooLarge, constant_of, key_of
from ...kernel.rejection import Rejected
from ...terms import BINDERS, IllFormed, Term, rebuild, substitute, symbol
from ..branches.instances import instance
from .matching import universal_facts

UNKNOWN = ("unknown", None)


class Sight:
    """`truth` agrees with `Branch.truth` on atoms and what is built from them; all branches share one normaliser."""

    def __init__(self) -> None:
        self._atoms: dict[Term, tuple[Any, ...]] = {}
        self._members: dict[Any, list[Signed]] = {}
        self._patterns: dict[Term, Term] = {}

    def members(self, branch: Branch, place: int, terms: tuple[Term, ...]) -> list[Signed]:
        """The members of an instance; one that is always true where there is none."""
        key = (branch.facts[place], terms)
        if key not in self._members:
            try:
                self._members[key] = members(*instance(branch, place, terms))
            except (Rejected, IllFormed):
                self._members[key] = [(Term("true"), True)]
        return self._members[key]

    def truth(self, branch: Branch, f: Term, holds: bool) -> bool | None:
        known = self._truth(branch, f)
        return known if known is None or holds else not known

    def _truth(self, branch: Branch, f: Term) -> bool | None:
        match f.head:
            case "true" | "false":
                return f.head == "true"
            case "not":
                return self.truth(branch, f.args[0], False)
            case "and" | "or" | "implies":
                signs = [f.head != "implies", True] if f.head == "implies" else [True] * len(f.args)
                parts = [self.truth(branch, a, s) for a, s in zip(f.args, signs, strict=True)]
                absorbing = f.head != "and"
                return absorbing if absorbing in parts else None if None in parts else not absorbing
            case "eq" | "lt" | "le" | "pred":
                return self._atom(branch, f)
        return None

    def known(self, branch: Branch, f: Term, holds: bool) -> bool | None:
        """Whether a universal fact of the branch, up to the names of bound variables, says or denies the formula."""
        while f.head == "not":
            f, holds = f.args[0], not holds
        if f.head not in ("forall", "exists", "posdef", "psd", "nonsingular", "meq"):
            return None
        wanted = self.pattern(f)
        for _, said, truth in universal_facts(branch):
            if self.pattern(said) == wanted:
                return truth == holds
        return None

    def pattern(self, f: Term) -> Term:
        """The formula with its bound variables numbered, conditions on matrices written out."""
        if f not in self._patterns:
            self._patterns[f] = numbered(f, 0)
        return self._patterns[f]

    def _atom(self, branch: Branch, f: Term) -> bool | None:
        found = self._atoms.get(f)
        if found is None:
            found = self._atoms[f] = self._seen(branch, f)
        kind, what, *more = found
        if kind == "key":
            return branch.opaque.get(what)
        if kind == "sign":
            allowed, direction, visible = more
            place = branch._keys.get(what)
            possible = visible
            if place is not None:
                known = branch.literals[place[0]].signs
                possible = known if place[1] == direction else frozenset(FLIP[s] for s in known)
            return True if possible <= allowed else False if not possible & allowed else None
        return branch.truth(f, True) if kind == "ask" else None

    def _seen(self, branch: Branch, f: Term) -> tuple[Any, ...]:
        try:
            key = branch._opaque_key(f)
            if key is not None:
                return "key", key
            quotient = branch.normaliser.scalar(f.args[0] - f.args[1])
        except (Rejected, IllFormed, TooLarge, Opaque):
            return UNKNOWN
        if quotient.factors or constant_of(quotient.numerator) is not None:
            return "ask", None
        key, direction = key_of(quotient.numerator)
        return "sign", key, frozenset(SIGNS[f.head, True]), direction, branch.visible_signs(quotient.numerator)


def numbered(f: Term, depth: int) -> Term:
    if f.head in ("posdef", "psd", "nonsingular", "meq"):
        f = written_out(f)
    if f.head in BINDERS:
        name = f"bound.{depth}"
        body = numbered(substitute(f.args[-1], {f.args[0]: symbol(name)}), depth + 1)
        return Term(f.head, (name, *f.args[1:-1], body))
    return rebuild(f, lambda part: numbered(part, depth))
