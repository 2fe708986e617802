"""At the desk: the site's pages, the vocabulary and the editorial settings."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.anatomy.models import Entry, EntryRevision, Kind
from blog.comments.knowledge import Learned, Trial
from blog.database import begin_write, db
from blog.desk.forms import ListsForm, PageForm, SiteForm
from blog.desk.vocabulary import EntryForm, form_for
from blog.pages.models import Page, Site
from blog.text.articles import article_html
from blog.text.sanitising import HTML_VERSION
from blog.triage import abuse
from blog.triage.learning import DECISIONS_MIN
from blog.triage.word_list import listed

bp = Blueprint("editing", __name__, url_prefix="/desk/pages")
bp.before_request(require(RoleName.EDITOR))

vocabulary_bp = Blueprint("vocabulary", __name__, url_prefix="/desk/vocabulary")
vocabulary_bp.before_request(require(RoleName.EDITOR))

settings_bp = Blueprint("settings", __name__, url_prefix="/desk/settings")
settings_bp.before_request(require(RoleName.ADMIN))


@bp.get("")
def pages() -> str:
    return render_template("desk/pages.html", pages=db.session.scalars(Page.public()).all())


@bp.get("/<slug>")
def page(slug: str) -> str:
    shown = db.first_or_404(Page.shown(slug))
    return render_template(
        "desk/page.html", page=shown, form=PageForm(obj=shown.revision), saved="saved" in request.args
    )


@bp.post("/<slug>")
def save_page(slug: str) -> Response | tuple[str, int]:
    shown = db.first_or_404(Page.shown(slug))
    form = PageForm()
    if not form.validate():
        return render_template("desk/page.html", page=shown, form=form, saved=False), 422
    html = "".join(content for kind, content in article_html(form.body.data).parts if kind == "html")

    begin_write()
    db.first_or_404(Page.shown(slug)).save(
        form.title.data, form.short.data or "", form.body.data, html, HTML_VERSION, by_id=me().id
    )
    db.session.commit()
    return redirect(url_for("editing.page", slug=slug, saved=1), 303)


@settings_bp.get("")
def site() -> str:
    form = SiteForm(data=asdict(Site.current()))
    form.add_spare_rows()
    return render_template("desk/settings.html", form=form, saved="saved" in request.args)


@settings_bp.post("")
def save_site() -> Response | tuple[str, int]:
    form = SiteForm()
    if not form.validate():
        return render_template("desk/settings.html", form=form, saved=False), 422

    begin_write()
    Site.change(form.values(), by_id=me().id)
    db.session.commit()
    return redirect(url_for("settings.site", saved=1), 303)


@settings_bp.get("/lists")
def lists() -> str:
    return _lists(ListsForm.of(Site.current()))


@settings_bp.post("/lists")
def save_lists() -> Response | tuple[str, int] | str:
    form = ListsForm()
    if not form.validate():
        return _lists(form), 422
    if request.form.get("action") != "save":
        trials = (Trial.of(lambda text: abuse(text, form.abuse)), Trial.of(lambda text: listed(text, form.spam)))
        return _lists(form, trials)

    begin_write()
    Site.change(form.values(), by_id=me().id)
    db.session.commit()
    return redirect(url_for("settings.lists", saved=1), 303)


@vocabulary_bp.get("")
def vocabulary() -> str:
    kinds = [(kind, db.session.scalars(Entry.of_kind(kind)).all()) for kind in Kind]
    return render_template("desk/vocabulary.html", kinds=kinds)


@vocabulary_bp.get("/<kind>/<slug>")
def entry(kind: str, slug: str) -> str:
    shown = _entry(kind, slug)
    return _entry_page(shown, form_for(shown, shown.document), saved="saved" in request.args)


@vocabulary_bp.post("/<kind>/<slug>")
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


@vocabulary_bp.post("/<kind>/<slug>/versions/<int:revision_id>")
def restore_entry(kind: str, slug: str, revision_id: int) -> Response:
    begin_write()
    shown = _entry(kind, slug)
    earlier = db.first_or_404(EntryRevision.of(shown).where(EntryRevision.id == revision_id))
    shown.publish(shown.revise(earlier.document, by_id=me().id))
    db.session.commit()
    return redirect(url_for("vocabulary.entry", kind=kind, slug=slug, saved=1), 303)


def _lists(form: ListsForm, trials: tuple[Trial, Trial] | None = None) -> str:
    """The word lists; `trials` say what each would flag among old comments."""
    return render_template(
        "desk/lists.html",
        form=form,
        trials=trials,
        saved="saved" in request.args,
        learned=Learned.classifier(),
        trained_at=Learned.last_trained(),
        needed=DECISIONS_MIN,
    )


def _entry(kind: str, slug: str) -> Entry:
    if kind not in set(Kind):
        abort(404)
    return db.first_or_404(Entry.shown(Kind(kind), slug))  # type: ignore[no-any-return]


def _entry_page(shown: Entry, form: EntryForm, saved: bool) -> str:
    versions = db.session.scalars(EntryRevision.of(shown).limit(20)).all()
    return render_template("desk/entry.html", entry=shown, form=form, saved=saved, versions=versions)
