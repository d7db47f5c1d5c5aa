"""What is known about symmetries beyond those that were found.

For fields: the rank of the linear system modulo a prime.  For finite groups: classical theorems for networks with one hidden
layer, quoted with the conditions under which they hold; otherwise completeness is open.
"""

from __future__ import annotations

from ..model import Model
from .classical import theorem
from .differentials import Differentials
from .discrete import DiscreteGroup
from .fields import Found

OPEN = "generators proved, completeness open"
DEPENDENT = "values of transcendental functions were not shown to be algebraically independent"


def affine_completeness(differentials: Differentials, found: Found, proved: bool) -> str:
    """Whether the proved fields are all affine ones.

    The bound by the rank needs the values of exp, tanh and logistic to be independent, as they are sampled, and for relus that
    every combination of active units occurs.
    """
    if not differentials.independent:
        return f"affine fields: {OPEN}: {DEPENDENT}"
    size = f"the linear system for affine fields has {found.unknowns} unknowns and rank {found.rank} modulo {found.prime}"
    if proved and len(found.fields) == found.nullity:
        whole = "all affine fields are found" + _where(differentials)
        return f"{whole}: {size}, so that there are at most {found.nullity} independent ones"
    return f"affine fields: {OPEN}: {size}, so that there are at most {found.nullity} independent ones"


def fibre_completeness(differentials: Differentials, orbit: int, rank: int) -> str:
    """Whether the orbits of the fields have the generic dimension of the fibres: both numbers are lower bounds by ranks modulo a
    prime, so that they are exact where they add up to the number of parameters."""
    size = len(differentials.model.parameters)
    if not differentials.independent:
        return f"orbits of dimension {orbit} or more: {DEPENDENT}"
    if orbit + rank == size:
        whole = "the orbits of the fields have the dimension of the fibres" + _where(differentials)
        return f"{whole}: there are no further infinitesimal symmetries"
    return f"the fibres have dimension at most {size - rank}, and the orbits of these fields dimension {orbit} or more"


def _where(differentials: Differentials) -> str:
    return " (every combination of active relus taken to occur)" if differentials.gates else ""


def discrete_completeness(model: Model, group: DiscreteGroup) -> str:
    """What is known of further permutations and signs, and of other finite symmetries."""
    if not group.exhausted:
        return f"finite symmetries: {OPEN}, the search for permutations was not finished"
    if any(not identity.proved for identity in group.identities):
        return f"finite symmetries: {OPEN}, a candidate was not proved"
    if known := theorem(model, group.order):
        return known
    return f"finite symmetries: {OPEN} (all permutations that the written expression shows are found)"
