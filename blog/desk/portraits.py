"""At the desk: the portrait beside a name, brought and taken away by its owner or an administrator."""

from __future__ import annotations

from typing import Any, Self

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import Length

from blog.accounts.models import PORTRAIT_ALT_MAX_CHARS, Person, RoleName
from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.desk.media import TAKEN
from blog.errors import Refused
from blog.headers import MEDIA_POLICY
from blog.media import portraits
from blog.media.arriving import MOST_BYTES
from blog.numbers import BIGGEST_ID
from blog.sessions import take_files
from blog.text.characters import clean_line

bp = Blueprint("portraits", __name__, url_prefix="/desk/media/portraits")
bp.before_request(require(RoleName.AUTHOR, RoleName.EDITOR))
bp.url_value_preprocessor(take_files)


AS_IT_IS = SelectChoice("", "As it is now")  # of a new picture, where a face mostly is


class PortraitForm(FlaskForm):
    """A picture of somebody, and what it shows. Of one that is kept another part can be chosen without sending it."""

    file = FileField("Picture")
    part = RadioField(
        "Which part of it",
        choices=[AS_IT_IS, *(SelectChoice(*one) for one in portraits.PARTS.items())],
        default=AS_IT_IS.value,
    )
    alt = StringField(
        "What it shows", [Length(max=PORTRAIT_ALT_MAX_CHARS)], filters=[lambda text: clean_line(text or "")]
    )

    @classmethod
    def of(cls, person: Person, **kwargs: Any) -> Self:
        form = cls(**kwargs)
        form.is_kept = portraits.is_kept(person.portrait)
        return form

    is_kept = False

    def keep_for(self, person: Person) -> bool:
        """Keep what was sent; False with a problem beside its field. Commits."""
        if not self.validate():
            return False
        try:
            self._keep(person)
        except Refused as refusal:
            db.session.rollback()
            self.file.errors = [str(refusal)]
            return False
        return True

    def _keep(self, person: Person) -> None:
        if self.file.data:
            portraits.arrive(self.file.data.read(), person, self.alt.data, self.part.data or "face")
        elif self.is_kept and self.part.data:
            portraits.cut_anew(person, self.alt.data, self.part.data)
        else:
            portraits.describe(person, self.alt.data)


@bp.get("/<int:person_id>")
def show(person_id: int) -> str:
    person = _mine(person_id)
    form = PortraitForm.of(person, formdata=None, data={"alt": person.portrait_alt})
    if not form.is_kept:
        form.part.data = "face"
    return _page(person, form)


@bp.get("/<int:person_id>/original")
def original(person_id: int) -> Response:
    """The picture that the square was cut from."""
    digest = _mine(person_id).portrait
    body = portraits.original(digest) if digest else None
    if body is None:
        abort(404)
    answer = make_response(body)
    answer.mimetype = "image/jpeg"
    answer.headers["Content-Security-Policy"] = MEDIA_POLICY
    return answer


@bp.post("/<int:person_id>")
def save(person_id: int) -> Response | tuple[str, int]:
    person = _mine(person_id)
    form = PortraitForm.of(person)
    if not form.keep_for(person):
        return _page(_mine(person_id), form), 422  # asked again: it may have become somebody else's meanwhile
    return _done(person_id, "The portrait is saved.")


@bp.post("/<int:person_id>/removal")
def remove(person_id: int) -> Response:
    begin_write(lock="media")
    portraits.remove(_mine(person_id))
    db.session.commit()
    return _done(person_id, "The portrait is taken away. Initials stand in its place.")


def _mine(person_id: int) -> Person:
    """The person, for whoever it is and for administrators; for others there is none."""
    person = db.session.get(Person, person_id) if person_id <= BIGGEST_ID else None
    if person is None or not (person.account_id == me().id or RoleName.ADMIN in me().role_names):
        abort(404)
    return person


def _done(person_id: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("portraits.show", person_id=person_id), 303)


def _page(person: Person, form: PortraitForm) -> str:
    return render_template(
        "desk/portrait.html",
        person=person,
        form=form,
        taken=TAKEN,
        most_mb=MOST_BYTES // 1024 // 1024,
    )
