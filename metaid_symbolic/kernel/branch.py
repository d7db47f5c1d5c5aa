"""A branch of a tableau: facts that are assumed together.

Conjunctions are taken apart, existential variables are named `_1` (real), `_p1` (point), `_t1` (task), `_f1` (family),
`_i1` (index), disjunctions lose the members that the branch contradicts.  Real literals are kept as sets of possible signs
of polynomials; a polynomial without a possible sign closes the branch.
"""

from __future__ import annotations

from copy import copy
from fractions import Fraction
from typing import Any, final

from ..terms import FALSE, ZERO, Term, at_most, disjunction, equal, free_symbols, less, negation, record, substitute, symbol
from .normal import Normaliser, Opaque, unused
from .polynomial import constant_of, key_of, product
from .rejection import require

Signed = tuple[Term, bool]
"""A formula and whether it holds."""

SIGNS = {("eq", True): "0", ("eq", False): "-+", ("lt", True): "-", ("lt", False): "0+", ("le", True): "-0", ("le", False): "+"}
"""The possible signs of left - right."""
WRITTEN_OUT = ("iff", "posdef", "psd", "nonsingular", "meq")
"""Heads of formulas that stand for longer ones."""
FLIP = {"-": "+", "0": "0", "+": "-"}
PREFIX = {"real": "_", "point": "_p", "task": "_t", "family": "_f"}


def sort_of(name: str) -> str:
    """The sort of a variable, which its name shows."""
    for sort in ("point", "task", "family"):
        if name.startswith(PREFIX[sort]) and name[2:].isdigit():
            return sort
    return "task" if name.startswith("task.") else "point" if name == "phi" else "real"


def sign(value: Fraction) -> str:
    return "0" if not value else "+" if value > 0 else "-"


def turned(signs: frozenset[str], direction: int) -> frozenset[str]:
    """The signs of c p for those of p, where c has the sign of the direction."""
    return signs if direction > 0 else frozenset(FLIP[s] for s in signs)


@record
class Literal:
    """A polynomial (up to positive scaling) and its possible signs."""

    polynomial: Any
    signs: frozenset[str]


@final
class Branch:
    """Facts assumed together.  `facts` are the universal formulas and disjunctions, `literals` the sign conditions."""

    def __init__(self, normaliser: Normaliser, constants: frozenset[str]) -> None:
        self.normaliser = normaliser
        self.variables: set[str] = set(constants)
        self.facts: list[Any] = []
        self.literals: list[Literal] = []
        self.closed = ""
        self.history: list[tuple[Signed, ...]] = []
        self._keys: dict[Any, tuple[int, int]] = {}
        self.opaque: dict[Any, bool] = {("vector", ()): True}  # 0 = 0
        self._count = 0
        self.labels: dict[str, str] = {}
        self.ranges: dict[str, Term] = {}

    def copy(self) -> Branch:
        made = copy(self)
        for name, part in vars(self).items():
            if isinstance(part, list | dict | set):
                setattr(made, name, part.copy())
        return made

    # adding facts

    def add(self, f: Term, holds: bool = True) -> None:
        """Assume the formula (or its negation)."""
        match f.head, holds:
            case "not", _:
                self.add(f.args[0], not holds)
            case ("or" | "implies" | "false", True) | ("and" | "true", False):
                self.add_disjunction(members(f, holds))
            case (("and" | "or" | "implies" | "true" | "false"), _):
                for part, truth in members(f, not holds):
                    self.add(part, not truth)
            case ("forall", True) | ("exists", False):
                if (known := self.truth(f, holds)) is None:
                    self.facts.append((f, holds))
                    self.history.append(((f, holds),))
                elif not known:
                    self._close(f, holds)
            case ("forall", False) | ("exists", True):
                self.add(substitute(f.args[2], {f.args[0]: symbol(self.fresh(f.args[1], f.args[0]))}), holds)
            case head, _ if head in WRITTEN_OUT:
                self.add(written_out(f), holds)
            case _:
                self._add_atom(f, holds)

    def fresh(self, sort: str | Term, label: str) -> str:
        prefix, name = PREFIX[sort] if type(sort) is str else "_i", ""
        while not name or name in self.variables:  # a coordinate of a point of Phi may bear such a name
            self._count += 1
            name = f"{prefix}{self._count}"
        if type(sort) is Term:
            self.ranges[name] = self.normaliser.canonical(sort)
        self.variables.add(name)
        self.labels[name] = label
        return name

    def _close(self, f: Term, holds: bool) -> None:
        self.closed = f"{f} cannot be {'true' if holds else 'false'}"

    def add_disjunction(self, parts: list[Signed]) -> None:
        truths = [self.truth(*part) for part in parts]
        if True in truths:
            return
        open_parts = tuple(part for part, truth in zip(parts, truths, strict=True) if truth is None)
        if not open_parts:
            self._close(*(parts or [(FALSE, True)])[0])
        elif len(open_parts) == 1:
            self.add(*open_parts[0])
        else:
            self.facts.append(open_parts)
            self.history.append(open_parts)

    def _add_atom(self, f: Term, holds: bool) -> None:
        self.history.append(((f, holds),))
        key = self._opaque_key(f)
        if key is None:
            read = self._read(f, holds)
            possible = read is None or self._assume(*read)
        else:
            possible = self.opaque.setdefault(key, holds) == holds
        if not possible:
            self._close(f, holds)

    def _assume(self, p: Any, signs: frozenset[str]) -> bool:
        """Leave to p these signs only; whether one is left that it may have."""
        if constant_of(p) is not None:
            return self.visible_signs(p) <= signs
        key, direction = key_of(p)
        place, old = self._keys.setdefault(key, (len(self.literals), direction))
        if place == len(self.literals):
            self.literals.append(Literal(p, signs))
        known = self.literals[place]
        self.literals[place] = Literal(known.polynomial, known.signs & turned(signs, old * direction))
        return bool(self.literals[place].signs)

    # what a branch says of a formula

    def truth(self, f: Term, holds: bool) -> bool | None:
        """True or False where the branch decides the formula at sight, else None."""
        known = self._truth(f)
        return known if known is None or holds else not known

    def _truth(self, f: Term) -> bool | None:
        match f.head:
            case "not":
                return self.truth(f.args[0], False)
            case "and" | "or" | "implies" | "true" | "false":
                side = f.head in ("or", "implies", "false")  # as a disjunction, negated for `and` and `true`
                parts = [self.truth(*part) for part in members(f, side)]
                return side if True in parts else None if None in parts else not side
            case "forall" | "exists":
                if f.args[0] in self.variables or f.args[1] in ("point", "task", "family"):
                    return None
                inside = self._truth(f.args[2])  # a range may be empty: then `forall` holds and `exists` fails
                return inside if f.args[1] == "real" or inside is (f.head == "forall") else None
            case head if head in WRITTEN_OUT:
                return self._truth(written_out(f))
        key = self._opaque_key(f)
        if key is not None:
            return self.opaque.get(key)
        read = self._read(f, True)
        if read is None:
            return None
        possible, allowed = self.signs(read[0]), read[1]
        return True if possible <= allowed else None if possible & allowed else False

    def signs(self, p: Any) -> frozenset[str]:
        """The signs that p can have, as far as is seen at once."""
        key, direction = key_of(p)
        if key not in self._keys:
            return self.visible_signs(p)
        place, old = self._keys[key]
        return turned(self.literals[place].signs, old * direction)

    def visible_signs(self, p: Any) -> frozenset[str]:
        """From the shape alone: constants, and sums of even powers and exponentials with coefficients of one sign."""
        monomials = p.monomials()
        sides = {sign(c) for _, c in monomials}
        rest = [[e for g, e in m if self.normaliser.ring.term_of(g).head != "exp"] for m, _ in monomials]
        if len(sides) > 1 or any(e % 2 for exponents in rest for e in exponents):
            return frozenset("-0+")
        return frozenset(sides if [] in rest else sides | {"0"})

    def _opaque_key(self, f: Term) -> Any:
        """A key for atoms that are compared as they stand; None for sign conditions on real numbers."""
        if f.head in ("pred", "samerank"):
            return f.args[0], *(self.normaliser.canonical(a) for a in f.args[1:])
        if f.head != "eq" or not any(map(self.normaliser.is_vector, f.args)):
            return None
        try:
            return "vector", key_of(self.normaliser.polynomial(f.args[0] - f.args[1], True))[0]
        except Opaque:
            return "vector", f

    def _read(self, f: Term, holds: bool) -> tuple[Any, frozenset[str]] | None:
        """A comparison as a polynomial and its possible signs; None where it has no normal form or may divide by 0."""
        require(f.head in ("eq", "lt", "le"), "{} is no comparison", f)
        try:
            quotient = self.normaliser.scalar(f.args[0] - f.args[1])
        except Opaque:
            return None
        if any("0" in self.signs(factor) for factor in quotient.factors):
            return None
        # no factor vanishes: the numerator has the zeros of the quotient, and its sign times those of the factors
        signed = [g for g in quotient.factors if f.head != "eq" and self.signs(g) != frozenset("+")]
        return quotient.numerator * product(signed, self.normaliser.one), frozenset(SIGNS[f.head, holds])


