"""What a colleague wants to be mailed, and for administrators what waits and what failed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.desk.mail_form import PreferenceForm
from blog.jobs import jobs
from blog.mail import overview
from blog.mail.delivery import LOCAL
from blog.mail.kinds import NoticeState
from blog.mail.models import Notice
from blog.mail.preferences import Preference
from blog.mail.server import MailServer

FAILED_SHOWN = 50

choices = Blueprint("mail_choices", __name__, url_prefix="/account/mails")
choices.before_request(require())

bp = Blueprint("mail_desk", __name__, url_prefix="/desk/mail")
bp.before_request(require(RoleName.ADMIN))


@choices.get("")
def choose() -> str:
    preference = Preference.of([me()])[me().id]
    return _choices(PreferenceForm.of(preference), preference)


@choices.post("")
def save() -> Response | tuple[str, int]:
    form = PreferenceForm()
    if not form.validate():
        return _choices(form, Preference.of([me()])[me().id]), 422
    begin_write()
    form.apply(Preference.kept(me()))
    db.session.commit()
    flash("Your choice is saved.")
    return redirect(url_for("mail_choices.choose"), 303)


@bp.get("")
def index() -> str:
    counts = overview.counts()
    return render_template(
        "desk/mail.html",
        server=MailServer.current(),
        has_server=bool(current_app.config["BLOG_MAIL_URL"]),
        is_local=urlsplit(current_app.config["BLOG_SITE_URL"]).hostname in LOCAL,
        folder=current_app.config["BLOG_INSTANCE_PATH"] / "outbox",
        waiting=counts[NoticeState.WAITING],
        failures=counts[NoticeState.FAILED],
        open=db.session.scalars(overview.owed().limit(FAILED_SHOWN)).all(),
        failed=db.session.scalars(overview.failed().limit(FAILED_SHOWN)).all(),
    )


@bp.post("/notices/<int:notice_id>/retry")
def retry(notice_id: int) -> Response:
    begin_write(lock="mail")
    db.get_or_404(Notice, notice_id).try_again()
    db.session.commit()
    return _again()


@bp.post("/retry")
def retry_all() -> Response:
    """Everything that failed, and the mail server at once."""
    begin_write(lock="mail")
    MailServer.kept().try_now()
    for notice in db.session.scalars(overview.repeatable()).all():
        notice.try_again()
    db.session.commit()
    return _again()


def _again() -> Response:
    jobs.wake("send_mail")
    flash("It is tried again now. Reload this page in a moment.")
    return redirect(url_for("mail_desk.index"), 303)


def _choices(form: PreferenceForm, preference: Preference) -> str:
    values: dict[str, Any] = {"account": me(), "form": form, "preference": preference}
    return render_template("desk/account/mails.html", **values)
