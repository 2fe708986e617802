"""Accounts, roles, people, one-time links and wrong guesses. Hashing lives in passwords.py, never here."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from email_validator import validate_email
from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ColumnElement, ForeignKey, Select, String, Table, Text, delete, exists, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blog.accounts.events import EventKind, SecurityEvent
from blog.clock import now
from blog.database import Base, KeptString, db, enum_column
from blog.keys import keyed_hash, look_up_hash
from blog.network import subscriber
from blog.pagecache import keys
from blog.pagecache.changes import changes
from blog.text.email import EMAIL_MAX_CHARS, clean_email

NAME_MAX_CHARS = 120
PORTRAIT_ALT_MAX_CHARS = 200


def normalised_email(text: str) -> str:
    """The one spelling under which an address is stored. Raises ValueError with a reason fit to be shown."""
    found = validate_email(clean_email(text), check_deliverability=False, globally_deliverable=False)
    return found.normalized.lower()


def look_up_email(text: str) -> str:
    """As stored. What is not an address stays as it is: it finds nobody, and is counted all the same."""
    try:
        return normalised_email(text)
    except ValueError:
        return text.strip().lower()


class RoleName(StrEnum):
    """What an account may do. `admin` may do everything."""

    AUTHOR = "author"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    ADMIN = "admin"


ROLE_NAME = enum_column(RoleName, "name", 20)

account_roles = Table(
    "account_roles",
    Base.metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class Role(RoleMixin, Base):
    """One row per RoleName."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[RoleName] = mapped_column(ROLE_NAME, unique=True)

    @classmethod
    def ensure_all(cls) -> dict[RoleName, Self]:
        """All five roles; those still missing are made."""
        known = {role.name: role for role in db.session.scalars(select(cls))}
        for name in RoleName:
            if name not in known:
                known[name] = cls(name=name)
                db.session.add(known[name])
        return known


class Account(UserMixin, Base):
    """Somebody who can sign in. Never deleted, only deactivated: decisions and texts keep pointing at it."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_MAX_CHARS), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    factor_asked_at: Mapped[datetime | None]  # the first log-in at which a second factor was asked for

    roles: Mapped[list[Role]] = relationship(secondary=account_roles, lazy="selectin", order_by=Role.id)

    @property
    def role_names(self) -> list[RoleName]:
        return [role.name for role in self.roles]

    def has_any_role(self, *names: RoleName) -> bool:
        """Whether the account holds one of `names`; an admin holds them all."""
        return any(held == RoleName.ADMIN or held in names for held in self.role_names)

    @classmethod
    def with_email(cls, email: str) -> Select[Self]:
        """The account with this address, in any spelling; no account when it is not an address at all."""
        return select(cls).where(cls.email == look_up_email(email))

    @classmethod
    def by_email(cls) -> Select[Self]:
        """All accounts, also deactivated ones, in the order of their addresses."""
        return select(cls).order_by(cls.email)

    @classmethod
    def with_roles(cls, *names: RoleName) -> Select[Self]:
        """Active accounts that were given one of these roles. Unordered."""
        return select(cls).where(cls.active, cls.roles.any(Role.name.in_(names)))

    @classmethod
    def admins(cls) -> Select[Self]:
        """Those who can sign in and do everything. Unordered."""
        return select(cls).where(cls.active, cls.password.is_not(None), cls.roles.any(Role.name == RoleName.ADMIN))

    @classmethod
    def has_admin(cls) -> bool:
        """Whether anybody can run the site; until then a setup link may make the first admin."""
        return bool(db.session.scalar(select(exists(cls.admins().with_only_columns(cls.id)))))

    @classmethod
    def register(cls, email: str, name: str, roles: Iterable[RoleName]) -> Self:
        """A new account without a password. Raises ValueError when `email` is not an address."""
        known = Role.ensure_all()
        account = cls(
            email=normalised_email(email),
            name=name.strip(),
            active=True,
            fs_uniquifier=_uniquifier(),
            created_at=now(),
            roles=[known[role] for role in dict.fromkeys(roles)],
        )
        db.session.add(account)
        return account

    def set_password(self, hash: str) -> None:
        """From now on this password; every session of the account and every open link to it ends."""
        self.password = hash
        self.fs_uniquifier = _uniquifier()
        AccountLink.close(self)
        SecurityEvent.note(EventKind.PASSWORD_CHANGED, self.id)

    def deactivate(self) -> None:
        """No signing in any more; every session of the account and every open link to it ends. Portraits go with it."""
        self.active = False
        for person in db.session.scalars(Person.of(self).with_for_update().execution_options(populate_existing=True)):
            person.portrait, person.portrait_alt = None, ""
        self.fs_uniquifier = _uniquifier()
        AccountLink.close(self)
        SecurityEvent.note(EventKind.DEACTIVATED, self.id)

    def end_sessions(self) -> None:
        """Sign the account out everywhere."""
        self.fs_uniquifier = _uniquifier()

    def activate(self) -> None:
        """Signing in works again, with the password of before."""
        self.active = True
        SecurityEvent.note(EventKind.ACTIVATED, self.id)


class Person(Base):
    """A name in a byline or review, with or without an account."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(KeptString(80), unique=True)
    name: Mapped[str] = mapped_column(KeptString(NAME_MAX_CHARS))
    credentials: Mapped[str | None] = mapped_column(KeptString(200))
    bio: Mapped[str] = mapped_column(Text, default="")
    interests: Mapped[str] = mapped_column(Text, default="")  # what readers should know: who pays, what is sold
    is_team: Mapped[bool] = mapped_column(default=False)
    is_sample: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    portrait: Mapped[str | None] = mapped_column(String(32))  # the digest of its files: blog/media/portraits.py
    portrait_alt: Mapped[str] = mapped_column(String(PORTRAIT_ALT_MAX_CHARS), default="", server_default="")

    account: Mapped[Account | None] = relationship()

    @property
    def portrait_words(self) -> str:
        """What the portrait shows, for those who cannot see it."""
        return self.portrait_alt or f"Portrait of {self.name}"

    @classmethod
    def with_slugs(cls, slugs: Iterable[str]) -> Select[Self]:
        """The people with these slugs. Unordered."""
        return select(cls).where(cls.slug.in_(list(slugs)))

    @classmethod
    def by_name(cls) -> Select[Self]:
        """Everybody, in the order of their names."""
        return select(cls).order_by(cls.name, cls.id)

    @classmethod
    def of(cls, account: Account) -> Select[Self]:
        """The names under which `account` writes, oldest first."""
        return select(cls).where(cls.account_id == account.id).order_by(cls.id)

    @classmethod
    def held(cls, person_id: int) -> Self | None:
        """The person as it is now; nobody else changes it before the commit. Call inside `begin_write()`."""
        return db.session.get(cls, person_id, with_for_update=True, populate_existing=True)


