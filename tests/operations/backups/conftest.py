"""A site with something in it, and the empty ones that it is restored into."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from blog import create_app
from blog.accounts.models import RoleName
from blog.comments.models import State
from blog.database import db
from blog.operations.backups import exchange

PASSPHRASE = "correct horse battery staple"
NOT_THE_SAME = {
    "accounts",
    "account_sessions",
    "account_links",
    "alembic_version",
    *exchange.PASSING,
}  # everybody is signed out


@pytest.fixture
def filled(app: Flask, make) -> Flask:
    """A site with articles, comments in every state, colleagues and a picture."""
    post = make.post("one", **make.whole_article(title="Schön — 日本語"))
    for state in (State.APPROVED, State.PENDING, State.REJECTED, State.WITHDRAWN, State.ERASED):
        make.comment(post, state=state, body=f"It is {state}: naïve, 𝛼 and a tab\there")
    make.account(RoleName.ADMIN, email="ada@example.org", name="Ada")
    media = app.config["BLOG_INSTANCE_PATH"] / "media" / "ab"
    media.mkdir(parents=True)
    (media / "picture.png").write_bytes(b"\x89PNG not really")
    return app


@pytest.fixture
def empty_site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Flask]]:
    """`empty_site("postgresql")`: a place with nothing in it, without a secret key of its own."""
    made: list[Flask] = []

    def making(kind: str = "sqlite", **settings: str) -> Flask:
        number = len(made)
        url = f"sqlite:///{tmp_path}/site-{number}/blog.db"
        if kind == "postgresql":
            url = _new_database(request.getfixturevalue("postgres"), f"empty_{number}")
        app = create_app({"BLOG_INSTANCE_PATH": f"{tmp_path}/site-{number}", "BLOG_DATABASE_URL": url, **settings})
        made.append(app)
        return app

    yield making
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _new_database(postgres, name: str) -> str:
    admin = postgres._admin_url.replace("+psycopg", "")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return str(db_url(postgres.url, name))


def db_url(url: str, name: str) -> str:
    return url.rpartition("/")[0] + "/" + name + ("?" + url.partition("?")[2] if "?" in url else "")


def everything(app: Flask) -> dict[str, list[str]]:
    """Every row of every table that a restore leaves as it was, as the models read it."""
    with app.app_context():
        rows = {
            name: sorted(_shown(tuple(row)) for row in db.session.execute(table.select()))
            for name, table in db.metadata.tables.items()
            if name not in NOT_THE_SAME
        }
        with contextlib.suppress(Exception):
            db.session.remove()
        return rows


def _shown(row: tuple[object, ...]) -> str:
    """A row as text; PostgreSQL keeps no order of the names in a JSON object."""
    return repr([json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value for value in row])
