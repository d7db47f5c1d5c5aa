"""Pictures of meta-problems: what is marked where, exactly, and that the file format is right."""

from __future__ import annotations

import re
from fractions import Fraction
from math import hypot
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest

from metaid_symbolic import MetaProblem, Theory, analysis, reals, search
from metaid_symbolic.reports.html.captions import caption
from metaid_symbolic.reports.html.levels import level_lines
from metaid_symbolic.reports.html.plane import Plane, thinned, ticks
from metaid_symbolic.reports.html.plots import Unplotted, orbit, pictures
from metaid_symbolic.reports.html.report import figure
from metaid_symbolic.reports.html.scenes import Scene, kernel, scene, scenes
from metaid_symbolic.terms import less, number, symbol

x, y, z = reals("x y z")
HALF = "1/2"


def shown(problem: MetaProblem, *point: int | str) -> Scene:
    made = scene(problem, tuple(map(Fraction, point)))
    assert made is not None
    return made


def classes(svg: str) -> set[str]:
    return {e.get("class", "") for e in fromstring(svg).iter()}


def test_the_losses_and_both_objectives_of_one_parameter() -> None:
    problem = MetaProblem((x,), [x**2, (x - 1) ** 2], [HALF, HALF]).adapted("maml", rate="1/4")
    base, adapted = pictures(shown(problem, 0))
    assert {"main", "other", "task task1", "task task2", "least", "point"} <= classes(base)
    assert "F after an inner step" in base and "φ = 0" in base and ">1/2</text>" in base
    assert "level lines" not in adapted and fromstring(adapted).find("title") is not None


def test_an_orbit_runs_through_the_images_of_the_point() -> None:
    found = shown(MetaProblem((x, y), [(x * y - 1) ** 2], [1]), 2, HALF)
    assert {p for _, p in found.images} == {(Fraction(a), Fraction(b)) for a, b in ((HALF, 2), (-2, "-1/2"), ("-1/2", -2))}
    (field,) = found.fields
    line = orbit(field, (2.0, 0.5), Plane((-4, 4), (-4, 4), ("x", "y")))
    assert len(line) > 100 and all(abs(a * b - 1) < 1e-6 for a, b in line) and min(hypot(a - 0.5, b - 2) for a, b in line) < 0.1
    assert {"orbit", "image", "null hessian"} <= classes(pictures(found)[0]) and r"\mathbf{R} (-4, 1)" in caption(found)


def test_a_kernel_is_that_of_the_matrix() -> None:
    rows = lambda *listed: tuple(tuple(map(number, row)) for row in listed)  # noqa: E731
    assert kernel(rows((1, 2), (2, 4)), ("x", "y")) == ((Fraction(-2), Fraction(1)),)
    assert kernel(rows((1, 2), (2, 3)), ("x", "y")) == () and len(kernel(rows((0, 0), (0, 0)), ("x", "y"))) == 2


def test_three_dimensions_are_cut_through_the_point_and_the_minimiser() -> None:
    found = shown(MetaProblem((x, y, z), [x**2 + (y - 1) ** 2, (z - x) ** 2], [HALF, HALF]), 0, 0, 0)
    assert found.plane[0] == (0, 1, 0) and found.objectives[0].found is not None
    assert found.objectives[0].found.points == ((Fraction(1), Fraction(0)),)
    words = caption(found)
    assert "A cut through $n = 3$ dimensions" in words and r"\{(0, 1, 0)\}" in words
    assert "φ = (0, 0, 0)" in pictures(found)[0]


def test_irrational_minimisers_lie_in_the_intervals_of_the_caption() -> None:
    found = shown(MetaProblem((x,), [(x**2 - 2) ** 2], [1]), 0)
    ends = [tuple(map(float, pair)) for pair in found.objectives[0].isolated]
    assert len(ends) == 2 and all(a < r < b for (a, b), r in zip(ends, (-(2**0.5), 2**0.5), strict=True))
    assert "least hollow" in classes(pictures(found)[0])