def members(f: Term, holds: bool) -> list[Signed]:
    """The members of a disjunction, nested ones included."""
    match f.head, holds:
        case "not", _:
            return members(f.args[0], not holds)
        case ("or" | "false", True) | ("and" | "true", False):
            return [m for part in f.args for m in members(part, holds)]
        case "implies", True:
            return members(f.args[0], False) + members(f.args[1], True)
        case "iff", False:
            return members(written_out(f), False)
    return [(f, holds)]


def written_out(f: Term) -> Term:
    """An equivalence by the two ways in which it may fail; a condition on a symmetric matrix as one on its quadratic form,
    in every dimension."""
    if f.head == "iff":
        a, b = f.args
        return negation(disjunction([Term("and", (a, negation(b))), Term("and", (negation(a), b))]))
    u, v, zero = symbol("u"), symbol("v"), Term("zero")
    taken = free_symbols(f) & {"u", "v"}
    require(not taken, "the condition {} mentions {}", f, taken)
    square, other = bilinear(f.args[0], u, u), bilinear(f.args[1], u, v) if f.head == "meq" else ZERO
    same = Term("forall", ("v", "point", equal(bilinear(f.args[0], u, v), other)))
    conditions = {
        "meq": same,
        "posdef": Term("implies", (negation(equal(u, zero)), less(ZERO, square))),
        "psd": at_most(ZERO, square),
        "nonsingular": Term("implies", (same, equal(u, zero))),
    }
    return Term("forall", ("u", "point", conditions[f.head]))


def bilinear(m: Term, u: Term, v: Term) -> Term:
    """u^T M v."""
    match m.head:
        case "eye":
            return Term("dot", (u, v))
        case "hess":
            return Term("app", ("D2" + m.args[0], *m.args[1:], u, v))
        case "fisher":
            t = unused("task", m, u, v)
            slope = Term("grad", ("L", symbol(t), m.args[0]))
            return Term("mean", (t, Term("dot", (slope, u)) * Term("dot", (slope, v))))
        case "madd":
            return Term("add", tuple(bilinear(a, u, v) for a in m.args))
    return Term("mul", (m.args[0], bilinear(m.args[1], u, v)))
