"""Public pages from memory: what is kept, how it is sent, and that nobody is ever given an old one."""

from __future__ import annotations

import gzip
import random
import re
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from flask import g
from sqlalchemy import event, select

from blog import create_app, pagecache, sample
from blog.accounts.models import Person, RoleName
from blog.anatomy.models import Entry, Kind
from blog.clock import now
from blog.comments.models import Comment, CommentRevision, State
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision, Seen, Verdict
from blog.pagecache import FOREVER, SITE, Notes, Page, PageChange, Store, changed, expires_at, public_page, shows
from blog.pages.models import Site
from blog.posts import publishing
from blog.posts.models import Post, PostRevision
from tests.conftest import SECRET_KEY
from tests.make import ANY_DAY

A_DAY = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def cache(app):
    return app.extensions["pagecache"]


@pytest.fixture
def rendering(cache):
    """How many pages a block renders."""

    @contextmanager
    def counting(expected):
        before = cache.rendered
        yield
        assert expected == cache.rendered - before

    return counting


def change(app, verb, *arguments):
    """Do something in a transaction of its own, as a view does."""
    with app.app_context():
        begin_write()
        verb(*arguments)
        db.session.commit()


def decide(app, comment, verdict=Verdict.APPROVE):
    def verb():
        found = db.session.get_one(Comment, comment.id)
        last = Decision.last_on([comment.id]).get(comment.id)
        seen = Seen(found.id, found.newest_revision_id, last.id if last else None)
        Decision.make([seen], verdict, None)

    change(app, verb)


def vocabulary(app):
    """Two muscles that say all that their pages show."""
    muscle = {
        "region": "hip", "latin": "Musculus", "aliases": [], "nerve": "", "actions": ["moves"], "synergists": [],
        "pain_areas": {"main": [], "less_often": []}, "synergists_other": [], "antagonists": [], "neighbours": [],
        "antagonists_other": [], "conditions": [], "overload_causes": [], "sensitive_area": False, "sources": [],
        "pressure_caution": None, "uncertain": [], "stretch_ideas": [], "pain_map_text": "",
        "confidence": dict.fromkeys(("anatomy", "referred_pain", "conditions", "overload_causes"), "high"),
    }  # fmt: skip
    muscles = [{**muscle, "slug": slug, "name": slug.capitalize()} for slug in ("psoas", "sartorius")]
    change(app, lambda: Entry.ship({Kind.REGION: [{"slug": "hip", "name": "Hip"}], Kind.MUSCLE: muscles}))


def of(model, row, verb, *arguments):
    """Calls a verb of a row that was made elsewhere."""
    return lambda: getattr(db.session.get_one(model, row.id), verb)(*arguments)


class TestKeeping:
    @pytest.mark.parametrize("address", ["/", "/posts/one", "/feed.atom", "/comments.atom", "/robots.txt", "/muscles"])
    def test_a_page_is_rendered_once(self, make, client, rendering, address):
        """
        The second reader gets the same bytes without any work.
        """
        make.post("one")
        first = client.get(address)

        with rendering(0):
            second = client.get(address)

        assert (200, first.data, first.headers) == (second.status_code, second.data, second.headers)

    def test_readers_do_not_differ(self, make, client, rendering):
        """
        Cookies, languages, hosts and proxies' headers make neither another page nor another copy.
        """
        make.post("one")
        first = client.get("/posts/one")
        client.set_cookie("desk", "anything")
        headers = {
            "Accept-Language": "de",
            "Host": "evil.example",
            "X-Forwarded-Host": "evil.example",
            "User-Agent": "x",
        }

        with rendering(0):
            second = client.get("/posts/one", headers=headers)

        assert first.data == second.data

    def test_the_first_reader_does_not_shape_the_page(self, make, client):
        """
        A page that was rendered for a strange client holds nothing of it.
        """
        make.post("one")
        headers = {
            "Host": "evil.example",
            "X-Forwarded-Proto": "gopher",
            "Cookie": "desk=evil",
            "Accept-Language": "evil",
        }
        text = client.get("/posts/one?utm_source=evil", headers=headers).text

        assert "evil" not in text

    @pytest.mark.parametrize("noise", ["utm_source=x", "fbclid=1&gclid=2", "page=2", "x", "&&", "%ff=%fe", "comments"])
    def test_unknown_parameters_make_no_page(self, make, client, rendering, noise):
        """
        What the page does not read neither makes another copy nor shows in its links.
        """
        make.post("one")
        first = client.get("/posts/one")

        with rendering(0 if noise != "comments" else 1):
            answer = client.get(f"/posts/one?{noise}")

        assert first.data == answer.data or (noise, 404) == ("comments", answer.status_code)

    def test_known_parameters_make_another_page(self, make, client, rendering):
        """
        The second page of the list is not the first; the order and repetition of parameters do not matter.
        """
        for number in range(14):
            make.post(f"post-{number}")
        first = client.get("/")

        with rendering(1):
            second = client.get("/?utm_source=x&page=2")
            again = client.get("/?page=2&page=1&utm_medium=y")

        assert second.data == again.data != first.data

    @pytest.mark.parametrize(
        "address", ["/nowhere", "/posts/nothing", "/?page=99", "/?page=0", "/posts/one?comments=9"]
    )
    def test_missing_pages_are_never_kept(self, make, client, cache, address):
        """
        A 404 may become a page at any moment, and there is no end of them.
        """
        make.post("one")
        before = len(cache.store)

        assert (404, before) == (client.get(address).status_code, len(cache.store))

    def test_staff_paths_and_secret_links_are_never_kept(self, app, make, client, staff, cache):
        """
        Neither the desk nor a commenter's own page is in memory.
        """
        comment = make.comment()
        with app.app_context():
            token = db.session.get_one(Comment, comment.id).token
        admin = staff(RoleName.ADMIN)
        answers = [admin.get("/desk"), client.get("/login"), client.get(f"/comments/{token}"), client.get("/healthz")]

        assert [200] * 4 == [answer.status_code for answer in answers]
        assert 0 == len(cache.store)

    def test_redirects_are_not_kept(self, app, make, client, cache):
        """
        An old address leads to the new one, and is asked anew each time.
        """
        post = make.post("one")
        change(app, of(Post, post, "rename", "two"))

        assert [301, 301] == [client.get("/posts/one").status_code for _ in range(2)]
        assert 0 == len(cache.store)

    @pytest.mark.parametrize(
        ("header", "value", "kept"),
        [
            ("X-Any", "thing", 1),
            ("Cache-Control", "public, max-age=5", 1),
            ("Cache-Control", "private", 0),
            ("Cache-Control", "no-store, max-age=5", 0),
            ("Set-Cookie", "a=b", 0),
            ("Vary", "Cookie", 0),
        ],
    )
    def test_what_is_private_is_not_kept(self, app, client, cache, header, value, kept):
        """
        Also when a view was marked by mistake.
        """
        app.add_url_rule("/marked", view_func=public_page()(lambda: ("text", {header: value})))
        client.get("/marked")

        assert kept == len(cache.store)

    def test_what_is_not_marked_is_not_kept(self, app, client, cache):
        """
        A view must say which parameters it reads before its page is kept.
        """
        app.add_url_rule("/unmarked", view_func=lambda: "text")
        client.get("/unmarked")

        assert 0 == len(cache.store)

    def test_other_methods_pass_by(self, make, client):
        """
        A POST reaches the form although the page under the address is kept.
        """
        make.post("one")
        client.get("/posts/one")

        assert (422, 405) == (client.post("/posts/one/comments").status_code, client.post("/posts/one").status_code)


