"""Static files in the encodings that browsers take, as small as they get, and kept: packing all takes half a second."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import brotli
import zstandard

ENCODINGS = ("br", "zstd", "gzip")  # the smallest first
RULES = 1  # of packing; a higher number packs anew
GAIN = 0.9  # of the body: what packs less well is sent as it is
UNUSED_SECONDS = 90 * 86_400  # after which what was packed for an older version is taken away
USED_SECONDS = 86_400  # how exactly that is known
DIGEST_BYTES = 32

Forms = dict[str, bytes]  # by encoding


def pack(body: bytes) -> Forms:
    """`body` in each encoding; nothing where packing gains less than a tenth."""
    zipped = gzip.compress(body, 9, mtime=0)
    if len(zipped) > GAIN * len(body):
        return {}
    return {
        "br": brotli.compress(body, quality=11),
        "zstd": zstandard.ZstdCompressor(level=19).compress(body),
        "gzip": zipped,
    }


def packed(body: bytes, folders: Sequence[Path]) -> Forms:
    """The same, from the first of `folders` that holds it; else packed now, and kept in the first that can be written.

    A file that is damaged costs time, no more.
    """
    name = f"{hashlib.sha256(body).hexdigest()[:32]}-{RULES}"
    for folder in folders:
        found = {encoding: kept for encoding in ENCODINGS if (kept := _read(folder / f"{name}.{encoding}"))}
        if len(found) == len(ENCODINGS):
            return found
    made = pack(body)
    for folder in folders if made else ():
        with suppress(OSError):
            for encoding, form in made.items():
                _write(folder / f"{name}.{encoding}", form)
            _clear(folder)
            break
    return made


def _read(path: Path) -> bytes | None:
    with suppress(OSError):
        kept = path.read_bytes()
        if hashlib.sha256(kept[DIGEST_BYTES:]).digest() == kept[:DIGEST_BYTES]:
            if path.stat().st_mtime < time.time() - USED_SECONDS:
                path.touch()
            return kept[DIGEST_BYTES:]
    return None


def _write(path: Path, form: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(hashlib.sha256(form).digest() + form)
    draft.replace(path)


def _clear(folder: Path) -> None:
    oldest = time.time() - UNUSED_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink()
