"""What a machine hears of changes that others made: rows on one machine, and the proof on many."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import OperationalError

from blog import create_app
from blog.comments.models import Comment, State
from blog.database import db
from blog.moderation.verdicts import Verdict
from blog.pagecache import following, keys, layer, slots
from blog.pagecache.changes import ChangesGone, PageChange
from blog.pagecache.following import AWAY, MOST_KEYS, PROOF, ROWS_KEPT, SECOND
from blog.pagecache.notes import public_page, remembered
from blog.pagecache.slots import ALWAYS, PROVEN_UNTIL
from tests.conftest import SECRET_KEY
from tests.pagecache.steps import change, decide, of


@pytest.fixture
def boot(monkeypatch):
    """The machine's clock, which stands until it is moved on."""

    class Boot:
        moment = 1_000 * SECOND

        def __call__(self):
            return self.moment

        def move(self, nanoseconds):
            self.moment += nanoseconds

    clock = Boot()
    for module in (slots, following, layer):
        monkeypatch.setattr(module, "boot_clock", clock)
    return clock


def rows(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(PageChange))


def wait_for_older_transactions(app, patience=60):
    """Until no transaction of the server is older than the rows: other tests' databases count as well."""
    own = "transaction_id < pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    lowest = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    waiting = text(f"SELECT count(*) FROM page_changes WHERE {own} AND transaction_id >= {lowest}")
    end = time.monotonic() + patience
    with app.app_context(), db.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        while connection.scalar(waiting):
            assert time.monotonic() < end, "a transaction of another test does not end"
            time.sleep(0.05)


class TestOneMachine:
    @pytest.fixture
    def dying(self, cache, monkeypatch):
        """Whoever writes slots dies of it."""

        def die(keys):
            raise SystemExit

        @contextmanager
        def dies():
            with monkeypatch.context() as patch:
                patch.setattr(cache.slots, "touch", die)
                with pytest.raises(SystemExit):
                    yield

        return dies

    def test_a_crash_between_commit_and_slots_is_made_good(self, app, make, client, cache, dying, rendering):
        """The rows of the committed change tell what its writer no longer could; once, then they are gone."""
        comment = make.comment(make.post("one"), body="MARK")
        cache.following.follow()
        client.get("/posts/one")
        with dying():
            decide(app, comment)
        assert "MARK" not in client.get("/posts/one").text
        told = cache.following.follow()

        assert 2 == told
        assert "MARK" in client.get("/posts/one").text
        with rendering(0):
            assert (0, 0) == (cache.following.follow(), rows(app))
            client.get("/posts/one")

    def test_rows_are_told_before_they_are_forgotten(self, app, make, cache, dying):
        """Who dies halfway leaves the rows for the next one."""
        make.post("one")
        waiting = rows(app)
        with dying():
            cache.following.follow()

        assert waiting == cache.following.follow() > 0

    def test_nothing_has_to_be_proven(self, cache):
        """Who changes something tells the slots before the answer; no database is asked before a page is given out."""
        assert (True, ALWAYS) == (cache.following.prove(), cache.slots.view[PROVEN_UNTIL])


class Node:
    """A machine with an instance folder of its own, on the database of the others."""

    def __init__(self, folder, url):
        self.settings = {
            "BLOG_INSTANCE_PATH": str(folder),
            "BLOG_DATABASE_URL": f"{url}{'&' if '?' in url else '?'}application_name=node",
            "BLOG_SECRET_KEY": SECRET_KEY,
            "BLOG_SITE_URL": "http://localhost",
            "TESTING": True,
            "PROPAGATE_EXCEPTIONS": False,
        }
        self.start()

    def start(self):
        self.app = create_app(self.settings)
        self.cache = self.app.extensions["pagecache"]
        self.following = self.cache.following
        self.touched = []
        touch = self.cache.slots.touch
        self.cache.slots.touch = lambda keys: (self.touched.append(set(keys)), touch(keys))

    def stop(self):
        with self.app.app_context():
            db.engine.dispose()

    def follow(self):
        """What it told its slots."""
        self.touched.clear()
        self.following.follow()
        return set().union(*self.touched)

    def text(self, address="/posts/one"):
        return self.app.test_client().get(address).text

    def status(self, address="/posts/one"):
        return self.app.test_client().get(address).status_code


