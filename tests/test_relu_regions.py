"""Regions of ReLU networks: Zaslavsky's count, the loss on each region against the loss itself, and kinks."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

import pytest
from evaluation import modular_rank, value_of
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.models.bases import patterns
from metaid_symbolic.models.bases.arrangements import Hyperplane, cells
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.models.bases.regions import OnKink, Region, enumerated, rational_inputs, regions, tasks_in
from metaid_symbolic.models.cones import point_in_cone
from metaid_symbolic.models.datasets import Dataset
from metaid_symbolic.models.halfspaces import Halfspace, point_in
from metaid_symbolic.models.laws import FiniteLaw
from metaid_symbolic.models.risks import squared, tasks_on
from metaid_symbolic.programs import NotDifferentiable, gradient
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import IllFormed, Term


def small() -> st.SearchStrategy[Fraction]:
    return st.fractions(min_value=-3, max_value=3, max_denominator=2)


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """By elimination over Q."""
    left, found = [list(row) for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((r for r in range(found, len(left)) if left[r][column]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        for r in range(found + 1, len(left)):
            factor = left[r][column] / left[found][column]
            left[r] = [a - factor * b for a, b in zip(left[r], left[found], strict=True)]
        found += 1
    return found


def whitney(planes: Sequence[Hyperplane]) -> int:
    """(-1)^n chi(-1) = sum over the subsets B of hyperplanes with a common point of (-1)^(|B| - rank B).

    Zaslavsky 1975, theorem A, with Whitney's form of the characteristic polynomial.
    """
    count = 0
    for size in range(len(planes) + 1):
        for chosen in combinations(planes, size):
            normals = [a for a, _ in chosen]
            if rank(normals) == rank([(*a, c) for a, c in chosen]):
                count += (-1) ** (size - rank(normals))
    return count


@st.composite
def arrangements(draw: st.DrawFn) -> tuple[int, list[Hyperplane]]:
    """Different hyperplanes with small entries, so that many are parallel or meet in one point."""
    dimension = draw(st.integers(1, 3))
    entry = st.integers(-2, 2).map(Fraction)
    normals = st.lists(entry, min_size=dimension, max_size=dimension).filter(any).map(tuple)
    drawn = draw(st.lists(st.tuples(normals, entry), max_size=6))
    unique = {tuple(x / next(a for a in n if a) for x in (*n, c)): (n, c) for n, c in drawn}
    return dimension, list(unique.values())


@settings(max_examples=60, deadline=None)
@given(arrangements())
def test_as_many_cells_as_zaslavsky_counts(made: tuple[int, list[Hyperplane]]) -> None:
    dimension, planes = made
    found = cells(planes, dimension)
    assert len(found) == whitney(planes)
    assert len({signs for signs, _ in found}) == len(found)


@settings(max_examples=60, deadline=None)
@given(arrangements(), st.booleans())
def test_every_cell_has_its_signs_at_its_point(made: tuple[int, list[Hyperplane]], again: bool) -> None:
    """Also with each hyperplane listed twice, and with one that is everything."""
    dimension, planes = made
    planes = [*planes, *planes, ((Fraction(0),) * dimension, Fraction(0))] if again else planes
    for signs, point in cells(planes, dimension):
        values = [sum(a * x for a, x in zip(n, point, strict=True)) - c for n, c in planes]
        assert signs == tuple((v > 0) - (v < 0) for v in values)


@pytest.mark.parametrize(("n", "d"), [(5, 1), (6, 2), (7, 3), (12, 4), (9, 8)])
def test_general_position(n: int, d: int) -> None:
    """sum_(i <= d) binomial(n, i) regions (Buck 1943), on a moment curve."""
    planes = [(tuple(Fraction(t**k) for k in range(1, d + 1)), Fraction(t ** (d + 1))) for t in range(1, n + 1)]
    assert len(cells(planes, d)) == sum(comb(n, i) for i in range(d + 1))


def moment_curve(m: int, d: int) -> list[tuple[int, ...]]:
    return [tuple(t**k for k in range(d)) for t in range(1, m + 1)]


@pytest.mark.parametrize(("m", "d", "h"), [(3, 2, 1), (4, 3, 1), (5, 3, 1), (3, 2, 2), (4, 2, 2)])
def test_regions_of_one_hidden_layer(m: int, d: int, h: int) -> None:
    """A unit tells m inputs in general position apart in 2 sum_(i < d) binomial(m - 1, i) ways (Cover 1965)."""
    found = list(regions(Network((d, h, 1), "relu"), moment_curve(m, d)))
    assert len(found) == (2 * sum(comb(m - 1, i) for i in range(d))) ** h
    assert len({region.signs for region in found}) == len(found)


def test_xor_is_not_among_the_regions() -> None:
    """The corners of the square in 14 of the 16 ways: all but XOR and its complement (Minsky, Papert 1969)."""
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    found = {tuple(s[0][0] for s in region.signs) for region in regions(Network((2, 1, 1), "relu", True), corners)}
    assert set(product((1, -1), repeat=4)) - found == {(1, -1, -1, 1), (-1, 1, 1, -1)}


NETWORKS = {
    "one unit": (Network((1, 1, 1), "relu"), [(1,), (-2,)]),
    "with biases": (Network((2, 1, 1), "relu", True), [(0, 0), (1, 0), (0, "1/2")]),
    "two units": (Network((2, 2, 1), "relu"), [(1, 0), (0, 1), (1, 1)]),
    "two outputs": (Network((1, 2, 2), "relu", True), [(1,), (-1,)]),
    "two hidden layers": (Network((2, 2, 1, 1), "relu"), [(1, 2), (-1, 1)]),
    "an input 0": (Network((2, 1, 1), "relu"), [(0, 0), (1, 1)]),
    "three hidden layers": (Network((1, 1, 1, 1, 1), "relu"), [(1,), (-1,)]),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_outputs_on_every_region(name: str) -> None:
    """At the witness, and at nearby rational points that satisfy the conditions, the polynomials are the network."""
    network, inputs = NETWORKS[name]
    chance = random.Random(1)
    found = list(regions(network, inputs))
    assert len({region.signs for region in found}) == len(found) > 0
    for region in found:
        place = dict(zip(network.parameters, region.witness, strict=True))
        assert all(holds(c, place) for c in region.conditions)
        near = {n: v * (1 + Fraction(chance.randint(-9, 9), 10**3)) for n, v in place.items()}
        for at in (place, near):
            if all(holds(c, at) for c in region.conditions):
                assert region.contains(list(at.values()))
                wanted = [value_of(f, at) for f in network.model.at(inputs).outputs]
                assert [value_of(f, at) for row in region.outputs for f in row] == wanted


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["one unit", "with biases", "two units", "two outputs"]), st.data())
def test_every_point_off_the_kinks_lies_in_one_region(name: str, data: st.DataObject) -> None:
    network, inputs = NETWORKS[name]
    count = len(network.parameters)
    point = data.draw(st.lists(small(), min_size=count, max_size=count))
    containing = [region for region in regions(network, inputs) if region.contains(point)]
    try:
        assert [region.signs for region in containing] == [Region(network, tuple(inputs), tuple(point)).signs]
    except OnKink:
        assert containing == []


def holds(formula: Term, place: dict[str, Fraction]) -> bool:
    left, right = (value_of(side, place) for side in formula.args)
    return bool(left < right)


@st.composite
def points(draw: st.DrawFn) -> tuple[Network, list[Fraction]]:
    widths = draw(st.sampled_from([(2, 2, 1), (2, 3, 1), (1, 2, 2, 1), (2, 2, 2, 2)]))
    units = draw(st.sampled_from(["relu", "first relu", "last relu"]))
    hidden = len(widths) - 2
    squares, lines = ["relu"] + ["square"] * (hidden - 1), ["linear"] * (hidden - 1) + ["relu"]
    kinds = {"relu": ["relu"] * hidden, "first relu": squares, "last relu": lines}
    network = Network(widths, tuple(kinds[units]), draw(st.booleans()))
    count = len(network.parameters)
    return network, draw(st.lists(small(), min_size=count, max_size=count))


@settings(max_examples=80, deadline=None)
@given(points(), st.lists(st.tuples(small(), small(), small()), min_size=1, max_size=4))
def test_the_loss_on_a_region_is_the_loss(made: tuple[Network, list[Fraction]], rows: list[tuple[Fraction, ...]]) -> None:
    network, theta = made
    inputs, targets = [row[: network.widths[0]] for row in rows], [[row[2]] * network.widths[-1] for row in rows]
    data = [Dataset.of(inputs, targets), Dataset.of(inputs[:1], targets[:1])]
    loss = squared(network.widths[-1])
    try:
        region = Region(network, rational_inputs(data), tuple(theta))
    except OnKink:
        return
    law = FiniteLaw((Fraction(1, 3), Fraction(2, 3)))
    on_region, everywhere = tasks_in(region, loss, data, law), tasks_on(network.model, loss, data, law)
    place = dict(zip(network.parameters, theta, strict=True))
    assert [value_of(t, place) for t in on_region.tasks] == [value_of(t, place) for t in everywhere.tasks]
    assert all(holds(c, place) for c in on_region.domain) and on_region.law == law
    gradient(on_region.tasks[0], network.parameters)


def test_a_region_is_a_meta_problem() -> None:
    """w_2 relu(w_1 x) fitted to 1 at x = 1 and to 0 at x = -1: on w_1 > 0 the second example has the gradient 0."""
    network, data = Network((1, 1, 1), "relu"), [Dataset.of([1], [1]), Dataset.of([-1], [0])]
    active, inactive = sorted(regions(network, [(1,), (-1,)]), key=lambda r: r.signs, reverse=True)
    problem = tasks_in(active, squared(), data).problem
    w, v = Fraction(3), Fraction(1, 5)
    found = [value_of(g, {"w1_0_0": w, "w2_0_0": v}) for g in derive(problem).gradient.terms]
    assert repr(problem.constraints[0]) == "0 < w1_0_0" and found == [(w * v - 1) * v / 2, (w * v - 1) * w / 2]
    assert value_of(tasks_in(inactive, squared(), data).tasks[0], {}) == Fraction(1, 2)


DEEP = {
    "two hidden layers": (Network((2, 2, 1, 1), "relu"), [(1, 2), (-1, 1)]),
    "a second layer of two": (Network((2, 2, 2, 1), "relu"), [(1, 0), (0, 1), (1, 1)]),
    "with biases": (Network((1, 2, 1, 1), "relu", True), [(1,), (-1,)]),
    "three hidden layers": (Network((1, 2, 2, 1, 1), "relu"), [(1,), (-1,)]),
    "an input 0": (Network((1, 2, 2, 1), "relu"), [(0,), (1,)]),
}


@pytest.mark.parametrize("name", DEEP)
def test_every_pattern_that_occurs_is_listed(name: str) -> None:
    """What random points show is listed; what is listed occurs at its witness."""
    network, inputs = DEEP[name]
    found = enumerated(network, inputs)
    signs = [region.signs for region in found.listed]
    assert found.complete and len(set(signs)) == len(signs)
    chance, rows = random.Random(3), tuple(tuple(map(Fraction, x)) for x in inputs)
    for _ in range(300):
        point = tuple(Fraction(chance.randint(-99, 99), chance.randint(1, 9)) for _ in network.parameters)
        try:
            assert Region(network, rows, point).signs in signs
        except OnKink:
            continue


@pytest.mark.parametrize(("d", "h"), [(1, 1), (2, 1), (3, 1), (2, 2)])
def test_two_opposite_inputs(d: int, h: int) -> None:
    """Each of d units is active at one of 1 and -1; where all are at the same one, the other gives 0 to the layer above."""
    found = enumerated(Network((1, d, h, 1), "relu"), [(1,), (-1,)])
    assert found.complete
    assert len(found.listed) == 2 * 2**h + (2**d - 2) * 4**h


def test_a_pattern_that_does_not_occur_is_not_listed() -> None:
    """One unit above one unit has the same side at all inputs at which that is active."""
    found = enumerated(Network((1, 1, 1, 1), "relu", False), [(1,), (2,)])
    assert {region.signs[0][1] == region.signs[1][1] for region in found.listed} == {True}
    assert len(found.listed) == 3


def test_what_is_not_found_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is tried, patterns go undecided if the layer decides nothing by itself, and are said to be so."""
    network, inputs = Network((2, 2, 2, 1), "relu"), [(1, 0), (1, 1)]
    whole, tried = {region.signs for region in enumerated(network, inputs).listed}, patterns.Layer._tried
    monkeypatch.setattr(patterns.Layer, "_tried", lambda self, more: tried(self, more) if len(self._free) < 2 else [])
    fewer = enumerated(network, inputs)
    assert not fewer.complete and fewer.undecided
    for signs in whole - {region.signs for region in fewer.listed}:
        assert tuple(tuple(zip(*(row[k] for row in signs), strict=True)) for k in range(2)) in fewer.undecided


