"""At the desk: pictures, brought several at once, described, replaced, and deleted while nothing shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.desk.media_form import MediaForm
from blog.errors import Refused
from blog.media import arriving
from blog.media.models import Media
from blog.media.storage import Away, log_away
from blog.numbers import BIGGEST_ID, number_or_none
from blog.posts import pictures
from blog.sessions import take_files

PAGE_LENGTH = 24
MOST_FILES = 20  # in one sending; the script sends each by itself
TAKEN = "image/jpeg,image/png,image/webp,image/avif,image/gif"  # without HEIC here, phones send JPEG

bp = Blueprint("media_desk", __name__, url_prefix="/desk/media")
bp.before_request(require(RoleName.AUTHOR, RoleName.EDITOR))
bp.url_value_preprocessor(take_files)


@dataclass(frozen=True)
class Outcome:
    """What became of a file: a picture, or why not."""

    file: str
    media: Media | None = None
    is_new: bool = False
    problem: str = ""
    is_owed: bool = False  # nothing is wrong with the file: it may be sent again

    @property
    def data(self) -> dict[str, Any]:
        """For the script that sent it."""
        if self.media is None:
            return {"file": self.file, "problem": self.problem}
        shown = self.media.shown
        page = url_for("media_desk.show", media_id=self.media.id)
        about = {"name": shown.name, "thumbnail": shown.thumbnail, "width": shown.width, "height": shown.height}
        return {"file": self.file, "page": page, "is_new": self.is_new, "alt": shown.alt, **about}


@bp.get("")
def index() -> str:
    return _list("desk/media.html")


@bp.get("/choose")
def choose() -> str:
    """The same, to choose one for a figure: js/pictures.js shows it in a dialog."""
    return _list("desk/media_choose.html")


@bp.post("")
def upload() -> Response | tuple[str, int]:
    files = [file for file in request.files.getlist("files") if file.filename]
    outcomes = [_arrived(file) for file in files[:MOST_FILES]]
    outcomes += [Outcome(str(file.filename), problem=f"Only {MOST_FILES} at a time.") for file in files[MOST_FILES:]]
    is_fine = bool(outcomes) and all(one.media for one in outcomes)
    status = 200 if is_fine else 503 if any(one.is_owed for one in outcomes) else 422
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify([one.data for one in outcomes]), status)
    if not is_fine:
        outcomes = outcomes or [Outcome("", problem="Please choose a file first.")]
        return _list("desk/media.html", outcomes=outcomes), status
    if len(outcomes) == 1 and outcomes[0].media:
        return redirect(url_for("media_desk.show", media_id=outcomes[0].media.id), 303)
    return redirect(url_for("media_desk.index", added=len(outcomes)), 303)


@bp.get("/<int:media_id>")
def show(media_id: int) -> str:
    media = _media(media_id)
    return _page(media, MediaForm.of(media), saved="saved" in request.args)


@bp.post("/<int:media_id>")
def save(media_id: int) -> Response | tuple[str, int]:
    media, form = _mine(media_id), MediaForm()
    if not form.validate():
        return _page(media, form), 422
    begin_write()
    form.apply(_mine(media_id))
    db.session.commit()
    return redirect(url_for("media_desk.show", media_id=media_id, saved=1), 303)


@bp.post("/<int:media_id>/file")
def replace(media_id: int) -> Response | tuple[str, int]:
    media, file = _mine(media_id), request.files.get("file")
    if file is None or not file.filename:
        return _page(media, MediaForm.of(media), problem="Please choose a file first."), 422
    arriving.arrive_instead(media.id, file.read())
    return redirect(url_for("media_desk.show", media_id=media_id, saved=1), 303)


@bp.post("/<int:media_id>/deletion")
def delete(media_id: int) -> Response:
    begin_write(lock="media")
    pictures.remove(_mine(media_id))
    db.session.commit()
    return redirect(url_for("media_desk.index", deleted=1), 303)


def _arrived(file: FileStorage) -> Outcome:
    name = str(file.filename)
    try:
        media, is_new = arriving.arrive(file.read(), name, me().id)
    except Refused as refusal:
        return Outcome(name, problem=str(refusal))
    except Away as error:
        log_away(error)
        return Outcome(
            name, problem="It could not be kept just now. Please send it again in a few minutes.", is_owed=True
        )
    return Outcome(name, media, is_new)


def _media(media_id: int) -> Media:
    found = db.session.get(Media, media_id) if media_id <= BIGGEST_ID else None
    if found is None:
        abort(404)
    return found


def _mine(media_id: int) -> Media:
    """The picture, for those who may change it."""
    media = _media(media_id)
    if not media.may_be_changed_by(me()):
        abort(403)
    return media


def _list(template: str, **context: Any) -> str:
    words, lacks = request.args.get("q", "").strip()[:100], request.args.get("lacks")
    before = number_or_none(request.args.get("before", ""))
    found = db.session.scalars(Media.newest(words, before, undescribed=lacks == "words").limit(PAGE_LENGTH + 1)).all()
    shown = found[:PAGE_LENGTH]
    return render_template(
        template,
        media=shown,
        in_use=pictures.shown_anywhere(shown),
        undescribed=db.session.scalar(Media.undescribed()),
        words=words,
        lacks="words" if lacks == "words" else None,
        older=shown[-1].id if len(found) > PAGE_LENGTH else None,
        is_first=before is None,
        taken=TAKEN,
        most_mb=arriving.MOST_BYTES // 1024 // 1024,
        **context,
    )


def _page(media: Media, form: MediaForm, saved: bool = False, problem: str = "") -> str:
    return render_template(
        "desk/picture.html",
        media=media,
        shown=media.shown,
        form=form,
        saved=saved,
        problem=problem,
        posts=pictures.shown_in(media),
        may_change=media.may_be_changed_by(me()),
        taken=TAKEN,
    )
