"""The repaired variants of `meta_identifiability` without each of their hypotheses: where the rest is false, it is needed."""

from fractions import Fraction

from metaid_symbolic import MetaProblem
from metaid_symbolic.certificates import Combine, Contraction, Cut, Summand
from metaid_symbolic.hypotheses import audited
from metaid_symbolic.store.loading import load
from metaid_symbolic.store.locating import locate
from metaid_symbolic.terms import equal, less, number, symbol
from metaid_symbolic.theory import Hint

NEEDED, REDUNDANT, OPEN = False, True, None

# Above the parabola y = 5/2 - 4x^2 the function (y + x^2)^2 + 2(x^2 - 1)^2 has a Hessian of at least the identity, and it
# vanishes at (-1, -1) and (1, -1) only.  Along the homotopy to (0, 7/2) the height above the parabola is (1 - s) c + s > 0,
# with c the height at the start.
x, y, u, v, s = map(symbol, ("x", "y", "_1", "_2", "_3"))
LOW, ONCE = Fraction(5, 2), ((Fraction(1), number(1)),)
SLIDE = (1 - s) * u
HEIGHT = LOW - 4 * SLIDE**2 + (1 - s) * (v - LOW + 4 * u**2) + s
AT_START = Summand((1,), ((Fraction(1), LOW + 1 - v - 4 * u**2),), True)
ABOVE = Cut(
    equal(s, 0),
    Combine((Summand((0,), ONCE, False), Summand((3,), ONCE, False), AT_START)),
    Combine((Summand((0, 2), ONCE, False), Summand((1,), ONCE, False), Summand((3,), ONCE, False))),
)
VALLEYS = MetaProblem((x, y), [(y + x**2) ** 2 + 2 * (x**2 - 1) ** 2], [1], constraints=(less(LOW - 4 * x**2, y),))

theory = audited(
    "audits",
    {
        "S4.repair/expconcave": (NEEDED, NEEDED, NEEDED),
        "S10.repair/strong": (Hint(VALLEYS, (1, -1), connected=Contraction((SLIDE, HEIGHT), (ABOVE,))), NEEDED, NEEDED),
        # ell and eta have the same sign where eta ell = 1
        "S10.repair/rate": (OPEN, OPEN, NEEDED, REDUNDANT, REDUNDANT, NEEDED, NEEDED, NEEDED),
        "S10.repair/pacoh": (NEEDED, OPEN, NEEDED, NEEDED),
        "CON/repair": (NEEDED, NEEDED, NEEDED, OPEN, NEEDED, NEEDED, NEEDED),
    },
    load(locate("@meta_identifiability")).theory,
)

if __name__ == "__main__":
    theory.main()
