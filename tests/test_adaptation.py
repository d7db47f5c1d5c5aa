"""Meta-problems after one step of MAML: what they are, when an example counts as one, and which conditions a step keeps."""

from dataclasses import replace
from fractions import Fraction

import pytest
from click.testing import CliRunner

from metaid_symbolic import MetaProblem, Theory, check, reals
from metaid_symbolic.cli import main
from metaid_symbolic.examples.collection import Example, collection
from metaid_symbolic.lattice.adaptation import MAML, Adapted, adapted, adapted_problem, bases
from metaid_symbolic.lattice.inheritance import Inheritance, after_step, inheritance
from metaid_symbolic.lattice.lattice import CODES, EXAMPLE, Lattice, lattice
from metaid_symbolic.printing import text
from metaid_symbolic.terms import as_term, less
from metaid_symbolic.verdicts import Result, Verdict

x = reals("x")
PARABOLA = MetaProblem((x,), [x**2 / 2], [1], rate="1/2")
AFTER = Example("after", "", MetaProblem((x,), [x**2 / 8], [1]), (0,), frozenset(["CRIT"]))


def theory(one: Adapted) -> Theory:
    made = Theory("t")
    for name, alone, said in one.links():
        made.at(name, alone, said)
    return made


def verdicts(one: Adapted) -> set[str]:
    return {result.verdict.value for result in check(theory(one))}


@pytest.mark.parametrize(
    ("loss", "rate", "after"),
    [(x**2 / 2, "1/2", x**2 / 8), (x**2 / 2, 1, 0 * x), (3 * x, 2, 3 * x - 18), (-(x**2), 1, -9 * x**2)],
)
def test_the_adapted_problem_by_hand(loss, rate, after):
    base = MetaProblem((x,), [loss], [1], rate=rate)
    found = adapted_problem(base)
    assert found.rate is None and verdicts(Adapted(replace(AFTER, problem=replace(found, losses=(as_term(after),))), base)) == {
        "proved"
    }


def test_another_loss_is_no_link():
    assert "proved" not in verdicts(Adapted(replace(AFTER, problem=MetaProblem((x,), [x**2 / 7], [1])), PARABOLA))


def test_a_step_that_leaves_the_domain_is_no_link():
    near = (less(as_term(1), as_term(x)), less(as_term(x), as_term(2)))
    one = Adapted(replace(AFTER, problem=replace(AFTER.problem, constraints=near)), replace(PARABOLA, constraints=near))
    assert "proved" not in verdicts(one)


@pytest.mark.parametrize(
    "changed",
    [
        {"weights": (Fraction(1, 2), Fraction(1, 2)), "losses": (as_term(x), as_term(x))},
        {"parameters": ("y",), "losses": (as_term(1),)},
    ],
)
def test_a_base_with_another_law_or_other_parameters_is_refused(changed):
    with pytest.raises(ValueError, match="are not those of its base"):
        Adapted(replace(AFTER, problem=replace(AFTER.problem, **changed)), PARABOLA)


def test_the_problems_that_come_with_the_package_are_those_of_their_bases():
    names = [one.name for one in (*collection(), *bases(), *(a.example for a in adapted()))]
    assert len(set(names)) == len(names)
    for one in adapted():
        assert adapted_problem(one.base) == one.example.problem and not one.example.holds & one.example.fails


def proved(*parts: Theory) -> list[Result]:
    return [Result(claim, Verdict.PROVED) for part in parts for claim in part.claims.values()]


def tables(*examples: Example) -> Theory:
    made = Theory("tables")
    for one in examples:
        made.at(EXAMPLE + one.name, one.problem, text(one.table()))
    return made


