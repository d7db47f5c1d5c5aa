"""How many conjectures with known answers the search decides, how fast, with what counterexamples; and how two others do.

`pytest` asserts of some of them that false ones are refuted and true ones are not.  With `tests` on the path
`python tests/benchmarks/test_conjectures.py` prints all 40 and 20 entries with two hypotheses drawn at random from the lattice:
the verdict, seconds of processor time with the worker's, the size of the counterexample; and with `--rivals` whether
Z3 and Hypothesis find one.  `--seed N` draws others, `--only TEXT` asks those that contain the text.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Iterator

import pytest
from conjectures import CONJECTURES

from metaid_symbolic.certificates import Instance
from metaid_symbolic.conjectures import Answer, search
from metaid_symbolic.examples.collection import collection
from metaid_symbolic.lattice.lattice import lattice
from metaid_symbolic.pipeline import recalled
from metaid_symbolic.search.problems.enumeration import measure
from metaid_symbolic.store.loading import load
from metaid_symbolic.store.locating import locate

SECONDS, LIMIT = 10.0, 60.0
SOME = CONJECTURES[::8]
DRAWN, SEED = 20, 1


def size(answer: Answer) -> str:
    """Dimension, number of tasks and degree of a counterexample, and whether a smaller one is excluded."""
    made = answer.result.certificate
    if not isinstance(made, Instance):
        return ""
    measured = measure(made.problem)
    return f"n = {measured[1]}, {measured[2]} tasks, degree {measured[3]}; {answer.result.minimal}"


def drawn(seed: int) -> Iterator[tuple[str, bool]]:
    """Entries of the lattice with two hypotheses and their truth."""
    loaded = load(locate("@lattice"))
    made = lattice(recalled(loaded, list(loaded.theory.claims)), collection())
    for entry in made.draw(seed, DRAWN):
        yield " & ".join(entry.hypotheses) + f" => {entry.conclusion}", entry.status == "implied"


def spent() -> float:
    """Seconds of processor time of this process and of those that it has waited for."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def test_as_many_are_true_as_false_and_none_is_listed_twice() -> None:
    assert sum(truth for _, truth, _ in CONJECTURES) * 2 == len(CONJECTURES) == len({text for text, _, _ in CONJECTURES})


@pytest.mark.parametrize(("text", "truth"), [(text, truth) for text, truth, _ in SOME])
def test_no_wrong_answer_and_false_ones_are_refuted(text: str, truth: bool) -> None:
    assert search(text, timeout=SECONDS, jobs=1).result.verdict.truth in ((True, None) if truth else (False,))


def asked(text: str, truth: bool, rivals: bool) -> tuple[bool | None, float]:
    """Prints a line of the table; the answer and its seconds."""
    before, began = spent(), time.perf_counter()
    answer = search(text, timeout=LIMIT, jobs=1)
    seconds, found = spent() - before, answer.result.verdict.truth
    words = size(answer) or ", ".join(answer.result.assumptions)
    print(f"{text:<26} {'true' if truth else 'false':<5} {answer.result.shown:<12} {seconds:6.2f} s  {words}", end="")
    print(f" ({time.perf_counter() - began:.1f} s by the clock)")
    if rivals:
        from conjecture_rivals import by_hypothesis, by_z3

        for name, way in (("Z3", by_z3), ("Hypothesis", by_hypothesis)):
            other = way(text)
            print(f"  {name:<11} {'found' if other.found else '-':<6} {other.seconds:6.2f} s  {other.size}{other.note}")
    sys.stdout.flush()
    return found, seconds


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    listed = [(text, truth) for text, truth, _ in CONJECTURES]
    print(f"{len(listed)} conjectures, and {DRAWN} drawn from the lattice with the seed {options.seed}")
    chosen = [one for one in (*listed, *drawn(options.seed)) if options.only in one[0]]
    answers = {(text, truth): asked(text, truth, options.rivals) for text, truth in chosen}
    wrong = [text for (text, truth), (found, _) in answers.items() if found is not None and found is not truth]
    for kind in (True, False):
        times = [seconds for (_, truth), (found, seconds) in answers.items() if truth is kind is found]
        undecided = [text for (text, truth), (found, _) in answers.items() if truth is kind and found is None]
        print(f"of the {'true' if kind else 'false'} ones {len(times)} decided, undecided: {', '.join(undecided) or 'none'}")
        if times:
            print(f"  seconds: median {statistics.median(times):.2f}, greatest {max(times):.2f}")
    print(f"wrong: {', '.join(wrong) or 'none'}")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
