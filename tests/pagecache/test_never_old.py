"""What is given out from memory is what the application would say now, after whatever happened."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select
from werkzeug.routing import AnyConverter

from blog import sample
from blog.accounts.models import Person
from blog.anatomy.models import Entry, EntryKind
from blog.clock import now
from blog.comments.models import Comment, CommentRevision, State
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision
from blog.moderation.verdicts import Verdict
from blog.posts import publishing
from blog.posts.models import Post, PostRevision
from blog.sessions import is_staff_path
from blog.text.comments import comment_html
from tests.make import ANY_DAY
from tests.pagecache.steps import A_DAY, change, decide, uncached_app, vocabulary


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
        self._each(Comment, pick, Comment.withdraw)

    def erase(self, pick):
        self._each(Comment, pick, Comment.erase)

    def rerender(self, pick):
        with self.app.app_context():
            begin_write()
            for revision in db.session.scalars(select(CommentRevision)):
                if not revision.erased_at:
                    revision.show_as(comment_html(revision.body))
            db.session.commit()

    def publish(self, pick):
        post = pick.choice(self.posts)
        words = pick.choice(["Old", "New"]) + str(pick.randrange(100))
        revision = self.make.revision(
            post,
            title=words,
            muscles=[pick.choice(["psoas", "sartorius"])],
            tags=[pick.choice("tuv")],
            authors=[pick.choice(["team", "ada"])],
        )
        change(self.app, lambda: publishing.publish(self._post(post), db.session.get_one(PostRevision, revision.id)))

    def new_post(self, pick):
        at = pick.choice([ANY_DAY, now() - timedelta(minutes=5), now() + timedelta(minutes=30)])
        self.posts.append(self.make.post(published_at=at, muscles=["psoas"], tags=["t"]))

    def archive(self, pick):
        self._each(Post, pick, publishing.archive)

    def restore(self, pick):
        self._each(Post, pick, publishing.restore)

    def rename(self, pick):
        self._each(Post, pick, publishing.rename, f"slug-{pick.randrange(10**9)}")

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
        self.make.settings(
            **pick.choice(
                [
                    {"name": f"Site {pick.random()}"},
                    {"comments_close_days": 30},
                    {"comments_close_days": 0},
                    {"expected_time": "soon"},
                ]
            )
        )

    def save_page(self, pick):
        slug = pick.choice(["about", "disclaimer", "comment-policy"])
        self.make.page(
            slug, body=f"Text {pick.random()}", title=pick.choice(["Title", "Other"]), short=pick.choice("ab")
        )

    def edit_entry(self, pick):
        def verb():
            entry = db.session.scalars(Entry.shown(EntryKind.MUSCLE, "psoas")).one()
            entry.publish(entry.revise({**entry.document, "name": f"Psoas {pick.random()}"}))

        change(self.app, verb)

    def edit_person(self, pick):
        def verb():
            db.session.scalars(select(Person).limit(1)).one().name = f"Team {pick.random()}"

        change(self.app, verb)

    def wait(self, pick):
        self.clock.advance(minutes=pick.choice([1, 20, 45, 600, 1440]))

    def addresses(self):
        """Every page for readers that the application has, with what stands in the database."""
        with self.app.app_context():
            posts = [post.slug for post in db.session.scalars(Post.everything())]
            entries = [(entry.kind, entry.slug) for entry in db.session.scalars(select(Entry))]
        slugs = {
            "posts": posts,
            "tags": ["t", "u", "v"],
            "authors": ["team", "ada"],
            "muscles": [slug for kind, slug in entries if kind == EntryKind.MUSCLE],
            "pain": [slug for kind, slug in entries if kind == EntryKind.PAIN_AREA],
            "conditions": [slug for kind, slug in entries if kind == EntryKind.CONDITION],
        }
        for rule in self.app.url_map.iter_rules():
            if "GET" in rule.methods and not is_staff_path(rule.rule) and rule.arguments <= FILLED:
                yield from filled(rule, slugs | {"pain-areas": slugs["pain"]})

    def _post(self, post):
        return db.session.get_one(Post, post.id)

    def _each(self, model, pick, verb, *arguments):
        with self.app.app_context():
            ids = list(db.session.scalars(select(model.id)))
        change(self.app, lambda: verb(db.session.get_one(model, pick.choice(ids)), *arguments))

    def _all(self, model):
        with self.app.app_context():
            return list(db.session.scalars(select(model)))

    def _decide(self, comment_id, verdict):
        with self.app.app_context():
            comment = db.session.get_one(Comment, comment_id)
        decide(self.app, comment, verdict)


FILLED = {"form", "part", "plural", "slug", "year"}  # parts of addresses for which there is something to put in


def filled(rule, slugs):
    """The addresses of a rule: each way of what may be chosen, and under a folder the slugs that are in it."""
    kinds = {name: kind.items for name, kind in rule._converters.items() if isinstance(kind, AnyConverter)}
    given = {"part": [1], "year": [2026]} | {name: sorted(choices) for name, choices in kinds.items()}
    for values in product(*(given.get(name, [f"<{name}>"]) for name in sorted(rule.arguments))):
        address = rule.rule
        for name, value in zip(sorted(rule.arguments), values, strict=True):
            address = re.sub(rf"<(?:[^<>]*:)?{name}>", str(value), address)
        before, slug, after = address.partition("<slug>")
        yield from (before + one + after for one in slugs[before.split("/")[-2]]) if slug else [address]


STEPS = [name for name in vars(Story) if not name.startswith("_") and name != "addresses"]


def answer(response):
    """What is compared; of what nobody may keep, such as a question drawn for one reader, not the words."""
    is_kept_nowhere = "no-store" in response.headers.get("Cache-Control", "")
    return response.status_code, None if is_kept_nowhere else response.data


class TestNeverOld:
    @pytest.mark.parametrize("seed", range(3))
    def test_the_kept_page_is_the_page(self, app, make, clock, client, cache, seed):
        """After each step of a long random story, what is given out is what the application would say now."""
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
                assert answer(said) == answer(given), f"{address} after {step}"

    @pytest.mark.parametrize("step", STEPS)
    def test_every_step_is_told(self, app, make, clock, client, cache, step):
        """Each verb alone, on a site whose pages are all in memory."""
        clock.freeze(A_DAY)
        story = Story(app, make, clock)
        make.comment(story.posts[0])
        before = [client.get(address).status_code for address in story.addresses()]
        getattr(story, step)(random.Random(1))

        for address in story.addresses():
            given = client.get(address)
            with uncached_app(app, cache):
                said = client.get(address)
            assert answer(said) == answer(given), address
        assert before.count(200) >= 18

    def test_a_scheduled_post_appears_at_its_moment_everywhere(self, app, make, clock, client):
        """On the second, without anybody doing anything; and not a moment before."""
        clock.freeze(A_DAY)
        vocabulary(app)
        make.post("old", tags=["t"], muscles=["psoas"])
        make.post("new", title="Just out", tags=["t"], muscles=["psoas"], published_at=A_DAY + timedelta(minutes=5))
        addresses = [
            "/",
            "/feed.atom",
            "/tags/t",
            "/authors/team",
            "/archive/2026",
            "/sitemap.xml",
            "/posts/old",
            "/muscles/psoas",
        ]

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
        """The page with the form ends when the article stops taking comments."""
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
        """Its token is that of today, so it stays valid for all the days promised."""
        clock.freeze(A_DAY)
        make.post("one")
        first = client.get("/posts/one").text
        clock.freeze(A_DAY.replace(hour=0) + timedelta(days=1, seconds=-1))
        assert first == client.get("/posts/one").text
        clock.advance(seconds=1)

        assert first != client.get("/posts/one").text

    def test_a_clock_that_goes_back_is_believed(self, make, clock, client):
        """A page from the future is not given out."""
        clock.freeze(A_DAY)
        make.post("later", title="Too early", published_at=A_DAY + timedelta(hours=1))
        clock.advance(hours=2)
        assert "Too early" in client.get("/").text
        clock.freeze(A_DAY)

        assert "Too early" not in client.get("/").text

    def test_samples_leave_every_page(self, app, client):
        """Loading and removing the sample site goes past the models, and is told all the same."""
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
