"""Memory: what the whole service holds, at rest and under load, shared pages counted once.

Run from the root: python -m benchmarks.memory
"""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import psutil

from benchmarks._bench import cpu, filled, folder, need, report, site, table, wrk
from tests.processes import RunningSite

WANTED = 130  # MB at rest
START = 1.0  # seconds of CPU
NOTHING_OWED = """
    UPDATE posts SET card_stamp = 'drawn', is_compared = 1;
    UPDATE entries SET card_stamp = 'drawn';
"""


def main() -> None:
    need("wrk")
    with folder() as place:
        filled(place / "instance", posts=1000, comments=5000, pending=100)
        settle(place / "instance")
        starts = []
        for _ in range(3):
            with site(place / "instance") as running:
                starts.append(cpu(running.keeper))
        with site(place / "instance") as running:
            time.sleep(2)
            rest = sizes(running)
            addresses = re.findall(r'href="(/posts/[^"#?]+)"', running.read("/"))
            for number in range(1, 60):
                for address in re.findall(r'href="(/posts/[^"#?]+)"', running.read(f"/?page={number}")):
                    running.read(address)
            wrk(running.url + addresses[0], running.keeper, seconds=3)
            load = sizes(running)
    rows = [(name, f"{rest[name]:.0f}", f"{load.get(name, 0):.0f}") for name in rest]
    rows.append(("all", f"{sum(rest.values()):.0f}", f"{sum(load.values()):.0f}"))
    lines = [
        "Megabytes of proportional set size, with two web processes; at rest no card has to be drawn and no article "
        "compared, under load 700 articles were read and one of them for 3 s with 16 connections. "
        f"Wanted at rest: at most {WANTED}.",
        "",
        *table(("process", "at rest", "under load"), rows),
        "",
        f"Starting took {min(starts):.2f} s of CPU time in all processes until the site answered, the least of three "
        f"times; wanted: below {START}. Four fifths of it is importing libraries.",
    ]
    report("memory", "Memory", lines)


def settle(instance: Path) -> None:
    """Have a new site owe nothing, as one that has run for hours: its worker would be at work, and not at rest."""
    with closing(sqlite3.connect(instance / "blog.db")) as database:
        database.executescript(NOTHING_OWED)


def sizes(running: RunningSite) -> dict[str, float]:
    """Proportional set size of each process, in megabytes."""
    names = {running.keeper.pid: "keeper", running.job_worker.pid: "job worker"}
    names |= {worker.pid: f"web worker {number}" for number, worker in enumerate(running.web_workers, 1)}
    return {name: pss(psutil.Process(number)) for number, name in names.items()}


def pss(process: psutil.Process) -> float:
    text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    assert found
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
