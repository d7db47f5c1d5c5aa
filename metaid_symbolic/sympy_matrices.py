"""Claims about matrices of all sizes from SymPy's matrix expressions, and back.

SymPy writes shapes into its symbols, and properties as assumptions `Q.symmetric(A)`, `Q.orthogonal(A)`, `Q.invertible(A)`,
`Q.positive_definite(A)`.  An inverse is read where an assumption grants it, and A**k for a symbol k that is a nonnegative
integer.  What a matrix term cannot say is refused, with the two things that disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from typing import Any

from .claims import MatrixIdentities
from .kernel.matrix import ID, NUMBER, parts
from .matrix_claims import Properties, matrix_identities
from .terms import NAME, ZERO, IllFormed, Term, conjunction, equal, less, number, symbol


def matrix_claim(formulas: Iterable[Any], assumptions: Iterable[Any] = (), given: Iterable[Any] = ()) -> MatrixIdentities:
    """The claim that the equations `Eq(A, B)` of matrix expressions hold for all sizes, under the assumptions and the
    equations `given`; a pair (A, B) is an equation that SymPy has not simplified.  Raises `IllFormed` for what has no
    counterpart, and `Rejected` where shapes disagree."""
    reader = _Reader()
    for assumption in assumptions:
        reader.assume(assumption)
    hypotheses = [reader.equation(one) for one in given]
    conclusions = [reader.equation(one) for one in formulas]
    hypotheses = [*(less(ZERO, symbol(name)) for name in reader.definite), *hypotheses]
    read = [Term("implies", (conjunction(hypotheses), c)) if hypotheses else c for c in conclusions]
    pairs = tuple((name, reader.inverse(name)) for name in reader.inverted)
    known = Properties(pairs, tuple(reader.symmetric), tuple(reader.orthogonal), tuple(reader.divisors))
    return matrix_identities(reader.shapes, read, reader.scalars, known)


class _Reader:
    """What has been read: shapes and properties by name, in the order in which they were met."""

    def __init__(self) -> None:
        self.shapes: dict[str, tuple[str, str]] = {}
        self.scalars: dict[str, Any] = {}
        self.exponents: dict[str, Any] = {}
        self.divisors: dict[str, None] = {}
        self.symmetric: dict[str, None] = {}
        self.orthogonal: dict[str, None] = {}
        self.invertible: dict[str, None] = {}
        self.inverted: dict[str, None] = {}
        self.definite: dict[str, None] = {}

    def assume(self, assumption: Any) -> None:
        import sympy

        kinds = {"symmetric": self.symmetric, "orthogonal": self.orthogonal, "invertible": self.invertible}
        kinds["positive_definite"] = self.definite
        kind = str(getattr(getattr(assumption, "function", None), "name", ""))
        if kind == "nonzero" and isinstance(assumption.arg, sympy.Symbol):
            self.divisors[assumption.arg.name] = None
            self._scalar(assumption.arg)
            return
        if kind not in kinds or not isinstance(assumption.arg, sympy.MatrixSymbol):
            raise IllFormed(f"the assumption {assumption} is none of Q.{', Q.'.join([*kinds, 'nonzero'])} about a symbol")
        name = self._matrix(assumption.arg)
        rows, columns = self.shapes[name]
        if rows != columns:
            raise IllFormed(f"Q.{kind}({name}) disagrees with the shape {rows} x {columns} of {name}")
        kinds[kind][name] = None

    def inverse(self, name: str) -> str:
        return f"{name}_inv"

    def equation(self, relation: Any) -> Term:
        import sympy

        pair = isinstance(relation, tuple) and len(relation) == 2 and all(isinstance(side, sympy.Basic) for side in relation)
        if not isinstance(relation, sympy.Eq) and not pair:
            raise IllFormed(f"{relation} ({type(relation).__name__}) is no equation Eq(A, B) between matrix expressions")
        left, right = relation if pair else relation.args
        sides = [getattr(side, "shape", (1, 1)) for side in (left, right)]
        if sides[0] != sides[1]:
            shown = [f"{m} x {n}" for m, n in sides]
            raise IllFormed(f"the sides of {relation} have the shapes {shown[0]} and {shown[1]}")
        return equal(self.term(left), self.term(right))

    def term(self, e: Any) -> Term:
        import sympy

        if isinstance(e, sympy.MatrixSymbol):
            return symbol(self._matrix(e))
        if isinstance(e, sympy.Rational):
            return number(Fraction(int(e.p), int(e.q)))
        if type(e) is sympy.Symbol:
            return symbol(self._scalar(e))
        if isinstance(e, sympy.Identity):
            return symbol("Id")
        if isinstance(e, sympy.ZeroMatrix):
            return ZERO
        if isinstance(e, sympy.Trace):
            return Term("app", ("trace", self.term(e.arg)))
        if isinstance(e, sympy.Transpose):
            return Term("tr", (self.term(e.arg),))
        if isinstance(e, sympy.MatAdd | sympy.Add):
            return Term("add", tuple(map(self.term, e.args)))
        if isinstance(e, sympy.MatMul | sympy.Mul):
            return Term("mul", tuple(map(self.term, e.args)))
        if isinstance(e, sympy.Inverse):
            return self._inverse(e.arg, e)
        if isinstance(e, sympy.MatPow | sympy.Pow):
            return self._power(e.args[0], e.args[1], e)
        raise IllFormed(f"{e} ({type(e).__name__}) is nothing that a matrix term can say")

    def _power(self, base: Any, exponent: Any, where: Any) -> Term:
        import sympy

        if isinstance(exponent, sympy.Integer):
            power = int(exponent)
            if power > 0:
                return self.term(base) ** power
            if isinstance(base, sympy.MatrixExpr):
                return self._inverse(base, where) ** -power if power else symbol("Id")
            if type(base) is not sympy.Symbol or base.name not in self.divisors:
                raise IllFormed(f"{where} divides by {base}, and no assumption Q.nonzero({base}) grants it")
            return symbol(self._scalar(base)) ** power
        steps, names = exponent.as_coeff_Add() if hasattr(exponent, "as_coeff_Add") else (None, exponent)
        counted = type(names) is sympy.Symbol and names.is_integer and names.is_nonnegative
        if not counted or not isinstance(steps, sympy.Integer) or steps < 0:
            raise IllFormed(f"the exponent {exponent} of {where} is not a symbol of nonnegative integers plus a natural number")
        self.exponents[names.name] = None
        shifted = Term("add", (symbol(names.name), *[number(1)] * int(steps))) if steps else symbol(names.name)
        return Term("app", ("power", self.term(base), shifted))

    def _inverse(self, base: Any, where: Any) -> Term:
        import sympy

        if not isinstance(base, sympy.MatrixSymbol):
            raise IllFormed(f"{where} is the inverse of {base}, which is no symbol with the assumption Q.invertible")
        name = self._matrix(base)
        if name in self.orthogonal:
            return Term("tr", (symbol(name),))
        if name not in self.invertible:
            raise IllFormed(f"{where} stands without the assumption Q.invertible({name})")
        self._named(self.inverse(name), self.shapes[name])
        self.inverted[name] = None
        return symbol(self.inverse(name))

    def _matrix(self, one: Any) -> str:
        name = str(one.name)
        self._named(name, tuple(_size(side, one) for side in one.shape))  # type: ignore[arg-type]
        return name

    def _named(self, name: str, shape: tuple[str, str]) -> None:
        if not NAME.match(name) or name == "Id":
            raise IllFormed(f"{name!r} is no name of a matrix")
        if name in self.scalars or self.shapes.setdefault(name, shape) != shape:
            raise IllFormed(f"two different symbols have the name {name}")

    def _scalar(self, one: Any) -> str:
        if one.is_real is False or one.is_commutative is False:
            raise IllFormed(f"the scalar {one} is not real")
        name = str(one.name)
        if name in self.shapes or self.scalars.setdefault(name, one) != one:
            raise IllFormed(f"two different symbols have the name {name}")
        return name


def _size(side: Any, one: Any) -> str:
    """A size: a name, or 1."""
    import sympy

    if side == 1:
        return "1"
    if type(side) is not sympy.Symbol:
        raise IllFormed(f"the size {side} of {one} is neither a symbol nor 1")
    return str(side.name)


def matrix_to_sympy(claim: MatrixIdentities, term: Term) -> Any:
    """The SymPy expression of a matrix term in the letters of the claim, with B written as the inverse of A for a pair (A, B).

    Raises `IllFormed` where SymPy has none: for I of unknown size.
    """
    return _Writer(claim).write(term, None)


class _Writer:
    def __init__(self, claim: MatrixIdentities) -> None:
        import sympy

        def size(name: str) -> Any:
            return sympy.Integer(1) if name == "1" else sympy.Symbol(name, integer=True, positive=True)

        given = {h for formula in claim.formulas for hypotheses in parts(formula)[:-1] for h in hypotheses}
        self.letters: dict[str, Any] = {}
        for name, rows, columns in claim.shapes:
            if (rows, columns) == NUMBER:
                nonzero = equal(symbol(name) * symbol(name) ** -1, 1) in given or None
                self.letters[name] = sympy.Symbol(name, real=True, nonzero=nonzero)
            else:
                self.letters[name] = sympy.MatrixSymbol(name, size(rows), size(columns))
        for a, b in product(sorted(self.letters), repeat=2):
            if a < b and {equal(symbol(a) * symbol(b), ID), equal(symbol(b) * symbol(a), ID)} <= given:
                self.letters[b] = sympy.Inverse(self.letters[a])

    def write(self, term: Term, side: Any) -> Any:
        """`side` is the size of I where it stands alone."""
        import sympy

        match term.head, term.args:
            case "num", (value,):
                return sympy.Rational(value.numerator, value.denominator)
            case "sym", ("Id",):
                if side is None:
                    raise IllFormed("I stands where nothing says how large it is")
                return sympy.Identity(side)
            case "sym", (name,) if name in self.letters:
                return self.letters[name]
            case "sym", (name,):
                return sympy.Symbol(name, integer=True, nonnegative=True)
            case "tr", (inside,):
                made = self.write(inside, side)
                return sympy.Transpose(made) if getattr(made, "is_Matrix", False) else made
            case "app", ("trace", inside):
                made = self.write(inside, side)
                return sympy.Trace(made) if getattr(made, "is_Matrix", False) else made
            case "app", ("power", base, exponent):
                return self.write(base, side) ** self.write(exponent, None)
            case "pow", (base, exponent):
                return self.write(base, side) ** exponent
            case ("add" | "mul") as head, parts:
                return self._joined(head, parts, side)
        raise IllFormed(f"{term} has no counterpart among SymPy's matrix expressions")

    def _joined(self, head: str, parts: tuple[Term, ...], side: Any) -> Any:
        """Sums and products; in a sum I is as large as the other summands, in a product as its neighbours."""
        import sympy

        sized = [self._sized(part) for part in parts]
        known = next((s for s in sized if s is not None), (side, side))
        sides = [known[0]] * len(parts)
        if head == "mul":
            for i, size in enumerate(sized):
                before = next((s[1] for s in reversed(sized[:i]) if s is not None), None)
                after = next((s[0] for s in sized[i + 1 :] if s is not None), None)
                sides[i] = (before or after or side) if size is None else size[0]
        made = [self.write(part, s) for part, s in zip(parts, sides, strict=True)]
        matrices = [m for m in made if getattr(m, "is_Matrix", False)]
        if not matrices:
            return (sympy.Add if head == "add" else sympy.Mul)(*made)
        if head == "mul":
            return sympy.MatMul(*made)
        return sympy.MatAdd(*(m if getattr(m, "is_Matrix", False) else self._spread(m, matrices[0]) for m in made))

    def _spread(self, value: Any, like: Any) -> Any:
        """A number beside a matrix: 0, or beside a 1 x 1 matrix that multiple of I."""
        import sympy

        return sympy.ZeroMatrix(*like.shape) if value == 0 else value * sympy.Identity(like.shape[0])

    def _sized(self, part: Term) -> tuple[Any, Any] | None:
        """The shape of a part that has one by itself, and is no number."""
        try:
            made = self.write(part, None)
        except IllFormed:
            return None
        return made.shape if getattr(made, "is_Matrix", False) else None
