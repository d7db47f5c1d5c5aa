"""The command line.  Each command lives in a module of its own, imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

COMMANDS = {
    "check": "Search, certify and report the claims of a theory.",
    "recheck": "Replay the stored certificates with the kernel alone.",
    "show": "Statement, verdict, certificate and counterexample of one claim.",
    "graph": "The dependencies between the claims of a theory.",
    "derive": "Objective, gradient, Hessian and Fisher matrix of a meta-problem.",
    "symmetry": "Which parameters are the same model: fields, permutations, signs.",
    "identify": "What can be identified of a model, and what would repair it.",
    "search": "Prove an implication, or find its smallest counterexample.",
    "lattice": "Which conditions imply which, and the examples that tell them apart.",
    "report": "The theory with its verdicts as HTML, LaTeX or PDF; its facts for another proof assistant.",
    "new": "Write the scaffold of a theory.",
    "doctor": "What is installed, and what is lost without the rest.",
}


class Commands(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f".{cmd_name}", __name__), "command")  # noqa: B009
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from ..store.locating import nearest

            raise click.UsageError(f"no command {args[0]!r}{nearest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="metaid-symbolic", prog_name="metaid")
def main() -> None:
    """Check theorems on identifiability; every verdict is backed by a certificate that a small program re-checks."""


def run(arguments: Sequence[str]) -> int:
    """The exit code: that of the command, 2 for usage and I/O, 130 after Ctrl-C, 101 for an error of our own."""
    try:
        return main(list(arguments), prog_name="metaid", standalone_mode=False) or 0
    except click.ClickException as cause:
        cause.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("metaid: interrupted", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 2
    except (LookupError, ValueError, OSError) as cause:
        if type(cause).__module__ == "builtins" and not isinstance(cause, OSError):
            return _internal()
        click.echo(f"metaid: {cause}", err=True)
        return 2
    except Exception:
        return _internal()


def _internal() -> int:
    traceback.print_exc()
    click.echo("metaid: internal error; this is a defect of metaid", err=True)
    return 101


def entry() -> None:
    sys.exit(run(sys.argv[1:]))


def run_step(path: Path, step: str) -> None:
    """`python step_NN_name.py`: the verdicts of that step, then exit."""
    sys.exit(run(["check", str(path), *(["--step", step] if step else [])]))
