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

from ..certificates import MatrixCounterexample, NormalForm, Reduction
from ..claims import MatrixIdentities
from ..terms import ONE, ZERO, Term, equal, free_symbols, number, prefix, record, substitute, subterms, symbol, total
from .objectives import definiteness
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
ID = symbol("Id")

SHAPES = "shapes {0[0]} x {0[1]} and {1[0]} x {1[1]} disagree in {2}"
MOST_PRODUCTS, LONGEST, WIDEST = 5_000, 200, 20_000
"""Bounds: monomials made by one product, letters of a monomial, bits of a coefficient."""


def matrix_identities(claim: MatrixIdentities, certificate: NormalForm) -> None:
    """Returns if the proofs show every formula for all sizes >= 1, all matrices and scalars of the claim and all exponents >= 0;
    else raises `Rejected`.  What a proof shows is granted to the next ones; a proof with a name is by induction on that
    exponent, of which the hypotheses know nothing."""
    algebra = Algebra.of(claim)
    for formula, proofs in zip(claim.equations, certificate.proofs, strict=True):
        *hypotheses, conclusions = parts(formula)
        known = granted(claim, formula)
        for proof in proofs:
            k, goals = proof.name, proof.goals
            free = k not in algebra.shapes and all(k not in free_symbols(h) for given in hypotheses for h in given)
            require(free, "an induction on {}, which the hypotheses or the shapes mention", k)
            stages = [(ZERO, known, proof.base), (symbol(k or "k") + 1, [*known, *goals], proof.step)]
            for value, facts, reductions in stages if k else stages[:1]:
                for goal, reduction in zip(goals, reductions, strict=True):
                    algebra.follows(substitute(goal, {k: value}), facts, reduction)
            known += goals
        require(all(goal in known for goal in conclusions), "not all of {} are shown", conclusions)


def matrix_counterexample(claim: MatrixIdentities, certificate: MatrixCounterexample) -> None:
    """Returns if the certificate's matrices have all properties and violate a formula; else raises `Rejected`."""
    algebra, sizes = Algebra.of(claim), {**dict(certificate.sizes), "1": 1, "?": 1}
    letters = letters_of(claim, certificate, algebra.shapes, sizes)
    exponents = {k: number(v) for k, v in certificate.sizes if k not in algebra.shapes}

    def holds(formula: Term) -> bool:
        if formula.head == "implies":
            return holds(formula.args[1]) or not holds(formula.args[0])
        if formula.head == "and":
            return all(map(holds, formula.args))
        columns = columns_of(algebra.normal(substitute(gap(formula), exponents)), sizes, letters)
        if formula.head == "eq":
            return not any(map(any, columns))
        if columns != list(map(list, zip(*columns, strict=True))):
            return False
        minors = definiteness("psd" if formula.head == "le" else "posdef", tuple(tuple(map(number, c)) for c in columns))
        signs = [minor.args[1].args[0] for minor in parts(minors)[0]]
        return min(signs) >= 0 and (formula.head == "le" or all(signs))

    for formula in (*claim.equations, *properties(claim)):
        require(free_symbols(formula) <= {*algebra.shapes, *exponents}, "no value for an exponent in {}", formula)
    violated = [formula for formula in properties(claim) if not holds(formula)]
    require(not violated, "the matrices violate {}, properties of the claim", violated)
    require(not all(map(holds, claim.equations)), "every formula holds for these matrices")


def parts(formula: Term) -> list[list[Term]]:
    """The conclusions of a formula as a list, after that of its hypotheses if it has any."""
    return [list(f.args) if f.head == "and" else [f] for f in (formula.args if formula.head == "implies" else [formula])]


def granted(claim: MatrixIdentities, formula: Term) -> list[Term]:
    """The properties of the claim, the hypotheses of the formula, and that each power in it commutes with its base."""
    powers = dict.fromkeys(p for p in subterms(formula) if p.head == "app" and p.args[0] == "power" and len(p.args) == 3)
    return [*properties(claim), *chain(*parts(formula)[:-1]), *(equal(p.args[1] * p, p * p.args[1]) for p in powers)]


