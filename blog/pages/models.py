"""The site's own texts: editorial settings with their defaults, and the pages (about, disclaimer, …) in versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Self
from uuid import uuid4

from flask import g
from sqlalchemy import ForeignKey, ForeignKeyConstraint, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from blog.checksums import Summed, checksum_column
from blog.clock import now
from blog.database import Base, db
from blog.journal import PAGE, SETTING, LogEntry
from blog.pagecache import keys
from blog.pagecache.changes import changed, changes
from blog.pagecache.notes import remembered
from blog.revisions import append_only, digest
from blog.text.characters import clean_line, clean_text
from blog.text.sanitising import HTML_VERSION


class EmailField(StrEnum):
    """Whether the comment form asks for an e-mail address."""

    HIDDEN = "hidden"
    OPTIONAL = "optional"
    REQUIRED = "required"


class FloodMode(StrEnum):
    """When comments are taken as in a flood."""

    AUTO = "auto"  # when far more come than usual, until that is over
    ON = "on"
    OFF = "off"


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


@dataclass(frozen=True)
class NavLink:
    """An entry of the main menu: a page of this site by its path, or another site."""

    label: str
    url: str

    def leads_to(self, path: str) -> bool:
        """Whether the page at `path` is where this leads, or stands below it."""
        return path == self.url or (self.url != "/" and path.startswith(f"{self.url}/"))


@dataclass(frozen=True)
class HelpLine:
    """A number to call in need; `label` says who answers, or where it works."""

    label: str
    number: str

    @property
    def dial(self) -> str:
        """The number as a telephone reads it."""
        return "".join(character for character in self.number if character.isdigit() or character == "+")


EMERGENCY_NUMBERS = (
    HelpLine("Europe", "112"),
    HelpLine("UK", "999"),
    HelpLine("USA and Canada", "911"),
    HelpLine("UK, when it is urgent but not life-threatening", "111"),
)
CRISIS_NUMBERS = (
    HelpLine("UK and Ireland, Samaritans, day and night", "116 123"),
    HelpLine("USA and Canada, call or text", "988"),
    HelpLine("Germany, Telefonseelsorge", "0800 111 0 111"),
    HelpLine("France", "3114"),
    HelpLine("Spain", "024"),
)

NAVIGATION = (
    NavLink("Articles", "/"),
    NavLink("Where does it hurt?", "/pain"),
    NavLink("Muscles", "/muscles"),
    NavLink("About", "/about"),
)

REASONS = (
    Reason(
        "personal-advice",
        "Asks for personal medical advice",
        "We cannot give advice about one person's health here. Please ask a doctor or physiotherapist.",
    ),
    Reason(
        "personal-data",
        "Holds personal details",
        "It held personal details, such as a phone number or an address, which we do not publish.",
    ),
    Reason("unkind", "Unkind to somebody", "We publish criticism, but not attacks on people."),
    Reason("advertising", "Advertising", "We do not publish advertising or offers."),
    Reason("off-topic", "Not about the article", "It was not about this article."),
    Reason("unsafe", "Could harm a reader", "It held advice that could harm somebody else."),
)


ANSWERED = {
    1: "within an hour",
    4: "within a few hours",
    12: "within half a day",
    24: "within a day",
    48: "within two days",
    72: "within three days",
    168: "within a week",
    336: "within two weeks",
}  # hours: as readers are told; bands, so that single decisions do not change every page
Record = Reason | Testimonial | Course | NavLink | HelpLine
RECORDS: dict[str, type[Record]] = {
    "reasons": Reason,
    "testimonials": Testimonial,
    "courses": Course,
    "navigation": NavLink,
    "emergency_numbers": HelpLine,
    "crisis_numbers": HelpLine,
}  # setting that is a list: what its entries are
EXPECTED_HOURS = 48  # behind the first `expected_time`, for as long as nothing was measured


@dataclass(frozen=True)
class Site:
    """Everything editorial that changes at the desk. A field's default holds until somebody changes it there."""

    name: str = "Trigger Point Notes"
    tagline: str = "Understand muscle pain, and what may help"
    shop_label: str = ""
    shop_url: str = ""
    expected_time: str = "within two working days"
    emergency_text: str = (
        "If you may need help now, call your local emergency number (112 in Europe, 999 in the UK, 911 in the USA)."
    )
    emergency_advice: str = (
        "What you wrote can be a sign of something that needs help today. Please do not wait for an answer here: "
        "comments are not watched around the clock. If you are unsure, call anyway; nobody will mind."
    )
    emergency_numbers: tuple[HelpLine, ...] = EMERGENCY_NUMBERS
    crisis_text: str = (
        "It sounds as if you are carrying a lot. You do not have to carry it alone: please talk to somebody now, "
        "somebody close to you or one of the people who answer these numbers. If you are in danger, call the "
        "emergency number."
    )
    crisis_numbers: tuple[HelpLine, ...] = CRISIS_NUMBERS
    comment_email: EmailField = EmailField.OPTIONAL
    comments_close_days: int = 0  # days after publication; 0: never
    comment_limit: int = 5  # comments from one address …
    comment_limit_minutes: int = 10  # … in so many minutes
    duplicate_minutes: int = 10
    flood_mode: FloodMode = FloodMode.AUTO
    edit_minutes: int = 30  # after sending, in which a published comment may be changed; a waiting one always; 0: none
    mail_delay_minutes: int = 10  # before commenters and authors hear of a decision, so that it can be undone
    mails_per_hour: int = 200  # of the whole site, without what is urgent
    reply_depth: int = 0  # how deep readers may answer comments, 1 to 4; 0: only the team answers
    abuse_words: tuple[str, ...] | None = None  # None: the list that comes with the site
    spam_words: tuple[str, ...] = ()
    show_only_rules: tuple[str, ...] = ()  # rules of triage that mark words and do nothing else
    keep_sender_days: int = 30
    keep_declined_days: int = 90
    keep_withdrawn_days: int = 30
    keep_original_days: int = 14  # the text of which a redacted copy was published
    controller: str = ""  # who is responsible for the data, with a postal address
    privacy_contact: str = ""  # an e-mail or web address for questions about one's data
    measured_hours: int = 0  # within which most comments are decided, one of ANSWERED; 0: too few decisions to say
    identity: str = ""  # a UUID that the site was given once; ids in feeds are made from it
    robots_text: str = ""  # further lines of robots.txt
    security_contact: str = ""  # an e-mail or web address, for whoever finds a weakness; empty: no security.txt
    reasons: tuple[Reason, ...] = REASONS
    testimonials: tuple[Testimonial, ...] = ()
    courses: tuple[Course, ...] = ()
    navigation: tuple[NavLink, ...] = NAVIGATION

    @classmethod
    def current(cls) -> Self:
        """The settings of this request, read once."""
        site: Self | None = g.get("site")  # one look: a comment asks ten times
        if site is None:
            site = g.site = remembered([keys.SITE], lambda _: [cls._read()])[0]
        return site

    @classmethod
    def change(cls, values: Mapping[str, Any], by_id: int | None) -> Self:
        """Store `values` (plain JSON) over the current settings; unknown names raise TypeError."""
        site = cls.build({**asdict(cls._read()), **_clean(dict(values))})
        before = asdict(cls._read())
        for name, value in asdict(site).items():
            if name in values:
                if value != before[name]:
                    LogEntry.note(SETTING, by_id, name, before=_plain(before[name]), after=_plain(value))
                row = db.session.get(SiteSetting, name) or SiteSetting(name=name)
                row.value = {"value": value}
                row.changed_at = now()
                row.changed_by_id = by_id
                db.session.add(row)
        changed(keys.SITE)
        g.site = site
        return site

    @classmethod
    def ensure_identity(cls) -> None:
        """Give the site its id, once and for ever. Part of `flask init`."""
        if db.session.get(SiteSetting, "identity") is None:
            db.session.add(SiteSetting(name="identity", value={"value": str(uuid4())}, changed_at=now()))
            changed(keys.SITE)

    @classmethod
    def build(cls, values: Mapping[str, Any]) -> Self:
        """A Site from plain JSON values."""
        ready = dict(values)
        for name, record in RECORDS.items():
            if name in ready:
                ready[name] = tuple(record(**row) if isinstance(row, dict) else row for row in ready[name])
        for name in ("abuse_words", "spam_words", "show_only_rules"):
            if ready.get(name) is not None:
                ready[name] = tuple(ready[name])
        if "comment_email" in ready:
            ready["comment_email"] = EmailField(ready["comment_email"])
        if "flood_mode" in ready:
            ready["flood_mode"] = FloodMode(ready["flood_mode"])
        return cls(**ready)

    @classmethod
    def _read(cls) -> Self:
        known = {part.name for part in fields(cls)}
        rows = db.session.execute(_settings())
        return cls.build({name: value["value"] for name, value in rows if name in known})

    def reason(self, key: str) -> Reason | None:
        """The reason with this key, if it is on the list."""
        return next((reason for reason in self.reasons if reason.key == key), None)

    @property
    def usual_time(self) -> str:
        """When a moderator usually reads comments, in words: measured, or as the owner says."""
        return ANSWERED.get(self.measured_hours, self.expected_time)

    @property
    def promised(self) -> timedelta:
        """How long a comment may wait before that is broken."""
        return timedelta(hours=self.measured_hours or EXPECTED_HOURS)

    @property
    def edit_window(self) -> timedelta:
        """The time after sending in which a published comment may be changed."""
        return timedelta(minutes=self.edit_minutes)

    @property
    def comment_window(self) -> timedelta:
        """The time over which one sender's comments are counted."""
        return timedelta(minutes=self.comment_limit_minutes)


