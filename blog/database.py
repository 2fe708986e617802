"""The database session and its rules: how moments and named values are stored, and who may write when."""

from __future__ import annotations

import inspect
import json
import select as system
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as PlainSession
from sqlalchemy import (
    JSON,
    URL,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    Select,
    String,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from blog import misread
from blog.checksums import UNKNOWN, Damaged
from blog.clock import now
from blog.folding import fold
from blog.keys import seal, unseal
from blog.libraries import later
from blog.metering import meter
from blog.prepared import Prepared, tell, together

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
else:
    postgresql = later("sqlalchemy.dialects.postgresql")  # 2 MB, which a site on SQLite does without

BUSY_SECONDS = 5  # how long a write waits for another one before it is refused
QUIET_SECONDS = 1  # without use, after which PostgreSQL is asked whether it is still there

# With a PostgreSQL that the network has cut off: without these, a connection would wait for hours. The address of the
# database may say otherwise, as in `?connect_timeout=10`.
PATIENCE = {
    "connect_timeout": BUSY_SECONDS,
    "tcp_user_timeout": 5000,  # milliseconds for what was sent to be taken
    "keepalives_idle": 3,  # seconds without a word until the other side is asked for a sign of life
    "keepalives_interval": 1,
    "keepalives_count": 3,
}

# What the database does the same way about us. A machine that died or was cut off within a transaction would else keep
# its locks for the two hours after which the system looks by itself, and all others would be refused: they wait five
# seconds for a lock, and this one is free in four.
PATIENCE_THERE = {
    "tcp_user_timeout": 4000,
    "tcp_keepalives_idle": 1,
    "tcp_keepalives_interval": 1,
    "tcp_keepalives_count": 3,
}

Maker = TypeVar("Maker", bound=Callable[..., Any])
Shared = dict[Callable[[list[Any]], None], list[Any]]


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment: stored with its zone on PostgreSQL, as UTC text on SQLite, always read back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """As it is read. Raises Damaged for what is no moment, which SQLite keeps like any other text."""
        process = super().result_processor(dialect, coltype)
        if process is None or dialect.name != "sqlite":
            return process

        def read(value: Any) -> datetime | None:
            try:
                return process(value)
            except (ValueError, TypeError):
                raise Damaged(UNKNOWN, "a moment") from None

        return read


NOW = bindparam("now", callable_=now, type_=UTCDateTime())  # the moment of execution: statements are built once


class OneOf(Enum):
    """One of a few words."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any] | None:
        """As it is read. Raises Damaged for another word, which SQLite keeps like any other text."""
        process: Callable[[Any], Any] | None = super().result_processor(dialect, coltype)
        if process is None or dialect.name != "sqlite":
            return process

        def read(value: Any) -> Any:
            try:
                return process(value)
            except LookupError:
                raise Damaged(UNKNOWN, f"the {self.name}") from None

        return read


class KeptString(String):
    """A short text that readers see and that has no checksum.

    Other texts without one are not looked at when they are read: a code that nobody sees must not end every page and
    job whose statement finds its row.
    """

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """As it is read. Raises Damaged for what was no text of ours, which SQLite keeps like any other value."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)

        def read(value: Any) -> Any:
            if value is None or (isinstance(value, str) and "\0" not in value):
                return value
            raise Damaged(UNKNOWN, "a text")

        return read


class Sealed(TypeDecorator[str]):
    """A text that only this site can read: a copy of the database alone tells nothing of it. It cannot be searched."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else seal(self.purpose, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else unseal(self.purpose, value)


class OnPostgreSQL(TypeDecorator[Any]):
    """A type that PostgreSQL alone has, as the variant of another: known by its name until PostgreSQL is asked."""

    impl = Text
    cache_ok = True

    def __init__(self, named: str) -> None:
        super().__init__()
        self.named = named

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(getattr(postgresql, self.named)())


def _read_json(stored: Any) -> Any:
    """Plain data as SQLite gives it. Raises Damaged."""
    try:
        return json.loads(stored)
    except (ValueError, TypeError):
        raise Damaged(UNKNOWN, "plain data") from None


def enum_column(values: type[StrEnum], name: str, length: int) -> OneOf:
    """The type of a column that holds one of `values`, checked by the database under the column's `name`."""
    return OneOf(
        values,
        native_enum=False,
        length=length,
        create_constraint=True,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Parent of all models."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UTCDateTime,
        dict[str, Any]: JSON().with_variant(OnPostgreSQL("JSONB"), "postgresql"),
        list[Any]: JSON().with_variant(OnPostgreSQL("JSONB"), "postgresql"),
    }


def narrow_on_postgresql() -> None:
    """Have indexes that hold some rows on SQLite hold the same on PostgreSQL.

    Saying so where they are declared would load that dialect everywhere.
    """
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            if where is not None:
                index.dialect_options["postgresql"]["where"] = where


class Stopped(BaseException):
    """The replica broke off what was read there: the page must be made anew, from the primary.

    Not an Exception, so that nobody on the way to who makes the page takes it for an answer.
    """


class ReadingSession(PlainSession):
    """The session of a request: on the primary, or for one transaction on the connection that `read_on` was given."""

    def close(self) -> None:
        """End what was read, without the connection if that dies at its last word: the next request finds nothing."""
        try:
            super().close()
        except (DBAPIError, Stopped):
            self.invalidate()

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Engine | Connection | None = None, **more: Any
    ) -> Engine | Connection:
        return bind or self.info.get("reads") or super().get_bind(mapper, clause, **more)


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": ReadingSession})


