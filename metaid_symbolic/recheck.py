"""The re-checker: statements from the one file, certificates from the others, the kernel between them, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .certificates import Certificate
from .claims import Claim, Theorem
from .encoding import Malformed, decode, fields_of, loads, require
from .kernel import Established, Rejected, check
from .statements import Statements, digest, file_name, read_statements
from .terms import record

BACKENDS = {"python": ("python",), "flint": ("flint",), "both": ("python", "flint")}


class Disagreement(Exception):
    """Two arithmetics came to different results on one certificate: a defect of the kernel."""


@record
class Replayed:
    """What the kernel makes of one certificate.

    `status` is accepted, rejected, disagreement, or fault (the kernel itself failed); `verdict` is proved or refuted, or
    rejected when nothing is established, and then `reason` says why.
    """

    id: str
    status: str
    verdict: str = "rejected"
    grade: str = ""
    theorems: tuple[str, ...] = ()
    reason: str = ""


def establish(claim: Claim, data: Any, theorems: Mapping[str, Theorem], arithmetics: Sequence[str]) -> Established:
    """What every one of the arithmetics makes of the certificate encoded by `data`.

    Raises `Malformed`, `Rejected` if all reject it, `Disagreement` if they differ.
    """
    certificate = decode(data, Certificate)
    found: set[Established] = set()
    refusals: list[Rejected] = []
    for name in arithmetics:
        try:
            found.add(check(claim, certificate, theorems, name))
        except Rejected as cause:
            refusals.append(cause)
    if len(found) + bool(refusals) > 1:
        raise Disagreement(f"{', '.join(arithmetics)} established {found} and rejected with {refusals}")
    if refusals:
        raise refusals[0]
    return found.pop()


def read_certificate(source: bytes, claim: Claim) -> Any:
    """The encoded certificate in a file's text.  Raises `Malformed` when it is not for this claim."""
    claimed, certificate = fields_of(loads(source), "claim", "certificate")
    require(claimed == digest(claim), "it is for a claim with hash {}, and this one has {}", claimed, digest(claim))
    return certificate


def load_statements(folder: Path) -> Statements:
    """The statements of the theory in `folder`.  Raises `Malformed` naming the file, or `OSError`."""
    path = folder / "statements.json"
    try:
        return read_statements(path.read_bytes())
    except Malformed as cause:
        raise Malformed(f"{path}: {cause}") from None


def replay(folder: Path, backend: str = "python") -> Iterator[Replayed]:
    """Every stored certificate, replayed; then every statement that is not believed."""
    known = load_statements(folder)
    names = {file_name(name): name for name in known.claims}
    for path in sorted((folder / "certificates").glob("*.json")):
        yield _replay(names.get(path.name, path.stem.replace("~", "/")), path, known, BACKENDS[backend])
    for name, reason in known.refused.items():
        yield Replayed(name, "rejected", reason=f"{folder / 'statements.json'}: {reason}")


def _replay(claim_id: str, path: Path, known: Statements, arithmetics: Sequence[str]) -> Replayed:
    try:
        require(claim_id in known.claims, "statements.json has no claim {!r}", claim_id)
        claim = known.claims[claim_id]
        made = establish(claim, read_certificate(path.read_bytes(), claim), known.theorems, arithmetics)
    except (Malformed, Rejected, OSError, Disagreement) as cause:
        status = "disagreement" if isinstance(cause, Disagreement) else "rejected"
        return Replayed(claim_id, status, reason=f"{path}: {cause}")
    except Exception as cause:  # a defect of the kernel must not hide what the other certificates show
        return Replayed(claim_id, "fault", reason=f"{path}: the kernel failed with {type(cause).__name__}: {cause}")
    return Replayed(claim_id, "accepted", "proved" if made.truth else "refuted", made.grade, made.theorems)
