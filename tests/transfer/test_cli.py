"""`flask import markdown`: what it says, and that a dry run changes nothing."""

from __future__ import annotations

import pytest

from blog.database import db

GOOD = """---
title: A title
standfirst: What it is about.
authors: [ada]
published: 2026-05-04
---

## It

Moves.
"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "people.yaml").write_text("- {slug: ada, name: Ada Bell}\n")
    (folder / "one.md").write_text(GOOD)
    return folder


@pytest.fixture
def flask(app):
    """Run `flask import markdown …`; exit code and what it said."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["import", "markdown", *map(str, arguments)])
        return result.exit_code, result.output

    return run


def rows(app):
    with app.app_context():
        return {
            table: db.session.execute(db.text(f"SELECT count(*) FROM {table}")).scalar() for table in db.metadata.tables
        }


def test_brings_articles_in(flask, folder, client):
    """
    One line per article, and what changed in all.
    """
    assert (0, "new      one\n1 of 1 articles were new or changed.\n") == flask(folder)
    assert 200 == client.get("/posts/one").status_code


def test_changes_nothing_the_second_time(app, flask, folder):
    """
    The same folder again.
    """
    flask(folder)
    before = rows(app)

    assert (0, "same     one\n0 of 1 articles were new or changed.\n") == flask(folder)
    assert before == rows(app)


def test_changes_nothing_on_a_dry_run(app, flask, folder):
    """
    It says what would happen, and keeps no row, not even a person's.
    """
    before = rows(app)

    assert (0, "new      one\n1 of 1 articles would be new or changed.\n") == flask(folder, "--dry-run")
    assert before == rows(app)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("two.md", GOOD.replace("title", "titel"), "two.md:2: titel: is not a field"),
        ("two.md", GOOD.replace("[ada]", "[eve]"), "two.md:4: authors 1: nobody has the slug 'eve'"),
        ("Two Words.md", GOOD, "Two Words.md:2: slug: 'Two Words' is not a slug"),
        ("people.yaml", "- {name: Ada}\n", "people.yaml:1: 1, slug: must be"),
    ],
)
def test_brings_nothing_in_when_anything_is_wrong(app, flask, folder, name, text, said):
    """
    All or nothing: one bad file, and the good one waits, too; no traceback.
    """
    (folder / name).write_text(text)
    before = rows(app)
    code, output = flask(folder)

    assert (1, before) == (code, rows(app))
    assert output.startswith("Error: nothing was imported.\n")
    assert f"{folder}/{said}" in output


def test_needs_a_folder(flask, tmp_path):
    """
    A folder that is not there is said in one line.
    """
    code, output = flask(tmp_path / "nowhere")

    assert (2, True) == (code, "does not exist" in output)