# --- Transactions -------------------------------------------------------------------------------------


class WriteOutsideTransaction(RuntimeError):
    """Code wrote without `begin_write()`: on SQLite that can fail at once with "database is locked"."""


def begin_write(lock: str | None = None) -> None:
    """End what was only read, and begin the transaction that writes.

    SQLite takes its write lock now (BEGIN IMMEDIATE), so nothing read from here on can be stale. On PostgreSQL,
    `lock` names what must happen one at a time, such as the submissions of one sender. Do rendering, cleaning
    and password hashing before: the lock is held until commit or rollback.
    """
    session = db.session()
    if session.info.get("writes") and session.in_transaction():
        raise WriteOutsideTransaction("begin_write() inside a transaction that already writes")
    with meter.timed("write_wait_seconds"):
        try:
            session.info["writes"] = _after_reading(session, lock) or _afresh(session, lock)
        except DBAPIError:
            session.rollback()  # what is half begun is no transaction to go on with
            raise


def _afresh(session: Session, lock: str | None) -> Connection:
    session.rollback()
    connection = session.connection(execution_options={"writes": True})
    if lock and connection.dialect.name == "postgresql":
        _LOCK.only(connection, {"lock": lock})
    return connection


def _after_reading(session: Session, lock: str | None) -> Connection | None:
    """The connection on which the session only read, to write on from now: giving it back for another costs more.

    None where there is none, or something else has to be undone.
    """
    connection: Connection | None = session.info.get("connection")
    if connection is None or connection.invalidated or len(session.info) > 1:
        return None
    if "isolation_level" in connection.get_execution_options():
        return None
    if session.new or session.dirty or session.deleted or session.in_nested_transaction():
        return None
    session.expire_all()
    if connection.dialect.name == "sqlite":
        tell(connection, "ROLLBACK")
        _begin_sqlite(connection, writes=True)
    else:
        driver: Any = connection.connection.driver_connection
        with together(connection):
            # Of a rollback psycopg concludes that the server may have lost prepared statements, and has it forget all:
            # after the next one, which `executemany` has just prepared. Here was only read, so none can be lost.
            known, driver.prepare_threshold = driver.prepare_threshold, None
            try:
                tell(connection, "ROLLBACK")
            finally:
                driver.prepare_threshold = known
            tell(connection, "BEGIN")
            if lock:
                _LOCK.run(connection, {"lock": lock})
    session.dispatch.after_begin(session, session.get_transaction(), connection)  # another moment of the database
    return connection


