"""The steps that close a branch by arithmetic: one variable, a sum of nonnegative terms, an enclosure."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt, log
from typing import Any

from ...certificates import Summand
from ...terms import Term, free_symbols, number, symbol
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
    """A literal without variables fails, by rational bounds on the values of functions in it."""
    literal, script = atoms.branch.literals[place], atoms.script
    if any(free_symbols(g) for g in kernel.generators(atoms.branch, literal.polynomial)):
        raise NotReplayed("an enclosure on a box")
    for steps in (4, 16, 64):
        length = len(script.lines)
        try:
            _enclosed(atoms, literal.polynomial, literal.signs, atoms.literals[place], steps)
        except NoProof:
            del script.lines[length:]
            continue
        return
    raise NotReplayed("an enclosure that the bounds at hand do not give")


def _enclosed(atoms: Atoms, p: Any, signs: frozenset[str], h: str, steps: int) -> None:
    found = kernel.generators(atoms.branch, p)
    bounds = [b for g in found for b in _bounds(atoms, g, steps)]
    if len(found) == 1:
        coefficients = kernel.coefficients(atoms.branch, p, found[0]) or ()
        _conditions(atoms, rocq(found[0], 10), [*bounds, Condition(coefficients, signs, h, atoms.text(p))])
        return
    names = " ".join([h, *(b.hypothesis for b in bounds)])
    atoms.script.say(f"clear - {names}; first [lra | apply {h}; lra]")


def _conditions(atoms: Atoms, x: str, about: list[Condition]) -> None:
    Conditions(atoms.script, x, about).prove()


def _bounds(atoms: Atoms, value: Term, steps: int) -> list[Condition]:
    """low <= value <= high for a function of a rational number."""
    argument, text, script = value.args[0], rocq(value), atoms.script
    if type(argument) is not Term or argument.head != "num":
        raise NotReplayed(f"an enclosure of {value}")
    q, made = rocq(argument, 10), script.name()
    low, high, proof = _enclosure(value.head, Fraction(argument.args[0]), steps)
    ends = rocq(number(low), 10), rocq(number(high), 10)
    script.say(
        f"assert ({made} : {ends[0]} <= {text} /\\ {text} <= {ends[1]}) by ({proof.format(q=q, low=ends[0], high=ends[1])})"
    )
    below, above = script.name(), script.name()
    script.say(f"destruct {made} as [{below} {above}]")
    one = script.given(f"0 <= {text} - {ends[0]}", f"clear - {below}; lra")
    two = script.given(f"{text} - {ends[1]} <= 0", f"clear - {above}; lra")
    return [
        Condition((-low, Fraction(1)), frozenset("0+"), one, f"({text} - {ends[0]})"),
        Condition((-high, Fraction(1)), frozenset("-0"), two, f"({text} - {ends[1]})"),
    ]


def _enclosure(head: str, q: Fraction, steps: int) -> tuple[Fraction, Fraction, str]:
    """Rational bounds of a function's value at q, and the tactic that proves them."""
    if head == "relu":
        rule = f"rewrite (relu_{'above' if q >= 0 else 'below'} {{q}}) by lra; lra"
        return max(q, Fraction(0)), max(q, Fraction(0)), rule
    if head == "exp" and abs(q) < steps:
        step = rocq(number(q / steps), 10)
        rules = (f"bound_exp (exp_{side} {{q}} {step} {steps})" for side in ("above", "below"))
        return (1 + q / steps) ** steps, (1 - q / steps) ** -steps, "split; [{} | {}]".format(*rules)
    if head == "sqrt" and q >= 0:
        scale = 10 ** min(steps, 12)
        root = isqrt(q.numerator * scale * scale // q.denominator)
        return Fraction(root, scale), Fraction(root + 1, scale), "apply sqrt_between; lra"
    if head == "log" and q > 0:
        return _logarithm(q, steps)
    raise NotReplayed(f"an enclosure of {head}({q})")


def _logarithm(q: Fraction, steps: int) -> tuple[Fraction, Fraction, str]:
    """l <= ln q <= h for h with q <= (1 + h/n)^n, and l with (1 - l/n)^-n <= q."""
    n, scale = steps, 1000
    near = Fraction(round(log(q) * scale), scale)
    high = next(h for k in range(4 * scale) if (1 + (h := near + Fraction(k, scale)) / n) ** n >= q and abs(h) < n)
    low = next(x for k in range(4 * scale) if (1 - (x := near - Fraction(k, scale)) / n) ** -n <= q and abs(x) < n)
    below, above = (rocq(number(e / n), 10) for e in (low, high))
    rules = f"[lra | bound_exp (exp_below {{low}} {below} {n}) | bound_exp (exp_above {{high}} {above} {n})]"
    return low, high, f"apply log_between; {rules}"
