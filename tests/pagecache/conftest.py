"""The page cache of the site under test, and how much it had to do."""

from __future__ import annotations

from contextlib import contextmanager

import pytest


@pytest.fixture
def cache(app):
    return app.extensions["pagecache"]


@pytest.fixture
def rendering(cache):
    """How many pages a block renders."""

    @contextmanager
    def counting(expected):
        before = cache.rendered
        yield
        assert expected == cache.rendered - before

    return counting
