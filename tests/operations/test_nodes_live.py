"""Several nodes on one PostgreSQL: a decision is seen on all of them within a second, whatever befalls them."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.nodes import Database, polled, running
from tests.standby import Standby, polled_while_replay_stops

pytestmark = pytest.mark.slow

ROUNDS = 40
AWAY_SECONDS = 3.0


@pytest.mark.parametrize("many", [2, 3])
def test_no_node_shows_what_was_taken_back(tmp_path: Path, many: int):
    """
    While comments are approved and taken back through changing nodes, one is paused, one is cut off, and the database
    is restarted and crashes: nobody sees an unapproved text, nor, a second after an answer, the page from before it.
    """
    with running(tmp_path, many) as (database, nodes):
        report = polled(database, nodes, ROUNDS, AWAY_SECONDS)

    assert [] == report.broken_promises[:5]
    assert report.answers > many * ROUNDS
    assert report.not_modified > 0


def test_no_node_shows_it_when_pages_come_from_a_replica(tmp_path: Path):
    """Its replay stands still now and then, for up to two seconds, and in the end it is killed; nobody is refused."""
    with ExitStack() as stack:
        standbys: list[Standby] = []

        def replicated(database: Database) -> dict[str, str]:
            standbys.append(stack.enter_context(closing(Standby(database))))
            return {"BLOG_REPLICA_URL": standbys[0].url}

        _, nodes = stack.enter_context(running(tmp_path, 2, replicated))
        report = polled_while_replay_stops(standbys[0], nodes, ROUNDS)
        told = "".join(node.site.read("/metrics") for node in nodes)

    assert ([], 0) == (report.broken_promises[:5], report.refused)
    assert {"read", "behind", "failed"} <= set(re.findall(r'replica_asked_total{outcome="(\w+)"}', told))
