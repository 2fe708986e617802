"""Where backups lie: a folder of this machine, or a bucket that speaks S3. Credentials come from AWS_* variables."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flask import Flask
from obstore.exceptions import BaseError
from obstore.store import S3Store, from_url

from blog.config import ConfigError
from blog.operations.backups import archive

SUFFIX = ".tar.gz"
DAILY = re.compile(r"site-\d{8}T\d{6}Z\.tar\.gz")  # only what the daily job has made is ever removed
PART_BYTES = 8 << 20


class Place(Protocol):
    """Keeps files by their names."""

    def put(self, finished: Path, name: str) -> None:
        """Take a finished file over, whole or not at all; it is moved where that can be."""

    def fetch(self, name: str, into: Path) -> Path:
        """The file on this machine, in `into` if it has to be brought here."""

    def names(self) -> list[str]:
        """The daily backups that are there, the oldest first."""

    def remove(self, name: str) -> None: ...


@dataclass(frozen=True)
class Folder:
    """A folder, also one that is mounted from elsewhere."""

    path: Path

    def put(self, finished: Path, name: str) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        archive.publish(finished, self.path / name)

    def fetch(self, name: str, into: Path) -> Path:
        return self.path / name

    def names(self) -> list[str]:
        return sorted(path.name for path in self.path.glob(f"*{SUFFIX}") if DAILY.fullmatch(path.name))

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)


@dataclass(frozen=True)
class Bucket:
    """A bucket, or a folder in it. A file appears there when all of it has arrived."""

    store: S3Store

    def put(self, finished: Path, name: str) -> None:
        with finished.open("rb") as file:
            self.store.put(name, file, chunk_size=PART_BYTES)
        finished.unlink()

    def fetch(self, name: str, into: Path) -> Path:
        path = into / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in self.store.get(name).stream(min_chunk_size=PART_BYTES):
                file.write(piece)
        return path

    def names(self) -> list[str]:
        listed = [entry["path"] for page in self.store.list() for entry in page]
        return sorted(name for name in listed if DAILY.fullmatch(name))

    def remove(self, name: str) -> None:
        self.store.delete(name)


Failures = (OSError, BaseError)  # what a place raises when it cannot be reached


def place(text: str) -> Place:
    """The place that a setting or an option names. Raises ConfigError if it cannot be one."""
    if text.startswith("s3://"):
        try:
            store = from_url(text)
        except BaseError as error:
            raise ConfigError(f"{text} cannot be used: {_first_line(error)}") from None
        if not isinstance(store, S3Store):
            raise ConfigError(f"{text} must look like s3://BUCKET/FOLDER.")
        return Bucket(store)
    if "://" in text:
        raise ConfigError(f"{text} must be a folder or look like s3://BUCKET/FOLDER.")
    return Folder(Path(text).absolute())


def of(app: Flask) -> Place:
    """Where the daily backups go."""
    return place(app.config["BLOG_BACKUP_TO"] or str(app.config["BLOG_INSTANCE_PATH"] / "backups"))


def told(error: BaseException) -> str:
    """Why a place cannot be used, in one line."""
    return error.strerror if isinstance(error, OSError) and error.strerror else _first_line(error)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
