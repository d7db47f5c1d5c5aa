"""From a worker's answer to a verdict.  Only what the kernel established counts; a failure decides nothing."""

from __future__ import annotations

from typing import Any

from .claims import ForAllProblems
from .kernel import Established
from .pool import Answer
from .store.files import certificate_text
from .theory import Claim
from .verdicts import Result, Verdict, judge

ROW = ("grade", "assumptions", "origin", "vacuity", "minimal", "seconds", "reason")


def as_reply(kind: str, certificate: Any, made: Established, about: dict[str, Any]) -> dict[str, Any]:
    """What a worker says of an accepted certificate, given as JSON data."""
    return {
        "reply": kind, "certificate": certificate, "truth": made.truth, "grade": made.grade, "theorems": list(made.theorems),
        "instantiation": len(made.theorems) == 1 and _only_cites(certificate), **about,
    }  # fmt: skip


def _only_cites(certificate: Any) -> bool:
    """Whether a derivation is one lemma step and instances of it."""
    steps, proof = [], certificate["proof"] if certificate["kind"] == "Derivation" else {}
    while "then" in proof:
        steps.append(proof["kind"])
        proof = proof["then"]
    return steps.count("Lemma") == 1 and len(steps) <= 3


def settle(claim: Claim, answer: Answer, ran: str) -> Result:
    """The result for the answer: what was found, else what was stored, else evidence, else why there is nothing."""
    seconds = answer.seconds
    by_kind: dict[str, dict[str, Any]] = {reply["reply"]: reply for reply in answer.replies}
    for trouble in ("fault", "disagreement"):
        if trouble in by_kind:
            return Result(claim, Verdict.UNDECIDED, reason=by_kind[trouble]["reason"], seconds=seconds, ran=ran, trouble=trouble)
    found, stored = by_kind.get("found"), by_kind.get("stored")
    if found and stored and found["truth"] != stored["truth"]:
        reason = f"the kernel took one certificate as {stored['truth']} and another as {found['truth']}"
        return Result(claim, Verdict.UNDECIDED, reason=reason, seconds=seconds, ran=ran, trouble="disagreement")
    made = found or stored
    if made is None:
        return _open(claim, answer, ran)
    verdict = judge(made)
    trouble = "rejected" if stored is None and _stored_rejected(answer) else ""
    reason = f"the stored certificate was rejected: {_stored_rejected(answer)}" if trouble else ""
    return Result(
        claim, verdict, made["grade"], tuple(made["theorems"]), _origin(claim, made), _vacuity(claim, verdict, by_kind),
        made.get("minimal", ""), seconds, reason=reason, ran=ran, trouble=trouble,
        source=certificate_text(claim.assertion, made["certificate"]) if claim.assertion else "",
    )  # fmt: skip


def _origin(claim: Claim, made: dict[str, Any]) -> str:
    if made["reply"] == "stored":
        return "stored"
    return f"author:{claim.place.partition(':')[0]}" if made["author"] else f"search:{made['method']}"


def _vacuity(claim: Claim, verdict: Verdict, replies: dict[str, dict[str, Any]]) -> str:
    """A counterexample satisfies the hypotheses; a proof says nothing about them."""
    if not isinstance(claim.assertion, ForAllProblems) or not claim.assertion.hypotheses:
        return ""
    if verdict is Verdict.REFUTED:
        return "nonvacuous"
    return str(replies["vacuity"]["vacuity"]) if "vacuity" in replies else "vacuous?"


def _stored_rejected(answer: Answer) -> str:
    return next((r["reason"] for r in answer.replies if r["reply"] == "rejected" and r["of"] == "stored"), "")


def _open(claim: Claim, answer: Answer, ran: str) -> Result:
    seconds = answer.seconds
    evidence = [r for r in answer.replies if r["reply"] == "evidence"]
    if evidence:
        origin = f"search:{evidence[-1]['method']}"
        return Result(claim, Verdict.SUPPORTED, reason=evidence[-1]["reason"], origin=origin, seconds=seconds, ran=ran)
    refused = [r["reason"] for r in answer.replies if r["reply"] == "rejected"]
    reason = answer.ended or (f"rejected: {refused[-1]}" if refused else "no method found a certificate")
    trouble = "rejected" if _stored_rejected(answer) else ""
    return Result(claim, Verdict.UNDECIDED, reason=reason, seconds=seconds, ran=ran, trouble=trouble)


def as_row(result: Result, stored: str) -> dict[str, Any]:
    """What the cache keeps of a result: the certificate's text too, when it is not the `stored` one."""
    source = result.source if result.source != stored else ""
    return {"verdict": result.verdict.value, "source": source, **{name: getattr(result, name) for name in ROW}}


def from_row(claim: Claim, row: dict[str, Any], stored: str, path: str) -> Result:
    """The cached result, with the certificate that it was reached by: the stored one, at `path`, or the row's own."""
    kept = {name: row[name] for name in ROW}
    kept["assumptions"] = tuple(kept["assumptions"])
    verdict = Verdict(row["verdict"])
    established = verdict.truth is not None
    source = (row["source"] or stored) if established else ""
    return Result(claim, verdict, **kept, path=path if source == stored else "", source=source, ran="cached")
