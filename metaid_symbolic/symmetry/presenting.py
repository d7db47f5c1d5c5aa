"""Symmetries as text, JSON, LaTeX and HTML."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from ..printing import text
from ..terms import number

if TYPE_CHECKING:
    from .analysis import Symmetries


MOST_TRIVIAL = 6
"""So many fields made of minors are printed."""


def as_text(found: Symmetries) -> str:
    """A few lines: what the model is, the fields, the finite group, and what is known of others."""
    model = found.model
    lines = [f"{len(model.parameters)} parameters, {len(model.inputs)} inputs, {len(model.outputs)} outputs"]
    if found.vector_fields:
        lines.append(f"continuous symmetries: {len(found.vector_fields)} fields, orbits of dimension {found.orbit_dimension}")
        lines += [f"  {field.name}" for field in found.vector_fields if field not in found.trivial]
        lines += [f"  and {len(found.trivial)} that are made of minors of the gradients, as every map has them"] * bool(
            found.trivial
        )
        lines += [f"    {field.name}" for field in found.trivial[:MOST_TRIVIAL]]
        lines.append(f"  Lie algebra of the affine ones: {found.algebra}")
    else:
        lines.append("continuous symmetries: none found")
    lines.append(f"finite symmetries: {found.discrete.structure}, order {found.discrete.order}")
    lines += [f"  {g.name}" for g in found.discrete.generators]
    if found.rescaled.maps:
        lines.append("permutations that are symmetries together with factors:")
        lines += [f"  {g.name}" for g in found.rescaled.maps]
    lines.append(f"diagonal symmetries over C, as the expression shows them: {found.diagonal}")
    lines.append(
        f"verdict: {found.verdict.value}: "
        + ("each generator above is proved by the kernel" if found.proved else found.checked.reason)
    )
    lines += [f"completeness: {part}" for part in found.completeness.split("; ")]
    lines += [f"note: {note}" for note in found.notes]
    return "\n".join(lines)


def as_json(found: Symmetries) -> dict[str, Any]:
    model = found.model
    fields = [
        {"name": v.name, "kind": v.kind, "degree": v.degree, "trivial": v in found.trivial,
         "components": {n: text(c) for n, c in zip(model.parameters, v.components, strict=True) if c != number(0)}}
        for v in found.vector_fields
    ]  # fmt: skip
    generators = [{"name": g.name, "images": {n: text(t) for n, t in g.substitution.items()}} for g in found.discrete.generators]
    group = {"generators": generators, "order": found.discrete.order, "structure": found.discrete.structure}
    algebra = found.algebra
    return {
        "schema": 1, "parameters": list(model.parameters), "inputs": list(model.inputs),
        "outputs": [text(f) for f in model.outputs],
        "verdict": found.verdict.value, "reason": found.reason, "fields": fields,
        "algebra": {"dimension": algebra.dimension, "centre": algebra.centre, "derived": algebra.derived,
                    "radical": algebra.radical, "semisimple": algebra.semisimple, "signature": list(algebra.signature)},
        "discrete": group, "rescaled": [{n: text(t) for n, t in g.substitution.items()} for g in found.rescaled.maps],
        "diagonal": {"rank": found.diagonal.rank, "finite": list(found.diagonal.finite)},
        "orbit_dimension": found.orbit_dimension, "rank": found.rank, "completeness": found.completeness,
        "unused": list(found.unused), "notes": list(found.notes),
    }  # fmt: skip


def as_latex(found: Symmetries, label: str = "") -> str:
    """The fields and the generators of the finite group in an `align*` (with a label: `align`), which needs amsmath."""
    from ..reports.latex_models import symmetries

    return symmetries(found, label)


def as_html(found: Symmetries) -> str:
    """A table: one row a generator, with its kind and the verdict on it."""
    rows = [(v.kind, v.name, "proved") for v in found.vector_fields]
    rows += [("finite", g.name, "proved") for g in found.discrete.generators]
    rows += [("with factors", g.name, "proved") for g in found.rescaled.maps]
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    orbits = (
        f"orbits of dimension {found.orbit_dimension}; finite group {found.discrete.structure} of order {found.discrete.order}"
    )
    caption = f"{len(found.model.parameters)} parameters; {orbits}. {found.completeness}"
    return (
        f"<table><caption>{html.escape(caption)}</caption><tr><th>kind</th><th>symmetry</th><th>verdict</th></tr>{body}</table>"
    )
