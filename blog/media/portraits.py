"""Portraits of the people in bylines: squares of their own, cut from a file, known to their person alone.

They are no pictures of the media: no list shows them and no article can name one. The picture that a square was cut
from is kept beside it, cleaned as every picture is, under a name that pages never answer for: only whoever may change
the portrait sees it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, select

from blog.accounts.models import Account, Person
from blog.database import begin_write, db
from blog.errors import Refused
from blog.media import decoding
from blog.media.arriving import check_size
from blog.media.models import MediaFile, new_digest
from blog.media.storage import store

SIDES = {"large": 320, "small": 96}  # pixels, as the workshop makes them; not read there, since that loads Pillow
WHOLE = "portrait-whole.kept"  # JPEG, but blog/public/media.py knows no such ending, so that no address leads to it

JPEG_END = b"\xff\xd9"
PARTS = {
    "face": "Where a face mostly is: in the middle, a little above it in a tall picture",
    "first": "The top of a tall picture, the left of a wide one",
    "middle": "The middle",
    "last": "The bottom of a tall picture, the right of a wide one",
}  # what the square may be cut from, as the workshop knows it


def address(digest: str, side: int) -> str:
    """Where the portrait of this digest is, in one of the sides that are made."""
    return f"/media/{_file(digest, side)}"


def initials(name: str) -> str:
    """The first letters of a name's first and last word, for those who have no portrait; titles are left out."""
    words = [word for word in name.replace(",", " ").split() if word[0].isalnum() and not word.endswith(".")]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def whole(digest: str) -> bytes | None:
    """The larger square as JPEG; None where its file is gone. Raises Away."""
    return store().get(_file(digest, SIDES["large"]))


def is_kept(digest: str | None) -> bool:
    """Whether the picture is kept that the square was cut from: not of portraits from before it was."""
    return digest is not None and db.session.scalar(MediaFile.known(_whole(digest))) is not None


def original(digest: str) -> bytes | None:
    """The picture that the square was cut from, as JPEG; None where there is none. Raises Away."""
    return store().get(_whole(digest)) if is_kept(digest) else None


def lost() -> list[str]:
    """The names of those with a portrait of which a file is gone or cut. Raises Away."""
    shown = db.session.execute(select(Person.name, Person.portrait).order_by(Person.name)).all()
    files = {digest: _files(digest) + [_whole(digest)] * is_kept(digest) for _, digest in shown if digest}
    return [name for name, digest in shown if digest and not all(_is_whole(store().get(one)) for one in files[digest])]


def _is_whole(body: bytes | None) -> bool:
    return body is not None and body.endswith(JPEG_END)


def arrive(data: bytes, person: Person, words: str, part: str = "face") -> None:
    """Show the square of a file beside a person's name, instead of the one before. Commits. Raises Refused with why.

    `part` is one of PARTS.

    `person` is as whoever asks has seen it: a name that belongs to another account by the end gets no portrait.
    """
    check_size(data)
    _cut(data, person, words, part)


def cut_anew(person: Person, words: str, part: str) -> None:
    """Show another part of the picture that is kept. Commits. Raises Refused with why, as `arrive` does, also where
    another portrait has come meanwhile.
    """
    digest = person.portrait
    whole = original(digest) if digest else None
    if whole is None:
        begin_write()
        _still_of(person.account_id, person.id)  # why there is none: it may just have gone
        raise Refused("The picture is not kept. Please send it again.")
    _cut(whole, person, words, part, instead_of=digest)


def _cut(data: bytes, person: Person, words: str, part: str, instead_of: str | None = None) -> None:
    """`instead_of` is the digest of the portrait that `data` was kept with."""
    person_id, account_id = person.id, person.account_id
    *squares, whole = decoding.portrait(data, part)
    digest = new_digest(data)
    files = [*_files(digest), _whole(digest)]
    begin_write(lock="media")
    MediaFile.announce(files)
    db.session.commit()
    for square in squares:
        store().put(_file(digest, square.width), square.body, square.mimetype)
    store().put(_whole(digest), data if instead_of else whole.body, whole.mimetype)  # not worse each time it is cut
    begin_write(lock="media")
    try:
        person = _still_of(account_id, person_id)  # looking at the file took seconds
        if instead_of not in (None, person.portrait):
            raise Refused("Another portrait has come meanwhile. Nothing was saved.")
    except Refused:
        MediaFile.drop(files)
        db.session.commit()
        raise
    person.portrait, person.portrait_alt = digest, words
    person.is_sample = False  # whoever is changed here is the site's own
    for file in files:
        MediaFile.keep(file)
    db.session.commit()


def describe(person: Person, words: str) -> None:
    """Say what the portrait shows. Commits. Raises Refused with why, as `arrive` does; roll back then."""
    person_id, account_id = person.id, person.account_id
    begin_write()
    person = _still_of(account_id, person_id)
    if person.portrait is None:
        raise Refused("Please choose a picture first.")
    person.portrait_alt = words
    db.session.commit()


def remove(person: Person) -> None:
    """Initials stand beside the name again. Call inside `begin_write()`."""
    person.portrait, person.portrait_alt = None, ""


def _still_of(account_id: int | None, person_id: int) -> Person:
    """The person, held until the commit. Raises Refused unless the name is still this account's, and that active."""
    person = Person.held(person_id)
    if person is None or person.account_id != account_id:
        raise Refused("The account of this name was changed meanwhile. Nothing was saved.")
    # asked after the wait for the person, since `Account.deactivate` may have been what was waited for
    if account_id is not None and not db.session.scalar(select(Account.active).where(Account.id == account_id)):
        raise Refused("The account of this name is deactivated, and portraits go with it. Nothing was saved.")
    return person


def _files(digest: str) -> list[str]:
    return [_file(digest, side) for side in SIDES.values()]


def _whole(digest: str) -> str:
    return f"{digest}/{WHOLE}"


def _file(digest: str, side: int) -> str:
    return f"{digest}/portrait-{side}.jpg"


def _let_go(person: Person, digest: str | None, before: Any, initiator: Any) -> None:
    """Whoever takes a portrait off, in whatever way: its files go."""
    if isinstance(before, str) and before != digest:
        MediaFile.drop([*_files(before), _whole(before)])


event.listen(Person.portrait, "set", _let_go, active_history=True)
