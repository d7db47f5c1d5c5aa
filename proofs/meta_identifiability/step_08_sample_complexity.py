"""Step 8: how many tasks, and how many samples a task."""

from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S8", title="Sample complexity")

# True: F = E L_t equals each task loss.
theory.claim(
    "S8.claim/noise",
    "SAME => forall t in tasks, x in Phi: (forall z in Phi: L(t, x) <= L(t, z)) <=> x in argmin F",
    expected=True,
    by=("mean",),
)

theory.remark(
    "S8.tasks",
    "ill-posed",
    "N >= O(dim/eps^2) bounds nothing from below, since O is an upper bound; no estimator, no law of the tasks and no sense of"
    " eps-accurate are given",
    readings=("S8.tasks/gaussian", "S8.tasks/gaussian!value", "S8.tasks/minimax", "S8.tasks/hoeffding"),
)
ERROR = "Ex(sum(i, n, (sum(k, N, c[i] + sigma*normal[k, i])/N - c[i])^2))"
GAUSSIAN = {"c": ("n",), "normal": ("N", "n")}
# True: the N n errors sigma z/N are uncorrelated, each of variance sigma^2/N^2.
theory.statement(
    "S8.tasks/gaussian",
    f"forall sigma >= 0: {ERROR} = n*sigma^2/N",
    naturals={"n": 1, "N": 1},
    arrays=GAUSSIAN,
    expected=True,
    words="The array normal holds independent standard Gaussian variables; theta_k = c + sigma normal[k, .] with c = phi*.",
)
# n sigma^2/N <= eps^2; and E (F(estimate) - F(phi)) = n sigma^2/(2N) <= eps.
theory.statement(
    "S8.tasks/gaussian!value",
    f"forall sigma > 0, eps > 0: ({ERROR} <= eps^2 <=> N >= n*sigma^2/eps^2) & ({ERROR}/2 <= eps <=> N >= n*sigma^2/(2*eps))",
    naturals={"n": 1, "N": 1},
    arrays=GAUSSIAN,
    expected=True,
    through=[
        ("forall eps: eps > 0 => eps^2 > 0",),
        (f"forall sigma > 0, eps > 0: {ERROR} <= eps^2 => n*sigma^2 <= eps^2*N",),
        (f"forall sigma > 0, eps > 0: n*sigma^2 <= eps^2*N => {ERROR} <= eps^2",),
        (f"forall sigma > 0, eps > 0: {ERROR}/2 <= eps => n*sigma^2 <= 2*eps*N",),
        (f"forall sigma > 0, eps > 0: n*sigma^2 <= 2*eps*N => {ERROR}/2 <= eps",),
        ("forall sigma > 0, eps > 0: eps^2 > 0 & N >= n*sigma^2/eps^2 => n*sigma^2 <= eps^2*N",),
        ("forall sigma > 0, eps > 0: eps^2 > 0 & n*sigma^2 <= eps^2*N => N >= n*sigma^2/eps^2",),
        ("forall sigma > 0, eps > 0: N >= n*sigma^2/(2*eps) => n*sigma^2 <= 2*eps*N",),
        ("forall sigma > 0, eps > 0: n*sigma^2 <= 2*eps*N => N >= n*sigma^2/(2*eps)",),
    ],
    words="N = n sigma^2/eps^2 for the root mean square error, N = n sigma^2/(2 eps) for the expected excess risk.",
)
theory.unformalised(
    "S8.tasks/minimax",
    expected=True,
    reason="the Bayes risk under the prior N(0, tau^2 I_n) is n sigma^2 tau^2/(N tau^2 + sigma^2), which tends to n sigma^2/N",
    needs="a quantifier over estimators, that is measurable maps from samples to R^n, and their Gaussian mean square error",
)
theory.unformalised(
    "S8.tasks/hoeffding",
    expected=True,
    reason="Hoeffding's inequality gives 2 exp(-2 N eps^2) for one point of Phi, and there are K of them",
    needs="the law of a sample of N tasks, and probabilities of events under it",
)

SAMPLED = "Ex(sum(i, n, (sum(k, N, sum(j, m, c[i] + sigma*normal[k, i] + s*normal_[k, j, i])/m)/N - c[i])^2))"
PER_TASK = {"c": ("n",), "normal": ("N", "n"), "normal_": ("N", "m", "n")}
# True: the error is n (sigma^2 + s^2/m)/N, with m = 1.
theory.statement(
    "S8.per-task/one",
    f"forall sigma >= 0, s >= 0: (m = 1 => {SAMPLED} = n*(sigma^2 + s^2)/N)"
    " & (forall eps > 0: exists q: forall x: x >= q & x > 0 => n*(sigma^2 + s^2)/x <= eps)",
    naturals={"n": 1, "N": 1, "m": 1},
    arrays=PER_TASK,
    expected=True,
    through=[
        (f"forall sigma >= 0, s >= 0: m = 1 => {SAMPLED} = n*(sigma^2 + s^2)/N",),
        (
            "forall sigma >= 0, s >= 0, eps > 0: exists q: forall x: x >= q & x > 0 => n*(sigma^2 + s^2)/x <= eps",
            "at: n*(sigma^2 + s^2)/eps",
        ),
    ],
    words="The error is n (sigma^2 + s^2)/N for every N, and this tends to 0.",
)
# False: it tends to n sigma^2/N.
theory.statement(
    "S8.per-task/instead",
    f"forall sigma > 0, s >= 0: {SAMPLED} = n*(sigma^2 + s^2/m)/N"
    " & (forall eps > 0: exists q: forall x: x >= q & x > 0 => n*(sigma^2 + s^2/x)/N <= eps)",
    naturals={"n": 1, "N": 1, "m": 1},
    arrays=PER_TASK,
    expected=False,
    words="The error is n (sigma^2 + s^2/m)/N for every m, and this tends to 0 as m grows.",
)

if __name__ == "__main__":
    theory.main()
