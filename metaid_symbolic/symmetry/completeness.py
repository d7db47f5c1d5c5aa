"""What is known about symmetries beyond those that were found.

For fields: the rank of the linear system modulo a prime.  For finite groups: classical theorems for networks with one hidden
layer, quoted with the conditions under which they hold; otherwise completeness is open.
"""

from __future__ import annotations

from ..model import Model
from .discrete import DiscreteGroup
from .fields import Found

OPEN = "generators proved, completeness open"


def affine_completeness(found: Found, proved: bool, independent: bool) -> str:
    """Whether the proved fields are all affine ones.

    The bound by the rank needs the values of exp, tanh and logistic to be `independent`, as they are sampled.
    """
    if not independent:
        return f"affine fields: {OPEN}: values of transcendental functions were not shown to be algebraically independent"
    size = f"the linear system for affine fields has {found.unknowns} unknowns and rank {found.rank} modulo {found.prime}"
    if proved and len(found.fields) == found.nullity:
        return f"all affine fields are found: {size}, so that there are at most {found.nullity} independent ones"
    return f"affine fields: {OPEN}: {size}, so that there are at most {found.nullity} independent ones"


def discrete_completeness(model: Model, group: DiscreteGroup) -> str:
    """What is known of further permutations and signs, and of other finite symmetries."""
    if not group.exhausted:
        return f"finite symmetries: {OPEN}, the search for permutations was not finished"
    if any(not identity.proved for identity in group.identities):
        return f"finite symmetries: {OPEN}, a candidate was not proved"
    return f"finite symmetries: {OPEN} (all permutations that the written expression shows are found)"