class TestSending:
    @pytest.mark.parametrize(
        ("accept", "unpack"), [("gzip", gzip.decompress), ("br, gzip", brotli.decompress), ("identity", bytes)]
    )
    def test_each_encoding_has_its_own_tag(self, make, client, accept, unpack):
        """
        The bytes and the strong ETag belong together; caches on the way know that there are several.
        """
        make.post("one")
        plain = client.get("/posts/one")

        for _ in range(2):
            answer = client.get("/posts/one", headers={"Accept-Encoding": accept})
            assert plain.data == unpack(answer.data)
            assert (accept == "identity") == (plain.headers["ETag"] == answer.headers["ETag"])
            assert str(len(answer.data)) == answer.headers["Content-Length"]
            assert "Accept-Encoding" == answer.headers["Vary"]
            assert not answer.headers["ETag"].startswith("W/")

    @pytest.mark.parametrize("given", ["{}", "W/{}", '"x", {}', "*"])
    def test_who_has_the_page_is_not_sent_it_again(self, make, client, given):
        """
        304 with what the client must keep, without a body; also on the first request after a start.
        """
        make.post("one")
        tag = client.get("/posts/one").headers["ETag"]
        answer = client.get("/posts/one", headers={"If-None-Match": given.format(tag)})

        assert (304, b"", tag) == (answer.status_code, answer.data, answer.headers["ETag"])
        assert {"ETag", "Cache-Control", "Vary"} <= set(answer.headers.keys())
        assert "Content-Length" not in answer.headers

    def test_another_encoding_is_another_page(self, make, client):
        """
        The tag of the packed page is no proof of having the plain one.
        """
        make.post("one")
        tag = client.get("/posts/one", headers={"Accept-Encoding": "gzip"}).headers["ETag"]

        assert 200 == client.get("/posts/one", headers={"If-None-Match": tag}).status_code

    def test_old_tags_are_worth_nothing(self, app, make, client):
        """
        Whoever holds the page from before a decision is sent the new one, also while it is being rendered.
        """
        comment = make.comment(make.post("one"))
        tag = client.get("/posts/one").headers["ETag"]
        decide(app, comment)
        answers = [client.get("/posts/one", headers={"If-None-Match": tag}) for _ in range(3)]

        assert {200} == {answer.status_code for answer in answers}
        assert tag not in {answer.headers["ETag"] for answer in answers}

    @pytest.mark.parametrize("warm", [False, True])
    def test_head_is_get_without_the_body(self, make, client, warm):
        """
        The same headers, from memory or not; and it fills the memory for the next reader.
        """
        make.post("one")
        if warm:
            client.get("/posts/one")
        head = client.head("/posts/one")
        get = client.get("/posts/one")

        assert (200, b"", get.headers) == (head.status_code, head.data, head.headers)
        assert 404 == client.head("/posts/nothing").status_code

    def test_browsers_ask_again_and_cdns_keep_it_for_a_minute(self, make, client):
        """
        No copy outlives a change by more than a minute, and the browser's none at all.
        """
        make.post("one")

        assert "public, max-age=0, must-revalidate, s-maxage=60" == client.get("/posts/one").headers["Cache-Control"]

    @pytest.mark.parametrize(("seconds", "expected"), [(61, "s-maxage=60"), (60, "s-maxage=60"), (59, "s-maxage=59"),
                                                       (1, "s-maxage=1"), (0.5, "must-revalidate")])  # fmt: skip
    def test_no_lifetime_outlives_the_page(self, make, client, clock, seconds, expected):
        """
        Shortly before a publication a CDN is told to keep the list only until then; cold, warm and as 304.
        """
        clock.freeze(A_DAY)
        make.post("later", published_at=A_DAY + timedelta(hours=1))
        clock.freeze(A_DAY + timedelta(hours=1, seconds=-seconds))
        answers = [client.get("/"), client.get("/")]
        answers.append(client.get("/", headers={"If-None-Match": answers[0].headers["ETag"]}))

        assert [200, 200, 304] == [answer.status_code for answer in answers]
        assert [True] * 3 == [answer.headers["Cache-Control"].endswith(expected) for answer in answers]