class TestManyMachines:
    @pytest.fixture
    def database_kind(self):
        return "postgresql"

    @pytest.fixture
    def nodes(self, app, boot, tmp_path, database_url):
        """Two machines beside the one that fixtures write with; all have read what there is."""
        made = [Node(tmp_path / f"node-{number}", database_url) for number in range(2)]
        yield made
        for node in made:
            node.stop()

    @pytest.fixture
    def one(self, nodes):
        return nodes[0]

    @pytest.fixture
    def deaf(self, monkeypatch):
        """A machine that cannot reach the database any more."""

        @contextmanager
        def cut(node):
            def nothing(*arguments):
                raise OperationalError("SELECT", {}, OSError("no route"))

            with monkeypatch.context() as patch:
                patch.setattr(node.following, "_rows", nothing)
                patch.setattr(node.cache, "inner", lambda environ, start: (start("503 Service Unavailable", []), [])[1])
                yield

        return cut

    def test_every_machine_drops_what_another_changed(self, make, nodes):
        """Approved and withdrawn on one machine, seen on two others after each has read the rows."""
        comment = make.comment(make.post("one"), body="MARK")
        seen = [[node.follow() and node.text()] for node in nodes]
        decide(make.app, comment)
        for node, said in zip(nodes, seen, strict=True):
            node.follow()
            said.append(node.text())
        change(make.app, of(Comment, comment, Comment.withdraw))
        for node, said in zip(nodes, seen, strict=True):
            node.follow()
            said.append(node.text())

        assert [[False, True, False]] * 2 == [["MARK" in text for text in said] for said in seen]

    def test_only_what_was_changed_is_dropped(self, make, one):
        """A decision elsewhere costs one article and the feeds here, too."""
        comment = make.comment(make.post("one"))
        one.follow()
        decide(make.app, comment)

        assert {keys.comments_of(comment.post_id), keys.COMMENTS} == one.follow()
        assert set() == one.follow()

    def test_pages_are_given_out_while_the_proof_holds(self, make, boot, one):
        """No question to the database for each reader; it is asked again when the proof is over."""
        make.post("one")
        one.follow()
        one.text()
        asked = []
        one.following._rows, ask = lambda *given: (asked.append(1), ask(*given))[1], one.following._rows
        boot.move(PROOF - 1)
        one.text()
        while_it_holds = len(asked)
        boot.move(1)
        one.text()
        one.text()

        assert (0, 1) == (while_it_holds, len(asked))

    def test_without_anybody_who_follows_readers_ask(self, make, boot, one):
        """A machine whose job worker is dead shows the decision after its proof is over, and not later."""
        comment = make.comment(make.post("one"), body="MARK", state=State.APPROVED)
        one.follow()
        assert "MARK" in one.text()
        decide(make.app, comment, Verdict.HOLD)
        boot.move(PROOF)

        assert "MARK" not in one.text()

    def test_a_machine_that_is_cut_off_gives_nothing_out(self, make, boot, one, deaf):
        """It cannot know what was withdrawn, so from the end of its proof on it answers with an error, also 304s."""
        make.post("one")
        one.follow()
        tag = one.app.test_client().get("/posts/one").headers["ETag"]
        with deaf(one):
            boot.move(PROOF - 1)
            before = one.status()
            boot.move(1)
            after = one.status()
            unchanged = one.app.test_client().get("/posts/one", headers={"If-None-Match": tag}).status_code

        assert (200, 503, 503) == (before, after, unchanged)

    def test_a_dead_database_is_not_asked_by_every_reader(self, make, boot, one, deaf):
        """One question in a while says enough."""
        make.post("one")
        one.follow()
        boot.move(PROOF)
        asked = []
        with deaf(one):
            failing = one.following._rows
            one.following._rows = lambda *given: (asked.append(1), failing(*given))
            for _ in range(20):
                one.status()

        assert [1] == asked

    @pytest.mark.parametrize(("away", "everything"), [(AWAY, False), (AWAY + 1, True)])
    def test_who_was_away_drops_everything(self, make, boot, one, away, everything):
        """A machine that was paused or cut off for longer than a moment trusts nothing that it kept."""
        make.post("one")
        one.follow()
        boot.move(away)

        assert everything == (keys.SITE in one.follow())

    def test_a_new_machine_drops_everything(self, make, one):
        """It cannot know what happened since its slots were written last."""
        make.post("one")
        one.follow()
        first = one.cache.slots.view[PROVEN_UNTIL]
        one.stop()
        one.cache.slots.view[slots.READ_UP_TO] = 0
        one.start()

        assert {keys.SITE} == one.follow()
        assert first == one.cache.slots.view[PROVEN_UNTIL]

    def test_a_process_that_comes_later_goes_on_where_others_are(self, make, one):
        """A job worker that was started again drops nothing that nobody changed."""
        make.post("one")
        one.follow()
        one.stop()
        one.start()

        assert keys.SITE not in one.follow()

    def test_a_commit_out_of_order_is_not_missed(self, make, one, database_url):
        """A transaction that began first and is committed last has the lower number; it is read all the same, once."""
        make.post("one")
        one.follow()
        engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as slow:
            slow.execute(text("INSERT INTO page_changes (key) VALUES ('slow')"))
            make.settings(name="Changed meanwhile")
            meanwhile = [one.follow(), one.follow()]
            slow.commit()
        engine.dispose()

        assert [[{keys.SITE}, set()], {"slow"}, set()] == [meanwhile, one.follow(), one.follow()]

    def test_what_another_process_has_read_is_not_missed(self, make, boot, one, database_url):
        """Two processes of a machine take turns at asking; the mark that they share leaves no row out."""
        make.post("one")
        one.follow()
        other = Node(one.cache.app.config["BLOG_INSTANCE_PATH"], database_url)
        told = []
        for number in range(6):
            make.settings(name=f"Name {number}")
            boot.move(PROOF // 2)
            told.append((one, other)[number % 2].follow())
        other.stop()

        assert [{keys.SITE}] * 6 == told

    def test_old_rows_are_deleted_and_whoever_missed_them_drops_everything(self, make, boot, nodes):
        """Kept as long as a live machine may need them; one that was away for longer is told so by the database."""
        one, sleeper = nodes
        comment = make.comment(make.post("one"))
        sleeper.follow()
        one.follow()
        decide(make.app, comment)
        wait_for_older_transactions(make.app)
        one.follow()
        boot.move(ROWS_KEPT)
        one.follow()
        kept = rows(make.app)
        boot.move(ROWS_KEPT)
        one.follow()
        left = rows(make.app)
        sleeper.cache.slots.view[PROVEN_UNTIL] = boot() + PROOF  # its clock stood still meanwhile

        assert (True, 0) == (kept > 0, left)
        assert {keys.SITE} == sleeper.follow()

    def test_a_new_life_of_the_database_drops_everything(self, make, one, monkeypatch):
        """After a restart or a failover it may give the numbers of lost transactions away again."""
        make.post("one")
        one.follow()
        monkeypatch.setattr(following, "_fingerprint", lambda life: 7)

        assert {keys.SITE} == one.follow()
        assert set() == one.follow()

    def test_an_answer_that_comes_late_proves_nothing(self, make, boot, one):
        """What it says was true too long ago."""
        make.post("one")
        one.follow()
        boot.move(PROOF)
        one.following._rows, ask = lambda *given: (ask(*given), boot.move(PROOF + 1))[0], one.following._rows

        assert not one.following.prove()

    def test_many_changes_drop_everything(self, make, one):
        """An import is not told key by key."""
        make.post("one")
        one.follow()

        def flood():
            db.session.execute(db.insert(PageChange), [{"key": keys.post(number)} for number in range(MOST_KEYS + 1)])

        change(make.app, flood)

        assert {keys.SITE} == one.follow()

    def test_rows_of_another_database_are_left_alone(self, make, boot, one):
        """A backup brings rows with numbers that this server has not given away yet: neither told nor kept for ever."""
        make.post("one")
        one.follow()

        def restore():
            db.session.execute(db.insert(PageChange).values(key="foreign", transaction_id=2**40))
            db.session.execute(db.insert(ChangesGone).values(id=1, before=2**40))

        change(make.app, restore)
        wait_for_older_transactions(make.app)
        first = one.follow()
        boot.move(ROWS_KEPT + SECOND)
        one.follow()
        boot.move(SECOND)

        assert ({keys.SITE}, set(), 0) == (first, one.follow(), rows(make.app))

    @pytest.mark.parametrize("ahead", [PROOF + 1, ALWAYS - 1_000 * SECOND])
    def test_a_proof_from_another_start_of_the_machine_is_not_believed(self, make, boot, one, ahead):
        """The clock begins anew with each start, the file stays; so does one that was used with SQLite before."""
        make.post("one")
        one.follow()
        one.stop()
        one.cache.slots.view[PROVEN_UNTIL] = boot() + ahead
        one.start()

        assert not one.cache.slots.is_proven

    def test_settings_are_no_older_than_pages(self, make, boot, one):
        """What all pages share is read anew, too, when nothing proves it: in pages and outside."""
        make.post("one")
        one.follow()
        one.text()
        make.settings(name="Another name")
        boot.move(PROOF)
        with one.app.app_context():
            heard = remembered([keys.SITE], lambda _: ["read anew"])

        assert ["read anew"] == heard
        assert "Another name" in one.text()

    def test_a_proof_that_comes_after_the_copy_does_not_count(self, make, boot, one):
        """A machine that wakes in the middle of a page must not take what it remembers for new."""
        make.post("one")
        one.follow()
        heard = []

        @public_page()
        def page():
            one.following.follow()  # somebody proves, after this page's slots were copied
            heard.extend(remembered(["fact"], lambda _: [len(heard)]))
            return "text"

        one.app.add_url_rule("/page", view_func=page)
        one.follow()
        one.text("/page")
        change(make.app, lambda: db.session.execute(db.insert(PageChange).values(key="fact")))
        boot.move(PROOF)
        one.following.prove = lambda: False
        one.text("/page")

        assert [0, 1] == heard

    def test_a_waiter_is_handed_nothing_unproven(self, make, boot, one):
        """Who waits for another's page that took long to make gets it only if it is still proven."""
        comment = make.comment(make.post("one"), body="MARK", state=State.APPROVED)
        one.follow()
        inner, made, go_on = one.cache.inner, threading.Event(), threading.Event()

        def slowly(environ, start_response):
            parts = list(inner(environ, start_response))
            if not made.is_set():
                made.set()
                go_on.wait(60)
            return parts

        one.cache.inner = slowly
        first = threading.Thread(target=one.text)
        first.start()
        made.wait(60)
        decide(make.app, comment, Verdict.HOLD)
        boot.move(PROOF)
        texts = []
        waiter = threading.Thread(target=lambda: texts.append(one.text()))
        waiter.start()
        go_on.set()
        waiter.join(60)
        first.join(60)

        assert [False] == ["MARK" in text for text in texts]

    def test_a_failure_of_the_database_is_survived(self, make, boot, one):
        """Connections that died are replaced by the next question."""
        comment = make.comment(make.post("one"), body="MARK", state=State.APPROVED)
        one.follow()
        one.text()
        with make.app.app_context():
            theirs = "application_name = 'node' AND datname = current_database()"
            db.session.execute(text(f"SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE {theirs}"))
        decide(make.app, comment, Verdict.HOLD)
        boot.move(PROOF)

        assert "MARK" not in one.text()
