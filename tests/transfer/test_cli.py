"""`flask import markdown`: what it says, and that a dry run changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

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
    """One line per article, and what changed in all."""
    assert (0, "new      one\n1 of 1 articles were new or changed.\n") == flask(folder)
    assert 200 == client.get("/posts/one").status_code


def test_changes_nothing_the_second_time(app, flask, folder):
    """The same folder again."""
    flask(folder)
    before = rows(app)

    assert (0, "same     one\n0 of 1 articles were new or changed.\n") == flask(folder)
    assert before == rows(app)


def test_changes_nothing_on_a_dry_run(app, flask, folder):
    """It says what would happen, and keeps no row, not even a person's."""
    before = rows(app)

    assert (0, "new      one\n1 of 1 articles would be new or changed.\n") == flask(folder, "--dry-run")
    assert before == rows(app)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("two.md", GOOD.replace("title", "titel"), "two.md:2: titel: is not a field"),
        ("two.md", GOOD.replace("[ada]", "[eve]"), "two.md:4: authors 1: nobody has the slug 'eve'"),
        ("two.md", "", "two.md:1: file: is empty"),
        ("two.md", GOOD + "\0", "two.md:11: file: is not text: it holds a NUL"),
        ("two.md", GOOD + "x" * 1_000_001, "two.md:1: file: is larger than 1000000 bytes"),
        ("two.md", GOOD.replace("---\n\n", "\n"), "two.md:1: front matter: the closing line --- is missing"),
        ("Two Words.md", GOOD, "Two Words.md:2: slug: 'Two Words' is not a slug"),
        ("TWO.MD", GOOD, "TWO.MD:2: slug: 'TWO' is not a slug"),
    ],
)
def test_leaves_out_what_is_wrong(client, flask, folder, name, text, said):
    """A bad file is named with its line, and stops no other; the exit code says that something is missing."""
    (folder / name).write_text(text)
    code, output = flask(folder)

    assert f"{folder}/{said}" in output
    assert output.endswith("\n1 of 1 articles were new or changed; 1 file was refused.\n")
    assert (1, 200) == (code, client.get("/posts/one").status_code)


def test_leaves_out_articles_of_people_who_cannot_be_read(flask, folder):
    """Slips in people.yaml are told beside those of the articles that need it."""
    (folder / "people.yaml").write_text("- {name: Ada}\n")
    code, output = flask(folder)

    assert (1, True, True) == (
        code,
        "people.yaml:1: 1, slug: must be" in output,
        "one.md:4: authors 1: nobody" in output,
    )


def test_keeps_nothing_of_what_it_leaves_out(app, flask, folder):
    """Also of an article whose slip shows only when it is kept."""
    flask(folder)
    before = rows(app)
    (folder / "two.md").write_text(GOOD.replace("authors", "muscles: [no-muscle]\ntags: [new-tag]\nauthors"))
    flask(folder)

    assert before == rows(app)


@pytest.mark.parametrize(
    "name", [".#a.md", "._a.md", ".a.md.swp", "a.md~", "#a.md#", "a.md.bak", "a.mdown", "README.md"]
)
def test_tells_what_it_skips(flask, folder, name):
    """Files of editors and systems, and the folder's own README, are no articles and no slips."""
    (folder / name).write_text("no front matter")
    code, output = flask(folder)

    assert (0, True) == (code, f"skipped  {folder}/{name}: " in output)
    assert output.endswith("1 of 1 articles were new or changed; 1 file was skipped.\n")


def test_skips_the_lock_of_an_editor(flask, folder):
    """Emacs leaves a link to nowhere beside an open file."""
    (folder / ".#one.md").symlink_to("ada@desk.4711")

    assert 0 == flask(folder)[0]


def test_takes_a_readme_that_is_an_article(flask, folder):
    """With front matter it is one; its name is no slug."""
    (folder / "README.md").write_text(GOOD.replace("title:", "slug: about-us\ntitle:"))

    assert (0, True) == (flask(folder)[0], "same     about-us" in flask(folder)[1])


