"""Mutation testing of the kernel: each mutant must change what becomes of some certificate in the tables.

`python tests/kernel_mutation.py` tries every mutant and compares the survivors with `kernel_mutants.txt`, which says of each why
it is harmless; `--sample 100 --seed 1` tries some, `--module branch` one module, `--jobs 2` runs two at a time.  A certificate
that is refused where it should be accepted kills a mutant, and so does one that is accepted where it should be refused.
"""

from __future__ import annotations

import argparse
import functools
import os
import random
import resource
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

import enclosure_tables
import test_confused_names
import test_matrix
from kernel_mutants import FOLDER, Mutant, everything, install
from kernel_rows import MORE_ACCEPTED, MORE_REFUSED
from kernel_tables import ACCEPTED, REFUSED, THEOREMS

from metaid_symbolic.certificates import Certificate
from metaid_symbolic.claims import Claim, Theorem
from metaid_symbolic.encoding import decode
from metaid_symbolic.kernel import Established, Rejected, check
from metaid_symbolic.recheck import load_statements, read_certificate
from metaid_symbolic.statements import file_name

SURVIVORS = Path(__file__).with_suffix(".py").with_name("kernel_mutants.txt")
THEORY = Path(__file__).parents[1] / "proofs" / "meta_identifiability"
SECONDS, MEMORY = 6, 2 << 30
Row = tuple[Claim, Certificate, bool | None, Mapping[str, Theorem]]
Outcome = Established | None
Calls = dict[tuple[str, str], list[str]]


def rows(with_stored: bool = True) -> dict[str, Row]:
    """Certificates with the truth value that they establish; None where they establish nothing."""
    made: dict[str, Row] = {f"accept {n}": (c, k, truth, THEOREMS) for n, (c, k, truth) in (ACCEPTED | MORE_ACCEPTED).items()}
    made |= {f"reject {n}": (c, k, None, THEOREMS) for n, (c, k) in (REFUSED | MORE_REFUSED).items()}
    enclosed, about = enclosure_tables, enclosure_tables.THEOREMS
    made |= {f"enclosure accept {n}": (c, k, True, about) for n, (c, k) in enclosed.ACCEPTED.items()}
    made |= {f"enclosure reject {n}": (c, k, None, about) for n, (c, k) in enclosed.REFUSED.items()}
    good, base = test_matrix.GOOD, test_matrix.BASE
    made |= {f"matrix {n}": (test_matrix.claim(e), test_matrix.shown(e), True, {}) for n, e in test_matrix.TRUE.items()}
    wrong = test_matrix.FALSE | {n: e for n, (e, _) in test_matrix.ILL_SHAPED.items()}
    made |= {f"matrix {n}": (test_matrix.stated(e), test_matrix.plain(e), None, {}) for n, e in wrong.items()}
    made |= {f"matrix proof {n}": (c, k, True, {}) for n, (c, k) in test_matrix.ACCEPTED.items()}
    made |= {f"matrix lie {n}": (c, k, None, {}) for n, (c, k) in test_matrix.REFUSED.items()}
    made |= {f"matrices {n}": (base, k, None, {}) for n, k in test_matrix.FALSE_CERTIFICATES.items()}
    for name, (claim, certificate, theorem, _) in test_confused_names.ATTACKS.items():
        made[f"attack {name}"] = (claim, certificate, None, {theorem.name: theorem} if theorem else {})
    for row in test_matrix.VALUES:
        *parts, fails = row
        made[f"matrices {row}"] = (*test_matrix.valued(*parts), False if fails else None, {})
    return made | {"matrices": (base, good, False, {})} | (stored() if with_stored else {})


def stored() -> dict[str, Row]:
    """The stored certificates of the theory, with what they establish now."""
    known, made = load_statements(THEORY), {}
    for name, claim in known.claims.items():
        path = THEORY / "certificates" / file_name(name)
        if path.is_file():
            certificate = decode(read_certificate(path.read_bytes(), claim), Certificate)
            found = outcome(claim, certificate, known.theorems)
            made[f"stored {name}"] = (claim, certificate, found and found.truth, known.theorems)
    return made


def outcome(claim: Claim, certificate: Certificate, theorems: Mapping[str, Theorem]) -> Outcome:
    """What the kernel establishes, with its grade and the theorems used; None if it rejects."""
    try:
        return check(claim, certificate, theorems)
    except Rejected:
        return None


