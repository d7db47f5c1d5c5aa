"""Minimisers of the objectives of a concrete problem, as points with which universal facts are instantiated.

An irrational minimiser is a polynomial in a root that a `Root` step names; until then its name is a placeholder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..certificates import Done, Proof, Root
from ..kernel import objectives
from ..kernel.branch import Branch, sort_of
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, TooLarge
from ..kernel.rejection import Rejected
from ..kernel.tableau import add_root
from ..problems import MetaProblem
from ..terms import ONE, IllFormed, Term, number, substitute, subterms, symbol, total
from .algebra.critical_points import RealPoint
from .algebra.polynomials import degree_of, from_flint
from .algebra.quotient_ring import NotFinite
from .positivity.argmin import infimum
from .positivity.curves import Curve
from .problems.enumeration import exponents_of
from .tableaux.candidates import Suggestions
from .tableaux.prover import Prover

Coordinates = tuple[Any, ...]
"""Fractions, or terms in placeholders."""
MOST_DEGREE, MOST_VARIABLES, MOST_ROOTS, MOST_FAR = 14, 6, 6, 12


@dataclass(frozen=True)
class Minimisers:
    """Points with the least value of an objective, and the roots that their coordinates mention, by placeholder; curves along
    which an objective falls, with a number from which on their parameter is large; and rational points `near` irrational ones."""

    points: tuple[Coordinates, ...] = ()
    roots: tuple[tuple[str, Root], ...] = ()
    curves: tuple[tuple[Curve, Fraction], ...] = ()
    near: tuple[Coordinates, ...] = ()

    @property
    def rational(self) -> tuple[Coordinates, ...]:
        return tuple(p for p in self.points if all(type(c) is Fraction for c in p))

    def provers(self, about: Suggestions, effort: int) -> Iterator[Prover]:
        """A prover, before it one that knows the irrational points and the curves."""
        if self.roots or self.curves:
            yield RootedProver(about, effort=effort, known=self)
        yield Prover(about, effort=effort)

    def named(self, branch: Branch) -> tuple[tuple[Coordinates, ...], list[Root]]:
        """The points with the roots named, after the roots have been added to the branch."""
        names: dict[str, Term] = {}
        for placeholder, root in self.roots:
            before = frozenset(branch.variables)
            add_root(branch, root)
            names[placeholder] = symbol(min(branch.variables - before))
        points = tuple(tuple(substitute(c, names) if type(c) is Term else c for c in p) for p in self.points)
        far = tuple(
            p for v in sorted(branch.variables) if sort_of(v) == "real" for c in self.curves for p in along(*c, symbol(v))
        )
        return (*points, *far[:MOST_FAR], *self.near), [root for _, root in self.roots]


def minimisers(problem: MetaProblem, formula: Term) -> Minimisers:
    """Of F, and of F after one step of adaptation with each rate that the formula or the problem mentions; none where such an
    objective is no polynomial on R^n of moderate size."""
    found: list[Minimisers] = []
    if problem.constraints or problem.noise or problem.dimension > MOST_VARIABLES:
        return Minimisers()
    for number_of, objective in enumerate(_objectives(problem, formula)):
        try:
            p = exponents_of(objective, problem.parameters)
            if 0 < degree_of(p) <= MOST_DEGREE:
                found.append(_of(p, f"root.{number_of}."))
        except (Rejected, ValueError, NotFinite, TooLarge):
            continue
    return Minimisers(
        tuple(p for m in found for p in m.points),
        tuple(r for m in found for r in m.roots),
        tuple(c for m in found for c in m.curves),
        tuple(q for m in found for q in m.near),
    )


def _objectives(problem: MetaProblem, formula: Term) -> Iterator[Term]:
    yield objectives.objective(problem, "F")
    if problem.rate is not None:
        yield objectives.objective(problem, "F_MAML")
    applied = [t.args[2] for t in subterms(formula) if t.head == "app" and t.args[0] == "F_MAML" and len(t.args) == 3]
    for rate in dict.fromkeys(r for r in applied if r.head == "num"):
        yield objectives.adapted(problem, (rate,) * problem.dimension, 1)


def _of(p: Any, prefix: str) -> Minimisers:
    lowest = infimum(p)
    if lowest.curve is not None:
        powers = lowest.curve.along(p)
        top = max(powers)
        rest = sum(abs(c) for k, c in powers.items() if k != top)
        return Minimisers(curves=((lowest.curve, 1 + (rest + 1) / min(Fraction(1), abs(powers[top]))),))
    points: list[Coordinates] = list(lowest.points)
    roots: list[tuple[str, Root]] = []
    near: list[Coordinates] = []
    for point in lowest.algebraic[:MOST_ROOTS]:
        coordinates, root = algebraic(point, f"{prefix}{len(roots)}")
        points.append(coordinates)
        near.append(point.near())
        roots.append((f"{prefix}{len(roots)}", root))
    return Minimisers(tuple(points), tuple(roots), near=tuple(near))


def along(curve: Curve, factor: Fraction, v: Term) -> Iterator[Coordinates]:
    """Points of the curve for s = factor (1 + v^2), and for s = factor (1 + v^2)/v, which is large where v > 0 is small."""
    for numerator, denominator in ((factor * (1 + v**2), ONE), (factor * (1 + v**2), v)):
        yield tuple(
            number(a) * (numerator if w > 0 else denominator) ** abs(w) * (denominator if w > 0 else numerator) ** -abs(w)
            if w and a
            else number(a)
            for w, a in zip(curve.weights, curve.coefficients, strict=True)
        )


def algebraic(point: RealPoint, name: str) -> tuple[Coordinates, Root]:
    """The coordinates as polynomials in the root of that name.  Raises `NotFinite` if its degree is too large."""
    family = point.family
    low, high = family.intervals[point.which]
    coordinates = tuple(in_terms([from_flint(c) for c in q.coeffs()], symbol(name)) for q in family.coordinates)
    coefficients = [Fraction(int(c)) for c in family.polynomial.coeffs()]
    return coordinates, Root(
        (in_terms(coefficients, symbol("_.1")),), ((low, high),), bits_for(coefficients, low, high), False, Done()
    )


def bits_for(coefficients: Sequence[Fraction], *ends: Fraction) -> int:
    """So many that the value of an integer polynomial at these ends, if it is not 0, is told from 0."""
    degree, size = len(coefficients) - 1, max(abs(c).numerator.bit_length() for c in coefficients)
    return 64 + degree * (2 + max(e.denominator.bit_length() + abs(e.numerator).bit_length() for e in ends)) + size


def in_terms(coefficients: Iterable[Fraction], variable: Term) -> Term:
    """sum_k c_k x^k"""
    pieces = [number(c) * variable**k if k else number(c) for k, c in enumerate(coefficients) if c]
    return total(pieces)


@dataclass
class RootedProver(Prover):
    """Looks for a proof after roots have been named."""

    known: Minimisers = Minimisers()

    def refute(self, facts: Iterable[Term], constants: frozenset[str] = frozenset()) -> Proof | None:
        branch = Branch(Normaliser(Ring(), sort_of), constants)
        try:
            for fact in facts:
                branch.add(fact)
            return Done() if branch.closed else self.closed(branch)
        except (Rejected, TooLarge, IllFormed):
            return None

    def closed(self, branch: Branch) -> Proof | None:
        points, roots = self.known.named(branch)
        about = replace(self.suggestions, points=(*points, *self.suggestions.points), lowest=points[: len(self.known.points)])
        found = Prover(about, self.depth, self.effort, self.within, self.systems).closed(branch)
        for root in reversed(roots):
            found = found and replace(root, then=found)
        return found
