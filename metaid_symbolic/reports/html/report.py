"""The whole report: one HTML file with its style, script, formulas, pictures and certificates inside."""

from __future__ import annotations

import base64
import gzip
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, final

from ...certificates import Certificate
from ...claims import Theorem
from ...sentences import sentence
from ...statements import digest, file_name
from ...verdicts import Result, Verdict
from .. import latex_derivation
from ..contents import Contents, environment
from ..derivation import told
from ..evaluation import UNREADABLE
from ..latex_claims import statement
from ..latex_witness import witness
from ..notation import latex
from ..page import Block
from . import plane, plots
from .captions import caption
from .drawing import SIGNS, anchor, drawing
from .mathml import Unprintable, formula
from .scenes import Scene, scenes
from .surveys import Survey, begun, finished
from .text import html_of, markdown

HERE = Path(__file__).parent
MISSING_DOT = "laid out in plain layers: Graphviz is not installed (its program dot is not on the path)"
MEANING = {
    "proved": "the kernel established it", "refuted": "the kernel established its negation",
    "assumed": "it is an instance of a cited theorem", "supported": "there is evidence short of proof",
    "undecided": "nothing is established", "definition": "no claim: a definition", "ill-posed": "no claim: something is missing",
    "prose": "no claim: prose",
}  # fmt: skip
KINDS = {
    "uses": "uses",
    "repairs": "repairs",
    "specialises": "is a special case of",
    "reads": "has the readings",
    "cites": "cites",
}


class NoTemplates(LookupError):
    """Jinja2 is not installed."""


