"""Brackets that fit what stands between them, and fractions, in LaTeX."""

from __future__ import annotations

from fractions import Fraction

LONG = 80
"""What stands between brackets is broken over lines from so many characters of LaTeX on."""
TALL = ("frac{", r"\sum", r"\begin")


def bracket(inside: str) -> str:
    """Round brackets, grown where the inside is tall; around a long inside so that a line may end within."""
    if len(inside) > LONG:
        return breakable(inside)
    return rf"\left({inside}\right)" if any(tall in inside for tall in TALL) else f"({inside})"


def breakable(inside: str) -> str:
    """Round brackets between which a line may end."""
    return rf"\bigl({inside}\bigr)" if any(tall in inside for tall in TALL) else f"({inside})"


def braced(written: str) -> str:
    """Ready to bear a subscript."""
    return f"{{{written}}}" if "_" in written or "^" in written or "'" in written else written


def fraction(value: Fraction, beside: bool = False) -> str:
    """p/q; `beside` other terms or factors of a displayed formula no taller than these."""
    sign = "-" if value < 0 else ""
    top, bottom = abs(value.numerator), value.denominator
    return f"{sign}{top}" if bottom == 1 else rf"{sign}\{'t' * beside}frac{{{top}}}{{{bottom}}}"
