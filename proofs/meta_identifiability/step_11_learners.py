"""The learners as `metaid_symbolic.models` builds them: instances of the claims about every learner of a kind.

`ID!model` specialises ID.  Where the kernel knows a learner by itself a claim says that the model's is the same.
"""

from dataclasses import replace
from fractions import Fraction

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.models.bases.factorisation import scalar_factorisation
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.models.bases.quadratic import quadratic
from metaid_symbolic.models.composition import compose_all
from metaid_symbolic.models.formulas import field_text, objective_text, vector_text
from metaid_symbolic.models.laws import finite_law, uniform_weights
from metaid_symbolic.models.learners import (
    LinearOptimizer,
    darts,
    fomaml,
    learned_loss,
    learned_optimizer,
    maml,
    meta_sgd,
    pacoh_gaussian,
    reptile,
)
from metaid_symbolic.models.objective import Constant, MetaObjective
from metaid_symbolic.printing import text
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import number, symbol
from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S11", title="The learners that models build")
x, y, w, p, q, a, b, d = reals("x y w p q a b d")
A, B, C, s = reals("A B C s")
QUARTER = Fraction(1, 4)
# curvatures 1 and 2, optima 0 and 1
two = finite_law(x, [x**2 / 2, (x - 1) ** 2], rate=QUARTER)

STEP = "x - 1/4*grad L(t, x)"
# True: the chain rule; the fields are E (x' - x) and -E g_t(x').
theory.at(
    "S1.same/overview!model",
    two.adapted("maml", rate=QUARTER, steps=1),
    f"forall x in Rn: F_MAML(x) = {objective_text(maml(two, rate=QUARTER), 'x')}"
    f" & -E(t, grad L(t, {STEP})) = {field_text(fomaml(two, rate=QUARTER), 'x')}"
    f" & E(t, {STEP} - x) = {field_text(reptile(two, rate=QUARTER), 'x')}"
    f" & E(t, {STEP} - 1/4*grad L(t, {STEP}) - x) = {field_text(reptile(two, rate=QUARTER, steps=2), 'x')}",
    expected=True,
    words="The objective of MAML and the fields of first-order MAML and Reptile (k = 1, 2) are those that the models build.",
)

# the learning rate: Meta-SGD

META_SGD = meta_sgd(finite_law(x, [x**2 / 2, (x - 1) ** 2]), rates=["r"])
# True: the kernel adapts at the rate r by itself.
theory.at(
    "M2/distinct!model",
    finite_law(x, [x**2 / 2, (x - 1) ** 2], rate=1),
    f"forall x in Rn, r: F_MAML(x, r) = {objective_text(META_SGD, 'x', ['x'])}",
    expected=True,
    words="The objective of Meta-SGD that the model builds is E L_t(x - r g_t(x)) as a function of x and r.",
)
# True: one step with rate 1 ends at the optimum from everywhere.
theory.at(
    "M2/equal!model",
    meta_sgd(finite_law(x, [(x - c) ** 2 / 2 for c in (0, 1, 5)])).problem,
    "forall a, b: F([a, 1]) = F([b, 1])",
    expected=True,
    specialises="M2/equal",
)
# False: the rate of y changes nothing.
theory.at(
    "M2/dead!model",
    meta_sgd(finite_law((x, y), [x**2 / 2])).problem,
    "forall a, b in argmin F: coord(a, 4) = coord(b, 4)",
    expected=False,
    specialises="M2/dead",
    words="The parameters are x, y and their rates.",
)

# the architecture: DARTS

MIXED = MetaObjective.of(finite_law(("w", "p", "q"), [(w * p + w**2 * q - 1) ** 2 / 2, (w * p - w * q) ** 2]))
DARTS = darts(MIXED, mixing=("p", "q"), rate=QUARTER)
SHIFTED = compose_all(DARTS.tasks, {"a_p": symbol("a_p") + symbol("c"), "a_q": symbol("a_q") + symbol("c")})
SAME = " & ".join(f"{text(a)} = {text(b)}" for a, b in zip(DARTS.tasks, SHIFTED, strict=True))
# True: softmax(a + c 1) = softmax(a).
theory.statement(
    "M3/shift!model",
    f"forall w, a_p, a_q, c: {SAME}",
    expected=True,
    specialises="M3/shift",
    words="DARTS with one inner step: the loss of each task in the weight w and the logits a_p, a_q, and with c added to both.",
)

