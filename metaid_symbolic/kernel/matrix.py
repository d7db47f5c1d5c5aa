"""Equations between matrices of arbitrary size, by a noncommutative normal form.

A matrix expression is a rational combination of monomials (word, factors): a word in the letters A and tr(A), and a multiset
of real factors.  Transposes are pushed to the letters, tr(XY) = tr(Y) tr(X); neighbours with product I cancel; a piece of a
word between two sides of size 1 is a real number, so it commutes and equals its transpose.  Scalars are letters of shape
1 x 1, and a nonzero scalar c has the inverse letter `1/c`.  Each step holds for all real matrices of the declared shapes, of
every size >= 1, so equal normal forms prove an equation.  Unequal ones prove nothing: a refutation evaluates both the
equations and the properties at rational matrices, without any rule that rests on a property.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import reduce
from math import prod
from operator import mul

from ..certificates import MatrixCounterexample
from ..claims import MatrixIdentities
from ..terms import Term, equal, record, symbol
from .polynomial import collected
from .rejection import Rejected, require

Letter = tuple[str, bool]
Word = tuple[Letter, ...]
Monomial = tuple[Word, tuple[Word, ...]]
Shape = tuple[str, str]
Value = tuple[Shape, dict[Monomial, Fraction]]
Rows = list[tuple[Fraction, ...]]

NUMBER, IDENTITY = ("1", "1"), ("?", "?")
"""The shape of a real number, and that of a multiple of I, which is as large as its neighbour asks."""

SHAPES = "shapes {0[0]} x {0[1]} and {1[0]} x {1[1]} disagree in {2}"
MOST_PRODUCTS, LONGEST, WIDEST = 5_000, 200, 20_000
"""Bounds: monomials made by one product, letters of a monomial, bits of a coefficient."""


def matrix_identities(claim: MatrixIdentities) -> None:
    """Returns if every equation holds for all sizes >= 1 and all matrices and scalars of the claim; else raises `Rejected`, also
    if a property is about no matrix of the claim or one of another shape, or one with two inverses."""
    algebra = Algebra.of(claim)
    for equation in (*properties(claim), *claim.equations):
        require(not algebra.difference(equation)[1], "the two sides of {} have different normal forms", equation)


def matrix_counterexample(claim: MatrixIdentities, certificate: MatrixCounterexample) -> None:
    """Returns if the certificate's matrices have all properties and violate an equation; else raises `Rejected`."""
    free = Algebra.of(replace(claim, inverses=(), symmetric=(), orthogonal=()))
    letters = _letters(claim, certificate)
    values = [free.difference(equation) for equation in claim.equations]
    for needed in properties(claim):
        satisfied = _vanishes(free.difference(needed), certificate.sizes, letters)
        require(satisfied, "the matrices violate {}, a property of the claim", needed)
    violated = not all(_vanishes(value, certificate.sizes, letters) for value in values)
    require(violated, "every equation holds for these matrices")


@record
class Algebra:
    """Shapes by name, the letters equal to their transpose, and `partner`: the inverse letter, where there is one."""

    shapes: dict[str, Shape]
    symmetric: frozenset[str]
    partner: dict[Letter, Letter]

    @classmethod
    def of(cls, claim: MatrixIdentities) -> Algebra:
        pairs = [*claim.inverses, *((c, f"1/{c}") for c in claim.nonzero)]
        inverse = {a: b for pair in pairs for a, b in (pair, pair[::-1])}
        symmetric = frozenset(name for s in claim.symmetric for name in (s, inverse.get(s, s)))
        shapes = {name: (rows, columns) for name, rows, columns in claim.shapes}
        shapes |= dict.fromkeys(claim.scalars, NUMBER) | {f"1/{c}": NUMBER for c in claim.nonzero}
        partner = {(a, t): (b, t) for a, b in inverse.items() for t in (False, True)}
        partner |= {(q, t): (q, not t and q not in symmetric) for q in claim.orthogonal for t in (False, True)}
        return cls(shapes, symmetric, partner)

    def transposed(self, word: Word) -> Word:
        return tuple((name, not t and name not in self.symmetric) for name, t in reversed(word))

    def side(self, letter: Letter, which: int) -> str:
        """The number of rows (0) or columns (1)."""
        return self.shapes[letter[0]][which ^ letter[1]]

    def monomial(self, word: Word, factors: tuple[Word, ...]) -> Monomial:
        """The normal form: cancel neighbours with product I, then take out the real factors and cancel among them."""
        start: Word = ()
        left = reduce(lambda w, x: w[:-1] if w and self.partner.get(w[-1]) == x else (*w, x), word, start)
        cuts = [k + 1 for k, letter in enumerate(left) if self.side(letter, 1) == "1"]
        pieces = [left[a:b] for a, b in zip([0, *cuts], [*cuts, len(left)], strict=True)]
        real = [bool(p) and self.side(p[0], 0) == "1" == self.side(p[-1], 1) for p in pieces]
        kept: list[Word] = []
        for piece in [*factors, *(p for p, r in zip(pieces, real, strict=True) if r)]:
            inverse = ((self.partner[piece[0]][0], False),) if len(piece) == 1 and piece[0] in self.partner else None
            if inverse in kept:
                kept.remove(inverse)
            else:
                kept.append(min(piece, self.transposed(piece)))
        return tuple(letter for p, r in zip(pieces, real, strict=True) if not r for letter in p), tuple(sorted(kept))

    def difference(self, equation: Term) -> Value:
        left, (shape, right) = map(self.normal, equation.args)
        return self._sum(left, (shape, {m: -c for m, c in right.items()}), equation)

    def normal(self, term: Term) -> Value:
        """The shape and normal form of a term; raises `Rejected` where shapes do not fit or a head means no matrix."""
        match term.head, term.args:
            case "num", (value,):
                return NUMBER, _collected([(((), ()), value)])
            case "sym", ("Id",):
                return IDENTITY, {((), ()): Fraction(1)}
            case "sym", (name,) if name in self.shapes:
                return self.shapes[name], {self.monomial(((name, False),), ()): Fraction(1)}
            case "tr", (inside,):
                (rows, columns), terms = self.normal(inside)
                return (columns, rows), _collected([(self.monomial(self.transposed(w), f), c) for (w, f), c in terms.items()])
            case "add" | "mul", parts if parts:
                step = self._sum if term.head == "add" else self._product
                return reduce(lambda a, b: step(a, b, term), map(self.normal, parts))
            case "pow", (base, exponent):
                factor = self.normal(base) if exponent > 0 else self._inverse(self.normal(base), term)
                return reduce(lambda a, b: self._product(a, b, term), [factor] * abs(exponent))
        raise Rejected(f"{term} is no matrix expression")

    def _inverse(self, value: Value, where: Term) -> Value:
        """1/x for a product x of a number and real letters that are not 0."""
        for (word, factors), c in value[1].items():
            if value[0] == NUMBER and len(value[1]) == 1 and all(len(f) == 1 and f[0] in self.partner for f in factors):
                return NUMBER, {self.monomial(word, tuple((self.partner[f[0]],) for f in factors)): 1 / c}
        raise Rejected(f"{where} is not an inverse of scalars listed as nonzero")

    def _sum(self, left: Value, right: Value, where: Term) -> Value:
        def fits(a: Value, b: Value) -> bool:
            return a[0] == b[0] or (a[0] == IDENTITY and b[0][0] == b[0][1]) or (a[0] == NUMBER and not a[1])

        require(fits(left, right) or fits(right, left), SHAPES, left[0], right[0], where)
        return (right if fits(left, right) else left)[0], _collected([*left[1].items(), *right[1].items()])

    def _product(self, left: Value, right: Value, where: Term) -> Value:
        (one, first), (two, second) = left, right
        neutral = NUMBER if NUMBER in (one, two) else IDENTITY
        require(neutral in (one, two) or one[1] == two[0], SHAPES, one, two, where)
        count = len(first) * len(second)
        require(count <= MOST_PRODUCTS, "a product of {} monomials, more than {}, in {}", count, MOST_PRODUCTS, where)
        shape = two if one == neutral else one if two == neutral else (one[0], two[1])
        pairs = [((v + w, f + g), a * b) for (v, f), a in first.items() for (w, g), b in second.items()]
        return shape, _collected([(self.monomial(*monomial), c) for monomial, c in pairs])


