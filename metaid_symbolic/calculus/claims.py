"""What the calculus derives, as claims for the kernel, which differentiates and takes means by itself.

The calculus is not trusted: an entry is `proved` only when the kernel, in both its arithmetics, brings the claim to a normal
form; a wrong entry is `refuted` by a point at which the two sides differ.  One claim speaks of all entries at all points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import factorial
from random import Random
from typing import Any, final

from ..certificates import Defined, Derivation, Done, Enclose, Instantiate, Proof, Refutation
from ..claims import AtProblem
from ..encoding import encode
from ..kernel.rejection import Rejected
from ..problems import MetaProblem
from ..programs.reading import survey, written_size
from ..recheck import establish
from ..terms import ONE, ZERO, IllFormed, Term, conjunction, equal, number, substitute, symbol
from .domains import domain_of

Rows = tuple[tuple[Term, ...], ...]

LARGEST_CLAIM = 60_000
"""Formulas with more subterms are not sent to the kernel, whose pure Python arithmetic would take minutes."""
ATTEMPTS = 3
"""Points at which a claim that is not proved is tried."""
MOST, BITS = 12, 128
"""How many equations about values that are no rational numbers are tried by enclosures, and the precision of these."""


@final
@dataclass(frozen=True)
class Checked:
    """The kernel's answer: `truth` is None when it establishes nothing, and `reason` says why."""

    truth: bool | None
    grade: str = ""
    reason: str = ""

    @property
    def verdict(self) -> Any:
        from ..verdicts import Verdict

        return {True: Verdict.PROVED, False: Verdict.REFUTED, None: Verdict.UNDECIDED}[self.truth]


@final
@dataclass(frozen=True)
class Assertion:
    """All the claims hold; unless they are `equivalent` to what is meant they say more, and refuting them refutes nothing."""

    claims: tuple[AtProblem, ...]
    equivalent: bool = True

    @cached_property
    def checked(self) -> Checked:
        """Refuted if one claim is, else undecided if one is, else proved."""
        grade = "exact"
        undecided: Checked | None = None
        for claim in self.claims:
            found = check(claim, refuting=self.equivalent)
            if found.truth is False:
                return found
            undecided = undecided or (found if found.truth is None else None)
            grade = found.grade if found.grade == "enclosed" else grade
        return undecided or Checked(True, grade)


def check(claim: AtProblem, refuting: bool = True) -> Checked:
    """What the kernel establishes, in both its arithmetics, from certificates that need no search."""
    if (length := written_size([claim.formula, *claim.problem.losses])) > LARGEST_CLAIM:
        return Checked(None, reason=f"the claim has {length} subterms; more than {LARGEST_CLAIM} are not checked")
    reason, domain = "", domain_of(claim.problem).proofs
    if domain is None:
        return Checked(None, reason="no proof is found that the losses are defined everywhere in Phi")
    for certificate in _certificates(claim) if refuting else (Derivation(Done()),):
        try:
            found = establish(claim, encode(Defined(domain, certificate) if domain else certificate), {}, ("python", "flint"))
            return Checked(found.truth, found.grade)
        except Rejected as cause:
            reason = reason or str(cause)
    return Checked(None, reason=reason)


def _certificates(claim: AtProblem) -> Iterator[Derivation | Refutation]:
    """That the normal form is 0; then points at which it is not: by exact values, of other functions by enclosures."""
    yield Derivation(Done())
    reals = _leading(claim.formula, claim.problem.dimension)
    chance = Random(0)
    exact = survey(claim.problem.losses).polynomial
    for attempt in range(1, ATTEMPTS + 1 if exact else 2):
        values = tuple(number(chance.randint(-attempt if exact else 1, attempt + 1)) for _ in range(reals))
        ends: list[Proof] = [Done(), *(Enclose(k, BITS) for k in range(0 if exact else _equations(claim.formula)))]
        for end in ends:
            yield Refutation(Instantiate(0, values, end) if reals else end, 0)


def _equations(formula: Term) -> int:
    """How many equations there are to enclose, of at most `MOST`."""
    while formula.head == "forall":
        formula = formula.args[2]
    return min(len(formula.args) if formula.head == "and" else 1, MOST)


def _leading(formula: Term, dimension: int) -> int:
    """How many real variables the leading quantifiers bind."""
    count = 0
    while formula.head == "forall":
        count += dimension if formula.args[1] == "point" else 1
        formula = formula.args[2]
    return count


@final
@dataclass(frozen=True)
class MeanOf:
    """`value` is F = E_t L_t of the problem: forall x in R^n: F(x) = value(x)."""

    problem: MetaProblem
    value: Term
    function: str = "F"

    @property
    def claim(self) -> AtProblem:
        return _everywhere(self.problem, [(app(self.function, symbol("x")), self.value)])


@final
@dataclass(frozen=True)
class DerivativeOf:
    """`entries` are the partial derivatives of F by the first parameters: forall x: coord(grad F(x), i) = entry_i(x)."""

    problem: MetaProblem
    entries: tuple[Term, ...]
    function: str = "F"

    @property
    def claim(self) -> AtProblem:
        slope = Term("grad", (self.function, symbol("x")))
        return _everywhere(self.problem, [(_coordinate(slope, i), entry) for i, entry in enumerate(self.entries)])


@final
@dataclass(frozen=True)
class HessianOf:
    """`rows` are the second partial derivatives of F by the first parameters: forall x: D^2 F(x)[e_i, e_j] = rows_ij(x)."""

    problem: MetaProblem
    rows: Rows
    function: str = "F"

    @property
    def claim(self) -> AtProblem:
        units, x = _units(self.problem), symbol("x")
        pairs = [(app(f"D2{self.function}", x, units[i], units[j]), self.rows[i][j]) for i, j in _places(self.rows)]
        return _everywhere(self.problem, pairs)


