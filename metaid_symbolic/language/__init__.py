"""Our own parser: text to terms.  It evaluates nothing.

The grammar, loosest first: `forall x, y in Phi, t in tasks, mu > 0: ...`, `exists ...`; `<=>`, `=>`, `|`, `&`, `not`;
comparisons `=  !=  <  <=  >  >=` (chains allowed), `x in Phi`, `a in argmin F`; `+ - * / ^`; calls `F(x)`, `L(t, x)`,
`grad F(x)`, `hess L(t, x)`, `fisher(x)`, `E(t, ...)` for the mean over tasks, `sum(i, k, ...)` for i = 1..k, `norm2(x)`,
`dot(x, y)`, `coord(x, i)`, the transpose `tr(A)`, arrays `w[i, j]`, families `th[t]`, vectors `[a, b]`; predicates
`posdef(...)`, `psd(...)`, `nonsingular(...)`, `count(k)` and others, and the names of conditions.
"""

from __future__ import annotations

from collections.abc import Callable

from ..terms import Term
from .formulas import Formulas
from .tokens import SyntaxProblem

__all__ = ["SyntaxProblem", "parse_formula", "parse_term"]


def parse_formula(source: str, conditions: Callable[[str, str, Term | None], Term | None] | None = None) -> Term:
    """The formula; raises `SyntaxProblem`.  `conditions` gives the formula for a condition's name, objective and point."""
    reader = Formulas(source) if conditions is None else Formulas(source, conditions=conditions)
    return reader.whole(reader.formula)


def parse_term(source: str) -> Term:
    """The value; raises `SyntaxProblem`."""
    reader = Formulas(source)
    return reader.whole(reader.sum)
