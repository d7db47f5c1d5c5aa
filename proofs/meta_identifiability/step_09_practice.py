"""Step 9: MAML and Reptile in practice."""

from inner_steps import FRAME, SHRUNK, after_steps, gap, reached, remaining, shown

from metaid_symbolic.certificates import NormalForm
from metaid_symbolic.claims import Universe
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.symbols import reals
from metaid_symbolic.theory import Hint, Theory

theory = Theory("meta_identifiability", step="S9", title="Identifiability in practice")
x = reals("x")

theory.remark(
    "S9.claim",
    "ill-posed",
    "approximate identifiability has no definition: neither the sense of approximation nor the algorithm is named",
    readings=("S9.claim/diameter",),
)
# False: x^2/(1 + x^4) has the minimiser 0, and every sublevel set {F <= eps} is unbounded.
SHRINKS = (
    "forall d > 0: exists e > 0: forall x, y in Rn: (forall a in argmin F: F(x) <= F(a) + e & F(y) <= F(a) + e)"
    " => exists a, b in argmin F: sqrt(norm2(x - y)) <= sqrt(norm2(a - b)) + d"
)
theory.claim(
    "S9.claim/diameter",
    f"whole & EXISTS & (exists r: forall a in argmin F: norm2(a) <= r) => {SHRINKS}",
    expected=False,
    hint=Hint(problem=MetaProblem(x, [x**2 / (1 + x**4)], [1])),
    through=(
        ("forall a in argmin F: a = zero", "at: 0"),
        ("forall e > 0, x in Rn: norm2(x)*e >= 1 => F(x) <= e",),
        ("forall e > 0: exists x in Rn: norm2(x) > 1 & norm2(x)*e >= 1",),
        ("sqrt(0) = 0", "sqrt(0)"),
        ("forall x in Rn: norm2(x) > 1 => sqrt(norm2(x)) > 1", "sqrt(x_1^2)"),
        ("forall e > 0: exists x, y in Rn: sqrt(norm2(x - y)) > 1 & F(x) <= e & F(y) <= e", "at: 0"),
        ("forall a, b in argmin F: sqrt(norm2(a - b)) = 0", "at: a_1", "at: b_1", "sqrt(0)"),
        ("forall a in argmin F, e > 0, x, y in Rn: F(x) <= e & F(y) <= e => F(x) <= F(a) + e & F(y) <= F(a) + e", 1),
        (
            "forall e > 0: exists x, y in Rn: sqrt(norm2(x - y)) > 1"
            " & (forall a in argmin F: F(x) <= F(a) + e & F(y) <= F(a) + e)",
            *(6, 8),
        ),
        (f"not {SHRINKS}", "at: 1", 7, 9),
    ),
    words="For every d > 0 the set {F <= min F + e} has, for some e > 0, a diameter of at most that of A* plus d.",
)

# False: the one task x^2/2 with alpha = 1/2.
theory.claim(
    "S9.var/necessary",
    "STAYS & UNIQ[F_MAML] => forall a in argmin F_MAML: GVAR(a)",
    expected=False,
)
# False: equal curvatures 1 and alpha = 1.
theory.claim(
    "S9.pull/sufficient",
    "whole & (forall x in Phi: GVAR(x)) & (exists a in argmin F_MAML: true) => UNIQ[F_MAML]",
    expected=False,
)
# False: the same.
theory.claim(
    "S9.unique/diverse",
    "QUADRATIC & (exists s, t in tasks, a, b in Rn: grad L(s, a) = zero & grad L(t, b) = zero & a != b) => UNIQ[F_MAML]",
    expected=False,
)
# True: (I - alpha H) H' (I - alpha H) >= mu (1 - alpha beta)^2 >= mu/4, and the third-derivative term is at most
# alpha rho |g'| <= alpha rho G <= mu/8.
theory.claim(
    "S9.unique/small",
    "(forall x in D: x in Phi) & (forall x in D0: x in D) & open(D)"
    " & (forall x, y in D, r: 0 <= r & r <= 1 => r*x + (1 - r)*y in D)"
    " & (forall x, y in D0, r: 0 <= r & r <= 1 => r*x + (1 - r)*y in D0)"
    " & (forall x in D0, t in tasks: x - alpha*grad L(t, x) in D)"
    " => forall mu > 0, beta > 0, rho >= 0, G >= 0:"
    " (forall t in tasks, x, y in D, r: 0 <= r & r <= 1"
    " => L(t, r*x + (1 - r)*y) <= r*L(t, x) + (1 - r)*L(t, y) - mu/2*r*(1 - r)*norm2(x - y))"
    " & (forall t in tasks, x, y in D: norm2(grad L(t, x) - grad L(t, y)) <= beta^2*norm2(x - y))"
    " & (forall t in tasks, x, y in D, u, v in Rn:"
    " (D2L(t, x, u, v) - D2L(t, y, u, v))^2 <= rho^2*norm2(x - y)*norm2(u)*norm2(v))"
    " & (forall t in tasks, x in D: norm2(grad L(t, x)) <= G^2) & 2*alpha*beta <= 1 & 8*alpha*rho*G <= mu"
    " => forall x in D0: psd(hess F_MAML(x) - (mu/8)*eye)",
    universe=Universe(smoothness="C3"),
    expected=True,
)