def test_a_certified_box_holds_the_critical_point() -> None:
    theory = Theory("quartic")
    analysis.cite(theory)
    where = "exists a in argmin F: 62/100 < coord(a, 1) & coord(a, 1) < 63/100"
    theory.at("where", MetaProblem(x, [x**4 - x], [1]), where, expected=True)
    certificate = search(theory["where"]).certificate
    (found,) = scenes(theory["where"].assertion, certificate)  # type: ignore[arg-type]
    ((side,),) = [root.box for root in found.boxes]
    assert side[0] < 0.25 ** (1 / 3) < side[1] and "box" in classes(pictures(found)[0])
    assert "exactly one zero" in caption(found)
    other = MetaProblem(x, [x**4 + x], [1])
    assert scene(other, None, None, found.boxes).boxes == ()  # type: ignore[union-attr]


def test_the_domain_is_shaded_and_nothing_is_drawn_outside_of_it() -> None:
    inside = (less(number(0), symbol("x")), less(symbol("x"), number(1)))
    found = shown(MetaProblem(("x",), [x**3], [1], inside), HALF)
    (svg,) = pictures(found)
    assert "domain" in classes(svg) and "The domain $\\Phi$ is shaded." in caption(found)
    paths = [(e.get("class"), e.get("d", "")) for e in fromstring(svg).iter() if len(e.get("d", "")) > 13]
    (main,) = [d for kind, d in paths if kind == "main"]
    (region,) = [d for kind, d in paths if kind == "domain"]
    across = [float(pair.partition(",")[0]) for pair in main.lstrip("M").split()]
    left, right = (float(v) for v in re.findall(r"^M([\d.]+),[-\d.]+H([\d.]+)", region)[0])
    assert left - 2 <= min(across) and max(across) <= right + 2


def test_no_finite_values() -> None:
    with pytest.raises(Unplotted, match="no finite values"):
        pictures(shown(MetaProblem(("x",), [x**2], [1], (less(number(1), number(0)),)), 0))
    assert scene(MetaProblem((x, y, z), [x * y * z], [1]), None) is None


def test_level_lines_of_a_circle() -> None:
    side = np.linspace(-2, 2, 41)
    across, up = np.meshgrid(side, side)
    (line,) = level_lines(side, side, across**2 + up**2, 1.5)
    assert line[0] == line[-1] and all(abs(hypot(*p) - 1.5**0.5) < 0.01 for p in line) and len(line) > 30
    (open_line,) = level_lines(side, side, across + 0.01, 0.5)
    assert len(open_line) == 41
    assert len(level_lines(side, side, across * up, 0.3)) == 2
    holed = np.where(across > 0, np.nan, across**2 + up**2)
    assert all(p[0] <= 0.1 for line in level_lines(side, side, holed, 1.5) for p in line)


@pytest.mark.parametrize(
    ("span", "expected"),
    [((-1.5, 1.5), "−1 0 1"), ((0, 0.3), "0 0.1 0.2 0.3"), ((0, 3e6), "0 1e6 2e6 3e6"), ((0.91, 0.97), "0.92 0.94 0.96")],
)
def test_ticks(span: tuple[float, float], expected: str) -> None:
    assert " ".join(words for _, words in ticks(span)) == expected


def test_a_thinned_curve_stays_near() -> None:
    bend = [(float(k), (k - 50) ** 2 / 50) for k in range(101)]
    few = thinned(bend)
    assert thinned(bend[:1]) == bend[:1] and few[0] == bend[0] and few[-1] == bend[-1] and 5 < len(few) < 40
    assert thinned([(float(k), 2.0 * k) for k in range(50)]) == [(0.0, 0.0), (49.0, 98.0)]


def test_a_figure_is_one_element_without_ids() -> None:
    """The same figure may stand at several claims."""
    written = figure(shown(MetaProblem((x, y), [x * y], [1]), 0, 0)).replace("<wbr>", "").replace("&nbsp;", "")
    made: Element = fromstring(written)
    assert made.tag == "figure" and made.find("figcaption") is not None and not [e for e in made.iter() if "id" in e.attrib]
