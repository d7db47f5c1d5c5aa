"""Matrix equations for all sizes: what the normal form proves, what rational matrices refute, and what neither may."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from metaid_symbolic.certificates import MatrixCounterexample, MatrixProof, NormalForm, Reduction
from metaid_symbolic.claims import MatrixIdentities
from metaid_symbolic.encoding import decode, encode
from metaid_symbolic.kernel import check
from metaid_symbolic.kernel.matrix import matrix_identities, parts
from metaid_symbolic.kernel.rejection import Rejected
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.printing import text
from metaid_symbolic.search.matrices import matrix_certificates
from metaid_symbolic.search.matrix_candidates import Drawing
from metaid_symbolic.search.matrix_proofs import normal_form
from metaid_symbolic.terms import ZERO, IllFormed, Term, free_symbols
from metaid_symbolic.theory import Theory, TheoryProblem

SHAPES = {
    "A": ("h", "h"), "B": ("h", "h"), "C": ("h", "h"), "S": ("h", "h"), "Si": ("h", "h"), "Q": ("h", "h"), "H": ("h", "h"),
    "W": ("h", "d"), "V": ("k", "h"), "G": ("k", "d"), "R": ("d", "d"), "x": ("d", "1"), "y": ("d", "1"), "u": ("h", "1"),
    "p": ("1", "1"), "q": ("1", "1"),
}  # fmt: skip
PROPERTIES: dict[str, Any] = {"inverses": [("S", "Si")], "orthogonal": ["Q"], "symmetric": ["H", "R"]}
SCALARS: dict[str, Any] = {"scalars": ["a", "c"], "nonzero": ["c"]}


def claim(*equations: str, shapes: dict[str, tuple[str, str]] | None = None, **properties: Any) -> MatrixIdentities:
    made = Theory("t").matrix(
        "m", shapes=SHAPES if shapes is None else shapes, equations=equations, **{**PROPERTIES, **SCALARS, **properties}
    )
    assert isinstance(made.assertion, MatrixIdentities)
    return made.assertion


def stated(equation: str) -> MatrixIdentities:
    """The claim, whether or not it has a meaning."""
    return replace(claim("A = A"), formulas=(parse_formula(equation),))


def plain(formula: str, combination: str = "0") -> NormalForm:
    """The proof by one combination of what is granted."""
    reduction = Reduction(parse_term(combination), (), ZERO)
    return NormalForm(((MatrixProof((parse_formula(formula),), "", (reduction,), ()),),))


def refuted(claimed: MatrixIdentities, found: MatrixCounterexample) -> bool:
    return check(claimed, found).truth is False


def shown(equation: str) -> NormalForm:
    """The proof that is found."""
    (found,) = matrix_certificates(claim(equation))
    assert isinstance(found, NormalForm)
    return found


TRUE = {
    "transpose of a product": "tr(A*W) = tr(W)*tr(A)",
    "transpose of three factors": "tr(V*A*W) = tr(W)*tr(A)*tr(V)",
    "transposing twice": "tr(tr(V*W)) = V*W",
    "square of a sum": "(A + B)^2 = A^2 + A*B + B*A + B^2",
    "distribution over a rectangle": "(A - B)*W = A*W - B*W",
    "change of basis in a linear optimiser": "S*(A*u + B*u) = (S*A*Si)*(S*u) + (S*B)*u",
    "inverse pairs vanish inside a word": "V*Si*S*W = V*W",
    "transposed inverse": "tr(Si)*tr(S) = Id",
    "conjugation of a power": "(S*A*Si)^3 = S*A^3*Si",
    "orthogonal times its transpose": "tr(Q*W)*(Q*W) = tr(W)*W",
    "both orders": "Q*tr(Q) = tr(Q)*Q",
    "symmetric sandwich": "tr(tr(W)*H*W) = tr(W)*H*W",
    "powers of a symmetric matrix": "tr((Id - a*H)*H*(Id - a*H)) = H - 2*a*H^2 + a^2*H^3",
    "scalars are central": "a*A*c*B/c = A*(a*B)",
    "powers of an inverse scalar": "c^(-2)*(2*c)*A = 2*A/c",
    "completing a square": "tr(x - y)*R*(x - y) = tr(x)*R*x - 2*tr(y)*R*x + tr(y)*R*y",
    "a number equals its transpose": "x*tr(x)*y = (tr(y)*x)*x",
    "numbers commute": "tr(x)*y*(tr(u)*H*u) = tr(u)*H*u*tr(x)*y",
    "numbers of size 1": "p*q*W = q*W*p",
    "conserved by gradient flow": "-tr(V)*G*tr(W) - W*tr(G)*V + tr(tr(V)*G*tr(W) + W*tr(G)*V) = 0",
    "commutator is traceless in shape": "(A*B - B*A) - (A*B - B*A) = 0",
    "resolvent": "(Id - A)*(Id + A + A^2) = Id - A^3",
}

FALSE = {
    "transpose not reversed": "tr(A*B) = tr(A)*tr(B)",
    "transposed factor": "A*W = tr(A)*W",
    "missing commutation": "(A + B)^2 = A^2 + 2*A*B + B^2",
    "wrong sign": "(A - B)*(A + B) = A^2 - B^2",
    "wrong side of the inverse": "S*A*Si = A",
    "inverse in the wrong place": "(S*A*Si)*(S*u) = S*A*Si*u",
    "not orthogonal": "tr(A)*A = Id",
    "orthogonal is not of square I": "Q*Q = Id",
    "orthogonal is not symmetric": "tr(Q) = Q",
    "not symmetric": "tr(A*H) = A*H",
    "product of symmetric matrices": "tr(H*tr(H*A)) = H*H*A",
    "a coefficient": "(Id - a*H)*(Id - a*H) = Id - a*H + a^2*H^2",
    "scalar squared": "a*(a*A) = a*A",
    "scalar zero": "a*A = A",
    "outer product is no number": "x*tr(y)*R = R*x*tr(y)",
    "outer product is not symmetric": "x*tr(y) = y*tr(x)",
    "cross term once": "tr(x - y)*R*(x - y) = tr(x)*R*x - tr(y)*R*x + tr(y)*R*y",
    "transposed inverse pair": "tr(S)*Si = Id",
    "identity is not zero": "S*Si = 0",
    "twice the identity": "2*Id = Id",
    "cube": "A^3 = A",
    "number that is not one": "tr(x)*x*A = A",
    "conserved with one sign wrong": "tr(V)*G*tr(W) + W*tr(G)*V = 0",
}

ILL_SHAPED = {
    "rectangle times rectangle": ("W*W = W", "h x d and h x d"),
    "sum of unequal shapes": ("A + W = A", "h x h and h x d"),
    "sides of unequal shape": ("A*W = A", "h x d and h x h"),
    "fits only for n = 1": ("x*x = x", "d x 1 and d x 1"),
    "number plus matrix": ("A + 1 = A", "h x h and 1 x 1"),
    "identity beside a rectangle": ("W + Id = W", "h x d and ? x ?"),
    "power of a rectangle": ("V^2 = V", "k x h and k x h"),
    "transposed rectangle": ("V*tr(W) = V", "k x h and d x h"),
    "inverse of a matrix": ("A^(-1)*A = Id", "A^(-1)"),
    "inverse of a scalar that may be 0": ("a*A/a = A", "a^(-1)"),
    "inverse of a sum": ("A/(c + 1) = A", "(c + 1)^(-1)"),
    "inverse of 0": ("A/(c - c) = A", "(c + (-1)*c)^(-1)"),
    "no matrix expression": ("exp(A) = A", "exp(A)"),
    "tower of exponents": ("((A^1000)^1000)^1000 = A", "200 letters"),
    "too many monomials": ("(A + B)^100 = A", "5000"),
    "coefficient too long": ("((2^1000)^1000)^1000*A = A", "bits"),
}


@pytest.mark.parametrize("equation", TRUE.values(), ids=TRUE)
def test_true_equations_are_proved_and_hold_at_random_matrices(equation: str) -> None:
    made = claim(equation)
    matrix_identities(made, shown(equation))
    draw = random.Random(1)
    for sizes in ({"h": 1, "d": 1, "k": 1}, {"h": 2, "d": 3, "k": 1}, {"h": 3, "d": 2, "k": 2}):
        assert holds(made, values_of(made, sizes, draw))


@pytest.mark.parametrize("equation", FALSE.values(), ids=FALSE)
def test_false_equations_are_refuted(equation: str) -> None:
    made = claim(equation)
    with pytest.raises(Rejected, match="in normal form"):
        matrix_identities(made, plain(equation))
    (found,) = matrix_certificates(made)
    assert isinstance(found, MatrixCounterexample)
    again = decode(encode(found), MatrixCounterexample)
    assert refuted(decode(encode(made), MatrixIdentities), again)
    assert not holds(made, certified(made, again))


@pytest.mark.parametrize(("equation", "words"), ILL_SHAPED.values(), ids=ILL_SHAPED)
def test_equations_without_meaning_are_neither_proved_nor_refuted(equation: str, words: str) -> None:
    made = stated(equation)
    with pytest.raises(Rejected) as caught:
        matrix_identities(made, plain(equation))
    assert words in str(caught.value)
    assert list(matrix_certificates(made)) == []
    with pytest.raises(TheoryProblem) as refused:
        claim(equation)
    assert words in str(refused.value)


SQUARE = {"A": ("n", "n"), "B": ("n", "n")}
NOTHING: dict[str, Any] = {"inverses": [], "orthogonal": [], "symmetric": [], "scalars": [], "nonzero": []}


@pytest.mark.parametrize(
    ("equation", "properties"),
    [
        ("A*B = Id", {"inverses": [("A", "B")]}),
        ("tr(B)*A = Id", {"inverses": [("A", "B")], "symmetric": ["A"]}),
        ("A*A = Id", {"inverses": [("A", "A")]}),
        ("A*A = Id", {"orthogonal": ["A"], "symmetric": ["A"]}),
        ("tr(A*B)*(A*B) = Id", {"orthogonal": ["A", "B"]}),
        ("A*B*(tr(B)*tr(A)) = Id", {"orthogonal": ["A", "B"]}),
        ("tr(B) = B", {"inverses": [("A", "B")], "symmetric": ["A"]}),
    ],
)
def test_each_property_is_needed(equation: str, properties: dict[str, Any]) -> None:
    (proof,) = matrix_certificates(made := claim(equation, shapes=SQUARE, **{**NOTHING, **properties}))
    assert isinstance(proof, NormalForm)
    matrix_identities(made, proof)
    for name, listed in properties.items():
        for i in range(len(listed)):
            weaker = claim(equation, shapes=SQUARE, **{**NOTHING, **properties, name: listed[:i] + listed[i + 1 :]})
            assert [type(c) for c in matrix_certificates(weaker)] == [MatrixCounterexample], name


def test_words_are_equal_exactly_when_they_agree_on_random_matrices() -> None:
    draw = random.Random(3)
    values = [values_of(claim("A = A"), {"h": h, "d": 2, "k": 2}, draw) for h in (1, 2, 3, 2, 3, 2, 3, 2)]
    letters = ["Q", "tr(Q)", "S", "Si", "tr(S)", "tr(Si)", "H", "tr(H)", "(u*tr(u))", "(tr(u)*u)", "a", "c", "c^(-2)"]
    proved = 0
    for _ in range(150):
        left, right = (" * ".join(draw.choices(letters, k=draw.randint(1, 4))) + " * A" for _ in range(2))
        made = claim(f"{left} = {right}" if draw.random() < 0.5 else f"{left} * S * Si * tr(Q) * Q = {left}")
        proof = normal_form(made)
        agree = all(holds(made, v) for v in values)
        assert agree == (proof is not None)
        if proof is not None:
            proved += 1
            matrix_identities(made, proof)
    assert proved > 40


def test_real_numbers_of_size_1_with_properties() -> None:
    shapes = {"p": ("1", "1"), "q": ("1", "1"), "A": ("n", "n")}
    for equation, properties in (("p*A*q = A", {"inverses": [("p", "q")]}), ("p*A*p = A", {"orthogonal": ["p"]})):
        (found,) = matrix_certificates(claim(equation, shapes=shapes, **{**NOTHING, **properties}))
        assert isinstance(found, NormalForm)
    (found,) = matrix_certificates(claim("p*A = A", shapes=shapes, **{**NOTHING, "orthogonal": ["p"]}))
    assert isinstance(found, MatrixCounterexample)


BASE = claim("A*B = B*A", shapes=SQUARE, **{**NOTHING, "inverses": [], "symmetric": ["A"], "scalars": ["c"], "nonzero": ["c"]})


def fractions(*entries: int) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, entries))


ENTRIES = (fractions(1, 0, 0, 0), fractions(0, 1, 0, 0), fractions(1))
GOOD = MatrixCounterexample((("n", 2),), ENTRIES)
FALSE_CERTIFICATES = {
    "no violation": replace(GOOD, entries=(fractions(1, 0, 0, 1), *ENTRIES[1:])),
    "not symmetric": replace(GOOD, entries=(fractions(1, 1, 0, 0), *ENTRIES[1:])),
    "scalar 0": replace(GOOD, entries=(*ENTRIES[:2], fractions(0))),
    "no scalar": replace(GOOD, entries=ENTRIES[:2]),
    "an entry short": replace(GOOD, entries=(fractions(1, 0, 0), *ENTRIES[1:])),
    "an entry more": replace(GOOD, entries=(fractions(1, 0, 0, 0, 0), *ENTRIES[1:])),
    "a matrix short": replace(GOOD, entries=(ENTRIES[0], ENTRIES[2])),
    "size missing": replace(GOOD, sizes=()),
    "size of another name": replace(GOOD, sizes=(("m", 2),)),
    "size too small": replace(GOOD, sizes=(("n", 1),)),
    "another value for 1": replace(GOOD, sizes=(("n", 2), ("1", 2))),
    "scalar that is a matrix": replace(GOOD, entries=(*ENTRIES[:2], fractions(1, 1))),
    "size 0": replace(GOOD, sizes=(("n", 0),), entries=((), (), fractions(1))),
    "negative size": replace(GOOD, sizes=(("n", -2),)),
}
FALSE_CERTIFICATES["another value for 1"] = replace(
    GOOD, sizes=(("1", 2), ("n", 2)), entries=(*ENTRIES[:2], fractions(1, 0, 0, 1))
)


def test_a_good_certificate_is_accepted() -> None:
    assert refuted(BASE, GOOD)


@pytest.mark.parametrize("certificate", FALSE_CERTIFICATES.values(), ids=FALSE_CERTIFICATES)
def test_false_certificates_are_rejected(certificate: MatrixCounterexample) -> None:
    with pytest.raises(Rejected):
        check(BASE, certificate)


VALUES: list[tuple[str, tuple[tuple[str, int], ...], tuple[tuple[int, ...], ...], bool]] = [
    ("0 <= P => P = 0", (("n", 1),), ((1,),), True),
    ("0 <= P => P = 0", (("n", 1),), ((-1,),), False),
    ("0 <= P => P = 0", (("n", 2),), ((1, 1, 0, 1),), False),
    ("0 <= P => P = 0", (("n", 2),), ((1, 1, 1, 1),), True),
    ("0 <= P => P = 0", (("n", 2),), ((1, 2, 2, 1),), False),
    ("0 <= P => 0 < P", (("n", 2),), ((1, 1, 1, 1),), True),
    ("0 <= P => 0 < P", (("n", 2),), ((2, 1, 1, 1),), False),
    ("0 < P => P = Id", (("n", 2),), ((1, 0, 0, 2),), True),
    ("0 < P => P = Id", (("n", 2),), ((1, 0, 0, 0),), False),
    ("P <= R", (("n", 2),), ((0, 0, 0, 0), (0, 1, 0, 0)), True),
    ("P <= R", (("n", 2),), ((0, 1, 0, 0), (0, 1, 0, 0)), False),
    ("power(A, k) = A", (("k", 0), ("n", 1)), ((2,),), True),
    ("power(A, k) = A", (("k", 1), ("n", 1)), ((2,),), False),
    ("power(A, k) = A", (("k", 2), ("n", 1)), ((2,),), True),
    ("power(A, k) = A", (("n", 1),), ((2,),), False),
    ("power(A, k) = A", (("k", -1), ("n", 1)), ((2,),), False),
    ("power(A, k + 1) = power(A, k)", (("k", 0), ("n", 2)), ((0, 1, 0, 0),), True),
    ("A*Id = 2*A", (("Id", 2), ("n", 1)), ((1,),), True),
    ("A*Id = A", (("Id", 2), ("n", 1)), ((1,),), False),
    ("trace(A*B) = trace(A)*trace(B)", (("n", 2),), ((1, 0, 0, 1), (1, 0, 0, 1)), True),
    ("trace(A*B) = 4", (("n", 2),), ((1, 0, 0, 1), (2, 0, 0, 2)), False),
    ("trace(X*W) = 5", (("m", 2), ("n", 1)), ((1, 2), (1, 2)), False),
    ("trace(X*W) = 4", (("m", 2), ("n", 1)), ((1, 2), (1, 2)), True),
    ("trace(A*A*B) = 1", (("n", 2),), ((0, 1, 1, 0), (1, 0, 0, 0)), False),
    ("A = B & B = A", (("n", 1),), ((1,), (2,)), True),
    ("A = B & B = B", (("n", 1),), ((1,), (1,)), False),
]


@pytest.mark.parametrize(("formula", "sizes", "entries", "fails"), VALUES)
def test_formulas_at_given_matrices(
    formula: str, sizes: tuple[tuple[str, int], ...], entries: tuple[tuple[int, ...], ...], fails: bool
) -> None:
    claimed, _ = about(formula)
    order = [name for name in re.findall("[A-Z]", formula) if name in ALL]
    values = dict(zip(dict.fromkeys(order), entries, strict=True))
    found = MatrixCounterexample(sizes, tuple(fractions(*values[name]) for name, _, _ in claimed.shapes))
    if fails:
        assert refuted(claimed, found)
    else:
        with pytest.raises(Rejected):
            check(claimed, found)


# proofs as data: what is granted, squares, kernels, powers, traces

ALL = {
    **dict.fromkeys(["A", "B", "P", "R"], ("n", "n")), "X": ("n", "m"), "x": ("n", "1"), "y": ("n", "1"), "W": ("m", "n"),
    "a": ("1", "1"),
}  # fmt: skip


def about(formula: str, *proofs: MatrixProof) -> tuple[MatrixIdentities, NormalForm]:
    parsed = parse_formula(formula)
    names = free_symbols(parsed)
    shapes = tuple((name, *sides) for name, sides in ALL.items() if name in names)
    return MatrixIdentities(shapes, (parsed,)), NormalForm((proofs,))


def by(goal: str, combination: str = "0", *squares: tuple[Any, ...], unit: str = "0") -> MatrixProof:
    return MatrixProof((parse_formula(goal),), "", (reduction(combination, *squares, unit=unit),), ())


def reduction(combination: str = "0", *squares: tuple[Any, ...], unit: str = "0") -> Reduction:
    forms = tuple((Fraction(c), tuple(which), parse_term(x), parse_term(y)) for c, which, x, y in squares)
    return Reduction(parse_term(combination), forms, parse_term(unit))


def induction(goal: str, name: str, base: Reduction, step: Reduction) -> MatrixProof:
    return MatrixProof((parse_formula(goal),), name, (base,), (step,))


COMMUTE = "power(A, k)*B = B*power(A, k)"
SQUARE_TERMS = "(A + B)^2 = A^2 + 2*A*B + B^2"
ACCEPTED = {
    "a hypothesis": about(f"A*B = B*A => {SQUARE_TERMS}", by(SQUARE_TERMS, "-_0")),
    "transposed": about("A*B = B*A => tr(B)*tr(A) = tr(A)*tr(B)", by("tr(B)*tr(A) = tr(A)*tr(B)", "tr(_0)")),
    "beside factors": about("A*A = A => A*A*A = A", by("A*A*A = A", "A*_0 + _0")),
    "inside a trace": about("A*B = Id => trace(P*A*B*R) = trace(R*P)", by("trace(P*A*B*R) = trace(R*P)", "trace(P*_0*R)")),
    "squares": about("0 <= P => 0 <= tr(X)*P*X", by("0 <= tr(X)*P*X", "0", (1, [0], "X", "0"))),
    "a difference": about("P <= R => tr(X)*P*X <= tr(X)*R*X", by("tr(X)*P*X <= tr(X)*R*X", "0", (1, [0], "X", "0"))),
    "a product with a number": about("0 <= a & 0 <= P => 0 <= a*P", by("0 <= a*P", "0", (1, [0, 1], "Id", "0"))),
    "half of the sum": about(
        "P + R = R + P => 0 <= tr(X)*X", by("0 <= tr(X)*X", "0", ("1/2", [], "X", "0"), ("1/2", [], "X", "0"))
    ),
    "definite": about("0 < P & 0 <= R => 0 < P + R", by("0 < P + R", "0", (1, [0], "Id", "Id"), (1, [1], "Id", "0"))),
    "trivial kernel": about("0 < P & W*X = Id => 0 < tr(X)*P*X", by("0 < tr(X)*P*X", "0", (1, [0], "X", "W"), unit="_1")),
    "induction": about(f"A*B = B*A => {COMMUTE}", induction(COMMUTE, "k", reduction(), reduction("A*_2 + _0*power(A, k)"))),
    "a lemma first": about(
        f"A*B = B*A => {COMMUTE} & power(A, k)*B*B = B*B*power(A, k)",
        induction(COMMUTE, "k", reduction(), reduction("A*_2 + _0*power(A, k)")),
        by("power(A, k)*B*B = B*B*power(A, k)", "_2*B + B*_2"),
    ),
    "a power commutes with its base": about("power(A, k)*A = A*power(A, k)", by("power(A, k)*A = A*power(A, k)", "-_0")),
    "a power of a multiple of the identity is a number": about(
        "trace(power(2*Id, k)*A)*B = B*power(2*Id, k)*trace(A)", by("trace(power(2*Id, k)*A)*B = B*power(2*Id, k)*trace(A)")
    ),
    "the identity plus 0 is as large as its neighbour": about("(Id + 0)*A = A*(0 + Id)", by("(Id + 0)*A = A*(0 + Id)")),
    "numbers in traces": about("trace(x*tr(y)) = tr(x)*y", by("trace(x*tr(y)) = tr(x)*y")),
    "a product of inner products in a trace": about(
        "trace(x*tr(y)*x*tr(y)) = (tr(x)*y)^2", by("trace(x*tr(y)*x*tr(y)) = (tr(x)*y)^2")
    ),
    "rotation and transposition": about("trace(A*X*W) = trace(tr(X)*tr(A)*tr(W))", by("trace(A*X*W) = trace(tr(X)*tr(A)*tr(W))")),
    "power of a number": about("power(2*tr(x)*y, 2)*A = 4*(tr(y)*x)^2*A", by("power(2*tr(x)*y, 2)*A = 4*(tr(y)*x)^2*A")),
}
ONE_BY_ONE = "trace(power(Id + (A - B), k)) = power(Id + 0, k)"
"""The left side is n where A = B; a zero of size 1 beside I would make the right side a number."""
LOST_TRACE = "trace(power(2*Id, k)*tr(x)*y*A)*B = tr(x)*y*A*power(2*Id, k)*B"
TWO_SIZES = "trace(W*X + power(Id, k)) - trace(W*X) = trace(X*W + power(Id, k)) - trace(X*W)"
"""The left side is m, the right side n."""
REFUSED = {
    "a hypothesis of the wrong sign": about(f"A*B = B*A => {SQUARE_TERMS}", by(SQUARE_TERMS, "_0")),
    "a hypothesis that is not there": about(SQUARE_TERMS, by(SQUARE_TERMS, "-_0")),
    "a combination that does not vanish": about("A*B = B*A => A = B", by("A = B", "A - B")),
    "a constant beside what vanishes": about("A*B = B*A => A = B", by("A = B", "_0 + A - B - A*B + B*A")),
    "an inequality for an equation": about("0 <= P => P = 0", by("P = 0", "-_0")),
    "a form for an equation": about("0 <= P => P = 0", by("P = 0", "0", (1, [0], "Id", "0"))),
    "an equation for an inequality": about("P = R => 0 <= P", by("0 <= P", "0", (1, [0], "Id", "0"))),
    "a negative weight": about("0 <= P => 0 <= -P", by("0 <= -P", "0", (-1, [0], "Id", "0"))),
    "weight zero": about("0 < P => 0 < 0*P", by("0 < 0*P", "0", (0, [0], "Id", "Id"))),
    "two matrices in a product": about("0 <= P & 0 <= R => 0 <= P*R", by("0 <= P*R", "0", (1, [0, 1], "Id", "0"))),
    "the other direction": about("P <= R => 0 <= P - R", by("0 <= P - R", "0", (1, [0], "Id", "0"))),
    "no such inequality": about("0 <= P => 0 <= R", by("0 <= R", "0", (1, [1], "Id", "0"))),
    "counted from the end": about("0 <= P => 0 <= P", by("0 <= P", "0", (1, [-1], "Id", "0"))),
    "left factor not the transpose": about("0 <= P => 0 <= A*P*B", by("0 <= A*P*B", "0", (1, [0], "B", "0"))),
    "definite from semidefinite": about("0 <= P => 0 < P", by("0 < P", "0", (1, [0], "Id", "Id"))),
    "definite with a kernel": about("0 < P => 0 < tr(X)*P*X", by("0 < tr(X)*P*X", "0", (1, [0], "X", "0"))),
    "inverse on the wrong side": about(
        "0 < P & X*W = Id => 0 < tr(X)*P*X", by("0 < tr(X)*P*X", "0", (1, [0], "X", "W"), unit="_1")
    ),
    "a unit that does not vanish": about("0 < P => 0 < tr(X)*P*X", by("0 < tr(X)*P*X", "0", (1, [0], "X", "0"), unit="-Id")),
    "a kernel met by a semidefinite form": about(
        "0 < P & 0 <= R => 0 < tr(A)*P*A + R", by("0 < tr(A)*P*A + R", "0", (1, [0], "A", "0"), (1, [1], "Id", "Id"))
    ),
    "no base": about(f"A*B = B*A => {COMMUTE}", by(COMMUTE, "_2")),
    "a step without the base": about("power(A, k) = 0", induction("power(A, k) = 0", "k", reduction(), reduction("A*_1"))),
    "induction with a hypothesis on the exponent": about(
        "power(A, k) = Id => power(A, k + 1) = power(A, k)*B",
        induction("power(A, k + 1) = power(A, k)*B", "k", reduction(), reduction()),
    ),
    "induction on a matrix": about("A = A*A", induction("A = A*A", "A", reduction(), reduction("_0"))),
    "induction on the identity": about("Id*A = 0", induction("Id*A = 0", "Id", reduction(), reduction())),
    "another conclusion": about("A = B", by("A = A")),
    "no conclusion": about("A = B"),
    "a lemma after its use": about(
        f"A*B = B*A => {COMMUTE}", by("power(A, k)*B*B = B*B*power(A, k)", "_2*B + B*_2"), by(COMMUTE, "0")
    ),
    "a negative exponent": about("power(A, k - 1)*A = power(A, k)", by("power(A, k - 1)*A = power(A, k)")),
    "a matrix as exponent": about("power(A, B) = power(A, B)", by("power(A, B) = power(A, B)")),
    "half an exponent": about("power(A, 1/2)*power(A, 1/2) = A", by("power(A, 1/2)*power(A, 1/2) = A")),
    "power of a rectangle": about("power(X, k) = power(X, k)", by("power(X, k) = power(X, k)")),
    "trace of a rectangle": about("trace(X) = trace(X)", by("trace(X) = trace(X)")),
    "trace of the identity": about("trace(Id)*A = A", by("trace(Id)*A = A")),
    "traces of a power of the identity in two sizes": about(TWO_SIZES, by(TWO_SIZES)),
    "trace of a power of the identity": about("trace(power(Id, k)) = 1", by("trace(power(Id, k)) = 1")),
    "a zero matrix that is not a zero number": about(
        f"A = B => {ONE_BY_ONE}", by(ONE_BY_ONE, "trace(power(Id + _0, k)) - power(Id + 0, k)")
    ),
    "trace of the identity plus 0": about("trace(Id + 0)*A = A", by("trace(Id + 0)*A = A")),
    "a trace lost beside a power of the identity": about(LOST_TRACE, by(LOST_TRACE)),
    "trace of an exponent 0": about("trace(power(A, 0))*A = A", by("trace(power(A, 0))*A = A")),
    "exponent 0 of another size": about("power(A, 0)*W = W", by("power(A, 0)*W = W")),
    "an inequality between rectangles": about("X <= X", by("X <= X")),
    "trace of a product": about("trace(A*B) = trace(A)*trace(B)", by("trace(A*B) = trace(A)*trace(B)")),
    "a trace is not its word": about("trace(A)*A = A*A", by("trace(A)*A = A*A")),
    "transposed in a trace": about("trace(tr(A)*B) = trace(A*B)", by("trace(tr(A)*B) = trace(A*B)")),
    "half a reversal": about("trace(A*B*P) = trace(B*A*P)", by("trace(A*B*P) = trace(B*A*P)")),
    "a number that is a matrix for n = 1": about("x*tr(x) = tr(x)*x*Id", by("x*tr(x) = tr(x)*x*Id")),
}


@pytest.mark.parametrize(("claimed", "proof"), ACCEPTED.values(), ids=ACCEPTED)
def test_proofs_are_accepted(claimed: MatrixIdentities, proof: NormalForm) -> None:
    assert check(decode(encode(claimed), MatrixIdentities), decode(encode(proof), NormalForm)).truth is True


@pytest.mark.parametrize(("claimed", "proof"), REFUSED.values(), ids=REFUSED)
def test_false_proofs_are_refused(claimed: MatrixIdentities, proof: NormalForm) -> None:
    with pytest.raises(Rejected):
        check(claimed, proof)


@pytest.mark.parametrize(
    "properties",
    [
        {"shapes": {**SQUARE, "Id": ("n", "n")}},
        {"shapes": {"A": ("n", "m"), "B": ("n", "n")}, "inverses": [("A", "B")]},
        {"shapes": {"A": ("n", "m"), "B": ("n", "n")}, "symmetric": ["A"]},
        {"shapes": {"A": ("0", "n"), "B": ("n", "n")}},
        {"shapes": {**SQUARE, "1/c": ("1", "1")}, "scalars": ["c"], "nonzero": ["c"]},
        {"shapes": {"A": ("?", "?"), "B": ("?", "?")}},
        {"shapes": SQUARE, "scalars": ["A"]},
        {"shapes": SQUARE, "nonzero": ["c"]},
        {"shapes": {"A": ("n", "n")}},
        {"shapes": SQUARE, "orthogonal": ["C"]},
    ],
)
def test_claims_that_are_not_well_made_are_refused(properties: dict[str, Any]) -> None:
    with pytest.raises(TheoryProblem):
        claim("A*B = B*A", **{**NOTHING, **properties})


def test_a_claim_needs_an_equation() -> None:
    for equations in ((), (parse_formula("A != B"),), (parse_formula("A = B | B = A"),)):
        with pytest.raises(IllFormed):
            replace(BASE, formulas=equations)


def test_the_transpose_is_printed_as_it_is_read() -> None:
    assert text(parse_term("tr(A*W)^2 + 1")) == "tr(A*W)^2 + 1"
    assert parse_term(text(parse_term("2*tr(A)"))) == parse_term("2*tr(A)")


def test_shrinks_to_size_1_when_only_a_coefficient_is_wrong() -> None:
    (found,) = matrix_certificates(claim("A + A = A", shapes={"A": ("n", "m")}, **NOTHING))
    assert found == MatrixCounterexample((("m", 1), ("n", 1)), (fractions(1),))


def test_shrinks_to_matrix_units_when_two_matrices_do_not_commute() -> None:
    (found,) = matrix_certificates(claim("A*B = B*A", shapes=SQUARE, **NOTHING))
    assert isinstance(found, MatrixCounterexample)
    assert found.sizes == (("n", 2),)
    assert sum(map(bool, sum(found.entries, ()))) == 2


# an evaluation of its own: a real number stands for that multiple of the identity

Value = Fraction | tuple[tuple[Fraction, ...], ...]


def values_of(made: MatrixIdentities, sizes: dict[str, int], draw: random.Random) -> dict[str, Value]:
    drawing = Drawing(made, made.formulas[0], sizes)
    while True:
        certificate = drawing.certificate(drawing.drawn(3, draw))
        if certificate is not None:
            return certified(made, certificate)


def certified(made: MatrixIdentities, certificate: MatrixCounterexample) -> dict[str, Value]:
    sizes = {**dict(certificate.sizes), "1": 1}
    values: dict[str, Value] = {"Id": Fraction(1)}
    for (name, rows, columns), entries in zip(made.shapes, certificate.entries, strict=True):
        n = sizes[columns]
        values[name] = tuple(entries[i * n : (i + 1) * n] for i in range(sizes[rows]))
    return values


def holds(made: MatrixIdentities, values: dict[str, Value]) -> bool:
    return all(
        is_zero(plus(evaluate(e.args[0], values), times(Fraction(-1), evaluate(e.args[1], values))))
        for formula in made.formulas
        for e in parts(formula)[-1]
    )


def is_zero(value: Value) -> bool:
    return not value if isinstance(value, Fraction) else not any(map(any, value))


def number_of(value: Value) -> Value:
    return value[0][0] if isinstance(value, tuple) and len(value) == 1 == len(value[0]) else value


def plus(a: Value, b: Value) -> Value:
    a, b = number_of(a), number_of(b)
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    if isinstance(a, Fraction):
        return plus(b, a)
    if isinstance(b, Fraction):
        return a if not b else tuple(tuple(x + b * (i == j) for j, x in enumerate(row)) for i, row in enumerate(a))
    return tuple(tuple(x + y for x, y in zip(r, s, strict=True)) for r, s in zip(a, b, strict=True))


def times(a: Value, b: Value) -> Value:
    a, b = number_of(a), number_of(b)
    if isinstance(a, Fraction):
        return a * b if isinstance(b, Fraction) else tuple(tuple(a * x for x in row) for row in b)
    if isinstance(b, Fraction):
        return times(b, a)
    columns = list(zip(*b, strict=True))
    return tuple(tuple(sum((x * y for x, y in zip(row, c, strict=True)), Fraction(0)) for c in columns) for row in a)


def evaluate(term: Term, values: dict[str, Value]) -> Value:
    match term.head:
        case "num":
            number: Fraction = term.args[0]
            return number
        case "sym":
            return number_of(values[term.args[0]])
        case "tr":
            inside = evaluate(term.args[0], values)
            return inside if isinstance(inside, Fraction) else tuple(zip(*inside, strict=True))
        case "pow" if term.args[1] < 0:
            base = number_of(evaluate(term.args[0], values))
            assert isinstance(base, Fraction)
            return Fraction(base ** int(term.args[1]))
    factors = [term.args[0]] * term.args[1] if term.head == "pow" else term.args
    result = evaluate(factors[0], values)
    for factor in factors[1:]:
        combine = plus if term.head == "add" else times
        result = combine(result, evaluate(factor, values))
    return result
