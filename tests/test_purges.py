"""Telling a CDN what changed: from rows of the same transaction, later, for certain, and never in a request."""

from __future__ import annotations

import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import event

from blog import cdn as cdns
from blog import create_app, purges
from blog.clock import frozen, now
from blog.config import ConfigError
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from blog.operations.jobs import purge_pages
from blog.pagecache import following
from blog.pagecache.changes import changed
from tests.conftest import SECRET_KEY

TOKEN = "a token of the CDN"


class Cdn:
    """A CDN on this machine that notes what it is told and answers as it is bid."""

    def __init__(self):
        self.told, self.bodies, self.headers, self.answers = [], [], [], []
        self.hang = threading.Event()
        self.during = lambda: None
        cdn = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                cdn.bodies.append(json.loads(body))
                cdn.told += cdn.bodies[-1].values()
                cdn.headers.append(dict(self.headers))
                cdn.during()
                status = cdn.answers.pop(0) if cdn.answers else 204
                if status == "hang":
                    cdn.hang.wait(120)
                    return
                if status == "drip":
                    while not cdn.hang.wait(0.05):
                        self.wfile.write(b"H")
                    return
                self.send_response(status)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/purge?site=1"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self):
        self.hang.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def cdn():
    server = Cdn()
    yield server
    server.close()


@pytest.fixture
def settings(cdn):
    return {"BLOG_PURGE_URL": cdn.url, "BLOG_PURGE_TOKEN": TOKEN}


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(cdns, "TIMEOUT_SECONDS", 0.4)
    monkeypatch.setattr(following, "SETTLED_SECONDS", 0)


@pytest.fixture
def change(app):
    """A transaction that changes what these keys name."""

    def commit(*keys, undone=False):
        with app.app_context():
            begin_write()
            changed(*keys)
            if undone:
                db.session.rollback()
            db.session.commit()

    return commit


def work(app, minutes=0):
    """One run of the job, so many minutes from now; how many keys wait after it to be told for the first time."""
    with app.app_context():
        with frozen(now() + timedelta(minutes=minutes)):
            purge_pages()
        first = purges.Purge.tries != purges.SECOND
        return db.session.scalar(db.select(db.func.count()).select_from(purges.Purge).where(first))


pytestmark = pytest.mark.both_databases


def test_a_decision_is_told(app, make, cdn):
    """The CDN hears the keys of what was approved, in the body and in the header, with the token."""
    comment = make.comment(make.post("one"))
    work(app)
    cdn.told.clear()
    with app.app_context():
        begin_write()
        Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.APPROVE, None)
        db.session.commit()

    assert [] == cdn.told
    assert 0 == work(app)
    assert [["comments", f"comments:{comment.post_id}"]] == [sorted(keys) for keys in cdn.told]
    assert set(cdn.told[-1]) == set(cdn.headers[-1]["Surrogate-Key"].split())
    assert f"Bearer {TOKEN}" == cdn.headers[-1]["Authorization"]


def rows(app):
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(purges.Purge))


class TestSecondTime:
    """One tier of a CDN may be filled from another that was told a moment later."""

    def test_comes_some_seconds_later_and_is_the_last(self, app, cdn, change):
        change("post:2")
        change("post:1")
        for moment in (0, 0, 1, 2):
            work(app, minutes=moment)

        assert [["post:2", "post:1"]] * 2 == cdn.told
        assert 0 == rows(app)

    def test_holds_nothing_up(self, app, cdn, change):
        """What changes meanwhile is told at once."""
        change("post:1")
        work(app)
        change("post:2")
        work(app)

        assert [["post:1"], ["post:2"]] == cdn.told

    def test_is_made_good_when_it_is_refused(self, app, cdn, change):
        """Like any other."""
        cdn.answers = [204, 500]
        change("post:1")
        work(app)
        work(app, minutes=1)
        work(app, minutes=3)

        assert [["post:1"]] * 3 == cdn.told

    def test_wakes_the_worker(self, app, cdn, change, monkeypatch):
        """It does not wait for the next minute."""
        woken = []
        monkeypatch.setattr(jobs, "wake", lambda *told: woken.append(told))
        change("post:1")
        work(app)

        assert [("purge_pages", purges.AGAIN_SECONDS + 1)] == woken


def test_what_is_rolled_back_is_not_told(app, cdn, change):
    """The rows belong to the change's own transaction."""
    change("post:1", undone=True)
    work(app)

    assert [] == cdn.told


