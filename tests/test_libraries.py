"""Libraries that few processes need are loaded by those alone."""

from __future__ import annotations

import sys

import pytest

from blog.libraries import later, without
from tests.processes import run

SELDOM = {
    "PIL": "pictures and cards are made by processes of their own",
    "resvg_py": "so are drawings as pixels",
    "fontTools": "so are subsets of fonts",
    "mammoth": "so is what Word files hold",
    "bs4": "somebody pastes a text",
    "qrcode": "somebody opens a handout or sets up an app",
    "webauthn": "somebody shows a passkey",
    "zxcvbn": "somebody chooses a password",
    "cryptography": "an address is sealed, or an authenticator app is asked",
    "snowballstemmer": "somebody looks for something, or an article is indexed",
    "rapidfuzz": "somebody looks for a mistyped word",
    "yaml": "a pose is drawn or Markdown files are brought",
    "psycopg": "the database is PostgreSQL",
    "sqlalchemy.dialects.postgresql": "so it is",
    "obstore": "files or backups lie in a bucket",
    "valkey": "a server is named",
    "alembic": "the database is older than the code",
    "blog.operations.backups": "the backup of the day",
    "blog.operations.doctor": "somebody asks how the site is",
}


def test_a_site_at_rest_has_loaded_no_library_that_is_seldom_needed(tmp_path):
    """Each takes memory in every process, and time at every start: load it where it is used (blog/libraries.py)."""
    code = "import sys; from blog import create_app; create_app(); print(*sys.modules)"
    said = run(sys.executable, "-c", code, BLOG_INSTANCE_PATH=str(tmp_path))
    loaded = set(said.stdout.split())

    assert "flask" in loaded, said.stderr
    assert [] == [f"{name}: wait until {use}" for name, use in SELDOM.items() if name in loaded]


def test_a_module_for_later_is_loaded_with_the_first_question(monkeypatch):
    module = later("colorsys")
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)

    assert "colorsys" not in sys.modules
    assert (0, 0, 1.0) == module.rgb_to_hsv(1, 1, 1)


def test_a_library_left_out_is_as_if_it_were_not_installed():
    """Only meanwhile."""
    sys.modules.pop("colorsys", None)
    with without("colorsys"), pytest.raises(ImportError):
        __import__("colorsys")

    assert __import__("colorsys")


def test_a_library_that_is_loaded_is_not_left_out():
    """Who has it already keeps it."""
    with without("sys"):
        assert __import__("sys") is sys
