"""Meta-objectives by name: a method of meta-learning on the losses of a base learner."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..terms import IllFormed

if TYPE_CHECKING:
    from .methods import Objective


def build(name: str, base: str = "quadratic", dim: int = 1, tasks: int = 2, steps: int = 1) -> Objective:
    """The method `name` (see `METHODS`) with symbolic rates on `tasks` tasks of the base learner `base` (see `BASES`).

    Raises `IllFormed` for an unknown name, a size below 1, a negative number of steps, or a base that the method does not
    take (one whose inner problem must be quadratic, say).
    """
    from .bases import BASES
    from .methods import METHODS

    for word, what, known in ((name, "method", METHODS), (base, "base", BASES)):
        if word not in known:
            near = get_close_matches(word, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
            raise IllFormed(f"there is no {what} {word!r}{hint}")
    if dim < 1 or tasks < 1:
        raise IllFormed(f"dimension {dim} and {tasks} tasks: both must be at least 1")
    if steps < 0:
        raise IllFormed(f"{steps} is no number of inner steps")
    return METHODS[name].build(BASES[base](dim, tasks), steps)
