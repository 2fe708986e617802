"""/metrics: who may read it, and what it says."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from blog import create_app
from blog.comments.models import State
from blog.config import ConfigError
from blog.database import begin_write, db
from blog.operations.models import JobRun

pytestmark = pytest.mark.both_databases


def value(text, start):
    """The number of the line that begins so."""
    return next(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(start))


class TestWhoMayRead:
    @pytest.fixture
    def settings(self):
        return {"BLOG_METRICS_FROM": "192.0.2.0/28, ::1"}

    @pytest.mark.parametrize(
        ("address", "status"), [("192.0.2.9", 200), ("::1", 200), ("192.0.2.99", 403), ("127.0.0.1", 403)]
    )
    def test_is_said_by_the_settings(self, client, address, status):
        """Addresses and networks that are named, and nobody else; no cache keeps the answer."""
        answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address})

        assert (status, "no-store") == (answer.status_code, answer.headers["Cache-Control"])


def test_is_this_machine_alone_unless_told_otherwise(client):
    """The default."""
    assert [200, 403] == [
        client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("127.0.0.1", "198.51.100.7")
    ]


def test_is_nobody_through_a_proxy_that_is_not_named(client):
    """Behind a proxy that was forgotten in the settings all the world looks like this machine."""
    assert 403 == client.get("/metrics", headers={"X-Forwarded-For": "198.51.100.7"}).status_code


def test_a_network_that_is_none_stops_the_start(tmp_path):
    """One line names the setting."""
    with pytest.raises(ConfigError, match="BLOG_METRICS_FROM must be addresses"):
        create_app({"BLOG_INSTANCE_PATH": str(tmp_path), "BLOG_METRICS_FROM": "10.0.0.0/33"})


def test_says_who_waits(client, make):
    """How many comments wait, and for how long."""
    post = make.post("one")
    make.comment(post, state=State.PENDING, at=make.days_ago(2))
    make.comment(post, state=State.HELD)
    make.comment(post, state=State.APPROVED)
    said = client.get("/metrics").text

    assert (1, 1) == tuple(value(said, f'blog_comments_waiting{{state="{state}"}}') for state in ("pending", "held"))
    assert 172_000 < value(said, "blog_oldest_comment_seconds") < 174_000


def test_counts_requests_by_route_and_never_by_address(client, make):
    """What somebody types into the address makes no new number."""
    make.post("one")
    client.get("/posts/one")
    client.get("/posts/one/history?x=MARK")
    client.get("/MARK")
    client.open("/posts/one", method="MARK")
    said = client.get("/metrics").text

    assert value(said, 'blog_requests_total{route="/posts/<slug>",method="GET",status="200",source="application"}') >= 1
    assert value(said, 'blog_requests_total{route="none",method="GET",status="404"') >= 1
    assert "MARK" not in said


def test_answers_without_a_database(app, client):
    """When the database is gone, that is what one wants to read there."""
    with app.app_context():
        db.engine.dispose()
        db.engine.pool._creator = _no_connection
    answer = client.get("/metrics")

    assert (200, 0) == (answer.status_code, value(answer.text, "blog_database_up"))


def test_says_since_when_a_job_fails(app, client):
    """0 would mean that it goes well."""
    with app.app_context():
        begin_write()
        JobRun.note("send_mail", "OSError")
        db.session.commit()

    assert 0 <= value(client.get("/metrics").text, 'blog_job_failing_seconds{job="send_mail"}') < 60


def _no_connection():
    raise OperationalError("connect", None, OSError("nobody there"))
