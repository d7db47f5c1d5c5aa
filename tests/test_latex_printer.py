"""What is printed means what was printed: random terms, read back from their LaTeX by a small parser, have the same values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metaid_symbolic.language import parse_term
from metaid_symbolic.printing import signed
from metaid_symbolic.reports.notation import WIDEST, latex
from metaid_symbolic.terms import Term, number, subterms, symbol

POINT = {"x": Fraction(3, 2), "y": Fraction(-5, 7), "z": Fraction(11), "phi": Fraction(2, 3), "w_1": Fraction(-4)}
SPELLED = {"x": "x", "y": "y", "z": "z", r"\varphi": "phi", "w_{1}": "w_1"}
FUNCTIONS = {"exp": r"\exp", "tanh": r"\tanh", "relu": r"\operatorname{ReLU}", "sqrt": r"\sqrt"}
STANDS_FOR = dict(zip(FUNCTIONS, ((2, 3, 5), (1, -1, 4), (3, 0, 7), (1, 2, -6)), strict=True))
"""Functions are read as polynomials a z^2 + b z + c, all different: only their arguments matter."""
TOKEN = re.compile(
    r"\\t?frac|\\sqrt|\\cdot|\\,|\\sum_\{i=1\}\^\{[0-9]+\}|\\exp|\\tanh|\\operatorname\{ReLU\}|\\varphi|w_\{1\}|\\(?:left|right|bigl|bigr)"
    r"|[0-9]+|[a-z]|[-+^{}()/]"
)


def function(name: str, value: Fraction) -> Fraction:
    a, b, c = STANDS_FOR[name]
    return a * value**2 + b * value + c


def value(term: Term, at: dict[str, Fraction]) -> Fraction:
    """Independent of the package's own evaluation.  Raises `ZeroDivisionError`."""
    args = term.args
    match term.head:
        case "num":
            return Fraction(args[0])
        case "sym":
            return at[args[0]]
        case "add":
            return sum((value(a, at) for a in args), start=Fraction(0))
        case "mul":
            product = Fraction(1)
            for a in args:
                product *= value(a, at)
            return product
        case "pow":
            return Fraction(value(args[0], at) ** args[1])
        case "sum":
            return sum((value(args[2], {**at, args[0]: Fraction(i + 1)}) for i in range(int(args[1].args[0]))), start=Fraction(0))
    return function(term.head, value(args[0], at))


class Reader:
    """The value of LaTeX: sums of products of powers, by the usual precedence."""

    def __init__(self, written: str) -> None:
        bare = written.replace(" ", "")
        self.tokens = [t for t in TOKEN.findall(bare) if not re.fullmatch(r"\\(?:left|right|bigl|bigr)", t)]
        assert "".join(TOKEN.findall(bare)) == bare, written
        self.place = 0
        self.at = dict(POINT)

    def whole(self) -> Fraction:
        found = self.sum()
        assert self.place == len(self.tokens), self.tokens[self.place :]
        return found

    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.next()
        assert token and expected in ("", token), (token, expected, self.tokens)
        self.place += 1
        return token

    def sum(self) -> Fraction:
        sign = -1 if self.next() == "-" and self.take() else 1
        total = sign * self.product()
        while self.next() in ("+", "-"):
            total += (1 if self.take() == "+" else -1) * self.product()
        return total

    def product(self) -> Fraction:
        found = self.power()
        while self.next() not in ("", "+", "-", ")", "}"):
            if self.next() == "/":
                self.take()
                found /= self.power()
                continue
            if self.next() in (r"\cdot", r"\,"):
                self.take()
            found *= self.power()
        return found

    def power(self) -> Fraction:
        base = self.atom()
        if self.next() == "^":
            self.take()
            exponent = self.between("{", "}")
            assert exponent.denominator == 1 and self.next() != "^"
            return Fraction(base ** int(exponent))
        return base

    def between(self, left: str, right: str) -> Fraction:
        self.take(left)
        found = self.sum()
        self.take(right)
        return found

    def atom(self) -> Fraction:
        token = self.next()
        if token == "(":
            return self.between("(", ")")
        self.take()
        if token in (r"\frac", r"\tfrac"):
            over = self.between("{", "}")
            return over / self.between("{", "}")
        if token.startswith(r"\sum"):
            return self.added(int(re.findall("[0-9]+", token)[-1]))
        name = next((n for n, shown in FUNCTIONS.items() if shown == token), "")
        if name:
            return function(name, self.between("{", "}") if name == "sqrt" else self.between("(", ")"))
        if token.isdigit():
            return Fraction(int(token))
        return self.at[SPELLED.get(token, token)]

    def added(self, last: int) -> Fraction:
        begun, total, outside = self.place, Fraction(0), self.at
        for i in range(last):
            self.place, self.at = begun, {**outside, "i": Fraction(i + 1)}
            total += self.product()
        self.at = outside
        return total


