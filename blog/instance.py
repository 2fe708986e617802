"""The folder of this machine's data: created, checked to be writable, closed to other users of the machine."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OTHERS = 0o077  # what group and others may do
ROOT = Path(__file__).parents[1]


def caches(name: str, instance: Path | None) -> list[Path]:
    """Folders for what can be made again: beside the software, and where that cannot be written, in `instance`."""
    return [parent / name for parent in (ROOT / ".cache", *([instance / "cache"] if instance else []))]


def prepare(folder: Path, root: Path) -> None:
    """Make the folder, see that files can be made in it, and take from others what they may do in it.

    A folder that is not this site's alone stays as it is: one of another user, one like /tmp, one that holds
    something of others, or `root`, the code. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    probe = folder / f".write-{secrets.token_hex(4)}"
    probe.touch(mode=0o600)
    probe.unlink()
    if _is_ours(folder.resolve(), root):
        with suppress(OSError):  # a file system that knows no users, or a file that is just being replaced
            _close(folder.resolve())


@contextmanager
def private_files() -> Iterator[None]:
    """Meanwhile this process makes files that only its own user can read."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def _is_ours(folder: Path, root: Path) -> bool:
    about = folder.stat()
    if about.st_uid != os.geteuid() or about.st_mode & stat.S_ISVTX:
        return False
    if root.resolve().is_relative_to(folder) or len(folder.parts) < 3:
        return False
    with os.scandir(folder) as entries:
        return all(entry.stat(follow_symlinks=False).st_uid in (about.st_uid, 0) for entry in entries)


def _close(folder: Path) -> None:
    """Each file in it, each folder in it that is open, and itself."""
    with os.scandir(folder) as entries:
        for entry in entries:
            about = entry.stat(follow_symlinks=False)
            if not about.st_mode & OTHERS or entry.is_symlink():
                continue
            with suppress(OSError):
                if stat.S_ISDIR(about.st_mode):
                    _close(Path(entry.path))
                else:
                    Path(entry.path).chmod(stat.S_IMODE(about.st_mode) & ~OTHERS)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & OTHERS:
        folder.chmod(mode & ~OTHERS)
