"""Pages from a standby that really streams: never older than from the primary, and made all the same without it."""

from __future__ import annotations

import contextlib
import time
from contextlib import closing, contextmanager

import psycopg
import pytest
from flask import jsonify
from sqlalchemy import event, func, select, text

from blog import replica
from blog.accounts.models import RoleName
from blog.comments.models import Comment, State
from blog.database import db, plain_read
from blog.metering import meter
from blog.operations.doctor import stored
from blog.operations.doctor.findings import Level
from blog.operations.metrics import owed
from blog.pagecache.notes import public_page
from blog.prepared import Prepared
from blog.replica import Outcome
from tests.databases import PostgreSQL, migrated, wipe_statement
from tests.nodes import Database
from tests.pagecache.steps import change, decide, of
from tests.processes import free_port
from tests.standby import Standby

pytestmark = pytest.mark.slow

WHERE = select(
    func.pg_is_in_recovery(),
    func.current_setting("transaction_read_only"),
    func.current_setting("transaction_isolation"),
)
PREPARED = Prepared(lambda: WHERE)


@pytest.fixture(scope="module")
def primary(tmp_path_factory):
    database = Database()
    with psycopg.connect(database.url, autocommit=True) as connection:
        for setting in PostgreSQL.TUNING:
            connection.execute(f"ALTER SYSTEM SET {setting}")  # standbys take them along
        connection.execute("ALTER SYSTEM SET wal_keep_size = '1GB'")  # so that a slow standby finds what it needs
        connection.execute("SELECT pg_reload_conf()")
    migrated({"BLOG_INSTANCE_PATH": str(tmp_path_factory.mktemp("primary")), "BLOG_DATABASE_URL": database.url})
    yield database
    database.close()


@pytest.fixture(scope="module")
def lasting(primary):
    """A standby for tests that leave it as it was. What it is told to replay, it replays, whoever reads."""
    with closing(Standby(primary, max_standby_streaming_delay="0")) as standby:
        yield standby


@pytest.fixture
def mortal(primary):
    """One that may be killed."""
    with closing(Standby(primary)) as standby:
        yield standby


@pytest.fixture
def standby(request):
    """The lasting one, unless the test needs the mortal one."""
    return request.getfixturevalue("mortal" if "mortal" in request.fixturenames else "lasting")


@pytest.fixture
def database_url(primary, standby):
    with psycopg.connect(primary.url, autocommit=True) as connection:
        connection.execute(wipe_statement(connection))
    assert standby.caught_up(primary)
    return primary.url


@pytest.fixture
def settings(standby):
    return {"BLOG_REPLICA_URL": standby.url}


@pytest.fixture
def app(app, monkeypatch):
    """A site with a page that says twice where it was read, and patience enough for a busy machine."""
    monkeypatch.setattr(replica, "PAUSES", (0.01,) * 300)
    monkeypatch.setattr(replica, "BEHIND_SECONDS", 0.0)
    monkeypatch.setattr(replica, "READ_SECONDS", 60.0)

    @app.get("/where")
    @public_page()
    def where():
        said = [list(db.session.execute(WHERE).one())]
        app.extensions.get("between", list)()
        said += PREPARED.rows(plain_read(), {})
        app.extensions.get("after", list)()
        return jsonify(said)

    app.extensions["pagecache"]._routes = app.url_map.bind("localhost")
    yield app
    app.extensions["replica"].dispose()


@pytest.fixture
def impatient(monkeypatch):
    """Who finds a replica that is behind does not wait for it."""
    monkeypatch.setattr(replica, "PAUSES", (0.001,))


@pytest.fixture
def read_anew(app, client):
    """`read_anew(address)`: a page that was not in memory."""

    def reading(address="/posts/one"):
        app.extensions["pagecache"].forget()
        answer = client.get(address)
        assert 200 == answer.status_code
        return answer

    return reading


def turn_to(app, url):
    """Have it use another replica."""
    app.extensions["replica"].dispose()
    app.config["BLOG_REPLICA_URL"] = url.replace("postgresql:", "postgresql+psycopg:")
    replica.init_app(app)


@contextmanager
def outcomes():
    """What comes of wanting to read from the replica, one after the other counted."""

    def counts():
        return {
            dict(labels)["outcome"]: n for (name, labels), n in meter.read().counts.items() if name == "replica_asked"
        }

    before, found = counts(), {}
    yield found
    found |= {outcome: n - before.get(outcome, 0) for outcome, n in counts().items() if n != before.get(outcome, 0)}


