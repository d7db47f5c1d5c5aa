"""What is found, as exact identities for the kernel.

A field v: forall theta, x: sum_i v_i(theta) d f_j/d theta_i (theta, x) = 0 for every output f_j, where the kernel
differentiates by itself.  A map g: forall theta, x: f(g theta, x) = f(theta, x).  For relus the first speaks of the gated
model, which is the model inside each region, for all values of the gates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, final

from ..calculus.claims import LARGEST_CLAIM, Checked, check, implies
from ..calculus.domains import domain_of
from ..certificates import Certificate, Defined, Derivation, Done
from ..claims import Array, AtProblem, Claim, Statement
from ..encoding import encode
from ..kernel.rejection import Rejected
from ..model import Model
from ..problems import MetaProblem
from ..programs import gradient, program
from ..programs.reading import different_subterms, symbols_of, written_size
from ..recheck import establish
from ..terms import FUNCTIONS, ZERO, Term, conjunction, equal, less, number, quantified, substitute, symbol, total
from .derivations import flow, polynomial_term
from .differentials import Differentials, rooted
from .fields import VectorField

MANY_VALUES = 8
"""With four hidden units of tanh before and after a map the normal form takes 0.05 s, with eight a minute."""


@final
@dataclass(frozen=True)
class Identity:
    """A claim under a name, with the verdict of the kernel in both its arithmetics, and the certificate where it is more than
    that both sides have one normal form."""

    name: str
    claim: Claim
    checked: Checked
    proof: Certificate | None = None

    @property
    def proved(self) -> bool:
        return self.checked.truth is True


@lru_cache(maxsize=16)
def task_problem(names: tuple[str, ...], outputs: tuple[Term, ...]) -> MetaProblem:
    """The outputs as task losses in all variables; the weights say nothing here."""
    return MetaProblem(names, outputs, (Fraction(1, len(outputs)),) * len(outputs))


def annihilates(model: Model, components: Sequence[Term]) -> AtProblem:
    """The field annihilates every output, at all points where the model is defined."""
    problem = task_problem((*model.parameters, *model.inputs), model.outputs)
    shown = {name: _coordinate("point", i) for i, name in enumerate(problem.parameters)}
    slope = Term("grad", ("L", symbol("t"), symbol("point")))
    moving = [substitute(v, shown) * Term("coord", (slope, number(i + 1))) for i, v in enumerate(components) if v != ZERO]
    body, domain = equal(total(moving), ZERO), domain_of(problem)
    if domain.assumed:
        body = implies(conjunction([substitute(a, shown) for a in domain.assumed]), body)
    return AtProblem(domain.problem, quantified("forall", (("point", "point"), ("t", "task")), body))


def _coordinate(point: str, place: int) -> Term:
    return Term("coord", (symbol(point), number(place + 1)))


def preserves(model: Model, images: Mapping[str, Term], where: Sequence[Term] = (), free: Sequence[str] = ()) -> Statement:
    """f(g theta, x) = f(theta, x) for all theta, x and all values of the names `free` with the properties `where`.

    In the statement theta, x and the other names are arrays of real numbers.
    """
    listed = {"theta": model.parameters, "x": model.inputs, "c": tuple(free)}
    shown = {name: Term("at", (a, number(i + 1))) for a, names in listed.items() for i, name in enumerate(names)}
    moved = {name: shown[name] for name in shown} | {name: substitute(image, shown) for name, image in images.items()}
    body = conjunction([equal(substitute(f, moved), substitute(f, shown)) for f in model.outputs])
    body = implies(conjunction([substitute(w, shown) for w in where]), body) if where else body
    arrays = tuple(Array(a, (number(len(names)),)) for a, names in listed.items() if names)
    return Statement((), (), arrays, body)


def is_zero(model: Model) -> Statement:
    """Every output is 0 for all theta and x."""
    listed = {"theta": model.parameters, "x": model.inputs}
    shown = {name: Term("at", (a, number(i + 1))) for a, names in listed.items() for i, name in enumerate(names)}
    body = conjunction([equal(substitute(f, shown), ZERO) for f in model.outputs])
    return Statement((), (), tuple(Array(a, (number(len(names)),)) for a, names in listed.items() if names), body)


def opaque(claim: Statement) -> Statement:
    """The claim for every C^2 function r in the place of each of exp, logistic, ...; of tanh, for every r(u) - r(-u).

    It has the claim as a special case: an odd function s is r(u) - r(-u) with r = s/2.
    """
    made: dict[int, Term] = {}
    heads: dict[str, None] = {}
    for part in different_subterms([claim.formula]):
        inner = tuple(made[id(a)] if type(a) is Term else a for a in part.args)
        if part.head in FUNCTIONS:
            heads[f"r_{part.head}"] = None
            value = Term("app", (f"r_{part.head}", inner[0]))
            odd = value - Term("app", (f"r_{part.head}", number(-1) * inner[0]))
            made[id(part)] = odd if part.head == "tanh" else value
        else:
            made[id(part)] = part if all(a is b for a, b in zip(inner, part.args, strict=True)) else Term(part.head, inner)
    return replace(claim, functions=tuple(heads), formula=made[id(claim.formula)])


def at_sight(claim: Statement) -> Checked:
    """Proved if both sides have one normal form, in both arithmetics of the kernel."""
    if (length := written_size([claim.formula])) > LARGEST_CLAIM:
        return Checked(None, reason=f"the claim has {length} subterms; more than {LARGEST_CLAIM} are not checked")
    try:
        found = establish(claim, encode(Derivation(Done())), {}, ("python", "flint"))
    except Rejected as cause:
        return Checked(None, reason=str(cause))
    return Checked(found.truth, found.grade)


def field_identity(differentials: Differentials, field: VectorField) -> Identity:
    """That the flow of the field, where it is a polynomial map or a scaling, leaves the model as it is; or else that the field
    annihilates it."""
    model, roots = differentials.algebraic
    extended = with_roots(field, roots)
    flowing = flow_claim(model, extended)
    if flowing is not None and (checked := at_sight(flowing)).truth:
        return Identity(field.name, flowing, checked)
    claim = annihilates(model, extended.components)
    return Identity(field.name, claim, check(claim, refuting=False))


def with_roots(field: VectorField, roots: Mapping[str, Term]) -> VectorField:
    """The field on parameters and the symbols q for 1/sqrt(u): v(q) = -l q, where v(u) = 2 l u at one point (and, as is then
    proved, everywhere)."""
    if not roots:
        return field
    names = (*field.parameters, *roots)
    more = []
    for place, radicand in enumerate(roots.values(), start=len(field.parameters)):
        point: dict[str, Any] = {n: 3 + 2 * i for i, n in enumerate(sorted({*names, *symbols_of(radicand)}))}
        moved = {n: value(c, point) for n, c in zip(field.parameters, field.components, strict=True)}
        slopes = gradient(radicand, field.parameters)
        along = sum((moved[n] * value(g, point) for n, g in zip(field.parameters, slopes, strict=True)), Fraction(0))
        if along:
            more.append((place, (place,), -along / (2 * value(radicand, point))))
    return VectorField(names, (*field.coefficients, *more))


def value(term: Term, point: Mapping[str, Any]) -> Fraction:
    """Of a rational function at a rational point."""
    found = program(term)
    return Fraction(found.evaluate({n: point[n] for n in found.inputs}))


def flow_claim(model: Model, field: VectorField) -> Statement | None:
    """For all c: f(exp(c v) theta, x) = f(theta, x); for a scaling with integer weights m, f(c^m theta, x) where c > 0."""
    c = symbol(_unused(model))
    names = model.parameters
    if field.kind == "scaling" and all(w.denominator == 1 and abs(w) <= 100 for w in field.weights):
        scaled = {n: symbol(n) * (c if w == 1 else c ** int(w)) for n, w in zip(names, field.weights, strict=True) if w}
        return preserves(model, scaled, (less(ZERO, c),), c.args)
    series = flow(field.field, len(names)) if field.kind != "scaling" else None
    if series is None:
        return None
    images = {}
    for name, parts in zip(names, series, strict=True):
        if len(parts) > 1:
            images[name] = total([_power(c, k, polynomial_term(names, p)) for k, p in enumerate(parts)])
    return preserves(model, images, (), c.args)


def _power(c: Term, exponent: int, factor: Term) -> Term:
    return factor if exponent == 0 else c * factor if exponent == 1 else c**exponent * factor


def _unused(model: Model) -> str:
    taken, name = {*model.parameters, *model.inputs}, "c"
    while name in taken:
        name += "_"
    return name


def map_identity(model: Model, name: str, images: Mapping[str, Term]) -> Identity:
    """That the map leaves the model as it is: as it stands, for all functions in the place of the given ones, or with symbols
    for square roots.  Of many values of functions the normal form is long, and all functions come first."""
    claim = preserves(model, images)
    general = opaque(claim)
    ways = [claim, *([general] if general.functions else []), _without_roots(model, images)]
    many = sum(t.head in FUNCTIONS for t in different_subterms([claim.formula])) > MANY_VALUES
    answers = []
    for way in ways[1::-1] + ways[2:] if many else ways:
        if way is not None:
            answers.append(Identity(name, way, at_sight(way)))
            if answers[-1].proved:
                return answers[-1]
    return answers[0]


def zero_identity(model: Model, name: str) -> Identity:
    """That every output is 0."""
    claim = is_zero(model)
    return Identity(name, claim, at_sight(claim))


def _without_roots(model: Model, images: Mapping[str, Term]) -> Statement | None:
    """The claim with a symbol q for each 1/sqrt(u), where u q^2 does not change either; None without square roots."""
    outputs, roots = rooted(model.outputs, (*model.parameters, *model.inputs))
    more = [u * symbol(q) ** 2 for q, u in roots.items()]
    return preserves(Model(model.parameters, (*model.inputs, *roots), (*outputs, *more)), images) if roots else None


def certificate(claim: Claim) -> Any:
    """What establishes the claim where both sides have one normal form."""
    done = Derivation(Done())
    if isinstance(claim, AtProblem) and (proofs := domain_of(claim.problem).proofs):
        return Defined(proofs, done)
    return done


def theory_of(name: str, identities: Sequence[Identity]) -> Any:
    """A `Theory` of the claims, each with its certificate as a hint: for `check`, and to be written to a folder."""
    from ..theory import Claim as Named
    from ..theory import Hint, Theory

    theory = Theory(name)
    for place, identity in enumerate(identities, start=1):
        claim_id = f"S{place}"
        hint = Hint(certificate=identity.proof or certificate(identity.claim))
        made = Named(claim_id, "", identity.claim, expected=True, words=identity.name, hint=hint)
        theory.claims[claim_id] = replace(made, place=f"symmetry:{place}")
    return theory
