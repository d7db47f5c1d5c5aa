"""The re-checker: statements from the one file, certificates from the others, the kernel between them, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from .certificates import Certificate
from .claims import Claim, Theorem
from .encoding import Malformed, decode, loads
from .kernel import Established, check
from .kernel import Rejected as Rejected
from .statements import Statements, digest, file_name, read_statements

BACKENDS = {"python": ("python",), "flint": ("flint",), "both": ("python", "flint")}


class Disagreement(Exception):
    """Two arithmetics came to different results on one certificate: a defect of the kernel."""


@final
@dataclass(frozen=True, slots=True)
class Replayed:
    """What the kernel makes of one certificate.  `truth` is None when it establishes nothing, and `reason` says why.

    `status` is accepted, rejected, disagreement, or fault (the kernel itself failed).
    """

    id: str
    status: str
    truth: bool | None = None
    grade: str = ""
    theorems: tuple[str, ...] = ()
    reason: str = ""

    @property
    def verdict(self) -> str:
        return {True: "proved", False: "refuted", None: "rejected"}[self.truth]


def establish(claim: Claim, data: Any, theorems: Mapping[str, Theorem], arithmetics: Sequence[str]) -> Established:
    """What every one of the arithmetics makes of the certificate encoded by `data`.

    Raises `Malformed`, `Rejected` if all reject it, `Disagreement` if they differ.
    """
    certificate = decode(data, Certificate)
    outcomes: dict[str, Established | str] = {}
    for name in arithmetics:
        try:
            outcomes[name] = check(claim, certificate, theorems, name)
        except Rejected as cause:
            outcomes[name] = f"rejected: {cause}"
        except RecursionError:
            outcomes[name] = "rejected: nested too deeply"
    first = outcomes[arithmetics[0]]
    if any(isinstance(o, str) != isinstance(first, str) or (not isinstance(o, str) and o != first) for o in outcomes.values()):
        raise Disagreement("; ".join(f"{name}: {outcome}" for name, outcome in outcomes.items()))
    if isinstance(first, str):
        raise Rejected(first.removeprefix("rejected: "))
    return first


def read_certificate(source: bytes, claim: Claim) -> Any:
    """The encoded certificate in a file's text.  Raises `Malformed` when it is not for this claim."""
    data = loads(source)
    if type(data) is not dict or set(data) != {"claim", "certificate"}:
        raise Malformed("the file is no object with claim and certificate")
    if data["claim"] != digest(claim):
        raise Malformed(f"it is for a claim with hash {str(data['claim'])[:16]}..., and this one has {digest(claim)[:16]}...")
    return data["certificate"]


def load_statements(folder: Path) -> Statements:
    """The statements of the theory in `folder`.  Raises `Malformed` naming the file, or `OSError`."""
    path = folder / "statements.json"
    try:
        return read_statements(path.read_bytes())
    except Malformed as cause:
        raise Malformed(f"{path}: {cause}") from None


def replay(folder: Path, backend: str = "python", ids: Sequence[str] = ()) -> Iterator[Replayed]:
    """Every stored certificate (or those of `ids`), replayed; then every statement that is not believed."""
    known = load_statements(folder)
    files = {path.name: path for path in sorted((folder / "certificates").glob("*.json"))}
    wanted = {file_name(name): name for name in known.claims}
    for name in files:
        claim_id = wanted.get(name, name.removesuffix(".json").replace("~", "/"))
        if not ids or claim_id in ids:
            yield _replay(claim_id, files[name], known, BACKENDS[backend])
    for name, reason in known.refused.items():
        if not ids or name in ids:
            yield Replayed(name, "rejected", reason=f"{folder / 'statements.json'}: {reason}")


def _replay(claim_id: str, path: Path, known: Statements, arithmetics: Sequence[str]) -> Replayed:
    claim = known.claims.get(claim_id)
    try:
        if claim is None:
            raise Malformed(f"statements.json has no claim {claim_id!r}")
        made = establish(claim, read_certificate(path.read_bytes(), claim), known.theorems, arithmetics)
    except (Malformed, Rejected, OSError) as cause:
        return Replayed(claim_id, "rejected", reason=f"{path}: {cause}")
    except Disagreement as cause:
        return Replayed(claim_id, "disagreement", reason=f"{path}: {cause}")
    except Exception as cause:  # a defect of the kernel must not hide what the other certificates show
        return Replayed(claim_id, "fault", reason=f"{path}: the kernel failed with {type(cause).__name__}: {cause}")
    return Replayed(claim_id, "accepted", made.truth, made.grade, tuple(made.theorems))


def exit_code(results: Sequence[Replayed]) -> int:
    """0 all accepted, 1 one rejected, 4 nothing to replay, 5 the arithmetics disagree, 101 the kernel failed."""
    states = {r.status for r in results}
    for state, code in (("fault", 101), ("disagreement", 5), ("rejected", 1)):
        if state in states:
            return code
    return 0 if results else 4
