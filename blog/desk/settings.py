"""At the desk: the editorial settings in sections, and the word lists of triage with a trial on old comments."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.comments.knowledge import Learned, Trial
from blog.database import begin_write, db
from blog.desk.lists_form import ListsForm
from blog.desk.settings_form import SECTIONS, SiteForm
from blog.desk.site_lists_form import KINDS
from blog.pages.models import Site
from blog.triage import abuse
from blog.triage.learning import DECISIONS_MIN
from blog.triage.word_list import listed

bp = Blueprint("settings", __name__, url_prefix="/desk/settings")
bp.before_request(require(RoleName.ADMIN, fresh=True))


def section(name: str) -> str:
    return _section(name, SiteForm.of(SECTIONS[name].names, asdict(Site.current())))


def save(name: str) -> Response | tuple[str, int]:
    form = SiteForm.of(SECTIONS[name].names)
    if not form.validate():
        return _section(name, form), 422
    _change(form)
    return redirect(url_for("settings.section", name=name, saved=1), 303)


def save_some() -> Response | tuple[str, int]:
    """Saves what was sent, of whatever section; what was not sent stays."""
    form = SiteForm.of(request.form.keys() & Site.__dataclass_fields__.keys())
    if not form.validate():
        return _section("site", form), 422
    _change(form)
    return redirect(url_for("settings.section", name="site", saved=1), 303)


for section_name in SECTIONS:  # the first stands where the settings begin
    own = {"name": section_name}
    is_first = section_name == "site"
    bp.add_url_rule("" if is_first else f"/{section_name}", "section", section, defaults=own, methods=["GET"])
    if not is_first:
        bp.add_url_rule(f"/{section_name}", "save", save, defaults=own, methods=["POST"])
bp.add_url_rule("", "save_some", save_some, methods=["POST"])


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

    _change(form)
    return redirect(url_for("settings.lists", saved=1), 303)


def _section(name: str, form: SiteForm) -> str:
    return render_template(
        "desk/settings/section.html",
        here=name,
        section=SECTIONS[name],
        form=form,
        saved="saved" in request.args,
        sections=SECTIONS,
        kinds=KINDS,
    )


def _change(form: SiteForm | ListsForm) -> None:
    begin_write()
    Site.change(form.values(), by_id=me().id)
    db.session.commit()


def _lists(form: ListsForm, trials: tuple[Trial, Trial] | None = None) -> str:
    """The word lists; `trials` say what each would flag among old comments."""
    return render_template(
        "desk/settings/word_lists.html",
        here="lists",
        sections=SECTIONS,
        kinds=KINDS,
        form=form,
        trials=trials,
        saved="saved" in request.args,
        learned=Learned.spam_filter(),
        trained_at=Learned.last_trained(),
        needed=DECISIONS_MIN,
    )
