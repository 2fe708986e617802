"""What a mail's link opens: the page shows what it is about and asks.

GET changes nothing, so that a mail scanner that opens every link does nothing. The link is the permission and the
token.
"""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from blog.accounts.models import Account
from blog.accounts.security import current_account
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.extensions import csrf
from blog.headers import keep_private
from blog.jobs import jobs
from blog.keys import look_up_hash
from blog.mail import links
from blog.mail.letters import MODERATING
from blog.mail.links import (
    ConfirmLink,
    DecideLink,
    LeaveLink,
    SpentLink,
    StaffLeaveLink,
    StopLink,
    SubscribeLink,
    SubscriptionsLink,
)
from blog.mail.models import Address, Choice
from blog.mail.preferences import Cadence, Preference
from blog.moderation.models import Decision
from blog.moderation.verdicts import STATE_AFTER, Seen, Stale, Verdict
from blog.pages.models import Site
from blog.public import subscription_pages
from blog.public.subscription_pages import Closed

bp = Blueprint("mail", __name__, url_prefix="/mail")
bp.after_request(keep_private)
csrf.exempt(bp)


@bp.errorhandler(Closed)
def closed(error: Closed) -> tuple[str, int]:
    db.session.rollback()
    return render_template("public/mail/closed.html", title=error.title, text=error.text), error.code


@bp.get("/<token>")
def link(token: str) -> str:
    found = _read(token)
    match found:
        case DecideLink():
            account, comment = _usable(found, token)
            return render_template(
                "public/mail/decide.html",
                link=found,
                token=token,
                account=account,
                comment=comment,
                reasons=[(reason.key, reason.label) for reason in Site.current().reasons],
            )
        case ConfirmLink():
            address = _askable(found, token)
            return render_template("public/mail/confirm.html", link=found, token=token, address=address)
        case LeaveLink():
            return render_template("public/mail/leave.html", link=found, token=token, choice=_choice(found))
        case StaffLeaveLink():
            return render_template("public/mail/leave.html", link=found, token=token, choice=None)
        case SubscribeLink() | StopLink() | SubscriptionsLink():
            return subscription_pages.page(found, token)


@bp.post("/<token>")
def act(token: str) -> str | tuple[str, int]:
    found = _read(token)
    begin_write(lock=f"mail link {look_up_hash(token)}")
    match found:
        case DecideLink():
            return _decide(found, token)
        case ConfirmLink():
            address = _askable(found, token, lock=True)
            SpentLink.spend(look_up_hash(token), links.expires_at(found))
            chosen = set(request.form.getlist("comment", type=int)) if "ticked" in request.form else None
            address.confirm(found.newest_at, chosen)
            db.session.commit()
            jobs.wake("send_mail")
            return _done("Thank you", "We will write to you, and only about what you asked for.")
        case LeaveLink():
            return _leave(found, everything=bool(request.form.get("all")))
        case StaffLeaveLink():
            return _leave_staff(found)
        case SubscribeLink() | StopLink() | SubscriptionsLink():
            title, text = subscription_pages.act(found, token)
            db.session.commit()
            jobs.wake("send_mail")
            return _done(title, text)


def _read(token: str) -> links.Link:
    found = links.read(token)
    if found is None:
        abort(404)
    if links.is_expired(found):
        raise Closed(
            410,
            "This link is too old",
            "It worked for some days only. At the desk, or on the private page "
            "of the comment, everything can still be done.",
        )
    return found


def _usable(link: DecideLink, token: str) -> tuple[Account, Comment]:
    """Who decides with the link about what, while it may be used. Raises Closed."""
    account = db.session.get(Account, link.account_id)
    signed_in = current_account()
    if signed_in is not None and signed_in.id != link.account_id:
        raise Closed(
            403,
            "This link is somebody else's",
            f"You are signed in as {signed_in.name}. It was sent to a "
            "colleague, and only they may use it. You can decide at the desk.",
        )
    if account is None or not account.active or not account.has_any_role(*MODERATING):
        raise Closed(403, "This account may not decide", "It is not active any more, or does not moderate.")
    if SpentLink.is_spent(look_up_hash(token)):
        raise Closed(
            410,
            "This link was used already",
            "Each link works once. What was decided stands in the log at the desk, where it can be undone.",
        )
    comment = db.session.scalar(Comment.for_desk().where(Comment.id == link.comment_id))
    if comment is None or comment.newest_revision_id != link.revision_id or not comment.is_waiting:
        raise Closed(409, *_what_happened(link, comment))
    return account, comment


def _what_happened(link: DecideLink, comment: Comment | None) -> tuple[str, str]:
    """Why nothing can be decided with the link: title and text of the page that says so."""
    if comment is None or comment.is_gone:
        return "This comment is gone", "Its writer has withdrawn or erased it. There is nothing to decide."
    if comment.newest_revision_id != link.revision_id:
        return "This comment has changed", (
            "Its writer has changed the text since this mail was sent. Nothing was decided; please look at the desk."
        )
    return "This comment was decided already", (
        f"It is {comment.state} now. Your link has changed nothing; at the desk you can decide again."
    )


def _decide(link: DecideLink, token: str) -> str:
    account, _ = _usable(link, token)
    verdict = Verdict(link.verdict)
    reason = request.form.get("reason", "") if verdict == Verdict.REJECT else ""
    if reason and Site.current().reason(reason) is None:
        raise Closed(
            409, "That reason is no longer on the list", "Nothing was decided. Please open the mail's link again."
        )
    SpentLink.spend(look_up_hash(token), links.expires_at(link))
    try:
        Decision.make([Seen(link.comment_id, link.revision_id)], verdict, account, reason=reason)
    except Stale as stale:
        raise Closed(409, "This comment has changed", str(stale)) from stale
    db.session.commit()
    return _done(f"The comment is {STATE_AFTER[verdict]} now", "You can undo it at the desk.", desk=True)


def _askable(link: ConfirmLink, token: str, lock: bool = False) -> Address:
    """The address that a link confirms, while there is something to confirm. Raises Closed."""
    address = db.session.get(Address, link.address_id, with_for_update=lock)
    if SpentLink.is_spent(look_up_hash(token)):
        raise Closed(
            410, "This is confirmed already", "There is nothing more to do. Each of our mails has a link to stop them."
        )
    if address is None or address.email is None:
        raise Closed(
            410, "There is nothing to confirm", "Nobody wants mail at this address any more, and we do not keep it."
        )
    return address


def _choice(link: LeaveLink) -> Choice | None:
    choice = db.session.get(Choice, link.choice_id)
    return choice if choice is not None and choice.address_id == link.address_id else None


def _leave(link: LeaveLink, everything: bool) -> str:
    choice = _choice(link)
    if everything:
        address = db.session.get(Address, link.address_id)
        if address is not None:
            address.leave()
    elif choice is not None and link.kind == "follows":
        choice.unfollow()
    elif choice is not None:
        choice.end()
    db.session.commit()
    return _done(
        "You get no more of these mails",
        "All of them have ended." if everything else "Nothing more of this kind is sent.",
    )


def _leave_staff(link: StaffLeaveLink) -> str:
    account = db.get_or_404(Account, link.account_id)
    preference = Preference.kept(account)
    setattr(preference, "own_posts" if link.kind == "own_posts" else "queue", Cadence.NEVER)
    db.session.commit()
    still = "Mails about emergencies still come. " if account.has_any_role(*MODERATING) else ""
    return _done("You get no more of these mails", f"{still}You can choose again on the page of your account.")


def _done(title: str, text: str, desk: bool = False) -> str:
    return render_template("public/mail/done.html", title=title, text=text, desk=desk)
