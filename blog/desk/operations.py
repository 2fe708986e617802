"""For administrators: whether the site is well, and its backups."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import require
from blog.database import db
from blog.jobs import jobs
from blog.operations import doctor
from blog.operations.doctor.findings import Level
from blog.operations.models import Backup

RUN_HERE = ("keep_backup", "prove_backup")  # jobs

bp = Blueprint("operations_desk", __name__, url_prefix="/desk/operations")
bp.before_request(require(RoleName.ADMIN))


@bp.get("")
def index() -> str:
    found = doctor.examine(current_app._get_current_object(), thorough=False)  # type: ignore[attr-defined]
    return render_template(
        "desk/operations.html",
        found=sorted(found, key=lambda finding: -finding.level),
        worst=doctor.worst(found),
        Level=Level,
        backups=db.session.scalars(Backup.newest_first()).all(),
        place=current_app.config["BLOG_BACKUP_TO"] or str(current_app.config["BLOG_INSTANCE_PATH"] / "backups"),
        kept=current_app.config["BLOG_BACKUP_KEEP"],
    )


@bp.post("/jobs/<name>")
def run_job(name: str) -> Response:
    if name not in RUN_HERE:
        abort(404)
    jobs.wake(name)
    flash("It runs now. Reload this page in a moment.")
    return redirect(url_for("operations_desk.index"), 303)
