"""What may import what, how much is trusted, and what is public."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import metaid_symbolic
from metaid_symbolic.recheck import replay

PACKAGE = Path(metaid_symbolic.__file__).parent
ENGINES = ("sympy", "flint", "numpy", "mpmath", "networkx", "clarabel", "scipy", "z3")
BUDGET = 2493
"""Logical lines of everything that recheck imports: at most 2,500; the number may only go down."""

# lowest first; a module imports, when it is loaded, from its own layer or from lower ones
LAYERS = (
    ("terms",),
    ("printing", "symbols", "pages"),
    ("problems",),
    ("model",),
    ("claims", "certificates"),
    ("encoding",),
    ("kernel", "flint_arithmetic"),
    ("statements",),
    ("recheck", "sentences"),
    ("language", "matrix_claims"),
    ("conditions",),
    ("theory", "examples"),
    ("analysis",),
    ("wire", "pool", "sympy_bridge", "sympy_matrices", "programs"),
    ("models",),
    ("calculus",),
    ("search", "symmetry"),
    ("verdicts", "dependencies"),
    ("store",),
    ("settling",),
    ("worker",),
    ("running",),
    ("pipeline",),
    ("identify",),
    ("ratchet", "lattice", "reports"),
    ("hypotheses",),
    ("conjectures",),
    ("api",),
    ("cli", "pytest_plugin", "notebook"),
    ("__main__", "__init__"),
)
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
PUBLIC = {
    "reals", "Term", "Model", "MetaProblem", "Theory", "Claim", "condition", "check", "recheck", "search", "derive", "symmetries",
    "identify",
}  # fmt: skip


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "theories" not in path.parts]


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def loaded_imports(path: Path) -> set[str]:
    """The top-level parts of our package that the module imports when it is loaded."""
    found: set[str] = set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            if node.level == depth:
                found |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
            elif node.level == 0 and node.module and node.module.startswith("metaid_symbolic."):
                found.add(node.module.split(".")[1])
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    here = layer_of(path)
    assert here in HEIGHT, f"{here} has no layer"
    if here != "__init__":
        above = {name for name in loaded_imports(path) if HEIGHT[name] > HEIGHT[here]}
        assert not above, f"{here} imports {above}, which stand above it"


def in_fresh_process(code: str) -> dict[str, list[str]]:
    place = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=place)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


IMPORTED = """
import json, sys
import metaid_symbolic.recheck
print(json.dumps({"all": sorted(sys.modules), "ours": [m.__file__ for n, m in sys.modules.items() if n.startswith("metaid")]}))
"""


def test_recheck_imports_the_standard_library_alone() -> None:
    found = in_fresh_process(IMPORTED)["all"]
    strange = {name.split(".")[0] for name in found} - set(sys.stdlib_module_names) - {"metaid_symbolic", "__main__"}
    assert not {s for s in strange if not s.startswith("_")}


def test_the_recheck_command_loads_no_engine(tmp_path: Path) -> None:
    code = f"""
import contextlib, io, json, sys
from metaid_symbolic.cli import run
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    run(["recheck", {str(tmp_path)!r}])
print(json.dumps({{"engines": [m for m in {ENGINES!r} if m in sys.modules]}}))
"""
    assert in_fresh_process(code)["engines"] == []


def logical_lines(path: Path) -> int:
    """Logical lines without docstrings; blank lines and comments are none."""
    source = path.read_text(encoding="utf-8")
    count = sum(t.type == tokenize.NEWLINE for t in tokenize.generate_tokens(io.StringIO(source).readline))
    strings = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
    return count - sum(isinstance(s.value.value, str) for s in strings)  # type: ignore[attr-defined]


def test_the_trusted_part_keeps_its_budget() -> None:
    files = {Path(name) for name in in_fresh_process(IMPORTED)["ours"]}
    assert PACKAGE / "kernel" / "rules.py" in files
    counts = {str(path.relative_to(PACKAGE)): logical_lines(path) for path in files}
    assert sum(counts.values()) <= BUDGET, counts


def test_no_verdict_depends_on_how_terms_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metaid_symbolic.printing.text", lambda term: "a term")
    found = list(replay(PACKAGE.parent / "proofs/meta_identifiability"))
    assert len(found) > 100 and all(r.status == "accepted" for r in found)


def test_public_names() -> None:
    assert set(metaid_symbolic.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(metaid_symbolic, name).__module__.startswith("metaid_symbolic.")


def test_functions_keep_their_names_after_the_modules_are_loaded() -> None:
    import metaid_symbolic.api
    import metaid_symbolic.recheck

    assert callable(metaid_symbolic.recheck)
    assert callable(metaid_symbolic.search)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import json, sys, metaid_symbolic; print(json.dumps({'all': sorted(sys.modules)}))"
    found = in_fresh_process(code)["all"]
    assert not [name for name in found if name in ENGINES or name.startswith("metaid_symbolic.")]


def test_search_code_mentions_no_claim() -> None:
    ids = json.loads((PACKAGE.parent / "proofs/meta_identifiability/statements.json").read_text())["claims"]
    for path in sorted((PACKAGE / "search").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        assert not [i for i in ids if f'"{i}' in source], path