def _pages_of(person: Person) -> tuple[str, str]:
    return keys.person(person.slug), keys.LIST


for _said in (
    Person.slug,
    Person.name,
    Person.credentials,
    Person.bio,
    Person.interests,
    Person.is_team,
    Person.portrait,
    Person.portrait_alt,
):
    changes(_said, _pages_of)


class Purpose(StrEnum):
    """What a one-time link is for."""

    SETUP = "setup"  # makes the first admin
    INVITE = "invite"
    RESET = "reset"


PURPOSE = enum_column(Purpose, "purpose", 20)

LINK_LIFETIME_HOURS = 24


class AccountLink(Base):
    """A link that works once and lets its holder choose a password. The token itself is never stored."""

    __tablename__ = "account_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(PURPOSE)
    token_hash: Mapped[str] = mapped_column(String(43), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account | None] = relationship()

    @property
    def is_usable(self) -> bool:
        """Unused, in time, and still about something: a setup without admin, or an active account."""
        if self.used_at is not None or self.expires_at <= now():
            return False
        return self.account.active if self.account else not Account.has_admin()

    @classmethod
    def usable(cls, token: str) -> Self | None:
        """The link of `token` while it works. Ask again after `begin_write()`, before using it."""
        link = db.session.scalar(select(cls).where(cls.token_hash == look_up_hash(token)))
        return link if link is not None and link.is_usable else None

    @classmethod
    def issue(cls, purpose: Purpose, account: Account | None = None) -> tuple[Self, str]:
        """A new link and its token; earlier unused ones of the same purpose and account stop working."""
        if (purpose == Purpose.SETUP) != (account is None):
            raise ValueError("a setup link has no account, every other link has one")
        cls.close(account, purpose)
        token = secrets.token_urlsafe(32)
        link = cls(
            purpose=purpose,
            token_hash=look_up_hash(token),
            account_id=account.id if account else None,
            created_at=now(),
            expires_at=now() + timedelta(hours=LINK_LIFETIME_HOURS),
        )
        db.session.add(link)
        return link, token

    @classmethod
    def close(cls, account: Account | None, purpose: Purpose | None = None) -> None:
        """Forget the unused links to `account` (None: of the setup), of one purpose or of all."""
        db.session.flush()  # gives a new account its id
        unused = delete(cls).where(cls.account_id == (account.id if account else None), cls.used_at.is_(None))
        db.session.execute(unused.where(cls.purpose == purpose) if purpose else unused)

    def use(self) -> None:
        """From now on the link is spent."""
        self.used_at = now()


