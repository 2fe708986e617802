"""The file of a backup: a tar.gz that ends with a manifest of counts and digests, so that half a file is none."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

import click

FORMAT = 1
MANIFEST, DATABASE, SEALED, MEDIA = "manifest.json", "database.db", "secrets.sealed", "media/"
PACKING = 4  # of gzip's 9: three quarters of the time of 6 for some percent more
PIECE = 1 << 20  # bytes


class BrokenBackup(click.ClickException):
    """The file is no backup, or not the one that was made; the message is one line."""


@dataclass
class Manifest:
    """What a backup says of itself."""

    made_at: str  # UTC, ISO 8601
    site_url: str
    schema: str
    database: str  # "sqlite" or "postgresql", from which it was made
    rows: dict[str, int]  # of each table
    media: str = ""  # where media lie when they are not in the file
    format: int = FORMAT
    files: dict[str, dict[str, Any]] = field(default_factory=dict)  # name: its sha256 and bytes

    @property
    def media_files(self) -> int:
        return sum(name.startswith(MEDIA) for name in self.files)

    @property
    def is_sealed(self) -> bool:
        """Whether it holds the secret key."""
        return SEALED in self.files


class Writer:
    """Fills a new archive; `manifest.json` comes last."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self.manifest = manifest

    def add(self, name: str, path: Path) -> None:
        """Add a file. What is appended to it meanwhile is left out."""
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            reader = _Digesting(file)
            self._put(name, reader, about.st_size, about.st_mtime)
        self.manifest.files[name] = {"sha256": reader.digest.hexdigest(), "bytes": about.st_size}

    def add_bytes(self, name: str, content: bytes) -> None:
        self._put(name, io.BytesIO(content), len(content), 0)
        self.manifest.files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}

    def end(self) -> None:
        text = json.dumps(asdict(self.manifest), indent=1).encode()
        self._put(MANIFEST, io.BytesIO(text), len(text), 0)

    def _put(self, name: str, file: Any, size: int, modified: float) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = size, int(modified), 0o600
        self._tar.addfile(entry, file)


class _Digesting:
    """A file that is digested while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


@contextmanager
def written(target: Path, manifest: Manifest) -> Iterator[Writer]:
    """Write an archive to `target`, for this user alone; nothing is left of it if the block fails."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=PACKING) as tar:
                writer = Writer(tar, manifest)
                yield writer
                writer.end()
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def publish(unfinished: Path, target: Path) -> None:
    """Give the finished file its name, durably."""
    unfinished.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def extract(path: Path, into: Path) -> Manifest:
    """Unpack all of a backup into the empty folder `into`, each file compared with its digest.

    Raises BrokenBackup when anything is missing, added or changed.
    """
    found: dict[str, dict[str, Any]] = {}
    text = b""
    try:
        with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for entry in tar:
                file = tar.extractfile(entry) if entry.isreg() else None
                if file is None or not _is_plain(entry.name) or text:
                    raise BrokenBackup(f"{path} is no backup of this site: it holds {entry.name!r}.")
                if entry.name == MANIFEST:
                    text = file.read()
                else:
                    found[entry.name] = _unpacked(file, into / entry.name)
            while packed.read(PIECE):  # to the end, where its length and checksum stand
                pass
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise BrokenBackup(f"{path} cannot be read as a backup: {error}.") from error
    manifest = _read(path, text)
    for name in sorted(manifest.files.keys() | found.keys()):
        if manifest.files.get(name) != found.get(name):
            raise BrokenBackup(f"{path} is damaged: {name} is not what was backed up.")
    return manifest


def _unpacked(file: IO[bytes], target: Path) -> dict[str, Any]:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _is_plain(name: str) -> bool:
    """Whether it names a file that belongs into a backup, and nothing outside of the folder."""
    parts = PurePosixPath(name).parts
    return name in (MANIFEST, DATABASE, SEALED) or (name.startswith(MEDIA) and ".." not in parts and len(parts) > 1)


def _read(path: Path, text: bytes) -> Manifest:
    if not text:
        raise BrokenBackup(f"{path} is not whole: its end is missing.")
    try:
        values = json.loads(text)
        if values["format"] != FORMAT:
            raise BrokenBackup(f"{path} has format {values['format']}, this code reads {FORMAT}: use newer code.")
        return Manifest(**values)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenBackup(f"{path} is no backup of this site: its manifest cannot be read.") from error
