"""A formula about meta-problems, read for one concrete problem: a formula about real numbers alone.

Points become n real variables `x.1`, ..., `x.n`, tasks are run through, matrices become their entries.  Definiteness is
read as signs of minors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, final

from ..problems import MetaProblem
from ..terms import (
    FALSE,
    TRUE,
    ZERO,
    Term,
    as_term,
    conjunction,
    equal,
    free_symbols,
    negation,
    number,
    quantified,
    symbol,
    total,
)
from . import objectives
from .branch import bilinear
from .normal import VECTOR_FIELDS
from .objectives import Matrix, Point
from .reading import SMOOTH, Environment, RealReading
from .rejection import Rejected, require

MAPS = ("Q",)
"""Names of maps from R^n to R^n that a claim may speak of without defining them."""


@final
class Reading(RealReading):
    """Formulas and terms read for one problem.  Among the values of names are points (tuples), tasks (their numbers from 0)
    and families (dictionaries from tasks to points)."""

    def __init__(self, problem: MetaProblem, maps: tuple[tuple[str, Point], ...] = ()) -> None:
        self.problem = problem
        self.maps = dict(maps)
        self.tasks = range(len(problem.losses))
        self.reserved = frozenset(problem.parameters).union(v.name for v in problem.noise)
        for name, entries in maps:
            require(name in MAPS, "{} is no map that a claim leaves open", name)
            require(len(entries) == problem.dimension, "{} entries of a map of R^{}", len(entries), problem.dimension)
            for entry in entries:
                require(
                    free_symbols(entry) <= {*problem.parameters} and objectives.is_polynomial(entry),
                    "the entry {} of {} is no polynomial in the parameters",
                    entry,
                    name,
                )

    # formulas

    def formula(self, f: Term, env: Environment) -> Term:
        match f.head, f.args:
            case "eq", _:
                left, right = (self.value(side, env) for side in f.args)
                require(type(left) is type(right), "{} compares things of two kinds", f)
                if type(left) is int:
                    return TRUE if left == right else FALSE
                return equal_entries(entries_of(left), entries_of(right))
            case (("posdef" | "psd" | "nonsingular"), (matrix,)):
                return objectives.definiteness(f.head, self.matrix(matrix, env))
            case "meq", (left, right):
                pairs = zip(self.matrix(left, env), self.matrix(right, env), strict=True)
                return conjunction([equal_entries(a, b) for a, b in pairs])
            case "samerank", (left, right):
                return objectives.same_rank(self.matrix(left, env), self.matrix(right, env))
            case "pred", (name, *args):
                return self._predicate(name, args, env)
        return super().formula(f, env)

    def quantified(self, f: Term, env: Environment) -> Term:
        name, sort, body = f.args
        require(not self.problem.noise or sort not in ("task", "family"), "a Gaussian law has no list of tasks to run through")
        if sort == "task":
            return self.each(f, self.tasks, env)
        if sort == "point":
            return self._points(f.head, [name], lambda rows: self.formula(body, {**env, name: rows[0]}))
        if sort == "family":
            names = [f"{name}.{t + 1}" for t in self.tasks]
            return self._points(f.head, names, lambda rows: self.formula(body, {**env, name: dict(enumerate(rows))}))
        return super().quantified(f, env)

    def _points(self, head: str, names: list[str], body: Callable[[tuple[Point, ...]], Term]) -> Term:
        """A quantified formula over points, whose coordinates are named `name.1`, `name.2`, ..."""
        rows = tuple(tuple(symbol(f"{name}.{i + 1}") for i in range(self.problem.dimension)) for name in names)
        return quantified(head, [(x.args[0], "real") for row in rows for x in row], body(rows))

    def _everywhere(self, body: Callable[[Point], Term]) -> Term:
        """The formula at every point of R^n."""
        return self._points("forall", ["x"], lambda rows: body(rows[0]))

    def _predicate(self, name: str, args: list[Term], env: Environment) -> Term:
        match name, args:
            case "Phi", (point,):
                return self.inside(self.vector(point, env))
            case "whole", ():
                return self._everywhere(self.inside) if self.problem.constraints else TRUE
            case "count", (least,):
                return self._count(self.natural(least, env))
            case "samelaw", (x, y):
                return self._same_law(self.vector(x, env), self.vector(y, env))
            case "conservative", (field,) if field.head == "sym":
                return self._conservative(objectives.field(self.problem, field.args[0]))
            case "gd" | "sgd_variance_tends", _:
                return Term("pred", (name, *(entry for a in args for entry in entries_of(self.value(a, env)))))
            case "C1" | "C2" | "C3" | "continuous", (Term("sym", ("F" | "L" | "F_MAML" as f,)),):
                return TRUE if f == "L" or objectives.objective(self.problem, f) else FALSE  # smooth on Phi: see `needed`
            case "open" | "connected", (Term("sym", ("Phi",)),) if objectives.is_polyhedron(self.problem):
                return TRUE
            case "gaussian_model", ():
                return TRUE if objectives.likelihood_means(self.problem) else FALSE
            case "gaussian_likelihood", (point,):
                return self._gaussian_likelihood(self.vector(point, env))
        raise Rejected(f"no reading of the predicate {name} for a concrete problem")

    def inside(self, point: Point) -> Term:
        """Membership in Phi."""
        return conjunction([objectives.put(self.problem, c, point) for c in self.problem.constraints])

    def _count(self, least: int) -> Term:
        """Whether the problem has at least that many different losses (losses are equal iff they agree on Phi)."""
        require(not self.problem.noise, "the tasks of a Gaussian law are not counted")
        kinds = {objectives.tidy(loss) for loss in self.problem.losses}
        if len(kinds) < least or least < 2:
            return TRUE if len(kinds) >= least else FALSE
        require(
            all(map(objectives.is_polynomial, kinds)),
            "losses that are not polynomials are not counted: two terms may be one function",
        )
        inner = all(c.head == "lt" and all(objectives.made_of(s, SMOOTH) for s in c.args) for c in self.problem.constraints)
        require(inner, "losses are not counted on a set that may have no interior")
        return negation(self._everywhere(lambda x: negation(self.inside(x)))) if self.problem.constraints else TRUE

    def _same_law(self, x: Point, y: Point) -> Term:
        """Equal laws of L_T(x) and L_T(y): with m tasks these have at most 2m atoms together, so they are equal iff
        their moments 1, ..., 2m - 1 are (a Vandermonde system)."""
        require(not self.problem.noise, "the law of a loss is compared for finitely many tasks only")
        here, there = (self._at(self.problem.losses, point) for point in (x, y))
        orders = range(1, 2 * len(here))
        moments = [[objectives.mean(self.problem, [v**k for v in side]) for k in orders] for side in (here, there)]
        return equal_entries(*moments)

    def _conservative(self, field: Point) -> Term:
        """A C^1 field on R^n is a gradient iff its Jacobian is symmetric everywhere (Poincare's lemma)."""
        slopes = [objectives.gradient(self.problem, entry) for entry in field]
        pairs = [(slopes[i][j], slopes[j][i]) for i, j in combinations(range(len(field)), 2)]
        return self._everywhere(lambda point: conjunction([equal(*self._at(pair, point)) for pair in pairs]))

    def _gaussian_likelihood(self, point: Point) -> Term:
        means = self._at(objectives.likelihood_means(self.problem), point)
        if any(objectives.moment(v, 2) - objectives.moment(v, 1) ** 2 != 1 for v in self.problem.noise):
            return FALSE
        return equal_entries(means, [number(objectives.moment(v, 1)) for v in self.problem.noise])

    # values

    def matrix(self, m: Term, env: Environment) -> Matrix:
        """The entries, which are the values of the bilinear form at unit vectors."""
        side = range(self.problem.dimension)
        units = [Term("vec", tuple(number(int(i == j)) for j in side)) for i in side]
        return tuple(tuple(objectives.tidy(self.scalar(bilinear(m, u, v), env)) for v in units) for u in units)

    def _at(self, terms: Point, point: Point) -> Point:
        """Terms in the parameters, at another point."""
        return tuple(objectives.put(self.problem, term, point) for term in terms)

    def _function(self, name: str, args: tuple[Term, ...], env: Environment) -> tuple[Term, Point]:
        """A function of one point as a term in the parameters, and the point."""
        match name, args:
            case "L", (task, point):
                return self.problem.losses[self.task(task, env)], self.vector(point, env)
            case "F_MAML", (point, rate):
                given = entries_of(self.value(rate, env))
                each = given if len(given) > 1 else given * self.problem.dimension
                return objectives.adapted(self.problem, each, 1), self.vector(point, env)
            case _, (point,):
                return objectives.objective(self.problem, name), self.vector(point, env)
        raise Rejected(f"{name} of {len(args)} arguments is nothing here")

    def task(self, term: Term, env: Environment) -> int:
        value = self.value(term, env)
        require(type(value) is int, "{} is no task", term)
        return int(value)

    def scalar(self, term: Term, env: Environment) -> Term:
        value = self.value(term, env)
        require(type(value) is Term, "{} is no real number here", term)
        return as_term(value)

    def vector(self, term: Term, env: Environment) -> Point:
        value = self.value(term, env)
        require(type(value) is tuple, "{} is no vector here", term)
        return tuple(value)

    def value(self, term: Term, env: Environment) -> Any:
        """A real number, the tuple of the coordinates of a vector, or the number of a task."""
        match term.head, term.args:
            case "sym", (name,) if type(env.get(name)) in (int, tuple):
                return env[name]
            case "sym", ("alpha",) if "alpha" not in env:
                return objectives.rates(self.problem)[0]
            case "sym", ("n" | "steps" as name,) if name not in env:
                return number(self.problem.dimension if name == "n" else self.problem.steps)
            case "at", (name, task) if type(env.get(name)) is dict:
                return env[name][self.task(task, env)]
            case "zero", ():
                return (ZERO,) * self.problem.dimension
            case "vec", entries if len(entries) == self.problem.dimension:
                return tuple(self.scalar(a, env) for a in entries)
            case (("add" | "mul"), parts):
                return self._combined(term, [self.value(a, env) for a in parts])
            case "mean", (name, body):
                return self._mean(term, [self.value(body, {**env, name: t}) for t in self.tasks], env)
            case "dot", (left, right):
                pairs = zip(self.vector(left, env), self.vector(right, env), strict=True)
                return total([a * b for a, b in pairs])
            case "coord", (point, index):
                place, size = self.natural(index, env), self.problem.dimension
                require(1 <= place <= size, "coordinate {} of a point in R^{}", place, size)
                return self.vector(point, env)[place - 1]
            case "app", (name, *args) if name[:2] in ("D2", "D3") and name[2:] in ("F", "L", "F_MAML"):
                return self._directional(name[2:], tuple(args), int(name[1]), env)
            case "app", (name, point) if name in VECTOR_FIELDS:
                return self._at(self.maps.get(name) or objectives.field(self.problem, name), self.vector(point, env))
            case "app", (name, *args):
                return objectives.put(self.problem, *self._function(name, tuple(args), env))
            case "grad", (name, *args):
                body, point = self._function(name, tuple(args), env)
                return self._at(objectives.gradient(self.problem, body), point)
        return super().scalar(term, env)

    def _combined(self, term: Term, values: list[Any]) -> Any:
        """A sum of numbers or of vectors; a product of numbers, or with one vector."""
        vectors = [value for value in values if type(value) is tuple]
        numbers = Term(term.head, tuple(value for value in values if type(value) is not tuple))
        if not vectors:
            return numbers
        require(len(vectors) == (len(values) if term.head == "add" else 1), "{} is no vector here", term)
        return tuple(map(total, zip(*vectors, strict=True))) if term.head == "add" else tuple(numbers * x for x in vectors[0])

    def _mean(self, mean: Term, values: list[Any], env: Environment) -> Any:
        """The mean of each entry over the tasks; of a Gaussian law only one task may be spoken of at a time."""
        require(
            not self.problem.noise or not any(type(env.get(name)) is int for name in free_symbols(mean)),
            "{} speaks of two independent Gaussian tasks",
            mean,
        )
        rows = zip(*map(entries_of, values), strict=True)
        means = tuple(objectives.mean(self.problem, list(entries)) for entries in rows)
        return means if type(values[0]) is tuple else means[0]

    def _directional(self, name: str, args: tuple[Term, ...], order: int, env: Environment) -> Term:
        """The derivative of order 2 or 3 along the last arguments."""
        term, point = self._function(name, args[:-order], env)
        for direction in args[-order:]:
            slope = objectives.gradient(self.problem, term)
            term = total([g * d for g, d in zip(slope, self.vector(direction, env), strict=True)])
        return objectives.put(self.problem, term, point)


def entries_of(value: Any) -> Point:
    """The coordinates of a vector, or a real number alone.  Raises `Rejected` for a task."""
    require(type(value) in (tuple, Term), "the number {} of a task is no real number", value)
    return value if type(value) is tuple else (as_term(value),)


def equal_entries(left: Sequence[Term], right: Sequence[Term]) -> Term:
    return conjunction([equal(a, b) for a, b in zip(left, right, strict=True)])


def rational_point(values: tuple[Fraction, ...]) -> Point:
    return tuple(map(number, values))