class LinkRequest(Base):
    """Somebody asked for a link. A row for every address that was typed: only the job asks whether it has an account.

    So the page takes the same time for everybody. The row goes as soon as the job has seen it.
    """

    __tablename__ = "link_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(KeptString(EMAIL_MAX_CHARS))
    created_at: Mapped[datetime]

    @classmethod
    def oldest(cls) -> Select[Self]:
        """What waits, in the order of asking."""
        return select(cls).order_by(cls.id)

    @classmethod
    def drop_oldest(cls) -> None:
        """Forget the first of them, whatever it holds."""
        db.session.execute(delete(cls).where(cls.id == select(func.min(cls.id)).scalar_subquery()))

    @classmethod
    def ask(cls, email: str) -> None:
        """Somebody wants a link to this address."""
        db.session.add(cls(email=email[:EMAIL_MAX_CHARS], created_at=now()))


GUESS_WINDOW_MINUTES = 15
GUESSES_PER_ACCOUNT = 10  # wrong passwords for one account within the window
GUESSES_PER_ADDRESS = 30  # wrong passwords from one network address within the window
LINKS_PER_ADDRESS = 5  # mails for a new password that one network address may ask for within the window


class TooManyGuesses(Exception):
    """The limit is reached: nothing is verified, also not the right password; no mail is sent. Becomes 429."""

    def __init__(self, wait_seconds: float, what: str = "wrong passwords") -> None:
        super().__init__()
        self.what = what
        self.wait_minutes = max(1, math.ceil(wait_seconds / 60))


class LoginFailure(Base):
    """A wrong password, or one being verified just now. Addresses and e-mails only as keyed hashes."""

    __tablename__ = "login_failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_key: Mapped[str] = mapped_column(String(43), index=True)
    address_key: Mapped[str] = mapped_column(String(43), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def before(cls, moment: datetime) -> Select[Self]:
        """What may be forgotten at `moment`, oldest first."""
        return select(cls).where(cls.created_at < moment).order_by(cls.created_at)

    @classmethod
    def refuse_too_many(cls, email: str, address: str, device: str = "") -> None:
        """Raises TooManyGuesses when no password may be tried now for this account or from this address.

        A known `device` of the account is counted by itself: guesses from elsewhere do not lock it out.
        """
        of_account = cls._wait(cls.account_key == _guessed(email, device), GUESSES_PER_ACCOUNT)
        of_address = cls._wait(cls.address_key == _address_key(address), GUESSES_PER_ADDRESS)
        if of_account or of_address:
            raise TooManyGuesses(max(of_account, of_address))

    @classmethod
    def reserve(cls, email: str, address: str, device: str = "") -> Self:
        """Count a guess before it is verified, so that parallel ones cannot pass the limit together.

        Commit it before verifying, delete it when the password was right. Needs `begin_write(lock=…)`.
        Raises TooManyGuesses; a refused guess is not counted, so the wait does not grow.
        """
        cls.refuse_too_many(email, address, device)
        return cls._count(_guessed(email, device), _address_key(address))

    @classmethod
    def count_link(cls, email: str, address: str) -> None:
        """Count a mail for a new password, whether it is sent or not. Raises TooManyGuesses."""
        asked = keyed_hash("link address", subscriber(address))
        wait = cls._wait(cls.address_key == asked, LINKS_PER_ADDRESS)
        if wait:
            raise TooManyGuesses(wait, "requests")
        cls._count(keyed_hash("link account", look_up_email(email)), asked)

    @classmethod
    def _wait(cls, condition: ColumnElement[bool], most: int) -> float:
        """Seconds until the oldest of `most` rows has left the window, so that another one fits in; 0: now."""
        window = timedelta(minutes=GUESS_WINDOW_MINUTES)
        newest_first = select(cls.created_at).where(condition, cls.created_at > now() - window)
        oldest = db.session.scalar(
            newest_first.order_by(cls.created_at.desc(), cls.id.desc()).limit(1).offset(most - 1)
        )
        return (oldest + window - now()).total_seconds() if oldest else 0.0

    @classmethod
    def _count(cls, account_key: str, address_key: str) -> Self:
        db.session.execute(delete(cls).where(cls.created_at <= now() - timedelta(minutes=GUESS_WINDOW_MINUTES)))
        failure = cls(account_key=account_key, address_key=address_key, created_at=now())
        db.session.add(failure)
        return failure

    @classmethod
    def forget(cls, failure_id: int) -> None:
        """Take back a reserved guess, because the password was right."""
        db.session.execute(delete(cls).where(cls.id == failure_id))


def _guessed(email: str, device: str) -> str:
    """Whose guesses are counted together: those for an account, or those from one of its known devices."""
    if device:
        return keyed_hash("login device", look_up_email(email), device)
    return keyed_hash("login account", look_up_email(email))


def _address_key(address: str) -> str:
    return keyed_hash("login address", subscriber(address))


def _uniquifier() -> str:
    """What a session cookie names instead of the account's id; changing it ends all sessions."""
    return secrets.token_urlsafe(32)
