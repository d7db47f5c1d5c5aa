"""What a user calls: check, recheck, derive, identify."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .pipeline import Options, Report, examine
from .pool import Limits
from .problems import MetaProblem
from .recheck import Replayed, replay
from .store.loading import Loaded, in_memory, load
from .store.locating import folder_of, locate, nearest
from .theory import Theory

if TYPE_CHECKING:
    from .models.implicit import ImplicitObjective
    from .models.objective import MetaObjective, UpdateField


class NoSuchClaim(LookupError):
    """There is no claim or step of this name; the message gives the nearest."""


def opened(theory: str | Path | Theory) -> Loaded:
    """The theory at a path (see `locate`), or a `Theory` made in Python."""
    return in_memory(theory) if isinstance(theory, Theory) else load(locate(str(theory)))


def selected(loaded: Loaded, ids: Iterable[str] = (), step: str = "") -> list[str]:
    """The ids meant: each given one, or all that begin with `given/`; of one step if it is named; in the theory's order.

    Raises `NoSuchClaim`; its message names the modules of the theory that did not load.
    """
    claims = loaded.theory.claims
    unread = "".join(f"; {problem}" for problem in loaded.problems)
    steps = {c.step for c in claims.values()}
    if step and step not in steps:
        raise NoSuchClaim(f"no step {step!r} in {loaded.theory.name}{nearest(step, steps)}{unread}")
    wanted = set()
    for name in ids:
        found = {i for i in claims if i == name or i.startswith(name.rstrip("/") + "/")}
        if not found:
            raise NoSuchClaim(f"no claim {name!r} in {loaded.theory.name}{nearest(name, claims)}{unread}")
        wanted |= found
    of_file = {i for i, c in claims.items() if not loaded.module or c.place.partition(":")[0] == loaded.module}
    return [i for i in claims if (i in wanted if wanted else i in of_file) and step in ("", claims[i].step)]


def check(
    theory: str | Path | Theory = "",
    ids: Iterable[str] = (),
    *,
    step: str = "",
    timeout: float = Limits().seconds,
    jobs: int = 0,
    force: bool = False,
    blind: bool = False,
) -> Report:
    """Searches, certifies and reports the claims of a theory, given by its path or as a `Theory`."""
    loaded = opened(theory)
    options = Options(Limits(timeout, jobs=jobs), blind=blind, force=force)
    return examine(loaded, selected(loaded, ids, step), options)


def recheck(theory: str | Path = "", backend: str = "python") -> tuple[Replayed, ...]:
    """Replays the stored certificates of the theory at a path with the kernel alone."""
    return tuple(replay(folder_of(locate(str(theory))), backend))


def derive(problem: MetaProblem | MetaObjective | UpdateField | ImplicitObjective) -> Any:
    """The objective of a meta-problem or meta-objective with its gradient, Hessian and Fisher matrix; the field of an update
    field with its Jacobian, fixed points, and objective if it has one."""
    from .calculus.derive import derive as derived

    return derived(problem)


def identify(model: Any, *, at: Any = None, check: bool = True, timeout: float = 10.0, degree: int = 2, jobs: int = 0) -> Any:
    """What can be identified of a model, meta-problem or meta-objective, how strongly, and by what certificate.

    `at`: a rational point, for a verdict there; `check`: whether claims are put to the kernel, with `timeout` seconds for each;
    `degree`: of the polynomial vector fields that are looked for.  Raises `IllFormed` for input that does not fit.
    """
    from .identify.identifying import Wanted, identification

    return identification(model, at, Wanted(check, timeout, degree, jobs))
