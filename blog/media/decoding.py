"""Asking the workshop: pictures are read and made in a process of its own, one at a time in each of ours."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from blog.errors import Overloaded, Refused

WORKSHOP = Path(__file__).with_name("workshop.py")
SECONDS = 60  # for one picture; the workshop's own limit counts processor time
WAIT_SECONDS = 60  # for the pictures of others
BROKEN = "This picture could not be opened: it takes too long, or is damaged. Please save it anew and send it again."

log = structlog.get_logger("blog.media")
_place = threading.BoundedSemaphore(1)


class Unreadable(Refused):
    """A file that is no picture we take; the message is for the person who sent it."""


@dataclass(frozen=True)
class Made:
    """A picture from the workshop. `suffix` says its form, such as "jpg"."""

    suffix: str
    mimetype: str
    width: int
    height: int
    body: bytes


def cleaned(data: bytes) -> Made:
    """The picture that a file holds, upright, in sRGB and without anything but its pixels. Raises Unreadable."""
    return _ask("clean", data)[0]


def smaller(data: bytes) -> list[Made]:
    """A cleaned picture at several widths and in several forms. Raises Unreadable."""
    return _ask("smaller", data)


def _ask(task: str, data: bytes) -> list[Made]:
    if not _place.acquire(timeout=WAIT_SECONDS):
        raise Overloaded
    try:
        done = subprocess.run(  # noqa: S603 - our own program, without a shell; the file goes through a pipe
            [sys.executable, "-I", str(WORKSHOP), task],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            env={"MALLOC_ARENA_MAX": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(BROKEN) from error
    finally:
        _place.release()
    head, _, bodies = done.stdout.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:
        log.warning(
            "a picture broke the workshop", code=done.returncode, said=done.stderr[-300:].decode("ascii", "replace")
        )
        raise Unreadable(BROKEN) from None
    if "refused" in said:
        if "because" in said:
            log.info("picture refused", because=said["because"])
        raise Unreadable(said["refused"])
    made, start = [], 0
    for about in said["files"]:
        end = start + about.pop("bytes")
        made.append(Made(body=bodies[start:end], **about))
        start = end
    return made
