"""A backup is made: database, media, secret key and config.py, then read again before it gets its name."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask

from blog import clock
from blog.operations import database
from blog.operations.backups import archive, sealing, snapshot
from blog.operations.backups.archive import DATABASE, MEDIA, SEALED, Manifest
from blog.operations.backups.places import Folder, Place

ROOM = 2.5  # times the database: its copy, the file, and what is unpacked to prove it


@dataclass(frozen=True)
class Made:
    """A backup that was made, and read again."""

    name: str
    size: int  # bytes
    manifest: Manifest


def make(app: Flask, place: Place, name: str, passphrase: str = "") -> Made:
    """Make a backup of the running site and prove it; without a passphrase it holds no secret key and no config.py.

    Raises ClickException if there is no room, and what database and place raise. Nothing is left of one that failed.
    """
    with at_work(app) as folder:
        _see_that_there_is_room(app, folder)
        copy = folder / DATABASE
        schema = snapshot.take(app, copy)
        manifest = Manifest(
            made_at=clock.now().isoformat(timespec="seconds"),
            site_url=app.config["BLOG_SITE_URL"],
            schema=schema,
            database="sqlite" if database.sqlite_path(app) else "postgresql",
            rows=snapshot.check(copy),
            media="" if media_folder(app) else app.config["BLOG_MEDIA_URL"],
        )
        unfinished = _beside(place, folder) / f".{name}.{secrets.token_hex(4)}.part"
        try:
            with archive.written(unfinished, manifest) as writer:
                writer.add(DATABASE, copy)
                for path in media(app):  # after the database: a row's file is there before the row is
                    writer.add(MEDIA + path.relative_to(media_folder(app) or path).as_posix(), path)
                if passphrase:
                    writer.add_bytes(SEALED, sealing.seal(_secrets(app), passphrase))
            copy.unlink()
            prove(unfinished, folder / "read")
            size = unfinished.stat().st_size
            place.put(unfinished, name)
        finally:
            unfinished.unlink(missing_ok=True)
    return Made(name, size, manifest)


def prove(path: Path, into: Path) -> Manifest:
    """Read all of a backup into the new folder `into`: digests, soundness, and rows as they were counted.

    Raises BrokenBackup.
    """
    into.mkdir(mode=0o700)
    manifest = archive.extract(path, into)
    if snapshot.check(into / DATABASE) != manifest.rows:
        raise archive.BrokenBackup(f"{path} is damaged: it does not hold the rows that were backed up.")
    return manifest


@contextmanager
def at_work(app: Flask) -> Iterator[Path]:
    """A folder for this user alone, and nobody else of this instance at it; what a killed process left is removed."""
    with database.exclusive(app, "backup"):
        for left in app.config["BLOG_INSTANCE_PATH"].glob(".backup-*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=app.config["BLOG_INSTANCE_PATH"], prefix=".backup-") as name:
            yield Path(name)


def media_folder(app: Flask) -> Path | None:
    """Where this machine keeps media; None if a bucket does."""
    setting = str(app.config.get("BLOG_MEDIA_URL") or "")
    if "://" in setting:
        return None
    return Path(setting).absolute() if setting else app.config["BLOG_INSTANCE_PATH"] / "media"


def media(app: Flask) -> list[Path]:
    """Every finished file; one that is being written has a name that begins with a dot."""
    folder = media_folder(app)
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _beside(place: Place, folder: Path) -> Path:
    """Where the unfinished file lies: in the folder it will stay in, since only there it can take its name at once."""
    if not isinstance(place, Folder):
        return folder
    place.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in place.path.glob(".site-*.part"):
        left.unlink(missing_ok=True)
    return place.path


def _secrets(app: Flask) -> dict[str, str]:
    config = app.config["BLOG_INSTANCE_PATH"] / "config.py"
    return {
        "secret_key": app.config["SECRET_KEY"],
        "config.py": config.read_text(encoding="utf-8") if config.exists() else "",
    }


def _see_that_there_is_room(app: Flask, folder: Path) -> None:
    live = Path(database.sqlite_path(app) or "")
    needed = int((live.stat().st_size if live.is_file() else 0) * ROOM) + sum(
        path.stat().st_size for path in media(app)
    )
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise click.ClickException(
            f"There is no room for a backup in {folder.parent}: it takes {needed >> 20} MB, {free >> 20} are free."
        )