def _collected(terms: list[tuple[Monomial, Fraction]]) -> dict[Monomial, Fraction]:
    """The sum of the terms."""
    made = collected(terms)
    for (word, factors), c in made.items():
        length, width = len(word) + sum(map(len, factors)), max(abs(c.numerator), c.denominator).bit_length()
        require(length <= LONGEST and width <= WIDEST, "over {} letters or {} bits: {}, {}", LONGEST, WIDEST, length, width)
    return made


def properties(claim: MatrixIdentities) -> list[Term]:
    """The equations that the matrices of the claim satisfy by assumption."""
    pairs = [(symbol(a), symbol(b)) for a, b in claim.inverses] + [transposes(q) for q in claim.orthogonal]
    units = [equal(x * y, symbol("Id")) for a, b in pairs for x, y in ((a, b), (b, a))]
    return units + [equal(*transposes(s)) for s in claim.symmetric]


def transposes(name: str) -> tuple[Term, Term]:
    return symbol(name), Term("tr", (symbol(name),))


def _letters(claim: MatrixIdentities, certificate: MatrixCounterexample) -> dict[Letter, Rows]:
    """The value of each letter; raises `Rejected` where the numbers do not fit the shapes."""
    sizes = {**dict(certificate.sizes), "1": 1}
    shapes = [*claim.shapes, *((c, *NUMBER) for c in claim.scalars)]
    values = [*certificate.entries, *((x,) for x in certificate.scalars)]
    require(len(values) == len(shapes), "{} matrices and scalars are given for {} names", len(values), len(shapes))
    letters: dict[Letter, Rows] = {}
    for (name, rows, columns), entries in zip(shapes, values, strict=True):
        m, n = sizes.get(rows, 0), sizes.get(columns, 0)
        require(min(m, n) > 0 and len(entries) == m * n, "{} entries for the {} x {} matrix {}", len(entries), m, n, name)
        letters[name, False] = [entries[i * n : i * n + n] for i in range(m)]
        letters[name, True] = [entries[j::n] for j in range(n)]
    for c in claim.nonzero:
        ((value,),) = letters[c, False]
        require(value, "the scalar {} is 0", c)
        letters[f"1/{c}", False] = [(1 / value,)]
    return letters


def _vanishes(value: Value, sizes: tuple[tuple[str, int], ...], letters: dict[Letter, Rows]) -> bool:
    """Whether the value is the zero matrix: it maps each unit vector to 0."""

    def image(word: Word, vector: list[Fraction]) -> list[Fraction]:
        return reduce(lambda v, letter: [sum(map(mul, row, v), Fraction(0)) for row in letters[letter]], word[::-1], vector)

    (_, columns), terms = value
    width = {**dict(sizes), "1": 1, "?": 1}[columns]
    sized = [(word, prod([image(f, [Fraction(1)])[0] for f in factors], start=c)) for (word, factors), c in terms.items()]
    for j in range(width):
        parts = [image(word, [c * (i == j) for i in range(width)]) for word, c in sized]
        if any(map(sum, zip(*parts, strict=True))):
            return False
    return True
