"""A learned linear optimiser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from ...problems import MetaProblem
from ...terms import ZERO, IllFormed, Term, as_term, symbol, total
from ..composition import compose_all, gradient
from ..objective import Constant, MetaObjective, shown, symbols_of
from .adaptation import Descent, Point, Steps, adapted, moved, read_losses, read_steps

SOURCE = "Andrychowicz et al. 2016, Learning to learn by gradient descent by gradient descent"
Rows = tuple[tuple[Term, ...], ...]


@final
@dataclass(frozen=True)
class LinearOptimizer:
    """h <- A h + B g, theta <- theta + C h from h = 0: A is m x m, B is m x n, C is n x m.

    Gradient descent is A = 0, B = I, C = -alpha I; heavy ball is A = beta I, B = I, C = -alpha I.  Raises `IllFormed` when
    the shapes do not fit.
    """

    a: Rows
    b: Rows
    c: Rows

    def __post_init__(self) -> None:
        for name in ("a", "b", "c"):
            object.__setattr__(self, name, tuple(tuple(map(as_term, row)) for row in getattr(self, name)))
        m, n = len(self.a), len(self.c)
        for name, rows, shape in (("A", self.a, (m, m)), ("B", self.b, (m, n)), ("C", self.c, (n, m))):
            if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
                raise IllFormed(f"{name} has rows of {[len(r) for r in rows]} entries; {m} states, {n} coordinates need {shape}")

    @property
    def coordinates(self) -> int:
        return len(self.c)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols in the entries, in the order A, B, C, row by row."""
        entries = [entry for rows in (self.a, self.b, self.c) for row in rows for entry in row]
        return tuple(dict.fromkeys(name for entry in entries for name in sorted(symbols_of(entry))))


def linear_optimizer(states: int, coordinates: int) -> LinearOptimizer:
    """The optimiser whose entries are the symbols A_i_j, B_i_j, C_i_j."""

    def rows(name: str, height: int, width: int) -> Rows:
        return tuple(tuple(symbol(f"{name}_{i}_{j}") for j in range(1, width + 1)) for i in range(1, height + 1))

    if states < 1:
        raise IllFormed(f"an optimiser with {states} states: there must be at least 1")
    return LinearOptimizer(rows("A", states, states), rows("B", states, coordinates), rows("C", coordinates, states))


def learned_optimizer(
    tasks: MetaProblem | MetaObjective,
    *,
    optimizer: LinearOptimizer,
    constants: Sequence[Constant] = (),
    steps: Steps = 1,
    query: Iterable[Any] | None = None,
) -> MetaObjective:
    """F(phi, A, B, C) = E_t Q_t(theta_k) after k steps of the optimiser on S_t from theta = phi.

    The parameters are phi and then the symbols in A, B, C that are no `constants`.  (S A S^-1, S B, C S^-1) is the same
    optimiser for every invertible S.  Raises `IllFormed` as `maml` does.  Source: Andrychowicz et al. 2016.
    """
    base = MetaObjective.of(tasks)
    if optimizer.coordinates != base.dimension:
        raise IllFormed(f"an optimiser of {optimizer.coordinates} coordinates disagrees with {base.dimension} parameters")
    fixed = {c.name for c in constants}
    learned = tuple(name for name in optimizer.symbols if name not in fixed)
    if shared := sorted(set(learned) & {*base.parameters, *base.law.variables}):
        raise IllFormed(f"an entry of the optimiser depends on {shown(symbol(shared[0]))}, a parameter or task variable")
    whole = replace(base, parameters=(*base.parameters, *learned), constants=(*base.constants, *constants))
    outer = read_losses(base, query, "query losses")
    descents = [_path(losses, base.parameters, optimizer) for losses in read_steps(base, steps)]
    return adapted(whole, outer, descents, "learned-optimizer", SOURCE)


def _path(losses: Sequence[Term], names: Sequence[str], optimizer: LinearOptimizer) -> Descent:
    slopes = {loss: gradient(loss, names) for loss in dict.fromkeys(losses)}
    points: list[Point] = [{name: symbol(name) for name in names}]
    state: tuple[Term, ...] = (ZERO,) * len(optimizer.a)
    for loss in losses:
        here = points[-1]
        slope = compose_all(slopes[loss], here)
        pairs = zip(optimizer.a, optimizer.b, strict=True)
        state = compose_all([_dot(a, state) + _dot(b, slope) for a, b in pairs], {})
        points.append(moved(here, {name: _dot(c, state) for name, c in zip(names, optimizer.c, strict=True)}))
    return Descent(tuple(losses), tuple(points))


def _dot(row: Sequence[Term], vector: Sequence[Term]) -> Term:
    return total([a * b for a, b in zip(row, vector, strict=True)])
