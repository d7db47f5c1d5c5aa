"""Permutations of parameters together with factors: theta_i -> t_i theta_pi(i) leaves every output as it is.

Permutations pi are looked for as in `refinement`, with coefficients of sums up to sign (`Signed`), or none at all (`Rescaled`).
Each node u of the expression graph then becomes k(u) u' for another node u', where k(u) is a number times powers of the t_i;
sums, tanh (which keeps signs alone), relu (which keeps positive factors) and the outputs give equations k = 1.  Signs are solved
for over the field of two elements, and the exponents of each prime over Q.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ..model import Model
from .maps import affine_solutions
from .refinement import Automorphisms

FEW_STEPS = 200
"""Refinements without coefficients: where they differ, most permutations fail late."""
LARGEST_PRIME = 10_000
"""Coefficients with larger prime factors are not looked at."""


@final
@dataclass(frozen=True)
class Factor:
    """`value` times the product of t_i to the `powers`."""

    value: Fraction
    powers: tuple[tuple[int, int], ...] = ()

    def __mul__(self, other: Factor) -> Factor:
        powers = dict(self.powers)
        for place, e in other.powers:
            powers[place] = powers.get(place, 0) + e
        return Factor(self.value * other.value, tuple(sorted((k, e) for k, e in powers.items() if e)))

    def __pow__(self, exponent: int) -> Factor:
        return Factor(self.value**exponent, tuple((k, e * exponent) for k, e in self.powers))


ONE = Factor(Fraction(1))


class Signed(Automorphisms):
    """`factors` of each permutation that was confirmed: 1 or -1."""

    units = True

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.factors: dict[tuple[int, ...], tuple[Fraction, ...]] = {}
        self.known: dict[Any, list[int]] = {}
        for node in self.order:
            self.known.setdefault(self._shape(node, {}), []).append(node)

    def _label(self, coefficient: Any) -> Any:
        return abs(coefficient)

    def _arguments(self, node: int) -> tuple[tuple[int, Any], ...]:
        found = super()._arguments(node)
        return tuple((child, self._label(c)) for child, c in found) if self.graph.heads[node] == "sum" else found

    def _constant(self, node: int) -> Any:
        found = super()._constant(node)
        return self._label(found) if found is not None and self.graph.heads[node] == "sum" else found

    def confirmed(self, permutation: Sequence[int]) -> bool:
        found = self._lifted(permutation)
        if found is None:
            return False
        self.factors[tuple(permutation)] = found
        return True

    def _shape(self, node: int, image: dict[int, int]) -> Any:
        """What a node is up to the coefficients of a sum, after its arguments were replaced."""
        head, data = self.graph.heads[node], self.graph.data[node]
        match head:
            case "num" | "sym":
                return head, data
            case "sum":
                return head, bool(data[0]), tuple(sorted(image.get(c, c) for c, _ in data[1]))
            case "prod":
                return head, tuple(sorted((image.get(c, c), e) for c, e in data))
        return head, image.get(data[0], data[0])

    def _lifted(self, permutation: Sequence[int]) -> tuple[Fraction, ...] | None:
        """Factors with which the permutation leaves the outputs as they are; None if none are found."""
        image = {node: self.nodes[permutation[i]] for node, i in self.places.items()}
        factor = {node: Factor(Fraction(1), ((i, 1),)) for node, i in self.places.items()}
        equations = _Equations(len(self.names), self.units)
        for node in self.order:
            if node in self.places:
                continue
            for target in self.known.get(self._shape(node, image), []):
                kept = equations.copy()
                factor[node] = self._factor(node, target, image, factor, equations)
                fixed = node not in self.roots or (target == node and equations.add(factor[node]))
                if fixed and equations.consistent:
                    image[node] = target
                    break
                equations = kept
            else:
                return None
        return equations.solution()

    def _factor(self, node: int, target: int, image: dict[int, int], factor: dict[int, Factor], equations: _Equations) -> Factor:
        """k with u -> k u', and the equations for that."""
        data = self.graph.data[node]
        match self.graph.heads[node]:
            case "num" | "sym":
                return ONE
            case "prod":
                made = ONE
                for child, e in data:
                    made = made * factor[child] ** e
                return made
            case "sum":
                there = dict(self.graph.data[target][1])
                parts = [factor[c] * Factor(Fraction(v) / Fraction(there[image[c]])) for c, v in data[1]]
                parts += [Factor(Fraction(data[0]) / Fraction(self.graph.data[target][0]))] if data[0] else []
                for other in parts[1:]:
                    equations.add(other * parts[0] ** -1)
                return parts[0]
            case "tanh":
                equations.add(factor[data[0]], signs=False)
                return factor[data[0]]
            case "relu":
                equations.add(factor[data[0]], sizes=False)
                return factor[data[0]]
        equations.add(factor[data[0]])
        return ONE