def gap(formula: Term) -> Term:
    """What is 0, positive semidefinite or positive definite where A = B, A <= B or A < B holds."""
    require(formula.head in ("eq", "le", "lt"), "{} is neither an equation nor an inequality", formula)
    left, right = formula.args if formula.head == "eq" else formula.args[::-1]
    return Term("add", (left, -right))


@record
class Algebra:
    """The shapes of letters by name."""

    shapes: dict[str, Shape]

    @classmethod
    def of(cls, claim: MatrixIdentities) -> Algebra:
        shapes = {name: (rows, columns) for name, rows, columns in claim.shapes}
        numbers = [*claim.scalars, *(f"1/{c}" for c in claim.nonzero)]
        return cls({**shapes, **dict.fromkeys(numbers, NUMBER), "Id": IDENTITY})

    def follows(self, goal: Term, known: list[Term], proof: Reduction) -> None:
        """Raises `Rejected` unless the goal is what the squares and the combination say: its gap is the sum of the forms
        weight * tr(X) * (product of gaps) * X, and 0 if it is an equation.  A definite one wants forms of definite matrices
        whose X have no common kernel: the sum of their Y * X is I."""

        def vanishes(term: Term, combination: Term) -> None:
            equations = {f"_{i}": h for i, h in enumerate(known) if h.head == "eq"}
            nothing = self.normal(substitute(combination, dict.fromkeys(equations, ZERO)))[1]
            require(not nothing, "{} does not vanish with what is granted", combination)
            rest = self.normal(term - substitute(combination, {name: gap(h) for name, h in equations.items()}))[1]
            require(not rest, "{} is not {} in normal form", term, combination)

        forms, units = [], []
        for weight, which, x, y in proof.squares:
            used = [known[i] for i in which if 0 <= i < len(known) and known[i].head in ("le", "lt")]
            large = sum(self.normal(gap(h))[0] != NUMBER for h in used)
            fits = weight > 0 and len(used) == len(which) and large < 2 and goal.head != "eq"
            require(fits, "{} times a product of the inequalities {} is no form for {}", weight, which, goal)
            forms.append(reduce(mul, [*map(gap, used), x], number(weight) * Term("tr", (x,))))
            units += [y * x] if all(h.head == "lt" for h in used) else []
        vanishes(gap(goal) - total(forms), proof.combination)
        if goal.head == "lt":
            vanishes(total(units) - ID, proof.unit)

    def transposed(self, word: Word) -> Word:
        return tuple((name, not t) for name, t in reversed(word))

    def side(self, letter: Letter, which: int) -> str:
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
        cut = [word[k:] + word[:k] for k, letter in enumerate(word) if self.side(letter, 0) == "1"]
        whole = not word or bool(cut)
        return self.monomial(cut[0] if cut else word, factors) if whole else ((), tuple(sorted([*factors, self.turned(word)])))

    def normal(self, term: Term) -> Value:
        """The shape and normal form of a term; raises `Rejected` where shapes do not fit or a head means no matrix."""
        match term.head, term.args:
            case "num", (value,):
                return NUMBER, _collected([(((), ()), value)])
            case "sym", ("Id",):
                return IDENTITY, {((), ()): Fraction(1)}
            case "app", ("trace", inside):
                shape, terms = self.normal(inside)
                square = shape == NUMBER or (shape[0] == shape[1] and all(word for word, _ in terms))
                require(square, "the trace of a matrix of shape {}, or of I, in {}", shape, term)
                return NUMBER, _collected([(self.traced(*monomial), c) for monomial, c in terms.items()])
            case "app", ("power", base, exponent):
                return self._power(base, exponent, term)
            case "sym", (name,) if name in self.shapes:
                return self.shapes[name], {self.monomial(((name, False),), ()): Fraction(1)}
            case "tr", (inside,):
                (rows, columns), terms = self.normal(inside)
                return (columns, rows), _collected([(self.monomial(self.transposed(w), f), c) for (w, f), c in terms.items()])
            case "add" | "mul", parts if parts:
                step = self._sum if term.head == "add" else self._product
                return reduce(lambda a, b: step(a, b, term), map(self.normal, parts))
            case "pow", (base, exponent) if exponent > 0:
                return reduce(lambda a, b: self._product(a, b, term), [self.normal(base)] * exponent)
            case "pow", (Term("sym", (name,)), exponent) if f"1/{name}" in self.shapes:
                return NUMBER, {((), (((f"1/{name}", False),),) * -exponent): Fraction(1)}
        raise Rejected(f"{term} is no matrix expression, or an inverse that no condition grants")

    def _power(self, base: Term, exponent: Term, where: Term) -> Value:
        """base^exponent: for a natural number as written out, base^k as a letter, and base^(k + 1) = base base^k."""
        match exponent.head, exponent.args:
            case "num", (value,) if value.denominator == 1 and value >= 0:
                return self.normal(base ** int(value) if value else ID)
            case "add", (*k, last) if last == ONE:
                return self.normal(base * Term("app", ("power", base, total(k))))
            case "sym", (k,) if k not in self.shapes:
                (shape, _), name = self.normal(base * base), prefix(where)
                require(shape != IDENTITY, "{} has no size", base)
                self.shapes[name] = shape
                return shape, {self.monomial(((name, False),), ()): Fraction(1)}
        raise Rejected(f"the exponent {exponent} in {where} may be negative, or is no natural number")

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
    """The equations that the matrices and scalars of the claim satisfy by assumption."""
    pairs = [(symbol(a), symbol(b)) for a, b in claim.inverses] + [transposes(q) for q in claim.orthogonal]
    units = [equal(x * y, ID) for a, b in pairs for x, y in ((a, b), (b, a))]
    return [*units, *(equal(*transposes(s)) for s in claim.symmetric), *(equal(symbol(c) / symbol(c), 1) for c in claim.nonzero)]


