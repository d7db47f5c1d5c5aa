r"""Terms and formulas in LaTeX by precedence.  Only amsmath's commands are used.

Nothing is rearranged or added up: nested sums and products lose brackets that associativity makes idle, what divides goes
below a line, the sign of a product goes before it.
"""

from __future__ import annotations

from typing import final

from ..kernel.normal import HESSIANS
from ..terms import BINDERS, ONE, TRUE, Term, conjunction, kind_of, subterms
from .brackets import LONG, braced, bracket, breakable, fraction
from .names import spelled
from .quantifiers import guarded, is_argmin

LEVEL = {"iff": 0, "implies": 1, "or": 2, "and": 3, "not": 4, "add": 6, "madd": 6, "sum": 6, "mul": 7, "mscale": 7, "pow": 9,
         "tr": 9}  # fmt: skip
ATOMS = ("eq", "lt", "le", "meq", "posdef", "psd", "nonsingular", "samerank", "pred")
INFIX = {"iff": r" \Leftrightarrow ", "implies": r" \Rightarrow ", "or": r" \lor ", "and": r" \land "}
RELATION = {"eq": "=", "meq": "=", "lt": "<", "le": r"\le"}
FUNCTION = {
    "exp": r"\exp",
    "log": r"\log",
    "tanh": r"\tanh",
    "relu": r"\operatorname{ReLU}",
    "logistic": r"\operatorname{logistic}",
}
CONSTANT = {"true": r"\top", "false": r"\bot", "zero": "0", "eye": "I_{n}"}
SETS = {"real": r"\mathbf{R}", "point": r"\mathbf{R}^{n}", "task": r"\mathcal{T}", "family": r"(\mathbf{R}^{n})^{\mathcal{T}}"}
WIDEST = 240
"""A quotient line, within which no line may end, stands under at most so many characters of LaTeX."""
WORD = r"\mathrm"
"""A name of several letters is set apart from the factors beside it."""


def latex(term: Term) -> str:
    """The term in math mode."""
    return Notation(term).show(term)


def mathematics(term: Term) -> str:
    """The term between dollar signs, as a notebook shows it."""
    return f"${latex(term)}$"


