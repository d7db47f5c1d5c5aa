"""Positivity and minimisation on a fixed list of problems.

`pytest` asserts that each problem is settled and that the kernel accepts the certificate in both arithmetics; it asserts no
time.  `python tests/benchmarks/test_positivity.py [nonnegative] [set] [false] [minimise] [critical]` prints seconds of processor
time beside z3, cvc5 and SymPy where they are installed, each in a process of its own that is ended after 20 of them, what of
these is the start of that process, and geometric means.
"""

from __future__ import annotations

import math
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import pytest
from positivity_problems import CRITICAL, FALSE, MINIMISE, NONNEGATIVE, ON_A_SET

from metaid_symbolic.calculus.polynomials import gradient as derived
from metaid_symbolic.kernel import check
from metaid_symbolic.language import parse_term
from metaid_symbolic.printing import text
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.search import findings
from metaid_symbolic.search.algebra.critical_points import critical_points
from metaid_symbolic.search.algebra.polynomials import value_at
from metaid_symbolic.search.minimising import algebraic
from metaid_symbolic.search.positivity.argmin import Infimum, infimum
from metaid_symbolic.search.problems.enumeration import exponents_of
from metaid_symbolic.terms import number, symbol
from metaid_symbolic.theory import Claim, Theory

LIMIT = 20.0
NAMES = "xyzwuv"


def variables(source: str) -> tuple[str, ...]:
    return tuple(name for name in NAMES if name in source)


def problem_of(source: str) -> MetaProblem:
    return MetaProblem(tuple(map(symbol, variables(source))), [parse_term(source)], [1])


def nonnegative(source: str, truth: bool = True) -> Claim:
    return Theory("benchmark").at("p", problem_of(source), "forall z in Rn: 0 <= F(z)", expected=truth)


def on_a_set(source: str, constraints: tuple[str, ...]) -> Claim:
    given = " & ".join(f"0 <= {c}" for c in constraints)
    return Theory("benchmark").statement("p", f"forall {', '.join(variables(source))}: {given} => 0 <= {source}", expected=True)


def minimised(source: str) -> tuple[Infimum, list[Claim]]:
    """What the search says of the infimum, as claims."""
    problem = problem_of(source)
    found = infimum(exponents_of(problem.losses[0], problem.parameters))
    theory, n = Theory("benchmark"), problem.dimension
    value = "" if found.value is None else str(found.value)
    match found.kind:
        case "unbounded":
            return found, [theory.at("p", problem, "forall c: exists z in Rn: F(z) < c", expected=True)]
        case "not attained":
            above = theory.at("p", problem, f"forall z in Rn: {value} < F(z)", expected=True)
            near = theory.at("q", problem, f"forall e > 0: exists z in Rn: F(z) < {value} + e", expected=True)
            return found, [above, near]
        case "attained" if not value:
            return found, enclosed(theory, problem, found)
        case "attained":
            points = [f"z = [{', '.join(map(str, p))}]" for p in found.points]
            points += [described(p, n) for p in found.algebraic]
            where = " | ".join(points)
            return found, [theory.at("p", problem, f"forall z in Rn: z in argmin F <=> {where}", expected=True)]
    return found, []


def complete(source: str) -> tuple[Claim, str]:
    """That all real critical points are those found, which are rational here, and a polynomial that is < 0 off them."""
    problem = problem_of(source)
    found = critical_points(exponents_of(problem.losses[0], problem.parameters)).real
    points = [p.family.rational or () for p in found]
    assert all(points)
    where = " | ".join(f"z = [{', '.join(map(str, p))}]" for p in points)
    apart = "*".join(
        "(" + " + ".join(f"({x} - ({c}))^2" for x, c in zip(problem.parameters, p, strict=True)) + ")" for p in points
    )
    claim = Theory("benchmark").at("p", problem, f"forall z in Rn: grad F(z) = zero => {where}", expected=True)
    return claim, f"-1*{apart}"


def enclosed(theory: Theory, problem: MetaProblem, found: Infimum) -> list[Claim]:
    """An irrational infimum, between two rational numbers at a distance of 2/100000."""
    objective = exponents_of(problem.losses[0], problem.parameters)
    value = value_at(objective, found.algebraic[0].near())
    low, high = (Fraction(math.floor(value * 100_000) + k, 100_000) for k in (-1, 1))
    return [
        theory.at("p", problem, f"forall z in Rn: {low} < F(z)", expected=True),
        theory.at("q", problem, f"exists z in Rn: F(z) < {high}", expected=True),
    ]


