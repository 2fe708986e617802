"""Whether what a page broke down over was a damaged row. Asked only then, as it looks at every value that was read.

SQLite keeps whatever a disk has made of a value: a text where a number stood, nothing where something always stands, a
row that others lead to and that is there no more. Objects of the session are looked at as they are; of statements that
find plain columns the last of a transaction are noted, and asked again where their rows were not kept.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    CompoundSelect,
    Enum,
    Integer,
    LargeBinary,
    String,
    bindparam,
    event,
    select,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, object_mapper

from blog.checksums import Damaged

KEPT = 50  # of the last statements of a transaction
PLAIN = (
    String,
    Integer,
    Boolean,
    LargeBinary,
)  # values that are read as they are stored


class From(NamedTuple):
    """A column of a table, and what a statement read it from: the table, or an alias or part of the statement."""

    source: object
    column: Column[Any]


ALWAYS = {"with": "id"}  # `info` of a column that is empty only while its row is stored

Columns = Sequence[From | None]  # of a statement, in order; None for what is no column of a table
Rows = Sequence[Sequence[Any]]
Again = Callable[[Connection], Rows]  # asks once more for what was not kept

NOTED = "noted"  # among the attributes of a connection, which SQLAlchemy makes anew for each transaction


def note(connection: Connection, columns: Callable[[], Columns], rows: Rows | Again) -> None:
    """Keep in mind what a statement has found in SQLite, as the driver gave it, until the transaction ends.

    Called for every statement, so it does next to nothing. Neither argument holds the connection.
    """
    noted = connection.__dict__.get(NOTED)
    if noted is None:
        noted = connection.__dict__[NOTED] = deque(maxlen=KEPT)
    noted.append((columns, rows))


def listen(engine: Engine) -> None:
    """Note the statements that SQLAlchemy runs there."""

    @event.listens_for(engine, "after_execute")
    def heard(connection: Connection, clause: Any, many: Any, parameters: Any, options: Any, result: Any) -> None:
        if getattr(clause, "is_select", False):
            asked = result.context
            compiled, statement, given = asked.compiled, asked.statement, asked.parameters[0]
            note(connection, lambda: _columns_of(compiled), lambda again: _asked(again, statement, given))


def columns_of(statement: Any, selected: Iterable[Iterable[Any]]) -> Columns:
    """For each of the columns that it selects, the first of these that is a column of a table, under whatever name."""
    if isinstance(statement, CompoundSelect):  # what one of its parts has, another may lack
        return []
    return [_column_of(candidates) for candidates in selected]


def _column_of(candidates: Iterable[Any]) -> From | None:
    for one in candidates:
        for base in getattr(one, "base_columns", ()):
            if isinstance(base, Column) and base.table is not None:
                return From(getattr(getattr(one, "element", one), "table", base.table), base)
    return None


def found(session: Session) -> Damaged | None:
    """The first row which this transaction has read and that cannot have been written."""
    connection: Connection | None = session.info.get("connection")
    if connection is None or connection.closed or connection.dialect.name != "sqlite":
        return None
    with suppress(sqlite3.Error):  # what cannot be read at all was refused before
        return _first(connection, (*_objects(session.identity_map.values()), *_plain_rows(connection)))
    return None


def _first(connection: Connection, rows: Iterable[dict[Column[Any], Any]]) -> Damaged | None:
    pointed = dict[tuple[Column[Any], Any], Damaged]()
    for row in rows:
        for column, value in row.items():
            damaged = Damaged(column.table.name, row.get(next(iter(column.table.primary_key), column)))
            others = [other for other in row if value is None and other.name == column.info.get("with")]
            if not holds(column, value) or any(row[other] is not None for other in others):
                return damaged
            if value is not None:
                pointed |= {(key.column, value): damaged for key in column.foreign_keys}
    return next((damaged for (at, value), damaged in pointed.items() if not _is_there(connection, at, value)), None)


def holds(column: Column[Any], value: object) -> bool:
    """Whether a column can hold such a value; true of a kind that is not read as it is stored."""
    if value is None:
        return bool(column.nullable)
    kind = column.type
    if isinstance(kind, Enum) or not isinstance(kind, PLAIN):
        return True
    return isinstance(value, int if isinstance(kind, Boolean) else kind.python_type)


def _objects(rows: Iterable[Any]) -> Iterator[dict[Column[Any], Any]]:
    for row in rows:
        read = row.__dict__
        attributes = object_mapper(row).column_attrs
        yield {one.columns[0]: read[one.key] for one in attributes if one.key in read}  # type: ignore[misc]


def _plain_rows(connection: Connection) -> Iterator[dict[Column[Any], Any]]:
    """By table: a row of a statement may be made of several, of which an outer join leaves some out."""
    for columns, rows in tuple(connection.__dict__.get(NOTED, ())):
        parts = dict[tuple[int, object], list[tuple[int, Column[Any]]]]()
        for at, one in enumerate(columns()):
            if one is not None:
                parts.setdefault((id(one.source), one.column.table), []).append((at, one.column))
        for row in rows(connection) if callable(rows) else rows:
            for part in parts.values():
                if any(row[at] is not None for at, _ in part):
                    yield {column: row[at] for at, column in part}


def _columns_of(compiled: Any) -> Columns:
    return columns_of(compiled.statement, [one.objects for one in compiled._result_columns])


def _asked(connection: Connection, statement: str, given: Any) -> Rows:
    cursor = connection.connection.cursor()
    try:
        rows: Rows = cursor.execute(statement, given).fetchall()
    finally:
        cursor.close()
    return rows


def _is_there(connection: Connection, column: Column[Any], value: object) -> bool:
    if not isinstance(value, str | int):
        return True
    statement = select(column).where(column == bindparam("value"))
    return bool(_asked(connection, str(statement.compile(dialect=connection.dialect)), (value,)))