@contextmanager
def asked_of_primary(app):
    """The statements that the primary is asked, without those of the node's proof."""
    with app.app_context():
        engine = db.engine
    found = []

    def note(connection, cursor, statement, parameters, context, many):
        found.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
        found[:] = [statement for statement in found if "pg_current_snapshot" not in statement]


FROM_REPLICA = [[True, "on", "repeatable read"]] * 2
FROM_PRIMARY = [[False, "on", "repeatable read"]] * 2


class TestPages:
    def test_are_read_from_the_replica(self, app, make, read_anew):
        """Of a whole article the primary is asked one thing: how far it has written."""
        make.comment(make.post("one"), body="MARK", state=State.APPROVED)
        with asked_of_primary(app) as statements:
            page = read_anew()

        assert "MARK" in page.text
        assert ["SELECT pg_current_wal_insert_lsn()"] == [statement.partition("::")[0] for statement in statements]
        assert FROM_REPLICA == read_anew("/where").json

    def test_forms_and_the_desk_are_not(self, app, make, staff, client):
        make.post("one")
        desk = staff(RoleName.MODERATOR)
        with outcomes() as found:
            assert 200 == desk.get("/desk").status_code
            assert 200 == client.get("/login").status_code
            assert 422 == client.post("/posts/one/comments", data={}).status_code

        assert {} == found

    def test_show_each_decision_at_once(self, make, read_anew):
        """Approved and withdrawn: each page that is asked for after the answer shows it, read from the replica."""
        comment = make.comment(make.post("one"), body="MARK")
        with outcomes() as found:
            seen = []
            for verb in (
                lambda: decide(make.app, comment),
                lambda: change(make.app, of(Comment, comment, Comment.withdraw)),
            ):
                verb()
                seen.append("MARK" in read_anew().text)

        assert ([True, False], {Outcome.READ: 2}) == (seen, found)

    def test_stay_in_memory_as_those_of_the_primary(self, app, make, client):
        make.post("one")
        client.get("/posts/one")
        before = app.extensions["pagecache"].rendered
        client.get("/posts/one")

        assert before == app.extensions["pagecache"].rendered


@pytest.mark.usefixtures("impatient")
class TestBehind:
    def test_a_page_is_never_older_than_the_decision(self, make, standby, read_anew):
        """Replay stands still: what was withdrawn is gone, since the primary is asked."""
        comment = make.comment(make.post("one"), body="MARK", state=State.APPROVED)
        with standby.replay_paused(), outcomes() as found:
            change(make.app, of(Comment, comment, Comment.withdraw))
            page = read_anew()

        assert "MARK" not in page.text
        assert {Outcome.BEHIND: 1} == found

    def test_it_is_left_alone_for_a_moment(self, make, standby, read_anew, monkeypatch):
        """The next pages do not wait for it in vain."""
        monkeypatch.setattr(replica, "BEHIND_SECONDS", 600)
        with standby.replay_paused(), outcomes() as found:
            make.post("one")
            read_anew()
            read_anew()

        assert {Outcome.BEHIND: 1, Outcome.ALONE: 1} == found


class TestConflicts:
    def test_what_is_broken_off_is_read_from_the_primary(self, app, primary, make, standby, read_anew):
        """What the page reads is removed for good while it is read; replay goes first, and the page is made anew."""
        make.post("one")

        def remove():
            del app.extensions["between"]
            with psycopg.connect(primary.url, autocommit=True) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS gone AS SELECT generate_series(1, 1000) AS i")
                connection.execute("DELETE FROM gone")
                connection.execute("VACUUM gone")
                connection.execute("DROP TABLE gone")
            standby.caught_up(primary)

        app.extensions["between"] = remove
        standby.caught_up(primary)
        with outcomes() as found:
            said = read_anew("/where")

        assert (FROM_PRIMARY, {Outcome.READ: 1, Outcome.CANCELLED: 1}) == (said.json, found)


