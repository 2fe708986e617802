"""Backups while people write, each restored and compared; and the whole way back."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from benchmarks._bench import filled
from tests.faults.harness import Ledger, expect, fault, flask, marks_in, served

BACKUPS = 20
SKIPPED = {"alembic_version", "sqlite_sequence", "sqlite_stat1"}
OURS = ("staff_sessions", "account_links")  # end with a restore


@fault(
    "F12",
    f"{BACKUPS} backups while 4 clients write, each restored into an empty folder",
    "20 of 20 sound, with all that was acknowledged before, and nothing that nobody sent",
)
def while_writing(place: Path) -> str:
    longest, least = 0.0, 10**9
    with served(place) as site:
        ledger = Ledger.of(site)
        known: list[set[str]] = []
        with ledger.many(4, pause=0.01):
            for number in range(BACKUPS):
                known.append(set(ledger.acknowledged))
                began = time.monotonic()
                done = flask(place, "backup", str(place / f"backup{number}.tar.gz"), "--without-key")
                longest = max(longest, time.monotonic() - began)
                expect(done.returncode == 0, done.stderr[-300:])
        tried = set(ledger.tried)
    for number in range(BACKUPS):
        fresh = place / f"fresh{number}"
        done = flask(fresh, "restore", str(place / f"backup{number}.tar.gz"))
        expect(done.returncode == 0, f"backup {number}: {done.stderr[-300:]}")
        found = marks_in(fresh / "blog.db")
        expect(known[number] <= set(found) <= tried, f"backup {number} lacks what was acknowledged before it")
        expect(len(found) == len(set(found)), f"backup {number} holds something twice")
        _whole(fresh / "blog.db")
        least = min(least, len(found))
        shutil.rmtree(fresh)
    told = f"{BACKUPS} of {BACKUPS}, {least} to {len(known[-1])} comments in them, {longest:.1f} s each at most"
    return f"{told}; {len(ledger.acknowledged)} comments taken meanwhile"


@fault("F13", "the whole site with 10,000 comments is lost and restored", "every table equal; under 60 s")
def drill(place: Path) -> str:
    filled(place / "old", posts=100, comments=10_000, pending=500)
    began = time.monotonic()
    done = flask(place / "old", "backup", str(place / "site.tar.gz"), "--without-key")
    made = time.monotonic() - began
    expect(done.returncode == 0, done.stderr[-300:])
    began = time.monotonic()
    done = flask(place / "new", "restore", str(place / "site.tar.gz"))
    restored = time.monotonic() - began
    expect(done.returncode == 0, done.stderr[-300:])
    with (
        closing(sqlite3.connect(place / "old" / "blog.db")) as old,
        closing(sqlite3.connect(place / "new" / "blog.db")) as new,
    ):
        tables = _tables(old)
        differing = [name for name in tables if name not in OURS and _rows(old, name) != _rows(new, name)]
        comments = old.execute("SELECT count(*) FROM comments").fetchone()[0]
    marks_in(place / "new" / "blog.db")
    expect(not differing, f"differ: {differing}")
    expect(restored < 60, f"restored in {restored:.1f} s")
    return f"{comments:,} comments, {len(tables)} tables equal; made in {made:.1f} s, restored in {restored:.1f} s"


def _whole(file: Path) -> None:
    """No comment without its text, no text without its comment."""
    with closing(sqlite3.connect(file)) as database:
        alone = database.execute(
            "SELECT count(*) FROM comments WHERE newest_revision_id IS NULL "
            "OR newest_revision_id NOT IN (SELECT id FROM comment_revisions)"
        ).fetchone()[0]
    expect(not alone, f"{alone} comments without a text")


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
    )
    return sorted(name for (name,) in rows if name not in SKIPPED)


def _rows(database: sqlite3.Connection, table: str) -> list[str]:
    return sorted(map(repr, database.execute(f'SELECT * FROM "{table}"')))
