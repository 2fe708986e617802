"""The log: decisions and whatever else was done at the desk, newest first, and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from blog.accounts.models import Account
from blog.clock import EPOCH, MICROSECOND
from blog.comments.models import Comment
from blog.database import db
from blog.journal import BAN, EDIT, LIFTED, PAGE, SETTING, LogEntry
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Verdict
from blog.numbers import BIGGEST_ID, number_or_none, whole_number
from blog.posts.models import Post

LOG_LENGTH = 50  # entries a page
ITEMS_SHOWN = 10  # comments of one decision; the rest is counted
CSV_BATCH = 500  # entries that are held in memory at once
REDACTED = "redacted"
WHAT = {
    **{str(verdict): str(verdict) for verdict in Verdict},
    REDACTED: "redact and publish",
    EDIT: "edit by the writer",
    SETTING: "setting changed",
    PAGE: "page changed",
    BAN: "ban",
    LIFTED: "ban lifted",
}
OTHERS = (EDIT, SETTING, PAGE, BAN, LIFTED)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("time", "who", "what", "decision", "comment", "version", "article", "from", "to", "reason", "note", "detail")


@dataclass(frozen=True)
class LogFilter:
    """Which entries to show; everything empty means all."""

    actor: int | None = None  # an account
    what: str = ""
    post: int | None = None
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """From an address; what cannot be read is left out."""
        what = arguments.get("verdict", "")
        return cls(
            number_or_none(arguments.get("actor", "")),
            what if what in WHAT else "",
            number_or_none(arguments.get("post", "")),
            _day(arguments.get("since", "")),
            _day(arguments.get("until", "")),
        )

    @property
    def arguments(self) -> dict[str, str]:
        said = {"actor": self.actor, "verdict": self.what, "post": self.post, "since": self.since, "until": self.until}
        return {name: str(value) for name, value in said.items() if value}


@dataclass(frozen=True)
class Line:
    """One entry, ready to be shown."""

    at: datetime
    rank: int
    id: int
    who: str
    what: str
    decision: Decision | None = None
    items: Sequence[DecisionItem] = ()
    count: int = 0
    entry: LogEntry | None = None
    is_undone: bool = False

    @property
    def place(self) -> str:
        """Where the next page begins."""
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.rank}.{self.id}"


@dataclass
class Log:
    """The entries of a filter, newest first."""

    narrowed: LogFilter
    zone: tzinfo = UTC
    names: dict[int, str] = field(default_factory=dict)

    def page(self, before: str = "", length: int = LOG_LENGTH, most_items: int = ITEMS_SHOWN) -> tuple[list[Line], str]:
        """The entries before a place, and the place of the next page, if there is one."""
        place = _place(before)
        decisions = list(self._decisions(place, length + 1))
        others = list(self._others(place, length + 1))
        entries: list[Any] = sorted([*decisions, *others], key=_key, reverse=True)
        shown = entries[:length]
        lines = self._lines(shown, most_items)
        return lines, lines[-1].place if len(entries) > length else ""

    def table(self, reasons: Mapping[str, str]) -> Iterator[str]:
        """The whole log as comma-separated lines, some at a time. No cell can begin a formula."""
        yield _row(COLUMNS)
        before, first = "", True
        while first or before:
            first = False
            lines, before = self.page(before, CSV_BATCH, BIGGEST_ID)
            for line in lines:
                yield from self._rows(line, reasons)
            db.session.rollback()  # no long transaction, and nothing kept in memory
            db.session.expunge_all()

    def _decisions(self, place: tuple[datetime, int, int] | None, most: int) -> Iterator[Decision]:
        narrowed = self.narrowed
        query = _decisions().where(*self._between(Decision, place, 1))
        if narrowed.what == REDACTED:
            query = query.where(_is_redacted())
        elif narrowed.what:
            query = query.where(Decision.verdict == narrowed.what if narrowed.what in set(Verdict) else false())
        if narrowed.post is not None:
            query = query.where(_on_post(narrowed.post))
        return iter(db.session.scalars(query.order_by(Decision.created_at.desc(), Decision.id.desc()).limit(most)))

    def _others(self, place: tuple[datetime, int, int] | None, most: int) -> Iterator[LogEntry]:
        narrowed = self.narrowed
        if narrowed.what and narrowed.what not in OTHERS:
            return iter(())
        query = _other_entries(narrowed.post).where(*self._between(LogEntry, place, 0))
        if narrowed.what:
            query = query.where(LogEntry.kind == narrowed.what)
        return iter(db.session.scalars(query.order_by(LogEntry.created_at.desc(), LogEntry.id.desc()).limit(most)))

    def _between(
        self, model: type[Decision] | type[LogEntry], place: tuple[datetime, int, int] | None, rank: int
    ) -> list[ColumnElement[bool]]:
        narrowed = self.narrowed
        conditions: list[ColumnElement[bool]] = []
        if narrowed.actor is not None:
            conditions.append(model.account_id == narrowed.actor)
        if narrowed.since is not None:
            conditions.append(model.created_at >= datetime.combine(narrowed.since, time(), self.zone))
        if narrowed.until is not None:
            conditions.append(
                model.created_at < datetime.combine(narrowed.until + timedelta(days=1), time(), self.zone)
            )
        if place is not None:
            at, other, number = place
            if rank == other:
                conditions.append(or_(model.created_at < at, and_(model.created_at == at, model.id < number)))
            else:
                conditions.append(model.created_at <= at if rank < other else model.created_at < at)
        return conditions

    def _lines(self, shown: Sequence[Decision | LogEntry], most_items: int) -> list[Line]:
        ids = [entry.id for entry in shown if isinstance(entry, Decision)]
        counts = _counts(ids)
        few = [number for number in ids if counts.get(number, 0) <= most_items]
        items: dict[int, list[DecisionItem]] = {}
        for item in db.session.scalars(_items_of(few)):
            items.setdefault(item.decision_id, []).append(item)
        undone = set(db.session.scalars(select(Decision.undoes_id).where(Decision.undoes_id.in_(ids))))
        names = self._names({entry.account_id for entry in shown if entry.account_id is not None})
        return [
            _decided(entry, names, items.get(entry.id, []), counts.get(entry.id, 0), entry.id in undone)
            if isinstance(entry, Decision)
            else _noted(entry, names)
            for entry in shown
        ]

    def _names(self, wanted: set[int]) -> dict[int, str]:
        if wanted - set(self.names):
            self.names.update({account.id: account.name for account in db.session.scalars(Account.by_email())})
        return self.names

    @staticmethod
    def _rows(line: Line, reasons: Mapping[str, str]) -> Iterator[str]:
        start = (line.at.strftime("%Y-%m-%dT%H:%M:%SZ"), line.who, line.what)
        if line.decision is None:
            entry = line.entry
            detail = describe(entry) if entry else ""
            number, version = (entry.comment_id or "", entry.revision_id or "") if entry else ("", "")
            yield _row((*start, "", number, version, "", "", "", "", "", detail))
            return
        decision = line.decision
        end = (reasons.get(decision.reason, decision.reason), decision.note)
        undoes = f"undoes decision {decision.undoes_id}" if decision.undoes_id else ""
        for item in line.items:
            where = (item.comment_id, item.revision_id, item.comment.post.slug, item.state_before, item.state_after)
            yield _row((*start, decision.id, *where, *end, undoes))


def _decided(
    decision: Decision, names: Mapping[int, str], items: Sequence[DecisionItem], count: int, is_undone: bool
) -> Line:
    redacted = any(item.original_id for item in items) and decision.verdict == Verdict.APPROVE
    return Line(
        at=decision.created_at,
        rank=1,
        id=decision.id,
        who=names.get(decision.account_id or 0, "") or "Sample site",
        what=WHAT[REDACTED] if redacted else str(decision.verdict),
        decision=decision,
        items=items,
        count=count,
        is_undone=is_undone,
    )


def _noted(entry: LogEntry, names: Mapping[int, str]) -> Line:
    nobody = "The writer" if entry.kind == EDIT else "A job"
    return Line(
        at=entry.created_at,
        rank=0,
        id=entry.id,
        who=names.get(entry.account_id or 0, "") or nobody,
        what=WHAT.get(entry.kind, entry.kind),
        entry=entry,
    )


def describe(entry: LogEntry) -> str:
    """What an entry says beside its kind, in one line."""
    detail = entry.detail
    if entry.kind == SETTING:
        return f"{entry.subject}: {_short(detail.get('before'))} → {_short(detail.get('after'))}"
    if entry.kind == PAGE:
        return f"{entry.subject}, version {detail.get('version')}"
    if entry.kind == BAN:
        return f"{entry.subject}, {detail.get('days')} days"
    return entry.subject


def _decisions() -> Select[Decision]:
    """All decisions with who made them; what they did to which comment is in `_items_of`. Unordered."""
    return select(Decision).options(joinedload(Decision.account))


def _on_post(post_id: int) -> ColumnElement[bool]:
    """Narrows `_decisions` to those on comments of this article."""
    return Decision.id.in_(
        select(DecisionItem.decision_id)
        .join(Comment, Comment.id == DecisionItem.comment_id)
        .where(Comment.post_id == post_id)
    )


def _is_redacted() -> ColumnElement[bool]:
    """Whether it published a copy with words redacted."""
    redacted = exists().where(DecisionItem.decision_id == Decision.id, DecisionItem.original_id.is_not(None))
    return and_(Decision.verdict == Verdict.APPROVE, redacted)


def _items_of(decision_ids: Iterable[int]) -> Select[DecisionItem]:
    """What these decisions did to which comments, with the articles; in order."""
    return (
        select(DecisionItem)
        .where(DecisionItem.decision_id.in_(list(decision_ids)))
        .options(
            joinedload(DecisionItem.comment).joinedload(Comment.post).joinedload(Post.revision),
            joinedload(DecisionItem.comment).joinedload(Comment.newest),
        )
        .order_by(DecisionItem.id)
    )


def _counts(decision_ids: Iterable[int]) -> dict[int, int]:
    """How many comments each of these decisions is about."""
    rows = db.session.execute(
        select(DecisionItem.decision_id, func.count())
        .where(DecisionItem.decision_id.in_(list(decision_ids)))
        .group_by(DecisionItem.decision_id)
    )
    return dict(rows.all())


def _other_entries(post_id: int | None) -> Select[LogEntry]:
    """What was done at the desk and is no decision; on comments of one article, if it is named. Unordered."""
    entries = select(LogEntry)
    if post_id is None:
        return entries
    return entries.join(Comment, Comment.id == LogEntry.comment_id).where(Comment.post_id == post_id)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"


def _row(cells: Sequence[Any]) -> str:
    """One line of the table. What a spreadsheet would take for a formula is text: an apostrophe says so."""
    file = io.StringIO()
    csv.writer(file).writerow([_safe(str(cell)) for cell in cells])
    return file.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _key(entry: Decision | LogEntry) -> tuple[datetime, int, int]:
    return entry.created_at, int(isinstance(entry, Decision)), entry.id


def _place(text: str) -> tuple[datetime, int, int] | None:
    try:
        at, rank, number = (whole_number(part) for part in text.split("."))
        return EPOCH + at * MICROSECOND, rank, number
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None  # its midnight elsewhere is a moment, too
