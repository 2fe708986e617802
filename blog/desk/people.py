"""At the desk, for administrators: colleagues with their roles, and the people of bylines."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blog.accounts import people
from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.models import LINK_LIFETIME_HOURS, Account, AccountLink, Person, Purpose, RoleName
from blog.accounts.security import me, require
from blog.addresses import absolute
from blog.database import begin_write, db
from blog.desk.people_form import InviteForm, PersonForm, RolesForm
from blog.errors import Refused
from blog.jobs import jobs
from blog.mail.models import Notice
from blog.mail.security import tell
from blog.media import portraits
from blog.pages.models import Site

bp = Blueprint("people", __name__, url_prefix="/desk/people")
bp.before_request(require(RoleName.ADMIN, fresh=True))


@bp.get("")
def index() -> str:
    return _index(InviteForm(formdata=None))


@bp.post("")
def invite() -> str | Response | tuple[str, int]:
    form = InviteForm()
    if not form.validate():
        return _index(form), 422
    begin_write(lock="account links")
    account = Account.register(form.email.data, form.name.data, form.chosen)
    db.session.flush()
    SecurityEvent.note(EventKind.ACCOUNT_ADDED, account.id, ", ".join(form.chosen))
    return _send_link(account, Purpose.INVITE, by_mail=form.way.data == "mail")


@bp.get("/<int:account_id>")
def show(account_id: int) -> str:
    account = db.get_or_404(Account, account_id)
    return _account_page(account, RolesForm(data={"roles": [str(name) for name in account.role_names]}))


@bp.post("/<int:account_id>")
def change(account_id: int) -> Response | tuple[str, int]:
    form = RolesForm()
    if not form.validate():
        return _account_page(db.get_or_404(Account, account_id), form), 422
    begin_write(lock="account links")
    account = db.get_or_404(Account, account_id)
    if people.change_roles(account, form.chosen, me()):
        tell(account, f"Your roles were changed by an administrator. They are now: {', '.join(account.role_names)}.")
    return _done(account, f"{account.name} has these roles now.")


@bp.post("/<int:account_id>/deactivate")
def deactivate(account_id: int) -> Response:
    begin_write(lock="account links")
    account = db.get_or_404(Account, account_id)
    people.deactivate(account, me())
    return _done(account, f"{account.name} is signed out everywhere and can sign in no more.")


@bp.post("/<int:account_id>/sign-out")
def sign_out(account_id: int) -> Response:
    """For a laptop that was stolen, or a colleague who forgot to."""
    begin_write()
    account = db.get_or_404(Account, account_id)
    account.end_sessions()
    SecurityEvent.note(EventKind.SESSION_ENDED, account.id, "all")
    return _done(account, f"{account.name} is signed out everywhere.")


@bp.post("/<int:account_id>/activate")
def activate(account_id: int) -> Response:
    begin_write(lock="account links")
    account = db.get_or_404(Account, account_id)
    account.activate()
    return _done(account, f"{account.name} can sign in again, with the password of before.")


@bp.post("/<int:account_id>/link")
def link(account_id: int) -> str | Response:
    """A new link, shown once: for whoever has lost the mail or the password."""
    begin_write(lock="account links")
    account = db.get_or_404(Account, account_id)
    if not account.active:
        raise Refused("This account is deactivated. Activate it first.")
    SecurityEvent.note(EventKind.LINK_MADE, account.id)
    return _send_link(account, Purpose.RESET if account.password else Purpose.INVITE, by_mail=False)


@bp.post("/<int:account_id>/reset-factor")
def reset_factor(account_id: int) -> Response:
    begin_write(lock="second factors")
    account = db.get_or_404(Account, account_id)
    if account.id == me().id:
        raise Refused("Change your own second factors in your account.")
    people.reset_factor(account)
    tell(account, "The second factors of your account were reset by an administrator.")
    return _done(account, f"{account.name} signs in with the password alone until a new second factor is set up.")


# People of bylines


@bp.get("/bylines/new")
def new_person() -> str:
    return _person_page(None, PersonForm(_accounts(), formdata=None))


@bp.post("/bylines/new")
def add_person() -> Response | tuple[str, int]:
    form = PersonForm(_accounts())
    if not form.validate():
        return _person_page(None, form), 422
    begin_write(lock="people")
    person = Person(slug=people.free_slug(form.name.data), name=form.name.data)
    db.session.add(person)
    return _save(person, form)


@bp.get("/bylines/<int:person_id>")
def edit_person(person_id: int) -> str:
    person = db.get_or_404(Person, person_id)
    return _person_page(person, PersonForm(_accounts(), formdata=None, obj=person))


@bp.post("/bylines/<int:person_id>")
def save_person(person_id: int) -> Response | tuple[str, int]:
    form = PersonForm(_accounts())
    if not form.validate():
        return _person_page(db.get_or_404(Person, person_id), form), 422
    begin_write(lock="people")
    return _save(Person.held(person_id) or abort(404), form)


def _save(person: Person, form: PersonForm) -> Response:
    person.name, person.credentials = form.name.data, form.credentials.data or None
    person.bio, person.interests = form.bio.data or "", form.interests.data or ""
    person.is_team = form.is_team.data
    person.is_sample = False  # whoever is changed here is the site's own
    said = _give(person, form.account_id.data or None)
    db.session.commit()
    flash(f"{person.name} is saved.{said}")
    return redirect(url_for("people.index"), 303)


def _give(person: Person, account_id: int | None) -> str:
    """The name is this account's from now on. A portrait shows whoever had it before, so it goes: said in words."""
    before, person.account_id = person.account_id, account_id
    if before in (None, account_id) or person.portrait is None:
        return ""
    portraits.remove(person)
    return " The portrait is taken away, because the name no longer belongs to the same account."


def _send_link(account: Account, purpose: Purpose, by_mail: bool) -> str | Response:
    """Commits. The link itself is stored nowhere: it stands in the mail, or on this one answer."""
    _, token = AccountLink.issue(purpose, account)
    url = absolute(url_for("account_links.show", token=token))
    if by_mail:
        words = {
            "name": account.name,
            "by": me().name,
            "url": url,
            "site": Site.current(),
            "hours": LINK_LIFETIME_HOURS,
        }
        subject, _, text = render_template("mail/invited.txt", **words).partition("\n")
        Notice.send_words(account, subject, text, render_template("mail/invited.html", **words, subject=subject))
        db.session.commit()
        jobs.wake("send_mail")
        flash(f"{account.name} gets a mail with a link to choose a password.")
        return redirect(url_for("people.index"), 303)
    db.session.commit()
    return render_template("desk/people/link.html", account=account, url=url, hours=LINK_LIFETIME_HOURS)


def _done(account: Account, said: str) -> Response:
    db.session.commit()
    jobs.wake("send_mail")
    flash(said)
    return redirect(url_for("people.show", account_id=account.id), 303)


def _accounts() -> list[Account]:
    return list(db.session.scalars(Account.by_email()))


def _index(form: InviteForm) -> str:
    persons = db.session.scalars(Person.by_name()).all()
    return render_template("desk/people/index.html", colleagues=people.colleagues(), persons=persons, form=form)


def _account_page(account: Account, form: RolesForm) -> str:
    [colleague] = [one for one in people.colleagues() if one.account.id == account.id]
    return render_template("desk/people/account.html", colleague=colleague, form=form, is_me=account.id == me().id)


def _person_page(person: Person | None, form: PersonForm) -> str:
    return render_template("desk/people/person.html", person=person, form=form)
