"""What administrators see of the site's health and its backups."""

from __future__ import annotations

import pytest

from blog.accounts.models import RoleName
from blog.clock import now
from blog.database import begin_write, db
from blog.operations.models import Backup


@pytest.fixture
def admin(staff):
    return staff(RoleName.ADMIN)


def test_what_is_broken_stands_first(app, admin):
    path = app.config["BLOG_INSTANCE_PATH"] / "open"
    path.touch()
    path.chmod(0o666)
    page = admin.get("/desk/operations").text

    assert "Something is broken" in page
    assert page.index("chmod -R") < page.index("Well</td>")


def test_backups_are_listed(app, admin):
    """When each was made, and whether it was restored on trial."""
    with app.app_context():
        begin_write()
        db.session.add(
            Backup(name="site-x.tar.gz", made_at=now(), size=2_500_000, comments=77, posts=3, is_sealed=True)
        )
        db.session.commit()
    page = admin.get("/desk/operations").text

    assert all(words in page for words in ("site-x.tar.gz", "2.5 MB", "<td>77</td>", "sealed in it", "not yet"))


@pytest.mark.parametrize(("name", "status"), [("keep_backup", 303), ("send_mail", 303), ("no_such_job", 404)])
def test_a_job_can_be_run_now(admin, name, status):
    assert status == admin.post(f"/desk/operations/jobs/{name}").status_code


def test_jobs_stand_here_and_not_under_mail(admin):
    run = 'action="/desk/operations/jobs/send_mail"'

    assert (True, False) == (run in admin.get("/desk/operations").text, run in admin.get("/desk/mail").text)
