"""Mutants of the kernel: its source with one small thing changed, as a slip of one character or line would change it.

A mutant is installed in a running process by exchanging code objects, so nothing is imported again; a process in which that was
done is used up.
"""

from __future__ import annotations

import ast
import copy
import functools
import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import metaid_symbolic.kernel

FOLDER = Path(metaid_symbolic.kernel.__file__).parent
NEGATED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
SHIFTED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
TWINS = {"any": "all", "all": "any", "min": "max", "max": "min", "conjunction": "disjunction", "disjunction": "conjunction"}
SIGNS = frozenset("-0+")
UNTOUCHED = ("annotation", "returns", "decorator_list", "bases", "type_comment")
NOTHING = ast.Expr(ast.Constant(None))
Slot = tuple[ast.AST, str, int | None]
"""Where a part of the source stands: its parent, the field, the place in a list."""


@dataclass(frozen=True)
class Mutant:
    """`place` names the function, `statement` is the statement in it, in normal form and without what it encloses; `was` and
    `now` are the source before and after; `which` counts equal changes in equal statements of a function."""

    module: str
    place: str
    statement: str
    operator: str
    was: str
    now: str
    which: int
    tree: ast.Module
    slot: Slot
    new: ast.AST

    @property
    def key(self) -> str:
        """Stable as long as the function and the statement keep their text, wherever they stand."""
        return " | ".join(
            (self.module, self.place, self.operator, f"{self.was} -> {self.now}", f"in: {self.statement}", str(self.which))
        )

    @property
    def once(self) -> bool:
        """Whether the change is in what is done when the module is loaded."""
        return _is_loaded_once(self, sys.modules[f"{metaid_symbolic.kernel.__name__}.{self.module}"])

    def code(self) -> CodeType:
        """The compiled module with the change."""
        parent, field, index = self.slot
        old = getattr(parent, field)
        setattr(parent, field, self.new if index is None else [*old[:index], self.new, *old[index + 1 :]])
        try:
            return compile(ast.fix_missing_locations(self.tree), str(FOLDER / f"{self.module}.py"), "exec", dont_inherit=True)
        finally:
            setattr(parent, field, old)


def modules() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in ("__init__", "rejection"))


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of one module of the kernel."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    counts: Counter[tuple[str, ...]] = Counter()
    for place, statement, slot, node in _nodes(tree, "", ""):
        for operator, new in _changes(node):
            about = (place, statement, operator, *_difference(node, new))
            counts[about] += 1
            yield Mutant(module, *about, counts[about], tree, slot, new)


def _difference(old: ast.AST, new: ast.AST) -> tuple[str, str]:
    """The source before and after; of long ones the part around the first difference."""
    was, now = (" ".join(ast.unparse(ast.fix_missing_locations(part)).split()) for part in (old, new))
    same = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
    start = max(0, same - 40)
    return was[start : same + 70], now[start : same + 70]


def _nodes(node: ast.AST, place: str, statement: str) -> Iterator[tuple[str, str, Slot, ast.AST]]:
    """Every part of the source with the function, the statement and the slot it stands in; no annotations and no messages."""
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.Import | ast.ImportFrom | ast.JoinedStr):
                named = isinstance(child, ast.FunctionDef | ast.ClassDef)
                inside = f"{place}.{child.name}".lstrip(".") if named else place  # type: ignore[attr-defined]
                within = _heading(child) if isinstance(child, ast.stmt | ast.match_case) else statement
                yield inside, within, (node, field, index), child
                yield from _nodes(child, inside, within)


def _heading(statement: ast.AST) -> str:
    """The source of a statement in normal form, without the statements that it encloses."""
    enclosed = {"body": [ast.Pass()], "orelse": [], "cases": [], "decorator_list": []}
    parts = {field: empty for field, empty in enclosed.items() if isinstance(getattr(statement, field, None), list)}
    return " ".join(ast.unparse(ast.fix_missing_locations(_with(statement, **parts))).removesuffix("pass").split()).rstrip(":")


