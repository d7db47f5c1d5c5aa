"""How meta-problems, and the certificates that exhibit one, show themselves in notebooks: `%load_ext metaid_symbolic.notebook`.

These are data of the trusted part, which does not print; so their forms are registered from outside.
"""

from __future__ import annotations

from typing import Any

from .certificates import Instance
from .problems import MetaProblem
from .reports.latex_claims import problem_rows
from .reports.latex_witness import coordinates


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython's `%load_ext` with the running shell."""
    formatter = shell.display_formatter.formatters["text/markdown"]
    formatter.for_type(MetaProblem, problem_markdown)
    formatter.for_type(Instance, instance_markdown)


def problem_markdown(problem: MetaProblem) -> str:
    """A list of domain, tasks, noise and rate."""
    return "\n".join(f"- {row}" for row in problem_rows(problem))


def instance_markdown(instance: Instance) -> str:
    """The meta-problem, and the point."""
    return f"{problem_markdown(instance.problem)}\n- point $\\varphi = {coordinates(instance.point)}$"
