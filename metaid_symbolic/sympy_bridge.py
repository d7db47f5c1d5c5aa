"""Terms from SymPy expressions and back.  What cannot be kept exact, or carries more than a term can say, is refused.

SymPy has simplified before anything is seen here: exp(log(x)) arrives as x, and (x - 1)/(x - 1) as 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .printing import text
from .symbols import Grid
from .terms import ONE, ZERO, IllFormed, Term, as_term, number, symbol, total

Rows = tuple[tuple[Term, ...], ...]


def from_sympy(expression: Any) -> Term:
    """The term that a SymPy expression writes; of a matrix with one column, the vector.

    Taken: rational numbers, symbols that are real or carry no assumption, sums, products, powers with an integer or half
    an odd integer as exponent, `exp`, `log`, `tanh`, and `Max(0, u)` as relu(u).  Raises `IllFormed` for all else:
    floats, infinities, `nan`, booleans, other constants and functions, symbols with assumptions that a term does not
    carry, and two symbols of one name.
    """
    import sympy

    if isinstance(expression, sympy.MatrixBase):
        if expression.shape[1] != 1:
            raise IllFormed(f"a matrix of shape {expression.shape} is no scalar or vector; `rows_from_sympy` takes it")
        return Term("vec", tuple(row[0] for row in rows_from_sympy(expression)))
    _check_symbols([expression])
    return _read(expression)


def rows_from_sympy(matrix: Any) -> Rows:
    """The entries of a SymPy matrix as a tuple of rows.  Raises `IllFormed` as `from_sympy` does."""
    import sympy

    if not isinstance(matrix, sympy.MatrixBase):
        raise IllFormed(f"{matrix!r} is a {type(matrix).__name__}, not an explicit SymPy matrix")
    height, width = matrix.shape
    entries = [[matrix[i, j] for j in range(width)] for i in range(height)]
    _check_symbols([entry for row in entries for entry in row])
    return tuple(tuple(_read(entry) for entry in row) for row in entries)


def _check_symbols(expressions: Iterable[Any]) -> None:
    """Each symbol is real or without assumptions, and no two of them share a name."""
    import sympy

    seen: dict[str, Any] = {}
    for expression in expressions:
        if not isinstance(expression, sympy.Basic):
            raise IllFormed(f"{expression!r} is a {type(expression).__name__}, not a SymPy expression")
        for one in sorted(expression.atoms(sympy.Symbol), key=repr):
            if type(one) is not sympy.Symbol:
                raise IllFormed(f"{one} is a {type(one).__name__}: its name does not say which one it is")
            plain, real = sympy.Symbol(one.name).assumptions0, sympy.Symbol(one.name, real=True).assumptions0
            if one.assumptions0 not in (plain, real):
                raise IllFormed(f"the symbol {one} is {_told(one)}; state that in the domain, a term does not carry it")
            if seen.setdefault(one.name, one) != one:
                raise IllFormed(f"two different symbols have the name {one.name}")


def _told(one: Any) -> str:
    """In what the assumptions of a symbol exceed or fall short of `real`."""
    import sympy

    if one.is_commutative is False:
        return "not commutative"
    real = sympy.Symbol(one.name, real=True).assumptions0
    extra = [key for key, value in one.assumptions0.items() if value and key not in real and not key.startswith("extended")]
    return " and ".join(sorted(extra)) or "assumed something other than real"


def _read(expression: Any) -> Term:
    import sympy

    kind = type(expression)
    if isinstance(expression, sympy.Rational):
        return number(Fraction(int(expression.p), int(expression.q)))
    if kind is sympy.Symbol:
        return symbol(expression.name)
    if kind in (sympy.Add, sympy.Mul):
        return Term("add" if kind is sympy.Add else "mul", tuple(map(_read, expression.args)))
    if kind is sympy.Pow:
        return _read_power(*expression.args)
    if kind in (sympy.exp, sympy.log, sympy.tanh) and len(expression.args) == 1:
        return Term(kind.__name__, (_read(expression.args[0]),))
    if expression is sympy.E:
        return Term("exp", (ONE,))
    if kind is sympy.Max:
        rest = [a for a in expression.args if a != 0]
        if len(rest) == 1 and len(expression.args) == 2:
            return Term("relu", (_read(rest[0]),))
        raise IllFormed(f"{expression}: of maxima only Max(0, u) is a term")
    raise IllFormed(_refusal(expression))


def _read_power(base: Any, exponent: Any) -> Term:
    """base^exponent for an exponent in Z/2, and E^exponent."""
    import sympy

    if base is sympy.E:
        return Term("exp", (_read(exponent),))
    if not isinstance(exponent, sympy.Rational) or int(exponent.q) > 2:
        raise IllFormed(f"{base}**({exponent}): the exponent is no integer and no half of one")
    under = _read(base)
    if under == ZERO and exponent < 0:
        raise IllFormed(f"{base}**({exponent}) divides by 0")
    if int(exponent.q) == 1:
        return under ** int(exponent.p)
    root = Term("sqrt", (under,))
    return root if int(exponent.p) == 1 else root ** int(exponent.p)


def _refusal(expression: Any) -> str:
    import sympy

    if isinstance(expression, sympy.Float):
        return f"{expression} is a float, not an exact number; write a Rational"
    if expression in (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        return f"{expression} is no real number"
    if isinstance(expression, sympy.logic.boolalg.Boolean):
        return f"{expression} is a truth value or a formula, not a real number"
    return f"{expression} ({type(expression).__name__}) is nothing that a term can say"


def to_sympy(value: Any) -> Any:
    """The SymPy expression of a term over real symbols; of a vector or `Grid` a matrix; of rows of terms a matrix.

    Where the term is defined the expression has its value.  Raises `IllFormed` where SymPy has no such expression (means,
    formulas, the identity of unknown size) or it would leave the reals (1/0, log(0), sqrt(-1)).
    """
    import sympy

    if type(value) is Grid:
        return sympy.ImmutableMatrix(*(value.shape if len(value.shape) == 2 else (len(value), 1)), list(map(to_sympy, value)))
    if type(value) is tuple:
        return sympy.ImmutableMatrix([[to_sympy(v) for v in row] if type(row) is tuple else [to_sympy(row)] for row in value])
    return _write(as_term(value))


def _write(term: Term) -> Any:
    import sympy

    args = term.args
    match term.head:
        case "num":
            return sympy.Rational(args[0].numerator, args[0].denominator)
        case "sym":
            return sympy.Symbol(args[0], real=True)
        case "add":
            return sympy.Add(*map(_write, args))
        case "mul":
            return sympy.Mul(*map(_write, args))
        case "pow":
            return _real(sympy.Pow(_write(args[0]), args[1]), term)
        case "exp" | "log" | "sqrt" | "tanh":
            return _real(getattr(sympy, term.head)(_write(args[0])), term)
        case "relu":
            return sympy.Max(0, _write(args[0]))
        case "logistic":
            return 1 / (1 + sympy.exp(-_write(args[0])))
        case "app":
            return sympy.Function(args[0], real=True)(*map(_write, args[1:]))
        case "at":
            return sympy.Indexed(sympy.IndexedBase(args[0], real=True), *map(_write, args[1:]))
        case "sum":
            return sympy.Sum(_write(args[2]), (sympy.Symbol(args[0], real=True), 1, _write(args[1])))
        case "vec":
            return sympy.ImmutableMatrix(list(map(_write, args)))
        case "dot" if args[0].head == args[1].head == "vec" and len(args[0].args) == len(args[1].args):
            return _write(total([a * b for a, b in zip(args[0].args, args[1].args, strict=True)]))
    raise IllFormed(f"{text(term)} ({term.head}) has no counterpart in SymPy")


def _real(value: Any, term: Term) -> Any:
    """`value`, unless SymPy has left the real numbers."""
    import sympy

    if value.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I):
        raise IllFormed(f"{text(term)} is no real number: SymPy makes {value} of it")
    return value
