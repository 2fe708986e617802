"""The structure of blog/, read from its imports: floors, arrows, circles. `python -m tools.house` draws it.

The rules are those of docs/architecture.md; tests/test_architecture.py holds every file to them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
WIRING = ("__init__", "cli", "templating", "styles")  # files directly in blog/ that know both wings
WINGS = ("public", "desk")  # never each other
SAMPLE = "sample"  # the sample site: made of features, wired by the commands
FEATURES = (  # each may import those before it
    "accounts",
    "anatomy",
    "media",
    "pages",
    "posts",
    "comments",
    "moderation",
    "mail",
    "search",
    "transfer",
    "privacy",
    "operations",
)
PURE = ("triage", "text", "pagecache")  # ground alone
LOOK_RIGHT = ("jobs", "cli")  # files of a feature that may import the features after it


class Arrow(NamedTuple):
    """One file imports another."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of blog/ by its dotted name, but for the migrations, which are history."""
    found = {}
    for path in sorted((ROOT / "blog").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def arrows() -> list[Arrow]:
    """All imports between modules of blog/, those for types alone included."""
    return sorted({Arrow(name, target) for name, tree in modules().items() for target in _targets(tree)} - _loops())


def _loops() -> set[Arrow]:
    return {Arrow(name, name) for name in modules()}


def _targets(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "blog":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())


def floor_of(name: str) -> str | None:
    """The floor a module stands on: wiring, sample, wings, features, pure or ground; None for an unknown folder."""
    parts = name.split(".")
    room = parts[1] if len(parts) > 1 else "__init__"
    if room in WIRING:
        return "wiring"
    if room == SAMPLE:
        return "sample"
    if room in WINGS:
        return "wings"
    if room in FEATURES:
        return "features"
    if room in PURE:
        return "pure"
    return "ground" if (ROOT / "blog" / f"{room}.py").exists() else None


FLOORS = ("wiring", "sample", "wings", "features", "pure", "ground")  # from the top


def allowed(arrow: Arrow) -> bool:
    """Whether an import runs down, or stays where it may."""
    above, below = floor_of(arrow.source), floor_of(arrow.target)
    if above is None or below is None:
        return False
    if above != below:
        return FLOORS.index(above) < FLOORS.index(below) and (above, below) != ("sample", "wings")
    here, there = arrow.source.split("."), arrow.target.split(".")
    if above in ("wiring", "ground") or here[1] == there[1]:
        return True
    if above == "features":
        return FEATURES.index(there[1]) < FEATURES.index(here[1]) or here[-1] in LOOK_RIGHT
    return False


def circles(of: Iterable[Arrow]) -> list[list[str]]:
    """Groups of modules that import each other, directly or by a way around."""
    ways: dict[str, set[str]] = {}
    for source, target in of:
        ways.setdefault(source, set()).add(target)
    reached = {start: _reached(start, ways) for start in ways}
    groups = {
        tuple(sorted(other for other in there if start in reached.get(other, ()))) for start, there in reached.items()
    }
    return sorted(list(group) for group in groups if len(group) > 1)


def _reached(start: str, ways: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(ways.get(start, ()))
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo.extend(ways.get(here, ()))
    return seen


def hidden_imports() -> list[str]:
    """Imports inside a function, as "module:line"."""
    return [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
