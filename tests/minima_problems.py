"""Minima and critical points that are irrational or transcendental: closed questions, and what is true of them."""

from __future__ import annotations

from dataclasses import dataclass

from metaid_symbolic.language import parse_term
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.terms import less, symbol


@dataclass(frozen=True)
class Question:
    """Whether the formula holds for the losses, equally weighted, on R^n or on an open box."""

    losses: tuple[str, ...]
    formula: str
    truth: bool
    names: tuple[str, ...] = ("x",)
    box: tuple[tuple[str, str], ...] = ()

    @property
    def problem(self) -> MetaProblem:
        sides = zip(self.names, self.box, strict=False)
        bounds = [c for x, (a, b) in sides for c in (less(parse_term(a), symbol(x)), less(symbol(x), parse_term(b)))]
        losses = [parse_term(loss) for loss in self.losses]
        return MetaProblem(self.names, losses, [f"1/{len(losses)}"] * len(losses), tuple(bounds))  # type: ignore[arg-type]


PLANE = ("x", "y")
ONE = "exists a in Phi: grad F(a) = zero & (forall b in Phi: grad F(b) = zero => b = a)"
TWO = "exists a, b in Phi: a != b & grad F(a) = zero & grad F(b) = zero & (forall c in Phi: grad F(c) = zero => c = a | c = b)"
THREE = (
    "exists a, b, c in Phi: a != b & a != c & b != c & grad F(a) = zero & grad F(b) = zero & grad F(c) = zero"
    " & (forall d in Phi: grad F(d) = zero => d = a | d = b | d = c)"
)
NONE = "forall x in Phi: grad F(x) != zero"
BETWEEN = "exists a in argmin F: {} < coord(a, 1) & coord(a, 1) < {}"
WORTH = "exists a in argmin F: {} < F(a) & F(a) < {}"
LOGISTIC = ("log(1 + exp(x + y)) + x^2/8 + y^2/8", "log(1 + exp(y - 2*x)) + x^2/8 + y^2/8", "log(1 + exp(x - y)) + x^2/8 + y^2/8")
WELLS, TILTED = ("x^2/2 - log(exp(2*x) + exp(-2*x)) + y^2/2 + x*y/8",), ("x^4 - 2*x^2 - x/2",)
TANH, LAYERS = ("(tanh(x) - 1/2)^2 + x^2/20",), ("(y*logistic(x) - 1)^2/2 + x^2/10 + y^2/10",)