class TestKeysForCdns:
    @pytest.fixture(params=["Surrogate-Key", "Cache-Tag"])
    def settings(self, request):
        return {"BLOG_KEY_HEADER": request.param, "BLOG_CDN_SECONDS": "0"}

    def test_are_named_where_asked_for(self, app, make, client):
        """
        The header names what the page shows; without CDN seconds none are told.
        """
        post = make.post("one")
        answer = client.get("/posts/one")
        name = app.config["BLOG_KEY_HEADER"]

        assert {f"post:{post.id}", f"comments:{post.id}", "site"} <= set(re.split("[ ,]", answer.headers[name]))
        assert "public, max-age=0, must-revalidate" == answer.headers["Cache-Control"]


class TestPreciseDropping:
    def test_a_decision_drops_one_article_and_its_feeds(self, app, make, client, cache, rendering):
        """
        Approving a comment renders its article and the comment feeds anew, and nothing else.
        """
        one, two = make.post("one"), make.post("two")
        comment = make.comment(one)
        make.comment(two, state=State.APPROVED)
        dropped = ["/posts/one", "/posts/one/comments.atom", "/comments.atom"]
        kept = [
            "/",
            "/posts/two",
            "/posts/two/comments.atom",
            "/feed.atom",
            "/sitemap.xml",
            "/authors/team",
            "/muscles",
        ]
        for address in (*dropped, *kept):
            assert 200 == client.get(address).status_code

        decide(app, comment)

        for address in dropped:
            with rendering(1):
                client.get(address)
        for address in kept:
            with rendering(0):
                client.get(address)

    def test_submissions_drop_nothing(self, make, client, rendering):
        """
        A flood of comments that wait costs the readers nothing.
        """
        post = make.post("one")
        addresses = ["/", "/posts/one", "/comments.atom", "/posts/one/comments.atom"]
        for address in addresses:
            client.get(address)
        for state in (State.PENDING, State.HELD, State.REJECTED, State.SPAM, State.WITHDRAWN, State.ERASED):
            make.comment(post, state=state)

        with rendering(0):
            for address in addresses:
                client.get(address)

    def test_what_is_rolled_back_drops_nothing(self, app, make, client, rendering):
        """
        A change that did not happen is not told, neither at once nor later.
        """
        post = make.post("one")
        with app.app_context():
            pagecache.drain()
        client.get("/posts/one")
        with app.app_context():
            begin_write()
            publishing.archive(db.session.get_one(Post, post.id))
            db.session.flush()
            db.session.rollback()
            begin_write()
            db.session.commit()
            assert 0 == pagecache.drain()

        with rendering(0):
            client.get("/posts/one")

    def test_a_savepoint_tells_nothing_by_itself(self, app, make, client, rendering):
        """
        Only the end of the whole transaction counts.
        """
        post = make.post("one")
        client.get("/posts/one")
        with app.app_context():
            begin_write()
            with db.session.begin_nested():
                db.session.get_one(Post, post.id).comments_open = False
            with rendering(0):
                client.get("/posts/one")
            db.session.commit()

        with rendering(1):
            assert "closed for new comments" in client.get("/posts/one").text


