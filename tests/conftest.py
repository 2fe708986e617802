"""What all tests stand on: a site of their own on SQLite or PostgreSQL, visitors, and a clock that can be held.

`app` is a new site per test. Mark tests (or a module's `pytestmark`) with `both_databases` to run them on SQLite and
on PostgreSQL. What tests put into the database is made by tests/make.py.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog import clock as site_clock
from blog import create_app
from blog.accounts.models import Account, RoleName
from blog.database import begin_write, db
from blog.operations import logs
from tests import compiled
from tests.databases import PostgreSQL, TemplateFile, once_per_run
from tests.make import Make
from tests.spoiling import spoil as spoiling_of
from tests.visitors import StaffClient, Visitor

pytest_plugins = ["tests.mailing", "tests.quick"]

SECRET_KEY = "a key for tests, long enough to be accepted"
NOT_A_HASH = "staff of tests sign in by cookie"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: runs on SQLite and on PostgreSQL")
    logs.start(os.open(os.devnull, os.O_WRONLY))  # else the first app's log would run through pytest's report


def pytest_report_header() -> str:
    return f"PostgreSQL: {PostgreSQL.description()}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.fixturenames.insert(0, "database_kind")
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def stay_at_home() -> Iterator[None]:
    """Tests talk to this machine only."""
    connect = socket.socket.connect

    def at_home(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"a test wanted to reach {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", at_home)
        yield


@pytest.fixture(scope="session", autouse=True)
def compile_once(run_folder: Path) -> Iterator[None]:
    """Apps of this run share what rules and templates are compiled to."""
    with pytest.MonkeyPatch.context() as patch:
        compiled.keep(patch, run_folder / "templates")
        yield


# --- Databases ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all parallel processes of this test run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> TemplateFile:
    """An empty, migrated SQLite file, made once per run by the real migrations."""
    with once_per_run(run_folder / "sqlite"):
        return TemplateFile.made(run_folder / "template")


@pytest.fixture(scope="session")
def postgres(run_folder: Path) -> Iterator[PostgreSQL]:
    """This process's own migrated database on the server that the whole run shares."""
    server = PostgreSQL.started(run_folder, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgreSQL) -> str:
    return postgres.url


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """On what the test runs: SQLite, unless it is marked with `both_databases`."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database with the newest schema, for one test."""
    if database_kind == "postgresql":
        postgres: PostgreSQL = request.getfixturevalue("postgres")
        return postgres.emptied()
    template: TemplateFile = request.getfixturevalue("sqlite_template")
    return template.copied(tmp_path / "instance" / "blog.db")


# --- The site and its visitors ------------------------------------------------------------------------


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> dict[str, object]:
    """Overrides for `create_app`; a test that needs others overrides this fixture. With a mail `server`: to use it."""
    if "server" not in request.fixturenames:
        return {}
    return {"BLOG_MAIL_URL": request.getfixturevalue("server").url, "BLOG_MAIL_FROM": "blog@clinic.example"}


@pytest.fixture
def app(database_url: str, tmp_path: Path, settings: dict[str, object]) -> Iterator[Flask]:
    """A site of its own. No context is pushed: requests, and `with app.app_context()`, begin fresh."""
    app = create_app(
        {
            "BLOG_INSTANCE_PATH": str(tmp_path / "instance"),
            "BLOG_DATABASE_URL": database_url,
            "BLOG_SECRET_KEY": SECRET_KEY,
            "BLOG_SITE_URL": "http://localhost",
            "TESTING": True,
            "PROPAGATE_EXCEPTIONS": False,
            **settings,
        }
    )
    app.test_client_class = Visitor
    with app.app_context():
        compiled.share_statements(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An anonymous reader."""
    return app.test_client()


@pytest.fixture
def staff(app: Flask) -> Callable[..., StaffClient]:
    """`staff(RoleName.MODERATOR)`: somebody who is signed in with these roles. No password is hashed.

    Its POSTs carry the session's CSRF token unless they bring one.
    """

    def sign_in(*roles: RoleName, email: str | None = None, name: str = "Mo Moderator") -> StaffClient:
        with app.app_context():
            begin_write()
            account = Account.register(email or f"{'-'.join(roles) or 'nobody'}@example.org", name, roles)
            account.set_password(NOT_A_HASH)
            db.session.commit()
            return StaffClient.signed_in(app, account.id, account.fs_uniquifier)

    return sign_in


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Account], StaffClient]:
    """`sign_in(account)`: a browser in which that account is signed in."""

    def signing(account: Account) -> StaffClient:
        with app.app_context():
            fresh = db.session.get_one(Account, account.id)
            return StaffClient.signed_in(app, fresh.id, fresh.fs_uniquifier)

    return signing


# --- Time ---------------------------------------------------------------------------------------------


class Clock:
    """The site's clock, held: `freeze` chooses the moment, `advance` moves on from there."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def freeze(self, at: datetime) -> datetime:
        """Hold the clock at `at`; requests of test clients see it too."""
        self._stack.close()
        self._stack.enter_context(site_clock.frozen(at))
        return site_clock.now()

    def advance(self, **by: float) -> datetime:
        """Move on by `days=`, `hours=`, `minutes=` or `seconds=`, and hold there."""
        return self.freeze(site_clock.now() + timedelta(**by))


@pytest.fixture
def clock() -> Iterator[Clock]:
    with ExitStack() as stack:
        yield Clock(stack)


# --- What is in the database --------------------------------------------------------------------------


@pytest.fixture
def make(app: Flask) -> Make:
    """The factory of tests/make.py: valid things, with what matters given by name."""
    return Make(app)


@pytest.fixture
def spoil(app: Flask) -> Callable[[str, object], None]:
    """`spoil("comments.state", b"xx")`: a disk makes this of a column of SQLite, in every row."""

    def spoiling(column: str, value: object) -> None:
        table, _, name = column.partition(".")
        spoiling_of(app.config["BLOG_INSTANCE_PATH"] / "blog.db", table, name, value)

    return spoiling


@pytest.fixture
def dump(app: Flask) -> Callable[[], dict[str, list[str]]]:
    """`dump()`: every row of every table."""

    def dumping() -> dict[str, list[str]]:
        with app.app_context():
            return {
                table: sorted(map(str, db.session.execute(db.text(f"SELECT * FROM {table}"))))
                for table in db.metadata.tables
            }

    return dumping


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An app context for tests of models. Not for tests that send requests: those begin their own."""
    with app.app_context():
        yield
