"""A formula about meta-problems as it reads for one concrete problem, with the problem's functions called by name.

This reading is made anew here, from the claim and the definitions alone.  It has the same quantifiers and connectives as
the kernel's, so that a certificate's proof fits; where it does not, Rocq refuses the script.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations, product
from typing import Any, final

from ...terms import FALSE, TRUE, ZERO, Term, as_term, conjunction, disjunction, equal, number, symbol, total
from .definitions import Definitions, Point, call
from .kernel_view import tidy
from .minors import Matrix, definiteness, same_rank
from .printing import Unprintable

Environment = Mapping[str, Any]
"""Name -> Term (real), tuple of Terms (point), int (task), tuple of points (family)."""


@final
class Spoken:
    """Formulas in the words of one problem's definitions."""

    def __init__(self, definitions: Definitions) -> None:
        self.known = definitions
        self.problem = definitions.problem
        self.side = range(self.problem.dimension)

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
                return definiteness(f.head, self.matrix(args[0], env))
            case "meq":
                pairs = zip(self.matrix(args[0], env), self.matrix(args[1], env), strict=True)
                rows = [[equal(a, b) for a, b in zip(r, s, strict=True)] for r, s in pairs]
                return conjunction([conjunction(row) for row in rows])
            case "samerank":
                return same_rank(self.matrix(args[0], env), self.matrix(args[1], env))
            case "pred":
                return self._predicate(args[0], args[1:], env)
        raise Unprintable(f"{f.head} in a formula")

    def _equation(self, left: Term, right: Term, env: Environment) -> Term:
        if self.is_vector(left, env) or self.is_vector(right, env):
            sides = zip(self.vector(left, env), self.vector(right, env), strict=True)
            return conjunction([equal(a, b) for a, b in sides])
        if left.head == "sym" and type(env.get(left.args[0])) is int:
            return TRUE if env[left.args[0]] == self.task(right, env) else FALSE
        return equal(self.scalar(left, env), self.scalar(right, env))

    def _quantified(self, f: Term, env: Environment) -> Term:
        name, sort, body = f.args
        if type(sort) is Term or sort == "task":
            join = conjunction if f.head == "forall" else disjunction
            values = self.known.tasks if type(sort) is str else [number(k + 1) for k in range(self.natural(sort, env))]
            return join([self.formula(body, {**env, name: value}) for value in values])
        if sort == "real":
            names = [name]
            value: Any = symbol(name)
        elif sort == "point":
            names = self._coordinates(name)
            value = tuple(map(symbol, names))
        else:
            rows = [self._coordinates(f"{name}.{t + 1}") for t in self.known.tasks]
            names, value = [n for row in rows for n in row], tuple(tuple(map(symbol, row)) for row in rows)
        made = self.formula(body, {**env, name: value})
        for one in reversed(names):
            made = Term(f.head, (one, "real", made))
        return made

    def _coordinates(self, name: str) -> list[str]:
        return [name] if len(self.side) == 1 else [f"{name}.{i + 1}" for i in self.side]

    def _predicate(self, name: str, args: tuple[Term, ...], env: Environment) -> Term:
        if name == "Phi":
            return self.inside(self.vector(args[0], env))
        if name == "whole":
            return self._everywhere(self.inside)
        if name == "count":
            return Term("pred", (self.known.count(self.natural(args[0], env)),))
        if name == "gd":
            slope, _ = self.known.descent()
            eta, (start,), (end,) = self.scalar(args[0], env), self.vector(args[1], env), self.vector(args[2], env)
            return Term("pred", ("converges", call(slope), eta, start, end))
        if name == "samelaw":
            return self._same_law(self.vector(args[0], env), self.vector(args[1], env))
        if name == "conservative":
            return self._conservative(args[0].args[0])
        raise Unprintable(f"the predicate {name}")

    def inside(self, point: Point) -> Term:
        return Term("pred", (self.known.domain(), *point))

    def _everywhere(self, body: Callable[[Point], Term]) -> Term:
        names = self._coordinates("x")
        made = body(tuple(map(symbol, names)))
        for name in reversed(names):
            made = Term("forall", (name, "real", made))
        return made

    def _same_law(self, x: Point, y: Point) -> Term:
        """Equal moments up to twice the number of tasks less one, which determine the law."""
        weights, losses = self.problem.weights, [self.known.loss(t) for t in self.known.tasks]

        def moment(k: int, at: Point) -> Term:
            return total([number(w) * call(loss, *at) ** k for w, loss in zip(weights, losses, strict=True)])

        return conjunction([equal(moment(k, x), moment(k, y)) for k in range(1, 2 * len(losses))])

    def _conservative(self, name: str) -> Term:
        """The Jacobian matrix of the field is symmetric everywhere."""
        known, pairs = self.known, list(combinations(self.side, 2))

        def symmetric(at: Point) -> Term:
            entries = [
                (known.partial(known.field_entry(name, i), (j,)), known.partial(known.field_entry(name, j), (i,)))
                for i, j in pairs
            ]
            return conjunction([equal(call(a, *at), call(b, *at)) for a, b in entries])

        return self._everywhere(symmetric)

    # matrices

    def matrix(self, m: Term, env: Environment) -> Matrix:
        side, known = self.side, self.known
        match m.head:
            case "eye":
                return tuple(tuple(as_term(int(i == j)) for j in side) for i in side)
            case "fisher":
                at = self.vector(m.args[0], env)
                return tuple(tuple(call(known.fisher(i, j), *at) for j in side) for i in side)
            case "hess":
                function, at = self._function(m.args[0], m.args[1:], env)
                return tuple(tuple(call(known.partial(function, (i, j)), *at) for j in side) for i in side)
            case "madd":
                parts = [self.matrix(a, env) for a in m.args]
                return tuple(tuple(total([p[i][j] for p in parts]) for j in side) for i in side)
            case "mscale":
                factor, inside = self.scalar(m.args[0], env), self.matrix(m.args[1], env)
                return tuple(tuple(factor * entry for entry in row) for row in inside)
        raise Unprintable(f"the matrix {m.head}")

    # values

    def _function(self, name: str, args: tuple[Term, ...], env: Environment) -> tuple[str, Point]:
        """A defined function of the parameters, and the point."""
        if name == "L" and len(args) == 2:
            return self.known.loss(self.task(args[0], env)), self.vector(args[1], env)
        if len(args) != 1:
            raise Unprintable(f"{name} of {len(args)} arguments")
        return self.known.objective(name), self.vector(args[0], env)

    def task(self, term: Term, env: Environment) -> int:
        found = env.get(term.args[0]) if term.head == "sym" else None
        if type(found) is not int:
            raise Unprintable(f"the task {term}")
        return found

    def natural(self, term: Term, env: Environment) -> int:
        value = tidy(self.scalar(term, env))
        if value.head != "num" or value.args[0].denominator != 1 or value.args[0] < 0:
            raise Unprintable(f"the number {term}")
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
                return term.args[0] in ("reptile", "fomaml") or term.args[0] in self.known.maps
        return False

    def entries(self, term: Term, env: Environment) -> Point:
        """The entries of a vector, or the one number."""
        return self.vector(term, env) if self.is_vector(term, env) else (self.scalar(term, env),)

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
                sides = zip(self.vector(args[0], env), self.vector(args[1], env), strict=True)
                return total([a * b for a, b in sides])
            case "coord":
                return self.vector(args[0], env)[self.natural(args[1], env) - 1]
            case "mean":
                return self._mean([self.scalar(args[1], {**env, args[0]: t}) for t in self.known.tasks])
            case "sum":
                upper = self.natural(args[1], env)
                return total([self.scalar(args[2], {**env, args[0]: number(i + 1)}) for i in range(upper)])
            case "app":
                return self._value(args[0], args[1:], env)
        raise Unprintable(f"{term.head} as a number")

    def _mean(self, values: list[Term]) -> Term:
        if self.problem.noise:
            raise Unprintable("expectations over a Gaussian law")
        return total([number(w) * v for w, v in zip(self.problem.weights, values, strict=True)])

    def _symbol(self, name: str, env: Environment) -> Term:
        value = env.get(name)
        if value is None and name == "alpha":
            return self.known.rate()
        if value is None and name in ("n", "steps"):
            return number(self.problem.dimension if name == "n" else self.problem.steps)
        if type(value) is not Term:
            raise Unprintable(f"{name} as a number")
        return value

    def _value(self, name: str, args: tuple[Term, ...], env: Environment) -> Term:
        if name[:2] in ("D2", "D3") and name[2:] in ("F", "L", "F_MAML"):
            return self._directional(name[2:], args, int(name[1]), env)
        if name == "F_MAML" and len(args) == 2:
            rate = args[1]
            rates = self.vector(rate, env) if self.is_vector(rate, env) else (self.scalar(rate, env),) * len(self.side)
            return call(self.known.adapted_at(), *self.vector(args[0], env), *rates)
        function, point = self._function(name, args, env)
        return call(function, *point)

    def _directional(self, name: str, args: tuple[Term, ...], order: int, env: Environment) -> Term:
        function, point = self._function(name, args[:-order], env)
        along = [self.vector(a, env) for a in args[-order:]]
        terms = []
        for places in product(self.side, repeat=order):
            slope = call(self.known.partial(function, places), *point)
            terms.append(Term("mul", (slope, *(d[i] for d, i in zip(along, places, strict=True)))))
        return total(terms)

    def vector(self, term: Term, env: Environment) -> Point:
        known, side, args = self.known, self.side, term.args
        match term.head:
            case "sym" if type(env.get(args[0])) is tuple:
                return tuple(env[args[0]])
            case "zero":
                return (ZERO,) * len(side)
            case "vec" if len(args) == len(side):
                return tuple(self.scalar(a, env) for a in args)
            case "grad":
                function, point = self._function(args[0], args[1:], env)
                return tuple(call(known.partial(function, (i,)), *point) for i in side)
            case "add":
                parts = [self.vector(a, env) for a in args]
                return tuple(total([p[i] for p in parts]) for i in side)
            case "mul" if sum(self.is_vector(a, env) for a in args) == 1:
                (moved,) = (a for a in args if self.is_vector(a, env))
                scale = Term("mul", tuple(self.scalar(a, env) for a in args if a is not moved))
                return tuple(scale * entry for entry in self.vector(moved, env))
            case "mean":
                points = [self.vector(args[1], {**env, args[0]: t}) for t in known.tasks]
                return tuple(self._mean([p[i] for p in points]) for i in side)
            case "at" if type(env.get(args[0])) is tuple:
                return tuple(env[args[0]][self.task(args[1], env)])
            case "app" if args[0] in known.maps and len(args) == 2:
                return tuple(call(known.map_entry(args[0], i), *self.vector(args[1], env)) for i in side)
            case "app" if args[0] in ("reptile", "fomaml"):
                return tuple(call(known.field_entry(args[0], i), *self.vector(args[1], env)) for i in side)
        raise Unprintable(f"the vector {term}")
