"""The formal statement of each kind of claim, with its quantifiers, in LaTeX."""

from __future__ import annotations

from ..claims import (
    AtProblem,
    Claim,
    Determines,
    EveryCombination,
    ForAllProblems,
    Labelled,
    MatrixIdentities,
    SomeProblem,
    Statement,
    Universe,
)
from ..kernel.matrix import NUMBER, Algebra, gap
from ..problems import MetaProblem, Noise
from ..terms import Term, free_symbols, subterms
from .brackets import fraction
from .names import escape, names_condition
from .notation import Notation, latex

DOMAIN = {
    "open": r"non-empty open connected $\Phi \subseteq \mathbf{R}^{n}$",
    "whole": r"$\Phi = \mathbf{R}^{n}$",
    "interval": r"closed bounded interval $\Phi \subseteq \mathbf{R}$ with interior, $n = 1$",
    "any": r"non-empty $\Phi \subseteq \mathbf{R}^{n}$",
}
LAW = {"finite": "finite rational task law", "gaussian": "Gaussian task law"}
SMOOTH = {"C2": r"$C^{2}$ losses", "C3": r"$C^{3}$ losses", "continuous": "continuous losses", "none": "arbitrary losses"}


def statement(claim: Claim) -> str:
    """The claim in text mode, formulas in math."""
    match claim:
        case ForAllProblems(universe, hypotheses, conclusion):
            formulas = [h.formula for h in (*hypotheses, conclusion)]
            if not hypotheses:
                return f"For {_problems('every', universe, formulas)}:\n{items([conclusion])}"
            return f"For {_problems('every', universe, formulas)}: if\n{items(hypotheses)}\nthen\n{items([conclusion])}"
        case SomeProblem(universe, conditions):
            where = _problems("some", universe, [c.formula for c in conditions])
            return f"There are {where} such that\n{items(conditions)}"
        case EveryCombination(universe, given, conditions):
            where = _problems("some", universe, [c.formula for c in (*given, *conditions)])
            held = f"\nsuch that\n{items(given)}\nand" if given else " such that"
            return (
                f"For each choice of truth values there are {where}{held} the following take these values:\n{items(conditions)}"
            )
        case AtProblem(problem, formula):
            return f"For the meta-problem with\n{problem_items(problem)}\nit holds that ${latex(formula)}$."
        case Statement():
            return _statement(claim)
        case Determines(universe, inputs, output):
            where = _domain("of any", universe)
            agree = ", ".join(f"${latex(t)}$" for t in inputs) or "nothing"
            opening = f"For any two meta-problems {where}, with equal $n \\ge 1$, weights and rates: if they agree in"
            return f"{opening} {agree} (for every $t$), then they agree in ${latex(output)}$."
        case MatrixIdentities():
            return _matrices(claim)
    raise TypeError(f"no statement is known for {type(claim).__name__}")


def items(parts: tuple[Labelled, ...] | list[Labelled]) -> str:
    """The labelled formulas as a list."""
    named = [f"\\textup{{{escape(part.label)}}}: " if names_condition(part.label) else "" for part in parts]
    rows = [f"  \\item {name}${latex(part.formula)}$" for name, part in zip(named, parts, strict=True)]
    return "\n".join([r"\begin{itemize}", *rows, r"\end{itemize}"])


def _domain(word: str, universe: Universe) -> str:
    return f"{word} {DOMAIN[universe.domain]}, {LAW[universe.law]} with {SMOOTH[universe.smoothness]}"


def _problems(word: str, universe: Universe, formulas: list[Term]) -> str:
    """`every n >= 1, every Phi, ..., every phi in Phi`; the rate only where it is spoken of."""
    law, smooth = LAW[universe.law], SMOOTH[universe.smoothness]
    where = DOMAIN[universe.domain] if universe.domain == "whole" else f"{word} {DOMAIN[universe.domain]}"
    parts = [rf"{word} $n \ge 1$", where, f"{word} {law} with {smooth} on $\\Phi$"]
    if any(map(_speaks_of_rate, formulas)):
        parts.append(rf"{word} rate $\alpha > 0$")
    if any("phi" in free_symbols(f) for f in formulas):
        parts.append(rf"{word} $\varphi \in \Phi$")
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def _speaks_of_rate(formula: Term) -> bool:
    names = [part.args[0] for part in subterms(formula) if part.head in ("app", "grad", "hess", "pred")]
    return "alpha" in free_symbols(formula) or any(n.endswith(("F_MAML", "reptile", "fomaml")) for n in names)


