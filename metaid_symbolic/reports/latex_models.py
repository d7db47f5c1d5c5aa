"""What is found about a model, in LaTeX that needs amsmath alone: symmetries, conservation laws, what is identified."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..calculus.expression import broken, width_of
from ..symmetry.conservation import Conservation
from ..terms import ZERO, Term, number, symbol
from .names import escape
from .notation import latex

if TYPE_CHECKING:
    from ..identify.result import Identification
    from ..symmetry.analysis import Symmetries
    from ..symmetry.discrete import ParameterMap
    from ..symmetry.elements import Comparison
    from ..symmetry.equivariance import Equivariance
    from ..symmetry.fields import VectorField
    from ..symmetry.maps import AffineMap
    from ..symmetry.remedies import Breaking

ROOM = 60
"""Characters in a line of a formula."""
GROUP = r"(?:\(Z/\d+\)\^\d+|Z/\d+|S_\d+)"
IN_WORDS = re.compile(
    rf"(?P<group>{GROUP}(?: (?:x\||x|\.) {GROUP})*)"
    r"|(?P<base>(?!a (?!and|by|held|at|with|or)[a-z])[A-Za-z]\w*)(?:\^\(?(?P<power>-?\d+)\)?)?"
    r"|(?P<point>\(-?\d+(?:/\d+)?(?:, -?\d+(?:/\d+)?)+\))"
)
"""A finite group, a name, perhaps with a power, and a rational point, as they stand in sentences; `a` before a noun is none."""
IN_FORMULAS = ("null direction", "identified", "generic rank")
"""The lines of an answer that are printed as formulas, with the rungs and the strata; the others are printed as words."""


def symmetries(found: Symmetries, label: str = "") -> str:
    """The fields and the generators of the finite group, one a line."""
    return _generators(found.vector_fields, (*found.discrete.generators, *found.rescaled.maps), label)


def equivariance(found: Equivariance, label: str = "") -> str:
    """What commutes with an update field, one a line, and that these are no symmetries of a loss."""
    lines = str(found).splitlines()
    words = [lines[0], *(line for line in lines if line.startswith(("verdict", "of the symmetries")))]
    return "\n".join([_generators(found.vector_fields, found.discrete.generators, label), *map(sentence, words)])


def _generators(fields: Sequence[VectorField], maps: Sequence[ParameterMap | AffineMap], label: str) -> str:
    lines = [f"v_{{{k}}} &= {vector_sum(v.parameters, v.components)}" for k, v in enumerate(fields, start=1)]
    for k, g in enumerate(maps, start=1):
        moved = [rf"{latex(symbol(n))} \mapsto {latex(t)}" for n, t in g.substitution.items()]
        lines.append(rf"g_{{{k}}} &\colon {joined(moved, ', ')}")
    return aligned(lines or [r"\text{no symmetries found}"], label)


def conservation(found: Conservation, label: str = "") -> str:
    """The conserved polynomials, one a line, and how many there can be."""
    laws = [f"C_{{{k}}} &= {broken(law.term, ROOM)}" for k, law in enumerate(found.laws, start=1)]
    said = str(found).splitlines()
    words = "; ".join([said[0], *(line for line in said[1:] if not line.startswith("  "))])
    return "\n".join([aligned(laws or [r"\text{no conservation laws found}"], label), sentence(words)])


def comparison(found: Comparison) -> str:
    """A sentence; of points that are the same model, the map that carries one to the other."""
    whole = found.element.whole if found.element is not None else None
    if whole is None or not whole.substitution:
        return sentence(str(found))
    moved = [rf"{latex(symbol(n))} &\mapsto {broken(t, ROOM)}" for n, t in whole.substitution.items()]
    known = " The kernel proved that this is a symmetry and takes one to the other." if found.proved else ""
    return "\n".join([sentence(f"The two points are the same model, by the map below.{known}"), aligned(moved)])


def breaking(found: Breaking) -> str:
    """A table: one row a remedy."""
    rows = [" & ".join(map(escape, row.row())) + r" \\" for row in found.rows]
    return "\n".join([r"\begin{tabular}{llll}", r"remedy & fields that remain & finite group & verdict \\ \hline", *rows,
                      r"\end{tabular}"])  # fmt: skip


def identification(found: Identification, label: str = "") -> str:
    """The rungs with their verdicts and reasons; the rank, null vector fields N, identified combinations h and the strata f = 0
    of smaller rank as formulas; whatever else is known as a list."""
    rungs = [rf"{escape(r.name)} & \textsf{{{r.code}}} & {r.verdict} & {_worded(r.words, {})} \\" for r in found.rungs]
    table = ["\\begin{tabular}{p{.15\\linewidth}llp{.5\\linewidth}}", *rungs, r"\end{tabular}"]
    upper = "" if found.rank.certain else rf" \text{{ to }} {found.rank.upper}"
    lines = [rf"\operatorname{{rank}} D f &= {found.rank.lower}{upper}"]
    parameters = found.seen.parameters
    lines += [f"N_{{{k}}} &= {vector_sum(parameters, v.components)}" for k, v in enumerate(found.null, start=1)]
    lines += [f"h_{{{k}}} &= {broken(c, ROOM)}" for k, c in enumerate(found.identified.combinations, start=1)]
    lower = rf"\operatorname{{rank}} D f < {found.strata.rank} &\text{{ where }} "
    lines += [rf"{lower}{broken(f, ROOM - 20)} = 0" for f in found.strata.hypersurfaces]
    lines += [rf"{lower}{' = '.join(latex(symbol(n)) for n in names)} = 0" for names in found.strata.subspaces]
    return "\n".join([*table, aligned(lines, label), *_listed(found)])


def _listed(found: Identification) -> list[str]:
    """The lines of the answer that are neither rungs nor formulas."""
    names = {f"{r.name} {r.code}" for r in found.rungs}
    kept = [line for line in found.lines if line[0] not in names and line[0] not in IN_FORMULAS and line[1] != "where"]
    named = {name: latex(symbol(name)) for name in found.seen.parameters}
    items = [rf"  \item {_worded(': '.join(filter(None, line)), named)}" for line in kept]
    return [r"\begin{itemize}\raggedright", *items, r"\end{itemize}"]


def _worded(words: str, named: Mapping[str, str]) -> str:
    """Words with the parameters, powers, points and groups in them as formulas."""
    pieces, end = [], 0
    for found in IN_WORDS.finditer(words):
        if (formula := _formula(found, named)) is not None:
            pieces += [escape(words[end : found.start()]), f"${formula}$"]
            end = found.end()
    return "".join([*pieces, escape(words[end:])])


def _formula(found: re.Match[str], named: Mapping[str, str]) -> str | None:
    if found["group"]:
        signs = (
            found["group"]
            .replace(" x| ", r" \mathbin{\times\mkern-5mu\vert} ")
            .replace(" x ", r" \times ")
            .replace(" . ", r" \cdot ")
        )
        return re.sub(r"\^(\d+)", r"^{\1}", signs.replace("Z/", r"\mathbf{Z}/"))
    if found["power"]:
        return f"{named.get(found['base'], found['base'])}^{{{found['power']}}}"
    return named.get(found["base"]) if found["base"] else found["point"]


def vector_sum(parameters: Sequence[str], components: Sequence[Term], room: int = ROOM) -> str:
    """sum_i v_i d/d theta_i, broken between the summands."""
    pairs = [(c, latex(symbol(n))) for c, n in zip(components, parameters, strict=True) if c != ZERO]
    return joined([_derivation(c, n) for c, n in pairs], " + ", room) or "0"


def _derivation(component: Term, name: str) -> str:
    written = latex(component)
    if component == number(1):
        return rf"\partial_{{{name}}}"
    wide = component.head == "add"
    return rf"\left({written}\right) \partial_{{{name}}}" if wide else rf"{written} \partial_{{{name}}}"


def joined(parts: Iterable[str], between: str, room: int = ROOM) -> str:
    """The parts with `between` between them, in lines of at most `room` characters where no part is wider; in a sum the sign
    of a part takes the place of +."""
    lines: list[str] = []
    for part in parts:
        minus = between == " + " and part.startswith("-")
        gap, rest = (" - ", part[1:]) if minus else (between, part)
        if not lines:
            lines.append(part)
        elif width_of(lines[-1] + gap + rest) <= room:
            lines[-1] += gap + rest
        else:
            lines[-1] += gap.rstrip()
            lines.append(rest)
    return " \\\\\n  &\\quad ".join(lines)


def aligned(lines: Sequence[str], label: str = "") -> str:
    """`align*`; with a label `align`, whose first line bears it and alone has a number."""
    if not label:
        return "\\begin{align*}\n  " + " \\\\\n  ".join(lines) + "\n\\end{align*}"
    rows = [row for line in lines for row in line.split(" \\\\\n")]
    body = " \\\\\n".join([rf"{rows[0]} \label{{{label}}}", *(row + r" \nonumber" for row in rows[1:])])
    return f"\\begin{{align}}\n  {body}\n\\end{{align}}"


def sentence(words: str) -> str:
    """A paragraph of words that are no formula."""
    return rf"\noindent {escape(words[:1].upper() + words[1:].rstrip('.'))}.\par"
