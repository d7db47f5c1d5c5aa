"""The straight line: theory -> searches in worker processes -> certificates -> kernel -> verdicts -> store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, final

from .claims import Claim as Assertion
from .encoding import Malformed
from .kernel import Rejected
from .pool import Answer, Executor, Limits, ask_all
from .recheck import establish, read_certificate
from .settling import as_reply, as_row, from_row, settle
from .statements import digest
from .store.cache import TRUSTED, UNTRUSTED, Cache, Key, cache_path, sources_digest
from .store.comparing import compare
from .store.files import Files
from .store.loading import Loaded
from .theory import Claim
from .verdicts import NOT_CHECKED, Result, Verdict, without_search
from .wire import pack


@final
@dataclass(frozen=True, slots=True)
class Options:
    """How to search.  `blind`: without author hints; `force`: without the cache; `accept`: changed statements are written;
    `search`: further settings of the searches, for example `dimensions`; `executor`: who does them, if not processes here."""

    limits: Limits = Limits()
    blind: bool = False
    force: bool = False
    accept: bool = False
    search: Mapping[str, Any] = field(default_factory=dict)
    executor: Executor | None = None


@final
@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The results of the selected claims in the theory's order, and the messages about what went wrong."""

    theory: str
    results: tuple[Result, ...]
    problems: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    interrupted: bool = False

    def __getitem__(self, claim_id: str) -> Result:
        return {r.id: r for r in self.results}[claim_id]

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def summary(self) -> dict[str, int]:
        """How many results there are of each verdict that occurs."""
        counts = {v.value: sum(r.verdict is v for r in self.results) for v in Verdict}
        return {name: count for name, count in counts.items() if count}

    def to_json(self) -> dict[str, Any]:
        claims = [r.to_json() for r in self.results]
        problems = [*self.problems, *self.differences]
        return {"schema": 1, "theory": self.theory, "claims": claims, "summary": self.summary, "problems": problems}

    @property
    def exit_code(self) -> int:
        """0 decided as expected, 1 contradicted or rejected or differing, 2 unreadable in part, 3 open, 4 nothing selected,
        5 two checkers disagree, 101 the kernel failed, 130 interrupted; the most serious first."""
        troubles = {r.trouble for r in self.results}
        for state, code in (
            (self.interrupted, 130),
            ("fault" in troubles, 101),
            ("disagreement" in troubles, 5),
            (bool(self.problems) or bool(troubles & {"broken", "unwritten"}), 2),
            (bool(self.differences) or "rejected" in troubles or any(r.contradicted for r in self.results), 1),
            (any(r.verdict in (Verdict.SUPPORTED, Verdict.UNDECIDED) for r in self.results), 3),
            (not self.results, 4),
        ):
            if state:
                return code
        return 0

    def __repr__(self) -> str:
        return f"{self.theory}: " + (", ".join(f"{count} {verdict}" for verdict, count in self.summary.items()) or "no results")

    def _repr_html_(self) -> str:
        from .reports.table import html_table

        return html_table(self.results)


Notify = Callable[[Result, int, int], None]


def examine(loaded: Loaded, ids: Sequence[str], options: Options, notify: Notify = lambda result, done, total: None) -> Report:
    """The results for the claims `ids`.  After Ctrl-C the report holds what was established until then."""
    run = _Run(loaded, options)
    results: dict[str, Result] = {}
    waiting: dict[str, tuple[Claim, str]] = {}
    interrupted = False
    try:
        for claim in map(loaded.theory.__getitem__, ids):
            known, why = run.known(claim)
            if known is None:
                waiting[claim.id] = claim, why
            else:
                results[claim.id] = known
                notify(known, len(results), len(ids))
        for made in run.searched(waiting):
            results[made.id] = made
            notify(made, len(results), len(ids))
    except KeyboardInterrupt:
        interrupted = True
    for claim_id in ids:
        if claim_id not in results:
            results[claim_id] = Result(loaded.theory[claim_id], Verdict.UNDECIDED, reason="interrupted")
    return run.report(tuple(results[i] for i in ids), interrupted)


