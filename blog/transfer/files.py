"""The files of a folder of articles: which are meant, which are not and why, and their text."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ENDINGS = (".md", ".markdown")
MAX_BYTES = 1_000_000
NOT_ARTICLES = frozenset({"readme", "license", "licence", "changelog", "contributing", "security", "code_of_conduct"})


class FileError(ValueError):
    """A file that cannot be read as an article: one line per slip, "file:line: field: message"."""

    @classmethod
    def of(cls, path: Path, line: int, field: str, message: str) -> FileError:
        return cls(f"{shown(path)}:{line}: {field}: {message}")


@dataclass
class Found:
    """What lies in a folder: articles, in the order of their names, and why others are none."""

    articles: list[Path] = field(default_factory=list)
    refused: list[FileError] = field(default_factory=list)
    skipped: list[tuple[Path, str]] = field(default_factory=list)

    def refuse(self, path: Path, message: str) -> None:
        self.refused.append(FileError.of(path, 1, "file", message))


def find(folder: Path) -> Found:
    """The Markdown files directly in `folder`. Raises FileError when the folder itself cannot be read."""
    folder_files = Found()
    for entry in _entries(folder):
        path, name = Path(entry.path), entry.name.lower()
        is_folder = entry.is_dir(follow_symlinks=False)
        if name.startswith("."):
            if any(ending in name for ending in ENDINGS):
                folder_files.skipped.append((path, "is hidden"))
        elif is_folder or path.is_dir():
            _look_inside(folder_files, path, is_folder)
        elif name.endswith(ENDINGS):
            problem = _why_no_file(path)
            if problem:
                folder_files.refuse(path, problem)
            else:
                folder_files.articles.append(path)
        elif any(ending in name for ending in ENDINGS) or name.endswith((".mkd", ".mkdn", ".mdown", ".mdwn")):
            folder_files.skipped.append((path, "does not end in .md"))
    return folder_files


def read_text(path: Path) -> str:
    """What a file says, its lines ended by a line feed. Raises FileError naming what stands in the way."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileError.of(path, 1, "file", f"cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise FileError.of(path, 1, "file", f"is larger than {MAX_BYTES} bytes")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError.of(path, 1, "file", "is UTF-16: save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError.of(path, line, "file", "is not UTF-8 text from here on") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise FileError.of(path, text[: text.index("\0")].count("\n") + 1, "file", "is not text: it holds a NUL")
    if not text.strip():
        raise FileError.of(path, 1, "file", "is empty")
    return text


def is_of_the_folder(path: Path) -> bool:
    """Whether a file's name says that it is about the folder, as README.md does."""
    return path.stem.lower().replace("-", "_") in NOT_ARTICLES


def shown(path: Path) -> str:
    """A path as it can be printed, whatever its name is made of."""
    name = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise FileError.of(folder, 1, "folder", f"cannot be read: {error.strerror}") from error


def _why_no_file(path: Path) -> str:
    """Why no text can be read from it; empty if it can. Nothing is opened: a pipe would never end."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if stat.S_ISREG(mode) else "is no ordinary file"


def _look_inside(folder_files: Found, folder: Path, is_folder: bool) -> None:
    """Name the Markdown files of a folder in the folder, which are not read."""
    if folder.name.lower().endswith(ENDINGS):
        folder_files.refuse(folder, "is a folder; an article is a file")
    if not is_folder:
        folder_files.skipped.append((folder, "is a link to a folder"))
        return
    for path in _inside(folder):
        name = f"{path.parent.name}.md" if path.stem.lower() in ("index", "_index") else path.name
        folder_files.refuse(path, f"lies in a folder of its own, which is not read: move it up, as {shown(Path(name))}")


def _inside(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.lower().endswith(ENDINGS) and not name.startswith(".") and not is_of_the_folder(path):
                yield path
