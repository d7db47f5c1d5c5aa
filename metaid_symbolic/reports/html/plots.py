"""Pictures of counterexamples in one and two dimensions: losses, objective, minimisers, the point, null directions.

Matplotlib draws them from doubles; they illustrate, the exact numbers stand beside them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

from ...calculus.minimisers import Minimisers, minimisers
from ...certificates import Certificate, Instance, Instances, Pair
from ...kernel import objectives
from ...kernel.unfold import Reading
from ...problems import MetaProblem
from ...search.problems.numeric import numeric
from ...terms import Term, symbol
from ..evaluation import UNREADABLE, rational_point, value_of

INK = "#010203"
"""What matplotlib draws in this colour takes the colour of the text around it."""
STYLES = (("#0072B2", "--"), ("#D55E00", "-."), ("#009E73", ":"), ("#CC79A7", (0, (5, 1))), ("#56B4E9", (0, (3, 1, 1, 1))))
CURVE, GRID, LEVELS = 241, 61, 14
Point = tuple[Fraction, ...]


class Unplotted(ValueError):
    """There is no picture, and the message says why."""


def available() -> bool:
    """Whether matplotlib is installed."""
    import importlib.util

    return importlib.util.find_spec("matplotlib") is not None


def problems(certificate: Certificate) -> list[tuple[MetaProblem, Point]]:
    """The problems with their points that a certificate exhibits and that have one or two parameters and no noise."""
    match certificate:
        case Instance(problem, point):
            found = [(problem, point)]
        case Instances(instances):
            found = [(one.problem, one.point) for one in instances]
        case Pair(first, first_point, second, second_point):
            found = [(first, first_point), (second, second_point)]
        case _:
            found = []
    return [(p, x) for p, x in found if p.dimension <= 2 and not p.noise and (p.rate is None or p.rate.head == "num")]


def picture(problem: MetaProblem, point: Point, name: str) -> str:
    """An SVG element whose ids begin with `name`.  Raises `Unplotted` where the losses have no finite values."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": name, "font.size": 9, "font.family": "sans-serif"}
    colours: Any = dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK)
    with rc_context({**settings, **colours}):
        figure = Figure(figsize=(4.4, 3.2))
        figure.subplots_adjust(left=0.13, right=0.97, top=0.97, bottom=0.28)
        figure.patch.set_alpha(0.0)
        axes = figure.add_subplot()
        axes.patch.set_alpha(0.0)
        axes.locator_params(nbins=5)
        (_curves if problem.dimension == 1 else _landscape)(axes, problem, point)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3, frameon=False, fontsize=8)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return _embedded(stream.getvalue(), name)


def _embedded(svg: str, name: str) -> str:
    """The element alone, with ids of its own, drawn in the colour of the text, as wide as its place."""
    inside = svg[svg.index("<svg") :]
    inside = re.sub(r"<metadata>.*?</metadata>", "", inside, flags=re.DOTALL).replace(INK, "currentColor")
    inside = re.sub(r'\b(id=")', rf"\g<1>{name}-", inside)
    inside = re.sub(r"(url\(#|href=\"#)", rf"\g<1>{name}-", inside)
    inside = re.sub(r' (xmlns(:xlink)?|version)="[^"]*"', "", inside).replace("xlink:href", "href")
    inside = re.sub(
        r'width="[^"]*pt" height="[^"]*pt"|height="[^"]*pt"( viewBox="[^"]*") width="[^"]*pt"', r"\g<1>", inside, count=1
    )
    return inside.replace("<svg", '<svg class="plot" role="img" aria-label="Plot of the counterexample"', 1)


