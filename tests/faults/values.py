"""A disk that changes one value of a row: in each column of each table that a page reads, to what no row would hold."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from blog import create_app
from blog.accounts.models import Account, RoleName
from blog.comments.models import Comment, State
from blog.database import db
from blog.pages.models import PageSlug
from blog.posts import models
from tests.databases import SECRET_KEY, migrated
from tests.faults.harness import expect, fault
from tests.make import Make
from tests.spoiling import spoil
from tests.test_guards import desk_rules, filled, public_addresses
from tests.visitors import StaffClient

SPOILT = {"bytes": b"\xff\x00garbage", "a text": "\0garbage", "a huge number": 2**62, "nothing": None}
GARBAGE = re.compile(r"garbage|b&#39;|b'")  # a number in a column for texts is a text for SQLite
HANGS_SECONDS = 20
WHOLE = "/posts/whole"
MORE = (WHOLE, *(f"{WHOLE}/{name}" for name in ("handout", "history", "comments.atom")), f"/api/v1{WHOLE}")
DESK = ("/desk/comments?state=approved", "/desk/comments?q=text", "/desk/posts/2", "/desk/log?what=approve")

Column = tuple[str, str]


class Hangs(BaseException):
    """A page that does not end."""


@dataclass
class Site:
    """A site in this process, that forgets each page at once, and the addresses by what they read."""

    app: Flask
    reader: FlaskClient
    staff: StaffClient
    reads: dict[str, set[Column]] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    @property
    def file(self) -> Path:
        return Path(self.app.config["BLOG_INSTANCE_PATH"]) / "blog.db"

    def get(self, address: str) -> tuple[int, str]:
        """Raises Hangs."""
        cache = self.app.extensions["pagecache"]
        for kept in (cache, cache.facts, cache.pieces, models._articles):
            kept.forget() if kept is cache else kept.clear()
        signal.alarm(HANGS_SECONDS)
        try:
            answer = (self.staff if address.startswith("/desk") else self.reader).get(address)
        finally:
            signal.alarm(0)
        is_html = "html" in answer.mimetype
        return answer.status_code, unescape(re.sub("<[^>]*>", " ", answer.text)) if is_html else answer.text

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@fault(
    "F41",
    "each column of each table that a page or the desk reads becomes bytes, a text that is none, a huge number, or "
    "nothing, in all rows",
    "no page breaks down or hangs: as before, with less, or 503; readers see nothing of it",
)
def spoilt(place: Path) -> str:
    with _ending_what_hangs():
        site = _site(place)
        _look_around(site)
        columns = sorted({column for read in site.reads.values() for column in read})
        whole = place / "whole.db"
        site.close()
        shutil.copy(site.file, whole)
        told, wrong = Counter[str](), list[str]()
        for table, column in columns:
            asked = [address for address, read in site.reads.items() if (table, column) in read]
            for kind, value in SPOILT.items():
                try:
                    spoil(site.file, table, column, value)
                    wrong += [f"{table}.{column} = {kind}: {one}" for one in _asked(site, asked, told)]
                except sqlite3.IntegrityError:  # the number of a row can be no other kind of value
                    continue
                finally:
                    site.close()
                    for suffix in ("-wal", "-shm"):
                        site.file.with_name(f"blog.db{suffix}").unlink(missing_ok=True)
                    shutil.copy(whole, site.file)
    result = f"{len(columns)} columns, {len(site.reads)} addresses; {told.total()} answers: "
    result += ", ".join(f"{told[one]} {one}" for one in ("as before", "with less", "503"))
    expect(not wrong, f"{result}; wrong {len(wrong)}: {'; '.join(wrong)}")
    return f"{result}, none broke down or hung"


def _site(place: Path) -> Site:
    settings: dict[str, Any] = {"BLOG_INSTANCE_PATH": str(place / "site"), "BLOG_SITE_URL": "http://localhost"}
    migrated(settings)
    app = create_app({"BLOG_SECRET_KEY": SECRET_KEY, "TESTING": True, "PROPAGATE_EXCEPTIONS": False, **settings})
    make = Make(app)
    post = make.post("shown", tags=["shown-tag"], muscles=["psoas"])
    whole = make.post("whole", **make.whole_article(muscles=["sartorius"]))
    make.post("draft", published_at=None)
    with app.app_context():
        team = make.account(*RoleName)
        team_id, uniquifier = team.id, team.fs_uniquifier
    for about in (post, whole):
        for state in State:
            first = make.comment(about, body=f"What I {state} say.", state=state)
            if state == State.APPROVED:
                make.comment(about, parent=first, state=state, by=_account(app, team_id))
    for slug in PageSlug:
        make.page(slug)
    make.picture("picture")
    make.video("video")
    with app.app_context():
        staff = StaffClient.signed_in(app, team_id, uniquifier)
    return Site(app, app.test_client(), staff)


def _account(app: Flask, number: int) -> Account:
    with app.app_context():
        account = db.session.get_one(Account, number)
        db.session.expunge(account)
        return account


def _look_around(site: Site) -> None:
    """Find what each address reads and says; of those that read and answer the same, one is enough."""
    read = set[Column]()

    def note(action: int, table: str, column: str, *_: object) -> int:
        if action == sqlite3.SQLITE_READ:
            read.add((table, column))
        return sqlite3.SQLITE_OK

    def watch(connection: sqlite3.Connection, record: Any) -> None:
        connection.set_authorizer(note)

    with site.app.app_context():
        engine = db.engine
        shown = db.session.scalars(Comment.visible().limit(1)).one()
        addresses = [*public_addresses(site.app, "shown", [shown.id]), *MORE, f"/comments/{shown.token}"]
    addresses += [filled(rule) for rule in desk_rules(site.app) if "GET" in rule.methods] + list(DESK)
    with closing(sqlite3.connect(site.file)) as database:
        kept = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%'")}
    event.listen(engine, "connect", watch)
    alike = set[tuple[int, frozenset[Column]]]()
    for address in addresses:
        site.close()
        read.clear()
        status, text = site.get(address)
        expect(status < 500, f"{address} answers {status} before anything is spoilt")
        columns = {(table, column) for table, column in read if table in kept and "_fts" not in table and column}
        site.said |= set(text.split())
        if (status, frozenset(columns)) not in alike or status == 200:
            alike.add((status, frozenset(columns)))
            site.reads[address] = columns
    event.remove(engine, "connect", watch)
    site.close()


def _asked(site: Site, addresses: list[str], told: Counter[str]) -> Iterator[str]:
    for address in addresses:
        try:
            status, text = site.get(address)
        except Hangs:
            yield f"{address} hangs"
            continue
        except Exception:  # a file of many rows is sent while they are read: it is broken off
            told["with less"] += 1
            continue
        if status == 503:
            told["503"] += 1
        elif status >= 500:
            yield f"{address} answers {status}"
        elif address.startswith("/desk") or set(text.split()) <= site.said:
            told["as before"] += 1
        elif GARBAGE.search(text):
            yield f"{address} shows it"
        else:
            told["with less"] += 1


@contextmanager
def _ending_what_hangs() -> Iterator[None]:
    def end(*_: object) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)
