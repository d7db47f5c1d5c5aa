"""The types of meta-parameters and the methods that learn them: one line each for gradient, Hessian and Fisher matrix.

`ROWS` is README's table.  What each line derives is compared at rational points, exactly, with the method's definition carried
out by SymPy: the task functions G_t (or fields V_t) are written down again below, and differentiated by SymPy alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models import learners
from metaid_symbolic.models.laws import FiniteLaw
from metaid_symbolic.models.methods import METHODS
from metaid_symbolic.models.objective import Constant, MetaObjective

ROWS = [
    ("initialisation", "MAML, k steps, support and query data", "derive(maml(tasks, rate=alpha, steps=2, query=query))"),
    ("initialisation", "first-order MAML", "derive(fomaml(tasks, rate=alpha, steps=2, query=query))"),
    ("initialisation", "Reptile", "derive(reptile(tasks, rate=alpha, steps=2))"),
    ("initialisation", "Reptile, inner problems solved", "derive(reptile(parabolas, steps=None))"),
    ("initialisation", "proximal MAML", "derive(proximal(parabolas, strength=mu))"),
    ("initialisation", "implicit MAML", "derive(implicit_maml(parabolas, strength=mu, query=query))"),
    ("initialisation", "ANIL", "derive(anil(tasks, head='y', rate=alpha, steps=2, query=query))"),
    ("learning rate", "Meta-SGD", "derive(meta_sgd(tasks, steps=2, query=query))"),
    ("architecture", "DARTS", "derive(darts(mixed, mixing=('p', 'q'), rate=alpha, query=mixed_query))"),
    ("loss function", "learned loss", "derive(learned_loss(tasks, inner=inner, learned=('eta', 'nu'), rate=alpha))"),
    ("loss function", "learned regularisation weight", "derive(learned_regularisation(parabolas, query=query))"),
    ("optimiser", "learned linear optimiser", "derive(learned_optimizer(parabolas, optimizer=linear_optimizer(1, 2), steps=2))"),
    ("prior", "PACOH", "derive(pacoh_gaussian(parabolas, prior_variance='1/2', hyper_variance=3))"),
    ("representation", "Baxter's averaged loss", "derive(baxter(('x', 'y'), examples))"),
]  # fmt: skip

X, Y, ALPHA, MU, LAMBDA, ETA, NU = sp.symbols("x y alpha mu lambda eta nu", real=True)
XY = sp.Matrix([X, Y])
WEIGHTS = (sp.Rational(1, 3), sp.Rational(2, 3))
TASKS = [X**3 / 3 + X * Y**2, (X - 1) ** 2 + X**2 * Y]
QUERY = [(X - Y) ** 2, X * Y + Y**2]
PARABOLAS = [X**2 + X * Y + Y**2, (X - 1) ** 2 / 2 + (X + 2 * Y) ** 2]
INNER = [ETA * TASKS[0] + NU * X**2, ETA * TASKS[1] + NU * Y]
P, Q, W = sp.symbols("p q w", real=True)
MIXED = [(P * W + Q * W**2 - 1) ** 2, (P * W - Q) ** 2 / 2]
MIXED_QUERY = [(P * W + 2) ** 2, (P * W**2 - Q * W) ** 2]
LOSS = parse_term("(x*u + y - v)^2/2")
EXAMPLES = [[(1, 2), (0, 1)], [(3, -1)]]


def terms(expressions: list[Any]) -> tuple[Any, ...]:
    return tuple(parse_term(str(e).replace("**", "^")) for e in expressions)


def objective(names: tuple[str, ...], losses: list[Any]) -> MetaObjective:
    return MetaObjective(names, terms(losses), FiniteLaw(tuple(Fraction(int(w.p), int(w.q)) for w in WEIGHTS)))


def equal(made: MetaObjective) -> MetaObjective:
    return MetaObjective(made.parameters, made.tasks, FiniteLaw(("1/2", "1/2")))


NAMESPACE: dict[str, Any] = {
    **{name: getattr(learners, name) for name in learners.__all__}, "derive": derive,
    "tasks": objective(("x", "y"), TASKS), "query": terms(QUERY), "parabolas": equal(objective(("x", "y"), PARABOLAS)),
    "alpha": Constant("alpha", (parse_formula("0 < alpha"),)), "mu": Constant("mu", (parse_formula("0 < mu"),)),
    "mixed": objective(("w", "p", "q"), MIXED), "mixed_query": terms(MIXED_QUERY), "inner": terms(INNER),
    "examples": [learners.on_examples(LOSS, ("u", "v"), row) for row in EXAMPLES],
}  # fmt: skip
HALVES = (sp.Rational(1, 2), sp.Rational(1, 2))


# the definitions once more, in SymPy


def slope(loss: Any, at: Any, over: Any = XY) -> Any:
    return sp.Matrix([loss]).jacobian(over).T.subs(dict(zip(over, at, strict=True)), simultaneous=True)


def put(loss: Any, at: Any, over: Any = XY) -> Any:
    return loss.subs(dict(zip(over, at, strict=True)), simultaneous=True)


def steps(loss: Any, rates: Any, count: int, over: Any = XY) -> Any:
    here = over
    for _ in range(count):
        here = here - sp.diag(*rates) * slope(loss, here, over)
    return here


def curvature(loss: Any) -> tuple[Any, Any]:
    """A and b of 1/2 z^T A z - b^T z + c."""
    return sp.hessian(loss, (X, Y)), -slope(loss, (0, 0))


def maml_tasks() -> list[Any]:
    return [put(q, steps(s, (ALPHA, ALPHA), 2)) for s, q in zip(TASKS, QUERY, strict=True)]


def fomaml_field() -> list[Any]:
    return [-slope(q, steps(s, (ALPHA, ALPHA), 2)) for s, q in zip(TASKS, QUERY, strict=True)]


def reptile_field() -> list[Any]:
    return [steps(s, (ALPHA, ALPHA), 2) - XY for s in TASKS]


def solved_field() -> list[Any]:
    return [a.inv() * b - XY for a, b in map(curvature, PARABOLAS)]


def proximal_ends() -> list[Any]:
    return [(a + MU * sp.eye(2)).inv() * (b + MU * XY) for a, b in map(curvature, PARABOLAS)]


def proximal_tasks() -> list[Any]:
    pairs = zip(PARABOLAS, proximal_ends(), strict=True)
    return [put(s, end) + MU / 2 * ((end - XY).T * (end - XY))[0] for s, end in pairs]


def implicit_tasks() -> list[Any]:
    return [put(q, end) for q, end in zip(QUERY, proximal_ends(), strict=True)]


def anil_tasks() -> list[Any]:
    return [put(q, steps(s, (0, ALPHA), 2)) for s, q in zip(TASKS, QUERY, strict=True)]


def meta_sgd_tasks() -> list[Any]:
    rates = sp.symbols("alpha_x alpha_y", real=True)
    return [put(q, steps(s, rates, 2)) for s, q in zip(TASKS, QUERY, strict=True)]


def darts_tasks() -> list[Any]:
    a, b = sp.symbols("a_p a_q", real=True)
    mass = sp.exp(a) + sp.exp(b)
    weights = {P: sp.exp(a) / mass, Q: sp.exp(b) / mass}
    found = []
    for s, q in zip(MIXED, MIXED_QUERY, strict=True):
        moved = W - ALPHA * sp.diff(s.subs(weights), W)
        found.append(q.subs(weights).subs(W, moved))
    return found


def learned_loss_tasks() -> list[Any]:
    return [put(s, steps(m, (ALPHA, ALPHA), 1)) for s, m in zip(TASKS, INNER, strict=True)]


def regularised_tasks() -> list[Any]:
    ends = [(a + LAMBDA * sp.eye(2)).inv() * b for a, b in map(curvature, PARABOLAS)]
    return [put(q, end) for q, end in zip(QUERY, ends, strict=True)]


def optimizer_tasks() -> list[Any]:
    a, b1, b2, c1, c2 = sp.symbols("A_1_1 B_1_1 B_1_2 C_1_1 C_2_1", real=True)
    found = []
    for s in PARABOLAS:
        here, state = XY, sp.Integer(0)
        for _ in range(2):
            g = slope(s, here)
            state = a * state + b1 * g[0] + b2 * g[1]
            here = here + sp.Matrix([c1, c2]) * state
        found.append(sp.expand(put(s, here)))
    return found


def pacoh_tasks() -> list[Any]:
    """|z|^2/(2 r) + n kappa times minus the logarithm of the Gaussian integral, r = 3, s = 1/2, beta = 1, kappa = 1/3."""
    found = []
    for s in PARABOLAS:
        g, m = slope(s, XY), sp.eye(2) + curvature(s)[0] / 2
        value = (X**2 + Y**2) / 6 + sp.Rational(2, 3) * (s - (g.T * m.inv() * g)[0] / 4)
        found.append(value - value.subs({X: 0, Y: 0}))  # known up to a constant
    return found


def baxter_tasks() -> list[Any]:
    return [sum((X * u + Y - v) ** 2 for u, v in row) / sp.Integer(2 * len(row)) for row in EXAMPLES]


DEFINITIONS: dict[str, tuple[Callable[[], list[Any]], tuple[Any, Any]]] = {
    "MAML, k steps, support and query data": (maml_tasks, WEIGHTS), "first-order MAML": (fomaml_field, WEIGHTS),
    "Reptile": (reptile_field, WEIGHTS), "Reptile, inner problems solved": (solved_field, HALVES),
    "proximal MAML": (proximal_tasks, HALVES), "implicit MAML": (implicit_tasks, HALVES), "ANIL": (anil_tasks, WEIGHTS),
    "Meta-SGD": (meta_sgd_tasks, WEIGHTS), "DARTS": (darts_tasks, WEIGHTS), "learned loss": (learned_loss_tasks, WEIGHTS),
    "learned regularisation weight": (regularised_tasks, HALVES), "learned linear optimiser": (optimizer_tasks, HALVES),
    "PACOH": (pacoh_tasks, HALVES), "Baxter's averaged loss": (baxter_tasks, HALVES),
}  # fmt: skip
COORDINATES = [sp.Rational(1, 2), sp.Rational(-1, 3), sp.Rational(2), sp.Rational(1, 5), sp.Rational(-3, 2), sp.Rational(1)]


def place(names: list[str], shift: int) -> dict[Any, Any]:
    """A rational point; logits are 0, where softmax is rational, and constants and weights are positive."""
    found = {}
    for i, name in enumerate(names):
        value = COORDINATES[(i + shift) % len(COORDINATES)]
        value = sp.Integer(0) if name.startswith("a_") else abs(value) if name in ("alpha", "mu", "lambda") else value
        found[sp.Symbol(name, real=True)] = value
    return found


def rational(values: Any) -> list[str]:
    """All entries of an array or matrix, as texts of rational numbers."""
    if hasattr(values, "ravel"):
        return [str(v) for v in values.ravel()]
    return [str(v) for v in (values if isinstance(values, sp.MatrixBase | list | tuple) else [values])]


def evaluated(expression: Any, point: dict[Any, Any]) -> list[str]:
    program = expression.program
    return rational(program.evaluate({name: str(point[sp.Symbol(name, real=True)]) for name in program.inputs}))


@pytest.mark.parametrize("shift", [0, 1])
@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_one_line_derives_gradient_hessian_and_fisher_matrix(row: tuple[str, str, str], shift: int) -> None:
    made = eval(row[2], dict(NAMESPACE))  # the line of the table, as a reader would run it
    define, weights = DEFINITIONS[row[1]]
    parameters = [sp.Symbol(name, real=True) for name in made.problem.parameters]
    point = place([*made.problem.parameters, *made.constants], shift)
    tasks = define()
    if hasattr(made, "field"):
        mean = weights[0] * tasks[0] + weights[1] * tasks[1]
        assert evaluated(made.field, point) == rational(mean.subs(point))
        assert evaluated(made.jacobian, point) == rational(mean.jacobian(parameters).subs(point))
        here = [field.subs(point) for field in tasks]
    else:
        whole = weights[0] * tasks[0] + weights[1] * tasks[1]
        assert evaluated(made.objective, point) == rational(whole.subs(point))
        assert evaluated(made.gradient, point) == rational(sp.Matrix([whole]).jacobian(parameters).subs(point))
        assert evaluated(made.hessian, point) == rational(sp.hessian(whole, parameters).subs(point))
        here = [sp.Matrix([task]).jacobian(parameters).T.subs(point) for task in tasks]
    fisher = weights[0] * here[0] * here[0].T + weights[1] * here[1] * here[1].T
    assert evaluated(made.fisher, point) == rational(fisher)


def test_every_type_of_the_document_and_every_method_has_its_row() -> None:
    kinds = {"initialisation", "learning rate", "architecture", "loss function", "optimiser"}
    assert kinds < {row[0] for row in ROWS}
    assert {method.learned for method in METHODS.values()} == {row[0] for row in ROWS}
    called = {match.group(1) for row in ROWS if (match := re.match(r"derive\((\w+)\(", row[2]))}
    assert called == {
        "maml", "fomaml", "reptile", "proximal", "implicit_maml", "anil", "meta_sgd", "darts", "learned_loss",
        "learned_regularisation", "learned_optimizer", "pacoh_gaussian", "baxter",
    }  # fmt: skip


def table() -> str:
    """README's table, of which every line is a row here."""
    lines = [f"| {kind} | {method} | `{call}` |" for kind, method, call in ROWS]
    return "\n".join(["| meta-parameter | method | gradient, Hessian and Fisher matrix |", "|---|---|---|", *lines])


def test_readme_has_the_table_where_it_has_one() -> None:
    page = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    listed = [line for line in page.splitlines() if re.search(r"\| `derive\(\w+\(", line)]
    assert not listed or listed == table().splitlines()[2:]
