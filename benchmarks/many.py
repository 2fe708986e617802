"""One node and three on one PostgreSQL: what reads and writes cost each of them, and where what they share ends.

Then one node with a replica: what a page that is made anew leaves to the primary.

Run from the root: python -m benchmarks.many
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import mean
from typing import Any

import psutil
import psycopg

from benchmarks._bench import cpu, filled, folder, report, table
from benchmarks.write import form_of, requests
from tests.databases import SECRET_KEY
from tests.nodes import Database
from tests.processes import FLASK, RunningSite
from tests.standby import Standby

NODES = (1, 3)
POSTS, COMMENTS, PENDING = 150, 3000, 50
WARM, WRITTEN, IDLE_SECONDS = 3000, 240, 8.0
CLIENTS = 4
PAIR = 25  # pages with, and as many without a replica, before it is the other's turn
LOOK_SECONDS = 0.05  # between two looks at who waits in the database
WAITING = """
    SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'), count(*) FILTER (WHERE state <> 'idle')
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SIZES = """
    SELECT sum(pg_total_relation_size(relid)) / (SELECT count(*) FROM comments) FROM pg_stat_user_tables
    WHERE relname ~ '^(comment|decision|learned)' OR relname IN ('events', 'notices', 'flags')
"""  # with indexes
COMMITTED = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"

Request = tuple[str, str, bytes, dict[str, str]]  # method, path, body, headers


@dataclass
class Costs:
    """What one kind of request took, in CPU milliseconds each."""

    node: float
    database: float
    replica: float
    transactions: float
    rate: float
    locked: float  # of those at work in the database, the share that waited for another's lock


@dataclass
class Site:
    """Some nodes on one database."""

    nodes: list[RunningSite]
    url: str
    server: psutil.Process  # of the database
    replica: psutil.Process | None = None

    def measure(self, asked: Sequence[Request], expected: int) -> Costs:
        """Ask the nodes in turns, with a few clients at once."""
        with psycopg.connect(self.url, autocommit=True) as look, _sampled(look) as seen:
            began, before = time.monotonic(), self._used(look)
            _ask([(node, one) for node, one in zip(cycle(self.nodes), asked, strict=False)], expected)
            after, took = self._used(look), time.monotonic() - began
        node, database, replica, committed = (b - a for a, b in zip(before, after, strict=True))
        many = len(asked)
        locked = sum(one[0] for one in seen) / max(1, sum(one[1] for one in seen))
        each = (1000 * seconds / many for seconds in (node, database, replica))
        return Costs(*each, (committed - len(seen)) / many, many / took, locked)

    def idle(self) -> tuple[float, float]:
        """CPU milliseconds a second of a node and of the database while nobody asks."""
        before = sum(cpu(one.keeper) for one in self.nodes), cpu(self.server)
        time.sleep(IDLE_SECONDS)
        after = sum(cpu(one.keeper) for one in self.nodes), cpu(self.server)
        node, database = after[0] - before[0], after[1] - before[1]
        return 1000 * node / IDLE_SECONDS / len(self.nodes), 1000 * database / IDLE_SECONDS

    def _used(self, look: psycopg.Connection[Any]) -> tuple[float, float, float, float]:
        row = look.execute(COMMITTED).fetchone()
        web = sum(cpu(process) for node in self.nodes for process in node.web_workers)
        replica = cpu(self.replica) if self.replica else 0.0
        return web, cpu(self.server), replica, float(row[0]) if row else 0.0


def main() -> None:
    rows: list[tuple[object, ...]] = []
    known: dict[tuple[int, str], Costs] = {}
    with folder() as place:
        database = Database()
        try:
            settings = {"BLOG_DATABASE_URL": database.url, "BLOG_SECRET_KEY": SECRET_KEY, "BLOG_TRUSTED_PROXIES": "1"}
            filled(place / "made", POSTS, COMMENTS, PENDING, **settings)
            with psycopg.connect(database.url) as look:
                for table in ("posts", "entries"):  # a day's work of drawing is not what is measured here
                    look.execute(f"UPDATE {table} SET card_stamp = 'none'")
                look.execute("UPDATE posts SET is_compared = true")
                look.commit()
                look.execute("ANALYZE")
                row = look.execute(SIZES).fetchone()
                bytes_each = int(row[0]) if row else 0
            for many in NODES:
                with running(place, many, database, settings) as site:
                    for what, costs in measured(site):
                        known[many, what] = costs
                        rows.append(_row(what, many, costs))
                    node, own = site.idle()
                    rows.append(
                        ("nobody asks, a second, jobs included", many, f"{node:.1f}", f"{own:.1f}", "", "", "", "")
                    )
            with closing(Standby(database)) as standby:
                pairs = with_and_without(place, database, standby, settings)
        finally:
            database.close()
    report("many", "From one node to three", [*told(rows, known, bytes_each), "", *told_of_replica(pairs)])


def _row(what: str, many: int, costs: Costs) -> tuple[object, ...]:
    carried = f"{1000 / costs.database:,.0f}" if costs.database > 0.02 else "no end"
    figures = f"{costs.node:.2f}", f"{costs.database:.2f}", f"{costs.transactions:.1f}"
    return what, many, *figures, carried, f"{costs.locked:.0%}", f"{costs.rate:,.0f}"


