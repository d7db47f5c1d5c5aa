"""A theory's decided claims as Rocq files, one a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import final

from ...certificates import Certificate
from ...claims import Claim
from ...encoding import Malformed, decode
from ...kernel import check
from ...recheck import load_statements, read_certificate
from ...statements import file_name
from .facts import NotExported, Part, parts
from .kernel_view import Rejected
from .printing import Unprintable

HEADER = """(* {claim}

   Each theorem below is a fact that the verdict on this claim rests on; the sentence above it says it in the kernel's words.
   Its proof was made from the certificate; its statement from the claim and the meta-problem alone.

   Derivatives are theorems (is_derive).  Stated by a criterion, and not by the definition: definiteness of matrices by signs
   of minors (Sylvester), equal laws of a loss by moments, a field being a gradient by the symmetry of its Jacobian.
   Not restated: that constraints `<` between polynomials define an open set, that convexity or a contracting path makes it
   connected, and that together these facts decide the claim. *)
"""
SETTLE = """Ltac settle h ::= exfalso; first [exact h | apply h; repeat intro; exact Logic.I{counted}]."""


@final
@dataclass(frozen=True)
class Document:
    """The Rocq file of a claim.  `missing`: facts without a theorem or without a proof, each with the reason."""

    id: str
    source: str
    proved: int
    missing: tuple[str, ...]


def prelude(made: list[Part]) -> str:
    """The lemmas and tactics that the parts use."""
    names = ["prelude.v", *(["descent.v"] if any(part.descends for part in made) else [])]
    return "\n".join(files(__package__).joinpath(name).read_text(encoding="utf-8") for name in names)


def document(claim_id: str, claim: Claim, certificate: Certificate) -> Document:
    """The file for a decided claim; its `missing` is one reason where nothing can be stated."""
    try:
        made = parts(claim, certificate)
    except (NotExported, Unprintable, Rejected) as cause:
        return Document(claim_id, "", 0, (str(cause),))
    facts = [fact for part in made for fact in part.facts]
    missing = tuple(f"{fact.name}: {fact.missing}" for fact in facts if fact.missing)
    done = proved(made)
    if not done:
        return Document(claim_id, "", 0, missing)
    whole = "\n\n".join(
        [HEADER.format(claim=claim_id), prelude(made), *(s for part in made for s in sections(part)), _summary(done)]
    )
    return Document(claim_id, whole + "\n", len(done), missing)


def assembled(documents: dict[str, list[Part]]) -> str:
    """One file with a module for each list of parts, by name."""
    bodies = [
        "\n\n".join([f"Module {name}.", *(s for p in made for s in sections(p)), f"End {name}."])
        for name, made in documents.items()
    ]
    names = [f"{name}.{fact}" for name, made in documents.items() for fact in proved(made)]
    return "\n\n".join([prelude([part for made in documents.values() for part in made]), *bodies, _summary(names)]) + "\n"


def proved(made: list[Part]) -> list[str]:
    """The names of the theorems that have a proof."""
    return [f.name for part in made for f in part.facts if f.script] + [name for part in made for name in part.derivatives]


def _summary(names: list[str]) -> str:
    """All theorems in one term, and what they rest on."""
    made = names[-1]
    for name in reversed(names[:-1]):
        made = f"(conj {name} {made})"
    return f"Definition all_facts := {made}.\nPrint Assumptions all_facts."


def sections(part: Part) -> Iterator[str]:
    if part.title:
        yield f"(* {part.title} *)"
    yield from part.definitions
    yield settle(part)
    for fact in part.facts:
        words = fact.words.replace("(*", "( *").replace("*)", "* )")
        if not fact.script:
            yield f"(* {fact.name}, {words}\n   is left out: {fact.missing} *)"
            continue
        body = "\n".join(fact.script)
        yield f"(* {words} *)\nTheorem {fact.name} :\n  {fact.statement}.\nProof.\n{body}\nQed."


def settle(part: Part) -> str:
    """The tactic for hypotheses that say `False`, `~ True`, or the wrong thing on the number of losses."""
    lines = [line for text in part.definitions for line in text.splitlines() if line.startswith("Theorem count_")]
    names = [line.split()[1] for line in lines]
    counted = "".join(f" | apply h; exact {n}" if n.endswith("_holds") else f" | exact ({n} h)" for n in names)
    return SETTLE.format(counted=counted)


def certified(folder: Path) -> list[str]:
    """The claims with a stored certificate."""
    return [name for name in load_statements(folder).claims if (folder / "certificates" / file_name(name)).is_file()]


def documents(folder: Path, ids: Sequence[str]) -> Iterator[Document]:
    """One for each claim.  A certificate that the kernel rejects gives no file, and the reason."""
    known = load_statements(folder)
    for claim_id in ids:
        claim, path = known.claims[claim_id], folder / "certificates" / file_name(claim_id)
        try:
            certificate = decode(read_certificate(path.read_bytes(), claim), Certificate)
            check(claim, certificate, known.theorems)
        except (Malformed, Rejected, OSError) as cause:
            yield Document(claim_id, "", 0, (str(cause),))
            continue
        yield document(claim_id, claim, certificate)


def module_name(claim_id: str) -> str:
    """A Rocq module name for the id: every other character becomes `_` and its code."""
    return "claim_" + "".join(c if c.isalnum() else f"_{ord(c):x}_" for c in claim_id)
