"""Formulas about functions and sets of R^n, read as closed formulas over the real numbers, which Z3 decides exactly.

The functions are polynomials, at least between knots, and the sets are given by polynomial inequalities.  So every statement
about them is a formula of the real closed field.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3
from exact_problems import ZERO, Function, Instance, Vector

from metaid_symbolic.terms import Term

EFFORT, MILLISECONDS = 50_000, 3000
"""What Z3 may spend on a question, in its own measure, so that the answers do not depend on the machine; rarely a second."""


class Reading:
    """The terms and formulas of a theorem about one instance, as terms and formulas of Z3."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.n, self.names = instance, instance.n, itertools.count()

    def variable(self, sort: str) -> Any:
        assert sort in ("real", "point"), f"a variable for a {sort}"
        made = tuple(z3.Real(f"x{next(self.names)}") for _ in range(1 if sort == "real" else self.n))
        return made[0] if sort == "real" else made

    def value(self, term: Term, env: Mapping[str, Any]) -> Any:
        """A number of Z3, or a tuple of n of them."""
        match term.head, term.args:
            case "num", (q,):
                return z3.RealVal(q)
            case "sym", ("n",):
                return z3.RealVal(self.n)
            case "sym", (name,):
                return env[name]
            case "zero", ():
                return (ZERO,) * self.n
            case "add", parts:
                return self._sum([self.value(part, env) for part in parts])
            case "mul", parts:
                return self._product([self.value(part, env) for part in parts])
            case "pow", (base, exponent) if exponent > 0:
                return math.prod([self.value(base, env)] * (exponent - 1), start=self.value(base, env))
            case "dot", (left, right):
                return sum((a * b for a, b in zip(self.value(left, env), self.value(right, env), strict=True)), start=ZERO)
            case "grad", (_, *args):
                function, (x,) = self._function([self.value(a, env) for a in args], 1)
                return tuple(function.along(x, unit) for unit in self._units())
            case "coord", (vector, index):
                place = self.value(index, env)
                return sum((z3.If(place == k, x, ZERO) for k, x in enumerate(self.value(vector, env), 1)), start=ZERO)
            case "app", (name, *args):
                return self._applied(name, [self.value(a, env) for a in args])
        raise NotImplementedError(f"{term.head} in {term}")

    def _sum(self, parts: list[Any]) -> Any:
        vectors = {type(p) is tuple for p in parts}
        assert len(vectors) == 1, "a number and a vector are added"
        return tuple(map(sum, zip(*parts, strict=True))) if vectors.pop() else sum(parts, start=ZERO)

    def _product(self, parts: list[Any]) -> Any:
        numbers = math.prod((p for p in parts if type(p) is not tuple), start=z3.RealVal(1))
        vectors = [p for p in parts if type(p) is tuple]
        assert len(vectors) <= 1, "a product of vectors"
        return tuple(numbers * x for x in vectors[0]) if vectors else numbers

    def _units(self) -> list[Vector]:
        return [tuple(z3.RealVal(int(i == j)) for j in range(self.n)) for i in range(self.n)]

    def _function(self, args: list[Any], count: int) -> tuple[Function, list[Any]]:
        """The member that an index before the last arguments names."""
        index = number_of(args[0]) if len(args) > count else 1
        return self.instance.family[index - 1], args[len(args) - count :]

    def _applied(self, name: str, args: list[Any]) -> Any:
        if name == "v":
            return tuple(map(z3.RealVal, self.instance.vectors[number_of(args[0]) - 1]))
        if name == "q":
            return tuple(
                sum((z3.RealVal(c) * x for c, x in zip(row, args[0], strict=True)), start=ZERO) for row in self.instance.matrix
            )
        order = int(name[1]) if name in ("D2f", "D3f") else 0
        assert name in ("f", "D2f", "D3f"), f"{name} is none of the functions"
        function, (x, *directions) = self._function(args, 1 + order)
        return function.along(x, *directions)

    def matrix(self, term: Term, env: Mapping[str, Any]) -> list[list[Any]]:
        match term.head, term.args:
            case "eye", ():
                return [list(row) for row in self._units()]
            case "hess", (_, *args):
                function, (x,) = self._function([self.value(a, env) for a in args], 1)
                return [[function.along(x, u, v) for v in self._units()] for u in self._units()]
            case "madd", parts:
                return [[sum(entry, start=ZERO) for entry in zip(*rows, strict=True)]
                        for rows in zip(*(self.matrix(p, env) for p in parts), strict=True)]  # fmt: skip
            case "mscale", (factor, part):
                by = self.value(factor, env)
                return [[by * entry for entry in row] for row in self.matrix(part, env)]
        raise NotImplementedError(f"{term.head} in {term}")

    def formula(self, term: Term, env: Mapping[str, Any]) -> Any:
        match term.head, term.args:
            case (("true" | "false"), ()):
                return z3.BoolVal(term.head == "true")
            case (("eq" | "lt" | "le"), (a, b)):
                return compared(term.head, self.value(a, env), self.value(b, env))
            case "not", (part,):
                return z3.Not(self.formula(part, env))
            case (("and" | "or"), parts):
                return (z3.And if term.head == "and" else z3.Or)([self.formula(p, env) for p in parts])
            case "implies", (left, right):
                return z3.Implies(self.formula(left, env), self.formula(right, env))
            case "iff", (left, right):
                return self.formula(left, env) == self.formula(right, env)
            case (("forall" | "exists"), (name, sort, body)):
                return self._quantified(term.head == "forall", name, sort, body, env)
            case (("posdef" | "psd" | "nonsingular"), (part,)):
                return definite(term.head, self.matrix(part, env))
            case "pred", (name, *args):
                return self._predicate(name, args, env)
        raise NotImplementedError(f"{term.head} in {term}")

    def _quantified(self, every: bool, name: str, sort: Any, body: Term, env: Mapping[str, Any]) -> Any:
        if type(sort) is Term:
            last = number_of(self.value(sort, env))
            parts = [self.formula(body, {**env, name: z3.RealVal(i)}) for i in range(1, last + 1)]
            return z3.And(parts) if every else z3.Or(parts)
        made = self.variable(sort)
        inside = self.formula(body, {**env, name: made})
        return (z3.ForAll if every else z3.Exists)(list(made) if type(made) is tuple else [made], inside)

    def _predicate(self, name: str, args: list[Term], env: Mapping[str, Any]) -> Any:
        match name:
            case "U":
                return self.instance.domain.contains(self.value(args[0], env))
            case "open":
                return z3.BoolVal(self.instance.domain.open)
            case "connected":
                return z3.BoolVal(self.instance.domain.connected)
            case "continuous" | "C1" | "C2" | "C3":
                return z3.BoolVal(self.instance.smoothness() >= (0 if name == "continuous" else int(name[1])))
        raise NotImplementedError(f"the predicate {name}")


