"""PostgreSQL that is restarted, crashes, or throws everybody out."""

from __future__ import annotations

import re
import time
from pathlib import Path

import psycopg

from tests.faults.harness import ARTICLE, Ledger, ask, expect, fault, no_trace_in, served
from tests.nodes import Database
from tests.processes import wait_for


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