@st.composite
def numbers(draw: st.DrawFn) -> Term:
    return number(Fraction(draw(st.integers(-6, 6)), draw(st.integers(1, 5))))


def larger(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=3)
    body = st.tuples(inner, st.booleans()).map(lambda p: p[0] * symbol("i") if p[1] else symbol("i") + p[0])
    return st.one_of(
        several.map(lambda parts: Term("add", tuple(parts))),
        several.map(lambda parts: Term("mul", tuple(parts))),
        inner.map(lambda part: -part),
        st.tuples(inner, st.sampled_from([-3, -2, -1, 1, 2, 3])).map(lambda p: Term("pow", p)),
        st.tuples(inner, inner).map(lambda p: Term("mul", (p[0], Term("pow", (p[1], -1))))),
        st.tuples(st.sampled_from([*FUNCTIONS]), inner).map(lambda p: Term(p[0], (p[1],))),
        st.tuples(st.integers(1, 3), body).map(lambda p: Term("sum", ("i", number(p[0]), p[1]))),
    )


TERMS = st.recursive(st.one_of(numbers(), st.sampled_from([*POINT]).map(symbol)), larger, max_leaves=12)


@settings(max_examples=400, deadline=None)
@given(TERMS)
def test_what_is_printed_reads_back_with_the_same_value(term: Term) -> None:
    try:
        meant = value(term, POINT)
    except ZeroDivisionError:
        assume(False)
    assume(abs(meant.numerator) < 10**60)
    assert Reader(latex(term)).whole() == meant, latex(term)


@settings(max_examples=400, deadline=None)
@given(TERMS)
def test_signs_mean_what_was_meant(term: Term) -> None:
    try:
        meant = value(term, POINT)
    except ZeroDivisionError:
        assume(False)
    assume(abs(meant.numerator) < 10**60 and not any(p.head == "sum" for p in subterms(term)))
    assert value(parse_term(signed(term)), POINT) == meant, signed(term)


@settings(max_examples=200, deadline=None)
@given(TERMS)
def test_nothing_ugly_is_printed(term: Term) -> None:
    """No two signs in a row, no factor 1 before another one, no empty or doubled pair of brackets."""
    written = latex(term)
    for ugly in (r"-\s*-", r"\+\s*-", r"(?<![0-9{=])1 [a-z\\(](?!cdot)", r"\(\)", r"\{\}", r"\^\{1\}\^"):
        assert not re.search(ugly, written.replace(r"\cdot -", "")), (ugly, written)
    assert written.count("{") == written.count("}") and written.count("(") == written.count(")")


def wide() -> Iterator[str]:
    sums = " + ".join(f"x^{k}*y" for k in range(1, 60))
    yield f"({sums})/(3*z)"
    yield f"-({sums})/7"
    yield f"z^2 - ({sums})/7*x"
    yield f"exp(({sums})/(x + y))"


@pytest.mark.parametrize("words", list(wide()))
def test_wide_quotients_read_back(words: str) -> None:
    term = parse_term(words)
    written = latex(term)
    assert len(written) > WIDEST and " / " in written and Reader(written).whole() == value(term, POINT)


def test_the_reader_tells_wrong_brackets() -> None:
    """The parser is no rubber stamp."""
    assert Reader(r"-x^{2}").whole() == -(POINT["x"] ** 2) != Reader(r"(-x)^{2}").whole()
    assert Reader(r"\frac{1}{2} x + y").whole() != Reader(r"\frac{1}{2} (x + y)").whole()
    assert Reader(r"\sum_{i=1}^{3} i + x").whole() == 6 + POINT["x"] != Reader(r"\sum_{i=1}^{3} (i + x)").whole()
