"""At the desk: the editorial settings, and the word lists of triage with a trial on old comments."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.comments.knowledge import Learned, Trial
from blog.database import begin_write, db
from blog.desk.lists_form import ListsForm
from blog.desk.settings_form import SiteForm
from blog.pages.models import Site
from blog.triage import abuse
from blog.triage.learning import DECISIONS_MIN
from blog.triage.word_list import listed

bp = Blueprint("settings", __name__, url_prefix="/desk/settings")
bp.before_request(require(RoleName.ADMIN, fresh=True))


@bp.get("")
def site() -> str:
    form = SiteForm(data=asdict(Site.current()))
    form.add_spare_rows()
    return render_template("desk/settings.html", form=form, saved="saved" in request.args)


@bp.post("")
def save_site() -> Response | tuple[str, int]:
    form = SiteForm()
    if not form.validate():
        return render_template("desk/settings.html", form=form, saved=False), 422

    begin_write()
    Site.change(form.values(), by_id=me().id)
    db.session.commit()
    return redirect(url_for("settings.site", saved=1), 303)


@bp.get("/lists")
def lists() -> str:
    return _lists(ListsForm.of(Site.current()))


@bp.post("/lists")
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


def _lists(form: ListsForm, trials: tuple[Trial, Trial] | None = None) -> str:
    """The word lists; `trials` say what each would flag among old comments."""
    return render_template(
        "desk/lists.html",
        form=form,
        trials=trials,
        saved="saved" in request.args,
        learned=Learned.spam_filter(),
        trained_at=Learned.last_trained(),
        needed=DECISIONS_MIN,
    )
