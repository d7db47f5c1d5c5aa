"""Parametric models: maps theta -> f_theta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from .problems import symbol_names
from .terms import IllFormed, Term, as_term, free_symbols, text


@final
@dataclass(frozen=True, slots=True)
class Model:
    """A map theta -> f_theta: `outputs` are terms in the `parameters` and the `inputs`.

    Raises `IllFormed` when there is no parameter, or an output mentions anything else.
    """

    parameters: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[Term, ...]

    def __post_init__(self) -> None:
        for name in ("parameters", "inputs"):
            object.__setattr__(self, name, symbol_names(getattr(self, name)))
        object.__setattr__(self, "outputs", tuple(as_term(f) for f in self.outputs))
        if not self.parameters or not self.outputs:
            raise IllFormed("a model needs a parameter and an output")
        known = set(self.parameters) | set(self.inputs)
        if len(known) != len(self.parameters) + len(self.inputs):
            raise IllFormed("two symbols of the model have one name")
        for output in self.outputs:
            if strange := sorted(free_symbols(output) - known):
                raise IllFormed(f"the output {text(output)} mentions {', '.join(strange)}")
