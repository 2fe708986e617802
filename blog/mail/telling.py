"""From events to notices: who is told what, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import cached_property

from sqlalchemy import Select, select

from blog.accounts.models import Account, Person, RoleName
from blog.clock import now
from blog.comments.floods import Flood
from blog.comments.models import Comment
from blog.comments.urgency import Urgency
from blog.database import db
from blog.mail.kinds import About, Draft, NoticeKind
from blog.mail.models import Choice, Notice
from blog.mail.preferences import Cadence, Preference
from blog.mail.subscriptions import Subscription
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Verdict
from blog.outbox import Event, EventKind
from blog.pages.models import Site
from blog.posts.models import Post, PostPerson

EVENTS_AT_ONCE = 100  # that are read together
NOTICES_A_STEP = 50  # that are stored in one transaction
OLD_NEWS = timedelta(days=3)  # an article that came out longer before it was announced, such as an imported one


@dataclass
class Step:
    """Some notices to be stored in one short transaction, and the events that are told with them."""

    drafts: list[tuple[int, Draft]] = field(default_factory=list)  # each with the event that it tells
    told: list[int] = field(default_factory=list)

    def take(self) -> None:
        """Store them, but not those of events that somebody else has told meanwhile."""
        left = Event.lock({*self.told, *(event_id for event_id, _ in self.drafts)})
        Notice.owe(*(draft for event_id, draft in self.drafts if event_id in left))
        Event.drop(left.intersection(self.told))


def next_steps(zone: tzinfo) -> list[Step]:
    """What the oldest events are to tell, in steps that others can write between; none when all is told.

    Nothing is written yet. Who an event concerns is read while others write, for that takes longest.
    """
    telling = Telling(zone, timedelta(minutes=Site.current().mail_delay_minutes))
    steps = [Step()]
    for event in Event.oldest(EVENTS_AT_ONCE):
        for draft in telling.drafts(event):
            if len(steps[-1].drafts) == NOTICES_A_STEP:
                steps.append(Step())
            steps[-1].drafts.append((event.id, draft))
        steps[-1].told.append(event.id)
    return [step for step in steps if step.told or step.drafts]


def tell_of_floods() -> None:
    """Owe moderators word of each flood that began. Needs `begin_write()`."""
    for flood in db.session.scalars(Flood.untold()).all():
        Notice.warn(flood.id, [account.id for account in db.session.scalars(moderating())])
        flood.told_at = now()


@dataclass(frozen=True)
class Telling:
    """Who is told what of an event, and when."""

    zone: tzinfo
    delay: timedelta  # before anybody outside the team hears of a decision, so that it can be undone

    def drafts(self, event: Event) -> Iterator[Draft]:
        """A notice for everybody whom `event` concerns."""
        match event.kind:
            case EventKind.SUBMITTED:
                return self._submitted(event)
            case EventKind.DECIDED:
                return self._decided(event)
            case EventKind.ANNOUNCED:
                return self._announced(event)
            case EventKind.CORRECTED:
                return self._corrected(event)

    def _submitted(self, event: Event) -> Iterator[Draft]:
        comment = db.session.get(Comment, event.comment_id)
        if comment is None or comment.is_sample or comment.newest_revision_id != event.revision_id:
            return
        if not comment.is_waiting or comment.urgency == Urgency.LIKELY_SPAM:
            return
        about = About(comment.id, event.revision_id, comment.post_id)
        for account_id, wants in self._moderators.items():
            if comment.urgency == Urgency.EMERGENCY:
                yield Notice.draft(NoticeKind.EMERGENCY, about, account_id)
            elif wants.queue != Cadence.NEVER:
                due = wants.due(wants.queue, event.created_at, self.zone)
                yield Notice.draft(NoticeKind.ARRIVED, about, account_id, due_at=due)

    @cached_property
    def _moderators(self) -> dict[int, Preference]:
        return Preference.of(db.session.scalars(moderating()).all())

    def _decided(self, event: Event) -> Iterator[Draft]:
        decision = db.session.get(Decision, event.decision_id)
        if decision is None:
            return
        due = decision.created_at + self.delay
        if decision.verdict == Verdict.REJECT:
            declined = (
                select(DecisionItem, Choice)
                .join(Choice, Choice.comment_id == DecisionItem.comment_id)
                .where(DecisionItem.decision_id == decision.id, Choice.outcome)
                .order_by(DecisionItem.id)
            )
            for item, choice in db.session.execute(declined):
                about = About(item.comment_id, item.revision_id, None)
                yield Notice.draft(NoticeKind.DECLINED, about, choice=choice, due_at=due)
        elif decision.verdict == Verdict.APPROVE:
            approved = (
                select(DecisionItem.revision_id, Comment)
                .join(Comment, Comment.id == DecisionItem.comment_id)
                .where(DecisionItem.decision_id == decision.id, ~Comment.is_sample)
                .order_by(DecisionItem.id)
            )
            for revision_id, comment in db.session.execute(approved).all():
                yield from self._published(decision, comment, About(comment.id, revision_id, comment.post_id), due)

    def _published(self, decision: Decision, comment: Comment, about: About, due: datetime) -> Iterator[Draft]:
        own = Choice.of(comment)
        told: set[int] = {own.address_id} if own else set()
        if own and own.outcome:
            yield Notice.draft(NoticeKind.PUBLISHED, about, choice=own, due_at=due)
        parent = db.session.scalar(select(Choice).where(Choice.comment_id == comment.parent_id, Choice.answers))
        if parent and parent.address_id not in told:
            yield Notice.draft(NoticeKind.ANSWERED, about, choice=parent, due_at=due)
            if parent.confirmed_at:  # who never confirmed must not keep the address's owner from what they follow
                told.add(parent.address_id)
        for follower in db.session.scalars(Choice.followers(comment.post_id)).all():
            if follower.address_id not in told:
                told.add(follower.address_id)
                yield Notice.draft(NoticeKind.FOLLOWED, about, choice=follower, due_at=due)
        authors = writing(comment.post_id).where(Account.id.is_distinct_from(decision.account_id))
        for account_id, wants in Preference.of(db.session.scalars(authors).all()).items():
            if wants.own_posts != Cadence.NEVER:
                later = wants.due(wants.own_posts, due, self.zone)
                yield Notice.draft(NoticeKind.ON_YOUR_POSTS, about, account_id, due_at=later)

    def _announced(self, event: Event) -> Iterator[Draft]:
        """One notice for each address, with the first mail in which it wants to hear of it."""
        post = db.session.get(Post, event.post_id)
        if post is None or post.is_sample or not post.is_published or post.published_at is None:
            return
        if post.published_at < event.created_at - OLD_NEWS:
            return
        first: dict[int, tuple[datetime, int]] = {}
        for number, address_id, how_often in db.session.execute(Subscription.interested_in(post)):
            due = how_often.due(event.created_at, self.zone)
            first[address_id] = min(first.get(address_id, (due, number)), (due, number))
        for address_id, (due, number) in first.items():
            yield Notice.draft_of_post(NoticeKind.NEW_ARTICLE, f"{post.id}", number, address_id, post.id, due)

    def _corrected(self, event: Event) -> Iterator[Draft]:
        post = db.session.get(Post, event.post_id)
        if post is None or post.is_sample:
            return
        key, due = f"{post.id}:{event.revision_id}", event.created_at + self.delay
        for number, address_id in db.session.execute(Subscription.to_corrections_of(post)).all():
            yield Notice.draft_of_post(NoticeKind.CORRECTED, key, number, address_id, post.id, due)


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
