"""Statements that run so often that making them must cost nothing: text for the driver, compiled once.

`Connection.execute` works out anew each time what it worked out the last time, at three times the cost of the text
itself, and storing one comment takes a dozen statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Insert, SelectBase, Update
from sqlalchemy.engine import Connection, CursorResult

Values = Mapping[str, Any]
Process = Callable[[Any], Any]


class Prepared:
    """A statement whose values are given by the names of its `bindparam`s; a list of values has a fixed length.

    Made and compiled when a database of its kind first needs it. An insert names all its `columns`: what a column
    has by default is not filled in. Transactions, errors and events are those of the connection.
    """

    def __init__(self, make: Callable[[], SelectBase | Insert | Update], *columns: str) -> None:
        self._make = make
        self._columns = columns or None
        self._written: dict[str, _Written] = {}

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """What it selects or returns, each value as its column's type says."""
        written = self._for(connection.dialect)
        found = connection.exec_driver_sql(written.text, written.bound(values)).all()
        processes = written.processes
        if not processes:
            return [tuple(row) for row in found]
        changed = []
        for row in found:
            values_of_row = list(row)
            for at, process in processes:
                values_of_row[at] = process(values_of_row[at])
            changed.append(tuple(values_of_row))
        return changed

    def first(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """The first row, if there is one."""
        found = self.rows(connection, values)
        return found[0] if found else None

    def only(self, connection: Connection, values: Values) -> tuple[Any, ...]:
        """The one row that there always is."""
        (row,) = self.rows(connection, values)
        return row

    def run(self, connection: Connection, *values: Values) -> CursorResult[Any]:
        """Run it with `values`, or at once for each of several."""
        written = self._for(connection.dialect)
        bound = [written.bound(one) for one in values]
        return connection.exec_driver_sql(written.text, bound[0] if len(bound) == 1 else bound)

    def _for(self, dialect: Dialect) -> _Written:
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = _Written.of(self._make(), dialect, self._columns)
        return written


class _Written(NamedTuple):
    """A statement as one kind of database takes it."""

    text: str
    names: tuple[str, ...]  # of its values, in order
    fixed: Values  # those that never differ, as the driver takes them
    asked: Mapping[str, Callable[[], Any]]  # those that are asked for each time, such as the moment
    into: Mapping[str, Process]  # what makes the others so
    is_in_order: bool  # whether the driver wants them without their names
    processes: tuple[tuple[int, Process], ...]  # what makes the values of columns

    @classmethod
    def of(cls, statement: Any, dialect: Dialect, columns: Iterable[str] | None) -> _Written:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) if columns else None)
        if any(bind.expanding for bind in compiled.binds.values()):
            raise TypeError("a prepared statement has no list of values whose length may differ: name each of them")
        types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
        into = {name: process for name, kind in types.items() if (process := kind.bind_processor(dialect))}
        fixed = {
            name: into[name](bind.value) if name in into else bind.value
            for name, bind in compiled.binds.items()
            if not bind.required and not bind.callable
        }
        asked = {name: bind.callable for name, bind in compiled.binds.items() if bind.callable}
        made = ((at, column.type.dialect_impl(dialect)) for at, column in enumerate(statement.exported_columns))
        processes = ((at, kind.result_processor(dialect, None)) for at, kind in made)
        return cls(
            str(compiled),
            tuple(compiled.positiontup or compiled.binds),
            fixed,
            asked,
            into,
            compiled.positional,
            tuple((at, process) for at, process in processes if process),
        )

    def bound(self, values: Values) -> Any:
        """`values` as the driver takes them. Raises KeyError when one is missing."""
        into = self.into
        ready = dict(self.fixed)
        for name in self.names:
            if name in values or name in self.asked:
                value = values[name] if name in values else self.asked[name]()
                ready[name] = into[name](value) if name in into else value
        in_order = tuple(map(ready.__getitem__, self.names))
        return in_order if self.is_in_order else ready
