"""Permutations and signs of parameters that leave a model as it is: a finite group.

Signs are the characters of the expression graph with values +1 and -1: a node changes sign or does not; the summands of a sum
do it together, tanh follows its argument, and the argument of a function that is neither odd nor even keeps its sign.  They
are the kernel of a matrix over the field of two elements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import factorial
from typing import Any, final

from ..model import Model
from ..programs import Graph
from ..programs.reading import read
from ..terms import IllFormed, Term, number, symbol
from .assertions import Identity, map_identity
from .signed import Signed

MOST_PARAMETERS = 400
"""Permutations are looked for in models with at most so many parameters."""
MOST_ELEMENTS = 5_000
"""Elements of a finite group that are tried one by one."""
SMALL = 12
"""The 2^k vectors of a space of changes of sign are listed up to this dimension k."""


@final
@dataclass(frozen=True)
class ParameterMap:
    """theta -> (sign_i theta_place(i))_i: coordinate i of the image is plus or minus one parameter."""

    parameters: tuple[str, ...]
    places: tuple[int, ...]
    signs: tuple[int, ...]

    def __post_init__(self) -> None:
        size = len(self.parameters)
        if sorted(self.places) != list(range(size)) or len(self.signs) != size or {*self.signs} - {1, -1}:
            raise IllFormed(f"the places {list(self.places)} and signs {list(self.signs)} are no signed permutation of {size}")

    @property
    def images(self) -> tuple[Term, ...]:
        names = [symbol(self.parameters[place]) for place in self.places]
        return tuple(name if sign > 0 else number(-1) * name for name, sign in zip(names, self.signs, strict=True))

    @property
    def substitution(self) -> dict[str, Term]:
        """The parameters that it moves, with their images."""
        pairs = zip(self.parameters, self.images, strict=True)
        return {name: image for name, image in pairs if image != symbol(name)}

    @property
    def name(self) -> str:
        """`swaps a, b; c -> -d`."""
        kept = [i for i in range(len(self.places)) if (self.places[i], self.signs[i]) != (i, 1)]
        swaps = [i for i in kept if i < self.places[i] and self.places[self.places[i]] == i and self.signs[i] == 1
                 and self.signs[self.places[i]] == 1]  # fmt: skip
        swapped = set(swaps) | {self.places[i] for i in swaps}
        words = [f"swaps {self.parameters[i]} and {self.parameters[self.places[i]]}" for i in swaps]
        flips = [self.parameters[i] for i in kept if self.places[i] == i]
        words += ["changes the signs of " + ", ".join(flips)] if flips else []
        words += [f"{self.parameters[i]} becomes {'-' if self.signs[i] < 0 else ''}{self.parameters[self.places[i]]}"
                  for i in kept if i not in swapped and self.places[i] != i]  # fmt: skip
        return ", ".join(words) or "the identity"

    def __repr__(self) -> str:
        return self.name

    def apply(self, point: Sequence[Any]) -> tuple[Any, ...]:
        """The image of a point.  Raises `IllFormed` for a point of another length."""
        if len(point) != len(self.parameters):
            raise IllFormed(f"a point of {len(point)} coordinates disagrees with {len(self.parameters)} parameters")
        return tuple(sign * point[place] for place, sign in zip(self.places, self.signs, strict=True))

    def after(self, first: ParameterMap) -> ParameterMap:
        """The map that applies `first` and then this one."""
        places = tuple(first.places[place] for place in self.places)
        signs = tuple(sign * first.signs[place] for place, sign in zip(self.places, self.signs, strict=True))
        return ParameterMap(self.parameters, places, signs)

    def literals(self) -> list[int]:
        """As a permutation of the 2n literals theta_i (number i) and -theta_i (number n + i)."""
        size = len(self.places)
        positive = [place if sign > 0 else place + size for place, sign in zip(self.places, self.signs, strict=True)]
        return [*positive, *((k + size) % (2 * size) for k in positive)]

    @property
    def permutation(self) -> Any:
        """As a SymPy permutation of the literals."""
        from sympy.combinatorics import Permutation

        return Permutation(self.literals())


def from_literals(parameters: tuple[str, ...], images: Sequence[int]) -> ParameterMap:
    size = len(parameters)
    return ParameterMap(parameters, tuple(k % size for k in images[:size]), tuple(1 if k < size else -1 for k in images[:size]))


@final
@dataclass(frozen=True)
class DiscreteGroup:
    """The group that the `generators` generate, each proved to be a symmetry by one of the `identities`."""

    parameters: tuple[str, ...]
    generators: tuple[ParameterMap, ...]
    identities: tuple[Identity, ...] = ()
    exhausted: bool = True

    @cached_property
    def permutations(self) -> Any:
        """As a SymPy permutation group on the literals theta_1, ..., theta_n, -theta_1, ..., -theta_n."""
        from sympy.combinatorics import Permutation, PermutationGroup

        size = 2 * len(self.parameters)
        made = [g.permutation for g in self.generators] or [Permutation(size - 1)]
        return PermutationGroup(made)

    @property
    def order(self) -> int:
        return int(self.permutations.order()) if self.generators else 1

    @property
    def abelian(self) -> bool:
        return not self.generators or bool(self.permutations.is_abelian)

    @cached_property
    def structure(self) -> str:
        """Such as `(Z/2)^2 x| S_2`: the pure changes of sign, and how the group permutes the parameters, as a product of
        symmetric groups if it is one; `A . B` is an extension of B by A that was not seen to be a semidirect product."""
        from sympy.combinatorics import Permutation, PermutationGroup

        if not self.generators:
            return "trivial"
        moving = int(PermutationGroup([Permutation(list(g.places)) for g in self.generators]).order())
        flips = (self.order // moving).bit_length() - 1
        shuffles = _symmetric_factors(self.generators, moving)
        power = "Z/2" if flips == 1 else f"(Z/2)^{flips}"
        if not flips or moving == 1:
            return shuffles if not flips else power
        others = tuple(g for g in self.generators if g.places != tuple(range(len(g.places))))
        splits = DiscreteGroup(self.parameters, others).order == moving
        if not splits and self.abelian:
            return " x ".join(f"Z/{d}" for d in self.permutations.abelian_invariants())
        return f"{power} x| {shuffles}" if splits else f"{power} . {shuffles}"

    def elements(self, most: int) -> Iterator[ParameterMap]:
        """All elements.  Raises `IllFormed` when there are more than `most`."""
        if self.order > most:
            raise IllFormed(f"the group has {self.order} elements, and at most {most} are run through")
        yield from self.generated()

    def generated(self) -> Iterator[ParameterMap]:
        """All elements, however many."""
        for element in self.permutations.generate():
            yield from_literals(self.parameters, element.array_form)


def _symmetric_factors(maps: Sequence[ParameterMap], order: int) -> str:
    """`S_3 x S_2` when the group permutes some of its orbits independently in every way, and is known by what it does there."""
    from sympy.combinatorics import Permutation, PermutationGroup

    whole = PermutationGroup([Permutation(list(m.places)) for m in maps])
    chosen: list[int] = []
    factors: list[int] = []
    known = 1
    for orbit in sorted((sorted(o) for o in whole.orbits() if len(o) > 1), key=len):
        joint = _restricted(maps, [*chosen, *orbit])
        if joint == known * factorial(len(orbit)):
            chosen, known = [*chosen, *orbit], joint
            factors.append(len(orbit))
    if known == order == int(whole.order()):
        return " x ".join(f"S_{k}" for k in sorted(factors, reverse=True))
    return f"a group of {order} permutations"


def _restricted(maps: Sequence[ParameterMap], places: Sequence[int]) -> int:
    """The order of the group that the maps generate on these places, which they permute."""
    from sympy.combinatorics import Permutation, PermutationGroup

    index = {place: k for k, place in enumerate(places)}
    return int(PermutationGroup([Permutation([index[m.places[p]] for p in places]) for m in maps]).order())


def discrete_symmetries(model: Model) -> DiscreteGroup:
    """Permutations and signs that the kernel proves to leave the model as it is.  Other generators are left out."""
    identities, generators = [], []
    search = Signed(model) if len(model.parameters) <= MOST_PARAMETERS else None
    flips = [ParameterMap(model.parameters, tuple(range(len(s))), s) for s in sign_changes(model)]
    shuffles = [_signed_map(search, p, flips) for p in search.generators()] if search else []
    for made in (*flips, *shuffles):
        identity = map_identity(model, made.name, made.substitution)
        identities.append(identity)
        if identity.proved:
            generators.append(made)
    return DiscreteGroup(model.parameters, tuple(generators), tuple(identities), search is not None and search.exhausted)


def _signed_map(search: Signed, permutation: tuple[int, ...], flips: Sequence[ParameterMap]) -> ParameterMap:
    """The permutation with signs, up to the changes of sign: of smallest order, and then with the fewest changes."""
    made = ParameterMap(search.names, permutation, tuple(map(int, search.factors[permutation])))
    if {*made.signs} == {1} or len(flips) > SMALL:
        return made
    coset = [made]
    for flip in flips:
        coset += [flip.after(g) for g in coset]
    return min(coset, key=lambda g: (g.permutation.order(), g.signs.count(-1)))


def sign_changes(model: Model) -> list[tuple[int, ...]]:
    """A basis of the changes of sign that the expression graph shows to be symmetries."""
    graph = Graph()
    roots = read(graph, model.outputs)
    order = graph.reachable(roots)
    variables = {graph.variable(n): i for i, n in enumerate(model.parameters)}
    characters: dict[int, int] = {}
    unknowns = len(model.parameters)
    equations: list[int] = []
    for node in order:
        characters[node] = _character(graph, node, variables, characters, equations)
    equations += [characters[root] for root in roots]
    kernel = _sparse(_binary_kernel(equations, unknowns))
    return [tuple(-1 if vector >> i & 1 else 1 for i in range(unknowns)) for vector in kernel]


def _sparse(basis: list[int]) -> list[int]:
    """A basis of the same space with few bits: of small spaces the first independent vectors in the order of size."""
    if len(basis) > SMALL:
        return basis
    vectors = [0]
    for one in basis:
        vectors += [v ^ one for v in vectors]
    chosen: list[int] = []
    pivots: dict[int, int] = {}
    for vector in sorted(vectors[1:], key=lambda v: (v.bit_count(), [i for i in range(v.bit_length()) if v >> i & 1])):
        rest = vector
        while rest and rest.bit_length() in pivots:
            rest ^= pivots[rest.bit_length()]
        if rest:
            pivots[rest.bit_length()] = rest
            chosen.append(vector)
    return chosen


def _character(graph: Graph, node: int, variables: Mapping[int, int], characters: Mapping[int, int], equations: list[int]) -> int:
    """The set of parameters, as bits, whose signs multiply to that of the node; what must be even is added to `equations`."""
    data = graph.data[node]
    match graph.heads[node]:
        case "num":
            return 0
        case "sym":
            return 1 << variables[node] if node in variables else 0
        case "prod":
            result = 0
            for child, e in data:
                result ^= characters[child] if e % 2 else 0
            return result
        case "sum":
            parts = [characters[child] for child, _ in data[1]] + ([0] if data[0] else [])
            equations += [parts[0] ^ other for other in parts[1:]]
            return parts[0]
        case "tanh":
            return characters[data[0]]
    equations.append(characters[data[0]])
    return 0


def _binary_kernel(equations: Sequence[int], unknowns: int) -> list[int]:
    """A basis of the vectors of bits with an even number of common bits with every equation, sparse where it can be."""
    pivots: dict[int, int] = {}
    for equation in equations:
        for place, row in pivots.items():
            if equation >> place & 1:
                equation ^= row
        if equation:
            place = equation.bit_length() - 1
            for other, row in pivots.items():
                if row >> place & 1:
                    pivots[other] = row ^ equation
            pivots[place] = equation
    free = [i for i in range(unknowns) if i not in pivots]
    return [(1 << i) | sum(1 << p for p, row in pivots.items() if row >> i & 1) for i in free]
