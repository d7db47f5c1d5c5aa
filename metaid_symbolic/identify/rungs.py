"""The rungs of the ladder of identifiability: condition codes and nothing else, each with a verdict and what it rests on.

local LPROF, weak WEAK, strong UNIQ, global PROF.  A verdict is the kernel's where it decided the claim; otherwise it is that of
the exact checks of this folder (`grade` says which).  WEAK and UNIQ of a model are those of the squared distance to the
observations of a point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import final

from ..verdicts import Result
from .fibres import Fibre
from .null_vectors import NullVector
from .observing import Observed
from .points import Point, PointRank
from .ranks import GenericRank

CODES = {"local": "LPROF", "weak": "WEAK", "strong": "UNIQ", "global": "PROF"}
"""The rungs from the lowest."""
TRUTH = {True: "proved", False: "refuted", None: "undecided"}


MEANT = {
    "LPROF": ("nearby points are told apart", "nearby points are not told apart", "are nearby points told apart?"),
    "WEAK": (
        "the mean loss has a minimiser, and all have the same losses",
        "the mean loss has no minimiser, or minimisers with different losses",
        "do all minimisers of the mean loss have the same losses?",
    ),
    "UNIQ": (
        "the mean loss has exactly one minimiser",
        "the mean loss has no minimiser, or more than one",
        "has the mean loss exactly one minimiser?",
    ),
    "PROF": (
        "no two points have the same observations",
        "there are two points with the same observations",
        "no two points with the same observations are known, and there is no proof that there are none",
    ),
}
"""What it means that the kernel proved, that it refuted, or that nobody decided a rung."""


@final
@dataclass(frozen=True)
class Rung:
    """`grade` is `kernel` where the kernel accepted a certificate for the claim of this name, `identify` where the verdict rests
    on a minor modulo a prime, an identity checked by FLINT, or an exact count, which the kernel has not seen."""

    name: str
    code: str
    verdict: str
    words: str
    grade: str = ""
    result: Result | None = None


@final
@dataclass(frozen=True)
class Findings:
    """What the rungs are read from; `pair`: two points with the same observations; `own`: a meta-problem was given."""

    seen: Observed
    rank: GenericRank
    null: tuple[NullVector, ...]
    point: Point | None
    pair: tuple[Point, Point] | None
    fibre: Fibre | None
    own: bool


def rungs(found: Findings, results: Mapping[str, Result]) -> tuple[Rung, ...]:
    """The four rungs, from the lowest; `results` are those of the claims `local`, `weak`, `strong`, `global`."""
    believed = {"local": _local(found), "weak": _weak(found), "strong": _strong(found), "global": _global(found)}
    return tuple(_rung(name, *believed[name], results.get(name)) for name in CODES)


def _rung(name: str, truth: bool | None, words: str, result: Result | None) -> Rung:
    kernel, (holds, fails, unknown) = None if result is None else result.verdict.truth, MEANT[CODES[name]]
    if kernel is None:
        return Rung(name, CODES[name], TRUTH[truth], words or unknown, "identify" if truth is not None else "", result)
    if truth is not None and truth != kernel:
        raise RuntimeError(f"the kernel and identify disagree on {CODES[name]}: a defect")
    return Rung(name, CODES[name], TRUTH[kernel], words if truth is not None else holds if kernel else fails, "kernel", result)


def at_this_point(rank: PointRank, generic: GenericRank, result: Result | None) -> Rung:
    """LPROF at a point: by full rank; refuted where the generic rank is smaller than the number of parameters."""
    n, where = generic.parameters, f"({_shown(rank.point)})"
    truth, words = None, f"the rank drops to {rank} at {where}, which decides nothing (x^3 is injective, x^2 is not)"
    if rank.lower == n:
        truth, words = True, f"the rank at {where} is {n}, that of an immersion"
    elif generic.upper < n:
        truth, words = (
            False,
            f"the rank is at most {generic.upper} < {n} everywhere, so no neighbourhood of {where} is told apart",
        )
    rung = _rung("local", truth, words, result)
    return replace(rung, name="local at the point")


def _local(found: Findings) -> tuple[bool | None, str]:
    rank = found.rank
    if rank.lower == rank.parameters:
        where = (
            "on an open set of regions of relus" if "relu" in found.seen.functions else "at every point where the minor is not 0"
        )
        return True, f"generic rank {rank} of {rank.parameters}: {where}"
    if rank.upper < rank.parameters:
        return False, f"generic rank {rank} of {rank.parameters}: at no point"
    return None, f"generic rank {rank} of {rank.parameters}: the gap is open"


def _weak(found: Findings) -> tuple[bool | None, str]:
    if found.own:
        return None, ""
    spanned = found.rank.certain and len(found.null) == found.rank.parameters - found.rank.lower > 0
    settled = "; near a generic point they are one orbit of the flows of the null directions" if spanned else ""
    return True, f"all minimisers of the squared distance have the observations of the point{settled}"


def _strong(found: Findings) -> tuple[bool | None, str]:
    if found.own:
        return None, ""
    if found.pair is not None:
        return False, f"({_shown(found.pair[1])}) has the observations of ({_shown(found.pair[0])})"
    if found.rank.upper < found.rank.parameters:
        return False, "fibres are of positive dimension"
    if found.fibre is not None and found.fibre.real_points is not None:
        return found.fibre.real_points == 1, f"{found.fibre.words} at ({_shown(found.fibre.point)})"
    return None, "the fibre is not counted"


def _global(found: Findings) -> tuple[bool | None, str]:
    if found.pair is not None:
        return False, f"({_shown(found.pair[0])}) and ({_shown(found.pair[1])}) cannot be told apart"
    if found.rank.upper < found.rank.parameters:
        return False, "no neighbourhood is told apart"
    if found.fibre is not None and (found.fibre.real_points or 0) > 1:
        return False, f"{found.fibre.words} at ({_shown(found.fibre.point)})"
    return None, ""


def _shown(point: Point) -> str:
    return ", ".join(map(str, point))
