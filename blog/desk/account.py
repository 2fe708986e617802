"""One's own account, and the one-time links by which accounts get their passwords."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug import Response

from blog.accounts import passkeys, passwords
from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.forms import ChangePasswordForm, ForgottenForm, NameForm, NewPasswordForm, SetupForm
from blog.accounts.models import Account, AccountLink, LinkRequest, LoginFailure, Person, RoleName
from blog.accounts.people import give_byline
from blog.accounts.second_step import ask_for_second
from blog.accounts.security import current_session, me, prove, require, sign_in
from blog.accounts.sessions import StaffSession
from blog.accounts.strength import strength
from blog.database import begin_write, db
from blog.errors import page
from blog.headers import keep_private
from blog.jobs import jobs

LINK_IS_SPENT = (
    "This link was used already, or it is older than a day. On the page for signing in, “Forgot your password?” "
    "sends you a new one; an administrator can make one with “flask users reset” and your e-mail address. If the site "
    "has no administrator yet, start the server again: it prints a new link."
)

WRITERS = RoleName.AUTHOR, RoleName.EDITOR  # whose names stand above articles

bp = Blueprint("accounts", __name__, url_prefix="/account")
bp.before_request(require())

links = Blueprint("account_links", __name__, url_prefix="/account/link")  # open to whoever holds a token
links.after_request(keep_private)


@links.get("")
def forgotten() -> str:
    return render_template("desk/account/forgotten.html", form=ForgottenForm(), sent=False)


@links.post("")
def send_link() -> str | tuple[str, int]:
    """The same answer, by the same work, whether there is such an account or not: who has one, only the job asks."""
    form = ForgottenForm()
    if not form.validate():
        return render_template("desk/account/forgotten.html", form=form, sent=False), 422
    begin_write(lock="account links")
    LoginFailure.count_link(form.email.data, request.remote_addr or "")
    LinkRequest.ask(form.email.data)
    db.session.commit()
    jobs.wake("send_asked_links")
    return render_template("desk/account/forgotten.html", form=form, sent=True)


@links.get("/<token>")
def show(token: str) -> str:
    link = _usable(token)
    return _link_page(link, _link_form(link))


@links.post("/<token>")
def use(token: str) -> Response | tuple[str, int]:
    link = _usable(token)
    form = _link_form(link)
    if not form.validate():
        return _link_page(link, form), 422
    password = passwords.hash_password(form.password.data)

    begin_write(lock="account links")
    link = _usable(token)  # again: now nobody else can use it meanwhile
    account = link.account
    if account is None:
        account = Account.register(form.email.data, form.name.data, [RoleName.ADMIN])
    give_byline(account)
    link.use()
    account.set_password(password)
    db.session.commit()
    second = ask_for_second(account, "/desk")  # a link by mail replaces the password, never the second factor
    if second is None:
        sign_in(account)
    return second or redirect("/desk", 303)


@bp.get("")
def account() -> str:
    return _account_page()


@bp.post("/name")
def rename() -> Response | tuple[str, int]:
    form = NameForm()
    if not form.validate():
        return _account_page(name_form=form), 422
    begin_write()
    me().name = form.name.data
    db.session.commit()
    flash("Your name is changed.")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/password")
def change_password() -> Response | tuple[str, int]:
    form = ChangePasswordForm(me().email, _session_name())
    if not form.validate():
        return _account_page(password_form=form), 422
    password = passwords.hash_password(form.password.data)
    begin_write()
    account, own = me(), current_session()
    is_strong = own is not None and own.is_strong  # asked first: its row goes with the password
    account.set_password(password)
    db.session.commit()
    sign_in(account, is_strong)  # this session goes on, all others have ended
    strong, advice = strength(form.password.data, [account.email, account.name])
    flash(f"Your password is changed. It is {strong}. {advice}".strip())
    flash("Everywhere else you are signed out.")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/proof/options")
def proof_options() -> Response:
    """What to ask the browser where a passkey stands in for the password that is asked for again."""
    return Response(passkeys.sign_in_options(me()), mimetype="application/json")


@bp.post("/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Response | tuple[str, int]:
    if asked := prove():
        return asked
    begin_write()
    ended = db.get_or_404(StaffSession, session_id)
    if ended.account_id != me().id:
        abort(404)
    db.session.delete(ended)
    SecurityEvent.note(EventKind.SESSION_ENDED, me().id, ended.device)
    db.session.commit()
    flash("That device is signed out.")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/sessions/end-others")
def end_other_sessions() -> Response | tuple[str, int]:
    if asked := prove():
        return asked
    own = current_session()
    begin_write()
    StaffSession.end_others(me(), own.id if own else 0)
    SecurityEvent.note(EventKind.SESSION_ENDED, me().id, "all others")
    db.session.commit()
    flash("You are signed out everywhere else.")
    return redirect(url_for("accounts.account"), 303)


def _session_name() -> str:
    found = current_session()
    return found.name if found else ""


def _usable(token: str) -> AccountLink:
    link = AccountLink.usable(token)
    if link is None:
        db.session.rollback()
        abort(make_response(page(410, LINK_IS_SPENT)))
    return link


def _link_form(link: AccountLink) -> FlaskForm:
    return NewPasswordForm(link.account.email) if link.account else SetupForm()


def _link_page(link: AccountLink, form: FlaskForm) -> str:
    return render_template(
        "desk/account/link.html", link=link, form=form, rules=passwords.PASSWORD_RULES, address=request.path
    )


def _account_page(name_form: NameForm | None = None, password_form: ChangePasswordForm | None = None) -> str:
    account = me()
    return render_template(
        "desk/account/account.html",
        account=account,
        name_form=name_form or NameForm(formdata=None, obj=account),
        password_form=password_form or ChangePasswordForm(account.email, formdata=None),
        rules=passwords.PASSWORD_RULES,
        sessions=[one for one in db.session.scalars(StaffSession.of(account)) if not one.is_over],
        own=current_session(),
        person=db.session.scalars(Person.of(account)).first() if account.has_any_role(*WRITERS) else None,
    )
