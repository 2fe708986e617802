"""Transactions that write, the settings of SQLite, and moments with their zone."""

from __future__ import annotations

import re
import sqlite3
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.schema import CreateIndex

from blog import database
from blog.accounts.models import Person
from blog.clock import now
from blog.database import (
    BUSY_SECONDS,
    PATIENCE,
    Base,
    UTCDateTime,
    WriteOutsideTransaction,
    begin_write,
    built_once,
    db,
    narrow_on_postgresql,
    plain_read,
    plain_write,
    postgresql_options,
    take_time,
)
from blog.pagecache.changes import PageChange
from blog.pagecache.notes import taking_notes
from blog.pages.models import SiteSetting
from blog.search.models import SearchPost
from tests.readers import Reader, hidden_token


def setting(name="x", value=0):
    return SiteSetting(name=name, value={"value": value}, changed_at=now())


class TestWhatPostgreSQLAloneHas:
    """Loaded where it is used, and nevertheless there (tests/test_libraries.py)."""

    @pytest.mark.parametrize(
        ("column", "there", "here"),
        [(SiteSetting.__table__.c.value, "JSONB", "JSON"), (SearchPost.__table__.c.heads_vector, "TSVECTOR", "TEXT")],
    )
    def test_types_are_its_own_there(self, column, there, here):
        kinds = [column.type.compile(dialect=dialect) for dialect in (postgresql.dialect(), sqlite.dialect())]

        assert [there, here] == kinds

    def test_indexes_hold_the_same_rows_on_both(self):
        """Those of few rows are for few rows on PostgreSQL, too."""
        narrow_on_postgresql()
        indexes = [index for table in Base.metadata.tables.values() for index in table.indexes]
        narrow = [
            {index.name for index in indexes if "WHERE" in str(CreateIndex(index).compile(dialect=dialect))}
            for dialect in (postgresql.dialect(), sqlite.dialect())
        ]

        assert narrow[0] == narrow[1] > {"ix_posts_cards", "ix_comments_public"}


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestBeginWrite:
    def test_lets_a_transaction_write(self):
        """Begun for writing, a row is kept."""
        begin_write()
        db.session.add(setting())
        db.session.commit()

        assert 1 == db.session.query(SiteSetting).count()

    def test_is_needed_for_new_rows(self):
        """Without it, adding is refused before anything reaches the database."""
        db.session.add(setting())

        with pytest.raises(WriteOutsideTransaction):
            db.session.flush()

    def test_is_needed_for_changed_rows(self, make):
        """Also for a row that was only read."""
        make.settings(name="x")
        db.session.query(SiteSetting).one().value = {"value": "y"}

        with pytest.raises(WriteOutsideTransaction):
            db.session.flush()

    def test_is_needed_for_deleting(self, make):
        """And for taking a row away."""
        make.settings(name="x")
        db.session.delete(db.session.query(SiteSetting).one())

        with pytest.raises(WriteOutsideTransaction):
            db.session.flush()

    def test_is_needed_for_statements(self):
        """And for an UPDATE of many."""
        with pytest.raises(WriteOutsideTransaction):
            db.session.execute(update(Person).values(bio=""))

    def test_is_needed_for_plain_statements(self):
        """And for what goes past the session."""
        with pytest.raises(WriteOutsideTransaction):
            plain_write()

    def test_lets_plain_statements_through(self):
        """They are part of the transaction."""
        begin_write()

        assert 0 == plain_write().execute(update(Person).values(bio="")).rowcount

    @pytest.mark.parametrize("end", ["commit", "rollback"])
    def test_holds_until_the_transaction_ends(self, end):
        """The next transaction must say so again."""
        begin_write()
        getattr(db.session, end)()
        db.session.add(setting())

        with pytest.raises(WriteOutsideTransaction):
            db.session.flush()

    def test_is_said_once(self):
        """A second one inside would throw away what the first has written."""
        begin_write()

        with pytest.raises(WriteOutsideTransaction):
            begin_write()

    def test_forgets_what_was_only_read(self, app, make):
        """What was read before may be stale; after it, everything is read anew."""
        make.settings(name="before")
        row = db.session.query(SiteSetting).one()
        assert {"value": "before"} == row.value

        def elsewhere():
            with app.app_context():
                begin_write()
                db.session.query(SiteSetting).one().value = {"value": "after"}
                db.session.commit()

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        begin_write()

        assert {"value": "after"} == row.value

    def test_goes_on_with_the_connection_that_read(self):
        """Giving it back to take another would cost as much as some statements."""
        reads = plain_read()
        db.session.query(Person).all()
        begin_write()

        assert (reads, plain_write()) == (plain_write(), db.session.connection())

    def test_begins_another_moment_for_who_counts_them(self, app):
        """A page that was read before and after it is made of two moments, and is not kept."""
        with taking_notes(memoryview(b""), is_proven=True) as notes:
            db.session.query(Person).all()
            begin_write()

        assert 2 == notes.snapshots

    def test_holds_its_lock_also_after_reading(self):
        """What must happen one at a time does, whether or not something was read before."""
        db.session.query(Person).all()
        begin_write(lock="sender")
        asked = {
            "sqlite": "SELECT 0",  # one transaction writes at a time, whatever its lock is called
            "postgresql": "SELECT CAST(pg_try_advisory_xact_lock(hashtextextended('sender', 0)) AS integer)",
        }

        with db.engine.connect() as other:
            assert 0 == other.scalar(text(asked[db.engine.dialect.name]))

    def test_knows_its_prepared_statements_whatever_was_only_read(self):
        """Several rows at once, by requests that read first and by those that only write, on one connection."""

        def request(*keys, reads=True):
            if reads:
                db.session.execute(text("SELECT 1"))
            if keys:
                begin_write()
                db.session.execute(insert(PageChange), [{"key": key} for key in keys])
                db.session.commit()
            db.session.remove()

        request()
        request("a", "b", reads=False)
        request("c", "d")
        request("e", "f", reads=False)

        kept = select(PageChange.key).where(func.length(PageChange.key) == 1)
        assert list("abcdef") == sorted(db.session.scalars(kept))

    def test_undoes_what_was_changed_without_it(self, make):
        """What was only changed in memory is not written by the next one."""
        make.settings(name="x")
        db.session.query(SiteSetting).one().value = {"value": "y"}
        begin_write()
        db.session.commit()

        assert {"value": "x"} == db.session.query(SiteSetting).one().value