class Story:
    """Everything that changes a public page, each as one step; steps that cannot happen now are left out."""

    def __init__(self, app, make, clock):
        self.app, self.make, self.clock = app, make, clock
        vocabulary(app)
        self.posts = [make.post(f"p{n}", muscles=["psoas"], tags=["t"] if n % 2 else ["u"]) for n in range(3)]
        self.comments = [make.comment(post, state=State.APPROVED) for post in self.posts]
        for slug in ("about", "disclaimer", "comment-policy", "privacy"):
            make.page(slug)

    def approve(self, pick):
        waiting = [c.id for c in self._all(Comment) if c.state in (State.PENDING, State.HELD, State.REJECTED)]
        if waiting:
            self._decide(pick.choice(waiting), Verdict.APPROVE)

    def take_back(self, pick):
        approved = [c.id for c in self._all(Comment) if c.state == State.APPROVED]
        if approved:
            self._decide(pick.choice(approved), pick.choice([Verdict.HOLD, Verdict.REJECT, Verdict.SPAM]))

    def undo(self, pick):
        with self.app.app_context():
            begin_write()
            decision = db.session.scalars(select(Decision).order_by(Decision.id.desc()).limit(1)).one()
            try:
                decision.undo(self.make.account())
                db.session.commit()
            except Exception:
                db.session.rollback()

    def answer(self, pick):
        with self.app.app_context():
            shown = list(db.session.scalars(Comment.visible()))
        if shown:
            self.make.comment(parent=pick.choice(shown), body=f"Answer {pick.random()}", state=State.APPROVED)

    def submit(self, pick):
        with suppress(Refused):
            self.make.comment(pick.choice(self.posts), body=f"Question {pick.random()}")

    def withdraw(self, pick):
        self._each(Comment, pick, "withdraw")

    def erase(self, pick):
        self._each(Comment, pick, "erase")

    def rerender(self, pick):
        with self.app.app_context():
            begin_write()
            for revision in db.session.scalars(select(CommentRevision)):
                if not revision.erased_at:
                    revision.rerender()
            db.session.commit()

    def publish(self, pick):
        post = pick.choice(self.posts)
        words = pick.choice(["Old", "New"]) + str(pick.randrange(100))
        revision = self.make.revision(post, title=words, muscles=[pick.choice(["psoas", "sartorius"])],
                                      tags=[pick.choice("tuv")], authors=[pick.choice(["team", "ada"])])  # fmt: skip
        change(self.app, lambda: publishing.publish(self._post(post), db.session.get_one(PostRevision, revision.id)))

    def new_post(self, pick):
        at = pick.choice([ANY_DAY, now() - timedelta(minutes=5), now() + timedelta(minutes=30)])
        self.posts.append(self.make.post(published_at=at, muscles=["psoas"], tags=["t"]))

    def archive(self, pick):
        self._each(Post, pick, "archive")

    def restore(self, pick):
        self._each(Post, pick, "restore")

    def rename(self, pick):
        self._each(Post, pick, "rename", f"slug-{pick.randrange(10**9)}")

    def schedule(self, pick):
        post = pick.choice(self.posts)

        def verb():
            if not self._post(post).is_published:
                revision = db.session.scalar(PostRevision.newest_of(post))
                publishing.schedule(self._post(post), revision, now() + timedelta(minutes=pick.randrange(1, 90)))

        change(self.app, verb)

    def close(self, pick):
        post = pick.choice(self.posts)
        change(self.app, lambda: setattr(self._post(post), "comments_open", pick.random() < 0.5))

    def set_site(self, pick):
        self.make.settings(**pick.choice([{"name": f"Site {pick.random()}"}, {"comments_close_days": 30},
                                          {"comments_close_days": 0}, {"expected_time": "soon"}]))  # fmt: skip

    def save_page(self, pick):
        slug = pick.choice(["about", "disclaimer", "comment-policy"])
        self.make.page(
            slug, body=f"Text {pick.random()}", title=pick.choice(["Title", "Other"]), short=pick.choice("ab")
        )

    def edit_entry(self, pick):
        def verb():
            entry = db.session.scalars(Entry.shown(Kind.MUSCLE, "psoas")).one()
            entry.publish(entry.revise({**entry.document, "name": f"Psoas {pick.random()}"}))

        change(self.app, verb)

    def edit_person(self, pick):
        def verb():
            db.session.scalars(select(Person).limit(1)).one().name = f"Team {pick.random()}"

        change(self.app, verb)

    def wait(self, pick):
        self.clock.advance(minutes=pick.choice([1, 20, 45, 600, 1440]))

    def addresses(self):
        with self.app.app_context():
            slugs = [post.slug for post in db.session.scalars(Post.everything())]
        yield from ("/", "/feed.atom", "/comments.atom", "/sitemap.xml", "/robots.txt", "/tags/t", "/tags/u", "/tags/v",
                    "/authors/team", "/authors/ada", "/archive/2026", "/about", "/disclaimer", "/muscles",
                    "/muscles/psoas")  # fmt: skip
        for slug in slugs:
            yield from (f"/posts/{slug}", f"/posts/{slug}/comments.atom")

    def _post(self, post):
        return db.session.get_one(Post, post.id)

    def _each(self, model, pick, verb, *arguments):
        with self.app.app_context():
            ids = list(db.session.scalars(select(model.id)))
        change(self.app, lambda: getattr(db.session.get_one(model, pick.choice(ids)), verb)(*arguments))

    def _all(self, model):
        with self.app.app_context():
            return list(db.session.scalars(select(model)))

    def _decide(self, comment_id, verdict):
        with self.app.app_context():
            comment = db.session.get_one(Comment, comment_id)
        decide(self.app, comment, verdict)


STEPS = [name for name in vars(Story) if not name.startswith("_") and name != "addresses"]


