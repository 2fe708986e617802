"""Rows for any schema that the site ever had: one in each table, of what the table itself says that it may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DOCUMENT = {  # an article of the first release
    "title": "An old article",
    "standfirst": "What it says in one sentence.",
    "body": "## One\n\nText.",
    "authors": ["Team"],
    "tags": ["old"],
    "muscles": [],
}
SHADOWS = re.compile("_fts|_grams|^alembic_version$")  # of SQLite's indexes, and what Alembic itself keeps
CHOICE = re.compile(r"""\(*"?(\w+)"?\)* (?:IN|= ANY) \((?:\(?ARRAY\[)?'([^']*)'""")  # a column, what it may hold first
NAMED = {"html": "<p>Text.</p>", "slug": "old", "email": "old@example.org"}


def fill(connection: Connection) -> dict[str, int]:
    """Put a row into each table that has none; how many rows each table has then. Raises what no order can avoid."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables = [table for name, table in sorted(metadata.tables.items()) if not SHADOWS.search(name)]
    waiting = [table for table in tables if not rows_in(connection, table.name)]
    while waiting:
        left = [table for table in waiting if not _was_put(connection, table)]
        if len(left) == len(waiting):
            connection.execute(left[0].insert().values(next(_rows(connection, left[0]))))
        waiting = left
    for table in tables:
        _point(connection, table)
    return {table.name: rows_in(connection, table.name) for table in tables}


def rows_in(connection: Connection, table: str) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one())


def _was_put(connection: Connection, table: sa.Table) -> bool:
    for row in _rows(connection, table):
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(table.insert().values(row))
            return True
    return False


def _point(connection: Connection, table: sa.Table) -> None:
    """Let what may point somewhere point there, such as a comment to its public revision."""
    for column in table.columns:
        if column.foreign_keys and column.nullable:
            with suppress(IntegrityError), connection.begin_nested():
                connection.execute(table.update().where(column.is_(None)).values({column: _target(connection, column)}))


def _target(connection: Connection, column: sa.Column[Any]) -> Any:
    return connection.execute(sa.select(sa.func.min(next(iter(column.foreign_keys)).column))).scalar()


def _rows(connection: Connection, table: sa.Table) -> Iterator[dict[str, Any]]:
    """What may stand there: everything filled, or only one of what may point elsewhere, or none of it."""
    row = _row(connection, table)
    yield row
    pointers = [column.name for column in table.columns if column.foreign_keys and column.nullable]
    bare = row | dict.fromkeys(pointers)
    yield from (bare | {name: row[name]} for name in pointers)
    yield bare


def _row(connection: Connection, table: sa.Table) -> dict[str, Any]:
    allowed = dict[str, str]()
    for check in sa.inspect(connection).get_check_constraints(table.name):
        allowed.update(CHOICE.findall(_plain(check["sqltext"])))
    row = {}
    for column in table.columns:
        if column.name in allowed:
            row[column.name] = allowed[column.name]
        elif column.primary_key and column.name == "id" and isinstance(column.type, sa.Integer):
            row[column.name] = 1
        elif column.foreign_keys:
            row[column.name] = _target(connection, column)
        elif column.computed is None:
            row[column.name] = _value(column)
    return row


def _plain(check: str) -> str:
    return check.replace("::text", "").replace("::character varying", "").replace("[]", "")


def _value(column: sa.Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return DOCUMENT if column.name == "document" else {}
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.DateTime):
        return MOMENT
    if isinstance(kind, sa.Date):
        return MOMENT.date()
    if isinstance(kind, sa.Integer | sa.Float | sa.Numeric):
        return 1
    if isinstance(kind, sa.LargeBinary):
        return b"old"
    text = NAMED.get(column.name, "old words")
    return text[: getattr(kind, "length", None) or len(text)]
