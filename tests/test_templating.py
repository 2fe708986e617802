"""Compiled templates are kept for the next process."""

from __future__ import annotations

import jinja2
import pytest

from blog import create_app, templating
from blog.config import ROOT

OPTIONS = templating.options  # before the tests' own


@pytest.fixture(autouse=True)
def app_folder(monkeypatch):
    """Templates are kept where the site keeps them, not where all tests share them."""
    monkeypatch.setattr(templating, "options", OPTIONS)


def compiled(app, monkeypatch):
    """How many templates were compiled to make the front page."""
    count = []
    compile_ = jinja2.Environment.compile
    with monkeypatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", lambda *args, **named: count.append(1) or compile_(*args, **named))
        assert 200 == app.test_client().get("/").status_code
    return len(count)


def test_templates_are_compiled_once(app, database_url, tmp_path, monkeypatch):
    """A second process finds them in the instance folder."""
    other = create_app({"BLOG_INSTANCE_PATH": str(tmp_path / "instance"), "BLOG_DATABASE_URL": database_url})

    assert compiled(app, monkeypatch) > 0
    assert 0 == compiled(other, monkeypatch)


@pytest.mark.parametrize("problem", ["full", 0, 40, 200])
def test_pages_do_without(app, tmp_path, monkeypatch, problem):
    """On a full disk, and where a file ends early, templates are compiled again."""
    if problem == "full":

        def full(*args, **named):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("jinja2.bccache.tempfile.NamedTemporaryFile", full)
    else:
        compiled(app, monkeypatch)
        for file in (tmp_path / "instance" / "templates").iterdir():
            file.write_bytes(file.read_bytes()[:problem])
        app.jinja_env.cache.clear()
        app.extensions["pagecache"].forget()

    assert compiled(app, monkeypatch) > 0


def test_macros_are_made_once_not_for_each_page(app):
    """A template with globals of its own would have everything that it imports run again."""
    app.test_client().get("/")

    assert app.jinja_env.globals is app.jinja_env.get_template("public/home.html").globals


def test_no_line_of_a_template_is_too_long_to_be_read():
    long = [
        f"{path.name}:{number}"
        for path in (ROOT / "templates").rglob("*.*")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 200
    ]

    assert [] == long
