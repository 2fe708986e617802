"""The database of the site at one moment, as one SQLite file, and whether such a file is sound."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from blog.database import db, sqlite_file, take_time
from blog.folding import fold
from blog.operations import database
from blog.operations.backups import exchange
from blog.operations.backups.archive import BrokenBackup

WAIT_SECONDS = 30  # for a database that somebody locks for themselves


def opened(path: Path | str) -> sqlite3.Connection:
    """A SQLite file that is there already, without transactions of the driver's own."""
    uri = Path(path).absolute().as_uri() + "?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
    connection.create_function("fold", 1, fold, deterministic=True)
    return connection


def take(app: Flask, path: Path) -> str:
    """Copy the database to the new file `path`, as it is at one moment while others go on writing; its schema."""
    path.touch(mode=0o600, exist_ok=False)
    source = database.sqlite_path(app)
    if source is None:
        return _from_postgresql(app, path)
    with closing(opened(source)) as live, closing(opened(path)) as copy:
        live.backup(copy)  # in one step, from one snapshot: nobody who writes is waited for or waits
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with no log beside it
        return schema_of(copy)


def check(path: Path) -> dict[str, int]:
    """The rows of each table of a file. Raises BrokenBackup if it is damaged or rows point nowhere."""
    try:
        with closing(opened(path)) as file:
            said = [line for (line,) in file.execute("PRAGMA integrity_check(3)")]
            astray = file.execute("PRAGMA foreign_key_check").fetchmany(3)
            if said != ["ok"] or astray:
                raise BrokenBackup(f"The database in the backup is damaged: {'; '.join(said)} {astray or ''}".strip())
            return exchange.counts(file)
    except sqlite3.Error as error:
        raise BrokenBackup(f"The database in the backup is damaged: {error}.") from error


def schema_of(file: sqlite3.Connection) -> str:
    """The revision that a file says it has. Raises BrokenBackup if it has none."""
    try:
        return str(file.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except (sqlite3.Error, TypeError):
        raise BrokenBackup("The database was never set up: run “flask init”.") from None


def migrated_file(app: Flask, path: Path, revision: str = "head") -> None:
    """Bring a file to a schema."""
    engine = sqlite_file(path)
    try:
        database.upgrade(app, revision, engine)
    finally:
        engine.dispose()
    with closing(opened(path)) as file:
        file.execute("PRAGMA journal_mode=DELETE")


def _from_postgresql(app: Flask, path: Path) -> str:
    with app.app_context(), db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        server = connection.connection.driver_connection
        take_time(connection)
        schema = database.revision_of(connection)
        if schema is None:
            raise BrokenBackup("The database was never set up: run “flask init”.")
        migrated_file(app, path, schema)
        with closing(opened(path)) as file:
            exchange.read_postgresql(server, file)  # type: ignore[arg-type]
    return schema