class TestOddFiles:
    def folder_of_its_own(self, folder):
        (folder / "neck").mkdir()
        (folder / "neck" / "index.md").write_text(GOOD)
        return "neck/index.md:1: file: lies in a folder of its own, which is not read: move it up, as neck.md"

    def folder_named_like_a_file(self, folder):
        (folder / "x.md").mkdir()
        return "x.md:1: file: is a folder; an article is a file"

    def link_to_itself(self, folder):
        (folder / "x.md").symlink_to("x.md")
        return "x.md:1: file: cannot be read: "

    def link_to_nowhere(self, folder):
        (folder / "x.md").symlink_to("gone.txt")
        return "x.md:1: file: cannot be read: No such file"

    def pipe(self, folder):
        os.mkfifo(folder / "x.md")
        return "x.md:1: file: is no ordinary file"

    def latin_1(self, folder):
        (folder / "x.md").write_bytes(GOOD.replace("A title", "Rücken").encode("latin-1"))
        return "x.md:2: file: is not UTF-8 text from here on"

    def utf_16(self, folder):
        (folder / "x.md").write_bytes(GOOD.encode("utf-16"))
        return "x.md:1: file: is UTF-16: save it as UTF-8"

    def name_that_is_no_text(self, folder):
        Path(os.fsdecode(bytes(folder) + b"/x\xff.md")).write_text(GOOD)
        return "x\ufffd.md:2: slug: "

    @pytest.mark.parametrize(
        "kind",
        [
            "folder_of_its_own",
            "folder_named_like_a_file",
            "link_to_itself",
            "link_to_nowhere",
            "pipe",
            "latin_1",
            "utf_16",
            "name_that_is_no_text",
        ],
    )
    def test_are_named_and_stop_nothing(self, flask, folder, kind):
        """One line that says what is wrong, no traceback; the others are loaded."""
        said = getattr(self, kind)(folder)
        code, output = flask(folder)

        assert (1, True, True) == (code, f"{folder}/{said}" in output, "new      one" in output)

    def test_a_loop_of_folders_ends(self, flask, folder):
        """A link to a folder is not followed."""
        (folder / "again").symlink_to(folder)

        assert (0, True) == (flask(folder)[0], "again: is a link to a folder" in flask(folder)[1])

    @pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
    @pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
    def test_ends_of_lines_and_a_byte_order_mark_are_no_slips(self, flask, folder, start, end):
        """However an editor ends lines, and whatever it puts first."""
        (folder / "one.md").write_bytes(start + GOOD.encode().replace(b"\n", end))

        assert (0, "new      one\n1 of 1 articles were new or changed.\n") == flask(folder)

    def test_two_files_of_one_slug_are_both_left_out(self, flask, folder):
        """Nobody can know which is meant; each is named with the line of its slug."""
        (folder / "two.md").write_text(GOOD.replace("title:", "slug: one\ntitle:"))
        code, output = flask(folder)

        assert (1, True, True) == (
            code,
            f"{folder}/one.md:2: slug: two.md has the slug 'one', too" in output,
            f"{folder}/two.md:2: slug: one.md has the slug 'one', too" in output,
        )

    def test_two_files_of_one_article_are_told(self, app, flask, folder):
        """An old address and a new one lead to the same article: the second file is left out."""
        flask(folder)
        app.test_cli_runner().invoke(args=["posts", "rename", "one", "two"])
        (folder / "two.md").write_text(GOOD)
        code, output = flask(folder)

        assert (1, True) == (code, "two.md:2: slug: 'two' is an address of the article in one.md, too" in output)


@pytest.mark.parametrize("names", [[], ["notes.txt"], [".hidden.md"], ["README.md"]])
def test_finding_nothing_is_an_error(flask, tmp_path, names):
    """A folder without articles is the wrong folder."""
    for name in names:
        (tmp_path / name).write_text("x")
    code, output = flask(tmp_path)

    assert (1, True) == (code, "0 articles found" in output)


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
class TestZone:
    @pytest.fixture
    def settings(self, zone):
        return {"BLOG_TIME_ZONE": zone}

    def test_a_day_is_that_day(self, zone, client, flask, folder):
        """What front matter calls the 4th is the 4th on the page, east and west of London."""
        flask(folder)

        assert "4 May 2026" in client.get("/posts/one").text


def test_needs_a_folder(flask, tmp_path):
    """A folder that is not there is said in one line."""
    code, output = flask(tmp_path / "nowhere")

    assert (2, True) == (code, "does not exist" in output)
