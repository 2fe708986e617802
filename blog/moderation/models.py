"""Decisions: what a moderator made of comments, bound to the revision that was seen; append-only, undone by another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from blog.accounts.models import Account
from blog.clock import now
from blog.comments.models import AWAITING, Comment, CommentRevision, State, Words, state_column
from blog.errors import Refused
from blog.extensions import Base, db
from blog.revisions import append_only


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

VERDICT = Enum(
    Verdict, native_enum=False, length=12, create_constraint=True, name="verdict",
    values_callable=lambda verdicts: [verdict.value for verdict in verdicts],
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What a moderator had before their eyes: a comment, its revision, and the last decision on it if any."""

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
    created_at: Mapped[datetime]

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
        also takes back what was approved. Saying the same again changes nothing and returns the earlier decision.
        Raises Stale naming everything that changed meanwhile, Refused when nothing was named.
        """
        comments = cls._lock(seen)
        last = cls.last_on(comments)
        after = STATE_AFTER[verdict]
        fresh: list[Comment] = []
        conflicts: list[Conflict] = []
        for one in dict.fromkeys(seen):
            comment = comments.get(one.comment_id)
            if comment is not None and cls._says(comment, one, after):
                continue
            message = cls._conflict(comment, one, verdict, last.get(one.comment_id))
            if message:
                conflicts.append(Conflict(comment, one, message))
            elif comment is not None:
                fresh.append(comment)
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
        for comment in fresh:
            cls._apply(decision, comment, after)
        db.session.flush()
        if answer:
            decision.answer(fresh[0], answer, by)
        return decision

    def answer(self, to: Comment, words: Words, by: Account | None, at: datetime | None = None) -> Comment:
        """Publish a team's reply as part of this decision."""
        comment = Comment.answer(to, words, by, at)
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
        said = db.session.scalar(Comment.same_answer(to, words, by))
        if said is not None:
            return cls.last_on([said.id])[said.id]
        decision = cls(account_id=by.id, verdict=Verdict.APPROVE, created_at=now())
        db.session.add(decision)
        db.session.flush()
        decision.answer(to, words, by)
        return decision

    def undo(self, by: Account) -> Decision:
        """Put everything back as it was before this decision, by another decision. Call inside `begin_write()`.

        Raises Refused, saying what changed, unless every comment still stands as this decision left it.
        """
        later = db.session.scalar(select(Decision).where(Decision.undoes_id == self.id))
        if later is not None:
            raise Refused(f"This was already undone by {_who(later)}, {_ago(later.created_at)}.")
        comments = self._lock([Seen(item.comment_id, item.revision_id) for item in self.items])
        last = self.last_on(comments)
        for item in self.items:
            comment = comments[item.comment_id]
            if comment.state == State.ERASED or _text_is_gone(item.revision_id):
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
            undoing._record(comments[item.comment_id], item.state_before, item.pointer_before)
        db.session.flush()
        return undoing

    @staticmethod
    def forget_notes(comment: Comment) -> None:
        """Blank the notes of every decision on a comment that is being erased: they may quote it."""
        touching = select(DecisionItem.decision_id).where(DecisionItem.comment_id == comment.id)
        for decision in db.session.scalars(select(Decision).where(Decision.id.in_(touching))):
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
            return "Its writer has changed the text meanwhile. Please read the new one."
        if seen.decision_id is not None:
            changed = last is None or last.id != seen.decision_id
        else:
            takes_back = verdict == Verdict.HOLD and comment.state == State.APPROVED
            changed = comment.state not in AWAITING and not takes_back
        if not changed:
            return ""
        if last is None:
            return "This comment was changed meanwhile."
        return f"Already {comment.state} by {_who(last)}, {_ago(last.created_at)}."

    @staticmethod
    def _apply(decision: Decision, comment: Comment, after: State) -> None:
        pointer = comment.public_revision_id
        if after == State.APPROVED:
            pointer = comment.newest_revision_id
        elif pointer == comment.newest_revision_id:
            pointer = None
        decision._record(comment, after, pointer)

    def _record(self, comment: Comment, state: State, pointer: int | None) -> None:
        """Change one comment and keep what it was before."""
        db.session.add(
            DecisionItem(
                decision_id=self.id,
                comment_id=comment.id,
                revision_id=comment.newest_revision_id,
                state_before=comment.state,
                state_after=state,
                pointer_before=comment.public_revision_id,
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
    state_before: Mapped[State] = mapped_column(state_column("state_before"))
    state_after: Mapped[State] = mapped_column(state_column("state_after"))
    pointer_before: Mapped[int | None] = mapped_column(ForeignKey("comment_revisions.id"))
    pointer_after: Mapped[int | None] = mapped_column(ForeignKey("comment_revisions.id"))

    comment: Mapped[Comment] = relationship(viewonly=True)


def _who(decision: Decision) -> str:
    return decision.account.name if decision.account else "the sample site"


def _ago(moment: datetime) -> str:
    seconds = max(0, int((now() - moment).total_seconds()))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return f"{seconds} s ago"


def _text_is_gone(revision_id: int) -> bool:
    return bool(db.session.scalar(select(CommentRevision.erased_at).where(CommentRevision.id == revision_id)))