def test_too_many_combinations_are_refused() -> None:
    with pytest.raises(IllFormed, match="units of layer 2: more than 20000 combinations"):
        enumerated(Network((2, 2, 6, 1), "relu"), [(1, 0), (0, 1), (1, 1)])


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 3).flatmap(lambda d: st.lists(st.lists(st.integers(-2, 2).map(Fraction), min_size=d, max_size=d), max_size=6))
)
def test_open_cones_agree_with_elimination(rows: list[list[Fraction]]) -> None:
    dimension = len(rows[0]) if rows else 2
    found = point_in_cone(rows, dimension)
    assert (found is None) == (
        point_in([Halfspace(tuple(-a for a in row), Fraction(0), True) for row in rows], dimension) is None
    )
    assert found is None or all(sum(a * x for a, x in zip(row, found, strict=True)) > 0 for row in rows)


CONES = {
    "opposite": ([(1, 0), (-1, 0)], False),
    "three that add up to 0": ([(1, 0), (0, 1), (-1, -1)], False),
    "a row of zeros": ([(1, 1), (0, 0)], False),
    "a quadrant": ([(1, 0), (0, 1)], True),
    "narrow": ([(1000, -1), (-999, 1)], True),
    "nothing asked": ([], True),
}


@pytest.mark.parametrize(("rows", "has_one"), CONES.values(), ids=CONES)
def test_open_cones(rows: list[tuple[int, ...]], has_one: bool) -> None:
    assert (point_in_cone([list(map(Fraction, row)) for row in rows], 2) is not None) == has_one