class TestNeverOld:
    @pytest.mark.parametrize("seed", range(3))
    def test_the_kept_page_is_the_page(self, app, make, clock, client, cache, seed):
        """
        After each step of a long random story, what is given out is what the application would say now.
        """
        clock.freeze(A_DAY)
        pick = random.Random(seed)
        story = Story(app, make, clock)
        uncached = app.test_client()

        for _ in range(12):
            step = pick.choice(STEPS)
            getattr(story, step)(pick)
            for address in story.addresses():
                given = client.get(address)
                with uncached_app(app, cache):
                    said = uncached.get(address)
                assert (said.status_code, said.data) == (given.status_code, given.data), f"{address} after {step}"

    @pytest.mark.parametrize("step", STEPS)
    def test_every_step_is_told(self, app, make, clock, client, cache, step):
        """
        Each verb alone, on a site whose pages are all in memory.
        """
        clock.freeze(A_DAY)
        story = Story(app, make, clock)
        make.comment(story.posts[0])
        before = [client.get(address).status_code for address in story.addresses()]
        getattr(story, step)(random.Random(1))

        for address in story.addresses():
            given = client.get(address)
            with uncached_app(app, cache):
                said = client.get(address)
            assert (said.status_code, said.data) == (given.status_code, given.data), address
        assert before.count(200) >= 18

    def test_a_scheduled_post_appears_at_its_moment_everywhere(self, app, make, clock, client):
        """
        On the second, without anybody doing anything; and not a moment before.
        """
        clock.freeze(A_DAY)
        vocabulary(app)
        make.post("old", tags=["t"], muscles=["psoas"])
        make.post("new", title="Just out", tags=["t"], muscles=["psoas"], published_at=A_DAY + timedelta(minutes=5))
        addresses = ["/", "/feed.atom", "/tags/t", "/authors/team", "/archive/2026", "/sitemap.xml", "/posts/old",
                     "/muscles/psoas"]  # fmt: skip

        def seen():
            return [address for address in addresses if "/posts/new" in client.get(address).text]

        assert [] == seen()
        clock.freeze(A_DAY + timedelta(minutes=5, microseconds=-1))
        assert [] == seen()
        assert 404 == client.get("/posts/new").status_code
        clock.freeze(A_DAY + timedelta(minutes=5))
        assert addresses == seen()
        assert 200 == client.get("/posts/new").status_code

    def test_a_form_closes_at_its_moment(self, make, clock, client):
        """
        The page with the form ends when the article stops taking comments.
        """
        clock.freeze(A_DAY)
        make.settings(comments_close_days=31)
        make.post("one", published_at=A_DAY - timedelta(days=30, hours=23))
        first = client.get("/posts/one").text
        clock.advance(minutes=59)
        before = client.get("/posts/one").text
        clock.advance(minutes=1)

        assert first == before
        assert "closed for new comments" not in before
        assert "closed for new comments" in client.get("/posts/one").text

    def test_the_form_is_never_older_than_a_day(self, make, clock, client):
        """
        Its token is that of today, so it stays valid for all the days promised.
        """
        clock.freeze(A_DAY)
        make.post("one")
        first = client.get("/posts/one").text
        clock.freeze(A_DAY.replace(hour=0) + timedelta(days=1, seconds=-1))
        assert first == client.get("/posts/one").text
        clock.advance(seconds=1)

        assert first != client.get("/posts/one").text

    def test_a_clock_that_goes_back_is_believed(self, make, clock, client):
        """
        A page from the future is not given out.
        """
        clock.freeze(A_DAY)
        make.post("later", title="Too early", published_at=A_DAY + timedelta(hours=1))
        clock.advance(hours=2)
        assert "Too early" in client.get("/").text
        clock.freeze(A_DAY)

        assert "Too early" not in client.get("/").text

    def test_samples_leave_every_page(self, app, client):
        """
        Loading and removing the sample site goes past the models, and is told all the same.
        """
        with app.app_context():
            sample.ensure_vocabulary()
            sample.ensure_pages()
        addresses = ("/", "/feed.atom", "/comments.atom", "/muscles/gluteus-maximus", "/authors/sample-team")
        empty = [client.get(address).text for address in addresses]
        with app.app_context():
            sample.load()
        full = [client.get(address).text for address in addresses]
        with app.app_context():
            sample.remove()

        assert [True] * 4 == ["gluteus-maximus-trigger-points" in text for text in full[:4]]
        assert empty[:4] == [client.get(address).text for address in addresses[:4]]


@contextmanager
def uncached_app(app, cache):
    """The application without the layer."""
    app.wsgi_app = cache.inner
    try:
        yield
    finally:
        app.wsgi_app = cache