def number_of(value: Any) -> int:
    """The greatest integer that is at most a number without variables."""
    assert type(value) is not tuple, "the end of a range is a vector"
    return math.floor(Fraction(str(z3.simplify(value).as_fraction())))


def compared(head: str, a: Any, b: Any) -> Any:
    if type(a) is tuple or type(b) is tuple:
        assert head == "eq" and type(a) is type(b), f"{a} is compared with {b}"
        return z3.And([x == y for x, y in zip(a, b, strict=True)])
    return a == b if head == "eq" else a < b if head == "lt" else a <= b


def minor(rows: list[list[Any]], places: Sequence[int]) -> Any:
    """The determinant of the rows and columns at the places."""

    def of(lines: Sequence[int], columns: Sequence[int]) -> Any:
        if not lines:
            return z3.RealVal(1)
        return sum(
            ((-1) ** k * rows[lines[0]][c] * of(lines[1:], [*columns[:k], *columns[k + 1 :]]) for k, c in enumerate(columns)),
            start=ZERO,
        )

    return of(places, places)


def definite(kind: str, rows: list[list[Any]]) -> Any:
    """Sylvester's criteria for a symmetric matrix, or a determinant other than 0."""
    n = len(rows)
    if kind == "nonsingular":
        return minor(rows, range(n)) != 0
    if kind == "posdef":
        return z3.And([minor(rows, range(k)) > 0 for k in range(1, n + 1)])
    return z3.And([minor(rows, chosen) >= 0 for k in range(1, n + 1) for chosen in itertools.combinations(range(n), k)])


