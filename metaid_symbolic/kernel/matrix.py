"""Equations and inequalities between matrices of arbitrary size, by a noncommutative normal form and what is granted.

A matrix expression is a rational combination of monomials (word, factors): a word in the letters A and tr(A), and a multiset
of real factors.  Transposes are pushed to the letters, tr(XY) = tr(Y) tr(X); a piece of a word between two sides of size 1 is
a real number, so it commutes and equals its transpose, and so does a trace, which is a word up to rotation and transposition.
Scalars are letters of shape 1 x 1, a nonzero scalar c has the letter `1/c`, and X^k for a natural number k is a letter too.
Each step holds for all real matrices of the declared shapes, of every size >= 1, and every k >= 0.

What is granted, the properties and the hypotheses, comes in by number: if a term in `_0`, `_1`, ... vanishes wherever they do,
then it vanishes when the differences of the sides of granted equations stand for them; and tr(X) P X is positive semidefinite
with P.  Unequal normal forms prove nothing: a refutation evaluates the formulas at rational matrices.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from itertools import chain
from math import prod
from operator import add, mul
from typing import final

from ..certificates import Done, MatrixCounterexample, NormalForm, Reduction
from ..claims import MatrixIdentities
from ..terms import ZERO, Term, conjunction, equal, free_symbols, negation, number, prefix, substitute, subterms, symbol, total
from .objectives import definiteness
from .polynomial import collected
from .rejection import Rejected, require
from .tableau import Checker
from .unfold import equal_entries

Word = tuple[tuple[str, bool], ...]
"""Letters, each with whether it is transposed."""
Monomial = tuple[Word, tuple[Word, ...]]
Shape = tuple[str, str]
Value = tuple[Shape, dict[Monomial, Fraction]]
Letters = dict[tuple[str, bool], list[tuple[Fraction, ...]]]
"""The rows of each letter."""

NUMBER, IDENTITY = ("1", "1"), ("?", "?")
"""The shape of a real number, and that of a multiple of I, which is as large as its neighbour asks."""
ID = symbol("Id")

SHAPES = "shapes {0[0]} x {0[1]} and {1[0]} x {1[1]} disagree in {2}"
MOST_PRODUCTS, LONGEST, WIDEST = 5_000, 200, 20_000
"""Bounds: monomials made by one product, letters of a monomial, bits of a coefficient."""


def matrix_identities(claim: MatrixIdentities, certificate: NormalForm) -> None:
    """Returns if the proofs show every formula for all sizes >= 1, all matrices of the claim and all exponents >= 0; else raises
    `Rejected`.  What a proof shows is granted to the next ones; a proof with a name is by induction on that exponent, of which
    the hypotheses know nothing."""
    algebra = Algebra(claim)
    for formula, proofs in zip(claim.formulas, certificate.proofs, strict=True):
        *hypotheses, conclusions = parts(formula)
        known = granted(formula)
        for proof in proofs:
            k = proof.name
            mentioned = {*algebra.shapes}.union(*map(free_symbols, chain(*hypotheses)))
            require(k not in mentioned, "an induction on {}, which the hypotheses or the shapes mention", k)
            stages = [(ZERO, known, proof.base), (symbol(k or "k") + 1, [*known, *proof.goals], proof.step)]
            for value, facts, reductions in stages if k else stages[:1]:
                for goal, reduction in zip(proof.goals, reductions, strict=True):
                    algebra.follows(substitute(goal, {k: value}), facts, reduction)
            known += proof.goals
        require(all(goal in known for goal in conclusions), "not all of {} are shown", conclusions)


def matrix_counterexample(claim: MatrixIdentities, certificate: MatrixCounterexample, checker: Checker) -> None:
    """Returns if a formula fails for the certificate's matrices and exponents; else raises `Rejected`."""
    algebra, sizes = Algebra(claim), {**dict(certificate.sizes), "1": 1, "?": 1}
    exponents = {k: number(v) for k, v in certificate.sizes if k not in algebra.shapes}
    loose = frozenset().union(*map(free_symbols, claim.formulas)) - {*algebra.shapes, *exponents}
    require(not loose, "no value is given for the exponents {}", loose)
    letters: Letters = {}
    for (name, rows, columns), entries in zip(claim.shapes, certificate.entries, strict=True):
        m, n = sizes.get(rows, 0), sizes.get(columns, 0)
        require(min(m, n) > 0 and len(entries) == m * n, "{} entries for the {} x {} matrix {}", len(entries), m, n, name)
        letters[name, False], letters[name, True] = (
            [entries[i * n : i * n + n] for i in range(m)],
            [entries[j::n] for j in range(n)],
        )
        letters |= {(f"1/{name}", False): [(1 / x,)] for x in entries if m == n == 1 and x}

    def read(f: Term) -> Term:
        if f.head in ("and", "implies"):
            return Term(f.head, tuple(map(read, f.args)))
        columns = [tuple(map(number, c)) for c in columns_of(algebra.normal(substitute(gap(f), exponents)), sizes, letters)]
        if f.head == "eq":
            return equal_entries(list(chain(*columns)), [ZERO] * (len(columns) * len(columns[0])))
        mirrored = [equal_entries(a, b) for a, b in zip(columns, zip(*columns, strict=True), strict=True)]
        return conjunction([*mirrored, definiteness("psd" if f.head == "le" else "posdef", tuple(columns))])

    checker.prove([negation(conjunction(list(map(read, claim.formulas))))], (Done(),))


