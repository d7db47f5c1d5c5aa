"""The problems of the positivity benchmark: fixed before the searches that are measured on them were written.

Variables are x, y, z, w, u, v.  A problem is never removed because it is lost.
"""

from __future__ import annotations

NONNEGATIVE = {
    "Motzkin": "x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1",
    "Robinson": "x^6 + y^6 + 1 - x^4*y^2 - x^4 - y^4*x^2 - y^4 - x^2 - y^2 + 3*x^2*y^2",
    "Choi and Lam, Q": "1 + x^2*y^2 + y^2*z^2 + z^2*x^2 - 4*x*y*z",
    "Choi and Lam, S": "x^4*y^2 + y^4 + x^2 - 3*x^2*y^2",
    "four means": "x^4 + y^4 + z^4 + w^4 - 4*x*y*z*w",
    "six means": "x^6 + y^6 + z^6 + w^6 + u^6 + v^6 - 6*x*y*z*w*u*v",
    "convex quartic, 2 variables": "(x + y)^4 + (x - 2*y)^4 + x^2 + 2*y^2 - 498*x + 1012*y + 1887",
    "convex quartic, 3 variables": "(x + y)^4 + (y + z)^4 + (z + x)^4 + x^2 + 2*y^2 + 3*z^2 - 30*x + 16*y - 34*z + 66",
    "convex quartic, 4 variables": "(x + y)^4 + (y + z)^4 + (z + w)^4 + (w + x)^4 + x^2 + 2*y^2 + 3*z^2 + 4*w^2"
    " + 6*x + 16*y + 2*z + 24*w + 40",
    "convex quartic, 5 variables": "(x + y)^4 + (y + z)^4 + (z + w)^4 + (w + u)^4 + (u + x)^4 + x^2 + 2*y^2 + 3*z^2"
    " + 4*w^2 + 5*u^2 - 30*x + 16*y + 2*z + 24*w - 38*u + 93",
    "convex quartic, 6 variables": "(x + y)^4 + (y + z)^4 + (z + w)^4 + (w + u)^4 + (u + v)^4 + (v + x)^4 + x^2 + 2*y^2"
    " + 3*z^2 + 4*w^2 + 5*u^2 + 6*v^2 + 6*x + 16*y + 2*z + 24*w - 2*u + 32*v + 75",
    "tight at two points": "x^4 + y^4 - 4*x*y + 2",
    "tight at four points": "x^4 + y^4 + z^4 - 4*x*y*z + 1",
    "three-hump camel": "2*x^2 - 21/20*x^4 + 1/6*x^6 + x*y + y^2",
    "Goldstein and Price": "(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
    "*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2)) - 3",
}
"""p >= 0 on R^n; all are tight."""

ON_A_SET = {
    "Schmuedgen on a box": (
        "200*((x^3 - 4*x)^2 + (y^3 - 4*y)^2) + (y^2 - x^2)*x*(x + 2)*(x*(x - 2) + 2*(y^2 - 4)) + 1",
        ("4 - x^2", "4 - y^2"),
    ),
    "a saddle on a box": ("3 + x*y - x^2*y - x", ("1 - x^2", "1 - y^2")),
    "between two circles": ("x^2 + y^2 + x*y - 1/2", ("x^2 + y^2 - 1", "4 - x^2 - y^2")),
}
"""p >= 0 where the listed polynomials are >= 0."""

FALSE = {
    "Motzkin, lowered": "x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1 - 1/1000",
    "convex quartic, lowered": "(x + y)^4 + (y + z)^4 + (z + w)^4 + (w + x)^4 + x^2 + 2*y^2 + 3*z^2 + 4*w^2"
    " + 6*x + 16*y + 2*z + 24*w + 40 - 1/1000000",
}
"""p >= 0 fails at a point."""

MINIMISE = {
    "25, a tie of two": "x^6 + y^6 - 6*x*y",
    "27, a tie of four": "x^4 + y^4 + z^4 - 4*x*y*z",
    "49": "x^8 + y^8 + x^3*y^2 - 11*x + 10*y",
    "25, irrational": "x^6 + y^6 - 12*x*y",
    "27, irrational": "x^4 + y^4 + z^4 + x*y*z + x - y + 2*z",
    "81": "x^4 + y^4 + z^4 + w^4 + 2*x*y*z - 3*x*w + y*w^2 - z^2 + 4*x - 2*y - 25*w",
    "125": "x^6 + y^6 + z^6 + x^2*y*z - 2*x*z^3 + x*y - 7*x - 6*y + 11*z",
    "243": "x^4 + y^4 + z^4 + w^4 + u^4 + x*y*z - 2*z*w*u + y^2*u - x*w - 4*x + 5*y - 5*z + 7*w - 7*u",
    "25, unbounded": "x^6 - 3*x^3*y^3 + y^6 + x - y",
    "25, not attained": "(x*y - 1)^2 + x^2 + z^6 + w^6 - 6*z*w",
}
"""The infimum over R^n, whether it is attained, and where; named by the number of complex critical points."""

CRITICAL = ("25, a tie of two", "27, a tie of four", "49", "81", "125", "243")
"""Of the polynomials to minimise: all real critical points, and that there are no others; those whose points are rational."""
