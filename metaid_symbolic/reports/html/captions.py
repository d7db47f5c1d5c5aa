"""Captions of pictures: every number that is shown, exact, as LaTeX in text mode."""

from __future__ import annotations

from collections.abc import Iterator

from ..latex_witness import coordinates, minimum
from ..names import escape
from ..notation import fraction, latex
from .scenes import Objective, Scene

MATRICES = {"∇²F(φ)": r"\nabla^2 F(\varphi)", "I(φ)": r"I(\varphi)"}


def caption(scene: Scene) -> str:
    """Sentences on the picture, the numbers of the problem whole."""
    whole = scene.whole or scene
    return " ".join([*_cut(scene), *_domain(whole), *_least(whole), *_kernels(whole), *_symmetries(whole), *_boxes(whole)])


def _cut(scene: Scene) -> Iterator[str]:
    if scene.whole is not None and scene.whole.point is not None:
        u, v = scene.plane
        spot = rf"{coordinates(scene.whole.point)} + s {coordinates(u)} + t {coordinates(v)}"
        yield rf"A cut through $n = {len(scene.whole.parameters)}$ dimensions: the points $\varphi + s u + t v = {spot}$."


def _domain(scene: Scene) -> Iterator[str]:
    if scene.constraints:
        yield r"The domain $\Phi$ is shaded."


def _least(scene: Scene) -> Iterator[str]:
    for objective, name in zip(scene.objectives, ("F", "F_MAML"), strict=False):
        if objective.found is not None:
            yield minimum(name, objective.found) + "."
        yield from _isolated(objective)


def _isolated(objective: Objective) -> Iterator[str]:
    if objective.isolated:
        intervals = ", ".join(rf"$({fraction(a)}, {fraction(b)})$" for a, b in objective.isolated)
        yield f"The irrational ones lie in {intervals}, where the polynomial changes its sign."


def _kernels(scene: Scene) -> Iterator[str]:
    for name, basis in scene.kernels:
        if len(basis) == len(scene.parameters):
            yield rf"${MATRICES[name]} = 0$."
        else:
            spanned = " + ".join(rf"\mathbf{{R}} {coordinates(v)}" for v in basis)
            yield rf"The kernel of ${MATRICES[name]}$ is ${spanned}$."


def _symmetries(scene: Scene) -> Iterator[str]:
    """The kernel has proved of each map and field that it leaves every task loss as it is."""
    for v in scene.fields:
        components = ", ".join(latex(c) for c in v.components)
        yield rf"The flow of $({components})$, which leaves every task loss as it is, moves $\varphi$ on its orbit."
    if scene.images:
        images = ", ".join(rf"${coordinates(p)}$ ({escape(name)})" for name, p in scene.images)
        yield rf"The losses are the same at {images} as at $\varphi$."


def _boxes(scene: Scene) -> Iterator[str]:
    for root in scene.boxes:
        sides = r" \times ".join(rf"[{fraction(a)}, {fraction(b)}]" for a, b in root.box)
        how_many = "exactly one zero" if root.unique else "a zero"
        yield f"Interval arithmetic with {root.bits} bits, replayed by the kernel, encloses {how_many} of the terms of the"
        yield f"certificate, here a critical point of $F$, in ${sides}$."


__all__ = ["caption"]
