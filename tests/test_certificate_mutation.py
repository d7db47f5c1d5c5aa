"""Certificates with one thing changed: rejected, or accepted by both arithmetics with the same truth value."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from kernel_tables import ACCEPTED, THEOREMS

from metaid_symbolic.certificates import Certificate
from metaid_symbolic.claims import Claim, Theorem
from metaid_symbolic.encoding import Malformed, decode, encode, read_number
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.recheck import load_statements, read_certificate
from metaid_symbolic.statements import file_name

THEORIES = Path(__file__).parents[1] / "proofs"
STORED = sorted(THEORIES.glob("meta_identifiability/certificates/*.json"))
SAMPLE = 300
"""Mutants of all stored certificates together, drawn with a fixed seed."""

Place = tuple[Any, ...]


def places(data: Any, here: Place = ()) -> Iterator[Place]:
    """The way to everything in the data, outermost first."""
    yield here
    pairs: Any = data.items() if type(data) is dict else enumerate(data) if type(data) is list else ()
    for key, part in pairs:
        yield from places(part, (*here, key))


def at(data: Any, place: Place) -> Any:
    for key in place:
        data = data[key]
    return data


def changed(part: Any) -> Iterator[tuple[str, Any]]:
    """Small changes of one part, each under its name."""
    match part:
        case bool():
            yield "flipped", not part
        case None:
            yield "a number for null", ["num", "1"]
        case str() if part.lstrip("-").replace("/", "").isdigit():
            value = read_number(part)
            yield "number + 1", encode(value + 1)
            yield "number negated", encode(-value) if value else "1/2"
        case str():
            yield "renamed", part + "x"
        case [str(), *_]:
            yield "term replaced", ["num", "1"]
            yield "term swapped", [part[0], *reversed(part[1:])]
        case [_, *rest]:
            yield "first dropped", rest
            yield "last dropped", part[:-1]
            yield "first twice", [part[0], *part]
            yield "reversed", part[::-1]
        case []:
            yield "something for nothing", ["num", "1"]
        case {"then": then}:
            yield "step left out", then
        case {"kind": _}:
            yield "ended", {"kind": "Done"}
            yield "field dropped", dict(list(part.items())[:-1])


def mutants(data: Any) -> list[tuple[str, Place, Any]]:
    return [
        (name, place, new) for place in places(data) if place for name, new in changed(at(data, place)) if new != at(data, place)
    ]


def mutated(data: Any, place: Place, new: Any) -> Any:
    made = copy.deepcopy(data)
    at(made, place[:-1])[place[-1]] = new
    return made


def outcome(claim: Claim, data: Any, theorems: Mapping[str, Theorem]) -> bool | None:
    """The truth value that both arithmetics establish; None if both reject."""
    try:
        certificate = decode(data, Certificate)
    except Malformed:
        return None
    found: list[bool | None] = []
    for arithmetic in ("python", "flint"):
        try:
            found.append(check(claim, certificate, theorems, arithmetic).truth)
        except Rejected:
            found.append(None)
    assert found[0] == found[1], f"the arithmetics disagree: {found}"
    return found[0]


def tried(claim: Claim, data: Any, theorems: Mapping[str, Theorem], chosen: Any, truth: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, place, new in chosen:
        found = outcome(claim, mutated(data, place, new), theorems)
        assert found in (None, truth), f"{name} at {place}: {truth} becomes {found}"
        counts["rejected" if found is None else f"still accepted: {name}"] += 1
    return counts


@pytest.mark.parametrize("name", ACCEPTED)
def test_no_change_of_a_row_changes_its_truth(name: str) -> None:
    claim, certificate, truth = ACCEPTED[name]
    data = encode(certificate)
    everything = mutants(data)
    counts = tried(claim, data, THEOREMS, random.Random(name).sample(everything, min(60, len(everything))), truth)
    print(f"{name}: {sum(counts.values())} mutants, {dict(counts)}")


def test_changes_of_the_rows_are_mostly_rejected() -> None:
    counts: Counter[str] = Counter()
    for name, (claim, certificate, truth) in ACCEPTED.items():
        data = encode(certificate)
        everything = mutants(data)
        counts += tried(claim, data, THEOREMS, random.Random(name).sample(everything, min(12, len(everything))), truth)
    print(dict(counts))
    assert counts["rejected"] > 0.7 * sum(counts.values())


def stored() -> Iterator[tuple[str, Claim, Any, Mapping[str, Theorem]]]:
    for folder in sorted({path.parents[1] for path in STORED}):
        known = load_statements(folder)
        for name, claim in known.claims.items():
            path = folder / "certificates" / file_name(name)
            if path.exists():
                try:
                    yield name, claim, read_certificate(path.read_bytes(), claim), known.theorems
                except Malformed:
                    continue


@pytest.mark.skipif(not STORED, reason="no certificate is stored yet")
def test_no_change_of_a_stored_certificate_changes_a_verdict() -> None:
    counts: Counter[str] = Counter()
    listed = list(stored())
    draw = random.Random(1)
    each = max(1, SAMPLE // max(1, len(listed)))
    for name, claim, data, theorems in listed:
        truth = outcome(claim, data, theorems)
        if truth is None:
            continue
        everything = sorted(mutants(data), key=lambda m: repr(m[:2]))
        found = tried(claim, data, theorems, draw.sample(everything, min(each, len(everything))), truth)
        counts += found
        counts["certificates"] += 1
        for kept in (k for k in found if k != "rejected"):
            print(f"{name}: {kept} ({found[kept]})")
    print(dict(counts))


CHANGES: dict[str, Callable[[Any], Any]] = {
    "nothing at all": lambda data: None,
    "a list": lambda data: [data],
    "another kind": lambda data: {**data, "kind": "Statement"},
    "a field more": lambda data: {**data, "seconds": "1"},
    "no kind": lambda data: {k: v for k, v in data.items() if k != "kind"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_certificate_of_another_shape_is_malformed(change: str) -> None:
    for _, certificate, _ in ACCEPTED.values():
        with pytest.raises(Malformed):
            decode(CHANGES[change](encode(certificate)), Certificate)