@contextmanager
def begun_in_vain():
    """Somebody else holds the write lock, and a write did not begin."""
    plain_read().exec_driver_sql("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(db.engine.url.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError):
            begin_write()
        yield


@pytest.mark.usefixtures("context")
class TestSQLite:
    def test_is_read_again_after_a_write_that_did_not_begin(self, app):
        """While another holds the write lock for too long, only the write is refused."""
        with begun_in_vain():
            db.session.rollback()

            assert 0 == db.session.query(SiteSetting).count()

    def test_can_be_begun_again_after_it_did_not(self, app):
        with begun_in_vain():
            pass
        begin_write()

        assert plain_write() is db.session.connection()

    @pytest.mark.parametrize(
        ("pragma", "expected"),
        [
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("secure_delete", 1),
            ("busy_timeout", 5000),
        ],
    )
    def test_is_durable_and_strict(self, pragma, expected):
        """WAL, every commit on the disk (2: FULL), keys checked, deleted text overwritten, five seconds of patience."""
        assert expected == db.session.execute(text(f"PRAGMA {pragma}")).scalar()

    def test_takes_its_write_lock_at_once(self, app):
        """A second writer waits from the beginning, so that nothing it reads is stale."""
        begin_write()
        order = []

        def second():
            with app.app_context():
                begin_write()
                order.append("second")
                db.session.rollback()

        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        order.append("first")
        db.session.rollback()
        thread.join()

        assert ["first", "second"] == order

    def test_does_not_make_readers_wait(self, app):
        """While one writes, others read what was there before."""
        begin_write()
        db.session.add(setting())
        db.session.flush()
        counted = []

        def reader():
            with app.app_context():
                counted.append(db.session.query(SiteSetting).count())

        thread = threading.Thread(target=reader)
        thread.start()
        thread.join(30)
        db.session.rollback()

        assert [0] == counted


@pytest.mark.slow
def test_reading_then_writing_is_never_locked_out(app, make):
    """Threads that look first and write then: none is refused, and no step is lost."""
    make.settings(name=0)
    failures = []

    def count():
        try:
            for _ in range(10):
                with app.app_context():
                    db.session.query(SiteSetting).one()
                    begin_write()
                    row = db.session.query(SiteSetting).one()
                    row.value = {"value": row.value["value"] + 1}
                    db.session.commit()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        total = db.session.query(SiteSetting).one().value["value"]

    assert ([], 60) == (failures, total)


class TestMoments:
    def test_without_a_zone_are_refused(self):
        """A time of day somewhere is no moment."""
        with pytest.raises(ValueError, match="time zone"):
            UTCDateTime().process_bind_param(datetime(2026, 6, 1), None)  # noqa: DTZ001

    @pytest.mark.both_databases
    @pytest.mark.usefixtures("context")
    def test_without_a_zone_are_not_stored(self):
        """Also not on the way to the database."""
        begin_write()
        db.session.add(SiteSetting(name="x", value={}, changed_at=datetime(2026, 6, 1)))  # noqa: DTZ001

        with pytest.raises(StatementError, match="time zone"):
            db.session.flush()

    @pytest.mark.both_databases
    @pytest.mark.usefixtures("context")
    def test_come_back_in_utc(self):
        """Whatever zone they had, to the microsecond."""
        at = datetime(2026, 6, 1, 14, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
        begin_write()
        db.session.add(SiteSetting(name="x", value={}, changed_at=at))
        db.session.commit()
        read = db.session.query(SiteSetting).one().changed_at

        assert (at, UTC) == (read, read.tzinfo)


class TestBuiltOnce:
    def test_keeps_a_statement_for_each_table(self):
        @built_once
        def rows(model: type[Base]) -> object:
            return object()

        assert rows(SiteSetting) is rows(SiteSetting)
        assert rows(SiteSetting) is not rows(Person)

    def test_refuses_to_keep_what_people_wrote(self):
        def rows(name: str) -> object:
            return object()

        with pytest.raises(TypeError, match="rows would keep"):
            built_once(rows)


class TestFileThatIsAway:
    """Somebody moves or deletes the file of SQLite while the site runs."""

    @pytest.fixture
    def file(self, app):
        return app.config["BLOG_INSTANCE_PATH"] / "blog.db"

    def test_takes_no_comment_that_would_be_lost(self, app, make, file):
        """503 with what was typed, and no empty database in its place; taken again once the file is back."""
        make.post("one")
        reader = Reader(app)
        token = hidden_token(reader.open("one"))
        file.rename(file.with_name("away"))
        refused = [reader.send("one", token=token, body="Where to?") for _ in range(2)]
        is_made = file.exists()
        file.with_name("away").rename(file)

        assert [(503, True)] * 2 == [(answer.status_code, "Where to?" in answer.text) for answer in refused]
        assert not is_made
        assert 303 == reader.send("one", token=token, body="Where to?").status_code

    def test_writes_into_the_one_that_took_its_place(self, app, make, file):
        """A file that was restored under the running site is written from the next request on."""
        make.post("one")
        reader = Reader(app)
        token = hidden_token(reader.open("one"))
        copy = file.with_name("copy")
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        copy.replace(file)
        for beside in ("-wal", "-shm"):
            file.with_name(f"blog.db{beside}").unlink()
        statuses = [reader.send("one", token=token, body=f"Number {number}").status_code for number in range(2)]

        assert [503, 303] == statuses
        with closing(sqlite3.connect(file)) as database:
            assert [("Number 1",)] == database.execute("SELECT body FROM comment_revisions").fetchall()


class TestPatienceOfPostgreSQL:
    @pytest.fixture
    def database_kind(self):
        return "postgresql"

    @pytest.fixture
    def settings(self):
        return {"BLOG_STATEMENT_SECONDS": "1", "BLOG_LOCK_SECONDS": "2", "BLOG_POOL_SIZE": "3"}

    def test_ends_as_the_settings_say(self, app):
        """A statement that takes too long is given up, and no more connections are opened than are allowed."""
        with app.app_context():
            with pytest.raises(OperationalError, match="statement timeout"):
                db.session.execute(text("SELECT pg_sleep(5)"))
            db.session.rollback()
            shown = [db.session.execute(text(f"SHOW {one}")).scalar() for one in ("statement_timeout", "lock_timeout")]

            assert (["1s", "2s"], 3) == (shown, db.engine.pool.size())

    def test_a_machine_that_is_gone_keeps_no_lock(self, app):
        """The database notices sooner than others give up waiting; a path of the file system, as here, always does."""
        told = postgresql_options(app, "postgresql://db", PATIENCE)["connect_args"]["options"]
        idle, every, times = (
            int(re.search(rf"-c tcp_keepalives_{name}=(\d+)", told)[1]) for name in ("idle", "interval", "count")
        )
        silent = int(re.search(r"-c tcp_user_timeout=(\d+)", told)[1])

        assert idle + every * times < BUSY_SECONDS
        assert silent < 1000 * BUSY_SECONDS

    def test_has_no_end_for_migrations_and_backups(self, app):
        """Whoever gets a connection after them has the limits again."""
        with app.app_context():
            with db.engine.connect() as connection:
                take_time(connection)
                without = connection.execute(text("SHOW statement_timeout")).scalar()
            with db.engine.connect() as connection:
                assert ("0", "1s") == (without, connection.execute(text("SHOW statement_timeout")).scalar())

    def test_a_lock_that_is_held_too_long_is_given_up(self, app, make):
        """Who waits behind another sender's submission is told so, with the text kept."""
        make.post("one")
        reader = Reader(app)
        token = hidden_token(reader.open("one"))
        with app.app_context(), db.engine.connect() as other:
            other.execute(text("LOCK TABLE comments IN ACCESS EXCLUSIVE MODE"))
            said = reader.send("one", token=token, body="Where to?")

        assert (503, True) == (said.status_code, "Where to?" in said.text)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
class TestConnectionThatIsUsedAgain:
    @pytest.fixture
    def pings(self, app, monkeypatch):
        """The questions for a sign of life."""
        asked = []
        with app.app_context():
            dialect = db.engine.dialect
        ping = dialect.do_ping
        monkeypatch.setattr(dialect, "do_ping", lambda driver: (asked.append(driver), ping(driver)))
        return asked

    def backend(self):
        """Which process of the server answers; the connection goes back."""
        number = db.session.scalar(text("SELECT pg_backend_pid()"))
        db.session.rollback()
        return number

    def end(self, number):
        with closing(psycopg.connect(db.engine.url.set(drivername="postgresql").render_as_string(False))) as other:
            other.autocommit = True
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])

    def test_just_now_is_not_asked_for_a_sign_of_life(self, app, pings):
        with app.app_context():
            numbers = [self.backend() for _ in range(3)]

        assert (1, []) == (len(set(numbers)), pings)

    def test_after_a_while_is_asked_for_a_sign_of_life(self, app, pings, monkeypatch):
        monkeypatch.setattr(database, "QUIET_SECONDS", 0)
        with app.app_context():
            numbers = [self.backend() for _ in range(3)]

        assert (1, 2) == (len(set(numbers)), len(pings))

    def test_and_was_ended_meanwhile_is_opened_again(self, app, pings):
        """Nobody is told of a database that was restarted between two requests, however short the time."""
        with app.app_context():
            before = self.backend()
            self.end(before)
            after = self.backend()

        assert (True, 1) == (before != after, len(pings))

    def test_and_was_ended_meanwhile_takes_no_other_old_one(self, app, pings):
        """All that were opened before are as dead as it."""
        with app.app_context():
            with db.engine.connect() as one, db.engine.connect() as other:
                numbers = [connection.scalar(text("SELECT pg_backend_pid()")) for connection in (one, other)]
            for number in numbers:
                self.end(number)
            with db.engine.connect() as one, db.engine.connect() as other:
                later = [connection.scalar(text("SELECT pg_backend_pid()")) for connection in (one, other)]

        assert (set(), 1) == (set(numbers) & set(later), len(pings))
