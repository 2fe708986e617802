"""What triage may know beside a text: who is on the team, the same sender's history, texts like it, what was learned.

Read before the transaction that stores a comment; nothing here decides anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column

from blog.accounts.models import Account, Person
from blog.checksums import Damaged
from blog.clock import now
from blog.comments.models import AWAITING, Comment, CommentBand, CommentRevision, State
from blog.comments.sending import Subject
from blog.comments.standing import Standing
from blog.comments.words import Sender, Words
from blog.database import Base, db, plain_read
from blog.libraries import later
from blog.pages.models import Site
from blog.posts.models import Post
from blog.prepared import Prepared
from blog.triage import Context, Flag, FlagKind, KnownText, SpamFilter, Span, bands, personal_data, triage
from blog.triage.likeness import BANDS
from blog.triage.word_list import MarkedPart, listed, pieces

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
else:
    postgresql = later("sqlalchemy.dialects.postgresql")

ARTICLE_LANGUAGE = "en"  # of every article for now
ALIKE_MAX = 40  # nearly equal texts that are looked at
TRAINED_ON_MAX = 1_500  # newest decided texts of each kind
TRIED_ON_MAX = 2_000  # newest comments on which a word list is tried
RECENT_SHOWN = 20


def look_at(
    words: Words,
    post: Post | Subject,
    sender: Sender,
    trap_filled: bool = False,
    own: Comment | None = None,
    seconds: float | None = None,
    is_proven: bool = False,
    standing: Standing | None = None,
) -> list[Flag]:
    """All that triage finds in a text for this post by this sender.

    `own` is the comment that is being changed, which no flood makes suspicious; `seconds` is how long the writing took,
    if known; `is_proven` is whether a proof of work came along; `standing` is that of the sender, if it was read.
    """
    site = Site.current()
    standing = standing or Standing.of(db.session.connection(), sender, own_id=own.id if own else 0)
    context = Context(
        article_title=post.title,
        article_language=ARTICLE_LANGUAGE,
        staff_names=_staff_names(),
        own_hosts=_own_hosts(site),
        abuse_words=site.abuse_words,
        signature=words.signature,
        seen=_seen(words, own),
        trap_filled=trap_filled,
        seconds_to_submit=seconds,
        is_proven=is_proven,
        is_flood=standing.is_in_flood and own is None,
        sender=standing.history,
        spam_filter=Learned.as_of(standing.trained_at),
    )
    flags = triage(words.body, words.name, context)
    told = [replace(flag, in_name=True) for flag in personal_data(words.name, context.regions)]
    spam = listed(words.body, site.spam_words)
    if spam:
        flags.append(Flag(FlagKind.SPAM, "site_list", spam, "Words on this site's own list of spam."))
    return [_as_chosen(flag, site.show_only_rules) for flag in (*flags, *told)]


def is_suspect(sender: Sender) -> bool:
    """Whether a proof of work is asked for, whatever the sender writes: in a flood, or after spam."""
    standing = Standing.of(db.session.connection(), sender)
    return standing.is_in_flood or standing.spam > 0


def _as_chosen(flag: Flag, show_only: Sequence[str]) -> Flag:
    """A rule that an owner lets only show what it finds asks for a second look, and does nothing else."""
    return replace(flag, kind=FlagKind.ADVICE) if flag.rule in show_only else flag


class Learned(Base):
    """What the spam filter learned from this site's own decisions: weights of words and parts of them, no text."""

    __tablename__ = "learned"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    counts: Mapped[dict[str, Any]]
    trained_at: Mapped[datetime]

    @classmethod
    def spam_filter(cls) -> SpamFilter | None:
        """What was learned last; None before the first training."""
        return cls.as_of(cls.last_trained())

    @classmethod
    def as_of(cls, trained_at: datetime | None) -> SpamFilter | None:
        """What was learned at `trained_at`, the last training. Read once per training in each process."""
        if trained_at is None:
            return None
        kept: dict[str, Any] = current_app.extensions.setdefault("learned", {})
        if kept.get("trained_at") != trained_at:
            counts = db.session.scalar(select(cls.counts).where(cls.id == 1))
            kept.update(trained_at=trained_at, spam_filter=SpamFilter.from_json(counts or {}))
        return kept["spam_filter"]  # type: ignore[no-any-return]

    @classmethod
    def last_trained(cls) -> datetime | None:
        """When it learned last."""
        return db.session.scalar(select(cls.trained_at).where(cls.id == 1))

    @classmethod
    def decided(cls, state: State) -> Select[str]:
        """The newest texts of readers that a moderator left in `state`."""
        return (
            select(CommentRevision.body)
            .join(Comment, Comment.newest_revision_id == CommentRevision.id)
            .where(
                Comment.state == state,
                Comment.is_team.is_(False),
                Comment.is_sample.is_(False),
                CommentRevision.erased_at.is_(None),
            )
            .order_by(CommentRevision.id.desc())
            .limit(TRAINED_ON_MAX)
        )

    @classmethod
    def train(cls) -> SpamFilter:
        """Learn anew from the decided texts that are still kept. Takes a while: read here, store with `keep`."""
        decided: list[tuple[str, bool]] = []
        for state, is_spam in ((State.SPAM, True), (State.APPROVED, False)):
            decided += ((body, is_spam) for body in db.session.scalars(cls.decided(state)))
        return SpamFilter.trained(decided)

    @classmethod
    def keep(cls, spam_filter: SpamFilter) -> None:
        """Store what was learned instead of what was before."""
        row = db.session.get(cls, 1) or cls(id=1)
        row.counts = spam_filter.to_json()
        row.trained_at = now()
        db.session.add(row)


