"""At the desk: the settings that are lists, such as the main menu: add, change, remove, put in order."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.desk.settings_form import SECTIONS
from blog.desk.site_lists_form import KINDS, EntryForm
from blog.pages import lists

STEPS = {"up": -1, "down": 1}

bp = Blueprint("site_lists", __name__, url_prefix="/desk/settings")
bp.before_request(require(RoleName.ADMIN, fresh=True))


def index(name: str) -> str:
    return _list(name, KINDS[name].form(formdata=None))


def add(name: str) -> Response | tuple[str, int]:
    form = KINDS[name].form()
    if not form.validate():
        return _list(name, form), 422

    begin_write()
    entry = lists.add(name, form.values(), me().id)
    db.session.commit()
    return _to(name, entry.mark)


def show(name: str, mark: str) -> str:
    entry = lists.find(name, mark) or abort(404)
    return _entry(name, mark, KINDS[name].form(data=asdict(entry.record)))


def change(name: str, mark: str) -> Response | tuple[str, int]:
    form, entry = KINDS[name].form(), lists.find(name, mark)
    form.own = entry and entry.record
    if not form.validate():
        return _entry(name, mark, form), 422

    begin_write()
    entry = lists.change(name, mark, form.values(), me().id)
    db.session.commit()
    return _to(name, entry.mark)


def remove(name: str, mark: str) -> Response:
    begin_write()
    lists.remove(name, mark, me().id)
    db.session.commit()
    return _to(name)


def move(name: str, mark: str) -> Response:
    by = STEPS.get(request.form.get("direction", "")) or abort(400)
    begin_write()
    lists.move(name, mark, by, me().id)
    db.session.commit()
    return _to(name, mark)


def _list(name: str, form: EntryForm) -> str:
    found = lists.entries(name)
    is_full = lists.is_full(name)
    return _page(
        "desk/settings/list.html", name, form=form, entries=found, is_full=is_full, saved="saved" in request.args
    )


def _entry(name: str, mark: str, form: EntryForm) -> str:
    return _page("desk/settings/entry.html", name, form=form, mark=mark)


def _page(template: str, name: str, **values: Any) -> str:
    return render_template(template, name=name, kind=KINDS[name], sections=SECTIONS, kinds=KINDS, here=name, **values)


def _to(name: str, mark: str = "") -> Response:
    """The list, at the entry that was changed."""
    anchor = f"entry-{mark}" if mark else None
    return redirect(url_for("site_lists.index", name=name, saved=1, _anchor=anchor), 303)


for list_name in KINDS:  # addresses of their own, so that what is walked by rule is walked as a whole
    own = {"name": list_name}
    bp.add_url_rule(f"/{list_name}", "index", index, defaults=own, methods=["GET"])
    bp.add_url_rule(f"/{list_name}", "add", add, defaults=own, methods=["POST"])
    bp.add_url_rule(f"/{list_name}/<mark>", "show", show, defaults=own, methods=["GET"])
    bp.add_url_rule(f"/{list_name}/<mark>", "change", change, defaults=own, methods=["POST"])
    bp.add_url_rule(f"/{list_name}/<mark>/remove", "remove", remove, defaults=own, methods=["POST"])
    bp.add_url_rule(f"/{list_name}/<mark>/move", "move", move, defaults=own, methods=["POST"])
