"""Derivatives of terms by the sum, product and chain rules, and of identities between functions on an open set.

If a(x) = b(x) wherever the premises hold, these are open conditions on x, and both sides are differentiable there, then
Da(x)[u] = Db(x)[u] for every direction u wherever they hold.  Sums over tasks and over ranges are finite, so they are
differentiated term by term.  Losses are differentiable on Phi as often as the branch knows (`C1(L)`, ...); with Phi open,
{x : y(x) in Phi} is open for continuous y.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, final

from ..terms import ONE, ZERO, Term, equal, free_symbols, quantified, substitute, symbol, total
from .branch import Branch
from .rejection import Rejected, require

SLOPES: dict[str, Callable[[Term, Term], Term]] = {
    "exp": lambda value, inside: value,
    "log": lambda value, inside: inside**-1,
    "sqrt": lambda value, inside: ONE / (2 * value),
    "tanh": lambda value, inside: ONE - value**2,
    "logistic": lambda value, inside: value * (ONE - value),
}
"""The derivative of a function, from its value and its argument."""
CONSTANT = (ZERO, Term("zero"))
"""The derivative of a constant number, and of a constant vector."""


@lru_cache(maxsize=100_000)
def derivative(term: Term, name: str) -> Term:
    """d term / d name, valid wherever all subterms are defined and smooth.

    Raises `Rejected` for a head without a derivative everywhere (`relu` of something that depends on `name`).
    """
    if name not in free_symbols(term):
        return ZERO
    return ONE if term.head == "sym" else by_rules(term, lambda part: derivative(part, name))


def by_rules(term: Term, slope: Callable[[Term], Term]) -> Term:
    """The derivative of a sum, product, power or value of a function, from those of its arguments; constants have the
    derivative 0.  Raises `Rejected` for another head."""
    args = term.args
    match term.head:
        case "add":
            return total([d for a in args if (d := slope(a)) not in CONSTANT])
        case "mul" | "dot":
            parts = [(i, slope(a)) for i, a in enumerate(args)]
            return total([Term(term.head, (d, *args[:i], *args[i + 1 :])) for i, d in parts if d not in CONSTANT])
        case "pow":
            base, exponent = args
            outer: Term = slope(base) * exponent
            return outer if exponent == 1 else outer * base ** (exponent - 1)
        case head if head in SLOPES:
            return SLOPES[head](term, args[0]) * slope(args[0])
    raise Rejected(f"{term.head} has no derivative everywhere: {term}")


ANY_TASK = "_t0"
"""Stands for the bound task of a premise; variables of a branch are numbered from 1."""


def differentiated(branch: Branch, fact: Any, which: int, one_step: bool = True) -> Term:
    """A universal fact, an equation, differentiated by its quantifier number `which` (0, 1, ...).

    `one_step`: F_MAML(x) means one inner step.
    """
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
    direction = symbol(prefix[-1][0]) if sort == "point" else ONE
    return quantified("forall", prefix, _Derivative(branch, variable, direction, one_step).conclusion(formula))


@final
class _Derivative:
    """Derivatives in the direction `u` by the variable x; `inside` lists points of Phi, for any task `ANY_TASK`."""

    def __init__(self, branch: Branch, x: str, u: Term, one_step: bool) -> None:
        self.branch, self.x, self.u, self.one_step = branch, x, u, one_step
        self.inside: list[Term] = []

    def conclusion(self, formula: Term) -> Term:
        if formula.head == "implies":
            self._premise(formula.args[0], "")
            return Term("implies", (formula.args[0], self.conclusion(formula.args[1])))
        numbers = formula.head == "eq" and not any(map(self.branch.normaliser.is_vector, formula.args))
        require(numbers, "{} is no equation between numbers", formula)
        return equal(*(self.of(self.branch.normaliser.canonical(side)) for side in formula.args))

    def _premise(self, f: Term, task: str) -> None:
        """Raises `Rejected` unless the premise is an open condition on x."""
        if f.head == "and":
            for part in f.args:
                self._premise(part, task)
        elif f.head == "forall" and f.args[1] == "task" and not task:
            self._premise(substitute(f.args[2], {f.args[0]: symbol(ANY_TASK)}), ANY_TASK)
        elif f.head == "pred" and f.args[0] == "Phi" and self._moves(f):
            self._known(Term("pred", ("open", symbol("Phi"))))
            self.of(self.branch.normaliser.canonical(f.args[1]))  # it is continuous
            self.inside.append(f.args[1])
        elif f.head == "lt":
            for side in f.args:
                self.of(self.branch.normaliser.canonical(side))
        else:
            require(not self._moves(f), "the premise {} is not seen to be open", f)

    def _known(self, fact: Term) -> None:
        require(self.branch.truth(fact, True), "the branch does not know that {}", fact)

    def _smooth(self, order: int, name: str, args: tuple[Term, ...]) -> Term:
        """The point y of L(t, y) or F_MAML(y), near which the function is `order` times differentiable: F_MAML as often as
        the losses are at y and after the inner steps, if these have one derivative more."""
        if name == "L":
            _, y = args
            places = [y]
        else:
            y, rate = args if len(args) == 2 else (*args, symbol("alpha"))
            places, order = [y, y - rate * Term("grad", ("L", symbol(ANY_TASK), y))], order + 1
            require(not self._moves(rate), "the rate {} moves", rate)
        self._known(Term("pred", (f"C{order}", symbol("L"))))
        tasks = [symbol(n) for n in free_symbols(y) if self.branch.normaliser.sort_of(n) == "task"]
        known = [substitute(z, {ANY_TASK: t}) for z in self.inside for t in [*tasks, symbol(ANY_TASK)]]
        alone = name == "L" or len(args) == 2 or self.one_step
        if not alone or not {*map(self.branch.normaliser.canonical, places)} <= {*map(self.branch.normaliser.canonical, known)}:
            self._known(Term("pred", ("whole",)))
        return y

    def of(self, term: Term) -> Term:
        """The derivative of a scalar or vector term in normal form."""
        head, args = term.head, term.args
        if not self._moves(term):
            return Term("zero") if self.branch.normaliser.is_vector(term) else ZERO
        match head:
            case "sym":
                return self.u
            case "add" | "mul" | "dot" | "exp" | "pow" if head != "pow" or args[1] > 0:
                return by_rules(term, self.of)
            case "coord" if not self._moves(args[1]):
                return Term("coord", (self.of(args[0]), args[1]))
            case "mean" | "sum" if not any(map(self._moves, args[1:-1])):
                require(args[0] not in self.branch.variables, "{} binds a variable of the branch", term)
                return Term(head, (*args[:-1], self.of(args[-1])))
            case "app" if args[0] in ("L", "F_MAML"):
                return Term("dot", (Term("grad", args), self.of(self._smooth(1, args[0], args[1:]))))
            case "grad" if args[0] in ("L", "F_MAML"):
                return Term("app", ("H" + args[0], *args[1:], self.of(self._smooth(2, args[0], args[1:]))))
            case "app" if args[0] == "D2L" and len(args) == 5:
                return self._second(*args[1:])
        raise Rejected(f"no derivative of {term} is known")

    def _second(self, task: Term, y: Term, v: Term, w: Term) -> Term:
        along = [Term("app", ("D2L", task, y, self.of(a), b)) for a, b in ((v, w), (w, v))]
        if self._moves(y):
            self._smooth(3, "L", (task, y))
        return total([Term("app", ("D3L", task, y, self.of(y), v, w)), *along])

    def _moves(self, term: Term) -> bool:
        return self.x in free_symbols(term)
