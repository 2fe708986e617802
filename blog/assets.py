"""Static files as browsers get them: stylesheets joined, and each address with the fingerprint of its bytes.

All of them are read once, at start, and kept in memory in every form in which they are sent. Some of a site's own
files in the instance folder come on top: see docs/design.md.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blog import fonts
from blog.instance import caches
from blog.packing import ENCODINGS, packed

# What templates ask for, and the files it is made of. Layers decide what wins, so the order is only for readers.
BUNDLES = {
    "css/site.css": ("layers.css", "tokens.css", "base.css", "components/*.css", "utilities.css"),
    "css/more.css": ("more/*.css",),
    "css/print.css": ("print.css",),
    "css/handout.css": ("handout.css",),
    "css/desk.css": ("desk/*.css",),
}
# Files that a site's owner may lay into the instance folder, and what they replace. `site.css` comes on top.
OWN_STYLES = "site.css"
OWN_FILES = {
    "logo.svg": "images/mark.svg",
    "touch-icon.png": "images/touch-icon.png",
    "card.png": "images/card.png",
}
OWN_FONTS = "fonts"  # a folder of .woff2 files
OLD_BROWSERS = b"@supports not (color: light-dark(#000, #fff))"
FINGERPRINT_CHARS = 12
FOREVER = "public, max-age=31536000, immutable"

_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(rb"""("[^"\n]*"|'[^'\n]*')|\s*([{};])\s*|([:,])\s+|\s+""")
_FINGERPRINTED = re.compile(r"(?P<stem>.+)\.[0-9a-f]{12}(?P<suffix>\.[a-z0-9]+)\Z")
_TOKEN = re.compile(rb"(--[\w-]+):\s*([^;{}]+);")
_COLOUR = rb"((?:[^,()]|\([^()]*\))+)"
_BY_SCHEME = re.compile(rb"light-dark\(" + _COLOUR + rb"," + _COLOUR + rb"\)")
_LINK = re.compile(rb"var\((--[\w-]+)\)")

bp = Blueprint("assets", __name__, url_prefix="/assets")


@dataclass(frozen=True)
class Asset:
    """One file, in the bytes that are sent. `path` is what templates call it: "css/site.css"."""

    path: str
    body: bytes
    packed: dict[str, bytes]  # by encoding; empty for what is packed already, such as pictures
    fingerprint: str

    @classmethod
    def of(cls, path: str, body: bytes, instance: Path | None = None) -> Asset:
        if (path, body) not in _known:
            forms = packed(body, caches("packed", instance))
            _known[path, body] = cls(path, body, forms, hashlib.sha256(body).hexdigest()[:FINGERPRINT_CHARS])
        return _known[path, body]

    @cached_property
    def name(self) -> str:
        """The path with the fingerprint in it: "css/site.0123456789ab.css"."""
        path = Path(self.path)
        return f"{path.with_suffix('')}.{self.fingerprint}{path.suffix}"

    @property
    def mimetype(self) -> str:
        own = {".js": "text/javascript", ".woff2": "font/woff2"}
        return own.get(Path(self.path).suffix) or mimetypes.guess_type(self.path)[0] or "application/octet-stream"


_known: dict[tuple[str, bytes], Asset] = {}  # several sites in one process, as in tests, share what is the same


def asset(path: str) -> str:
    """The address of a static file, with its fingerprint, so that browsers may keep it for ever."""
    return url_for("assets.file", name=_all()[path].name)


def asset_body(path: str) -> bytes:
    """What a static file holds; the site's own, where it has one in its instance folder."""
    return _all()[path].body


@bp.get("/<path:name>")
def file(name: str) -> BaseResponse:
    """A file under its fingerprint. Under any other one, as in a page kept from before: the way to today's."""
    match = _FINGERPRINTED.match(name)
    asset = _all().get(match["stem"] + match["suffix"] if match else name)
    if asset is None:
        abort(404)
    if asset.name != name:
        moved = redirect(url_for("assets.file", name=asset.name), 302)
        moved.headers["Cache-Control"] = "no-store"
        return moved
    return _answer(asset)


def preloads() -> list[str]:
    """Addresses of the fonts that a page needs at once; none before they were made, or where the owner set others."""
    found = _all()
    instance = current_app.config.get("BLOG_INSTANCE_PATH")
    own = instance / OWN_STYLES if instance is not None else None
    if own is not None and own.is_file() and b"--font-" in own.read_bytes():
        return []
    return [asset(f"fonts/{name}") for name in fonts.preloaded() if f"fonts/{name}" in found]