@pytest.mark.parametrize(("widths", "m"), [((2, 2, 1), 8), ((2, 3, 1), 60), ((3, 2, 2), 12)])
def test_a_positive_scaling_a_unit_is_all_that_is_lost(widths: tuple[int, ...], m: int) -> None:
    """One hidden ReLU layer determines its parameters up to one positive factor a unit, and order (Phuong, Lampert 2020)."""
    chance = random.Random(2)
    network = Network(widths, "relu")
    inputs = [tuple(Fraction(chance.randint(-9, 9)) for _ in range(widths[0])) for _ in range(m)]
    theta = tuple(Fraction(chance.randint(-99, 99), 7) for _ in network.parameters)
    region = Region(network, tuple(inputs), theta)
    found = region.model
    assert modular_rank(found.outputs, found.parameters) == len(found.parameters) - widths[1]
    assert found.labels[0] == f"f_0({', '.join(map(str, inputs[0]))})"


def test_the_loss_itself_has_no_gradient() -> None:
    made = tasks_on(Network((1, 1, 1), "relu").model, squared(), [Dataset.of([1], [1])])
    with pytest.raises(NotDifferentiable, match="kink"):
        gradient(made.tasks[0], made.parameters)


def test_a_unit_that_is_dead_everywhere_is_no_kink() -> None:
    """relu(0 w) is 0 at every w; and above an inactive layer without biases every pre-activation is 0."""
    assert Region(Network((1, 1, 1), "relu"), ((0,),), (1, 1)).signs == (((0,),),)
    assert Region(Network((1, 1, 1, 1), "relu"), ((1,),), (-1, 0, 1)).signs == (((-1,), (0,)),)


