"""At the desk, for administrators: the log of security."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.models import Account, RoleName
from blog.accounts.security import require
from blog.database import db
from blog.numbers import number_or_none

SHOWN = 100  # lines on a page

bp = Blueprint("security_log", __name__, url_prefix="/desk/security")
bp.before_request(require(RoleName.ADMIN))


@bp.get("")
def index() -> str:
    wanted = request.args.get("kind", "")
    kind = EventKind(wanted) if wanted in set(EventKind) else None
    before = number_or_none(request.args.get("before", ""))
    found = SecurityEvent.newest().limit(SHOWN + 1)
    if kind:
        found = found.where(SecurityEvent.kind == kind)
    if before and 0 < before < 2**31:
        found = found.where(SecurityEvent.id < before)
    events = db.session.scalars(found).all()
    names = {account.id: account.name for account in db.session.scalars(Account.by_email())}
    return render_template(
        "desk/security.html",
        events=events[:SHOWN],
        older=events[SHOWN - 1].id if len(events) > SHOWN else None,
        kinds=list(EventKind),
        kind=kind,
        names=names,
    )
