"""Theorems of analysis, linear algebra and topology that proofs may assume: `analysis.cite(theory)`.

`f` is a real function on a subset `U` of R^n, n >= 1, or a family `f(i, .)` of them; `C1(f)`, `C2(f)`, `C3(f)`,
`continuous(f)` speak of `f` (every member) on `U`; `D2f(x, u, v)`, `D3f(x, u, v, w)` are derivatives of `f` at `x` along
vectors, so they are renamed with it.  A free `m` is the number of members of a family f(1, .), ..., f(m, .), m >= 1; `q`
is a map from R^n to R^n.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from .theory import Theory

BORSUK, IMMERSIONS, SOMEWHERE = (
    "Borsuk and Ulam",
    "immersions are locally injective",
    "injective maps are immersions somewhere",
)
LOCAL_MINIMUM = "(forall y in U: norm2(y - x) < eps^2 => f(x) <= f(y))"
CONVEX = "(forall x, y in U, r: 0 <= r & r <= 1 => r*x + (1 - r)*y in U)"
CONVEX_FUNCTION = "(forall x, y in U, r: 0 <= r & r <= 1 => f(r*x + (1 - r)*y) <= r*f(x) + (1 - r)*f(y))"
EVERYWHERE = "(forall x in Rn: x in U)"
COERCIVE = "(forall c: exists r: forall x in Rn: norm2(x) > r => f(x) > c)"
STRICT = "(exists eps > 0: forall y in Rn: norm2(y - {0}) < eps^2 & y != {0} => f({0}) < f(y))"
STRONG = "(forall x, y in U, r: 0 <= r & r <= 1 => f(r*x + (1 - r)*y) <= r*f(x) + (1 - r)*f(y) - mu/2*r*(1 - r)*norm2(x - y))"
PSD, AT_LEAST_MU = "(forall x in U: psd(hess f(x)))", "(forall x in U: psd(hess f(x) - mu*eye))"
TANGENT = "(forall x, y in U: f(y) >= f(x) + dot(grad f(x), y - x) + mu/2*norm2(y - x))"
LIPSCHITZ = "(forall x, y in U: norm2(grad f(x) - grad f(y)) <= ell^2*norm2(x - y))"
INJECTIVE_DERIVATIVE = "(forall v in Rn: (forall i in 1..m: dot(grad f(i, {0}), v) = 0) => v = zero)"
INJECTIVE_NEAR = (
    "(forall y, z in U: norm2(y - {0}) < eps^2 & norm2(z - {0}) < eps^2 & (forall i in 1..m: f(i, y) = f(i, z)) => y = z)"
)


@final
@dataclass(frozen=True, slots=True)
class Cited:
    """A theorem about the functions and sets named; `reference` gives author, year and number."""

    name: str
    source: str
    functions: tuple[str, ...]
    reference: str


THEOREMS = (
    Cited(
        "Fermat",
        f"open(U) & C1(f) => forall x in U, eps > 0: {LOCAL_MINIMUM} => grad f(x) = zero",
        ("f", "U"),
        "Nocedal and Wright, 2006, Theorem 2.2",
    ),
    Cited(
        "second-order necessary condition",
        f"open(U) & C2(f) => forall x in U, eps > 0: {LOCAL_MINIMUM} => psd(hess f(x))",
        ("f", "U"),
        "Nocedal and Wright, 2006, Theorem 2.3",
    ),
    Cited(
        "second-order sufficient condition",
        "open(U) & C2(f) => forall x in U: grad f(x) = zero & posdef(hess f(x))"
        " => exists eps > 0: forall y in U: norm2(y - x) < eps^2 & y != x => f(x) < f(y)",
        ("f", "U"),
        "Nocedal and Wright, 2006, Theorem 2.4",
    ),
    Cited(
        "nonsingular semidefinite matrix",
        "open(U) & C2(f) => forall x in U: psd(hess f(x)) & nonsingular(hess f(x)) => posdef(hess f(x))",
        ("f", "U"),
        "Horn and Johnson, 2013, Corollary 7.1.7",
    ),
    Cited(
        "inverse function theorem",
        "open(U) & C2(f) => forall x in U: nonsingular(hess f(x)) => exists eps > 0: forall y, z in U:"
        " norm2(y - x) < eps^2 & norm2(z - x) < eps^2 & grad f(y) = grad f(z) => y = z",
        ("f", "U"),
        "Rudin, 1976, Theorem 9.24",
    ),
    Cited(
        "constant signature",
        "open(U) & connected(U) & C2(f) & (forall x in U: nonsingular(hess f(x))) & (exists x in U: posdef(hess f(x)))"
        " => forall x in U: posdef(hess f(x))",
        ("f", "U"),
        "Horn and Johnson, 2013, Theorem 2.4.9.2 (eigenvalues are continuous), on a connected set",
    ),
    Cited(
        "convexity and the Hessian",
        f"open(U) & C2(f) & {CONVEX} => ({PSD} => {CONVEX_FUNCTION}"
        f" & (forall x, y in U: f(y) >= f(x) + dot(grad f(x), y - x))) & ({CONVEX_FUNCTION} => {PSD})",
        ("f", "U"),
        "Rockafellar and Wets, 1998, Theorem 2.14",
    ),
    Cited(
        "strict convexity from the Hessian",
        f"open(U) & C2(f) & {CONVEX} & (forall x in U: posdef(hess f(x)))"
        " => forall x, y in U: x != y => f(y) > f(x) + dot(grad f(x), y - x)",
        ("f", "U"),
        "Rockafellar and Wets, 1998, Theorem 2.14",
    ),
    Cited(
        "strict minimisers of convex functions",
        f"{CONVEX} & {CONVEX_FUNCTION}"
        " => forall x in U, eps > 0: (forall y in U: norm2(y - x) < eps^2 & y != x => f(x) < f(y))"
        " => forall y in U: y != x => f(x) < f(y)",
        ("f", "U"),
        "Rockafellar and Wets, 1998, Theorem 2.6 (the values along the segment from x to y)",
    ),
    Cited(
        "null vectors of semidefinite matrices",
        "open(U) & C2(f) => forall x in U: psd(hess f(x))"
        " => forall u in Rn: D2f(x, u, u) = 0 => forall v in Rn: D2f(x, u, v) = 0",
        ("f", "U"),
        "Horn and Johnson, 2013, Observation 7.1.6",
    ),
    Cited(
        "Weierstrass",
        f"{EVERYWHERE} & continuous(f) & {COERCIVE} => exists a in Rn: forall x in Rn: f(a) <= f(x)",
        ("f", "U"),
        "Rockafellar and Wets, 1998, Theorem 1.9",
    ),
    Cited(
        "mountain pass",
        f"{EVERYWHERE} & C1(f) & {COERCIVE} => forall a, b in Rn: a != b & {STRICT.format('a')} & {STRICT.format('b')}"
        " => exists c in Rn: grad f(c) = zero & (forall eps > 0: exists x in Rn: norm2(x - c) < eps^2 & f(x) < f(c))",
        ("f", "U"),
        "Struwe, 2008, Theorem II.1.1",
    ),
    Cited(
        BORSUK,
        "open(U) & (exists a in U: true) & continuous(f) & m < n"
        " => exists x, y in U: x != y & (forall i in 1..m: f(i, x) = f(i, y))",
        ("f", "U"),
        "Borsuk, 1933, Satz II (on a small sphere in U)",
    ),
    Cited(
        "invariance of dimension",
        "2 <= n & open(U) & (exists a in U: true) & continuous(f) => exists x, y in U: x != y & f(x) = f(y)",
        ("f", "U"),
        "Brouwer, 1911 (no open subset of R^n, n >= 2, is mapped into R injectively)",
    ),
    Cited(
        "invariance of domain",
        "open(U) & continuous(f) & (forall x, y in U: f(x) = f(y) => x = y) => forall x in U: exists y in U: f(y) < f(x)",
        ("f", "U"),
        "Brouwer, 1912 (the image of an injective f is open; for n >= 2 there is none)",
    ),
    Cited(
        IMMERSIONS,
        f"open(U) & C1(f) => forall x in U: {INJECTIVE_DERIVATIVE.format('x')} => exists eps > 0: {INJECTIVE_NEAR.format('x')}",
        ("f", "U"),
        "Lee, 2013, Theorem 4.25",
    ),
    Cited(
        SOMEWHERE,
        f"open(U) & C1(f) => forall a in U, eps > 0: {INJECTIVE_NEAR.format('a')}"
        f" => exists x in U: norm2(x - a) < eps^2 & {INJECTIVE_DERIVATIVE.format('x')}",
        ("f", "U"),
        "Lee, 2013, Theorem 4.12 (where the rank is maximal it is constant)",
    ),
    Cited(
        "linear forms on the sphere",
        "open(U) & C1(f) => forall x in U: (forall u in Rn: u != zero => exists i in 1..m: dot(grad f(i, x), u) > 0)"
        " => exists c > 0: forall u in Rn: exists i in 1..m: dot(grad f(i, x), u) >= 0 & dot(grad f(i, x), u)^2 >= c^2*norm2(u)",
        ("f", "U"),
        "Rudin, 1976, Theorem 4.16 (a continuous function attains its minimum on the unit sphere)",
    ),
    Cited(
        "Taylor",
        "open(U) & C2(f) => forall x in U: exists c > 0, eps > 0: forall h in Rn: norm2(h) < eps^2 => x + h in U"
        " & (forall i in 1..m: f(i, x + h) - f(i, x) - dot(grad f(i, x), h) <= c*norm2(h)"
        " & -(c*norm2(h)) <= f(i, x + h) - f(i, x) - dot(grad f(i, x), h))",
        ("f", "U"),
        "Apostol, 1974, Theorem 12.14",
    ),
    Cited(
        "descent lemma",
        f"{EVERYWHERE} & C1(f) => forall ell > 0: {LIPSCHITZ}"
        " => forall x, y in U: f(y) <= f(x) + dot(grad f(x), y - x) + ell/2*norm2(y - x)",
        ("f", "U"),
        "Nesterov, 2018, Lemma 1.2.3",
    ),
    Cited(
        "strong convexity",
        f"{EVERYWHERE} & C1(f) => forall mu > 0: {STRONG} => {TANGENT}"
        " & (exists a in U: grad f(a) = zero & (forall x in U: f(a) <= f(x)))",
        ("f", "U"),
        "Nesterov, 2018, Theorems 2.1.9 and 2.2.6",
    ),
    Cited(
        "strong convexity and the Hessian",
        f"open(U) & C2(f) & {CONVEX} => forall mu > 0: ({AT_LEAST_MU} => {TANGENT}) & ({STRONG} => {AT_LEAST_MU})",
        ("f", "U"),
        "Nesterov, 2018, Theorem 2.1.11",
    ),
    Cited(
        "interpolation",
        f"{EVERYWHERE} & C1(f) => forall mu > 0, ell > 0: {TANGENT} & {LIPSCHITZ}"
        " => forall x, y in U: dot(grad f(x) - grad f(y) - mu*(x - y), grad f(x) - grad f(y) - ell*(x - y)) <= 0",
        ("f", "U"),
        "Nesterov, 2018, Theorem 2.1.12",
    ),
    Cited(
        "chain rule for isometries",
        "open(U) & C1(f) & (forall x, y in Rn: dot(q(x), q(y)) = dot(x, y)) & (forall x, y in Rn, r: q(r*x + y) = r*q(x) + q(y))"
        " & (forall x in U: q(x) in U & f(q(x)) = f(x)) => forall x in U: grad f(q(x)) = q(grad f(x))",
        ("f", "q", "U"),
        "Rudin, 1976, Theorem 9.15",
    ),
    Cited(
        "constant along a line",
        f"{EVERYWHERE} & C2(f) => forall u in Rn: (forall x in Rn, c: f(x + c*u) = f(x))"
        " => forall x, v in Rn: dot(grad f(x), u) = 0 & D2f(x, u, v) = 0",
        ("f", "U"),
        "Rudin, 1976, Theorem 9.15 (differentiate in c at 0, for f and its gradient)",
    ),
    Cited(
        "bounds of derivatives",
        f"open(U) & C3(f) & {CONVEX} => forall mu > 0, ell >= 0, rho >= 0: {STRONG} & {LIPSCHITZ}"
        " & (forall x, y in U, u, v in Rn: (D2f(x, u, v) - D2f(y, u, v))^2 <= rho^2*norm2(x - y)*norm2(u)*norm2(v))"
        " => forall x in U, u, v, w in Rn: mu*norm2(u) <= D2f(x, u, u) & D2f(x, u, v)^2 <= ell^2*norm2(u)*norm2(v)"
        " & D3f(x, w, u, v)^2 <= rho^2*norm2(w)*norm2(u)*norm2(v)",
        ("f", "U"),
        "Nesterov, 2018, Lemmas 1.2.2 and 1.2.4 and Theorem 2.1.11",
    ),
    Cited(
        "Cauchy and Schwarz",
        "forall x, y in Rn: dot(x, y)^2 <= norm2(x)*norm2(y)",
        (),
        "Horn and Johnson, 2013, Theorem 0.6.3",
    ),
    Cited(
        "interpolation with values",
        f"{EVERYWHERE} & C1(f) => forall mu >= 0, ell > mu: {TANGENT} & {LIPSCHITZ}"
        " => forall x, y in U: norm2(grad f(x) - grad f(y)) + mu*ell*norm2(x - y) - 2*mu*dot(grad f(y) - grad f(x), y - x)"
        " <= 2*(ell - mu)*(f(y) - f(x) - dot(grad f(x), y - x))",
        ("f", "U"),
        "Taylor, Hendrickx and Glineur, 2017, Theorem 4 (multiplied by 2 (ell - mu))",
    ),
    Cited(
        "permutation matrices",
        "forall p in Rn: (forall j in 1..n: exists i in 1..n: coord(p, i) = j)"
        " & (forall i in 1..n: exists j in 1..n: coord(p, i) = j)"
        " & (forall x in Rn, i in 1..n: coord(q(x), i) = coord(x, coord(p, i)))"
        " => (forall x, y in Rn: dot(q(x), q(y)) = dot(x, y)) & (forall x, y in Rn, r: q(r*x + y) = r*q(x) + q(y))",
        ("q",),
        "Horn and Johnson, 2013, Section 0.9.5 (they are orthogonal)",
    ),
    Cited(
        "finitely many gradients",
        "open(U) & C1(f) => forall x in U: exists b > 0: forall i in 1..m: norm2(grad f(i, x)) <= b",
        ("f", "U"),
        "Rudin, 1976, Theorem 4.15 (on a finite set)",
    ),
    Cited(
        "fewer forms of rank one than dimensions",
        "open(U) & C2(f) & m < n => forall x in U:"
        " (forall i in 1..m: exists v in Rn, c: forall y, z in Rn: D2f(i, x, y, z) = c*dot(v, y)*dot(v, z))"
        " => exists u in Rn: u != zero & (forall i in 1..m, y in Rn: D2f(i, x, u, y) = 0)",
        ("f", "U"),
        "Horn and Johnson, 2013, Section 0.4.5 (the rank of a sum is at most the sum of the ranks)",
    ),
)
MINIMA = ("Fermat", "Weierstrass", "strict convexity from the Hessian")
"""What enclosures of minima rest on."""
IDENTIFIABILITY = (*MINIMA, BORSUK, IMMERSIONS, SOMEWHERE)
"""What the claims about what can be identified of a model rest on."""
BY_NAME = {one.name: one for one in THEOREMS}


def cite(theory: Theory, names: Iterable[str] | None = None) -> None:
    """Adds the theorems of these names, by default all, to those that the theory cites.  Raises `KeyError` for another name."""
    for one in THEOREMS if names is None else map(BY_NAME.__getitem__, names):
        theory.cite(one.name, one.source, functions=one.functions, reference=one.reference)
