"""Worker processes: what is sent to them, and what happens when they die."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from metaid_symbolic import MetaProblem, Theory, pool, reals
from metaid_symbolic.certificates import Derivation, Done
from metaid_symbolic.encoding import Malformed, encode
from metaid_symbolic.pool import Limits, ask_all
from metaid_symbolic.theory import Hint
from metaid_symbolic.wire import pack, unpack

# the wire between the pipeline and its workers

x, y = reals("x y")
SENT = {
    "nothing": None,
    "a text": "a",
    "a truth value": True,
    "an integer": 3,
    "a fraction": Fraction(-1, 3),
    "a term": x**2 / 3 + y,
    "a tuple": (1, ("a", None)),
    "a meta-problem": MetaProblem(x, losses=[x**2, x], weights=["1/3", "2/3"]),
    "a claim": Theory("w").claim("c", "FPD & EXISTS => UNIQ", expected=False, hint=Hint(point=(1, Fraction(1, 2)), terms=(x,))),
    "a certificate": Derivation(Done()),
}


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_arrives(name: str) -> None:
    assert unpack(json.loads(json.dumps(pack(SENT[name])))) == SENT[name]


@pytest.mark.parametrize(
    "value", [{}, {"a": 1}, object(), print, Limits, 1j, Path(), {1}], ids=lambda value: type(value).__name__
)
def test_what_is_not_sent(value: object) -> None:
    with pytest.raises(Malformed):
        pack(value)


@pytest.mark.parametrize("module", ["os", "metaid_symbolicx.terms", "sys.metaid_symbolic."])
def test_nothing_outside_the_package_is_made(module: str) -> None:
    with pytest.raises(Malformed):
        unpack({"class": [module, "system"], "fields": {}})


PROOF = encode(Derivation(Done()))


def accepted(reply: str = "found", truth: bool = True, **more: Any) -> dict[str, Any]:
    made = {"reply": reply, "certificate": PROOF, "truth": truth, "grade": "exact", "theorems": [], "instantiation": False}
    return {**made, "method": "m", "minimal": "", "author": False, **more}


# workers

SAYS = "import sys, json; line = sys.stdin.readline(); print(json.dumps({}), flush=True); "
DYING = {
    "it ends": ("import sys; sys.exit(3)", "ended with code 3"),
    "it is killed": ("import os; os.kill(os.getpid(), 11)", "ended with signal 11"),
    "it raises": ("raise ValueError('why')", "ValueError: why"),
    "it babbles": ("input(); print('no json', flush=True); import time; time.sleep(60)", "ended with signal 9"),
    "it hangs": ("import time; time.sleep(60)", "time limit of 0.3 s"),
    "it runs out of memory": (
        "import sys; sys.path.append(sys.argv[1]); from metaid_symbolic.worker import _limit_memory;"
        " _limit_memory(400 << 20); x = bytearray(1 << 30)",
        "MemoryError",
    ),
}


@pytest.mark.parametrize("name", DYING)
def test_a_worker_that_dies_says_why(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, reason = DYING[name]
    monkeypatch.setattr(pool, "START", code)
    seconds = 0.3 if name == "it hangs" else 20.0
    answers = list(ask_all([("a", {}), ("b", {})], Limits(seconds=seconds, jobs=1)))
    assert [a.name for a in answers] == ["a", "b"]
    assert all(reason in a.ended for a in answers), answers


def test_the_search_failing_for_one_claim_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys, json\nfor line in sys.stdin:\n if 'die' in line: sys.exit(1)\n"
        f' print(json.dumps({accepted()!r}), flush=True); print(\'{{"reply": "end"}}\', flush=True)'
    )
    monkeypatch.setattr(pool, "START", code)
    answers = {a.name: a for a in ask_all([("a", {}), ("die", {"x": "die"}), ("b", {})], Limits(jobs=1))}
    assert answers["die"].ended and not answers["a"].ended and not answers["b"].ended


def test_leaving_early_kills_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "START", "import time; time.sleep(60)")
    start = time.monotonic()
    answers = ask_all([("a", {}), ("b", {})], Limits(seconds=0.2, jobs=2))
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert time.monotonic() - start < 20
