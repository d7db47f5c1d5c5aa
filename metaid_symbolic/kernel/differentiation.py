"""Differentiating an identity between functions of a point, or of a real number, on an open set.

If a(x) = b(x) wherever the premises hold, these are open conditions on x, and both sides are differentiable there, then
Da(x)[u] = Db(x)[u] for every direction u wherever they hold.  Sums over tasks and over ranges are finite, so they are
differentiated term by term.  Losses are differentiable on Phi as often as the branch knows (`C1(L)`, ...); with Phi open,
{x : y(x) in Phi} is open for continuous y.  `HL(t, y, u)` is the vector H_t(y) u.  F_MAML need not be known to be
differentiable where it is one side by itself: then the other side says so.
"""

from __future__ import annotations

from typing import Any, final

from ..terms import ONE, ZERO, Term, equal, free_symbols, substitute, symbol, total
from .branch import Branch
from .derivative import by_rules
from .rejection import Rejected, require

ANY_TASK = "_t0"
"""Stands for the bound task of a premise; variables of a branch are numbered from 1."""


def differentiated(branch: Branch, fact: Any, which: int) -> Term:
    """A universal fact, an equation, differentiated by its quantifier number `which` (0, 1, ...)."""
    formula, holds = fact
    require(type(formula) is Term and formula.head == "forall" and holds is True, "{} is no universal fact", formula)
    prefix: list[tuple[str, str]] = []
    while formula.head == "forall" and type(formula.args[1]) is str:
        name, sort, body = formula.args
        prefix.append((branch.fresh(sort, name), sort))
        formula = substitute(body, {name: symbol(prefix[-1][0])})
    require(0 <= which < len(prefix), "there is no quantifier {} among {}", which, len(prefix))
    variable, sort = prefix[which]
    require(sort in ("real", "point"), "a {} is no variable to differentiate by", sort)
    if sort == "point":
        prefix.append((branch.fresh("point", "u"), "point"))
    rule = _Derivative(branch, variable, symbol(prefix[-1][0]) if sort == "point" else ONE)
    made = rule.conclusion(formula)
    for name, kind in reversed(prefix):
        made = Term("forall", (name, kind, made))
    return made


@final
class _Derivative:
    """Derivatives in the direction `u` by the variable x; `inside` lists points of Phi, for any task `ANY_TASK`."""

    def __init__(self, branch: Branch, x: str, u: Term) -> None:
        self.branch, self.x, self.u = branch, x, u
        self.inside: list[Term] = []

    def conclusion(self, formula: Term) -> Term:
        if formula.head == "implies":
            self._premise(formula.args[0], "")
            return Term("implies", (formula.args[0], self.conclusion(formula.args[1])))
        numbers = formula.head == "eq" and not any(map(self.branch.normaliser.is_vector, formula.args))
        require(numbers, "{} is no equation between numbers", formula)
        sides = [self.branch.normaliser.canonical(side) for side in formula.args]
        alone = [self._adapted(side) for side in sides]
        require(None in alone, "neither side of {} is known to be differentiable", formula)
        return equal(*(found or self.of(side) for side, found in zip(sides, alone, strict=True)))

    def _premise(self, f: Term, task: str) -> None:
        """Raises `Rejected` unless the premise is an open condition on x."""
        if not self._moves(f):
            return
        if f.head == "and":
            for part in f.args:
                self._premise(part, task)
        elif f.head == "forall" and f.args[1] == "task" and not task:
            self._premise(f.args[2], f.args[0])
        elif f.head == "pred" and f.args[0] == "Phi":
            self._known(Term("pred", ("open", symbol("Phi"))))
            y = substitute(f.args[1], {task: symbol(ANY_TASK)} if task else {})
            self.of(self.branch.normaliser.canonical(y))  # it is continuous
            self.inside.append(y)
        elif f.head == "lt":
            for side in f.args:
                self.of(self.branch.normaliser.canonical(side))
        else:
            raise Rejected(f"the premise {f} is not seen to be open")

    def _known(self, fact: Term) -> None:
        require(self.branch.truth(fact, True), "the branch does not know that {}", fact)

    def _smooth(self, order: int, y: Term) -> None:
        """L_t is `order` times differentiable near y."""
        self._known(Term("pred", (f"C{order}", symbol("L"))))
        tasks = [symbol(n) for n in free_symbols(y) if self.branch.normaliser.sort_of(n) == "task"]
        known = [substitute(z, {ANY_TASK: t}) for z in self.inside for t in [*tasks, symbol(ANY_TASK)]]
        if self.branch.normaliser.canonical(y) not in map(self.branch.normaliser.canonical, known):
            self._known(Term("pred", ("whole",)))

    def of(self, term: Term) -> Term:
        """The derivative of a scalar or vector term in normal form."""
        head, args = term.head, term.args
        if not self._moves(term):
            return Term("zero") if self.branch.normaliser.is_vector(term) else ZERO
        match head:
            case "sym":
                return self.u
            case "add" | "mul" | "exp":
                return by_rules(term, self.of)
            case "pow" if args[1] > 0:
                return by_rules(term, self.of)
            case "dot":
                return Term("dot", (self.of(args[0]), args[1])) + Term("dot", (args[0], self.of(args[1])))
            case "coord" if not self._moves(args[1]):
                return Term("coord", (self.of(args[0]), args[1]))
            case "mean" | "sum" if not any(map(self._moves, args[1:-1])):
                require(args[0] not in free_symbols(self.u), "{} captures the direction {}", term, self.u)
                return Term(head, (*args[:-1], self.of(args[-1])))
            case "grad" if args[0] == "L" and len(args) == 3:
                self._smooth(2, args[2])
                return Term("app", ("HL", *args[1:], self.of(args[2])))
            case "app" if args[0] == "L" and len(args) == 3:
                self._smooth(1, args[2])
                return Term("dot", (Term("grad", args), self.of(args[2])))
            case "app" if args[0] == "D2L" and len(args) == 5:
                return self._second(*args[1:])
        raise Rejected(f"no derivative of {term} is known")

    def _second(self, task: Term, y: Term, v: Term, w: Term) -> Term:
        along = [Term("app", ("D2L", task, y, self.of(a), b)) for a, b in ((v, w), (w, v))]
        if not self._moves(y):
            return total(along)
        self._smooth(3, y)
        return total([Term("app", ("D3L", task, y, self.of(y), v, w)), *along])

    def _adapted(self, side: Term) -> Term | None:
        """The derivative of F_MAML(x), or of dot(grad F_MAML(x), v), that stands for a whole side; else None."""
        head, args = side.head, side.args
        if head == "app" and args[0] == "F_MAML" and args[1] == symbol(self.x) and not any(map(self._moves, args[2:])):
            return Term("dot", (Term("grad", args), self.u))
        if head == "dot":
            for slope, v in (args, args[::-1]):
                if slope.head == "grad" and slope.args[:2] == ("F_MAML", symbol(self.x)) and not self._moves(v):
                    here, rate = (*slope.args[1:], symbol("alpha"))[:2]
                    for y in (here, here - rate * Term("grad", ("L", symbol(ANY_TASK), here))):
                        self._smooth(3, y)  # so F_MAML is C^2 near x, and its Hessian symmetric
                    return Term("app", ("D2F_MAML", *slope.args[1:], self.u, v))
        return None

    def _moves(self, term: Term) -> bool:
        return self.x in free_symbols(term)
