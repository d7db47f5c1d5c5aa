"""`metaid search --examples`: the collection of examples as text, JSON, LaTeX, or a picture of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ..conditions import TABLE
from ..examples.collection import Example, collection, written
from ..printing import text
from ..reports.latex_claims import problem_items
from ..reports.names import escape
from ..store.locating import nearest


def browse(has: str, lacks: str, form: str = "text", plot: Path | None = None) -> int:
    """Prints the examples with these conditions and without those; exit code 4 if there is none."""
    holding, failing = (tuple(filter(None, codes.split(","))) for codes in (has, lacks))
    for code in (*holding, *failing):
        if code not in TABLE:
            raise click.UsageError(f"there is no condition {code}{nearest(code, TABLE)}")
    if both := sorted({*holding} & {*failing}):
        raise click.UsageError(f"no example has and lacks {both[0]}")
    found = [e for e in collection() if e.shows(holding, failing)]
    if form == "json":
        click.echo(written(found), nl=False)
    elif form == "latex":
        click.echo("\n".join(map(latex_example, found)), nl=False)
    else:
        click.echo("\n\n".join("\n".join(example_lines(e)) for e in found))
    click.echo(f"{len(found)} of {len(collection())} examples", err=True)
    if plot is not None:
        _plot(found, plot)
    return 0 if found else 4


def example_lines(example: Example) -> Iterator[str]:
    problem = example.problem
    yield f"{example.name}: {example.words}"
    domain = " & ".join(text(c) for c in problem.constraints) or "all of R^n"
    yield f"  n = {problem.dimension}, Phi: {domain}, phi = ({', '.join(map(str, example.point))})"
    for k, (weight, loss) in enumerate(zip(problem.weights, problem.losses, strict=True), 1):
        yield f"  task {k}, weight {weight}: L_{k} = {text(loss)}"
    yield f"  has {' '.join(sorted(example.holds))}"
    yield f"  lacks {' '.join(sorted(example.fails))}"


def latex_example(example: Example) -> str:
    """An amsthm example (`\\newtheorem{example}{Example}`) with a label for cleveref."""
    point = ", ".join(map(str, example.point))
    lists = (("has", example.holds), ("lacks", example.fails))
    known = "; ".join(f"{words} {', '.join(map(escape, sorted(codes)))}" for words, codes in lists)
    opening = rf"\begin{{example}}[{escape(example.name)}]\label{{ex:{example.name}}}"
    lines = [opening, escape(example.words), problem_items(example.problem), rf"At $\varphi = ({point})$ it {known}."]
    return "\n".join([*lines, r"\end{example}"]) + "\n"


def _plot(found: Sequence[Example], place: Path) -> None:
    """Draws the first example: the losses and F on a line, or level lines of F."""
    from ..reports.html.plots import pictures
    from ..reports.html.scenes import scene
    from ..reports.html.standalone import plot_svg

    drawn = scene(found[0].problem, found[0].point) if found else None
    made = pictures(drawn) if drawn is not None else []
    if not made:
        which = f"{found[0].name} has {found[0].problem.dimension} parameters" if found else "there is no example"
        raise click.UsageError(f"nothing to draw: {which}")
    place.write_text(plot_svg(made[0], f"{found[0].name}: {found[0].words}") + "\n", encoding="utf-8")
    click.echo(f"{place}: {found[0].name}", err=True)