def _plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _clean(value: Any) -> Any:
    """The same plain value without characters that cannot be seen; some of them no feed may hold."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value


class SiteSetting(Base):
    """One changed editorial setting."""

    __tablename__ = "site_settings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


@cache
def _settings() -> Select[str, dict[str, Any]]:
    """All changed settings. Built once, and rows rather than objects: every request reads them."""
    return select(SiteSetting.name, SiteSetting.value)


class PageSlug(StrEnum):
    """The four pages; their slugs are their URLs."""

    ABOUT = "about"
    DISCLAIMER = "disclaimer"
    COMMENT_POLICY = "comment-policy"
    PRIVACY = "privacy"


PAGES = frozenset(PageSlug)


@dataclass(frozen=True)
class PageText:
    """What a page says now."""

    id: int  # of its revision
    version: int
    title: str
    short: str
    html: str
    created_at: datetime


class Page(Base):
    """A page of the site. Its revisions are numbered versions; the newest saved one is public."""

    __tablename__ = "pages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["public_revision_id", "id"],
            ["page_revisions.id", "page_revisions.page_id"],
            name="fk_pages_public_revision",
            use_alter=True,
        ),
    )

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
        return select(cls).join(cls.revision).options(contains_eager(cls.revision))

    @classmethod
    def texts(cls) -> dict[str, PageText]:
        """What the pages say, by slug; not those that are damaged. Read once in a request."""
        if "pages" not in g:
            g.pages = remembered([keys.PAGES], lambda _: [cls._read_texts()])[0]
        return g.pages  # type: ignore[no-any-return]

    @classmethod
    def _read_texts(cls) -> dict[str, PageText]:
        pages = [page for page in db.session.scalars(cls.public()) if page.slug in PAGES]
        shown = {page.slug: page.revision for page in pages if page.revision and page.revision.is_readable}
        return {
            slug: PageText(text.id, text.version, text.title, text.short, text.html, text.created_at)
            for slug, text in shown.items()
        }

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
        if self.revision is None or self.revision.title != title:
            changed(keys.SITE)  # every page links to this one by its title
        revision = PageRevision(
            page_id=self.id,
            version=version,
            title=title,
            short=short,
            body=body,
            html=html,
            html_version=html_version,
            digest=content,
            account_id=by_id,
            created_at=now(),
        )
        db.session.add(revision)
        db.session.flush()
        self.public_revision_id = revision.id  # shown from now on; pages with it are dropped (`changes`, below)
        if by_id is not None:
            LogEntry.note(PAGE, by_id, self.slug, version=version)
        db.session.flush()
        db.session.expire(self, ["revision"])
        g.pop("pages", None)


changes(Page.public_revision_id, lambda page: (keys.page(page.slug), keys.PAGES))


@append_only(may_change=frozenset({"html", "html_version", "checksum"}))
class PageRevision(Summed, Base):
    """One version of a page. `short` is the line shown beside self-help and the comment form."""

    __tablename__ = "page_revisions"
    __table_args__ = (UniqueConstraint("id", "page_id"), UniqueConstraint("page_id", "version"))

    SUMMED = ("page_id", "version", "title", "short", "html"), ("body",)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), index=True)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    short: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    html_version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    checksum: Mapped[str] = checksum_column(SUMMED)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]

    @classmethod
    def outdated(cls) -> Select[Self]:
        """Versions whose HTML was made by older rules."""
        return select(cls).where(cls.html_version < HTML_VERSION).order_by(cls.id)

    def show_as(self, html: str) -> None:
        """Keep `html`, made from the same text by today's rules. Raises Damaged."""
        self.rewrite(html=html, html_version=HTML_VERSION)
        slug = db.session.scalar(select(Page.slug).where(Page.public_revision_id == self.id))
        if slug is not None:
            changed(keys.page(slug), keys.PAGES)
