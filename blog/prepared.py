"""Statements that run so often that making them must cost nothing: text for the driver, compiled once.

`Connection.execute` works out anew each time what it worked out the last time, at three times the cost of the text
itself, and storing one comment takes a dozen statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Dialect, Insert, SelectBase, Update, bindparam, literal
from sqlalchemy.engine import Connection

from blog import misread

AMONG = 30
_AMONG = tuple(f"among_{at}" for at in range(AMONG))

Values = Mapping[str, Any]
Process = Callable[[Any], Any]


class Prepared:
    """A statement whose values are given by the names of its `bindparam`s; a list of values has a fixed length.

    Made and compiled when a database of its kind first needs it. An insert names all its `columns`: what a column
    has by default is not filled in. Transactions and errors are those of the connection, and so are its events where
    somebody listens to statements; where nobody does, the driver is asked straight away.
    """

    def __init__(self, make: Callable[[], SelectBase | Insert | Update], *columns: str) -> None:
        self._make = make
        self._columns = columns or None
        self._written: dict[tuple[str, int], _Written] = {}

    def rows(self, connection: Connection, values: Values) -> Sequence[tuple[Any, ...]]:
        """What it selects or returns, each value as its column's type says."""
        written = self._for(connection.dialect)
        found = _asked(connection, written.text, written.bound(values))
        if found and connection.dialect.name == "sqlite":
            misread.note(connection, self.columns, found)
        processes = written.processes
        if not processes:
            return found
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

    def run(self, connection: Connection, *values: Values) -> None:
        """Run it with `values`. An insert stores several rows as one statement; keep to few different numbers."""
        if len(values) == 1:
            written = self._for(connection.dialect)
            tell(connection, written.text, written.bound(values[0]))
        elif values:
            written = self._for(connection.dialect, len(values))
            tell(connection, written.text, written.bound(self._numbered(values)))

    def each(self, connection: Connection, values: Sequence[Values]) -> None:
        """Run it with each of `values`: for SQLite, where nothing travels, or where there is seldom more than one."""
        written = self._for(connection.dialect)
        bound = list(map(written.bound, values))
        if bound:
            tell(connection, written.text, bound if len(bound) > 1 else bound[0])

    def stored(self, connection: Connection, values: Sequence[Values]) -> Sequence[tuple[Any, ...]]:
        """What an insert of several rows, one statement of them all, returns: in no order."""
        if len(values) == 1:
            return self.rows(connection, values[0])
        written = self._for(connection.dialect, len(values))
        return _asked(connection, written.text, written.bound(self._numbered(values)))

    def _numbered(self, values: Sequence[Values]) -> Values:
        return {f"{name}_{at}": row[name] for at, row in enumerate(values) for name in self._columns or ()}

    def columns(self) -> misread.Columns:
        """What it selects, as far as these are columns of tables."""
        made = self._make()
        return misread.columns_of(made, ([column] for column in made.exported_columns))

    def build(self, dialect: Dialect) -> None:
        """Build it now, and not when it is first needed."""
        self._for(dialect)

    def _for(self, dialect: Dialect, rows: int = 1) -> _Written:
        written = self._written.get((dialect.name, rows))
        if written is None:
            made, columns = self._make(), self._columns
            if rows > 1:
                if not isinstance(made, Insert):
                    raise TypeError("only an insert is for several rows")
                types, columns = made.table.c, None
                made = made.values(
                    [
                        {name: bindparam(f"{name}_{at}", type_=types[name].type) for name in self._columns or ()}
                        for at in range(rows)
                    ]
                )
            written = self._written[dialect.name, rows] = _Written.of(made, dialect, columns)
        return written


def at_rest(make: Callable[[], SelectBase | Insert | Update], *columns: str) -> Prepared:
    """One that the job worker runs again and again, also where nothing is to be done.

    Such are built before it parts from its parent (`build_at_rest`). What SQLAlchemy touches to build a statement
    is some megabyte, and what a process touches of memory that it shares it has of its own from then on.
    """
    _at_rest.append(prepared := Prepared(make, *columns))
    return prepared


def build_at_rest(dialect: Dialect) -> None:
    """Build all that were made by `at_rest`."""
    for prepared in _at_rest:
        prepared.build(dialect)


