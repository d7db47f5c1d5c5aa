"""Built-in meta-problems, by name.  One family a file; a builder takes dimension, number of tasks and inner steps."""

from __future__ import annotations

from collections.abc import Callable

from ..problems import LEARNERS, MetaProblem
from ..terms import IllFormed
from .bases.quadratic import quadratic

BASES: dict[str, Callable[[int, int], MetaProblem]] = {"quadratic": quadratic}


def build(name: str, base: str = "quadratic", dim: int = 1, tasks: int = 2, steps: int = 1) -> MetaProblem:
    """The learner `name` (`plain` or `maml`, with the symbolic rate `alpha`) on the losses of `base`.

    Raises `IllFormed` for an unknown name or a size below 1.
    """
    from ..terms import symbol

    if name not in LEARNERS:
        raise IllFormed(f"there is no model {name!r}; there are {', '.join(LEARNERS)}")
    if base not in BASES:
        raise IllFormed(f"there is no base {base!r}; there are {', '.join(BASES)}")
    if dim < 1 or tasks < 1:
        raise IllFormed(f"dimension {dim} and {tasks} tasks: both must be at least 1")
    problem = BASES[base](dim, tasks)
    return problem if name == "plain" else problem.adapted(name, rate=symbol("alpha"), steps=steps)