def covered(listed: Mapping[str, Row]) -> tuple[Calls, dict[str, Outcome]]:
    """For each function of the kernel the rows that call it; and what becomes of each row."""
    outcomes: dict[str, Outcome] = {}
    found: Calls = defaultdict(list)
    prefix, here = str(FOLDER), set[CodeType]()

    def profile(frame: Any, event: str, arg: Any) -> None:
        if event == "call":
            here.add(frame.f_code)

    for name, (claim, certificate, truth, theorems) in listed.items():
        here.clear()
        forget()
        sys.setprofile(profile)
        try:
            outcomes[name] = now = outcome(claim, certificate, theorems)
        finally:
            sys.setprofile(None)
        assert (now and now.truth) == truth, f"{name}: {truth} expected, {now} found"
        for place in {place_of(code) for code in here if code.co_filename.startswith(prefix)}:
            found[place].append(name)
    return found, outcomes


def place_of(code: CodeType) -> tuple[str, str]:
    """Module and function; a lambda or comprehension belongs to the function that it stands in."""
    parts = [part for part in code.co_qualname.split(".") if not part.startswith("<")]
    return Path(code.co_filename).stem, ".".join(parts)


def forget() -> None:
    from kernel_mutants import _forget

    _forget()


def fate(mutant: Mutant, listed: Mapping[str, Row], names: Sequence[str], outcomes: Mapping[str, Outcome]) -> str:
    """`killed` by a row, `crash` when the kernel raises something else than a rejection, else `survives`."""
    if not install(mutant):
        return "crash"
    for name in names:
        claim, certificate, truth, theorems = listed[name]
        try:
            if outcome(claim, certificate, theorems) != outcomes[name]:
                return "killed: accepted" if truth is None else "killed: refused"
        except Exception:
            return "crash"
    return "survives"


FATES = ("survives", "killed: accepted", "killed: refused", "crash")


def in_a_fork(work: Callable[[], str], seconds: int) -> int:
    """The number of a process that ends with the place of the fate in the list, or is killed."""
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    code = len(FATES)
    try:
        signal.alarm(20 * seconds)
        signal.setitimer(signal.ITIMER_PROF, seconds)  # processor time, whatever else runs
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        os.dup2(devnull, 2)
        code = FATES.index(work())
    finally:
        os._exit(code)


def fates(chosen: Sequence[Mutant], listed: Mapping[str, Row], jobs: int = 1) -> dict[str, str]:
    """What becomes of each mutant, by its key."""
    calls, outcomes = covered(listed)
    sizes = {name: len(repr(row[1])) for name, row in listed.items()}
    found: dict[str, str] = {}
    running: dict[int, Mutant] = {}
    for mutant in [*chosen, None]:
        while running and (mutant is None or len(running) >= jobs):
            process, status = os.wait()
            if process in running:
                code = os.waitstatus_to_exitcode(status)
                key = running.pop(process).key
                found[key] = FATES[code] if 0 <= code < len(FATES) else "killed: time or memory"
                if found[key] == "survives":
                    print(f"{len(found)}: {key}", file=sys.stderr, flush=True)
        if mutant is not None:
            names = sorted(touched(mutant, calls), key=lambda n: (n.startswith("stored"), sizes[n]))
            running[in_a_fork(functools.partial(fate, mutant, listed, names, outcomes), SECONDS * (1 + 4 * mutant.once))] = mutant
    return found


def touched(mutant: Mutant, calls: Calls) -> list[str]:
    """The rows that call the function of the change; any of the module, for what is done once, when it is loaded."""
    places = [p for p in calls if p[0] == mutant.module and (mutant.once or p[1] == mutant.place)]
    return list({name for place in places for name in calls[place]})


def reasons() -> dict[str, str]:
    """The mutants known to survive, and why each is harmless; lines `key  # reason`, where `open` is no reason."""
    if not SURVIVORS.is_file():
        return {}
    listed = (line.rpartition("  # ") for line in SURVIVORS.read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#"))
    return {key: reason for key, _, reason in listed if reason != "open"}


def report(found: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    """Prints the counts; the survivors that nothing is said about."""
    counts = Counter(found.values())
    alive = [key for key, what in found.items() if what == "survives"]
    strange = [key for key in alive if key not in known]
    excused = len(alive) - len(strange)
    rate = 100 * len(strange) / max(1, len(found))
    print(f"{len(found)} mutants of the kernel: {len(found) - len(alive)} killed {dict(counts)};", end=" ")
    print(f"{excused} harmless by argument, {len(strange)} surviving ({rate:.1f} in 100)")
    return strange


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--module", action="append", default=[])
    options = parser.parse_args()
    chosen = [m for m in everything() if not options.module or m.module in options.module]
    if options.sample:
        chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
    listed = rows()
    found = fates(chosen, listed, options.jobs)
    known = reasons()
    for key in (strange := report(found, known)):
        print(key, flush=True)
    for key in known:
        if found.get(key, "survives") != "survives":
            print(f"no longer surviving: {key}")
    return 1 if 20 * len(strange) > len(found) else 0


if __name__ == "__main__":
    sys.exit(main())