@final
class Rescaled(Signed):
    """With any rational factors."""

    units = False

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.most = FEW_STEPS

    def _label(self, coefficient: Any) -> Any:
        return bool(coefficient)

    @property
    def useful(self) -> bool:
        """Whether coefficients of different size occur; otherwise `Signed` finds the same permutations."""
        sums = (self.graph.data[node] for node in self.order if self.graph.heads[node] == "sum")
        return len({abs(Fraction(c)) for data in sums for _, c in data[1]}) > 1


@final
class _Equations:
    """k = 1 for factors k, by signs and by sizes; `consistent` as far as signs and, where all t_i are 1 or -1 (`units`), sizes
    tell."""

    def __init__(self, unknowns: int, units: bool) -> None:
        self.unknowns, self.units = unknowns, units
        self.signs: dict[int, int] = {}
        self.sizes: dict[Factor, None] = {}
        self.consistent = True

    def copy(self) -> _Equations:
        made = _Equations(self.unknowns, self.units)
        made.signs, made.sizes, made.consistent = dict(self.signs), dict(self.sizes), self.consistent
        return made

    def add(self, factor: Factor, signs: bool = True, sizes: bool = True) -> bool:
        if sizes and (abs(factor.value) != 1 or (factor.powers and not self.units)):
            self.sizes[Factor(abs(factor.value), factor.powers)] = None
            self.consistent &= abs(factor.value) == 1 or (bool(factor.powers) and not self.units)
        if signs:
            row = sum(1 << place for place, e in factor.powers if e % 2) << 1 | (factor.value < 0)
            for head, other in self.signs.items():
                row ^= other if row >> head & 1 else 0
            self.consistent &= row != 1
            if row > 1:
                head = row.bit_length() - 1
                self.signs = {h: r ^ row if r >> head & 1 else r for h, r in self.signs.items()} | {head: row}
        return self.consistent

    def solution(self) -> tuple[Fraction, ...] | None:
        """Some t."""
        if not self.consistent:
            return None
        values = [Fraction(-1 if self.signs.get(i + 1, 0) & 1 else 1) for i in range(self.unknowns)]
        primes = {p for f in self.sizes for p in (*_primes(f.value.numerator), *_primes(f.value.denominator))}
        rows = [[Fraction(dict(f.powers).get(i, 0)) for i in range(self.unknowns)] for f in self.sizes]
        for p in sorted(primes):
            found = affine_solutions(rows, [Fraction(-_valuation(f.value, p)) for f in self.sizes])
            if found is None or any(x.denominator > 1 for x in found[0]):
                return None
            values = [v * Fraction(p) ** int(x) for v, x in zip(values, found[0], strict=True)]
        return tuple(values) if all(self._holds(f, values) for f in self.sizes) else None

    def _holds(self, factor: Factor, values: Sequence[Fraction]) -> bool:
        result = factor.value
        for place, e in factor.powers:
            result *= abs(values[place]) ** e
        return result == 1


def _primes(value: int) -> Iterable[int]:
    """The prime factors up to `LARGEST_PRIME`."""
    p = 2
    while value > 1 and p <= LARGEST_PRIME:
        if value % p:
            p += 1
            continue
        yield p
        while value % p == 0:
            value //= p


def _valuation(value: Fraction, prime: int) -> int:
    count, top, bottom = 0, value.numerator, value.denominator
    while top % prime == 0:
        top, count = top // prime, count + 1
    while bottom % prime == 0:
        bottom, count = bottom // prime, count - 1
    return count
