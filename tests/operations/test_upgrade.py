"""From every schema that the site ever had to the newest one, with rows in it, on both databases."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from blog import create_app
from blog.checksums import Summed, is_whole
from blog.config import ConfigError
from blog.database import Base, db
from blog.operations import database
from tests.conftest import SECRET_KEY
from tests.operations.old_rows import fill, rows_in

pytestmark = pytest.mark.slow

REVISIONS = sorted(database.revisions())

POSTGRESQL_SCHEMA = (
    """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0
      AND NOT a.attisdropped""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc, '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


def schema(engine: Engine) -> list[tuple[object, ...]]:
    """Everything that a database has but its rows."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":  # where a table that was made anew lists its constraints in any order
            rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").all()
            found = [(name, *sorted(line.strip(" \t,") for line in (said or "").splitlines())) for name, said in rows]
        else:
            found = [tuple(row) for asked in POSTGRESQL_SCHEMA for row in connection.exec_driver_sql(asked)]
    return sorted(found, key=str)


@pytest.fixture
def site(tmp_path, database_kind, request):
    """A site on an empty database without any schema."""
    settings = {"BLOG_INSTANCE_PATH": str(tmp_path / "old"), "BLOG_SECRET_KEY": SECRET_KEY}
    if database_kind == "postgresql":
        settings["BLOG_DATABASE_URL"] = request.getfixturevalue("postgres").blank()
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def emptied(site) -> Engine:
    """The site's database without anything in it. In its app's context."""
    engine = db.engine
    engine.dispose()
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    else:
        for file in Path(str(engine.url.database)).parent.glob("blog.db*"):
            file.write_bytes(b"")  # taken away, it would be missed: see blog/database.py
    return engine


def filled(engine: Engine) -> dict[str, int]:
    with engine.execution_options(writes=True).begin() as connection:
        return fill(connection)


def fewer(engine: Engine, before: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Tables that are still there and have lost rows: how many they had, and have."""
    with engine.connect() as connection:
        left = set(sa.inspect(connection).get_table_names())
        after = {name: rows_in(connection, name) for name in before if name in left}
    return {name: (before[name], many) for name, many in after.items() if many < before[name]}


def damaged(engine: Engine) -> list[str]:
    """Rows with a checksum that does not fit what they say."""
    with engine.connect() as connection:
        return [
            f"{model.__tablename__} {row}"
            for model in Summed.__subclasses__()
            for row in connection.execute(sa.select(Base.metadata.tables[model.__tablename__]))
            if not all(is_whole(model, part, row) for part in range(len(model.SUMMED)))
        ]


@pytest.mark.both_databases
def test_every_schema_can_be_brought_up(site, app):
    """It ends equal to a new database, no table that is still there has lost a row, and old texts have checksums."""
    with app.app_context():
        newest = schema(db.engine)
    differing, lost, unsummed = {}, {}, {}
    for revision in REVISIONS[:-1]:
        with site.app_context():
            engine = emptied(site)
            database.upgrade(site, revision)
            before = filled(engine)
            database.migrate(site)
            found = schema(engine)
            if found != newest:
                differing[revision] = set(map(str, found)) ^ set(map(str, newest))
            if gone := fewer(engine, before):
                lost[revision] = gone
            if rows := damaged(engine):
                unsummed[revision] = rows

    assert {} == differing
    assert {} == lost
    assert {} == unsummed


def test_a_killed_migration_is_taken_up_again(site, app, tmp_path):
    """
    SIGKILL after every third step from the first schema to the newest, and after the last: the next start ends at the
    same schema and rows, and what was there before was copied first.
    """
    with app.app_context():
        newest = schema(db.engine)
    with site.app_context():
        engine = emptied(site)
        database.upgrade(site, REVISIONS[0])
        before = filled(engine)
        engine.dispose()
    file, old = tmp_path / "old" / "blog.db", tmp_path / "first.db"
    shutil.copy(file, old)
    wrong = {}
    for step in sorted({*range(1, len(REVISIONS), 3), len(REVISIONS) - 1}):
        for left in file.parent.glob("blog.db*"):
            left.unlink()
        shutil.copy(old, file)
        died_of = killed_at(site, step)
        with site.app_context():
            made = len(list((tmp_path / "old" / "backups").glob("*.db")))
            database.migrate(site)
            if died_of != signal.SIGKILL or not made or schema(engine) != newest or fewer(engine, before):
                wrong[step] = died_of, made, fewer(engine, before)
            engine.dispose()

    assert {} == wrong


def killed_at(site, step: int) -> int:
    """Migrate in a process of its own that is killed when so many revisions are done; the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        done = 0

        def count(connection, cursor, statement, *_):
            nonlocal done
            done += statement.startswith("UPDATE alembic_version")
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)

        with site.app_context():
            sa.event.listen(db.engine, "after_cursor_execute", count)
            database.migrate(site)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("revision", ["0099", "from_the_future"])
def test_a_newer_schema_is_refused_with_both_names(site, revision):
    """Older code leaves it alone: what it does not know it could destroy."""
    database.migrate(site)
    with site.app_context(), db.engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :name"), {"name": revision})
    with site.app_context():
        before = schema(db.engine)
        with pytest.raises(ConfigError, match=f"has schema {revision}, this code knows up to {REVISIONS[-1]}"):
            database.migrate(site)

        assert before == schema(db.engine)
