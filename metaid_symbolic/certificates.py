"""Evidence for and against claims: plain data that anyone may write and only the kernel believes.

A proof is a closed tableau: it refutes a list of facts.  The kernel adds facts and numbers them 0, 1, 2, ... in
the order in which they are added; conjunctions are taken apart and existential variables named `_1`, `_2`, ... at
once, so a proof names only what is left to choose.
"""

from __future__ import annotations

from fractions import Fraction

from .problems import MetaProblem
from .terms import Term, record


@record
class Done:
    """The facts contradict one another as they stand."""


@record
class Instantiate:
    """Fact `fact`, a universal formula, holds for `terms` (one for each of its leading quantifiers)."""

    fact: int
    terms: tuple[Term, ...]
    then: Proof


@record
class Split:
    """Fact `fact` is a disjunction; one branch for each of its members that is still possible."""

    fact: int
    branches: tuple[Proof, ...]


@record
class Cut:
    """The formula holds (`yes`) or fails (`no`)."""

    formula: Term
    yes: Proof
    no: Proof


@record
class Rewrite:
    """The facts say that the variable `name` equals `value`, a term without it: it is replaced by that in all of them."""

    name: str
    value: Term
    then: Proof


@record
class Lemma:
    """A rule of `kernel.lemmas` or a cited theorem, with functions renamed and terms inserted, becomes a fact."""

    name: str
    functions: tuple[tuple[str, str], ...]
    terms: tuple[Term, ...]
    then: Proof


@record
class Root:
    """Term i, in `_.1`, ..., `_.n`, has opposite signs on the two faces of the box that are orthogonal to axis i, as interval
    arithmetic with `bits` bits shows: new variables name a common zero inside.  With `unique` it is the only one in the box."""

    terms: tuple[Term, ...]
    box: tuple[tuple[Fraction, Fraction], ...]
    bits: int
    unique: bool
    then: Proof


@record
class Differentiate:
    """Fact `fact`, an equation that holds on an open set, is differentiated by its quantifier number `quantifier`."""

    fact: int
    quantifier: int
    then: Proof


@record
class OneVariable:
    """No real value of the variable satisfies all the literals that mention it alone (decided by root isolation)."""

    name: str


@record
class Summand:
    """`multiplier` times the product of the listed literals.

    The multiplier is sum_i c_i q_i^2, given as the pairs (c_i, q_i) with c_i >= 0; against a product that contains an
    equation any multiplier does: with `free` set the pairs mean sum_i c_i q_i.
    """

    literals: tuple[int, ...]
    squares: tuple[tuple[Fraction, Term], ...]
    free: bool


@record
class Combine:
    """Positivstellensatz: the summands are >= 0, one of them > 0, and they add up to 0 identically."""

    summands: tuple[Summand, ...]


@record
class Enclose:
    """Interval arithmetic with `bits` bits shows that literal `literal` fails, wherever its variables lie between the rational
    bounds that literals of the branch give them."""

    literal: int
    bits: int


Proof = Done | Instantiate | Split | Cut | Rewrite | Lemma | Root | Differentiate | OneVariable | Combine | Enclose


@record
class Contraction:
    """A polynomial homotopy in the parameters and `s` from the identity (s = 0) to a constant (s = 1) inside Phi, each
    constraint along it proved by `proofs`; so Phi is connected."""

    homotopy: tuple[Term, ...]
    proofs: tuple[Proof, ...]


@record
class Instance:
    """A meta-problem and a point: against a universal claim, or for an existential one.

    `domain` proves, in order, that every denominator is nonzero and every logarithm's argument positive on Phi.
    `facts` proves each formula that the claim asks for; against a universal claim the last one is the negated conclusion.
    `maps` gives, in the parameters, the polynomial maps of R^n that the claim speaks of without saying which.
    """

    problem: MetaProblem
    point: tuple[Fraction, ...]
    domain: tuple[Proof, ...]
    connected: Contraction | None
    facts: tuple[Proof, ...]
    maps: tuple[tuple[str, tuple[Term, ...]], ...] = ()


@record
class Instances:
    """One instance for each combination of truth values, in the order TT..T, TT..F, ..., FF..F."""

    instances: tuple[Instance, ...]


@record
class Derivation:
    """A proof of the claim, from the definitions, the lemmas and cited theorems."""

    proof: Proof


@record
class Refutation:
    """A proof that the claim is false: for `AtProblem`; for `SomeProblem`, that there is none; for `EveryCombination`,
    that combination number `which` cannot occur."""

    proof: Proof
    which: int


@record
class Specialisation:
    """Values of the natural numbers, functions (name, variable, term) and arrays (flat, row by row) of a `Statement`,
    and a proof that the formula fails for them."""

    naturals: tuple[int, ...]
    functions: tuple[tuple[str, str, Term], ...]
    arrays: tuple[tuple[Fraction, ...], ...]
    proof: Proof


@record
class Pair:
    """Two meta-problems with points at which all inputs of a `Determines` agree and the output does not."""

    first: MetaProblem
    first_point: tuple[Fraction, ...]
    second: MetaProblem
    second_point: tuple[Fraction, ...]


@record
class Reduction:
    """Why an equation A = B or inequality A <= B, A < B between matrices holds.  With what is granted numbered 0, 1, 2, ...:
    B - A is the sum of weight * tr(X) * (product of the gaps of the inequalities `which`) * X over the `squares`
    (weight, which, X, Y), up to `combination`, a term in `_i`, for the left side of equation i minus its right side, that
    vanishes when they do.  For A < B the sum of Y * X over strict squares is I, up to `unit`, another such term."""

    combination: Term
    squares: tuple[tuple[Fraction, tuple[int, ...], Term, Term], ...]
    unit: Term


@record
class MatrixProof:
    """A reduction for each goal; with a `name` these are for the exponent `name` = 0, and those of `step` for `name` + 1,
    where the goals for `name` are granted too."""

    goals: tuple[Term, ...]
    name: str
    base: tuple[Reduction, ...]
    step: tuple[Reduction, ...]


@record
class NormalForm:
    """For each formula of a `MatrixIdentities` proofs by noncommutative normal forms, the last of its conclusions; what one
    shows is granted to the next."""

    proofs: tuple[tuple[MatrixProof, ...], ...]


@record
class MatrixCounterexample:
    """Values of the sizes and exponents, and the matrices (row by row, in the order of the shapes), against a
    `MatrixIdentities`."""

    sizes: tuple[tuple[str, int], ...]
    entries: tuple[tuple[Fraction, ...], ...]


@record
class Defined:
    """For an `AtProblem` whose losses are not seen to be defined: `domain` proves it on Phi, as in an `Instance`, in as far as
    it is not seen at sight; then the formula is proved or refuted."""

    domain: tuple[Proof, ...]
    then: Derivation | Refutation


Certificate = Instance | Instances | Derivation | Refutation | Defined | Specialisation | Pair | NormalForm | MatrixCounterexample
