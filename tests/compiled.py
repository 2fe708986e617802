"""Each test has an app of its own; what all of them would compile to the same result is compiled once in a process.

Three things cost more than most tests do: building addresses (werkzeug compiles a function for every rule), templates,
and SQL. Each is kept under all that it was made from, so nothing of one site can reach another.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import Dialect, Engine
from werkzeug.routing import Rule

from blog import templating
from blog.templating import KeptBytecode

_dialects: dict[tuple[object, ...], tuple[Dialect, Any]] = {}


def keep(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Keep what addresses and templates are compiled to; the templates in `folder`, for all processes of a run."""
    patch.setattr(Rule, "_compile_builder", _kept_by_rule(Rule._compile_builder))
    own = templating.options

    def options(app: Flask) -> dict[str, Any]:
        return {**own(app), "bytecode_cache": KeptBytecode(str(folder))}

    patch.setattr(templating, "options", options)
    folder.mkdir(exist_ok=True)


def _kept_by_rule(compiling: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[object, Any] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:  # resolved by converters
            return compiling(rule, append_unknown)
        key = (tuple(rule._trace), append_unknown)
        if key not in kept:
            kept[key] = compiling(rule, append_unknown)
        return kept[key]

    return compiled


def share_statements(engine: Engine) -> None:
    """Let the engine use the SQL that earlier engines of its kind compiled: they are told apart by their dialect."""
    dialect = engine.dialect
    kind = (dialect.name, dialect.driver, dialect.paramstyle, str(engine.url.query))
    shared, statements = _dialects.setdefault(kind, (dialect, engine._compiled_cache))
    engine.dialect = engine.pool._dialect = shared
    engine._compiled_cache = statements
