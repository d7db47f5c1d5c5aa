"""The one term language: scalars, vectors of R^n, matrices, and formulas over them.

A term is a head and its arguments.  Building a term never simplifies it: what is printed is what was
written.  Numbers are rationals; a float, a boolean or a subclass is refused where it enters.  Division by
zero has some value that nothing is known about, so what is proved holds whatever that value is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, reduce
from importlib import import_module
from typing import Any, TypeVar, dataclass_transform, final

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\Z", re.ASCII)
NUMBER = re.compile(r"-?[0-9]+(/[1-9][0-9]*)?\Z", re.ASCII)

SORTS = ("real", "point", "task", "family")
"""What a quantifier ranges over: R, R^n, the tasks, maps from tasks to R^n (or a range 1..k, given as a term)."""

# head -> (kind of the result, kinds of the arguments); a trailing * repeats the last kind.
# kinds: v value (scalar or vector), m matrix, f formula, s name, q rational, i integer, d sort or upper bound
SIGNATURES: dict[str, tuple[str, str]] = {
    "num": ("v", "q"), "sym": ("v", "s"), "add": ("v", "v*"), "mul": ("v", "v*"), "pow": ("v", "vi"),
    "exp": ("v", "v"), "log": ("v", "v"), "sqrt": ("v", "v"), "relu": ("v", "v"), "tanh": ("v", "v"), "logistic": ("v", "v"),
    "app": ("v", "sv*"), "at": ("v", "sv*"), "coord": ("v", "vv"), "mean": ("v", "sv"), "sum": ("v", "svv"),
    "dot": ("v", "vv"), "tr": ("v", "v"), "vec": ("v", "v*"), "grad": ("v", "sv*"), "zero": ("v", ""),
    "hess": ("m", "sv*"), "fisher": ("m", "v"), "eye": ("m", ""), "madd": ("m", "m*"), "mscale": ("m", "vm"),
    "true": ("f", ""), "false": ("f", ""), "eq": ("f", "vv"), "lt": ("f", "vv"), "le": ("f", "vv"), "meq": ("f", "mm"),
    "not": ("f", "f"), "and": ("f", "f*"), "or": ("f", "f*"), "implies": ("f", "ff"), "iff": ("f", "ff"),
    "forall": ("f", "sdf"), "exists": ("f", "sdf"), "pred": ("f", "sv*"),
    "posdef": ("f", "m"), "psd": ("f", "m"), "nonsingular": ("f", "m"), "samerank": ("f", "mm"),
}  # fmt: skip
FUNCTIONS = ("exp", "log", "sqrt", "relu", "tanh", "logistic")
BINDERS = ("mean", "sum", "forall", "exists")
"""Heads whose first argument is a name that is bound in the last."""
RANDOM = frozenset({"normal", "normal_", "sign"})
"""Arrays of independent standard Gaussian variables and uniform signs; `Ex(...)` is the expectation over them, and binds them."""


Class = TypeVar("Class")


class IllFormed(ValueError):
    """The arguments do not make a term; the message names what disagrees."""


def require(holds: object, message: str, *parts: object) -> None:
    """Raises `IllFormed` with the parts set into the message, unless the condition holds."""
    if not holds:
        raise IllFormed(message.format(*parts))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(made: type[Class]) -> type[Class]:
    """Data: a final class of frozen values that are compared field by field."""
    return final(dataclass(frozen=True, slots=True)(made))


def shown_by(module: str, function: str) -> Callable[[Term], Any]:
    """A method that shows terms to a reader: a function of a module that is imported when it is called, and is not trusted."""
    return lambda term: getattr(import_module(module, __package__), function)(term)


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Term:
    """`head` applied to `args`, checked against `SIGNATURES`.  Equality is identity of syntax."""

    head: str
    args: tuple[Any, ...] = ()
    _hash: int = field(init=False)

    def __post_init__(self) -> None:
        require(self.head in SIGNATURES, "{!r} is no head of a term", self.head)
        for kind, arg in zip(kinds_of(self.head, len(self.args)), self.args, strict=True):
            require(_fits(kind, arg), "{} does not take {!r} ({})", self.head, arg, type(arg).__name__)
        object.__setattr__(self, "_hash", hash((self.head, self.args)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            type(other) is Term and self._hash == other._hash and self.head == other.head and self.args == other.args
        )

    __repr__ = shown_by(".printing", "text")
    _repr_latex_ = shown_by(".reports.notation", "mathematics")
    sympy = property(shown_by(".sympy_bridge", "to_sympy"), doc="This term as a SymPy expression.")

    def __add__(self, other: Any) -> Term:
        return Term("add", (self, as_term(other)))

    def __radd__(self, other: Any) -> Term:
        return Term("add", (as_term(other), self))

    def __sub__(self, other: Any) -> Term:
        return Term("add", (self, -as_term(other)))

    def __rsub__(self, other: Any) -> Term:
        return Term("add", (as_term(other), -self))

    def __neg__(self) -> Term:
        return Term("mul", (number(-1), self))

    def __mul__(self, other: Any) -> Term:
        return Term("mul", (self, as_term(other)))

    def __rmul__(self, other: Any) -> Term:
        return Term("mul", (as_term(other), self))

    def __truediv__(self, other: Any) -> Term:
        divisor = as_term(other)
        if divisor.head == "num":
            require(divisor.args[0], "{} is divided by 0", self)
            return Term("mul", (self, number(1 / divisor.args[0])))
        return Term("mul", (self, Term("pow", (divisor, -1))))

    def __rtruediv__(self, other: Any) -> Term:
        return as_term(other) / self

    def __pow__(self, exponent: int) -> Term:
        return Term("pow", (self, exponent))


def kinds_of(head: str, count: int) -> str:
    """The kinds of that many arguments.  Raises `IllFormed` if the head takes another number of them."""
    kinds = SIGNATURES[head][1]
    if kinds.endswith("*"):
        kinds = kinds[:-2] + kinds[-2] * (count - len(kinds) + 2)
    require(len(kinds) == count, "{} takes {} arguments, not {}", head, len(kinds), count)
    return kinds


def _fits(kind: str, arg: object) -> bool:
    match kind:
        case "q":
            return type(arg) is Fraction
        case "i":
            return type(arg) is int and 0 < abs(arg) <= 1000
        case "s":
            return type(arg) is str and NAME.match(arg) is not None and len(arg) <= 100
        case "d" if type(arg) is str:
            return arg in SORTS
    return type(arg) is Term and kind_of(arg) == ("v" if kind == "d" else kind)


def kind_of(term: Term) -> str:
    """v for a scalar or vector, m for a matrix, f for a formula."""
    return SIGNATURES[term.head][0]


def as_term(value: Any) -> Term:
    """A rational number as a term; a term as itself.  Raises `IllFormed` for floats, booleans, strings, ..."""
    if type(value) is Term:
        return value
    if type(value) is int or type(value) is Fraction:
        return number(value)
    if hasattr(value, "__sympy__") or type(value).__module__.startswith("sympy"):
        from .sympy_bridge import from_sympy

        return from_sympy(value)
    raise IllFormed(f"{value!r} is a {type(value).__name__}, not an exact number or a term")


def number(value: int | Fraction | str) -> Term:
    return Term("num", (Fraction(value),))


def symbol(name: str) -> Term:
    return Term("sym", (name,))


ZERO, ONE = number(0), number(1)
TRUE, FALSE = Term("true"), Term("false")


def total(terms: list[Term] | tuple[Term, ...]) -> Term:
    """The sum, 0 if there is nothing to add."""
    return ZERO if not terms else terms[0] if len(terms) == 1 else Term("add", tuple(terms))


def conjunction(formulas: list[Term] | tuple[Term, ...]) -> Term:
    return TRUE if not formulas else formulas[0] if len(formulas) == 1 else Term("and", tuple(formulas))


def disjunction(formulas: list[Term] | tuple[Term, ...]) -> Term:
    return FALSE if not formulas else formulas[0] if len(formulas) == 1 else Term("or", tuple(formulas))


def quantified(head: str, variables: Sequence[tuple[str, str]], formula: Term) -> Term:
    """The formula for all, or for some values of the variables, given with their sorts, the first outermost."""
    return reduce(lambda inside, variable: Term(head, (*variable, inside)), reversed(variables), formula)


def negation(formula: Term) -> Term:
    return Term("not", (formula,))


def equal(left: Any, right: Any) -> Term:
    return Term("eq", (as_term(left), as_term(right)))


def less(left: Any, right: Any) -> Term:
    return Term("lt", (as_term(left), as_term(right)))


def at_most(left: Any, right: Any) -> Term:
    return Term("le", (as_term(left), as_term(right)))


def subterms(term: Term) -> Iterator[Term]:
    """The term and everything in it, outermost first; an object that occurs more than once, once."""
    stack, seen = [term], set[int]()
    while stack:
        if id(here := stack.pop()) not in seen:
            seen.add(id(here))
            yield here
            stack.extend(a for a in reversed(here.args) if type(a) is Term)


@lru_cache(maxsize=200_000)
def free_symbols(term: Term) -> frozenset[str]:
    """The names of the symbols (and indexed symbols) of `term` that no binder of it binds."""
    parts = [free_symbols(a) for a in term.args if type(a) is Term]
    if term.head in BINDERS:
        parts[-1] -= {term.args[0]}
    names = frozenset().union(*parts) - (RANDOM if term.head == "app" and term.args[0] == "Ex" else frozenset())
    return names | {term.args[0]} if term.head in ("sym", "at") else names


def prefix(part: object) -> str:
    """A term in prefix notation, which orders terms, and sequences of terms."""
    parts = (part.head, *part.args) if type(part) is Term else part
    return f"({' '.join(map(prefix, parts))})" if isinstance(parts, list | tuple) else str(parts)


def rebuild(term: Term, change: Callable[[Term], Term]) -> Term:
    """`term` with `change` applied to each immediate subterm."""
    args = tuple(change(a) if type(a) is Term else a for a in term.args)
    return term if all(a is b for a, b in zip(args, term.args, strict=True)) else Term(term.head, args)


def substitute(term: Term, values: Mapping[str, Term]) -> Term:
    """`term` with its free symbols replaced; a bound name that would capture is renamed first.

    Values inside `Ex` may not mention a random array, which no branch has as a variable.
    """
    if term.head == "sym":
        return values.get(term.args[0], term)
    if term.head in BINDERS:
        bound, *between, body = term.args
        free = free_symbols(body) - {bound}
        inner = {k: v for k, v in values.items() if k in free}
        taken, name = free.union(*map(free_symbols, inner.values())), bound
        while name in taken:
            name += "_"
        if name != bound:
            inner[bound] = symbol(name)
        outside = (substitute(a, values) if type(a) is Term else a for a in between)
        return Term(term.head, (name, *outside, substitute(body, inner)))
    if term.head == "at" and term.args[0] in values:
        indexed = values[term.args[0]]
        require(indexed.head == "sym", "{} stands for {}, which is indexed in {}", indexed, term.args[0], term)
        term = Term("at", (*indexed.args, *term.args[1:]))
    kept = {k: v for k, v in values.items() if k not in RANDOM} if term.head == "app" and term.args[0] == "Ex" else values
    return rebuild(term, lambda a: substitute(a, kept))
