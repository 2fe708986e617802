"""For administrators: whether the site is well, its backups and its jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import require
from blog.database import db
from blog.jobs import jobs
from blog.libraries import later
from blog.operations.models import Backup, JobRun

if TYPE_CHECKING:
    from blog.operations import doctor
    from blog.operations.doctor import findings
else:
    doctor, findings = later("blog.operations.doctor"), later("blog.operations.doctor.findings")

bp = Blueprint("operations_desk", __name__, url_prefix="/desk/operations")
bp.before_request(require(RoleName.ADMIN))


@bp.get("")
def index() -> str:
    found = doctor.examine(current_app._get_current_object(), thorough=False)  # type: ignore[attr-defined]
    return render_template(
        "desk/operations.html",
        found=sorted(found, key=lambda finding: -finding.level),
        worst=doctor.worst(found),
        Level=findings.Level,
        backups=db.session.scalars(Backup.newest_first()).all(),
        place=current_app.config["BLOG_BACKUP_TO"] or str(current_app.config["BLOG_INSTANCE_PATH"] / "backups"),
        kept=current_app.config["BLOG_BACKUP_KEEP"],
        jobs=sorted(jobs.registered),
        runs={run.name: run for run in db.session.scalars(JobRun.by_name())},
    )


@bp.post("/jobs/<name>")
def run_job(name: str) -> Response:
    if name not in jobs.registered:
        abort(404)
    jobs.wake(name)
    flash("It runs now. Reload this page in a moment.")
    return redirect(url_for("operations_desk.index"), 303)
