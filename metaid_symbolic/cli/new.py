"""`metaid new`: the scaffold of a theory, which runs at once."""

from __future__ import annotations

import re
from pathlib import Path

import click

CITED = '''\
"""Theorems that the claims may rest on: pure analysis, algebra or probability, with author, year and number."""

from metaid_symbolic import Theory

cited = Theory("NAME")
cited.cite(
    "Weierstrass",
    "(forall x in Rn: x in U) & continuous(f) & (forall c: exists r: forall x in Rn: norm2(x) > r => f(x) > c)"
    " => exists a in Rn: forall x in Rn: f(a) <= f(x)",
    functions=("f", "U"),
    reference="Rockafellar and Wets, 1998, Theorem 1.9",
)
'''

STEP = '''\
"""The first step of NAME.  Run it as a script, or `metaid check` in this folder."""

from metaid_symbolic import Theory

theory = Theory("NAME", step="S1", title="First claims")

theory.claim("S1/exists", "UNIQ => EXISTS", expected=True, words="A unique minimiser is a minimiser.")
theory.claim("S1/fisher", "FPD & EXISTS => UNIQ", expected=False, words="A positive definite Fisher matrix makes it unique.")
theory.claim(
    "S1/coercive",
    "COERC => EXISTS",
    expected=True,
    by=("Weierstrass(F)", "whole space"),
    words="A coercive objective has a minimiser.",
)

if __name__ == "__main__":
    theory.main()
'''

IGNORED = {".gitignore": ".metaid/\n"}


@click.command()
@click.argument("name")
@click.option("--from", "page", default="", metavar="PAGE.md", help="An entry for each assertion of this page in MyST Markdown.")
def command(name: str, page: str) -> None:
    """The folder NAME with one claim to prove, one to refute, and one that rests on a cited theorem; or with the assertions
    of a page, to be stated one by one."""
    folder = Path(name)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", folder.name, re.ASCII):
        raise click.UsageError(f"{folder.name!r} is no name of a theory: a letter, then letters, digits, _ and -")
    if folder.exists():
        raise click.UsageError(f"{folder} exists already")
    files, said = _from_page(Path(page), folder.name) if page else (_example(folder.name), "")
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8")
    click.echo(f"{folder} is written{said}; next: metaid check {folder}")


def _example(name: str) -> dict[str, str]:
    written = {"cited.py": CITED, "step_01_first.py": STEP, "open.txt": "# id, then why it may be open\n"}
    return {file: content.replace("NAME", name) for file, content in written.items()} | IGNORED


def _from_page(path: Path, name: str) -> tuple[dict[str, str], str]:
    """The files of a theory about the page, and what was found in it; what is wrong with the page is said on stderr."""
    from ..pages.reading import read_page
    from ..pages.scaffold import scaffold

    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise click.UsageError(f"{path} is not text in UTF-8: {cause.reason} at byte {cause.start}") from None
    page = read_page(source, str(path))
    for problem in page.problems:
        click.echo(f"metaid: {problem}", err=True)
    if not page.assertions:
        raise click.UsageError(f"{path} asserts nothing: there is no paragraph, list item, table row or theorem in it")
    steps = sum(s.step is not None for s in page.sections)
    counts = {
        "steps": steps,
        "tables": len(page.tables),
        "displayed formulas": len(page.formulas),
        "assertions": len(page.assertions),
    }
    found = ", ".join(f"{count} {what}" for what, count in counts.items())
    return scaffold(page, source, name) | IGNORED, f" from {path} ({found})"
