"""Several nodes on one PostgreSQL: what readers of all of them see of decisions, while nodes and database fail.

Run from the root: python -m benchmarks.nodes
A shorter one runs in the suite: tests/operations/test_nodes_live.py.
"""

from __future__ import annotations

import sys

from benchmarks._bench import folder, report, table
from tests.nodes import PROMISED_SECONDS, Report, polled, running

ROUNDS = 300
AWAY_SECONDS = 20


def main() -> None:
    found = {many: measured(many) for many in (2, 3)}
    lines = [
        f"{ROUNDS} comments sent, approved and all but the last withdrawn, erased or held, through one node after the "
        "other, each with two web processes, while one reader per node polls an article and two feeds. Old: a page "
        f"that was asked for more than {PROMISED_SECONDS:.0f} s after a decision's answer and does not show it. "
        "Refused: errors while a node could not reach the database, which proves nothing then.",
        "",
        *table(
            ("", *(f"{many} nodes" for many in found)),
            [
                ("answers", *(f"{said.answers:,}" for said in found.values())),
                ("of these 304", *(f"{said.not_modified:,}" for said in found.values())),
                ("refused", *(f"{said.refused:,}" for said in found.values())),
                ("texts seen that nobody approved, or old", *(len(said.broken_promises) for said in found.values())),
                ("latest page from before, s", *(f"{said.latest_seconds:.2f}" for said in found.values())),
            ],
        ),
        "",
        *(f"{many} nodes: {'; '.join(said.events)}." for many, said in found.items()),
    ]
    report("nodes", "Several nodes", lines)
    if any(said.broken_promises for said in found.values()):
        sys.exit("A node has shown what it must not.")


def measured(many: int) -> Report:
    with folder() as place, running(place, many) as (database, nodes):
        return polled(database, nodes, ROUNDS, AWAY_SECONDS)


if __name__ == "__main__":
    main()