def with_and_without(
    place: Path, database: Database, standby: Standby, settings: dict[str, str]
) -> list[tuple[Costs, Costs]]:
    """What a page costs that is made anew: without and with the replica, in turns on two nodes that are up together."""
    pairs: list[tuple[Costs, Costs]] = []
    named = {**settings, "BLOG_REPLICA_URL": standby.url}
    with (
        running(place / "plain", 1, database, settings) as plain,
        running(place / "replica", 1, database, named) as far,
    ):
        far.replica = standby.process
        paths = _paths(plain)
        for start in range(0, len(paths), PAIR):
            asked = [_get(path) for path in paths[start : start + PAIR]]
            pairs.append((plain.measure(asked, 200), far.measure(asked, 200)))
    return pairs


def told_of_replica(pairs: list[tuple[Costs, Costs]]) -> list[str]:
    rows = [
        (
            what,
            *(f"{mean(getattr(pair[which], name) for pair in pairs):.2f}" for name in ("node", "database", "replica")),
        )
        for which, what in enumerate(("from the primary", "from the replica"))
    ]
    return [
        "With `BLOG_REPLICA_URL`, one node without and one with it up together, both asked for the same pages, "
        f"{len(pairs)} times {PAIR} in turns. The replica replays what the primary writes on the same cores; both look "
        "each second for what changed, which is in the figures, too.",
        "",
        *table(("page made anew", "web process's CPU ms", "primary's CPU ms", "replica's CPU ms"), rows),
    ]


def told(rows: list[tuple[object, ...]], known: dict[tuple[int, str], Costs], bytes_each: int) -> list[str]:
    head = (
        "",
        "nodes",
        "web processes' CPU ms",
        "PostgreSQL's CPU ms",
        "transactions",
        "a core of PostgreSQL carries, a second",
        "waited for a lock",
        "a second here",
    )
    grown = [known[3, what].node / known[1, what].node for what in ("page made anew", "comment")]
    return [
        "Nodes with one web process and a job worker each, on one PostgreSQL with `fsync`, all on the same cores: the "
        f"rates of three nodes are those of the same two cores and say nothing, the CPU time does. {POSTS} articles, "
        f"{COMMENTS:,} comments; {CLIENTS} clients ask the nodes in turns. Each node renders each page for itself.",
        "",
        *table(head, rows),
        "",
        f"A page that is made anew costs three nodes {grown[0]:.2f} times, a comment {grown[1]:.2f} times the CPU time "
        "that it costs one. Nodes share nothing but the database, so they add up until its processor is used up, which "
        "is the column in the middle: for each core of it. "
        f"A comment with its revision, its decision and all indexes takes {bytes_each:,} bytes of the database.",
    ]


@contextmanager
def running(place: Path, many: int, database: Database, settings: dict[str, str]) -> Iterator[Site]:
    with ExitStack() as stack:
        nodes = []
        for number in range(many):
            command = (FLASK, "serve", "--workers", "1")
            nodes.append(RunningSite(place / f"node{many}-{number}", command, **settings))
            stack.callback(nodes[-1].kill)
        for node in nodes:
            node.wait_until_up(120)
        time.sleep(5)  # jobs that each start wakes
        yield Site(nodes, database.url, database.process)


def measured(site: Site) -> Iterator[tuple[str, Costs]]:
    """The kinds of requests, one after the other."""
    paths = _paths(site)
    every = [path for path in paths for _ in site.nodes]  # each node is asked for each
    yield "page made anew", site.measure([_get(path) for path in every], 200)
    yield "page from memory", site.measure([_get(paths[number % 20]) for number in range(WARM)], 200)
    address, token = form_of(site.nodes[0])
    comments = [_post(one) for one in islice(requests(address, token), WRITTEN)]
    yield "comment", site.measure(comments, 303)


def _paths(site: Site) -> list[str]:
    with psycopg.connect(site.url) as look:
        slugs = [slug for (slug,) in look.execute("SELECT slug FROM posts WHERE published_at < now() ORDER BY id")]
    return [f"/posts/{slug}" for slug in slugs[:POSTS]]


def _get(path: str) -> Request:
    return "GET", path, b"", {"Accept-Encoding": "gzip"}


def _post(raw: bytes) -> Request:
    """A comment as benchmarks.write makes it."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if not line.startswith(("Host", "Content-Length")))
    return "POST", first.split(" ")[1], body, headers


def _ask(asked: list[tuple[RunningSite, Request]], expected: int) -> None:
    """Raises RuntimeError unless all are answered as expected."""
    wrong: list[int] = []

    def client(mine: list[tuple[RunningSite, Request]]) -> None:
        with ExitStack() as stack:
            connections: dict[int, http.client.HTTPConnection] = {}
            for node, (method, path, body, headers) in mine:
                if node.port not in connections:
                    made = http.client.HTTPConnection("127.0.0.1", node.port, timeout=60)
                    connections[node.port] = stack.enter_context(closing(made))
                connections[node.port].request(method, path, body or None, headers)
                answer = connections[node.port].getresponse()
                answer.read()
                if answer.status != expected:
                    wrong.append(answer.status)

    _together(client, [asked[start::CLIENTS] for start in range(CLIENTS)])
    if wrong:
        raise RuntimeError(f"answered {sorted(set(wrong))} instead of {expected}")


def _together(do: Callable[[list[tuple[RunningSite, Request]]], None], parts: list[Any]) -> None:
    threads = [threading.Thread(target=do, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def _sampled(look: psycopg.Connection[Any]) -> Iterator[list[tuple[int, int]]]:
    """Meanwhile, again and again: how many wait for a lock, and how many are at work."""
    seen: list[tuple[int, int]] = []
    stop = threading.Event()

    def sample() -> None:
        with psycopg.connect(look.info.dsn, autocommit=True) as own:
            while not stop.wait(LOOK_SECONDS):
                row = own.execute(WAITING).fetchone()
                if row is not None:
                    seen.append((row[0], row[1]))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


if __name__ == "__main__":
    main()
