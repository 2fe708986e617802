"""The site's own texts: editorial settings with their defaults, and the pages (about, disclaimer, …) in versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from flask import g
from sqlalchemy import ForeignKey, ForeignKeyConstraint, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from blog.clock import now
from blog.extensions import Base, db
from blog.revisions import append_only, digest
from blog.text import clean_line, clean_text


class EmailField(StrEnum):
    """Whether the comment form asks for an e-mail address."""

    HIDDEN = "hidden"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Reason:
    """Why a comment was declined: `label` for the moderator, `text` for the commenter."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Testimonial:
    """Words from a student, shown with their consent given on `consent_date` (ISO date)."""

    words: str
    name: str
    consent_date: str


@dataclass(frozen=True)
class Course:
    """A promoted course in the footer."""

    title: str
    url: str
    price: str = ""
    sold_out: bool = False


REASONS = (
    Reason("personal-advice", "Asks for personal medical advice",
           "We cannot give advice about one person's health here. Please ask a doctor or physiotherapist."),
    Reason("personal-data", "Holds personal details",
           "It held personal details, such as a phone number or an address, which we do not publish."),
    Reason("unkind", "Unkind to somebody", "We publish criticism, but not attacks on people."),
    Reason("advertising", "Advertising", "We do not publish advertising or offers."),
    Reason("off-topic", "Not about the article", "It was not about this article."),
    Reason("unsafe", "Could harm a reader", "It held advice that could harm somebody else."),
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """Everything editorial that changes at the desk. A field's default holds until somebody changes it there."""

    name: str = "Trigger Point Notes"
    tagline: str = "Plain articles about muscles, trigger points and self-help"
    shop_label: str = ""
    shop_url: str = ""
    expected_time: str = "within two working days"
    emergency_text: str = (
        "If you may need help now, call your local emergency number (112 in Europe, 999 in the UK, 911 in the USA)."
    )
    comment_email: EmailField = EmailField.OPTIONAL
    comments_close_days: int = 0  # days after publication; 0: never
    comment_limit: int = 5  # comments from one address …
    comment_limit_minutes: int = 10  # … in so many minutes
    duplicate_minutes: int = 10
    keep_sender_days: int = 30
    keep_declined_days: int = 90
    keep_withdrawn_days: int = 30
    reasons: tuple[Reason, ...] = REASONS
    testimonials: tuple[Testimonial, ...] = ()
    courses: tuple[Course, ...] = ()

    @classmethod
    def current(cls) -> Self:
        """The settings of this request, read once."""
        if "site" not in g:
            g.site = cls._read()
        return g.site  # type: ignore[no-any-return]

    @classmethod
    def change(cls, values: Mapping[str, Any], by_id: int | None) -> Self:
        """Store `values` (plain JSON) over the current settings; unknown names raise TypeError."""
        changed = cls.build({**asdict(cls._read()), **_clean(dict(values))})
        for name, value in asdict(changed).items():
            if name in values:
                row = db.session.get(SiteSetting, name) or SiteSetting(name=name)
                row.value = {"value": value}
                row.changed_at = now()
                row.changed_by_id = by_id
                db.session.add(row)
        g.site = changed
        return changed

    @classmethod
    def build(cls, values: Mapping[str, Any]) -> Self:
        """A Site from plain JSON values."""
        ready = dict(values)
        for name, record in (("reasons", Reason), ("testimonials", Testimonial), ("courses", Course)):
            if name in ready:
                ready[name] = tuple(record(**row) if isinstance(row, dict) else row for row in ready[name])
        if "comment_email" in ready:
            ready["comment_email"] = EmailField(ready["comment_email"])
        return cls(**ready)

    @classmethod
    def _read(cls) -> Self:
        known = {one.name for one in fields(cls)}
        rows = db.session.scalars(select(SiteSetting))
        return cls.build({row.name: row.value["value"] for row in rows if row.name in known})

    def reason(self, key: str) -> Reason | None:
        """The reason with this key, if it is on the list."""
        return next((reason for reason in self.reasons if reason.key == key), None)

    @property
    def comment_window(self) -> timedelta:
        """The time over which one sender's comments are counted."""
        return timedelta(minutes=self.comment_limit_minutes)


def _clean(value: Any) -> Any:
    """The same plain value without characters that cannot be seen; some of them no feed may hold."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


class SiteSetting(Base):
    """One changed editorial setting."""

    __tablename__ = "site_settings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class PageSlug(StrEnum):
    """The four pages; their slugs are their URLs."""

    ABOUT = "about"
    DISCLAIMER = "disclaimer"
    COMMENT_POLICY = "comment-policy"
    PRIVACY = "privacy"


class Page(Base):
    """A page of the site. Its revisions are numbered versions; the newest saved one is public."""

    __tablename__ = "pages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["public_revision_id", "id"], ["page_revisions.id", "page_revisions.page_id"],
            name="fk_pages_public_revision", use_alter=True,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    public_revision_id: Mapped[int | None]

    revision: Mapped[PageRevision | None] = relationship(
        foreign_keys="Page.public_revision_id",
        primaryjoin="Page.public_revision_id == PageRevision.id",
        viewonly=True,
    )

    @classmethod
    def public(cls) -> Select[Self]:
        """The pages that say something, with what they say."""
        return select(cls).join(cls.revision).options(joinedload(cls.revision))

    @classmethod
    def shown(cls, slug: str) -> Select[Self]:
        """The page with this slug."""
        return cls.public().where(cls.slug == slug)

    def save(self, title: str, short: str, body: str, html: str, html_version: int, by_id: int | None) -> None:
        """Make a new version and show it. `html` is the cleaned `body`; an unchanged text makes no version."""
        title, short = clean_line(title), clean_text(short)
        content = digest([title, short, body])
        if self.revision and self.revision.digest == content:
            return
        version = self.revision.version + 1 if self.revision else 1
        revision = PageRevision(
            page_id=self.id, version=version, title=title, short=short, body=body, html=html,
            html_version=html_version, digest=content, account_id=by_id, created_at=now(),
        )  # fmt: skip
        db.session.add(revision)
        db.session.flush()
        self.public_revision_id = revision.id
        db.session.flush()
        db.session.expire(self, ["revision"])


@append_only(may_change=frozenset({"html", "html_version"}))
class PageRevision(Base):
    """One version of a page. `short` is the line shown beside self-help and the comment form."""

    __tablename__ = "page_revisions"
    __table_args__ = (UniqueConstraint("id", "page_id"), UniqueConstraint("page_id", "version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), index=True)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    short: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    html_version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