def page_colours() -> list[tuple[str, str]]:
    """The page's own colour for light and for dark, as the browser's bar takes it."""
    return _page_colours(_all()["css/site.css"].body)


def _answer(asset: Asset) -> BaseResponse:
    encoding = next((name for name in ENCODINGS if name in asset.packed and request.accept_encodings[name] > 0), "")
    response = Response(asset.packed.get(encoding, asset.body), mimetype=asset.mimetype)
    response.set_etag(f"{asset.fingerprint}-{encoding}" if encoding else asset.fingerprint)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    if asset.packed:
        response.headers["Vary"] = "Accept-Encoding"
    if asset.mimetype.startswith("image/"):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # previews of shared links show them
    response.headers["Cache-Control"] = FOREVER
    return response.make_conditional(request)


@cache
def _page_colours(css: bytes) -> list[tuple[str, str]]:
    tokens = dict(_TOKEN.findall(css.partition(OLD_BROWSERS)[0]))
    value = tokens.get(b"--color-page", b"")
    while (link := _LINK.match(value)) and link[1] in tokens:
        value = tokens.pop(link[1])
    light, dark = match.groups() if (match := _BY_SCHEME.match(value)) else (value, value)
    return [("light", light.decode().strip()), ("dark", dark.decode().strip())] if value else []


def _all() -> dict[str, Asset]:
    kept = current_app.extensions
    if "assets" not in kept:
        instance = current_app.config.get("BLOG_INSTANCE_PATH")
        kept["assets"] = read(Path(str(current_app.static_folder)), instance, fonts.made(instance))
    return kept["assets"]  # type: ignore[no-any-return]


@cache
def read(folder: Path, instance: Path | None = None, fonts_made: Path | None = None) -> dict[str, Asset]:
    """Every asset in a folder of static files, by path, with the subsets of fonts and the site's own files on top."""
    bodies = dict(_shipped(folder))
    if fonts_made is not None:
        files = {file.name: file.read_bytes() for file in sorted(fonts_made.glob("*.woff2"))}
        bodies |= {f"fonts/{name}": body for name, body in files.items()}
        bodies["css/site.css"] += _named(_plain((fonts_made / fonts.STYLES).read_bytes()), files, instance)
    if instance is not None:
        styles = instance / OWN_STYLES
        if styles.is_file():
            bodies["css/site.css"] += b"@layer site {\n" + _plain(styles.read_bytes()) + b"}\n"
        for name, path in OWN_FILES.items():
            if (instance / name).is_file():
                bodies[path] = (instance / name).read_bytes()
        for font in sorted((instance / OWN_FONTS).glob("*.woff2")):
            bodies[f"fonts/{font.name}"] = font.read_bytes()
    bodies["css/site.css"] += _light_only(bodies["css/site.css"])
    return {path: Asset.of(path, body, instance) for path, body in bodies.items()}


def _named(css: bytes, files: Mapping[str, bytes], instance: Path | None) -> bytes:
    """A stylesheet with its fonts called as browsers keep them: by their fingerprints."""
    for name, body in files.items():
        called = Asset.of(f"fonts/{name}", body, instance).name
        css = css.replace(f'"{name}"'.encode(), f'"../{called}"'.encode())
    return css


@cache
def _shipped(folder: Path) -> dict[str, bytes]:
    bodies = {path: _joined(folder / "css", parts) for path, parts in BUNDLES.items()}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix != ".css":
            bodies[file.relative_to(folder).as_posix()] = file.read_bytes()
    return bodies


def _joined(folder: Path, patterns: tuple[str, ...]) -> bytes:
    return _plain(b"\n".join(file.read_bytes() for file in _files(folder, patterns)))


def _plain(css: bytes) -> bytes:
    """A stylesheet without comments, and without the blanks that only people read."""
    return (
        _BLANKS.sub(lambda match: match[match.lastindex] if match.lastindex else b" ", _COMMENT.sub(b"", css)).strip()
        + b"\n"
    )


def _light_only(css: bytes) -> bytes:
    """The light half of every `light-dark()` token again, for browsers from before 2024 that do not know it."""
    values = dict(_TOKEN.findall(css))
    light = {name: match[1] for name, value in values.items() if (match := _BY_SCHEME.match(value))}
    if not light:
        return b""
    tokens = b"".join(b"%s: %s;\n" % (name, value.strip()) for name, value in light.items())
    return OLD_BROWSERS + b" {\n:root {\n" + tokens + b"}\n}\n"


def _files(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(folder.glob(pattern))