class TestLoss:
    def test_pages_go_on_without_it(self, make, mortal, read_anew, monkeypatch):
        """One page finds out, the next ones do not try; when it is back, it is used again."""
        make.post("one")
        read_anew()
        mortal.kill()
        with outcomes() as without:
            for _ in range(3):
                read_anew()
        mortal.start()
        monkeypatch.setattr(replica.time, "monotonic", lambda now=time.monotonic: now() + replica.ALONE_SECONDS)
        with outcomes() as again:
            read_anew()

        assert {Outcome.FAILED: 1, Outcome.ALONE: 2} == without
        assert {Outcome.READ: 1} == again

    def test_one_that_hangs_is_cut_off(self, make, standby, read_anew, monkeypatch):
        """It takes the question and never answers, as a machine whose disk hangs."""
        monkeypatch.setattr(replica, "READ_SECONDS", 0.5)
        make.post("one")
        with standby.frozen(), outcomes() as found:
            read_anew()

        assert {Outcome.FAILED: 1} == found

    def test_one_that_hangs_in_the_middle_of_a_page_is_cut_off(self, app, standby, read_anew, monkeypatch):
        monkeypatch.setattr(replica, "READ_SECONDS", 1.0)
        with contextlib.ExitStack() as stack:
            app.extensions["between"] = lambda: app.extensions.pop("between") and stack.enter_context(standby.frozen())
            said = read_anew("/where")

        assert FROM_PRIMARY == said.json

    def test_one_that_dies_after_the_last_question_leaves_nothing_to_the_next(self, app, mortal, read_anew):
        with app.app_context():
            before = dict(db.session.registry.registry)
        app.extensions["after"] = mortal.kill
        said = read_anew("/where")

        assert (FROM_REPLICA, before) == (said.json, db.session.registry.registry)

    def test_a_page_with_a_fault_of_its_own_leaves_it_in_use(self, app, client, read_anew):
        app.extensions["after"] = lambda: db.session.execute(text("SELECT 'word'::text::int"))
        with outcomes() as found:
            answer = client.get("/where")
            app.extensions["after"] = list
            said = read_anew("/where")

        assert (503, FROM_REPLICA, {Outcome.READ: 2}) == (answer.status_code, said.json, found)


class TestStrangers:
    def test_a_promoted_one_and_who_follows_it_are_no_replicas(self, app, primary, make, mortal, read_anew):
        """They go their own way from then on; what this primary is told, they never hear, however long their log is."""
        comment = make.comment(make.post("one"), body="MARK", state=State.APPROVED)
        assert mortal.caught_up(primary)
        mortal.promote()
        change(make.app, of(Comment, comment, Comment.withdraw))
        with closing(Standby(mortal)) as follower, outcomes() as found:
            with psycopg.connect(mortal.url) as connection:
                connection.execute("CREATE TABLE own AS SELECT generate_series(1, 10000)")
            assert follower.caught_up(mortal)
            pages = [read_anew().text]
            turn_to(app, follower.url)
            pages.append(read_anew().text)

        assert [False, False] == ["MARK" in page for page in pages]
        assert {Outcome.STRANGER: 2} == found


class TestTold:
    @pytest.fixture
    def told(self, app):
        """What `flask doctor` and `/metrics` say of it."""

        def telling():
            with app.app_context():
                (finding,) = stored.replica(app)
                levels = {name: number for (name, _), number in owed.levels().levels.items()}
            behind = levels["replica_behind_bytes"], levels["replica_behind_seconds"]
            return finding.level, levels["replica_up"], [number > 0 for number in behind]

        return telling

    def test_how_it_is(self, make, standby, told, impatient):
        found = [told()]
        with standby.replay_paused():
            make.post("one")
            found.append(told())

        assert [(Level.GOOD, 1, [False, False]), (Level.CARE, 1, [True, True])] == found

    def test_how_many_pages_are_made_from_it_and_how_long_they_waited(self, make, read_anew):
        """For a board: its share of all pages that are made, and whether it keeps up."""

        def counted():
            numbers = meter.read()
            waits = sum(numbers.times[name].counts) if (name := ("replica_wait_seconds", ())) in numbers.times else 0
            made = sum(many for (name, _), many in numbers.counts.items() if name == "pages_rendered")
            return made, waits, numbers.counts.get(("replica_asked", (("outcome", Outcome.READ),)), 0)

        make.post("one")
        before = counted()
        for _ in range(3):
            read_anew()

        assert [3, 3, 3] == [now - then for now, then in zip(counted(), before, strict=True)]

    def test_who_cannot_be_reached_is_left_alone(self, app, told, read_anew):
        """What pages have found out, nobody waits for again."""
        turn_to(app, f"postgresql://postgres@127.0.0.1:{free_port()}/nothing")
        with outcomes() as found:
            said = [told(), read_anew("/where") and told()]

        assert [(Level.CARE, 0, [False, False])] * 2 == said
        assert {Outcome.ALONE: 1} == found
