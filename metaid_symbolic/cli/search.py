"""`metaid search`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from ..api import NoSuchClaim
from ..claims import ForAllProblems
from ..conjectures import Answer, audit, replay, search
from ..hypotheses import stored_audit
from ..pipeline import remembered
from ..reports.derivation import narrated, step_text
from ..reports.latex import latex_answer
from ..running.journal import FOLDER
from ..running.session import Session
from ..search.problems.restriction import LOSSES
from ..sentences import sentence
from ..statements import ID
from ..store.loading import Loaded, load, module_values
from ..store.locating import folder_of, locate, nearest
from ..theory import Claim
from ..verdicts import Result, Verdict
from .examples import browse
from .progress import Listener, explained
from .show import witness_lines
from .words import interval


@click.command()
@click.argument("claim", metavar="CLAIM", default="")
@click.option("--dim", default="", metavar="RANGE", help="Dimensions of the meta-problems tried: 2, or 1..3; default: 1..2.")
@click.option("--tasks", default="", metavar="RANGE", help="Numbers of tasks tried; default: 1..3.")
@click.option("--degree", type=click.IntRange(0), default=None, help="Polynomial losses of at most this degree.")
@click.option("--height", type=click.IntRange(1), default=None, help="Coefficients a/b with |a| and b at most this.")
@click.option("--losses", type=click.Choice(LOSSES), default="any", show_default=True, help="exp-log: rational in exp and log.")
@click.option(
    "--domain", type=click.Choice(["open", "whole", "interval", "any"]), default=None, help="Kind of domain; default: open."
)
@click.option("--convex", is_flag=True, help="Convex task losses: the hypothesis TCONV.")
@click.option("--rate", default="", metavar="NUMBER", help="This rate of adaptation: the hypothesis alpha = NUMBER.")
@click.option("--steps", type=click.IntRange(1), default=None, help="So many steps of adaptation: the hypothesis steps = NUMBER.")
@click.option("--budget", type=click.IntRange(1), default=None, help="Candidates tried at most.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--strategy", "strategies", multiple=True, metavar="NAME", help="Only this one; may be repeated.")
@click.option("--explain", is_flag=True, help="What each strategy tried, and how long it took.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Search processes; default: one a core.")
@click.option("--scheduler", default="", metavar="ADDRESS", help="Search on a Dask cluster: tcp://HOST:PORT.")
@click.option("--replay", "replayed", default="", metavar="TEXT", help="Only the part of a search that an answer names.")
@click.option("--fresh", is_flag=True, help="Forget what an earlier run of this search has done.")
@click.option("--timeout", type=click.FloatRange(0.01), default=60.0, show_default=True, help="Seconds.")
@click.option("--repairs/--no-repairs", default=True, show_default=True, help="Look for conditions that repair it.")
@click.option("--theory", "theories", multiple=True, metavar="PATH", help="Theorems and implications of this theory alone.")
@click.option(
    "--cite", type=click.Choice(["all", "none"]), default="all", show_default=True, help="Theorems that proofs may use."
)
@click.option("--audit", "audited", is_flag=True, help="Of a proved CLAIM: which hypotheses it needs.")
@click.option("--examples", "browsing", is_flag=True, help="Browse the collection of examples, with --has and --lacks.")
@click.option("--has", default="", metavar="CODE,...", help="Conditions that hold at the example's point.")
@click.option("--lacks", default="", metavar="CODE,...", help="Conditions that fail there.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw the first of these examples as SVG.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--latex", "as_latex", is_flag=True, help="A theorem with its counterexample or proof, for a paper.")
@click.pass_context
def command(ctx: click.Context, /, claim: str, **given: Any) -> None:
    """CLAIM is an implication such as "FPD & EXISTS => UNIQ", a formula about real numbers, an id of the theory at hand, or
    FILE.py:NAME."""
    has, lacks = given["has"], given["lacks"]
    browsing = given["browsing"] or has or lacks
    form = "json" if given["as_json"] else "latex" if given["as_latex"] else "text"
    if given["as_latex"] and given["as_json"]:
        raise click.UsageError("--latex and --json exclude one another")
    if browsing:
        ctx.exit(browse(has, lacks, form, given["plot"]))
    if given["plot"] is not None:
        raise click.UsageError("--plot draws an example: it goes with --examples, --has or --lacks")
    if bool(claim) == bool(given["replayed"]):
        both = "CLAIM and --replay exclude one another" if claim else "name a CLAIM, or browse the examples with --examples"
        raise click.UsageError(both)
    answer, roles = _asked(claim, given)
    _print(answer, given["repairs"], form, roles)
    if given["explain"]:
        click.echo("\n".join(explained(answer.parts)), err=given["as_json"] or given["as_latex"])
    for note in answer.notes:
        click.echo(f"metaid: {note}", err=True)
    codes = {"rejected": 1, "disagreement": 5, "fault": 101, "broken": 2}
    open_code = 0 if answer.result.verdict.truth is not None else 3
    ctx.exit(1 if answer.result.contradicted else codes.get(answer.result.trouble, open_code))


def _asked(claim: str, given: Mapping[str, Any]) -> tuple[Answer, dict[str, str]]:
    """The answer, and for `--audit` the role of each hypothesis."""
    listener = Listener()
    where = {"scheduler": given["scheduler"], "heard": listener.heard}
    if given["replayed"]:
        return replay(given["replayed"], timeout=given["timeout"], session=Session(**where)), {}
    asked, folder, loaded = _claim(claim)
    session = Session(state=folder / FOLDER, fresh=given["fresh"], **where)
    more = {"timeout": given["timeout"], "jobs": given["jobs"] or 0, "seed": given["seed"], "theories": given["theories"]}
    more |= {"cite": given["cite"] == "all", "strategies": given["strategies"], "session": session}
    more |= {"budget": given["budget"]} if given["budget"] else {}
    more |= {"domain": given["domain"] or "", "given": _restrictions(given)}
    within = _universe(given)
    try:
        if given["audited"]:
            known = remembered(loaded, asked.id) if loaded is not None and isinstance(asked, Claim) and not within else None
            stored = stored_audit(loaded.folder, asked.id) if loaded is not None and isinstance(asked, Claim) else ()
            found = audit(asked, known=known, stored=stored, notify=_told, **within, **more)
            return found.answer, {h.label: h.role for h in found.hypotheses}
        return search(asked, **within, **more), {}
    except KeyboardInterrupt:
        click.echo("metaid: what was searched is kept; the same command goes on from there", err=True)
        raise


def _told(result: Result, done: int, total: int) -> None:
    click.echo(f"[{done}/{total}] {result.id.rpartition('/')[2]}  {result.shown}  {result.seconds:.1f} s", err=True)


def _restrictions(given: Mapping[str, Any]) -> tuple[str, ...]:
    """What the options add to the hypotheses."""
    if given["rate"] and not re.fullmatch(r"\d+(/[1-9]\d*)?", given["rate"], re.ASCII):
        raise click.UsageError(f"{given['rate']!r} is no rate: a number such as 2 or 1/4")
    rate, steps = given["rate"], given["steps"]
    chosen = ("TCONV" if given["convex"] else "", f"alpha = {rate}" if rate else "", f"steps = {steps}" if steps else "")
    return tuple(filter(None, chosen))


def _universe(given: Mapping[str, Any]) -> dict[str, Any]:
    """The meta-problems that the options ask for; nothing where they ask for nothing."""
    made = {name: interval(given[name]) for name in ("dim", "tasks") if given[name]}
    made |= {name: given[name] for name in ("degree", "height") if given[name] is not None}
    return made | ({} if given["losses"] == "any" else {"losses": given["losses"]})


def _claim(source: str) -> tuple[Claim | str, Path, Loaded | None]:
    """The claim of this id or Python name in a file, or of this id in the theory at hand, with the folder and the theory that it
    is in; other text is an implication or a formula."""
    file, _, name = source.rpartition(":")
    if not file.endswith(".py"):
        return _of_theory(source) if ID.match(source) and "/" in source else (source, Path(), None)
    path = locate(file)
    loaded = load(path)
    for problem in loaded.problems:
        click.echo(f"metaid: {problem}", err=True)
    claims = loaded.theory.claims
    if name in claims:
        return loaded.theory[name], path.parent, loaded
    found = module_values(path)[0].get(name)
    if isinstance(found, Claim):
        return loaded.theory[found.id], path.parent, loaded
    raise NoSuchClaim(f"no claim {name!r} in {file}{nearest(name, claims)}")


def _of_theory(claim_id: str) -> tuple[Claim, Path, Loaded]:
    path = locate()
    loaded = load(path)
    if claim_id not in loaded.theory.claims:
        raise NoSuchClaim(f"no claim {claim_id!r} in {loaded.theory.name}{nearest(claim_id, loaded.theory.claims)}")
    return loaded.theory[claim_id], folder_of(path), loaded


def _print(answer: Answer, repairs: bool, form: str, roles: Mapping[str, str]) -> None:
    if form == "text":
        click.echo("\n".join(_lines(answer, roles)))
    found = _repairs(answer) if repairs else []
    if form == "latex":
        click.echo(latex_answer(answer.result, found, roles), nl=False)
    elif form == "json":
        hypotheses = {"hypotheses": dict(roles)} if roles else {}
        click.echo(json.dumps({**answer.result.to_json(), "repairs": found, **_about(answer), **hypotheses}, indent=1))
    elif found:
        click.echo(f"true when one adds: {', '.join(found)}")


def _repairs(answer: Answer) -> list[str]:
    """Conditions that repair what is refuted; to look for them takes longer than the answer."""
    if answer.result.verdict is Verdict.REFUTED:
        click.echo("looking for conditions that repair it ...", err=True)
    return [r.condition for r in answer.repairs]


def _lines(answer: Answer, roles: Mapping[str, str]) -> list[str]:
    result = answer.result
    lines = sentence(result.claim.assertion) if result.claim.assertion else []
    extra = ", ".join(filter(None, (result.minimal, result.origin, result.vacuity, f"{result.seconds:.1f} s")))
    lines += [f"{result.shown} ({extra})", *witness_lines(result), *_vacuous(result)]
    lines += [f"rests on the cited theorems: {', '.join(result.assumptions)}"] if result.assumptions else []
    lines += [f"reason: {result.reason}"] if result.reason else []
    lines += [f"{label} is {role}" for label, role in roles.items()]
    about = _about(answer)
    budget = f" (budget {about['budget']})" if about["budget"] else ""
    lines += [f"seed {about['seed']}, {about['candidates']} candidates{budget}"]
    lines += [f"replay: metaid search --replay {about['replay']}"] if about["replay"] else []
    return lines


def _vacuous(result: Result) -> Iterator[str]:
    """Where no meta-problem has the hypotheses, that, and the derivation if they contradict one another at sight."""
    made, certificate = result.claim.assertion, result.certificate
    if result.vacuity == "vacuous" and isinstance(made, ForAllProblems):
        yield f"vacuous: no meta-problem has {' and '.join(h.label for h in made.hypotheses)}, so any conclusion follows"
    if result.origin.endswith("contradictory hypotheses") and isinstance(made, ForAllProblems) and certificate is not None:
        yield from ("  " + step_text(step) for step in narrated(made, certificate, {t.name: t for t in result.claim.cited}))


def _about(answer: Answer) -> dict[str, Any]:
    """What is needed to have the same answer again."""
    tried = sum(part.candidates for part in answer.parts)
    budget = answer.options.search.get("budget", 0)
    return {"seed": answer.options.search.get("seed", 0), "candidates": tried, "budget": budget, "replay": answer.replay}
