"""Task laws with exact moments.

A law is finite (tasks are listed, each with its weight) or the law of a random vector of named task variables: Gaussian
with any rational covariance, uniform on a rational box, a mixture of such laws, or a product of independent ones.
`moment({x: a, y: b})` is E x^a y^b, a rational number; what is infinite, or not rational, is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, final

from ..problems import MetaProblem, exact
from ..symbols import symbol_names
from ..terms import NAME, IllFormed
from .semidefinite import Matrix, negative_direction, quadratic_form

Box = tuple[tuple[Fraction, Fraction], ...]

HIGHEST = 200
"""Moments of a higher order are refused."""
MOST_MOMENTS = 200_000
"""A Gaussian moment is refused that needs more moments of lower order; so many take about a second."""


@final
@dataclass(frozen=True, slots=True)
class FiniteLaw:
    """Task t has probability `weights[t]`: rational, positive, of sum 1.  It has no task variables."""

    weights: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", _weights(self.weights))

    @property
    def variables(self) -> tuple[str, ...]:
        return ()

    def moment(self, exponents: Mapping[str, int]) -> Fraction:
        """1, the moment of order 0; raises `IllFormed` for a variable."""
        _ordered((), exponents)
        return Fraction(1)


@final
@dataclass(frozen=True, slots=True)
class GaussianLaw:
    """N(mean, covariance) of the `variables`; the covariance is rational, symmetric and positive semidefinite."""

    variables: tuple[str, ...]
    mean: tuple[Fraction, ...]
    covariance: Matrix

    def __post_init__(self) -> None:
        names = _variables(self.variables)
        mean = tuple(exact(m, "a mean") for m in _listed(self.mean, "the mean"))
        listed = [_listed(row, "a row of the covariance") for row in _listed(self.covariance, "the covariance")]
        rows = tuple(tuple(exact(c, "a covariance") for c in row) for row in listed)
        if len(mean) != len(names) or len(rows) != len(names) or any(len(row) != len(names) for row in rows):
            raise IllFormed(
                f"{len(names)} variables disagree with a mean of {len(mean)} entries"
                f" and a covariance with rows of {[len(row) for row in rows]} entries"
            )
        for i, row in enumerate(rows):
            for j, entry in enumerate(row[:i]):
                if entry != rows[j][i]:
                    raise IllFormed(
                        f"the covariance is not symmetric: {entry} for {names[i]}, {names[j]} and {rows[j][i]} the other way"
                    )
        if (direction := negative_direction(rows)) is not None:
            combination = " + ".join(f"({c})*{name}" for c, name in zip(direction, names, strict=True) if c)
            variance = quadratic_form(rows, direction)
            raise IllFormed(f"the covariance is not positive semidefinite: {combination} would have the variance {variance}")
        _put(self, variables=names, mean=mean, covariance=rows)

    def moment(self, exponents: Mapping[str, int]) -> Fraction:
        """E x^a, by E x_i x^a = m_i E x^a + sum_j C_ij a_j E x^a/x_j (Isserlis 1918, Stein's identity)."""
        powers = _ordered(self.variables, exponents)
        if prod(power + 1 for power in powers) > MOST_MOMENTS:
            raise IllFormed(f"the Gaussian moment of the powers {list(powers)} needs more than {MOST_MOMENTS} others")
        return _gaussian_moment(self, powers, {})


@final
@dataclass(frozen=True, slots=True)
class UniformLaw:
    """The uniform law on a box of positive volume: `box[i]` = (lower, upper) for the variable i, independent of the others."""

    variables: tuple[str, ...]
    box: Box

    def __post_init__(self) -> None:
        names = _variables(self.variables)
        listed = [_listed(side, "a side of the box") for side in _listed(self.box, "the box")]
        sides = [tuple(exact(a, "a bound") for a in side) for side in listed]
        if len(sides) != len(names) or any(len(side) != 2 for side in sides):
            raise IllFormed(f"{len(names)} variables disagree with a box of {len(sides)} sides, each a lower and an upper bound")
        box = tuple((side[0], side[1]) for side in sides)
        for name, (lower, upper) in zip(names, box, strict=True):
            if lower >= upper:
                raise IllFormed(f"the box is empty or flat: {name} between {lower} and {upper}")
        _put(self, variables=names, box=box)

    def moment(self, exponents: Mapping[str, int]) -> Fraction:
        """prod_i E x_i^a_i; raises `IllFormed` for 1/x_i and, where the side contains 0, for every negative power."""
        powers = _ordered(self.variables, exponents, negative=True)
        triples = zip(self.variables, powers, self.box, strict=True)
        return prod((_uniform_moment(name, power, *side) for name, power, side in triples), start=Fraction(1))


@final
@dataclass(frozen=True, slots=True)
class ProductLaw:
    """Independent random vectors, each with its law; no two of them share a variable."""

    laws: tuple[Law, ...]

    def __post_init__(self) -> None:
        _put(self, laws=tuple(_listed(self.laws, "the factors")))
        _check_components(self.laws, "product")
        _variables(self.variables)

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(name for law in self.laws for name in law.variables)

    def moment(self, exponents: Mapping[str, int]) -> Fraction:
        """The product of the moments of the factors."""
        _ordered(self.variables, exponents, negative=True)
        parts = ((law, {v: exponents[v] for v in law.variables if v in exponents}) for law in self.laws)
        return prod((law.moment(part) for law, part in parts), start=Fraction(1))


@final
@dataclass(frozen=True, slots=True)
class MixtureLaw:
    """sum_k weights[k] laws[k]: the law k is drawn with its weight, then the vector from it; all have the same variables."""

    weights: tuple[Fraction, ...]
    laws: tuple[Law, ...]

    def __post_init__(self) -> None:
        _put(self, weights=_weights(self.weights), laws=tuple(_listed(self.laws, "the components")))
        _check_components(self.laws, "mixture")
        if len(self.laws) != len(self.weights):
            raise IllFormed(f"{len(self.weights)} weights disagree with {len(self.laws)} laws")
        for law in self.laws[1:]:
            if set(law.variables) != set(self.variables):
                raise IllFormed(f"the laws of a mixture are of {list(self.variables)} and of {list(law.variables)}")

    @property
    def variables(self) -> tuple[str, ...]:
        return self.laws[0].variables

    def moment(self, exponents: Mapping[str, int]) -> Fraction:
        """The weighted mean of the moments of the components."""
        pairs = zip(self.weights, self.laws, strict=True)
        return sum((weight * law.moment(exponents) for weight, law in pairs), start=Fraction(0))


Law = FiniteLaw | GaussianLaw | UniformLaw | MixtureLaw | ProductLaw
LAWS = (FiniteLaw, GaussianLaw, UniformLaw, MixtureLaw, ProductLaw)


def finite_law(parameters: Any, losses: Iterable[Any], rate: Any = None) -> MetaProblem:
    """Equally likely tasks on R^n."""
    listed = tuple(losses)
    return MetaProblem(parameters, listed, tuple(Fraction(1, len(listed)) for _ in listed), rate=rate)


def uniform_weights(number: int) -> FiniteLaw:
    """`number` equally likely tasks.  Raises `IllFormed` below 1."""
    if type(number) is not int or number < 1:
        raise IllFormed(f"a law of {number!r} tasks: there must be at least 1")
    return FiniteLaw((Fraction(1, number),) * number)


def point_law(variables: Any, point: Sequence[Any]) -> GaussianLaw:
    """The variables have the values of `point` with probability 1; N(point, 0)."""
    names = symbol_names(variables)
    return GaussianLaw(names, tuple(point), ((Fraction(0),) * len(names),) * len(names))


def discrete_law(variables: Any, points: Iterable[Sequence[Any]], weights: Iterable[Any]) -> MixtureLaw:
    """The variables have the values of points[k] with probability weights[k]."""
    return MixtureLaw(tuple(weights), tuple(point_law(variables, point) for point in points))


def gaussian_law(variables: Any, mean: Sequence[Any], variances: Sequence[Any]) -> GaussianLaw:
    """Independent Gaussian variables, by their means and variances."""
    diagonal = tuple(exact(v, "a variance") for v in variances)
    rows = tuple(tuple(v if i == j else Fraction(0) for j in range(len(diagonal))) for i, v in enumerate(diagonal))
    return GaussianLaw(symbol_names(variables), tuple(mean), rows)


def _listed(value: Any, what: str) -> Iterable[Any]:
    if not isinstance(value, Iterable) or isinstance(value, str):
        raise IllFormed(f"{what} is {value!r}, no list")
    return value


def _put(law: object, **fields: object) -> None:
    for name, value in fields.items():
        object.__setattr__(law, name, value)


def _weights(values: Iterable[Any]) -> tuple[Fraction, ...]:
    weights = tuple(exact(w, "a weight") for w in _listed(values, "the law's weights"))
    if not weights or any(w <= 0 for w in weights):
        raise IllFormed(f"the weights {[str(w) for w in weights]} are none, or not all positive")
    if sum(weights) != 1:
        raise IllFormed(f"the weights {[str(w) for w in weights]} have the sum {sum(weights)}, not 1")
    return weights


def _variables(symbols: Any) -> tuple[str, ...]:
    names = symbol_names(symbols)
    if not names or len(set(names)) != len(names):
        raise IllFormed(f"the task variables {list(names)} are none, or repeat a name")
    if strange := [name for name in names if not NAME.match(name)]:
        raise IllFormed(f"{strange[0]!r} is no name of a task variable")
    return names


def _check_components(laws: tuple[Any, ...], kind: str) -> None:
    if not laws:
        raise IllFormed(f"a {kind} of no laws")
    for law in laws:
        if type(law) not in LAWS:
            raise IllFormed(f"{law!r} in a {kind} is a {type(law).__name__}, no law")
        if type(law) is FiniteLaw:
            raise IllFormed(f"a finite law lists tasks and has no variables, so it is no part of a {kind}; use `discrete_law`")


def _ordered(variables: tuple[str, ...], exponents: Mapping[str, int], negative: bool = False) -> tuple[int, ...]:
    """The exponents in the order of the variables.  Raises `IllFormed` for another variable or an exponent out of range."""
    for name, power in exponents.items():
        if name not in variables:
            raise IllFormed(f"{name} is none of the task variables {list(variables)}")
        if type(power) is not int or abs(power) > HIGHEST:
            raise IllFormed(f"the moment of {name} to the power {power!r}: a power is an integer of size at most {HIGHEST}")
        if power < 0 and not negative:
            raise IllFormed(f"the mean of {name}^({power}) is no moment: under a Gaussian law it is infinite or unknown")
    if sum(map(abs, exponents.values())) > HIGHEST:
        raise IllFormed(f"a moment of order {sum(map(abs, exponents.values()))}: the order is at most {HIGHEST}")
    return tuple(exponents.get(name, 0) for name in variables)


def _gaussian_moment(law: GaussianLaw, powers: tuple[int, ...], known: dict[tuple[int, ...], Fraction]) -> Fraction:
    if powers in known:
        return known[powers]
    i = next((k for k, power in enumerate(powers) if power), None)
    if i is None:
        return Fraction(1)
    rest = _lowered(powers, i)
    result = law.mean[i] * _gaussian_moment(law, rest, known) if law.mean[i] else Fraction(0)
    for j, power in enumerate(rest):
        if power and law.covariance[i][j]:
            result += law.covariance[i][j] * power * _gaussian_moment(law, _lowered(rest, j), known)
    known[powers] = result
    return result


def _lowered(powers: tuple[int, ...], place: int) -> tuple[int, ...]:
    return (*powers[:place], powers[place] - 1, *powers[place + 1 :])


def _uniform_moment(name: str, power: int, lower: Fraction, upper: Fraction) -> Fraction:
    """(upper^(k+1) - lower^(k+1)) / ((k+1)(upper - lower)); k != -1, and k >= 0 or 0 outside the side."""
    if power < 0 and lower <= 0 <= upper:
        raise IllFormed(f"the mean of {name}^({power}) is infinite: 0 lies between {lower} and {upper}")
    if power == -1:
        raise IllFormed(
            f"the mean of {name}^(-1) between {lower} and {upper} is log({upper / lower})/{upper - lower}, not rational"
        )
    return (upper ** (power + 1) - lower ** (power + 1)) / ((power + 1) * (upper - lower))
