"""A statement for given sizes, functions and arrays, with the functions and the arrays' entries defined by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import final

from ...certificates import Specialisation
from ...claims import Statement
from ...terms import FALSE, TRUE, Term, conjunction, disjunction, number, rebuild, substitute, symbol, total
from .kernel_view import tidy
from .printing import Unprintable, identifier, lines, rocq

RANDOM = ("normal", "normal_", "sign")


@final
@dataclass
class Specialised:
    """The formula of a statement with what the certificate inserts."""

    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    functions: tuple[str, ...] = ()
    entries: dict[Term, Term] = field(default_factory=dict)

    def read(self, claim: Statement, certificate: Specialisation) -> Term:
        """The formula; definitions are added to `texts`."""
        values = {n.name: number(k) for n, k in zip(claim.naturals, certificate.naturals, strict=True)}
        for name, variable, body in certificate.functions:
            self._define(identifier(name + "_"), f" ({identifier(variable)} : R)", body)
        self.functions = claim.functions
        for array, flat in zip(claim.arrays, certificate.arrays, strict=True):
            if array.name in RANDOM:
                raise Unprintable("expectations")
            sides = [range(1, self._natural(side, values) + 1) for side in array.shape]
            for place, entry in zip(product(*sides), flat, strict=True):
                name = "_".join([identifier(array.name), *map(str, place)])
                self._define(name, "", number(entry))
                self.entries[Term("app", (name,))] = number(entry)
        return self.formula(claim.formula, values)

    def _define(self, name: str, binders: str, body: Term) -> None:
        self.names.append(name)
        self.texts.append(f"Definition {name}{binders} : R := {lines(rocq(body))}.")

    def _natural(self, term: Term, env: Mapping[str, Term]) -> int:
        value = tidy(self._numeric(substitute(term, dict(env))))
        if value.head != "num" or value.args[0].denominator != 1 or value.args[0] < 0:
            raise Unprintable(f"the number {term}")
        return int(value.args[0])

    def _numeric(self, term: Term) -> Term:
        """The term with the arrays' entries as numbers."""
        return self.entries.get(term) or rebuild(term, self._numeric)

    def formula(self, f: Term, env: Mapping[str, Term]) -> Term:
        args = f.args
        match f.head:
            case "not" | "and" | "or" | "implies" | "iff":
                return Term(f.head, tuple(self.formula(a, env) for a in args))
            case "eq" | "lt" | "le":
                return Term(f.head, (self.value(args[0], env), self.value(args[1], env)))
            case "true" | "false":
                return TRUE if f.head == "true" else FALSE
            case "forall" | "exists" if type(args[1]) is Term:
                join = conjunction if f.head == "forall" else disjunction
                upper = self._natural(self.value(args[1], env), {})
                return join([self.formula(args[2], {**env, args[0]: number(k + 1)}) for k in range(upper)])
            case "forall" | "exists" if args[1] == "real":
                inner = {k: v for k, v in env.items() if k != args[0]}
                return Term(f.head, (args[0], "real", self.formula(args[2], inner)))
        raise Unprintable(f"{f.head} in a formula")

    def value(self, t: Term, env: Mapping[str, Term]) -> Term:
        args = t.args
        match t.head:
            case "num":
                return t
            case "sym":
                return env.get(args[0], symbol(args[0]))
            case "add" | "mul" | "exp" | "log" | "sqrt" | "relu" | "tanh" | "logistic":
                return Term(t.head, tuple(self.value(a, env) for a in args))
            case "pow":
                return Term("pow", (self.value(args[0], env), args[1]))
            case "sum":
                upper = self._natural(self.value(args[1], env), {})
                return total([self.value(args[2], {**env, args[0]: number(k + 1)}) for k in range(upper)])
            case "at":
                place = [identifier(args[0]), *(str(self._natural(self.value(a, env), {})) for a in args[1:])]
                if "_".join(place) not in self.names:
                    raise Unprintable(f"the entry {t}")
                return Term("app", ("_".join(place),))
            case "app" if args[0] in self.functions and len(args) == 2:
                return Term("app", (identifier(args[0] + "_"), self.value(args[1], env)))
        raise Unprintable(f"{t.head} {args[0] if type(args[0]) is str else ''}".strip())
