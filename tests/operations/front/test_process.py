"""How a web process ends: whoever deals requests out learns of it, and nobody who has connected is broken off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.operations.front.conftest import PATIENCE, UNHURRIED, Said
from tests.processes import wait_for

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class TestLeaving:
    @pytest.fixture
    def limits(self):
        return replace(UNHURRIED, leave_seconds=8)

    def test_still_answers_and_says_that_it_leaves(self, front):
        """The balancer's question is answered with no; each answer is the last on its connection."""
        kept = front.connect()
        file = kept.makefile("rb")
        kept.sendall(GET)
        before = Said.read(file)
        front.stop()
        assert wait_for(lambda: front.ask("/readyz").status == 503)
        kept.sendall(GET)
        after, new = Said.read(file), front.ask("/healthz")

        assert (200, 200, 200) == (before.status, after.status, new.status)
        assert (None, "close", "close") == tuple(said.headers.get("connection") for said in (before, after, new))


class TestStopping:
    @pytest.fixture
    def limits(self):
        return replace(UNHURRIED, finish_seconds=PATIENCE)

    def test_hears_who_has_just_connected(self, front):
        """A proxy whose connection was taken would otherwise be broken off with what it had sent."""
        one = front.connect()
        assert front.ask("/healthz").status == 200
        front.stop()
        assert wait_for(lambda: not _takes(front))
        one.sendall(GET)

        assert 200 == Said.read(one.makefile("rb")).status


def _takes(front) -> bool:
    try:
        front.connect()
    except ConnectionRefusedError:
        return False
    return True
