"""The queue: which comments a moderator asks for, in which order, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Self

from sqlalchemy import ColumnElement, Integer, Select, bindparam, tuple_

from blog.clock import EPOCH, MICROSECOND
from blog.comments import searching
from blog.comments.models import AWAITING, Comment, State
from blog.comments.urgency import Urgency
from blog.database import db, plain_read, unindexed
from blog.moderation.cards import Listed
from blog.numbers import number_or_none, whole_number
from blog.prepared import Prepared
from blog.triage import FlagKind

QUEUE_LENGTH = 30  # cards a page
MOST_COUNTED = 1000  # beyond, "1,000+"
MOST_COUNTED_READING = 100  # the same for a search that reads one comment after the other
QUERY_MAX_CHARS = 200
NO_POST = 0
FILTERED_BY = ("state", "q", "post", "flag", "author", "after", "before")  # what an address of the queue may carry
FLAG_NAMES = {
    FlagKind.EMERGENCY: "Emergency",
    FlagKind.POSSIBLE_EMERGENCY: "Possible emergency",
    FlagKind.PERSONAL_DATA: "Personal data",
    FlagKind.SPAM: "Likely spam",
    FlagKind.ABUSE: "Abuse",
    FlagKind.SELF_PROMOTION: "Self-promotion",
    FlagKind.ADVICE: "To check",
}


@dataclass(frozen=True)
class Place:
    """Where a page of the queue begins or ends: the sort key of a comment."""

    urgency: int
    created_at: datetime
    id: int

    @classmethod
    def of(cls, comment: Listed) -> Self:
        return cls(comment.urgency, comment.created_at, comment.id)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for anything that names no place."""
        parts = text.split(".")
        try:
            urgency, moment, number = (whole_number(part) for part in parts)
            return cls(min(urgency, 9) + Urgency.EMERGENCY, EPOCH + moment * MICROSECOND, number)
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{self.urgency - Urgency.EMERGENCY}.{(self.created_at - EPOCH) // MICROSECOND}.{self.id}"


@dataclass(frozen=True)
class QueuePage:
    """One page of comments. `earlier` and `later` are the places where the pages beside it begin."""

    items: Sequence[Listed]
    earlier: Place | None
    later: Place | None


@dataclass(frozen=True)
class Filter:
    """What a moderator wants to see. The same words in addresses, in the log of batches and here."""

    state: State = State.PENDING
    flag: str = ""  # what triage found: a kind, or one rule
    post: int | None = None
    author: str = ""  # the keyed hash of a sender
    query: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """From an address. Raises ValueError for an unknown state; whatever else names nothing finds nothing."""
        post = arguments.get("post", "").strip()
        number = number_or_none(post)
        return cls(
            State(arguments.get("state") or State.PENDING),
            arguments.get("flag", "")[:60],
            (NO_POST if number is None else number) if post else None,
            arguments.get("author", "")[:43],
            arguments.get("q", "").strip()[:QUERY_MAX_CHARS],
        )

    @property
    def arguments(self) -> dict[str, str]:
        """For an address; `read` makes the same filter of it."""
        said = {
            "state": str(self.state),
            "flag": self.flag,
            "post": "" if self.post is None else str(self.post),
            "author": self.author,
            "q": self.query,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def rule(self) -> str:
        """The one rule of triage that is asked for; empty when it is a kind, or nothing."""
        return "" if self.flag in FLAG_NAMES else self.flag

    @property
    def is_plain(self) -> bool:
        """Whether only a state is asked for. Then likely spam is kept apart; everything else looks through all."""
        return not (self.flag or self.post is not None or self.author or self.query)

    @property
    def may_be_decided_as_a_whole(self) -> bool:
        """Whether all of it may be declined at once: only what waits."""
        return self.state in AWAITING

    @property
    def begins_with_newest(self) -> bool:
        """Decided comments and likely spam: the newest first. What waits: the most urgent, then the oldest."""
        return self.state not in AWAITING or self.flag == FlagKind.SPAM

    def conditions(self) -> list[ColumnElement[bool]]:
        """What narrows comments to it."""
        narrowing: list[ColumnElement[bool]] = self._said()
        # The few that a search has listed are looked up one by one; SQLite would rather go through a whole state.
        narrowing.append((unindexed(Comment.state) if self.listed is not None else Comment.state) == self.state)
        if self.is_plain and self.state == State.PENDING:
            narrowing.append(Comment.urgency < Urgency.LIKELY_SPAM)
        if self.flag:
            narrowing.append(_flagged(self.flag))
        if self.post is not None:
            narrowing.append(Comment.post_id == self.post)
        if self.author:
            narrowing.append(Comment.sender_hash == self.author)
        return narrowing

    @cached_property
    def listed(self) -> list[int] | None:
        """What holds the words that are asked for, if that is not much; looked up once for this filter."""
        return searching.listed(self.query) if self.query else None

    @property
    def most_counted(self) -> int:
        """How far its comments are counted: one reads on and on for common words, and who searches wants no number."""
        return MOST_COUNTED_READING if self.query and self.listed is None else MOST_COUNTED

    def count(self) -> int:
        """How many there are, exactly. For confirmations."""
        return Comment.numbers({"all": self.conditions()}, None)["all"]

    def page(self, after: Place | None = None, before: Place | None = None) -> QueuePage:
        """The comments that follow `after`, or the last ones that precede `before`, or the first."""
        back = before is not None
        place = before or after
        here = {"most": QUEUE_LENGTH + 1, **(vars(place) if place else {})}
        if self.is_one_of_few:
            rows = _listing(self, back, place is not None).rows(plain_read(), here)
        else:
            rows = plain_read().execute(self.listing(back, place is not None), here).all()
        items = [Listed._make(row) for row in rows]
        more, items = len(items) > QUEUE_LENGTH, items[:QUEUE_LENGTH]
        if back:
            items.reverse()
        if not items:
            return QueuePage(items, None, None)
        return QueuePage(
            items,
            Place.of(items[0]) if (more if back else after is not None) else None,
            Place.of(items[-1]) if (back or more) else None,
        )

    @property
    def is_one_of_few(self) -> bool:
        """Whether there are few like it, so that what finds them can be kept."""
        return self.post is None and not (self.author or self.query or self.rule)

    def listing(self, back: bool, is_beyond: bool) -> Select[*tuple[Any, ...]]:
        """The statement behind `page`: so many comments, `most`. Where `is_beyond` it is told a `Place`, too."""
        query = Listed.query().where(*self.conditions())
        if is_beyond:
            query = query.where(self._beyond(back))
        descending = self.begins_with_newest != back
        ordered = query.order_by(*(column.desc() if descending else column for column in self._key()))
        return ordered.limit(bindparam("most", type_=Integer))

    def _said(self) -> list[ColumnElement[bool]]:
        if not self.query:
            return []
        return [searching.saying(self.query) if self.listed is None else Comment.id.in_(self.listed)]

    def _key(self) -> list[Any]:
        key: list[Any] = [Comment.created_at, Comment.id]
        return key if self.begins_with_newest else [Comment.urgency, *key]

    def _beyond(self, back: bool) -> ColumnElement[bool]:
        key = self._key()
        place = tuple_(*(bindparam(column.key, type_=column.type) for column in key))
        return tuple_(*key) < place if self.begins_with_newest != back else tuple_(*key) > place


@dataclass(frozen=True)
class Tab:
    """One filter that is always at hand, with how many it holds."""

    label: str
    narrowed: Filter
    count: int

    @property
    def state(self) -> State:
        return self.narrowed.state

    @property
    def count_text(self) -> str:
        return counted(self.count)


def counted(count: int, most: int | None = None) -> str:
    """A number that was counted to `most` + 1, or as tabs are."""
    most = MOST_COUNTED if most is None else most
    return f"{count:,}" if count <= most else f"{most:,}+"


def tabs(asked: Filter) -> tuple[list[Tab], list[Tab], int]:
    """Filters by state, filters by flag within the state asked for, and how many are in the filter asked for."""
    states, flags = _by_state(), _by_flag(asked.state)
    named = [*states, *flags]
    counts = _numbers_of([narrowed for _, narrowed in named])
    every = [Tab(label, narrowed, count) for (label, narrowed), count in zip(named, counts, strict=True)]
    count = next((tab.count for tab in every if tab.narrowed == asked), None)
    if count is None:
        count = Comment.numbers({"asked": asked.conditions()}, asked.most_counted)["asked"]
    return every[: len(states)], every[len(states) :], count


def _by_state() -> list[tuple[str, Filter]]:
    return [(state.value.capitalize(), Filter(state)) for state in State]


def _by_flag(state: State) -> list[tuple[str, Filter]]:
    return [(name, Filter(state, str(kind))) for kind, name in FLAG_NAMES.items()]


def _numbers_of(filters: Iterable[Filter]) -> Sequence[int]:
    """How many comments are in each of these filters, which ask for no words; counted to MOST_COUNTED + 1."""
    return _counting(tuple(filters), MOST_COUNTED).only(db.session.connection(), {})


@cache  # the same few in each process
def _counting(filters: tuple[Filter, ...], most: int) -> Prepared:
    return Prepared(lambda: Comment.counting((narrowed.conditions() for narrowed in filters), most))


def waiting() -> dict[str, int]:
    """How many wait, by what needs attention first; each counted to MOST_COUNTED + 1."""
    named = {
        "pending": Filter(),
        "held": Filter(State.HELD),
        **{str(kind): Filter(State.PENDING, str(kind)) for kind in FLAG_NAMES},
    }
    return dict(zip(named, _numbers_of(named.values()), strict=True))


def oldest() -> Comment | None:
    """The comment that has waited longest; likely spam does not count. One look into the index for each urgency."""
    first = [
        db.session.scalar(
            Comment.for_desk()
            .where(Comment.state == State.PENDING, Comment.urgency == urgency)
            .order_by(Comment.created_at, Comment.id)
            .limit(1)
        )
        for urgency in (Urgency.EMERGENCY, Urgency.POSSIBLE_EMERGENCY, Urgency.NORMAL)
    ]
    return min(
        (comment for comment in first if comment is not None),
        key=lambda comment: (comment.created_at, comment.id),
        default=None,
    )


def emergencies() -> Tab | None:
    """The comments that may be about an emergency and wait; the held ones when no other does. None when none waits."""
    urgent = [Filter(state, str(FlagKind.EMERGENCY)) for state in AWAITING]
    counts = zip(urgent, _numbers_of(urgent), strict=True)
    return next((Tab("Emergency", narrowed, count) for narrowed, count in counts if count), None)


@cache  # one for each filter of few
def _listing(narrowed: Filter, back: bool, is_beyond: bool) -> Prepared:
    return Prepared(lambda: narrowed.listing(back, is_beyond))


def _flagged(kind: str) -> ColumnElement[bool]:
    """Kinds stand in columns of their own, so that they are counted quickly; single rules are looked up."""
    narrowed: dict[str, ColumnElement[bool]] = {
        FlagKind.EMERGENCY: Comment.urgency == Urgency.EMERGENCY,
        FlagKind.POSSIBLE_EMERGENCY: Comment.urgency == Urgency.POSSIBLE_EMERGENCY,
        FlagKind.SPAM: Comment.urgency == Urgency.LIKELY_SPAM,
        FlagKind.PERSONAL_DATA: Comment.has_personal_data.is_(True),
        FlagKind.ABUSE: Comment.to_check_for(FlagKind.ABUSE),
        FlagKind.SELF_PROMOTION: Comment.to_check_for(FlagKind.SELF_PROMOTION),
        FlagKind.ADVICE: Comment.has_advice.is_(True),
    }
    return narrowed.get(kind, Comment.found_by(kind))
