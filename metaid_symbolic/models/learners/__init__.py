"""Methods of meta-learning: tasks -> meta-objective or update field.  One family a file; `METHODS` has them by name.

Each method takes a `MetaProblem` or a `MetaObjective` (the tasks) and gives a `MetaObjective`, an `UpdateField` where it
iterates a field that need not be a gradient, or an `ImplicitObjective` where its inner problem has no closed form.
"""

from __future__ import annotations

from .anil import anil
from .architecture import darts, relaxed
from .baxter import baxter, on_examples
from .first_order import fomaml, reptile
from .learned_loss import learned_loss, scaled_and_penalised
from .learned_optimizer import LinearOptimizer, learned_optimizer, linear_optimizer
from .maml import maml
from .meta_sgd import meta_sgd
from .pacoh import Temperatures, free_energy, gibbs, hyper_posterior, pacoh_finite, pacoh_gaussian
from .proximal import implicit_maml, proximal
from .regularisation import learned_regularisation

__all__ = [
    "LinearOptimizer", "Temperatures", "anil", "baxter", "darts", "fomaml", "free_energy", "gibbs", "hyper_posterior",
    "implicit_maml", "learned_loss", "learned_optimizer", "learned_regularisation", "linear_optimizer", "maml", "meta_sgd",
    "on_examples", "pacoh_finite", "pacoh_gaussian", "proximal", "relaxed", "reptile", "scaled_and_penalised",
]  # fmt: skip
