"""Public pages, kept in memory and answered in front of Flask. The same bytes for everybody, and never the old ones.

A view marked `public_page` may be kept. While it renders, `shows` collects the keys of what it shows and `expires_at`
the moments that will change it. Verbs name what they change with `changed`; the names are written in the same
transaction, and after its commit, before the answer, their slots are written (see blog/pagecache/slots.py), which
drops every page that shows them in all processes of this machine. A page is rendered from one snapshot of the
database, opened after the slots were copied, and is kept with those copies; it is given out only while the slots still
hold them.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, current_app, has_app_context
from sqlalchemy import String, delete, event, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    InstrumentedAttribute,
    LoaderCallableStatus,
    Mapped,
    Session,
    SessionTransaction,
    mapped_column,
    object_session,
)
from werkzeug.exceptions import HTTPException

from blog import purges
from blog.clock import frozen, now
from blog.database import Base, begin_write, db
from blog.pagecache.negotiation import IDENTITY, PACKERS, encoding_for, has_current, is_packable
from blog.pagecache.slots import Slots, slot_of, values_at
from blog.sessions import is_staff_path

SITE = "site"  # the key that every page shows
WAIT_SECONDS = 10  # for a page that another thread renders
DRAIN_BATCH = 500  # rows a transaction
ALIASES_KEPT = 24  # ways to ask for one page that are remembered: query noise, Accept-Encoding
ALIAS_MAX_CHARS = 600
PAGE_BYTES = 8 * 1024  # beside its bodies, with its aliases
FOREVER = datetime.max.replace(tzinfo=UTC)
REVALIDATE = "public, max-age=0, must-revalidate"
MAY_BE_STORED = ("no-cache", "")  # what blog/headers.py says of a page that says nothing itself
DROPPED = frozenset({"REMOTE_ADDR", "REMOTE_PORT", "REQUEST_URI", "RAW_URI", "CONTENT_TYPE"})
OWN_HEADERS = frozenset(
    {"content-length", "etag", "cache-control", "vary", "content-encoding", "last-modified", "date"}
)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Alias = tuple[str, str, str | None]
View = TypeVar("View", bound=Callable[..., Any])
Found = TypeVar("Found")


# --- What views and verbs say -------------------------------------------------------------------------


@dataclass
class Notes:
    """What a page that is being rendered shows, and until when."""

    keys: set[str] = field(default_factory=lambda: {SITE})
    until: datetime = FOREVER
    snapshots: int = 0  # of the database; a page made from two may contradict itself and is not kept
    copied: memoryview | None = None  # the slots as they were before the snapshot


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


def public_page(*arguments: str) -> Callable[[View], View]:
    """Marks a view whose page is the same for everybody. `arguments` are all the query parameters that it reads."""

    def mark(view: View) -> View:
        view.page_arguments = arguments  # type: ignore[attr-defined]
        return view

    return mark


def shows(*keys: str) -> None:
    """Note that the page being rendered shows what these keys name."""
    notes = _notes.get()
    if notes is not None:
        notes.keys.update(keys)


def expires_at(moment: datetime | None) -> None:
    """Note that the page being rendered changes by itself at `moment`, if that is still to come."""
    notes = _notes.get()
    if notes is not None and moment is not None and now() < moment < notes.until:
        notes.until = moment


def remembered(keys: Sequence[str], read: Callable[[Sequence[str]], Sequence[Found]]) -> Sequence[Found]:
    """What the database says to each of `keys`; `read` finds what is not known.

    It is kept as a page is, and by the same proof: the slots were copied before the snapshot was opened, and the page
    being rendered shows the keys. It is read anew after a change of its key, or of all. `read` must return plain values
    that nobody changes. Outside a page the slots are looked at now: what is read in a transaction that was open before
    is not kept, and one that writes always reads, as it may have changed this itself.
    """
    cache, notes, session = current_app.extensions["pagecache"], _notes.get(), db.session()
    if session.info.get("writes"):
        return read(keys)
    facts, slots, may_be_kept = cache.facts, cache.slots.view, not session.in_transaction()
    if notes is not None and notes.copied is not None:
        slots, may_be_kept = notes.copied, True
    shows(*keys)
    values = {key: (slots[slot_of(key)], slots[slot_of(SITE)]) for key in keys}
    known = {key: facts.get(key, (None, None)) for key in keys}
    unknown = [key for key in keys if known[key][0] != values[key]]
    if unknown:
        known |= {key: (values[key], found) for key, found in zip(unknown, read(unknown), strict=True)}
        if may_be_kept:
            facts.update((key, known[key]) for key in unknown)
    return [known[key][1] for key in keys]


def changed(*keys: str) -> None:
    """Note that this transaction changes what these keys name. Call inside `begin_write()`."""
    db.session().info.setdefault("page_changes", set()).update(keys)


def changes(attribute: InstrumentedAttribute[Any], keys: Callable[[Any], Iterable[str]]) -> None:
    """Have every new value of a column drop the pages that `keys` names, whoever sets it.

    A row that is not stored yet drops nothing.
    """

    @event.listens_for(attribute, "set", active_history=True)
    def note(row: Any, value: Any, before: Any, initiator: Any) -> None:
        session = object_session(row)
        before = None if before is LoaderCallableStatus.NO_VALUE else before
        if session is not None and row.id is not None and value != before:
            session.info.setdefault("page_changes", set()).update(keys(row))


# --- Changes: written with the transaction, told after it ---------------------------------------------


class PageChange(Base):
    """A key that a committed transaction has changed, until the slots of this machine are known to say so.

    With several machines, each needs to read every row: give each its own mark here, or count in a shared store.
    """

    __tablename__ = "page_changes"
    __table_args__ = {"sqlite_autoincrement": True}  # a number used again could be deleted unread

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160))


@event.listens_for(Session, "before_commit")
def _write_changes(session: Session) -> None:
    if session.in_nested_transaction():
        return
    keys = session.info.get("page_changes")
    if keys:
        session.execute(insert(PageChange), [{"key": key} for key in sorted(keys)])
        purges.note(session, keys)
        session.info["page_changes_written"] = frozenset(keys)


@event.listens_for(Session, "after_commit")
def _tell_changes(session: Session) -> None:
    if session.in_nested_transaction():
        return
    keys = session.info.pop("page_changes_written", None)
    if keys and has_app_context() and "pagecache" in current_app.extensions:
        current_app.extensions["pagecache"].slots.touch(keys)


@event.listens_for(Session, "after_transaction_end")
def _forget_changes(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("page_changes", None)
        session.info.pop("page_changes_written", None)


@event.listens_for(Session, "after_begin")
def _count_snapshots(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    notes = _notes.get()
    if notes is not None:
        notes.snapshots += 1


def drain() -> int:
    """Write the slots of changes that nobody has told yet, and forget them; how many. Needs an app context.

    After a crash between commit and slots; and the rows of all other changes, which were told by their writers.
    """
    total = 0
    while rows := db.session.execute(select(PageChange.id, PageChange.key).limit(DRAIN_BATCH)).all():
        current_app.extensions["pagecache"].slots.touch({key for _, key in rows})
        begin_write()
        db.session.execute(delete(PageChange).where(PageChange.id.in_([number for number, _ in rows])))
        db.session.commit()
        total += len(rows)
    db.session.rollback()
    return total


# --- Pages --------------------------------------------------------------------------------------------


class Variant:
    """A page in one encoding, ready to be sent."""

    __slots__ = ("body", "etag", "headers", "page")

    def __init__(self, page: Page, encoding: str, body: bytes, cdn_seconds: int) -> None:
        self.page = page
        self.body = [body]
        self.etag = f'"{page.fingerprint}{"" if encoding == IDENTITY else "-" + encoding}"'
        self.headers = [*page.headers, ("ETag", self.etag), ("Content-Length", str(len(body)))]
        if encoding != IDENTITY:
            self.headers.append(("Content-Encoding", encoding))
        if page.packable:
            self.headers.append(("Vary", "Accept-Encoding"))
        self.headers.append(("Cache-Control", page.cache_control or _lifetime(cdn_seconds)))

    def headers_until(self, seconds: int) -> list[tuple[str, str]]:
        """The headers of a page that ends within the lifetime told to a CDN."""
        if self.page.cache_control:
            return self.headers
        return [*self.headers[:-1], ("Cache-Control", _lifetime(seconds))]


class Page:
    """One public page as rendered, with what must be unchanged for it to be given out."""

    __slots__ = (
        "aliases", "cache_control", "checked", "fingerprint", "headers", "key", "made_at", "packable", "places",
        "plain_until", "raw", "settled", "size", "until", "uses", "values", "variants",
    )  # fmt: skip

    def __init__(
        self, key: str, raw: bytes, headers: list[tuple[str, str]], notes: Notes, copied: memoryview,
        made_at: datetime, cdn_seconds: int,
    ) -> None:  # fmt: skip
        told = {name.lower(): value for name, value in headers}
        self.key = key
        self.raw = raw
        self.headers = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]
        cache_control = told.get("cache-control", "")
        self.cache_control = "" if cache_control in MAY_BE_STORED else cache_control
        self.packable = is_packable(told.get("content-type", ""), len(raw))
        self.fingerprint = hashlib.blake2b(raw, digest_size=12).hexdigest()
        self.places = tuple(sorted({slot_of(one) for one in notes.keys}))
        self.values = values_at(copied, self.places)
        self.checked: int | None = None  # the generation at which the slots were last found unchanged
        self.made_at = made_at
        self.until = notes.until
        self.plain_until = FOREVER if self.until == FOREVER else self.until - timedelta(seconds=cdn_seconds)
        self.variants: dict[str, Variant] = {}
        self.aliases: deque[Alias] = deque()
        self.uses = 0
        self.settled = False  # among the pages that a flood cannot push out
        self.size = PAGE_BYTES + len(raw) + sum(len(name) + len(value) for name, value in self.headers)

    def is_current(self, slots: Slots) -> bool:
        """Whether nothing that it shows has changed, and its time is not over."""
        generation = slots.generation
        if generation != self.checked:
            if slots.values(self.places) != self.values:
                return False
            self.checked = generation
        return self.made_at <= now() < self.until


class Store:
    """Pages within a bound of bytes. A page is settled once it was asked for again; newcomers push out newcomers.

    This is S3-FIFO: a tenth of the space for newcomers, the rest in the order of arrival with a second chance, and a
    memory of the newcomers that left, who settle at once when they come back. A hit only counts. Call under a lock.
    """

    NEWCOMERS = 0.1  # of the space
    LARGEST = 0.125
    MOST_USES = 3

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.newcomer_bytes = 0
        self.aliases: dict[Alias, Variant] = {}
        self._pages: dict[str, Page] = {}
        self._newcomers: OrderedDict[str, Page] = OrderedDict()
        self._settled: OrderedDict[str, Page] = OrderedDict()
        self._left: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> Page | None:
        return self._pages.get(key)

    def put(self, page: Page) -> None:
        if page.size > self.most_bytes * self.LARGEST:
            return
        before = self._pages.get(page.key)
        if before is not None:
            page.settled, page.uses = before.settled, before.uses
            self.drop(before)
        elif page.key in self._left:
            del self._left[page.key]
            page.settled = True
        self._pages[page.key] = page
        (self._settled if page.settled else self._newcomers)[page.key] = page
        self._count(page, page.size)
        self._make_room()

    def grow(self, page: Page, size: int) -> None:
        """Note that a kept page has become larger."""
        if self._pages.get(page.key) is page:
            page.size += size
            self._count(page, size)
            self._make_room()

    def alias(self, alias: Alias, variant: Variant) -> None:
        """Remember that this very request asks for a page in this form."""
        page = variant.page
        if sum(len(part or "") for part in alias) > ALIAS_MAX_CHARS or self._pages.get(page.key) is not page:
            return
        if alias in self.aliases:
            return
        page.aliases.append(alias)
        self.aliases[alias] = variant
        if len(page.aliases) > ALIASES_KEPT:
            self.aliases.pop(page.aliases.popleft(), None)

    def drop(self, page: Page) -> None:
        if self._pages.get(page.key) is not page:
            return
        del self._pages[page.key]
        del (self._settled if page.settled else self._newcomers)[page.key]
        self._count(page, -page.size)
        for alias in page.aliases:
            self.aliases.pop(alias, None)

    def clear(self) -> None:
        """Keep nothing, as after a start."""
        for page in list(self._pages.values()):
            self.drop(page)

    def _count(self, page: Page, size: int) -> None:
        self.bytes += size
        if not page.settled:
            self.newcomer_bytes += size

    def _make_room(self) -> None:
        while self.bytes > self.most_bytes:
            if self._newcomers and (self.newcomer_bytes > self.NEWCOMERS * self.most_bytes or not self._settled):
                self._move_on(next(iter(self._newcomers.values())))
            else:
                page = next(iter(self._settled.values()))
                if page.uses:
                    page.uses -= 1
                    self._settled.move_to_end(page.key)
                else:
                    self.drop(page)

    def _move_on(self, page: Page) -> None:
        """The oldest newcomer settles if anybody asked for it again, or leaves."""
        if not page.uses:
            self.drop(page)
            self._left[page.key] = None
            while len(self._left) > max(64, len(self._pages)):
                self._left.popitem(last=False)
            return
        del self._newcomers[page.key]
        self.newcomer_bytes -= page.size
        page.settled, page.uses = True, 0
        self._settled[page.key] = page


class Flight:
    """A page that one thread renders while others wait for it."""

    __slots__ = ("done", "page")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.page: Page | None = None


@dataclass(frozen=True)
class Answer:
    """What the application said when it was not a page to keep."""

    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]


# --- In front of Flask --------------------------------------------------------------------------------


class PageCache:
    """The WSGI layer. A request asked in the same words as before costs a look-up and two comparisons."""

    def __init__(self, app: Flask, inner: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.inner = inner
        self.slots = Slots(app.config["BLOG_INSTANCE_PATH"] / "pages.slots")
        self.store = Store(app.config["BLOG_PAGE_CACHE_MB"] * 1024 * 1024)
        self.cdn_seconds: int = app.config["BLOG_CDN_SECONDS"]
        self.key_header: str = app.config["BLOG_KEY_HEADER"]
        self.rendered = 0
        self.facts: dict[str, tuple[tuple[int, int], Any]] = {}  # what `remembered` keeps, with the values of its slots
        self._routes = app.url_map.bind("localhost")
        self._table = self.slots.view
        self._aliases = self.store.aliases
        self._lock = threading.Lock()
        self._flights: dict[str, Flight] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        known = self._aliases.get((environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_ACCEPT_ENCODING")))
        if known is not None:
            page = known.page
            if page.checked == self._table[0] and page.made_at <= now() < page.plain_until:
                method = environ["REQUEST_METHOD"]
                if method == "GET" and "HTTP_IF_NONE_MATCH" not in environ:
                    if page.uses < 3:
                        page.uses += 1
                    start_response("200 OK", known.headers)
                    return known.body
                if method in ("GET", "HEAD"):
                    return self._send(known, environ, start_response)
        return self._find(environ, start_response)

    def _find(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The slower way: what is asked for in other words, is not kept, or must be rendered."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.inner(environ, start_response)
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        key = self._key(path, query)
        if key is None:
            return self.inner(environ, start_response)
        found = self._page(path, key, environ)
        if isinstance(found, Answer):
            start_response(found.status, found.headers)
            return found.body if environ["REQUEST_METHOD"] == "GET" else []
        accept = environ.get("HTTP_ACCEPT_ENCODING")
        variant = self._variant(found, encoding_for(accept))
        with self._lock:
            self.store.alias((path, query, accept), variant)
        return self._send(variant, environ, start_response, is_current=found.is_current(self.slots))

    def _send(
        self, variant: Variant, environ: Environ, start_response: StartResponse, is_current: bool = True
    ) -> Iterable[bytes]:
        """A page, or that the client has it already. A CDN may not keep one that changed while it was rendered."""
        page, moment = variant.page, now()
        if page.uses < Store.MOST_USES:
            page.uses += 1
        headers = variant.headers
        if moment >= page.plain_until or not is_current:
            seconds = int((page.until - moment).total_seconds()) if is_current else 0
            headers = variant.headers_until(max(0, seconds))
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match is not None and has_current(if_none_match, variant.etag):
            kept = ("ETag", "Cache-Control", "Vary", self.key_header)
            start_response("304 Not Modified", [header for header in headers if header[0] in kept])
            return []
        start_response("200 OK", headers)
        return variant.body if environ["REQUEST_METHOD"] == "GET" else []

    def _key(self, path: str, query: str) -> str | None:
        """Path and known parameters of a public page, in one form; None for everything that is not kept."""
        if is_staff_path(path) or path.startswith("/comments/"):
            return None
        try:
            endpoint, _ = self._routes.match(path, "GET")
        except HTTPException:  # also a redirect
            return None
        arguments = getattr(self.app.view_functions.get(endpoint), "page_arguments", None)
        if arguments is None:
            return None
        if not query or not arguments:
            return path + "?"
        given: dict[str, str] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name in arguments:
                given.setdefault(name, value)
        return path + "?" + urlencode(sorted(given.items()))

    def _page(self, path: str, key: str, environ: Environ) -> Page | Answer:
        """The page as it is now; one thread renders it, the others wait for that."""
        for _ in range(3):
            with self._lock:
                page = self.store.get(key)
                if page is not None and page.is_current(self.slots):
                    return page
                flight = self._flights.get(key)
                if is_ours := flight is None:
                    flight = self._flights[key] = Flight()
            if is_ours:
                try:
                    found = self._render(path, key, environ)
                    if isinstance(found, Page):
                        flight.page = found
                    return found
                finally:
                    with self._lock:
                        del self._flights[key]
                    flight.done.set()
            flight.done.wait(WAIT_SECONDS)
            if flight.page is None:
                break  # not a page to keep, or very slow: everybody for themselves
            if flight.page.is_current(self.slots):
                return flight.page
        return self._render(path, key, environ)

    def _render(self, path: str, key: str, environ: Environ) -> Page | Answer:
        """Ask the application. The order is the protocol: the time, the slots, then one snapshot of the database."""
        made_at = now()
        copied = self.slots.copy()
        self.rendered += 1
        with frozen(made_at), _taking_notes(copied) as notes:
            answer = self._ask(self._as_anybody(path, key.partition("?")[2], environ))
        if not _may_be_kept(answer) or notes.snapshots > 1:
            return answer
        headers = answer.headers
        if self.key_header:
            between = "," if self.key_header.lower() == "cache-tag" else " "
            headers = [*headers, (self.key_header, between.join(sorted(notes.keys)))]
        page = Page(key, b"".join(answer.body), headers, notes, copied, made_at, self.cdn_seconds)
        with self._lock:
            if page.is_current(self.slots):
                self.store.put(page)
        return page

    def _ask(self, environ: Environ) -> Answer:
        said: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[..., Any]:
            said[:] = [status, list(headers)]
            return lambda data: None

        parts = self.inner(environ, start_response)
        try:
            body = list(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return Answer(said[0], said[1], body)

    def _as_anybody(self, path: str, query: str, environ: Environ) -> Environ:
        """The same request without anything that tells one reader from another."""
        site = urlsplit(self.app.config["BLOG_SITE_URL"])
        plain = {name: value for name, value in environ.items() if not name.startswith("HTTP_") and name not in DROPPED}
        plain |= {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": "0",
            "HTTP_HOST": site.netloc,
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
        return plain

    def _variant(self, page: Page, encoding: str) -> Variant:
        """The page in an encoding: packed when it is first asked for, then kept."""
        if not page.packable:
            encoding = IDENTITY
        variant = page.variants.get(encoding)
        if variant is None:
            body = page.raw if encoding == IDENTITY else PACKERS[encoding](page.raw)
            variant = page.variants.setdefault(encoding, Variant(page, encoding, body, self.cdn_seconds))
            if encoding != IDENTITY:
                with self._lock:
                    self.store.grow(page, len(body))
        return variant


def init_app(app: Flask) -> None:
    """Stand in front of everything that the app does. Call last."""
    cache = PageCache(app, app.wsgi_app)
    app.extensions["pagecache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
    app.before_request(_open_snapshot)


def _open_snapshot() -> None:
    """All reads of a page see one moment. SQLite does so in any transaction; PostgreSQL when told."""
    if _notes.get() is not None and db.engine.dialect.name == "postgresql":
        db.session().connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


@contextmanager
def _taking_notes(copied: memoryview) -> Iterator[Notes]:
    notes = Notes(copied=copied)
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def _may_be_kept(answer: Answer) -> bool:
    """A plain 200 that nobody has declared private."""
    told = {name.lower(): value.lower() for name, value in answer.headers}
    return (
        answer.status.startswith("200")
        and "set-cookie" not in told
        and told.get("vary", "accept-encoding") == "accept-encoding"
        and "content-encoding" not in told
        and not {"private", "no-store"} & set(told.get("cache-control", "").replace(",", " ").split())
    )


def _lifetime(cdn_seconds: int) -> str:
    """For browsers: ask each time. For a CDN: so many seconds."""
    return f"{REVALIDATE}, s-maxage={cdn_seconds}" if cdn_seconds else REVALIDATE
