"""In front of Flask: public pages, the same bytes for everybody, and never the old ones.

A page is rendered from one snapshot of the database, opened after the slots were copied, and is kept with those
copies; it is given out only while the slots still hold them. What it shows is noted while it renders
(blog/pagecache/notes.py), what changes is told by verbs (blog/pagecache/changes.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from blog.clock import frozen, now
from blog.database import Stopped
from blog.metering import meter
from blog.pagecache import following
from blog.pagecache.negotiation import IDENTITY, PACKERS, encoding_for
from blog.pagecache.notes import Notes, open_snapshot, taking_notes
from blog.pagecache.pieces import Pieces
from blog.pagecache.slots import PROVEN_UNTIL, Slots, boot_clock
from blog.pagecache.store import KeptPage, Ready, Store, Variant
from blog.sessions import is_staff_path

WAIT_SECONDS = 10  # for a page that another thread renders
DROPPED = frozenset({"REMOTE_ADDR", "REMOTE_PORT", "REQUEST_URI", "RAW_URI", "CONTENT_TYPE"})

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Flight:
    """A page that one thread renders while others wait for it."""

    __slots__ = ("done", "page")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.page: KeptPage | None = None


@dataclass(frozen=True)
class Answer:
    """What the application said when it was not a page to keep."""

    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]


class PageCache:
    """The WSGI layer. A request asked in the same words as before costs a look-up and two comparisons."""

    def __init__(self, app: Flask, inner: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.inner = inner
        self.slots = Slots(app.config["BLOG_INSTANCE_PATH"] / "pages.slots")
        self.following = following.of(app, self.slots)
        self.store = Store(app.config["BLOG_PAGE_CACHE_MB"] * 1024 * 1024)
        self.cdn_seconds: int = app.config["BLOG_CDN_SECONDS"]
        self.key_header: str = app.config["BLOG_KEY_HEADER"]
        self.rendered = 0
        self.facts: dict[str, tuple[tuple[int, int], Any]] = {}  # what `remembered` keeps, with the values of its slots
        self.pieces = Pieces()
        self._routes = app.url_map.bind("localhost")
        self._needs_proof = self.following.needs_proof
        self._table = self.slots.view
        self._aliases = self.store.aliases
        self._lock = threading.Lock()
        self._flights: dict[str, Flight] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self.inner(environ, start_response)
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        accept, if_none_match = environ.get("HTTP_ACCEPT_ENCODING"), environ.get("HTTP_IF_NONE_MATCH")
        ready = self.kept(path, query, accept, if_none_match)
        if ready is None:
            key = self.key(path, query)
            if key is None:
                return self.inner(environ, start_response)
            page = self._page(path, key, environ)
            if isinstance(page, Answer):
                start_response(page.status, page.headers)
                return page.body if method == "GET" else []
            ready = self._ready(page, path, query, accept, if_none_match, page.is_current(self.slots))
        start_response(ready.status, ready.headers)
        return [ready.body] if method == "GET" else []

    def kept(self, path: str, query: str, accept: str | None, if_none_match: str | None) -> Ready | None:
        """What can be answered to a GET from memory, now; None for what must be asked, rendered or packed.

        `accept` is the Accept-Encoding. May be called by a thread that must not wait: it takes microseconds.
        """
        known = self._aliases.get((path, query, accept))
        if known is not None:
            page = known.page
            is_proven = not self._needs_proof or self._table[PROVEN_UNTIL] > boot_clock()  # first: see slots.py
            if is_proven and page.checked == self._table[0] and page.made_at <= now() < page.plain_until:
                page.count_use()
                return known.answer(if_none_match)
        key = self.key(path, query)
        found = None if key is None else self.store.get(key)
        if found is None or not found.is_current(self.slots) or self._encoding(found, accept) not in found.variants:
            return None
        found.count_use()
        return self._ready(found, path, query, accept, if_none_match, is_current=True)

    def _ready(
        self, page: KeptPage, path: str, query: str, accept: str | None, if_none_match: str | None, is_current: bool
    ) -> Ready:
        """The answer for one client. A CDN may not keep a page that changed while it was rendered."""
        variant, moment = self._variant(page, self._encoding(page, accept)), now()
        with self._lock:
            self.store.alias((path, query, accept), variant)
        if is_current and moment < page.plain_until:
            return variant.answer(if_none_match)
        seconds = int((page.until - moment).total_seconds()) if is_current else 0
        return variant.answer_until(max(0, seconds), if_none_match)

    def forget(self) -> None:
        """Keep no page and no piece of one, as after a start."""
        with self._lock:
            self.store.clear()
        self.pieces.clear()

    def key(self, path: str, query: str) -> str | None:
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

    def _page(self, path: str, key: str, environ: Environ) -> KeptPage | Answer:
        """The page as it is now; one thread renders it, the others wait for that."""
        for _ in range(3):
            self.following.prove()
            with self._lock:
                page = self.store.get(key)
                if page is not None and page.is_current(self.slots):
                    page.count_use()
                    return page
                flight = self._flights.get(key)
                if is_ours := flight is None:
                    flight = self._flights[key] = Flight()
            if is_ours:
                try:
                    rendered = self._render(path, key, environ)
                    if isinstance(rendered, KeptPage):
                        flight.page = rendered
                    return rendered
                finally:
                    with self._lock:
                        del self._flights[key]
                    flight.done.set()
            flight.done.wait(WAIT_SECONDS)
            if flight.page is None:
                break  # not a page to keep, or very slow: everybody for themselves
            self.following.prove()
            if flight.page.is_current(self.slots):
                return flight.page
        return self._render(path, key, environ)

    def _render(self, path: str, key: str, environ: Environ) -> KeptPage | Answer:
        """Ask the application. The order is the protocol: time, proof, slots, then one snapshot of the database.

        A replica's shows at least what the primary's would, since it is asked how far that is after the slots.
        """
        made_at = now()
        is_proven = self.slots.is_proven
        copied = self.slots.copy()
        self.rendered += 1
        meter.count("pages_rendered")
        plain = self._as_anybody(path, key.partition("?")[2], environ)
        with frozen(made_at):
            answer, notes = self._noted(plain, copied, is_proven)
        if not _may_be_kept(answer) or notes.snapshots > 1:
            return answer
        headers = answer.headers
        if self.key_header:
            between = "," if self.key_header.lower() == "cache-tag" else " "
            headers = [*headers, (self.key_header, between.join(sorted(notes.keys)))]
        rule, _ = self._routes.match(path, "GET", return_rule=True)
        page = KeptPage(key, rule.rule, b"".join(answer.body), headers, notes, copied, made_at, self.cdn_seconds)
        self.following.prove()  # the one from before is over if this took long
        with self._lock:
            if page.is_current(self.slots):
                self.store.put(page)
        return page

    def _noted(self, environ: Environ, copied: memoryview, is_proven: bool) -> tuple[Answer, Notes]:
        """The answer and its notes, from the primary alone if the replica breaks off what is read there."""
        with suppress(Stopped), taking_notes(copied, is_proven) as notes:
            return self._ask(environ), notes
        with taking_notes(copied, is_proven, may_ask_replica=False) as notes:
            return self._ask(environ), notes

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

    @staticmethod
    def _encoding(page: KeptPage, accept: str | None) -> str:
        return encoding_for(accept) if page.packable else IDENTITY

    def _variant(self, page: KeptPage, encoding: str) -> Variant:
        """The page in an encoding: packed when it is first asked for, then kept."""
        variant = page.variants.get(encoding)
        if variant is None:
            body = page.raw if encoding == IDENTITY else PACKERS[encoding](page.raw)
            made = Variant(page, encoding, body, self.cdn_seconds, self.key_header)
            variant = page.variants.setdefault(encoding, made)
            if encoding != IDENTITY:
                with self._lock:
                    self.store.grow(page, len(body))
        return variant


def init_app(app: Flask) -> None:
    """Stand in front of everything that the app does. Call last."""
    cache = PageCache(app, app.wsgi_app)
    app.extensions["pagecache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
    app.before_request(open_snapshot)


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
