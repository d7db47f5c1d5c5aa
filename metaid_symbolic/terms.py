"""The one term language: scalars, vectors of R^n, matrices, and formulas over them.

A term is a head and its arguments.  Building a term never simplifies it: what is printed is what was
written.  Numbers are rationals; a float, a boolean or a subclass is refused where it enters.  Division by
zero has some value that nothing is known about, so what is proved holds whatever that value is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\Z", re.ASCII)

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
BINDERS = {"mean": (0,), "sum": (0,), "forall": (0,), "exists": (0,)}


class IllFormed(ValueError):
    """The arguments do not make a term; the message names what disagrees."""


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Term:
    """`head` applied to `args`, checked against `SIGNATURES`.  Equality is identity of syntax."""

    head: str
    args: tuple[Any, ...] = ()
    _hash: int = field(init=False)

    def __post_init__(self) -> None:
        if self.head not in SIGNATURES:
            raise IllFormed(f"{self.head!r} is no head of a term")
        kinds = SIGNATURES[self.head][1]
        if kinds.endswith("*"):
            kinds = kinds[:-2] + kinds[-2] * (len(self.args) - len(kinds) + 2)
        if len(self.args) != len(kinds):
            raise IllFormed(f"{self.head} takes {len(kinds)} arguments, not {len(self.args)}")
        for kind, arg in zip(kinds, self.args, strict=True):
            _check_kind(self.head, kind, arg)
        object.__setattr__(self, "_hash", hash((self.head, self.args)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not Term or self._hash != other._hash:
            return False
        return self.head == other.head and self.args == other.args

    def __repr__(self) -> str:
        return text(self)

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
            if not divisor.args[0]:
                raise IllFormed(f"{self} is divided by 0")
            return Term("mul", (self, number(1 / divisor.args[0])))
        return Term("mul", (self, Term("pow", (divisor, -1))))

    def __rtruediv__(self, other: Any) -> Term:
        return as_term(other) / self

    def __pow__(self, exponent: int) -> Term:
        return Term("pow", (self, exponent))

    def _repr_latex_(self) -> str:
        from .reports.latex import latex

        return f"${latex(self)}$"

    @property
    def sympy(self) -> Any:
        """This term as a SymPy expression."""
        from .sympy_bridge import to_sympy

        return to_sympy(self)


def _check_kind(head: str, kind: str, arg: object) -> None:
    match kind:
        case "q":
            good = type(arg) is Fraction
        case "i":
            good = type(arg) is int and 0 < abs(arg) <= 1000
        case "s":
            good = type(arg) is str and NAME.match(arg) is not None and len(arg) <= 100
        case "d":
            good = arg in SORTS if type(arg) is str else type(arg) is Term and kind_of(arg) == "v"
        case _:
            good = type(arg) is Term and kind_of(arg) == kind
    if not good:
        raise IllFormed(f"{head} does not take {arg!r} ({type(arg).__name__})")


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


def vector(*entries: Term) -> Term:
    return Term("vec", entries)


def total(terms: list[Term] | tuple[Term, ...]) -> Term:
    """The sum, 0 if there is nothing to add."""
    return ZERO if not terms else terms[0] if len(terms) == 1 else Term("add", tuple(terms))


def conjunction(formulas: list[Term] | tuple[Term, ...]) -> Term:
    return TRUE if not formulas else formulas[0] if len(formulas) == 1 else Term("and", tuple(formulas))


def disjunction(formulas: list[Term] | tuple[Term, ...]) -> Term:
    return FALSE if not formulas else formulas[0] if len(formulas) == 1 else Term("or", tuple(formulas))


def negation(formula: Term) -> Term:
    return Term("not", (formula,))


def equal(left: Any, right: Any) -> Term:
    return Term("eq", (as_term(left), as_term(right)))


def less(left: Any, right: Any) -> Term:
    return Term("lt", (as_term(left), as_term(right)))


def at_most(left: Any, right: Any) -> Term:
    return Term("le", (as_term(left), as_term(right)))


def subterms(term: Term) -> Iterator[Term]:
    """The term and everything in it, outermost first."""
    stack = [term]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(a for a in reversed(here.args) if type(a) is Term)


def free_symbols(term: Term) -> frozenset[str]:
    """The names of the symbols (and indexed symbols) of `term` that no binder of it binds."""
    if term.head == "sym":
        return frozenset(term.args)
    inside = [free_symbols(a) for a in term.args if type(a) is Term]
    names = frozenset().union(*inside)
    if term.head in BINDERS:
        bound = frozenset([term.args[0]])
        outside = [free_symbols(a) for a in term.args[1:-1] if type(a) is Term]
        return (free_symbols(term.args[-1]) - bound).union(*outside)
    return names | {term.args[0]} if term.head == "at" else names


def rebuild(term: Term, change: Callable[[Term], Term]) -> Term:
    """`term` with `change` applied to each immediate subterm."""
    args = tuple(change(a) if type(a) is Term else a for a in term.args)
    return term if all(a is b for a, b in zip(args, term.args, strict=True)) else Term(term.head, args)


def substitute(term: Term, values: Mapping[str, Term]) -> Term:
    """`term` with its free symbols replaced; a bound name that would capture is renamed first."""
    if not values:
        return term
    if term.head == "sym":
        return values.get(term.args[0], term)
    if term.head in BINDERS:
        name, body = term.args[0], term.args[-1]
        inner = {k: v for k, v in values.items() if k != name}
        if any(name in free_symbols(v) for k, v in inner.items() if k in free_symbols(body)):
            fresh = name
            taken = free_symbols(body).union(*(free_symbols(v) for v in inner.values()))
            while fresh in taken:
                fresh += "_"
            inner, name = {**inner, name: symbol(fresh)}, fresh
        between = tuple(substitute(a, values) if type(a) is Term else a for a in term.args[1:-1])
        return Term(term.head, (name, *between, substitute(body, inner)))
    if term.head == "at" and term.args[0] in values:
        indexed = values[term.args[0]]
        if indexed.head != "sym":
            raise IllFormed(f"{indexed} stands for {term.args[0]}, which is indexed in {term}")
        term = Term("at", (*indexed.args, *term.args[1:]))
    return rebuild(term, lambda a: substitute(a, values))


LEVEL = {"iff": 0, "implies": 1, "or": 2, "and": 3, "not": 4, "eq": 5, "lt": 5, "le": 5, "add": 6, "madd": 6,
         "mul": 7, "mscale": 7, "pow": 9}  # fmt: skip
INFIX = {"iff": " <=> ", "implies": " => ", "or": " | ", "and": " & ", "eq": " = ", "lt": " < ", "le": " <= ",
         "add": " + ", "madd": " + ", "mul": "*"}  # fmt: skip


def text(term: Term) -> str:
    """The kernel's own printing; the parser reads it back as the same term."""
    head, args = term.head, term.args
    level = LEVEL.get(head, 10)

    def show(a: Term, least: int) -> str:
        inner = -1 if a.head in ("forall", "exists") else LEVEL.get(a.head, 10)
        if a.head == "num" and (a.args[0] < 0 or a.args[0].denominator > 1):
            inner = 5 if a.args[0] < 0 else 6
        return text(a) if inner >= least else f"({text(a)})"

    if head == "num":
        return str(args[0])
    if head == "sym":
        return str(args[0])
    if head == "pred" and len(args) == 1:
        return str(args[0])
    if head in ("true", "false", "eye", "zero"):
        return head
    if head == "vec":
        return "[" + ", ".join(map(text, args)) + "]"
    if head == "at":
        return f"{args[0]}[{', '.join(map(text, args[1:]))}]"
    if head in ("forall", "exists"):
        where = {"real": "", "point": " in Rn", "task": " in tasks", "family": " in families"}
        sort = where[args[1]] if type(args[1]) is str else f" in 1..{show(args[1], 8)}"
        return f"{head} {args[0]}{sort}: {show(args[2], -1)}"
    if head == "pred" and len(args) == 2 and args[0][0].isupper() and args[0] not in ("C1", "C2", "C3"):
        return f"{show(args[1], 6)} in {args[0]}"
    if head in ("mean", "sum", "app", "grad", "hess", "pred"):
        name = args[0] if head in ("app", "pred") else f"{head} {args[0]}" if head in ("grad", "hess") else head
        rest = args if head in ("mean", "sum") else args[1:]
        return f"{name}({', '.join(a if type(a) is str else text(a) for a in rest)})"
    if head == "pow":
        return f"{show(args[0], 10)}^{args[1] if args[1] > 0 else f'({args[1]})'}"
    if head == "not":
        return f"not {show(args[0], 5)}"
    if head == "mscale":
        return f"{show(args[0], 8)}*{show(args[1], 7)}"
    if head in INFIX and len(args) > 1:
        return INFIX[head].join(show(a, level + 1) for a in args)
    return f"{head}({', '.join(map(text, args))})"
