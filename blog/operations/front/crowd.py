"""All connections of a web process: looked at every second, made room among when there are too many."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import Counter
from math import inf
from typing import Protocol

from blog.metering import meter

LOOK_SECONDS = 1.0
LOG_SECONDS = 10  # at least between two lines about clients that were given up
MADE_ROOM = 16  # of so many connections, one makes room at a time

log = logging.getLogger("blog.front")


class Member(Protocol):
    due: float

    def look(self, moment: float) -> None: ...

    def hurry(self) -> None: ...

    def end(self) -> None: ...


class Crowd:
    """Nobody is turned away because many are idle or slow: those who have waited longest leave instead."""

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int) -> None:
        self._loop = loop
        self._most = most
        self._members: set[Member] = set()
        self._given_up: Counter[str] = Counter()
        self._told = loop.time()
        self._is_stopping = False

    def __len__(self) -> int:
        return len(self._members)

    def add(self, member: Member) -> None:
        if len(self._members) >= self._most:
            self._make_room()
        self._members.add(member)
        if self._is_stopping:
            member.hurry()

    def discard(self, member: Member) -> None:
        self._members.discard(member)

    def count(self, code: int) -> None:
        """Note a refusal, for the log."""
        self._given_up[str(code)] += 1
        meter.count("refused", why=str(code))

    def look(self) -> None:
        """End what is over its time."""
        moment = self._loop.time()
        for member in [one for one in self._members if one.due <= moment]:
            member.look(moment)
        if self._given_up and moment - self._told >= LOG_SECONDS:
            log.info("clients were refused", extra=dict(self._given_up))
            self._given_up.clear()
            self._told = moment

    def hurry(self) -> None:
        """The site stops."""
        self._is_stopping = True
        for member in list(self._members):
            member.hurry()

    def _make_room(self) -> None:
        """End those whose time would be over first; never one for whom a thread works."""
        number = max(1, self._most // MADE_ROOM)
        for member in heapq.nsmallest(number, self._members, key=lambda one: one.due):
            if member.due < inf:
                member.end()
                self._members.discard(member)
                self._given_up["crowded"] += 1
                meter.count("refused", why="crowded")
