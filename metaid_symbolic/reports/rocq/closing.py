"""The steps that close a branch by arithmetic: one variable, a sum of nonnegative terms, an enclosure."""

from __future__ import annotations

from fractions import Fraction
from math import e as euler

from ...certificates import Summand
from ...terms import Term, symbol
from . import kernel_view as kernel
from .atoms import Atoms, NotReplayed
from .printing import identifier, rocq
from .univariate import Condition, NoProof
from .univariate import OneVariable as Conditions


def one_variable(atoms: Atoms, name: str) -> None:
    """No value of the variable satisfies all literals about it alone."""
    about = []
    for literal, h in zip(atoms.branch.literals, atoms.literals, strict=True):
        found = kernel.coefficients(atoms.branch, literal.polynomial, symbol(name))
        if found is not None:
            about.append(Condition(found, literal.signs, h, atoms.text(literal.polynomial)))
    _prove(atoms, identifier(name), about)


def _prove(atoms: Atoms, x: str, about: list[Condition]) -> None:
    try:
        Conditions(atoms.script, x, about).prove()
    except NoProof as cause:
        raise NotReplayed(f"sign conditions on {x}: {cause}") from None


def combine(atoms: Atoms, summands: tuple[Summand, ...]) -> None:
    """The products of the summands are >= 0, one of them > 0; that they add up to 0 is linear in them."""
    names = [name for summand in summands for name in _products(atoms, summand)]
    atoms.script.say(f"clear - {' '.join(names)}; lra")


def _products(atoms: Atoms, summand: Summand) -> list[str]:
    if summand.free:
        return [_vanishing(atoms, summand)]
    base = _base(atoms, summand.literals)
    made = []
    for weight, root in summand.squares:
        if weight:
            made.append(_times_square(atoms, base, root))
    return made


def _vanishing(atoms: Atoms, summand: Summand) -> str:
    """p * rest = 0 for an equation p = 0 among the literals."""
    literals = atoms.branch.literals
    zero = next(i for i in summand.literals if literals[i].signs == frozenset("0"))
    rest = [rocq(summand.squares[0][1], 10)]
    for i in summand.literals:
        if i != zero:
            text = atoms.text(literals[i].polynomial)
            rest.append(f"{text} ^ 2" if literals[i].signs == frozenset("-+") else text)
    made = atoms.script.name()
    atoms.script.say(f"pose proof (Rmult_eq_compat_r ({' * '.join(rest)}) _ _ {atoms.literals[zero]}) as {made}")
    return made


def _base(atoms: Atoms, places: tuple[int, ...]) -> tuple[str, bool] | None:
    """A hypothesis that the product of the literals is >= 0 (or > 0: True); None for the empty product."""
    result: tuple[str, bool] | None = None
    for i in places:
        literal, h = atoms.branch.literals[i], atoms.literals[i]
        text, strict = atoms.text(literal.polynomial), "0" not in literal.signs
        if literal.signs == frozenset("-+"):
            here = atoms.script.given(f"0 < {text} ^ 2", f"apply square_positive; exact {h}")
        else:
            factor = f"- {text}" if literal.signs <= frozenset("-0") else text
            here = atoms.script.given(f"0 {'<' if strict else '<='} {factor}", f"clear - {h}; lra")
        result = (here, strict) if result is None else _product(atoms, result, (here, strict))
    return result


def _product(atoms: Atoms, a: tuple[str, bool], b: tuple[str, bool]) -> tuple[str, bool]:
    strict, name = a[1] and b[1], atoms.script.name()
    one, two = (x[0] if x[1] == strict else f"(Rlt_le _ _ {x[0]})" for x in (a, b))
    atoms.script.say(f"pose proof ({'Rmult_lt_0_compat' if strict else 'Rmult_le_pos'} _ _ {one} {two}) as {name}")
    return name, strict


def _times_square(atoms: Atoms, base: tuple[str, bool] | None, root: Term) -> str:
    text, p = rocq(root, 10), kernel.polynomial(atoms.branch, root)
    if kernel.constant(p) is not None:
        square = atoms.script.given(f"0 < {text} ^ 2", "lra"), True
    elif "0" not in atoms.branch.signs(p):
        plain = atoms.nonzero(p, text)
        square = atoms.script.given(f"0 < {text} ^ 2", f"apply square_positive; exact {plain}"), True
    else:
        square = atoms.script.given(f"0 <= {text} ^ 2", "apply pow2_ge_0"), False
    return (square if base is None else _product(atoms, base, square))[0]


def enclose(atoms: Atoms, place: int) -> None:
    """A literal without variables, a polynomial in one exponential, which lies between rational bounds."""
    p, h = atoms.branch.literals[place].polynomial, atoms.literals[place]
    found = kernel.generators(atoms.branch, p)
    if len(found) != 1 or found[0].head != "exp":
        raise NotReplayed("an enclosure of more than one exponential")
    argument = found[0].args[0].args[0]
    coefficients = kernel.coefficients(atoms.branch, p, found[0])
    if type(argument) is not Fraction or coefficients is None:
        raise NotReplayed(f"an enclosure of {found[0]}")
    for steps in (4, 16, 64):
        try:
            _enclosed(atoms, found[0], steps, coefficients, place)
        except NoProof:
            continue
        return
    raise NotReplayed(f"the enclosure of {h} needs more than 64 steps")


def _enclosed(atoms: Atoms, exponential: Term, steps: int, coefficients: tuple[Fraction, ...], place: int) -> None:
    """exp u lies between (1 + u/n)^n and (1 - u/n)^-n."""
    u = exponential.args[0].args[0]
    low, high = (1 + u / steps) ** steps, (1 - u / steps) ** -steps
    if not 0 < low < float(euler) ** float(u) < high:
        raise NoProof("the bounds are the wrong way round")
    literal, script, length = atoms.branch.literals[place], atoms.script, len(atoms.script.lines)
    try:
        text, q = rocq(exponential), rocq(Term("num", (u / steps,)), 10)
        above, below = (f"({text} - {rocq(Term('num', (end,)), 10)})" for end in (low, high))
        one = script.given(f"0 <= {above}", f"bound_exp (exp_above {rocq(exponential.args[0], 10)} {q} {steps})")
        two = script.given(f"{below} <= 0", f"bound_exp (exp_below {rocq(exponential.args[0], 10)} {q} {steps})")
        conditions = [
            Condition((-low, Fraction(1)), frozenset("0+"), one, above),
            Condition((-high, Fraction(1)), frozenset("-0"), two, below),
            Condition(coefficients, literal.signs, atoms.literals[place], atoms.text(literal.polynomial)),
        ]
        Conditions(script, text, conditions).prove()
    except NoProof:
        del script.lines[length:]
        raise
