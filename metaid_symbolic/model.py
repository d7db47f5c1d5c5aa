"""Parametric models: maps theta -> f_theta."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

from .problems import ELEMENTARY, exact
from .symbols import symbol_names
from .terms import NAME, IllFormed, Term, as_term, number, symbol


@final
@dataclass(frozen=True, slots=True)
class Model:
    """A map theta -> f_theta: `outputs` are elementary terms in the `parameters` and the `inputs`.

    Without inputs it is a map theta -> R^m; `coefficients`, `jets` and `at` give such maps, and `labels` say what each
    component of them is.

    Raises `IllFormed` when there is no parameter, or an output mentions anything else.
    """

    parameters: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[Term, ...]
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("parameters", "inputs"):
            object.__setattr__(self, name, symbol_names(getattr(self, name)))
        object.__setattr__(self, "outputs", _listed(self.outputs))
        if not self.parameters or not self.outputs:
            raise IllFormed("a model needs a parameter and an output")
        named = (*self.parameters, *self.inputs)
        if strange := [name for name in named if not NAME.match(name)]:
            raise IllFormed(f"{strange[0]!r} is no name")
        if len(set(named)) != len(named):
            raise IllFormed("two symbols of the model have one name")
        if self.labels and len(self.labels) != len(self.outputs):
            raise IllFormed(f"{len(self.labels)} labels disagree with {len(self.outputs)} outputs")
        _check_outputs(self.outputs, set(named))

    def _repr_latex_(self) -> str:
        from .reports.notation import latex

        names = ", ".join(latex(symbol(name)) for name in (*self.parameters, *self.inputs))
        values = r",\ ".join(map(latex, self.outputs))
        return rf"$\displaystyle ({names}) \mapsto \left({values}\right)$"

    def coefficients(self) -> Model:
        """theta -> the coefficients of the outputs, which must be polynomials in the inputs.

        Two parameters give the same coefficients exactly if they give the same function on all inputs.  A coefficient that
        is 0 for every theta is left out.
        """
        return self._expanded(None)

    def jets(self, order: int) -> Model:
        """theta -> the Taylor coefficients of the outputs at input 0, up to total degree `order`.

        Parameters with the same function have the same jets; the converse holds in the limit of all orders, for outputs
        that are analytic on all of the input space.  Raises `IllFormed` for a kink or singularity at 0.
        """
        if type(order) is not int or order < 0:
            raise IllFormed(f"{order!r} is no order of a Taylor polynomial")
        return self._expanded(order)

    def at(self, points: Iterable[Sequence[Any]]) -> Model:
        """theta -> the outputs at each of the stated inputs, which are rational points."""
        from .programs.graph import Graph
        from .programs.reading import read, write

        graph, nodes, labels = Graph(), [], []
        for point in points:
            values = self._values(point)
            nodes += read(graph, self.outputs, dict(zip(values, read(graph, values.values()), strict=True)))
            where = f"({', '.join(str(v.args[0]) for v in values.values())})"
            labels += [f"{name}{where}" for name in self._names()]
        return Model(self.parameters, (), tuple(write(graph, nodes)), tuple(labels))

    def _values(self, point: Sequence[Any]) -> dict[str, Term]:
        entries = [number(exact(v, "an input")) for v in point]
        if len(entries) != len(self.inputs):
            raise IllFormed(f"a point of {len(entries)} coordinates disagrees with {len(self.inputs)} inputs")
        return dict(zip(self.inputs, entries, strict=True))

    def _names(self) -> list[str]:
        return ["f"] if len(self.outputs) == 1 else [f"f_{i}" for i in range(len(self.outputs))]

    def _expanded(self, order: int | None) -> Model:
        from .models.series import expand

        found = zip(self._names(), expand(self.outputs, self.inputs, order), strict=True)
        listed = [(name, e, c) for name, series in found for e, c in sorted(series.items())]
        if not listed:
            raise IllFormed("every output is 0 for all parameters and inputs")
        labels = [f"coefficient of {_monomial(self.inputs, exponents)} in {name}" for name, exponents, _ in listed]
        return Model(self.parameters, (), tuple(c for _, _, c in listed), tuple(labels))


def _listed(outputs: Any) -> tuple[Term, ...]:
    """The outputs given as terms, as one term, as a vector, or as a SymPy expression or matrix."""
    if type(outputs) is Term or type(outputs).__module__.startswith("sympy"):
        term = as_term(outputs)
        return term.args if term.head == "vec" else (term,)
    if not isinstance(outputs, Iterable) or isinstance(outputs, str):
        raise IllFormed(f"the outputs {outputs!r} are no terms")
    return tuple(as_term(f) for f in outputs)


def _monomial(names: Sequence[str], exponents: Sequence[int]) -> str:
    factors = [name if e == 1 else f"{name}^{e}" for name, e in zip(names, exponents, strict=True) if e]
    return "*".join(factors) or "1"


def _check_outputs(outputs: Sequence[Term], known: set[str]) -> None:
    """Visits each shared subterm once.  Raises `IllFormed` for a head that is not elementary and for an unknown symbol."""
    for place, output in enumerate(outputs):
        stack, seen = [output], {id(output)}
        while stack:
            part = stack.pop()
            if part.head not in ELEMENTARY:
                raise IllFormed(f"{part.head} in the output {place} is no elementary function")
            if part.head == "sym" and part.args[0] not in known:
                raise IllFormed(f"the output {place} mentions {part.args[0]}, which is neither parameter nor input")
            fresh = [a for a in part.args if type(a) is Term and id(a) not in seen]
            seen.update(map(id, fresh))
            stack.extend(fresh)
