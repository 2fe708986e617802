"""Health checks."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from blog.database import begin_write, db

pytestmark = pytest.mark.both_databases


def test_is_alive(client: FlaskClient):
    """The process answers, and says so to nobody's cache."""
    response = client.get("/healthz")

    assert (200, "ok\n", "no-store") == (response.status_code, response.text, response.headers["Cache-Control"])


def test_is_ready(client: FlaskClient):
    """The database takes what is written and has the newest schema."""
    assert 200 == client.get("/readyz").status_code


def test_is_not_ready_when_nothing_can_be_written(app: Flask, client: FlaskClient):
    """A database that is only read would lose every comment."""
    with app.app_context():

        @event.listens_for(db.engine, "before_cursor_execute")
        def refuse(connection, cursor, statement, parameters, context, many):
            if statement.startswith("UPDATE"):
                raise OperationalError(statement, None, OSError("read-only"))

    assert (503, "the database cannot be read and written\n") == (
        (answer := client.get("/readyz")).status_code,
        answer.text,
    )


def test_many_who_ask_cost_one_write(app: Flask, client: FlaskClient):
    """What was found holds for a second."""
    written = []
    with app.app_context():

        @event.listens_for(db.engine, "before_cursor_execute")
        def count(connection, cursor, statement, parameters, context, many):
            written.extend([statement] if statement.startswith("UPDATE") else [])

    assert {200} == {client.get("/readyz").status_code for _ in range(5)}
    assert 1 <= len(written) < 5


def test_is_not_ready_with_another_schema(app: Flask, client: FlaskClient):
    """A site whose database waits for a migration gets no visitors."""
    with app.app_context():
        begin_write()
        newest = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        db.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        db.session.commit()
    response = client.get("/readyz")
    with app.app_context():
        begin_write()
        db.session.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
        db.session.commit()

    assert (503, "no-store") == (response.status_code, response.headers["Cache-Control"])


def test_is_alive_but_not_ready_without_a_database(app: Flask, client: FlaskClient):
    """A lost database takes visitors away, but gets no process restarted."""
    with app.app_context():
        db.engine.dispose()
        db.engine.pool._creator = _no_connection  # type: ignore[attr-defined]

    assert 200 == client.get("/healthz").status_code
    assert 503 == client.get("/readyz").status_code


def _no_connection() -> None:
    raise OperationalError("connect", None, OSError("nobody there"))