def transposes(name: str) -> tuple[Term, Term]:
    return symbol(name), Term("tr", (symbol(name),))


def letters_of(
    claim: MatrixIdentities, certificate: MatrixCounterexample, shapes: dict[str, Shape], sizes: dict[str, int]
) -> dict[Letter, Rows]:
    """The value of each letter; raises `Rejected` where the numbers do not fit the shapes."""
    scalars = dict(zip(claim.scalars, certificate.scalars, strict=True))
    require(all(scalars[c] for c in claim.nonzero), "a scalar is 0, and {} are not", claim.nonzero)
    values = [
        *certificate.entries,
        *((x,) for x in scalars.values()),
        *((1 / scalars[c],) for c in claim.nonzero),
        (Fraction(1),),
    ]
    letters: dict[Letter, Rows] = {}
    for (name, (rows, columns)), entries in zip(shapes.items(), values, strict=True):
        m, n = sizes.get(rows, 0), sizes.get(columns, 0)
        require(min(m, n) > 0 and len(entries) == m * n, "{} entries for the {} x {} matrix {}", len(entries), m, n, name)
        letters[name, False] = [entries[i * n : i * n + n] for i in range(m)]
        letters[name, True] = [entries[j::n] for j in range(n)]
    return letters


def columns_of(value: Value, sizes: dict[str, int], letters: dict[Letter, Rows]) -> list[list[Fraction]]:
    """The columns of the matrix."""

    def image(word: Word, vector: list[Fraction]) -> list[Fraction]:
        return reduce(lambda v, letter: [sum(map(mul, row, v), Fraction(0)) for row in letters[letter]], word[::-1], vector)

    def images(word: Word, size: int) -> list[list[Fraction]]:
        return [image(word, [Fraction(i == j) for i in range(size)]) for j in range(size)]

    (rows, columns), terms = value
    made = [[Fraction(0)] * sizes[rows] for _ in range(sizes[columns])]
    for (word, factors), c in terms.items():
        traces = [sum((v[i] for i, v in enumerate(images(f, len(letters[f[-1]][0])))), Fraction(0)) for f in factors]
        scaled = [[prod(traces, start=c) * x for x in v] for v in images(word, sizes[columns])]
        made = [list(map(add, u, v)) for u, v in zip(made, scaled, strict=True)]
    return made
