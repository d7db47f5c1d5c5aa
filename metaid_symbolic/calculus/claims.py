"""What the calculus derives, as claims for the kernel, which differentiates and takes means by itself.

The calculus is not trusted: an entry is `proved` only when the kernel, in both its arithmetics, brings the claim to a normal
form; a wrong entry is `refuted` by a point at which the two sides differ.  Points and directions are quantified over R^n, so
that one claim speaks of all entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any, final

from ..certificates import Certificate, Derivation, Done, Enclose, Instantiate, Refutation
from ..claims import AtProblem
from ..encoding import encode
from ..kernel.rejection import Rejected
from ..problems import MetaProblem
from ..programs.reading import written_size
from ..recheck import establish
from ..terms import ZERO, IllFormed, Term, conjunction, equal, number, substitute, symbol, total

Rows = tuple[tuple[Term, ...], ...]

LARGEST_CLAIM = 60_000
"""Formulas with more subterms are not sent to the kernel, whose pure Python arithmetic would take minutes."""
ATTEMPTS = 3
"""Points at which a claim that is not proved is tried."""
BITS = 128
"""Precision of the enclosures that refute a claim about values that are no rational numbers."""


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
    reason = ""
    for certificate in _certificates(claim) if refuting else (Derivation(Done()),):
        try:
            found = establish(claim, encode(certificate), {}, ("python", "flint"))
            return Checked(found.truth, found.grade)
        except Rejected as cause:
            reason = reason or str(cause)
    return Checked(None, reason=reason)


def _certificates(claim: AtProblem) -> Iterator[Certificate]:
    """That the normal form is 0; then points at which it is not, the smallest first, by exact values or by enclosures."""
    yield Derivation(Done())
    reals = _leading(claim.formula, claim.problem.dimension)
    chance = Random(0)
    for attempt in range(1, ATTEMPTS + 1):
        values = tuple(number(chance.randint(-attempt, attempt)) for _ in range(reals))
        for closed in (Done(), Enclose(0, BITS)):
            yield Refutation(Instantiate(0, values, closed) if reals else closed, 0)


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
        return _everywhere(self.problem, "x", app(self.function, symbol("x")), _at_x(self.problem, self.value))


@final
@dataclass(frozen=True)
class DerivativeOf:
    """`entries` are the partial derivatives of F by the first parameters: forall x, u: <grad F(x), u> = sum_i entry_i u_i.

    Parameters without an entry are held fixed: the direction u is 0 there.
    """

    problem: MetaProblem
    entries: tuple[Term, ...]
    function: str = "F"

    @property
    def claim(self) -> AtProblem:
        slope = Term("grad", (self.function, symbol("x")))
        left = Term("dot", (slope, _direction(self.problem, "u", len(self.entries))))
        return _everywhere(self.problem, "xu", left, _linear(self.problem, self.entries, "u"))


@final
@dataclass(frozen=True)
class HessianOf:
    """`rows` are the second partial derivatives of F by the first parameters:
    forall x, u, v: D^2 F(x)[u, v] = sum_ij rows_ij u_i v_j."""

    problem: MetaProblem
    rows: Rows
    function: str = "F"

    @property
    def claim(self) -> AtProblem:
        u, v = (_direction(self.problem, name, len(self.rows)) for name in "uv")
        return _everywhere(self.problem, "xuv", app(f"D2{self.function}", symbol("x"), u, v), _bilinear(self.problem, self.rows))


@final
@dataclass(frozen=True)
class ThirdOf:
    """`rows` are the third partial derivatives, matrix below matrix: forall x, u, v, w: D^3 F(x)[w, u, v] = sum rows w u v."""

    problem: MetaProblem
    rows: Rows
    function: str = "F"

    @property
    def claim(self) -> AtProblem:
        size = len(self.rows[0])
        slices = [self.rows[i : i + size] for i in range(0, len(self.rows), size)]
        right = total([_coordinate("w", i) * _bilinear(self.problem, rows) for i, rows in enumerate(slices)])
        w, u, v = (_direction(self.problem, name, size) for name in "wuv")
        return _everywhere(self.problem, "xuvw", app(f"D3{self.function}", symbol("x"), w, u, v), right)


@final
@dataclass(frozen=True)
class FisherOf:
    """`rows` are E_t grad L_t grad L_t^T, by the first parameters; `centred`: less grad F grad F^T.

    forall x, u, v: E_t <grad L_t(x), u> <grad L_t(x), v> [- <grad F(x), u> <grad F(x), v>] = sum_ij rows_ij u_i v_j.
    """

    problem: MetaProblem
    rows: Rows
    centred: bool = False

    @property
    def claim(self) -> AtProblem:
        x, t = symbol("x"), symbol("t")
        directions = [_direction(self.problem, name, len(self.rows)) for name in "uv"]
        along = [Term("dot", (Term("grad", ("L", t, x)), d)) for d in directions]
        left = Term("mean", ("t", along[0] * along[1]))
        if self.centred:
            slope = Term("grad", ("F", x))
            left = left - Term("dot", (slope, directions[0])) * Term("dot", (slope, directions[1]))
        return _everywhere(self.problem, "xuv", left, _bilinear(self.problem, self.rows))


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
        free = [_coordinate("x", i) for i in range(size, self.problem.dimension)]
        formula = equal(app("F", Term("vec", (*(_at_x(self.problem, entry) for entry in self.point), *free))), ZERO)
        if self.where:
            formula = implies(conjunction([_at_x(self.problem, condition) for condition in self.where]), formula)
        return AtProblem(self.problem, Term("forall", ("x", "point", formula)))


def alone(problem: MetaProblem, loss: Term) -> MetaProblem:
    """The problem with this one loss and no randomness."""
    return replace(problem, losses=(loss,), weights=(Fraction(1),), noise=())


def _coordinate(name: str, i: int) -> Term:
    return Term("coord", (symbol(name), number(i + 1)))


def _direction(problem: MetaProblem, name: str, size: int) -> Term:
    """The direction `name`, with 0 in the coordinates after the first `size`."""
    if size == problem.dimension:
        return symbol(name)
    return Term("vec", tuple(_coordinate(name, i) if i < size else ZERO for i in range(problem.dimension)))


def _at_x(problem: MetaProblem, entry: Term) -> Term:
    """The entry with the coordinates of x for the parameters.  Raises `IllFormed` for one that is too large."""
    if (length := written_size([entry])) > LARGEST_CLAIM:
        raise IllFormed(f"an entry has {length} subterms; no claim is made of more than {LARGEST_CLAIM}")
    return substitute(entry, {name: _coordinate("x", i) for i, name in enumerate(problem.parameters)})


def _linear(problem: MetaProblem, entries: Sequence[Term], direction: str) -> Term:
    return total([_at_x(problem, entry) * _coordinate(direction, i) for i, entry in enumerate(entries)])


def _bilinear(problem: MetaProblem, rows: Rows) -> Term:
    return total([_coordinate("u", i) * _linear(problem, row, "v") for i, row in enumerate(rows)])


def _everywhere(problem: MetaProblem, names: str, left: Term, right: Term) -> AtProblem:
    """forall points `names`: left = right."""
    formula = equal(left, right)
    for name in reversed(names):
        formula = Term("forall", (name, "point", formula))
    return AtProblem(problem, formula)


def implies(left: Term, right: Term) -> Term:
    return Term("implies", (left, right))


def app(function: str, *arguments: Term) -> Term:
    return Term("app", (function, *arguments))
