"""Vector fields, permutations and signs of models: published groups, false generators, bad input."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from shell import Shell

from metaid_symbolic import MetaProblem, Model, check, reals, symmetries
from metaid_symbolic.claims import AtProblem
from metaid_symbolic.encoding import encode
from metaid_symbolic.kernel.rejection import Rejected
from metaid_symbolic.models import build
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.recheck import establish
from metaid_symbolic.symmetry import ParameterMap, VectorField, analyse
from metaid_symbolic.symmetry.algebra import LieAlgebra, signature, structure
from metaid_symbolic.symmetry.assertions import field_identity, map_identity
from metaid_symbolic.symmetry.classical import hidden_layer, reducible
from metaid_symbolic.symmetry.comparing import compare
from metaid_symbolic.symmetry.derivations import bracket, flow
from metaid_symbolic.symmetry.differentials import Differentials
from metaid_symbolic.symmetry.discrete import discrete_symmetries
from metaid_symbolic.symmetry.fields import detect
from metaid_symbolic.symmetry.linear_systems import rational
from metaid_symbolic.symmetry.scalings import DiagonalGroup, Gradings
from metaid_symbolic.symmetry.theorems import affine_theorem
from metaid_symbolic.terms import IllFormed, Term, number, symbol
from metaid_symbolic.verdicts import Verdict

HALF = Fraction(1, 2)

# widths, unit: dimension of the affine fields, order of the group of permutations and signs, its structure.
# Linear: GL(r) a hidden layer (Marcotte, Gribonval, Peyre 2023), its finite part signs and permutations of the units; ReLU:
# positive scalings (Phuong, Lampert 2020); tanh: no fields, 2^h h! (Albertini, Sontag 1993).
NETWORKS = {
    "linear 2-2-2": ((2, 2, 2), "linear", 4, 8, "(Z/2)^2 x| S_2"),
    "linear 3-2-3": ((3, 2, 3), "linear", 4, 8, "(Z/2)^2 x| S_2"),
    "linear 2-2-2-2": ((2, 2, 2, 2), "linear", 8, 64, "(Z/2)^4 x| S_2 x S_2"),
    "linear 3-3-3": ((3, 3, 3), "linear", 9, 48, "(Z/2)^3 x| S_3"),
    "square 2-2-1": ((2, 2, 1), "square", 2, 8, "(Z/2)^2 x| S_2"),
    "square 3-3-1": ((3, 3, 1), "square", 3, 48, "(Z/2)^3 x| S_3"),
    "tanh 2-2-1": ((2, 2, 1), "tanh", 0, 8, "(Z/2)^2 x| S_2"),
    "tanh 2-2-2-1": ((2, 2, 2, 1), "tanh", 0, 64, "(Z/2)^4 x| S_2 x S_2"),
    "relu 1-1-1": ((1, 1, 1), "relu", 1, 1, "trivial"),
    "relu 2-3-1": ((2, 3, 1), "relu", 3, 6, "S_3"),
    "softplus 2-2-1": ((2, 2, 1), "softplus", 0, 2, "S_2"),
}


@pytest.mark.parametrize(("widths", "unit", "fields", "order", "structure"), NETWORKS.values(), ids=NETWORKS)
def test_networks_have_their_published_symmetries(
    widths: tuple[int, ...], unit: str, fields: int, order: int, structure: str
) -> None:
    found = analyse(Network(widths, unit).model)
    assert (len(found.vector_fields), found.discrete.order, found.discrete.structure) == (fields, order, structure)
    known = "affine fields: generators proved, completeness open" if unit == "softplus" else "all affine fields are found"
    assert found.proved and found.verdict is Verdict.PROVED and found.completeness.startswith(known)


a, b, c, d, x = (symbol(n) for n in "abcdx")

# permutations that are symmetries only together with changes of sign: order and structure of the whole finite group
SIGNED = {
    "a difference of units": (lambda: [b * Term("tanh", (a * x,)) - c * Term("tanh", (d * x,))], 8, "(Z/2)^2 x| S_2"),
    "an even function of a difference": (lambda: [(a - b) ** 2 * x, c + d], 8, "Z/2 x| S_2 x S_2"),
    "a quarter turn": (lambda: [a**2 + b**2, (a**2 - b**2) * a * b, c, d], 4, "Z/4"),
    "a discriminant's root": (lambda: [(a - b) * (b - c) * (c - a), d], 6, "S_3"),
    "coefficients that change places": (lambda: [a * b * c, (a - 2 * b) ** 2 + (2 * a - b) ** 2, d], 4, "Z/2 x| S_2"),
    "none: another coefficient": (lambda: [(a - b) ** 2 + a**2 * x, c, d], 2, "Z/2"),
    "none: an odd function": (lambda: [(a - b) ** 3, a + b, c, d], 1, "trivial"),
}  # fmt: skip


@pytest.mark.parametrize(("outputs", "order", "structure"), SIGNED.values(), ids=SIGNED)
def test_permutations_with_signs(outputs, order: int, structure: str) -> None:  # type: ignore[no-untyped-def]
    found = discrete_symmetries(Model((a, b, c, d), x, outputs()))
    assert (found.order, found.structure) == (order, structure) and all(i.proved for i in found.identities)


def test_permutations_with_factors() -> None:
    found = symmetries(Model((a, b, c, d), x, [a**2 * b * x + 8 * c**2 * d * x, a * b**3]))
    assert found.rescaled.maps == ()
    found = symmetries(Model((a, b, c, d), x, [(a * b + 2 * c * d) * x, (a * b) ** 2 * (c * d) ** 2]))
    (swap,) = found.rescaled.maps
    assert found.proved and swap.substitution.keys() == {"a", "b", "c", "d"}
    moved = compare(found, (1, 2, 3, 5), (15, 2, 1, 1))
    assert moved.same and moved.element is not None and moved.proved
    assert "factors" in str(found) and found.to_json()["rescaled"]


# a model, and how many fields of degree 2 it has besides the affine ones: in all, and made of minors
QUADRATIC = {
    "a cubic": (lambda: Model((a, b), (), [a**3 + a * b + b**3]), 1, 1),
    "a cubic in three": (lambda: Model((a, b, c), (), [a**3 + b**3 + c**3 + a]), 3, 3),
    "square 2-2-1": (lambda: Network((2, 2, 1), "square").model, 1, 0),
    "linear 2-2-2": (lambda: Network((2, 2, 2)).model, 0, 0),
}


@pytest.mark.parametrize(("model", "count", "trivial"), QUADRATIC.values(), ids=QUADRATIC)
def test_fields_made_of_minors_are_told_apart(model, count: int, trivial: int) -> None:  # type: ignore[no-untyped-def]
    found = analyse(model(), degree=2)
    assert len([v for v in found.vector_fields if v.degree == 2]) == count and len(found.trivial) == trivial and found.proved
    assert ("made of minors" in str(found)) == (trivial > 0)


def test_biases_move_with_their_units() -> None:
    found = analyse(Network((2, 2, 1), "tanh", biases=True).model)
    assert found.discrete.order == 8 and any("b1_0 and b1_1" in g.name for g in found.discrete.generators)
    scaled = analyse(Network((2, 2, 1), "relu", biases=True).model).vector_fields
    assert [v.weights[4:6] for v in scaled] == [(1, 0), (0, 1)]


def test_a_square_network_has_a_quadratic_symmetry_besides_its_scalings() -> None:
    found = symmetries(Network((2, 2, 1), "square"))
    assert [v.kind for v in found.vector_fields] == ["scaling", "scaling", "polynomial"]
    assert (found.orbit_dimension, found.rank) == (3, 3)


def test_gl_of_a_linear_layer_is_reductive_with_a_centre_of_dimension_one() -> None:
    algebra = analyse(Network((3, 3, 3)).model).algebra
    assert algebra == LieAlgebra(9, 1, 8, 1, (5, 3))  # gl(3): sl(3, R) has a Killing form of signature (5, 3)
    assert analyse(Network((2, 3, 1), "relu").model).algebra.abelian


def test_rotations_are_compact() -> None:
    x = reals("x", 3)
    found = analyse(Model(x, (), [x[0] ** 2 + x[1] ** 2 + x[2] ** 2]))
    assert found.algebra == LieAlgebra(3, 0, 3, 0, (0, 3)) and found.discrete.structure == "(Z/2)^3 x| S_3"


def test_a_vector_added_to_all_rows_changes_no_softmax() -> None:
    found = symmetries(build("plain", "softmax-regression", 2))
    assert [v.name for v in found.vector_fields] == [f"affine d w_0_{j} = 1, d w_1_{j} = 1, d w_2_{j} = 1" for j in (0, 1)]


def test_adaptation_breaks_a_scaling_and_keeps_the_signs() -> None:
    a, b = reals("a b")
    tasks = MetaProblem((a, b), [(a * b - 1) ** 2 / 2, (a * b - 2) ** 2 / 2], [HALF, HALF])
    assert [v.weights for v in symmetries(tasks).vector_fields] == [(1, -1)]
    adapted = symmetries(tasks.adapted("maml", rate=symbol("alpha")))
    assert adapted.vector_fields == () and adapted.discrete.order == 4


def test_what_is_found_is_a_theory_that_check_proves() -> None:
    found = analyse(Network((2, 2, 1), "relu").model)
    report = check(found.theory, force=True)
    assert len(report) == 3 and all(r.verdict is Verdict.PROVED for r in report)


def test_the_square_root_of_a_norm_is_homogeneous() -> None:
    w, v, x = reals("w", 2), reals("v"), reals("x", 2)
    length = Term("sqrt", (w[0] ** 2 + w[1] ** 2,))
    found = analyse(Model((w, v), x, [v * (w[0] * x[0] + w[1] * x[1]) / length]))
    assert [f.weights for f in found.vector_fields] == [(1, 1, 0)]


def test_diagonal_groups_over_the_complex_numbers() -> None:
    a, b = reals("a b")
    assert Gradings.of(Model((a, b), (), [a**2 * b**2, a**6])).diagonal == DiagonalGroup(0, (2, 6))
    assert str(Gradings.of(Model((a, b), (), [a**2 * b**3])).diagonal) == "(C*)^1"
    assert str(DiagonalGroup.of([[2, 4], [0, 6]], 3)) == "(C*)^1 x Z/2 x Z/6"


# fields and maps that are no symmetries, each close to one
NET = Network((2, 2, 1), "relu").model
FALSE_FIELDS = {
    "both layers up": {(0, (0,)): 1, (1, (1,)): 1, (4, (4,)): 1},
    "one weight forgotten": {(0, (0,)): 1, (4, (4,)): -1},
    "twice as fast": {(0, (0,)): 1, (1, (1,)): 1, (4, (4,)): -2},
    "the wrong unit": {(0, (0,)): 1, (1, (1,)): 1, (5, (5,)): -1},
    "a linear layer's": {(0, (2,)): 1, (1, (3,)): 1, (5, (4,)): -1},
    "a translation": {(0, ()): 1},
}


@pytest.mark.parametrize("entries", FALSE_FIELDS.values(), ids=FALSE_FIELDS)
def test_false_fields_are_not_proved(entries: dict[tuple[int, tuple[int, ...]], int]) -> None:
    field = VectorField(NET.parameters, tuple((i, e, Fraction(c)) for (i, e), c in entries.items()))
    assert not field_identity(Differentials.of(NET), field).proved


FALSE_MAPS = {
    "signs of a relu": ((0, 1, 2, 3, 4, 5), (-1, -1, 1, 1, -1, 1)),
    "half a swap": ((2, 3, 0, 1, 4, 5), (1,) * 6),
    "inputs swapped": ((1, 0, 3, 2, 4, 5), (1,) * 6),
}


@pytest.mark.parametrize(("places", "signs"), FALSE_MAPS.values(), ids=FALSE_MAPS)
def test_false_maps_are_not_proved(places: tuple[int, ...], signs: tuple[int, ...]) -> None:
    made = ParameterMap(NET.parameters, places, signs)
    assert not map_identity(NET, made.name, made.substitution).proved


def test_no_odd_function_is_taken_for_an_even_one() -> None:
    found = analyse(Network((1, 1, 1), "logistic").model)
    assert found.discrete.order == 1 and not found.vector_fields


def test_dependent_exponentials_leave_completeness_open() -> None:
    a, b, x = reals("a b x")
    found = analyse(Model((a, b), x, [Term("exp", (a * x,)) + b * Term("exp", (-a * x,))]))
    assert "completeness open" in found.completeness.split("; ")[0]


def test_a_parameter_that_nothing_depends_on_is_named() -> None:
    a, b, x = reals("a b x")
    found = symmetries(Model((a, b), x, [a * x]))
    assert found.unused == ("b",) and "no output depends on b: trivially unidentified" in found.notes
    assert found.vector_fields[0].name == "affine d b = 1"
    assert symmetries(Model((a, b), x, [0 * a + b - b + 3 * x])).unused == ("a", "b")


def test_a_degree_beyond_memory_keeps_the_lower_ones() -> None:
    found = analyse(Network((5, 5, 5)).model, degree=2)
    assert len(found.vector_fields) == 25
    assert found.notes == (
        "fields of degree 2 were not looked for: degree 2 in 50 parameters needs a linear system with 66300 unknowns; "
        "40000 are the limit",
    )


def test_fields_that_form_no_algebra() -> None:
    with pytest.raises(IllFormed, match="they form no algebra"):
        structure([{0: {(1,): Fraction(1)}}, {1: {(0,): Fraction(1)}}])
    with pytest.raises(IllFormed, match="2 fields span 1 dimensions only"):
        structure([{0: {(1,): Fraction(1)}}, {0: {(1,): Fraction(2)}}])


BAD = {
    "no model": (3, "3 is a int, not a model"),
    "an update field": (build("fomaml"), "fomaml is an UpdateField, without losses: `equivariance` finds"),
}


@pytest.mark.parametrize(("subject", "message"), BAD.values(), ids=BAD)
def test_bad_subjects(subject: object, message: str) -> None:
    with pytest.raises(IllFormed, match=message):
        symmetries(subject)


def test_bad_maps_points_and_degrees() -> None:
    with pytest.raises(IllFormed, match="no signed permutation of 2"):
        ParameterMap(("a", "b"), (0, 0), (1, 1))
    with pytest.raises(IllFormed, match="a point of 1 coordinates disagrees with 2 parameters"):
        ParameterMap(("a", "b"), (1, 0), (1, 1)).apply((1,))
    with pytest.raises(IllFormed, match="-1 is no degree"):
        analyse(NET, degree=-1)
    with pytest.raises(IllFormed, match="is no scaling"):
        _ = VectorField(("a",), ((0, (), Fraction(1)),)).weights


def test_brackets_flows_and_inertia() -> None:
    one = Fraction(1)
    up, down = {0: {(1,): one}}, {1: {(0,): one}}
    assert bracket(up, down) == {0: {(0,): -one}, 1: {(1,): one}}
    assert flow(up, 2) == [[{(0,): one}, {(1,): one}], [{(1,): one}]]
    assert flow({0: {(0,): one}}, 1) is None
    assert signature([[Fraction(0), one], [one, Fraction(0)]]) == (1, 1)
    assert rational(pow(3, -1, 2**31 - 1) * -2, 2**31 - 1) == Fraction(-2, 3)


def test_the_bound_is_sharp_only_where_all_candidates_are_lifted() -> None:
    found = detect(Differentials.of(Network((2, 2, 2)).model), 1)
    assert found.nullity == len(found.fields) == 4 and found.unknowns == 72


def test_the_command_prints_generators_json_and_latex(metaid: Shell) -> None:
    code, out, _ = metaid("symmetry", "network-relu")
    assert code == 0 and "scaling w1_0_0: 1, w1_0_1: 1, w2_0_0: -1" in out
    data = json.loads(metaid("symmetry", "deep-linear", "--json")[1])
    assert data["verdict"] == "proved" and data["discrete"]["order"] == 8
    assert r"\partial_{w_{0}}" in metaid("symmetry", "scalar-factorisation", "--latex")[1]
    code, _, err = metaid("symmetry", "network-rellu")
    assert code == 2 and "did you mean 'network-relu'?" in err


def test_notebook_table_and_latex_label() -> None:
    found = analyse(NET)
    assert found._repr_html_().count("<tr>") == 4 and found.latex("eq:relu").count("\\nonumber") == 3
    assert number(1) not in found.vector_fields[0].components and str(found).startswith("6 parameters, 2 inputs, 1 outputs")


def test_classical_theorems_are_cited_where_their_conditions_hold() -> None:
    tanh = Network((2, 2, 1), "tanh").model
    assert "Sussmann 1992, theorem 2.1" in analyse(tanh).completeness
    assert "Sussmann" in analyse(Network((2, 3, 1), "tanh", biases=True).model).completeness
    assert "Phuong, Lampert 2020" in analyse(Network((2, 2, 1), "relu", biases=True).model).completeness
    for other in (
        Network((2, 2, 2, 1), "tanh"),
        Network((2, 2, 2), "tanh"),
        Network((1, 2, 1), "relu", True),
        Network((2, 2, 1)),
    ):
        assert "completeness open" in analyse(other.model).completeness.split("; ")[-1]


def test_weights_that_are_shared_are_no_free_network() -> None:
    a, b, x = reals("a b x")
    assert hidden_layer(Model((a, b), x, [b * Term("tanh", (a * x,)) + a * Term("tanh", (b * x,))])) is None


def test_irreducibility_is_checked_at_points() -> None:
    model = Network((2, 2, 1), "tanh").model
    assert reducible(model, (1, 2, 3, 4, 5, 6)) == ()
    assert reducible(model, (1, 2, -1, -2, 5, 6)) == ("the units 1 and 2 are equal up to sign",)
    assert reducible(model, (0, 0, 3, 4, 5, 0)) == ("w2_0_1 = 0", "the weights w1_0_0, w1_0_1 are 0")
    with pytest.raises(IllFormed, match="a point of 2 coordinates disagrees with 6 parameters"):
        reducible(model, (1, 2))
    with pytest.raises(IllFormed, match="one hidden layer"):
        reducible(Network((2, 2, 1)).model, (1,) * 6)


# a model, and how many affine fields it has; that there are no others is proved by the kernel
COMPLETE = {
    "product": (lambda: Model(reals("a b"), (), [symbol("a") * symbol("b")]), 1),
    "relu 1-1-1": (lambda: Network((1, 1, 1), "relu").model, 1),
    "linear 1-2-1": (lambda: Network((1, 2, 1)).model, 6),
    "two outputs": (lambda: Model(reals("a b c"), reals("x"), [symbol("a") * symbol("b"), symbol("c") * symbol("x")]), 1),
    "none": (lambda: Model(reals("a b"), (), [symbol("a"), symbol("b") ** 3]), 0),
}


@pytest.mark.parametrize(("model", "count"), COMPLETE.values(), ids=COMPLETE)
def test_the_kernel_proves_that_there_are_no_other_affine_fields(model, count: int) -> None:  # type: ignore[no-untyped-def]
    found = analyse(model())
    assert len(found.affine) == count and found.theorem.proved


def test_no_theorem_says_that_there_are_fewer_fields() -> None:
    differentials = Differentials.of(Network((1, 2, 1)).model)
    fields = detect(differentials, 1).fields
    with pytest.raises(IllFormed, match="points leave 1 more solutions than there are fields"):
        affine_theorem(differentials, fields[:-1])
    wrong = VectorField(fields[0].parameters, ((0, (0,), Fraction(1)),))
    with pytest.raises(IllFormed, match="more solutions than there are fields"):
        affine_theorem(differentials, (*fields[:-1], wrong))
    with pytest.raises(IllFormed, match="no polynomials"):
        _ = analyse(Network((1, 1, 1), "tanh").model).theorem
    with pytest.raises(IllFormed, match="156 unknown coefficients"):
        _ = analyse(Network((3, 2, 3)).model).theorem


def test_a_certificate_for_other_fields_is_refused() -> None:
    found = analyse(Network((1, 1, 1), "relu").model)
    claim, made = found.theorem.claim, found.theorem.proof
    assert isinstance(claim, AtProblem) and made is not None
    with pytest.raises(Rejected):
        establish(replace(claim, formula=_with_a_sign_changed(claim.formula)), encode(made), {}, ("python",))


def _with_a_sign_changed(formula: Term) -> Term:
    """The last relation of the conclusion with the opposite right-hand side plus 1."""
    if formula.head in ("forall", "implies"):
        return Term(formula.head, (*formula.args[:-1], _with_a_sign_changed(formula.args[-1])))
    left, right = formula.args[-1].args
    return Term("and", (*formula.args[:-1], Term("eq", (left, right + 1))))
