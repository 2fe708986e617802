"""One web process: the event loop that listens, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import uvloop
from flask import Flask

from blog.metering import meter
from blog.operations.front.connection import Connection
from blog.operations.front.crowd import LOOK_SECONDS, Crowd
from blog.operations.front.door import Door
from blog.operations.front.limits import Limits, places_for_connections
from blog.operations.metrics.sharing import shared

BACKLOG = 4096  # connections that the system holds until they are taken
STOPPING_SECONDS = 0.02  # between two looks whether everything has finished

log = logging.getLogger("blog.front")


def listening(host: str, port: int) -> socket.socket:
    """A socket of this process's own on a port that others of the same user share; the system deals connections out."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may still be closing
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def run(app: Flask, host: str, port: int, drain_seconds: float) -> None:
    """Answer until SIGTERM. Then leave, finish what runs for up to `drain_seconds`, and return."""
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    limits = Limits(
        body_bytes=app.config["MAX_CONTENT_LENGTH"],
        connections=places_for_connections(),
        leave_seconds=app.config["BLOG_LEAVE_SECONDS"],
    )
    site = Site(app, loop, limits)
    # The loop hears of a signal through a descriptor, so no thread can sleep through it.
    loop.add_signal_handler(signal.SIGTERM, site.stop)
    with shared(app):
        loop.run_until_complete(site.serve(listening(host, port), drain_seconds))


class Site:
    """What belongs to one process."""

    def __init__(self, app: Flask, loop: asyncio.AbstractEventLoop, limits: Limits) -> None:
        self._loop = loop
        self._leave_seconds = limits.leave_seconds
        self._door = Door(app, loop, limits)
        self._crowd = Crowd(loop, limits.connections)
        self._stop = asyncio.Event()
        meter.watch(self._levels)

    def stop(self) -> None:
        """Have `serve` end. Call on the loop."""
        self._stop.set()

    async def serve(self, listener: socket.socket, drain_seconds: float) -> None:
        """Answer those who connect to `listener` until `stop`, and finish."""
        connect = partial(Connection, self._door, self._crowd, self._loop)
        server = await self._loop.create_server(connect, sock=listener, backlog=BACKLOG)
        while not self._stop.is_set():
            self._look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), LOOK_SECONDS)
        await self._leave()
        server.close()
        self._door.tick()
        await self._finish(self._loop.time() + drain_seconds)

    def _levels(self) -> Iterator[tuple[str, float, dict[str, str]]]:
        yield "processes", 1, {"kind": "web"}
        yield "connections", len(self._crowd), {}

    def _look(self) -> None:
        self._door.tick()
        self._crowd.look()

    async def _leave(self) -> None:
        """Go on answering while whoever deals requests out learns that this process ends; then take nothing new.

        Each answer is the last on its connection, and /readyz says no. Who has connected by the end is still heard:
        what the system has taken for us would otherwise be broken off.
        """
        self._door.is_leaving = True
        end = self._loop.time() + self._leave_seconds
        while (left := end - self._loop.time()) > 0:
            self._look()
            await asyncio.sleep(min(left, LOOK_SECONDS))
        await asyncio.sleep(0)

    async def _finish(self, deadline: float) -> None:
        while len(self._crowd) or not self._door.is_idle:
            if self._loop.time() > deadline:
                log.warning("stopped before everything had finished", extra={"connections": len(self._crowd)})
                return
            self._crowd.hurry()  # also those who were answered meanwhile
            self._crowd.look()
            await asyncio.sleep(STOPPING_SECONDS)
