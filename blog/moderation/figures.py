"""The desk at a glance: how many decisions, by whom, how long people waited, as numbers and as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

from sqlalchemy import exists, func, select

from blog.accounts.models import Account
from blog.comments.models import AWAITING, Comment, CommentRevision
from blog.database import db, unindexed
from blog.moderation.batches import BatchDecision
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Verdict
from blog.pages.models import ANSWERED
from blog.words import duration

MEASURED_DAYS = 30  # from which the promise to readers is made
MEASURED_LEAST = 20  # decisions; with fewer, nothing is promised
MEASURED_PERCENT = 80  # of comments were decided within the time that readers are told
CHART_DAYS = 14
ANSWERS = (Verdict.APPROVE, Verdict.REJECT)  # a hold is no answer, and spammers wait for none

WIDTH, HEIGHT = 644, 220  # of the chart, in its own units
LEFT, TOP, BOTTOM = 40, 16, 40
BAR = 26

Wait = tuple[datetime, datetime, Verdict]


@dataclass(frozen=True)
class Day:
    """One day's decisions; `median` is the time from sending to deciding, None when nothing was read."""

    day: date
    decisions: int
    median: timedelta | None

    @property
    def waited(self) -> str:
        """The median in words: "3.5 hours"."""
        return duration(self.median) if self.median is not None else "–"


@dataclass(frozen=True)
class Bar:
    """One day in the chart."""

    day: Day
    x: float
    y: float
    width: float
    height: float
    label_x: float
    dot_y: float | None  # of the median


@dataclass(frozen=True)
class Chart:
    """Everything that the drawing needs; the template only writes it down."""

    width: int
    height: int
    left: int
    base: float
    top: int
    bars: list[Bar]
    most: int
    slowest: timedelta
    line: str  # the medians, as points of a polyline

    @property
    def total(self) -> int:
        return sum(bar.day.decisions for bar in self.bars)


def waits_since(since: datetime) -> list[Wait]:
    """What people decided after reading, since then: when, since when it waited, the verdict. Oldest first.

    Without undoing and what was undone, the team's own replies, samples, and decisions on a whole filter.
    """
    in_batches = exists().where(BatchDecision.decision_id == Decision.id)
    read = func.coalesce(DecisionItem.original_id, DecisionItem.revision_id)
    rows = db.session.execute(
        select(Decision.created_at, CommentRevision.created_at, Decision.verdict)
        # Begun with the decisions of those days: SQLite would rather look up a decision for each comment there is.
        .join(DecisionItem, DecisionItem.decision_id == unindexed(Decision.id))
        .join(CommentRevision, CommentRevision.id == read)
        .join(Comment, Comment.id == DecisionItem.comment_id)
        .where(
            Decision.created_at >= since,
            Decision.verdict != Verdict.UNDO,
            DecisionItem.state_before.in_(AWAITING),
            ~Comment.is_team,
            ~Comment.is_sample,
            ~Decision.is_undone(),
            ~in_batches,
        )
        .order_by(Decision.created_at)
    )
    return [(decided, sent, verdict) for decided, sent, verdict in rows]


def batches_since(since: datetime) -> list[tuple[datetime, int]]:
    """When whole filters were decided since then, and how many comments each time."""
    rows = db.session.execute(
        select(Decision.created_at, BatchDecision.done)
        .join(BatchDecision, BatchDecision.decision_id == Decision.id)
        .where(Decision.created_at >= since, Decision.verdict != Verdict.UNDO, ~Decision.is_undone())
    )
    return [(decided, done) for decided, done in rows]


def deciders_since(since: datetime) -> list[tuple[str, int]]:
    """Who decided how many comments since then, the busiest first. Without undoing and own replies."""
    items = (  # of each decision: joined flat, all items of all times would be read
        select(func.count(DecisionItem.id))
        .join(Comment, Comment.id == DecisionItem.comment_id)
        .where(DecisionItem.decision_id == Decision.id, ~Comment.is_team)
        .scalar_subquery()
    )
    count = func.sum(items)
    rows = db.session.execute(
        select(Account.name, count)
        .join(Decision, Decision.account_id == Account.id)
        .where(Decision.created_at >= since, Decision.verdict != Verdict.UNDO)
        .group_by(Account.id, Account.name)
        .having(count > 0)
        .order_by(count.desc(), Account.name)
    )
    return [(name, number) for name, number in rows]


def days(waits: Sequence[Wait], batches: Sequence[tuple[datetime, int]], today: date, zone: tzinfo) -> list[Day]:
    """The last CHART_DAYS days, oldest first, also those without a decision."""
    shown = []
    for back in range(CHART_DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        read = [
            (decided - sent).total_seconds() for decided, sent, _ in waits if decided.astimezone(zone).date() == day
        ]
        whole = sum(done for decided, done in batches if decided.astimezone(zone).date() == day)
        shown.append(Day(day, len(read) + whole, timedelta(seconds=median(read)) if read else None))
    return shown


def chart(shown: Sequence[Day]) -> Chart:
    """Bars for decisions, and a line for the median on a scale of its own."""
    base = HEIGHT - BOTTOM
    room = base - TOP
    most = max((day.decisions for day in shown), default=0) or 1
    slowest = max((day.median for day in shown if day.median is not None), default=timedelta(0))
    step = (WIDTH - LEFT) / max(1, len(shown))
    bars = []
    for index, day in enumerate(shown):
        height = round(room * day.decisions / most, 1)
        x = round(LEFT + index * step + (step - BAR) / 2, 1)
        dot = None
        if day.median is not None:
            dot = round(base - (room * (day.median / slowest) if slowest else 0), 1)
        bars.append(Bar(day, x, round(base - height, 1), BAR, height, round(x + BAR / 2, 1), dot))
    line = " ".join(f"{bar.label_x},{bar.dot_y}" for bar in bars if bar.dot_y is not None)
    return Chart(WIDTH, HEIGHT, LEFT, base, TOP, bars, most, slowest, line)


def usual_hours(waits: Sequence[Wait]) -> int:
    """The smallest band within which MEASURED_PERCENT of the answers came; 0 with too few of them, or none fits."""
    times = sorted(decided - sent for decided, sent, verdict in waits if verdict in ANSWERS)
    if len(times) < MEASURED_LEAST:
        return 0
    usual = times[-(-len(times) * MEASURED_PERCENT // 100) - 1]
    return next((hours for hours in ANSWERED if usual <= timedelta(hours=hours)), 0)