def test_an_example_counts_as_adapted_only_with_its_table_and_all_links():
    one = next(a for a in adapted() if len(a.example.problem.losses) == 2)
    links, table = theory(one), tables(one.example)
    assert [e.name for e in lattice(proved(links, table), (), [MAML]).examples] == [one.name]
    assert not lattice(proved(links), (), [MAML]).examples and not lattice(proved(table), (), [MAML]).examples
    first = next(iter(links.claims))
    links.claims[first] = replace(links.claims[first], assertion=tables(one.example).claims[EXAMPLE + one.name].assertion)
    assert not lattice(proved(links, table), (), [MAML]).examples


def test_what_holds_in_all_problems_is_implied_for_adapted_ones():
    rules = Theory("rules")
    rules.claim("UNIQ/EXISTS", "UNIQ => EXISTS")
    entry = lattice(proved(rules), (), [MAML]).entry(["UNIQ"], "EXISTS")
    assert (entry.status, entry.by) == ("implied", ("UNIQ/EXISTS",))


BEFORE = replace(AFTER, name="before", problem=replace(PARABOLA, rate=None))


def made(holds: str, fails: str, rules=(), given: str = "") -> Inheritance:
    proofs = {(frozenset(["A"]), "B"): "A/B"}
    before, after = replace(BEFORE, holds=frozenset(holds.split())), replace(AFTER, fails=frozenset(fails.split()))
    return Inheritance(Lattice((), proofs, ("A", "B", "C", "CRIT")), dict(rules), ((before, after),), tuple(given.split()))


def test_a_condition_is_lost_where_a_base_has_it_and_the_adapted_problem_lacks_it():
    entry = made("C", "C").kept("C")
    assert (entry.status, entry.by) == ("not implied", ("after",))
    assert made("C", "").kept("C").status == made("", "C").kept("C").status == "open"
    assert made("C", "C", given="A").kept("C").status == "open" and made("A C", "C", given="A").kept("C").status == "not implied"


def test_a_condition_is_gained_where_a_base_lacks_it():
    one = made("", "")
    pair = (replace(BEFORE, name="other", fails=frozenset(["CRIT"]), holds=frozenset()), AFTER)
    assert replace(one, pairs=(pair,)).gained("CRIT") == "after" and not one.gained("CRIT")


def test_what_is_kept_follows_from_rules_and_implications():
    kept = made("", "", rules={(frozenset(["B"]), "A"): "kept/A"}.items())
    assert (kept.kept("A").status, kept.kept("A").by) == ("implied", ("A/B", "kept/A"))
    assert kept.kept("B").by == ("kept/A", "A/B") and kept.kept("C").status == "open"


def test_conditions_after_a_step_speak_of_values_alone():
    assert {code for code in CODES if after_step(code) is None} >= {"FPD", "HPD", "LAW", "COUNT", "CRIT", "SPAN"}
    assert "alpha" in text(after_step("INTERP")) and "F_MAML" not in text(after_step("INTERP"))
    assert "F_MAML" in text(after_step("UNIQ"))


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("STAYS & UNIQ => UNIQ[F_MAML]", True),
        ("UNIQ => UNIQ[F_MAML]", True),
        ("STAYS & UNIQ => WEAK", False),
        ("whole & UNIQ => UNIQ[F_MAML]", False),
    ],
)
def test_a_rule_counts_for_what_it_says(source, counts):
    rules = Theory("rules")
    rules.claim("kept/UNIQ", source)
    found = inheritance(proved(rules), Lattice((), {})).rules
    assert found == ({(frozenset(["UNIQ"]), "UNIQ"): "kept/UNIQ"} if counts else {})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--given", "MAMML"], "there is no condition MAMML; did you mean MAML?"),
        (["--kept", "--given", "MAML"], "not with --given MAML"),
        (["--kept", "--format", "svg"], "not with --format svg"),
        (["--kept", "--compare", "--given", "TCONV"], "not with --compare"),
    ],
)
def test_bad_input_gives_one_message(words, message):
    done = CliRunner().invoke(main, ["lattice", *words])
    assert done.exit_code == 2 and message in done.output