class TestProtocol:
    """Races, each made to happen at the worst moment."""

    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def during(self, cache, monkeypatch):
        """Do something once while a page is rendered: after its slots were copied, or after its reads."""

        def at(place, action):
            inner, done = cache.inner, []

            def once():
                if not done:
                    done.append(True)
                    thread = threading.Thread(target=action)
                    thread.start()
                    thread.join()

            def between(environ, start_response):
                if place == "before reading":
                    once()
                parts = list(inner(environ, start_response))
                if place == "after reading":
                    once()
                return parts

            monkeypatch.setattr(cache, "inner", between)

        return at

    @pytest.mark.parametrize("place", ["before reading", "after reading"])
    def test_a_change_during_rendering_is_not_lost(self, app, make, client, during, place):
        """
        Whatever the first page said, the next one says what was decided meanwhile.
        """
        comment = make.comment(make.post("one"), body="MARK")
        during(place, lambda: decide(app, comment))
        first = client.get("/posts/one").text

        assert (place == "before reading") == ("MARK" in first)
        assert "MARK" in client.get("/posts/one").text

    def test_a_waiter_is_not_handed_an_old_page(self, app, make, cache, during):
        """
        Who came after the decision's answer never gets the page from before it, not even from a renderer's hands.
        """
        comment = make.comment(make.post("one"), body="MARK")
        waiter_texts = []

        def decide_and_wait():
            decide(app, comment)
            thread = threading.Thread(target=lambda: waiter_texts.append(app.test_client().get("/posts/one").text))
            thread.start()
            while not any(flight for flight in cache._flights.values()):
                pass
            threads.append(thread)
            thread.join(0.2)  # it waits for the renderer, who waits for us
            assert [] == waiter_texts

        threads = []
        during("after reading", decide_and_wait)
        assert "MARK" not in app.test_client().get("/posts/one").text
        threads[0].join(10)

        assert ["MARK"] == [mark for text in waiter_texts for mark in re.findall("MARK", text)[:1]]

    def test_a_page_sees_one_moment(self, app, client, make, cache):
        """
        Two reads of one page, with a commit between them, agree; and the page is rendered anew next time.
        """
        post = make.post("one")

        @public_page()
        def twice():
            shows(f"post:{post.id}")
            texts = []
            for _ in range(2):
                db.session.expire_all()
                texts.append(db.session.get_one(Post, post.id).slug)
                thread = threading.Thread(target=lambda: change(app, of(Post, post, "rename", "two")))
                thread.start()
                thread.join()
            return " ".join(texts)

        app.add_url_rule("/twice", view_func=twice)

        assert ["one one", "two two"] == [client.get("/twice").text for _ in range(2)]

    def test_a_page_of_two_moments_is_not_kept(self, app, client, make, cache):
        """
        A view that ends its transaction in between may contradict itself.
        """
        post = make.post("one")

        @public_page()
        def torn():
            first = db.session.get_one(Post, post.id).slug
            db.session.rollback()
            return first + db.session.get_one(Post, post.id).slug

        app.add_url_rule("/torn", view_func=torn)
        client.get("/torn")

        assert 0 == len(cache.store)

    def test_slots_are_written_after_the_commit_and_before_the_answer(self, app, make, cache, monkeypatch):
        """
        Earlier, a page from before the change would be kept as current; later, its reader would be told too early.
        """
        comment = make.comment(make.post("one"))
        order = []

        def seen_by_others():
            with app.app_context():
                order.append(db.session.get_one(Comment, comment.id).public_revision_id is not None)

        def touch(keys):
            thread = threading.Thread(target=seen_by_others)
            thread.start()
            thread.join()
            order.append(set(keys))

        monkeypatch.setattr(cache.slots, "touch", touch)
        decide(app, comment)

        assert [True, {f"comments:{comment.post_id}", "comments"}] == order

    def test_a_crash_between_commit_and_slots_is_made_good(self, app, make, client, cache, monkeypatch, rendering):
        """
        The rows of the committed change tell what its writer no longer could; once, then they are gone.
        """
        comment = make.comment(make.post("one"), body="MARK")
        with app.app_context():
            pagecache.drain()
        client.get("/posts/one")

        def die(keys):
            raise SystemExit

        with monkeypatch.context() as dying:
            dying.setattr(cache.slots, "touch", die)
            with pytest.raises(SystemExit):
                decide(app, comment)
        assert "MARK" not in client.get("/posts/one").text
        with app.app_context():
            told = pagecache.drain()

        assert 2 == told
        assert "MARK" in client.get("/posts/one").text
        with app.app_context(), rendering(0):
            assert (0, None) == (pagecache.drain(), db.session.scalar(select(PageChange)))
            client.get("/posts/one")

    def test_rows_are_told_before_they_are_forgotten(self, app, make, cache, monkeypatch):
        """
        A drain that dies halfway leaves the rows for the next one.
        """
        make.post("one")

        def die(keys):
            raise SystemExit

        with app.app_context():
            waiting = len(db.session.scalars(select(PageChange)).all())
            with monkeypatch.context() as dying:
                dying.setattr(cache.slots, "touch", die)
                with pytest.raises(SystemExit):
                    pagecache.drain()
            db.session.rollback()
            assert waiting == pagecache.drain() > 0

    def test_another_process_drops_our_pages(self, app, make, client, database_url, tmp_path):
        """
        What the command line, or another web process, changes is seen here at once.
        """
        comment = make.comment(make.post("one"), body="MARK")
        client.get("/posts/one")
        other = create_app(
            {
                "BLOG_INSTANCE_PATH": str(tmp_path / "instance"), "BLOG_DATABASE_URL": database_url,
                "BLOG_SECRET_KEY": SECRET_KEY,
            }
        )  # fmt: skip
        decide(other, comment)
        with other.app_context():
            db.engine.dispose()

        assert "MARK" in client.get("/posts/one").text

    def test_no_change_is_written_without_begin_write(self, app, make):
        """
        Naming a change outside a writing transaction is a slip, and says so.
        """
        with app.app_context():
            changed("site")
            with pytest.raises(Exception, match="begin_write"):
                db.session.commit()
            db.session.rollback()


