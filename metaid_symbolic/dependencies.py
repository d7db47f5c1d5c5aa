"""The graph of a theory: claims and the cited theorems that their verdicts rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .theory import Claim

KINDS = ("uses", "repairs", "specialises", "reads", "cites")
STYLE = {"uses": "solid", "repairs": "dashed", "specialises": "dotted", "reads": "dotted", "cites": "bold"}


def theorems_in(certificate: Any, known: Mapping[str, object]) -> list[str]:
    """The names of cited theorems that a certificate, as JSON data, inserts."""
    found: set[str] = set()
    stack = [certificate]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            if here.get("kind") == "Lemma" and here.get("name") in known:
                found.add(here["name"])
            stack.extend(here.values())
        elif isinstance(here, list):
            stack.extend(here)
    return sorted(found)


def graph(claims: Mapping[str, Claim], cited: Mapping[str, Sequence[str]]) -> Any:
    """A directed graph from each claim to what it depends on; `cited` gives the theorems that a claim's proof uses."""
    import networkx

    made = networkx.DiGraph()
    for claim in claims.values():
        made.add_node(claim.id, step=claim.step)
        for kind, target in edges(claim, cited.get(claim.id, ())):
            made.add_edge(claim.id, target, kind=kind)
    return made


def edges(claim: Claim, cited: Iterable[str]) -> list[tuple[str, str]]:
    """(kind, target) for everything the claim names, and the theorems used."""
    listed = [("uses", u) for u in claim.uses] + [("reads", r) for r in claim.readings]
    listed += [(kind, target) for kind, target in (("repairs", claim.repairs), ("specialises", claim.specialises)) if target]
    return listed + [("cites", theorem) for theorem in cited]


def around(whole: Any, focus: str, directions: Sequence[str], depth: int | None) -> Any:
    """The part of the graph within `depth` steps of `focus`, `down` to what it depends on or `up` to what depends on it."""
    import networkx

    kept = {focus}
    for direction in directions:
        view = whole if direction == "down" else whole.reverse(copy=False)
        kept |= set(networkx.single_source_shortest_path_length(view, focus, cutoff=depth))
    return whole.subgraph(kept)


def as_dot(part: Any) -> str:
    """Graphviz."""
    lines = [f"  {_quoted(node)};" for node in part.nodes]
    lines += [f"  {_quoted(a)} -> {_quoted(b)} [style={STYLE[kind]}, label={kind}];" for a, b, kind in part.edges(data="kind")]
    return "\n".join(["digraph claims {", "  rankdir=LR; node [shape=box];", *lines, "}"])


def as_mermaid(part: Any) -> str:
    """Mermaid, for a page of Markdown."""
    names = {node: f"n{i}" for i, node in enumerate(part.nodes)}
    lines = [f"  {names[node]}[{_quoted(node)}]" for node in part.nodes]
    lines += [f"  {names[a]} -->|{kind}| {names[b]}" for a, b, kind in part.edges(data="kind")]
    return "\n".join(["graph LR", *lines])


def as_json(part: Any) -> str:
    """Nodes, and edges from a claim to what it depends on."""
    listed = [{"from": a, "to": b, "kind": kind} for a, b, kind in part.edges(data="kind")]
    return json.dumps({"schema": 1, "nodes": list(part.nodes), "edges": listed}, indent=1)


def _quoted(name: str) -> str:
    return json.dumps(name)