wells = MetaProblem(x, [(x**2 - 1) ** 2 - x, (x**2 - 1) ** 2 + x], ["1/2", "1/2"])
LEAST = "(forall y in Rn: F_MAML(x, 1/100) <= F_MAML(y, 1/100))"
SIX = "16*coord(x, 1)^2*(coord(x, 1)^2 - 26)^2 = 9997"
# False: two and six; adaptation makes four new ones.
theory.at(
    "S9.unique/wells",
    wells,
    f"exists a, b in Rn: a != b & (forall x in Rn: {LEAST} <=> x = a | x = b)",
    through=[
        f"forall x in Rn: {LEAST} <=> {SIX}",
        *(f"exists x in Rn: {low} < coord(x, 1) & coord(x, 1) < {low + 1} & {SIX}" for low in (0, 4, 5)),
    ],
    expected=False,
    words="F_MAML has exactly two minimisers. F has, as the value claim says, so this is the claim that the numbers agree.",
)
# The step sends x to (26 x - x^3)/25 + t/100 for t = -1, 1, and F_MAML is a function of the square of the first summand.
theory.at(
    "S9.unique/wells!value",
    wells,
    f"(forall x in Rn: x in argmin F <=> x = [-1] | x = [1]) & (forall x in Rn: {LEAST} <=> {SIX})",
    expected=True,
    words="The minimisers of F are -1 and 1; those of F_MAML are the six real roots of 16 x^2 (x^2 - 26)^2 = 9997.",
)

# True: E(theta_t - x) = E theta_t - x.
theory.claim(
    "S9.reptile/exact",
    "whole => forall th in families: (forall t in tasks, x in Rn: x != th[t] => L(t, th[t]) < L(t, x))"
    " => forall x in Rn: E(t, th[t] - x) = zero <=> x = E(t, th[t])",
    expected=True,
)
END, LEFT = reached("(O*x)", "th"), remaining("(O*x)", "th", 6)
FIELD = f"W*({END} - O*x) = W*(Id - {SHRUNK})*th - W*(Id - {SHRUNK})*O*x"
INVERTED = "R*(W*B*O) = Id & (W*B*O)*R = Id"
AT_REST, FOUND = "W*B*th - W*B*O*x = 0", "x = R*(W*B*th)"
# True: the point after k steps is theta + (I - alpha A)^k (x - theta), so the field is E B_t (theta_t - x).
theory.matrix(
    "S9.reptile/finite",
    shapes={
        **dict.fromkeys(["A", "B"], ("m", "m")), **dict.fromkeys(["U", "V"], ("w", "m")), "O": ("m", "n"), "W": ("n", "m"),
        "R": ("n", "n"), "x": ("n", "1"), "th": ("m", "1"),
    },
    scalars=["a"],
    symmetric=["A"],
    equations=[f"{FRAME} => {FIELD}", f"{INVERTED} & {AT_REST} => {FOUND}", f"{INVERTED} & {FOUND} => {AT_REST}"],
    expected=True,
    hint=Hint(
        certificate=NormalForm(
            (
                (after_steps("(O*x)", "th", 6), shown(FIELD, f"W*{LEFT}")),
                (shown(FOUND, f"-R*{gap(3, 'x')} - _1*x"),),
                (shown(AT_REST, f"-(W*B*O)*{gap(3, 'x')} - _2*W*B*th"),),
            )
        )
    ),
    words="All tasks together: A and B are block matrices with the A_t and B_t on the diagonal, th lists the theta_t, O x repeats"
    " x for each task, and W takes the mean over the tasks of a list of vectors, so E B = W B O.  An inner step takes the pair of"
    " blocks (y, th) to (y - a A (y - th), th), from y = O x.  The field after k steps is E[B_t theta_t] - (E B) x with"
    " B = I - (I - a A)^k; and for every B with E B invertible, E[B_t theta_t] - (E B) x vanishes exactly at"
    " x = (E B)^-1 E[B_t theta_t].",
)  # fmt: skip
# False: curvatures 1 and 2, alpha = 1/4: the fixed points 2/3 (k = 1) and 12/19 (k = 2) are not 1/2.
theory.claim(
    "S9.reptile/mean",
    "whole & 1 <= steps & (forall t in tasks, x in Rn: meq(hess L(t, x), hess L(t, phi)))"
    " & (forall x, y in Rn: reptile(x) = reptile(y) => x = y)"
    " => forall th in families: (forall t in tasks: grad L(t, th[t]) = zero)"
    " => forall x in Rn: reptile(x) = zero => x = E(t, th[t])",
    expected=False,
    words="For quadratics the field is E B_t (theta_t - x); it is injective iff E B is invertible.",
)
# False: 1/2 against the minimiser 8/17 of F_MAML at alpha = 1/4.
theory.claim(
    "S9.reptile/optimal",
    "QUADRATIC => forall th in families: (forall t in tasks: grad L(t, th[t]) = zero) => E(t, th[t]) in argmin F_MAML",
    expected=False,
)
theory.unformalised(
    "S9.nichol",
    expected=True,
    reason="the expansions hold for every exchangeable law of k minibatch losses; expand g_i at the k - 1 earlier points to first"
    " order in alpha and use that E g_i' H_j over i != j is half the gradient of E g_i . g_j",
    needs="a law over k-tuples of losses, and means over it, for every k",
)

if __name__ == "__main__":
    theory.main()
