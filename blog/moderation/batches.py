"""Decisions on a whole filter of the queue, made and undone in batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from blog.accounts.models import Account
from blog.clock import now
from blog.comments.models import Comment, CommentRevision
from blog.database import Base, db
from blog.errors import Refused
from blog.moderation.models import UNDOING_STAYS, Decision, DecisionItem, lock_comments
from blog.moderation.queue import Filter
from blog.moderation.verdicts import STATE_AFTER, Seen, Verdict
from blog.outbox import Event, EventKind

BATCH = 200  # comments a transaction, and the most that are decided within a request


class CountChanged(Exception):
    """Since the number of comments in a filter was said, it has become another one; nothing was decided."""

    def __init__(self, count: int) -> None:
        super().__init__(f"it is {count} now")
        self.count = count


class BatchDecision(Base):
    """How far a decision on a whole filter, or the undoing of one, has come. One decision, made in batches.

    What is decided are the revisions that were there when the number was confirmed: a comment that came, or was
    edited or decided, since then is left alone.
    """

    __tablename__ = "batch_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    narrowed: Mapped[dict[str, Any]]  # a filter, as in an address; empty when it undoes
    newest_revision_id: Mapped[int]
    total: Mapped[int]
    last_id: Mapped[int] = mapped_column(default=0)  # of comments, or of items when it undoes
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)

    decision: Mapped[Decision] = relationship(viewonly=True)

    @property
    def is_small(self) -> bool:
        """Whether it can be done at once."""
        return self.total <= BATCH

    @classmethod
    def of(cls, decision: Decision) -> Self | None:
        """How far a decision is, if it is made in batches."""
        return db.session.scalar(select(cls).where(cls.decision_id == decision.id))

    @classmethod
    def unfinished(cls) -> Select[Self]:
        """What still has to be done, oldest first."""
        return select(cls).where(cls.finished_at.is_(None)).order_by(cls.id)

    @classmethod
    def start(
        cls, narrowed: Filter, verdict: Verdict, by: Account, expected: int, reason: str = "", note: str = ""
    ) -> Self:
        """Decline all that waits in a filter. `step` then until it is finished.

        Raises CountChanged unless there are `expected` comments, Refused when there is nothing to decide. Nothing
        is ever approved so: nobody has seen it.
        """
        if verdict not in (Verdict.REJECT, Verdict.SPAM, Verdict.HOLD) or not narrowed.may_be_decided_as_a_whole:
            raise Refused("Only what waits can be declined or held as a whole; what is approved must be seen.")
        if STATE_AFTER[verdict] == narrowed.state:
            raise Refused("These comments are held already.")
        total = narrowed.count()
        if total != expected:
            raise CountChanged(total)
        if not total:
            raise Refused("There is nothing left in this filter.")
        decision = Decision(account_id=by.id, verdict=verdict, reason=reason, note=note, created_at=now())
        return cls._begin(decision, total, narrowed.arguments, CommentRevision.newest_id())

    @classmethod
    def start_undo(cls, batch_id: int, by: Account) -> Self:
        """Undo a decision made in batches; one that is not finished stops here.

        Comments that changed meanwhile are left as they are and counted.
        """
        batch = cls._locked(batch_id)
        batch.decision.refuse_second_undo()
        if batch.decision.verdict == Verdict.UNDO:
            raise Refused(UNDOING_STAYS)
        if batch.finished_at is None:
            batch._finish()
        undoing = Decision(account_id=by.id, verdict=Verdict.UNDO, undoes_id=batch.decision_id, created_at=now())
        return cls._begin(undoing, batch.done, {}, 0)

    @classmethod
    def step(cls, batch_id: int) -> bool:
        """Do the next batch; whether more is left. Commit, and call it again."""
        batch = cls._locked(batch_id)
        if batch.finished_at is not None:
            return False
        rows = batch._undo_some() if batch.decision.verdict == Verdict.UNDO else batch._decide_some()
        if rows < BATCH:
            batch._finish()
        db.session.flush()
        return batch.finished_at is None

    def _decide_some(self) -> int:
        comments = db.session.scalars(
            select(Comment)
            .where(
                *Filter.read(self.narrowed).conditions(),
                Comment.newest_revision_id <= self.newest_revision_id,
                Comment.id > self.last_id,
            )
            .order_by(Comment.id)
            .limit(BATCH)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        for comment in comments:
            self.decision.apply(comment, STATE_AFTER[self.decision.verdict])
            self.last_id = comment.id
        self.done += len(comments)
        return len(comments)

    def _undo_some(self) -> int:
        items = db.session.scalars(
            select(DecisionItem)
            .where(DecisionItem.decision_id == self.decision.undoes_id, DecisionItem.id > self.last_id)
            .order_by(DecisionItem.id)
            .limit(BATCH)
        ).all()
        comments = lock_comments([Seen(item.comment_id, item.revision_id) for item in items])
        last = Decision.last_on(comments)
        for item in items:
            comment = comments[item.comment_id]
            if last[comment.id].id == item.decision_id and item.still_holds(comment):
                self.decision.put_back(comment, item)
                self.done += 1
            self.last_id = item.id
        return len(items)

    def _finish(self) -> None:
        self.finished_at = now()
        self.skipped = self.total - self.done
        if self.decision.verdict != Verdict.UNDO:
            Event.note(EventKind.DECIDED, decision_id=self.decision_id)

    @classmethod
    def _locked(cls, batch_id: int) -> Self:
        return db.session.scalars(
            select(cls)
            .where(cls.id == batch_id)
            .with_for_update(of=cls)
            .options(joinedload(cls.decision))
            .execution_options(populate_existing=True)
        ).one()

    @classmethod
    def _begin(cls, decision: Decision, total: int, narrowed: dict[str, Any], newest_revision_id: int) -> Self:
        db.session.add(decision)
        db.session.flush()
        batch = cls(
            decision_id=decision.id,
            narrowed=narrowed,
            newest_revision_id=newest_revision_id,
            total=total,
            created_at=now(),
        )
        db.session.add(batch)
        db.session.flush()
        return batch
