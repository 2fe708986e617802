"""Keyed hashes, secret links and sealed texts, one key per purpose, all derived from the site's secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import current_app

from blog.libraries import later

if TYPE_CHECKING:
    from cryptography import exceptions
    from cryptography.hazmat.primitives.ciphers import aead
else:  # for what is sealed: mail addresses, and the secret of what is sent
    exceptions, aead = later("cryptography.exceptions"), later("cryptography.hazmat.primitives.ciphers.aead")

SEALED = "sealed:"
NONCE_BYTES = 12


def keyed_hash(purpose: str, *parts: object) -> str:
    """HMAC-SHA-256 over `parts` under a key of its own for `purpose`, as 43 URL-safe characters.

    Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ.
    """
    message = b"".join(b"%d:" % len(part) + part for part in (str(part).encode() for part in parts))
    return _text(hmac.digest(_own_key(purpose), message, "sha256"))


def matches(given: str, expected: str) -> bool:
    """Compare two hashes in constant time; `given` may hold anything."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def look_up_hash(token: str) -> str:
    """What is stored of a secret link's token: enough to find it, not enough to make it again."""
    return _text(hashlib.sha256(token.encode("utf-8", "replace")).digest())


def seal(purpose: str, text: str) -> str:
    """`text` so that only this site can read it, with its key for `purpose`: AES-256-GCM. Twice sealed looks unlike."""
    nonce = os.urandom(NONCE_BYTES)
    return SEALED + _text(nonce + aead.AESGCM(_own_key(purpose)).encrypt(nonce, text.encode(), None))


def unseal(purpose: str, sealed: str) -> str | None:
    """What was sealed; None when another key sealed it. A text that was never sealed is given back as it is."""
    if not sealed.startswith(SEALED):
        return sealed
    packed = base64.urlsafe_b64decode(sealed.removeprefix(SEALED) + "==")
    try:
        return aead.AESGCM(_own_key(purpose)).decrypt(packed[:NONCE_BYTES], packed[NONCE_BYTES:], None).decode()
    except (exceptions.InvalidTag, ValueError):
        return None


def _own_key(purpose: str) -> bytes:
    return _key(str(current_app.config["SECRET_KEY"]), purpose)


@lru_cache(maxsize=64)  # a comment needs seven hashes
def _key(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
