"""What the links in mails to subscribers open: confirm, stop, change. GET shows and asks, POST acts."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request

from blog.database import db
from blog.keys import look_up_hash
from blog.mail import links, subscribing
from blog.mail.links import SpentLink, StopLink, SubscribeLink, SubscriberLink, SubscriptionsLink
from blog.mail.models import Address
from blog.mail.subscriptions import HowOften, Subscription

STOP = "stop"  # beside the values of HowOften, on the page of all subscriptions

Told = tuple[str, str]  # title and text of the page that says what was done


class Closed(Exception):
    """The link does nothing (any more); the message says why."""

    def __init__(self, code: int, title: str, text: str) -> None:
        super().__init__(text)
        self.code, self.title, self.text = code, title, text


def page(link: SubscriberLink, token: str) -> str:
    """What a link shows before anything happens. Raises Closed."""
    match link:
        case SubscribeLink():
            _, asked = _asked(link, token)
            return render_template("public/mail/subscribe.html", link=link, token=token, asked=asked)
        case StopLink():
            return render_template("public/mail/stop.html", token=token, subscription=_wanted(link))
        case SubscriptionsLink():
            _, own = _own(link.address_id)
            return render_template("public/mail/subscriptions.html", token=token, own=own, stop=STOP)


def act(link: SubscriberLink, token: str) -> Told:
    """Do what the link is for; the caller commits. Raises Closed."""
    match link:
        case SubscribeLink():
            return _confirm(link, token)
        case StopLink():
            return _stop(link)
        case SubscriptionsLink():
            return _change(link)


def _confirm(link: SubscribeLink, token: str) -> Told:
    address, asked = _asked(link, token)
    SpentLink.spend(look_up_hash(token), links.expires_at(link))
    chosen = {one.id for one in asked} & set(request.form.getlist("subscription", type=int))
    kept = {one.id for one in asked if one.id > link.newest_id} - chosen  # asked for since: their own mail asks
    subscribing.confirm(address, chosen, kept)
    if not chosen:
        return "You get none of these mails", "Nothing was ticked, so nothing is sent."
    return "Thank you", "We will write to you, and only about what you ticked. Each mail has a link to stop."


def _stop(link: StopLink) -> Told:
    wanted, address = _wanted(link), _address(link.address_id)
    if address is not None and request.form.get("all"):
        address.leave()
        return "You get no more mails from us", "All of them have ended, and your address is deleted."
    if address is not None and wanted is not None:
        subscribing.end(wanted, address)
    return "You get no more of these mails", "Nothing more of this kind is sent."


def _change(link: SubscriptionsLink) -> Told:
    address, own = _own(link.address_id)
    for one in own:
        choice = request.form.get(f"often-{one.id}", "")
        if request.form.get("all") or choice == STOP:
            subscribing.end(one, address)
        elif choice in set(HowOften) and not one.is_of_corrections:
            one.how_often = HowOften(choice)
    return "Your choice is saved", "It holds from the next article on."


def _asked(link: SubscribeLink, token: str) -> tuple[Address, Sequence[Subscription]]:
    """An address and what its owner has not confirmed yet. Raises Closed where there is nothing to confirm."""
    if SpentLink.is_spent(look_up_hash(token)):
        raise Closed(
            410, "This is confirmed already", "There is nothing more to do. Each of our mails has a link to stop them."
        )
    address = _address(link.address_id)
    asked = [one for one in db.session.scalars(Subscription.of(link.address_id)) if one.confirmed_at is None]
    if address is None or not asked:
        raise Closed(410, "There is nothing to confirm", "Nobody wants mail at this address, and we do not keep it.")
    return address, asked


def _own(address_id: int) -> tuple[Address, Sequence[Subscription]]:
    """An address and what its owner has confirmed. Raises Closed where nothing is left."""
    address = _address(address_id)
    own = [one for one in db.session.scalars(Subscription.of(address_id)) if one.confirmed_at is not None]
    if address is None or not own:
        raise Closed(410, "You get no mails from us", "All of them have ended. You can subscribe again on the site.")
    return address, own


def _wanted(link: StopLink) -> Subscription | None:
    wanted = db.session.get(Subscription, link.subscription_id)
    return wanted if wanted is not None and wanted.address_id == link.address_id else None


def _address(address_id: int) -> Address | None:
    address = db.session.get(Address, address_id)
    return address if address is not None and address.email is not None else None
