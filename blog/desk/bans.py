"""At the desk: who may not comment for a while."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.comments.bans import DAYS, Ban, Scope
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.errors import Refused
from blog.numbers import BIGGEST_ID, number_or_none
from blog.words import count_of

bp = Blueprint("bans", __name__, url_prefix="/desk/bans")
bp.before_request(require(RoleName.MODERATOR))


class BanForm(FlaskForm):
    """Whom to keep out, known by one of their comments, and for how long."""

    comment = IntegerField(
        "Number of the comment", widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, BIGGEST_ID)]
    )
    scope = SelectField(
        "Whom",
        choices=[
            SelectChoice(Scope.SENDER, "this sender only"),
            SelectChoice(Scope.NETWORK, "the network around it (up to 256 addresses, or a whole site)"),
        ],
    )
    days = SelectField("For", coerce=int, choices=[SelectChoice(days, count_of(days, "day")) for days in DAYS])
    note = StringField("Why, for colleagues", validators=[Length(max=200)])


@bp.get("")
def index() -> str:
    number = number_or_none(request.args.get("comment", ""))
    if number is None:
        return _page()
    return _page(BanForm(data={"comment": number, "scope": Scope.SENDER, "days": 7}), _comment(number))


@bp.post("")
def ban() -> Response | tuple[str, int]:
    form = BanForm()
    if not form.validate():
        return _page(form, _comment(form.comment.data) if not form.comment.errors else None), 422

    begin_write()
    comment = _comment(form.comment.data, lock=True)
    scope = Scope(form.scope.data)
    hash = comment.sender_hash if scope == Scope.SENDER else comment.network_hash
    if not hash:
        raise Refused("Who sent this comment is no longer known, so nobody can be kept out for it.")
    Ban.put(scope, hash, form.days.data, me(), comment.id, form.note.data or "")
    db.session.commit()
    return redirect(url_for("bans.index"), 303)


@bp.post("/<int:ban_id>/lift")
def lift(ban_id: int) -> Response:
    begin_write()
    db.get_or_404(Ban, ban_id).lift(me())
    db.session.commit()
    return redirect(url_for("bans.index"), 303)


def _comment(number: int, lock: bool = False) -> Comment:
    if not 0 < number <= BIGGEST_ID:
        abort(404)
    found = Comment.for_desk().where(Comment.id == number)
    return db.first_or_404(found.with_for_update(of=Comment) if lock else found)  # type: ignore[no-any-return]


def _page(form: BanForm | None = None, comment: Comment | None = None) -> str:
    bans: Any = db.session.scalars(Ban.in_force()).all()
    return render_template("desk/bans.html", bans=bans, form=form, comment=comment)
