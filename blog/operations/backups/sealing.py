"""What nobody else may read of a backup, sealed with a passphrase: scrypt makes the key, AES-256-GCM seals."""

from __future__ import annotations

import hashlib
import json
import os

import click
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = b"blog-sealed-1\n"
SALT_BYTES, NONCE_BYTES = 16, 12
COST = 2**16  # with 8 blocks 64 MB and about a quarter of a second for each guess


class WrongPassphrase(click.ClickException):
    """The passphrase does not open what was sealed, or that was changed."""


def seal(secrets: dict[str, str], passphrase: str) -> bytes:
    """`secrets` as bytes that only the passphrase opens."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    text = json.dumps(secrets).encode()
    return MARK + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, text, MARK)


def unseal(sealed: bytes, passphrase: str) -> dict[str, str]:
    """What was sealed. Raises WrongPassphrase."""
    salt, rest = sealed[len(MARK) :][:SALT_BYTES], sealed[len(MARK) + SALT_BYTES :]
    try:
        text = AESGCM(_key(passphrase, salt)).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], sealed[: len(MARK)])
    except (InvalidTag, ValueError):
        raise WrongPassphrase("The passphrase does not open the secret key of this backup.") from None
    keys: dict[str, str] = json.loads(text)
    return keys


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=COST, r=8, p=1, maxmem=2**27, dklen=32)
