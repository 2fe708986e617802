"""Keyed hashes and secret links, one key per purpose, all derived from the site's secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from flask import current_app


def keyed_hash(purpose: str, *parts: object) -> str:
    """HMAC-SHA-256 over `parts` under a key of its own for `purpose`, as 43 URL-safe characters.

    Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ.
    """
    key = _key(str(current_app.config["SECRET_KEY"]), purpose)
    message = b"".join(b"%d:" % len(part) + part for part in (str(part).encode() for part in parts))
    return _text(hmac.digest(key, message, "sha256"))


def matches(given: str, expected: str) -> bool:
    """Compare two hashes in constant time; `given` may hold anything."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def look_up_hash(token: str) -> str:
    """What is stored of a secret link's token: enough to find it, not enough to make it again."""
    return _text(hashlib.sha256(token.encode("utf-8", "replace")).digest())


@lru_cache(maxsize=64)  # a comment needs seven hashes
def _key(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
