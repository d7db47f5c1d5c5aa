"""How many conjectures with known answers the search decides, how fast, with what counterexamples; and how two others do.

`pytest` asserts of some of them that false ones are refuted and true ones are not.  With `tests` on the path
`python tests/benchmarks/test_conjectures.py` prints all 40 and 20 entries with two hypotheses drawn at random from the lattice:
the verdict, seconds of processor time with the worker's, the size of the counterexample.  With `--rivals` it puts all of them to
Z3 and Hypothesis too, and prints a table.  `--seed N` draws others, `--only TEXT` asks those that contain the text.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass

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


def size(answer: Answer) -> tuple[int, ...]:
    """Dimension, number of tasks and degree of a counterexample."""
    made = answer.result.certificate
    return measure(made.problem)[1:4] if isinstance(made, Instance) else ()


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


@dataclass(frozen=True)
class Line:
    """What was said of a conjecture, after how many seconds of processor time, and the size of a counterexample."""

    text: str
    truth: bool
    said: bool | None
    seconds: float
    size: tuple[int, ...] = ()


def asked(text: str, truth: bool) -> Line:
    """Prints a line of the table."""
    before, began = spent(), time.perf_counter()
    answer = search(text, timeout=LIMIT, jobs=1)
    made = Line(text, truth, answer.result.verdict.truth, spent() - before, size(answer))
    words = f"{shown(made.size)}; {answer.result.minimal}" if made.size else ", ".join(answer.result.assumptions)
    print(f"{text:<26} {'true' if truth else 'false':<5} {answer.result.shown:<12} {made.seconds:6.2f} s  {words}", end="")
    print(f" ({time.perf_counter() - began:.1f} s by the clock)", flush=True)
    return made


def shown(size: tuple[int, ...]) -> str:
    return f"n = {size[0]}, {size[1]} tasks, degree {size[2]}" if size else ""


def rivals(chosen: list[tuple[str, bool]], pool: Executor) -> Callable[[], dict[str, list[Line]]]:
    """Puts the conjectures to Z3 and Hypothesis, beside what is done here; what they refute, each answer printed, when asked."""
    from conjecture_rivals import by_hypothesis, by_z3

    texts = [text for text, _ in chosen]
    drawn_ones, solved = pool.submit(by_hypothesis, texts), pool.map(by_z3, texts)

    def told() -> dict[str, list[Line]]:
        lines: dict[str, list[Line]] = {"Z3": [], "Hypothesis": []}
        for name, found in (("Z3", dict(zip(texts, solved, strict=True))), ("Hypothesis", drawn_ones.result())):
            for text, truth in chosen:
                one = found[text]
                words = f"{shown(one.size)} {one.note}"
                print(f"{name:<11} {text:<26} {'found' if one.found else '-':<6} {one.seconds:6.2f} s  {words}", flush=True)
                lines[name].append(Line(text, truth, False if one.found else None, one.seconds, one.size))
        return lines

    return told


def summary(name: str, lines: list[Line]) -> None:
    """One row of the table: of the decided ones the number, and of the counterexamples time and size."""
    refuted = [one for one in lines if one.said is False]
    proved = sum(one.said is True for one in lines)
    wrong = [one.text for one in lines if one.said not in (None, one.truth)]
    times, sizes = [one.seconds for one in refuted], [one.size for one in refuted]
    told = f"{statistics.median(times):.2f} s, greatest {max(times):.2f} s" if times else "-"
    middle = shown(tuple(int(statistics.median_low(part)) for part in zip(*sizes, strict=True))) if sizes else "-"
    print(f"{name}: {len(refuted)} refuted, {proved} proved, wrong: {', '.join(wrong) or 'none'}")
    print(f"  to refute: median {told}; median size {middle}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    listed = [(text, truth) for text, truth, _ in CONJECTURES]
    print(f"{len(listed)} conjectures, and {DRAWN} drawn from the lattice with the seed {options.seed}", flush=True)
    chosen = [one for one in (*listed, *drawn(options.seed)) if options.only in one[0]]
    with ProcessPoolExecutor(3) as pool:
        others = rivals(chosen, pool) if options.rivals else dict
        report(ours := [asked(text, truth) for text, truth in chosen])
        for name, lines in {"metaid": ours, **others()}.items():
            summary(name, lines)
    return sum(one.said not in (None, one.truth) for one in ours)


def report(ours: list[Line]) -> None:
    """How many are decided, and how fast."""
    for kind in (True, False):
        times = [one.seconds for one in ours if one.truth is kind is one.said]
        undecided = [one.text for one in ours if one.truth is kind and one.said is None]
        print(f"of the {'true' if kind else 'false'} ones {len(times)} decided, undecided: {', '.join(undecided) or 'none'}")
        if times:
            print(f"  seconds: median {statistics.median(times):.2f}, greatest {max(times):.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
