"""What pictures need done by themselves: their smaller forms are made, and files that are nobody's are taken away."""

from __future__ import annotations

import structlog

from blog.database import begin_write, db
from blog.jobs import jobs
from blog.media import decoding
from blog.media.decoding import Made
from blog.media.models import Media, MediaFile
from blog.media.storage import Away, store

log = structlog.get_logger("blog.media")


@jobs.every(minutes=1)
@jobs.when(lambda: Media.to_be_made().with_only_columns(Media.id))
def make_smaller_pictures() -> None:
    """Make the smaller forms of each picture that lacks them. A picture that fails is tried again, and then left.

    Raises Away where files can be neither had nor kept, which is no picture's failure and uses up no try.
    """
    while taken := _taken():
        media_id, digest, file = taken
        try:
            pictures = _smaller(file)
            if pictures is not None:
                _keep(media_id, digest, file, pictures)
        except Away:
            _let_go(media_id, untried=True)
            raise
        if pictures is None:
            _let_go(media_id)


@jobs.every(minutes=1)
@jobs.when(lambda: MediaFile.gone().with_only_columns(MediaFile.name))
def take_away_files() -> None:
    """Take away the files that are nobody's: of deleted and replaced pictures, and of those that never came to be."""
    while file := db.session.scalar(MediaFile.gone().limit(1)):
        name = file.name
        db.session.rollback()  # a bucket may take its time: nothing waits for it
        store().delete(name)
        begin_write(lock="media")
        MediaFile.taken_away(name)
        db.session.commit()


def _taken() -> tuple[int, str, str] | None:
    """The next picture, for this worker alone: its number, digest and file."""
    if db.session.scalar(Media.to_be_made().limit(1)) is None:
        return None
    begin_write(lock="media")
    media = Media.take()
    taken = None if media is None else (media.id, media.digest, media.file)
    db.session.commit()
    return taken


def _smaller(file: str) -> list[Made] | None:
    """Its smaller forms; None when they cannot be made."""
    kept = store().get(file)
    if kept is None:
        log.warning("the file of a picture is missing", file=file)
        return None
    try:
        return decoding.smaller(kept)
    except decoding.Unreadable:
        log.warning("smaller pictures could not be made", file=file)
        return None


def _let_go(media_id: int, untried: bool = False) -> None:
    begin_write(lock="media")
    media = db.session.get(Media, media_id)
    if media is not None:
        media.taken_until = None
        media.tries -= untried
    db.session.commit()


def _keep(media_id: int, digest: str, file: str, pictures: list[Made]) -> None:
    """Store them, and have pages offer them if the picture is still the same."""
    stem = file.rpartition(".")[0]
    named = {f"{stem}-{made.width}.{made.suffix}": made for made in pictures}
    begin_write(lock="media")
    MediaFile.announce(list(named))
    db.session.commit()
    for name, made in named.items():
        store().put(name, made.body, made.mimetype)
    begin_write(lock="media")
    media = db.session.get(Media, media_id)
    if media is not None and media.digest == digest:
        MediaFile.belong_to(media_id, list(named))
        media.show_smaller([(made.suffix, made.width, made.height) for made in pictures])
    db.session.commit()
