"""From events to notices: who is told what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Select, select

from blog.accounts.models import Account, Person, RoleName
from blog.comments.models import Comment
from blog.comments.urgency import Urgency
from blog.database import db
from blog.mail.models import About, Choice, Notice, NoticeKind
from blog.mail.preferences import Cadence, Preference
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Verdict
from blog.outbox import Event, EventKind
from blog.pages.models import Site
from blog.posts.models import PostPerson

TAKEN = 100  # events a transaction


@dataclass(frozen=True)
class Telling:
    """Makes the notices of an event: who is told what, and when."""

    zone: tzinfo
    delay: timedelta  # before anybody outside the team hears of a decision, so that it can be undone

    def tell(self, event: Event) -> None:
        """Owe everybody whom `event` concerns a notice. Call inside `begin_write(lock="mail")`."""
        if event.kind == EventKind.SUBMITTED:
            self._submitted(event)
        elif event.kind == EventKind.DECIDED:
            self._decided(event)

    def _submitted(self, event: Event) -> None:
        comment = db.session.get(Comment, event.comment_id)
        if comment is None or comment.is_sample or comment.newest_revision_id != event.revision_id:
            return
        if not comment.is_waiting or comment.urgency == Urgency.LIKELY_SPAM:
            return
        about = About(comment.id, event.revision_id, comment.post_id)
        moderators = db.session.scalars(moderating()).all()
        for account_id, wants in Preference.of(moderators).items():
            if comment.urgency == Urgency.EMERGENCY:
                Notice.owe(NoticeKind.EMERGENCY, about, account_id)
            elif wants.queue != Cadence.NEVER:
                due = wants.due(wants.queue, event.created_at, self.zone)
                Notice.owe(NoticeKind.ARRIVED, about, account_id, due_at=due)

    def _decided(self, event: Event) -> None:
        decision = db.session.get(Decision, event.decision_id)
        if decision is None:
            return
        due = decision.created_at + self.delay
        if decision.verdict == Verdict.REJECT:
            declined = (
                select(DecisionItem, Choice).join(Choice, Choice.comment_id == DecisionItem.comment_id)
                .where(DecisionItem.decision_id == decision.id, Choice.outcome)
            )  # fmt: skip
            for item, choice in db.session.execute(declined).all():
                about = About(item.comment_id, item.revision_id, None)
                Notice.owe(NoticeKind.DECLINED, about, choice=choice, due_at=due)
        elif decision.verdict == Verdict.APPROVE:
            approved = (
                select(DecisionItem.revision_id, Comment).join(Comment, Comment.id == DecisionItem.comment_id)
                .where(DecisionItem.decision_id == decision.id, ~Comment.is_sample).order_by(DecisionItem.id)
            )  # fmt: skip
            for revision_id, comment in db.session.execute(approved).all():
                self._published(decision, comment, About(comment.id, revision_id, comment.post_id), due)

    def _published(self, decision: Decision, comment: Comment, about: About, due: datetime) -> None:
        own = Choice.of(comment)
        told: set[int] = {own.address_id} if own else set()
        if own and own.outcome:
            Notice.owe(NoticeKind.PUBLISHED, about, choice=own, due_at=due)
        parent = db.session.scalar(select(Choice).where(Choice.comment_id == comment.parent_id, Choice.answers))
        if parent and parent.address_id not in told:
            Notice.owe(NoticeKind.ANSWERED, about, choice=parent, due_at=due)
            if parent.confirmed_at:  # who never confirmed must not keep the address's owner from what they follow
                told.add(parent.address_id)
        for follower in db.session.scalars(Choice.followers(comment.post_id)).all():
            if follower.address_id not in told:
                told.add(follower.address_id)
                Notice.owe(NoticeKind.FOLLOWED, about, choice=follower, due_at=due)
        authors = [one for one in db.session.scalars(writing(comment.post_id)).all() if one.id != decision.account_id]
        for account_id, wants in Preference.of(authors).items():
            if wants.own_posts != Cadence.NEVER:
                later = wants.due(wants.own_posts, due, self.zone)
                Notice.owe(NoticeKind.ON_YOUR_POSTS, about, account_id, due_at=later)


def moderating() -> Select[Account]:
    """Who may decide on comments now. Unordered."""
    return Account.with_roles(RoleName.MODERATOR, RoleName.ADMIN)


def writing(post_id: int) -> Select[Account]:
    """Who has an account and a name in the byline of a post. Unordered."""
    named = (
        select(Person.account_id)
        .join(PostPerson, PostPerson.person_id == Person.id)
        .where(PostPerson.post_id == post_id)
    )
    return select(Account).where(Account.active, Account.id.in_(named))


def take_events(zone: tzinfo) -> int:
    """Turn the oldest events into notices; how many there were. Call inside `begin_write(lock="mail")`."""
    telling = Telling(zone, timedelta(minutes=Site.current().mail_delay_minutes))
    events = Event.take(TAKEN)
    for event in events:
        telling.tell(event)
    return len(events)
