"""Migrations: fresh, repeated, side by side, and of a database that is newer than the code."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import text

from blog import clock, create_app
from blog.comments.models import Comment
from blog.config import ConfigError
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.operations import database
from blog.privacy import erasing
from tests.conftest import SECRET_KEY


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """A site whose database was never migrated."""
    app = create_app({"BLOG_INSTANCE_PATH": str(tmp_path / "bare"), "BLOG_SECRET_KEY": SECRET_KEY})
    yield app
    with app.app_context():
        db.engine.dispose()


def set_revision(app: Flask, revision: str) -> None:
    with app.app_context():
        begin_write()
        db.session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        db.session.commit()
        db.engine.dispose()


def backups(app: Flask) -> list[Path]:
    return sorted((app.config["BLOG_INSTANCE_PATH"] / "backups").glob("*.db"))


def test_makes_the_schema(bare: Flask):
    """A new database gets the newest schema, and nothing is there to be backed up."""
    assert not database.is_current(bare)
    database.migrate(bare)

    assert database.is_current(bare)
    assert [] == backups(bare)


def test_changes_nothing_the_second_time(bare: Flask, monkeypatch: pytest.MonkeyPatch):
    """A start with the newest schema runs no migration."""
    database.migrate(bare)
    monkeypatch.setattr(database, "upgrade", lambda app: pytest.fail("migrated again"))

    database.migrate(bare)


def test_second_starter_waits_for_the_first(bare: Flask, monkeypatch: pytest.MonkeyPatch):
    """Of two that start together, one migrates and the other finds it done."""
    upgrade, runs = database.upgrade, []

    def counted(app: Flask) -> None:
        runs.append(1)
        upgrade(app)

    monkeypatch.setattr(database, "upgrade", counted)
    starters = [threading.Thread(target=database.migrate, args=[bare]) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert [1] == runs
    assert database.is_current(bare)


def test_refuses_a_newer_database(bare: Flask):
    """Old code must not write into a schema it does not know; the message names both."""
    database.migrate(bare)
    set_revision(bare, "from_the_future")

    with pytest.raises(ConfigError, match=f"from_the_future.*{database.newest_revision()}"):
        database.migrate(bare)


def test_backs_up_before_it_migrates(bare: Flask, monkeypatch: pytest.MonkeyPatch):
    """A database with tables in it is copied first; the copy can be opened and is whole."""
    database.migrate(bare)
    monkeypatch.setattr(database, "newest_revision", lambda: "next")
    monkeypatch.setattr(database, "upgrade", lambda app: None)
    database.migrate(bare)

    with closing(sqlite3.connect(backups(bare)[0])) as copy:
        assert [("ok",)] == copy.execute("PRAGMA integrity_check").fetchall()
        assert copy.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_keeps_a_few_backups(bare: Flask):
    """The newest five are kept."""
    database.migrate(bare)
    made = [database.back_up(bare, f"r{number}") for number in range(database.BACKUPS_KEPT + 2)]

    assert made[2:] == backups(bare)


def test_undoes_a_migration_that_fails(bare: Flask, monkeypatch: pytest.MonkeyPatch):
    """All of it happens or nothing: the next start finds the schema of before."""

    def broken(*arguments: object) -> None:
        raise RuntimeError("power failure")

    monkeypatch.setattr(MigrationContext, "_ensure_version_table", broken)
    with pytest.raises(RuntimeError):
        database.migrate(bare)
    monkeypatch.undo()
    with bare.app_context(), db.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()

    assert 0 == tables
    database.migrate(bare)
    assert database.is_current(bare)


@pytest.mark.both_databases
def test_migrations_make_what_the_models_say(app: Flask):
    """No migration was forgotten: `flask db check` finds nothing to write."""
    done = app.test_cli_runner().invoke(args=["db", "check"])

    assert 0 == done.exit_code, done.output


def test_backup_names_sort_by_time(bare: Flask):
    """The newest is the last in the folder."""
    database.migrate(bare)
    made = database.back_up(bare, "r1")

    assert made is not None
    assert made.name.startswith(f"{clock.now():%Y%m%d}")


class TestEmptyLog:
    """What was erased must not stand beside the database either."""

    def texts(self, app: Flask) -> list[bool]:
        files = sorted(app.config["BLOG_INSTANCE_PATH"].glob("blog.db*"))
        return [b"Zebulon's secret" in file.read_bytes() for file in files]

    def test_leaves_nothing_of_an_erased_text(self, app, make):
        """The words stand in SQLite's log until it is emptied, then nowhere."""
        comment = make.comment(body="Zebulon's secret")
        with app.app_context():
            begin_write()
            erasing.erase(db.session.get_one(Comment, comment.id))
            db.session.commit()
        before = any(self.texts(app))

        assert (True, True, False) == (before, database.empty_log(app), any(self.texts(app)))

    def test_says_when_somebody_stands_in_the_way(self, app, make):
        """Whoever reads an older state is not waited for: the next run does it."""
        with closing(sqlite3.connect(app.config["BLOG_INSTANCE_PATH"] / "blog.db")) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM comments").fetchone()
            make.comment()

            assert not database.empty_log(app)

    @pytest.mark.both_databases
    def test_is_done_by_a_job(self, app):
        """Also where there is no such file."""
        with app.app_context():
            jobs.registered["empty_database_log"][0]()

        assert database.empty_log(app)


class TestFirstOfAllMachines:
    @pytest.fixture
    def database_kind(self):
        return "postgresql"

    def test_another_machine_waits(self, app, database_url, tmp_path):
        """Two nodes that start at once on one PostgreSQL fill it one after the other."""
        settings = {"BLOG_INSTANCE_PATH": str(tmp_path / "other"), "BLOG_DATABASE_URL": database_url}
        other = create_app({**settings, "BLOG_SECRET_KEY": SECRET_KEY})
        order, nobody = [], threading.Event()

        def second() -> None:
            with database.first_of_all_machines(other, "init"):
                order.append("second")

        with database.first_of_all_machines(app, "init"):
            thread = threading.Thread(target=second)
            thread.start()
            nobody.wait(0.3)  # long enough for the other to go past us, if it can
            order.append("first")
        thread.join(60)
        with other.app_context():
            db.engine.dispose()

        assert ["first", "second"] == order

    def test_ends_with_whoever_fails(self, app):
        """An error inside leaves no lock behind."""
        with pytest.raises(RuntimeError), database.first_of_all_machines(app, "init"):
            raise RuntimeError
        with database.first_of_all_machines(app, "init"):
            pass
