"""Theorems of analysis about minima that a theory may cite: `analysis.cite(theory)`."""

from __future__ import annotations

from .theory import Theory

CONVEX = "(forall x, y in U, r: 0 <= r & r <= 1 => r*x + (1 - r)*y in U)"
THEOREMS = {
    "Fermat": (
        "open(U) & C1(f) => forall x in U, eps > 0: (forall y in U: norm2(y - x) < eps^2 => f(x) <= f(y)) => grad f(x) = zero",
        "Nocedal and Wright, 2006, Theorem 2.2",
    ),
    "Weierstrass": (
        "(forall x in Rn: x in U) & continuous(f) & (forall c: exists r: forall x in Rn: norm2(x) > r => f(x) > c)"
        " => exists a in Rn: forall x in Rn: f(a) <= f(x)",
        "Rockafellar and Wets, 1998, Theorem 1.9",
    ),
    "strict convexity from the Hessian": (
        f"open(U) & C2(f) & {CONVEX} & (forall x in U: posdef(hess f(x)))"
        " => forall x, y in U: x != y => f(y) > f(x) + dot(grad f(x), y - x)",
        "Rockafellar and Wets, 1998, Theorem 2.14",
    ),
}
"""Name: the statement, about a real function `f` on a subset `U` of R^n, and where it stands."""


def cite(theory: Theory) -> None:
    """Adds the theorems to those that the theory cites."""
    for name, (source, reference) in THEOREMS.items():
        theory.cite(name, source, functions=["f", "U"], reference=reference)
