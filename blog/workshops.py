"""Programs of ours that read what strangers send: each file in a process of its own, one at a time in each of ours.

What a hostile file breaks is that process. The program limits its own memory and time; see blog/media/workshop.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import structlog

from blog.errors import Overloaded

SECONDS = 60  # for one file; the program's own limit counts processor time
WAIT_SECONDS = 60  # for the files of others

log = structlog.get_logger("blog.workshops")


class Broken(Exception):
    """A program took too long, or ended without a word: the file has broken it."""


class Workshop:
    """One such program, which says a line of JSON and after it what it made."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._place = threading.BoundedSemaphore(1)

    def ask(self, data: bytes, *words: str) -> tuple[dict[str, Any], bytes]:
        """What it says of a file, and what it made. Raises Broken, and Overloaded when others take too long."""
        if not self._place.acquire(timeout=WAIT_SECONDS):
            raise Overloaded
        try:
            done = subprocess.run(  # noqa: S603 - our own program, without a shell; the file goes through a pipe
                [sys.executable, "-I", str(self._program), *words],
                input=data,
                capture_output=True,
                timeout=SECONDS,
                env={"MALLOC_ARENA_MAX": "1"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Broken from error
        finally:
            self._place.release()
        head, _, made = done.stdout.partition(b"\n")
        try:
            return json.loads(head), made
        except ValueError:
            log.warning(
                "a file broke a workshop",
                program=self._program.name,
                code=done.returncode,
                said=done.stderr[-300:].decode("ascii", "replace"),
            )
            raise Broken from None
