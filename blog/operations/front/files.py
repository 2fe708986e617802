"""Static files from memory. The application answers each once; what it calls unchangeable is then kept."""

from __future__ import annotations

from dataclasses import dataclass

from blog.operations.front.answers import Answer
from blog.operations.front.requests import Request
from blog.pagecache.negotiation import IDENTITY, encoding_for, has_current

FOLDER = "/assets/"
MOST_FILES = 1024  # forms of files; there are a few dozen
SAID_AGAIN = frozenset({"etag", "cache-control", "vary"})  # with a 304


@dataclass(frozen=True, slots=True)
class File:
    etag: str
    whole: Answer
    unchanged: Answer


class Files:
    """Answers under `/assets/` by path and encoding. A file's address holds its fingerprint, so it stays right."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], File] = {}

    def get(self, path: str, query: str, accept: str | None, if_none_match: str | None) -> Answer | None:
        if query or not path.startswith(FOLDER):
            return None
        found = self._files.get((path, encoding_for(accept)))
        if found is None:
            return None
        return found.unchanged if if_none_match and has_current(if_none_match, found.etag) else found.whole

    def keep(self, request: Request, status: str, told: list[tuple[str, str]], body: bytes) -> None:
        """Keep an answer that holds for ever, if it is in the encoding that `get` would look for."""
        if request.method != "GET" or not request.path.startswith(FOLDER) or len(self._files) >= MOST_FILES:
            return
        said = {name.lower(): value for name, value in told}
        encoding = encoding_for(request.headers.get("accept-encoding"))
        is_lasting = status.startswith("200") and "immutable" in said.get("cache-control", "")
        fits = said.get("content-encoding", IDENTITY) == encoding or "vary" not in said
        if is_lasting and fits and "etag" in said and not request.query:
            again = [(name, value) for name, value in told if name.lower() in SAID_AGAIN]
            self._files[request.path, encoding] = File(
                said["etag"], Answer.of(status, told, body), Answer.of("304 Not Modified", again, b"")
            )
