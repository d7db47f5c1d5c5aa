"""Rank and definiteness of matrices over Q, Q(s) and with parameters: true questions proved, false ones refuted at a point."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from metaid_symbolic.certificates import Certificate, Derivation, Root, Specialisation
from metaid_symbolic.encoding import decode, encode
from metaid_symbolic.identify.matrices import ParametricMatrix
from metaid_symbolic.kernel import check
from metaid_symbolic.language import parse_term
from metaid_symbolic.printing import text
from metaid_symbolic.search import Settings, findings
from metaid_symbolic.terms import IllFormed
from metaid_symbolic.theory import Theory

ROOT_TWO = "s^2 = 2 & 1 < s & s < 2"
ROOT_OF_CUBIC = "s^3 - s - 1 = 0 & 1 < s & s < 2"


@dataclass(frozen=True)
class Question:
    """Whether the matrix, its rows separated by `;`, is what `asked` says: `posdef`, `psd`, or `rank < r <=> formula`."""

    rows: str
    asked: str
    domain: str = "true"

    @property
    def matrix(self) -> ParametricMatrix:
        return ParametricMatrix([map(parse_term, row.split(",")) for row in self.rows.split(";")], self.domain)

    @property
    def source(self) -> str:
        if self.asked in ("posdef", "psd"):
            return self.matrix.positive_definite() if self.asked == "posdef" else self.matrix.positive_semidefinite()
        rank, _, formula = self.asked.partition("<=>")
        return self.matrix.rank_below(int(rank.removeprefix("rank <")), formula)


PATH = "2 + m, -1, 0; -1, 2 + m, -1; 0, -1, 2 + m"
FOUR = "2 + m, 1, 0, 0; 1, 2 + m, 1, 0; 0, 1, 2 + m, 1; 0, 0, 1, 2 + m"
TRUE = {
    "a Hilbert matrix": Question("1, 1/2, 1/3; 1/2, 1/3, 1/4; 1/3, 1/4, 1/5", "posdef"),
    "a Gram matrix of rank 1": Question("1, 2; 2, 4", "psd"),
    "a rational matrix of rank 2": Question("1, 2, 3; 4, 5, 6; 7, 8, 9", "rank < 3 <=> true"),
    "definite over Q(sqrt 2)": Question("s, 1; 1, 1", "posdef", ROOT_TWO),
    "three rows over Q(sqrt 2)": Question("s, 1, 0; 1, s, 1; 0, 1, 1 + s", "posdef", ROOT_TWO),
    "semidefinite over Q(sqrt 2), singular": Question("s, 2; 2, 2*s", "psd", ROOT_TWO),
    "singular over Q(sqrt 2)": Question("s, 2; 1, s", "rank < 2 <=> true", ROOT_TWO),
    "definite over a cubic field": Question("s, 1; 1, s^2 - 1/2", "posdef", ROOT_OF_CUBIC),
    "the Hessian of a ridge regression": Question("1 + m, 1; 1, 1 + m", "posdef", "m > 0"),
    "a path with a ridge": Question(PATH, "posdef", "m >= 0"),
    "four rows with a ridge": Question(FOUR, "posdef", "m >= 0"),
    "correlations": Question("1, a; a, 1", "posdef", "-1 < a & a < 1"),
    "two parameters in a simplex": Question("1 + a, a; a, 1 + b", "psd", "a >= 0 & b >= 0 & a + b <= 1"),
    "semidefinite with a boundary": Question("1 + m, 1; 1, 1", "psd", "m >= 0"),
    "where it is singular": Question("1 + m, 1; 1, 1", "rank < 2 <=> m = 0"),
    "two strata": Question("p, 1; 1, p", "rank < 2 <=> p = 1 | p = -1"),
    "the rank of a product": Question("a*b; a", "rank < 1 <=> a = 0"),
    "two rows in three columns": Question("a, b, 0; 0, a, b", "rank < 2 <=> a = 0 & b = 0"),
    "on the circle": Question("a, b; -b, a", "rank < 2 <=> false", "a^2 + b^2 = 1"),
    "a rotated rank 1": Question("1 + a, b; b, 1 - a", "psd", "a^2 + b^2 = 1"),
    "a weighted graph": Question("a + b, -a, -b; -a, a + c, -c; -b, -c, b + c", "psd", "a >= 0 & b >= 0 & c >= 0"),
    "a weighted graph with a ridge": Question(
        "a + b + 1, -a, -b; -a, a + c + 1, -c; -b, -c, b + c + 1", "posdef", "a >= 0 & b >= 0 & c >= 0"
    ),
    "a disc": Question("1, a, b; a, 1, 0; b, 0, 1", "posdef", "a^2 + b^2 < 1"),
    "over Q(sqrt 2) with a parameter": Question("s + p, 1; 1, s", "posdef", "s^2 = 2 & s > 0 & p >= 0"),
    "definite nowhere, on no point": Question("-1, 0; 0, -1", "posdef", "p^2 < 0"),
}
FALSE = {
    "an indefinite rational matrix": Question("1, 2; 2, 3", "posdef"),
    "a singular Gram matrix": Question("1, 2, 3; 2, 4, 6; 3, 6, 10", "posdef"),
    "not semidefinite, pivot 0": Question("0, 1; 1, 5", "psd"),
    "a rational matrix of full rank": Question("1, 2, 3; 4, 5, 6; 7, 8, 10", "rank < 3 <=> true"),
    "indefinite over Q(sqrt 2)": Question("s, 3/2; 3/2, 1", "posdef", ROOT_TWO),
    "singular over Q(sqrt 2), not definite": Question("s, 2; 2, 2*s", "posdef", ROOT_TWO),
    "the other root": Question("s, 1; 1, 1", "psd", "s^2 = 2 & -2 < s & s < -1"),
    "indefinite over a cubic field, barely": Question("s, 1; 1, 3/4", "psd", ROOT_OF_CUBIC),
    "a ridge that is too small": Question("1 + m, 2; 2, 1 + m", "posdef", "m > 0"),
    "three rows, indefinite at few points": Question(PATH.replace("2 + m", "1 + m"), "posdef", "m > 2/5"),
    "false at one rational point only": Question("(p - 1/3)^2, 0; 0, 1", "posdef"),
    "false at one point of a line": Question("1 + (a - b)^2, 1; 1, 1", "posdef", "a + b = 1 & a > 0"),
    "the closed disc": Question("1, a, b; a, 1, 0; b, 0, 1", "posdef", "a^2 + b^2 <= 1"),
    "just beyond the disc": Question("1, a, b; a, 1, 0; b, 0, 1", "psd", "a^2 + b^2 <= 101/100"),
    "over Q(sqrt 2) at some parameter": Question("s - p, 1; 1, s", "posdef", "s^2 = 2 & s > 0 & 0 <= p & p <= 1"),
    "a corner": Question("1, a + b; a + b, 1", "psd", "0 <= a & a <= 3/5 & 0 <= b & b <= 1/2"),
    "a narrow strip": Question("p - 1/100, 0; 0, 1", "psd", "0 < p"),
    "a stratum is missing": Question("p, 1; 1, p", "rank < 2 <=> p = 1"),
    "a stratum too many": Question("a, b, 0; 0, a, b", "rank < 2 <=> a = 0"),
    "singular at one rational point only": Question("7*p - 3, 0; 0, p^2 + 1", "rank < 2 <=> false"),
}


def decided(question: Question, expected: bool | None = None) -> tuple[bool, Certificate] | None:
    theory = Theory("matrices")
    theory.statement("C", question.source, expected=expected)
    claim = theory["C"]
    found = next(findings(claim, Settings()), None)
    if found is None:
        return None
    assert claim.assertion is not None
    assert decode(encode(found.certificate), Certificate) == found.certificate  # type: ignore[arg-type]
    verdicts = {check(claim.assertion, found.certificate, {}, arithmetic).truth for arithmetic in ("python", "flint")}
    assert len(verdicts) == 1
    return verdicts.pop(), found.certificate


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_proved(name: str) -> None:
    made = decided(TRUE[name], True)
    assert made is not None
    assert made[0] is True and isinstance(made[1], Derivation)


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_refuted(name: str) -> None:
    made = decided(FALSE[name], False)
    assert made is not None
    assert made[0] is False and isinstance(made[1], Specialisation)


@pytest.mark.parametrize(("name", "truth"), [*((n, True) for n in TRUE), *((n, False) for n in FALSE)])
def test_nothing_is_decided_wrongly_whatever_is_expected(name: str, truth: bool) -> None:
    question = {**TRUE, **FALSE}[name]
    for expected in (None, not truth):
        made = decided(question, expected)
        assert made is not None and made[0] is truth


def test_a_point_over_an_extension_is_enclosed_and_the_only_rational_point_is_named() -> None:
    at_root = decided(FALSE["indefinite over Q(sqrt 2)"], False)
    rational = decided(FALSE["false at one rational point only"], False)
    assert at_root is not None and rational is not None
    assert isinstance(at_root[1], Specialisation) and isinstance(at_root[1].proof, Root)
    assert "1/3" in str(rational[1])


STRATA = {
    "two factors": ("p, 1; 1, p", 2, {"p + 1", "p + (-1)"}, set()),
    "a coordinate subspace": ("a, b, 0; 0, a, b", 2, set(), {("a", "b")}),
    "a hyperplane and nothing else": ("a*b; a", 1, {"a"}, set()),
    "of rank 1 by an identity": ("a, b; 2*a, 2*b", 1, set(), {("a", "b")}),
    "constant": ("1, 2; 2, 4", 1, set(), set()),
    "zero": ("0, 0; 0, 0", 0, set(), set()),
    "no drop": ("1, p; 0, 1", 2, set(), set()),
}


@pytest.mark.parametrize(("rows", "rank", "factors", "subspaces"), STRATA.values(), ids=STRATA)
def test_where_the_generic_rank_drops(rows: str, rank: int, factors: set[str], subspaces: set[tuple[str, ...]]) -> None:
    made = Question(rows, "").matrix
    assert made.generic_rank == made.strata.rank == rank
    assert {text(f) for f in made.strata.hypersurfaces} == factors
    assert set(made.strata.subspaces) == subspaces


BAD = {
    "rows of two lengths": ("1, 2; 3", "posdef", "rows of one length, not of 1 and 2"),
    "no polynomial": ("exp(p)", "posdef", "exp(p) is no polynomial"),
    "not square": ("1, 2", "posdef", "1 rows and 2 columns is not square"),
    "not symmetric": ("1, p; q, 1", "psd", "not symmetric: q in row 2, p in column 2"),
    "no such minors": ("1, p; p, 1", "rank < 3 <=> true", "no minors of size 3"),
    "too many minors": (";".join([",".join(["p"] * 12)] * 12), "rank < 4 <=> true", "245025 minors of size 4; at most 2000"),
}


@pytest.mark.parametrize(("rows", "asked", "message"), BAD.values(), ids=BAD)
def test_a_matrix_that_does_not_fit_is_refused_with_both_sides(rows: str, asked: str, message: str) -> None:
    with pytest.raises(IllFormed, match=re.escape(message)):
        _ = Question(rows, asked).source


def test_directions_are_named_apart_from_the_parameters() -> None:
    assert decided(Question("1 + v1^2, w; w, 1 + w^2", "posdef"), True) is not None
