"""Whom a whole request goes to: memory first, then one of the lanes in which threads ask the application."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol

from flask import Flask

from blog import request_id
from blog.errors import OVERLOADED
from blog.metering import meter
from blog.network import Clients
from blog.operations.front.answers import Answer, Clock, asked, refusals
from blog.operations.front.files import FOLDER, Files
from blog.operations.front.lanes import Lane, lane_for, lanes
from blog.operations.front.limits import Limits
from blog.operations.front.requests import Request
from blog.operations.front.uploads import Uploads
from blog.pagecache.layer import PageCache
from blog.pagecache.negotiation import encoding_for

Flight = tuple[str, str]  # the page, and the encoding in which it is asked for
Hit = tuple[str, str, str]  # route, method, status of what memory has answered

READY = "/readyz"  # what a balancer asks before it sends readers here

KNOWN_REQUESTS = 1024  # of the last second, as they came
KNOWN_BYTES = 2048  # of each at most

log = logging.getLogger("blog.front")


class Asker(Protocol):
    """Who waits for an answer."""

    @property
    def is_gone(self) -> bool: ...

    def answer(self, answer: Answer) -> None: ...


class Door:
    """The application behind the event loop of one web process. Everything but `_work` runs on that loop."""

    def __init__(self, app: Flask, loop: asyncio.AbstractEventLoop, limits: Limits) -> None:
        self.limits = limits
        self.clock = Clock()
        self._refusals = refusals(app)
        self.lanes = lanes()
        self.uploads = Uploads(app, limits)
        self._app = app
        self._loop = loop
        self.clients: Clients = app.extensions["clients"]
        self._cache: PageCache = app.extensions["pagecache"]
        self._files = Files()
        self._waiting: dict[Flight, list[tuple[Request, Asker]]] = {}
        self._hits: dict[Hit, int] = {}
        self._known: dict[bytes, Request] = {}
        self.is_leaving = False  # then each answer is the last on its connection
        meter.watch(self._levels)

    @property
    def is_idle(self) -> bool:
        """Whether no thread works for anybody."""
        return not any(lane.inside for lane in self.lanes.values())

    def tick(self) -> None:
        """Called every second: the Date header, and what memory has answered since; counted here, that costs little."""
        self.clock.tick()
        self._known.clear()
        hits, self._hits = self._hits, {}
        for (route, method, status), times in hits.items():
            meter.count("requests", times, route=route, method=method, status=status, source="memory")
        if hits:
            meter.count("pages_from_memory", sum(hits.values()))

    def refusal(self, code: int, request: Request | None = None) -> Answer:
        """The page that says why nothing else is said."""
        answer = self._refusals[code].named(_name_of(request))
        return answer.without_body() if request is not None and request.method == "HEAD" else answer

    def take(self, request: Request, asker: Asker) -> bool:
        """Have `asker` answered, now or later; whether memory has answered."""
        if self.is_leaving and request.path == READY:
            asker.answer(self.refusal(503, request))
            return False
        found = self.from_memory(request)
        if found is not None:
            asker.answer(found)
            return True
        flight = self._flight(request)
        if flight is not None and flight in self._waiting:
            self._waiting[flight].append((request, asker))
        elif self._hand_over(request, asker, flight) and flight is not None:
            self._waiting[flight] = []
        return False

    def known(self, data: bytes) -> Request | None:
        """The request that these bytes are, if memory has answered the same bytes before; not what its client is."""
        return self._known.get(data)

    def know(self, data: bytes, request: Request) -> None:
        """Spare the parser these bytes, which are one whole request without a body, and which memory has answered.

        For a second at most: they may hold somebody's address.
        """
        if len(data) <= KNOWN_BYTES and len(self._known) < KNOWN_REQUESTS:
            self._known[data] = request

    def from_memory(self, request: Request) -> Answer | None:
        """What memory can answer now, without asking anybody."""
        method = request.method
        if method != "GET" and method != "HEAD":
            return None
        headers = request.headers
        accept, if_none_match = headers.get("accept-encoding"), headers.get("if-none-match")
        kept = self._cache.kept(request.path, request.query, accept, if_none_match)
        route, status = FOLDER, ""
        if kept is None:
            found = self._files.get(request.path, request.query, accept, if_none_match)
            status = found.head[9:12].decode() if found is not None else ""
        else:
            route, status = kept.route, kept.status[:3]
            found = kept.wire
            if found is None:
                found = kept.wire = Answer.of(kept.status, kept.headers, kept.body)
        if found is None:
            return None
        hit = route, method, status
        self._hits[hit] = self._hits.get(hit, 0) + 1
        return found if method == "GET" else found.without_body()

    def _flight(self, request: Request) -> Flight | None:
        """What others may ask for at the same time, so that one rendering serves all; None for what is not kept."""
        if request.method not in ("GET", "HEAD"):
            return None
        key = self._cache.key(request.path, request.query)
        return None if key is None else (key, encoding_for(request.headers.get("accept-encoding")))

    def _hand_over(self, request: Request, asker: Asker, flight: Flight | None = None) -> bool:
        """To a thread, if there is room; else what the asker wrote comes back, or at least a page."""
        lane = self.lanes[lane_for(request.method, request.path)]
        if lane.put(lambda: self._work(lane, request, asker, flight)):
            return True
        kept = self.lanes["kept"]
        if lane is not self.lanes["comments"] or not kept.put(lambda: self._work(kept, request, asker, busy=True)):
            meter.count("refused", why="503")
            asker.answer(self.refusal(503, request))
        return False

    def _work(
        self, lane: Lane, request: Request, asker: Asker, flight: Flight | None = None, busy: bool = False
    ) -> None:
        """In a thread of `lane`: ask the application. Nobody is asked for a page whose reader has gone."""
        answer = self._refusals[500]
        try:
            if not asker.is_gone or flight is not None or request.method not in ("GET", "HEAD"):
                answer = self._ask(request, busy)
        except BaseException:
            answer = self.refusal(500, request)
            log.exception("the application broke down", extra={"request": _name_of(request)})
        with suppress(RuntimeError, OSError):  # the loop has ended meanwhile: nobody waits any more
            self._loop.call_soon_threadsafe(self._finish, lane, asker, answer, flight)

    def _levels(self) -> Iterator[tuple[str, float, dict[str, str]]]:
        yield "page_cache_bytes", self._cache.store.bytes, {}
        yield "page_cache_pages", len(self._cache.store), {}
        for name, lane in self.lanes.items():
            yield "lane_requests", lane.inside, {"lane": name}

    def _ask(self, request: Request, busy: bool) -> Answer:
        environ: dict[str, Any] = request.environ()
        if busy:
            environ[OVERLOADED] = True
        status, told, body = asked(self._app, environ)
        self._files.keep(request, status, told, body)
        return Answer.of(status, told, body, request.method)

    def _finish(self, lane: Lane, asker: Asker, answer: Answer, flight: Flight | None) -> None:
        lane.done()
        asker.answer(answer)
        if flight is None:
            return
        for request, other in self._waiting.pop(flight, ()):
            found = self.from_memory(request)  # asks the slots, so nobody gets what changed meanwhile
            if found is not None:
                other.answer(found)
            elif not other.is_gone:
                self._hand_over(request, other)


def _name_of(request: Request | None) -> str:
    """What a request is called that does not get as far as the application; the same each time."""
    if request is None:
        return request_id.new()
    if not request.name:
        request.name = request_id.told(request.client.request_id if request.client is not None else "")
    return request.name
