"""Where the files of pictures and videos lie: a folder or a bucket, behind one small port.

A name is `<digest>/<file>`, made by blog/media/models.py alone. What lies under a name never changes.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, current_app

from blog.database import db
from blog.errors import failure
from blog.libraries import later

if TYPE_CHECKING:
    import obstore
    from obstore import exceptions
    from obstore import store as stores
else:
    obstore, exceptions, stores = later("obstore"), later("obstore.exceptions"), later("obstore.store")

ARRIVING = ".arriving-"  # begins the name of a file that is not whole yet, where the file system needs one
S3_TIMES = {"timeout": "30s", "connect_timeout": "5s"}
RETRY_TIME = timedelta(seconds=20)
ALONE_SECONDS = 5.0  # for which a bucket that did not answer is not asked
RETRY_AFTER_SECONDS = 30

log = logging.getLogger("blog.media")


class Away(OSError):
    """The place for files does not answer, or has no room. Becomes 503: whoever sends a file again is not refused."""


class Store(Protocol):
    """A place for files. Each question raises Away when it cannot be answered."""

    def put(self, name: str, body: bytes, mimetype: str) -> None:
        """Keep `body` whole or not at all. What lies there already is left: it is the same."""

    def get(self, name: str) -> bytes | None:
        """What lies under a name; None for nothing."""

    def size(self, name: str) -> int | None:
        """How many bytes lie under a name; None for nothing."""

    def part(self, name: str, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end` of what lies there."""

    def delete(self, name: str) -> None:
        """Take it away; nothing happens when nothing is there."""


class Folder:
    """Files on this machine, which nobody else may read. A half one never has its name, whatever is killed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, body: bytes, mimetype: str) -> None:
        path = self.root / name
        with _answering():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._put_nameless(path, body)
            except (OSError, AttributeError):  # a file system that knows no nameless files
                self._put_renamed(path, body)
            with _opened(path.parent, os.O_RDONLY) as folder:
                os.fsync(folder)  # so that the name is there after a power cut, too

    def get(self, name: str) -> bytes | None:
        with _answering():
            try:
                return (self.root / name).read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                return None

    def size(self, name: str) -> int | None:
        path = self.root / name
        return path.stat().st_size if path.is_file() else None

    def part(self, name: str, start: int, end: int) -> bytes:
        with _answering(), (self.root / name).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def delete(self, name: str) -> None:
        path = self.root / name
        with _answering():
            path.unlink(missing_ok=True)
        with suppress(OSError):  # others lie beside it
            path.parent.rmdir()

    @staticmethod
    def _put_nameless(path: Path, body: bytes) -> None:
        """Write it without a name, and give it one when it is whole."""
        with _opened(path.parent, os.O_WRONLY | os.O_TMPFILE) as file, _opened(path.parent, os.O_RDONLY) as folder:
            _write(file, body)
            with suppress(FileExistsError):  # with a folder named, Python follows the link to the file itself
                os.link(f"/proc/self/fd/{file}", path.name, dst_dir_fd=folder, follow_symlinks=True)

    @staticmethod
    def _put_renamed(path: Path, body: bytes) -> None:
        part = path.with_name(ARRIVING + secrets.token_hex(8))
        try:
            with _opened(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
                _write(file, body)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


class Bucket:
    """Files in S3 or what speaks like it.

    Who asks one that is away waits up to half a minute, so for a while after that nobody else asks it.
    """

    def __init__(self, url: str, retries: int = 3) -> None:
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        config = {"bucket": parts.hostname or "", "region": asked.get("region", "us-east-1")}
        if parts.username:
            config |= {"access_key_id": parts.username, "secret_access_key": parts.password or ""}
        if "endpoint" in asked:
            config["endpoint"] = asked["endpoint"]
        plain = asked.get("endpoint", "").startswith("http:")
        self._prefix = parts.path.strip("/")
        self._alone_until = 0.0
        self._store = stores.S3Store(
            config=cast(Any, config),
            client_options={**S3_TIMES, "allow_http": plain},  # type: ignore[arg-type]
            retry_config={"max_retries": retries, "retry_timeout": RETRY_TIME},
        )

    def put(self, name: str, body: bytes, mimetype: str) -> None:
        with self._asked():
            obstore.put(self._store, self._key(name), body, attributes={"Content-Type": mimetype})

    def get(self, name: str) -> bytes | None:
        with self._asked():
            try:
                return bytes(obstore.get(self._store, self._key(name)).bytes())
            except (exceptions.NotFoundError, FileNotFoundError):
                return None

    def size(self, name: str) -> int | None:
        with self._asked():
            try:
                return int(obstore.head(self._store, self._key(name))["size"])
            except (exceptions.NotFoundError, FileNotFoundError):
                return None

    def part(self, name: str, start: int, end: int) -> bytes:
        with self._asked():
            return bytes(obstore.get_range(self._store, self._key(name), start=start, end=end))

    def delete(self, name: str) -> None:
        with self._asked(), suppress(exceptions.NotFoundError, FileNotFoundError):
            obstore.delete(self._store, self._key(name))

    @contextmanager
    def _asked(self) -> Iterator[None]:
        if time.monotonic() < self._alone_until:
            raise Away("it did not answer just now")
        try:
            with _answering(exceptions.BaseError):
                yield
        except Away:
            self._alone_until = time.monotonic() + ALONE_SECONDS
            raise

    def _key(self, name: str) -> str:
        return f"{self._prefix}/{name}".lstrip("/")


@contextmanager
def _answering(*others: type[Exception]) -> Iterator[None]:
    """What the system cannot do, and whatever of `others` goes wrong, is Away, with the line that says what."""
    problems: tuple[type[Exception], ...] = (OSError, *others)
    try:
        yield
    except problems as error:
        raise Away(str(error).partition("\n")[0]) from error


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    file = os.open(path, flags, 0o600)
    try:
        yield file
    finally:
        os.close(file)


def _write(file: int, body: bytes) -> None:
    rest = memoryview(body)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def store() -> Store:
    """This site's place for files."""
    return current_app.extensions["media"]  # type: ignore[no-any-return]


def log_away(error: Away) -> None:
    """One line with what was found."""
    log.error("the place for files is away", extra={"cause": str(error)})
    db.session.rollback()


def away(error: Away) -> Response:
    """The answer for who wants to bring or see a file just now."""
    log_away(error)
    answer = failure(503, "Pictures cannot be kept or shown just now. Please try again in a few minutes.")
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def init_app(app: Flask) -> None:
    app.register_error_handler(Away, away)
    url = app.config["BLOG_MEDIA_URL"]
    if url.startswith("s3://"):
        app.extensions["media"] = Bucket(url)
    else:
        app.extensions["media"] = Folder(Path(url) if url else app.config["BLOG_INSTANCE_PATH"] / "media")
