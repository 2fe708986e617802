"""Static files as browsers get them: stylesheets joined, and each address with the fingerprint of its bytes.

All of them are read once, at start, and kept in memory with their gzip form.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

# What templates ask for, and the files it is made of. Layers decide what wins, so the order is only for readers.
BUNDLES = {
    "css/site.css": ("layers.css", "tokens.css", "base.css", "components/*.css", "utilities.css", "print.css"),
    "css/desk.css": ("desk/*.css",),
}
FINGERPRINT_CHARS = 12
FOREVER = "public, max-age=31536000, immutable"

_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(rb"\s*\n\s*")
_FINGERPRINTED = re.compile(r"(?P<stem>.+)\.[0-9a-f]{12}(?P<suffix>\.[a-z0-9]+)\Z")

bp = Blueprint("assets", __name__, url_prefix="/assets")


@dataclass(frozen=True)
class Asset:
    """One file, in the bytes that are sent. `path` is what templates call it: "css/site.css"."""

    path: str
    body: bytes
    gzipped: bytes
    fingerprint: str

    @classmethod
    def of(cls, path: str, body: bytes) -> Asset:
        fingerprint = hashlib.sha256(body).hexdigest()[:FINGERPRINT_CHARS]
        return cls(path, body, gzip.compress(body, 9, mtime=0), fingerprint)

    @property
    def name(self) -> str:
        """The path with the fingerprint in it: "css/site.0123456789ab.css"."""
        path = Path(self.path)
        return f"{path.with_suffix('')}.{self.fingerprint}{path.suffix}"

    @property
    def mimetype(self) -> str:
        return {".js": "text/javascript"}.get(Path(self.path).suffix) or mimetypes.guess_type(self.path)[0] or ""

    @property
    def is_worth_zipping(self) -> bool:
        """Pictures are packed already."""
        return len(self.gzipped) < 0.9 * len(self.body)


def asset(path: str) -> str:
    """The address of a static file, with its fingerprint, so that browsers may keep it for ever."""
    return url_for("assets.file", name=_all()[path].name)


@bp.get("/<path:name>")
def file(name: str) -> BaseResponse:
    """A file under its fingerprint. Under any other one, as in a page kept from before: the way to today's."""
    match = _FINGERPRINTED.match(name)
    found = _all().get(match["stem"] + match["suffix"] if match else name)
    if found is None:
        abort(404)
    if found.name != name:
        moved = redirect(url_for("assets.file", name=found.name), 302)
        moved.headers["Cache-Control"] = "no-store"
        return moved
    return _answer(found)


def _answer(found: Asset) -> BaseResponse:
    zipped = found.is_worth_zipping and request.accept_encodings["gzip"] > 0
    response = Response(found.gzipped if zipped else found.body, mimetype=found.mimetype)
    response.set_etag(found.fingerprint + ("-gzip" if zipped else ""))
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    if found.is_worth_zipping:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER
    return response.make_conditional(request)


def _all() -> dict[str, Asset]:
    return read(Path(str(current_app.static_folder)))


@cache
def read(folder: Path) -> dict[str, Asset]:
    """Every asset in a folder of static files, by path."""
    found = {path: Asset.of(path, _joined(folder / "css", parts)) for path, parts in BUNDLES.items()}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and file.suffix != ".css":
            found[path] = Asset.of(path, file.read_bytes())
    return found


def _joined(folder: Path, patterns: tuple[str, ...]) -> bytes:
    """The stylesheets in one, without comments and indentation."""
    text = b"\n".join(file.read_bytes() for file in _files(folder, patterns))
    return _INDENT.sub(b"\n", _COMMENT.sub(b"", text)).strip() + b"\n"


def _files(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(folder.glob(pattern))
