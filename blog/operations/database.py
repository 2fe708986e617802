"""Brings the database to the schema that this code knows, once, whoever starts first."""

from __future__ import annotations

import fcntl
import importlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import OperationalError

from blog import clock
from blog.config import ConfigError
from blog.database import db, take_time
from blog.operations.filesystems import network_file_system

BACKUPS_KEPT = 5
LOG_WAIT_SECONDS = 0.5  # for readers of an older state; writers wait meanwhile
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

_LINK = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*(.+)$", re.MULTILINE)
_NAME = re.compile(r"""["']([^"']+)["']""")
_ADVISORY_LOCK = 0x626C6F67  # one starter at a time, also when several machines share a PostgreSQL


def is_current(app: Flask) -> bool:
    """Whether the database answers and has the newest schema. Raises what the database raises."""
    with app.app_context(), db.engine.connect() as connection:
        return revision_of(connection) == newest_revision()


def migrate(app: Flask) -> None:
    """Bring the schema to the newest revision; a second starter waits for the first.

    Raises ConfigError when the database cannot be reached, or was migrated by newer code.
    """
    path = sqlite_path(app)
    if path and (kind := network_file_system(Path(path))):
        raise ConfigError(
            f"BLOG_DATABASE_URL: {path} lies on {kind}, a network file system, where SQLite's locks cannot be relied "
            "on: use a local disk, or PostgreSQL."
        )
    with exclusive(app, "migrate"), app.app_context():
        try:
            with db.engine.connect() as connection:
                found, is_empty = revision_of(connection), not inspect(connection).get_table_names()
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise ConfigError(f"BLOG_DATABASE_URL: the database cannot be opened: {reason}.") from None
        newest = newest_revision()
        if found == newest:
            return
        if found is not None and found not in revisions():
            raise ConfigError(
                f"The database has schema {found}, this code knows up to {newest}: "
                "start the newer code, or restore a backup made before it."
            )
        if not is_empty:
            back_up(app, found or "unversioned")
        upgrade(app)


def upgrade(app: Flask, revision: str = "head", engine: Engine | None = None) -> None:
    """Run the migrations up to `revision`, on the site's database or that of `engine`.

    Alembic takes a third of a second to import, so only who needs it pays.
    """
    command = importlib.import_module("alembic.command")
    config = importlib.import_module("alembic.config").Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    with app.app_context():
        command.upgrade(config, revision)


@contextmanager
def exclusive(app: Flask, purpose: str) -> Iterator[None]:
    """Hold the instance's lock for `purpose`: a second process waits here. The system frees it when we die."""
    with (app.config["BLOG_INSTANCE_PATH"] / f"{purpose}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def first_of_all_machines(app: Flask, purpose: str) -> Iterator[None]:
    """Hold the lock of a PostgreSQL for `purpose`: another machine waits here. It ends with our connection."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            yield
            return
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            take_time(connection)
            connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:purpose, 0))"), {"purpose": purpose})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock_all()"))


@contextmanager
def alone_in_database(connection: Connection) -> Iterator[None]:
    """Wait until no other machine migrates the same PostgreSQL. SQLite has its own write lock."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    yield


def newest_revision() -> str | None:
    """The one revision that no other builds on, read from the files: Alembic itself is slow to import."""
    links = revisions()
    heads = links.keys() - {parent for parents in links.values() for parent in parents}
    if len(heads) > 1:
        raise RuntimeError(f"several newest revisions in {MIGRATIONS / 'versions'}: {', '.join(sorted(heads))}")
    return next(iter(heads), None)


def sqlite_path(app: Flask) -> str | None:
    """The file of the database; None for PostgreSQL."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    return url.database if url.drivername.startswith("sqlite") and url.database else None


def back_up(app: Flask, revision: str) -> Path | None:
    """A consistent copy of the SQLite file in instance/backups/, also while others write. PostgreSQL: none."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if not url.drivername.startswith("sqlite") or not url.database:
        return None
    folder = app.config["BLOG_INSTANCE_PATH"] / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy: Path = folder / f"{clock.now():%Y%m%dT%H%M%S%fZ}-{revision}.db"
    unfinished = copy.with_suffix(".part")
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(url.database)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.rename(copy)
    for old in sorted(folder.glob("*.db"))[:-BACKUPS_KEPT]:
        old.unlink()
    return copy


def empty_log(app: Flask) -> bool:
    """Move what SQLite's write-ahead log holds into the file, and empty it; whether nobody stood in the way.

    Text that was erased is overwritten in the file, but stands in the log until that is written anew. PostgreSQL: True.
    """
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if not url.drivername.startswith("sqlite") or not url.database:
        return True
    with closing(sqlite3.connect(url.database, timeout=LOG_WAIT_SECONDS)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def revision_of(connection: Connection) -> str | None:
    """The revision that the database says it has; None when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def revisions() -> dict[str, list[str]]:
    """Each revision in the files, and what it builds on."""
    links_of: dict[str, list[str]] = {}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        links = {name: _NAME.findall(value) for name, value in _LINK.findall(path.read_text())}
        if links.get("revision"):
            links_of[links["revision"][0]] = links.get("down_revision", [])
    return links_of
