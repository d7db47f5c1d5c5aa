"""Which maps commute with update fields that follow no loss."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from shell import Shell

from metaid_symbolic.models import build
from metaid_symbolic.models.laws import FiniteLaw
from metaid_symbolic.models.objective import UpdateField
from metaid_symbolic.symmetry import symmetries
from metaid_symbolic.symmetry.equivariance import Equivariance, equivariance
from metaid_symbolic.terms import IllFormed, number, symbol

X, Y = symbol("x"), symbol("y")
SQUARE = X**2 + Y**2


def of(*rows: tuple[object, object]) -> Equivariance:
    law = FiniteLaw((Fraction(1, len(rows)),) * len(rows))
    return equivariance(UpdateField(("x", "y"), rows, law))  # type: ignore[arg-type]


# the components of the field for each task: fields that commute with it, order of the signed permutations
FIELDS = {
    "linear: all that commute with a rotation": (((-Y, X),), 2, 4),
    "the limit cycle": (((X * (1 - SQUARE) - Y, Y * (1 - SQUARE) + X),), 1, 4),
    "radial": (((X * (1 - SQUARE), Y * (1 - SQUARE)),), 1, 8),
    "constant": (((number(1), number(0)),), 4, 2),
    "a shear": (((Y, number(0)),), 3, 2),
    "decoupled": (((X - X**3, Y - Y**3),), 0, 8),
    "two tasks have less": (((-Y, X), (X, 2 * Y)), 1, 2),
}


@pytest.mark.parametrize(("rows", "fields", "order"), FIELDS.values(), ids=FIELDS)
def test_what_commutes(rows, fields: int, order: int) -> None:  # type: ignore[no-untyped-def]
    found = of(*rows)
    assert (len(found.vector_fields), found.discrete.order) == (fields, order) and found.proved


def test_a_rotation_commutes_with_a_field_that_is_no_gradient() -> None:
    (rotation,) = of((X * (1 - SQUARE) - Y, Y * (1 - SQUARE) + X)).vector_fields
    assert rotation.name == "linear d x = -y, d y = x"


def test_steps_keep_signs_and_permutations_and_lose_scalings() -> None:
    base = symmetries(build("plain", "scalar-factorisation", 2))
    found = equivariance(build("fomaml", "scalar-factorisation", 2), base)
    assert len(base.vector_fields) == 1 and found.kept == () and found.kept_order == base.discrete.order == 4


def test_bad_update_fields() -> None:
    with pytest.raises(IllFormed, match="3 is a int, not an update field"):
        equivariance(3)  # type: ignore[arg-type]
    with pytest.raises(IllFormed, match="do not begin with those of the base"):
        equivariance(build("fomaml", "quadratic", 2), symmetries(build("plain", "scalar-factorisation", 2)))


def test_the_command_says_that_it_is_no_symmetry_of_a_loss(metaid: Shell) -> None:
    code, out, _ = metaid("symmetry", "fomaml", "--base", "scalar-factorisation")
    assert code == 0 and "they need not keep any loss as it is" in out and "Z/2 x| S_2, order 4" in out
    data = json.loads(metaid("symmetry", "reptile", "--base", "scalar-factorisation", "--json")[1])
    assert data["proved"] is True and data["kept"] == {"fields": [], "order": 4}
    assert r"g_{1} &\colon" in metaid("symmetry", "fomaml", "--base", "scalar-factorisation", "--latex")[1]
    code, _, err = metaid("symmetry", "fomaml", "--laws", "2")
    assert code == 2 and "--laws asks about one" in err