def _values(term: Term, problem: MetaProblem, places: Sequence[Any]) -> Any:
    """The values at many places at once; NaN where there is none, and outside of Phi."""
    import numpy as np

    with np.errstate(all="ignore"):
        found = np.broadcast_to(numeric(term, problem.parameters)(places), places[0].shape).astype(float)
        for constraint in problem.constraints:
            low, high = (numeric(side, problem.parameters)(places) for side in constraint.args)
            found = np.where(low <= high, found, np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def _objectives(problem: MetaProblem) -> list[tuple[str, Term]]:
    """F, and after an inner step F_MAML."""
    listed = [("F" if len(problem.losses) > 1 else "F = L₁", objectives.objective(problem, "F"))]
    if problem.rate is not None:
        with suppress(*UNREADABLE):
            listed.append(("F after an inner step", objectives.objective(problem, "F_MAML")))
    return listed


def _minimisers(problem: MetaProblem) -> Minimisers | None:
    """Those of F on R^n, where they are known."""
    return None if problem.constraints else minimisers(objectives.objective(problem, "F"), problem.parameters)


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = max(1.5, 0.75 * (high - low))
    return low - room, high + room


def _curves(axes: Any, problem: MetaProblem, point: Point) -> None:
    import numpy as np

    found = _minimisers(problem)
    known = [float(p[0]) for p in (found.points if found else ())]
    x = np.linspace(*_span([float(point[0]), *known]), CURVE)
    several = problem.losses if len(problem.losses) > 1 else ()
    for t, (loss, (colour, dash)) in enumerate(zip(several, STYLES, strict=False), start=1):
        axes.plot(x, _values(loss, problem, [x]), color=colour, linestyle=dash, linewidth=1.2, label=f"L{_below(t)}")
    drawn = []
    for (name, term), width in zip(_objectives(problem), (2.4, 1.6), strict=False):
        drawn.append(_values(term, problem, [x]))
        axes.plot(x, drawn[-1], color=INK, linewidth=width, linestyle="-" if width > 2 else (0, (2, 1)), label=name)
    seen = np.concatenate(drawn)
    seen = seen[np.isfinite(seen)]
    if not len(seen):
        raise Unplotted("the objective has no finite values near the point")
    low, high = float(seen.min()), float(np.quantile(seen, 0.92))
    axes.set_ylim(low - 0.15 * (high - low) - 0.1, high + 0.25 * (high - low) + 0.1)
    f = problem_value(problem)
    if known:
        axes.plot(
            known, [f([k]) for k in known], "*", color="#E69F00", markersize=10, markeredgecolor=INK, label="minimisers of F"
        )
    axes.plot([float(point[0])], [f([float(point[0])])], "o", color=INK, markersize=11, fillstyle="none", label="the point φ")
    axes.set_xlabel(problem.parameters[0])


def problem_value(problem: MetaProblem) -> Any:
    """F in doubles."""
    import numpy as np

    term = objectives.objective(problem, "F")
    return lambda place: float(_values(term, problem, [np.asarray([v]) for v in place])[0])


def _below(number: int) -> str:
    """Digits as subscripts; matplotlib's reader of formulas would take most of the time."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))


def _landscape(axes: Any, problem: MetaProblem, point: Point) -> None:
    import numpy as np

    found = _minimisers(problem)
    known = [tuple(map(float, p)) for p in (found.points if found else ())]
    at = tuple(map(float, point))
    spans = [_span([at[i], *(k[i] for k in known)]) for i in (0, 1)]
    x, y = np.meshgrid(*(np.linspace(*span, GRID) for span in spans))
    z = _values(objectives.objective(problem, "F"), problem, [x, y])
    if not np.isfinite(z).any():
        raise Unplotted("the objective has no finite values near the point")
    if np.nanmax(z) > np.nanmin(z):
        levels = np.unique(np.quantile(z[np.isfinite(z)], np.linspace(0.01, 0.95, LEVELS)))
        axes.contour(x, y, z, levels=levels, cmap="cividis", linewidths=1.0)
    for direction in found.directions if found else ():
        _line(axes, known[0], tuple(map(float, direction)), "#E69F00", "-", "minimisers of F")
    if known and found and not found.directions:
        axes.plot(
            *zip(*known, strict=True),
            "*",
            color="#E69F00",
            markersize=10,
            markeredgecolor=INK,
            linestyle="",
            label="minimisers of F",
        )
    matrices = (("kernel of ∇²F(φ)", Term("hess", ("F", symbol("phi"))), "#0072B2", "--"),
                ("kernel of I(φ)", Term("fisher", (symbol("phi"),)), "#D55E00", ":"))  # fmt: skip
    for label, matrix, colour, dash in matrices:
        if (null := _null_vector(problem, point, matrix)) is not None:
            _line(axes, at, null, colour, dash, label)
    axes.plot(*at, "o", color=INK, markersize=11, fillstyle="none", label="the point φ")
    axes.set_xlim(*spans[0])
    axes.set_ylim(*spans[1])
    axes.set_xlabel(problem.parameters[0])
    axes.set_ylabel(problem.parameters[1])


def _line(axes: Any, through: Sequence[float], along: Sequence[float], colour: str, dash: str, label: str) -> None:
    ahead = (through[0] + along[0], through[1] + along[1])
    axes.axline(tuple(through), ahead, color=colour, linestyle=dash, linewidth=1.6, label=label)


def _null_vector(problem: MetaProblem, point: Point, matrix: Term) -> tuple[float, float] | None:
    """A vector that spans the kernel of a rational 2 x 2 matrix of rank 1; None for other ranks and entries."""
    rows: Any = value_of(Reading(problem), matrix, {"phi": rational_point(point)})
    if rows is None or any(entry.head != "num" for row in rows for entry in row):
        return None
    (a, b), (c, d) = ((entry.args[0] for entry in row) for row in rows)
    if a * d != b * c or not any((a, b, c, d)):
        return None
    first = (-b, a) if a or b else (-d, c)
    return float(first[0]), float(first[1])
