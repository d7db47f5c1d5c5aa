"""Check theorems on identifiability: exact derivations, verdicts with certificates, smallest counterexamples."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

HOME = {
    "reals": "symbols", "Term": "terms", "Model": "model", "MetaProblem": "problems", "Theory": "theory", "Claim": "theory",
    "condition": "conditions", "check": "api", "recheck": "api", "search": "conjectures", "derive": "api",
    "symmetries": "symmetry", "identify": "api",
}  # fmt: skip
__all__ = list(HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*HOME, "__version__"])


class _Package(ModuleType):
    """`recheck` and `search` are functions here, also after the modules of these names are imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
