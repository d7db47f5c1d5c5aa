"""Exact expectations of terms over a task law."""

from __future__ import annotations

from collections.abc import Sequence

from ..programs import tidy
from ..terms import IllFormed, Term, number, total
from .laws import FiniteLaw, Law
from .series import expand


def mean(law: Law, tasks: Sequence[Term]) -> Term:
    """E_t G_t as a term: the weighted sum over a finite law, else the mean of the one term in the law's variables.

    Over variables G must be a polynomial in them (1/x^k is taken where the law knows its mean).  Raises `IllFormed` for any
    other integrand, for an infinite or irrational moment, and for a number of tasks that disagrees with the law.
    """
    expected = len(law.weights) if isinstance(law, FiniteLaw) else 1
    if len(tasks) != expected:
        raise IllFormed(f"{len(tasks)} tasks disagree with a law of {expected}")
    if isinstance(law, FiniteLaw):
        return tidy(total([number(w) * task for w, task in zip(law.weights, tasks, strict=True)]))
    try:
        series = expand(tasks, law.variables, laurent=True)[0]
    except IllFormed as cause:
        raise IllFormed(f"the mean is known for polynomials in the task variables only: {cause}") from None
    moments = (law.moment({v: e for v, e in zip(law.variables, exponents, strict=True) if e}) for exponents in series)
    return tidy(total([number(m) * c for m, c in zip(moments, series.values(), strict=True)]))
