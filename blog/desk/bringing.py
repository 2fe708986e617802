"""At the desk: text that was written elsewhere, pasted into the editor or sent as a Word file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.desk.editor import own_byline
from blog.errors import Refused
from blog.libraries import later
from blog.posts import writing
from blog.posts.rights import WRITERS
from blog.posts.writing import Reading
from blog.sessions import take_files

if TYPE_CHECKING:
    from blog.text import pasted
    from blog.transfer import word
else:  # with the libraries that read HTML
    pasted, word = later("blog.text.pasted"), later("blog.transfer.word")

bp = Blueprint("bringing", __name__, url_prefix="/desk/posts")
bp.before_request(require(*WRITERS))
bp.url_value_preprocessor(take_files)


@bp.post("/pasted")
def paste() -> Response | tuple[Response, int]:
    """The HTML that was pasted as Markdown, for js/paste.js. Nothing is kept of it but its pictures."""
    file = request.files.get("html")
    html = file.read().decode("utf-8", "replace") if file else ""
    try:
        brought = word.Brought.of(pasted.Pasted.read(html), me().id)
    except pasted.TooMuch as refusal:
        return jsonify(problem=str(refusal)), 422
    return jsonify(markdown=brought.markdown, figures=brought.figures, left_out=brought.left_out)


@bp.get("/from-word")
def choose_file() -> str:
    return render_template("desk/posts/from_word.html", problem="")


@bp.post("/from-word")
def begin_with_file() -> Response | tuple[str, int]:
    """A draft from a Word file, with its pictures."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return render_template("desk/posts/from_word.html", problem="Please choose a file first."), 422
    try:
        found = word.WordFile.read(file.read(), file.filename)
    except Refused as refusal:
        return render_template("desk/posts/from_word.html", problem=str(refusal)), 422
    brought = word.Brought.of(found.pasted, me().id)
    reading = Reading.of(own_byline() | found.document(brought))

    begin_write()
    post = writing.begin(me().id)
    writing.give_address(post, "", reading.article.title)
    writing.save(post, reading.manuscript, [str(slip) for slip in reading.slips], me().id)
    db.session.commit()
    flash("Your Word file is a draft now." + _told(brought.left_out))
    return redirect(url_for("articles.show", post_id=post.id), 303)


def _told(left_out: Sequence[str]) -> str:
    return f" Left out: {'; '.join(left_out)}." if left_out else ""
