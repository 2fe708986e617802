"""Pictures, as browsers get them: bytes of a known type, which nothing may run and which never change."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as BaseResponse

from blog.assets import FOREVER
from blog.headers import MEDIA_POLICY
from blog.media.storage import store

MIMETYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}

_DIGEST = re.compile("[0-9a-f]{32}\\Z")
_FILE = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*\\.(?P<suffix>[a-z]+)\\Z")

bp = Blueprint("media", __name__, url_prefix="/media")


@bp.get("/<digest>/<name>")
def file(digest: str, name: str) -> BaseResponse:
    """A file of a picture. Who has one is told so without a look into the store: its bytes never change."""
    match = _FILE.match(name) if _DIGEST.match(digest) else None
    mimetype = MIMETYPES.get(match["suffix"]) if match else None
    if mimetype is None:
        abort(404)
    etag = f"{digest}-{name}"
    if request.if_none_match.contains(etag):
        return _told(Response(status=304), etag)
    body = store().get(f"{digest}/{name}")
    if body is None:
        abort(404)
    return _told(Response(body, mimetype=mimetype), etag)


def _told(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # previews of shared links show them
    return response
