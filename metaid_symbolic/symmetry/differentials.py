"""The partial derivatives of a model at generic points modulo a prime, many points at once.

Values of exp, tanh, logistic and log are drawn at random like those of the variables, one for each different argument: by
Ax's theorem they are algebraically independent of the variables where the arguments are linearly independent over Q modulo
constants; otherwise fewer symmetries are found than there are.  A square root takes one of its values modulo the prime, and
relu(u) is gate * u with a gate that is one more variable (0 or 1 inside a region, where it is constant).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, final

from ..model import Model
from ..programs import Graph, Program, differentiation
from ..programs.numbers import Modulo, Undefined
from ..programs.program import arguments as arguments_of
from ..programs.program import compiled
from ..programs.reading import read, write
from ..programs.rewriting import rebuilt
from ..terms import IllFormed, Term, symbol
from .linear_systems import rank_modulo

PRIMES = (2**31 - 1, 2**31 - 19, 2**31 - 61, 2**31 - 69)
"""The first is 3 modulo 4, as are the second and the fourth."""
ATTEMPTS = 60
"""Half of the points are lost for each square root."""
TRANSCENDENTAL = ("exp", "tanh", "logistic")
LARGEST_SAMPLE = 30_000_000
"""No more residues are computed at once: a sample of so many takes 240 MB."""


def gated(outputs: Sequence[Term], taken: Sequence[str]) -> tuple[tuple[Term, ...], dict[str, Term]]:
    """The outputs with gate * u for every relu(u), and the gates with their arguments u (inner relus are gated there)."""
    return _named(outputs, taken, "relu", "gate")


def rooted(outputs: Sequence[Term], taken: Sequence[str]) -> tuple[tuple[Term, ...], dict[str, Term]]:
    """The outputs with u * q for every sqrt(u), where the symbol q stands for 1/sqrt(u), and these symbols with their u."""
    return _named(outputs, taken, "sqrt", "root")


def _named(outputs: Sequence[Term], taken: Sequence[str], head: str, word: str) -> tuple[tuple[Term, ...], dict[str, Term]]:
    """The outputs with symbol * u for every value of the function at u, and the symbols; negative powers of square roots are
    powers of the symbol."""
    graph = Graph()
    nodes = read(graph, outputs)
    made: dict[int, int] = {}
    names: dict[str, int] = {}
    symbols: dict[int, int] = {}
    for node in graph.reachable(nodes):
        if graph.heads[node] == head:
            inside, name = made[graph.data[node][0]], _fresh(f"{word}_{len(names) + 1}", taken)
            names[name] = inside
            symbols[node] = graph.variable(name)
            made[node] = graph.times(symbols[node], inside)
        elif head == "sqrt" and graph.heads[node] == "prod":
            pairs = graph.data[node]
            made[node] = graph.product((symbols[n], -e) if e < 0 and n in symbols else (made[n], e) for n, e in pairs)
        else:
            made[node] = rebuilt(graph, node, made)
    written = write(graph, [*(made[n] for n in nodes), *names.values()])
    return tuple(written[: len(nodes)]), dict(zip(names, written[len(nodes) :], strict=True))


def _fresh(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name


@final
class Generic:
    """Residues modulo a prime, in which transcendental functions take random values; `usable` are the points at which every
    square root exists."""

    def __init__(self, prime: int, seed: int, count: int) -> None:
        import numpy as np

        self.field, self.random = Modulo(prime), np.random.default_rng((seed, 1, 2, 3))
        self.usable = np.ones(count, dtype=bool)
        self.name = f"generic values modulo {prime}"

    @contextmanager
    def context(self) -> Any:
        yield

    def read(self, value: Any) -> Any:
        return self.field.read(value)

    def reduced(self, value: Any) -> Any:
        return value % self.field.prime

    def power(self, value: Any, exponent: int) -> Any:
        return self.field.power(value, exponent)

    def function(self, head: str, value: Any) -> Any:
        if head != "sqrt":
            return self.random.integers(1, self.field.prime, len(self.usable))
        root = self.field.power(value, (self.field.prime + 1) // 4)
        self.usable &= root * root % self.field.prime == value
        return root

    def sign(self, value: Any) -> int:
        raise Undefined("residues modulo a prime have no sign")

    def given(self, value: Any) -> Any:
        return value

    def vector(self, length: int, shape: tuple[int, ...]) -> Any:
        return self.field.vector(length, shape)


@final
@dataclass(frozen=True)
class Sample:
    """Points modulo `prime`: `parameters` (count x n) and the partial derivatives `slopes` (count x outputs x n)."""

    prime: int
    parameters: Any
    slopes: Any

    @property
    def count(self) -> int:
        return int(self.parameters.shape[0])


@final
@dataclass(frozen=True)
class Differentials:
    """The Jacobian of the outputs by the parameters as a program in parameters, inputs and gates."""

    model: Model
    outputs: tuple[Term, ...]
    gates: dict[str, Term]
    program: Program

    @classmethod
    def of(cls, model: Model) -> Differentials:
        outputs, gates = gated(model.outputs, (*model.parameters, *model.inputs))
        graph = Graph()
        rows = [differentiation.gradient(graph, node, model.parameters) for node in read(graph, outputs)]
        names = (*model.parameters, *model.inputs, *gates)
        shape = (len(rows), len(model.parameters))
        return cls(model, outputs, gates, compiled(graph, [entry for row in rows for entry in row], names, shape))

    @property
    def _roots(self) -> bool:
        return any(i.head == "sqrt" for i in self.program.instructions)

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters, inputs and gates."""
        return (*self.model.parameters, *self.model.inputs, *self.gates)

    @cached_property
    def algebraic(self) -> tuple[Model, dict[str, Term]]:
        """The model with gates among its inputs, and for each square root of a radicand u a further parameter q for 1/sqrt(u),
        with u q^2 as one more output; and these parameters with their radicands.

        A field on all of these that annihilates u q^2 is one for which q = 1/sqrt(u) stays true.
        """
        outputs, roots = rooted(self.outputs, self.names)
        more = [u * symbol(q) ** 2 for q, u in roots.items()]
        names = (*self.model.parameters, *roots)
        return Model(names, (*self.model.inputs, *self.gates), (*outputs, *more)), roots

    @cached_property
    def independent(self) -> bool:
        """Whether the values of exp, tanh and logistic in the derivatives are algebraically independent of one another and of
        the variables: their arguments are linearly independent over Q modulo constants, by a rank modulo a prime.

        Source: Ax 1971, On Schanuel's conjectures, theorem 3.  False where that is not shown, and where logarithms remain.
        """
        needed, instructions = set(self.program.outputs), self.program.instructions
        for place in range(len(instructions) - 1, -1, -1):
            if place in needed:
                needed.update(arguments_of(instructions[place]))
        used = [instructions[place] for place in sorted(needed)]
        if any(i.head == "log" for i in used):
            return False
        places = tuple(i.data[0] for i in used if i.head in TRANSCENDENTAL)
        inside = replace(self.program, outputs=places, shape=(len(places),))
        return not places or self._rank_with_one(inside, len(places)) == len(places) + 1

    def _rank_with_one(self, arguments: Program, size: int, prime: int = PRIMES[0]) -> int:
        """The rank modulo the prime of the arguments and 1 at generic points."""
        import numpy as np

        count = size + 8
        random = np.random.default_rng(7)
        points = {n: random.integers(1, prime, count) for n in self.names}
        try:
            values = np.moveaxis(arguments.evaluate(points, Generic(prime, 11, count)), -1, 0) % prime
        except Undefined:
            return 0
        return rank_modulo(np.concatenate([values, np.ones((count, 1), dtype="int64")], axis=1), prime)

    def sample(self, count: int, prime: int = PRIMES[0], seed: int = 0, one_parameter: bool = False) -> Sample:
        """The slopes at `count` generic points; with `one_parameter` all have the same parameters and different inputs.

        Raises `IllFormed` for more residues than `LARGEST_SAMPLE`, or where no point is found at which all is defined.
        """
        import numpy as np

        size = len(self.model.parameters)
        if count * len(self.outputs) * size > LARGEST_SAMPLE:
            raise IllFormed(
                f"{count} points, {len(self.outputs)} outputs and {size} parameters: more than {LARGEST_SAMPLE} derivatives"
            )
        thetas: list[Any] = []
        slopes: list[Any] = []
        drawn = 4 * count if one_parameter and self._roots else count
        for attempt in range(ATTEMPTS):
            random = np.random.default_rng((seed, attempt))
            points = {n: random.integers(1, prime, drawn) for n in self.names}
            if one_parameter:
                points.update({n: np.full(drawn, random.integers(1, prime)) for n in self.model.parameters})
                thetas, slopes = [], []
            field = Generic(prime, 7 + 1000 * seed + attempt, drawn)
            try:
                found = self.program.evaluate(points, field)
            except Undefined:
                continue
            kept = field.usable
            thetas.append(np.stack([points[n] for n in self.model.parameters], axis=1)[kept])
            slopes.append(np.moveaxis(found, -1, 0)[kept] % prime)
            if sum(map(len, thetas)) >= count:
                return Sample(prime, np.concatenate(thetas)[:count], np.concatenate(slopes)[:count])
        raise IllFormed(f"no {count} points modulo {prime} are found at which the derivatives of the model exist")
