"""Expansions in the learning rate for generic losses: polynomials all of whose coefficients are symbols.

Nichol, Achiam, Schulman 2018, section 5: for k exchangeable minibatches, of which MAML and first-order MAML use k - 1 for
inner steps and the last for the outer loss, with AvgGrad = E g_i and AvgGradInner = E H_i g_j, i != j,

    E g_MAML    = AvgGrad - 2 (k - 1) alpha AvgGradInner + O(alpha^2)
    E g_FOMAML  = AvgGrad -   (k - 1) alpha AvgGradInner + O(alpha^2)
    E g_Reptile = k AvgGrad - k (k - 1)/2 alpha AvgGradInner + O(alpha^2), the sum of all k gradients.
"""

from __future__ import annotations

from itertools import combinations_with_replacement, permutations

import pytest

from metaid_symbolic.models.composition import gradient
from metaid_symbolic.models.expansion import vanishes
from metaid_symbolic.models.expectation import mean
from metaid_symbolic.models.integrability import mean_field
from metaid_symbolic.models.laws import uniform_weights
from metaid_symbolic.models.learners import fomaml, maml, reptile
from metaid_symbolic.models.objective import Constant, MetaObjective, symbols_of
from metaid_symbolic.models.series import expand
from metaid_symbolic.terms import ONE, ZERO, Term, number, symbol, total

SIZES = {"n = 1, degree 4": (1, 4), "n = 2, degree 3": (2, 3), "n = 3, degree 3": (3, 3)}


def generic(names: tuple[str, ...], degree: int, batch: int) -> Term:
    """sum over the monomials x^a, 1 <= |a| <= degree, with the coefficient symbols c{batch}_{...}."""
    parts = []
    for d in range(1, degree + 1):
        for chosen in combinations_with_replacement(range(len(names)), d):
            factors = [symbol(names[i]) for i in chosen]
            parts.append(Term("mul", (symbol(f"c{batch}_" + "_".join(map(str, chosen))), *factors)))
    return total(parts)


def sequences(n: int, degree: int, k: int) -> tuple[MetaObjective, list[tuple[Term, ...]], list[Term]]:
    """All orders of k minibatches as equally likely tasks, the orders, and the k losses."""
    names = tuple(f"x{i}" for i in range(n))
    losses = [generic(names, degree, batch) for batch in range(k)]
    rows = list(permutations(losses))
    constants = tuple(Constant(c) for c in sorted(symbols_of(*losses) - set(names)))
    return MetaObjective(names, tuple(row[-1] for row in rows), uniform_weights(len(rows)), constants), rows, losses


def averages(names: tuple[str, ...], losses: list[Term]) -> tuple[list[Term], list[Term]]:
    """AvgGrad and AvgGradInner = 1/(k (k - 1)) sum_(i != j) H_i g_j."""
    k, slopes = len(losses), [gradient(loss, names) for loss in losses]
    second = [[gradient(g, names) for g in slope] for slope in slopes]
    first = [total([s[a] for s in slopes]) / k for a in range(len(names))]
    inner = []
    for a in range(len(names)):
        pairs = [total([second[i][a][b] * slopes[j][b] for b in range(len(names))]) for i in range(k) for j in range(k) if i != j]
        inner.append(total(pairs) / (k * (k - 1)) if pairs else ZERO)
    return first, inner


def coefficient(term: Term, order: int) -> Term:
    """The coefficient of alpha^order at alpha = 0."""
    return expand([term], ["alpha"], order)[0].get((order,), ZERO)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("size", SIZES)
def test_maml_fomaml_and_reptile_agree_with_nichol(size: str, k: int) -> None:
    base, rows, losses = sequences(*SIZES[size], k)
    first, inner = averages(base.parameters, losses)
    steps, query, alpha = [row[:-1] for row in rows], [row[-1] for row in rows], Constant("alpha")
    adapted = maml(base, rate=alpha, steps=steps, query=query)
    exact = gradient(mean(adapted.law, adapted.tasks), base.parameters)
    approximate = [-v for v in mean_field(fomaml(base, rate=alpha, steps=steps, query=query))]
    whole = [-v for v in mean_field(reptile(base, rate=alpha, steps=rows))]
    for a in range(base.dimension):
        assert vanishes(coefficient(exact[a], 0) - first[a])
        assert vanishes(coefficient(exact[a], 1) + 2 * (k - 1) * inner[a])
        assert vanishes(coefficient(approximate[a], 0) - first[a])
        assert vanishes(coefficient(approximate[a], 1) + (k - 1) * inner[a])
        assert vanishes(coefficient(whole[a], 0))
        assert vanishes(coefficient(whole[a], 1) - k * first[a])
        assert vanishes(coefficient(whole[a], 2) + number(k * (k - 1)) / 2 * inner[a])


def test_the_three_differ_from_the_first_order_on() -> None:
    """The check above can fail: AvgGradInner of generic losses is not 0."""
    _, inner = averages(("x0",), sequences(1, 2, 2)[2])
    assert not vanishes(inner[0])


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_full_batches_give_the_same_coefficients(steps: int) -> None:
    """With one loss for all steps, grad F_MAML = g - 2 k alpha H g + O(alpha^2) for k inner steps."""
    names = ("x0", "x1")
    loss = generic(names, 3, 0)
    base = MetaObjective(names, (loss,), uniform_weights(1), tuple(Constant(c) for c in sorted(symbols_of(loss) - set(names))))
    found = gradient(maml(base, rate=Constant("alpha"), steps=steps).tasks[0], names)
    slope = gradient(loss, names)
    for a in range(2):
        product = total([entry * g for entry, g in zip(gradient(slope[a], names), slope, strict=True)])
        assert vanishes(coefficient(found[a], 0) - slope[a])
        assert vanishes(coefficient(found[a], 1) + 2 * steps * ONE * product)


def test_the_maml_objective_is_the_loss_less_the_trace_of_the_fisher_matrix() -> None:
    """F_MAML = F - alpha tr I + O(alpha^2) for one step, since tr I = E |g_t|^2."""
    names = ("x0", "x1")
    losses = tuple(generic(names, 3, t) for t in range(2))
    constants = tuple(Constant(c) for c in sorted(symbols_of(*losses) - set(names)))
    base = MetaObjective(names, losses, uniform_weights(2), constants)
    adapted = maml(base, rate=Constant("alpha"))
    trace = mean(base.law, [total([g**2 for g in gradient(loss, names)]) for loss in losses])
    found = mean(adapted.law, adapted.tasks)
    assert vanishes(coefficient(found, 0) - mean(base.law, losses))
    assert vanishes(coefficient(found, 1) + trace)
