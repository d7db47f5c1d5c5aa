"""`metaid doctor`."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import sys

import click

ENGINES = {
    "sympy": ("sympy", "SymPy expressions as input and output"),
    "python-flint": ("flint", "the second arithmetic of the kernel, and fast exact algebra in searches"),
    "numpy": ("numpy", "vectorised numeric search"),
    "mpmath": ("mpmath", "numeric evidence, for the verdict `supported`"),
    "networkx": ("networkx", "graph, show --why and show --impact"),
    "rich": ("rich", "tables and progress on a terminal"),
    "jinja2": ("jinja2", "report --format html (optional, in the extra `report`)"),
    "markdown-it-py": ("markdown_it", "report --format html (optional, in the extra `report`)"),
    "matplotlib": ("matplotlib", "pictures in report --format html (optional, in the extra `report`)"),
    "mdit-py-plugins": ("mdit_py_plugins", "new --from PAGE.md (optional, in the extra `myst`)"),
}
PROGRAMS = {
    "pdflatex": "report --format pdf, and compiling what --latex prints (optional)",
    "latexmk": "sparing runs of pdflatex in report --format pdf (optional)",
    "dot": "Graphviz's layout of the graph in report --format html; there is a plainer one (optional)",
    "coqc": "report --format rocq --compile, the facts checked by a second proof checker (optional)",
}


@click.command()
@click.pass_context
def command(ctx: click.Context) -> None:
    """What is installed, and what is lost without the rest.  Exit code 2 when something that is not optional is missing."""
    python = ".".join(map(str, sys.version_info[:3]))
    click.echo(f"Python {python}" + ("" if (3, 11) <= sys.version_info < (3, 14) else ": 3.11 to 3.13 are supported"))
    lost = False
    for name, (module, purpose) in ENGINES.items():
        present = importlib.util.find_spec(module) is not None
        lost = lost or not (present or "(optional" in purpose)
        click.echo(f"{name} {importlib.metadata.version(name)}" if present else f"{name} is missing: without it no {purpose}")
    for name, purpose in PROGRAMS.items():
        place = shutil.which(name)
        click.echo(f"{name}: {place}" if place else f"{name} is not on the path: without it no {purpose}")
    ctx.exit(2 if lost else 0)
