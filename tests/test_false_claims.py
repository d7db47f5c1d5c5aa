"""False claims, each with the reason: no search yields a certificate that the kernel takes for a proof."""

from __future__ import annotations

import pytest

from metaid_symbolic.certificates import Certificate
from metaid_symbolic.claims import Claim as Assertion
from metaid_symbolic.claims import Universe
from metaid_symbolic.encoding import decode, encode
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.problems import MetaProblem, Noise
from metaid_symbolic.search import Settings, concrete, findings, refutation
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import number
from metaid_symbolic.theory import Claim, Theory

x, y, t = reals("x y t")
SMALL = Settings(budget=25, tasks=(1, 2))
EFFORT = 150
WHOLE, INTERVAL = Universe(domain="whole"), Universe(domain="interval")

IMPLICATIONS = {
    "UNIQ => INJ": "x^2",
    "INJ => EXISTS": "x",
    "EXISTS => UNIQ": "0",
    "WEAK => UNIQ": "0",
    "CRIT => OPT": "-x^2",
    "CRIT => MIN": "x^3",
    "HPD => CRIT": "x^2 at 1",
    "CRIT & HNS => MIN": "-x^2",
    "OPT => UNIQ": "0",
    "OPT => ISO": "0",
    "MIN => OPT": "x^3 - 3*x at 1",
    "MIN => SLM": "0",
    "SLM => HPD": "x^4",
    "SLM => OPT": "x^3 - 3*x at 1",
    "FPD => HPD": "x",
    "HPD => FPD": "x^2 at 0",
    "FPD => UNIQ": "x",
    "FPD & CRIT => UNIQ": "x and -x",
    "FPD & OPT => UNIQ": "x and -x",
    "HNS => HPD": "-x^2",
    "PROF => INJ": "x and -x",
    "LAW => INJ": "x and -x with weights 1/3, 2/3 of x and -x/2",
    "PROF => LAW": "x and -x",
    "LPROF => PROF": "x^2 at 1",
    "FOC => OPT": "-x^2",
    "GVAR => SPAN": "x and -x in the plane",
    "SAME => UNIQ": "0",
    "SAME => INJ": "0",
    "INTERP => UNIQ": "0",
    "EXISTS => INTERP": "x^2 and (x - 1)^2",
    "CONV => EXISTS": "x",
    "CONV => SCONV": "0",
    "COUNT => UNIQ": "0",
    "UNIQ => COUNT": "x^2 + y^2",
    "WHOLE => EXISTS": "x",
    "EXISTS => WHOLE": "0 on a ray",
    "GINJ => INJ": "x^2",
    "GINJ => EXISTS": "x^2 on a ray",
    "UNIQ => GINJ": "x^4 - x^3 + x^2, whose slope is not monotone",
    "HPDCRIT => EXISTS": "x",
    "forall x in Phi: F(x) >= 0": "-1",
    "F(phi) < F(phi) + norm2(phi)": "phi = 0",
    "forall s, t in tasks: L(s, phi) = L(t, phi)": "x and x + 1",
    "exists x in Phi: x != phi & F(x) = F(phi)": "x",
    "not CRIT": "0",
    "not (CRIT & HPD)": "x^2",
    "not (UNIQ & FPD)": "x^2/2 + x, x^2/2 - x",
}

REAL = {
    "not (exists x, y: x*y > 0)": "x = y = 1",
    "forall x, y: x^2*y <= 0": "x = y = 1",
    "forall x, y: x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1 > 0": "it is 0 at (1, 1)",
    "forall x, y: (x*y - 1)^2 + (x^2 + y^2)/2 >= 4/5": "the minimum is 3/4",
    "forall x: x^2 > 0": "x = 0",
    "forall x: x^4 - x + 47/100 > 0": "the minimum of x^4 - x is less than -47/100",
    "exists x: x^4 - x + 48/100 < 0": "the minimum of x^4 - x is greater than -48/100",
    "exists x: x^2 = -1": "a square is not negative",
    "forall x: x^2 = x": "x = 2",
    "forall x, y: (x + y)^2 = x^2 + y^2": "x = y = 1",
    "forall x: exists y: x = y^2": "x = -1",
    "exists x: forall y: x <= y": "y = x - 1",
    "exists y: forall x: x < y": "x = y",
    "forall x: x/x = 1": "nothing is known about 0/0",
    "forall x: exp(x) > 1 + x": "x = 0",
    "exp(1) < 2718/1000": "e = 2.71828...",
    "log(2) > 7/10": "log 2 = 0.693...",
    "sqrt(2) + sqrt(3) > 63/20": "it is 3.146...",
    "forall x: relu(x) = x": "x = -1",
    "forall x, y: x < y => x^2 < y^2": "x = -1, y = 0",
    "forall x, y: x*y = 0 => x = 0": "y = 0",
    "forall x: x^3 - 3*x + 1 = 0 => x < 1": "the third root is 1.53...",
    "forall x, y, z: x*y + y*z + z*x <= x*y*z": "x = y = z = 1",
    "forall x, y: x^2 + y^2 <= 1 => x + y <= 7/5": "x = y = 1/sqrt(2)",
    "1 < 1": "a number is not less than itself",
}

