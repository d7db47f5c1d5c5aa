"""`metaid symmetry`."""

from __future__ import annotations

import json
from typing import Any

import click

from .built_in import sized, subject


@click.command()
@click.argument("model", metavar="MODEL", required=False)
@sized(dim=2)
@click.option(
    "--degree", type=click.IntRange(0), default=None, help="Degree of the vector fields; by default 1, and 2 where needed."
)
@click.option("--laws", type=click.IntRange(1), default=None, help="Conservation laws of gradient flow up to this degree, too.")
@click.option(
    "--points", nargs=2, default=None, metavar="A B", help="Are these two parameters the same model?  1,2,-1/2 and 2,1,-1/2"
)
@click.option("--at", "at", default=None, metavar="A", help="Orbit, stabiliser and canonical representative at this parameter.")
@click.option(
    "--break", "remedies", multiple=True, metavar="REMEDY",
    help="What does it leave?  l2, l2:CENTRE, unit-norm:w1_0_*, normalise:w1_0_*, weight-norm:w1_0_*, order:a<b, sign:a, "
    "slice:a=1, task:LOSS; repeatable.",
)  # fmt: skip
@click.option("--theorem", is_flag=True, help="Have the kernel prove that there are no other affine fields (small models).")
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX that needs amsmath alone.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def command(
    ctx: click.Context, model: str | None, base: str, dim: int, tasks: int, steps: int, degree: int | None, laws: int | None,
    points: tuple[str, str] | None, at: str | None, remedies: tuple[str, ...], theorem: bool, as_latex: bool, as_json: bool,
) -> None:  # fmt: skip
    """Which parameters are the same model.  MODEL is a base learner or method (`metaid derive --list` names them), or
    FILE.py:NAME, a Model, Network, MetaProblem, MetaObjective or UpdateField of yours.  Of a method it says what remains of the
    symmetries of its task losses; of an update field, which follows no loss, what commutes with it."""
    from ..models.methods import METHODS
    from ..models.objective import UpdateField
    from ..symmetry import symmetries
    from ..symmetry.subjects import named
    from ..terms import IllFormed

    questions = {"--laws": laws, "--points": points, "--at": at, "--break": remedies, "--theorem": theorem}
    try:
        chosen = subject(model, _kinds(), base, dim, tasks, steps)
        tasks_alone = named("plain", base, dim, tasks, steps) if model in METHODS and model != "plain" else None
        if isinstance(chosen, UpdateField):
            asked = [word for word, value in {**questions, "--degree": degree is not None}.items() if value]
            ctx.exit(_update_field(chosen, tasks_alone, asked, as_latex, as_json))
        found = symmetries(chosen, degree=degree)
        parts = _answers(found, questions)
        if tasks_alone is not None:
            parts["adaptation"] = _kept(tasks_alone, chosen)
        complete = found.theorem if theorem else None
    except IllFormed as cause:
        raise click.UsageError(str(cause)) from None
    click.echo(_document(found, complete, parts) if as_json else _words(found, complete, parts, as_latex))
    ctx.exit(0 if found.proved and (complete is None or complete.proved) else 3)


def _answers(found: Any, questions: dict[str, Any]) -> dict[str, Any]:
    """What was asked about the symmetries, by the key of the JSON document."""
    from ..symmetry.comparing import compare
    from ..symmetry.conservation import conservation_laws
    from ..symmetry.pointwise import at_point
    from ..symmetry.remedies import break_symmetries

    parts: dict[str, Any] = {}
    if questions["--laws"]:
        parts["conservation"] = conservation_laws(found.model, questions["--laws"])
    if questions["--points"]:
        parts["points"] = compare(found, *(point.split(",") for point in questions["--points"]))
    if questions["--at"]:
        parts["at"] = at_point(found, questions["--at"].split(","))
    if questions["--break"]:
        parts["breaking"] = break_symmetries(found, questions["--break"])
    return parts


def _kept(tasks_alone: Any, subject: Any) -> Any:
    from ..symmetry.adaptation import adaptation

    return adaptation(tasks_alone, subject)


def _update_field(subject: Any, base: Any, asked: list[str], as_latex: bool, as_json: bool) -> int:
    """Prints what commutes with the update field; the exit code.  Raises `click.UsageError` for a question about losses."""
    from ..symmetry import symmetries
    from ..symmetry.equivariance import equivariance

    if asked:
        raise click.UsageError(f"{subject.learner} is an update field without a loss; {asked[0]} asks about one")
    found = equivariance(subject, symmetries(base, degree=1) if base is not None else None)
    click.echo(json.dumps(found.to_json(), indent=1) if as_json else found.latex() if as_latex else str(found))
    return 0 if found.proved else 3


def _document(found: Any, complete: Any, parts: dict[str, Any]) -> str:
    shown = {"theorem": {"claim": complete.name, "verdict": complete.checked.verdict.value}} if complete else {}
    more = {name: part.to_json() for name, part in parts.items()}
    return json.dumps({**found.to_json(), **shown, **more}, indent=1)


def _words(found: Any, complete: Any, parts: dict[str, Any], as_latex: bool) -> str:
    """What was asked, one after the other, as text or LaTeX."""
    from ..reports.latex_models import sentence

    kept = parts.get("adaptation")
    words = f"{complete.checked.verdict.value}: {complete.name}" if complete else ""
    remains = f"of the symmetries of the task losses:\n{kept}" if kept else ""
    asked = [part for name, part in parts.items() if name != "adaptation"]
    if as_latex:
        return "\n".join([*(part.latex() for part in (found, *asked)), *(sentence(p) for p in (words, remains) if p)])
    return "\n".join(str(part) for part in (found, words, *asked, remains) if part)


def _kinds() -> tuple[type, ...]:
    from ..model import Model
    from ..models.bases.networks import Network
    from ..models.objective import MetaObjective, UpdateField
    from ..problems import MetaProblem

    return (Model, Network, MetaProblem, MetaObjective, UpdateField)