def html_report(contents: Contents, dot: str | None = None, first: Sequence[Survey] = ()) -> str:
    """The file's text.  `dot`: see `laid_out`; `first` are surveys of the claims reported on, which stand before the page, and
    those of other theories are left out then.  Raises `NoTemplates`."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise NoTemplates("--format html needs jinja2: pip install 'metaid-symbolic[report]'") from None
    surveying = [] if first else begun(contents)
    views = _Views(contents)
    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["raw"] = Markup
    made.globals |= {"anchor": anchor, "signs": SIGNS, "meaning": MEANING, "kinds": KINDS}
    title, sections = views.sections()
    written = made.get_template("report.html.j2").render(
        title=title, theory=contents.loaded.theory.name, sections=sections, claims=views.claims, summary=summary(contents),
        graph=views.graph(dot), theorems=views.theorems(), environment=environment(), edges=views.edges(),
        style=(HERE / "report.css").read_text(encoding="utf-8"), script=(HERE / "report.js").read_text(encoding="utf-8"),
        first=first, surveys=finished(surveying, contents.gaps), gaps=contents.gaps,
    )  # fmt: skip
    return re.sub(r"\n +(?=<)", "\n", written)


def packed(source: str) -> str:
    """A text compressed by gzip, the same at every time, in base 64."""
    return base64.b64encode(gzip.compress(source.encode(), mtime=0)).decode()


def figure(scene: Scene) -> str:
    """The pictures of a scene with their caption.  Raises `Unplotted`, `Unprintable`."""
    drawn = "".join(plots.pictures(scene))
    return f'<figure class="plots">{drawn}<figcaption>{html_of(caption(scene))}</figcaption></figure>'


def summary(contents: Contents) -> dict[str, Any]:
    """Counts of verdicts, all and by step."""
    counts = Counter(r.verdict.value for r in contents.report)
    steps = sorted(
        {r.claim.step for r in contents.report}, key=lambda s: [int(w) if w.isdigit() else w for w in re.split("([0-9]+)", s)]
    )
    by_step = {s: Counter(r.verdict.value for r in contents.report if r.claim.step == s) for s in steps}
    verdicts = [v.value for v in Verdict if counts[v.value]]
    rows = [(s, contents.loaded.theory.titles.get(s, ""), [by_step[s][v] for v in verdicts]) for s in steps]
    against = [r.id for r in contents.report if r.contradicted]
    return {
        "verdicts": verdicts,
        "counts": [counts[v] for v in verdicts],
        "rows": rows,
        "total": len(contents.report),
        "against": against,
    }


@final
@dataclass
class _Views:
    """What the template shows of each part."""

    contents: Contents
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = markdown()
        self.figures: dict[Scene, str] = {}
        if not plane.available():
            self.contents.gaps.append(("plots", plots.MISSING))

    def sections(self) -> tuple[str, list[dict[str, Any]]]:
        """The page's title, and its blocks in order; a claim's view is made where the page first names it."""
        listed = []
        title = ""
        for block in self.contents.blocks:
            if block.level == 1 and not title:
                title = block.text
                continue
            result = self.contents.results.get(block.id)
            if result is not None and block.id not in self.claims:
                self.claims[block.id] = self._claim(result, block)
            unknown = block.id if block.id and result is None else ""
            words = "" if result is not None else self._words(block, inline=block.level > 0)
            listed.append(
                {"level": block.level, "html": words, "claim": self.claims.get(block.id) if result else None, "unknown": unknown}
            )
        return title or self.contents.loaded.theory.name, listed

    def _words(self, block: Block, inline: bool = False) -> str:
        """The page's own text."""

        def shown(source: str, display: bool) -> str:
            instead = f'<code class="gap">{escape(source)}</code>'
            return self.contents.attempt(
                block.id or f"line {block.line} of the page", lambda: formula(source), instead, Unprintable
            )

        render = self.reader.renderInline if inline else self.reader.render
        return str(render(block.text, {"formula": shown}))

    def _claim(self, result: Result, block: Block) -> dict[str, Any]:
        claim, files, certificate = result.claim, self.contents.loaded, result.certificate
        left_out, steps = self._steps(result, certificate)
        return {
            "id": result.id, "verdict": result.verdict.value, "shown": result.shown, "result": result, "claim": claim,
            "words": self._words(block), "formal": self._formal(result), "kernel": self._kernel(result),
            "witness": self._witness(result, certificate), "plots": list(self._plots(result, certificate)),
            "left_out": left_out, "steps": steps,
            "certificate": packed(result.source) if result.source else "",
            "file": file_name(result.id) if files.folder and result.source else f"{result.id.replace('/', '~')}.json",
            "open": self.contents.open.get(result.id, "") if not result.source else "",
            "hash": digest(claim.assertion) if claim.assertion is not None else "",
            "repairs": self.contents.repairs.get(result.id, []),
        }  # fmt: skip

    def _printed(self, result: Result, make: Any, what: str) -> str:
        instead = f'<span class="gap">The {what} could not be printed; the kernel’s own printing is below.</span>'
        return str(self.contents.attempt(result.id, make, instead, Unprintable, *UNREADABLE))

    def _formal(self, result: Result) -> str:
        assertion = result.claim.assertion
        if assertion is None:
            return ""
        return self._printed(result, lambda: html_of(statement(assertion)), "formal claim")

    def _kernel(self, result: Result) -> str:
        return "\n".join(sentence(result.claim.assertion)) if result.claim.assertion is not None else ""

    def _witness(self, result: Result, certificate: Certificate | None) -> str:
        assertion = result.claim.assertion
        if assertion is None or certificate is None:
            return ""
        return self._printed(result, lambda: html_of(witness(assertion, certificate)), "witness")

    def _plots(self, result: Result, certificate: Certificate | None) -> Iterator[str]:
        """A figure for each problem that is exhibited or spoken of, where it can be drawn."""
        assertion = result.claim.assertion
        if assertion is None or certificate is None or not plane.available():
            return
        none: list[Scene] = []
        for scene in self.contents.attempt(result.id, lambda: scenes(assertion, certificate), none, *UNREADABLE):
            try:
                if scene not in self.figures:
                    self.figures[scene] = figure(scene)
                yield self.figures[scene]
            except (plots.Unplotted, Unprintable, *UNREADABLE, ArithmeticError, ValueError, TypeError) as cause:
                self.contents.gaps.append((result.id, f"no plot: {cause}"))

    def _steps(self, result: Result, certificate: Certificate | None) -> tuple[str, list[dict[str, Any]]]:
        """What the derivation leaves out, and its steps, each with its facts and its reason."""
        assertion = result.claim.assertion
        theorems = self.contents.theorems
        nothing: tuple[str, list[dict[str, Any]]] = "", []
        if assertion is None or certificate is None:
            return nothing

        def listed() -> tuple[str, list[dict[str, Any]]]:
            telling = told(assertion, certificate, theorems)
            return latex_derivation.left_out(telling), [
                {
                    "number": s.number, "depth": min(s.depth, 8), "closed": s.kind == "closed",
                    "facts": [formula(one) if one else "<i>a long formula</i>" for one in latex_derivation.facts(s)],
                    "why": html_of(latex_derivation.reason(s, theorems)), "theorem": s.name if s.kind == "theorem" else "",
                }
                for s in telling.steps
            ]  # fmt: skip

        return self.contents.attempt(result.id, listed, nothing, Unprintable, *UNREADABLE)

    def graph(self, dot: str | None) -> str:
        if not (shutil.which("dot") if dot is None else dot):
            self.contents.gaps.append(("graph", MISSING_DOT))
        instead = '<p class="gap">The graph could not be drawn; the table below has its edges.</p>'
        return self.contents.attempt("graph", lambda: drawing(self.contents, dot), instead)

    def edges(self) -> Mapping[str, list[tuple[str, str]]]:
        """(kind, target) of each node's edges."""
        graph = self.contents.graph
        return {n: [(graph.edges[n, m]["kind"], m) for m in graph.successors(n)] for n in graph}

    def theorems(self) -> list[dict[str, Any]]:
        return [self._theorem(theorem) for theorem in self.contents.theorems.values()]

    def _theorem(self, theorem: Theorem) -> dict[str, Any]:
        instead = f"<code>{escape(theorem.name)}</code>"
        shown = self.contents.attempt(theorem.name, lambda: formula(latex(theorem.formula)), instead, Unprintable)
        users = self.contents.used_by[theorem.name]
        about = ", ".join(theorem.functions)
        return {"name": theorem.name, "reference": theorem.reference, "about": about, "html": shown, "users": users}
