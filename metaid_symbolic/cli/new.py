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

FILES = {"cited.py": CITED, "step_01_first.py": STEP, "open.txt": "# id, then why it may be open\n", ".gitignore": ".metaid/\n"}


@click.command()
@click.argument("name")
def command(name: str) -> None:
    """The folder NAME with one claim to prove, one to refute, and one that rests on a cited theorem."""
    folder = Path(name)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", folder.name, re.ASCII):
        raise click.UsageError(f"{folder.name!r} is no name of a theory: a letter, then letters, digits, _ and -")
    if folder.exists():
        raise click.UsageError(f"{folder} exists already")
    folder.mkdir(parents=True)
    for file, content in FILES.items():
        (folder / file).write_text(content.replace("NAME", folder.name), encoding="utf-8")
    click.echo(f"{folder} is written; next: metaid check {folder}")