AT: dict[str, tuple[MetaProblem, str]] = {
    "two minimisers": (MetaProblem(x, [(x**2 - 1) ** 2], [1]), "UNIQ"),
    "no minimiser": (MetaProblem(x, [x**3], [1]), "EXISTS"),
    "another gradient": (MetaProblem(x, [x**2], [1]), "forall z in Rn: grad F(z) = z"),
    "adaptation changes the optimum": (
        MetaProblem(x, [x**2 / 2, (x - 1) ** 2], ["1/2", "1/2"], rate="1/4"), "forall z in Rn: F_MAML(z) = F(z)"),
    "the Hessian of a saddle": (MetaProblem((x, y), [x * y], [1]), "forall z in Rn: psd(hess F(z))"),
    "a Gaussian second moment": (MetaProblem(x, [(x - t) ** 2], [1], noise=(Noise("t", 0, 1),)), "exists z in Rn: F(z) < 1"),  # type: ignore[arg-type]
    "an odd moment": (MetaProblem(x, [x * t**3], [1], noise=(Noise("t", 0, 1),)), "forall z in Rn: F(z) = coord(z, 1)"),  # type: ignore[arg-type]
    "the number of losses": (MetaProblem(x, [x + x, 2 * x], ["1/2", "1/2"]), "count(2)"),
}  # fmt: skip

MATRICES = {
    "commuting": "A*B = B*A",
    "transposed": "tr(A*B) = tr(A)*tr(B)",
    "binomial": "(A + B)^2 = A^2 + 2*A*B + B^2",
    "nilpotent": "A^2 = 0",
    "symmetric": "tr(A) = A",
}


def corpus() -> dict[str, Claim]:
    theory = Theory("false")
    for source in IMPLICATIONS:
        theory.claim(source, source, expected=False)
    for source in REAL:
        theory.statement(source, source, expected=False)
    for name, (problem, source) in AT.items():
        theory.at(name, problem, source, expected=False)
    for name, equation in MATRICES.items():
        theory.matrix(name, shapes={"A": ("h", "h"), "B": ("h", "h")}, equations=[equation], expected=False)
    theory.claim("interior minimum", "OPT => CRIT", universe=INTERVAL, expected=False)
    theory.claim("interior minimum, F", "EXISTS => (exists z in Phi: grad F(z) = zero)", universe=INTERVAL, expected=False)
    theory.exists("none is above itself", "F(phi) < F(phi)", expected=False)
    theory.exists("no weak point is unique without being one", "UNIQ & not EXISTS", expected=False)
    theory.exists("no injective map with two values in one", "INJ & (exists z in Phi: z != phi & F(z) = F(phi))", expected=False)
    theory.combinations("impossible", "0 < 1", ["UNIQ", "EXISTS"], expected=False)
    theory.determines("the value from the gradient", ["grad F(phi)"], "F(phi)", expected=False)
    theory.statement("all sizes", "sum(i, k, w[i]^2) > 0", naturals={"k": 1}, arrays={"w": (reals("k"),)}, expected=False)
    theory.statement("all functions", "forall r: f(r) = f(number_)".replace("number_", "0"), functions=["f"], expected=False)
    theory.statement("a small size", "k^2 <= 2*k", naturals={"k": 0}, arrays={"w": (number(2),)}, expected=False)
    return theory.claims


CORPUS = corpus()


def test_the_corpus_is_large() -> None:
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_a_false_claim_is_never_proved(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concrete, "HARD", EFFORT)
    monkeypatch.setattr(refutation, "EFFORTS", (EFFORT, EFFORT))
    claim = CORPUS[name]
    assert claim.assertion is not None
    assertion = decode(encode(claim.assertion), Assertion)
    for finding in findings(claim, SMALL):
        certificate = decode(encode(finding.certificate), Certificate)
        for arithmetic in ("python", "flint"):
            try:
                found = check(assertion, certificate, {}, arithmetic)
            except Rejected:
                continue
            assert not found.truth, f"{name} is false, and {finding.method} proves it"
        return
