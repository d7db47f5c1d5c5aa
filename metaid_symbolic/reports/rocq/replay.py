"""A closed tableau as a Rocq script: each step of the kernel's checker, done again with hypotheses that have names."""

from __future__ import annotations

from fractions import Fraction

from ...certificates import Combine, Cut, Enclose, Instantiate, Lemma, OneVariable, Proof, Rewrite, Root, Split
from ...terms import Term, equal, less, number, substitute, symbol
from . import apart
from . import kernel_view as kernel
from .apart import Leaf
from .atoms import NotReplayed
from .closing import combine, enclose, one_variable
from .descending import Rules
from .hypotheses import Hypotheses
from .kernel_view import Signed
from .printing import identifier, rocq
from .script import Script

RULES = {"relu": "relu_cases", "sqrt": "sqrt_rule", "log": "log_rule", "exp": "exp_rule"}


def refute(here: Hypotheses, proof: Proof) -> None:
    """Close the goal as the proof says."""
    while not here.branch.closed:
        match proof:
            case Instantiate() | Lemma() | Root() | Rewrite():
                _extend(here, proof)
                proof = proof.then
            case Cut(formula, yes, no):
                _cut(here, formula, yes, no)
                return
            case Split(fact, branches):
                _split(here, fact, branches)
                return
            case OneVariable(name):
                one_variable(here.atoms, name)
                return
            case Combine(summands):
                combine(here.atoms, summands)
                return
            case Enclose(literal, _):
                enclose(here.atoms, literal)
                return
            case _:
                raise NotReplayed("the certificate ends before its branch is closed")


def _extend(here: Hypotheses, step: Instantiate | Lemma | Root | Rewrite) -> None:
    match step:
        case Instantiate(fact, terms):
            _instantiate(here, fact, terms)
        case Lemma():
            _rule(here, step)
        case Root((term,), ((low, high),), _, False) if kernel.is_polynomial(term):
            _root(here, term, low, high)
        case Root():
            raise NotReplayed("zeros of functions that are no polynomials in one variable, or the only ones in a box")
        case Rewrite(name, value):
            _rewrite(here, name, value)


def _rule(here: Hypotheses, step: Lemma) -> None:
    formula, made = kernel.rule(step), here.script.name()
    if formula is not None:
        here.script.say(f"pose proof ({RULES[step.name]} {rocq(step.terms[0], 10)}) as {made}")
        here.add(formula, True, made)
        return
    if step.name not in here.rules:
        raise NotReplayed(f"the rule {step.name!r}")
    formula, theorem = here.rules[step.name]
    if theorem:
        here.script.say(f"pose proof {theorem} as {made}; cbv beta delta [{' '.join(here.names)}] in {made}")
        here.add(formula, True, made)
        return
    here.branch.add(formula)  # of no use, unless it is instantiated
    here.facts += [""] * (len(here.branch.facts) - len(here.facts))
    here.history += [""] * (len(here.branch.history) - len(here.history))


def _instantiate(here: Hypotheses, fact: int, terms: tuple[Term, ...]) -> None:
    (formula, holds), h = here.branch.facts[fact], here.facts[fact]
    if not h:
        raise NotReplayed("a rule on iterations that has no counterpart")
    for term in terms:
        while formula.head == "not":
            apart.positive(here.script, holds, h)
            formula, holds = formula.args[0], not holds
        h = apart.applied(here.script, holds, h, rocq(term, 10))
        formula = substitute(formula.args[2], {formula.args[0]: term})
    here.add(formula, holds, h)


def _cut(here: Hypotheses, formula: Term, yes: Proof, no: Proof) -> None:
    one, two = here.script.name(), here.script.name()
    here.script.say(f"destruct (classic ({rocq(formula)})) as [{one} | {two}]")
    for name, holds, proof in ((one, True, yes), (two, False, no)):
        other = here.copy()
        with here.script.block():
            other.add(formula, holds, name)
            refute(other, proof)


def _split(here: Hypotheses, fact: int, branches: tuple[Proof, ...]) -> None:
    parts = list(here.branch.facts[fact])
    open_parts, proofs = kernel.disjunction_of(here.branch, fact), iter(branches)

    def leaf(part: Signed) -> Leaf:
        def inner(h: str) -> None:
            if part not in open_parts:
                here.contradict(*part, h)
                return
            other = here.copy()
            other.add(*part, h)
            refute(other, next(proofs))

        return inner

    apart.flat(here.script, here.facts[fact], [leaf(part) for part in parts])


def _root(here: Hypotheses, polynomial: Term, low: Fraction, high: Fraction) -> None:
    name = here.branch.fresh("real", "_")
    root, unknown = symbol(name), symbol("_0")
    ends = f"{rocq(number(low), 10)} {rocq(number(high), 10)}"
    function = f"(fun {identifier('_0')} : R => {rocq(substitute(polynomial, {'_.1': unknown}))})"
    names = [here.script.name() for _ in range(3)]
    proof = f"root_between {function} {ends} ltac:(reg) ltac:(lra) ltac:(lra)"
    here.script.say(f"destruct ({proof}) as [{identifier(name)} [{names[0]} [{names[1]} {names[2]}]]]; cbv beta in {names[0]}")
    here.add(equal(substitute(polynomial, {"_.1": root}), number(0)), True, names[0])
    here.add(less(number(low), root), True, names[1])
    here.add(less(root, number(high)), True, names[2])


def _rewrite(here: Hypotheses, name: str, value: Term) -> None:
    old = list(here.history)
    read = kernel.comparison(here.branch, equal(symbol(name), value), True)
    literal = None if read is None or read[2] else kernel.place_of(here.branch, read[0])
    if literal is None:
        raise NotReplayed("a rewrite by a quotient")
    here.script.given(f"{identifier(name)} = {rocq(value)}", f"clear - {here.literals[literal]}; lra")
    here.script.say(f"subst {identifier(name)}")
    leaves = list(here.branch.history)
    here.branch = kernel.without(here.branch, name)
    here.facts, here.history, here.literals, here.opaque = [], [], [], {}
    for leaf, h in zip(leaves, old, strict=True):
        parts = [(substitute(f, {name: value}), holds) for f, holds in leaf]
        _again(here, parts, h)


def _again(here: Hypotheses, parts: list[Signed], h: str) -> None:
    """What was assumed before a rewrite, assumed after it."""
    if len(parts) > 1:
        here.add_disjunction(parts, lambda leaves: apart.flat(here.script, h, leaves))
    elif not here.branch.closed and (truth := here.branch.truth(*parts[0])) is not True:
        if truth is None:
            here.add(*parts[0], h)
        else:
            here.contradict(*parts[0], h)
            here.close(parts[0][0])


def replayed(assumed: list[tuple[Term, str]], proof: Proof, start: Hypotheses) -> None:
    """The script that closes the goal False from the formulas, which the hypotheses named say."""
    for f, h in assumed:
        start.add(f, True, h)
    refute(start, proof)


def beginning(script: Script, constants: frozenset[str], rules: Rules, names: list[str]) -> Hypotheses:
    """An empty branch.  `names` are the definitions that hypotheses have unfolded."""
    return Hypotheses(script, kernel.new_branch(constants), rules=rules, names=tuple(names))
