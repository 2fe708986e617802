"""Pages in memory, within a bound of bytes: a page as rendered, its encodings, and which ones stay."""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from blog.clock import now
from blog.pagecache.negotiation import IDENTITY, has_current, is_packable
from blog.pagecache.notes import FOREVER, Notes
from blog.pagecache.slots import Slots, slot_of, values_at

ALIASES_KEPT = 24  # ways to ask for one page that are remembered: query noise, Accept-Encoding
ALIAS_MAX_CHARS = 600
PAGE_BYTES = 8 * 1024  # beside its bodies, with its aliases
REVALIDATE = "public, max-age=0, must-revalidate"
MAY_BE_STORED = ("no-cache", "")  # what blog/headers.py says of a page that says nothing itself
OWN_HEADERS = frozenset(
    {"content-length", "etag", "cache-control", "vary", "content-encoding", "last-modified", "date", "x-request-id"}
)

Alias = tuple[str, str, str | None]


@dataclass(slots=True)
class Ready:
    """An answer that need not be made. `wire` is what a server makes of it; kept here, that is made once, too."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    route: str  # for the numbers of /metrics
    wire: Any = None


class Variant:
    """A page in one encoding, ready to be sent."""

    __slots__ = ("_key_header", "etag", "page", "unchanged", "whole")

    def __init__(self, page: KeptPage, encoding: str, body: bytes, cdn_seconds: int, key_header: str) -> None:
        self.page = page
        self.etag = f'"{page.fingerprint}{"" if encoding == IDENTITY else "-" + encoding}"'
        headers = [*page.headers, ("ETag", self.etag), ("Content-Length", str(len(body)))]
        if encoding != IDENTITY:
            headers.append(("Content-Encoding", encoding))
        if page.packable:
            headers.append(("Vary", "Accept-Encoding"))
        headers.append(("Cache-Control", page.cache_control or _lifetime(cdn_seconds)))
        self._key_header = key_header
        self.whole = Ready("200 OK", headers, body, page.route)
        self.unchanged = self._unchanged(headers)

    def answer(self, if_none_match: str | None) -> Ready:
        """The page, or that the client has it already."""
        return self.unchanged if if_none_match is not None and has_current(if_none_match, self.etag) else self.whole

    def answer_until(self, seconds: int, if_none_match: str | None) -> Ready:
        """The same for a page that ends within the lifetime told to a CDN."""
        usual = self.answer(if_none_match)
        if self.page.cache_control:
            return usual
        headers = [*self.whole.headers[:-1], ("Cache-Control", _lifetime(seconds))]
        if usual is self.unchanged:
            return self._unchanged(headers)
        return Ready(usual.status, headers, usual.body, usual.route)

    def _unchanged(self, headers: list[tuple[str, str]]) -> Ready:
        said = ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin", self._key_header)
        return Ready("304 Not Modified", [header for header in headers if header[0] in said], b"", self.page.route)


class KeptPage:
    """One public page as rendered, with what must be unchanged for it to be given out."""

    __slots__ = (
        "aliases",
        "cache_control",
        "checked",
        "fingerprint",
        "headers",
        "key",
        "made_at",
        "packable",
        "places",
        "plain_until",
        "raw",
        "route",
        "settled",
        "size",
        "until",
        "uses",
        "values",
        "variants",
    )

    def __init__(
        self,
        key: str,
        route: str,
        raw: bytes,
        headers: list[tuple[str, str]],
        notes: Notes,
        copied: memoryview,
        made_at: datetime,
        cdn_seconds: int,
    ) -> None:
        told = {name.lower(): value for name, value in headers}
        self.key = key
        self.route = route
        self.raw = raw
        self.headers = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]
        cache_control = told.get("cache-control", "")
        self.cache_control = "" if cache_control in MAY_BE_STORED else cache_control
        self.packable = is_packable(told.get("content-type", ""), len(raw))
        self.fingerprint = hashlib.blake2b(raw, digest_size=12).hexdigest()
        self.places = tuple(sorted({slot_of(key) for key in notes.keys}))
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

    def count_use(self) -> None:
        """Note that it was asked for again. The question for which it was made does not count: see Store."""
        if self.uses < Store.MOST_USES:
            self.uses += 1

    def is_current(self, slots: Slots) -> bool:
        """Whether it is proven that nothing that it shows has changed, and its time is not over."""
        if not slots.is_proven:
            return False
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
        self._pages: dict[str, KeptPage] = {}
        self._newcomers: OrderedDict[str, KeptPage] = OrderedDict()
        self._settled: OrderedDict[str, KeptPage] = OrderedDict()
        self._left: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> KeptPage | None:
        return self._pages.get(key)

    def put(self, page: KeptPage) -> None:
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

    def grow(self, page: KeptPage, size: int) -> None:
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

    def drop(self, page: KeptPage) -> None:
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

    def _count(self, page: KeptPage, size: int) -> None:
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

    def _move_on(self, page: KeptPage) -> None:
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


def _lifetime(cdn_seconds: int) -> str:
    """For browsers: ask each time. For a CDN: so many seconds."""
    return f"{REVALIDATE}, s-maxage={cdn_seconds}" if cdn_seconds else REVALIDATE
