"""Pictures of meta-problems: what is marked where, exactly, and that the file format is right."""

from __future__ import annotations

import re
from fractions import Fraction
from math import hypot
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest

from metaid_symbolic import MetaProblem, Theory, analysis, reals, search
from metaid_symbolic.reports.curves import flow
from metaid_symbolic.reports.html import plane as planes
from metaid_symbolic.reports.html.captions import caption
from metaid_symbolic.reports.html.plane import Plane
from metaid_symbolic.reports.html.plots import Unplotted, pictures
from metaid_symbolic.reports.html.report import figure
from metaid_symbolic.reports.html.scenes import Scene, kernel, scene, scenes
from metaid_symbolic.terms import less, number, symbol

x, y, z = reals("x y z")
HALF = "1/2"


def shown(problem: MetaProblem, *point: int | str) -> Scene:
    made = scene(problem, tuple(map(Fraction, point)))
    assert made is not None
    return made


def places(svg: str, kind: str) -> list[list[tuple[float, float]]]:
    """The points of each path of a class, but for samples of the legend, which have less than four."""
    found = [e.get("d", "") for e in fromstring(svg).iter() if e.get("class") == kind]
    listed = [[(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", d)] for d in found]
    return [points for points in listed if len(points) > 3]


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
    line = flow(field.parameters, field.components, (2.0, 0.5), (8.0, 8.0))
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
    main, region = max(places(svg, "main"), key=len), max(places(svg, "domain"), key=len)
    left, right = min(x for x, _ in region), max(x for x, _ in region)
    assert left - 2 <= min(x for x, _ in main) and max(x for x, _ in main) <= right + 2


def test_no_finite_values() -> None:
    with pytest.raises(Unplotted, match="no finite values"):
        pictures(shown(MetaProblem(("x",), [x**2], [1], (less(number(1), number(0)),)), 0))
    assert scene(MetaProblem((x, y, z), [x * y * z], [1]), None) is None


def test_level_lines_of_a_circle() -> None:
    side = np.linspace(-2, 2, 41)
    across, up = np.meshgrid(side, side)
    plane = Plane((-2, 2), (-2, 2), ("x", "y"))
    plane.level(side, side, np.where(across > 1, np.nan, across**2 + up**2), 1.5, "level")
    plane.level(side, side, across, 7.0, "nowhere")
    svg = plane.svg("A circle")
    (line,) = places(svg, "level")
    (frame,) = fromstring(svg).findall("svg")
    left, top, width, height = (float(frame.get(name, "")) for name in ("x", "y", "width", "height"))
    found = [(4 * (u - left) / width - 2, 2 - 4 * (v - top) / height) for u, v in line]
    assert all(abs(hypot(*p) - 1.5**0.5) < 0.03 and p[0] < 1.1 for p in found) and len(found) > 15
    assert "nowhere" not in classes(svg)


def test_boxes_too_small_to_be_seen_are_marked() -> None:
    plane = Plane((0, 1), (0, 1), ("x", "y"))
    plane.box((0.5, 0.500001), (0.5, 0.500001), "small", "")
    plane.box((0.1, 0.4), (0.1, 0.4), "large", "")
    transforms = {e.get("class"): e.get("transform") for e in fromstring(plane.svg("Boxes")).iter()}
    assert transforms["small"] is not None and transforms["large"] is None


def test_words_are_escaped_and_the_picture_is_the_same_again() -> None:
    plane = Plane((0, 1), (0, 1), ("x", "y"))
    plane.mark((0.5, 0.5), "star", "least", "a < b & c", "<svg>")
    svg = plane.svg("1 < 2")
    assert "1 &lt; 2" in svg and "&lt;svg&gt;" in svg and "a &lt; b &amp; c" in svg
    problem = shown(MetaProblem((x, y), [x**2 + y**2], [1]), 0, 0)
    assert pictures(problem) == pictures(problem)


def test_without_matplotlib_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planes, "available", lambda: False)
    with pytest.raises(Unplotted, match="matplotlib is not installed"):
        pictures(shown(MetaProblem((x,), [x**2], [1]), 0))


def test_a_figure_is_one_element_without_ids() -> None:
    """The same figure may stand at several claims."""
    written = figure(shown(MetaProblem((x, y), [x * y], [1]), 0, 0)).replace("<wbr>", "").replace("&nbsp;", "")
    made: Element = fromstring(written)
    assert made.tag == "figure" and made.find("figcaption") is not None and not [e for e in made.iter() if "id" in e.attrib]