FIRST_ORDER = derive(darts(MIXED, mixing=("p", "q")))
ROWS = [f"{text(row[1])} + {text(row[2])} = 0" for part in (FIRST_ORDER.hessian, FIRST_ORDER.fisher) for row in part.rows]
# True: these matrices have 1 in their kernels, since F and every loss are constant along it.
theory.statement(
    "M3/shift!derivatives",
    f"forall w, a_p, a_q: {' & '.join(ROWS)}",
    expected=True,
    specialises="M3/shift",
    words="In the Hessian and Fisher matrix that `derive` gives for first-order DARTS the columns of the logits add up to 0.",
)
MIXTURE = "sum(i, K, {0}*o[i])/sum(j, K, {1})"
# True: exp(a_i + c) = exp(a_i) exp(c).
theory.statement(
    "M3/shift!mixture",
    "forall c: (forall i in 1..K: exp(a[i] + c)/sum(j, K, exp(a[j] + c)) = exp(a[i])/sum(j, K, exp(a[j])))"
    f" & {MIXTURE.format('exp(a[i] + c)', 'exp(a[j] + c)')} = {MIXTURE.format('exp(a[i])', 'exp(a[j])')}",
    naturals={"K": 1},
    arrays={"a": ("K",), "o": ("K",)},
    expected=True,
    specialises="M3/shift",
    through=[
        ("sum(j, K, exp(a[j])) > 0", "sum(j, K, 1)", "sum(j, K, exp(a[j]))"),
        ("forall c: exp(c)*sum(j, K, exp(a[j])) > 0", "exp(c)"),
    ],
    words="The softmax weights of any number of operations, and their mixture of values o[i], are those of a + c 1.",
)

# the loss and the optimiser

TASKS = replace(MetaObjective.of(finite_law(x, [x**2 / 2, (x - 1) ** 4])), constants=(Constant("c"), Constant("d")))
INNER = [symbol("eta") * x**2 + symbol("nu") * x, symbol("eta") * (x - 1) ** 2]
AFFINE = [symbol("c") * m + d for m in INNER]
LEARNED = learned_loss(TASKS, inner=INNER, learned=("eta", "nu"), rate=symbol("alpha"), steps=2)
SCALED = learned_loss(TASKS, inner=AFFINE, learned=("eta", "nu"), rate=symbol("alpha") / symbol("c"), steps=2)
# True: the gradient of c M + d is c times that of M.
theory.statement(
    "M4/affine!model",
    f"forall x, eta, nu, alpha, c, d: c != 0 => {objective_text(SCALED)} = {objective_text(LEARNED)}",
    expected=True,
    specialises="M4/affine",
    words="Two inner steps on a learned quadratic: with c M + d and the rate alpha/c as with M and alpha.",
)
OPTIMIZER = learned_optimizer(TASKS, optimizer=LinearOptimizer([[A]], [[B]], [[C]]), steps=2)
SIMILAR = learned_optimizer(TASKS, optimizer=LinearOptimizer([[A]], [[s * B]], [[C / s]]), steps=2)
# True: with one state S is a number s, and S A S^-1 = A.
theory.statement(
    "M5/similarity!model",
    f"forall x, A, B, C, s: s != 0 => {objective_text(SIMILAR)} = {objective_text(OPTIMIZER)}",
    expected=True,
    specialises="M5/similarity",
)

# initialisations: MAML and Reptile

