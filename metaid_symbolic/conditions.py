"""The conditions that go by the name of identifiability: formulas, no functions.

Each is a text over the objective `F` and the point `phi`, for which another objective (`UNIQ[F_MAML]`) or point
(`FPD(a)`) may be put.  In words, with quantifiers, the meaning stands beside each.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import final

from .kernel.rules import CONSTANTS
from .language import SyntaxProblem, parse_formula
from .language.formulas import RESERVED
from .terms import NAME, Term, free_symbols, rebuild, substitute


@final
@dataclass(frozen=True, slots=True)
class Condition:
    """A named formula.  `latex` is how a paper writes the name."""

    name: str
    formula: Term
    source: str
    latex: str = ""


TABLE = {
    # F separates the points of Phi
    "INJ": "forall x, y in Phi: F(x) = F(y) => x = y",
    # the law of the random number L_T(x) separates the points of Phi
    "LAW": "forall x, y in Phi: samelaw(x, y) => x = y",
    # the losses of all tasks together separate the points of Phi
    "PROF": "forall x, y in Phi: (forall t in tasks: L(t, x) = L(t, y)) => x = y",
    # ... the points of a neighbourhood of phi
    "LPROF": "exists eps > 0: forall x, y in Phi: norm2(x - phi) < eps^2 & norm2(y - phi) < eps^2"
    " & (forall t in tasks: L(t, x) = L(t, y)) => x = y",
    "EXISTS": "exists a in argmin F: true",
    "UNIQ": "exists a in argmin F: forall b in argmin F: b = a",
    # there is a minimiser, and all minimisers have the same losses
    "WEAK": "(exists a in argmin F: true) & (forall a, b in argmin F: forall t in tasks: L(t, a) = L(t, b))",
    # phi is a minimiser, and alone as such in a neighbourhood
    "ISO": "phi in argmin F & (exists eps > 0: forall b in argmin F: norm2(b - phi) < eps^2 => b = phi)",
    "OPT": "phi in argmin F",
    "MIN": "exists eps > 0: forall x in Phi: norm2(x - phi) < eps^2 => F(phi) <= F(x)",
    "SLM": "exists eps > 0: forall x in Phi: norm2(x - phi) < eps^2 & x != phi => F(phi) < F(x)",
    "CRIT": "grad F(phi) = zero",
    # phi is a critical point, and alone as such in a neighbourhood
    "FOC": "grad F(phi) = zero & (exists eps > 0: forall x in Phi: norm2(x - phi) < eps^2 & grad F(x) = zero => x = phi)",
    "HPD": "posdef(hess F(phi))",
    "HNS": "nonsingular(hess F(phi))",
    "HPDCRIT": "forall x in Phi: grad F(x) = zero => posdef(hess F(x))",
    "FPD": "posdef(fisher(phi))",
    "FPDALL": "forall x in Phi: posdef(fisher(x))",
    # the rank of the Fisher matrix is constant near phi, and less than n
    "FRANK": "(exists eps > 0: forall x in Phi: norm2(x - phi) < eps^2 => samerank(fisher(x), fisher(phi)))"
    " & not nonsingular(fisher(phi))",
    "GINJ": "forall x, y in Phi: grad F(x) = grad F(y) => x = y",
    "GVAR": "exists s, t in tasks: grad L(s, phi) != grad L(t, phi)",
    # nothing is orthogonal to all task gradients
    "SPAN": "forall v in Rn: (forall t in tasks: dot(grad L(t, phi), v) = 0) => v = zero",
    # at least n tasks with different losses
    "COUNT": "count(n)",
    "SAME": "forall s, t in tasks: forall x in Phi: L(s, x) = L(t, x)",
    "INTERP": "exists a in Phi: forall t in tasks: forall x in Phi: L(t, a) <= L(t, x)",
    "WHOLE": "whole",
    "CONVEXSET": "forall x, y in Phi, r: 0 <= r & r <= 1 => r*x + (1 - r)*y in Phi",
    "CONV": "CONVEXSET & (forall x, y in Phi, r: 0 <= r & r <= 1 => F(r*x + (1 - r)*y) <= r*F(x) + (1 - r)*F(y))",
    "SCONV": "CONVEXSET & (forall x, y in Phi, r: 0 < r & r < 1 & x != y => F(r*x + (1 - r)*y) < r*F(x) + (1 - r)*F(y))",
    "STRONG": "CONVEXSET & (exists mu > 0: forall x, y in Phi, r: 0 <= r & r <= 1"
    " => F(r*x + (1 - r)*y) <= r*F(x) + (1 - r)*F(y) - mu/2*r*(1 - r)*norm2(x - y))",
    "TCONV": "CONVEXSET & (forall t in tasks: forall x, y in Phi, r: 0 <= r & r <= 1"
    " => L(t, r*x + (1 - r)*y) <= r*L(t, x) + (1 - r)*L(t, y))",
    "TPSD": "forall t in tasks: psd(hess L(t, phi))",
    # on R^n, F exceeds every bound outside some ball
    "COERC": "whole & (forall c: exists r: forall x in Rn: norm2(x) > r => F(x) > c)",
    "EXPC": "CONVEXSET & (exists eta > 0: forall x in Phi: psd(hess F(x) - eta*fisher(x)))",
    # on R^n, the gradient is Lipschitz
    "LIPSCHITZ": "whole & (exists c > 0: forall x, y in Rn: norm2(grad F(x) - grad F(y)) <= c*norm2(x - y))",
    # one inner step from any point of Phi ends in Phi, so that F_MAML is defined on Phi
    "STAYS": "forall x in Phi, t in tasks: x - alpha*grad L(t, x) in Phi",
    # up to constants L_t = -log p_x(t) for laws p_x of one support, and t ~ p_phi: the ratios p_x/p_phi, exp(L_t(phi) - L_t(x)),
    # have mean 1; the sign is a number, since exp(-L_t) would be a division by what the mean runs over
    "LIK": "exists sign: sign = -1 & (forall x in Phi: E(t, exp(L(t, phi) + sign*L(t, x))) = 1)",
    # every task loss is a strongly convex quadratic on R^n
    "QUADRATIC": "whole & (forall t in tasks: forall x in Rn: meq(hess L(t, x), hess L(t, phi)) & posdef(hess L(t, x)))",
}
"""Code, then text; where phi occurs the condition speaks of that point."""


def rename_functions(formula: Term, names: dict[str, str]) -> Term:
    """The formula with applied functions and sets renamed."""
    inside = rebuild(formula, lambda part: rename_functions(part, names))
    if inside.head in ("app", "grad", "hess", "pred") and inside.args[0] in names:
        return Term(inside.head, (names[inside.args[0]], *inside.args[1:]))
    return inside


NAMED_ALONE = re.compile(r"(?<![\w.])([A-Z][A-Z0-9]+)(?=\s*(?:\[[^\]]*\]\s*)?(?:\([^)]*\)\s*)?(?:&|\||<?=>|\)|$))")
"""Words in capitals that stand where a formula does."""


class Conditions:
    """The built-in conditions and a user's own, by name."""

    def __init__(self, own: tuple[Condition, ...] = ()) -> None:
        self._known: dict[str, Term] = dict(_built_in())
        for extra in own:
            if extra.name in self._known:
                raise ValueError(f"the condition {extra.name} is defined twice")
            self._known[extra.name] = extra.formula

    def names(self) -> tuple[str, ...]:
        return tuple(self._known)

    def expand(self, name: str, objective: str = "F", point: Term | None = None) -> Term | None:
        """The condition's formula for this objective and point; None if there is no such condition."""
        if name not in self._known:
            return None
        formula = self._known[name]
        if objective != "F":
            formula = rename_functions(formula, {"F": objective})
        return formula if point is None else substitute(formula, {"phi": point})

    def parse(self, source: str) -> Term:
        """A formula in which conditions may be called by name.  Raises `SyntaxProblem`, which names a condition that does not
        exist, and the nearest one that does."""
        try:
            return parse_formula(source, self.expand)
        except SyntaxProblem as cause:
            for word in filter(None, NAMED_ALONE.findall(source)):
                if word not in self._known:
                    close = difflib.get_close_matches(word, self._known, 1, 0.5)
                    meant = f"; did you mean {close[0]}?" if close else ""
                    raise SyntaxProblem(f"there is no condition {word}{meant} ({cause})") from None
            raise


@cache
def _built_in() -> dict[str, Term]:
    made = Conditions.__new__(Conditions)
    made._known = {}
    for name, source in TABLE.items():
        made._known[name] = parse_formula(source, made.expand)
    return made._known


def condition(name: str, source: str, latex: str = "") -> Condition:
    """A condition of one's own, for example `condition("PL", "exists mu > 0: forall x in Phi, a in argmin F: ...")`.

    Raises `ValueError` for a name that means something else, and for a formula with a variable that nothing binds.
    """
    if not NAME.match(name) or name in RESERVED:
        raise ValueError(f"{name!r} cannot be the name of a condition: it is no name, or one that formulas have a meaning for")
    formula = parse_formula(source, Conditions().expand)
    if unbound := sorted(free_symbols(formula) - CONSTANTS):
        raise ValueError(f"the condition {name} mentions {', '.join(unbound)}, which nothing in it binds")
    return Condition(name, formula, source, latex)