def problem_items(problem: MetaProblem) -> str:
    """The meta-problem as a list."""
    return "\n".join([r"\begin{itemize}", *(f"  \\item {row}" for row in problem_rows(problem)), r"\end{itemize}"])


def problem_rows(problem: MetaProblem) -> list[str]:
    """Domain, tasks and weights, noise, and the rate of a meta-problem: words with formulas between dollars."""
    spelled = Notation(*(Term("sym", (n,)) for n in problem.parameters), *problem.losses, *problem.constraints)
    x = ", ".join(spelled.names[n] for n in problem.parameters)
    point = x if problem.dimension == 1 else f"({x})"
    space = r"\mathbf{R}" + ("" if problem.dimension == 1 else f"^{{{problem.dimension}}}")
    where = r" \land ".join(spelled.show(c, 4) for c in problem.constraints)
    rows = [rf"domain $\Phi = \{{{point} \in {space} : {where}\}}$" if where else rf"domain $\Phi = {space}$"]
    for t, (weight, loss) in enumerate(zip(problem.weights, problem.losses, strict=True), start=1):
        share = "" if problem.law == "gaussian" else f" with weight ${fraction(weight)}$"
        rows.append(f"task loss $L_{{{t}}}({x}) = {spelled.show(loss)}${share}")
    for noise in problem.noise:
        name = spelled.names.get(noise.name) or latex(Term("sym", (noise.name,)))
        if isinstance(noise, Noise):
            rows.append(rf"${name} \sim \mathcal{{N}}({fraction(noise.mean)}, {fraction(noise.variance)})$")
        else:
            rows.append(rf"${name} \sim \mathcal{{U}}({fraction(noise.low)}, {fraction(noise.high)})$")
    if problem.rate is not None:
        steps = "" if problem.steps == 1 else f", {problem.steps} inner steps"
        rows.append(rf"learning rate $\alpha = {latex(problem.rate)}${steps}")
    return rows


def _statement(claim: Statement) -> str:
    bound = [Term("sym", (name,)) for name in (*(n.name for n in claim.naturals), *claim.functions)]
    spelled = Notation(*bound, claim.formula, *(side for a in claim.arrays for side in a.shape))
    parts = [rf"natural ${spelled.names[n.name]} \ge {n.least}$" for n in claim.naturals]
    parts += [rf"$C^{{2}}$ function ${spelled.names[f]} \colon \mathbf{{R}} \to \mathbf{{R}}$" for f in claim.functions]
    for array in claim.arrays:
        sides = r" \times ".join(spelled.show(side, 8) for side in array.shape)
        name = spelled.names.get(array.name) or latex(Term("sym", (array.name,)))
        parts.append(rf"${name} \in \mathbf{{R}}" + (f"^{{{sides}}}$" if sides else "$"))
    opening = f"For every {', every '.join(parts)}: " if parts else ""
    return f"{opening}${spelled.show(claim.formula)}$."


def _matrices(claim: MatrixIdentities) -> str:
    def sym(name: str) -> str:
        return latex(Term("sym", (name,)))

    def side(size: str) -> str:
        return size if size == "1" else sym(size)

    real = [rf"${sym(n)} \in \mathbf{{R}}$" for n, *sides in claim.shapes if sides == ["1", "1"]]
    listed = [rf"${sym(n)} \in \mathbf{{R}}^{{{side(r)} \times {side(c)}}}$" for n, r, c in claim.shapes if (r, c) != ("1", "1")]
    formulas = ", ".join(f"${matrix_formula(claim, f)}$" for f in claim.formulas)
    return f"For all sizes, all {', '.join([*listed, *real])}: {formulas}."


LOEWNER = {"le": r"\preceq", "lt": r"\prec"}


def matrix_formula(claim: MatrixIdentities, formula: Term) -> str:
    """A formula about matrices, with the Loewner order, traces and powers as they are usually written."""
    if formula.head == "implies":
        return rf"{matrix_formula(claim, formula.args[0])} \Rightarrow {matrix_formula(claim, formula.args[1])}"
    if formula.head == "and":
        return r" \wedge ".join(matrix_formula(claim, f) for f in formula.args)
    left, right = map(latex, formula.args)
    square = Algebra(claim).normal(gap(formula))[0] != NUMBER
    plain = {"eq": "=", "le": r"\le", "lt": "<"}[formula.head]
    return f"{left} {LOEWNER.get(formula.head, plain) if square else plain} {right}"
