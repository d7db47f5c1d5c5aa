"""The decoder: what it reads comes back as written, and what is malformed is refused with a reason."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from metaid_symbolic.certificates import Certificate, Done, Proof, Root
from metaid_symbolic.claims import Claim, MatrixIdentities, Statement
from metaid_symbolic.encoding import Malformed, decode, encode, loads, read_number
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.terms import Term, number, symbol

ONE = ["num", "1"]
TRUE = ["true"]
CLAIM = {"kind": "Statement", "naturals": [], "functions": [], "arrays": [], "formula": TRUE}
MATRICES = {
    "kind": "MatrixIdentities",
    "shapes": [["A", "n", "n"], ["c", "1", "1"]],
    "formulas": [["eq", ["mul", ["sym", "A"], ["pow", ["sym", "c"], "-1"]], ONE]],
}
PROBLEM = {
    "kind": "MetaProblem",
    "parameters": ["x"],
    "losses": [["sym", "x"]],
    "weights": ["1"],
    "constraints": [],
    "noise": [],
    "learner": "plain",
    "rate": None,
    "steps": "1",
}

NUMBERS = {"0": 0, "-0": 0, "007": 7, "-12/18": Fraction(-2, 3), "1/10": Fraction(1, 10), "9" * 9000: 10**9000 - 1}
NO_NUMBERS: list[Any] = [
    "",
    "+1",
    "1.0",
    "1e3",
    "1/0",
    "1/-2",
    "1/02",
    "1 ",
    " 1",
    "1\n",
    "--1",
    "0x10",
    "1_000",
    "१",
    "１",
    "½",
    "1/2/3",
    "nan",
    "inf",
    1,
    1.0,
    True,
    None,
    [],
    ["1"],
    {"kind": "1"},
]

TEXTS = {
    "nothing": "",
    "cut off": '{"kind": "Done"',
    "two values": "{} {}",
    "a bare integer": "1",
    "a float": '["num", 1.5]',
    "NaN": '["num", NaN]',
    "infinity": '["num", -Infinity]',
    "a duplicate key": '{"kind": "Done", "kind": "Done"}',
    "a duplicate key inside": '[{"a": null, "b": null, "a": null}]',
    "a trailing comma": "[null,]",
    "single quotes": "['num']",
    "a comment": "[] // done",
    "too deep": "[" * 100_000,
    "no UTF-8": b'["\xff"]',
    "a control character": '"\x01"',
}

DATA: dict[str, tuple[Any, Any]] = {
    "no term": ("x", Term),
    "an empty list": ([], Term),
    "an unknown head": (["sin", ["sym", "x"]], Term),
    "a head that is a list": ([["num"], "1"], Term),
    "a bare head": ("true", Term),
    "an argument missing": (["pow", ["sym", "x"]], Term),
    "an argument too many": (["exp", ONE, ONE], Term),
    "a number as a number": (["num", 1], Term),
    "a boolean as a number": (["num", True], Term),
    "null as a number": (["num", None], Term),
    "a formula as a value": (["exp", TRUE], Term),
    "a value as a formula": (["not", ONE], Term),
    "an exponent 0": (["pow", ["sym", "x"], "0"], Term),
    "an exponent 1/2": (["pow", ["sym", "x"], "1/2"], Term),
    "an exponent 1001": (["pow", ["sym", "x"], "1001"], Term),
    "a name with a blank": (["sym", "x y"], Term),
    "a name that is empty": (["sym", ""], Term),
    "a name in Greek": (["sym", "\u03c6"], Term),
    "a name with a line end": (["sym", "x\n"], Term),
    "a name of 101 letters": (["sym", "x" * 101], Term),
    "a name that is a number": (["sym", ["num", "1"]], Term),
    "an unknown sort": (["forall", "x", "complex", TRUE], Term),
    "a sort that is a formula": (["forall", "x", TRUE, TRUE], Term),
    "a boolean as a formula": (["not", True], Term),
    "nested too deeply": (json.loads('["not",' * 500 + '["true"]' + "]" * 500), Term),
    "a list for an object": ([], Proof),
    "an object without a kind": ({}, Proof),
    "a kind that is a number": ({"kind": "1"}, Proof),
    "an unknown kind": ({"kind": "Sorry"}, Proof),
    "a kind that belongs elsewhere": ({"kind": "Derivation", "proof": {"kind": "Done"}}, Proof),
    "a kind of another module": ({"kind": "Established", "truth": True, "grade": "exact", "theorems": []}, Certificate),
    "a field too many": ({"kind": "Done", "then": None}, Proof),
    "a field missing": ({"kind": "OneVariable"}, Proof),
    "a field of the wrong kind": ({"kind": "OneVariable", "name": ONE}, Proof),
    "a boolean as an index": ({"kind": "Split", "fact": True, "branches": []}, Proof),
    "a fraction as an index": ({"kind": "Split", "fact": "1/2", "branches": []}, Proof),
    "branches that are no list": ({"kind": "Split", "fact": "0", "branches": {"kind": "Done"}}, Proof),
    "null for a proof": ({"kind": "Derivation", "proof": None}, Certificate),
    "a string for a boolean": ({"kind": "Summand", "literals": [], "squares": [], "free": "false"}, Proof),
    "a claim for a certificate": (CLAIM, Certificate),
    "a certificate for a claim": ({"kind": "NormalForm"}, Claim),
    "a matrix under the name of an inverse": ({**MATRICES, "shapes": [["A", "1", "1"], ["1/c", "1", "1"]]}, Claim),
    "a formula that is a value": ({"kind": "Labelled", "label": "x", "formula": ONE}, Claim),
    "no parameters": ({**PROBLEM, "parameters": []}, MetaProblem),
    "a parameter twice": ({**PROBLEM, "parameters": ["x", "x"]}, MetaProblem),
    "a parameter in Greek": ({**PROBLEM, "parameters": ["x", "\u03c6"]}, MetaProblem),
    "a parameter with a dot": ({**PROBLEM, "parameters": ["x.1"], "losses": [ONE]}, MetaProblem),
    "a weight 0": ({**PROBLEM, "losses": [ONE, ONE], "weights": ["1", "0"]}, MetaProblem),
    "weights of sum 2": ({**PROBLEM, "weights": ["2"]}, MetaProblem),
    "a weight for nothing": ({**PROBLEM, "weights": ["1/2", "1/2"]}, MetaProblem),
    "a weight that is a boolean": ({**PROBLEM, "weights": [True]}, MetaProblem),
    "a loss in another name": ({**PROBLEM, "losses": [["sym", "y"]]}, MetaProblem),
    "a loss with a quantity": ({**PROBLEM, "losses": [["app", "F", ["sym", "x"]]]}, MetaProblem),
    "a constraint that is an equation": ({**PROBLEM, "constraints": [["eq", ["sym", "x"], ONE]]}, MetaProblem),
    "an unknown learner": ({**PROBLEM, "learner": "sgd"}, MetaProblem),
    "a negative number of steps": ({**PROBLEM, "steps": "-1"}, MetaProblem),
    "a rate that is a string": ({**PROBLEM, "rate": "1"}, MetaProblem),
    "a rate of an unknown kind": ({**PROBLEM, "rate": {"kind": "Sorry"}}, MetaProblem),
    "a Gaussian variable that is a parameter": (
        {**PROBLEM, "noise": [{"kind": "Noise", "name": "x", "mean": "0", "variance": "1"}]},
        MetaProblem,
    ),
    "a negative variance": ({**PROBLEM, "noise": [{"kind": "Noise", "name": "t", "mean": "0", "variance": "-1"}]}, MetaProblem),
    "an unknown domain": (
        {
            "kind": "SomeProblem",
            "universe": {"kind": "Universe", "domain": "closed", "law": "finite", "smoothness": "C2"},
            "conditions": [],
        },
        Claim,
    ),
}


@pytest.mark.parametrize("source", NUMBERS, ids=lambda s: str(s)[:12])
def test_numbers_are_read(source: str) -> None:
    assert read_number(source) == NUMBERS[source]
    assert read_number(encode(Fraction(NUMBERS[source]))) == NUMBERS[source]


@pytest.mark.parametrize("source", NO_NUMBERS, ids=repr)
def test_what_is_no_number_is_refused(source: Any) -> None:
    with pytest.raises(Malformed):
        read_number(source)


@pytest.mark.parametrize("name", TEXTS)
def test_text_that_is_not_our_json_is_refused(name: str) -> None:
    with pytest.raises(Malformed):
        loads(TEXTS[name])


def test_a_text_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metaid_symbolic.encoding.LONGEST", 10)
    with pytest.raises(Malformed, match="11 bytes are more than 10"):
        loads('"123456789"')


@pytest.mark.parametrize("name", DATA)
def test_data_that_is_malformed_is_refused(name: str) -> None:
    data, wanted = DATA[name]
    with pytest.raises(Malformed):
        decode(data, wanted)


def test_the_untouched_data_are_read() -> None:
    assert decode(CLAIM, Claim) == Statement((), (), (), Term("true"))
    assert decode(PROBLEM, MetaProblem) == MetaProblem(symbol("x"), [symbol("x")], [1])
    assert decode({"kind": "Done"}, Proof) == Done()
    assert isinstance(decode(MATRICES, Claim), MatrixIdentities)


def test_long_numbers_go_out_and_come_back() -> None:
    step = Root((symbol("_.1") ** 3 - 2,), ((Fraction(-(10**6000), 7), Fraction(10**6000 + 1)),), 64, False, Done())
    assert decode(loads(json.dumps(encode(step))), Proof) == step
    assert decode(encode(number(-(10**5000))), Term) == number(-(10**5000))


@pytest.mark.parametrize("value", [1.5, object(), {1}], ids=lambda v: type(v).__name__)
def test_what_has_no_encoding_is_refused(value: Any) -> None:
    with pytest.raises(Malformed):
        encode(value)
