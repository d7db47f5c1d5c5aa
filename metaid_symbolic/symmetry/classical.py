"""Classical theorems that a network with one hidden layer has no other symmetries, with their conditions checked.

f(x) = sum_i c_i s(u_i(x)) [+ b] with affine u_i(x) = w_i x [+ b_i], all coefficients different parameters.

s = tanh: if all c_i and w_i differ from 0 and no u_i is plus or minus another u_j, then every such network with as many units
and the same function differs by a permutation of the units and signs (Sussmann 1992, Uniqueness of the weights for minimal
feedforward nets with a given input-output map, theorem 2.1).  s = relu with biases, at least as many inputs as units and two
units or more: some network has no equals but those by permutations and positive scalings (Phuong, Lampert 2020, Functional vs.
parametric equivalence of ReLU networks, theorem 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial
from typing import Any, final

from ..model import Model
from ..models.series import expand
from ..problems import exact
from ..programs.reading import different_subterms
from ..terms import IllFormed, Term, symbol

MARK = "unit_"


@final
@dataclass(frozen=True)
class HiddenLayer:
    """The `unit` (tanh or relu), and for each hidden unit the parameter c_i and those of u_i: weights, and the bias or ""."""

    unit: str
    outgoing: tuple[str, ...]
    weights: tuple[tuple[str, ...], ...]
    biases: tuple[str, ...]


def hidden_layer(model: Model) -> HiddenLayer | None:
    """What the model is as a network with one hidden layer and one output; None where it is not seen to be one."""
    functions = [t for t in different_subterms(model.outputs) if t.head in ("tanh", "relu", "exp", "log", "sqrt", "logistic")]
    heads = {t.head for t in functions}
    if len(model.outputs) != 1 or len(heads) != 1 or not heads <= {"tanh", "relu"} or not model.inputs:
        return None
    units = tuple(dict.fromkeys(functions))
    put = {unit: symbol(f"{MARK}{i}") for i, unit in enumerate(units)}
    names = tuple(f"{MARK}{i}" for i in range(len(units)))
    if set(names) & {*model.parameters, *model.inputs}:
        return None
    try:
        (outer,) = expand([_marked(model.outputs[0], put)], (*names, *model.inputs))
        inner = expand([u.args[0] for u in units], model.inputs)
    except IllFormed:
        return None
    outgoing = [outer.get(_unit(i, len(names) + len(model.inputs))) for i in range(len(units))]
    shift = [outer[e] for e in outer if not any(e)]
    weights = [[series.get(_unit(j, len(model.inputs))) for j in range(len(model.inputs))] for series in inner]
    biases = [series.get((0,) * len(model.inputs)) for series in inner]
    listed = [*outgoing, *shift, *(w for row in weights for w in row), *(b for b in biases if b is not None)]
    affine = all(sum(e) <= 1 for series in inner for e in series) and len(outer) == len(units) + len(shift)
    parameters = [t.args[0] for t in listed if t is not None and t.head == "sym"]
    if not affine or len(set(parameters)) < len(listed) or not set(parameters) <= set(model.parameters):
        return None
    rows = tuple(tuple(w.args[0] for w in row if w is not None) for row in weights)
    (unit,) = heads
    return HiddenLayer(
        unit, tuple(c.args[0] for c in outgoing if c is not None), rows, tuple(b.args[0] if b else "" for b in biases)
    )


def _marked(term: Term, put: dict[Term, Term]) -> Term:
    if term in put:
        return put[term]
    args = tuple(_marked(a, put) if type(a) is Term else a for a in term.args)
    return Term(term.head, args)


def _unit(place: int, size: int) -> tuple[int, ...]:
    return tuple(int(i == place) for i in range(size))


def theorem(model: Model, order: int) -> str:
    """What a classical theorem says of further finite symmetries, if its conditions on the architecture hold and the finite
    group found has this order; empty otherwise."""
    layer = hidden_layer(model)
    if layer is None:
        return ""
    units, inputs = len(layer.outgoing), len(model.inputs)
    if layer.unit == "tanh" and order == 2**units * factorial(units):
        return (
            "finite symmetries: there are no others for parameters with nonzero weights in and out of each unit and no two units "
            "equal up to sign (Sussmann 1992, theorem 2.1)"
        )
    if layer.unit == "relu" and all(layer.biases) and inputs >= units >= 2 and order == factorial(units):
        return (
            "finite symmetries: some parameters have no equals but those by permutations of units and positive scalings "
            "(Phuong, Lampert 2020, theorem 1), for other parameters completeness open"
        )
    return ""


def reducible(model: Model, point: Sequence[Any]) -> tuple[str, ...]:
    """Why the theorem does not apply at a point: each condition of irreducibility that fails there, exactly.

    Raises `IllFormed` for a model that is no network with one hidden layer, and for a point of another length.
    """
    layer = hidden_layer(model)
    if layer is None:
        raise IllFormed("the model is not seen to be a network with one hidden layer of tanh or relu units")
    if len(point) != len(model.parameters):
        raise IllFormed(f"a point of {len(point)} coordinates disagrees with {len(model.parameters)} parameters")
    at = dict(zip(model.parameters, (exact(v, "a coordinate") for v in point), strict=True))
    rows = [tuple(at[n] for n in row) for row in layer.weights]
    whole = [(*row, at[b]) if b else row for row, b in zip(rows, layer.biases, strict=True)]
    found = [f"{name} = 0" for name in layer.outgoing if not at[name]]
    found += [f"the weights {', '.join(names)} are 0" for names, row in zip(layer.weights, rows, strict=True) if not any(row)]
    for i, left in enumerate(whole):
        for j in range(i):
            if whole[j] in (left, tuple(-x for x in left)):
                found.append(f"the units {j + 1} and {i + 1} are equal up to sign")
    return tuple(found)
