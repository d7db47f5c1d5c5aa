"""Conjectures with known answers: an implication between conditions, its truth, and why, by pen and paper.

True and false ones in equal number; the reasons were written before any search saw the list.
"""

from __future__ import annotations

CONJECTURES: tuple[tuple[str, bool, str], ...] = (
    ("UNIQ => WEAK", True, "A single minimiser has the same losses as itself."),
    ("INJ => PROF", True, "The mean loss is a function of the profile of losses."),
    ("ISO => EXISTS", True, "An isolated minimiser is a minimiser."),
    ("SLM => CRIT", True, "A local minimum of a differentiable function on an open set is critical."),
    ("HPD => HNS", True, "A positive definite matrix has no null vector."),
    ("FPDALL => SPAN", True, "A vector orthogonal to all task gradients is a null vector of the Fisher matrix."),
    ("SPAN => FPD", True, "u I u is the mean of squares (g_t . u)^2, which vanishes only if all g_t . u do."),
    ("FPD => COUNT", True, "Fewer than n gradients span no more than their number."),
    ("TCONV => CONV", True, "A mean of convex functions is convex."),
    ("STRONG => SCONV", True, "mu/2 r (1 - r) |x - y|^2 > 0 for x != y and 0 < r < 1."),
    ("SCONV => CONV", True, "At r = 0, r = 1 or x = y both sides are equal."),
    ("COERC => EXISTS", True, "Weierstrass: a ball contains a sublevel set."),
    ("SAME & EXISTS => INTERP", True, "If all losses equal F, a minimiser of F minimises each of them."),
    ("UNIQ & MIN & CONV => ISO", True, "A local minimum of a convex function is global, so phi is the only minimiser."),
    ("SCONV & EXISTS => UNIQ", True, "Half way between two minimisers F would be smaller."),
    ("INTERP => WEAK", True, "A common minimiser gives each task its least value, so every minimiser of F does."),
    ("INJ & EXISTS => UNIQ", True, "Two minimisers of F have the same value of F."),
    ("CRIT & GINJ => FOC", True, "An injective gradient vanishes at one point at most."),
    ("CRIT & HPDCRIT => HPD", True, "phi is one of the critical points of which HPDCRIT speaks."),
    ("GVAR & SAME => UNIQ", True, "Vacuous: equal losses have equal gradients."),
    ("EXISTS => UNIQ", False, "The double well (x^2 - 1)^2 has two minimisers."),
    ("WEAK => UNIQ", False, "A constant loss: all points are minimisers with equal losses."),
    ("CRIT => MIN", False, "x^3 at 0."),
    ("MIN => SLM", False, "A constant loss."),
    ("UNIQ => HPDCRIT", False, "x^4 has a unique minimiser with Hessian 0."),
    ("ISO => HPD", False, "x^4 at 0."),
    ("ISO => UNIQ", False, "(x^2 - 1)^2 at 1."),
    ("FPD => FPDALL", False, "x^2 at 1 has gradient 2, at 0 it has gradient 0."),
    ("FPD & EXISTS => UNIQ", False, "(x^2 - 1)^2 at 2, where the gradient does not vanish."),
    ("FPD & ISO => UNIQ", False, "(x^2 - 1)^2 + x and (x^2 - 1)^2 - x at 1."),
    ("CONV => EXISTS", False, "The linear loss x."),
    ("CONV => TCONV", False, "2 x^2 and -x^2."),
    ("CONV => SCONV", False, "The linear loss x."),
    ("SCONV => STRONG", False, "x^4, whose second derivative at 0 is 0."),
    ("STRONG => EXISTS", False, "x^2 on 0 < x < 1."),
    ("COERC => CONV", False, "The double well (x^2 - 1)^2."),
    ("LAW => INJ", False, "2 x and -x with weights 1/3 and 2/3: the mean is constant, the law is not."),
    ("HNS & CRIT => HPD", False, "-x^2 at 0."),
    ("GINJ => EXISTS", False, "-x^2 has an injective gradient and no minimum."),
    ("TPSD => TCONV", False, "x^3 at 0: the Hessian there is 0, and the loss is not convex."),
)  # fmt: skip
