"""identify: rungs, counterexamples, repairs, and refusals."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from metaid_symbolic import MetaProblem, Model, identify, reals
from metaid_symbolic.identify.points import same_observations
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.models.learners import meta_sgd
from metaid_symbolic.terms import IllFormed, Term

x, y, z, a = reals("x y z a")
HALF = ["1/2", "1/2"]


def square_network() -> Model:
    w, v, inputs = reals("w", (2, 2)), reals("v", 2), reals("x", 2)
    outputs = [sum(v[i] * (w[i, 0] * inputs[0] + w[i, 1] * inputs[1]) ** 2 for i in range(2))]
    return Model(parameters=(w, v), inputs=inputs, outputs=outputs)


def verdicts(made: Any) -> dict[str, str]:
    return {r.name: r.verdict for r in made.rungs}


def test_the_square_network() -> None:
    """6 parameters, generic rank 3: two scalings and one nonlinear direction; swap and signs; the coefficients are identified."""
    made = identify(square_network())
    assert len(made.seen.parameters) == 6
    assert made.rank.certain
    assert made.rank.lower == 3
    assert [v.kind for v in made.null] == ["scaling", "scaling", "polynomial"]
    assert made.symmetries.order == 8
    assert any("swaps" in g.name for g in made.symmetries.generators)
    assert any("signs" in g.name for g in made.symmetries.generators)
    assert len(made.identified.combinations) == 3
    assert made.identified.parameters == ()
    assert verdicts(made) == {"local": "refuted", "weak": "proved", "strong": "refuted", "global": "refuted"}
    assert {r.grade for r in made.rungs} == {"kernel"}
    assert all(r.verdict.truth is not None for r in made.report)
    assert made.counterexample.rung == "LPROF"
    assert same_observations(made.seen, made.counterexample.first, made.counterexample.second)
    assert "hold" in made.repairs[0]
    assert made.certificate.count("claim") >= len(made.rungs)


MODELS: dict[str, tuple[Any, dict[str, str]]] = {
    # an injective polynomial with a critical point: every rung holds
    "cube": (Model((x,), (), [x**3]), {"local": "proved", "weak": "proved", "strong": "proved", "global": "proved"}),
    # x^2 tells x from y nearby, not from -x
    "square": (Model((x,), (), [x**2]), {"local": "proved", "weak": "proved", "strong": "refuted", "global": "refuted"}),
    "product": (Model((x, y), (), [x * y]), {"local": "refuted", "weak": "proved", "strong": "refuted", "global": "refuted"}),
    "affine": (
        Model((x, y), (a,), [x + a * y]),
        {"local": "proved", "weak": "proved", "strong": "proved", "global": "proved"},
    ),
    # two tasks with one common value at -1 and 2, say: the mean has one minimiser, the profile does not separate
    "parabolas": (
        MetaProblem((x,), [x**2, (x - 1) ** 2], HALF),
        {"local": "proved", "weak": "proved", "strong": "proved", "global": "proved"},
    ),
    "one parabola": (
        MetaProblem((x,), [x**2], [1]),
        {"local": "proved", "weak": "proved", "strong": "proved", "global": "refuted"},
    ),
    # tasks x and -x: the mean is constant, and the minimisers have different losses
    "opposite tasks": (
        MetaProblem((x,), [x, -x], HALF),
        {"local": "proved", "weak": "refuted", "strong": "refuted", "global": "proved"},
    ),
    "meta-sgd": (
        meta_sgd(MetaProblem((x,), [x**2 / 2, (x - 1) ** 2], HALF)),
        {"local": "proved", "weak": "proved", "strong": "refuted", "global": "refuted"},
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_rungs_by_the_kernel(name: str) -> None:
    model, expected = MODELS[name]
    made = identify(model, timeout=20)
    found = {r.name: r.verdict for r in made.rungs if r.name in expected}
    assert found == expected
    assert all(r.grade == "kernel" for r in made.rungs if r.name in expected)


def test_a_point_on_a_stratum_is_left_to_the_kernel() -> None:
    """The rank of the cube drops at 0, where it is injective all the same; that of the square drops too, and it is not."""
    cube, square = (identify(Model((x,), (), [f]), at=[0]) for f in (x**3, x**2))
    assert cube["local at the point"].verdict == "proved"
    assert square["local at the point"].verdict == "refuted"
    assert [str(s) for s in square.strata.hypersurfaces] == ["x"]
    unchecked = identify(Model((x,), (), [x**3]), at=[0], check=False)
    assert unchecked["local at the point"].verdict == "undecided"
    assert str(unchecked.at) == "0"


def test_tanh_is_identified_up_to_signs_and_permutation() -> None:
    made = identify(Network((2, 2, 1), "tanh"), check=False)
    assert (made["local"].verdict, made["global"].verdict) == ("proved", "refuted")
    assert made.symmetries.order == 8
    assert all(r.grade in ("identify", "") for r in made.rungs)


def test_modulo_the_group() -> None:
    """The fibre at one point is no proof for all fibres; the kernel's is."""
    sums = Model((x, y), (), [x + y, x * y])
    open_ = identify(sums, check=False)
    assert open_.fibre.words.startswith("2 real of 2 complex")
    assert open_["global modulo the group"].verdict == "undecided"
    assert "completeness open" in open_["global modulo the group"].words
    made = identify(sums, timeout=20)["global modulo the group"]
    assert (made.verdict, made.grade) == ("proved", "kernel")
    scaled = identify(Model((x, y), (), [x * y]), timeout=20)["global modulo the group"]
    assert (scaled.verdict, scaled.grade) == ("proved", "kernel")
    assert identify(Model((x,), (), [(x**2 - 3) ** 2]), check=False).rungs[-1].verdict == "refuted"


