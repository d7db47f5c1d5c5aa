"""The methods by name, each with what it learns, its paper, and an instance on any tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import final

from ..problems import MetaProblem
from ..terms import ZERO, Term, less, symbol
from .composition import compose_all
from .implicit import ImplicitObjective
from .learners import (
    Temperatures,
    anil,
    baxter,
    darts,
    fomaml,
    implicit_maml,
    learned_loss,
    learned_optimizer,
    learned_regularisation,
    linear_optimizer,
    maml,
    meta_sgd,
    pacoh_gaussian,
    proximal,
    reptile,
    scaled_and_penalised,
)
from .objective import Constant, MetaObjective, UpdateField

Objective = MetaProblem | MetaObjective | UpdateField | ImplicitObjective
Tasks = MetaProblem | MetaObjective


@final
@dataclass(frozen=True)
class Method:
    """`learned` is the type of meta-parameter; `build(tasks, steps)` the instance that a name on the command line gives."""

    learned: str
    words: str
    build: Callable[[Tasks, int], Objective]


def positive(name: str) -> Constant:
    """The constant `name` > 0."""
    return Constant(name, (less(ZERO, symbol(name)),))


ALPHA = positive("alpha")


def _maml(tasks: Tasks, steps: int) -> Objective:
    if isinstance(tasks, MetaProblem):
        return tasks.adapted("maml", rate=symbol("alpha"), steps=steps)
    return maml(tasks, rate=ALPHA, steps=steps)


def _anil(tasks: Tasks, steps: int) -> Objective:
    """The head is the second half of the parameters."""
    names = tasks.parameters
    return anil(tasks, head=names[len(names) // 2 :], rate=ALPHA, steps=steps)


def _learned_loss(tasks: Tasks, steps: int) -> Objective:
    inner, names = scaled_and_penalised(MetaObjective.of(tasks))
    return learned_loss(tasks, inner=inner, learned=names, rate=ALPHA, steps=steps)


def _learned_optimizer(tasks: Tasks, steps: int) -> Objective:
    return learned_optimizer(tasks, optimizer=linear_optimizer(1, len(tasks.parameters)), steps=steps)


def _darts(tasks: Tasks, steps: int) -> Objective:
    """Two operations on the parameters, the identity and zero: the losses at p_1 w."""
    base = MetaObjective.of(tasks)
    put: dict[str, Term] = {name: symbol("p_1") * symbol(name) for name in base.parameters}
    mixed = replace(base, parameters=(*base.parameters, "p_1", "p_2"), tasks=compose_all(base.tasks, put))
    return darts(mixed, mixing=("p_1", "p_2"), rate=ALPHA, steps=steps)


def _pacoh(tasks: Tasks, steps: int) -> Objective:
    return pacoh_gaussian(tasks, temperatures=Temperatures(positive("beta")))


def _baxter(tasks: Tasks, steps: int) -> Objective:
    base = MetaObjective.of(tasks)
    return baxter(base, [[loss] for loss in base.tasks])


METHODS: dict[str, Method] = {
    "plain": Method("initialisation", "no adaptation", lambda tasks, steps: tasks),
    "maml": Method("initialisation", "model-agnostic meta-learning: Finn et al. 2017", _maml),
    "fomaml": Method(
        "initialisation", "first-order MAML: Finn et al. 2017", lambda tasks, steps: fomaml(tasks, rate=ALPHA, steps=steps)
    ),
    "reptile": Method("initialisation", "Nichol et al. 2018", lambda tasks, steps: reptile(tasks, rate=ALPHA, steps=steps)),
    "reptile-solved": Method(
        "initialisation", "Reptile with solved inner problems, quadratic ones", lambda tasks, steps: reptile(tasks, steps=None)
    ),
    "proximal": Method(
        "initialisation", "proximal MAML: Zhou et al. 2019", lambda tasks, steps: proximal(tasks, strength=positive("lambda"))
    ),
    "implicit-maml": Method(
        "initialisation", "Rajeswaran et al. 2019", lambda tasks, steps: implicit_maml(tasks, strength=positive("lambda"))
    ),
    "anil": Method("initialisation", "the second half of the parameters adapts: Raghu et al. 2020", _anil),
    "meta-sgd": Method("learning rate", "Li et al. 2017", lambda tasks, steps: meta_sgd(tasks, steps=steps)),
    "darts": Method("architecture", "a softmax mixture of identity and zero: Liu et al. 2019", _darts),
    "learned-loss": Method("loss function", "a scaled and penalised loss: Bechtle et al. 2021", _learned_loss),
    "learned-regularisation": Method(
        "loss function", "a learned weight decay: Bengio 2000", lambda tasks, steps: learned_regularisation(tasks)
    ),
    "learned-optimizer": Method("optimiser", "linear, one state: Andrychowicz et al. 2016", _learned_optimizer),
    "pacoh": Method("prior", "the mean of a Gaussian prior, quadratic losses: Rothfuss et al. 2021", _pacoh),
    "baxter": Method("representation", "the averaged empirical loss: Baxter 2000", _baxter),
}