@final
class Notation:
    """The printer for one term: its names are spelled so that no two look alike."""

    def __init__(self, *terms: Term) -> None:
        parts = [part for term in terms for part in subterms(term)]
        names = [p.args[0] for p in parts if p.head in ("sym", "at", "app", "grad", "hess", "pred", *BINDERS)]
        arrays = [p.args[0] for p in parts if p.head == "at"]
        arrays += [p.args[0].args[0] for p in parts if p.head == "coord" and p.args[0].head == "sym"]
        self.names = spelled(names, arrays)

    def show(self, term: Term, least: int = -2) -> str:
        """The term, in brackets if it binds more weakly than `least`."""
        written = self._write(term)
        if self._level(term, written) >= least:
            return written
        return breakable(written) if kind_of(term) == "f" else bracket(written)

    def _level(self, term: Term, written: str) -> int:
        if term.head in ("forall", "exists"):
            return 5 if is_argmin(term) else -1
        if is_argmin(term) or term.head in ATOMS or (term.head == "not" and not written.startswith(r"\neg")):
            return 5
        if written.startswith("-"):
            return 6
        if term.head == "num":
            return 10 if term.args[0].denominator == 1 else 7
        if term.head == "pow" and term.args[1] < 0:
            return 7
        raised = term.head == "app" and term.args[0] == "power" and len(term.args) == 3
        return 9 if raised or (term.head == "dot" and term.args[0] == term.args[1]) else LEVEL.get(term.head, 10)

    def _write(self, term: Term) -> str:
        head, args = term.head, term.args
        if head in ("sym", "num"):
            return self.names[args[0]] if head == "sym" else fraction(args[0])
        if head in CONSTANT:
            return CONSTANT[head]
        if head in ("add", "madd"):
            return self._sum(opened(term))
        if head in ("mul", "mscale"):
            return self._product(list(opened(term)))
        if head == "pow":
            return self._product([term]) if args[1] < 0 else self._power(args[0], args[1])
        if head in FUNCTION:
            return FUNCTION[head] + bracket(self.show(args[0]))
        if head in INFIX or head == "not" or head in ("forall", "exists"):
            return self._formula(term)
        if head in RELATION:
            return f"{self.show(args[0], 6)} {RELATION[head]} {self.show(args[1], 6)}"
        return self._other(term)

    def _other(self, term: Term) -> str:
        head, args = term.head, term.args
        match head:
            case "sqrt":
                return rf"\sqrt{{{self.show(args[0])}}}"
            case "vec":
                return bracket(", ".join(map(self.show, args)))
            case "at":
                return f"{braced(self.names[args[0]])}_{{{','.join(map(self.show, args[1:]))}}}"
            case "coord":
                return f"{braced(self.show(args[0], 10))}_{{{self.show(args[1])}}}"
            case "mean":
                inside = self.show(args[1])
                left, right = (r"\bigl[", r"\bigr]") if len(inside) > LONG else (r"\left[", r"\right]")
                return rf"\mathbf{{E}}_{{{self.names[args[0]]}}}{left}{inside}{right}"
            case "sum":
                return rf"\sum_{{{self.names[args[0]]}=1}}^{{{self.show(args[1])}}} {self.show(args[2], 7)}"
            case "dot" if args[0] == args[1]:
                return rf"\lVert {self.show(args[0])} \rVert^{{2}}"
            case "dot":
                return rf"\langle {self.show(args[0])}, {self.show(args[1])} \rangle"
            case "app" if args[0] == "power" and len(args) == 3:
                return rf"{{{self.show(args[1], 10)}}}^{{{self.show(args[2])}}}"
            case "app" if args[0] == "trace" and len(args) == 2:
                return rf"\operatorname{{tr}}{bracket(self.show(args[1]))}"
            case "app" | "grad" | "hess":
                return self._application(head, args[0], args[1:])
            case "tr":
                return rf"{self.show(args[0], 10)}^{{\top}}"
            case "fisher":
                return "I" + bracket(self.show(args[0]))
            case "posdef" | "psd":
                return f"{self.show(args[0], 6)} {chr(92)}succ{'' if head == 'posdef' else 'eq'} 0"
            case "nonsingular":
                return rf"\det{bracket(self.show(args[0]))} \neq 0"
            case "samerank":
                return " = ".join(rf"\operatorname{{rank}}{bracket(self.show(a))}" for a in args)
        return self._predicate(args[0], args[1:])

    def _sum(self, parts: list[Term]) -> str:
        shown = [fraction(p.args[0], len(parts) > 1) if p.head == "num" else self.show(p, 6) for p in parts]
        written = shown[0] if shown else "0"
        for more in shown[1:]:
            written += f" - {more[1:]}" if more.startswith("-") else f" + {more}"
        return written

    def _product(self, factors: list[Term]) -> str:
        """The sign of the numbers together; then p/q in front, or one quotient line for all that divides."""
        sign = "-" if sum(f.head == "num" and f.args[0] < 0 for f in factors) % 2 else ""
        factors = [f for f in factors if not _is_one(f)] or [ONE]
        numbers = [f.args[0] for f in factors if f.head == "num"]
        below = [Term("pow", (f.args[0], -f.args[1])) for f in factors if f.head == "pow" and f.args[1] < 0]
        above = [f for f in factors if f.head != "pow" or f.args[1] > 0]
        front = factors[0].head == "num"
        if not below and all(n.denominator == 1 for n in numbers[front:]):
            return sign + self._juxtapose([fraction(abs(numbers[0]), len(above) > 1)] if front else [], above[front:])
        under = [str(n.denominator) for n in numbers if n.denominator != 1]
        over = [f for f in above if f.head != "num" or abs(f.args[0].numerator) != 1]
        top = self._alone(over) if over else "1"
        if len(top) > WIDEST:
            bottom = self._alone(below, under)
            return f"{sign}{self._juxtapose([], over)} / {bottom if bottom.isdigit() else breakable(bottom)}"
        return sign + rf"\frac{{{top}}}{{{self._alone(below, under)}}}"

    def _alone(self, factors: list[Term], lead: list[str] | None = None) -> str:
        """Factors above or below a quotient line, where a single one needs no brackets."""
        if len(factors) == 1 and not lead and factors[0].head != "num":
            return self.show(_bare(factors[0]))
        return self._juxtapose(lead or [], factors)

    def _juxtapose(self, lead: list[str], factors: list[Term]) -> str:
        """Factors side by side, with a dot before what begins with a number."""
        whole = lead[:1] + [rf"\cdot {number}" for number in lead[1:]]
        for factor in factors:
            written = str(abs(factor.args[0].numerator)) if factor.head == "num" else self._factor(factor)
            apart = whole and (written.startswith(WORD) or whole[-1].removeprefix(r"\, ").startswith(WORD))
            gap = r"\cdot " if whole and (written[0].isdigit() or factor.head == "num") else r"\, " if apart else ""
            whole.append(gap + written)
        return " ".join(whole)

    def _factor(self, factor: Term) -> str:
        """A number to the power 1, whose sign is not that of the product, stands in brackets."""
        base = _bare(factor)
        return self.show(base, 10 if base.head == "num" else 8)

    def _power(self, base: Term, exponent: int) -> str:
        return f"{self.show(base, 10)}^{{{exponent}}}"

    def _application(self, head: str, name: str, args: tuple[Term, ...]) -> str:
        before = {"app": "", "grad": r"\nabla ", "hess": r"\nabla^{2} "}[head]
        after = ""
        if head == "app" and name[:2] in ("D2", "D3") and len(name) > 2 and len(args) > int(name[1]):
            order = int(name[1])
            before, name = f"D^{{{order}}} ", name[2:]
            after = rf"[{', '.join(map(self.show, args[-order:]))}]"
            args = args[:-order]
        elif head == "app" and name in HESSIANS and len(args) > 1:
            before, name, after, args = r"\nabla^{2} ", name[1:], f"[{self.show(args[-1])}]", args[:-1]
        function = self.names.get(name) or spelled([name])[name]
        if name == "L" and len(args) > 1:
            function, args = f"L_{{{self.show(args[0])}}}", args[1:]
        return before + function + bracket(", ".join(map(self.show, args))) + after

    def _predicate(self, name: str, args: tuple[Term, ...]) -> str:
        shown = [self.show(a, 6) for a in args]
        match name, len(args):
            case "whole", 0:
                return r"\Phi = \mathbf{R}^{n}"
            case "count", 1:
                return rf"\lvert \operatorname{{supp}} p \rvert \ge {shown[0]}"
            case "samelaw", 2:
                return rf"L_{{T}}({shown[0]}) \overset{{d}}{{=}} L_{{T}}({shown[1]})"
            case _, 1 if name[0].isupper() and name not in ("C1", "C2"):
                return rf"{shown[0]} \in {self.names[name]}"
        written = name.replace("_", r"\_")
        return rf"\operatorname{{{written}}}" + (bracket(", ".join(map(self.show, args))) if args else "")

    # formulas

    def _formula(self, term: Term) -> str:
        if (found := is_argmin(term)) is not None:
            return rf"{self.show(found[0], 6)} \in {self._minimisers(*found[1:])}"
        if term.head == "not":
            return self._negation(term.args[0])
        if term.head in ("forall", "exists"):
            return self._quantified(term)
        if term.head == "implies":
            return INFIX["implies"].join([self.show(a, 2) for a in term.args])
        parts = term.args if term.head == "iff" else opened(term)
        if len(parts) < 2:
            return self.show(parts[0], 5) if parts else CONSTANT["true" if term.head == "and" else "false"]
        least = LEVEL[term.head] + (2 if term.head == "iff" else 1)
        return INFIX[term.head].join(self.show(p, least) for p in parts)

    def _negation(self, inside: Term) -> str:
        if (found := is_argmin(inside)) is not None:
            return rf"{self.show(found[0], 6)} \notin {self._minimisers(*found[1:])}"
        written = self._write(inside)
        for plain, crossed in ((" = ", r" \neq "), (r" \in ", r" \notin "), (r" \neq ", " = ")):
            if inside.head in ("eq", "meq", "pred", "nonsingular") and written.count(plain) == 1:
                return written.replace(plain, crossed)
        return rf"\neg {breakable(written)}"

    def _minimisers(self, objective: str, domain: str) -> str:
        return rf"\arg\min_{{{self.names[domain]}}} {self.names[objective]}"

    def _quantified(self, term: Term) -> str:
        sign = rf"\{term.head} "
        groups, rest, body = guarded(term)
        written = sign + rf"\ {sign}".join(self._range(names, where) for names, where in groups)
        if term.head == "exists":
            body = conjunction([r for r in rest if r != TRUE])
            if body == TRUE:
                return written
        elif rest:
            body = Term("implies", (conjunction(rest), body))
        gap = r"\ " if body.head in ("forall", "exists") and is_argmin(body) is None else r":\ "
        return written + gap + self.show(body)

    def _range(self, names: list[str], where: object) -> str:
        listed = ", ".join(self.names[n] for n in names)
        match where:
            case str():
                return rf"{listed} \in {SETS[where]}"
            case ("in", str(domain)):
                return rf"{listed} \in {self.names[domain]}"
            case ("argmin", str(objective), str(domain)):
                return rf"{listed} \in {self._minimisers(objective, domain)}"
            case ("above", Term() as bound, bool(strict)):
                return rf"{listed} {'>' if strict else chr(92) + 'ge'} {self.show(bound, 6)}"
            case Term():
                return rf"{listed} \in \{{1, \dots, {self.show(where)}\}}"
        raise AssertionError(where)


def _is_one(factor: Term) -> bool:
    """1, up to its sign, which stands before the product, or 1 below the line."""
    if factor.head == "pow":
        return bool(factor.args[0] == ONE and factor.args[1] < 0)
    return factor.head == "num" and abs(factor.args[0]) == 1


def _bare(factor: Term) -> Term:
    return factor.args[0] if factor.head == "pow" and factor.args[1] == 1 else factor


def opened(term: Term) -> list[Term]:
    """The members of a sum, product, conjunction or disjunction, nested ones opened (but not `x in argmin F`)."""
    kinds = {"mul": ("mul", "mscale"), "mscale": ("mul", "mscale")}.get(term.head, (term.head,))
    members: list[Term] = []
    for a in term.args:
        members.extend(opened(a) if a.head in kinds and is_argmin(a) is None else [a])
    return members