def test_a_constant_is_not_a_parameter() -> None:
    made = identify(MetaProblem((x,), [x**2 / 2, (x - 1) ** 2], HALF).adapted("maml", rate=a, steps=1))
    assert made.seen.constants == ("a",)
    assert "a = 1/4" in made.unclaimed
    assert made["strong"].verdict == "proved"


def test_an_unused_parameter() -> None:
    made = identify(Model((x, y), (a,), [a * x]))
    assert made["local"].verdict == "refuted"
    assert "trivially unidentified" in made.null[0].words
    assert made.identified.parameters == ("x",)
    assert "trivially unidentified" in repr(made)


def test_what_is_shown() -> None:
    made = identify(Model((x, y), (), [x * y]), check=False)
    assert json.loads(json.dumps(made.to_json()))["rank"] == {
        "lower": 1, "upper": 1, "certain": True, "reason": made.rank.reason,
    }  # fmt: skip
    assert made._repr_html_().startswith("<table><tr><td>parameters")
    assert r"\textsf{LPROF}" in made.latex()
    assert made.verdict == "refuted"
    assert made.reason.startswith("LPROF")


REFUSED: dict[str, tuple[Any, dict[str, Any], str]] = {
    "short point": (Model((x, y), (), [x * y]), {"at": [1]}, "1 coordinates disagrees with 2 parameters"),
    "long point": (Model((x,), (), [x]), {"at": [1, 2]}, "2 coordinates disagrees with 1 parameters"),
    "float": (Model((x,), (), [x]), {"at": [0.5]}, "not an exact rational number"),
    "other names": (Model((x,), (), [x]), {"at": {"y": 1}}, "the parameters are x"),
    "no model": (3, {}, "3 is a int, not a model"),
    "kink": (MetaProblem((x,), [Term("relu", (x,)) + x**2], [1]), {"at": [0]}, "no derivative at"),
    "kink at all inputs": (Model((x, y), (a,), [y * Term("relu", (x * a,))]), {"at": [0, 1]}, "kink"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_one_message(name: str) -> None:
    model, options, message = REFUSED[name]
    with pytest.raises(IllFormed, match=message):
        identify(model, check=False, **options)


def test_a_model_without_parameters() -> None:
    with pytest.raises(IllFormed, match="a model needs a parameter"):
        Model((), (x,), [x])


def test_points_far_away_are_compared_exactly() -> None:
    seen = identify(Model((x, y), (), [x * y]), check=False).seen
    huge = Fraction(10**30)
    assert same_observations(seen, (huge, 1 / huge), (Fraction(1), Fraction(1)))
    assert not same_observations(seen, (huge, 1 / huge), (Fraction(1), 1 + 1 / huge))


def test_the_command(metaid: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = metaid("identify", "maml", "--no-check")
    assert code == 0
    assert "LPROF" in out
    (tmp_path / "mine.py").write_text(
        "from metaid_symbolic import Model, reals\nx, y = reals('x y')\nproduct = Model((x, y), (), [x * y])\n"
    )
    file = f"{tmp_path / 'mine.py'}:product"
    code, out, _ = metaid("identify", file, "--json", "--no-check", "--at", "0,0")
    assert code == 0
    assert json.loads(out)["at"] == {"point": ["0", "0"], "rank": [0, 0]}
    assert metaid("identify", file, "--latex", "--no-check")[1].startswith(r"\begin{tabular}")
    code, _, err = metaid("identify", file, "--at", "1", "--no-check")
    assert code == 2
    assert "1 coordinates disagrees with 2 parameters" in err
    assert metaid("identify")[0] == 2
    assert "maml" in metaid("identify", "--list")[1]


FAMILY = (
    "from metaid_symbolic import Model, reals\n"
    "a, b, c = reals('a b c')\n"
    "line = Model((a, b), (c,), [(a + b * c - 1) ** 2])\n"
    "product = Model((a, b), (), [a * b])\n"
)


def test_task_diversity_on_the_command_line(metaid: Any, tmp_path: Any) -> None:
    (tmp_path / "family.py").write_text(FAMILY)
    file = f"{tmp_path / 'family.py'}"
    code, out, _ = metaid("identify", f"{file}:line", "--tasks-needed", "local", "--json")
    assert (code, json.loads(out)["tasks"], json.loads(out)["minimal"]) == (0, 2, "fewest of all")
    assert "LPROF: 2 tasks" in metaid("identify", f"{file}:line", "--tasks-needed", "local", "--candidates", "0;3")[1]
    asked = ("identify", f"{file}:line", "--law", "1", "--candidates", "1;2")
    assert metaid(*asked)[1].endswith("identified by 1 of 2 candidates: (2)\n")
    assert [row["tasks"] for row in json.loads(metaid(*asked, "--json")[1])["unseen"]] == [[["2"]]]
    assert "no direction open" in metaid("identify", f"{file}:line", "--law", "1;2")[1]
    assert "a task of 2 values disagrees with 1 inputs" in metaid("identify", f"{file}:line", "--law", "1,2;3")[2]
    assert "no inputs that tell its tasks apart" in metaid("identify", f"{file}:product", "--tasks-needed", "local")[2]
    assert "not a list of tasks" in metaid("identify", "maml", "--tasks-needed", "local")[2]


def test_a_base_learner_on_the_command_line(metaid: Any) -> None:
    code, out, err = metaid("identify", "scalar-factorisation", "--dim", "2")
    assert code == 0 and "scaling" in out and "[1/" in err


def test_a_picture_of_an_orbit(metaid: Any, tmp_path: Any) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "family.py").write_text(FAMILY)
    file, picture = f"{tmp_path / 'family.py'}:product", tmp_path / "orbit.svg"
    assert metaid("identify", file, "--no-check", "--at", "1,1", "--picture", str(picture))[0] == 0
    assert "<svg" in picture.read_text()
    made = identify(Model((x, y), (), [x * y]), check=False)
    lines = [line for line in made.plot(at=[1, 1]).axes[0].lines if line.get_label() == "orbit" or len(line.get_xdata()) > 50]
    assert lines
    for line in lines:
        assert max(abs(p * q - 1) for p, q in zip(line.get_xdata(), line.get_ydata(), strict=True)) < 1e-6
    with pytest.raises(IllFormed, match="z is no parameter"):
        made.plot(plane=("x", "z"))
    with pytest.raises(IllFormed, match="choose two of x, y"):
        identify(Model((x, y, z), (), [x * y * z]), check=False).plot()
    with pytest.raises(IllFormed, match=r"\.gif"):
        made.plot(file=tmp_path / "orbit.gif")


def test_two_minimisers_are_the_counterexample() -> None:
    made = identify(meta_sgd(MetaProblem((x,), [x**2 / 2, (x - 1) ** 2], HALF)), timeout=20)
    assert made.counterexample.rung == "UNIQ"
    assert "both minimise the mean loss" in str(made.counterexample)
    assert made.to_json()["counterexample"]["second"] is not None


def test_constraints_that_break_a_finite_group() -> None:
    made = identify(Model((x, y), (), [x + y, x * y]), check=False)
    assert made.repairs[0].startswith("require x < y")
    signs = identify(Model((x, y), (), [x**2, y]), check=False)
    assert signs.repairs[0].startswith("require x > 0")
