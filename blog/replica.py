"""A standby that follows the database: pages for readers are made from it, never older than from the primary.

The primary is asked, after the slots of the page were copied, how far it has written; a snapshot of the replica is
opened only when that much was replayed there. It shows all that the slots knew of, as one of the primary would.
docs/decisions/0033-pages-from-a-replica.md says why that holds, and what befalls replicas.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from contextlib import ExitStack, suppress
from enum import StrEnum
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from blog.database import PATIENCE, Stopped, db, postgresql_options, read_on
from blog.metering import meter

PAUSES = (0.001, 0.002, 0.004, 0.008, 0.016)  # seconds between looks whether it has caught up
BEHIND_SECONDS = 0.25  # for which it is left alone then
ALONE_SECONDS = 10.0  # for which it is left alone when it cannot be used
READ_SECONDS = 5.0  # for a page; then the connection is cut, since a machine that hangs does not say so
IMPATIENCE = {**PATIENCE, "connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 1}
PLACE_SECONDS = 0.1  # to wait for one of its connections when all are in use
# SQLSTATEs:
CANCELLED = "40001"  # what was read stood in the way of what is replayed
OF_THE_PAGE = "22", "57014"  # wrong data, too long a statement: the primary will find the same

log = logging.getLogger("blog.replica")

# After all that is visible there, since commits are written before they are seen. A standby has no row.
_WRITTEN = text("""
    SELECT pg_current_wal_insert_lsn()::text AS position,
        system_identifier || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS history
    FROM pg_control_system() WHERE NOT pg_is_in_recovery()
""")

# The history is that of the log which arrives, where we may see it, and else that of the last restart point.
_REPLAYED = text("""
    SELECT pg_is_in_recovery() AND :history = system_identifier || '/' || upper(lpad(to_hex(
            coalesce((SELECT received_tli FROM pg_stat_wal_receiver), timeline_id)), 8, '0')) AS follows,
        pg_wal_lsn_diff(CAST(:position AS pg_lsn), pg_last_wal_replay_lsn()) AS behind
    FROM pg_control_system(), pg_control_checkpoint()
""")

# Since when it has had nothing newer; null where it has replayed no commit since it started.
_LATE = text("SELECT greatest(0, extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()))")


class Outcome(StrEnum):
    """What came of wanting to read there."""

    READ = "read"
    BEHIND = "behind"
    STRANGER = "stranger"  # no standby, or one of another server, or of what this server was before
    FAILED = "failed"
    CANCELLED = "cancelled"  # while a page was read, by what is replayed
    ALONE = "left_alone"


class Written(NamedTuple):
    """How far a primary is, in its log and in its timelines."""

    position: str
    history: str

    @classmethod
    def now(cls) -> Written | None:
        """That of the site's database; None if that is a standby itself."""
        with db.engine.connect() as connection:
            row = connection.execution_options(isolation_level="AUTOCOMMIT").execute(_WRITTEN).one_or_none()
        return None if row is None else cls(*row)


class Look(NamedTuple):
    """How a replica was found."""

    outcome: Outcome
    behind_bytes: int = 0
    behind_seconds: float = 0.0  # age of the last commit that it knows, by its own clock, while it is behind
    problem: str = ""


