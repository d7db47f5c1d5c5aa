"""`metaid derive`."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import click

from .built_in import sized, subject

PARTS = {
    "objective": ("objective", "gradient", "hessian", "fisher"),
    "field": ("field", "jacobian", "fisher", "objective", "fixed_points"),
    "implicit": ("equations", "objective", "gradient", "hessian", "fisher"),
}
"""What is printed of a meta-objective, of an update field, and of an objective through inner problems without closed form."""
LONGEST = 40_000
"""A part with more subterms when written out is printed only when it is asked for: so many take some seconds and 100 kB."""
LONGEST_CONDITION = 1_000
MORE = ("third", "covariance", "profile", "sandwich")
ALL = tuple(dict.fromkeys((*PARTS["objective"], *PARTS["field"], *PARTS["implicit"], *MORE)))


@click.command()
@click.argument("model", metavar="MODEL", required=False)
@sized(dim=1)
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX that needs amsmath alone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document; terms as the parser reads them.")
@click.option("--part", type=click.Choice(ALL), default=None, help="Only this one.")
def command(
    model: str | None, base: str, dim: int, tasks: int, steps: int, as_latex: bool, as_json: bool, part: str | None
) -> None:
    """MODEL is a built-in method (see --list), or FILE.py:NAME, a MetaProblem, MetaObjective or UpdateField of yours."""
    from ..calculus.derive import derive

    problem = subject(model, _kinds(), base, dim, tasks, steps)
    made: Any = derive(problem)  # type: ignore[arg-type]
    names = _parts(made) if part is None else (part,)
    if as_json:
        click.echo(json.dumps(_document(made, names, part is not None), indent=1))
        return
    for name in names:
        click.echo((_too_long(made, name, as_latex) if part is None else "") or _shown(made, name, as_latex))
    if part is None and (conditions := tuple(f for f in made.defined_where if f.head != "eq")):  # equations are a part
        click.echo(_where(conditions, as_latex))


def _document(made: Any, names: tuple[str, ...], asked: bool) -> dict[str, Any]:
    """The parts as nested lists of texts; of one that is not printed, or that there is not, the reason."""
    parts: dict[str, Any] = {}
    for name in names:
        try:
            missing = "" if asked else _too_long(made, name, False)
            parts[name] = {"missing": missing} if missing else {"terms": _texts(_part(made, name).terms)}
        except _NoPart as cause:
            parts[name] = {"missing": str(cause)}
    where = [str(f) for f in made.defined_where]
    return {"schema": 1, "learner": made.problem.learner, "parameters": list(made.problem.parameters), **parts, "where": where}


def _texts(terms: Any) -> Any:
    return list(map(_texts, terms)) if isinstance(terms, tuple) else str(terms)


def _kinds() -> tuple[type, ...]:
    from ..models.implicit import ImplicitObjective
    from ..models.objective import MetaObjective, UpdateField
    from ..problems import MetaProblem

    return (MetaProblem, MetaObjective, UpdateField, ImplicitObjective)


def _too_long(made: Any, name: str, as_latex: bool) -> str:
    """What is said of a part that is too long to be printed unasked; empty for one that is not."""
    length = _length(made, name)
    if length <= LONGEST:
        return ""
    steps = len(getattr(made, name).program)
    said = f"{name}: {length} subterms when written out, a program of {steps} operations; --part {name} prints it"
    return f"% {said}" if as_latex else said


def _length(made: Any, name: str) -> int:
    """About how many subterms the part has when it is written out, found without doing so; 0 for what is always printed."""
    from ..calculus.algebra import Polynomials
    from ..programs.reading import write, written_size
    from ..terms import IllFormed

    if hasattr(made, "equations"):
        found = getattr(made.problem, name)
        entries = [found] if name == "objective" else [e for row in found for e in (row if isinstance(row, tuple) else (row,))]
        return sum(written_size([entry]) for entry in entries)
    if not hasattr(type(made.values), name):
        return 0
    if isinstance(made.values.algebra, Polynomials):
        with suppress(IllFormed):  # it would be too long to be multiplied out
            return sum(len(p) * (1 + len(made.problem.parameters) + len(made.constants)) for p in _flat(made.values, name))
    entries = write(made.shared.algebra.graph, _flat(made.shared, name))
    return max(
        sum(written_size([entry]) for entry in entries), LONGEST + 1 if isinstance(made.values.algebra, Polynomials) else 0
    )


def _flat(values: Any, name: str) -> list[Any]:
    return [entry for row in getattr(values, name) for entry in row]


def _parts(made: Any) -> tuple[str, ...]:
    return PARTS["field" if hasattr(made, "field") else "implicit" if hasattr(made, "equations") else "objective"]


def _shown(made: Any, name: str, as_latex: bool) -> str:
    """The part; why there is none, where a field has no objective or no single fixed point."""
    try:
        expression = _part(made, name)
        return str(expression.latex(label=f"eq:{name}")) if as_latex else f"{name}: {expression}"
    except _NoPart as cause:
        return f"{'% ' if as_latex else ''}{name}: none; {cause}"


class _NoPart(Exception):
    """An update field has no such part, and the message says why."""


def _part(made: Any, name: str) -> Any:
    """The expression.  Raises `_NoPart`, and `click.UsageError` for a part that this kind of derivation does not have."""
    from ..terms import IllFormed

    if not hasattr(type(made), name):
        raise click.UsageError(f"there is no {name} of {made.problem.learner}; there are {', '.join(_parts(made))}")
    try:
        found = getattr(made, name)
        found.rows  # noqa: B018  # entries are found when they are asked for
        return found
    except IllFormed as cause:
        if not hasattr(made, "field"):
            raise
        raise _NoPart(str(cause)) from None


def _where(conditions: tuple[Any, ...], as_latex: bool) -> str:
    """The conditions, in words how many are left out because they are long."""
    from ..programs.reading import written_size
    from ..reports.notation import latex

    short = [f for f in conditions if written_size((f.args[0] if f.head == "not" else f).args) <= LONGEST_CONDITION]
    missing = len(conditions) - len(short)
    more = [f"{missing} more conditions, which are long (`defined_where` has them)"] if missing else []
    if not as_latex:
        return "where: " + ", ".join([*map(str, short), *more])
    lines = [*map(latex, short), *(rf"\text{{{words.split(' (')[0]}}}" for words in more)]
    return "\\begin{gather*}\n  \\text{where }\n  " + " \\\\\n  ".join(lines) + "\n\\end{gather*}"
