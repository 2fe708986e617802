"""Word between the workers of several machines that something is owed: a channel of Valkey or Redis, if there is one.

What is owed stands in rows, and each worker looks for it every minute by itself. A word that is lost costs that minute,
so nobody waits for the channel, and nothing else depends on it.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Flask

from blog.keys import keyed_hash

SECONDS = 0.14  # to connect, and again to be answered: so long at most waits who rings
SILENT_SECONDS = 30  # without a try after one that failed
BACK_SECONDS = (1, 30)  # until whoever listens tries again: at first, and at most

log = logging.getLogger("blog.bell")


class Bell:
    """Rung by whoever owes something, heard by the workers of all other machines."""

    def __init__(self, url: str, channel: str, node: str) -> None:
        valkey = import_module("valkey")  # only where a server is named: it takes time and memory in each process
        once = import_module("valkey.retry").Retry(import_module("valkey.backoff").NoBackoff(), 0)
        self._problems = (valkey.ValkeyError, OSError)
        self._channel, self._node = channel, node
        self._silent_until = 0.0
        self._client: Any = valkey.Valkey.from_url(
            url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, health_check_interval=10, retry=once
        )

    def ring(self, job: str, seconds: int = 0) -> bool:
        """Tell the others to run this job soon, or in so many seconds; whether the channel took it."""
        if time.monotonic() < self._silent_until:
            return False
        try:
            self._client.publish(self._channel, json.dumps({"job": job, "in": seconds, "from": self._node}))
        except self._problems as problem:
            self._silent_until = time.monotonic() + SILENT_SECONDS
            log.warning("other machines were not told", extra={"problem": type(problem).__name__})
            return False
        return True

    def listen(self, hear: Callable[[str, int], None], stop: threading.Event) -> None:
        """Hand on what other machines ring, until `stop`. A lost channel is looked for again."""
        pause, most = BACK_SECONDS
        while not stop.is_set():
            try:
                with self._client.pubsub(ignore_subscribe_messages=True) as channel:
                    channel.subscribe(self._channel)
                    while not stop.is_set():
                        message = channel.get_message(timeout=1)
                        pause = BACK_SECONDS[0]
                        if message:
                            self._hand_on(message["data"], hear)
            except self._problems as problem:
                log.warning("not heard from other machines", extra={"problem": type(problem).__name__})
                stop.wait(pause)
                pause = min(2 * pause, most)

    def answers(self) -> bool:
        """Whether the server is there. Raises nothing."""
        try:
            return bool(self._client.ping())
        except self._problems:
            return False

    def _hand_on(self, word: bytes, hear: Callable[[str, int], None]) -> None:
        """Whoever may write into the channel may write anything into it."""
        try:
            told = json.loads(word)
            job, seconds, node = str(told["job"]), int(told["in"]), told["from"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if node != self._node and 0 <= seconds <= 3600:
            hear(job, seconds)


def init_app(app: Flask) -> None:
    """Give the app a bell, if a server is named. Sites that share one do not hear each other."""
    url = app.config["BLOG_REDIS_URL"]
    if not url:
        return
    with app.app_context():
        channel = f"blog:{keyed_hash('wake-ups')}"
        node = keyed_hash("node", socket.gethostname(), str(app.config["BLOG_INSTANCE_PATH"]))
    app.extensions["bell"] = Bell(url, channel, node)
