"""Theorems of analysis about minima and injectivity that a theory may cite: `analysis.cite(theory)`."""

from __future__ import annotations

from .theory import Theory

CONVEX = "(forall x, y in U, r: 0 <= r & r <= 1 => r*x + (1 - r)*y in U)"
INJECTIVE_DERIVATIVE = "(forall v in Rn: (forall i in 1..m: dot(grad f(i, {0}), v) = 0) => v = zero)"
INJECTIVE_NEAR = (
    "(forall y, z in U: norm2(y - {0}) < eps^2 & norm2(z - {0}) < eps^2 & (forall i in 1..m: f(i, y) = f(i, z)) => y = z)"
)
BORSUK, IMMERSIONS, SOMEWHERE = (
    "Borsuk and Ulam",
    "immersions are locally injective",
    "injective maps are immersions somewhere",
)
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
    BORSUK: (
        "open(U) & (exists a in U: true) & continuous(f) & m < n"
        " => exists x, y in U: x != y & (forall i in 1..m: f(i, x) = f(i, y))",
        "Borsuk, 1933, Satz II (on a small sphere in U)",
    ),
    IMMERSIONS: (
        f"open(U) & C1(f) => forall x in U: {INJECTIVE_DERIVATIVE.format('x')} => exists eps > 0: {INJECTIVE_NEAR.format('x')}",
        "Lee, 2013, Theorem 4.25",
    ),
    SOMEWHERE: (
        f"open(U) & C1(f) => forall a in U, eps > 0: {INJECTIVE_NEAR.format('a')}"
        f" => exists x in U: norm2(x - a) < eps^2 & {INJECTIVE_DERIVATIVE.format('x')}",
        "Lee, 2013, Theorem 4.12 (where the rank is maximal it is constant)",
    ),
}
"""Name: the statement, about a real function `f`, or a family f(1, .), ..., f(m, .), on a subset `U` of R^n, and its source."""


def cite(theory: Theory) -> None:
    """Adds the theorems to those that the theory cites."""
    for name, (source, reference) in THEOREMS.items():
        theory.cite(name, source, functions=["f", "U"], reference=reference)
