"""Decisions: what a moderator made of comments, bound to the revision that was seen; append-only, undone by another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Select,
    String,
    Text,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship, selectinload

from blog.accounts.models import Account
from blog.clock import now
from blog.comments import sending
from blog.comments.models import AWAITING, Comment, CommentRevision, State, state_column
from blog.comments.words import Words
from blog.database import Base, db, enum_column
from blog.errors import Refused
from blog.journal import LogEntry
from blog.moderation.queue import Filter
from blog.outbox import Event, EventKind
from blog.revisions import append_only

BATCH = 200  # comments a transaction, and the most that are decided within a request
UNDOING_STAYS = "Undoing cannot be undone. Decide again instead."


class Verdict(StrEnum):
    """What a decision says."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    HOLD = "hold"
    UNDO = "undo"


STATE_AFTER = {
    Verdict.APPROVE: State.APPROVED,
    Verdict.REJECT: State.REJECTED,
    Verdict.SPAM: State.SPAM,
    Verdict.HOLD: State.HELD,
}

VERDICT = enum_column(Verdict, "verdict", 12)


@dataclass(frozen=True)
class Seen:
    """What a moderator had before their eyes: a comment, its revision, and the last decision on it, 0 for none."""

    comment_id: int
    revision_id: int
    decision_id: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "12:34" or "12:34:5". Raises ValueError otherwise."""
        parts = text.split(":")
        if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            raise ValueError(f"{text!r} names no comment and revision")
        return cls(*(int(part) for part in parts))


@dataclass(frozen=True)
class Conflict:
    """Why one comment was not decided: what it is now, and a sentence for the moderator."""

    comment: Comment | None
    seen: Seen
    message: str


class Stale(Exception):
    """Something changed since the moderator looked; nothing was decided."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__("; ".join(conflict.message for conflict in conflicts))
        self.conflicts = conflicts


