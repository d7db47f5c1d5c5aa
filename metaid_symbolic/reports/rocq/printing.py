"""Terms as Rocq text over the real numbers of the standard library."""

from __future__ import annotations

import re
from fractions import Fraction

from ...printing import LEVEL
from ...terms import Term

FUNCTIONS = {"exp": "exp", "log": "ln", "sqrt": "sqrt", "relu": "relu", "tanh": "tanh", "logistic": "logistic"}
TAKEN = re.compile(
    "as|at|cofix|else|end|exists|exists2|fix|for|forall|fun|if|in|let|match|mod|return|then|using|where|with|Set|Prop|Type"
    "|R|nat|exp|ln|sqrt|relu|tanh|logistic|sin|cos|tan|Rmax|Rmin|O|S|I|F|Phi|alpha|PI|[vhuL]_?[0-9]+"
)
"""Words of the language, and names that a bound variable had better not hide."""
INFIX = {"and": r" /\ ", "or": r" \/ ", "eq": " = ", "lt": " < ", "le": " <= ", "add": " + ", "mul": " * "}
EMPTY = {"and": "True", "or": "False", "add": "0", "mul": "1"}
BREAK = {"iff": (" <-> ", 1), "implies": (" -> ", 1)}


class Unprintable(Exception):
    """The term has no counterpart in the exported language; the message says which part."""


def identifier(name: str) -> str:
    """A Rocq identifier for the name of a variable: `_3` is v3, `x.1` is x_1."""
    if re.fullmatch(r"_[0-9]+", name):
        return "v" + name[1:]
    made = re.sub(r"[^A-Za-z0-9_]", "_", name).strip("_") or "u"
    return made + "_" if TAKEN.fullmatch(made) else made


def rational(q: Fraction) -> str:
    """The number, in parentheses unless it is a natural number."""
    if q.denominator == 1:
        return str(q.numerator) if q >= 0 else f"({q.numerator})"
    return f"({q.numerator} / {q.denominator})"


def rocq(term: Term, least: int = -1) -> str:
    """The term, in parentheses where its operator binds less tightly than `least`."""
    head, args = term.head, term.args
    if head == "num":
        return rational(args[0])
    if head == "sym":
        return identifier(args[0])
    if head in EMPTY and len(args) == 1:
        return rocq(args[0], least)
    if head in EMPTY and not args:
        return EMPTY[head]
    made, level = _operator(term) if head in LEVEL or head in ("forall", "exists") else _application(term)
    return made if level >= least else f"({made})"


def _operator(term: Term) -> tuple[str, int]:
    head, args = term.head, term.args
    if head in ("forall", "exists"):
        if args[1] != "real":
            raise Unprintable(f"a quantifier over {args[1]}")
        return f"{head} {identifier(args[0])} : R, {rocq(args[2])}", -1
    level = LEVEL[head]
    if head == "pow":
        power = f"{rocq(args[0], 10)} ^ {abs(args[1])}"
        return (power, level) if args[1] > 0 else (f"/ ({power})" if args[1] < -1 else f"/ {rocq(args[0], 10)}", 8)
    if head == "not":
        return f"~ {rocq(args[0], 10)}", level
    if head in BREAK:
        return BREAK[head][0].join(rocq(a, 2) for a in args), level
    if head not in INFIX:
        raise Unprintable(head)
    return INFIX[head].join(rocq(a, level + 1) for a in args), level


def _application(term: Term) -> tuple[str, int]:
    head, args = term.head, term.args
    if head in ("true", "false"):
        return head.capitalize(), 10
    if head in FUNCTIONS:
        return f"{FUNCTIONS[head]} {rocq(args[0], 10)}", 9
    if head in ("app", "pred"):
        return " ".join([args[0], *(rocq(a, 10) for a in args[1:])]), 10 if len(args) == 1 else 9
    raise Unprintable(f"{head} in {term}")


def lines(prop: str, indent: str = "  ", width: int = 110) -> str:
    """The text broken at blanks."""
    made, line = [], ""
    for word in prop.split(" "):
        if line and len(line) + len(word) + 1 > width:
            made.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return ("\n" + indent).join([*made, line])
