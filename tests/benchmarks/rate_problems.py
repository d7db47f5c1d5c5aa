"""Rates of gradient methods: claims about all problems in every dimension, each with its numbers.

The function is mu-strongly convex (`mu` None: perhaps not convex) with an ell-Lipschitz gradient (`ell` None: perhaps none).
`final` after the steps is at most `constant` times `initial` before them: the squared distance to a minimiser, the value above
the minimum, the squared norm of the gradient; with "pair" the squared distance of two points moved by the inner loop of MAML.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

NAMES = ("x", "y", "z", "w", "u", "v")


@dataclass(frozen=True)
class Rate:
    mu: Fraction | None
    ell: Fraction | None
    steps: tuple[Fraction, ...]
    initial: str
    final: str
    constant: Fraction
    proximal: bool = False

    @property
    def claim(self) -> str:
        given = f"whole{self.hypothesis} =>"
        if self.initial == "pair":
            ends = " - ".join((_inner("x", self.steps), f"({_inner('y', self.steps)})"))
            return f"{given} forall t in tasks: forall x, y in Rn: norm2({ends}) <= {self.constant}*norm2(x - y)"
        names = NAMES[: len(self.steps) + 1]
        at = names[1:] if self.proximal else names
        moves = [f"{y} = {x} - {s}*grad F({p})" for x, y, p, s in zip(names, names[1:], at, self.steps, strict=False)]
        measure = {"distance": "norm2({} - a)", "value": "(F({}) - F(a))", "gradient": "norm2(grad F({}))"}
        last, first = measure[self.final].format(names[-1]), measure[self.initial].format("x")
        facts = " & ".join(["grad F(a) = zero", *moves])
        return f"{given} forall a, {', '.join(names)} in Rn: {facts} => {last} <= {self.constant}*{first}"

    @property
    def hypothesis(self) -> str:
        f, every = ("L(t, {})", "forall t in tasks: ") if self.initial == "pair" else ("F({})", "")
        x, y = f.format("x"), f.format("y")
        convex = f" & ({every}forall x, y in Rn: {y} >= {x} + dot(grad {x}, y - x) + {self.mu}/2*norm2(y - x))"
        smooth = f" & ({every}forall x, y in Rn: norm2(grad {x} - grad {y}) <= ({self.ell})^2*norm2(x - y))"
        return (convex if self.mu is not None else "") + (smooth if self.ell is not None else "")


def _inner(x: str, steps: tuple[Fraction, ...]) -> str:
    """The point after gradient steps on L_t from x."""
    for step in steps:
        x = f"{x} - {step}*grad L(t, {x})"
    return x


def rate(
    mu: int | str | None, ell: int | str | None, steps: str, measures: str, constant: str, *, proximal: bool = False
) -> Rate:
    initial, final = (measures.split() * 2)[:2]
    bounds = (None if b is None else Fraction(b) for b in (mu, ell))
    return Rate(*bounds, tuple(map(Fraction, steps.split())), initial, final, Fraction(constant), proximal)


TIGHT = {
    "gradient step, distance": rate(1, 4, "1/4", "distance", "9/16"),
    "best step, distance": rate(1, 4, "2/5", "distance", "9/25"),
    "long step, distance": rate(1, 4, "9/20", "distance", "16/25"),
    "gradient step, value": rate(1, 4, "1/4", "value", "9/16"),
    "best step, value": rate(1, 4, "2/5", "value", "9/25"),
    "gradient step, gradient": rate(1, 4, "1/4", "gradient", "9/16"),
    "other numbers, value": rate("7/3", "103/12", "144/2575", "value", "5013121/6630625"),
    "one step, convex": rate(0, 1, "1", "distance value", "1/6"),
    "two steps, convex": rate(0, 1, "1 1", "distance value", "1/10"),
    "three steps, convex": rate(0, 1, "1 1 1", "distance value", "1/14"),
    "five steps, convex": rate(0, 1, "1 1 1 1 1", "distance value", "1/22"),
    "two steps, convex, gradient": rate(0, 1, "1 1", "value gradient", "2/5"),
    "three best steps, distance": rate(1, 4, "2/5 2/5 2/5", "distance", "729/15625"),
    "two short steps, convex": rate(0, 1, "1/2 1/2", "distance value", "1/6"),
    "two long steps, convex": rate(0, 1, "3/2 3/2", "distance value", "1/14"),
    "eta ell = 2": rate(0, 4, "1/2", "distance", "1"),
    "mu = ell": rate(2, 2, "1/4", "distance", "1/4"),
    "proximal step, distance": rate(1, None, "1/2", "distance", "4/9", proximal=True),
    "proximal step, value": rate(0, None, "3", "distance value", "1/12", proximal=True),
    "two proximal steps, value": rate(0, None, "3 3", "distance value", "1/24", proximal=True),
    "inner loop of MAML": rate(1, 4, "1/4", "pair", "9/16"),
    "two inner steps of MAML": rate(1, 4, "1/4 1/4", "pair", "81/256"),
    "inner loop, not convex": rate(None, 4, "1/4", "pair", "4"),
}
"""The constants are the best ones: of one step on a strongly convex function max(1 - eta mu, eta ell - 1)^2, of k gradient steps
on a convex one ell/(4 k eta ell + 2) (Drori, Teboulle 2014), of k proximal steps 1/(4 k eta)."""

FALSE = {
    "gradient step, distance": rate(1, 4, "1/4", "distance", "561/1000"),
    "best step, distance": rate(1, 4, "2/5", "distance", "359/1000"),
    "long step at the rate of short ones": rate(1, 4, "9/20", "distance", "121/400"),
    "gradient step, value": rate(1, 4, "1/4", "value", "561/1000"),
    "best step, value": rate(1, 4, "2/5", "value", "35/100"),
    "gradient step, gradient": rate(1, 4, "1/4", "gradient", "14/25"),
    "other numbers, value": rate("7/3", "103/12", "144/2575", "value", "5013120/6630625"),
    "one step, convex": rate(0, 1, "1", "distance value", "199/1200"),
    "two steps, convex": rate(0, 1, "1 1", "distance value", "99/1000"),
    "three steps, convex": rate(0, 1, "1 1 1", "distance value", "1/15"),
    "five steps, convex": rate(0, 1, "1 1 1 1 1", "distance value", "1/23"),
    "two steps, convex, gradient": rate(0, 1, "1 1", "value gradient", "39/100"),
    "three best steps, distance": rate(1, 4, "2/5 2/5 2/5", "distance", "728/15625"),
    "two short steps, convex": rate(0, 1, "1/2 1/2", "distance value", "4/25"),
    "two long steps, convex": rate(0, 1, "3/2 3/2", "distance value", "1/15"),
    "eta ell > 2": rate(0, 4, "51/100", "distance", "1"),
    "mu = ell": rate(2, 2, "1/4", "distance", "24/100"),
    "proximal step, distance": rate(1, None, "1/2", "distance", "44/100", proximal=True),
    "proximal step, value": rate(0, None, "3", "distance value", "1/13", proximal=True),
    "two proximal steps, value": rate(0, None, "3 3", "distance value", "1/25", proximal=True),
    "inner loop of MAML": rate(1, 4, "1/4", "pair", "1/2"),
    "two inner steps of MAML": rate(1, 4, "1/4 1/4", "pair", "80/256"),
    "inner loop, not convex": rate(None, 4, "1/4", "pair", "39/10"),
}
