"""Bodies larger than a form: from people who are signed in, where files are taken, and only so many at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blog.accounts.models import RoleName
from tests.operations.front.conftest import SHORT, UNHURRIED
from tests.processes import wait_for

LARGE = b"x" * (SHORT.body_bytes + 1)
UPLOAD_BYTES = 50_000


@pytest.fixture
def limits():
    return replace(UNHURRIED, upload_bytes=UPLOAD_BYTES, uploads_bytes=UPLOAD_BYTES + 1000)


@pytest.fixture
def cookie(staff):
    return "desk=" + staff(RoleName.AUTHOR).get_cookie("desk").value


def head(cookie, length):
    return (
        f"POST /desk/media HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nContent-Length: {length}\r\n\r\n".encode()
    )


def test_are_taken_from_people_who_are_signed_in(front, cookie):
    """The application hears them: it misses its token."""
    assert 400 == front.ask("/desk/media", "POST", LARGE, cookie=cookie).status


@pytest.mark.parametrize("told", [{}, {"cookie": "desk=eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb"}, {"cookie": "desk="}])
def test_are_refused_from_others(front, told):
    """Before a byte of it is kept."""
    assert 413 == front.ask("/desk/media", "POST", LARGE, **told).status


@pytest.mark.parametrize("path", ["/desk/settings", "/desk/mediax", "/posts/one/comments"])
def test_are_refused_elsewhere(front, cookie, path):
    """Forms are small."""
    assert 413 == front.ask(path, "POST", LARGE, cookie=cookie).status


def test_are_refused_beyond_their_size(front, cookie):
    """The largest file has a limit, too."""
    assert 413 == front.ask("/desk/media", "POST", b"x" * (UPLOAD_BYTES + 1), cookie=cookie).status


def test_are_counted_together(front, cookie):
    """While one is on its way there is no room for a second; when it is gone, there is."""
    first = front.connect()
    first.sendall(head(cookie, UPLOAD_BYTES) + b"x" * 100)
    while_it_comes = front.ask("/desk/media", "POST", LARGE, cookie=cookie).status
    first.close()
    afterwards = []

    def has_room():
        afterwards.append(front.ask("/desk/media", "POST", LARGE, cookie=cookie).status)
        return afterwards[-1] != 503

    wait_for(has_room)

    assert (503, 400) == (while_it_comes, afterwards[-1])