def read_on(connection: Connection) -> None:
    """Have the session read on this connection until its transaction ends, and give it back then.

    What was only read is ended. Who calls `begin_write` afterwards writes to the primary.
    """
    session = db.session()
    session.rollback()
    session.info["reads"] = connection
    try:
        session.connection()
    except BaseException:
        del session.info["reads"]
        raise


def take_time(connection: Connection) -> None:
    """Let this connection's statements take as long as they need, until it goes back: for migrations and backups."""
    if connection.dialect.name == "postgresql":
        for limit in ("statement_timeout", "lock_timeout"):
            connection.exec_driver_sql(f"SET {limit} = 0")
        connection.detach()  # so that nobody else gets it without limits


def plain_read() -> Connection:
    """The connection that the session reads on, for statements that find plain columns: asked of it, they cost half.

    What objects still have to store is not stored before.
    """
    session = db.session()
    return session.info.get("connection") or session.connection()


def plain_write() -> Connection:
    """The connection of the transaction that writes, for statements that need no objects: they cost half as much.

    What objects still have to store is not stored before, and what they show is not brought up to date.
    """
    connection: Connection | None = db.session().info.get("writes")
    if connection is None:
        raise WriteOutsideTransaction("call begin_write() before changing anything")
    return connection


def share(finish: Callable[[list[Any]], None], one: Any) -> None:
    """Have `finish` store `one` in the transaction that writes: beside those of others who share it, before it commits.

    So that one statement stores them all. Where nobody shares it, at once.
    """
    shared: Shared | None = db.session().info.get("shared")
    if shared is None:
        finish([one])
    else:
        shared.setdefault(finish, []).append(one)


@contextmanager
def sharing() -> Iterator[Shared]:
    """Within the transaction that writes: what several give to `share` is stored at the end of the block."""
    info, shared = db.session().info, Shared()
    info["shared"] = shared
    try:
        yield shared
        for finish, all_of_them in shared.items():
            finish(all_of_them)
    finally:
        info.pop("shared", None)


def built_once(make: Maker) -> Maker:
    """For a function that makes a statement: it is kept, because building it takes longer than running it.

    What differs from one run to the next stands in it as `bindparam`, the moment too. Arguments may name tables only:
    all that is given stays in memory for good. Raises TypeError for others.
    """
    given = inspect.get_annotations(make).items()
    if any(name != "return" and not str(kind).startswith("type[") for name, kind in given):
        raise TypeError(f"{make.__name__} would keep what it is given")
    return cast(Maker, cache(make))


class unindexed(FunctionElement[Any]):
    """A column in a condition for which SQLite shall choose no index: its own sign for that is `+`."""

    inherit_cache = True
    name = "unindexed"

    def __init__(self, of: Any) -> None:
        super().__init__(of)
        self.type = of.type