class TestRemembered:
    """What every page shows is read from the database once, and anew after a change; never an old one."""

    @pytest.fixture
    def reads(self, app):
        """How often the settings and the pages' texts were read."""
        found = Counter()
        with app.app_context():
            engine = db.engine

        def note(connection, cursor, statement, *more):
            found.update(table for table in ("site_settings", "page_revisions") if f"FROM {table}" in statement)
            found.update(["page_revisions"] if "JOIN page_revisions" in statement else [])

        event.listen(engine, "before_cursor_execute", note)
        yield found
        event.remove(engine, "before_cursor_execute", note)

    def test_two_pages_read_it_once(self, make, client, reads):
        """
        The second page made finds it in memory.
        """
        make.page("disclaimer")
        for slug in ("one", "two"):
            make.post(slug)
        reads.clear()
        for slug in ("one", "two"):
            assert 200 == client.get(f"/posts/{slug}").status_code

        assert {"site_settings": 1, "page_revisions": 1} == reads

    def test_a_change_is_on_every_page(self, make, client):
        """
        A page that is made after a change of the site's name and of a page's text shows both.
        """
        for slug in ("one", "two"):
            make.post(slug)
        make.page("disclaimer", body="Before", short="Before")
        client.get("/posts/one")
        make.settings(name="Another name")
        make.page("disclaimer", body="After", short="After", title="Another title")
        text = client.get("/posts/two").text

        assert ("Another name" in text, "Another title" in text) == (True, True)

    def test_the_form_follows_the_settings(self, make, client):
        """
        Its inputs are kept, too.
        """
        make.post("one")
        before = client.get("/posts/one").text
        make.settings(comment_email="hidden")

        assert (True, False) == ('name="email"' in before, 'name="email"' in client.get("/posts/one").text)

    def test_half_a_change_is_not_shown_for_long(self, app, make, client, cache, monkeypatch):
        """
        A page made between two slots of one change must not outlive the second.
        """
        make.post("one")
        make.page("disclaimer", body="Before")
        client.get("/posts/one")
        touch = cache.slots.touch
        monkeypatch.setattr(cache.slots, "touch", lambda keys: touch(set(keys) - {"pages", "site"}))
        make.page("disclaimer", body="After")
        monkeypatch.setattr(cache.slots, "touch", touch)
        client.get("/posts/one")
        touch({"pages"})

        assert "After" in client.get("/posts/one").text

    @pytest.mark.both_databases
    def test_a_change_while_it_is_read_is_not_lost(self, app, make, client, cache, monkeypatch):
        """
        What was read in a snapshot from before a commit is not kept beyond it.
        """
        make.post("one")
        read = Site._read.__func__
        done = []

        def slowly(cls):
            found = read(cls)
            if not done:
                done.append(True)
                thread = threading.Thread(target=lambda: make.settings(name="Another name"))
                thread.start()
                thread.join()
            return found

        monkeypatch.setattr(Site, "_read", classmethod(slowly))
        first, second = (client.get("/posts/one").text for _ in range(2))

        assert (False, True) == ("Another name" in first, "Another name" in second)

    def test_all_pages_forgotten_is_this_forgotten(self, app, make, client):
        """
        Who changes tables past the models drops the key of all pages, and with it what they share.
        """
        make.post("one")
        make.page("disclaimer", title="Title of before")
        client.get("/posts/one")

        def past_the_models():
            db.session.execute(db.text("UPDATE pages SET public_revision_id = NULL"))
            changed(SITE)

        change(app, past_the_models)

        assert "Title of before" not in client.get("/posts/one").text