def _staff_names() -> list[str]:
    """Names that a reader should not be mistaken for."""
    return sorted(name for (name,) in _NAMES.rows(plain_read(), {}))


def _own_hosts(site: Site) -> frozenset[str]:
    addresses = (current_app.config["BLOG_SITE_URL"], site.shop_url, *(course.url for course in site.courses))
    return frozenset(
        host.removeprefix("www.") for address in addresses if (host := (urlsplit(address).hostname or "").lower())
    )


def _seen(words: Words, own: Comment | None) -> list[KnownText]:
    """Nearly equal texts, newest first, each with what became of it."""
    if words.signature is None:
        return []
    places = {f"band{at}": band for at, band in enumerate(bands(words.signature))}
    connection = plain_read()
    alike = _ALIKE_IN_ORDER if connection.dialect.name == "postgresql" else _ALIKE
    found = alike.rows(connection, {**places, "own": own.id if own else 0})
    return [_one_seen(*row) for row in found]


@lru_cache(maxsize=4096)  # the next copy finds nearly the same ones
def _one_seen(signature: str | None, stored_state: str) -> KnownText:
    try:
        state = State(stored_state)
    except ValueError:
        raise Damaged("a table", "the state") from None
    return KnownText(
        tuple(json.loads(signature or "null") or ()),
        spam=int(state == State.SPAM),
        approved=int(state == State.APPROVED),
        undecided=int(state in AWAITING),
    )


def _names() -> CompoundSelect[str]:
    accounts = select(Account.name).where(Account.active)
    return accounts.union(select(Person.name).where(Person.is_sample.is_(False)))


def _alike() -> Select[str | None, str]:
    """The newest texts that share a band. So many of each band: a flood of equal texts would make one list endless.

    As plain text: whoever is told makes of forty rows what is not known yet.
    """
    newest = [
        select(CommentBand.revision_id)
        .where(CommentBand.band == bindparam(f"band{at}"))
        .order_by(CommentBand.revision_id.desc())
        .limit(ALIKE_MAX)
        .subquery()
        for at in range(BANDS)
    ]
    return (
        select(cast(CommentRevision.signature, Text), type_coerce(Comment.state, Text))
        .join(Comment, _is_newest())
        .where(
            CommentRevision.id.in_(union_all(*(select(band.c.revision_id) for band in newest))),
            Comment.id != bindparam("own"),
        )
        .order_by(CommentRevision.id.desc())
        .limit(ALIKE_MAX)
    )


def _alike_in_order() -> Select[str | None, str]:
    """The same for PostgreSQL, which else joins all that share a band, and where it knows little of a table that grew,
    reads all comments: from the newest on, until there are enough.
    """
    places = postgresql.array([bindparam(f"band{at}", type_=BigInteger) for at in range(BANDS)])
    place = func.unnest(places).table_valued(column("band", BigInteger), name="places").render_derived()
    most: ColumnElement[int] = literal_column(str(ALIKE_MAX))  # told when it is planned, as a value is not
    apart: ColumnElement[int] = literal_column("0")  # an OFFSET, through which no plan looks: what is inside stays so
    newest = (
        select(CommentBand.revision_id)
        .where(CommentBand.band == place.c.band)
        .order_by(CommentBand.revision_id.desc())
        .limit(most)
        .lateral()
    )
    found = select(newest.c.revision_id).select_from(place).join(newest, true()).distinct()
    in_order = found.order_by(newest.c.revision_id.desc()).offset(apart).subquery()
    said = (
        select(
            cast(CommentRevision.signature, Text).label("signature"), type_coerce(Comment.state, Text).label("state")
        )
        .join(Comment, _is_newest())
        .where(CommentRevision.id == in_order.c.revision_id, Comment.id != bindparam("own"))
        .offset(apart)
        .lateral()
    )
    alike = select(said.c.signature, said.c.state).select_from(in_order).join(said, true())
    return alike.order_by(in_order.c.revision_id.desc()).limit(most)


def _is_newest() -> ColumnElement[bool]:
    """Joins a version to its comment, as the newest one.

    By the comment's number: the pointer to the newest version has no index, and all comments would be read.
    """
    return and_(Comment.id == CommentRevision.comment_id, Comment.newest_revision_id == CommentRevision.id)


_NAMES = Prepared(_names)
_ALIKE = Prepared(_alike)
_ALIKE_IN_ORDER = Prepared(_alike_in_order)


@dataclass(frozen=True)
class Old:
    """An old comment that a word list would flag, with the words."""

    id: int
    state: State
    text: str
    spans: list[Span]

    @property
    def pieces(self) -> list[MarkedPart]:
        """Its text, cut at the words."""
        return pieces(self.text, self.spans)


@dataclass(frozen=True)
class Trial:
    """What a word list would have flagged among the newest comments: how many, and some of them, newest first."""

    looked_at: int
    found: int
    recent: list[Old]

    @classmethod
    def of(cls, find: Callable[[str], list[Span]]) -> Trial:
        """Try `find`, which gives the places of listed words in a text."""
        newest = (
            select(Comment.id, Comment.state, CommentRevision.body)
            .join(CommentRevision, _is_newest())
            .where(Comment.is_team.is_(False), CommentRevision.erased_at.is_(None))
            .order_by(CommentRevision.id.desc())
            .limit(TRIED_ON_MAX)
        )
        looked_at, hits = 0, 0
        recent: list[Old] = []
        for row in db.session.execute(newest):
            looked_at += 1
            spans = find(row.body)
            if spans:
                hits += 1
                if len(recent) < RECENT_SHOWN:
                    recent.append(Old(row.id, row.state, row.body, spans))
        return cls(looked_at, hits, recent)
