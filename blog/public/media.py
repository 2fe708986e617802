"""Pictures and videos, as browsers get them: bytes of a known type, which nothing may run and which never change."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as BaseResponse

from blog.assets import FOREVER
from blog.headers import MEDIA_POLICY
from blog.media.storage import store
from blog.media.videos import MIMETYPES as VIDEOS

PICTURES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
MIMETYPES = {**PICTURES, **VIDEOS}

_DIGEST = re.compile("[0-9a-f]{32}\\Z")
_FILE = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*\\.(?P<suffix>[a-z0-9]+)\\Z")

bp = Blueprint("media", __name__, url_prefix="/media")


@bp.get("/<digest>/<name>")
def file(digest: str, name: str) -> BaseResponse:
    """A file of a picture or video. Who has one is told so without a look into the store: its bytes never change."""
    match = _FILE.match(name) if _DIGEST.match(digest) else None
    mimetype = MIMETYPES.get(match["suffix"]) if match else None
    if mimetype is None:
        abort(404)
    etag = f"{digest}-{name}"
    if request.if_none_match.contains(etag):
        return _told(Response(status=304), etag)
    if mimetype.startswith("video/"):
        return _told(_in_parts(f"{digest}/{name}", mimetype, etag), etag)
    body = store().get(f"{digest}/{name}")
    if body is None:
        abort(404)
    return _told(Response(body, mimetype=mimetype), etag)


def _in_parts(name: str, mimetype: str, etag: str) -> Response:
    """The part of a file that was asked for: players jump, and Safari plays nothing without. Else all of it."""
    size = store().size(name)
    if size is None:
        abort(404)
    asked = request.range if request.if_range is None or request.if_range.etag in (None, etag) else None
    start, end, status = 0, size, 200
    if asked is not None and asked.units == "bytes" and len(asked.ranges) == 1:
        found = asked.range_for_length(size)
        if found is None:
            return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        start, end, status = *found, 206
    response = Response(store().part(name, start, end), status, mimetype=mimetype)
    response.headers["Accept-Ranges"] = "bytes"
    if status == 206:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _told(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # previews of shared links show them
    return response