def is_among(one: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column is one of `values`, which never differ, for a statement that is prepared."""
    within: ColumnElement[bool] = one.in_([literal(value, one.type) for value in values])
    return within


class Among:
    """A statement that finds something of each of a few: `make` is given the condition that narrows it to them.

    The text for the driver is one for any number, so it is asked for AMONG at a time, the last of them more than once
    where there are fewer. What is found for one must not depend on the others.
    """

    def __init__(self, one: Any, make: Callable[[Any], SelectBase]) -> None:
        """`one` is the column whose values they are."""
        self._prepared = Prepared(lambda: make(one.in_([bindparam(name, type_=one.type) for name in _AMONG])))

    def rows(self, connection: Connection, wanted: Iterable[Any]) -> list[tuple[Any, ...]]:
        """What it finds for these, which are all different."""
        wanted, found = list(wanted), list[tuple[Any, ...]]()
        for start in range(0, len(wanted), AMONG):
            some = wanted[start : start + AMONG]
            some += some[-1:] * (AMONG - len(some))
            found += self._prepared.rows(connection, dict(zip(_AMONG, some, strict=True)))
        return found


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send PostgreSQL the prepared statements of a block without waiting for the answers that nobody reads there.

    What went wrong with one of them is raised by the next that is read, or at the end. Only prepared statements may
    run inside. With SQLite there is no way to go, and nothing to save.
    """
    if connection.dialect.name != "postgresql" or _is_heard(connection):
        yield
        return
    driver = connection.dialect.loaded_dbapi
    try:
        with connection.connection.driver_connection.pipeline():  # type: ignore[union-attr]
            yield
    except driver.Error as error:
        began = error.__context__  # where what comes up is only that the rest was left out for it
        if not (isinstance(error, driver.errors.PipelineAborted) and isinstance(began, driver.Error)):
            began = error
        connection._handle_dbapi_exception(began, None, None, None, None)


_at_rest: list[Prepared] = []


def _asked(connection: Connection, text: str, bound: Any) -> Sequence[tuple[Any, ...]]:
    """The rows that the driver gives. Raises what SQLAlchemy would raise."""
    if _is_heard(connection):
        return [tuple(row) for row in connection.exec_driver_sql(text, bound)]
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, bound)
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, text, bound, cursor, None)
    return found


def tell(connection: Connection, text: str, *bound: Any) -> None:
    """Have the driver run a text as it is, with what is `bound`; with each of a list. Raises what SQLAlchemy would."""
    if _is_heard(connection):
        connection.exec_driver_sql(text, *bound)
        return
    cursor = connection.connection.cursor()
    try:
        if bound and isinstance(bound[0], list):
            cursor.executemany(text, bound[0])
        else:
            cursor.execute(text, *bound)
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, text, bound, cursor, None)


def _is_heard(connection: Connection) -> bool:
    """Whether somebody wants to hear of each statement, as tests do that count them."""
    told = connection.engine.dispatch
    return bool(told.before_cursor_execute or told.after_cursor_execute)


class _Written(NamedTuple):
    """A statement as one kind of database takes it."""

    text: str
    names: tuple[str, ...]  # of its values, in order
    given: tuple[tuple[str, Process | None], ...]  # those that differ each time, with what makes them the driver's
    asked: tuple[tuple[str, Callable[[], Any], Process | None], ...]  # those that are asked for, such as the moment
    fixed: Values  # those that never differ, as the driver takes them
    is_in_order: bool  # whether the driver wants them without their names
    processes: tuple[tuple[int, Process], ...]  # what makes the values of columns

    @classmethod
    def of(cls, statement: Any, dialect: Dialect, columns: Iterable[str] | None) -> _Written:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) if columns else None)
        binds = compiled.binds.items()
        if any(bind.expanding for _, bind in binds):
            raise TypeError("a prepared statement has no list of values whose length may differ: name each of them")
        into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds}
        fixed = {
            name: process(bind.value) if (process := into[name]) else bind.value
            for name, bind in binds
            if not bind.required and not bind.callable
        }
        made = ((at, column.type.dialect_impl(dialect)) for at, column in enumerate(statement.exported_columns))
        processes = ((at, kind.result_processor(dialect, None)) for at, kind in made)
        return cls(
            str(compiled),
            tuple(compiled.positiontup or compiled.binds),
            tuple((name, into[name]) for name, bind in binds if bind.required and not bind.callable),
            tuple((name, bind.callable, into[name]) for name, bind in binds if bind.callable),
            fixed,
            compiled.positional,
            tuple((at, process) for at, process in processes if process),
        )

    def bound(self, values: Values) -> Any:
        """`values` as the driver takes them. Raises KeyError when one is missing."""
        ready = dict(self.fixed)
        for name, process in self.given:
            value = values[name]
            ready[name] = value if process is None else process(value)
        for name, ask, process in self.asked:
            value = ask()
            ready[name] = value if process is None else process(value)
        return tuple([ready[name] for name in self.names]) if self.is_in_order else ready
