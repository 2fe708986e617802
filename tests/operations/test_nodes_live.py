"""Several nodes on one PostgreSQL: a decision is seen on all of them within a second, whatever befalls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nodes import polled, running

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
