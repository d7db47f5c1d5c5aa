"""Cited theorems against small exact problems: none may be false, each must be met, and wrong variants of them must be hit."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

z3 = pytest.importorskip("z3", reason="formulas over the reals are decided by Z3")

from exact_problems import PICKED, Instance, instances  # noqa: E402
from real_formulas import Reading, Rule, rule, satisfiable, settled  # noqa: E402

from metaid_symbolic.analysis import THEOREMS  # noqa: E402
from metaid_symbolic.language import parse_formula  # noqa: E402
from metaid_symbolic.printing import text  # noqa: E402
from metaid_symbolic.recheck import load_statements  # noqa: E402
from metaid_symbolic.terms import Term  # noqa: E402

CITED = load_statements(Path(__file__).parents[1] / "proofs" / "meta_identifiability").theorems
INSTANCES, MOST, SAMPLES, SEED = 30, 300, 8, 1


def environments(reading: Reading, parts: Rule, index: int) -> Iterator[dict[str, Any]]:
    """The variables in front as unknowns; then small numbers in their place.  What ranges end at is `index`."""
    draw = random.Random(f"{reading.instance.name} {index}")
    numbers = [z3.RealVal(Fraction(c)) for c in ("-1", "0", "1", "1/2", "2", "1/4", "4")]
    fixed = {name: z3.RealVal(index) for name in parts.ends}
    yield {name: reading.variable(sort) for name, sort in parts.variables} | fixed
    for _ in range(SAMPLES if parts.variables else 0):
        values = {
            name: draw.choice(numbers) if sort == "real" else tuple(draw.choice(numbers[:4]) for _ in range(reading.n))
            for name, sort in parts.variables
        }
        yield values | fixed


def fate(formula: Term, instance: Instance, index: int) -> tuple[str, str]:
    """`false` with the values that make it so, `met` where hypotheses and conclusion hold, `unmet` where no values satisfy the
    hypotheses, `undecided` where Z3 does not say within its effort."""
    reading, parts = Reading(instance), rule(formula)
    given = []
    for part in parts.given:
        truth = None if parts.depends(part) else settled(reading, part)
        if truth is False:
            return "unmet", ""
        given += [] if truth else [part]
    for k, env in enumerate(environments(reading, parts, index)):
        here = [reading.formula(part, env) for part in given]
        met = all_hold(here) if k else satisfiable(here)[0]
        if met is False and k == 0:
            return "unmet", ""
        if met is not False:
            wrong, model = satisfiable([*(() if k and met else here), z3.Not(reading.formula(parts.conclusion, env))])
            if wrong:
                return "false", f"{instance}, ranges to {index}, values {env}, {model}"
            if met and wrong is False:
                return "met", ""
    return "undecided", ""


def all_hold(closed: list[Any]) -> bool | None:
    """Whether closed formulas hold, asked one by one."""
    found = (satisfiable([formula])[0] for formula in closed)
    return next((truth for truth in found if truth is not True), True)


def fates(formula: Term, seed: int, count: int) -> Iterator[tuple[str, str]]:
    for k, instance in enumerate(itertools.islice(instances(seed), count)):
        yield fate(formula, instance, k % 4 if k >= len(PICKED) else 1)


@pytest.mark.parametrize("name", sorted(CITED))
def test_no_problem_makes_a_cited_theorem_false(name: str, counts: dict[str, Counter[str]]) -> None:
    """Theorems whose hypotheses hardly a problem satisfies take more problems, until three do."""
    found = Counter[str]()
    for count, (what, where) in enumerate(fates(CITED[name].formula, SEED, MOST)):
        assert what != "false", f"{name} is false: {where}"
        found[what] += 1
        if count >= INSTANCES and found["met"] >= 3:
            break
    counts["cited theorems at exact problems"].update(found)
    assert found["met"] >= 3, f"{name} was met by {found}"


def test_all_theorems_that_proofs_may_cite_are_tried() -> None:
    assert {t.name: (parse_formula(t.source), t.reference) for t in THEOREMS} == {
        name: (cited.formula, cited.reference) for name, cited in CITED.items()
    }


CONVEX = "(forall x in Rn: forall y in Rn: x in U & y in U => (forall r: 0 <= r & r <= 1 => r*x + (1 + (-1)*r)*y in U))"
WRONG: list[tuple[str, str, str]] = [
    ("Fermat", "open(U) & C1(f)", "C1(f)"),
    ("Fermat", "open(U) & C1(f)", "open(U)"),
    ("Fermat", "f(x) <= f(y)", "f(x) <= f(x)"),
    ("second-order necessary condition", "open(U) & C2(f)", "C2(f)"),
    ("second-order necessary condition", "f(x) <= f(y)", "f(y) <= f(x)"),
    ("second-order necessary condition", "psd(", "posdef("),
    ("second-order sufficient condition", "posdef(", "psd("),
    ("second-order sufficient condition", "grad f(x) = zero & ", ""),
    ("nonsingular semidefinite matrix", "psd(hess f(x)) & ", ""),
    ("nonsingular semidefinite matrix", " & nonsingular(hess f(x))", ""),
    ("inverse function theorem", "nonsingular(hess f(x))", "true"),
    ("inverse function theorem", "open(U) & C2(f)", "open(U) & continuous(f)"),
    ("constant signature", "connected(U)", "true"),
    ("constant signature", "nonsingular(hess f(x))", "true"),
    ("constant signature", "(exists x in Rn: x in U & posdef(hess f(x)))", "true"),
    ("convexity and the Hessian", "psd(hess f(x))", "true"),
    ("convexity and the Hessian", CONVEX, "true"),
    ("convexity and the Hessian", "=> (forall x in Rn: x in U => psd(", "=> (forall x in Rn: x in U => posdef("),
    ("strict convexity from the Hessian", "posdef(hess f(x))", "psd(hess f(x))"),
    ("strict convexity from the Hessian", "not x = y => ", ""),
    ("strict minimisers of convex functions", "f(r*x + (1 + (-1)*r)*y) <= r*f(x) + (1 + (-1)*r)*f(y)", "true"),
    ("null vectors of semidefinite matrices", "psd(hess f(x))", "true"),
    ("Weierstrass", "continuous(f)", "true"),
    ("Weierstrass", "r < dot(x, x) => c < f(x)", "true"),
    ("mountain pass", "not a = b", "true"),
    ("mountain pass", "f(b) < f(y)", "true"),
    ("Borsuk and Ulam", "m < n", "m <= n"),
    ("Borsuk and Ulam", "(exists a in Rn: a in U & true)", "true"),
    ("Borsuk and Ulam", "open(U)", "true"),
    ("invariance of domain", "open(U)", "true"),
    ("invariance of domain", "continuous(f)", "true"),
    ("invariance of domain", "f(x) = f(y) => x = y", "true"),
    ("immersions are locally injective", "=> v = zero", "=> true"),
    ("immersions are locally injective", "C1(f)", "continuous(f)"),
    ("injective maps are immersions somewhere", "=> y = z", "=> true"),
    ("injective maps are immersions somewhere", "dot(x + (-1)*a, x + (-1)*a) < eps^2", "x = a"),
    ("invariance of dimension", "2 <= n", "1 <= n"),
    ("linear forms on the sphere", "0 < dot(grad f(i, x), u)", "0 <= dot(grad f(i, x), u)"),
    ("linear forms on the sphere", "dot(grad f(i, x), u)^2", "dot(grad f(i, x), u)^2 + (-1)*1"),
    ("Taylor", "C2(f)", "continuous(f)"),
    ("Taylor", "open(U)", "true"),
    ("descent lemma", "ell*(1/2)", "ell*(1/4)"),
    ("descent lemma", "dot(grad f(x) + (-1)*grad f(y), grad f(x) + (-1)*grad f(y)) <= ell^2*dot(x + (-1)*y, x + (-1)*y)", "true"),
    ("strong convexity", "f(x) + dot(grad f(x), y + (-1)*x) + (mu*(1/2))", "f(x) + dot(grad f(x), y + (-1)*x) + mu"),
    ("strong convexity", "0 < mu", "0 <= mu"),
    ("strong convexity and the Hessian", "psd(hess f(x) + (-1)*mu*eye)", "psd(hess f(x))"),
    ("strong convexity and the Hessian", "(-1)*((mu*(1/2))*r", "(-1)*((mu*(1/4))*r"),
    ("interpolation", "<= 0", "< 0"),
    ("interpolation", "f(x) + dot(grad f(x), y + (-1)*x) + (mu*(1/2))*dot(y + (-1)*x, y + (-1)*x) <= f(y)", "true"),
    ("interpolation with values", "2*(ell + (-1)*mu)", "1*(ell + (-1)*mu)"),
    ("interpolation with values", "2*mu*dot", "1*mu*dot"),
    ("chain rule for isometries", "dot(q(x), q(y)) = dot(x, y)", "true"),
    ("chain rule for isometries", "f(q(x)) = f(x)", "true"),
    ("constant along a line", "f(x + c*u) = f(x)", "true"),
    ("bounds of derivatives", "(D2f(x, u, v) + (-1)*D2f(y, u, v))^2", "0"),
    ("bounds of derivatives", "mu*dot(u, u) <= D2f(x, u, u)", "2*mu*dot(u, u) <= D2f(x, u, u)"),
    ("Cauchy and Schwarz", "<=", "<"),
    ("permutation matrices", "coord(q(x), i) = coord(x, coord(p, i))", "true"),
    ("finitely many gradients", "<= b", "< 0"),
    ("fewer forms of rank one than dimensions", "m < n", "true"),
]


@pytest.mark.parametrize(
    ("name", "was", "now"), WRONG, ids=[f"{name}: {was[:25]} becomes {now[:25]}" for name, was, now in WRONG]
)
def test_a_wrong_variant_is_hit(name: str, was: str, now: str, counts: dict[str, Counter[str]]) -> None:
    source = text(CITED[name].formula)
    assert was in source, f"{was} is not in {source}"
    wrong = parse_formula(source.replace(was, now))
    hit = next((where for what, where in fates(wrong, SEED, MOST) if what == "false"), None)
    counts["wrong variants of cited theorems"].update(["hit" if hit else "missed"])
    assert hit, f"no problem makes {text(wrong)} false"


def test_every_cited_theorem_has_a_wrong_variant() -> None:
    assert {name for name, _, _ in WRONG} == set(CITED)