@final
@dataclass(frozen=True)
class ThirdOf:
    """`rows` are the third partial derivatives, matrix below matrix: forall x: D^3 F(x)[e_i, e_j, e_k] = rows_ijk(x)."""

    problem: MetaProblem
    rows: Rows
    function: str = "F"

    @property
    def claim(self) -> AtProblem:
        units, x, size = _units(self.problem), symbol("x"), len(self.rows[0])
        pairs = []
        for place in product(range(size), repeat=3):
            entry, (a, b, c) = self._entry(*place), sorted(place)
            if place == (a, b, c) or entry != self._entry(a, b, c):
                pairs.append((app(f"D3{self.function}", x, *(units[i] for i in place)), entry))
        return _everywhere(self.problem, pairs)

    def _entry(self, i: int, j: int, k: int) -> Term:
        return self.rows[i * len(self.rows[0]) + j][k]


@final
@dataclass(frozen=True)
class FisherOf:
    """`rows` are E_t grad L_t grad L_t^T, by the first parameters; `centred`: less grad F grad F^T.

    forall x: E_t coord(grad L_t(x), i) coord(grad L_t(x), j) [- coord(grad F(x), i) coord(grad F(x), j)] = rows_ij(x).
    """

    problem: MetaProblem
    rows: Rows
    centred: bool = False

    @property
    def claim(self) -> AtProblem:
        x, t = symbol("x"), symbol("t")
        task, whole = Term("grad", ("L", t, x)), Term("grad", ("F", x))
        pairs = []
        for i, j in _places(self.rows):
            left = Term("mean", ("t", _coordinate(task, i) * _coordinate(task, j)))
            if self.centred:
                left = left - _coordinate(whole, i) * _coordinate(whole, j)
            pairs.append((left, self.rows[i][j]))
        return _everywhere(self.problem, pairs)


@final
@dataclass(frozen=True)
class TaylorOf:
    """`coefficients` are those of F in the parameter number `place` at 0, up to the order 3:
    forall x: D^k F(x with 0 there)[e, ..., e] = k! coefficient_k(x), with e the unit vector of that parameter."""

    problem: MetaProblem
    place: int
    coefficients: tuple[Term, ...]

    @property
    def claim(self) -> AtProblem:
        side, unit = range(self.problem.dimension), _units(self.problem)[self.place]
        point = Term("vec", tuple(ZERO if i == self.place else _coordinate(symbol("x"), i) for i in side))
        derivatives = [
            app("F", point),
            _coordinate(Term("grad", ("F", point)), self.place),
            app("D2F", point, unit, unit),
            app("D3F", point, unit, unit, unit),
        ]
        pairs = enumerate(zip(derivatives, self.coefficients, strict=False))
        return _everywhere(self.problem, [(left, number(factorial(k)) * c) for k, (left, c) in pairs])


@final
@dataclass(frozen=True)
class ZeroOf:
    """F vanishes at the point, given by the first parameters as terms in the others, wherever the formulas `where` hold."""

    problem: MetaProblem
    point: tuple[Term, ...]
    where: tuple[Term, ...] = ()

    @property
    def claim(self) -> AtProblem:
        size = len(self.point)
        free = [_coordinate(symbol("x"), i) for i in range(size, self.problem.dimension)]
        formula = equal(app("F", Term("vec", (*(_at_x(self.problem, entry) for entry in self.point), *free))), ZERO)
        return _where_defined(self.problem, formula, self.where)


def alone(problem: MetaProblem, loss: Term) -> MetaProblem:
    """The problem with this one loss and no randomness."""
    return replace(problem, losses=(loss,), weights=(Fraction(1),), noise=())


def _places(rows: Rows) -> list[tuple[int, int]]:
    """The places on and above the diagonal, and those below it where the entry is written otherwise."""
    side = range(len(rows))
    return [(i, j) for i in side for j in side if i <= j or rows[i][j] != rows[j][i]]


def _coordinate(vector: Term, i: int) -> Term:
    return Term("coord", (vector, number(i + 1)))


def _units(problem: MetaProblem) -> list[Term]:
    """e_1, ..., e_n."""
    side = range(problem.dimension)
    return [Term("vec", tuple(ONE if i == j else ZERO for j in side)) for i in side]


def _at_x(problem: MetaProblem, entry: Term) -> Term:
    """The entry with the coordinates of x for the parameters.  Raises `IllFormed` for one that is too large."""
    if (length := written_size([entry])) > LARGEST_CLAIM:
        raise IllFormed(f"an entry has {length} subterms; no claim is made of more than {LARGEST_CLAIM}")
    return substitute(entry, {name: _coordinate(symbol("x"), i) for i, name in enumerate(problem.parameters)})


def _everywhere(problem: MetaProblem, pairs: Sequence[tuple[Term, Term]]) -> AtProblem:
    """forall x in R^n: left = right for all pairs, the right sides being terms in the parameters."""
    return _where_defined(problem, conjunction([equal(left, _at_x(problem, right)) for left, right in pairs]))


def _where_defined(problem: MetaProblem, body: Term, where: Sequence[Term] = ()) -> AtProblem:
    """forall x in R^n: body, where these formulas hold and the losses are defined."""
    domain = domain_of(problem)
    given = [_at_x(problem, condition) for condition in (*where, *domain.assumed)]
    return AtProblem(domain.problem, Term("forall", ("x", "point", implies(conjunction(given), body) if given else body)))


def implies(left: Term, right: Term) -> Term:
    return Term("implies", (left, right))


def app(function: str, *arguments: Term) -> Term:
    return Term("app", (function, *arguments))
