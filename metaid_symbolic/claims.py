"""What can be asserted.  Frozen data; the meaning of each claim, with its quantifiers, stands in its docstring.

In formulas about meta-problems: `F`, `L(t, .)` are the objective and the task losses, `grad`, `hess` their first and
second derivatives, `fisher(x)` = E g_t g_t^T, `F_MAML` the objective after adaptation, `alpha` its learning rate,
`steps` the number of inner steps (one where a claim does not mention it), `n` the dimension, `phi` the distinguished
point, `x in Phi` membership in the domain.  `Q` is any map from R^n to R^n, `G` any function on Phi and `C`, `D` any sets
of which nothing is known but what the claim says: quantified like the problem.
"""

from __future__ import annotations

from .problems import MetaProblem
from .terms import NAME, Term, record, require


@record
class Universe:
    """The meta-problems a claim speaks of.

    `domain`: Phi is a non-empty `open` connected subset of R^n, the `whole` space, a closed bounded `interval` of R with
    interior, or `any` non-empty subset.  `law`: `finite` (rational positive weights of sum 1) or `gaussian` (the task is
    a Gaussian vector, the loss a polynomial in it).  `smoothness` of the losses on Phi.
    """

    domain: str = "open"
    law: str = "finite"
    smoothness: str = "C2"

    def __post_init__(self) -> None:
        known = self.domain in ("open", "whole", "interval", "any") and self.law in ("finite", "gaussian")
        known = known and self.smoothness in ("C3", "C2", "continuous", "none")
        require(known, "no universe has domain {0.domain!r}, law {0.law!r}, smoothness {0.smoothness!r}", self)


@record
class Labelled:
    """A formula with the name it is called by; the formula alone is what counts."""

    label: str
    formula: Term


@record
class ForAllProblems:
    """For every n >= 1, every meta-problem of the universe, every rate alpha > 0 and every phi in Phi:
    if all hypotheses hold then the conclusion holds."""

    universe: Universe
    hypotheses: tuple[Labelled, ...]
    conclusion: Labelled


@record
class SomeProblem:
    """There are n >= 1, a meta-problem of the universe, a rate alpha > 0 and phi in Phi such that all conditions hold."""

    universe: Universe
    conditions: tuple[Labelled, ...]


@record
class EveryCombination:
    """For every choice of truth values of the conditions there is a meta-problem of the universe with a phi in Phi at
    which the given formulas hold and the conditions take these values."""

    universe: Universe
    given: tuple[Labelled, ...]
    conditions: tuple[Labelled, ...]


@record
class AtProblem:
    """The closed formula holds for this one meta-problem."""

    problem: MetaProblem
    formula: Term


@record
class Natural:
    """A natural number `name` >= `least`."""

    name: str
    least: int


@record
class Array:
    """A real array `name`; entry i, j, ... runs over 1..shape."""

    name: str
    shape: tuple[Term, ...]


@record
class Statement:
    """For all natural numbers and functions R -> R named here, and all real arrays: the formula, closed but for them.

    A function is `any` C^2 function; a claim about one activation writes it out instead.
    `Ex(e)` is the expectation over the arrays listed in `terms.RANDOM`, whose entries are independent, at any indices, and occur
    under `Ex` only.
    """

    naturals: tuple[Natural, ...]
    functions: tuple[str, ...]
    arrays: tuple[Array, ...]
    formula: Term


@record
class Determines:
    """For any two meta-problems of the universe with equal weights, rates and dimension, and points phi of each: if all
    inputs (terms in phi, or in phi and the task t, for every t) agree then the outputs agree."""

    universe: Universe
    inputs: tuple[Term, ...]
    output: Term


@record
class Theorem:
    """A cited theorem: a closed formula about the functions and sets named, with its author, year and number.

    It is assumed for all functions and sets; whoever uses it says which are meant.  A free `m` is the number, at least 1, of
    members of families f(1, .), ..., f(m, .); a function `q` maps R^n to R^n.
    """

    name: str
    functions: tuple[str, ...]
    formula: Term
    reference: str


@record
class MatrixIdentities:
    """For all sizes >= 1, all real matrices of these shapes and all natural numbers (k >= 0, the other names in exponents):
    every formula holds.

    A shape is (name, rows, columns); a size is a name or "1".  A formula is an equation A = B, which holds entry by entry, or an
    inequality A <= B or A < B, which says that B - A is symmetric and positive semidefinite or positive definite; or
    conclusions of this kind, joined by `&`, from such hypotheses.  `Id` stands for the identity matrix of the size that fits,
    a 1 x 1 matrix counts as a scalar, the scalar 0 as any zero matrix, and c^-1 is the inverse of a scalar that is not 0;
    `power(A, k)` is A^k, with A^0 = I, and `trace(A)` the trace of a square matrix.
    """

    shapes: tuple[tuple[str, str, str], ...]
    formulas: tuple[Term, ...]

    def __post_init__(self) -> None:
        names, sizes = [name for name, _, _ in self.shapes], {size for _, *shape in self.shapes for size in shape} - {"1"}
        require(len({*names, "Id"}) > len(names), "a name is declared twice, or is Id: {}", names)
        require(all(map(NAME.match, (*names, *sizes))), "not all of {} are names", [*names, *sizes])
        stated = self.formulas and all(e.head in ("eq", "le", "lt", "and", "implies") for e in self.formulas)
        require(stated, "{} is no list of equations and inequalities", list(self.formulas))


Claim = ForAllProblems | SomeProblem | EveryCombination | AtProblem | Statement | Determines | MatrixIdentities
