"""What a CDN is asked, in the words that it understands: forget the pages that show these keys."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from flask import current_app

TIMEOUT_SECONDS = 5
READ_BYTES = 2000  # of what it says, for whoever looks into a failure
NOBODY_SHOWS = "doctor"  # a key for trying: no page shows it


@dataclass(frozen=True)
class Form:
    """How one kind of CDN wants to be told."""

    keys: str  # what they are called in the body
    token: str  # the header that holds it
    before_token: str = ""
    keys_header: str = ""  # where they stand once more, for a proxy that reads no body


FORMS = {
    "plain": Form("keys", "Authorization", "Bearer ", "Surrogate-Key"),
    "fastly": Form("surrogate_keys", "Fastly-Key"),
    "cloudflare": Form("tags", "Authorization", "Bearer "),
}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    problem: str = ""  # nothing when it was confirmed
    said: str = ""  # the beginning of what it wrote; may quote what it was sent, so it belongs into no log


def purge(keys: Sequence[str]) -> Reply:
    """Ask the CDN to forget all pages that show one of `keys`. Never raises for what the other side does."""
    address = urlsplit(current_app.config["BLOG_PURGE_URL"])
    connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = connect(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    form = FORMS[current_app.config["BLOG_PURGE_FORM"]]
    try:
        with _ended_in_time(connection):
            connection.request("POST", path, json.dumps({form.keys: list(keys)}).encode(), _headers(form, keys))
            return _reply(connection.getresponse())
    except (OSError, HTTPException) as error:
        return Reply(type(error).__name__)
    finally:
        connection.close()


def _headers(form: Form, keys: Sequence[str]) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Connection": "close"}
    if form.keys_header:
        headers[form.keys_header] = " ".join(keys)
    if token := current_app.config["BLOG_PURGE_TOKEN"]:
        headers[form.token] = form.before_token + token
    return headers


def _reply(answer: HTTPResponse) -> Reply:
    said = b""
    with suppress(OSError, HTTPException):  # what it says besides, it need not say to the end
        said = answer.read(READ_BYTES)
    problem = "" if 200 <= answer.status < 300 else f"status {answer.status}"
    return Reply(problem, " ".join(said.decode(errors="replace").split()))


@contextmanager
def _ended_in_time(connection: HTTPConnection) -> Iterator[None]:
    """The connection's own limit holds for each step; an answer that arrives in drops needs one for all of them."""

    def end() -> None:
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(TIMEOUT_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
