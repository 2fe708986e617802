"""Decisions: what a moderator made of comments, bound to the revision that was seen; append-only, undone by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, Text, exists, func, or_, select
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship

from blog.accounts.models import Account
from blog.clock import now
from blog.comments import sending
from blog.comments.models import AWAITING, Comment, CommentRevision, State, state_column
from blog.comments.words import Words
from blog.database import Base, db
from blog.errors import Refused
from blog.moderation.verdicts import STATE_AFTER, VERDICT, Conflict, Seen, Stale, Verdict
from blog.outbox import Event, EventKind
from blog.revisions import append_only
from blog.words import age

UNDOING_STAYS = "Undoing cannot be undone. Decide again instead."


@append_only(may_change=frozenset({"note", "message"}))
class Decision(Base):
    """One verdict by one account on one or many comments, with an item for each."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)  # none: the sample site
    verdict: Mapped[Verdict] = mapped_column(VERDICT)
    reason: Mapped[str] = mapped_column(String(40), default="")  # key of a reason in the settings
    note: Mapped[str] = mapped_column(Text, default="")  # for colleagues; blanked when a comment is erased
    message: Mapped[str] = mapped_column(Text, default="", server_default="")  # to the writer alone; blanked likewise
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(index=True)

    items: Mapped[list[DecisionItem]] = relationship(viewonly=True, order_by="DecisionItem.id")
    account: Mapped[Account | None] = relationship(viewonly=True)

    # Queries

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

    @classmethod
    def messages_to(cls, comment: Comment) -> Sequence[Decision]:
        """What moderators answered the writer of a comment privately, oldest first; not what was undone."""
        touching = select(DecisionItem.decision_id).where(DecisionItem.comment_id == comment.id)
        messages = select(cls).where(cls.id.in_(touching), cls.message != "", ~cls.is_undone())
        return db.session.scalars(messages.order_by(cls.id)).all()

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
        message: str = "",
    ) -> Decision:
        """Decide on what was seen: all of it or nothing.

        `answer` is published with approving one comment, `message` told to the writer of one alone.

        A `Seen` that names the last decision on its comment holds while that is still the last one. One that names
        none holds while the comment waits; a hold, which can only hide, is also taken for an approved comment, and
        for an older text that is still shown while a newer one waits. Saying the same again without a message
        changes nothing and returns the earlier decision.
        Raises Stale naming everything that changed meanwhile, Refused when nothing was named.
        """
        comments = lock_comments(seen)
        last = cls.last_on(comments)
        fresh = _to_decide(seen, comments, last, verdict, again=bool(message))
        if not fresh:
            if not last:
                raise Refused("Choose at least one comment.")
            if answer and by:
                return cls.reply(seen[0].comment_id, answer, by)
            return max(last.values(), key=lambda decision: decision.id)
        decision = cls(
            account_id=by.id if by else None,
            verdict=verdict,
            reason=reason,
            note=note,
            message=message,
            created_at=at or now(),
        )
        db.session.add(decision)
        db.session.flush()
        for comment, is_older in fresh:
            decision.apply(comment, STATE_AFTER[verdict], hide=is_older)
        db.session.flush()
        if answer:
            decision.answer(fresh[0][0], answer, by)
        Event.note(EventKind.DECIDED, decision_id=decision.id)
        return decision

    def answer(self, to: Comment, words: Words, by: Account | None, at: datetime | None = None) -> Comment:
        """Publish a team's reply as part of this decision."""
        comment = sending.answer(to, words, by, at)
        self.apply(comment, State.APPROVED)
        db.session.flush()
        return comment

    @classmethod
    def reply(cls, to_id: int, words: Words, by: Account) -> Decision:
        """Publish a team's reply to a comment that is public now; the same words again are the same reply.

        Raises Refused when the comment is not public.
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
        """Publish `words`, the text that was seen with parts of it redacted, as a new revision.

        Undoing it brings the original back, as long as its text is kept. Raises Stale as `make` does.
        """
        comments = lock_comments([seen])
        comment = comments.get(seen.comment_id)
        message = _conflict(comment, seen, Verdict.APPROVE, cls.last_on(comments).get(seen.comment_id))
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
        """Put everything back as it was before this decision, by another decision.

        Raises Refused, saying what changed, unless every comment still stands as this decision left it. Decisions
        made in batches are undone in batches: see BatchDecision.
        """
        self.refuse_second_undo()
        if self.verdict == Verdict.UNDO:  # of redacted words it would leave the original as the newest, kept for ever
            raise Refused(UNDOING_STAYS)
        comments = lock_comments([Seen(item.comment_id, item.revision_id) for item in self.items])
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
                raise Refused(f"{_who(newer)} has decided again, {age(newer.created_at)} ago. Look again first.")
            if comment.newest_revision_id != item.revision_id:
                raise Refused("Its writer has changed the text meanwhile. Look again first.")
        undoing = Decision(account_id=by.id, verdict=Verdict.UNDO, undoes_id=self.id, created_at=now())
        db.session.add(undoing)
        db.session.flush()
        for item in self.items:
            undoing.put_back(comments[item.comment_id], item)
        db.session.flush()
        return undoing

    def refuse_second_undo(self) -> None:
        """Raises Refused when this was undone before, naming who did it."""
        later = db.session.scalar(select(Decision).where(Decision.undoes_id == self.id))
        if later is not None:
            raise Refused(f"This was already undone by {_who(later)}, {age(later.created_at)} ago.")

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
        for decision in db.session.scalars(
            select(cls).where(cls.id.in_(decisions), or_(cls.note != "", cls.message != ""))
        ):
            decision.note = decision.message = ""

    def apply(self, comment: Comment, after: State, hide: bool = False) -> None:
        """Bring one comment, locked before, into a state; `hide` takes an older text off the site, too."""
        pointer = comment.public_revision_id
        if after == State.APPROVED:
            pointer = comment.newest_revision_id
        elif hide or pointer == comment.newest_revision_id:
            pointer = None
        self._record(comment, after, pointer)

    def put_back(self, comment: Comment, item: DecisionItem) -> None:
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
        show = comment.show_again if self.verdict == Verdict.UNDO else comment.show
        show(pointer, self.created_at)
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
    )  # if words were redacted
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


def lock_comments(seen: Sequence[Seen]) -> dict[int, Comment]:
    """The comments, fresh from the database and held until the end of the transaction, in a fixed order."""
    ids = sorted({pair.comment_id for pair in seen})
    rows = db.session.scalars(
        select(Comment)
        .where(Comment.id.in_(ids))
        .order_by(Comment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {comment.id: comment for comment in rows}


def _to_decide(
    seen: Sequence[Seen],
    comments: Mapping[int, Comment],
    last: Mapping[int, Decision],
    verdict: Verdict,
    again: bool,
) -> list[tuple[Comment, bool]]:
    """What of it is not decided so yet, or is said `again`; with each whether an older text was seen that still stands.

    Raises Stale naming everything that changed since it was seen.
    """
    fresh: list[tuple[Comment, bool]] = []
    conflicts: list[Conflict] = []
    for pair in dict.fromkeys(seen):
        comment = comments.get(pair.comment_id)
        if comment is not None and not again and _stands_so(comment, pair, STATE_AFTER[verdict]):
            continue
        problem = _conflict(comment, pair, verdict, last.get(pair.comment_id))
        if problem:
            conflicts.append(Conflict(comment, pair, problem))
        elif comment is not None:
            fresh.append((comment, pair.revision_id != comment.newest_revision_id))
    if conflicts:
        raise Stale(conflicts)
    return fresh


def _stands_so(comment: Comment, seen: Seen, after: State) -> bool:
    """Whether the comment already stands as the verdict would leave it, on the revision seen."""
    if after == State.HELD and comment.state == State.HELD and comment.public_revision_id is None:
        return True  # whichever text was seen, it is held, and none is shown
    return (
        comment.newest_revision_id == seen.revision_id
        and comment.state == after
        and (after != State.APPROVED or comment.public_revision_id == seen.revision_id)
    )


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
    if verdict == Verdict.APPROVE and (why_not := _why_not_shown(seen.revision_id)):
        return why_not
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
        return f"{_who(last)} has taken back a decision on it, {age(last.created_at)} ago."
    return f"Already {comment.state} by {_who(last)}, {age(last.created_at)} ago."


def _who(decision: Decision) -> str:
    return decision.account.name if decision.account else "the sample site"


def _why_not_shown(revision_id: int) -> str:
    """Why this version cannot be published, whoever decides so; empty when it can."""
    revision = db.session.get_one(CommentRevision, revision_id)
    if revision.erased_at is not None:
        return "The text is no longer kept, so it cannot be published."
    if not revision.is_whole():
        return "The disk has damaged this text: it is not what was written, so it cannot be published."
    return ""


def _text_is_gone(revision_id: int | None) -> bool:
    if revision_id is None:
        return False
    return bool(db.session.scalar(select(CommentRevision.erased_at).where(CommentRevision.id == revision_id)))
