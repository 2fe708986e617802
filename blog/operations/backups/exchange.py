"""Rows from PostgreSQL into a SQLite file, and back, as they are stored: no model is asked, whatever the schema.

Both sides were made by the same migrations, so the tables of a SQLite file say what there is to carry over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg import sql

ROWS_AT_ONCE = 2000
# What a node has to tell others of pages in memory: numbers of one server's life, and no page outlives a restore.
PASSING = frozenset({"page_changes", "page_changes_gone"})
_SCHEMA = "alembic_version"


def tables(file: sqlite3.Connection) -> list[str]:
    """The tables that hold what the site knows: without those that SQLite or a search index makes by itself."""
    listed = file.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name")
    return [name for (name,) in listed if not name.startswith("sqlite_") and "_fts" not in name]


def counts(file: sqlite3.Connection) -> dict[str, int]:
    """The rows of each table."""
    return {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables(file)}  # noqa: S608


def read_postgresql(server: psycopg.Connection[Any], file: sqlite3.Connection) -> None:
    """Fill a SQLite file of the same schema, from the snapshot that the transaction of `server` sees."""
    server.execute("SET LOCAL TIME ZONE 'UTC'")
    file.execute("BEGIN")
    for table in _carried(file):
        file.execute(f'DELETE FROM "{table}"')  # noqa: S608  what a migration has put there
        kinds = _kinds(server, table)
        columns = [name for name in _columns(file, table) if name in kinds]
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" for _ in columns)
        with server.cursor(name="backup") as rows:
            rows.itersize = ROWS_AT_ONCE
            asked = [_as_text(name) if kinds[name].startswith("json") else sql.Identifier(name) for name in columns]
            rows.execute(sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(asked), sql.Identifier(table)))
            file.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608
                (tuple(map(_for_sqlite, row)) for row in rows),
            )
        _keep_counting(server, file, table)
    file.execute("COMMIT")


def write_postgresql(file: sqlite3.Connection, server: psycopg.Connection[Any]) -> None:
    """Fill an empty PostgreSQL of the same schema; in one transaction, which the caller commits.

    Foreign keys are dropped meanwhile and made again, which proves that every row points somewhere.
    """
    server.execute("SET LOCAL TIME ZONE 'UTC'")
    keys = server.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).fetchall()
    for table, name, _ in keys:
        server.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.SQL(table), sql.Identifier(name)))
    for table in _carried(file):
        server.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        _copy(file, server, table)
        _go_on_counting(file, server, table)
    for table, name, definition in keys:
        server.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                sql.SQL(table), sql.Identifier(name), sql.SQL(definition)
            )
        )


def _copy(file: sqlite3.Connection, server: psycopg.Connection[Any], table: str) -> None:
    kinds = _kinds(server, table)
    columns = [name for name in _columns(file, table) if name in kinds]
    makers = [_MAKERS.get(kinds[name], _as_it_is) for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with server.cursor() as cursor, cursor.copy(into) as copy:
        for row in file.execute(f'SELECT {names} FROM "{table}"'):  # noqa: S608
            copy.write_row([None if value is None else make(value) for make, value in zip(makers, row, strict=True)])


def _carried(file: sqlite3.Connection) -> Iterator[str]:
    yield from (name for name in tables(file) if name not in PASSING and name != _SCHEMA)


def _columns(file: sqlite3.Connection, table: str) -> list[str]:
    """The columns that are stored and not computed."""
    return [row[1] for row in file.execute(f'PRAGMA table_xinfo("{table}")') if row[6] == 0]


def _kinds(server: psycopg.Connection[Any], table: str) -> dict[str, str]:
    """What each stored column of PostgreSQL holds."""
    rows = server.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    ).fetchall()
    return dict(rows)


def _as_text(name: str) -> sql.Composed:
    return sql.SQL("{}::text").format(sql.Identifier(name))


def _for_sqlite(value: Any) -> Any:
    """As SQLAlchemy stores it in SQLite."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


def _as_it_is(value: Any) -> Any:
    return value


_MAKERS: dict[str, Callable[[Any], Any]] = {"boolean": bool, "timestamp with time zone": lambda text: f"{text}+00:00"}


def _keep_counting(server: psycopg.Connection[Any], file: sqlite3.Connection, table: str) -> None:
    """Numbers that must never be given away twice (AUTOINCREMENT) go on after the last one that was."""
    made = file.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table]).fetchone()[0]
    if "AUTOINCREMENT" not in made:
        return
    sequence = _sequence(server, table)
    if sequence is None:
        return
    last = server.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.SQL(sequence))).fetchone()
    if last and last[1]:
        file.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
        file.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, last[0]])


def _go_on_counting(file: sqlite3.Connection, server: psycopg.Connection[Any], table: str) -> None:
    sequence = _sequence(server, table)
    if sequence is None:
        return
    last = file.execute(f'SELECT max(id) FROM "{table}"').fetchone()[0] or 0  # noqa: S608
    if file.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        given = file.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
        last = max(last, given[0] if given else 0)
    server.execute("SELECT setval(%s::regclass, %s, %s)", [sequence, max(last, 1), last > 0])


def _sequence(server: psycopg.Connection[Any], table: str) -> str | None:
    """The sequence behind the column `id`."""
    if "id" not in _kinds(server, table):
        return None
    row = server.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"']).fetchone()
    return row[0] if row else None
