"""A formula about meta-problems, read for one concrete problem: a formula about real numbers alone.

Points become n real variables `x.1`, ..., `x.n`, tasks are run through, matrices become their entries.  Definiteness is
read as signs of minors (Sylvester's criterion: positive definite iff all leading principal minors are positive;
positive semidefinite iff all principal minors are nonnegative).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any, final

from ..problems import MetaProblem, Noise
from ..terms import (
    FALSE,
    TRUE,
    ZERO,
    Term,
    as_term,
    at_most,
    conjunction,
    disjunction,
    equal,
    free_symbols,
    less,
    negation,
    number,
    substitute,
    symbol,
    total,
)
from . import objectives
from .objectives import Matrix, Point
from .rejection import Rejected

Environment = Mapping[str, Any]
"""Name -> Term (real), tuple of Terms (point), int (task), tuple of points (family)."""

MOST_CASES = 4096


@final
class Reading:
    """Formulas and terms read for one problem."""

    def __init__(self, problem: MetaProblem, maps: tuple[tuple[str, tuple[Term, ...]], ...] = ()) -> None:
        self.maps = {name: tuple(_renamed_terms(problem, entries)) for name, entries in maps}
        self.problem = problem = renamed(problem)
        self.tasks = range(len(problem.losses))

    # formulas

    def formula(self, f: Term, env: Environment) -> Term:
        args = f.args
        match f.head:
            case "true" | "false":
                return f
            case "not" | "and" | "or" | "implies" | "iff":
                return Term(f.head, tuple(self.formula(a, env) for a in args))
            case "eq":
                return self._equation(args[0], args[1], env)
            case "lt" | "le":
                return Term(f.head, (self.scalar(args[0], env), self.scalar(args[1], env)))
            case "forall" | "exists":
                return self._quantified(f, env)
            case "posdef" | "psd" | "nonsingular":
                return self._definiteness(f.head, self.matrix(args[0], env))
            case "meq":
                left, right = self.matrix(args[0], env), self.matrix(args[1], env)
                pairs = zip(left, right, strict=True)
                return conjunction([equal(a, b) for r, s in pairs for a, b in zip(r, s, strict=True)])
            case "samerank":
                return self._same_rank(self.matrix(args[0], env), self.matrix(args[1], env))
            case "pred":
                return self._predicate(args[0], args[1:], env)
        raise Rejected(f"no reading of {f} for a concrete problem")

    def _equation(self, left: Term, right: Term, env: Environment) -> Term:
        if not (self.is_vector(left, env) or self.is_vector(right, env)):
            if self._task(left, env) is not None:
                return TRUE if self.task(left, env) == self.task(right, env) else FALSE
            return equal(self.scalar(left, env), self.scalar(right, env))
        sides = zip(self.vector(left, env), self.vector(right, env), strict=True)
        return conjunction([equal(a, b) for a, b in sides])

    def _task(self, term: Term, env: Environment) -> int | None:
        bound = env.get(term.args[0]) if term.head == "sym" else None
        return bound if type(bound) is int else None

    def _quantified(self, f: Term, env: Environment) -> Term:
        name, sort, body = f.args
        join = conjunction if f.head == "forall" else disjunction
        if self.problem.noise and sort in ("task", "family"):
            raise Rejected("a Gaussian law has no list of tasks to run through")
        if type(sort) is Term or sort == "task":
            values = self.tasks if type(sort) is str else [number(k + 1) for k in range(self.natural(sort, env))]
            return join([self.formula(body, {**env, name: value}) for value in values])
        if sort == "real":
            names = [name]
            inner = {**env, name: symbol(name)}
        elif sort == "point":
            names = [f"{name}.{i + 1}" for i in range(self.problem.dimension)]
            inner = {**env, name: tuple(map(symbol, names))}
        else:
            grid = [[f"{name}.{t + 1}.{i + 1}" for i in range(self.problem.dimension)] for t in self.tasks]
            names = [one for row in grid for one in row]
            inner = {**env, name: tuple(tuple(map(symbol, row)) for row in grid)}
        made = self.formula(body, inner)
        for one in reversed(names):
            made = Term(f.head, (one, "real", made))
        return made

    def _predicate(self, name: str, args: tuple[Term, ...], env: Environment) -> Term:
        if name == "Phi":
            return self.inside(self.vector(args[0], env))
        if name == "whole":
            return self._everywhere(self.inside)
        if name == "count":
            return self._count(self.natural(args[0], env))
        if name == "samelaw":
            return self._same_law(self.vector(args[0], env), self.vector(args[1], env))
        if name == "conservative":
            return self._conservative(objectives.field(self.problem, args[0].args[0]))
        if name == "gd":
            eta, start, end = self.scalar(args[0], env), self.vector(args[1], env), self.vector(args[2], env)
            return Term("pred", ("gd", eta, *start, *end))
        if name == "sgd_variance_tends":
            return Term("pred", (name, *(self.scalar(a, env) for a in args)))
        if name == "gaussian_model":
            objectives.likelihood_means(self.problem)
            return TRUE
        if name == "gaussian_likelihood":
            return self._gaussian_likelihood(self.vector(args[0], env))
        raise Rejected(f"no reading of the predicate {name} for a concrete problem")

    def inside(self, point: Point) -> Term:
        """Membership in Phi."""
        return conjunction([objectives.put(self.problem, c, point) for c in self.problem.constraints])

    def _count(self, least: int) -> Term:
        """Whether the problem has at least that many different losses (losses are equal iff they agree on Phi)."""
        if self.problem.noise:
            raise Rejected("the tasks of a Gaussian law are not counted")
        kinds = {objectives.tidy(loss) for loss in self.problem.losses}
        if len(kinds) < least or least < 2:
            return TRUE if len(kinds) >= least else FALSE
        if not all(objectives.is_polynomial(loss) for loss in kinds):
            raise Rejected("losses that are not polynomials are not counted: two terms may be one function")
        if any(c.head != "lt" for c in self.problem.constraints):
            raise Rejected("losses are not counted on a set that may have no interior")
        return negation(self._everywhere(lambda x: negation(self.inside(x)))) if self.problem.constraints else TRUE

    def _same_law(self, x: Point, y: Point) -> Term:
        """Equal laws of L_T(x) and L_T(y): with m tasks these have at most 2m atoms together, so they are equal iff
        their moments 1, ..., 2m - 1 are (a Vandermonde system)."""
        here = [objectives.put(self.problem, loss, x) for loss in self.problem.losses]
        there = [objectives.put(self.problem, loss, y) for loss in self.problem.losses]
        if self.problem.noise:
            raise Rejected("the law of a loss is compared for finitely many tasks only")
        orders = range(1, 2 * len(here))
        moments = [[objectives.mean(self.problem, [v**k for v in side]) for k in orders] for side in (here, there)]
        return conjunction([equal(a, b) for a, b in zip(*moments, strict=True)])

    def _everywhere(self, body: Callable[[Point], Term]) -> Term:
        """The formula at every point of R^n."""
        names = [f"x.{i + 1}" for i in range(self.problem.dimension)]
        made = body(tuple(map(symbol, names)))
        for name in reversed(names) if made.head != "true" else ():
            made = Term("forall", (name, "real", made))
        return made

    def _conservative(self, field: Point) -> Term:
        """A C^1 field on R^n is a gradient iff its Jacobian is symmetric everywhere (Poincare's lemma)."""
        slopes = [objectives.gradient(self.problem, entry) for entry in field]
        pairs = list(combinations(range(self.problem.dimension), 2))

        def symmetric(at: Point) -> Term:
            here = [[objectives.put(self.problem, slope, at) for slope in row] for row in slopes]
            return conjunction([equal(here[i][j], here[j][i]) for i, j in pairs])

        return self._everywhere(symmetric)

    def _gaussian_likelihood(self, point: Point) -> Term:
        means = objectives.likelihood_means(self.problem)
        if any(noise.variance != 1 for noise in self.problem.noise):
            return FALSE
        centres = [objectives.put(self.problem, m, point) for m in means]
        return conjunction([equal(c, number(v.mean)) for c, v in zip(centres, self.problem.noise, strict=True)])

    # matrices

    def matrix(self, m: Term, env: Environment) -> Matrix:
        side = range(self.problem.dimension)
        match m.head:
            case "eye":
                return tuple(tuple(as_term(int(i == j)) for j in side) for i in side)
            case "fisher":
                rows = objectives.fisher(self.problem)
                return self._put_matrix(rows, self.vector(m.args[0], env))
            case "hess":
                term, point = self._function(m.args[0], m.args[1:], env)
                return self._put_matrix(objectives.hessian(self.problem, term), point)
            case "madd":
                parts = [self.matrix(a, env) for a in m.args]
                return tuple(tuple(total([p[i][j] for p in parts]) for j in side) for i in side)
            case "mscale":
                factor, inside = self.scalar(m.args[0], env), self.matrix(m.args[1], env)
                return tuple(tuple(factor * entry for entry in row) for row in inside)
        raise Rejected(f"{m} is no matrix")

    def _put_matrix(self, rows: Matrix, point: Point) -> Matrix:
        return tuple(tuple(objectives.put(self.problem, entry, point) for entry in row) for row in rows)

    def _definiteness(self, kind: str, rows: Matrix) -> Term:
        side = range(len(rows))

        def minor(chosen: tuple[int, ...]) -> Term:
            return objectives.determinant(tuple(tuple(rows[i][j] for j in chosen) for i in chosen))

        if kind == "nonsingular":
            return negation(equal(minor(tuple(side)), ZERO))
        if kind == "posdef":
            return conjunction([less(ZERO, minor(tuple(range(k + 1)))) for k in side])
        chosen = [c for k in side for c in combinations(side, k + 1)]
        return conjunction([at_most(ZERO, minor(c)) for c in chosen])

    def _same_rank(self, left: Matrix, right: Matrix) -> Term:
        """For every size, one of the matrices has a nonzero minor of it iff the other has."""

        def some_minor(rows: Matrix, k: int) -> Term:
            picks = list(combinations(range(len(rows)), k))
            minors = [tuple(tuple(rows[i][j] for j in c) for i in r) for r, c in product(picks, picks)]
            return disjunction([negation(equal(objectives.determinant(m), ZERO)) for m in minors])

        sizes = range(1, len(left) + 1)
        return conjunction([Term("iff", (some_minor(left, k), some_minor(right, k))) for k in sizes])

    # values

    def _function(self, name: str, args: tuple[Term, ...], env: Environment) -> tuple[Term, Point]:
        """A function of one point as a term in the parameters, and the point."""
        if name == "L" and len(args) == 2:
            loss = self.problem.losses[self.task(args[0], env)]
            return loss, self.vector(args[1], env)
        if len(args) == 2 and name == "F_MAML":
            rate = args[1]
            at = self.vector(rate, env) if self.is_vector(rate, env) else (self.scalar(rate, env),) * self.problem.dimension
            here = tuple(map(symbol, self.problem.parameters))
            return objectives.tidy(objectives.adapted(self.problem, here, at, 1)), self.vector(args[0], env)
        if len(args) != 1:
            raise Rejected(f"{name} of {len(args)} arguments is nothing here")
        return objectives.objective(self.problem, name), self.vector(args[0], env)

    def task(self, term: Term, env: Environment) -> int:
        found = self._task(term, env)
        if found is None:
            raise Rejected(f"{term} is no task")
        return found

    def _averaged(self, mean: Term, env: Environment) -> range:
        """The tasks to run through; a Gaussian law has one, of which only one may be spoken of at a time."""
        if self.problem.noise and any(type(env.get(name)) is int for name in free_symbols(mean)):
            raise Rejected(f"{mean} speaks of two independent Gaussian tasks")
        return self.tasks

    def natural(self, term: Term, env: Environment) -> int:
        """The value of a term in naturals."""
        value = objectives.tidy(self.scalar(term, env))
        if value.head != "num" or value.args[0].denominator != 1 or not 0 <= value.args[0] <= MOST_CASES:
            raise Rejected(f"{term} has the value {value}, which is no natural number")
        return int(value.args[0])

    def is_vector(self, term: Term, env: Environment) -> bool:
        match term.head:
            case "sym":
                return type(env.get(term.args[0])) is tuple
            case "vec" | "zero" | "grad":
                return True
            case "add" | "mul":
                return any(self.is_vector(a, env) for a in term.args)
            case "mean":
                return self.is_vector(term.args[1], {**env, term.args[0]: 0})
            case "at":
                return type(env.get(term.args[0])) is tuple
            case "app":
                return term.args[0] in ("reptile", "fomaml") or term.args[0] in self.maps
        return False

    def scalar(self, term: Term, env: Environment) -> Term:
        args = term.args
        match term.head:
            case "num":
                return term
            case "sym":
                return self._symbol(args[0], env)
            case "add" | "mul" | "exp" | "log" | "sqrt" | "relu" | "tanh" | "logistic":
                return Term(term.head, tuple(self.scalar(a, env) for a in args))
            case "pow":
                return Term("pow", (self.scalar(args[0], env), args[1]))
            case "dot":
                left, right = self.vector(args[0], env), self.vector(args[1], env)
                return total([a * b for a, b in zip(left, right, strict=True)])
            case "coord":
                place = self.natural(args[1], env)
                if not 1 <= place <= self.problem.dimension:
                    raise Rejected(f"coordinate {place} of a point in R^{self.problem.dimension}")
                return self.vector(args[0], env)[place - 1]
            case "mean":
                tasks = self._averaged(term, env)
                return objectives.mean(self.problem, [self.scalar(args[1], {**env, args[0]: t}) for t in tasks])
            case "sum":
                upper = self.natural(args[1], env)
                return total([self.scalar(args[2], {**env, args[0]: number(i + 1)}) for i in range(upper)])
            case "app":
                return self._value(args[0], args[1:], env)
        raise Rejected(f"{term} is no real number here")

    def _symbol(self, name: str, env: Environment) -> Term:
        value = env.get(name)
        if value is None and name == "alpha":
            return objectives.rates(self.problem)[0]
        if value is None and name in ("n", "steps"):
            return number(self.problem.dimension if name == "n" else self.problem.steps)
        if type(value) is not Term:
            raise Rejected(f"{name} is no real number here")
        return value

    def _value(self, name: str, args: tuple[Term, ...], env: Environment) -> Term:
        if name[:2] in ("D2", "D3") and name[2:] in ("F", "L", "F_MAML"):
            return self._directional(name[2:], args, int(name[1]), env)
        term, point = self._function(name, args, env)
        return objectives.put(self.problem, term, point)

    def _directional(self, name: str, args: tuple[Term, ...], order: int, env: Environment) -> Term:
        """The derivative of order 2 or 3 along the last arguments."""
        term, point = self._function(name, args[:-order], env)
        for direction in args[-order:]:
            slope = objectives.gradient(self.problem, term)
            along = self.vector(direction, env)
            if any(set(self.problem.parameters) & free_symbols(entry) for entry in along):
                raise Rejected("a direction bears the name of a parameter")
            term = total([g * d for g, d in zip(slope, along, strict=True)])
        return objectives.put(self.problem, term, point)

    def vector(self, term: Term, env: Environment) -> Point:
        side = range(self.problem.dimension)
        match term.head:
            case "sym" if type(env.get(term.args[0])) is tuple:
                return tuple(env[term.args[0]])
            case "zero":
                return (ZERO,) * self.problem.dimension
            case "vec" if len(term.args) == self.problem.dimension:
                return tuple(self.scalar(a, env) for a in term.args)
            case "grad":
                body, point = self._function(term.args[0], term.args[1:], env)
                slopes = objectives.gradient(self.problem, body)
                return tuple(objectives.put(self.problem, g, point) for g in slopes)
            case "add":
                parts = [self.vector(a, env) for a in term.args]
                return tuple(total([p[i] for p in parts]) for i in side)
            case "mul":
                vectors = [a for a in term.args if self.is_vector(a, env)]
                if len(vectors) == 1:
                    scale = Term("mul", tuple(self.scalar(a, env) for a in term.args if a is not vectors[0]))
                    return tuple(scale * entry for entry in self.vector(vectors[0], env))
            case "mean":
                tasks = self._averaged(term, env)
                points = [self.vector(term.args[1], {**env, term.args[0]: t}) for t in tasks]
                return tuple(objectives.mean(self.problem, [p[i] for p in points]) for i in side)
            case "at" if type(env.get(term.args[0])) is tuple:
                return tuple(env[term.args[0]][self.task(term.args[1], env)])
            case "app" if term.args[0] in self.maps and len(term.args) == 2:
                point = self.vector(term.args[1], env)
                return tuple(objectives.put(self.problem, e, point) for e in self.maps[term.args[0]])
            case "app" if term.args[0] in ("reptile", "fomaml"):
                entries = objectives.field(self.problem, term.args[0])
                return tuple(objectives.put(self.problem, e, self.vector(term.args[1], env)) for e in entries)
        raise Rejected(f"{term} is no vector here")


def _renamed_terms(problem: MetaProblem, entries: tuple[Term, ...]) -> list[Term]:
    """The entries of a polynomial map of R^n, in the reserved names of the parameters."""
    names = {name: symbol(f"parameter..{i + 1}") for i, name in enumerate(problem.parameters)}
    for entry in entries:
        if free_symbols(entry) - set(names) or not objectives.is_polynomial(entry):
            raise Rejected(f"{entry} is no polynomial in the parameters")
    if len(entries) != problem.dimension:
        raise Rejected(f"a map of R^{problem.dimension} has {len(entries)} entries")
    return [substitute(entry, names) for entry in entries]


def renamed(problem: MetaProblem) -> MetaProblem:
    """The problem with parameters `parameter..1`, ... and task variables `task..1`, ...: names no formula can bind."""
    names = {name: symbol(f"parameter..{i + 1}") for i, name in enumerate(problem.parameters)}
    noise = {v.name: symbol(f"task..{i + 1}") for i, v in enumerate(problem.noise)}
    return replace(
        problem,
        parameters=tuple(s.args[0] for s in names.values()),
        losses=tuple(substitute(loss, {**names, **noise}) for loss in problem.losses),
        constraints=tuple(substitute(c, names) for c in problem.constraints),
        noise=tuple(Noise(noise[v.name].args[0], v.mean, v.variance) for v in problem.noise),
    )


def rational_point(values: tuple[Fraction, ...]) -> Point:
    return tuple(map(number, values))