@append_only(may_change=frozenset({"note"}))
class Decision(Base):
    """One verdict by one account on one or many comments, with an item for each."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)  # none: the sample site
    verdict: Mapped[Verdict] = mapped_column(VERDICT)
    reason: Mapped[str] = mapped_column(String(40), default="")  # key of a reason in the settings
    note: Mapped[str] = mapped_column(Text, default="")  # for colleagues; blanked when a comment is erased
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(index=True)

    items: Mapped[list[DecisionItem]] = relationship(viewonly=True, order_by="DecisionItem.id")
    account: Mapped[Account | None] = relationship(viewonly=True)

    # Queries

    @classmethod
    def log(cls) -> Select[Self]:
        """All decisions, newest first, with who, what and where."""
        return (
            select(cls)
            .options(
                joinedload(cls.account),
                selectinload(cls.items).joinedload(DecisionItem.comment).joinedload(Comment.post),
            )
            .order_by(cls.id.desc())
        )

    @classmethod
    def entries(cls) -> Select[Self]:
        """All decisions with who made them; what they did to which comment is in `DecisionItem.of`. Unordered."""
        return select(cls).options(joinedload(cls.account))

    @classmethod
    def on_post(cls, post_id: int) -> ColumnElement[bool]:
        """Narrows `entries` to decisions on comments of this article."""
        return cls.id.in_(
            select(DecisionItem.decision_id)
            .join(Comment, Comment.id == DecisionItem.comment_id)
            .where(Comment.post_id == post_id)
        )

    @classmethod
    def is_masked(cls) -> ColumnElement[bool]:
        """Whether it published a copy with words masked."""
        masked = exists().where(DecisionItem.decision_id == cls.id, DecisionItem.original_id.is_not(None))
        return and_(cls.verdict == Verdict.APPROVE, masked)

    @classmethod
    def is_undone(cls) -> ColumnElement[bool]:
        """Whether another decision undid it."""
        undoing = aliased(cls)
        return exists().where(undoing.undoes_id == cls.id)

    @property
    def size(self) -> int:
        """How many readers' comments it is about; one for a reply of the team alone."""
        items = select(func.count(), func.count().filter(~Comment.is_team)).select_from(DecisionItem)
        of_all, of_readers = db.session.execute(
            items.join(Comment, Comment.id == DecisionItem.comment_id).where(DecisionItem.decision_id == self.id)
        ).one()
        return of_readers or of_all

    @property
    def batch(self) -> BatchDecision | None:
        """How far it is, if it is made in batches."""
        return db.session.scalar(select(BatchDecision).where(BatchDecision.decision_id == self.id))

    @classmethod
    def waits(cls, since: datetime) -> list[tuple[datetime, datetime, Verdict]]:
        """What people decided after reading, since then: when, since when it waited, the verdict. Oldest first.

        Without undoing and what was undone, the team's own replies, samples, and decisions on a whole filter.
        """
        read = func.coalesce(DecisionItem.original_id, DecisionItem.revision_id)
        rows = db.session.execute(
            select(cls.created_at, CommentRevision.created_at, cls.verdict)
            .join(DecisionItem, DecisionItem.decision_id == cls.id)
            .join(CommentRevision, CommentRevision.id == read)
            .join(Comment, Comment.id == DecisionItem.comment_id)
            .where(
                cls.created_at >= since, cls.verdict != Verdict.UNDO, DecisionItem.state_before.in_(AWAITING),
                ~Comment.is_team, ~Comment.is_sample, ~cls.is_undone(), ~cls._is_batch(),
            )
            .order_by(cls.created_at)
        )  # fmt: skip
        return [(decided, sent, verdict) for decided, sent, verdict in rows]

    @classmethod
    def in_batches(cls, since: datetime) -> list[tuple[datetime, int]]:
        """When whole filters were decided since then, and how many comments each time."""
        rows = db.session.execute(
            select(cls.created_at, BatchDecision.done)
            .join(BatchDecision, BatchDecision.decision_id == cls.id)
            .where(cls.created_at >= since, cls.verdict != Verdict.UNDO, ~cls.is_undone())
        )
        return [(decided, done) for decided, done in rows]

    @classmethod
    def by_account(cls, since: datetime) -> list[tuple[str, int]]:
        """Who decided how many comments since then, the busiest first. Without undoing and own replies."""
        items = (  # of each decision: joined flat, all items of all times would be read
            select(func.count(DecisionItem.id))
            .join(Comment, Comment.id == DecisionItem.comment_id)
            .where(DecisionItem.decision_id == cls.id, ~Comment.is_team)
            .scalar_subquery()
        )
        count = func.sum(items)
        rows = db.session.execute(
            select(Account.name, count)
            .join(cls, cls.account_id == Account.id)
            .where(cls.created_at >= since, cls.verdict != Verdict.UNDO)
            .group_by(Account.id, Account.name)
            .having(count > 0)
            .order_by(count.desc(), Account.name)
        )
        return [(name, number) for name, number in rows]

    @classmethod
    def _is_batch(cls) -> ColumnElement[bool]:
        return exists().where(BatchDecision.decision_id == cls.id)

    @classmethod
    def last_on(cls, comment_ids: Iterable[int]) -> dict[int, Decision]:
        """The newest decision on each of these comments, with its account."""
        newest = (
            select(DecisionItem.comment_id, func.max(DecisionItem.decision_id).label("decision_id"))
            .where(DecisionItem.comment_id.in_(list(comment_ids)))
            .group_by(DecisionItem.comment_id)
            .subquery()
        )
        rows = db.session.execute(
            select(newest.c.comment_id, cls)
            .join(newest, newest.c.decision_id == cls.id)
            .options(joinedload(cls.account))
        )
        return dict(rows.all())

    # Verbs

    @classmethod
    def make(
        cls,
        seen: Sequence[Seen],
        verdict: Verdict,
        by: Account | None,
        reason: str = "",
        note: str = "",
        at: datetime | None = None,
        answer: Words | None = None,
    ) -> Decision:
        """Decide on what was seen: all of it or nothing; `answer` goes with approving one. Call inside `begin_write()`.

        Without `decision_id` only a comment that still waits is decided, except that a hold, which can only hide,
        also takes back what was approved, and an older text that is still shown while a newer one waits. Saying
        the same again changes nothing and returns the earlier decision.
        Raises Stale naming everything that changed meanwhile, Refused when nothing was named.
        """
        comments = cls._lock(seen)
        last = cls.last_on(comments)
        after = STATE_AFTER[verdict]
        fresh: dict[int, Comment] = {}
        hidden: set[int] = set()  # whose older text is taken off the site
        conflicts: list[Conflict] = []
        for one in dict.fromkeys(seen):
            comment = comments.get(one.comment_id)
            if comment is not None and cls._says(comment, one, after):
                continue
            message = cls._conflict(comment, one, verdict, last.get(one.comment_id))
            if message:
                conflicts.append(Conflict(comment, one, message))
            elif comment is not None:
                fresh[comment.id] = comment
                if one.revision_id != comment.newest_revision_id:
                    hidden.add(comment.id)
        if conflicts:
            raise Stale(conflicts)
        if not fresh:
            if not last:
                raise Refused("Choose at least one comment.")
            if answer and by:
                return cls.reply(seen[0].comment_id, answer, by)
            return max(last.values(), key=lambda decision: decision.id)
        decision = cls(
            account_id=by.id if by else None, verdict=verdict, reason=reason, note=note, created_at=at or now()
        )
        db.session.add(decision)
        db.session.flush()
        for comment in fresh.values():
            cls._apply(decision, comment, after, hide=comment.id in hidden)
        db.session.flush()
        if answer:
            decision.answer(next(iter(fresh.values())), answer, by)
        Event.note(EventKind.DECIDED, decision_id=decision.id)
        return decision

    def answer(self, to: Comment, words: Words, by: Account | None, at: datetime | None = None) -> Comment:
        """Publish a team's reply as part of this decision."""
        comment = sending.answer(to, words, by, at)
        self._apply(self, comment, State.APPROVED)
        db.session.flush()
        return comment

    @classmethod
    def reply(cls, to_id: int, words: Words, by: Account) -> Decision:
        """Publish a team's reply to a comment that is public now; the same words again are the same reply.

        Call inside `begin_write()`. Raises Refused when the comment is not public.
        """
        to = db.session.scalar(Comment.visible().where(Comment.id == to_id).with_for_update(of=Comment))
        if to is None:
            raise Refused("That comment is not public any more, so there is nothing to answer.")
        said = db.session.scalar(sending.same_answer(to, words, by))
        if said is not None:
            return cls.last_on([said.id])[said.id]
        decision = cls(account_id=by.id, verdict=Verdict.APPROVE, created_at=now())
        db.session.add(decision)
        db.session.flush()
        decision.answer(to, words, by)
        Event.note(EventKind.DECIDED, decision_id=decision.id)
        return decision

    @classmethod
    def redact(cls, seen: Seen, words: Words, by: Account, note: str = "") -> Decision:
        """Publish `words`, the text that was seen with parts of it masked, as a new revision. Inside `begin_write()`.

        Undoing it brings the original back, as long as its text is kept. Raises Stale as `make` does.
        """
        comments = cls._lock([seen])
        comment = comments.get(seen.comment_id)
        message = cls._conflict(comment, seen, Verdict.APPROVE, cls.last_on(comments).get(seen.comment_id))
        if message or comment is None:
            raise Stale([Conflict(comment, seen, message)])
        state, pointer = comment.state, comment.public_revision_id
        sending.redact(comment, words)
        decision = cls(account_id=by.id, verdict=Verdict.APPROVE, note=note, created_at=now())
        db.session.add(decision)
        db.session.flush()
        decision._record(comment, State.APPROVED, comment.newest_revision_id, (state, pointer), seen.revision_id)
        db.session.flush()
        Event.note(EventKind.DECIDED, decision_id=decision.id)
        return decision

    def undo(self, by: Account) -> Decision:
        """Put everything back as it was before this decision, by another decision. Call inside `begin_write()`.

        Raises Refused, saying what changed, unless every comment still stands as this decision left it. Decisions
        made in batches are undone in batches: see BatchDecision.
        """
        self.refuse_second_undo()
        if self.verdict == Verdict.UNDO:  # of masked words it would leave the original as the newest, kept for ever
            raise Refused(UNDOING_STAYS)
        comments = self._lock([Seen(item.comment_id, item.revision_id) for item in self.items])
        last = self.last_on(comments)
        for item in self.items:
            comment = comments[item.comment_id]
            needed = (item.revision_id, item.original_id, item.pointer_before)
            if comment.state == State.ERASED or any(map(_text_is_gone, needed)):
                raise Refused("The text is no longer kept, so this cannot be undone.")
            if comment.state == State.WITHDRAWN:
                raise Refused("Its writer has withdrawn the comment meanwhile, so this cannot be undone.")
            newer = last[comment.id]
            if newer.id != self.id:
                raise Refused(f"{_who(newer)} has decided again, {_ago(newer.created_at)}. Look again first.")
            if comment.newest_revision_id != item.revision_id:
                raise Refused("Its writer has changed the text meanwhile. Look again first.")
        undoing = Decision(account_id=by.id, verdict=Verdict.UNDO, undoes_id=self.id, created_at=now())
        db.session.add(undoing)
        db.session.flush()
        for item in self.items:
            undoing._put_back(comments[item.comment_id], item)
        db.session.flush()
        return undoing

    def refuse_second_undo(self) -> None:
        """Raises Refused when this was undone before, naming who did it."""
        later = db.session.scalar(select(Decision).where(Decision.undoes_id == self.id))
        if later is not None:
            raise Refused(f"This was already undone by {_who(later)}, {_ago(later.created_at)}.")

    @classmethod
    def forget_notes(cls, comment: Comment) -> None:
        """Blank the notes of every decision on a comment that is being erased: they may quote it."""
        cls._blank_notes(DecisionItem.comment_id == comment.id)

    @classmethod
    def forget_version(cls, version: CommentRevision) -> None:
        """Blank one version of a comment, and the notes of every decision on it."""
        version.erase()
        cls._blank_notes(or_(DecisionItem.revision_id == version.id, DecisionItem.original_id == version.id))

    @classmethod
    def _blank_notes(cls, touching: ColumnElement[bool]) -> None:
        decisions = select(DecisionItem.decision_id).where(touching)
        for decision in db.session.scalars(select(cls).where(cls.id.in_(decisions), cls.note != "")):
            decision.note = ""

    @staticmethod
    def _lock(seen: Sequence[Seen]) -> dict[int, Comment]:
        """The comments, fresh from the database and held until the end of the transaction, in a fixed order."""
        ids = sorted({one.comment_id for one in seen})
        rows = db.session.scalars(
            select(Comment)
            .where(Comment.id.in_(ids))
            .order_by(Comment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return {comment.id: comment for comment in rows}

    @staticmethod
    def _says(comment: Comment, seen: Seen, after: State) -> bool:
        """Whether the comment already stands as the verdict would leave it, on the revision seen."""
        if after == State.HELD and comment.state == State.HELD and comment.public_revision_id is None:
            return True  # whichever text was seen, it is held, and none is shown
        return (
            comment.newest_revision_id == seen.revision_id
            and comment.state == after
            and (after != State.APPROVED or comment.public_revision_id == seen.revision_id)
        )

    @staticmethod
    def _conflict(comment: Comment | None, seen: Seen, verdict: Verdict, last: Decision | None) -> str:
        """Why the verdict cannot be applied to what was seen; empty when it can."""
        if comment is None or comment.state == State.ERASED:
            return "This comment was erased meanwhile."
        if comment.state == State.WITHDRAWN:
            return "Its writer has withdrawn this comment meanwhile."
        if comment.newest_revision_id != seen.revision_id:
            if verdict == Verdict.HOLD and comment.public_revision_id == seen.revision_id:
                return ""
            return "Its writer has changed the text meanwhile. Please read the new one."
        if verdict == Verdict.APPROVE and _text_is_gone(seen.revision_id):
            return "The text is no longer kept, so it cannot be published."
        if seen.decision_id is not None:
            changed = (last.id if last else 0) != seen.decision_id
        else:
            takes_back = verdict == Verdict.HOLD and comment.state == State.APPROVED
            changed = comment.state not in AWAITING and not takes_back
        if not changed:
            return ""
        if last is None:
            return "This comment was changed meanwhile."
        if comment.state == State.PENDING:
            return f"{_who(last)} has taken back a decision on it, {_ago(last.created_at)}."
        return f"Already {comment.state} by {_who(last)}, {_ago(last.created_at)}."

    @staticmethod
    def _apply(decision: Decision, comment: Comment, after: State, hide: bool = False) -> None:
        pointer = comment.public_revision_id
        if after == State.APPROVED:
            pointer = comment.newest_revision_id
        elif hide or pointer == comment.newest_revision_id:
            pointer = None
        decision._record(comment, after, pointer)

    def _put_back(self, comment: Comment, item: DecisionItem) -> None:
        """Undo one item, as part of this decision."""
        if item.original_id is not None:
            comment.restore(item.original_id)
        self._record(comment, item.state_before, item.pointer_before)

    def _record(
        self,
        comment: Comment,
        state: State,
        pointer: int | None,
        before: tuple[State, int | None] | None = None,
        original_id: int | None = None,
    ) -> None:
        """Change one comment and keep what it was before."""
        state_before, pointer_before = before or (comment.state, comment.public_revision_id)
        db.session.add(
            DecisionItem(
                decision_id=self.id,
                comment_id=comment.id,
                revision_id=comment.newest_revision_id,
                original_id=original_id,
                state_before=state_before,
                state_after=state,
                pointer_before=pointer_before,
                pointer_after=pointer,
            )
        )
        comment.state = state
        comment.public_revision_id = pointer
        comment.decided_at = self.created_at


@append_only()
class DecisionItem(Base):
    """What one decision did to one comment."""

    __tablename__ = "decision_items"
    __table_args__ = (CheckConstraint("state_before != 'erased'", name="not_erased"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("comment_revisions.id"))
    original_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment_revisions.id"), index=True
    )  # if words were masked
    state_before: Mapped[State] = mapped_column(state_column("state_before"))
    state_after: Mapped[State] = mapped_column(state_column("state_after"))
    pointer_before: Mapped[int | None] = mapped_column(ForeignKey("comment_revisions.id"))
    pointer_after: Mapped[int | None] = mapped_column(ForeignKey("comment_revisions.id"))

    comment: Mapped[Comment] = relationship(viewonly=True)

    def still_holds(self, comment: Comment) -> bool:
        """Whether the comment stands as this left it, so that it can be put back."""
        return (
            comment.state == self.state_after
            and comment.public_revision_id == self.pointer_after
            and comment.newest_revision_id == self.revision_id
            and not _text_is_gone(self.revision_id)
        )

    @classmethod
    def of(cls, decision_ids: Iterable[int]) -> Select[Self]:
        """What these decisions did to which comments, with the articles; in order."""
        return (
            select(cls)
            .where(cls.decision_id.in_(list(decision_ids)))
            .options(joinedload(cls.comment).joinedload(Comment.post))
            .order_by(cls.id)
        )

    @classmethod
    def counts(cls, decision_ids: Iterable[int]) -> dict[int, int]:
        """How many comments each of these decisions is about."""
        rows = db.session.execute(
            select(cls.decision_id, func.count())
            .where(cls.decision_id.in_(list(decision_ids)))
            .group_by(cls.decision_id)
        )
        return dict(rows.all())


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
    def unfinished(cls) -> Select[Self]:
        """What still has to be done, oldest first."""
        return select(cls).where(cls.finished_at.is_(None)).order_by(cls.id)

    @classmethod
    def start(
        cls, narrowed: Filter, verdict: Verdict, by: Account, expected: int, reason: str = "", note: str = ""
    ) -> Self:
        """Decline all that waits in a filter. Call inside `begin_write()`, then `step` until it is finished.

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
        """Undo a decision made in batches; one that is not finished stops here. Call inside `begin_write()`.

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
        """Do the next batch; whether more is left. Call inside `begin_write()`, commit, and call it again."""
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
            Decision._apply(self.decision, comment, STATE_AFTER[self.decision.verdict])
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
        comments = Decision._lock([Seen(item.comment_id, item.revision_id) for item in items])
        last = Decision.last_on(comments)
        for item in items:
            comment = comments[item.comment_id]
            if last[comment.id].id == item.decision_id and item.still_holds(comment):
                self.decision._put_back(comment, item)
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
            select(cls).where(cls.id == batch_id).with_for_update(of=cls).options(joinedload(cls.decision))
            .execution_options(populate_existing=True)
        ).one()  # fmt: skip

    @classmethod
    def _begin(cls, decision: Decision, total: int, narrowed: dict[str, Any], newest_revision_id: int) -> Self:
        db.session.add(decision)
        db.session.flush()
        batch = cls(
            decision_id=decision.id, narrowed=narrowed, newest_revision_id=newest_revision_id, total=total,
            created_at=now(),
        )  # fmt: skip
        db.session.add(batch)
        db.session.flush()
        return batch


def other_entries(post_id: int | None = None) -> Select[LogEntry]:
    """What was done at the desk and is no decision; on comments of one article, if it is named. Unordered."""
    found = select(LogEntry)
    if post_id is None:
        return found
    return found.join(Comment, Comment.id == LogEntry.comment_id).where(Comment.post_id == post_id)


def _who(decision: Decision) -> str:
    return decision.account.name if decision.account else "the sample site"


def _ago(moment: datetime) -> str:
    seconds = max(0, int((now() - moment).total_seconds()))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return f"{seconds} s ago"


def _text_is_gone(revision_id: int | None) -> bool:
    if revision_id is None:
        return False
    return bool(db.session.scalar(select(CommentRevision.erased_at).where(CommentRevision.id == revision_id)))