def test_many_changes_are_one_request(app, cdn, change):
    """Each key once, in the order in which they first changed."""
    change("post:2")
    change("post:1")
    change("post:2")
    work(app)

    assert [["post:2", "post:1"]] == cdn.told


def test_a_flood_is_told_in_parts(app, cdn, change, monkeypatch):
    """No request is larger than CDNs take; none is left."""
    monkeypatch.setattr(purges, "KEYS_AT_ONCE", 2)
    change(*(f"post:{number}" for number in range(5)))

    assert 0 == work(app)
    assert [2, 2, 1] == [len(keys) for keys in cdn.told]


@pytest.mark.parametrize("answer", [500, 404, 302, "hang", "drip"])
def test_a_refusal_is_made_good_later(app, cdn, change, answer):
    """An error, a redirect, silence and an answer in drops: the keys wait, behind a pause, and arrive."""
    cdn.answers = [answer]
    change("post:1")

    assert 1 == work(app)
    assert 1 == work(app)  # too early
    assert 1 == len(cdn.told)
    cdn.hang.set()
    assert 0 == work(app, minutes=1)
    assert [["post:1"], ["post:1"]] == cdn.told


def test_pauses_grow(app, cdn, change):
    """A CDN that stays away is asked less and less often, at most hourly."""
    cdn.answers = [500] * 20
    change("post:1")
    with app.app_context():
        pauses = []
        for _ in range(11):
            with frozen(db.session.scalar(db.select(purges.Purge.due_at)) or now()):
                moment = now()
                purge_pages()
            pauses.append((db.session.scalar(db.select(purges.Purge.due_at)) - moment).total_seconds())
            db.session.rollback()

    assert sorted(pauses) == pauses
    assert (5, 10, 2560) == (pauses[0], pauses[1], pauses[-1])


def test_what_comes_later_waits_behind(app, cdn, change):
    """The order holds: nothing overtakes what was refused, and then all goes in one request."""
    cdn.answers = [500]
    change("post:1")
    work(app)
    change("post:2")

    assert 2 == work(app)
    assert 0 == work(app, minutes=1)
    assert [["post:1"], ["post:1", "post:2"]] == cdn.told