CONVEX = {
    "logistic regression with a ridge": Question(("log(1 + exp(x)) + x^2/4", "log(1 + exp(-2*x)) + x^2/4"), "UNIQ", True),
    "softplus": Question(("log(1 + exp(x)) - x/3",), "UNIQ", True),
    "softplus, where": Question(("log(1 + exp(x)) - x/3",), BETWEEN.format("-7/10", "-69/100"), True),
    "logarithm of the hyperbolic cosine": Question(("log(exp(x) + exp(-x))", "log(exp(2*x - 2) + exp(2 - 2*x))"), "UNIQ", True),
    "softplus, how low": Question(("log(1 + exp(x)) - x/3",), WORTH.format("6365/10000", "6366/10000"), True),
    "exponential and square": Question(("exp(x) + x^2",), BETWEEN.format("-352/1000", "-351/1000"), True),
    "logistic regression in the plane": Question(LOGISTIC, "UNIQ", True, PLANE),
    "softmax": Question(("log(1 + exp(x) + exp(y)) - x/2 - y/4",), "UNIQ", True, PLANE),
    "softmax exists": Question(("log(1 + exp(x) + exp(y)) - x/2 - y/4",), "EXISTS", True, PLANE),
    "exponentials in the plane": Question(("exp(x) + exp(y - x) + exp(-y) + x/4",), "UNIQ", True, PLANE),
    "separable data": Question(("log(1 + exp(-x))", "log(1 + exp(-2*x))"), "UNIQ", False),
    "softplus, elsewhere": Question(("log(1 + exp(x)) - x/3",), BETWEEN.format("-69/100", "1"), False),
}
ALGEBRAIC = {
    "cube root": Question(("x^4 - x",), "UNIQ", True),
    "cube root, which": Question(("x^4 - x",), "exists a in argmin F: 4*coord(a, 1)^3 = 1", True),
    "two wells": Question(("x^4 - 4*x^2",), "EXISTS", True),
    "tilted wells": Question(TILTED, "UNIQ", True),
    "quartic in the plane": Question(("x^4 + y^4 - x*y - x",), "UNIQ", True, PLANE),
    "strictly convex quartic": Question(("x^4 + y^4 + x^2 + y^2 - x - 2*y - x*y/2",), "UNIQ", True, PLANE),
    "quartic in the plane, where": Question(("x^4 + y^4 - x*y - x",), BETWEEN.format("7318/10000", "7319/10000"), True, PLANE),
    "quartic in the plane, how low": Question(("x^4 + y^4 - x*y - x",), WORTH.format("-7566/10000", "-7565/10000"), True, PLANE),
    "sextic in the plane": Question(("x^6 + y^2 - x*y - 3*x",), "UNIQ", True, PLANE),
    "two wells, unique": Question(("x^4 - 4*x^2",), "UNIQ", False),
    "cube root, elsewhere": Question(("x^4 - x",), BETWEEN.format("63/100", "1"), False),
}
TWO_LOWEST = "exists a, b in argmin F: a != b & (forall c in argmin F: c = a | c = b)"
GOLDEN = ("x^6/6 - x^4/4 - x^2/2",)
TIED = {
    "two minimisers with a rational minimum": Question(("x^4 - 4*x^2",), TWO_LOWEST, True),
    "two minimisers with an irrational minimum": Question(GOLDEN, TWO_LOWEST, True),
    "two minimisers among seven critical points": Question(("(x^2 - 2)^2*(x^2 - 8)^2 + x^2",), TWO_LOWEST, True),
    "two minimisers, not one": Question(GOLDEN, "UNIQ", False),
    "two minimisers, elsewhere": Question(GOLDEN, BETWEEN.format("0", "1"), False),
}
COUNTED = {
    "one critical point of a tanh loss": Question(TANH, ONE, True, box=(("-2", "2"),)),
    "two critical points": Question(("exp(x) - 3*x^2",), TWO, True, box=(("0", "4"),)),
    "three critical points": Question(WELLS, THREE, True, PLANE, (("-3", "3"), ("-1", "1"))),
    "one critical point of two layers": Question(LAYERS, ONE, True, PLANE, (("-2", "2"), ("-2", "2"))),
    "no critical point": Question(("log(1 + exp(x)) + log(1 + exp(x + y))",), NONE, True, PLANE, (("-3", "3"), ("-3", "3"))),
    "two, not one": Question(("exp(x) - 3*x^2",), ONE, False, box=(("0", "4"),)),
    "one, not none": Question(TANH, NONE, False, box=(("-2", "2"),)),
}
SIGNS = {
    "a positive loss in the plane": Question(
        ("exp(x*y) - x - y/2 + 2",), "forall x in Phi: F(x) > 0", True, PLANE, (("0", "1"),) * 2
    ),
    "a positive loss in four variables": Question(
        ("2 + log(1 + exp(x - y)) - z*w/2 - x*z/2",),
        "forall x in Phi: F(x) > 1/2",
        True,
        ("x", "y", "z", "w"),
        (("-1", "1"),) * 4,
    ),
    "a convex loss on a box": Question(
        LAYERS, "forall x in Phi: posdef(hess F(x))", True, PLANE, (("-1/8", "1/8"), ("1", "9/8"))
    ),
    "positive but at one point": Question(("exp(x) - 1 - x",), "forall x in Phi: F(x) > 0", False, box=(("-1", "1"),)),
    "negative near a corner": Question(("exp(x*y) - x - y - 1/2",), "forall x in Phi: F(x) > 0", False, PLANE, (("0", "1"),) * 2),
}
QUESTIONS = {**CONVEX, **ALGEBRAIC, **TIED, **COUNTED, **SIGNS}
