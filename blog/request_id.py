"""What one request is called: in each line of the log, on the page of an error, and in `X-Request-ID` of the answer."""

from __future__ import annotations

import re
import secrets

from flask import request

HEADER = "X-Request-ID"
KEY = "blog.request_id"  # in the environment
LATER = "-" * 12  # stands in answers that were made beforehand, where the name of a request belongs

_GOOD = re.compile(r"[0-9a-f][0-9a-f-]{7,63}")


def new() -> str:
    return secrets.token_hex(len(LATER) // 2)


def told(text: str) -> str:
    """The name that a proxy gave; a new one if it gave none, or one that should not stand in a log."""
    return text if _GOOD.fullmatch(text) else new()


def current() -> str:
    """The name of the request that is being answered."""
    environ = request.environ
    found: str | None = environ.get(KEY)
    if found is None:
        found = environ[KEY] = new()
    return found
