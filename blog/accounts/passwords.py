"""Passwords: their rules, hashing within the means of the machine, guesses counted before they are tried."""

from __future__ import annotations

import fcntl
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import flask_security
from flask import current_app

from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.models import Account, LoginFailure
from blog.accounts.strength import is_common, is_expected
from blog.database import begin_write, db

PASSWORD_MIN_CHARS = 12
PASSWORD_MAX_CHARS = 200
PASSWORD_RULES = (
    f"At least {PASSWORD_MIN_CHARS} characters, nothing that many people use, and not the name of this site. "
    "A few unrelated words are good."
)

SITE_WORDS = (
    "trigger",
    "point",
    "points",
    "triggerpoint",
    "triggerpoints",
    "blog",
    "desk",
    "password",
    "secret",
    "login",
)

HASHES_AT_ONCE = 2  # over all processes of the machine: each takes 64 MiB
HASH_WAIT_SECONDS = 5.0
HASH_POLL_SECONDS = 0.02


class Busy(Exception):
    """Too many passwords are being hashed already. Becomes 503."""


def complaint(password: str, email: str) -> str | None:
    """What is wrong with a new password, in words for its owner."""
    password = _normalised(password)
    if len(password) < PASSWORD_MIN_CHARS:
        return f"The password needs at least {PASSWORD_MIN_CHARS} characters."
    if len(password) > PASSWORD_MAX_CHARS:
        return f"The password can have at most {PASSWORD_MAX_CHARS} characters."
    if password.strip().lower() == email.strip().lower():
        return "The password must not be the e-mail address."
    if is_common(password):
        return "Very many people use this password, or one with other digits around it. Please choose another one."
    if is_expected(password, _own_words(email)):
        return "This password is made of words that everybody expects here. Please choose another one."
    return None


def _own_words(email: str) -> list[str]:
    host = urlsplit(current_app.config["BLOG_SITE_URL"]).hostname or ""
    return [*SITE_WORDS, host, *host.split("."), *email.partition("@")[0].split("."), email.partition("@")[0]]


def hash_password(password: str) -> str:
    """What is stored of a password. Slow: never call it inside a transaction that writes. Raises Busy."""
    with _turn():
        return str(flask_security.hash_password(_normalised(password)))


def check(email: str, password: str, address: str, device: str = "") -> Account | None:
    """The active account with this address and password; a wrong guess stays counted against both.

    A known `device` of the account has guesses of its own, so that strangers cannot lock its owner out.

    Does the same amount of work whether or not the account exists. Commits on its own, because a guess is
    counted before it is tried; holds no transaction while hashing. Raises TooManyGuesses or Busy.
    """
    LoginFailure.refuse_too_many(email, address, device)  # asked first without the lock, which a flood must not hold
    begin_write(lock="login failures")
    failure = LoginFailure.reserve(email, address, device)
    db.session.flush()
    failure_id = failure.id
    db.session.commit()

    account = db.session.scalar(Account.with_email(email))
    account_id, expected = (account.id, account.password) if account and account.active else (None, None)
    db.session.rollback()

    try:
        is_right = _is_right(password, expected)
    except Busy:
        _forget(failure_id)
        raise
    if not is_right:
        begin_write()
        SecurityEvent.note(EventKind.SIGN_IN_FAILED, account_id)
        db.session.commit()
        return None
    _forget(failure_id)
    account = db.session.get(Account, account_id)
    return account if account and account.active and account.password == expected else None


def _is_right(password: str, expected: str | None) -> bool:
    with _turn():
        if expected is None:
            flask_security.hash_password(_normalised(password))  # costs as much as verifying
            return False
        return bool(flask_security.verify_password(_normalised(password), expected))


def _forget(failure_id: int) -> None:
    begin_write(lock="login failures")
    LoginFailure.forget(failure_id)
    db.session.commit()


def _normalised(password: str) -> str:
    """One spelling for what keyboards and systems encode differently."""
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one of the machine's few places for hashing. The system frees those of dead processes."""
    folder: Path = current_app.config["BLOG_INSTANCE_PATH"]
    deadline = time.monotonic() + HASH_WAIT_SECONDS
    while True:
        for place in range(HASHES_AT_ONCE):
            with (folder / f"hashing-{place}.lock").open("a") as file:
                if _lock(file.fileno()):
                    yield
                    return
        if time.monotonic() >= deadline:
            raise Busy
        time.sleep(HASH_POLL_SECONDS)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
