"""Gradient descent on R^n contracts to the minimiser of a strongly convex function with Lipschitz gradient.

For 0 < eta < 2/L one step leaves (1 - eta mu)^2 of |x - a|^2 at most if eta (mu + L) <= 2, and else (1 - eta L)^2 (Nesterov,
2018, Theorem 2.1.15): with g = grad F(x), d = x - a and (g - mu d) . (g - L d) <= 0,
|d - eta g|^2 <= |d|^2 (1 - eta^2 mu L) - eta (2 - eta (mu + L)) d . g, where mu |d|^2 <= d . g <= L |d|^2.
"""

STRONG = "(forall x, y in Phi, r: 0 <= r & r <= 1 => F(r*x + (1 - r)*y) <= r*F(x) + (1 - r)*F(y) - mu/2*r*(1 - r)*norm2(x - y))"
STRONG_HESSIAN = "(forall x in Phi: psd(hess F(x) - mu*eye))"
LIPSCHITZ = "(forall x, y in Phi: norm2(grad F(x) - grad F(y)) <= ell^2*norm2(x - y))"
TANGENT = "(forall x, y in Phi: F(y) >= F(x) + dot(grad F(x), y - x) + mu/2*norm2(y - x))"
NEARER = "norm2(x - eta*grad F(x) - a) <= {}*norm2(x - a)"
LIMIT = "(forall x in Rn: gd(eta, x, a))"
CONVERGES = "(forall x in Rn: gd(eta, x, a) & norm2(x - eta*grad F(x) - a) <= {}*norm2(x - a))"
SMALL, LARGE = "eta*(mu + ell) <= 2", "2 < eta*(mu + ell)"
LOW, HIGH = "(1 - eta*mu)^2", "(1 - eta*ell)^2"
SQUARE, SLOPE = "norm2(x - a)", "dot(grad F(x), x - a)"
INTERPOLATED = "dot(grad F(x) - mu*(x - a), grad F(x) - ell*(x - a))"

WHOLE_SPACE = [("forall x in Rn: x in Phi", "whole space"), (LIPSCHITZ,)]
"""The formulas 1 and 2 of the derivations below; 3 is strong convexity, 4 says TANGENT, 5 that grad F(a) = 0."""
CONTRACTION = [
    (
        "forall x, y in Rn: dot(grad F(x) - grad F(y) - mu*(x - y), grad F(x) - grad F(y) - ell*(x - y)) <= 0",
        "interpolation(F)",
        *(1, 2, 4),
    ),  # 6
    ("forall u in Rn: dot(grad F(a), u) = 0", "dot", 5),  # 7
    ("forall x in Rn: F(a) <= F(x)", "norm", 1, 4, 7),  # 8
    (f"forall x in Rn: {INTERPOLATED} <= 0", 6, 7),  # 9
    (f"forall x in Rn: mu*{SQUARE} <= {SLOPE}", 1, 4, 7, 8),  # 10
    (f"forall x in Rn: norm2(grad F(x)) <= ell^2*{SQUARE}", 1, 2, 7),  # 11
    ("forall x in Rn: 0 <= norm2(grad F(x) - ell*(x - a))", "norm", 0),  # 12
    (f"forall x in Rn: ell*{SLOPE} <= ell^2*{SQUARE}", 11, 12),  # 13
    ("forall b, c: ell*b <= ell^2*c => b <= ell*c", 0),  # 14
    (f"forall x in Rn: {SLOPE} <= ell*{SQUARE}", 13, 14),  # 15
    ("forall c: c <= 0 => eta^2*c <= 0", 0),  # 16
    (f"forall x in Rn: eta^2*{INTERPOLATED} <= 0", 9, 16),  # 17
    (f"forall b, c: b <= c & {SMALL} => eta*(2 - eta*(mu + ell))*b <= eta*(2 - eta*(mu + ell))*c", 0),  # 18
    (f"forall b, c: b <= c & {LARGE} => eta*(eta*(mu + ell) - 2)*b <= eta*(eta*(mu + ell) - 2)*c", 0),  # 19
    (f"forall x in Rn: {SMALL} => eta*(2 - eta*(mu + ell))*(mu*{SQUARE}) <= eta*(2 - eta*(mu + ell))*{SLOPE}", 10, 18),  # 20
    (f"forall x in Rn: {LARGE} => eta*(eta*(mu + ell) - 2)*{SLOPE} <= eta*(eta*(mu + ell) - 2)*(ell*{SQUARE})", 15, 19),  # 21
    (f"{SMALL} => (forall x in Rn: {NEARER.format(LOW)})", 17, 20),  # 22
    (f"{LARGE} => (forall x in Rn: {NEARER.format(HIGH)})", 17, 21),  # 23
    (f"0 < eta*ell & eta*ell < 2 & ({SMALL} => eta*mu < 2)", 0),  # 24
    ("forall c: 0 < c & c < 2 => (1 - c)^2 < 1", 0),  # 25
    (f"{SMALL} => 0 <= {LOW} & {LOW} < 1", 24, 25),  # 26
    (f"0 <= {HIGH} & {HIGH} < 1", 24, 25),  # 27
    (
        f"forall q: 0 <= q & q < 1 & (forall x in Rn: {NEARER.format('q')}) => (forall x in Rn: gd(eta, x, a))",
        "contraction",
        0,
    ),  # 28
    (f"{SMALL} => {CONVERGES.format(LOW)}", 22, 26, 28),  # 29
    (f"{LARGE} => {CONVERGES.format(HIGH)}", 23, 27, 28),  # 30
    (f"exists q: 0 <= q & q < 1 & {CONVERGES.format('q')}", 26, 27, 29, 30),  # 31
    ("a in argmin F", 1, 8),  # 32
]
"""The formulas 6 to 32, for 0 < eta, eta ell < 2, where strong convexity comes in by the formulas 4 and 5 alone."""
DESCENT = "(forall x in Rn: eta*ell = 1 => F(x - eta*grad F(x)) - F(a) <= (1 - eta*mu)*(F(x) - F(a)))"
GAP = [
    ("forall x, y in Phi: F(y) <= F(x) + dot(grad F(x), y - x) + ell/2*norm2(y - x)", "descent lemma(F)", 1, 2),  # 33
    ("forall x in Rn: F(x - eta*grad F(x)) <= F(x) - eta*norm2(grad F(x)) + ell*eta^2/2*norm2(grad F(x))", 1, 33),  # 34
    ("forall c: eta*ell = 1 => ell*eta^2*c = eta*c", 0),  # 35
    ("forall x in Rn: eta*ell = 1 => F(x - eta*grad F(x)) <= F(x) - eta/2*norm2(grad F(x))", 34, 35),  # 36
    ("forall x in Rn: 0 <= norm2(grad F(x) - mu*(x - a))", "norm", 0),  # 37
    ("forall x in Rn: 2*mu*(F(x) - F(a)) <= norm2(grad F(x))", 1, 4, 37),  # 38
    ("forall b, c: 2*mu*b <= c => eta*mu*b <= eta/2*c", 0),  # 39
    ("forall x in Rn: eta*mu*(F(x) - F(a)) <= eta/2*norm2(grad F(x))", 38, 39),  # 40
    (DESCENT, 36, 40),  # 41
]
"""The formulas 33 to 41: at eta = 1/L one step leaves (1 - mu/L) of the gap F - min F at most (Nesterov, 2018, Theorem 2.1.5)."""
