"""Hypotheses taken apart along the connectives of the formula they assert."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...terms import Term
from .kernel_view import Signed, members
from .script import Script

Leaf = Callable[[str], None]
"""What to do with a member of a disjunction, given the hypothesis that says it."""
IFF = ("iff_left", "iff_right")


def positive(script: Script, holds: bool, h: str) -> None:
    """Turn `~ ~ A` into A, for the formula `not A` that does not hold."""
    if not holds:
        script.say(f"apply NNPP in {h}")


def conjuncts(script: Script, f: Term, holds: bool, h: str) -> list[tuple[Signed, str]]:
    """The parts of `and`, `iff`, or of `or`, `implies` that do not hold, each with its hypothesis."""
    if f.head == "implies":
        one, two = script.name(), script.name()
        script.say(f"apply imply_to_and in {h}; destruct {h} as [{one} {two}]")
        return [((f.args[0], True), one), ((f.args[1], False), two)]
    if f.head == "iff":
        names = [script.name() for _ in IFF]
        for rule, name in zip(IFF, names, strict=True):
            script.say(f"pose proof ({rule} _ _ {h}) as {name}")
        return [((part, False), name) for (part, _), name in zip(members(f, False), names, strict=True)]
    made, rest = [], h
    for part in f.args[:-1]:
        name, following = script.name(), script.name()
        script.say(("" if holds else f"apply not_or_and in {rest}; ") + f"destruct {rest} as [{name} {following}]")
        made.append(((part, holds), name))
        rest = following
    return [*made, ((f.args[-1], holds), rest)]


def cases(script: Script, f: Term, holds: bool, h: str, leaves: Iterator[Leaf]) -> None:
    """One goal for each member of a disjunction, in the order of `members`."""
    match f.head, holds:
        case "not", _:
            positive(script, holds, h)
            cases(script, f.args[0], not holds, h, leaves)
        case ("false", True) | ("true", False):
            script.say(f"settle {h}")
        case ("or", True) | ("and", False):
            _each(script, list(f.args), holds, h, leaves)
        case "implies", True:
            one, two = _two(script, f"apply imply_to_or in {h}; ", h)
            with script.block():
                cases(script, f.args[0], False, one, leaves)
            with script.block():
                cases(script, f.args[1], True, two, leaves)
        case "iff", False:
            for name in _two(script, f"apply iff_cases in {h}; ", h):
                with script.block():
                    next(leaves)(name)
        case _:
            next(leaves)(h)


def _each(script: Script, parts: list[Term], holds: bool, h: str, leaves: Iterator[Leaf]) -> None:
    if len(parts) == 1:
        cases(script, parts[0], holds, h, leaves)
        return
    one, two = _two(script, "" if holds else f"apply not_and_or in {h}; ", h)
    with script.block():
        cases(script, parts[0], holds, one, leaves)
    with script.block():
        _each(script, parts[1:], holds, two, leaves)


def _two(script: Script, before: str, h: str) -> tuple[str, str]:
    one, two = script.name(), script.name()
    script.say(f"{before}destruct {h} as [{one} | {two}]")
    return one, two


def flat(script: Script, h: str, leaves: list[Leaf]) -> None:
    """The cases of a hypothesis `A1 \\/ ... \\/ Ak`, which stays."""
    if len(leaves) == 1:
        leaves[0](h)
        return
    one, two = _two(script, "", f"({h})")
    with script.block():
        leaves[0](one)
    with script.block():
        flat(script, two, leaves[1:])


def choose(script: Script, place: int, count: int) -> Leaf:
    """Prove a disjunction of `count` members by the one at `place`."""
    sides = ["right"] * place + (["left"] if place < count - 1 else [])
    return lambda h: script.say("; ".join([*sides, f"exact {h}"]))


def witness(script: Script, holds: bool, h: str, name: str, made: str) -> None:
    """`made` says of the new variable `name` what h says of some value."""
    script.say(("" if holds else f"apply not_all_ex_not in {h}; ") + f"destruct {h} as [{name} {made}]; cbv beta in {made}")


def applied(script: Script, holds: bool, h: str, value: str) -> str:
    """The hypothesis that says of the value what h says of all."""
    made, universal = script.name(), h if holds else f"(not_ex_all_not _ _ {h})"
    script.say(f"pose proof ({universal} {value}) as {made}; cbv beta in {made}")
    return made
