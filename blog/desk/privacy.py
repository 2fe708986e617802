"""At the desk, for administrators: what is kept of a person, told and erased; and for how long anything is kept."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.clock import now
from blog.database import begin_write, db
from blog.desk.settings_form import CONTACT
from blog.errors import Refused
from blog.jobs import jobs
from blog.numbers import BIGGEST_ID
from blog.pages.models import Site
from blog.privacy import person
from blog.privacy.processing import activities
from blog.privacy.retention import RETENTION

bp = Blueprint("privacy", __name__, url_prefix="/desk/privacy")
bp.before_request(require(RoleName.ADMIN, fresh=True))


class KeepingForm(FlaskForm):
    """For how many days things are kept, as far as the site decides it, and who is responsible."""

    keep_sender_days = IntegerField("The keyed code of a sender", [InputRequired(), NumberRange(1, 365)])
    keep_declined_days = IntegerField("Declined text, and versions set aside", [InputRequired(), NumberRange(1, 3650)])
    keep_withdrawn_days = IntegerField("Withdrawn text", [InputRequired(), NumberRange(1, 3650)])
    keep_original_days = IntegerField("The original of a redacted text", [InputRequired(), NumberRange(1, 365)])
    controller = StringField("Who is responsible for the data: name and postal address", [Length(max=300)])
    privacy_contact = StringField(
        "Where people can ask about their data: an e-mail or web address", [Optional(), Length(max=200), CONTACT]
    )


@bp.get("")
def index() -> str:
    site = Site.current()
    return _page(KeepingForm(formdata=None, obj=site))


@bp.post("/search")
def search() -> str | tuple[str, int]:
    """By POST, so that no address or name stands in a log or a history."""
    wanted = _wanted()
    if not wanted.says_something:
        return _page(KeepingForm(formdata=None, obj=Site.current()), "Enter an address, a name or a number."), 422
    return render_template(
        "desk/privacy/found.html",
        wanted=wanted,
        matches=person.found(wanted),
        address=person.address_of(wanted.email),
        bylines=person.bylines_of(wanted.email),
        most=person.FOUND_MOST,
    )


@bp.post("/export")
def export() -> Response:
    """A file for the person: JSON, or a page that anybody can read."""
    about = person.told(_numbers(), request.form.get("email", ""))
    begin_write()
    SecurityEvent.note(EventKind.EXPORTED, None, f"{len(about['comments'])} comments")
    db.session.commit()
    if request.form.get("format") == "html":
        text = render_template("desk/privacy/export.html", about=about, site=Site.current(), at=now())
        answer = Response(text, mimetype="text/html")
    else:
        answer = Response(json.dumps(about, ensure_ascii=False, indent=2), mimetype="application/json")
    ending = "html" if answer.mimetype == "text/html" else "json"
    answer.headers["Content-Disposition"] = f'attachment; filename="what-we-keep.{ending}"'
    return answer


@bp.post("/erase")
def erase() -> str:
    email = request.form.get("email", "")
    if request.form.get("sure") != "yes":
        raise Refused("Tick that it cannot be undone, then erase.")
    begin_write(lock="mail")
    receipt = person.wipe(_numbers(), email)
    db.session.commit()
    person.note_for_backups(receipt, email)
    for job in ("learn_from_decisions", "empty_database_log"):  # what was learned of it, and the write-ahead log
        jobs.wake(job)
    return render_template("desk/privacy/receipt.html", receipt=receipt, site=Site.current())


@bp.post("/days")
def save_days() -> BaseResponse | tuple[str, int]:
    form = KeepingForm()
    if not form.validate():
        return _page(form), 422
    begin_write()
    Site.change({name: value for name, value in form.data.items() if name != "csrf_token"}, by_id=me().id)
    db.session.commit()
    flash("Saved.")
    return redirect(url_for("privacy.index"), 303)


@bp.get("/record")
def record() -> str:
    """What Art. 30 GDPR asks every owner to have."""
    site = Site.current()
    kept = activities(site, current_app.config)
    return render_template("desk/privacy/record.html", activities=kept, site=site, at=now())


def _wanted() -> person.Wanted:
    number = request.form.get("comment", type=int)
    in_range = number if number is not None and 0 < number <= BIGGEST_ID else None
    return person.Wanted(request.form.get("email", "")[:254], request.form.get("name", "")[:200], in_range)


def _numbers() -> list[int]:
    given = request.form.getlist("comments", type=int)[: person.FOUND_MOST]
    return [number for number in given if 0 < number <= BIGGEST_ID]


def _page(form: KeepingForm, problem: str = "") -> str:
    site = Site.current()
    kept = [(rule.name, rule.days(site)) for rule in RETENTION]
    return render_template("desk/privacy/index.html", form=form, kept=kept, problem=problem)
