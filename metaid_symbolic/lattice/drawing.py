"""The lattice as a diagram: an arrow for each implication that does not follow from others, equivalent conditions in one node."""

from __future__ import annotations

from .lattice import Lattice


def as_dot(made: Lattice) -> str:
    """Graphviz: stronger conditions stand above what they imply; the tooltip of a node names examples that lack it."""
    title = " & ".join(made.given) or "all problems"
    lines = ["digraph lattice {", f'  label="{title}"; rankdir=TB; node [shape=box, fontname="sans-serif"];']
    for one in made.classes():
        lacking = [e.name for e in made.examples if one[0] in e.fails]
        lines.append(f'  "{one[0]}" [label="{" = ".join(one)}", tooltip="fails at: {", ".join(lacking)}"];')
    lines += [f'  "{a[0]}" -> "{b[0]}";' for a, b in made.reduction()]
    return "\n".join([*lines, "}"])