def test_nobody_listens(app, cdn, change):
    """A refused connection is a failure like any other."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        app.config["BLOG_PURGE_URL"] = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        change("post:1")
        assert 1 == work(app)
    app.config["BLOG_PURGE_URL"] = cdn.url

    assert 0 == work(app, minutes=1)


def test_a_change_meanwhile_is_told_too(app, cdn, change):
    """
    The same key, changed while its purge is under way, is told again: the CDN may have fetched the page in between.
    """
    change("post:1")
    cdn.during = lambda: (setattr(cdn, "during", lambda: None), change("post:1"))

    assert 0 == work(app)
    assert [["post:1"], ["post:1"]] == cdn.told


def test_no_transaction_is_open_meanwhile(app, cdn, change):
    """Who asks another machine holds no lock and no snapshot."""
    open_ones = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "begin", lambda connection: open_ones.append(1))
    event.listen(engine, "commit", lambda connection: open_ones.pop())
    event.listen(engine, "rollback", lambda connection: open_ones.pop() if open_ones else None)
    change("post:1")
    seen = []
    cdn.during = lambda: seen.append(len(open_ones))
    work(app)

    assert [0] == seen


def test_the_site_knows_before_the_cdn(app, cdn, change, monkeypatch):
    """A CDN that fetches the page at once must not be given the old one: slots are written first."""
    slots = app.extensions["pagecache"].slots
    order = []
    touch = slots.touch
    monkeypatch.setattr(slots, "touch", lambda keys: None)  # the writer dies after its commit
    change("post:1")
    monkeypatch.setattr(slots, "touch", lambda keys: (order.append("slots"), touch(keys)))
    cdn.during = lambda: order.append("cdn")
    work(app)

    assert ["slots", "cdn"] == order


def test_a_short_absence_is_made_good_soon(app, cdn, change, monkeypatch):
    """The worker does not wait for the next minute: what was taken back is still shown there."""
    woken = []
    monkeypatch.setattr(jobs, "wake", lambda *told: woken.append(told))
    cdn.answers = [503]
    change("post:1")
    work(app)

    assert [("purge_pages", purges.FIRST_PAUSE_SECONDS + 1)] == woken


@pytest.mark.parametrize(
    ("form", "header", "body"),
    [
        ("plain", ("Authorization", f"Bearer {TOKEN}"), "keys"),
        ("fastly", ("Fastly-Key", TOKEN), "surrogate_keys"),
        ("cloudflare", ("Authorization", f"Bearer {TOKEN}"), "tags"),
    ],
)
def test_speaks_the_words_of_the_cdn(app, cdn, form, header, body):
    """Each names keys and token in its own way."""
    app.config["BLOG_PURGE_FORM"] = form
    with app.app_context():
        reply = cdns.purge(["post:1", "list"])

    assert cdns.Reply() == reply
    assert [{body: ["post:1", "list"]}] == cdn.bodies
    assert header[1] == cdn.headers[-1][header[0]]


class TestManyWorkers:
    @pytest.fixture
    def database_kind(self):
        return "postgresql"

    def test_a_batch_is_told_by_one(self, app, cdn, change):
        """While one worker tells the CDN, another finds nothing to do."""
        change("post:1")
        cdn.during = lambda: work(app)
        work(app)

        assert [["post:1"]] == cdn.told

    def test_a_worker_that_dies_is_made_good(self, app, cdn, change, monkeypatch):
        """What it had taken is told by the next one, a little later."""
        change("post:1")

        def die(keys):
            raise SystemExit

        with monkeypatch.context() as dying:
            dying.setattr(cdns, "purge", die)
            with pytest.raises(SystemExit):
                work(app)

        assert (1, 0) == (work(app), work(app, minutes=1))
        assert [["post:1"]] == cdn.told

    def test_a_row_that_is_committed_out_of_order_is_told(self, app, cdn, change):
        """A longer transaction had the lower number; its row is there after the purge of the same key, and waits."""
        with app.app_context():
            engine = db.engine
        with engine.connect() as slow:
            slow.execute(db.insert(purges.Purge).values(key="post:1", tries=0))
            change("post:1")
            cdn.during = lambda: (setattr(cdn, "during", lambda: None), slow.commit())
            work(app)

        assert [["post:1"], ["post:1"]] == cdn.told


class TestWithoutCdn:
    @pytest.fixture
    def settings(self):
        return {}

    def test_nothing_is_written_or_sent(self, app, change):
        """A site without a CDN has no rows that wait for ever."""
        change("post:1")

        assert 0 == work(app)

    def test_what_waits_is_left_alone(self, app, change, caplog):
        """When the setting is taken away, rows from before stay, and the log is not filled with failures."""
        app.config["BLOG_PURGE_URL"] = "http://127.0.0.1:9/"
        change("post:1")
        app.config["BLOG_PURGE_URL"] = ""

        assert 1 == work(app)
        assert [] == [record for record in caplog.records if record.name == "blog.purges"]

    def test_a_minute_is_the_longest(self, app, tmp_path):
        """Where nothing tells the CDN, it may not keep what was taken back."""
        with pytest.raises(ConfigError, match="BLOG_CDN_SECONDS must be at most 60"):
            create_app({"BLOG_INSTANCE_PATH": str(tmp_path / "x"), "BLOG_CDN_SECONDS": "61"})


def test_longer_than_a_minute_with_a_cdn_that_is_told(tmp_path, database_url, cdn):
    """An hour, for instance; pages say so."""
    app = create_app(
        {
            "BLOG_INSTANCE_PATH": str(tmp_path / "x"),
            "BLOG_DATABASE_URL": database_url,
            "BLOG_CDN_SECONDS": "3600",
            "BLOG_PURGE_URL": cdn.url,
            "SECRET_KEY": SECRET_KEY,
        }
    )

    said = app.test_client().get("/robots.txt").headers["Cache-Control"]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()

    assert "s-maxage=3600" in said


def test_a_page_that_changed_while_it_was_made_is_not_for_a_cdn(app, make, client, change, monkeypatch):
    """It would arrive there after the purge, and stay."""
    make.post("one")
    cache = app.extensions["pagecache"]
    inner = cache.inner

    def changing(environ, start_response):
        parts = list(inner(environ, start_response))
        meanwhile = threading.Thread(target=change, args=("site",))
        meanwhile.start()
        meanwhile.join()
        return parts

    monkeypatch.setattr(cache, "inner", changing)
    torn = client.get("/posts/one").headers["Cache-Control"]
    monkeypatch.setattr(cache, "inner", inner)

    assert "s-maxage" not in torn
    assert "s-maxage=60" in client.get("/posts/one").headers["Cache-Control"]
