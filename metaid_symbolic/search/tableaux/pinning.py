"""Variables that can take only finitely many known values: a proof by cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ...certificates import Cut, OneVariable, Proof, Rewrite
from ...kernel.branch import Branch, sort_of
from ...kernel.polynomial import generators_of
from ...kernel.rejection import Rejected
from ...kernel.tableau import one_variable, rewritten
from ...terms import Term, equal, number, substitute, symbol
from ..branches.branch_polynomials import cases_of
from ..branches.rough import conditions_on, plainly_satisfiable
from .moves import USED

MOST_VALUES = 4


def pinned(branch: Branch, values: tuple[Fraction, ...]) -> Iterator[tuple[str, list[Fraction]]]:
    """Variables that the literals about them alone confine to some of the values, and these values."""
    ring = branch.normaliser.ring
    signs: dict[int, list[frozenset[str]]] = {}
    for literal in branch.literals:
        about = generators_of(literal.polynomial)
        if len(about) == 1:
            signs.setdefault(next(iter(about)), []).append(literal.signs)
    for generator, known in signs.items():
        term = ring.term_of(generator)
        if term.head != "sym" or sort_of(term.args[0]) != "real" or term.args[0] not in branch.variables:
            continue
        if all(s == frozenset("-+") for s in known) or plainly_satisfiable(conditions_on(branch, generator), values):
            continue
        if not _confined(branch, term.args[0], values):
            continue
        needed = list(values)
        for value in values:
            fewer = [v for v in needed if v != value]
            if _confined(branch, term.args[0], tuple(fewer)):
                needed = fewer
        if 0 < len(needed) <= MOST_VALUES:
            yield term.args[0], needed


def _confined(branch: Branch, name: str, values: tuple[Fraction, ...]) -> bool:
    other = branch.copy()
    for value in values:
        other.add(equal(symbol(name), number(value)), False)
    if other.closed:
        return False
    try:
        one_variable(other, name)
    except Rejected:
        return False
    return True


def cases(branch: Branch, name: str, values: list[Fraction], prove: Callable[[Branch], Proof | None]) -> Proof | None:
    """One case for each value, the variable eliminated; a last one in which it has none of them."""
    if not values:
        return OneVariable(name)
    formula = equal(symbol(name), number(values[0]))
    yes, no = cases_of(branch, formula)
    if yes.closed or no.closed:
        return None
    inner = prove(still_split(yes, rewritten(yes, name, number(values[0])), {name: number(values[0])}))
    rest = None if inner is None else cases(no, name, values[1:], prove)
    return None if inner is None or rest is None else Cut(formula, Rewrite(name, number(values[0]), inner), rest)


def still_split(before: Branch, after: Branch, value: dict[str, Term]) -> Branch:
    """`after`, in which a variable got its value, without the disjunctions that were split in `before`."""
    split = [leaf for leaf in before.history if len(leaf) > 1 and leaf not in before.facts]
    gone = [{(substitute(f, value), holds) for f, holds in leaf} for leaf in split]
    for place, fact in enumerate(after.facts):
        if type(fact[0]) is tuple and any(set(fact) <= members for members in gone):
            after.facts[place] = (USED, USED)
    return after
