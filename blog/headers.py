"""Security headers of every answer. Strict for all; no page may loosen them but by naming it here."""

from __future__ import annotations

import base64
import hashlib

from flask import Config, Flask, Response, current_app, request

from blog import request_id
from blog.config import ROOT
from blog.sessions import is_below, is_staff_path

VIDEO_HOSTS = {"youtube": "https://www.youtube-nocookie.com", "vimeo": "https://player.vimeo.com"}

# The one script that stands in pages: it runs before the first paint, which no request has to wait for.
FIRST_SCRIPT = (ROOT / "static" / "js" / "first.js").read_text(encoding="utf-8").strip()
FIRST_SCRIPT_DIGEST = base64.b64encode(hashlib.sha256(FIRST_SCRIPT.encode()).digest()).decode()

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' 'sha256-{FIRST_SCRIPT_DIGEST}'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",  # without it Lighthouse cannot read robots.txt
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "frame-src " + " ".join(VIDEO_HOSTS.values()),
    )
)

# A mail looked at alone, at the desk: it carries its style with it, and nothing else may be loaded or run.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# A drawing opened alone: it carries its colours for the dark with it, and nothing else may be loaded or run.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

# A picture opened alone: it is looked at, and nothing in it is believed to be anything else.
MEDIA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

# Programs of other sites may read what everybody may read; a browser asks before it sends more than a plain request.
API = "/api/v1"
FROM_ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
ASKED_BEFORE = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}

# What no page here asks a device for, nor a film's player in its frame.
SENSORS = ("camera", "display-capture", "geolocation", "hid", "microphone", "midi", "payment", "serial", "usb")

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": ", ".join(f"{sensor}=()" for sensor in SENSORS),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# What only a page obeys. Styles, scripts and fonts are never one, and a first visit brings a dozen of them.
OF_PAGES = ("Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy")
PARTS_OF_PAGES = ("text/css", "text/javascript", "font/woff2")

TWO_YEARS = 2 * 365 * 24 * 60 * 60  # seconds

# Where passwords and secret links are: nothing of another site is loaded there, so nothing has to be let in.
ISOLATED = ("/account", "/login", "/logout", "/mail")


def of_machine(config: Config) -> dict[str, str]:
    """The headers of every answer, as far as they depend on the machine's settings."""
    said = dict(HEADERS)
    if config["BLOG_SITE_URL"].startswith("https:") and config["BLOG_HSTS"] != "off":
        more = "; includeSubDomains; preload" if config["BLOG_HSTS"] == "preload" else ""
        said["Strict-Transport-Security"] = f"max-age={TWO_YEARS}{more}"
    if config["BLOG_CSP_REPORT_URL"]:
        url = config["BLOG_CSP_REPORT_URL"]
        said["Content-Security-Policy"] += f"; report-uri {url}; report-to csp"
        said["Reporting-Endpoints"] = f'csp="{url}"'
    return said


def add(response: Response) -> Response:
    """Complete the answer to the current request."""
    if is_below(request.path, (API,)):
        response.headers.update(FROM_ANYWHERE | (ASKED_BEFORE if request.method == "OPTIONS" else {}))
    response.headers[request_id.HEADER] = request_id.current()
    is_part = response.mimetype in PARTS_OF_PAGES
    for name, value in current_app.extensions["headers"].items():
        if not (is_part and name in OF_PAGES):
            response.headers.setdefault(name, value)
    if is_below(request.path, ISOLATED):
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if is_staff_path(request.path):
        response.headers["Cache-Control"] = "no-store"
    elif request.method in ("GET", "HEAD") and response.status_code == 200:
        response.headers.setdefault("Cache-Control", "no-cache")
    if response.status_code >= 400 or (request.method == "POST" and response.status_code == 200):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def keep_private(response: Response) -> Response:
    """For pages whose address is a secret: never stored, never indexed, never named to another site."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def init_app(app: Flask) -> None:
    app.extensions["headers"] = of_machine(app.config)
    app.after_request(add)
