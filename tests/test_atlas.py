"""The atlas: its cells, its certificates, and the list of what is open."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from metaid_symbolic.identify import recorded
from metaid_symbolic.identify.atlas import ATLAS, LEARNERS, add_cell, cell
from metaid_symbolic.identify.observing import observed
from metaid_symbolic.identify.ranks import generic_rank
from metaid_symbolic.recheck import Replayed, replay
from metaid_symbolic.statements import digest
from metaid_symbolic.theory import Theory

FOLDER = Path(__file__).parent.parent / "proofs" / "atlas"
RUNGS = ("local", "weak", "strong", "global")
CLAIMS = json.loads((FOLDER / "statements.json").read_text())["claims"]


SAMPLE = 5
"""One certificate in so many is replayed here; `metaid recheck proofs/atlas` replays all."""
COMPARED = (("product-2", "plain"), ("product-2", "anil"), ("quadratic-2", "maml"), ("square-1-1-1", "plain"))


def certified() -> list[str]:
    return sorted(path.name for path in (FOLDER / "certificates").glob("*.json"))


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Replayed, ...]:
    """What the kernel makes of a sample of the certificates, once for all tests."""
    folder = tmp_path_factory.mktemp("atlas")
    (folder / "certificates").mkdir()
    wanted = {f"{base}~{learner}~local.json" for base, learner in COMPARED} | set(certified()[::SAMPLE])
    for name in ("statements.json", *(f"certificates/{name}" for name in wanted & set(certified()))):
        shutil.copy(FOLDER / name, folder / name)
    return tuple(replay(folder))


def open_ids() -> set[str]:
    lines = (FOLDER / "open.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def test_every_cell_has_every_rung() -> None:
    assert len(ATLAS) >= 10
    assert len(LEARNERS) >= 6
    missing = [f"{b}/{t}/{r}" for b in ATLAS for t in LEARNERS for r in RUNGS if f"{b}/{t}/{r}" not in CLAIMS]
    assert missing == []


def test_certificates_are_accepted_and_the_rest_is_listed_as_open(replayed: tuple[Replayed, ...]) -> None:
    assert len(replayed) > 70 and all(r.status == "accepted" for r in replayed), [r for r in replayed if r.status != "accepted"][
        :3
    ]
    ids = {name.removesuffix(".json").replace("~", "/") for name in certified()}
    assert ids | open_ids() == set(CLAIMS) and not ids & open_ids()


@pytest.mark.parametrize(
    ("base", "learner"), [("quadratic-1", "maml"), ("product-2", "plain"), ("linear-regression-1", "meta-sgd")]
)
def test_python_makes_the_stored_statements(base: str, learner: str) -> None:
    theory = Theory("atlas")
    add_cell(theory, base, learner)
    assert len(theory) >= 5
    from metaid_symbolic.store.files import Files

    stored = Files(FOLDER)
    for name, made in theory.claims.items():
        source = stored.stored(name)
        if source:
            assert json.loads(source)["claim"] == digest(made.assertion), name


def test_the_kernel_agrees_with_the_generic_rank(replayed: tuple[Replayed, ...]) -> None:
    """A cell whose rank is less than the number of parameters is nowhere proved to be locally identified, and conversely."""
    verdicts = {r.id: r.verdict for r in replayed}
    for base, learner in COMPARED:
        rank, _ = generic_rank(observed(cell(base, learner).objective), -1)
        found = verdicts.get(f"{base}/{learner}/local")
        assert found != ("refuted" if rank.lower == rank.parameters else "proved")


@pytest.mark.parametrize("name", ["quadratic-1/maml", "product-2/plain", "wells-1/anil"])
def test_the_file_of_what_was_found_says_what_the_analysis_finds(name: str) -> None:
    base, learner = name.split("/")
    known = recorded.read(FOLDER / recorded.FILE)[name]
    from_file, anew = Theory("atlas"), Theory("atlas")
    add_cell(from_file, base, learner, known)
    add_cell(anew, base, learner)
    assert {k: (digest(c.assertion), c.expected, c.words) for k, c in from_file.claims.items()} == {
        k: (digest(c.assertion), c.expected, c.words) for k, c in anew.claims.items()
    }
    assert all(c.hint is None for c in from_file.claims.values())


def test_a_record_of_another_model_is_not_believed() -> None:
    known = recorded.read(FOLDER / recorded.FILE)["quadratic-1/maml"]
    made = Theory("atlas")
    add_cell(made, "quadratic-1", "maml", {**known, "problems": "0" * 64, "claims": []})
    assert len(made) >= 5


def test_few_claims_are_open() -> None:
    assert len(open_ids()) <= 26
