"""What a file breaks is a process of its own, and whoever asked is told."""

from __future__ import annotations

import pytest

from blog.errors import Overloaded
from blog.workshops import Broken, Workshop


@pytest.fixture
def workshop(tmp_path):
    """`workshop(code)`: a program of these lines."""

    def made(code: str) -> Workshop:
        (tmp_path / "program.py").write_text("import json, os, sys\ndata = sys.stdin.buffer.read()\n" + code)
        return Workshop(tmp_path / "program.py")

    return made


def test_tells_what_the_program_says_and_made(workshop):
    said, made = workshop("print(json.dumps({'bytes': len(data)}), sys.argv[1], sep='\\n', end='')").ask(b"abc", "task")

    assert ({"bytes": 3}, b"task") == (said, made)


@pytest.mark.parametrize("code", ["os.abort()", "print('no JSON')", ""])
def test_a_program_that_ends_without_a_word_is_broken(workshop, code):
    with pytest.raises(Broken):
        workshop(code).ask(b"abc")


def test_a_program_that_takes_too_long_is_broken(workshop, monkeypatch):
    monkeypatch.setattr("blog.workshops.SECONDS", 0.2)

    with pytest.raises(Broken):
        workshop("import time; time.sleep(60)").ask(b"abc")


def test_who_waits_too_long_for_others_is_told(workshop, monkeypatch):
    monkeypatch.setattr("blog.workshops.WAIT_SECONDS", 0.01)
    busy = workshop("print('{}')")
    busy._place.acquire()

    with pytest.raises(Overloaded):
        busy.ask(b"abc")
