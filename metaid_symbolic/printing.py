"""Terms as text.  No verdict depends on it: the kernel orders terms by their prefix notation, and prints in messages only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .terms import SIGNATURES, Term

LEVEL = {"iff": 0, "implies": 1, "or": 2, "and": 3, "not": 4, "eq": 5, "lt": 5, "le": 5, "add": 6, "madd": 6,
         "mul": 7, "mscale": 7, "pow": 9}  # fmt: skip
INFIX = {"iff": " <=> ", "implies": " => ", "or": " | ", "and": " & ", "eq": " = ", "lt": " < ", "le": " <= ",
         "add": " + ", "madd": " + ", "mul": "*"}  # fmt: skip


AT_THE_HEAD = r"(^|[(\[]|[=<>:,&|] )"
SIGNS = (
    (re.compile(r" \+ \(-1\)\*"), " - "),
    (re.compile(r" \+ \(-(\d+)\)(?!\^)"), r" - \1"),
    (re.compile(r" \+ \(-(\d+/\d+)\)(?!\^)"), r" - (\1)"),
    (re.compile(AT_THE_HEAD + r"\(-1\)\*"), r"\1-"),
    (re.compile(AT_THE_HEAD + r"\(-(\d+)\)\*"), r"\1-\2*"),
    (re.compile(AT_THE_HEAD + r"\(-(\d+/\d+)\)\*"), r"\1-(\2)*"),
)
"""A negative coefficient of a summand, or of a product that nothing precedes, as a sign."""

CALLS = {"app": "", "pred": "", "grad": "grad ", "hess": "hess "}
WHERE = {"real": "", "point": " in Rn", "task": " in tasks", "family": " in families"}


def text(term: Term) -> str:
    """The term as it is written; the parser reads it back as the same term."""
    head, args = term.head, term.args
    level = LEVEL.get(head, 10)

    def show(a: Term, least: int) -> str:
        inner = -1 if a.head in ("forall", "exists") else LEVEL.get(a.head, 10)
        if a.head == "num" and (a.args[0] < 0 or a.args[0].denominator > 1):
            inner = 5 if a.args[0] < 0 else 6
        return text(a) if inner >= least else f"({text(a)})"

    match head, args:
        case ("num" | "sym", (atom,)) | ("pred", (atom,)):
            return str(atom)
        case "vec", _:
            return f"[{_listed(args)}]"
        case "at", (name, *indices):
            return f"{name}[{_listed(indices)}]"
        case "forall" | "exists", (name, sort, body):
            where = WHERE[sort] if type(sort) is str else f" in 1..{show(sort, 8)}"
            return f"{head} {name}{where}: {show(body, -1)}"
        case "pred", (name, inside) if name[0].isupper() and name not in ("C1", "C2", "C3"):
            return f"{show(inside, 6)} in {name}"
        case "app" | "pred" | "grad" | "hess", (name, *rest):
            return f"{CALLS[head]}{name}({_listed(rest)})"
        case "pow", (base, exponent):
            return f"{show(base, 10)}^{exponent if exponent > 0 else f'({exponent})'}"
        case "not", (inside,):
            return f"not {show(inside, 5)}"
        case "mscale", (factor, matrix):
            return f"{show(factor, 8)}*{show(matrix, 7)}"
    if head in INFIX and len(args) > 1:
        return INFIX[head].join(show(a, level + 1) for a in args)
    return f"{head}({_listed(args)})" if SIGNATURES[head][1] else head


def signed(term: Term) -> str:
    """The term for a reader: a + (-1)*b as a - b.  The parser reads back a term of the same values, not always the same term."""
    words = text(term)
    for pattern, sign in SIGNS:
        words = pattern.sub(sign, words)
    return words


def _listed(args: Iterable[Any]) -> str:
    return ", ".join(a if type(a) is str else text(a) for a in args)
