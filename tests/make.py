"""Valid things for tests: each method makes one, with what matters given by name, and commits it."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, has_app_context
from sqlalchemy import select, update

from blog.accounts.models import Account, Person, Role, RoleName
from blog.anatomy.models import Entry, EntryKind
from blog.checksums import Summed, sums_of
from blog.clock import now
from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.sending import ShownTexts
from blog.comments.words import Sender, Words
from blog.database import Base, begin_write, db, plain_write
from blog.media import videos
from blog.media.decoding import Made
from blog.media.models import Media, MediaFile, new_digest
from blog.media.storage import store
from blog.media.videos import OwnVideo
from blog.moderation.models import Decision
from blog.moderation.verdicts import STATE_AFTER, Seen
from blog.pages.models import Page, Site
from blog.posts import publishing
from blog.posts.document import Article
from blog.posts.manuscript import Manuscript
from blog.posts.models import Post, PostRevision
from blog.privacy import erasing
from blog.text.sanitising import HTML_VERSION
from blog.triage import Flag
from tests.media.films import mp4

ANY_DAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
VERDICTS = {state: verdict for verdict, state in STATE_AFTER.items()}


def in_context(method: Callable[..., Any]) -> Callable[..., Any]:
    """Use the test's app context if it has one, otherwise one of its own: requests must not share a context."""

    @functools.wraps(method)
    def wrapper(self: Make, *args: Any, **values: Any) -> Any:
        if has_app_context():
            return method(self, *args, **values)
        with self.app.app_context():
            made = method(self, *args, **values)
            if made is not None and made in db.session:
                db.session.refresh(made)
                db.session.expunge(made)
            return made

    return wrapper


