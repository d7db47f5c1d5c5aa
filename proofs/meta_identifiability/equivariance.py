"""A gradient step commutes with a linear isometry Q that leaves the losses unchanged, as grad L_t(Q x) = Q grad L_t(x)."""

TURNED = "Q((-alpha)*grad L(t, x) + x)"
DIFFERENCE = "L(t, Q(x) - alpha*grad L(t, Q(x))) - L(t, x - alpha*grad L(t, x))"
ISOMETRY = "forall x, y in Rn: dot(Q(x), Q(y)) = dot(x, y)"
LINEAR = "forall x, y in Rn, r: Q(r*x + y) = r*Q(x) + Q(y)"


PERMUTING = (
    "forall j in 1..n: exists i in 1..n: coord(p, i) = j",
    "forall i in 1..n: exists j in 1..n: coord(p, i) = j",
    "forall x in Rn, i in 1..n: coord(Q(x), i) = coord(x, coord(p, i))",
)


def equivariance(known: tuple[str, str, str], *by: str) -> list[tuple[str | int, ...]]:
    """The way to F_MAML(Q(x)) = F_MAML(x) on R^n for a linear isometry Q, as which the rules `by` know it by what is known."""
    return [
        *((formula,) for formula in known),  # 1, 2, 3
        (ISOMETRY, *by, 1, 2, 3),  # 4
        (LINEAR, *by, 1, 2, 3),  # 5
        ("forall t in tasks, x in Rn: L(t, Q(x)) = L(t, x)", "whole space"),  # 6
        ("forall x in Rn: x in Phi", "whole space"),  # 7
        ("forall t in tasks, x in Rn: grad L(t, Q(x)) = Q(grad L(t, x))", "chain rule for isometries(L)", 4, 5, 6, 7),  # 8
        (f"forall t in tasks, x in Rn: {TURNED} = (-alpha)*Q(grad L(t, x)) + Q(x)", "5 at grad L(t, x), x, -alpha", 5),  # 9
        ("forall t in tasks, y, z in Rn: y = z => L(t, y) = L(t, z)", 0),  # 10
        (
            f"forall t in tasks, x, u in Rn: dot(Q(x) - alpha*grad L(t, Q(x)) - {TURNED}, u) = 0",
            "8 at t, x",
            "9 at t, x",
            "dot at grad L(t, Q(x)), Q(grad L(t, x)), u",
            f"dot at {TURNED}, (-alpha)*Q(grad L(t, x)) + Q(x), u",
            *(8, 9),
        ),  # 11
        (
            f"forall t in tasks, x in Rn: Q(x) - alpha*grad L(t, Q(x)) - {TURNED} = zero",
            f"orthogonal to all at Q(x) - alpha*grad L(t, Q(x)) - {TURNED}",
            11,
        ),  # 12
        (
            f"forall t in tasks, x in Rn: L(t, Q(x) - alpha*grad L(t, Q(x))) = L(t, {TURNED})",
            f"10 at t, Q(x) - alpha*grad L(t, Q(x)), {TURNED}",
            *(10, 12),
        ),  # 13
        (
            "forall t in tasks, x in Rn: L(t, Q(x) - alpha*grad L(t, Q(x))) = L(t, x - alpha*grad L(t, x))",
            "6 at t, x - alpha*grad L(t, x)",
            "13 at t, x",
            *(6, 13),
        ),  # 14
        (f"forall x in Rn: E(t, {DIFFERENCE}) = 0", f"E(t, {DIFFERENCE})", 14),  # 15
        ("forall x in Rn: F_MAML(x) = E(t, L(t, x - alpha*grad L(t, x)))", "adapted objective", 7),  # 16
        ("forall x in Rn: F_MAML(Q(x)) = F_MAML(x)", "15 at x", "16 at x", "16 at Q(x)", 15, 16),  # 17
    ]
