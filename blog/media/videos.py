"""Videos of our own: what is known of each, its captions and its still. Articles name one by its `name`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ForeignKey, Select, String, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from blog.accounts.models import Account, RoleName
from blog.clock import now
from blog.database import Base, begin_write, db
from blog.errors import Refused
from blog.folding import fold, holds
from blog.media.models import DIGEST_CHARS, NAME_MAX_CHARS, Media, MediaFile, Shown, free_name_of, new_digest
from blog.media.storage import store
from blog.media.video_files import cleaned_captions, cleaned_video
from blog.pagecache import keys
from blog.pagecache.changes import changed, changes
from blog.pagecache.notes import remembered

MOST_BYTES = 20 * 1024 * 1024  # of a file; longer videos are for a host
MIMETYPES = {"mp4": "video/mp4", "webm": "video/webm", "vtt": "text/vtt"}


@dataclass(frozen=True)
class Playable:
    """What a page needs of a video: plain values, kept between pages."""

    src: str
    mimetype: str
    captions: str  # address; empty without any
    language: str  # of the captions
    is_described: bool  # whether who cannot hear it misses nothing
    poster: str  # name of a picture


class OwnVideo(Base):
    """A video whose file lies here."""

    __tablename__ = "own_videos"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS), unique=True)
    digest: Mapped[str] = mapped_column(String(DIGEST_CHARS), unique=True)  # in the address
    source: Mapped[str] = mapped_column(String(64), unique=True)  # of the file as it was sent
    suffix: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]  # bytes
    captions_digest: Mapped[str] = mapped_column(String(DIGEST_CHARS), default="")
    language: Mapped[str] = mapped_column(String(20), default="en")  # of the captions
    is_silent: Mapped[bool] = mapped_column(default=False)  # nobody speaks in it
    poster: Mapped[str] = mapped_column(String(NAME_MAX_CHARS), default="")  # a picture of the media, by name
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]

    account: Mapped[Account | None] = relationship(viewonly=True)

    @property
    def file(self) -> str:
        """The name of its file in the store."""
        return f"{self.digest}/{self.name}.{self.suffix}"

    @property
    def captions_file(self) -> str:
        """The name of its captions in the store; empty without any."""
        return f"{self.captions_digest}/{self.name}.vtt" if self.captions_digest else ""

    @property
    def playable(self) -> Playable:
        """What a page needs of it."""
        captions = f"/media/{self.captions_file}" if self.captions_file else ""
        is_described = self.is_silent or bool(captions)
        return Playable(
            f"/media/{self.file}", MIMETYPES[self.suffix], captions, self.language, is_described, self.poster
        )

    def may_be_changed_by(self, account: Account) -> bool:
        """Whoever brought it, and editors."""
        return self.account_id == account.id or account.has_any_role(RoleName.EDITOR)

    # Queries

    @classmethod
    def find(cls, name: str) -> Playable | None:
        """What a page needs of the video with this name. One statement at most."""
        return remembered([key_of(name)], lambda _: [cls._playable(name)])[0]

    @classmethod
    def still_of(cls, playable: Playable) -> Shown | None:
        """The picture that stands there before it plays."""
        return Media.find([playable.poster]).get(playable.poster)

    @classmethod
    def newest(cls, words: str = "") -> Select[Self]:
        """Videos, the newest first; those whose name says `words`."""
        query = select(cls).options(joinedload(cls.account)).order_by(cls.id.desc())
        for word in fold(words).split():
            query = query.where(or_(holds(cls.name, word)))
        return query

    @classmethod
    def sent_as(cls, data: bytes) -> Select[Self]:
        """The video that was sent as this file."""
        return select(cls).where(cls.source == hashlib.sha256(data).hexdigest())

    @classmethod
    def _playable(cls, name: str) -> Playable | None:
        found = db.session.scalar(select(cls).where(cls.name == name))
        return found.playable if found else None

    # Verbs

    def remove(self) -> None:
        """Take it away; its files follow. The caller has seen that no article shows it."""
        MediaFile.drop([name for name in (self.file, self.captions_file) if name])
        changed(key_of(self.name))
        db.session.delete(self)


def arrive(data: bytes, file_name: str, by_id: int) -> OwnVideo:
    """The video of a file; one that was sent before is the same. Commits, twice. Raises Refused with why."""
    known = db.session.scalar(OwnVideo.sent_as(data))
    if known is not None:
        return known
    if len(data) > MOST_BYTES:
        raise Refused(f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Please save it shorter or smaller.")
    suffix, body = cleaned_video(data)
    digest, taken = new_digest(data), db.session.scalars(select(OwnVideo.name)).all()
    video = OwnVideo(
        name=free_name_of(file_name, taken, "video"),
        digest=digest,
        source=hashlib.sha256(data).hexdigest(),
        suffix=suffix,
        size=len(body),
        account_id=by_id,
        created_at=now(),
    )
    file = f"{digest}/{video.name}.{suffix}"
    _store(file, body, MIMETYPES[suffix])
    begin_write(lock="media")
    db.session.add(video)
    MediaFile.keep(file)
    changed(key_of(video.name))
    db.session.commit()
    return video


def caption(video_id: int, data: bytes) -> None:
    """Show these captions with a video. Commits, twice. Raises Refused with why."""
    text = cleaned_captions(data).encode()
    digest, name = new_digest(text), db.session.get_one(OwnVideo, video_id).name
    file = f"{digest}/{name}.vtt"
    _store(file, text, MIMETYPES["vtt"])
    begin_write(lock="media")
    video = db.session.get_one(OwnVideo, video_id)
    MediaFile.drop([video.captions_file])
    MediaFile.keep(file)
    video.captions_digest = digest
    db.session.commit()


def key_of(name: str) -> str:
    """What pages with this video are made from. No picture is called so."""
    return keys.media(f"video/{name}")


def _store(file: str, body: bytes, mimetype: str) -> None:
    begin_write(lock="media")
    MediaFile.announce([file])
    db.session.commit()
    store().put(file, body, mimetype)


def _pages_with(video: Any) -> Sequence[str]:
    return (key_of(video.name),)


for _said in (OwnVideo.captions_digest, OwnVideo.language, OwnVideo.is_silent, OwnVideo.poster):
    changes(_said, _pages_with)
