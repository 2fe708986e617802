"""What a colleague wants to be mailed, how often, and when not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Self

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.accounts.models import Account
from blog.database import Base, db, enum_column

DIGEST_HOUR = 8  # of the site's day
PROBLEM_MAX_CHARS = 300


class Cadence(StrEnum):
    """How often somebody of the team is written to."""

    NEVER = "never"
    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"


class Preference(Base):
    """What an account wants to be mailed. Without a row the defaults hold. Emergencies are always mailed, at once."""

    __tablename__ = "mail_preferences"
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_whole"),
        CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name="quiet_hours"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    queue: Mapped[Cadence] = mapped_column(
        enum_column(Cadence, "queue", 12), default=Cadence.HOURLY
    )  # comments that wait
    own_posts: Mapped[Cadence] = mapped_column(enum_column(Cadence, "own_posts", 12), default=Cadence.DAILY)
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)  # full hours of the site's day
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    suspended_at: Mapped[datetime | None]  # since the mail server refused the address for good
    problem: Mapped[str] = mapped_column(String(PROBLEM_MAX_CHARS), default="")

    @classmethod
    def of(cls, accounts: Iterable[Account]) -> dict[int, Self]:
        """What each of these accounts wants, by its number."""
        ids = [account.id for account in accounts]
        known = {
            preference.account_id: preference
            for preference in db.session.scalars(select(cls).where(cls.account_id.in_(ids)))
        }
        return {number: known.get(number) or cls._default(number) for number in ids}

    @classmethod
    def kept(cls, account: Account) -> Self:
        """The row of an account, made if there is none yet."""
        preference = db.session.get(cls, account.id)
        if preference is None:
            preference = cls._default(account.id)
            db.session.add(preference)
        return preference

    @classmethod
    def _default(cls, account_id: int) -> Self:
        return cls(account_id=account_id, queue=Cadence.HOURLY, own_posts=Cadence.DAILY, problem="")

    def due(self, cadence: Cadence, at: datetime, zone: tzinfo) -> datetime:
        """When something that happened at `at` may be mailed: at once or with the next digest, after quiet hours."""
        local = at.astimezone(zone)
        hour = local.replace(minute=0, second=0, microsecond=0)
        if cadence == Cadence.HOURLY:
            local = hour + timedelta(hours=1)
        elif cadence == Cadence.DAILY:
            local = hour.replace(hour=DIGEST_HOUR)
            if local <= at:
                local += timedelta(days=1)
        return self._after_quiet(local)

    def _after_quiet(self, local: datetime) -> datetime:
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return local
        hours = [(self.quiet_from + step) % 24 for step in range((self.quiet_until - self.quiet_from) % 24)]
        if local.hour not in hours:
            return local
        end = local.replace(hour=self.quiet_until, minute=0, second=0, microsecond=0)
        return end if end > local else end + timedelta(days=1)
