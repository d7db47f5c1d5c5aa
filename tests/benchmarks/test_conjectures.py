"""How many conjectures with known answers the search decides, how fast, and with what counterexamples.

`pytest` asserts of some of them that false ones are refuted and true ones are not.  With `tests` on the path
`python tests/benchmarks/test_conjectures.py [true] [false]` prints all, or those that are true or false, with seconds, the size
of the counterexample, and what is undecided.
"""

from __future__ import annotations

import statistics
import sys
import time

import pytest
from conjectures import CONJECTURES

from metaid_symbolic.certificates import Instance
from metaid_symbolic.conjectures import Answer, search

SECONDS = 10.0
SOME = CONJECTURES[::8]


def size(answer: Answer) -> str:
    """Dimension and number of tasks of a counterexample, and whether a smaller one is excluded."""
    made = answer.result.certificate
    if not isinstance(made, Instance):
        return ""
    return f"n = {made.problem.dimension}, {len(made.problem.losses)} tasks {answer.result.minimal}".rstrip()


def test_as_many_are_true_as_false_and_none_is_listed_twice() -> None:
    assert sum(truth for _, truth, _ in CONJECTURES) * 2 == len(CONJECTURES) == len({text for text, _, _ in CONJECTURES})


@pytest.mark.parametrize(("text", "truth"), [(text, truth) for text, truth, _ in SOME])
def test_no_wrong_answer_and_false_ones_are_refuted(text: str, truth: bool) -> None:
    assert search(text, timeout=SECONDS, jobs=1).result.verdict.truth in ((True, None) if truth else (False,))


def main() -> int:
    wrong, times, undecided = [], [], []
    asked = [(text, truth) for text, truth, _ in CONJECTURES if str(truth).lower() in (sys.argv[1:] or ("true", "false"))]
    for text, truth in asked:
        before = time.perf_counter()
        answer = search(text, timeout=SECONDS, jobs=1)
        seconds = time.perf_counter() - before
        found = answer.result.verdict.truth
        print(f"{text:<24} {truth!s:<5} {answer.result.verdict.value:<10} {seconds:6.2f} s  {size(answer)}", flush=True)
        if found is None:
            undecided.append(text)
        elif found is not truth:
            wrong.append(text)
        elif not truth:
            times.append(seconds)
    print(f"{len(undecided)} undecided: {', '.join(undecided) or 'none'}; wrong: {', '.join(wrong) or 'none'}")
    if times:
        print(f"{len(times)} refuted, median {statistics.median(times):.2f} s, greatest {max(times):.2f} s")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