def remembered(loaded: Loaded, claim_id: str) -> Result:
    """What is known of a claim without a search: the cached verdict, else what the kernel makes of the stored certificate."""
    return recalled(loaded, (claim_id,))[claim_id]


def recalled(loaded: Loaded, ids: Sequence[str]) -> Report:
    """The report on the claims `ids` without a search; of what is replayed the cache alone is written; see `remembered`."""
    run = _Run(loaded, Options(), write=False)
    claims = map(loaded.theory.__getitem__, ids)
    return run.report(tuple(run.known(claim)[0] or run.replayed(claim) for claim in claims), False)


def cached(loaded: Loaded, ids: Sequence[str]) -> dict[str, Result]:
    """The results of those of the claims `ids` that need neither a search nor the kernel."""
    run = _Run(loaded, Options(), write=False)
    found = {claim_id: run.known(loaded.theory[claim_id])[0] for claim_id in ids}
    run.cache.close()
    return {claim_id: result for claim_id, result in found.items() if result is not None}


@final
class _Run:
    """One pass over claims of a theory, with its files and its cache."""

    def __init__(self, loaded: Loaded, options: Options, write: bool = True) -> None:
        self.loaded, self.options = loaded, options
        self.files = Files(loaded.folder)
        self.comparison = compare(loaded, self.files, options.accept, write)
        self.cache = Cache(cache_path(loaded.folder, self.files.writable))
        settings = json.dumps({name: pack(value) for name, value in options.search.items()})
        self.kernel, self.search = sources_digest(TRUSTED), sources_digest(UNTRUSTED) + settings
        self.theorems = "".join(map(digest, loaded.theory.theorems.values()))
        self.unreadable: dict[str, str] = {}
        self.unkept = 0

    def known(self, claim: Claim) -> tuple[Result | None, str]:
        """The result that needs no search; or None, and why there is none."""
        if claim.assertion is None:
            return without_search(claim), ""
        for reasons, trouble in ((self.loaded.broken or {}, "broken"), (self.comparison.changed, "differs")):
            if claim.id in reasons:
                return Result(claim, Verdict.UNDECIDED, reason=reasons[claim.id], trouble=trouble), ""
        row, why = self.cache.get(self._key(claim))
        if self.options.force or row is None:
            return None, "forced" if self.options.force else why
        try:
            return from_row(claim, row, self._text(claim), self._path(claim)), why
        except (KeyError, TypeError, ValueError) as cause:
            return None, f"the cached verdict is unreadable ({cause})"

    def searched(self, waiting: Mapping[str, tuple[Claim, str]]) -> Iterator[Result]:
        """The results of the searches as they come, each stored before it is handed on; what took longest starts first."""
        tasks: list[tuple[str, dict[str, Any]]] = []
        for claim, why in waiting.values():
            try:
                tasks.append((claim.id, self._task(claim)))
            except Malformed as cause:
                yield Result(claim, Verdict.UNDECIDED, reason=f"{claim.place}: {cause}", ran=why, trouble="broken")
        tasks.sort(key=lambda task: -self.cache.seconds(task[0]))
        asked = (
            self.options.executor(tasks, self.options.limits) if self.options.executor else ask_all(tasks, self.options.limits)
        )
        for answer in asked:
            claim, why = waiting[answer.name]
            yield self._stored(self._confirmed(settle(claim, answer, why)))

    def _confirmed(self, result: Result) -> Result:
        """The result, if its certificate says as much to the kernel in this process: workers are not believed."""
        claim, truth = result.claim, result.verdict.truth
        if truth is None or claim.assertion is None:
            return result
        try:
            data = read_certificate(result.source.encode(), claim.assertion)
            made = establish(claim.assertion, data, self.loaded.theory.theorems, ("python",))
            if (made.truth, made.grade, made.theorems) == (truth, result.grade, result.assumptions):
                return result
            found = f"established {made}"
        except (Malformed, Rejected) as cause:
            found = f"rejects it: {cause}"
        reason = f"the certificate was reported as {result.verdict.value}, and the kernel {found}"
        return Result(claim, Verdict.UNDECIDED, reason=reason, ran=result.ran, trouble="disagreement")

    def replayed(self, claim: Claim) -> Result:
        """The verdict of the stored certificate, by the kernel in this process, now or earlier."""
        source = self.files.stored(claim.id)
        if not source or claim.assertion is None:
            return Result(claim, Verdict.UNDECIDED, reason=NOT_CHECKED)
        key = replace(self._key(claim), id=f"stored {claim.id}", search="")
        row, _ = self.cache.get(key)
        if row is not None:
            with suppress(KeyError, TypeError, ValueError):
                return from_row(claim, row, self._text(claim), self._path(claim))
        made = self._replayed(claim, source, claim.assertion)
        if not made.trouble:
            self.cache.put(key, as_row(made, self._text(claim)))
        return made

    def _replayed(self, claim: Claim, source: bytes, assertion: Assertion) -> Result:
        try:
            data = read_certificate(source, assertion)
            made = establish(assertion, data, self.loaded.theory.theorems, ("python",))
        except (Malformed, Rejected) as cause:
            return Result(claim, Verdict.UNDECIDED, reason=f"{self.files.certificate(claim.id)}: {cause}", trouble="rejected")
        return settle(claim, Answer(claim.id, (as_reply("stored", data, made, {"method": ""}),)), "")

    def report(self, results: tuple[Result, ...], interrupted: bool) -> Report:
        self.cache.close()
        found = self.comparison
        problems = (*self.loaded.problems, *found.problems)
        unkept = f"{self.files.folder} cannot be written to: {self.unkept} certificates are not kept"
        notes = (*found.notes, *self.cache.notes, *([unkept] if self.unkept and self.files.folder else []))
        return Report(self.loaded.theory.name, results, problems, found.differences, notes, interrupted)

    def _task(self, claim: Claim) -> dict[str, Any]:
        settings = {"blind": self.options.blind, **{name: pack(value) for name, value in self.options.search.items()}}
        return {"claim": pack(claim), "settings": settings, "stored": self._stored_data(claim)}

    def _stored_data(self, claim: Claim) -> Any:
        """The stored certificate as JSON data; None without one, and for a blind search."""
        source = b"" if self.options.blind or claim.assertion is None else self.files.stored(claim.id)
        try:
            return read_certificate(source, claim.assertion) if source and claim.assertion else None
        except Malformed as cause:
            if not self.options.accept:
                self.unreadable[claim.id] = f"{self.files.certificate(claim.id)}: {cause}"
            return None

    def _stored(self, result: Result) -> Result:
        """The result after its certificate is written and its verdict cached; a blind search replaces no certificate."""
        claim = result.claim
        try:
            if result.source and not (self.options.blind and self._text(claim)):
                self.unkept += not self.files.store(claim.id, result.source)
        except OSError as cause:
            return replace(result, reason=f"the certificate could not be written: {cause}", trouble="unwritten")
        stored = self._text(claim)
        if result.trouble in ("", "rejected"):
            self.cache.put(self._key(claim), as_row(replace(result, reason="") if result.source else result, stored))
        made = replace(result, path=self._path(claim) if result.source and result.source == stored else "")
        if claim.id in self.unreadable and not made.trouble:
            return replace(made, reason=self.unreadable[claim.id], trouble="rejected")
        return made

    def _text(self, claim: Claim) -> str:
        return self.files.stored(claim.id).decode("ascii", "replace")

    def _key(self, claim: Claim) -> Key:
        try:
            rest = json.dumps(pack(replace(claim, assertion=None, cited=(), words="", place="")))
        except Malformed as cause:
            rest = str(cause)
        about = hashlib.sha256((digest(claim.assertion) + self.theorems + rest).encode()).hexdigest()
        stored = hashlib.sha256(self.files.stored(claim.id)).hexdigest()
        return Key(claim.id, self.options.blind, about, stored, self.kernel, self.search, self.options.limits.seconds)

    def _path(self, claim: Claim) -> str:
        path = self.files.certificate(claim.id)
        return f"certificates/{path.name}" if path and path.is_file() else ""
