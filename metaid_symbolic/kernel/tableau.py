"""The proof checker: a closed tableau refutes a list of facts (Smullyan 1968, with equality and real arithmetic).

A branch holds facts that are assumed together.  Conjunctions are taken apart, existential variables are named
`_1` (real), `_p1` (point), `_t1` (task), `_f1` (family), disjunctions lose the members that the branch contradicts.
Real literals are kept as sets of possible signs of polynomials; a polynomial without a possible sign closes the branch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ..certificates import (
    Combine,
    Cut,
    Differentiate,
    Done,
    Enclose,
    Instantiate,
    Lemma,
    OneVariable,
    Proof,
    Rewrite,
    Root,
    Split,
    Summand,
)
from ..terms import FALSE, ZERO, Term, as_term, equal, free_symbols, less, negation, substitute, symbol
from .interval import Enclosure
from .normal import Normaliser, Opaque, Quotient
from .polynomial import TooLarge, coefficients_in, constant_of, generators_of, key_of, power, product, to_term
from .rejection import Rejected

Signed = tuple[Term, bool]
"""A formula and whether it holds."""

SIGNS = {("eq", True): "0", ("eq", False): "-+", ("lt", True): "-", ("lt", False): "0+", ("le", True): "-0", ("le", False): "+"}
"""The possible signs of left - right."""
FLIP = {"-": "+", "0": "0", "+": "-"}
PREFIX = {"real": "_", "point": "_p", "task": "_t", "family": "_f"}
TRIVIAL = {("vector", ()), ("task", ())}
"""Keys of equations between a thing and itself."""
CONSTANT_SORTS = {"phi": "point"}


def sort_of(name: str) -> str:
    """The sort of a variable, which its name shows."""
    for sort in ("point", "task", "family"):
        if name.startswith(PREFIX[sort]) and name[2:].isdigit():
            return sort
    return "task" if name.startswith("task.") else CONSTANT_SORTS.get(name, "real")


@final
@dataclass
class Literal:
    """A polynomial (up to positive scaling) and its possible signs."""

    polynomial: Any
    signs: frozenset[str]


@final
class Branch:
    """Facts assumed together.  `facts` are the universal formulas and disjunctions, `literals` the sign conditions."""

    def __init__(self, normaliser: Normaliser, constants: frozenset[str]) -> None:
        self.normaliser = normaliser
        self.variables: set[str] = set(constants)
        self.facts: list[Any] = []
        self.literals: list[Literal] = []
        self.closed = ""
        self.equations: list[Term] = []
        self.history: list[tuple[Signed, ...]] = []
        self._keys: dict[Any, tuple[int, int]] = {}
        self._opaque: dict[Any, bool] = {}
        self._count = 0
        self.labels: dict[str, str] = {}
        self.ranges: dict[str, Term] = {}

    def copy(self) -> Branch:
        made = Branch(self.normaliser, frozenset(self.variables))
        made.facts, made.closed, made.history = list(self.facts), self.closed, list(self.history)
        made.equations = list(self.equations)
        made.literals = [Literal(one.polynomial, one.signs) for one in self.literals]
        made.labels, made.ranges = dict(self.labels), dict(self.ranges)
        made._keys, made._opaque, made._count = dict(self._keys), dict(self._opaque), self._count
        return made

    def known_atoms(self) -> list[tuple[Any, ...]]:
        """The keys of the atoms that are compared as they stand."""
        return list(self._opaque)

    # adding facts

    def add(self, f: Term, holds: bool = True) -> None:
        """Assume the formula (or its negation)."""
        if self.closed:
            return
        match f.head, holds:
            case "not", _:
                self.add(f.args[0], not holds)
            case ("and", True) | ("or", False):
                for part in f.args:
                    self.add(part, holds)
            case "implies", False:
                self.add(f.args[0], True)
                self.add(f.args[1], False)
            case "iff", True:
                for a, b in (f.args, f.args[::-1]):
                    self.add(Term("implies", (a, b)), True)
            case ("or", True) | ("and", False) | ("implies", True) | ("iff", False):
                self.add_disjunction(members(f, holds))
            case ("forall", True) | ("exists", False):
                if (truth := self.truth(f, holds)) is None:
                    self.facts.append((f, holds))
                    self.history.append(((f, holds),))
                elif not truth:
                    self._close(f, holds)
            case ("forall", False) | ("exists", True):
                self.add(substitute(f.args[2], {f.args[0]: symbol(self.fresh(f.args[1], f.args[0]))}), holds)
            case _:
                self._add_atom(f, holds)

    def fresh(self, sort: str | Term, label: str) -> str:
        prefix, name = PREFIX[sort] if type(sort) is str else "_i", ""
        while not name or name in self.variables:  # a coordinate of a point of Phi may bear such a name
            self._count += 1
            name = f"{prefix}{self._count}"
        if type(sort) is not str:
            self.ranges[name] = self.normaliser.canonical(as_term(sort))
        self.variables.add(name)
        self.labels[name] = label
        return name

    def _close(self, f: Term, holds: bool) -> None:
        self.closed = f"{f} cannot be {'true' if holds else 'false'}"

    def add_disjunction(self, parts: list[Signed]) -> None:
        open_parts = []
        for part in parts:
            truth = self.truth(*part)
            if truth:
                return
            if truth is None:
                open_parts.append(part)
        if not open_parts:
            self._close(*(parts or [(FALSE, True)])[0])
        elif len(open_parts) == 1:
            self.add(*open_parts[0])
        else:
            self.facts.append(tuple(open_parts))
            self.history.append(tuple(open_parts))

    def _add_atom(self, f: Term, holds: bool) -> None:
        if f.head in ("true", "false"):
            if (f.head == "true") != holds:
                self._close(f, holds)
            return
        if f.head in ("posdef", "psd", "nonsingular", "meq"):
            self.add(forms(f), holds)
            return
        self.history.append(((f, holds),))
        key = self._opaque_key(f)
        if key in TRIVIAL:
            if not holds:
                self._close(f, holds)
        elif key is not None:
            if key[0] == "vector" and holds and key not in self._opaque:
                self.equations.append(f)
            if self._opaque.setdefault(key, holds) != holds:
                self._close(f, holds)
        else:
            self._add_comparison(f, holds)

    def _add_comparison(self, f: Term, holds: bool) -> None:
        read = self._read(f, holds)
        if read is not None:
            self.assume_sign(read[0], frozenset(read[1]))
            if self.closed:
                self._close(f, holds)

    def assume_sign(self, p: Any, signs: frozenset[str]) -> None:
        """Assume that the value of p has one of the signs."""
        value = constant_of(p)
        if value is not None:
            if sign(value) not in signs:
                self.closed = f"{value} has no sign among {sorted(signs)}"
            return
        key, direction = key_of(p)
        if key not in self._keys:
            self._keys[key] = (len(self.literals), direction)
            self.literals.append(Literal(p, signs))
        else:
            place, old = self._keys[key]
            known = self.literals[place]
            known.signs &= signs if old == direction else frozenset(FLIP[s] for s in signs)
        place, _ = self._keys[key]
        if not self.literals[place].signs:
            self.closed = "a polynomial has no possible sign"

    # what a branch says of a formula

    def truth(self, f: Term, holds: bool) -> bool | None:
        """True or False where the branch decides the formula at sight, else None."""
        known = self._truth(f)
        return known if known is None or holds else not known

    def _truth(self, f: Term) -> bool | None:
        match f.head:
            case "true" | "false":
                return f.head == "true"
            case "not":
                inside = self._truth(f.args[0])
                return None if inside is None else not inside
            case "and" | "or" | "implies":
                parts = [self._truth(a) for a in f.args]
                if f.head == "implies":
                    parts[0] = None if parts[0] is None else not parts[0]
                absorbing = f.head != "and"
                if absorbing in parts:
                    return absorbing
                return None if None in parts else not absorbing
            case "iff":
                a, b = map(self._truth, f.args)
                return None if a is None or b is None else a == b
            case "forall" | "exists":
                if f.args[0] in self.variables or f.args[1] in ("point", "task", "family"):
                    return None
                inside = self._truth(f.args[2])  # a range may be empty: then `forall` holds and `exists` fails
                return inside if f.args[1] == "real" or inside is (f.head == "forall") else None
            case "posdef" | "psd" | "nonsingular" | "meq":
                return None
        key = self._opaque_key(f)
        if key is not None:
            return True if key in TRIVIAL else self._opaque.get(key)
        read = self._read(f, True)
        if read is None:
            return None
        possible = self.signs(read[0])
        allowed = frozenset(read[1])
        return True if possible <= allowed else False if not possible & allowed else None

    def signs(self, p: Any) -> frozenset[str]:
        """The signs that p can have, as far as is seen at once."""
        value = constant_of(p)
        if value is not None:
            return frozenset(sign(value))
        key, direction = key_of(p)
        if key in self._keys:
            place, old = self._keys[key]
            found = self.literals[place].signs
            return found if old == direction else frozenset(FLIP[s] for s in found)
        return self.visible_signs(p)

    def visible_signs(self, p: Any) -> frozenset[str]:
        """From the shape alone: sums of even powers and exponentials with coefficients of one sign."""
        monomials = p.monomials()
        if len({c > 0 for _, c in monomials}) == 1 and all(self._nonnegative(m) for m, _ in monomials):
            strict = any(self._positive(m) for m, _ in monomials)
            side = "+" if monomials[0][1] > 0 else "-"
            return frozenset(side) if strict else frozenset(side + "0")
        return frozenset("-0+")

    def _positive(self, monomial: Any) -> bool:
        return all(self.normaliser.ring.term_of(g).head == "exp" for g, _ in monomial)

    def _nonnegative(self, monomial: Any) -> bool:
        return all(e % 2 == 0 or self.normaliser.ring.term_of(g).head == "exp" for g, e in monomial)

    def _opaque_key(self, f: Term) -> Any:
        """A key for atoms that are compared as they stand; None for sign conditions on real numbers."""
        if f.head == "pred":
            return f.args[0], *(self.normaliser.canonical(a) for a in f.args[1:])
        if f.head == "samerank":
            return "samerank", f
        if f.head == "eq" and any(self._is_task(a) for a in f.args):
            return "task", frozenset(f.args) if f.args[0] != f.args[1] else ()
        if f.head == "eq" and (self.normaliser.is_vector(f.args[0]) or self.normaliser.is_vector(f.args[1])):
            return "vector", self._vector_key(f)
        return None

    def _is_task(self, term: Term) -> bool:
        return term.head == "sym" and sort_of(term.args[0]) == "task"

    def _vector_key(self, f: Term) -> Any:
        """left - right up to sign."""
        try:
            difference = self.normaliser.vector(f.args[0] - f.args[1])
        except Opaque:
            return f
        pieces = [(b, *key_of(difference[b]), difference[b]) for b in sorted(difference, key=repr)]
        first = pieces[0][2] if pieces else 1
        return tuple((b, key, d * first, tuple(abs(v) for _, v in c.monomials())) for b, key, d, c in pieces)

    def _read(self, f: Term, holds: bool) -> tuple[Any, str] | None:
        """A comparison as a polynomial and its possible signs; None where it has no normal form or may divide by 0."""
        if f.head not in ("eq", "lt", "le"):
            raise Rejected(f"{f} is no comparison")
        try:
            quotient = self.normaliser.scalar(f.args[0] - f.args[1])
        except Opaque:
            return None
        if any("0" in self.signs(factor) for factor in quotient.factors):
            return None
        return self.cleared(quotient, f.head), SIGNS[f.head, holds]

    def cleared(self, quotient: Quotient, relation: str) -> Any:
        """A polynomial with the sign of the quotient, or (for equations) its zeros, where no factor vanishes."""
        if relation == "eq":
            return quotient.numerator
        positive = [f for f in quotient.factors if self.signs(f) != frozenset("+")]
        return quotient.numerator * product(positive, self.normaliser.one)


def sign(value: Fraction) -> str:
    return "0" if not value else "+" if value > 0 else "-"


def members(f: Term, holds: bool) -> list[Signed]:
    """The members of a disjunction, nested ones included."""
    match f.head, holds:
        case "not", _:
            return members(f.args[0], not holds)
        case ("or", True) | ("and", False):
            return [m for part in f.args for m in members(part, holds)]
        case "implies", True:
            return members(f.args[0], False) + members(f.args[1], True)
        case "iff", False:
            a, b = f.args
            return [(Term("and", (a, negation(b))), True), (Term("and", (negation(a), b)), True)]
    return [(f, holds)]


def forms(f: Term) -> Term:
    """A condition on a symmetric matrix as one on its quadratic form, in every dimension."""
    u, v = symbol("u"), symbol("v")
    if f.head == "meq":
        same = equal(bilinear(f.args[0], u, v), bilinear(f.args[1], u, v))
        return Term("forall", ("u", "point", Term("forall", ("v", "point", same))))
    square = bilinear(f.args[0], u, u)
    moved = negation(equal(u, Term("zero")))
    if f.head == "posdef":
        return Term("forall", ("u", "point", Term("implies", (moved, less(ZERO, square)))))
    if f.head == "psd":
        return Term("forall", ("u", "point", Term("le", (ZERO, square))))
    null = Term("forall", ("v", "point", equal(bilinear(f.args[0], u, v), ZERO)))
    return Term("forall", ("u", "point", Term("implies", (null, equal(u, Term("zero"))))))


def bilinear(m: Term, u: Term, v: Term) -> Term:
    """u^T M v."""
    taken = free_symbols(m) & {"u", "v", "t"}
    if taken:
        raise Rejected(f"the matrix {m} mentions {sorted(taken)}")
    match m.head:
        case "eye":
            return Term("dot", (u, v))
        case "hess":
            return Term("app", ("D2" + m.args[0], *m.args[1:], u, v))
        case "fisher":
            slope = Term("grad", ("L", symbol("t"), m.args[0]))
            return Term("mean", ("t", Term("dot", (slope, u)) * Term("dot", (slope, v))))
        case "madd":
            return Term("add", tuple(bilinear(a, u, v) for a in m.args))
    return Term("mul", (m.args[0], bilinear(m.args[1], u, v)))


@final
class Checker:
    """Walks a proof.  `lemma` gives the formula of a named lemma or cited theorem for given functions and terms."""

    def __init__(self, lemma: Callable[[Lemma], Term]) -> None:
        self.lemma = lemma
        self.enclosed = False

    def refute(self, branch: Branch, proof: Proof) -> None:
        """Raises `Rejected` unless the proof closes the branch.  The branch is used up."""
        while True:
            if branch.closed:
                if not isinstance(proof, Done):
                    raise Rejected(f"the branch is closed already: {branch.closed}")
                return None
            match proof:
                case Done():
                    raise Rejected("the facts do not contradict one another at sight")
                case Instantiate() | Rewrite() | Lemma() | Root() | Differentiate():
                    branch, proof = self.extend(branch, proof), proof.then
                case Split(fact, branches):
                    return self._split(branch, fact, branches)
                case Cut(formula, yes, no):
                    check_closed(branch, formula)
                    other = branch.copy()
                    branch.add(formula)
                    other.add(formula, False)
                    self.refute(branch, yes)
                    branch, proof = other, no
                case OneVariable(name):
                    return one_variable(branch, name)
                case Combine(summands):
                    return combine(branch, summands)
                case Enclose(literal, bits):
                    self.enclosed = True
                    return enclose(branch, literal, bits)
                case _:
                    raise Rejected(f"{type(proof).__name__} is no step of a proof")

    def _split(self, branch: Branch, fact: int, branches: tuple[Proof, ...]) -> None:
        parts = disjunction_of(branch, fact)
        if len(parts) != len(branches):
            raise Rejected(f"fact {fact} has {len(parts)} members, and {len(branches)} branches are given")
        for part, inner in zip(parts, branches, strict=True):
            other = branch.copy()
            other.add(*part)
            self.refute(other, inner)

    def extend(self, branch: Branch, step: Instantiate | Rewrite | Lemma | Root | Differentiate) -> Branch:
        """The branch with what the step adds."""
        from .differentiation import differentiated

        match step:
            case Instantiate(fact, terms):
                branch.add(*instance(branch, fact, terms))
            case Lemma():
                for term in step.terms:
                    check_closed(branch, substitute(term, {"t": ZERO}) if step.name == "mean" else term)
                branch.add(self.lemma(step))
            case Rewrite(literal, name):
                return rewritten(branch, literal, name)
            case Root(polynomial, low, high):
                add_root(branch, polynomial, low, high)
            case Differentiate(fact, quantifier):
                branch.add(differentiated(branch, fact, quantifier))
        return branch


def check_closed(branch: Branch, term: Term) -> None:
    """Raises `Rejected` if the term mentions a variable that the branch does not know."""
    if strange := sorted(free_symbols(term) - branch.variables):
        raise Rejected(f"{', '.join(strange)} in {term} is no variable of the branch")


def fact_at(branch: Branch, place: int) -> Any:
    if not 0 <= place < len(branch.facts):
        raise Rejected(f"there is no fact {place} among {len(branch.facts)}")
    return branch.facts[place]


def disjunction_of(branch: Branch, place: int) -> list[Signed]:
    """The members of a disjunction that the branch does not contradict by now."""
    fact = fact_at(branch, place)
    if type(fact[0]) is Term:
        raise Rejected(f"fact {place} is no disjunction")
    parts = [part for part in fact if branch.truth(*part) is not False]
    return parts or [fact[0]]


def instance(branch: Branch, place: int, terms: tuple[Term, ...]) -> Signed:
    """A universal fact for the given terms."""
    fact = fact_at(branch, place)
    if type(fact[0]) is not Term or not terms:
        raise Rejected(f"fact {place} is not universal, or no terms are given")
    formula, holds = fact
    for term in terms:
        while formula.head == "not":
            formula, holds = formula.args[0], not holds
        if formula.head != ("forall" if holds else "exists"):
            raise Rejected(f"fact {place} has fewer leading quantifiers than {len(terms)}")
        check_closed(branch, term)
        name, sort, body = formula.args
        known = branch.ranges.get(term.args[0]) if term.head == "sym" else None
        if (known if type(sort) is Term else term_sort(branch, term)) != (
            branch.normaliser.canonical(sort) if type(sort) is Term else sort):  # fmt: skip
            raise Rejected(f"{term} is no {sort}")
        formula = substitute(body, {name: term})
    return formula, holds


def term_sort(branch: Branch, term: Term) -> str:
    if term.head == "sym" and sort_of(term.args[0]) in ("task", "family"):
        return sort_of(term.args[0])
    return "point" if branch.normaliser.is_vector(term) else "real"


def rewritten(branch: Branch, place: int, name: str) -> Branch:
    """The branch with a variable eliminated by an equation in which it occurs linearly, with a constant coefficient."""
    value = (_solved_vector if sort_of(name) == "point" else _solved)(branch, place, name)
    made = Branch(branch.normaliser, frozenset(branch.variables - {name}))
    made._count, made.labels, made.ranges = branch._count, dict(branch.labels), dict(branch.ranges)
    for leaf in branch.history:
        made.add_disjunction([(substitute(formula, {name: value}), holds) for formula, holds in leaf])
    return made


def _solved(branch: Branch, place: int, name: str) -> Term:
    ring, literal = branch.normaliser.ring, literal_at(branch, place)
    if literal.signs != frozenset("0"):
        raise Rejected(f"literal {place} is no equation")
    rest, slope = branch.normaliser.nil, None
    for monomial, value in literal.polynomial.monomials():
        terms = [(ring.term_of(g), e) for g, e in monomial]
        if terms == [(symbol(name), 1)]:
            slope = value
        elif any(name in free_symbols(t) for t, _ in terms):
            raise Rejected(f"{name} is not linear in literal {place}")
        else:
            rest = rest + product((power(ring.generator(t), e, branch.normaliser.one) for t, e in terms), ring.constant(value))
    if slope is None:
        raise Rejected(f"{name} does not occur in literal {place}")
    return to_term(rest * ring.constant(-1 / slope), ring)


def _solved_vector(branch: Branch, place: int, name: str) -> Term:
    """`place` counts the vector equations in the order in which they were assumed."""
    if not 0 <= place < len(branch.equations):
        raise Rejected(f"there is no vector equation {place}")
    left, right = branch.equations[place].args
    entries = branch.normaliser.vector(left - right)
    slope = constant_of(entries.pop(symbol(name), branch.normaliser.nil))
    if not slope or any(name in free_symbols(b) for b in entries):
        raise Rejected(f"{name} is not linear in vector equation {place}")
    scale = branch.normaliser.ring.constant(-1 / slope)
    coefficients = {b: c * scale for b, c in entries.items()}
    if any(name in free_symbols(to_term(c, branch.normaliser.ring)) for c in coefficients.values()):
        raise Rejected(f"{name} is not linear in vector equation {place}")
    return branch.normaliser.vector_term(coefficients)


def add_root(branch: Branch, polynomial: Term, low: Fraction, high: Fraction) -> None:
    """Intermediate value theorem (Bolzano 1817)."""
    unknown = Term("sym", ("_",))
    if free_symbols(polynomial) != {"_"} or low >= high:
        raise Rejected(f"{polynomial} is no polynomial in _ alone, or {low} >= {high}")
    try:
        p = branch.normaliser.polynomial(polynomial)
    except Opaque as cause:
        raise Rejected(str(cause)) from None
    (generator,) = generators_of(branch.normaliser.polynomial(unknown))
    if generators_of(p) != {generator}:
        raise Rejected(f"{polynomial} is no polynomial in _")
    if not branch.normaliser.ring.opposite_signs(coefficients_in(p, generator), low, high):
        raise Rejected(f"{polynomial} has no opposite signs at {low} and {high}")
    root = symbol(branch.fresh("real", "_"))
    branch.add(equal(substitute(polynomial, {"_": root}), ZERO))
    branch.add(less(Term("num", (low,)), root))
    branch.add(less(root, Term("num", (high,))))


def literal_at(branch: Branch, place: int) -> Literal:
    if not 0 <= place < len(branch.literals):
        raise Rejected(f"there is no literal {place} among {len(branch.literals)}")
    return branch.literals[place]


def one_variable(branch: Branch, name: str) -> None:
    ring = branch.normaliser.ring
    if name not in branch.variables:
        raise Rejected(f"{name} is no variable of the branch")
    (generator,) = generators_of(ring.generator(symbol(name)))
    about = [one for one in branch.literals if generators_of(one.polynomial) == {generator}]
    if not about:
        raise Rejected(f"no literal is about {name} alone")
    if ring.satisfiable([(coefficients_in(one.polynomial, generator), one.signs) for one in about]):
        raise Rejected(f"some value of {name} satisfies all {len(about)} literals about it")


def combine(branch: Branch, summands: tuple[Summand, ...]) -> None:
    """Stengle 1974: a sum of nonnegative terms, one of them positive, is not 0."""
    total, strict = branch.normaliser.nil, False
    for summand in summands:
        value, positive = _summand(branch, summand)
        total, strict = total + value, strict or positive
    if not strict:
        raise Rejected("no summand is certainly positive")
    if total.monomials():
        raise Rejected(f"the summands add up to {to_term(total, branch.normaliser.ring)}, not to 0")


def _summand(branch: Branch, summand: Summand) -> tuple[Any, bool]:
    """The polynomial of a summand, and whether it is positive (else it is >= 0, or 0)."""
    base, strict, vanishes = branch.normaliser.one, True, False
    for place in summand.literals:
        literal = literal_at(branch, place)
        factor = literal.polynomial
        if literal.signs <= frozenset("-0"):
            factor = branch.normaliser.nil - factor
        elif literal.signs == frozenset("-+"):
            factor = factor * factor
        elif not literal.signs <= frozenset("0+"):
            raise Rejected(f"literal {place} has no sign")
        vanishes = vanishes or literal.signs == frozenset("0")
        strict = strict and "0" not in literal.signs
        base = base * factor
    multiplier, positive = _multiplier(branch, summand, vanishes)
    return base * multiplier, strict and positive


def _multiplier(branch: Branch, summand: Summand, vanishes: bool) -> tuple[Any, bool]:
    if summand.free:
        if not vanishes or len(summand.squares) != 1 or summand.squares[0][0] != 1:
            raise Rejected("a free multiplier stands at a product without an equation")
        return read_polynomial(branch, summand.squares[0][1]), False
    total, positive = branch.normaliser.nil, False
    for weight, root in summand.squares:
        if weight < 0:
            raise Rejected(f"the weight {weight} of a square is negative")
        p = read_polynomial(branch, root)
        positive = positive or (weight > 0 and "0" not in branch.signs(p))
        total = total + branch.normaliser.ring.constant(weight) * p * p
    return total, positive


def read_polynomial(branch: Branch, term: Term) -> Any:
    check_closed(branch, term)
    try:
        return branch.normaliser.polynomial(term)
    except (Opaque, TooLarge) as cause:
        raise Rejected(str(cause)) from None


def enclose(branch: Branch, place: int, bits: int) -> None:
    """Interval arithmetic gives the literal a sign that it cannot have."""
    literal = literal_at(branch, place)
    low, high = Enclosure(bits).term(to_term(literal.polynomial, branch.normaliser.ring))
    possible = {"+"} if low > 0 else {"-"} if high < 0 else {"-", "0", "+"}
    if possible & literal.signs:
        raise Rejected(f"literal {place} lies in [{low}, {high}] / 2^{bits}, which does not contradict it")