def _with(node: ast.AST, **parts: Any) -> Any:
    made = copy.copy(node)
    made.__dict__.update(parts)
    return made


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The names of the operators that apply to a part of the source, and what they make of it."""
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                for name, table in (("negate", NEGATED), ("shift", SHIFTED)):
                    if type(op) in table:
                        yield name, _with(node, ops=[*ops[:i], table[type(op)](), *ops[i + 1 :]])
        case ast.BoolOp(op=op, values=values):
            yield "and or", _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            for i in range(len(values)):
                yield "drop operand", _with(node, values=[*values[:i], *values[i + 1 :]])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "drop not", operand
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "drop minus", operand
        case ast.BinOp(op=op) if type(op) in OTHER:
            yield "operator", _with(node, op=OTHER[type(op)]())
        case ast.Constant(value=value):
            yield from (("constant", ast.Constant(other)) for other in _constants(value))
        case ast.Name(id=name) if name in TWINS:
            yield "twin", _with(node, id=TWINS[name])
        case ast.IfExp(body=body, orelse=orelse):
            yield "swap", _with(node, body=orelse, orelse=body)
        case ast.If(test=test) | ast.While(test=test):
            yield "negate test", _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield "drop", NOTHING
        case ast.Match(cases=cases):
            for i, case in enumerate(cases):
                yield "drop case", _with(node, cases=[*cases[:i], *cases[i + 1 :]] or [_with(case, body=[ast.Pass()])])
                if case.guard is not None:
                    yield "drop guard", _with(node, cases=[*cases[:i], _with(case, guard=None), *cases[i + 1 :]])
        case ast.comprehension(ifs=[_]):
            yield "drop filter", _with(node, ifs=[])
        case ast.Return(value=ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not())):
            yield from (("return", ast.Return(ast.Constant(value))) for value in (True, False))
        case ast.Call(func=ast.Name(id="less" | "at_most" | "implies"), args=[first, second]):
            yield "swap", _with(node, args=[second, first])


def _constants(value: object) -> list[Any]:
    if type(value) is bool:
        return [not value]
    if type(value) is int:
        return [value + 1, value - 1] if value else [1]  # many tuples have one entry, where 0 and -1 are the same place
    if type(value) is str and value and set(value) <= SIGNS:
        return ["".join(sorted(set(value) ^ {sign})) for sign in sorted(SIGNS)]
    return []


def install(mutant: Mutant) -> bool:
    """The running package becomes the mutant.  False if the changed source raises when it is loaded."""
    module = sys.modules[f"{metaid_symbolic.kernel.__name__}.{mutant.module}"]
    code = mutant.code()
    _forget()
    if _is_loaded_once(mutant, module):
        return _replaced(module, code)
    _exchange(module, code, "")
    return True


def _is_loaded_once(mutant: Mutant, module: ModuleType) -> bool:
    """Whether the change is outside of functions, or a default, or in a function that was called while the module was loaded."""
    inside: Any = module
    if isinstance(mutant.slot[0], ast.arguments):
        return True
    for part in mutant.place.split(".") if mutant.place else ():
        inside = vars(inside).get(part) if hasattr(inside, "__dict__") else None
        if isinstance(_plain(inside), FunctionType):
            called = any(isinstance(v, dict | tuple) for v in vars(module).values())
            return called and mutant.module == "lemmas"
    return True


def _plain(thing: Any) -> Any:
    """The function beneath a property, a class method, or a cache."""
    for name in ("fget", "__func__", "__wrapped__"):
        thing = getattr(thing, name, None) or thing
    return thing


def _exchange(place: Any, code: CodeType, path: str) -> None:
    """Every function in a module or class gets the code of its namesake."""
    for part in code.co_consts:
        if isinstance(part, CodeType):
            thing = _plain(vars(place).get(part.co_name))
            if isinstance(thing, FunctionType) and len(thing.__code__.co_freevars) == len(part.co_freevars):
                thing.__code__ = part
            elif isinstance(thing, type):
                _exchange(thing, part, path)


def _replaced(module: ModuleType, code: CodeType) -> bool:
    """The module is loaded anew from the code, and whoever imported a constant or class from it has the new one."""
    before = dict(vars(module))
    try:
        exec(code, vars(module))
    except Exception:
        return False
    renewed = {id(old): vars(module)[name] for name, old in before.items() if vars(module)[name] is not old}
    for name, other in list(sys.modules.items()):
        if name.startswith("metaid_symbolic.") and other is not module:
            for key, value in list(vars(other).items()):
                if id(value) in renewed and not key.startswith("__"):
                    setattr(other, key, renewed[id(value)])
    return True


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("metaid_symbolic."):
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()


def everything() -> list[Mutant]:
    for module in modules():
        importlib.import_module(f"{metaid_symbolic.kernel.__name__}.{module}")
    return [m for module in modules() for m in mutants(module)]
