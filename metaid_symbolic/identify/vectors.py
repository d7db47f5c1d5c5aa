"""Points and images of the parameters as texts of the language of claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..printing import text
from ..terms import Term, number, substitute, symbol


def vector(point: Sequence[Any]) -> str:
    return f"[{', '.join(map(str, point))}]"


def at_point(entries: Sequence[Term], parameters: Sequence[str], point: str) -> str:
    """Terms in the parameters as a vector in the coordinates of a point."""
    put = {name: Term("coord", (symbol(point), number(i))) for i, name in enumerate(parameters, start=1)}
    return f"[{', '.join(text(substitute(e, put)) for e in entries)}]"
