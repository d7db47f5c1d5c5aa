"""`metaid identify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from .built_in import sized, subject


@click.command()
@click.argument("model", metavar="MODEL", required=False)
@sized(dim=1)
@click.option("--at", "point", default=None, metavar="1,1/2,...", help="A verdict at this point too; the picture's point.")
@click.option(
    "--degree", type=click.IntRange(1), default=2, show_default=True, help="Of the polynomial vector fields that are looked for."
)
@click.option("--timeout", type=click.FloatRange(0.01), default=10.0, show_default=True, help="Seconds for a claim.")
@click.option("--check/--no-check", default=True, show_default=True, help="Put claims to the kernel.")
@click.option("--tasks-needed", "rung", default=None, type=click.Choice(["local", "weak", "strong", "global"]),
              help="The fewest tasks that reach this rung; MODEL is a Model whose inputs tell its tasks apart.")  # fmt: skip
@click.option(
    "--candidates", default=None, metavar="1;2;...", help="The tasks to choose from, the inputs of each separated by commas."
)
@click.option("--law", default=None, metavar="1;2;...", help="With MODEL a family: the directions these tasks leave open, and "
              "which candidates identify them.")  # fmt: skip
@click.option(
    "--picture", default=None, metavar="FILE", help="Level sets of the loss with the orbit of a point (.svg, .png, .pdf)."
)
@click.option("--plane", default=None, metavar="W,V", help="The two parameters of the picture; the others keep their values.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX that needs amsmath alone.")
def command(model: str | None, rung: str | None, law: str | None, **asked: Any) -> None:
    """Which parameters of MODEL can be told apart, locally and globally, and what would repair it.

    MODEL is a built-in method or base learner (see --list), or FILE.py:NAME, a Model, Network, MetaProblem, MetaObjective or
    UpdateField of yours.
    """
    found = subject(model, _kinds(), *(asked[name] for name in ("base", "dim", "tasks", "steps")))
    if rung is not None or law is not None:
        click.echo(_diversity(found, rung, law, asked))
        return
    if asked["candidates"] is not None or (asked["plane"] is not None and asked["picture"] is None):
        wanted = "--tasks-needed or --law" if asked["candidates"] is not None else "--picture"
        raise click.UsageError(f"{'--candidates' if asked['candidates'] is not None else '--plane'} goes with {wanted}")
    _identify(found, asked)


def _identify(found: object, asked: dict[str, Any]) -> None:
    from ..identify.identifying import Wanted, identification
    from .progress import progress

    here = None if asked["point"] is None else [part.strip() for part in asked["point"].split(",")]
    picture = None if asked["picture"] is None else _picture_file(asked["picture"])
    with progress(0) as notify:
        wanted = Wanted(asked["check"], asked["timeout"], asked["degree"], notify=notify)
        made = identification(found, here, wanted)
    if picture is not None:
        plane = () if asked["plane"] is None else tuple(part.strip() for part in asked["plane"].split(","))
        made.plot(plane=plane, at=here, file=picture)
    as_text = json.dumps(made.to_json(), indent=1) if asked["as_json"] else made.latex() if asked["as_latex"] else repr(made)
    click.echo(as_text.strip("\n"))


def _picture_file(name: str) -> Path:
    from ..reports.orbit_picture import picture_file

    return picture_file(Path(name))


def _diversity(found: object, rung: str | None, law: str | None, asked: dict[str, Any]) -> str:
    """The answer on task diversity for a family."""
    from ..identify.diversity import diversity, open_directions, small_tasks
    from ..model import Model

    family = getattr(found, "model", found)
    if not isinstance(family, Model):
        raise click.UsageError("--tasks-needed and --law take a Model with inputs that tell its tasks apart, not a list of tasks")
    candidates = small_tasks(family) if asked["candidates"] is None else _listed(asked["candidates"])
    if law is None:
        made = diversity(family, rung or "local", candidates, asked["timeout"])
        return json.dumps(made.to_json(), indent=1) if asked["as_json"] else str(made)
    directions = open_directions(family, _listed(law), candidates)
    if asked["as_json"]:
        return json.dumps({"schema": 1, "unseen": [direction.to_json() for direction in directions]}, indent=1)
    return "\n".join(map(str, directions)) or "these tasks leave no direction open"


def _listed(source: str) -> list[Any]:
    """`1,2;3,4` as tasks."""
    from ..problems import exact

    return [tuple(exact(v.strip(), "a task") for v in task.split(",")) for task in source.split(";") if task.strip()]


def _kinds() -> tuple[type, ...]:
    from ..model import Model
    from ..models.bases.networks import Network
    from ..models.objective import MetaObjective, UpdateField
    from ..problems import MetaProblem

    return (Model, MetaProblem, MetaObjective, UpdateField, Network)