@compiles(unindexed)
def _as_it_is(element: unindexed, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


@compiles(unindexed, "sqlite")
def _with_the_sign(element: unindexed, compiler: Any, **kw: Any) -> str:
    return f"+{compiler.process(element.clauses, **kw)}"


@event.listens_for(Session, "after_begin")
def _keep_connection(session: Session, transaction: Any, connection: Connection) -> None:
    session.info["connection"] = connection


@event.listens_for(Session, "after_transaction_end")
def _forget_connections(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop("connection", None)
        session.info.pop("writes", None)
        if "reads" in session.info:
            session.info.pop("reads").close()


@event.listens_for(Session, "before_flush")
def _refuse_flush(session: Session, context: Any, instances: Any) -> None:
    if (session.new or session.dirty or session.deleted) and not session.info.get("writes"):
        raise WriteOutsideTransaction("call begin_write() before changing anything")


@event.listens_for(Session, "do_orm_execute")
def _refuse_execute(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("writes"):
        raise WriteOutsideTransaction("call begin_write() before changing anything")


def _prepare_sqlite(engine: Engine) -> None:
    """Durable, strict SQLite: an acknowledged row survives a power cut, deleted text is overwritten.

    What is written into a file that was moved away or deleted is lost with it, so that is refused, and no empty one is
    made in its place.
    """
    file = Path(engine.url.database or "")
    known = set[int]()  # the file, by its number, as connections found it

    @event.listens_for(engine, "do_connect")
    def find(dialect: Dialect, record: Any, arguments: Any, named: Any) -> None:
        if known and not file.exists():
            raise sqlite3.OperationalError("the database's file is gone")

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # transactions begin below, not in the driver
        connection.create_function("fold", 1, fold, deterministic=True)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        record.info["file"] = file, _number_of(file)
        known.add(_number_of(file))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        _begin_sqlite(connection, connection.get_execution_options().get("writes", False))


def _begin_sqlite(connection: Connection, writes: bool) -> None:
    file, number = connection.info["file"]
    if writes and _number_of(file) != number:
        connection.invalidate()
        gone = sqlite3.OperationalError("the database's file is not the one that was opened")
        raise OperationalError("BEGIN IMMEDIATE", None, gone)
    tell(connection, "BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


def _number_of(file: Path) -> int:
    """Which file stands there, whatever it is called; 0 for none."""
    try:
        return file.stat().st_ino
    except OSError:
        return 0


def _lock() -> Select[Any]:
    return select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("lock"), 0)))


_LOCK = Prepared(_lock)


def sqlite_file(path: Path) -> Engine:
    """A SQLite database beside the site's own, with the same rules. Dispose of it."""
    engine = create_engine(URL.create("sqlite", database=str(path)), hide_parameters=True)
    _prepare_sqlite(engine)
    return engine


def postgresql_options(app: Flask, url: str, patience: Mapping[str, Any], **session: Any) -> dict[str, Any]:
    """What `create_engine` is told of a PostgreSQL at `url`; `session` are settings of its sessions beside ours."""
    given = make_url(url).query
    connect = {name: value for name, value in patience.items() if name not in given}
    if "options" not in given:
        limits = {
            f"{name}_timeout": 1000 * app.config[f"BLOG_{name.upper()}_SECONDS"] for name in ("statement", "lock")
        }
        told = {**limits, **PATIENCE_THERE, **session}
        connect["options"] = " ".join(f"-c {name}={value}" for name, value in told.items())
    return {
        "hide_parameters": True,  # what people wrote must not reach a log through a traceback
        "connect_args": connect,
        "pool_size": app.config["BLOG_POOL_SIZE"],
        "max_overflow": 0,
        "pool_timeout": BUSY_SECONDS,
    }


def _ask_after_quiet(engine: Engine) -> None:
    """Ask PostgreSQL for a sign of life before a connection is used again, unless it was used just now.

    A server that ended has said so on the connection, which is looked at each time; asking costs a way there and back.
    """

    @event.listens_for(engine, "checkin")
    def note(driver: Any, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(driver: Any, record: ConnectionPoolEntry, *_: object) -> None:
        used_at = record.info.get("used_at")  # not of one that was just opened
        if used_at is None:
            return
        try:
            if time.monotonic() - used_at >= QUIET_SECONDS or _has_news(driver):
                engine.dialect.do_ping(driver)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # all were opened before it ended: another one is opened


def _has_news(driver: Any) -> bool:
    """Whether something came on the connection that nobody asked for, such as its end."""
    look = system.poll()
    look.register(driver.fileno(), system.POLLIN)
    return bool(look.poll(0))


def init_app(app: Flask) -> None:
    """Bind the session to the app's database."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    sqlite = url.startswith("sqlite")
    if sqlite:
        options = {
            "hide_parameters": True,
            "connect_args": {"timeout": BUSY_SECONDS},
            "pool_timeout": BUSY_SECONDS,
            "json_deserializer": _read_json,
            "max_overflow": 20,  # no thread waits for another one's connection
        }
    else:
        options = postgresql_options(app, url, PATIENCE)
        narrow_on_postgresql()
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    with app.app_context():
        if sqlite:
            _prepare_sqlite(db.engine)
            misread.listen(db.engine)
        else:
            _ask_after_quiet(db.engine)
