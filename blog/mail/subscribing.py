"""Subscribing, confirming, changing and stopping. Views commit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Select, func, select

from blog.clock import now
from blog.database import db
from blog.errors import Refused
from blog.mail.kinds import NoticeKind, NoticeState
from blog.mail.models import ASK_AGAIN_DAYS, Address, Notice
from blog.mail.subscriptions import PER_ADDRESS, PER_SENDER, HowOften, Subscription, Topic

QUESTIONS_MOST = 3  # to one address in ASK_AGAIN_DAYS: a mail may be lost
QUESTIONS_TO_OWNER = 10  # the same, to one that confirmed something: its owner asks for more


class TooManySubscriptions(Refused):
    """A sender has asked for so much in a day that nothing more is taken."""


def subscribe(email: str, topic: Topic, how_often: HowOften, sender_hash: str) -> None:
    """Somebody asks for mails to an address; its owner is asked, and nothing is sent before they confirm.

    Call inside `begin_write(lock=…)` with a lock for the sender. What is subscribed to already is left as it is: only
    its owner may change it. Raises TooManySubscriptions.
    """
    if Subscription.asked_by(sender_hash) >= PER_SENDER:
        raise TooManySubscriptions("That is a lot for one day. Please come back tomorrow.")
    address = Address.kept(email)
    if Subscription.on(address.id, topic) is None and _count_of(address) < PER_ADDRESS:
        wanted = Subscription(
            address_id=address.id,
            topic=topic.name,
            entry_id=topic.entry_id,
            post_id=topic.post_id,
            how_often=HowOften.INSTANT if topic.post_id else how_often,
            sender_hash=sender_hash,
            created_at=now(),
        )
        db.session.add(wanted)
        db.session.flush()
    newest = db.session.scalar(_of(address, unconfirmed=True).with_only_columns(func.max(Subscription.id)))
    if newest is not None and _may_be_asked(address):
        Notice.ask_subscriber(address, newest)


def confirm(address: Address, chosen: Collection[int], undecided: Collection[int] = ()) -> None:
    """The owner of an address wants these of what was asked for; the others are forgotten, but for the undecided."""
    for one in db.session.scalars(Subscription.of(address.id)).all():
        if one.id in chosen:
            one.confirmed_at = one.confirmed_at or now()
        elif one.confirmed_at is None and one.id not in undecided:
            end(one, address)
    if chosen:
        address.confirmed_at = now()


def end(wanted: Subscription, address: Address) -> None:
    """No more mails of this subscription; the address is forgotten with the last of them."""
    Notice.cancel(Notice.subscription_id == wanted.id)
    db.session.delete(wanted)
    db.session.flush()
    address.forget_if_unused()


def drop(wanted: Subscription) -> None:
    """Its days are over: nobody confirmed it."""
    end(wanted, db.session.get_one(Address, wanted.address_id))


def _may_be_asked(address: Address) -> bool:
    """Whether its owner may be asked again: questions are all that an address gets unasked."""
    lately = Notice.kind == NoticeKind.SUBSCRIBING, Notice.created_at > now() - timedelta(days=ASK_AGAIN_DAYS)
    asked = select(Notice.state).where(Notice.address_id == address.id, *lately)
    states = db.session.scalars(asked).all()
    most = QUESTIONS_TO_OWNER if address.confirmed_at else QUESTIONS_MOST
    return address.suspended_at is None and len(states) < most and NoticeState.WAITING not in states


def _count_of(address: Address) -> int:
    return db.session.scalar(_of(address).with_only_columns(func.count())) or 0


def _of(address: Address, unconfirmed: bool = False) -> Select[Subscription]:
    own = select(Subscription).where(Subscription.address_id == address.id)
    return own.where(Subscription.confirmed_at.is_(None)) if unconfirmed else own
