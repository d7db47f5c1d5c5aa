"""That there are no other affine symmetries, as a theorem with a certificate for the kernel.

For all numbers c: if the field with the coefficients c annihilates every output at all points, then c lies in the span of the
fields found: its coefficients at the pivots are the stated combinations of the others.  The certificate instantiates the
hypothesis at rational points, one after the other, and solves each equation for one coefficient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from ..calculus.claims import Checked, implies
from ..certificates import Derivation, Done, Instantiate, Proof, Rewrite
from ..claims import AtProblem
from ..encoding import encode
from ..kernel.rejection import Rejected
from ..programs.reading import survey
from ..recheck import establish
from ..terms import ZERO, IllFormed, Term, conjunction, equal, number, quantified, substitute, symbol, total
from .assertions import Identity, task_problem
from .derivations import Exponents, monomial_term
from .differentials import Differentials
from .fields import VectorField, monomials

MOST_UNKNOWNS = 80
"""Larger systems get no certificate: the kernel takes some seconds for one of this size."""
MOST_POINTS = 20_000
VALUES = (Fraction(1), Fraction(2), Fraction(-1))

Row = dict[int, Fraction]
"""A linear form in the unknowns, by number; coefficients that are not 0."""


def affine_theorem(differentials: Differentials, fields: Sequence[VectorField]) -> Identity:
    """The claim that every affine field that annihilates the outputs is a combination of these fields, with its verdict.

    Raises `IllFormed` for outputs that are no polynomials (with gates for relus), for too many unknowns, and where no points
    are found whose equations leave no more solutions than there are fields.
    """
    names = differentials.model.parameters
    columns = [(place, e) for place in range(len(names)) for e in monomials(len(names), 1)]
    if not survey(list(differentials.outputs)).polynomial:
        raise IllFormed("the outputs are no polynomials, so that their derivatives have no rational values at rational points")
    if len(columns) > MOST_UNKNOWNS:
        raise IllFormed(f"{len(columns)} unknown coefficients; a certificate is made for {MOST_UNKNOWNS} or fewer")
    free, expressed = _solved_for(fields, columns)
    steps = _steps(differentials, columns, free, len(columns) - len(free))
    claim = _claim(differentials, columns, expressed)
    name = f"all affine fields are combinations of {len(fields)}"
    reason = ""
    for left_out in (1, 0, *range(2, len(steps[-1][1]) + 1)) if steps else (0,):
        made = Derivation(_proof(steps, left_out))
        try:
            found = establish(claim, encode(made), {}, ("python", "flint"))
            return Identity(name, claim, Checked(found.truth, found.grade), made)
        except Rejected as cause:
            reason = str(cause)
    return Identity(name, claim, Checked(None, reason=reason))


def _solved_for(fields: Sequence[VectorField], columns: list[tuple[int, Exponents]]) -> tuple[set[int], dict[int, Row]]:
    """Free columns, as many as fields, and on the span of the fields every other column as a combination of these."""
    from .algebra import Basis

    index = {key: k for k, key in enumerate(columns)}
    basis = Basis([v.field for v in fields])
    free = [index[basis.keys[k]] for k in basis.pivots]
    expressed: dict[int, Row] = {k: {} for k in range(len(columns)) if k not in set(free)}
    for k, key in enumerate(basis.keys):
        if index[key] in expressed:
            for place, column in enumerate(free):
                value = sum((basis.inverse[place][i] * row[k] for i, row in enumerate(basis.rows)), Fraction(0))
                if value:
                    expressed[index[key]][column] = value
    return set(free), expressed


def _steps(
    differentials: Differentials, columns: list[tuple[int, Exponents]], free: set[int], wanted: int
) -> list[tuple[tuple[Fraction, ...], list[tuple[int, Row]]]]:
    """Points and, for each, the unknowns that its equations are solved for one after another.  Raises `IllFormed`."""
    solved: dict[int, Row] = {}
    steps = []
    for point in _points(len(differentials.names)):
        fresh = []
        for row in _equations(differentials, columns, point):
            reduced = _reduced(row, solved)
            pivots = [k for k in reduced if k not in free]
            if pivots:
                head = min(pivots)
                value = {k: -v / reduced[head] for k, v in reduced.items() if k != head}
                for other in solved:
                    solved[other] = _reduced(solved[other], {head: value})
                solved[head] = value
                fresh.append((head, value))
        if fresh:
            steps.append((point, fresh))
        if len(solved) == wanted:
            return steps
    raise IllFormed(f"{MOST_POINTS} points leave {wanted - len(solved)} more solutions than there are fields")


def _reduced(row: Row, solved: dict[int, Row]) -> Row:
    made: Row = {}
    for k, v in row.items():
        for other, factor in solved.get(k, {k: Fraction(1)}).items():
            made[other] = made.get(other, Fraction(0)) + v * factor
    return {k: v for k, v in made.items() if v}


def _points(size: int) -> Iterator[tuple[Fraction, ...]]:
    """Points with few coordinates that are not 0, these small."""
    count = 0
    for some in range(size + 1):
        for places in combinations(range(size), some):
            for values in product(VALUES, repeat=some):
                count += 1
                if count > MOST_POINTS:
                    return
                point = [Fraction(0)] * size
                for place, value in zip(places, values, strict=True):
                    point[place] = value
                yield tuple(point)


def _equations(differentials: Differentials, columns: list[tuple[int, Exponents]], point: tuple[Fraction, ...]) -> list[Row]:
    """For each output sum_c c theta^m d f / d theta_i at the point, as a form in the unknowns."""
    slopes = differentials.program.evaluate(dict(zip(differentials.names, point, strict=True)))
    rows = []
    for k in range(len(differentials.outputs)):
        row = {}
        for number_of, (place, e) in enumerate(columns):
            value = slopes[k, place]
            for factor in e:
                value *= point[factor]
            if value:
                row[number_of] = Fraction(value)
        rows.append(row)
    return rows


def _claim(differentials: Differentials, columns: list[tuple[int, Exponents]], expressed: dict[int, Row]) -> AtProblem:
    problem = task_problem(differentials.names, differentials.outputs)
    names, unknown = differentials.model.parameters, [symbol(f"c{k + 1}") for k in range(len(columns))]
    shown = {n: Term("coord", (symbol("point"), number(i + 1))) for i, n in enumerate(names)}
    slope = Term("grad", ("L", symbol("t"), symbol("point")))
    moving: list[Term] = []
    for i in range(len(names)):
        parts = [
            unknown[k] * substitute(monomial_term(names, e, Fraction(1)), shown) for k, (p, e) in enumerate(columns) if p == i
        ]
        moving.append(total(parts) * Term("coord", (slope, number(i + 1))))
    given = quantified("forall", (("point", "point"), ("t", "task")), equal(total(moving), ZERO))
    relations = [equal(unknown[k], _form(row, unknown)) for k, row in expressed.items()]
    body = implies(given, conjunction(relations))
    return AtProblem(problem, quantified("forall", [(c.args[0], "real") for c in unknown], body))


def _form(row: Row, unknown: Sequence[Term]) -> Term:
    return total([number(v) * unknown[k] for k, v in sorted(row.items())])


def _proof(steps: Sequence[tuple[tuple[Fraction, ...], list[tuple[int, Row]]]], left_out: int) -> Proof:
    """The kernel calls the unknowns `_1`, `_2`, ... in order, and the hypothesis is the first fact.

    The branch is closed before everything is solved, as soon as the last relation that is denied follows: so many of the last
    rewritings are left out.
    """
    names = [symbol(f"_{k + 1}") for k in range(MOST_UNKNOWNS)]
    proof: Proof = Done()
    for point, solved in reversed(steps):
        kept = solved[: len(solved) - left_out] if point is steps[-1][0] else solved
        for head, value in reversed(kept):
            proof = Rewrite(f"_{head + 1}", _form(value, names), proof)
        proof = Instantiate(0, tuple(map(number, point)), proof)
    return proof