SADDLE = finite_law((x, y), [x**2 * y], rate=QUARTER)
# True: two inner steps, each by the gradient (2 x y, x^2).
theory.at(
    "S1.claim/reptile!field",
    SADDLE.adapted("maml", rate=QUARTER, steps=2),
    f"forall x in Rn: reptile(x) = {field_text(reptile(SADDLE, rate=QUARTER, steps=2), 'x')}",
    expected=True,
    words="The Reptile field of x^2 y with two inner steps is the one that the model builds.",
)
# False: its Jacobian is not symmetric at (1, 0).
theory.at(
    "S1.claim/reptile!model",
    SADDLE.adapted("maml", rate=QUARTER, steps=2),
    "conservative(reptile)",
    expected=False,
    specialises="S1.claim/reptile",
)
CUBIC = finite_law((x, y), [x**3 / 3 + x * y**2, (x - y) ** 2 / 2], rate=QUARTER)
GRADIENT = [row[0] for row in derive(maml(CUBIC, rate=QUARTER)).gradient.rows]
# True: the chain rule.
theory.at(
    "S1.maml/gradient!model",
    CUBIC,
    f"forall x, u in Rn: dot({vector_text(GRADIENT, CUBIC.parameters, 'x')}, u)"
    f" = E(t, dot(grad L(t, {STEP}), u) - 1/4*D2L(t, x, u, grad L(t, {STEP})))",
    expected=True,
    specialises="S1.maml/gradient",
    words="The gradient that `derive` gives for a cubic and a quadratic task is E (I - alpha H_t) g_t(x').",
)
CONSTANTS = tuple(Constant(name) for name in ("a", "b", "d"))
QUADRATIC = MetaObjective(("x", "y"), [(a * x**2 + 2 * b * x * y + d * y**2) / 2], uniform_weights(1), CONSTANTS)
E, F, G = "(1 - alpha*a)", "(-alpha*b)", "(1 - alpha*d)"
"""I - alpha A = [E, F; F, G]."""
MOVED_X = f"(({E}^2 + {F}^2)*x + {F}*({E} + {G})*y)"
MOVED_Y = f"({F}*({E} + {G})*x + ({F}^2 + {G}^2)*y)"
# True: A commutes with I - alpha A.
theory.statement(
    "S1.maml/quadratic!model",
    f"forall x, y, a, b, d, alpha: {objective_text(maml(QUADRATIC, rate=symbol('alpha'), steps=2))}"
    f" = (a*{MOVED_X}^2 + 2*b*{MOVED_X}*{MOVED_Y} + d*{MOVED_Y}^2)/2",
    expected=True,
    specialises="S1.maml/quadratic",
    words="One task with any symmetric A in R^2, optimum 0, two steps: F_MAML = (M^2 x)^T A (M^2 x)/2 with M = I - alpha A.",
)
# False: x^2/2 is adapted to 0 everywhere.
theory.at(
    "S1.maml/preserves!model",
    maml(finite_law(x, [x**2 / 2]), rate=1).problem,
    "UNIQ",
    expected=False,
    specialises="S1.maml/preserves",
    words="x^2/2, which has one minimiser, after a step of rate 1.",
)
# False: equal curvatures 1 and rate 1.
theory.at(
    "S9.unique/diverse!model",
    maml(finite_law(x, [x**2 / 2, (x - 1) ** 2 / 2]), rate=1).problem,
    "UNIQ",
    expected=False,
    specialises="S9.unique/diverse",
    words="Two parabolas with the optima 0 and 1 after a step of rate 1.",
)
# False: it rests at 2/3.
theory.at(
    "S9.reptile/mean!model",
    two,
    f"forall x in Rn: {field_text(reptile(two, rate=QUARTER), 'x')} = zero => x = [1/2]",
    expected=False,
    specialises="S9.reptile/mean",
)
# False: 8/17 minimises it.
theory.at(
    "S9.reptile/optimal!model",
    maml(two, rate=QUARTER).problem,
    "[1/2] in argmin F",
    expected=False,
    specialises="S9.reptile/optimal",
)
PLANE = quadratic(2, 3)
SOLVED = reptile(PLANE, steps=None)
# True: the optima are (0, 0), (1, 2), (2, 4).
theory.at(
    "S9.reptile/exact!model",
    PLANE,
    f"forall x in Rn: {field_text(SOLVED, 'x')} = zero <=> x = [1, 2]",
    expected=True,
    specialises="S9.reptile/exact",
)
FINITE = reptile(PLANE, rate=QUARTER, steps=2)
REST = vector_text([row[0] for row in derive(FINITE).fixed_points.rows], ())
WEIGHT = {curvature: 1 - (1 - Fraction(curvature, 4)) ** 2 for curvature in (1, 2, 3, 4)}
"""1 - (1 - a/4)^2."""
# True: with the curvatures a_t the point is the mean of the optima weighted with 1 - (1 - a_t/4)^2.
theory.at(
    "S9.reptile/finite!model",
    PLANE,
    f"forall x in Rn: ({field_text(FINITE, 'x')} = zero <=> x = {REST})"
    f" & coord({REST}, 1)*({WEIGHT[1]} + {WEIGHT[2]} + {WEIGHT[3]}) = {WEIGHT[2]} + 2*{WEIGHT[3]}"
    f" & coord({REST}, 2)*({WEIGHT[2]} + {WEIGHT[3]} + {WEIGHT[4]}) = 2*{WEIGHT[3]} + 4*{WEIGHT[4]}",
    expected=True,
    specialises="S9.reptile/finite",
    words="Three diagonal quadratics in the plane, two steps of rate 1/4: the field vanishes at (E B)^-1 E B_t theta_t alone.",
)
# False: the gradient (r w2, r w1) is not scaled as (w1, w2) is.
theory.at(
    "S5.scale/maml!model",
    maml(scalar_factorisation([1]), rate=QUARTER).problem,
    "forall c > 0, x in Rn: F([c*coord(x, 1), coord(x, 2)/c]) = F(x)",
    expected=False,
    specialises="S5.scale/maml",
)
NETWORK = Network((1, 2, 1), "linear")
ERROR = (NETWORK.outputs([number(1)])[0] - 1) ** 2 / 2
# True: a step commutes with the exchange of the units.
theory.at(
    "S5.perm/maml!model",
    maml(finite_law(NETWORK.parameters, [ERROR]), rate=QUARTER).problem,
    "forall x in Rn: F([coord(x, 2), coord(x, 1), coord(x, 4), coord(x, 3)]) = F(x)",
    expected=True,
    specialises="S5.perm/maml",
    words="MAML on a network of two linear hidden units at the example (1, 1), with the units exchanged.",
)

# the prior: PACOH

# True: its minus logarithm is a strictly convex quadratic.
theory.at(
    "S10.repair/pacoh!gaussian",
    pacoh_gaussian(two, prior_variance="1/2", hyper_variance=3).problem,
    "UNIQ",
    expected=True,
    words="The hyper-posterior on the means of Gaussian priors has one mode, for two parabolas.",
)

if __name__ == "__main__":
    theory.main()