def parts(formula: Term) -> list[list[Term]]:
    """The conclusions of a formula as a list, after that of its hypotheses if it has any."""
    return [list(f.args) if f.head == "and" else [f] for f in (formula.args if formula.head == "implies" else [formula])]


def granted(formula: Term) -> list[Term]:
    """The hypotheses of the formula, and that each power in it commutes with its base."""
    powers = dict.fromkeys(p for p in subterms(formula) if p.head == "app" and p.args[0] == "power" and len(p.args) == 3)
    return [*chain(*parts(formula)[:-1]), *(equal(p.args[1] * p, p * p.args[1]) for p in powers)]


def gap(formula: Term) -> Term:
    """What is 0, positive semidefinite or positive definite where A = B, A <= B or A < B holds."""
    require(formula.head in ("eq", "le", "lt"), "{} is neither an equation nor an inequality", formula)
    left, right = formula.args if formula.head == "eq" else formula.args[::-1]
    return Term("add", (left, -right))


@final
class Algebra:
    """The shapes of letters by name; inverses and powers become letters when they are met."""

    def __init__(self, claim: MatrixIdentities) -> None:
        self.shapes: dict[str, Shape] = {**{name: (rows, columns) for name, rows, columns in claim.shapes}, "Id": IDENTITY}

    def follows(self, goal: Term, known: list[Term], proof: Reduction) -> None:
        """Raises `Rejected` unless the goal is what the squares and the combination say: its gap is the sum of the forms
        weight * tr(X) * (product of gaps) * X, and 0 if it is an equation.  A definite one wants forms of definite matrices
        whose X have no common kernel: the sum of their Y * X is I."""
        equations = {f"_{i}": gap(h) for i, h in enumerate(known) if h.head == "eq"}
        require(goal.head == "eq" or len({*self.normal(gap(goal))[0]}) == 1, "{} is no inequality of square matrices", goal)

        def vanishes(term: Term, combination: Term) -> None:
            for zero in (
                substitute(combination, {name: ZERO * difference for name, difference in equations.items()}),  # 0 of its shape
                term - substitute(combination, equations),
            ):
                require(not self.normal(zero)[1], "{} is not 0 in normal form", zero)

        forms, units = [], []
        for weight, which, x, y in proof.squares:
            used = [known[i] for i in which if 0 <= i < len(known) and known[i].head in ("le", "lt")]
            fits = weight > 0 and len(used) == len(which) and sum(self.normal(gap(h))[0] != NUMBER for h in used) < 2
            require(
                fits and goal.head != "eq", "{} times a product of the inequalities {} is no form for {}", weight, which, goal
            )
            forms.append(reduce(mul, [*map(gap, used), x], number(weight) * Term("tr", (x,))))
            units += [y * x] if all(h.head == "lt" for h in used) else []
        vanishes(gap(goal) - total(forms), proof.combination)
        if goal.head == "lt":
            vanishes(total(units) - ID, proof.unit)

    def transposed(self, word: Word) -> Word:
        return tuple((name, not t) for name, t in reversed(word))

    def side(self, letter: tuple[str, bool], which: int) -> str:
        """The number of rows (0) or columns (1)."""
        return self.shapes[letter[0]][which ^ letter[1]]

    def monomial(self, word: Word, factors: tuple[Word, ...]) -> Monomial:
        """The normal form: take out the real factors."""
        cuts = [k + 1 for k, letter in enumerate(word) if self.side(letter, 1) == "1"]
        pieces = [word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True)]
        real = [p for p in pieces if p and self.side(p[0], 0) == "1" == self.side(p[-1], 1)]
        kept = tuple(letter for p in pieces if p not in real for letter in p)
        return kept, tuple(sorted([*factors, *map(self.turned, real)]))

    def turned(self, word: Word) -> Word:
        """Of all words with the same trace, the rotations of this one and of its transpose, the first."""
        rotations = [word[k:] + word[:k] for k in range(len(word))]
        return min([*rotations, *map(self.transposed, rotations)])

    def traced(self, word: Word, factors: tuple[Word, ...]) -> Monomial:
        """The trace of a word: a product of real factors where it runs through a size 1."""
        cut = [word[k:] + word[:k] for k, letter in enumerate(word) if self.side(letter, 0) == "1"] if word else [word]
        return self.monomial(cut[0], factors) if cut else ((), tuple(sorted([*factors, self.turned(word)])))

    def normal(self, term: Term) -> Value:
        """The shape and normal form of a term; raises `Rejected` where shapes do not fit or a head means no matrix."""
        match term.head, term.args:
            case "num", (value,):
                return NUMBER, _collected([(((), ()), value)])
            case "sym", ("Id",):
                return IDENTITY, {((), ()): Fraction(1)}
            case "app", ("trace", inside):
                shape, terms = self.normal(inside)
                require(
                    shape == NUMBER or (shape[0] == shape[1] != "?" and all(word for word, _ in terms)),
                    "the trace of a matrix of shape {}, or of I, which depends on its size, in {}",
                    shape,
                    term,
                )
                return NUMBER, _collected([(self.traced(*monomial), c) for monomial, c in terms.items()])
            case "app", ("power", base, Term("num", (value,))) if value.denominator == 1 and value >= 0:
                return self.normal(base ** int(value) if value else ID + ZERO * base)
            case "app", ("power", base, Term("add", (*k, Term("num", (1,))))):
                return self.normal(base * Term("app", ("power", base, total(k))))
            case "app", ("power", base, Term("sym", (k,))) if k not in self.shapes:
                shape, name = self.normal(base * base)[0], prefix(term)
                self.shapes[name] = NUMBER if shape == IDENTITY else shape  # (c I)^k is c^k I
                return shape, self._letter(name)[1]
            case "sym", (name,) if name in self.shapes:
                return self._letter(name)
            case "tr", (inside,):
                (rows, columns), terms = self.normal(inside)
                return (columns, rows), _collected([(self.monomial(self.transposed(w), f), c) for (w, f), c in terms.items()])
            case "add" | "mul", args if args:
                step = self._sum if term.head == "add" else self._product
                return reduce(lambda a, b: step(a, b, term), map(self.normal, args))
            case "pow", (base, exponent) if exponent > 0:
                return reduce(lambda a, b: self._product(a, b, term), [self.normal(base)] * exponent)
            case "pow", (Term("sym", (name,)), exponent) if self.shapes.get(name) == NUMBER:
                self.shapes[f"1/{name}"] = NUMBER
                return NUMBER, {((), (((f"1/{name}", False),),) * -exponent): Fraction(1)}
        raise Rejected(f"{term} is no matrix expression: an exponent may be negative, or it inverts what is no scalar")

    def _letter(self, name: str) -> Value:
        return self.shapes[name], {self.monomial(((name, False),), ()): Fraction(1)}

    def _sum(self, left: Value, right: Value, where: Term) -> Value:
        pairs = ((left, right), (right, left))
        shapes = [  # the first, so that I + 0 is of the shape of I
            *(b for (a, terms), (b, _) in pairs if a == b or (a == NUMBER and not terms)),
            *(b for (a, _), (b, _) in pairs if a == IDENTITY and b[0] == b[1]),
        ]
        require(shapes, SHAPES, left[0], right[0], where)
        return shapes[0], _collected([*left[1].items(), *right[1].items()])

    def _product(self, left: Value, right: Value, where: Term) -> Value:
        (one, first), (two, second) = left, right
        neutral = NUMBER if NUMBER in (one, two) else IDENTITY
        require(neutral in (one, two) or one[1] == two[0], SHAPES, one, two, where)
        require(len(first) * len(second) <= MOST_PRODUCTS, "a product of more than {} monomials, in {}", MOST_PRODUCTS, where)
        shape = two if one == neutral else one if two == neutral else (one[0], two[1])
        return shape, _collected(
            [(self.monomial(v + w, f + g), a * b) for (v, f), a in first.items() for (w, g), b in second.items()]
        )


