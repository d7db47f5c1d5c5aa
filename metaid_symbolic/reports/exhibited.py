"""Numbers at which a formula about all real numbers fails, or of which one says that they exist, read off its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import final

from ..certificates import Cut, Instantiate, Proof, Root, Split
from ..search.problems.enumeration import exponents_of, polynomial_term
from ..search.tableaux.candidates import quantifier_groups
from ..terms import Term, free_symbols, number, substitute, symbol

SCALE = 10**6


@final
@dataclass(frozen=True)
class Exhibited:
    """`values` of the leading variables, by name.  Where they mention a symbol r, `polynomial` is a term in r that is 0, and r
    lies strictly `between` two decimals."""

    values: tuple[tuple[str, Term], ...]
    polynomial: Term | None = None
    between: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))

    def equations(self, written: Callable[[Term], str]) -> list[str]:
        """Each value, and what determines r."""
        found = [f"{written(symbol(name))} = {written(value)}" for name, value in self.values]
        if self.polynomial is None:
            return found
        (root,) = {*map(symbol, free_symbols(self.polynomial))}
        low, high = (written(number(end)) if end.denominator == 1 else f"{float(end):.6f}" for end in self.between)
        return [*found, f"{written(self.polynomial)} = 0", f"{low} < {written(root)} < {high}"]


def exhibited(formula: Term, holds: bool, proof: Proof) -> Exhibited | None:
    """What the closed tableau for the formula (its denial, unless it `holds`) puts for the universally read variables in front.

    None if the formula has none, or the proof puts more than one value for a variable: then it does not say which fails.
    """
    names = [name for group in quantifier_groups(formula, holds) for name in group]
    path = list(_path(proof))
    terms = [term for step in path if isinstance(step, Instantiate) for term in step.terms]
    roots = [step for step in path if isinstance(step, Root)]
    unknown = sorted({name for term in terms for name in free_symbols(term)})
    if not names or len(names) != len(terms) or len(unknown) > len(roots):
        return None
    if not unknown:
        return Exhibited(tuple(zip(names, terms, strict=True)))
    if len(roots) > 1 or len(roots[0].terms) > 1:
        return None
    (term,), ((low, high),) = roots[0].terms, roots[0].box
    root = symbol(next(name for name in ("r", "root", "r_0") if name not in names))
    values = tuple((name, substitute(t, {unknown[0]: root})) for name, t in zip(names, terms, strict=True))
    ends = Fraction(floor(low * SCALE), SCALE), Fraction(ceil(high * SCALE), SCALE)
    try:
        vanishing = polynomial_term(exponents_of(term, ("_.1",)), (root.args[0],))
    except ValueError:
        vanishing = substitute(term, {"_.1": root})
    return Exhibited(values, vanishing, ends)


def _path(proof: Proof) -> Iterator[Proof]:
    """The steps down to the last instance; those of several branches with instances repeatedly, so that they are too many."""
    yield proof
    match proof:
        case Cut(_, yes, no):
            below: tuple[Proof, ...] = (yes, no)
        case Split(_, branches):
            below = branches
        case _:
            below = (proof.then,) if hasattr(proof, "then") else ()
    paths = [path for path in (list(_path(inner)) for inner in below) if any(isinstance(step, Instantiate) for step in path)]
    for path in paths:
        yield from path * len(paths)
