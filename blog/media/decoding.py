"""Asking the workshop: pictures are read and made in a process of its own, one at a time in each of ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog

from blog.errors import Refused
from blog.workshops import Broken, Workshop

BROKEN = "This picture could not be opened: it takes too long, or is damaged. Please save it anew and send it again."

log = structlog.get_logger("blog.media")
_workshop = Workshop(Path(__file__).with_name("workshop.py"))


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


def portrait(data: bytes, part: str) -> list[Made]:
    """The square of this part of `portraits.PARTS`, of each side that is shown, and the whole. Raises Unreadable."""
    return _ask("portrait", data, part)


def _ask(task: str, data: bytes, *words: str) -> list[Made]:
    try:
        said, bodies = _workshop.ask(data, task, *words)
    except Broken:
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