@dataclass(frozen=True)
class Rule:
    """forall `variables`: all of `given` imply `conclusion`; `ends` are the variables that ranges end at."""

    variables: tuple[tuple[str, str], ...]
    given: tuple[Term, ...]
    conclusion: Term
    ends: frozenset[str]

    def depends(self, formula: Term) -> bool:
        """Whether one of the variables, or an end of a range, occurs."""
        return not {*self.ends, *(name for name, _ in self.variables)}.isdisjoint(symbols(formula))


def rule(formula: Term) -> Rule:
    """The universal quantifiers and premises at the front of a formula, whose variables have names of their own."""
    variables: list[tuple[str, str]] = []
    given: list[Term] = []
    ends = frozenset(name for bound in bounds(formula) for name in symbols(bound)) - {"n"}
    while True:
        if formula.head == "implies":
            given += conjuncts(formula.args[0])
            formula = formula.args[1]
        elif formula.head == "forall" and type(formula.args[1]) is str:
            assert formula.args[0] not in dict(variables), f"{formula.args[0]} is bound twice"
            variables.append((formula.args[0], formula.args[1]))
            formula = formula.args[2]
        else:
            return Rule(tuple(variables), tuple(given), formula, ends)


def conjuncts(formula: Term) -> list[Term]:
    return [p for part in formula.args for p in conjuncts(part)] if formula.head == "and" else [formula]


def inside(term: Term) -> Iterator[Term]:
    yield term
    for part in term.args:
        if type(part) is Term:
            yield from inside(part)


def bounds(formula: Term) -> Iterator[Term]:
    """The ends of the ranges in a formula."""
    return (t.args[1] for t in inside(formula) if t.head in ("forall", "exists") and type(t.args[1]) is Term)


def symbols(term: Term) -> set[str]:
    """Every name in a term, bound or not."""
    return {t.args[0] for t in inside(term) if t.head == "sym"}


def satisfiable(conditions: Sequence[Any]) -> tuple[bool | None, Any]:
    """Whether numbers satisfy all conditions, with such numbers; None where Z3 does not say within the effort."""
    solver = z3.Then("simplify", "blast-term-ite", "nlqsat").solver()
    solver.set("rlimit", EFFORT)
    solver.set("timeout", MILLISECONDS)
    solver.add(*conditions)
    try:
        answer = solver.check()
    except z3.Z3Exception:
        return None, None
    return (None, None) if answer == z3.unknown else (answer == z3.sat, solver.model() if answer == z3.sat else None)


def settled(reading: Reading, formula: Term) -> bool | None:
    """The truth of a closed formula.  Of forall c: exists r: A(c, r) the instances at some c are asked, and A(c, k (1 + c^2)),
    since three kinds of quantifiers in a row are too many for Z3."""
    match formula.head, formula.args:
        case "forall", (c, "real", Term(head="exists", args=(r, "real", body))):
            at = reading.variable("real")
            if any(satisfiable([reading.formula(formula.args[2], {c: z3.RealVal(n)})])[0] is False for n in (0, 10, 1000)):
                return False
            for k in (1, 10, 1000):
                if satisfiable([z3.ForAll([at], reading.formula(body, {c: at, r: k * (1 + at * at)}))])[0]:
                    return True
            return None
    return satisfiable([reading.formula(formula, {})])[0]
