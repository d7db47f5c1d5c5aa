"""Random and damaged input: the decoder reads it or says what is wrong, and no certificate proves what an example refutes.

Every run is counted, the counts stand at the end of the test run, and a run that met nothing fails.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from kernel_rows import MORE_ACCEPTED, MORE_REFUSED
from kernel_tables import ACCEPTED, THEOREMS, a1, a2, x, y
from test_certificate_mutation import STORED, mutants, mutated, stored

from metaid_symbolic.certificates import (
    Certificate,
    Combine,
    Cut,
    Derivation,
    Done,
    Enclose,
    Instantiate,
    Lemma,
    OneVariable,
    Proof,
    Rewrite,
    Root,
    Specialisation,
    Split,
    Summand,
)
from metaid_symbolic.claims import Claim, Statement
from metaid_symbolic.encoding import CLASSES, Malformed, decode, encode
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.recheck import establish, load_statements, read_certificate
from metaid_symbolic.terms import SIGNATURES, IllFormed, Term, at_most, conjunction, equal, less, number, substitute, symbol

Counts = dict[str, Counter[str]]
ATOMS: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, float("nan"), "", "1", "-0", "1/0", "1/2", "007", "१", "1e3", "x", "_1", "x.1", "phi",
    "9" * 5000, "1/" + "9" * 5000, "num", "sym", "add", "kind", "Done", "Derivation", [], {}, ["true"], ["num", "1"],
]  # fmt: skip


@pytest.mark.parametrize("arithmetic", ["python", "flint"])
def test_the_rows_made_from_values(arithmetic: str, counts: Counts) -> None:
    """Readings, enclosures and sign conditions, whose values were found without the kernel."""
    for name, (claim, certificate, truth) in MORE_ACCEPTED.items():
        assert check(claim, certificate, THEOREMS, arithmetic).truth is truth, name
    for name, row in MORE_REFUSED.items():
        with pytest.raises(Rejected):
            check(*row, THEOREMS, arithmetic)
            pytest.fail(name)
    assert len(MORE_ACCEPTED) > 250 and len(MORE_REFUSED) > len(MORE_ACCEPTED)
    counts[f"rows made from values, {arithmetic}"].update(accepted=len(MORE_ACCEPTED), rejected=len(MORE_REFUSED))


# the decoder


def random_json(draw: random.Random, depth: int) -> Any:
    """Data that often look like terms or objects of ours."""
    if depth == 0 or draw.random() < 0.2:
        return draw.choice(ATOMS)
    match draw.randrange(4):
        case 0:
            return [draw.choice(list(SIGNATURES)), *(random_json(draw, depth - 1) for _ in range(draw.randrange(4)))]
        case 1:
            made = CLASSES[draw.choice(list(CLASSES))]
            names = [f for f in made.__dataclass_fields__ if draw.random() < 0.95]
            return {"kind": made.__name__, **{n: random_json(draw, depth - 1) for n in names}}
        case 2:
            return [random_json(draw, depth - 1) for _ in range(draw.randrange(4))]
    return {str(draw.choice(ATOMS[8:]))[:20]: random_json(draw, depth - 1) for _ in range(draw.randrange(3))}


def read(data: Any, wanted: Any) -> str:
    """`read` if the decoder takes the data, and gives them back when encoded; else `malformed`."""
    try:
        value = decode(data, wanted)
    except Malformed:
        return "malformed"
    assert decode(encode(value), wanted) == value
    return "read"


def test_random_data_are_read_or_malformed(counts: Counts) -> None:
    draw, found = random.Random(11), Counter[str]()
    for k in range(6000):
        found[read(random_json(draw, draw.randrange(1, 6)), (Claim, Certificate, Proof, Term)[k % 4])] += 1
    assert found["read"] > 20 and found["malformed"] > 1000, found
    counts["random data at the decoder"].update(found)


def damaged(source: bytes, draw: random.Random) -> bytes:
    """One byte or one piece of the text changed."""
    place, other = draw.randrange(len(source)), draw.randrange(len(source))
    match draw.randrange(6):
        case 0:
            return source[:place] + bytes([source[place] ^ (1 << draw.randrange(8))]) + source[place + 1 :]
        case 1:
            return source[:place] + source[place + 1 :]
        case 2:
            return (
                source[:place]
                + draw.choice([b"0", b"-", b"/", b"9" * 5000, b"\xd9\xa1", b'"', b"[", b"NaN", b"true"])
                + source[place:]
            )
        case 3:
            return source[: min(place, other)] + source[max(place, other) :]
        case 4:
            return source[:place]
    return source[:place] + source[other : other + 20] + source[place:]


@pytest.mark.skipif(not STORED, reason="no certificate is stored yet")
def test_damaged_files_are_refused_or_say_the_same(counts: Counts) -> None:
    """The bytes of stored certificates, hash and all."""
    draw, found = random.Random(12), Counter[str]()
    known = load_statements(STORED[0].parents[1])
    for name, claim, data, theorems in stored():
        if len(json.dumps(data)) > 5_000:
            continue
        truth = establish(claim, data, theorems, ("python",)).truth
        source = next(p for p in STORED if p.stem == name.replace("/", "~")).read_bytes()
        for _ in range(4):
            try:
                other = establish(known.claims[name], read_certificate(damaged(source, draw), claim), theorems, ("python",))
            except (Malformed, Rejected) as cause:
                found[type(cause).__name__.lower()] += 1
            else:
                assert other.truth == truth, name
                found["same verdict"] += 1
    assert found["malformed"] > 100 and found["rejected"] > 0, found
    counts["damaged files of certificates"].update(found)


# rules, on claims that points decide

GRID = [Fraction(v) for v in ("0", "1", "-1", "1/2", "2", "-3", "-1/3", "5")]


def value(term: Term, point: dict[str, Fraction]) -> Fraction:
    """The number that a polynomial has at a point.  Raises `KeyError` for what is no polynomial."""
    values = [value(a, point) for a in term.args if type(a) is Term]
    match term.head:
        case "num":
            return Fraction(term.args[0])
        case "sym":
            return point[term.args[0]]
        case "add":
            return sum(values, Fraction(0))
        case "mul":
            made = Fraction(1)
            for v in values:
                made *= v
            return made
        case "pow" if term.args[1] > 0:
            return values[0] ** int(term.args[1])
    raise KeyError(term.head)


def holds(f: Term, point: dict[str, Fraction]) -> bool:
    """Whether a formula without quantifiers holds at a point."""
    if f.head in ("eq", "lt", "le"):
        left, right = (value(a, point) for a in f.args)
        return {"eq": left == right, "lt": left < right, "le": left <= right}[f.head]
    if f.head not in ("true", "false", "not", "and", "or", "implies", "iff"):
        raise KeyError(f.head)
    parts = [holds(a, point) for a in f.args]
    kinds: dict[str, Callable[[], bool]] = {
        "true": lambda: True, "false": lambda: False, "not": lambda: not parts[0], "and": lambda: all(parts),
        "or": lambda: any(parts), "implies": lambda: not parts[0] or parts[1], "iff": lambda: parts[0] == parts[1],
    }  # fmt: skip
    return kinds[f.head]()


def contradicted(claim: Claim) -> bool | None:
    """Whether a point of the grid contradicts the claim `forall x, ...: f`; None if it is no such claim."""
    if not isinstance(claim, Statement) or claim.naturals or claim.functions or claim.arrays:
        return None
    formula, names = claim.formula, []
    while formula.head == "forall" and formula.args[1] == "real":
        names.append(formula.args[0])
        formula = formula.args[2]
    if len(names) > 2 or len(set(names)) < len(names):
        return None
    try:
        return not all(holds(formula, dict(zip(names, p, strict=True))) for p in product(GRID, repeat=len(names)))
    except KeyError:
        return None


def polynomial(draw: random.Random, *names: Term) -> Term:
    made: Term = number(draw.randrange(-3, 4))
    for _ in range(draw.randrange(1, 4)):
        made = made + number(draw.choice((-2, -1, 1, 2, 3))) * draw.choice(names) ** draw.choice((1, 1, 2, 3))
    return made


def comparison(draw: random.Random, *names: Term) -> Term:
    return draw.choice((equal, less, at_most))(polynomial(draw, *names), polynomial(draw, *names))


def random_claim(draw: random.Random) -> Statement:
    premise = conjunction([comparison(draw, x, y) for _ in range(draw.randrange(1, 4))])
    formula = Term("implies", (premise, draw.choice((comparison(draw, x, y), Term("not", (comparison(draw, x, y),))))))
    return Statement((), (), (), Term("forall", ("x", "real", Term("forall", ("y", "real", formula)))))


def random_proof(draw: random.Random, depth: int) -> Proof:
    """A proof about `_1` and `_2`, without regard to what is to be proved."""
    inner = lambda: random_proof(draw, depth - 1) if depth else Done()  # noqa: E731
    place, p = draw.randrange(-1, 5), polynomial(draw, a1, a2)
    name, low = draw.choice(("_1", "_2", "_3")), Fraction(draw.randrange(-4, 4))
    made: list[Callable[[], Proof]] = [
        Done,
        lambda: Cut(comparison(draw, a1, a2), inner(), inner()),
        lambda: Split(place, tuple(inner() for _ in range(draw.randrange(1, 4)))),
        lambda: Rewrite(name, draw.choice((p, a1, a2)), inner()),
        lambda: OneVariable(name),
        lambda: Lemma("relu", (), (p,), inner()),
        lambda: Root((polynomial(draw, symbol("_.1")),), ((low, low + draw.randrange(0, 4)),), 64, draw.random() < 0.5, inner()),
        lambda: Instantiate(place, (p,), inner()),
        lambda: Enclose(place, 30),
        lambda: Combine(tuple(random_summand(draw) for _ in range(draw.randrange(1, 5)))),
    ]
    return draw.choice(made)()


def random_summand(draw: random.Random) -> Summand:
    literals = tuple(draw.randrange(4) for _ in range(draw.randrange(3)))
    if draw.random() < 0.3:
        return Summand(literals, ((Fraction(1), polynomial(draw, a1, a2)),), True)
    return Summand(literals, ((Fraction(draw.randrange(-1, 4)), draw.choice((number(1), a1, a2, a1 - a2))),), False)


def by_construction(draw: random.Random) -> tuple[Statement, Proof]:
    """p >= 0 and q > 0 imply c p + q + d r^2 > 0, with its proof; then some number in it is changed, or none is."""
    p, q, r = (polynomial(draw, x, y) for _ in range(3))
    c, d = draw.randrange(1, 4), draw.randrange(0, 3)
    premise = conjunction([at_most(number(0), p), less(number(0), q)])
    goal = less(number(0), number(c) * p + q + number(d + draw.choice((0, 0, -1))) * r**2 + number(draw.choice((0, 0, 0, -1))))
    into = {"x": a1, "y": a2}
    named = [substitute(t, into) for t in (p, q, r)]
    claim = Statement((), (), (), Term("forall", ("x", "real", Term("forall", ("y", "real", Term("implies", (premise, goal)))))))
    one = ((Fraction(1), number(1)),)
    squares = Summand((), ((Fraction(d), named[2]),), False)
    return claim, Combine(
        (Summand((0,), ((Fraction(c), number(1)),), False), Summand((1,), one, False), squares, Summand((2,), one, False))
    )


def judged(claim: Claim, certificate: Certificate, wrong: bool | None) -> str:
    """What the kernel makes of the certificate; an acceptance against a point of the grid fails the test."""
    try:
        found = check(claim, certificate, THEOREMS)
    except Rejected:
        return "rejected"
    assert not (found.truth and wrong), f"{claim} has a counterexample, and was proved by {certificate}"
    return "accepted" if wrong is not None else "accepted, not on the grid"


def test_random_proofs_of_random_claims(counts: Counts) -> None:
    draw, found = random.Random(13), Counter[str]()
    for k in range(500):
        claim, proof = (random_claim(draw), random_proof(draw, 2)) if k % 2 else by_construction(draw)
        wrong = contradicted(claim)
        found["false claims"] += bool(wrong)
        found[judged(claim, Derivation(proof), wrong)] += 1
    assert found["accepted"] > 50 and found["false claims"] > 50, found
    counts["random proofs of random claims"].update(found)


def changed_claims(claim: Claim, draw: random.Random, most: int) -> Iterator[Claim]:
    """Claims of the same kind with one number, relation or connective changed."""
    data = encode(claim)
    everything = [m for m in mutants(data) if m[1][:1] == ("formula",)]
    swaps = {"lt": "le", "le": "lt", "eq": "le", "and": "or", "or": "and", "forall": "exists"}
    for name, place, new in draw.sample(everything, min(most, len(everything))):
        old = new[0] if isinstance(new, list) and new and isinstance(new[0], str) else ""
        if old in swaps and name == "term swapped":
            new = [swaps[old], *reversed(new[1:])]
        try:
            yield decode(mutated(data, place, new), Claim)
        except (Malformed, IllFormed):
            continue


def test_certificates_of_other_claims(counts: Counts) -> None:
    """Each certificate of the tables, put to claims that differ from its own in one place."""
    draw, found = random.Random(14), Counter[str]()
    listed = [(c, k) for c, k, _ in ACCEPTED.values()] + [(c, k) for c, k, _ in MORE_ACCEPTED.values()]
    for claim, certificate in listed:
        if not isinstance(claim, Statement) or isinstance(certificate, Specialisation):
            continue
        for other in changed_claims(claim, draw, 6):
            wrong = contradicted(other)
            found["false claims"] += bool(wrong)
            found[judged(other, certificate, wrong)] += 1
    assert found["false claims"] > 30 and found["accepted"] > 20, found
    counts["certificates of other claims"].update(found)


def test_a_term_that_pretends_to_be_another_is_none() -> None:
    class Pretender(Fraction):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = Fraction.__hash__

    for bad in (Pretender(1), True, 1.0, "1"):
        with pytest.raises(IllFormed):
            Term("num", (bad,))
    with pytest.raises((IllFormed, TypeError)):
        Term("not", (type("Formula", (), {"head": "true", "args": ()})(),))
