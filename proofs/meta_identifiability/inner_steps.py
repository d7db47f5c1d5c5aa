"""Inner gradient steps on quadratics, x -> x - a A (x - c), in matrices of every size and for every number of steps.

The pair of x and c is the vector U x + V c, where U and V have orthonormal columns with U^T V = 0; a step is the matrix STEP,
which takes it to U (x - a A (x - c)) + V c.  After k steps it is U (c + (I - a A)^k (x - c)) + V c: for k = 0 at sight, and
STEP (U y + V c) = U (y - a A (y - c)) + V c gives k + 1.
"""

from metaid_symbolic.certificates import MatrixProof, Reduction
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.terms import ZERO

STEP = "(U*((Id - a*A)*tr(U) + a*A*tr(V)) + V*tr(V))"
SHRUNK = "power(Id - a*A, k)"
FRAME = "tr(U)*U = Id & tr(V)*V = Id & tr(U)*V = 0"
"""The hypotheses 1, 2 and 3 of the claims below, after one number 0."""


def reached(start: str, centre: str) -> str:
    """The point after k steps."""
    return f"tr(U)*(power({STEP}, k)*(U*{start} + V*{centre}))"


def equation(combination: str) -> Reduction:
    """The two sides of an equation differ by this combination of the gaps `_0`, `_1`, ... of what is granted."""
    return Reduction(parse_term(combination), (), ZERO)


def induction(goal: str, step: str) -> MatrixProof:
    """An equation by induction on k that holds at sight for k = 0."""
    return MatrixProof((parse_formula(goal),), "k", (equation("0"),), (equation(step),))


def shown(goal: str, combination: str) -> MatrixProof:
    """An equation that follows from what is granted."""
    return MatrixProof((parse_formula(goal),), "", (equation(combination),), ())


def gap(number: int, like: str) -> str:
    """The gap of equation `number`, which has the shape of the matrix `like`."""
    return f"(_{number} + {like} - {like})"


def after_steps(start: str, centre: str, number: int) -> MatrixProof:
    """What k steps do; this is equation `number` of what is granted."""
    pair, last = f"(U*{start} + V*{centre})", f"({centre} + {SHRUNK}*({start} - {centre}))"
    frame = f"U*(Id - a*A)*_1*{last} + U*(Id - a*A)*_3*{centre} + a*U*A*tr(_3)*{last} + a*U*A*_2*{centre}"
    rest = f"{frame} + V*tr(_3)*{last} + V*_2*{centre}"
    goal = f"power({STEP}, k)*{pair} = U*{last} + V*{centre}"
    return induction(goal, f"{STEP}*{gap(number, pair)} + {rest}")


def remaining(start: str, centre: str, number: int) -> str:
    """The point after k steps minus c + (I - a A)^k (x - c), by equation `number` about the pair."""
    pair, last = f"(U*{start} + V*{centre})", f"({centre} + {SHRUNK}*({start} - {centre}))"
    return f"(tr(U)*{gap(number, pair)} + _1*{last} + _3*{centre})"