def one(network: Network, inputs: Any, point: Sequence[Any]) -> Callable[[], object]:
    return lambda: Region(network, inputs, tuple(point))


UNIT = Network((1, 1, 1), "relu")
REFUSED: dict[str, tuple[Callable[[], object], type[IllFormed], str]] = {
    "a kink": (one(UNIT, [[2]], (0, 1)), OnKink, r"unit 0 of layer 1 has a kink at the input \(2\): its pre-activation is 0"),
    "a kink where weights cancel": (one(Network((2, 1, 1), "relu"), [[1, -1]], (2, 2, 1)), OnKink, r"the input \(1, -1\)"),
    "a kink of a bias": (one(Network((1, 1, 1), "relu", True), [[0]], (1, 0, 1, 0)), OnKink, "unit 0 of layer 1"),
    "a kink above": (one(Network((1, 1, 1, 1), "relu"), [[1]], (1, 0, 1)), OnKink, "unit 0 of layer 2"),
    "a float in the point": (one(UNIT, [[1]], (0.5, 1)), IllFormed, r"a parameter is 0\.5 \(float\)"),
    "a float in an input": (one(UNIT, [[0.5]], (1, 1)), IllFormed, r"an input is 0\.5 \(float\)"),
    "a point of another length": (one(UNIT, [[1]], (1,)), IllFormed, "1 coordinates disagrees with 2 parameters"),
    "an input of another width": (one(UNIT, [[1, 2]], (1, 1)), IllFormed, "an input of 2 coordinates disagrees with the width 1"),
    "no inputs": (one(UNIT, [], (1, 1)), IllFormed, "there are no inputs"),
    "regions without inputs": (lambda: list(regions(UNIT, [])), IllFormed, "there are no inputs"),
    "units that are no polynomials": (one(Network((1, 1, 1), "tanh"), [[1]], (1, 1)), IllFormed, "tanh units is no polynomial"),
    "regions of other units": (
        lambda: list(regions(Network((1, 1, 1), "square"), [[1]])),
        IllFormed,
        "of relu, not square",
    ),
    "regions without hidden units": (lambda: list(regions(Network((1, 1)), [[1]])), IllFormed, "of relu, not none"),
    "data that are not rational": (
        lambda: rational_inputs([Dataset.of([reals("q")], [1])]),
        IllFormed,
        "an input is q",
    ),
    "data at another input": (
        lambda: tasks_in(Region(UNIT, ((Fraction(1),),), (Fraction(1), Fraction(1))), squared(), [Dataset.of([3], [1])]),
        IllFormed,
        r"speaks of 1 inputs, and \(3\) is none",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    made, kind, message = REFUSED[name]
    with pytest.raises(kind, match=message):
        made()
