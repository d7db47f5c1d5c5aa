"""A concrete meta-problem as Rocq definitions: losses, objectives, their derivatives, the Fisher matrix.

Each derivative comes with a theorem that it is one (`is_derive` of Coquelicot); the expressions themselves are computed
here and believed by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import final

from ...problems import MetaProblem
from ...terms import Term, number, substitute, symbol, total
from .exact import derivative, expanded, value_at
from .printing import Unprintable, identifier, lines, rocq

Point = tuple[Term, ...]


def call(name: str, *arguments: Term) -> Term:
    """The defined function applied."""
    return Term("app", (name, *arguments))


@final
@dataclass
class Definitions:
    """What a problem's statements mention, defined on first mention.  `suffix` keeps several problems apart."""

    problem: MetaProblem
    maps: dict[str, tuple[Term, ...]]
    suffix: str = ""
    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    derivatives: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    descends: bool = False
    _bodies: dict[str, tuple[tuple[str, ...], Term]] = field(default_factory=dict)

    @property
    def here(self) -> Point:
        return tuple(map(symbol, self.problem.parameters))

    # plain definitions

    def define(self, name: str, arguments: tuple[str, ...], body: Term, remark: str = "") -> str:
        """The name, after `Definition name arguments := body`."""
        full = name + self.suffix
        if full not in self._bodies:
            self._bodies[full] = arguments, body
            self.names.append(full)
            binders = "".join(f" ({identifier(a)} : R)" for a in arguments)
            kind = "Prop" if Term(body.head, body.args).head in ("and", "lt", "le", "true") else "R"
            note = f"(* {remark} *)\n" if remark else ""
            self.texts.append(f"{note}Definition {full}{binders} : {kind} :=\n  {lines(rocq(body))}.")
        return full

    def domain(self) -> str:
        inside = self.problem.constraints
        body = Term("true") if not inside else inside[0] if len(inside) == 1 else Term("and", inside)
        return self.define("Phi", self.problem.parameters, body, "the domain")

    def loss(self, task: int) -> str:
        if self.problem.noise:
            raise Unprintable("expectations over a Gaussian law")
        return self.define(f"L_{task + 1}", self.problem.parameters, self.problem.losses[task], f"the loss of task {task + 1}")

    def objective(self, name: str) -> str:
        if name == "F":
            return self._weighted("F", self.problem.parameters, [call(self.loss(t), *self.here) for t in self.tasks], "its mean")
        if name == "F_MAML":
            rate, steps = self.rate(), self.problem.steps
            values = [call(self.loss(t), *self.adapted(t, self.here, (rate,) * len(self.here), steps)) for t in self.tasks]
            return self._weighted("F_MAML", self.problem.parameters, values, "the mean loss after adaptation")
        raise Unprintable(f"the objective {name}")

    @property
    def tasks(self) -> range:
        return range(len(self.problem.losses))

    def rate(self) -> Term:
        if self.problem.rate is None or self.problem.constraints:
            raise Unprintable("adaptation without a rate, or on a part of R^n")
        return call(self.define("alpha", (), self.problem.rate, "the learning rate"))

    def _weighted(self, name: str, arguments: tuple[str, ...], values: list[Term], remark: str) -> str:
        parts = [number(w) * v for w, v in zip(self.problem.weights, values, strict=True)]
        return self.define(name, arguments, total(parts), remark)

    def adapted(self, task: int, point: Point, rates: Point, steps: int) -> Point:
        """The point after gradient steps on the loss of the task."""
        for _ in range(steps):
            slopes = [call(self.partial(self.loss(task), (i,)), *point) for i in range(len(point))]
            point = tuple(x - r * g for x, r, g in zip(point, rates, slopes, strict=True))
        return point

    def adapted_at(self) -> str:
        """`F_MAML` after one step as a function of the point and the rate of each coordinate."""
        rates = tuple(f"rate_{i + 1}" for i in range(len(self.here)))
        values = [call(self.loss(t), *self.adapted(t, self.here, tuple(map(symbol, rates)), 1)) for t in self.tasks]
        if self.problem.constraints:
            raise Unprintable("adaptation on a part of R^n")
        return self._weighted("F_MAML_at", (*self.problem.parameters, *rates), values, "the mean loss after one step")

    def field_entry(self, name: str, place: int) -> str:
        """An entry of the update field `reptile` E(x_t' - x) or `fomaml` E g_t(x_t')."""
        rates, moves = (self.rate(),) * len(self.here), []
        for t in self.tasks:
            end = self.adapted(t, self.here, rates, self.problem.steps)
            slope = call(self.partial(self.loss(t), (place,)), *end) if name == "fomaml" else end[place] - self.here[place]
            moves.append(slope)
        return self._weighted(f"{name}_{place + 1}", self.problem.parameters, moves, f"entry {place + 1} of the field {name}")

    def fisher(self, row: int, column: int) -> str:
        def slope(task: int, place: int) -> Term:
            return call(self.partial(self.loss(task), (place,)), *self.here)

        values = [slope(t, row) * slope(t, column) for t in self.tasks]
        return self._weighted(f"fisher_{row + 1}{column + 1}", self.problem.parameters, values, "the mean of g_t g_t^T")

    def map_entry(self, name: str, place: int) -> str:
        return self.define(f"{name}_{place + 1}", self.problem.parameters, self.maps[name][place], f"entry {place + 1} of {name}")

    # gradient descent

    def descent(self) -> tuple[str, str]:
        """The slope of F and its derivative, on the whole line."""
        if self.problem.dimension > 1 or self.problem.constraints:
            raise Unprintable("gradient descent in more than one dimension, or on a part of R")
        self.descends = True
        objective = self.objective("F")
        return self.partial(objective, (0,)), self.partial(objective, (0, 0))

    # derivatives

    def partial(self, function: str, places: tuple[int, ...]) -> str:
        """The partial derivative of a defined function by the parameters listed, one after another."""
        if not places:
            return function
        inner = self.partial(function, places[:-1])
        base = function.removesuffix(self.suffix) if self.suffix else function
        name = f"{base}_d{''.join(str(p + 1) for p in places)}"
        if name + self.suffix in self._bodies:
            return name + self.suffix
        parameter = self.problem.parameters[places[-1]]
        slope = derivative(self.unfolded(call(inner, *self.here)), parameter)
        full = self.define(name, self.problem.parameters, expanded(slope))
        self._derivative_theorem(inner, full, parameter)
        return full

    def _derivative_theorem(self, function: str, slope: str, parameter: str) -> None:
        x = identifier(parameter)
        names = " ".join(map(identifier, self.problem.parameters))
        theorem = f"{slope}_is_derivative"
        self.derivatives.append(theorem)
        self.texts.append(
            f"Theorem {theorem} : forall {names} : R,\n"
            f"  is_derive (fun {x} : R => {function} {names}) {x} ({slope} {names}).\n"
            f"Proof.\n  intros; cbv beta delta [{' '.join(self.names)}].\n  auto_derive; [repeat split; auto | field].\nQed."
        )

    def unfolded(self, term: Term) -> Term:
        """The term with all definitions written out."""
        args = tuple(self.unfolded(a) if type(a) is Term else a for a in term.args)
        if term.head == "app" and term.args[0] in self._bodies:
            arguments, body = self._bodies[term.args[0]]
            return substitute(self.unfolded(body), dict(zip(arguments, args[1:], strict=True)))
        return Term(term.head, args)

    # counting losses

    def count(self, least: int) -> str:
        """The proposition that at least so many losses differ pairwise, decided by a theorem."""
        name, tasks = f"count_{least}{self.suffix}", list(self.tasks)
        if name in self.counted:
            return name
        if self.problem.constraints or self.problem.noise:
            raise Unprintable("counting losses on a part of R^n")
        self.counted.append(name)
        groups = list(combinations(tasks, least))
        apart = [[self._differ(i, j) for i, j in combinations(g, 2)] for g in groups]
        props = ["(" + (r" /\ ".join(pairs) or "True") + ")" for pairs in apart]
        body = " \\/ ".join(props) or "False"
        self.texts.append(f"(* at least {least} of the losses differ pairwise *)\nDefinition {name} : Prop :=\n  {lines(body)}.")
        chosen = [k for k, group in enumerate(groups) if all(self._apart(i, j) for i, j in combinations(group, 2))]
        self.texts.append(self._count_holds(name, groups, chosen[0]) if chosen else self._count_fails(name, groups))
        return name

    def _binders(self) -> str:
        return " ".join(identifier(p) for p in self.problem.parameters)

    def _differ(self, i: int, j: int) -> str:
        names = self._binders()
        return f"(exists {names} : R, {self.loss(i)} {names} <> {self.loss(j)} {names})"

    def _apart(self, i: int, j: int) -> tuple[Fraction, ...] | None:
        """A rational point where the two losses differ."""
        return value_at(self.problem.losses[i] - self.problem.losses[j], self.problem.parameters)

    def _count_holds(self, name: str, groups: list[tuple[int, ...]], which: int) -> str:
        steps = ["right"] * which + (["left"] if which < len(groups) - 1 else [])
        script = []
        for i, j in combinations(groups[which], 2):
            place = self._apart(i, j) or ()
            values = ", ".join(rocq(number(v)) for v in place)
            script.append(f"exists {values}; cbv beta delta [{self.loss(i)} {self.loss(j)}]; lra")
        body = "; ".join(steps) + (". " if steps else "")
        parts = (
            "".join(f"  {{ {s}. }}\n" for s in script)
            if len(script) > 1
            else f"  {script[0]}.\n"
            if script
            else "  exact Logic.I.\n"
        )
        split = "  repeat apply conj.\n" if len(script) > 1 else ""
        return f"Theorem {name}_holds : {name}.\nProof.\n  unfold {name}. {body}\n{split}{parts}Qed."

    def _count_fails(self, name: str, groups: list[tuple[int, ...]]) -> str:
        losses = " ".join(self.loss(t) for t in self.tasks)
        return (
            f"Theorem {name}_fails : ~ {name}.\nProof.\n  unfold {name}; intro h; decompose [and or ex] h; try contradiction;\n"
            f"  match goal with d : _ <> _ |- _ => apply d; cbv beta delta [{losses}]; ring end.\nQed."
        )
