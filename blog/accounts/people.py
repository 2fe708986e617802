"""Colleagues, as administrators see and change them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.factors import AuthenticatorApp, Passkey, forget_factors
from blog.accounts.models import Account, Person, Role, RoleName
from blog.accounts.sessions import StaffSession
from blog.database import db
from blog.errors import Refused
from blog.folding import fold

SLUG_MAX_CHARS = 80


@dataclass(frozen=True)
class Colleague:
    """An account, whether it has a second factor, and when it was last used."""

    account: Account
    has_factor: bool
    seen_at: datetime | None

    @property
    def state(self) -> str:
        if not self.account.active:
            return "deactivated"
        return "active" if self.account.password else "invited"


def colleagues() -> list[Colleague]:
    """Everybody with an account, in the order of their addresses."""
    keys = set(db.session.scalars(select(Passkey.account_id)))
    apps = set(
        db.session.scalars(select(AuthenticatorApp.account_id).where(AuthenticatorApp.confirmed_at.is_not(None)))
    )
    last = select(StaffSession.account_id, func.max(StaffSession.seen_at)).group_by(StaffSession.account_id)
    seen = {row[0]: row[1] for row in db.session.execute(last)}
    accounts = db.session.scalars(Account.by_email()).all()
    return [Colleague(account, account.id in keys | apps, seen.get(account.id)) for account in accounts]


def change_roles(account: Account, names: Iterable[RoleName], by: Account) -> bool:
    """Give an account these roles and sign it out everywhere; False if it has them already.

    Raises Refused where `by` would take the administration from themselves.
    """
    chosen = set(names)
    if chosen == set(account.role_names):
        return False
    if account.id == by.id and RoleName.ADMIN not in chosen:
        raise Refused("You cannot take the administration from yourself. Ask another administrator.")
    known = Role.ensure_all()
    before = ", ".join(account.role_names) or "none"
    account.roles = [known[name] for name in RoleName if name in chosen]
    give_byline(account)
    after = ", ".join(name for name in RoleName if name in chosen) or "none"
    SecurityEvent.note(EventKind.ROLES_CHANGED, account.id, f"{before} → {after}")
    if account.id != by.id:
        account.end_sessions()
    return True


def give_byline(account: Account) -> None:
    """A name to write under for whoever may write and has none. A name that stands there already is not taken over."""
    db.session.flush()  # an account that was made just now has its number from here on
    if not account.has_any_role(RoleName.AUTHOR) or db.session.scalar(Person.of(account)) is not None:
        return
    if fold(account.name) not in {fold(person.name) for person in db.session.scalars(Person.by_name())}:
        db.session.add(Person(slug=free_slug(account.name), name=account.name, account=account))


def deactivate(account: Account, by: Account) -> None:
    """Sign a colleague out at once, for good. Raises Refused for oneself: somebody must be left to run the site."""
    if account.id == by.id:
        raise Refused("You cannot deactivate yourself. Ask another administrator.")
    account.deactivate()


def reset_factor(account: Account) -> None:
    """For a colleague who has lost everything: forget their second factors and sign them out everywhere."""
    forget_factors(account)
    account.end_sessions()
    SecurityEvent.note(EventKind.FACTOR_RESET, account.id)


def free_slug(name: str) -> str:
    """The name in an address: small letters, digits and hyphens, and a number where somebody has it already."""
    base = re.sub("[^a-z0-9]+", "-", fold(name)).strip("-")[: SLUG_MAX_CHARS - 4].strip("-") or "author"
    taken = set(db.session.scalars(select(Person.slug).where(Person.slug.startswith(base))))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in taken)