def described(point: Any, n: int) -> str:
    """An algebraic point: t is a root in an interval, and the coordinates are polynomials in t."""
    coordinates, root = algebraic(point, "t")
    defining = text(root.polynomial).replace("_", "t")
    where = " & ".join(f"coord(z, {i + 1}) = {text(c)}" for i, c in enumerate(coordinates[:n]))
    low, high = text(number(root.low)), text(number(root.high))
    return f"(exists t: {defining} = 0 & {low} < t & t < {high} & {where})"


def settled(claim: Claim) -> tuple[Any, float]:
    """The first certificate that the kernel accepts, and the seconds until it was found (without the check)."""
    start = time.process_time()
    for finding in findings(claim):
        seconds = time.process_time() - start
        assert claim.assertion is not None
        found = [check(claim.assertion, finding.certificate, {}, arithmetic) for arithmetic in ("python", "flint")]
        assert found[0] == found[1]
        assert found[0].truth == claim.expected
        return finding.certificate, seconds
    return None, time.process_time() - start


@pytest.mark.parametrize("source", NONNEGATIVE.values(), ids=NONNEGATIVE)
def test_proves_nonnegativity(source: str) -> None:
    assert settled(nonnegative(source))[0] is not None


@pytest.mark.parametrize(("source", "constraints"), ON_A_SET.values(), ids=ON_A_SET)
def test_proves_nonnegativity_on_a_set(source: str, constraints: tuple[str, ...]) -> None:
    assert settled(on_a_set(source, constraints))[0] is not None


@pytest.mark.parametrize("source", FALSE.values(), ids=FALSE)
def test_refutes_what_is_false_at_a_point(source: str) -> None:
    assert settled(nonnegative(source, truth=False))[0] is not None


@pytest.mark.parametrize("source", MINIMISE.values(), ids=MINIMISE)
def test_finds_the_infimum(source: str) -> None:
    found, claims = minimised(source)
    assert found.kind != "unknown"
    assert all(settled(claim)[0] is not None for claim in claims)


@pytest.mark.parametrize("name", CRITICAL)
def test_lists_all_critical_points(name: str) -> None:
    assert settled(complete(MINIMISE[name])[0])[0] is not None


LIMITED = f"import resource; resource.setrlimit(resource.RLIMIT_CPU, ({LIMIT:.0f}, {LIMIT:.0f}))"
PEERS = {
    "z3": """
import sys; from z3 import *
x, y, z, w, u, v = Reals("x y z w u v"); s = Solver()
for c in eval(sys.argv[2]): s.add(eval(c) >= 0)
s.add(eval(sys.argv[1]) < 0); print(s.check())
""",
    "cvc5": """
import sys; from cvc5.pythonic import *
x, y, z, w, u, v = Reals("x y z w u v"); s = Solver()
for c in eval(sys.argv[2]): s.add(eval(c) >= 0)
s.add(eval(sys.argv[1]) < 0); print(s.check())
""",
    "SymPy": """
import sys; from sympy import *
x, y, z, w, u, v = symbols("x y z w u v", real=True); p = sympify(sys.argv[1].replace("**", "^").replace("^", "**"))
assert not eval(sys.argv[2]); free = sorted(p.free_symbols, key=str)
points = solve_poly_system([diff(p, s) for s in free], *free)
values = [p.subs(dict(zip(free, q))) for q in points if all(c.is_real for c in q)]
print("unsat" if min(values, key=lambda t: t.evalf()) >= 0 else "sat")
""",
}
"""Each asks whether p < 0 somewhere on the set; SymPy looks at the real critical points, which is no proof."""


def peer(name: str, source: str, constraints: tuple[str, ...], answer: str) -> float | None:
    """Seconds until the right answer; None for none within the limit."""
    # rational coefficients are written without division, which the peers would read as Python's
    p, before = integral(source), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED + PEERS[name], p, repr(tuple(map(integral, constraints)))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken if done.stdout.strip().endswith(answer) and done.stdout.strip() in ("sat", "unsat") else None


def integral(source: str) -> str:
    """A positive multiple with integer coefficients, in Python's notation."""
    names = variables(source)
    p = exponents_of(parse_term(source), names)
    scale = math.lcm(*(c.denominator for c in p.values()))
    pieces = []
    for e, c in p.items():
        powers = [f"{n}**{k}" for n, k in zip(names, e, strict=True) if k]
        pieces.append("*".join([f"({c * scale})", *powers]))
    return " + ".join(pieces)


