"""`metaid show`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ..api import NoSuchClaim, selected
from ..dependencies import around, graph
from ..pipeline import remembered
from ..sentences import sentence
from ..statements import digest
from ..store.files import Files
from ..store.loading import Loaded, load
from ..verdicts import Result
from .stored import cited_by
from .words import theory_and_ids


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[PATH] ID...")
@click.option("--latex", "as_latex", is_flag=True, help="The claim with its proof or counterexample, for a paper.")
@click.option("--why", is_flag=True, help="What the verdict rests on.")
@click.option("--impact", is_flag=True, help="What rests on this claim.")
@click.option("--assumptions", is_flag=True, help="The cited theorems used, in full.")
def command(words: tuple[str, ...], as_latex: bool, why: bool, impact: bool, assumptions: bool) -> None:
    """The statement as the kernel reads it, then verdict, counterexample and certificate; nothing is searched."""
    path, ids = theory_and_ids(words)
    loaded = load(path)
    if not ids:
        raise NoSuchClaim(f"name a claim of {loaded.theory.name}, for example {next(iter(loaded.theory.claims), 'none')}")
    chosen = selected(loaded, ids)
    for problem in loaded.problems:
        click.echo(f"metaid: {problem}", err=True)
    for claim_id in chosen:
        result = remembered(loaded, claim_id)
        if as_latex:
            click.echo(result.latex())
            continue
        listed = _asked(loaded, result, why, impact, assumptions) if why or impact or assumptions else _lines(loaded, result)
        click.echo("\n".join(listed) + "\n")


def _asked(loaded: Loaded, result: Result, why: bool, impact: bool, assumptions: bool) -> Iterator[str]:
    yield f"{result.id}: {result.shown}"
    if why:
        yield from _related(loaded, result.id, "down", "rests on")
    if impact:
        yield from _related(loaded, result.id, "up", "is used by")
    if assumptions:
        yield f"cited theorems: {len(result.assumptions) or 'none'}"
        for name in result.assumptions:
            yield from ("  " + line for line in sentence(loaded.theory.theorems[name]))


def _related(loaded: Loaded, claim_id: str, direction: str, words: str) -> Iterator[str]:
    """The claims and theorems reached, each with the edge that reaches it first."""
    part = around(graph(loaded.theory.claims, cited_by(loaded)), claim_id, [direction], None)
    yield words + (":" if len(part) > 1 else " nothing else in the theory")
    for start, end, kind in part.edges(data="kind"):
        yield f"  {start} {kind} {end}"


def _lines(loaded: Loaded, result: Result) -> Iterator[str]:
    claim = result.claim
    yield f"{claim.id}   ({claim.step or 'no step'}, {claim.place})"
    if claim.words:
        yield claim.words
    if claim.assertion is None:
        yield f"{result.shown}: {claim.reason}"
        return
    yield "statement:"
    yield from ("  " + line for line in sentence(claim.assertion))
    yield f"  hash {digest(claim.assertion)}"
    expected = "" if claim.expected is None else f" (its author expects {claim.expected})"
    yield f"verdict: {result.shown}{expected}{', AGAINST EXPECTATION' if result.contradicted else ''}"
    for name in ("grade", "origin", "vacuity", "minimal", "reason"):
        if value := getattr(result, name):
            yield f"{name}: {value}"
    if result.assumptions:
        yield f"cited theorems: {', '.join(result.assumptions)}"
    yield from witness_lines(result)
    if result.path:
        yield f"certificate: {Files(loaded.folder).certificate(claim.id)}"


def witness_lines(result: Result) -> Iterator[str]:
    """The counterexample or example in exact form, each condition evaluated."""
    from ..reports.counterexample import witness_text

    certificate = result.certificate
    if certificate is None or result.claim.assertion is None:
        return
    if words := witness_text(result.claim.assertion, certificate):
        yield "counterexample:" if result.verdict.truth is False else "example:"
        yield from ("  " + line for line in words.splitlines())
    else:
        yield f"derivation: {type(certificate).__name__}, by rules of the kernel"
