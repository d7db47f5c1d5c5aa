"""The lattice as a diagram: an arrow for each implication that does not follow from others, equivalent conditions in one node."""

from __future__ import annotations

from .lattice import Lattice


def as_dot(made: Lattice) -> str:
    """Graphviz: stronger conditions stand above what they imply; the tooltip of a node names an example for each non-arrow."""
    title = " & ".join(made.given) or "all problems"
    lines = ["digraph lattice {", f'  label="{title}"; rankdir=TB; node [shape=box, fontname="sans-serif"];']
    for one in made.classes():
        lines.append(f'  "{one[0]}" [label="{" = ".join(one)}", tooltip="{about(made, one)}"];')
    lines += [f'  "{a[0]}" -> "{b[0]}";' for a, b in made.reduction()]
    return "\n".join([*lines, "}"])


def about(made: Lattice, one: tuple[str, ...]) -> str:
    """What a class of equivalent conditions implies, what it does not, with the example that shows it, and what is open."""
    entries = [(made.entry([one[0]], other[0]), " = ".join(other)) for other in made.classes() if other != one]
    lists = {
        "implies": [name for e, name in entries if e.status == "implied"],
        "does not imply": [f"{name} ({e.by[0]})" for e, name in entries if e.status == "not implied"],
        "open": [name for e, name in entries if e.status == "open"],
    }
    return "; ".join([" = ".join(one), *(f"{words}: {', '.join(names)}" for words, names in lists.items() if names)])