def _collected(terms: list[tuple[Monomial, Fraction]]) -> dict[Monomial, Fraction]:
    """The sum of the terms."""
    made = collected(terms)
    for (word, factors), c in made.items():
        narrow = max(abs(c.numerator), c.denominator).bit_length() <= WIDEST
        require(narrow and sum(map(len, (word, *factors))) <= LONGEST, "over {} letters or {} bits", LONGEST, WIDEST)
    return made


def columns_of(value: Value, sizes: dict[str, int], letters: Letters) -> list[list[Fraction]]:
    """The columns of the matrix."""

    def times(v: list[Fraction], letter: tuple[str, bool]) -> list[Fraction]:
        return [sum(map(mul, row, v), Fraction(0)) for row in letters[letter]]

    def images(word: Word, size: int) -> list[list[Fraction]]:
        return [reduce(times, word[::-1], [Fraction(i == j) for i in range(size)]) for j in range(size)]

    (rows, columns), terms = value
    made = [[Fraction(0)] * sizes[rows] for _ in range(sizes[columns])]
    for (word, factors), c in terms.items():
        require(all(letter in letters for f in factors for letter in f), "a division by 0 in {}", factors)
        traces = [sum((v[i] for i, v in enumerate(images(f, len(letters[f[-1]][0])))), Fraction(0)) for f in factors]
        scaled = [[prod(traces, start=c) * x for x in v] for v in images(word, sizes[columns])]
        made = [list(map(add, u, v)) for u, v in zip(made, scaled, strict=True)]
    return made
