"""Each test has an app of its own; what all of them would compile to the same result is compiled once in a process.

Three things cost more than most tests do: addresses (werkzeug takes each apart and compiles two functions that build
it), templates, and SQL. Each is kept under all that it was made from, so nothing of one site can reach another.
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
    patch.setattr(Rule, "compile", _kept_by_rule(Rule.compile))
    own = templating.options

    def options(app: Flask) -> dict[str, Any]:
        return {**own(app), "bytecode_cache": KeptBytecode(str(folder))}

    patch.setattr(templating, "options", options)
    folder.mkdir(exist_ok=True)


def _kept_by_rule(compiling: Callable[[Rule], None]) -> Callable[[Rule], None]:
    kept: dict[object, Rule] = {}

    def compiled(rule: Rule) -> None:
        defaults = tuple((rule.defaults or {}).items())
        first = kept.setdefault((rule.rule, rule.subdomain, rule.host, rule.merge_slashes, defaults), rule)
        if first is rule:
            compiling(rule)
            return
        rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
        rule.arguments = set(first.arguments)
        rule._build = first._build.__func__.__get__(rule, None)  # type: ignore[attr-defined]
        rule._build_unknown = first._build_unknown.__func__.__get__(rule, None)  # type: ignore[attr-defined]

    return compiled


def share_statements(engine: Engine) -> None:
    """Let the engine use the SQL that earlier engines of its kind compiled: they are told apart by their dialect."""
    dialect = engine.dialect
    kind = (dialect.name, dialect.driver, dialect.paramstyle, str(engine.url.query))
    shared, statements = _dialects.setdefault(kind, (dialect, engine._compiled_cache))
    engine.dialect = engine.pool._dialect = shared
    engine._compiled_cache = statements
