"""Facts of claims as Rocq theorems: what they state, that `coqc` accepts them, and that it refuses what is altered."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from kernel_tables import (
    ACCEPTED,
    REFUSED,
    Q,
    Row,
    a1,
    done,
    every,
    instance,
    parse,
    plane,
    proved,
    pull,
    quad,
    root,
    some,
    two,
    unknown,
)
from shell import TRUE, Shell, step

from metaid_symbolic.certificates import Derivation, Instantiate, Lemma, OneVariable
from metaid_symbolic.claims import AtProblem
from metaid_symbolic.kernel import check
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.reports.rocq.compiling import AXIOMS, Compiled, assumptions, compiled, coqc, first_error
from metaid_symbolic.reports.rocq.export import assembled, certified, document, documents, module_name
from metaid_symbolic.reports.rocq.facts import parts
from metaid_symbolic.reports.rocq.printing import identifier, rocq
from metaid_symbolic.store.locating import folder_of, locate
from metaid_symbolic.terms import number

needs_coqc = pytest.mark.skipif(coqc() is None, reason="coqc is not installed: apt-get install coq libcoq-coquelicot")

LEFT_OUT = {
    "a derivation for all meta-problems",
    "a proof for all sizes",
    "matrices of all sizes",
    "expectations over a Gaussian law",
    "counting losses on a part of R^n",
    "a rewrite by a quotient",
    "an enclosure on a box",
    "proofs that the losses of one problem are defined",
    "logarithms and roots in the losses of one problem",
}
MORE: dict[str, Row] = {
    "a root between rationals": proved(
        "exists x: x^5 = x + 1", root(unknown**5 - unknown - 1, 1, Q(3, 2), Instantiate(0, (a1,), done))
    ),
    "a root below 0": proved(
        "exists x: x < 0 & x^3 = -2", root(unknown**3 + 2, -2, -1, Instantiate(0, (a1,), OneVariable("_1")))
    ),
    "exp at a number": proved("2 <= exp(1)", Lemma("exp", (), (number(1),), done)),
    "exp is positive": proved("forall x: 0 < exp(x^2)", Lemma("exp", (), (a1**2,), done)),
    "log of a half": proved("exp(log(1/2)) = 1/2", Lemma("log", (), (number("1/2"),), done)),
    "log of a square": proved("forall x: 0 < x => exp(log(x)) = x", Lemma("log", (), (a1,), done)),
    "a root is nonnegative": proved("0 <= sqrt(5)", Lemma("sqrt", (), (number(5),), done)),
    "the square of a root": proved("forall x: 0 <= x => sqrt(x)^2 = x", Lemma("sqrt", (), (a1,), done)),
    "relu at a positive number": proved("relu(3) = 3", Lemma("relu", (), (number(3),), done)),
    "relu at a variable": proved("forall x: 0 <= x => relu(x) = x", Lemma("relu", (), (a1,), done)),
    "irrational double root": proved("forall x: (x^2 - 2)^2 = 0 => x < 3/2", OneVariable("_1")),
    "entries of a matrix in the plane": (AtProblem(plane, parse("forall x in Rn: meq(hess F(x), 2*eye)")), Derivation(done)),
    "narrow gap": proved("forall x: x^2 < 2 => x < 71/50", OneVariable("_1")),
}
ROWS = {**{name: row[:2] for name, row in ACCEPTED.items()}, **MORE}


def missing(row: Row) -> set[str]:
    return {reason.partition(": ")[2] or reason for reason in document("row", *row).missing}


SCALAR = [name for name, row in ROWS.items() if not missing(row)]


def compile_text(source: str, folder: Path) -> Compiled:
    path = folder / "made.v"
    path.write_text(source, encoding="utf-8")
    (found,) = compiled([path], 300, 1)
    return found


@pytest.mark.parametrize("name", MORE)
def test_the_kernel_accepts_the_rows_of_this_table(name: str) -> None:
    assert check(*MORE[name]).truth


# what is stated


def test_every_row_about_real_numbers_is_exported() -> None:
    assert set().union(*(missing(row) for row in ROWS.values())) <= LEFT_OUT
    assert len(SCALAR) >= 50


STATEMENTS = {
    "example in the plane": {
        "law": r"0 < 1 /\ 1 = 1",
        "point": "Phi 0 0",
        "fact_1": r"F_d1 0 0 = 0 /\ F_d2 0 0 = 0",
        "fact_2": r"0 < F_d11 0 0 /\ 0 < (F_d11 0 0 * F_d22 0 0) * 1 + (F_d12 0 0 * F_d21 0 0) * (-1)",
    },
    "counterexample with a hypothesis": {
        "law": r"0 < 1 /\ 1 = 1",
        "point": "Phi 0",
        "fact_1": "F_d1 0 = 0",
        "fact_2": "~ (0 < F_d11 0)",
    },
    "one problem refuted": {"law": r"0 < 1 /\ 1 = 1", "fact_1": "~ (forall x : R, forall y : R, F x = F y)"},
    "specialisation of an array": {"fact_1": "~ (w_1 + w_2 = 0)"},
    "root": {"fact_1": "exists x : R, x ^ 3 = 2"},
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements(name: str) -> None:
    assert {f.name: f.statement for part in parts(*ROWS[name]) for f in part.facts} == STATEMENTS[name]


def test_definitions_are_those_of_the_problem() -> None:
    (made,) = parts(*ROWS["example with adaptation"])
    text = "\n".join(made.definitions)
    assert "Definition L_1 (x : R) : R :=\n  x ^ 2 * (1 / 2)." in text
    assert "Definition F_MAML (x : R) : R :=\n  1 * L_1 (x + (-1) * (alpha * L_1_d1 x))." in text
    assert "is_derive (fun x : R => L_1 x) x (L_1_d1 x)." in text


def test_a_condition_is_stated_with_its_quantifiers() -> None:
    claim = some("exists a in argmin F: forall b in argmin F: b = a")
    (made,) = parts(claim, instance(quad, done))
    assert " ".join(made.facts[-1].statement.split()) == (
        r"exists a : R, (Phi a /\ (forall z : R, Phi z -> F a <= F z)) /\ "
        r"(forall b : R, Phi b /\ (forall z : R, Phi z -> F b <= F z) -> b = a)"
    )


def test_the_statement_does_not_depend_on_the_proof() -> None:
    claim = every("HPD", "CRIT")
    first, second = (parts(claim, instance(quad, done, proof)) for proof in (done, OneVariable("_1")))
    assert [f.statement for f in first[0].facts] == [f.statement for f in second[0].facts]


def test_names() -> None:
    assert (
        identifier("_3") == "v3"
        and identifier("v3") == "v3_"
        and identifier("x.1") == "x_1"
        and identifier("forall") == "forall_"
    )
    assert rocq(parse("forall exp: exp < 0")) == "forall exp_ : R, exp_ < 0"
    assert module_name("S1.a/b!value") != module_name("S1.a/b-value")


# what coqc accepts


@needs_coqc
def test_coqc_accepts_every_row(tmp_path: Path) -> None:
    found = compile_text(assembled({module_name(name): parts(*ROWS[name]) for name in SCALAR}), tmp_path)
    assert (found.status, found.reason) == ("accepted", "")
    assert set(found.axioms) <= AXIOMS


STORED = folder_of(locate("@meta_identifiability"))


def test_most_certificates_of_the_theory_are_exported_whole() -> None:
    made = list(documents(STORED, certified(STORED)))
    assert sum(bool(d.source) and not d.missing for d in made) >= 60
    assert all(d.source or d.missing for d in made)


@needs_coqc
def test_limits_of_gradient_descent(tmp_path: Path) -> None:
    (made,) = (d for d in documents(STORED, ["CON/uniq"]))
    assert not made.missing and "converges F_d1 eta x a" in made.source
    assert compile_text(made.source, tmp_path).status == "accepted"
    altered = made.source.replace("eta * high < 2", "eta * high < 3")
    assert altered != made.source and compile_text(altered, tmp_path).status == "rejected"


# what coqc refuses

ALTERED = {
    "statement negated": ("one variable", "forall x : R, x < x ^ 4 + 1", "~ (forall x : R, x < x ^ 4 + 1)"),
    "inequality turned": ("one variable", "x < x ^ 4 + 1", "x ^ 4 + 1 < x"),
    "sign flipped in a loss": ("example in the plane", "x ^ 2 + y ^ 2", "x ^ 2 + (-1) * y ^ 2"),
    "coefficient of a derivative": ("example in the plane", "  2 * y.", "  3 * y."),
    "another point": ("example in the plane", "F_d1 0 0 = 0", "F_d1 1 0 = 0"),
    "strict for weak": ("combine", "<=", "<"),
    "quantifier": ("root", "exists x : R, x ^ 3 = 2", "forall x : R, x ^ 3 = 2"),
    "number of losses": ("one problem, different losses", "count_2 /\\ ~ count_3", "~ count_2 /\\ ~ count_3"),
    "entry of an array": ("specialisation of an array", "Definition w_2 : R := 1.", "Definition w_2 : R := (-1)."),
    "bound of an enclosure": ("enclose", "exp 1 < 3", "exp 1 < 2"),
    "a proof left out": ("root", "Qed.\n\nDefinition all", "Admitted.\n\nDefinition all"),
    "an axiom": ("root", "Theorem fact_1", "Axiom bad : False.\nTheorem fact_0 : False. exact bad. Qed.\nTheorem fact_1"),
}


@needs_coqc
@pytest.mark.parametrize("name", ALTERED)
def test_coqc_refuses_what_is_altered(name: str, tmp_path: Path) -> None:
    row, old, new = ALTERED[name]
    source = document(row, *ROWS[row]).source
    assert source.count(old) >= 1
    altered = source.replace(old, new)
    if name == "an axiom":
        altered = altered.replace("all_facts := fact_1", "all_facts := conj fact_0 fact_1")
    assert compile_text(altered, tmp_path).status == "rejected"


WRONG: dict[str, Row] = {
    **{
        name: REFUSED[name]
        for name in (
            "root without a change of sign",
            "root with two variables",
            "sum is not zero",
            "no strict summand",
            "negative weight",
            "the sign of a disequation",
            "Motzkin is zero at (1, 1)",
            "witness outside the domain",
            "witness on the boundary",
        )
    },
    "the wrong term": proved("(forall x: x^3 > 1) => 2 < 1", Instantiate(0, (number(2),), done)),
    "another loss": (some("CRIT", "HPD"), instance(MetaProblem(("x", "y"), [-(plane.losses[0])], [1]), done, done, point=(0, 0))),
    "another formula": (AtProblem(two, parse("forall x in Rn: grad F(x) = 2*x + [1]")), Derivation(done)),
    "too many losses": (AtProblem(pull, parse("count(3)")), Derivation(done)),
}


@needs_coqc
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_certificate_is_not_exported_or_coqc_refuses_it(name: str, tmp_path: Path) -> None:
    made = document(name, *WRONG[name])
    assert made.missing or compile_text(made.source, tmp_path).status == "rejected"


@needs_coqc
def test_a_time_limit(tmp_path: Path) -> None:
    path = tmp_path / "slow.v"
    path.write_text("Goal True. do 1000000000 idtac. repeat (idtac; fail 1 || idtac). exact I. Qed.\nPrint Assumptions nat.\n")
    (found,) = compiled([path], 0.5, 1)
    assert found.status == "time"


def test_reading_what_coqc_says() -> None:
    assert assumptions("Axioms:\nclassic : forall P : Prop, P \\/ ~ P\nbad.thing\n  : False\n") == ("classic", "bad.thing")
    assert assumptions("Closed under the global context\n") == ()
    assert assumptions("") is None
    assert first_error('File "./a.v", line 7, characters 0-3:\nError: no such\n goal.\n') == "line 7: no such goal."


# the command


def test_an_unknown_format_is_a_usage_error(metaid: Shell) -> None:
    code, _, err = metaid("report", "@meta_identifiability", "--format", "docx", "--output", "out")
    assert code == 2 and "docx" in err and not Path("out").exists()
    code, _, err = metaid("report", "@meta_identifiability", "--format", "rocq")
    assert code == 2 and "--output FOLDER" in err


def test_without_coqc(metaid: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    code, _, err = metaid("report", "@meta_identifiability", "--format", "rocq", "--output", "out", "--compile")
    assert code == 2 and "coqc is not on the path" in err
    assert "coqc is not on the path: without it no report --format rocq" in metaid("doctor")[1]


def test_report_writes_a_file_for_each_claim(metaid: Shell) -> None:
    step(TRUE + 'theory.statement("b/root", "exists x: x = 2", expected=True)\n')
    assert metaid("check", "--accept")[0] == 0
    code, out, _ = metaid("report", "--format", "rocq", "--output", "out")
    assert code == 0 and "2 of 2 decided claims have all their facts there" in out
    text = Path("out", module_name("b/root") + ".v").read_text()
    assert "exists x : R, x = 2" in text
    assert metaid("report", ".", "nothing", "--format", "rocq", "--output", "out")[0] == 2


def test_report_of_nothing(metaid: Shell) -> None:
    step(TRUE)
    metaid("check", "--accept")
    for path in Path("certificates").glob("*.json"):
        path.unlink()
    assert metaid("report", "--format", "rocq", "--output", "out")[0] == 4


@needs_coqc
def test_report_compiles(metaid: Shell) -> None:
    step(TRUE)
    assert metaid("check", "--accept")[0] == 0
    code, out, err = metaid("report", "--format", "rocq", "--output", "out", "--compile")
    assert code == 0 and "1 claims all of whose facts coqc accepted" in out and "accepted  a/true" in err
    assert [p.suffix for p in Path("out").iterdir()] == [".v"], sys.version
