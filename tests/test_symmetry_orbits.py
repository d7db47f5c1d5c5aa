"""Points up to symmetries, and what remains of symmetries when something is added."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from shell import Shell
from test_latex_models import compiled

from metaid_symbolic import Model, reals
from metaid_symbolic.language import parse_term
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.symmetry import Symmetries, analyse
from metaid_symbolic.symmetry.assertions import map_identity
from metaid_symbolic.symmetry.breaking import (
    constrained,
    l2,
    normalised,
    penalised,
    reparametrised,
    unit_norm,
    weight_normalised,
)
from metaid_symbolic.symmetry.comparing import compare
from metaid_symbolic.symmetry.maps import AffineMap
from metaid_symbolic.symmetry.orbits import canonical, invariants, stabiliser
from metaid_symbolic.symmetry.pointwise import at_point
from metaid_symbolic.symmetry.remedies import break_symmetries
from metaid_symbolic.symmetry.tori import Torus
from metaid_symbolic.terms import IllFormed

HALF = Fraction(1, 2)
START = (1, 2, 3, 4, 5, 6)
SCALED = (6, 8, HALF, 1, 3, 10)
"""START with its units swapped, the first then scaled by 2, the second by 1/2, as a relu or linear network allows it."""


def of(unit: str, *widths: int) -> Symmetries:
    return analyse(Network(widths or (2, 2, 1), unit).model)


@pytest.mark.parametrize("unit", ["relu", "linear"])
def test_a_group_element_carries_one_point_to_the_other(unit: str) -> None:
    found = compare(of(unit), START, SCALED)
    assert found.same and found.proved and found.element is not None and found.element.map is not None
    assert "swaps w1_0_0 and w1_1_0" in found.element.finite.name and found.element.map.factors == (2, 2, HALF, HALF, HALF, 2)
    assert found.element.whole is not None and found.element.whole.apply(tuple(map(Fraction, START))) == SCALED


def test_an_invariant_tells_points_apart() -> None:
    found = compare(of("square"), START, SCALED)
    assert found.same is False and found.separator == "coefficient of x_1^2 in f" and found.values == (116, 202)
    assert compare(of("relu"), START, (*START[:5], 7)).separator == "f(0, 1)"


def test_balls_tell_transcendental_functions_apart() -> None:
    found = compare(of("tanh"), START, SCALED)
    assert found.same is False and found.values == () and "the values lie in" in found.reason
    assert compare(of("tanh"), START, (-1, -2, 3, 4, -5, 6)).same is True


def gram(rows: int, columns: int) -> Symmetries:
    """W -> W^T W, with O(rows) as its group."""
    w = reals("w", (rows, columns))
    pairs = [(i, j) for i in range(columns) for j in range(i + 1)]
    return analyse(Model((w,), (), [sum(w[k, i] * w[k, j] for k in range(rows)) for i, j in pairs]))


def shift() -> Symmetries:
    a, b, x = reals("a b x")
    return analyse(Model((a, b), x, [parse_term("exp(a*x)*exp(b*x)")]))


# a model, two points that are the same model, and the kind of element that carries the one to the other
EQUIVALENT = {
    "GL(2)": (lambda: of("linear", 2, 2, 2), (1, 2, 3, 4, 5, 6, 7, 8), (7, 10, 4, 6, 1, 4, 1, 6)),
    "GL(2), a rank smaller": (lambda: of("linear", 1, 2, 1), (1, 0, 1, 0), (1, 1, HALF, HALF)),
    "GL(2) x GL(2)": (
        lambda: of("linear", 2, 2, 2, 2),
        (1, 0, 0, 1, 1, 2, 3, 4, 1, 0, 0, 1),
        (1, 2, 3, 4, 2, 1, 1, 1, 1, -1, -1, 2),
    ),
    "rotation": (lambda: gram(2, 2), (5, 0, 0, 5), (3, -4, 4, 3)),
    "reflection": (lambda: gram(2, 2), (5, 0, 0, 5), (3, 4, 4, -3)),
    "O(3), a rank smaller": (lambda: gram(3, 1), (3, 4, 0), (0, 0, 5)),
    "translation": (shift, (1, 2), (3, 0)),
    "a scaling that is not fixed at 0": (lambda: of("relu"), (1, 2, 3, 4, 0, 6), (2, 4, 3, 4, 0, 6)),
}


@pytest.mark.parametrize(("model", "a", "b"), EQUIVALENT.values(), ids=EQUIVALENT)
def test_the_kernel_proves_the_element_that_carries_one_point_to_the_other(model, a, b) -> None:  # type: ignore[no-untyped-def]
    found = compare(model(), a, b)
    assert found.same and found.element is not None and found.element.proved and found.element.whole is not None
    assert found.element.whole.apply(tuple(map(Fraction, a))) == b


DIFFERENT = {
    "another product": (lambda: of("linear", 2, 2, 2), (1, 2, 3, 4, 5, 6, 7, 8), (7, 10, 4, 6, 1, 4, 1, 7)),
    "another length": (lambda: gram(2, 2), (5, 0, 0, 5), (3, -4, 4, 2)),
}


@pytest.mark.parametrize(("model", "a", "b"), DIFFERENT.values(), ids=DIFFERENT)
def test_the_kernel_proves_that_points_differ(model, a, b) -> None:  # type: ignore[no-untyped-def]
    found = compare(model(), a, b)
    assert found.same is False and found.proved and found.element is None


def test_equal_functions_in_different_strata_have_no_element() -> None:
    found = compare(of("linear", 2, 2, 2), (1, 2, 3, 4, 0, 0, 0, 0), (0, 0, 0, 0, 1, 2, 3, 4))
    assert found.same is True and found.proved and found.element is None
    assert "have dimension 4 and 0 there: they are different strata" in found.reason
    flat = compare(of("linear", 2, 2, 2), (1, 2, 3, 4, 0, 0, 0, 0), (0,) * 8)
    assert "orbits of affine fields have dimension 4 and 0 there" in flat.reason


def test_a_large_group_is_not_run_through() -> None:
    found = of("tanh", 2, 7, 1)
    point = tuple(range(1, 22))
    swapped = (*point[2:14], *point[:2], *point[15:], point[14])
    assert found.discrete.order > 600_000
    assert compare(found, point, swapped).same is True
    relu = compare(of("relu", 2, 7, 1), point, (*(2 * x for x in swapped[:14]), *(Fraction(x, 2) for x in swapped[14:])))
    assert relu.same is True and relu.proved


# maps that are close to symmetries of linear 2-2-2
FALSE_ELEMENTS = {
    "one layer alone": {0: {0: 2}, 1: {1: 2}},
    "the wrong transpose": {0: {0: 1, 2: 1}, 1: {1: 1, 3: 1}, 4: {4: 1, 5: -1}, 6: {6: 1, 7: -1}},
    "a translation": {0: {0: 1, 8: 1}},
}


@pytest.mark.parametrize("rows", FALSE_ELEMENTS.values(), ids=FALSE_ELEMENTS)
def test_false_elements_are_not_proved(rows: dict[int, dict[int, int]]) -> None:
    model = Network((2, 2, 2)).model
    entries = [rows.get(i, {i: 1}) for i in range(8)]
    made = AffineMap(model.parameters, tuple(tuple(Fraction(row.get(k, 0)) for k in range(9)) for row in entries))
    assert not map_identity(model, made.name, made.substitution).proved


def test_what_is_not_decided_is_not_claimed() -> None:
    x = reals("x")
    a, b = reals("a b")
    found = analyse(Model((a, b), x, [parse_term("exp(a*x)*exp(b^3*x)")]))
    known = compare(found, (1, 2), (8, 1))
    assert known.same is None and not known.proved and str(known).startswith("not decided: no input tells the functions apart")


@pytest.mark.parametrize("unit", ["relu", "square"])
def test_the_canonical_representative_is_constant_on_orbits(unit: str) -> None:
    found = of(unit)
    scaled = SCALED if unit == "relu" else (-6, -8, HALF, 1, Fraction(3, 2), 20)
    assert canonical(found, START) == canonical(found, scaled) and compare(found, START, canonical(found, START)).same
    assert canonical(found, START) != canonical(found, (*START[:5], 7))


def test_the_canonical_representative_under_a_linear_layer() -> None:
    found, point = of("linear", 2, 2, 2), (1, 2, 3, 4, 5, 6, 7, 8)
    assert canonical(found, point) == canonical(found, (7, 10, 4, 6, 1, 4, 1, 6)) == (0, 1, 1, 0, 34, 23, 46, 31)
    assert canonical(found, point) != canonical(found, (7, 10, 4, 6, 1, 4, 1, 7))
    assert compare(found, point, canonical(found, point)).proved
    deep = of("linear", 2, 2, 2, 2)
    assert canonical(deep, (1, 0, 0, 1, 1, 2, 3, 4, 1, 0, 0, 1)) == canonical(deep, (1, 2, 3, 4, 2, 1, 1, 1, 1, -1, -1, 2))
    with pytest.raises(IllFormed, match="have smaller rank than the layer"):
        canonical(found, (1, 2, 2, 4, 5, 6, 7, 8))


def test_what_is_known_at_a_point() -> None:
    here = at_point(of("linear", 2, 2, 2), (1, 2, 3, 4, 5, 6, 7, 8))
    assert here.stabiliser.orbit_dimension == 4 and here.representative is not None and here.fails is None
    assert here.invariants is not None and {v for _, v in here.invariants} == {23, 34, 31, 46}
    tanh = at_point(of("tanh"), (1, 2, 1, 2, 3, 3))
    assert tanh.fails == ("the units 1 and 2 are equal up to sign",) and tanh.invariants is None
    assert "finite symmetries that fix it: swaps w1_0_0 and w1_1_0" in str(tanh)
    assert "smaller rank" in at_point(of("linear", 2, 2, 2), (0,) * 8).reason


def test_the_command_shows_a_point(metaid: Shell) -> None:
    code, out, _ = metaid("symmetry", "network-relu", "--at", "1,2,3,4,5,6")
    assert (
        code == 0
        and "orbit of dimension 2, stabiliser of dimension 0" in out
        and "canonical representative: (1, 2, 1, 4/3, 5, 18)" in out
    )
    data = json.loads(metaid("symmetry", "network-relu", "--at", "1,2,3,4,5,6", "--json")[1])
    assert data["at"]["orbit_dimension"] == 2
    code, _, err = metaid("symmetry", "network-relu", "--at", "0,0,3,4,5,6")
    assert code == 2 and "on a kink" in err


def test_no_normal_form_takes_a_root() -> None:
    with pytest.raises(IllFormed, match="without roots"):
        Torus(((2, -2),), 2).normal((2, 3))
    assert Torus(((1, -1),), 2).normal((-2, 3)) == (-1, 6) and Torus(((1, -1),), 2).normal((0, 3)) == (0, 1)


def test_stabilisers_and_orbits_at_a_point() -> None:
    equal = stabiliser(of("relu"), (1, 2, 1, 2, 5, 5))
    assert (equal.orbit_dimension, equal.dimension, len(equal.finite)) == (2, 0, 2)
    origin = stabiliser(of("linear", 2, 2, 2), (0,) * 8)
    assert (origin.orbit_dimension, origin.dimension, len(origin.finite)) == (0, 4, 8)


def test_identifiable_combinations() -> None:
    names = [label for label, _ in invariants(of("square"))]
    assert sorted(names) == [f"coefficient of {m} in f" for m in ("x_0*x_1", "x_0^2", "x_1^2")]
    assert len(invariants(of("linear", 3, 2, 3))) == 8  # k (d0 + dL - k)
    with pytest.raises(IllFormed, match="no polynomials in the inputs"):
        invariants(of("tanh"))


def test_bad_points() -> None:
    with pytest.raises(IllFormed, match="a point of 5 coordinates disagrees with 6 parameters"):
        compare(of("relu"), START, START[:5])
    a, b, x = reals("a b x")
    with pytest.raises(IllFormed, match=r"not seen to be defined at \(3, 0\)"):
        compare(analyse(Model((a, b), x, [a / b * x])), (3, 0), (6, 8))
    with pytest.raises(IllFormed, match="on a kink: the argument"):
        stabiliser(of("relu"), (0, 0, 1, 1, 1, 1))
    with pytest.raises(IllFormed, match="not an exact rational number"):
        compare(of("relu"), START, (0.5, 2, 3, 4, 5, 6))


# what is added to a network, how many fields remain of (relu 2-2-1, linear 2-2-2), and of how many elements of the finite group
REMEDIES = {
    "L2 at 0": (lambda s: penalised(s, [l2(s.model)]), (0, 2), (1, 8)),
    "L2 at a centre": (lambda s: penalised(s, [l2(s.model, range(1, len(s.model.parameters) + 1))]), (0, 1), (0, 1)),
    "unit norm a unit": (
        lambda s: constrained(s, [unit_norm(("w1_0_0", "w1_0_1")), unit_norm(("w1_1_0", "w1_1_1"))]), (0, 2), (0, 8),
    ),
    "unit norm a layer": (
        lambda s: constrained(s, [unit_norm(("w1_0_0", "w1_0_1", "w1_1_0", "w1_1_1"))]), (0, 2), (1, 8),
    ),
    "ordering": (lambda s: constrained(s, [], [parse_term("w1_1_0 - w1_0_0")]), (2, 1), (4, 2)),
    "sign": (lambda s: constrained(s, [], [parse_term("w1_0_0")]), (2, 1), (4, 2)),
    "slice": (lambda s: constrained(s, [parse_term("w1_0_0 - 1")]), (1, 1), (2, 2)),
    "a further task": (lambda s: penalised(s, [parse_term("w1_0_0*x_0")]), (1, 1), (2, 2)),
}  # fmt: skip


@pytest.mark.parametrize(("remedy", "relu", "linear"), REMEDIES.values(), ids=REMEDIES)
def test_remedies(remedy, relu: tuple[int, int], linear: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    for found, expected in ((of("relu"), relu), (of("linear", 2, 2, 2), linear)):
        remaining = remedy(found)
        assert remaining.proved and (len(remaining.fields), remaining.discrete.order) == expected


def test_l2_leaves_the_rotations_of_a_linear_layer() -> None:
    found = of("linear", 2, 2, 2)
    (rotation,) = penalised(found, [l2(found.model)]).fields
    assert rotation.kind == "linear" and not any(e == (i,) for i, e, _ in rotation.coefficients)


def test_a_normalised_unit_gains_a_scaling_of_its_own() -> None:
    found = of("relu")
    kept, new = reparametrised(found, normalised(found.model, ("w1_0_0", "w1_0_1")))
    assert [v.weights for v in kept.fields] == [(0, 0, 1, 1, 0, -1)]
    assert (1, 1, 0, 0, 0, 0) in [v.weights for v in new.vector_fields]
    lengths = analyse(weight_normalised(found.model, ("w1_0_0", "w1_0_1"), "g")).vector_fields
    assert [v.weights for v in lengths[:2]] == [(1, 1, 0, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0, -1)]


def test_remedies_have_names() -> None:
    found = of("relu")
    broken = break_symmetries(found, ("l2", "sign:w1_0_0", "slice:w1_1_0=1"))
    assert [(r.name, len(r.kept.fields), r.kept.discrete.order) for r in broken.rows] == [
        ("l2", 0, 2), ("sign:w1_0_0", 2, 1), ("slice:w1_1_0=1", 1, 1), ("all of these", 0, 1),
    ]  # fmt: skip
    assert broken.proved
    (lengths,) = break_symmetries(found, ("weight-norm:w1_0_*",)).rows
    assert [v.name for v in lengths.new] == ["scaling w1_0_0: 1, w1_0_1: 1", "scaling w2_0_0: 1, g: -1"]
    assert [len(r.kept.fields) for r in break_symmetries(of("linear", 2, 2, 2), ("l2", "unit-norm:w1_*")).rows] == [1, 1, 1]


BAD_REMEDIES = {
    "unknown": ("lq2", "did you mean 'l2'"),
    "empty": ("sign:", "says nothing"),
    "no parameter": ("sign:zz", "'zz' is none of the parameters"),
    "no pattern": ("unit-norm:q*", "names none of the parameters"),
    "one alone is no order": ("order:w1_0_0", "is no order"),
    "no value": ("slice:w1_0_0", "is no slice"),
    "a centre elsewhere": ("l2:1,2", "a centre of 2 coordinates disagrees with 6 parameters"),
    "no number": ("l2:a,b,c,d,e,f", "not an exact rational number"),
}


@pytest.mark.parametrize(("remedy", "message"), BAD_REMEDIES.values(), ids=BAD_REMEDIES)
def test_remedies_that_are_none(remedy: str, message: str) -> None:
    with pytest.raises(IllFormed, match=message):
        break_symmetries(of("relu"), (remedy,))


def test_the_command_breaks_symmetries(metaid: Shell) -> None:
    code, out, _ = metaid("symmetry", "network-relu", "--break", "l2", "--break", "unit-norm:w1_0_*")
    assert code == 0 and "l2: 0 of 2 fields remain, 2 of 2 elements of the finite group (S_2); proved" in out
    data = json.loads(metaid("symmetry", "network-relu", "--break", "l2", "--json")[1])
    assert data["breaking"][0]["lost_fields"] == 2 and data["breaking"][0]["proved"] is True
    assert r"\begin{tabular}{llll}" in metaid("symmetry", "network-relu", "--break", "l2", "--latex")[1]
    code, _, err = metaid("symmetry", "network-relu", "--break", "order:w1_0_0")
    assert code == 2 and "is no order: it is written order:a<b<c" in err


def test_bad_remedies() -> None:
    found = of("relu")
    with pytest.raises(IllFormed, match="a centre of 1 coordinates disagrees with 6 parameters"):
        l2(found.model, [1])
    with pytest.raises(IllFormed, match="x_0 in a constraint is no parameter"):
        constrained(found, [parse_term("x_0")])
    with pytest.raises(IllFormed, match="disagree with"):
        reparametrised(found, of("relu", 1, 1, 1).model)


def test_the_command_compares_two_points(metaid: Shell) -> None:
    code, out, _ = metaid("symmetry", "network-relu", "--points", "1,2,3,4,5,6", "6,8,1/2,1,3,10")
    assert code == 0 and "the same model: swaps w1_0_0 and w1_1_0" in out and "times 2, 2, 1/2, 1/2, 1/2, 2" in out
    assert (
        "different models: f(0, 1) tells them apart, it is 34 and 38"
        in metaid("symmetry", "network-relu", "--points", "1,2,3,4,5,6", "1,2,3,4,5,7")[1]
    )
    code, _, err = metaid("symmetry", "network-relu", "--points", "1,2", "1,2,3,4,5,7")
    assert code == 2 and "a point of 2 coordinates disagrees with 6 parameters" in err
    data = json.loads(metaid("symmetry", "deep-linear", "--json", "--points", "1,0,0,1,1,0", "1,0,0,1,0,1")[1])
    assert data["points"]["same"] is False and data["points"]["separator"]["values"] == ["0", "1"]


def test_answers_in_latex_compile(tmp_path: Path) -> None:
    relu, linear = of("relu"), of("linear", 2, 2, 2)
    made = [compare(relu, START, SCALED), compare(linear, range(1, 9), (7, 10, 4, 6, 1, 4, 1, 6)), at_point(relu, START)]
    made += [compare(relu, START, range(2, 8)), break_symmetries(linear, ["l2", "unit-norm:w1_*", "order:w1_0_0<w1_1_0"])]
    log = compiled(tmp_path, [answer.latex() + "\n\n" for answer in made])
    assert "Overfull" not in log
