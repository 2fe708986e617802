"""At the desk: what triage found and how that was decided, words that pull hardest, and a text to try."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.comments.knowledge import Learned
from blog.database import begin_write, db
from blog.moderation.findings import DAYS, findings
from blog.moderation.marks import Piece, marked
from blog.pages.models import Site
from blog.text.characters import COMMENT_MAX_CHARS, clean_text
from blog.triage import Context, Flag, triage
from blog.triage.amber import model
from blog.triage.flags import FlagKind

RULE_MAX_CHARS = 60

bp = Blueprint("triage", __name__, url_prefix="/desk/triage")
bp.before_request(require(RoleName.MODERATOR, RoleName.ADMIN))
rules = Blueprint("triage_rules", __name__, url_prefix="/desk/triage/rules")
rules.before_request(require(RoleName.ADMIN))


class TryForm(FlaskForm):
    """A text to try: nothing of it is stored."""

    text = TextAreaField("Try a text", validators=[Length(max=COMMENT_MAX_CHARS)])


@bp.get("")
def show() -> str:
    return _page(TryForm())


@bp.post("/try")
def try_text() -> str | tuple[str, int]:
    form = TryForm()
    if not form.validate():
        return _page(form), 422
    text = clean_text(form.text.data or "")
    site = Site.current()
    context = Context(abuse_words=site.abuse_words, spam_filter=Learned.spam_filter())
    return _page(form, text, triage(text, "", context))


@rules.post("/<rule>")
def switch(rule: str) -> Response:
    """Let a rule only show what it finds, or let it count again."""
    if not rule.replace("_", "").isalnum() or len(rule) > RULE_MAX_CHARS:
        abort(404)
    begin_write()
    shown = set(Site.current().show_only_rules)
    chosen = shown | {rule} if request.form.get("show_only") else shown - {rule}
    Site.change({"show_only_rules": sorted(chosen)}, by_id=me().id)
    db.session.commit()
    return redirect(url_for("triage.show"), 303)


def _page(form: TryForm, text: str = "", flags: list[Flag] | None = None) -> str:
    return render_template(
        "desk/triage.html",
        form=form,
        pieces=_pieces(text, flags or []),
        flags=flags,
        findings=findings(),
        days=DAYS,
        emergencies=(FlagKind.EMERGENCY, FlagKind.POSSIBLE_EMERGENCY),
        show_only=set(Site.current().show_only_rules),
        learned=Learned.spam_filter(),
        words=model().classifier.top_words(),
        ideas=model().classifier.top_ideas(),
        may_switch=me().has_any_role(RoleName.ADMIN),
    )


def _pieces(text: str, flags: list[Flag]) -> list[Piece]:
    return marked(text, [_Found(flag) for flag in flags])


class _Found:
    """A flag that is not stored, as `marked` takes it."""

    def __init__(self, flag: Flag) -> None:
        self.kind = str(flag.kind)
        self.in_name = flag.in_name
        self.spans: list[Any] = flag.matched
