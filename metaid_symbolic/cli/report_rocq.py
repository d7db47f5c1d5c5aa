"""`metaid report --format rocq`: one file a claim for another proof assistant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from ..reports.rocq.compiling import Compiled, compiled, coqc
from ..reports.rocq.export import Document, certified, documents, module_name
from ..store.locating import nearest


def exported(folder: Path, ids: Sequence[str], output: Path, limits: tuple[float, int] | None) -> int:
    """Writes the files, and has coqc check them under the limits (seconds a file, files at a time) if there are any.

    The exit code: 1 when coqc rejects a file, 4 when there is nothing to export.
    """
    if limits is not None and coqc() is None:
        raise click.ClickException("coqc is not on the path: install coq and libcoq-coquelicot, or leave out --compile")
    known = certified(folder)
    for name in ids:
        if name not in known:
            raise click.UsageError(f"no certificate for {name!r}{nearest(name, known)}")
    if not known:
        click.echo(f"metaid: nothing to export: {folder / 'certificates'} has no certificates", err=True)
        return 4
    chosen = list(documents(folder, ids or known))
    files = written(chosen, output)
    results = {}
    if limits is not None:
        for (claim_id, _), result in zip(files.items(), compiled(list(files.values()), *limits), strict=True):
            results[claim_id] = result
            click.echo(f"{result.status:9} {claim_id} ({result.seconds:.1f} s) {result.reason}".rstrip(), err=True)
    click.echo("\n".join(summary(chosen, output, results if limits is not None else None)))
    return 1 if any(r.status == "rejected" for r in results.values()) else 0


def written(chosen: Sequence[Document], output: Path) -> dict[str, Path]:
    """The file of each claim that has one, by id."""
    output.mkdir(parents=True, exist_ok=True)
    made = {d.id: output / f"{module_name(d.id)}.v" for d in chosen if d.source}
    for d in chosen:
        if d.source:
            made[d.id].write_text(d.source, encoding="utf-8")
    return made


def summary(chosen: Sequence[Document], output: Path, results: dict[str, Compiled] | None) -> list[str]:
    """How much is exported and accepted, and why the rest is not."""
    whole = [d for d in chosen if d.source and not d.missing]
    lines = [f"{sum(bool(d.source) for d in chosen)} files with {sum(d.proved for d in chosen)} theorems in {output}"]
    lines.append(f"{len(whole)} of {len(chosen)} decided claims have all their facts there")
    if results is not None:
        accepted = [d for d in chosen if d.source and results[d.id].status == "accepted"]
        complete = [d for d in accepted if not d.missing]
        axioms = sorted({a for r in results.values() for a in r.axioms})
        lines.append(f"{len(complete)} claims all of whose facts coqc accepted; {len(accepted)} of {len(results)} files accepted")
        lines.append(f"axioms used: {', '.join(axioms) or 'none'}")
        lines += [f"  {d.id}: {results[d.id].reason}" for d in chosen if d.source and results[d.id].status != "accepted"]
    reasons = Counter(reason.partition(": ")[2] or reason for d in chosen for reason in d.missing)
    lines += [f"  left out, {count} times: {reason}" for reason, count in reasons.most_common()]
    return lines
