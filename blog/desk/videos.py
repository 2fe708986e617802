"""At the desk: videos of our own, with captions and a still, brought here and deleted while no article shows them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import Length, Regexp, ValidationError

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.errors import Refused
from blog.media import videos
from blog.media.models import Media
from blog.media.videos import OwnVideo
from blog.numbers import BIGGEST_ID
from blog.posts import pictures
from blog.sessions import take_files

MOST_LISTED = 200

bp = Blueprint("videos", __name__, url_prefix="/desk/media/videos")
bp.before_request(require(RoleName.AUTHOR, RoleName.EDITOR))
bp.url_value_preprocessor(take_files)


class VideoForm(FlaskForm):
    """What is said of a video, and its captions."""

    captions = FileField("Captions", description="WebVTT (.vtt) or SRT. They take the place of those that are there.")
    is_silent = BooleanField("Nobody speaks in it, and no sound matters")
    language = StringField(
        "Language of the captions",
        validators=[Length(max=20), Regexp(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z", message="Such as en, or de-AT.")],
    )
    poster = StringField("Still", description="What stands there before it plays: a picture of the media, by its name.")

    def validate_poster(self, field: Any) -> None:
        if field.data and db.session.scalar(Media.named(field.data.strip())) is None:
            raise ValidationError("No picture is called so.")


@bp.get("")
def index() -> str:
    return _list()


@bp.post("")
def upload() -> Response | tuple[str, int]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _list("Please choose a file first."), 422
    try:
        video = videos.arrive(file.read(), file.filename, me().id)
    except Refused as refusal:
        return _list(str(refusal)), 422
    return redirect(url_for("videos.show", video_id=video.id), 303)


@bp.get("/<int:video_id>")
def show(video_id: int) -> str:
    video = _video(video_id)
    return _page(video, VideoForm(obj=video), saved="saved" in request.args)


@bp.post("/<int:video_id>")
def save(video_id: int) -> Response | tuple[str, int]:
    video, form = _mine(video_id), VideoForm()
    if not form.validate():
        return _page(video, form), 422
    if form.captions.data:
        try:
            videos.caption(video_id, form.captions.data.read())
        except Refused as refusal:
            form.captions.errors = [str(refusal)]
            return _page(video, form), 422
    begin_write(lock="media")
    video = _mine(video_id)
    video.is_silent, video.language = form.is_silent.data, form.language.data
    video.poster = (form.poster.data or "").strip()
    db.session.commit()
    return redirect(url_for("videos.show", video_id=video_id, saved=1), 303)


@bp.post("/<int:video_id>/deletion")
def delete(video_id: int) -> Response:
    begin_write(lock="media")
    pictures.remove_video(_mine(video_id))
    db.session.commit()
    return redirect(url_for("videos.index", deleted=1), 303)


def _video(video_id: int) -> OwnVideo:
    found = db.session.get(OwnVideo, video_id) if video_id <= BIGGEST_ID else None
    if found is None:
        abort(404)
    return found


def _mine(video_id: int) -> OwnVideo:
    """The video, for those who may change it."""
    video = _video(video_id)
    if not video.may_be_changed_by(me()):
        abort(403)
    return video


def _list(problem: str = "") -> str:
    words = request.args.get("q", "").strip()[:100]
    found = db.session.scalars(OwnVideo.newest(words).limit(MOST_LISTED)).all()
    most_mb = videos.MOST_BYTES // 1024 // 1024
    return render_template("desk/videos.html", videos=found, words=words, problem=problem, most_mb=most_mb)


def _page(video: OwnVideo, form: VideoForm, saved: bool = False) -> str:
    playable = video.playable
    return render_template(
        "desk/video.html",
        video=video,
        playable=playable,
        still=OwnVideo.still_of(playable),
        form=form,
        saved=saved,
        posts=pictures.posts_with_video(video.name),
        may_change=video.may_be_changed_by(me()),
    )
