"""Definiteness of parametrised matrices on a set, and formulas without quantifiers in a few variables, settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...certificates import Derivation, Specialisation
from ...claims import Statement
from ...kernel import check
from ...kernel.rejection import Rejected
from ...terms import IllFormed
from ...theory import Claim
from .. import Finding, Settings
from .forms import Form, Universal, form_of, universal
from .minors import positive
from .refuting import refutation

MOST_VARIABLES = 10
"""Statements about more numbers are left to other methods."""
Made = Derivation | Specialisation


def definiteness(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A quadratic form by its leading minors, or a point at which a statement about real numbers fails."""
    yield from _settled(claim, lambda form: form is not None or claim.expected is not True)


def doubt(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A point against a statement without quadratic forms that its author expects to be true, and for which no proof is found."""
    yield from _settled(claim, lambda form: form is None and claim.expected is True)


def _settled(claim: Claim, suits: Callable[[Form | None], bool]) -> Iterator[Finding]:
    made = claim.assertion
    if not isinstance(made, Statement) or made.naturals or made.functions or made.arrays:
        return
    about = universal(made.formula)
    if about is None or not 0 < len(about.names) <= MOST_VARIABLES:
        return
    try:
        form = form_of(about)
        found = _found(made, about, form) if suits(form) else None
    except (Rejected, IllFormed):
        return
    if found is not None:
        yield Finding(found, "minors", "smallest found" if isinstance(found, Specialisation) else "")


def _found(made: Statement, about: Universal, form: Form | None) -> Made | None:
    """A point at which the statement fails, which is found in less than a second or not at all; else a derivation."""
    return refutation(made.formula, about, form) or (_proved(made, form) if form is not None else None)


def _proved(made: Statement, form: Form) -> Derivation | None:
    """A derivation that the kernel accepts."""
    try:
        proof = positive(made.formula, form)
        if proof is not None:
            check(made, Derivation(proof))
    except (Rejected, IllFormed):
        return None
    return None if proof is None else Derivation(proof)
