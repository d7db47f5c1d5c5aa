"""Identities and inequalities between matrices of every size, true ones and false ones, written down before any search for them.

Each true statement stands beside a false one that differs from it by a usual slip: a transposed factor, a missing
commutation, a wrong sign, a hypothesis left out, a number where a matrix belongs (right for n = 1 alone).

Letters mean the same throughout.  All matrices are n x n but: X, Y of shape n x m, J of shape m x n, V, Vi and T of shape m x m,
the weights W1 (h x d), W2 (l x h) with the gradient G (l x d) of a loss at W2 W1 and the h x h matrices S, Si, Z of its gauge;
x, y, u, v, o, p are vectors of R^n, and a, b, c, q, mu scalars.  H, K, P, R are symmetric, Q is orthogonal, (A, Ai), (B, Bi) and
(S, Si) are inverse to one another where both occur, and c is not 0.  `A <= B` says that B - A is symmetric positive
semidefinite, `A < B` that it is symmetric positive definite; `power(A, k)` is A^k for every k >= 0, `trace` the trace and `tr`
the transpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from metaid_symbolic.claims import MatrixIdentities
from metaid_symbolic.language import parse_formula
from metaid_symbolic.matrix_claims import Properties, matrix_identities
from metaid_symbolic.terms import free_symbols

SHAPES = {
    **dict.fromkeys(["A", "Ai", "B", "Bi", "C", "D", "U", "F", "N", "H", "K", "P", "R", "Q"], ("n", "n")),
    **dict.fromkeys(["X", "Y"], ("n", "m")),
    **dict.fromkeys(["x", "y", "u", "v", "o", "p"], ("n", "1")),
    **dict.fromkeys(["S", "Si", "Z"], ("h", "h")),
    "J": ("m", "n"), "V": ("m", "m"), "Vi": ("m", "m"), "T": ("m", "m"), "W1": ("h", "d"), "W2": ("l", "h"), "G": ("l", "d"),
}  # fmt: skip
SCALARS = ("a", "b", "c", "q", "mu")
INVERSES = (("A", "Ai"), ("B", "Bi"), ("S", "Si"))


@final
@dataclass(frozen=True)
class Pair:
    """A sentence of the field, its formula, and a false formula that looks like it."""

    sentence: str
    true: str
    false: str


PAIRS = {
    # Hessians of adapted losses
    "adapted Hessian": Pair(
        "The Hessian of a quadratic loss after one step is symmetric.",
        "tr((Id - a*H)*H*(Id - a*H)) = (Id - a*H)*H*(Id - a*H)",
        "tr((Id - a*H)*K) = (Id - a*H)*K",
    ),
    "step commutes with its Hessian": Pair(
        "I - aH commutes with H, but not with the Hessian of another task.",
        "(Id - a*H)*H = H*(Id - a*H)",
        "(Id - a*H)*K = K*(Id - a*H)",
    ),
    "adapted quadratic": Pair(
        "The loss of the adapted parameters of a quadratic task is x^T H (I - aH)^2 x.",
        "tr(x - a*H*x)*H*(x - a*H*x) = tr(x)*H*(Id - a*H)^2*x",
        "tr(x - a*H*x)*H*(x - a*H*x) = tr(x)*H*(Id - a*H)*x",
    ),
    "k inner steps": Pair(
        "(I - aH)^k is symmetric when H is.",
        "tr(power(Id - a*H, k)) = power(Id - a*H, k)",
        "tr(power(Id - a*A, k)) = power(Id - a*A, k)",
    ),
    "k inner steps commute": Pair(
        "(I - aA)^k commutes with A.",
        "power(Id - a*A, k)*A = A*power(Id - a*A, k)",
        "power(Id - a*A, k)*B = B*power(Id - a*A, k)",
    ),
    "k-step quadratic": Pair(
        "(I - aH)^k H (I - aH)^k = H (I - aH)^k (I - aH)^k: the Hessian of k-step MAML on a quadratic.",
        "tr(power(Id - a*H, k))*H*power(Id - a*H, k) = H*power(Id - a*H, k)*power(Id - a*H, k)",
        "tr(power(Id - a*A, k))*A*power(Id - a*A, k) = A*power(Id - a*A, k)*power(Id - a*A, k)",
    ),
    # push-through and Woodbury
    "push-through": Pair(
        "(I + XJ)^-1 X = X (I + JX)^-1.",
        "U*(Id + X*J) = Id & (Id + J*X)*V = Id => U*X = X*V",
        "U*(Id + X*J) = Id & (Id + J*X)*V = Id => U*X = -X*V",
    ),
    "ridge regression": Pair(
        "Primal and dual solution of ridge regression agree.",
        "U*(a*Id + X*tr(X)) = Id & (a*Id + tr(X)*X)*V = Id => U*X = X*V",
        "U*(a*Id + X*tr(X)) = Id & (a*Id + tr(X)*X)*V = Id => U*X = a*X*V",
    ),
    "Woodbury": Pair(
        "(A + XVJ)^-1 by the inverse T of V^-1 + J A^-1 X.",
        "Vi*V = Id & V*Vi = Id & T*(Vi + J*Ai*X) = Id & (Vi + J*Ai*X)*T = Id => (A + X*V*J)*(Ai - Ai*X*T*J*Ai) = Id",
        "Vi*V = Id & V*Vi = Id & T*(Vi + J*Ai*X) = Id & (Vi + J*Ai*X)*T = Id => (A + X*V*J)*(Ai + Ai*X*T*J*Ai) = Id",
    ),
    "Sherman and Morrison": Pair(
        "The inverse of a rank-one update.",
        "q*(1 + tr(v)*Ai*u) = 1 => (A + u*tr(v))*(Ai - q*Ai*u*tr(v)*Ai) = Id",
        "q*(1 + tr(v)*Ai*u) = 1 => (A + u*tr(v))*(Ai - q*Ai*v*tr(u)*Ai) = Id",
    ),
    "resolvents": Pair("A^-1 - B^-1 = A^-1 (B - A) B^-1.", "Ai - Bi = Ai*(B - A)*Bi", "Ai - Bi = Ai*(A - B)*Bi"),
    "inverse of a product": Pair("(AB)^-1 = B^-1 A^-1.", "A*B*(Bi*Ai) = Id", "A*B*(Ai*Bi) = Id"),
    "one inverse": Pair("A left and a right inverse are equal.", "U*D = Id & D*F = Id => U = F", "X*J = Id => J*X = Id"),
    "inverse of a symmetric matrix": Pair(
        "The inverse of a symmetric matrix is symmetric.", "U*H = Id & H*U = Id => tr(U) = U", "U*D = Id & D*U = Id => tr(U) = U"
    ),
    # projections
    "complement of a projection": Pair("I - P is a projection if P is.", "U*U = U => (Id - U)^2 = Id - U", "(Id - U)^2 = Id - U"),
    "two projections": Pair(
        "Products of commuting projections are projections.",
        "U*U = U & F*F = F & U*F = F*U => (U*F)^2 = U*F",
        "U*U = U & F*F = F => (U*F)^2 = U*F",
    ),
    "powers of a projection": Pair(
        "P^(k+1) = P, and at k = 0 the power is I.", "U*U = U => power(U, k + 1) = U", "U*U = U => power(U, k) = U"
    ),
    "hat matrix": Pair(
        "The hat matrix of least squares is a projection.",
        "V*(tr(X)*X) = Id => (X*V*tr(X))^2 = X*V*tr(X)",
        "V*(tr(X)*X) = Id => X*V*tr(X) = Id",
    ),
    "hat matrix is symmetric": Pair(
        "The hat matrix is symmetric.",
        "V*(tr(X)*X) = Id & tr(X)*X*V = Id => tr(X*V*tr(X)) = X*V*tr(X)",
        "tr(X*V*tr(X)) = X*V*tr(X)",
    ),
    "orthonormal columns": Pair(
        "X X^T projects if the columns of X are orthonormal.",
        "tr(X)*X = Id => (X*tr(X))^2 = X*tr(X)",
        "tr(X)*X = Id => X*tr(X) = Id",
    ),
    "reflection": Pair(
        "The Householder reflection of a unit vector is its own inverse.",
        "tr(u)*u = 1 => (Id - 2*u*tr(u))^2 = Id",
        "tr(u)*u = 1 => (Id - u*tr(u))^2 = Id",
    ),
    "centring": Pair(
        "Subtracting the mean is a projection; o is the vector of ones, of which c is the number.",
        "tr(o)*o = c => (Id - o*tr(o)/c)^2 = Id - o*tr(o)/c",
        "tr(o)*o = c => (Id - o*tr(o))^2 = Id - o*tr(o)",
    ),
    # traces
    "cyclic trace": Pair("Traces are cyclic.", "trace(A*B*C) = trace(C*A*B)", "trace(A*B*C) = trace(A*C*B)"),
    "trace of a transpose": Pair(
        "The Frobenius product is symmetric.", "trace(tr(A)*B) = trace(tr(B)*A)", "trace(A*B) = trace(A)*trace(B)"
    ),
    "trace of a rectangle": Pair(
        "tr(XJ) = tr(JX).", "trace(X*J) = trace(J*X)", "trace(X*J) = trace(X*tr(X))"
    ),
    "trace under similarity": Pair("Similar matrices have one trace.", "trace(S*Z*Si) = trace(Z)", "trace(S*Z*S) = trace(Z)"),
    "trace of the Fisher matrix": Pair(
        "The trace of g g^T is |g|^2.", "trace(x*tr(x)) = tr(x)*x", "x*tr(x) = tr(x)*x*Id"
    ),
    "trace of a commutator": Pair("Commutators have trace 0.", "trace(A*B - B*A) = 0", "trace(A*B*A - B*A*B) = 0"),
    "drift of the loss": Pair(
        "The rate at which a step along W2 changes the loss, from either side.",
        "trace(tr(W1)*tr(W2)*G) = trace(G*tr(W1)*tr(W2))",
        "trace(tr(W1)*tr(W2)*G) = trace(tr(G)*G)",
    ),
    # commuting matrices and powers
    "square of a sum": Pair(
        "The binomial formula wants commuting matrices.",
        "A*B = B*A => (A + B)^2 = A^2 + 2*A*B + B^2",
        "(A + B)^2 = A^2 + 2*A*B + B^2",
    ),
    "powers commute": Pair(
        "A^k commutes with what A commutes with.",
        "A*B = B*A => power(A, k)*B = B*power(A, k)",
        "power(A, k)*B = B*power(A, k)",
    ),
    "power of a product": Pair(
        "(AB)^k = A^k B^k for commuting A, B.",
        "A*B = B*A => power(A, k)*B = B*power(A, k) & power(A*B, k) = power(A, k)*power(B, k)",
        "power(A*B, k) = power(A, k)*power(B, k)",
    ),
    "power of a conjugate": Pair(
        "(S Z S^-1)^k = S Z^k S^-1.", "power(S*Z*Si, k) = S*power(Z, k)*Si", "power(S*Z*Si, k) = power(Z, k)"
    ),
    "similar optimisers": Pair(
        "A linear optimiser and one similar to it make the same k-th update.",
        "tr(W1)*Si*power(S*Z*Si, k)*S*W1 = tr(W1)*power(Z, k)*W1",
        "tr(W1)*power(S*Z*Si, k)*W1 = tr(W1)*power(Z, k)*W1",
    ),
    "power of a transpose": Pair(
        "(A^T)^k = (A^k)^T.", "power(tr(A), k) = tr(power(A, k))", "power(tr(A), k) = power(A, k)"
    ),
    "nilpotent": Pair(
        "I + N and I - N are inverse if N^2 = 0.", "N*N = 0 => (Id + N)*(Id - N) = Id", "N*N*N = 0 => (Id + N)*(Id - N) = Id"
    ),
    "rank-one power": Pair(
        "(u v^T)^(k+1) = (v^T u)^k u v^T.",
        "power(u*tr(v), k + 1) = power(tr(v)*u, k)*u*tr(v)",
        "power(u*tr(v), k + 1) = power(tr(u)*u, k)*u*tr(v)",
    ),
    # orthogonal maps and equivariance
    "Gram matrix": Pair(
        "Orthogonal maps keep the Gram matrix.", "tr(Q*X)*(Q*X) = tr(X)*X", "Q*X*tr(Q*X) = X*tr(X)"
    ),
    "equivariant step": Pair(
        "A gradient step commutes with an orthogonal change of coordinates.",
        "Q*(x - a*A*x) = Q*x - a*(Q*A*tr(Q))*(Q*x)",
        "Q*(x - a*A*x) = Q*x - a*(tr(Q)*A*Q)*(Q*x)",
    ),
    "norm": Pair("Orthogonal maps keep lengths.", "tr(Q*x)*(Q*x) = tr(x)*x", "tr(Q*x)*x = tr(x)*x"),
    "skew forms": Pair("x^T A x = 0 for skew A.", "tr(A) = -A => tr(x)*A*x = 0", "tr(A) = -A => A*x = 0"),
    "completing a square": Pair(
        "The square of a difference for a symmetric form.",
        "tr(x - y)*H*(x - y) = tr(x)*H*x - 2*tr(x)*H*y + tr(y)*H*y",
        "tr(x - y)*A*(x - y) = tr(x)*A*x - 2*tr(x)*A*y + tr(y)*A*y",
    ),
    # a I + b 1 1^T and the softmax
    "eigenvector of ones": Pair(
        "a + bq is an eigenvalue of a I + b 1 1^T, with q the number of ones.",
        "tr(o)*o = q => (a*Id + b*o*tr(o))*o = (a + b*q)*o",
        "tr(o)*o = q => (a*Id + b*o*tr(o))*o = (a + b)*o",
    ),
    "other eigenvectors": Pair(
        "a is the eigenvalue of all vectors of sum 0.",
        "tr(o)*x = 0 => (a*Id + b*o*tr(o))*x = a*x",
        "(a*Id + b*o*tr(o))*x = a*x",
    ),
    "inverse of a I + b 1 1^T": Pair(
        "Its inverse is of the same form.",
        "tr(o)*o = q & mu*(c + b*q) = 1 => (c*Id + b*o*tr(o))*(Id/c - b*mu/c*o*tr(o)) = Id",
        "tr(o)*o = q & mu*(c + b*q) = 1 => (c*Id + b*o*tr(o))*(Id/c + b*mu/c*o*tr(o)) = Id",
    ),
    "softmax": Pair(
        "The ones are in the kernel of the derivative of softmax.",
        "D*o = p & tr(o)*p = 1 => (D - p*tr(p))*o = 0",
        "D*o = p => (D - p*tr(p))*o = 0",
    ),
    # gauge and conserved quantities
    "gauge": Pair("W2 S^-1 S W1 = W2 W1.", "W2*Si*(S*W1) = W2*W1", "W2*S*(S*W1) = W2*W1"),
    "gauge tangent": Pair(
        "(Z W1, -W2 Z) is in the kernel of the derivative of W2 W1.", "-(W2*Z)*W1 + W2*(Z*W1) = 0", "W2*Z*W1 + W2*(Z*W1) = 0"
    ),
    "conserved": Pair(
        "Gradient flow conserves W1 W1^T - W2^T W2.",
        "tr(W2)*G*tr(W1) + tr(tr(W2)*G*tr(W1)) - tr(G*tr(W1))*W2 - tr(W2)*(G*tr(W1)) = 0",
        "tr(W2)*G*tr(W1) + tr(tr(W2)*G*tr(W1)) + tr(G*tr(W1))*W2 + tr(W2)*(G*tr(W1)) = 0",
    ),
    "drift": Pair(
        "One gradient step changes W1 W1^T - W2^T W2 to second order.",
        "(W1 - a*tr(W2)*G)*tr(W1 - a*tr(W2)*G) - tr(W2 - a*G*tr(W1))*(W2 - a*G*tr(W1)) - W1*tr(W1) + tr(W2)*W2"
        " = a^2*(tr(W2)*G*tr(G)*W2 - W1*tr(G)*G*tr(W1))",
        "(W1 - a*tr(W2)*G)*tr(W1 - a*tr(W2)*G) - tr(W2 - a*G*tr(W1))*(W2 - a*G*tr(W1)) - W1*tr(W1) + tr(W2)*W2"
        " = a^2*(tr(W2)*G*tr(G)*W2 + W1*tr(G)*G*tr(W1))",
    ),
    # inequalities
    "sum of forms": Pair("Sums of PSD matrices are PSD.", "0 <= P & 0 <= R => 0 <= P + R", "0 <= P & 0 <= R => 0 <= P - R"),
    "congruence": Pair(
        "X^T P X is PSD with P; P H P need not be.", "0 <= P => 0 <= tr(X)*P*X", "0 <= P => 0 <= P*H*P"
    ),
    "Gauss and Newton": Pair(
        "The Gauss-Newton matrix of a convex loss, damped, is positive definite.",
        "0 <= V & 0 < a => 0 < tr(J)*V*J + a*Id",
        "0 < V => 0 < tr(J)*V*J",
    ),
    "adapted curvature": Pair(
        "(I - aH) P (I - aH) is PSD with P; (I - aH) P is not.",
        "0 <= P => 0 <= (Id - a*H)*P*(Id - a*H)",
        "0 <= P & 0 <= a & H*P = P*H => 0 <= (Id - a*H)*P",
    ),
    "Fisher matrix": Pair(
        "The mean of g g^T is PSD, for weights V of either number of tasks.",
        "0 <= V => 0 <= X*V*tr(X)",
        "0 <= P & P*A = A*P => 0 <= P*A",
    ),
    "convex combinations": Pair(
        "Combinations with nonnegative weights.",
        "0 <= a & 0 <= b & 0 <= P & 0 <= R => 0 <= a*P + b*R",
        "0 <= a & 0 <= P & 0 <= R => 0 <= a*P + b*R",
    ),
    "covariance": Pair(
        "Y^T (I - 1 1^T/c) Y, the covariance of the columns times c, is PSD.",
        "tr(o)*o = c => 0 <= tr(Y)*(Id - o*tr(o)/c)*Y",
        "tr(o)*o = c => 0 <= tr(Y)*(o*tr(o)/c - Id)*Y",
    ),
    "monotone": Pair(
        "Congruence keeps the Loewner order; squaring does not.",
        "P <= R => tr(X)*P*X <= tr(X)*R*X",
        "0 <= P & P <= R => P*P <= R*R",
    ),
    "strong convexity": Pair(
        "A convex loss added to a strongly convex one.",
        "mu*Id <= H & 0 <= P => mu*Id <= H + P",
        "mu*Id <= H => mu*Id <= H + K",
    ),
    "Young": Pair(
        "X^T Y + Y^T X <= X^T X + Y^T Y.",
        "tr(X)*Y + tr(Y)*X <= tr(X)*X + tr(Y)*Y",
        "tr(X)*Y + tr(Y)*X <= tr(X)*X",
    ),
    "one definite summand": Pair(
        "A definite and a semidefinite matrix.", "0 < P & 0 <= R => 0 < P + R", "0 <= P & 0 <= R => 0 < P + R"
    ),
    "trivial kernel": Pair(
        "X^T P X is definite if P is and the kernel of X is trivial.",
        "0 < P & J*X = Id => 0 < tr(X)*P*X",
        "0 < P => 0 < tr(X)*P*X",
    ),
    "common kernel": Pair(
        "A^T A + B^T B is definite if the kernels of A and B meet in 0.",
        "C*A + D*B = Id => 0 < tr(A)*A + tr(B)*B",
        "0 < tr(A)*A + tr(B)*B",
    ),
    "contraction": Pair(
        "(I - a X X^T)^2 <= I if a X^T X <= 2 I.",
        "0 <= a & a*tr(X)*X <= 2*Id => (Id - a*X*tr(X))^2 <= Id",
        "0 <= a => (Id - a*X*tr(X))^2 <= Id",
    ),
    "Lyapunov": Pair(
        "A^T P A <= P bounds every power of A.",
        "tr(A)*P*A <= P => tr(power(A, k))*P*power(A, k) <= P",
        "0 <= P => tr(power(A, k))*P*power(A, k) <= P",
    ),
}  # fmt: skip


def claims() -> dict[str, tuple[MatrixIdentities, bool]]:
    """Each formula as a claim about matrices of all sizes, with its truth."""
    made = {}
    for name, pair in PAIRS.items():
        made[name] = claim(pair.true), True
        made[f"{name}, wrongly"] = claim(pair.false), False
    return made


def claim(formula: str) -> MatrixIdentities:
    """The formula for the letters that occur in it."""
    parsed = parse_formula(formula)
    letters = free_symbols(parsed)
    letters |= {a for a, b in INVERSES if b in letters}
    known = Properties(
        inverses=tuple(pair for pair in INVERSES if {*pair} <= letters),
        symmetric=tuple(name for name in "HKPR" if name in letters),
        orthogonal=tuple(name for name in "Q" if name in letters),
        nonzero=tuple(name for name in "c" if name in letters),
    )
    shapes = {name: sides for name, sides in SHAPES.items() if name in letters}
    return matrix_identities(shapes, [parsed], [name for name in SCALARS if name in letters], known)
