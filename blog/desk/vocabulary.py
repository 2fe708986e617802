"""At the desk: the vocabulary, its entries and their versions."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.anatomy.models import Entry, EntryKind, EntryRevision
from blog.database import begin_write, db
from blog.desk.vocabulary_form import EntryForm, form_for

bp = Blueprint("vocabulary", __name__, url_prefix="/desk/vocabulary")
bp.before_request(require(RoleName.EDITOR))


@bp.get("")
def vocabulary() -> str:
    kinds = [(kind, db.session.scalars(Entry.of_kind(kind)).all()) for kind in EntryKind]
    return render_template("desk/vocabulary.html", kinds=kinds)


@bp.get("/<kind>/<slug>")
def entry(kind: str, slug: str) -> str:
    shown = _entry(kind, slug)
    return _entry_page(shown, form_for(shown, shown.document), saved="saved" in request.args)


@bp.post("/<kind>/<slug>")
def save_entry(kind: str, slug: str) -> Response | tuple[str, int]:
    shown = _entry(kind, slug)
    form = form_for(shown, shown.document)
    if not form.validate():
        return _entry_page(shown, form, saved=False), 422
    document = form.document(shown.document)

    begin_write()
    shown = _entry(kind, slug)
    shown.publish(shown.revise(document, by_id=me().id))
    db.session.commit()
    return redirect(url_for("vocabulary.entry", kind=kind, slug=slug, saved=1), 303)


@bp.post("/<kind>/<slug>/versions/<int:revision_id>")
def restore_entry(kind: str, slug: str, revision_id: int) -> Response:
    begin_write()
    shown = _entry(kind, slug)
    earlier = db.first_or_404(EntryRevision.of(shown).where(EntryRevision.id == revision_id))
    shown.publish(shown.revise(earlier.document, by_id=me().id))
    db.session.commit()
    return redirect(url_for("vocabulary.entry", kind=kind, slug=slug, saved=1), 303)


def _entry(kind: str, slug: str) -> Entry:
    if kind not in set(EntryKind):
        abort(404)
    return db.first_or_404(Entry.shown(EntryKind(kind), slug))  # type: ignore[no-any-return]


def _entry_page(shown: Entry, form: EntryForm, saved: bool) -> str:
    versions = db.session.scalars(EntryRevision.of(shown).limit(20)).all()
    return render_template("desk/entry.html", entry=shown, form=form, saved=saved, versions=versions)
