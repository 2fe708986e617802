"""Pictures: what is known of each, its files, and what a page needs to show it.

An article names a picture by its `name`, which never changes; its bytes lie under a digest that does when it is
replaced, so that an address never shows two pictures. Files are rows first: what a stop left behind is found by them.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count
from pathlib import PurePath
from typing import Any, Self

from sqlalchemy import ColumnElement, ForeignKey, Select, String, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, validates

from blog.accounts.models import Account, RoleName
from blog.clock import now
from blog.database import NOW, Base, db
from blog.errors import Refused
from blog.folding import fold, holds
from blog.media.decoding import Made
from blog.pagecache import keys
from blog.pagecache.changes import changed, changes
from blog.pagecache.notes import remembered

NAME_MAX_CHARS = 80
ALT_MAX_CHARS = 200
CAPTION_MAX_CHARS = 200
CREDIT_MAX_CHARS = 200
LICENCE_MAX_CHARS = 100
DIGEST_CHARS = 32  # 128 bits
MOST_TRIES = 3  # at making the smaller pictures
TAKEN = timedelta(minutes=5)  # much longer than that may take
HALF = 50  # the middle of a side, in hundredths
ARRIVAL = timedelta(hours=1)  # after which a file that became nobody's is taken away
FORMS = ("avif", "webp")  # in the order in which browsers are offered them, before the fallback

_NOT_NAME = re.compile("[^a-z0-9]+")


@dataclass(frozen=True)
class Source:
    """A form of a picture: its MIME type and its widths, as `srcset` says them."""

    mimetype: str
    srcset: str


@dataclass(frozen=True)
class Shown:
    """What a page needs of a picture: plain values, kept between pages."""

    name: str
    src: str
    srcset: str  # of the fallback
    width: int
    height: int
    sources: tuple[Source, ...]  # better forms, the best first
    thumbnail: str  # of a small width, for lists at the desk
    alt: str
    is_decorative: bool
    caption: str
    credit: str  # with the licence
    focus: tuple[int, int]  # what must stay in sight when it is cut, in hundredths from the left and from the top

    @property
    def is_described(self) -> bool:
        """Whether somebody who cannot see it is told what it shows, or that it shows nothing."""
        return bool(self.alt) or self.is_decorative


class Media(Base):
    """A picture. `made_at` says since when its smaller forms are there; until then the one that is kept is shown."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS), unique=True)
    digest: Mapped[str] = mapped_column(String(DIGEST_CHARS), unique=True)  # in the address
    source: Mapped[str] = mapped_column(String(64), unique=True)  # of the file as it was sent
    suffix: Mapped[str] = mapped_column(String(8))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]  # bytes
    smaller: Mapped[list[Any]]  # [suffix, width, height] of each
    focus_x: Mapped[int] = mapped_column(default=HALF)
    focus_y: Mapped[int] = mapped_column(default=HALF)
    alt: Mapped[str] = mapped_column(String(ALT_MAX_CHARS), default="")
    is_decorative: Mapped[bool] = mapped_column(default=False)
    caption: Mapped[str] = mapped_column(String(CAPTION_MAX_CHARS), default="")
    credit: Mapped[str] = mapped_column(String(CREDIT_MAX_CHARS), default="")
    licence: Mapped[str] = mapped_column(String(LICENCE_MAX_CHARS), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # none: a command
    created_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    taken_until: Mapped[datetime | None]  # by a worker that makes its smaller forms

    account: Mapped[Account | None] = relationship(viewonly=True)

    @validates("focus_x", "focus_y")
    def _in_it(self, name: str, value: int) -> int:
        return min(100, max(0, value))

    # Questions

    @property
    def is_described(self) -> bool:
        """Whether somebody who cannot see it is told what it shows, or that it shows nothing."""
        return bool(self.alt) or self.is_decorative

    def may_be_changed_by(self, account: Account) -> bool:
        """Whoever brought it, and editors."""
        return self.account_id == account.id or account.has_any_role(RoleName.EDITOR)

    @property
    def file(self) -> str:
        """The name of the kept picture in its store."""
        return self.file_of(self.suffix)

    def file_of(self, suffix: str, width: int | None = None) -> str:
        """The name of a picture in its store: the kept one, or that of a width."""
        return f"{self.digest}/{self.name}{f'-{width}' if width else ''}.{suffix}"

    @property
    def shown(self) -> Shown:
        """What a page needs of it."""
        widths: dict[str, list[str]] = {}
        for suffix, width, _ in self.smaller:
            widths.setdefault(suffix, []).append(f"{self._url(suffix, width)} {width}w")
        plain = widths.get(self.suffix, [])
        return Shown(
            name=self.name,
            src=self._url(self.suffix),
            srcset=", ".join(plain),
            width=self.width,
            height=self.height,
            sources=tuple(Source(f"image/{form}", ", ".join(widths[form])) for form in FORMS if form in widths),
            thumbnail=(plain[min(1, len(plain) - 1)].split(" ")[0] if plain else self._url(self.suffix)),
            alt="" if self.is_decorative else self.alt,
            is_decorative=self.is_decorative,
            caption=self.caption,
            credit=", ".join(filter(None, (self.credit, self.licence))),
            focus=(self.focus_x, self.focus_y),
        )

    # Queries

    @classmethod
    def find(cls, names: Sequence[str]) -> dict[str, Shown]:
        """What pages need of these pictures; those that are not there are left out. One statement at most."""
        by_key = {keys.media(name): name for name in names if name}
        pictures = remembered(list(by_key), lambda unknown: cls._shown([by_key[key] for key in unknown]))
        return {shown.name: shown for shown in pictures if shown is not None}

    @classmethod
    def named(cls, name: str) -> Select[Self]:
        """The picture that articles know by this name."""
        return select(cls).where(cls.name == name)

    @classmethod
    def sent_as(cls, data: bytes) -> Select[Self]:
        """The picture that was sent as this file."""
        return select(cls).where(cls.source == hashlib.sha256(data).hexdigest())

    @classmethod
    def newest(cls, words: str = "", before: int | None = None, undescribed: bool = False) -> Select[Self]:
        """Pictures, the newest first; those that say `words`, and those before a number."""
        query = select(cls).options(joinedload(cls.account)).order_by(cls.id.desc())
        for word in fold(words).split():
            query = query.where(or_(*(holds(column, word) for column in (cls.name, cls.alt, cls.caption, cls.credit))))
        if undescribed:
            query = query.where(cls._is_undescribed())
        return query if before is None else query.where(cls.id < before)

    @classmethod
    def undescribed(cls) -> Select[int]:
        """How many pictures lack words for those who cannot see them."""
        return select(func.count()).select_from(cls).where(cls._is_undescribed())

    @classmethod
    def to_be_made(cls) -> Select[Self]:
        """Pictures whose smaller forms are owed and that no worker has taken, the oldest first."""
        is_free = or_(cls.taken_until.is_(None), cls.taken_until <= NOW)
        return select(cls).where(cls.made_at.is_(None), cls.tries < MOST_TRIES, is_free).order_by(cls.tries, cls.id)

    # Verbs

    @classmethod
    def keep(cls, data: bytes, made: Made, digest: str, file_name: str, by_id: int | None) -> Self:
        """The picture of a file that was stored under `digest`. Call inside `begin_write(lock="media")`."""
        media = cls(
            name=cls.free_name(file_name),
            digest=digest,
            source=hashlib.sha256(data).hexdigest(),
            suffix=made.suffix,
            width=made.width,
            height=made.height,
            size=len(made.body),
            smaller=[],
            account_id=by_id,
            created_at=now(),
        )
        db.session.add(media)
        db.session.flush()
        changed(keys.media(media.name))  # a page may have been made in the belief that there is none
        return media

    @classmethod
    def free_name(cls, file_name: str) -> str:
        """A name of small letters, digits and hyphens, made from that of a file, which nothing else has."""
        stem = name_of(file_name, "picture")
        like = select(cls.name).where(or_(cls.name == stem, cls.name.startswith(stem + "-", autoescape=True)))
        return free_name_of(file_name, db.session.scalars(like).all(), "picture")

    def replace(self, data: bytes, made: Made, digest: str) -> None:
        """Show another picture in its place, everywhere. Raises Refused when that one is here under another name."""
        source = hashlib.sha256(data).hexdigest()
        other = db.session.scalar(select(Media.name).where(Media.source == source, Media.id != self.id))
        if other:
            raise Refused(f"That picture is here already, as “{other}”.")
        MediaFile.let_go(self.id)
        self.digest, self.source, self.suffix = digest, source, made.suffix
        self.width, self.height, self.size = made.width, made.height, len(made.body)
        self.smaller, self.made_at, self.tries, self.taken_until = [], None, 0, None
        db.session.flush()

    @classmethod
    def take(cls) -> Self | None:
        """The next of `to_be_made`, for one worker alone for a while. Call inside `begin_write(lock="media")`.

        Commit before making them: a picture that kills its worker must not do so for ever, so the try is counted now.
        """
        media = db.session.scalar(cls.to_be_made().limit(1))
        if media is not None:
            media.tries += 1
            media.taken_until = now() + TAKEN
        return media

    def show_smaller(self, forms: Sequence[tuple[str, int, int]]) -> None:
        """Its smaller pictures are stored: pages may offer them."""
        self.smaller = [list(form) for form in forms]
        self.made_at = now()

    def remove(self) -> None:
        """Take it away; its files follow. The caller has seen that nothing shows it: see blog/posts/pictures.py."""
        MediaFile.let_go(self.id)
        changed(keys.media(self.name))
        db.session.delete(self)

    @classmethod
    def _is_undescribed(cls) -> ColumnElement[bool]:
        return (cls.alt == "") & cls.is_decorative.is_(False)

    @classmethod
    def _shown(cls, names: Sequence[str]) -> list[Shown | None]:
        by_name = {media.name: media.shown for media in db.session.scalars(select(cls).where(cls.name.in_(names)))}
        return [by_name.get(name) for name in names]

    def _url(self, suffix: str, width: int | None = None) -> str:
        return f"/media/{self.file_of(suffix, width)}"  # commands and jobs, which answer no request, ask it, too


class MediaFile(Base):
    """A file in the store. One that is no picture's any more, or not yet, is taken away at `gone_at`."""

    __tablename__ = "media_files"

    name: Mapped[str] = mapped_column(String(160), primary_key=True)
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), index=True)
    gone_at: Mapped[datetime | None] = mapped_column(index=True)

    @classmethod
    def announce(cls, names: Sequence[str]) -> None:
        """Files of these names will be stored. Commit before storing them, so that none is ever forgotten."""
        db.session.execute(delete(cls).where(cls.name.in_(names), cls.media_id.is_(None)))  # of an earlier try
        db.session.add_all(cls(name=name, gone_at=now() + ARRIVAL) for name in names)
        db.session.flush()

    @classmethod
    def belong_to(cls, media_id: int, names: Sequence[str]) -> None:
        """These files are stored, and this picture's."""
        db.session.execute(update(cls).where(cls.name.in_(names)).values(media_id=media_id, gone_at=None))

    @classmethod
    def keep(cls, name: str) -> None:
        """This file is stored, and shown by something else than a picture."""
        db.session.execute(update(cls).where(cls.name == name).values(gone_at=None))

    @classmethod
    def drop(cls, names: Sequence[str]) -> None:
        """These files are shown no more."""
        db.session.execute(update(cls).where(cls.name.in_(names)).values(gone_at=now()))

    @classmethod
    def let_go(cls, media_id: int) -> None:
        """A picture's files are nobody's any more."""
        db.session.execute(update(cls).where(cls.media_id == media_id).values(media_id=None, gone_at=now()))

    @classmethod
    def known(cls, name: str) -> Select[str]:
        """The same name, if it is that of a stored file that something shows or keeps."""
        return select(cls.name).where(cls.name == name, cls.gone_at.is_(None))

    @classmethod
    def called(cls, name: str) -> Select[str]:
        """Stored files of this name, whatever their digest, that are shown by something else than a picture."""
        mine = cls.media_id.is_(None), cls.gone_at.is_(None)
        return select(cls.name).where(cls.name.endswith(f"/{name}", autoescape=True), *mine)

    @classmethod
    def gone(cls) -> Select[Self]:
        """Files that are to be taken away now."""
        return select(cls).where(cls.gone_at <= NOW).order_by(cls.gone_at)

    @classmethod
    def taken_away(cls, name: str) -> None:
        """A file has been taken away."""
        db.session.execute(delete(cls).where(cls.name == name))


def name_of(file_name: str, otherwise: str) -> str:
    """A name of small letters, digits and hyphens, made from that of a file."""
    stem = PurePath(file_name.replace("\\", "/")).name.rpartition(".")[0] or file_name
    return _NOT_NAME.sub("-", fold(stem)).strip("-")[: NAME_MAX_CHARS - 20].strip("-") or otherwise


def free_name_of(file_name: str, taken: Collection[str], otherwise: str) -> str:
    """The same, or with the first number behind it that is free."""
    wanted = name_of(file_name, otherwise)
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(name for name in chain([wanted], numbered) if name not in taken)


def new_digest(data: bytes) -> str:
    """What a file's address is called: of its bytes and of chance, so that nobody who has the file can guess it."""
    return hashlib.sha256(secrets.token_bytes(16) + data).hexdigest()[:DIGEST_CHARS]


def _pages_with(media: Media) -> tuple[str]:
    return (keys.media(media.name),)


for _said in (
    Media.digest,
    Media.smaller,
    Media.alt,
    Media.is_decorative,
    Media.caption,
    Media.credit,
    Media.licence,
    Media.focus_x,
    Media.focus_y,
):
    changes(_said, _pages_with)