class Replica:
    """What this process knows of it: whether it may be asked, or is left alone for a while."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._alone_until = 0.0
        self._is_doubtful = True  # nobody has used it since it failed
        self._cause = "it was not asked yet"
        event.listen(engine, "handle_error", self._stop)
        event.listen(engine, "checkout", self._watch)
        event.listen(engine, "checkin", _watch_no_longer)

    def open_snapshot(self) -> bool:
        """Have the session read there, in one snapshot that shows all that was committed before; whether it does.

        Raises what the primary raises. What is read may be broken off, by Stopped.
        """
        outcome = self._tried() if self._may_be_tried() else Outcome.ALONE
        if outcome is Outcome.READ:
            self._leave_alone(0)
        elif outcome is Outcome.BEHIND:
            self._leave_alone(BEHIND_SECONDS)
        elif outcome is Outcome.STRANGER:
            self._leave_alone(ALONE_SECONDS, "it does not follow this database")
        meter.count("replica_asked", outcome=outcome)
        return outcome is Outcome.READ

    def look(self) -> Look:
        """How it is, for those who run the site; as it was found last, while it is left alone.

        Raises what the primary raises.
        """
        with self._lock:
            if self._is_doubtful and time.monotonic() < self._alone_until:
                return Look(Outcome.FAILED, problem=self._cause)
        written = Written.now()
        if written is None:
            return Look(Outcome.STRANGER)
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                found = _waited(connection, written)
                if found.outcome is Outcome.BEHIND:
                    found = found._replace(behind_seconds=float(connection.scalar(_LATE) or 0))
                return found
        except (Stopped, SQLAlchemyError) as error:
            return Look(Outcome.FAILED, problem=(str(error.__cause__ or error).strip().splitlines() or [""])[0])

    def dispose(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    def _tried(self) -> Outcome:
        written = Written.now()
        if written is None:
            return Outcome.STRANGER
        try:
            with ExitStack() as stack:
                connection = stack.enter_context(self._engine.connect())
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                with meter.timed("replica_wait_seconds"):
                    found = _waited(connection, written)
                if found.outcome is Outcome.READ:
                    connection.rollback()
                    read_on(connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True))
                    stack.pop_all()  # the session gives it back
                return found.outcome
        except (Stopped, SQLAlchemyError):
            return Outcome.FAILED

    def _may_be_tried(self) -> bool:
        """While it is doubtful whether it lives, one tries, and others do not wait for that."""
        with self._lock:
            if time.monotonic() < self._alone_until:
                return False
            if self._is_doubtful:
                self._alone_until = time.monotonic() + ALONE_SECONDS
            return True

    def _leave_alone(self, seconds: float, cause: str = "") -> None:
        """Ask it no more for so long. With a `cause`, nobody knows whether it may be used then."""
        with self._lock:
            self._is_doubtful = bool(cause)
            self._alone_until = time.monotonic() + seconds
            self._cause = cause
        if cause:
            log.warning("pages are made from the primary alone", extra={"cause": cause})

    def _watch(self, connection: Any, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
        """Cut the connection if it waits for an answer too long. A machine that hangs gives none, for ever."""
        error = self._engine.dialect.loaded_dbapi.Error

        def look() -> None:
            with suppress(OSError, error):
                if record.info.get("watch") is not timer:
                    return  # it was given back just now
                if connection.info.transaction_status.name == "ACTIVE":
                    _cut(connection)
                else:  # the page takes its time, not the replica
                    self._watch(connection, record, proxy)

        timer = record.info["watch"] = threading.Timer(READ_SECONDS, look)
        timer.daemon = True
        timer.start()

    def _stop(self, context: ExceptionContext) -> Stopped:
        """Whatever goes wrong there is no fault of the page."""
        error = context.original_exception
        state = getattr(error, "sqlstate", None) or ""
        if state == CANCELLED:
            meter.count("replica_asked", outcome=Outcome.CANCELLED)
        elif not state.startswith(OF_THE_PAGE):
            self._leave_alone(ALONE_SECONDS, type(error).__name__)
        return Stopped()


def init_app(app: Flask) -> None:
    """Give the app its replica, if one is named."""
    url = app.config["BLOG_REPLICA_URL"]
    if url:
        options = postgresql_options(app, url, IMPATIENCE, default_transaction_read_only="on")
        app.extensions["replica"] = Replica(create_engine(url, **{**options, "pool_timeout": PLACE_SECONDS}))


def _waited(connection: Connection, written: Written) -> Look:
    """Whether all that was written there is replayed here, now or in a moment."""
    behind = 0
    for pause in (0, *PAUSES):
        time.sleep(pause)
        follows, behind = connection.execute(_REPLAYED, written._asdict()).one()
        if not follows:
            return Look(Outcome.STRANGER)
        if behind <= 0:
            return Look(Outcome.READ)
    return Look(Outcome.BEHIND, int(behind))


def _watch_no_longer(connection: Any, record: ConnectionPoolEntry) -> None:
    timer = record.info.pop("watch", None)
    if timer is not None:
        timer.cancel()


def _cut(connection: Any) -> None:
    """Whoever waits for an answer on it hears that there is none."""
    with socket.socket(fileno=os.dup(connection.fileno())) as ours:
        ours.shutdown(socket.SHUT_RDWR)
