"""A file becomes a picture: looked at, cleaned, stored, and only then known. Commits by itself, twice."""

from __future__ import annotations

from blog.database import begin_write, db
from blog.errors import Refused
from blog.jobs import jobs
from blog.media import decoding
from blog.media.decoding import Made
from blog.media.models import Media, MediaFile, new_digest
from blog.media.storage import store

MOST_BYTES = 20 * 1024 * 1024  # of a file


def arrive(data: bytes, file_name: str, by_id: int | None) -> tuple[Media, bool]:
    """The picture of a file, and whether it is new: a file that was sent before is the same picture.

    Raises Refused with why, for the person who sent it.
    """
    known = db.session.scalar(Media.sent_as(data))
    if known is not None:
        return known, False
    made = _cleaned(data)
    digest, name = new_digest(data), Media.free_name(file_name)
    file = f"{digest}/{name}.{made.suffix}"
    _store(file, made)
    begin_write(lock="media")
    known = db.session.scalar(Media.sent_as(data))
    if known is not None:  # sent twice at once: the other one won, and this file goes by itself
        db.session.commit()
        return known, False
    media = Media.keep(data, made, digest, name, by_id)
    MediaFile.belong_to(media.id, [file])
    if media.file != file:  # the name was taken meanwhile
        db.session.rollback()
        return arrive(data, file_name, by_id)
    db.session.commit()
    jobs.wake("make_smaller_pictures")
    return media, True


def arrive_instead(media_id: int, data: bytes) -> None:
    """Show the picture of a file in the place of another one. Raises Refused with why."""
    made = _cleaned(data)
    media = db.session.get_one(Media, media_id)
    digest = new_digest(data)
    file = f"{digest}/{media.name}.{made.suffix}"
    _store(file, made)
    begin_write(lock="media")
    db.session.get_one(Media, media_id).replace(data, made, digest)
    MediaFile.belong_to(media_id, [file])
    db.session.commit()
    jobs.wake("make_smaller_pictures")


def check_size(data: bytes) -> None:
    """Raises Refused with why a file is not even looked at."""
    if not data:
        raise Refused("This file is empty.")
    if len(data) > MOST_BYTES:
        raise Refused(f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Please save the picture smaller.")


def _cleaned(data: bytes) -> Made:
    check_size(data)
    return decoding.cleaned(data)


def _store(file: str, made: Made) -> None:
    begin_write(lock="media")
    MediaFile.announce([file])
    db.session.commit()
    store().put(file, made.body, made.mimetype)
