"""Giving the site another address: what holds the old one is found and changed, what cannot be changed is told.

What readers wrote stays as it was approved. Versions are append-only: what is shown gets a new one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select

from blog.accounts.factors import AuthenticatorApp, Passkey
from blog.accounts.models import Account
from blog.anatomy.models import Entry, EntryRevision
from blog.comments.models import CommentRevision
from blog.database import begin_write, db
from blog.mail.models import Notice
from blog.pages.models import RECORDS, Page, Site
from blog.posts import publishing
from blog.posts.document import Article
from blog.posts.manuscript import Manuscript
from blog.posts.models import Post, PostRevision
from blog.text.articles import article_html
from blog.text.sanitising import HTML_VERSION


class Renamed(Protocol):
    """What holds an address, with another one in its place."""

    def __call__(self, value: Any) -> Any: ...


@dataclass(frozen=True)
class Step:
    """One thing that holds the old address. `change`, inside a transaction, puts the new one there."""

    what: str
    change: Callable[[], None] | None = None  # none: it stays, or somebody has to do it
    to_do: str = ""


def renaming(old: str, new: str) -> Renamed:
    """What puts `new` in place of `old` in texts, lists and objects; http and https count as the same place."""
    host = re.escape(urlsplit(old).netloc)
    address = re.compile(rf"https?://{host}(?![\w:-]|\.\w)", re.IGNORECASE)

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return address.sub(lambda _: new, value)
        if isinstance(value, dict):
            return {name: renamed(item) for name, item in value.items()}
        return [renamed(item) for item in value] if isinstance(value, list | tuple) else value

    return renamed


def steps(app: Flask, old: str, new: str) -> Iterator[Step]:
    """Everything that holds the old address, in the order in which it is changed. Inside an app context."""
    renamed = renaming(old, new)
    yield from _settings(renamed)
    yield from _pages(renamed)
    yield from _articles(renamed)
    yield from _entries(renamed)
    yield from _mails(renamed)
    yield from _comments(old)
    if urlsplit(old).hostname != urlsplit(new).hostname:
        yield from _passkeys(old)
    yield from _machine(app, old, new)


def take(step: Step) -> None:
    """Do it, in a transaction of its own."""
    if step.change is not None:
        begin_write()
        step.change()
        db.session.commit()


def _settings(renamed: Renamed) -> Iterator[Step]:
    for name, value in vars(Site.current()).items():
        plain = [asdict(item) for item in value] if name in RECORDS else value
        wanted = renamed(plain)
        if wanted != plain and isinstance(plain, str | list):
            yield Step(f"setting {name}", partial(_set, name, wanted))


def _set(name: str, value: Any) -> None:
    Site.change({name: value}, None)


def _pages(renamed: Renamed) -> Iterator[Step]:
    for page in db.session.scalars(Page.public()):
        said = page.revision
        if said is not None and renamed([said.title, said.short, said.body]) != [said.title, said.short, said.body]:
            title, short, body = (renamed(text) for text in (said.title, said.short, said.body))
            yield Step(f"page /{page.slug}", partial(_save, page.slug, title, short, body, article_html(body).html))


def _save(slug: str, title: str, short: str, body: str, html: str) -> None:
    db.session.scalars(Page.shown(slug)).one().save(title, short, body, html, HTML_VERSION, None)


def _articles(renamed: Renamed) -> Iterator[Step]:
    """What is shown, and the newest version where that is another one."""
    for post in db.session.scalars(Post.everything()):
        newest = db.session.scalars(PostRevision.newest_of(post).limit(1)).one_or_none()
        is_touched = False  # then the newest version is kept again, too, so that it stays the newest
        for revision in dict.fromkeys(filter(None, (post.revision, newest))):
            is_touched |= renamed(revision.document) != revision.document
            if not is_touched:
                continue
            is_shown = revision.id == post.public_revision_id
            what = f"article {post.slug}{'' if is_shown else ', its newest version'}"
            manuscript = Manuscript.again(Article.parse(renamed(revision.document)))
            yield Step(what, partial(_revise, post.id, manuscript, revision.missing or (), is_shown))


def _revise(post_id: int, manuscript: Manuscript, missing: Sequence[str], is_shown: bool) -> None:
    post = db.session.get_one(Post, post_id)
    revision = publishing.keep(post, manuscript, missing, None)
    if is_shown:
        before = post.updated_at
        publishing.publish(post, revision)
        post.updated_at = before  # nothing that it says has changed


def _entries(renamed: Renamed) -> Iterator[Step]:
    shown = select(Entry, EntryRevision).join(EntryRevision, Entry.public_revision_id == EntryRevision.id)
    for entry, revision in db.session.execute(shown.order_by(Entry.id)):
        document = renamed(revision.document)
        if document != revision.document:
            yield Step(f"entry {entry.slug}", partial(_revise_entry, entry.id, document))


def _revise_entry(entry_id: int, document: dict[str, Any]) -> None:
    entry = db.session.get_one(Entry, entry_id)
    entry.publish(entry.revise(document))


def _mails(renamed: Renamed) -> Iterator[Step]:
    """What waits with a text of its own; all others are written when they are sent."""
    for notice in db.session.scalars(select(Notice).where(Notice.waiting(), Notice.text != "")):
        if renamed([notice.text, notice.html]) != [notice.text, notice.html]:
            yield Step("a mail that waits", partial(_rewrite, notice.id, renamed))


def _rewrite(notice_id: int, renamed: Renamed) -> None:
    notice = db.session.get_one(Notice, notice_id)
    notice.text, notice.html = renamed(notice.text), renamed(notice.html)


def _comments(old: str) -> Iterator[Step]:
    said = CommentRevision.body.contains(urlsplit(old).netloc, autoescape=True)
    many = db.session.scalar(select(func.count()).select_from(CommentRevision).where(said))
    if many:
        yield Step(f"{many} texts of comments", to_do="They stay as they were read and approved.")


def _passkeys(old: str) -> Iterator[Step]:
    """They belong to the old domain for good; who has nothing else could not sign in any more."""
    owners = db.session.execute(
        select(Account.email, func.count(Passkey.id))
        .join(Passkey, Passkey.account_id == Account.id)
        .group_by(Account.id, Account.email)
        .order_by(Account.email)
    ).all()
    with_app = set(
        db.session.scalars(select(Account.email).join(AuthenticatorApp, AuthenticatorApp.account_id == Account.id))
    )
    for email, many in owners:
        to_do = "New ones are made at /account after signing in with the authenticator app."
        if email not in with_app:
            to_do = f"Nothing else is set up: recovery codes, or flask users reset-factor {email}"
        yield Step(f"{many} passkeys of {email}, which work at {urlsplit(old).hostname} alone", to_do=to_do)


def _machine(app: Flask, old: str, new: str) -> Iterator[Step]:
    """Settings of the machine: config.py is changed, the environment is not ours."""
    path = app.config["BLOG_INSTANCE_PATH"] / "config.py"
    said = path.read_text() if path.exists() else ""
    line = re.compile(r"^BLOG_SITE_URL *=.*$", re.MULTILINE)
    if line.search(said):
        yield Step(
            f"BLOG_SITE_URL in {path}", partial(_write, path, line.sub(lambda _: f"BLOG_SITE_URL = {new!r}", said))
        )
    else:
        yield Step("BLOG_SITE_URL in the environment", to_do=f"Set BLOG_SITE_URL={new}")
    host = urlsplit(old).hostname or ""
    for name in ("BLOG_MAIL_FROM", "BLOG_PURGE_URL", "BLOG_CSP_REPORT_URL", "BLOG_MEDIA_URL"):
        if host in str(app.config[name]):
            yield Step(name, to_do=f"It names {host}: see whether that is still right.")


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)
