"""Runs the faults and writes what came out into docs/reliability.md: python -m tests.faults [F01 F04 …]"""

from __future__ import annotations

import re
import sys
import tempfile
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from tests.faults import (
    backups,
    caches,
    clients,
    damage,
    databases,
    durable,
    machine,
    memory,
    network,
    storage,
    values,
    workers,
)
from tests.faults.harness import SCENARIOS, Scenario, Wrong
from tests.processes import ROOT

REPORT = ROOT / "docs" / "reliability.md"
HEAD = "| | Fault | Must come out | Came out | On |\n|---|---|---|---|---|\n"
MODULES = (storage, damage, values, clients, machine, databases, backups, caches, workers, network, durable, memory)


def main() -> int:
    wanted = sys.argv[1:]
    unknown = set(wanted) - {scenario.name for scenario in SCENARIOS}
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}.")
        return 2
    bad = 0
    for scenario in SCENARIOS:
        if not wanted or scenario.name in wanted:
            is_good, told = tried(scenario)
            bad += not is_good
            write(scenario, told if is_good else f"**not as it should:** {told}")
    return 1 if bad else 0


def tried(scenario: Scenario) -> tuple[bool, str]:
    """Run it; whether it came out as it should, and its figures."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="blog-fault-") as folder:
        place = Path(folder) / "site"
        place.mkdir()
        try:
            told, is_good = scenario.run(place), True
        except Wrong as wrong:
            told, is_good = str(wrong), False
        except Exception as error:
            traceback.print_exc()
            told, is_good = f"the run itself failed: {type(error).__name__}", False
    word = "ok   " if is_good else "WRONG"
    print(f"{word} {scenario.name} {scenario.fault}: {told} ({time.monotonic() - began:.0f} s)", flush=True)
    return is_good, told


def write(scenario: Scenario, told: str) -> None:
    """Put the line into the table, in place of the last run's."""
    text = REPORT.read_text(encoding="utf-8")
    before, _, rest = text.partition(HEAD)
    rows = re.match(r"(?:\|.*\n)*", rest)
    table = rows[0] if rows else ""
    lines = {line.split("|")[1].strip(): line for line in table.splitlines()}
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    cells = (scenario.name, scenario.fault, scenario.expected, told, day)
    lines[scenario.name] = "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"
    ordered = sorted(lines.items())
    REPORT.write_text(
        before + HEAD + "".join(f"{line}\n" for _, line in ordered) + rest[len(table) :], encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
