"""PostgreSQL that is restarted, crashes, or throws everybody out."""

from __future__ import annotations

import re
import shutil
import time
from datetime import timedelta
from pathlib import Path

import psycopg

from blog import create_app
from blog.clock import now
from blog.database import db
from tests.databases import SECRET_KEY
from tests.faults.harness import ARTICLE, Ledger, ask, expect, fault, no_trace_in, served, token_of
from tests.make import Make
from tests.nodes import Database
from tests.processes import FLASK, run, wait_for

SKEW = 90  # seconds


@fault(
    "F16",
    "PostgreSQL restarted, crashed, all connections ended, under 6 writers",
    "0 acknowledged lost; refused with 503 only; well again without a restart",
)
def postgresql(place: Path) -> str:
    database = Database()
    try:
        with served(place, BLOG_DATABASE_URL=database.url) as site:
            ledger = Ledger.of(site)
            away = []
            with ledger.many(6):
                for how in ("fast", "immediate", "terminate"):
                    time.sleep(1.5)
                    if how == "terminate":
                        with psycopg.connect(database.url, autocommit=True) as admin:
                            admin.execute(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                            )
                    else:
                        away.append(database.restart(how))
                    expect(wait_for(lambda: site.status("/readyz") == 200, 20), f"not ready after {how}")
                time.sleep(1)
            said = ask(site, ARTICLE)
            no_trace_in(said)
            with psycopg.connect(database.url) as connection:
                rows = connection.execute("SELECT body FROM comment_revisions WHERE body LIKE 'Is this%'").fetchall()
        found = [re.split(r" ", body)[-1] for (body,) in rows]
        lost = ledger.acknowledged - set(found)
        expect(not lost, f"{len(lost)} lost")
        expect(len(found) == len(set(found)), "something is stored twice")
        wrong = [status for status in ledger.refused if status != 503]
        expect(not wrong, f"refused with {sorted(set(wrong))}")
        told = f"away {', '.join(f'{one:.1f} s' for one in away)}; {len(ledger.acknowledged)} acknowledged, 0 lost"
        return f"{told}, {len(ledger.refused)} refused with 503"
    finally:
        database.close()


@fault(
    "F18",
    f"two nodes on one PostgreSQL, the clock of one {SKEW} s ahead; an article is due, forms go from one to the other",
    f"the node with the right clock shows it on time, the other at most {SKEW} s early; announced once; a form of "
    "one is taken by the other; flask doctor says that the clock is wrong",
)
def clocks_apart(place: Path) -> str:
    database = Database()
    settings = {"BLOG_DATABASE_URL": database.url, "BLOG_SECRET_KEY": SECRET_KEY}
    ahead = (shutil.which("faketime") or "faketime", "-f", f"+{SKEW}s", FLASK, "serve")
    try:
        with (
            served(place / "right", **settings) as right,
            served(place / "ahead", command=ahead, **settings) as wrong,
        ):
            app = create_app({"BLOG_INSTANCE_PATH": str(place / "right"), **settings})
            due = now() + timedelta(seconds=SKEW + 30)
            Make(app).post("due", published_at=due)
            seen = {}
            while len(seen) < 2 and now() < due + timedelta(seconds=60):
                for name, site in (("right", right), ("ahead", wrong)):
                    if name not in seen and site.status("/posts/due") == 200:
                        seen[name] = (now() - due).total_seconds()
                time.sleep(0.25)
            form = Ledger(wrong, token_of(right)).form("a form of the other")
            taken = ask(wrong, f"{ARTICLE}/comments", form, sender=77).status
            with app.app_context():
                db.engine.dispose()
            wait_for(lambda: _announced(place), 90)  # the job looks each minute
        events = _announced(place)
        doctor = run(*ahead[:-1], "doctor", BLOG_INSTANCE_PATH=str(place / "ahead"), **settings).stdout
    finally:
        database.close()
    told = f"seen {seen.get('right', 999):+.1f} s and {seen.get('ahead', 999):+.1f} s from its moment"
    expect(-0.5 < seen.get("right", 999) < 30 and -SKEW - 1 < seen.get("ahead", 999) < 1, told)
    expect(taken == 303, f"the form of the other was answered {taken}")
    expect(events == 1, f"announced: {events}")
    clock = next((line for line in doctor.splitlines() if "from the database's clock" in line), "")
    expect(clock, f"doctor said nothing of the clock: {doctor[-300:]}")
    return f"{told}; the form taken; doctor: {clock}"


def _announced(place: Path) -> int:
    """How often the logs of both nodes say that the article was announced."""
    logs = "".join((place / name / "log.txt").read_text() for name in ("right", "ahead"))
    return len([line for line in logs.splitlines() if "post announced" in line and '"due"' in line])