class Make:
    """The factory behind the `make` fixture."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.numbers = itertools.count(1)

    @in_context
    def post(
        self,
        slug: str | None = None,
        *,
        published_at: datetime | None = ANY_DAY,
        archived: bool = False,
        comments_open: bool = True,
        **article: Any,
    ) -> Post:
        """A post, published unless `published_at` is None; `article` overrides its fields."""
        number = next(self.numbers)
        manuscript = self._manuscript({"title": f"Article {number}", **article})
        begin_write()
        post = publishing.create(slug or f"article-{number}")
        post.comments_open = comments_open
        revision = publishing.revise(post, manuscript)
        if published_at is not None:
            publishing.publish(post, revision, at=published_at)
        if archived:
            publishing.archive(post)
        db.session.commit()
        return post

    @in_context
    def revision(self, post: Post, **article: Any) -> PostRevision:
        """A further version of a post, not shown."""
        manuscript = self._manuscript(article)
        begin_write()
        revision = publishing.revise(db.session.get_one(Post, post.id), manuscript)
        db.session.commit()
        return revision

    @classmethod
    def whole_article(cls, **values: Any) -> dict[str, Any]:
        """Plain data of an article that has everything but a video."""
        return {
            "kicker": "Back to basics",
            "key_facts": ["It is long."],
            "body": "## What it does\n\nIt moves.\n\n::figure map\n\n### Details\n\nMore.",
            "self_help": "## Self-help\n\nRest first.",
            "muscles": ["psoas"],
            "pain_areas": ["low-back"],
            "conditions": ["bursitis"],
            "tags": ["desk-work"],
            "stretches": [
                {
                    "name": "Knee to chest",
                    "steps": ["Lie down.", "Draw the knee up."],
                    "dose": "Twice a day.",
                    "stop_if": "Stop if it hurts.",
                    "easier_version": "Sit.",
                    "not_for": ["you have a new hip"],
                    "primary": ["psoas"],
                    "secondary": ["sartorius"],
                }
            ],
            "safety": {"red_flags": ["low-back"], "cautions": ["Ask before you press."]},
            "figures": [
                {
                    "id": "map",
                    "kind": "trigger-point-sites",
                    "caption": "Where it hurts",
                    "alt": "A drawing",
                    "long_description": "Low down, on both sides.",
                    "credit": "Drawn by Ada",
                }
            ],
            "evidence": "Nobody is quite sure.",
            "uncertain": ["Whether it spreads."],
            "references": [{"text": "A book"}, {"text": "A paper", "url": "https://doi.org/10.1/x"}],
            **values,
        }

    @staticmethod
    def article(**values: Any) -> dict[str, Any]:
        """Plain data of a valid article."""
        return {
            "title": "An article",
            "standfirst": "What it is about.",
            "body": "## What it does\n\nIt moves.",
            "authors": ["team"],
            **values,
        }

    @in_context
    def comment(
        self,
        post: Post | None = None,
        *,
        body: str = "A question about this.",
        name: str = "Reader",
        state: State = State.PENDING,
        parent: Comment | None = None,
        sender: str | None = None,
        by: Account | None = None,
        at: datetime | None = None,
        flags: Sequence[Flag] = (),
    ) -> Comment:
        """A reader's comment in any state; with `parent` a team's reply. `flags` are what triage found in it."""
        post_id = post.id if post else self.post().id
        words = Words.prepare(name, body)
        begin_write()
        post = db.session.get_one(Post, post_id)
        if parent is not None:
            comment = sending.answer(db.session.get_one(Comment, parent.id), words, by, at)
        else:
            who = Sender.of(sender or f"192.0.2.{next(self.numbers)}", "")
            receipt, _ = sending.submit(post, words, who, ShownTexts(), flags)
            comment = db.session.get_one(Comment, receipt.id)
            if at:
                comment.created_at = at
        if state in VERDICTS:
            seen = Seen(comment.id, comment.newest_revision_id or 0)
            Decision.make([seen], VERDICTS[state], by)
        elif state == State.WITHDRAWN:
            comment.withdraw()
        elif state == State.ERASED:
            erasing.erase(comment)
        db.session.commit()
        return comment

    @in_context
    def picture(
        self, name: str | None = None, *, by: Account | None = None, alt: str = "A back", **values: Any
    ) -> Media:
        """A picture of the media, stored; nothing was decoded for it. `values` override what is known of it."""
        stem = name or f"picture-{next(self.numbers)}"
        made = Made("png", "image/png", 640, 480, b"bytes of " + stem.encode())
        digest = new_digest(made.body)
        file = f"{digest}/{stem}.png"
        store().put(file, made.body, made.mimetype)
        begin_write()
        media = Media.keep(made.body, made, digest, f"{stem}.png", by.id if by else None)
        MediaFile.announce([file])
        MediaFile.belong_to(media.id, [file])
        for field, value in {"alt": alt, **values}.items():
            setattr(media, field, value)
        db.session.commit()
        return media

    @in_context
    def video(self, name: str, *, captions: bytes = b"", **values: Any) -> OwnVideo:
        """A video of our own, without frames. `values` override what is known of it."""
        video_id = videos.arrive(mp4(frames=name.encode() * 100), f"{name}.mp4", self.account().id).id
        if captions:
            videos.caption(video_id, captions)
        begin_write()
        video = db.session.get_one(OwnVideo, video_id)
        for field, value in values.items():
            setattr(video, field, value)
        db.session.commit()
        return video

    @in_context
    def account(self, *roles: RoleName, email: str | None = None, name: str = "Dr Example") -> Account:
        """An account without a password."""
        begin_write()
        Role.ensure_all()
        account = Account.register(email or f"staff{next(self.numbers)}@example.org", name, roles)
        db.session.commit()
        return account

    @in_context
    def page(self, slug: str, *, short: str = "", body: str = "Text.", title: str = "Title") -> Page:
        """A page with one more version."""
        begin_write()
        page = db.session.scalar(select(Page).where(Page.slug == slug))
        if page is None:
            page = Page(slug=slug)
            db.session.add(page)
            db.session.flush()
        page.save(title, short, body, f"<p>{body}</p>", HTML_VERSION, None)
        db.session.commit()
        return page

    @in_context
    def damage(self, model: type[Summed], number: int | None, **columns: Any) -> None:
        """Have a row say something else, as a failing disk would: past all verbs."""
        table = Base.metadata.tables[model.__tablename__]
        (key, *_) = table.primary_key.columns
        begin_write()
        plain_write().execute(update(table).where(key == number).values(**columns))
        db.session.commit()

    @in_context
    def rewrite(self, model: type[Summed], number: int | None, **columns: Any) -> None:
        """Have a row say something else, as older rules would have written it: with the checksum of that."""
        row = db.session.get_one(model, number)
        said = {name: getattr(row, name) for part in model.SUMMED for name in part} | columns
        self.damage(model, number, **columns, checksum=sums_of(model.SUMMED, said))

    @in_context
    def settings(self, **values: Any) -> None:
        """Change editorial settings."""
        begin_write()
        Site.change(values, None)
        db.session.commit()

    @staticmethod
    def days_ago(days: int) -> datetime:
        """A moment so many days before now."""
        return now() - timedelta(days=days)

    def _manuscript(self, values: dict[str, Any]) -> Manuscript:
        """An article ready to be kept; everybody and everything it names exists."""
        manuscript = Manuscript.prepare(Article.parse(self.article(**values)))
        said = manuscript.article
        for person in said.authors:
            self._person(person)
        for kind, slugs in (
            (EntryKind.MUSCLE, said.named_muscles),
            (EntryKind.PAIN_AREA, said.pain_areas),
            (EntryKind.CONDITION, said.conditions),
            (EntryKind.RED_FLAGS, said.safety.red_flags if said.safety else ()),
        ):
            for name in slugs:
                self._entry(kind, name)
        return manuscript

    def _person(self, slug: str) -> None:
        begin_write()
        if db.session.scalar(Person.with_slugs([slug])) is None:
            name = "The team" if slug == "team" else slug.replace("-", " ").title()
            db.session.add(Person(slug=slug, name=name, bio="", is_team=slug == "team"))
        db.session.commit()

    def _entry(self, kind: EntryKind, slug: str) -> None:
        document: dict[str, Any] = {"slug": slug, "name": slug.replace("-", " ").capitalize()}
        if kind == EntryKind.RED_FLAGS:
            document["levels"] = [{"level": "emergency", "heading": "Call for help if:", "items": ["it is bad"]}]
        if kind == EntryKind.MUSCLE:
            document["confidence"] = dict.fromkeys(("anatomy", "referred_pain", "conditions"), "high")
        if kind == EntryKind.CONDITION:
            document |= {"plain": "What it is.", "caveat": "See somebody."}
        begin_write()
        if db.session.scalar(Entry.find(kind, slug)) is None:
            Entry.ship({kind: [document]})
        db.session.commit()
