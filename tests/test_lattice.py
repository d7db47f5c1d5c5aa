"""The order of conditions: what decides an entry, and what is refused."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from click.testing import CliRunner

from metaid_symbolic import MetaProblem, Theory, reals
from metaid_symbolic.claims import Labelled, Universe
from metaid_symbolic.cli import main, run
from metaid_symbolic.conjectures import search
from metaid_symbolic.examples.collection import Example, collection
from metaid_symbolic.lattice.comparison import changes
from metaid_symbolic.lattice.drawing import about, as_dot
from metaid_symbolic.lattice.lattice import CODES, EXAMPLE, NOT, Inconsistent, Lattice, lattice
from metaid_symbolic.printing import text
from metaid_symbolic.search import NothingToSearch
from metaid_symbolic.terms import TRUE
from metaid_symbolic.verdicts import Result, Verdict

x = reals("x")
PARABOLA = MetaProblem((x,), [x**2], [1])
PROVED = {(frozenset(["INJ"]), "LAW"): "INJ/LAW", (frozenset(["LAW"]), "PROF"): "LAW/PROF", (frozenset(["A", "B"]), "C"): "AB/C"}


def example(name: str, holds: str, fails: str) -> Example:
    return Example(name, "", PARABOLA, (0,), frozenset(holds.split()), frozenset(fails.split()))


def test_implications_compose_and_name_their_steps():
    entry = Lattice((), PROVED).entry(["INJ"], "PROF")
    assert (entry.status, entry.by) == ("implied", ("INJ/LAW", "LAW/PROF"))


def test_two_hypotheses_are_needed_together():
    made = Lattice((), PROVED)
    assert made.entry(["A", "B"], "C").status == "implied"
    assert made.entry(["A"], "C").status == "open"


def test_a_table_refutes_and_is_extended_by_what_is_proved():
    made = Lattice((example("one", "INJ", ""), example("two", "UNIQ", "PROF")), PROVED)
    assert (made.entry(["UNIQ"], "INJ").status, made.entry(["UNIQ"], "INJ").by) == ("not implied", ("two",))
    assert made.entry(["PROF"], "UNIQ").status == "open"


@pytest.mark.parametrize(("hypothesis", "conclusion"), [("PROF", "INJ"), ("LAW", "INJ"), ("INJ", "UNIQ")])
def test_nothing_else_decides_an_entry(hypothesis: str, conclusion: str):
    assert Lattice((example("one", "INJ", ""),), PROVED).entry([hypothesis], conclusion).status == "open"


def test_an_example_against_a_proved_implication_is_an_error():
    with pytest.raises(Inconsistent, match="INJ/LAW is proved, and the example wrong has INJ and lacks LAW"):
        Lattice((example("wrong", "INJ", "LAW"),), PROVED)


def test_an_example_against_a_chain_of_implications_is_an_error():
    with pytest.raises(Inconsistent, match="INJ/LAW, LAW/PROF are proved, and the example wrong has INJ and lacks PROF"):
        Lattice((example("wrong", "INJ", "PROF"),), PROVED)


CONTRADICTION = {(frozenset(["INJ"]), "not EXISTS"): "INJ/not-EXISTS", (frozenset(["UNIQ"]), "EXISTS"): "UNIQ/EXISTS"}


def test_hypotheses_that_contradict_one_another_imply_everything():
    made = Lattice((), CONTRADICTION)
    entry = made.entry(["INJ", "UNIQ"], "FPD")
    assert (entry.status, entry.vacuous) == ("implied", True) and {*entry.by} == {"INJ/not-EXISTS", "UNIQ/EXISTS"}
    assert made.entry(["INJ"], "FPD").status == "open" and not made.entry(["UNIQ"], "EXISTS").vacuous


def test_an_example_lacks_what_contradicts_its_table():
    made = Lattice((example("one", "UNIQ", ""),), CONTRADICTION)
    assert made.table(made.examples[0]) == ({"UNIQ", "EXISTS"}, {"INJ"})
    with pytest.raises(Inconsistent, match="the example wrong has INJ, UNIQ"):
        Lattice((example("wrong", "INJ UNIQ", ""),), CONTRADICTION)


SMALL = ("A", "B", "C", "D", "E")


def models(proved: dict[tuple[frozenset[str], str], str]) -> list[frozenset[str]]:
    """All sets of conditions in which the implications hold."""
    sets = [frozenset(c for c, bit in zip(SMALL, bits, strict=True) if bit) for bits in product((0, 1), repeat=len(SMALL))]
    return [s for s in sets if all(not s >= h or (c[4:] not in s if c.startswith(NOT) else c in s) for h, c in proved)]


@pytest.mark.parametrize("seed", range(40))
def test_entries_agree_with_all_truth_tables(seed: int):
    """Implied is what holds in every model of the implications; an example is a model, and refutes what it shows."""
    random = Random(seed)
    proved = {}
    for number in range(random.randrange(2, 7)):
        *hypotheses, conclusion = random.sample(SMALL, random.choice((2, 3)))
        proved[frozenset(hypotheses), random.choice(("", "", NOT)) + conclusion] = str(number)
    worlds = models(proved)
    shown = [
        example(str(k), " ".join(w), " ".join({*SMALL} - w)) for k, w in enumerate(random.sample(worlds, min(2, len(worlds))))
    ]
    made = Lattice(tuple(shown), proved, SMALL)
    entries = list(made.entries(2))
    assert len(entries) == 10 * 3
    for one in entries:
        having = [w for w in worlds if w.issuperset(one.hypotheses)]
        refuted = any(e.shows(one.hypotheses, [one.conclusion]) for e in shown)
        expected = "not implied" if refuted else "implied" if all(one.conclusion in w for w in having) else "open"
        assert one.status == expected and one.vacuous == (not having)


def test_draws_are_reproducible_and_decided():
    made = Lattice((example("one", "A B", "C"),), {(frozenset(["A", "B"]), "D"): "AB/D"}, SMALL)
    drawn = made.draw(5, 2)
    assert drawn == made.draw(5, 2) and {e.status for e in drawn} == {"implied", "not implied"}
    assert len({(e.hypotheses, e.conclusion) for e in Lattice(collection(), PROVED).draw(1, 20)}) == 20


def test_entries_are_all_ordered_pairs():
    assert sum(1 for _ in Lattice((), {}).entries()) == len(CODES) * (len(CODES) - 1)
    assert not [e for e in Lattice((), {}).entries(2) if e.conclusion in e.hypotheses]


def test_what_is_given_is_neither_hypothesis_nor_conclusion():
    made = Lattice((), {(frozenset(["TCONV", "UNIQ"]), "ISO"): "x"}, given=("TCONV",))
    assert not [e for e in made.entries() if "TCONV" in (*e.hypotheses, e.conclusion)]
    assert made.entry(["UNIQ"], "ISO").status == "implied"


def test_equivalent_conditions_share_a_node_and_arrows_are_reduced():
    both = {(frozenset(["FPD"]), "SPAN"): "a", (frozenset(["SPAN"]), "FPD"): "b", (frozenset(["FPD"]), "COUNT"): "c"}
    both |= {(frozenset(["FPDALL"]), "FPD"): "d", (frozenset(["FPDALL"]), "COUNT"): "e"}
    made = Lattice((), both, codes=("FPDALL", "FPD", "SPAN", "COUNT"))
    assert ("FPD", "SPAN") in made.classes()
    assert made.reduction() == [(("FPD", "SPAN"), ("COUNT",)), (("FPDALL",), ("FPD", "SPAN"))]
    assert '"FPDALL" -> "FPD"' in as_dot(made) and '"FPDALL" -> "COUNT"' not in as_dot(made)


def test_the_collection_agrees_with_the_implications_that_theory_states():
    """No table contradicts an implication of proofs/lattice, and every ordered pair but the known ones is decided."""
    from metaid_symbolic.store.loading import load
    from metaid_symbolic.store.locating import locate

    claims = [c for c in load(locate("@lattice")).theory.claims.values() if c.step in ("implications", "pairs")]
    stated = {(frozenset(h.label for h in c.assertion.hypotheses), c.assertion.conclusion.label): c.id for c in claims}
    made = Lattice(collection(), stated)
    assert sum(e.status == "open" for e in made.entries()) <= MOST_OPEN
    assert sum(e.status == "open" for e in made.entries(2)) <= MOST_OPEN_PAIRS


MOST_OPEN = 2
"""If all implications that proofs/lattice states are proved."""
MOST_OPEN_PAIRS = 560
"""The same with two hypotheses, of 13,485."""


def test_what_an_assumption_buys():
    bought = {(frozenset(["A", "B"]), "C"): "AB/C", (frozenset(["D"]), "C"): "D/C"}
    shown = example("one", "A", "C B")
    pairs = list(changes(Lattice((shown,), bought, SMALL), Lattice((shown,), bought, SMALL, given=("B",))))
    assert [(before.by, entry.hypotheses, entry.conclusion, entry.by) for before, entry in pairs] == [
        (("one",), ("A",), "C", ("AB/C",))
    ]


def test_a_node_tells_what_it_does_not_imply():
    made = Lattice((example("one", "A", "C"),), {(frozenset(["A"]), "B"): "A/B"}, ("A", "B", "C"))
    assert about(made, ("A",)) == "A; implies: B; does not imply: C (one)"
    assert 'tooltip="B; does not imply: C (one); open: A"' in as_dot(made)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lattice", "--given", "TCONF"], "there is no condition TCONF; did you mean TCONV?"),
        (["lattice", "--compare"], "--compare lists what --given changes, and there is none"),
        (["lattice", "--compare", "--given", "TCONV", "--format", "dot"], "not with --format dot"),
        (["search", "UNIQ => WEAK", "--plot", "x.svg"], "--plot draws an example"),
        (["search", "--examples", "--has", "UNIK"], "there is no condition UNIK; did you mean UNIQ?"),
        (["search", "--has", "UNIQ", "--lacks", "UNIQ"], "no example has and lacks UNIQ"),
        (["search", "UNIQ => WEAK", "--budget", "0"], "0 is not in the range"),
        (["search"], "name a CLAIM"),
        (["search", "UNIQ => WEAK", "--dim", "3..1"], "'3..1' is no number >= 1 and no range"),
    ],
)
def test_bad_input_gives_one_message(words: list[str], message: str):
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2 and message in done.output


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("UNIQ & CRIT => UNIQ", "true by definition: UNIQ is a hypothesis and UNIQ the conclusion"),
        ("UNIQ & not UNIQ => INJ", "vacuous: the hypotheses UNIQ and not UNIQ contradict one another"),
    ],
)
def test_an_implication_without_content_is_refused(claim: str, message: str, capsys: pytest.CaptureFixture[str]):
    assert run(["search", claim]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"dim": (3, 1)}, "no meta-problem has a dimension >= 1 from 3 to 1: the universe is empty"),
        ({"tasks": 0}, "no meta-problem has a number of tasks >= 1 from 0 to 0: the universe is empty"),
        ({"budget": 0}, "a budget of 0 candidates leaves nothing to try"),
    ],
)
def test_an_empty_search_is_refused(more: dict[str, object], message: str):
    with pytest.raises(NothingToSearch, match=message):
        search("UNIQ => WEAK", **more)


def proved(theory: Theory) -> list[Result]:
    return [Result(claim, Verdict.PROVED) for claim in theory.claims.values()]


def test_a_proved_claim_counts_only_for_what_it_says():
    """An implication in a smaller universe, one under a condition's name with another formula, and a table that is another."""
    theory = Theory("t")
    theory.claim("one", "INJ => LAW")
    theory.claim("whole", "UNIQ => WEAK", universe=Universe(domain="whole"))
    renamed = replace(theory.claims["one"].assertion, conclusion=Labelled("PROF", TRUE))
    theory.claims["renamed"] = replace(theory.claims["one"], id="renamed", assertion=renamed)
    first, second = collection()[:2]
    theory.at(EXAMPLE + first.name, first.problem, text(first.table()))
    theory.at(EXAMPLE + second.name, second.problem, "F([0]) = F([0])")
    made = lattice(proved(theory), collection())
    assert made.proved == {(frozenset(["INJ"]), "LAW"): "one"} and [e.name for e in made.examples] == [first.name]
    assert not lattice([Result(c, Verdict.UNDECIDED) for c in theory.claims.values()], collection()).proved
