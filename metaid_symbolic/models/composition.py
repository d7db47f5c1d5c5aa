"""Composition and gradients of terms, sharing kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..kernel.derivative import derivative
from ..kernel.rejection import Rejected
from ..terms import ONE, ZERO, IllFormed, Term, number, total


def gradient(term: Term, names: Sequence[str]) -> tuple[Term, ...]:
    try:
        return tuple(tidy(derivative(term, name)) for name in names)
    except Rejected as cause:
        raise IllFormed(str(cause)) from None


def compose(term: Term, values: Mapping[str, Term]) -> Term:
    """The term with its symbols replaced, tidied."""
    done: dict[int, Term] = {}

    def put(t: Term) -> Term:
        if id(t) not in done:
            if t.head == "sym":
                done[id(t)] = values.get(t.args[0], t)
            else:
                args = tuple(put(a) if type(a) is Term else a for a in t.args)
                done[id(t)] = _small(t if all(a is b for a, b in zip(args, t.args, strict=True)) else Term(t.head, args))
        return done[id(t)]

    return put(term)


def tidy(term: Term) -> Term:
    return compose(term, {})


def _small(term: Term) -> Term:
    """Rational numbers put together, 0 and 1 left out."""
    args = term.args
    if term.head == "add":
        constant = sum((a.args[0] for a in args if a.head == "num"), Fraction(0))
        rest = [a for a in args if a.head != "num"]
        return total([*rest, *([number(constant)] if constant or not rest else [])])
    if term.head == "mul":
        factor = Fraction(1)
        for a in args:
            factor *= a.args[0] if a.head == "num" else 1
        rest = [a for a in args if a.head != "num"]
        if not factor or not rest:
            return number(factor)
        listed = [*([number(factor)] if factor != 1 else []), *rest]
        return listed[0] if len(listed) == 1 else Term("mul", tuple(listed))
    if term.head == "pow" and args[0].head == "num":
        if args[0] == ZERO and args[1] < 0:
            raise IllFormed("a division by 0")
        return number(args[0].args[0] ** args[1]) if abs(args[1]) < 100 else term
    if term.head == "pow" and args[1] == 1:
        return args[0]
    return ONE if term.head == "exp" and args[0] == ZERO else term
