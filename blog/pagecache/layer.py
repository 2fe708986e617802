"""In front of Flask: public pages, the same bytes for everybody, and never the old ones.

A page is rendered from one snapshot of the database, opened after the slots were copied, and is kept with those
copies; it is given out only while the slots still hold them. What it shows is noted while it renders
(blog/pagecache/notes.py), what changes is told by verbs (blog/pagecache/changes.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from blog.clock import frozen, now
from blog.pagecache.negotiation import IDENTITY, PACKERS, encoding_for, has_current
from blog.pagecache.notes import open_snapshot, taking_notes
from blog.pagecache.slots import Slots
from blog.pagecache.store import Page, Store, Variant
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
        self.page: Page | None = None


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
        with frozen(made_at), taking_notes(copied) as notes:
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
