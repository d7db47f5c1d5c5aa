"""Identities and inequalities between matrices of all sizes, true and false ones: each is settled as it should be.

`pytest` asserts that the kernel accepts a proof of each true formula and small rational matrices against each false one, and
that random rational matrices with the hypotheses of a true formula satisfy it.  The script
`python tests/benchmarks/test_matrix_identities.py` prints seconds of processor time, and what SymPy's simplification of
matrix expressions makes of the same formulas with the properties of the letters as assumptions; it has no place for
hypotheses that are equations.
"""

from __future__ import annotations

import random
import signal
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from matrix_identities import PAIRS, claims

from metaid_symbolic.certificates import NormalForm
from metaid_symbolic.claims import MatrixIdentities
from metaid_symbolic.encoding import decode, encode
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.kernel.matrix import gap, parts
from metaid_symbolic.printing import text
from metaid_symbolic.search.matrices import EXPONENTS, matrix_certificates
from metaid_symbolic.search.matrix_candidates import Drawing
from metaid_symbolic.sympy_matrices import matrix_to_sympy
from metaid_symbolic.terms import ZERO, free_symbols, less, symbol

CLAIMS = claims()
LIMIT = 10


def settled(claim: MatrixIdentities) -> bool | None:
    """What the kernel makes of the certificate that is found."""
    for found in matrix_certificates(claim):
        again = decode(encode(found), type(found))
        return check(claim, again).truth
    return None


def test_the_list_is_long_enough_and_half_of_it_is_false() -> None:
    truths = [truth for _, truth in CLAIMS.values()]
    assert len(truths) >= 60
    assert truths.count(True) == truths.count(False) == len(PAIRS)
    assert len({claim for claim, _ in CLAIMS.values()}) == len(CLAIMS)


@pytest.mark.parametrize("name", CLAIMS)
def test_each_is_settled_as_it_should_be(name: str) -> None:
    claim, truth = CLAIMS[name]
    assert settled(claim) is truth


@pytest.mark.parametrize("name", PAIRS)
def test_true_formulas_hold_at_random_matrices(name: str) -> None:
    claim, _ = CLAIMS[name]
    (formula,) = claim.formulas
    draw = random.Random(5)
    names = sorted({side for _, *shape in claim.shapes for side in shape} - {"1"})
    exponents = sorted(free_symbols(formula) - {*(n for n, _, _ in claim.shapes), "Id"})
    tried = 0
    for size in (1, 2):
        for power in EXPONENTS if exponents else (0,):
            sizes = {n: max(1, size - i % 2) for i, n in enumerate(names)} | dict.fromkeys(exponents, power)
            drawing = Drawing(claim, formula, sizes)
            for _ in range(30):
                candidate = drawing.drawn(2, draw)
                letters = drawing.letters(candidate)
                if letters is not None and all(drawing.holds(h, letters) for h in drawing.hypotheses):
                    tried += 1
                    assert not drawing.refutes(candidate)
    assert tried > 0


@pytest.mark.parametrize("name", [f"{name}, wrongly" for name in PAIRS])
def test_no_proof_of_a_true_formula_is_taken_for_its_false_twin(name: str) -> None:
    false, true = CLAIMS[name][0], CLAIMS[name.removesuffix(", wrongly")][0]
    for found in matrix_certificates(true):
        assert isinstance(found, NormalForm)
        with pytest.raises(Rejected):
            check(false, found)


# what SymPy makes of it


def by_sympy(claim: MatrixIdentities) -> bool | None:
    """True where SymPy simplifies the conclusion to 0, or says that it is definite; False where it says that it fails."""
    import sympy

    (formula,) = claim.formulas
    verdicts = []
    for conclusion in parts(formula)[-1]:
        expression = matrix_to_sympy(claim, gap(conclusion))
        assumed = assumptions(claim)
        if conclusion.head == "eq":
            verdicts.append(vanishes(expression, assumed))
        else:
            verdicts.append(sympy.ask(sympy.Q.positive_definite(expression), assumed))
    return None if None in verdicts else all(verdicts)


def assumptions(claim: MatrixIdentities) -> Any:
    """The hypotheses that SymPy has a word for."""
    import sympy

    drawing = Drawing(claim, claim.formulas[0], {})
    letters = {name: matrix_to_sympy(claim, symbol(name)) for name in drawing.shapes}
    kinds = [(drawing.symmetric, sympy.Q.symmetric), (drawing.orthogonal, sympy.Q.orthogonal)]
    facts = [kind(letters[name]) for names, kind in kinds for name in sorted(names)]
    facts += [sympy.Q.invertible(letter.arg) for letter in letters.values() if isinstance(letter, sympy.Inverse)]
    definite = [name for name in letters if less(ZERO, symbol(name)) in drawing.hypotheses]
    facts += [sympy.Q.positive_definite(letters[name]) for name in definite if drawing.shapes[name] != ("1", "1")]
    return sympy.And(*facts)


def vanishes(expression: Any, assumed: Any) -> bool | None:
    import sympy

    ways = [lambda e: e.doit(), sympy.expand, sympy.simplify, lambda e: sympy.refine(e, assumed)]
    for _ in range(2):
        for way in ways:
            try:
                expression = way(expression)
            except (TypeError, ValueError, AttributeError, NotImplementedError, sympy.ShapeError):
                continue
            if expression == 0 or isinstance(expression, sympy.ZeroMatrix):
                return True
    return None


def limited(claim: MatrixIdentities) -> str:
    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT)
    try:
        return {True: "proved", False: "refuted", None: "-"}[by_sympy(claim)]
    except TimeoutError:
        return f"> {LIMIT} s"
    except Exception as cause:  # what SymPy raises on its own expressions is part of the answer
        return type(cause).__name__
    finally:
        signal.alarm(0)


def main() -> None:
    times, theirs, ours = [], {True: 0, False: 0}, {True: 0, False: 0}
    wrong = 0
    for name, (claim, truth) in CLAIMS.items():
        start = time.process_time()
        verdict = settled(claim)
        times.append(time.process_time() - start)
        other = limited(claim)
        ours[truth] += verdict is truth
        theirs[truth] += other == ("proved" if truth else "refuted")
        wrong += other == ("refuted" if truth else "proved")
        shown = {True: "proved", False: "refuted", None: "open"}[verdict]
        print(f"{name:45} {shown:8} {times[-1]:7.3f} s   SymPy: {other:12} {text(claim.formulas[0])[:60]}")
    print(f"\n{len(PAIRS)} true formulas: {ours[True]} proved; SymPy {theirs[True]}")
    print(f"{len(PAIRS)} false formulas: {ours[False]} refuted; SymPy {theirs[False]}, and {wrong} formulas wrongly")
    print(f"median {statistics.median(times):.3f} s, longest {max(times):.2f} s")


if __name__ == "__main__":
    main()
