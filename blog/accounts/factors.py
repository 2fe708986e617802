"""What an account shows beside its password: an authenticator app, passkeys, recovery codes. Who must have one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any, Self
from urllib.parse import urlsplit

from flask import current_app
from flask_security.totp import Totp
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Select, String, Text, delete, exists, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.accounts.models import Account, RoleName
from blog.clock import now
from blog.database import Base, db
from blog.keys import keyed_hash

PASSKEY_NAME_MAX_CHARS = 60
PASSKEYS_MOST = 20  # for one account
CODES = 10  # recovery codes that are made at once
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
CODE_GROUPS = (4, 4, 4, 4, 5, 5)  # 128 bits, so that a keyed hash protects them as well as a slow one
CIPHERS = "cryptography.hazmat.primitives.ciphers"
STEP_SECONDS = 30  # for which a number of an app is shown; one step before and after is taken, too


class Numbers(Totp):
    """Flask-Security's numbers, by the site's clock, each taken once."""

    def __init__(self, secrets: Mapping[str, str], issuer: str) -> None:
        super().__init__(dict(secrets), issuer)
        self._totp: Any = self._totp.using(now=lambda: int(now().timestamp()))

    def get_last_counter(self, user: AuthenticatorApp) -> int | None:
        return user.last_counter

    def set_last_counter(self, user: AuthenticatorApp, tmatch: Any) -> None:
        user.last_counter = tmatch.counter


@cache
def _give_ciphers() -> None:
    """Give passlib what it encrypts secrets with: it was loaded without (blog/libraries.py)."""
    totp: Any = import_module("passlib.totp")
    for name in ("algorithms", "modes"):  # as parts of the ciphers
        import_module(f"{CIPHERS}.{name}")
    totp._cg_ciphers = import_module(CIPHERS)
    totp._cg_default_backend = import_module("cryptography.hazmat.backends").default_backend
    totp.AES_SUPPORT = True


def numbers() -> Numbers:
    """The numbers of this site; secrets are encrypted with a key made of the site's secret key."""
    _give_ciphers()
    return Numbers(
        {"1": keyed_hash("authenticator apps")}, urlsplit(current_app.config["BLOG_SITE_URL"]).hostname or "desk"
    )


class AuthenticatorApp(Base):
    """An app that shows six digits, changing every half minute. Counts once its first number was right."""

    __tablename__ = "authenticator_apps"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    secret: Mapped[str] = mapped_column(Text)  # encrypted
    last_counter: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    @classmethod
    def of(cls, account: Account) -> Select[Self]:
        """The app with which the account signs in: one or none."""
        return select(cls).where(cls.account_id == account.id, cls.confirmed_at.is_not(None))

    @classmethod
    def begun(cls, account: Account) -> Select[Self]:
        """The app that is being set up: one or none."""
        return select(cls).where(cls.account_id == account.id, cls.confirmed_at.is_(None))

    @classmethod
    def begin(cls, account: Account) -> Self:
        """Set an app up; one that was begun before is forgotten."""
        db.session.execute(delete(cls).where(cls.account_id == account.id, cls.confirmed_at.is_(None)))
        app = cls(account_id=account.id, secret=numbers().generate_totp_secret(), created_at=now())
        db.session.add(app)
        return app

    def takes(self, number: str) -> bool:
        """Whether this is the number shown now; from then on neither it nor an earlier one is taken. Writes."""
        digits = "".join(number.split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
            return False
        return bool(numbers().verify_totp(digits, self.secret, self, window=STEP_SECONDS))

    def confirm(self) -> None:
        """From now on the account signs in with it, and no more with another app."""
        others = delete(AuthenticatorApp).where(
            AuthenticatorApp.account_id == self.account_id, AuthenticatorApp.id != self.id
        )
        db.session.execute(others)
        self.confirmed_at = now()


class Passkey(Base):
    """A key that never leaves somebody's device or password manager. It works on the domain it was made for alone."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(PASSKEY_NAME_MAX_CHARS))
    domain: Mapped[str] = mapped_column(String(253))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)  # URL-safe base64
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[Any]]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @classmethod
    def of(cls, account: Account) -> Select[Self]:
        """The passkeys of an account, oldest first, also those for another domain."""
        return select(cls).where(cls.account_id == account.id).order_by(cls.id)

    @classmethod
    def with_credential(cls, credential_id: str) -> Select[Self]:
        """The passkey with this identifier, of whatever account."""
        return select(cls).where(cls.credential_id == credential_id)


class RecoveryCode(Base):
    """For the day on which the telephone is lost. Only a keyed hash is kept; each code works once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(43))
    used_at: Mapped[datetime | None]

    @classmethod
    def left(cls, account: Account) -> int:
        """How many codes of the account still work."""
        unused = select(func.count()).select_from(cls).where(cls.account_id == account.id, cls.used_at.is_(None))
        return db.session.scalar(unused) or 0

    @classmethod
    def make(cls, account: Account) -> list[str]:
        """New codes, to be shown once; those of before stop working."""
        db.session.execute(delete(cls).where(cls.account_id == account.id))
        codes = [_new_code() for _ in range(CODES)]
        db.session.add_all(cls(account_id=account.id, code_hash=_code_hash(account.id, code)) for code in codes)
        return codes

    @classmethod
    def use(cls, account: Account, typed: str) -> bool:
        """Whether `typed` is a code of the account that was not used; from now on it is. Needs the write lock."""
        found = db.session.scalar(
            select(cls).where(
                cls.account_id == account.id,
                cls.code_hash == _code_hash(account.id, typed),
                cls.used_at.is_(None),
            )
        )
        if found is None:
            return False
        found.used_at = now()
        return True


def has_factor(account: Account) -> bool:
    """Whether a password alone does not sign the account in."""
    app = exists().where(AuthenticatorApp.account_id == account.id, AuthenticatorApp.confirmed_at.is_not(None))
    key = exists().where(Passkey.account_id == account.id)
    return bool(db.session.scalar(select(or_(app, key))))


def must_have_factor(account: Account) -> bool:
    """Whether one of the account's roles asks for a second factor, by the machine's settings."""
    roles: frozenset[RoleName] = current_app.config["BLOG_FACTOR_ROLES"]
    return any(name in roles for name in account.role_names)


def factor_due_at(account: Account) -> datetime | None:
    """Until when the account may go without a second factor, counted from its first log-in; None if nobody asks."""
    if account.factor_asked_at is None or not must_have_factor(account):
        return None
    due: datetime = account.factor_asked_at + timedelta(days=current_app.config["BLOG_FACTOR_DAYS"])
    return due


def ask_for_factor(account: Account) -> None:
    """From the first log-in of somebody who must have a second factor, their days begin. Writes."""
    if account.factor_asked_at is None and must_have_factor(account):
        account.factor_asked_at = now()


def forget_factors(account: Account) -> None:
    """From now on a password alone signs the account in, and the days for a new second factor begin again."""
    for table in (AuthenticatorApp, Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.account_id == account.id))
    account.factor_asked_at = None


def forget_codes_without_factor(account: Account) -> None:
    """Recovery codes stand in for something; without it they go."""
    db.session.flush()
    if not has_factor(account):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _new_code() -> str:
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _ in range(length)) for length in CODE_GROUPS)


def _code_hash(account_id: int, code: str) -> str:
    letters = "".join(sign for sign in code.casefold() if sign in CODE_LETTERS)
    return keyed_hash("recovery code", account_id, letters)