def bound_of(source: str, found: Infimum) -> tuple[str, str] | None:
    """What peers are asked about a minimum: given its value, that nothing is lower; that an unbounded one falls low."""
    if found.kind == "unbounded":
        return f"{source} + 1000000", "sat"
    return None if found.value is None else (f"{source} - ({found.value})", "unsat")


@dataclass(frozen=True)
class Row:
    """Seconds of ours, None where not settled, and of each peer; peers are asked whether `source` < 0 somewhere."""

    name: str
    ours: float | None
    others: list[float | None]


def rows_of(group: str, installed: list[str]) -> Iterator[Row]:
    listed = {name: MINIMISE[name] for name in CRITICAL}
    groups = {"nonnegative": NONNEGATIVE, "set": ON_A_SET, "false": FALSE, "minimise": MINIMISE, "critical": listed}
    problems: dict[str, Any] = groups[group]
    for name, problem in problems.items():
        title, (ours, asked) = f"{group}: {name}", measured(group, problem)
        yield Row(title, ours, [peer(p, *asked) if asked is not None else None for p in installed])


def measured(group: str, problem: Any) -> tuple[float | None, tuple[str, tuple[str, ...], str] | None]:
    """Our seconds, and what a peer is asked: a polynomial, constraints, and the right answer; None where it knows no value."""
    match group:
        case "nonnegative":
            return seconds_of([nonnegative(problem)]), (problem, (), "unsat")
        case "set":
            return seconds_of([on_a_set(*problem)]), (*problem, "unsat")
        case "false":
            return seconds_of([nonnegative(problem, truth=False)]), (problem, (), "sat")
        case "critical":
            return listing(problem)
    start = time.process_time()
    found, claims = minimised(problem)
    head, taken = time.process_time() - start, seconds_of(claims)
    asked = bound_of(problem, found)
    return None if taken is None else head + taken, None if asked is None else (asked[0], (), asked[1])


def listing(source: str) -> tuple[float | None, tuple[str, tuple[str, ...], str]]:
    """Seconds for the points, the proof that there are no others, and its check; peers are asked for another one."""
    start = time.process_time()
    claim, apart = complete(source)
    finding = next(findings(claim), None)
    if finding is not None:
        assert claim.assertion is not None and check(claim.assertion, finding.certificate, {}).truth
    taken = time.process_time() - start
    slopes = [text(slope) for slope in derived(parse_term(source), variables(source))]
    return taken if finding is not None else None, (apart, tuple(s for g in slopes for s in (g, f"-1*({g})")), "unsat")


def seconds_of(claims: list[Claim]) -> float | None:
    """The sum over the claims; None if one is not settled, or there are none."""
    found = [settled(claim) for claim in claims]
    return sum(s for _, s in found) if found and all(c is not None for c, _ in found) else None


def main(groups: list[str]) -> None:
    installed = [name for name in PEERS if find_spec(name.lower()) is not None]
    rows: list[Row] = []
    print(f"{'':42}{'ours':>9}" + "".join(f"{p:>9}" for p in installed))
    for group in groups:
        for row in rows_of(group, installed):
            rows.append(row)
            print(line(row.name, row.ours, row.others), flush=True)
    for name in ("125", "243"):
        start = time.process_time()
        real = critical_points(exponents_of(parse_term(MINIMISE[name]), variables(MINIMISE[name]))).real
        print(f"all critical points, {name}: {time.process_time() - start:.2f} s, {len(real)} real")
    print(line("start of the process", None, [peer(p, "x^2 + 1", (), "unsat") for p in installed]))
    means = [mean([r.others[k] for r in rows]) for k in range(len(installed))]
    print(line("geometric mean (none counts 20)", mean([r.ours for r in rows]), list(means)))
    for k, name in enumerate(installed):
        lost = [r.name for r in rows if (t := r.others[k]) is not None and (r.ours is None or t < r.ours)]
        print(f"slower than {name}: {', '.join(lost) or 'none'}")
    print(f"not settled: {', '.join(r.name for r in rows if r.ours is None) or 'none'}")


def line(name: str, ours: float | None, others: list[float | None]) -> str:
    return f"{name:42}" + "".join(f"{'-' if t is None else f'{t:.3f}':>9}" for t in (ours, *others))


def mean(times: list[float | None]) -> float:
    return math.exp(sum(math.log(max(LIMIT if t is None else t, 1e-3)) for t in times) / len(times))


if __name__ == "__main__":
    main(sys.argv[1:] or ["nonnegative", "set", "false", "minimise", "critical"])
