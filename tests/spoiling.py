"""What a failing disk makes of SQLite's rows: values that no rule of the database would have let in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from blog.folding import fold

RULE, OFF = " NOT NULL", " /* not */"  # of a column, in the text of its table


def spoil(file: Path, table: str, column: str, value: object) -> None:
    """Have `column` hold `value` in every row in which no index forbids it. Triggers do not hear of it."""
    _rewrite(file, table, RULE, OFF)
    try:
        with closing(_opened(file)) as database:
            triggers = database.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,)
            ).fetchall()
            for name, _ in triggers:
                database.execute(f"DROP TRIGGER {name}")
            database.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = ?', (value,))
            for _, sql in triggers:
                database.execute(sql)
    finally:
        _rewrite(file, table, OFF, RULE)


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, isolation_level=None, timeout=10)
    database.create_function("fold", 1, lambda text: fold(text) if isinstance(text, str) else text, deterministic=True)
    database.execute("PRAGMA ignore_check_constraints = ON")
    return database


def _rewrite(file: Path, table: str, text: str, instead: str) -> None:
    with closing(_opened(file)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
            (text, instead, table),
        )
        (version,) = database.execute("PRAGMA schema_version").fetchone()
        database.execute(f"PRAGMA schema_version = {version + 1}")