class TestStampede:
    def test_a_missing_page_is_rendered_by_one(self, app, make, cache, monkeypatch, rendering):
        """
        Sixteen readers come at once: one page is rendered, and all get it.
        """
        make.post("one")
        inner, everybody = cache.inner, threading.Barrier(16)
        started = threading.Event()

        def slowly(environ, start_response):
            started.wait(0.3)
            return inner(environ, start_response)

        monkeypatch.setattr(cache, "inner", slowly)
        bodies = []

        def read():
            client = app.test_client()
            everybody.wait()
            bodies.append(client.get("/posts/one").data)

        with rendering(1):
            threads = [threading.Thread(target=read) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        assert (16, 1) == (len(bodies), len(set(bodies)))

    def test_nobody_waits_for_ever(self, app, make, cache, monkeypatch):
        """
        When the one who renders hangs, the others help themselves.
        """
        make.post("one")
        monkeypatch.setattr(pagecache, "WAIT_SECONDS", 0.1)
        inner, release, hanging = cache.inner, threading.Event(), threading.Event()

        def hang_once(environ, start_response):
            if not hanging.is_set():
                hanging.set()
                release.wait(10)
            return inner(environ, start_response)

        monkeypatch.setattr(cache, "inner", hang_once)
        first = threading.Thread(target=lambda: app.test_client().get("/posts/one"))
        first.start()
        hanging.wait(5)
        answer = app.test_client().get("/posts/one")
        release.set()
        first.join()

        assert 200 == answer.status_code

    def test_a_broken_page_frees_those_who_wait(self, app, client, cache):
        """
        After an error the next reader tries again, and nothing is left behind.
        """
        outcomes = [RuntimeError("no"), None]

        @public_page()
        def sometimes():
            outcome = outcomes.pop(0)
            if outcome:
                raise outcome
            return "text"

        app.add_url_rule("/sometimes", view_func=sometimes)

        assert [500, 200] == [client.get("/sometimes").status_code for _ in range(2)]
        assert {} == cache._flights


class TestStore:
    def page(self, key, size=1000):
        copied = memoryview(bytes(8 * (1 << 16))).cast("Q")
        return Page(key, b"x" * size, [("Content-Type", "text/plain")], Notes(), copied, now(), 60)

    def ask(self, store, key, size=1000):
        """As a request does: count the use, or put it in."""
        page = store.get(key)
        if page is not None:
            page.uses = min(3, page.uses + 1)
            return True
        store.put(self.page(key, size))
        return False

    def test_never_holds_more_than_its_bytes(self):
        """
        Whatever is put into it, also when pages grow by their packed forms.
        """
        store, pick = Store(500_000), random.Random(1)
        for _ in range(3000):
            key = str(pick.randrange(400))
            self.ask(store, key, pick.randrange(70_000))
            page = store.get(key)
            if page is not None:
                store.grow(page, pick.randrange(5000))
            assert store.bytes <= 500_000
        known = [store.get(str(number)) for number in range(400)]
        assert store.bytes == sum(page.size for page in known if page)
        assert store.newcomer_bytes == sum(page.size for page in known if page and not page.settled)

    def test_a_flood_of_new_pages_leaves_the_hot_ones(self):
        """
        A crawler that opens 10,000 addresses once pushes out other newcomers, not what is read again and again.
        """
        store = Store(1_000_000)
        hot = [f"hot {number}" for number in range(20)]
        for _ in range(3):
            for key in hot:
                self.ask(store, key)
        for number in range(10_000):
            self.ask(store, f"flood {number}")
            if number % 100 == 0:
                assert self.ask(store, hot[(number // 100) % 20])

        assert [True] * 20 == [store.get(key) is not None for key in hot]

    def test_what_nobody_reads_any_more_leaves(self):
        """
        Yesterday's hot pages make room for today's.
        """
        store = Store(500_000)
        for _ in range(4):
            for number in range(30):
                self.ask(store, f"old {number}")
        for _ in range(20):
            for number in range(45):
                self.ask(store, f"new {number}")

        assert 40 < sum(store.get(f"new {number}") is not None for number in range(45))

    def test_a_newcomer_that_comes_back_stays(self):
        """
        Pushed out as a newcomer, it settles at once when it is asked for again.
        """
        store = Store(200_000)
        self.ask(store, "again")
        number = 0
        while store.get("again"):
            self.ask(store, f"flood {number}")
            number += 1
        self.ask(store, "again")
        for more in range(number, number + 100):
            self.ask(store, f"flood {more}")

        assert store.get("again") is not None

    def test_too_large_a_page_is_not_kept(self):
        """
        One page may not push out all others.
        """
        store = Store(100_000)
        store.put(self.page("large", 50_000))

        assert 0 == len(store) == store.bytes

    def test_ways_to_ask_are_bounded(self, app, make, client, cache):
        """
        A flood of made-up parameters and encodings makes one page, and remembers only the last ways to ask for it.
        """
        make.post("one")
        for number in range(200):
            client.get(f"/posts/one?utm_source={number}", headers={"Accept-Encoding": f"x{number}, gzip"})
        client.get("/posts/one?" + "x" * 5000)

        assert 1 == len(cache.store)
        assert pagecache.ALIASES_KEPT == len(cache.store.aliases)

    def test_dropped_pages_leave_nothing_behind(self, app, make, client, cache):
        """
        Neither bytes nor ways to ask stay when a page is replaced again and again.
        """
        post = make.post("one")
        client.get("/posts/one")
        size = cache.store.bytes
        for number in range(20):
            change(
                app, lambda number=number: setattr(db.session.get_one(Post, post.id), "comments_open", number % 2 > 0)
            )
            client.get("/posts/one?utm_source=x")

        assert (1, 1) == (len(cache.store), len(cache.store.aliases))
        assert abs(size - cache.store.bytes) < 5000


class TestNothing:
    @pytest.fixture
    def settings(self):
        return {"BLOG_PAGE_CACHE_MB": "0"}

    def test_without_memory_every_page_is_rendered(self, make, client, rendering):
        """
        The same answers, with tags and encodings, only slower.
        """
        make.post("one")
        with rendering(2):
            tag = client.get("/posts/one").headers["ETag"]
            answer = client.get("/posts/one", headers={"If-None-Match": tag})

        assert 304 == answer.status_code


def test_notes_outside_a_page_are_nothing(app):
    """
    Models may say what they show from anywhere: jobs and commands make no page.
    """
    with app.app_context():
        shows("site")
        expires_at(now() + timedelta(days=1))
        expires_at(None)


def test_a_page_without_an_end_has_none(client, cache):
    """
    What never changes by itself is kept until something says so.
    """
    client.get("/robots.txt")

    assert FOREVER == cache.store.get("/robots.txt?").until


class TestRememberedOutsidePages:
    @pytest.fixture
    def name(self, app):
        """The site's name as a request hears it that first does something else."""

        def ask(before=lambda: None):
            with app.app_context():
                before()
                return Site.current().name

        return ask

    def test_what_was_read_is_not_read_again(self, app, name):
        """
        The second request hears what the first one read.
        """
        name()
        app.extensions["pagecache"].facts[SITE] = (app.extensions["pagecache"].facts[SITE][0], Site(name="Kept"))

        assert "Kept" == name()

    def test_a_change_is_heard_at_once(self, app, name):
        """
        What was remembered ends with the commit of a change.
        """
        name()
        change(app, Site.change, {"name": "Changed"}, None)

        assert "Changed" == name()

    def test_a_transaction_that_writes_hears_itself(self, app, name):
        """
        What it has changed, and nobody else can see yet, is read from the database.
        """
        name()

        def write():
            begin_write()
            Site.change({"name": "Mine"}, None)
            db.session.flush()
            g.pop("site")

        assert "Mine" == name(write)

    def test_what_an_open_transaction_sees_is_not_kept(self, app, name):
        """
        It may be older than the slots that it would be kept with.
        """
        name(lambda: db.session.scalar(select(Post.id)))

        assert SITE not in app.extensions["pagecache"].facts
