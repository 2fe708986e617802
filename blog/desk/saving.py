"""What the editor's form asks: its cards changed, or its text saved as a version; nothing behind anybody's back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.security import me
from blog.database import begin_write, db
from blog.desk.article_form import Beside
from blog.desk.editor import blank_sheet, may_place, page_again, writable
from blog.desk.sent import Opened, Sent
from blog.desk.unsaved import Conflict
from blog.numbers import number_or_none
from blog.posts import publishing, writing
from blog.posts.autosaves import Autosave, seen_since
from blog.posts.models import COMMENTS_MOST_DAYS, Post, PostRevision
from blog.posts.writing import Reading

Act = Callable[[Post, PostRevision], str]  # what a button does once the text is saved; why not, or nothing
DAYS_WRONG = "Please enter a number of days, such as 90; 0 keeps it open for ever."
NOTHING_WRITTEN = "Nothing is written yet, so nothing was saved."


@dataclass(frozen=True)
class Read:
    """What was sent, read as an article, with what is wrong or missing beside its fields."""

    sent: Sent
    reading: Reading
    beside: Beside

    @classmethod
    def of(cls, sent: Sent) -> Self:
        """Renders, so it is made before any transaction."""
        document, unknown = sent.sheet.document(sent.names)
        reading = Reading.of(document)
        return cls(sent, reading, Beside.of(reading.slips, unknown))

    @property
    def missing(self) -> list[str]:
        return [text for _, text in self.beside.lines]

    def says_the_same(self, revision: PostRevision) -> bool:
        """Whether a version holds just this."""
        return writing.says_the_same(revision, self.reading.manuscript, self.missing)

    def save(self, post: Post) -> PostRevision:
        """Keep it as the newest version."""
        return writing.save(post, self.reading.manuscript, self.missing, me().id)


def keep(post_id: int | None, act: Act | None = None) -> Response | tuple[str, int] | str:
    """Do what the editor's form asks: change its cards, or save it as a version and then `act`."""
    if post_id is not None:
        writable(post_id)
    sent = Sent.read(request.form)
    asked = request.form.get("do", "save")
    if asked.startswith("discard:") and post_id is not None:
        _discard(post_id, asked.removeprefix("discard:"))
        return page_again(post_id, sent)
    if asked != "save":
        return page_again(post_id, sent, focus=sent.sheet.change(asked))
    sent.sheet.drop_empty_cards()
    if post_id is None and sent.sheet.adds_nothing_to(blank_sheet(sent.names)):
        return page_again(None, sent, problem=NOTHING_WRITTEN), 422
    return _save(post_id, Read.of(sent), act)


def locked(post_id: int | None, opened: Opened) -> tuple[Post, Opened]:
    """The article to write into, in the transaction that writes. A new one begins; what a form began, it has seen."""
    if post_id is not None:
        begin_write(lock=f"article {post_id}")
        return writable(post_id), opened
    begin_write(lock=f"article begun as {opened.begun}" if opened.begun else None)
    post = writing.begin(me().id, opened.begun)
    return post, replace(opened, seen=opened.seen or writing.first_version(post))


def _save(post_id: int | None, read: Read, act: Act | None) -> Response | tuple[str, int]:
    sent, beside = read.sent, read.beside
    post, opened = locked(post_id, sent.opened)
    known = post.id if post_id is not None or opened.seen else None
    newest, slot = seen_since(post, opened.seen), db.session.scalar(Autosave.of(post, me().id))
    if newest and not read.says_the_same(newest):
        theirs = Conflict.with_version(newest, sent)
        return _stop(409, known, read, conflict=theirs, opened=replace(opened, seen=newest.id))
    other = slot if slot and not slot.is_from(opened.page, opened.continues) else None
    conflict = Conflict.with_slot(other, sent) if other else None
    if other and conflict and other.token != opened.aside:
        return _stop(409, known, read, conflict=conflict, opened=replace(opened, aside=other.token))
    if may_place(post) and (objections := _objections(post, sent)):
        beside.by_field.update(objections)
        return _stop(422, known, read, opened=opened)
    if other and conflict:
        Read.of(Sent.kept(other)).save(post)  # the text of the other tab is the version before
    if slot:
        db.session.delete(slot)
    revision = _write(post, read)
    problem = act(post, revision) if act else ""
    db.session.commit()
    if problem:
        opened = replace(opened, seen=revision.id)
        return page_again(post.id, sent, beside=beside, problem=problem, opened=opened, slug=post.slug), 422
    flash("Saved." if act is None else "Done.", "saved")
    return redirect(url_for("articles.show", post_id=post.id), 303)


def _write(post: Post, read: Read) -> PostRevision:
    if may_place(post):
        writing.give_address(post, read.sent.slug, read.reading.article.title)
        post.comments_open = read.sent.comments_open
        post.comments_close_days = number_or_none(read.sent.comments_days)
    return read.save(post)


def _objections(post: Post, sent: Sent) -> dict[str, list[str]]:
    """Why the article cannot be placed so, by field."""
    days = number_or_none(sent.comments_days, COMMENTS_MOST_DAYS)
    found = {
        "slug": publishing.objection(sent.slug, post.id) if sent.slug else "",
        "comments_days": DAYS_WRONG if sent.comments_days and days is None else "",
    }
    return {name: [why_not] for name, why_not in found.items() if why_not}


def _stop(status: int, post_id: int | None, read: Read, **more: Any) -> tuple[str, int]:
    """Save nothing, and show what was typed again."""
    db.session.rollback()
    return page_again(post_id, read.sent, beside=read.beside, **more), status


def _discard(post_id: int, token: str) -> None:
    """Empty one's own slot, if it still holds what was to be discarded."""
    begin_write(lock=f"article {post_id}")
    slot = db.session.scalar(Autosave.of(writable(post_id), me().id))
    if slot is not None and slot.token == token:
        db.session.delete(slot)
        flash("Discarded.")
    db.session.commit()
