"""Pictures beside the articles come along: once, named, described; what is no picture is a slip with its line."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from blog.database import db
from blog.media.models import Media
from tests.media.files import drawing, file

FIGURE = "  - id: s\n    kind: picture\n    picture: {}\n    caption: The shoulder\n    alt: A shoulder\n"
ARTICLE = (
    "---\ntitle: Of shoulders\nstandfirst: About them.\nauthors: [team]\npublished: 2026-05-04\nfigures:\n{}---\n\n"
    "## What it does\n\nIt moves.\n\n::figure s\n"
)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    (made / "photos").mkdir(parents=True)
    (made / "photos" / "Shoulder One.png").write_bytes(file())
    (made / "people.yaml").write_text("- slug: team\n  name: The team\n  team: true\n")
    return made


@pytest.fixture
def load(app, folder):
    """`load("photos/a.png")`: imports an article that shows this file; what is said, and the exit code."""

    def loading(picture, *options):
        (folder / "shoulders.md").write_text(ARTICLE.format(FIGURE.format(picture)))
        done = app.test_cli_runner().invoke(args=["import", "markdown", str(folder), *options])
        return done.output, done.exit_code

    return loading


def media(app):
    with app.app_context():
        return [(one.name, one.alt, one.caption) for one in db.session.scalars(select(Media).order_by(Media.id))]


def test_a_picture_comes_along(app, client, load, make):
    """It is shown, and it is among the media with the words of its figure."""
    said, code = load("photos/Shoulder One.png")
    page = client.get("/posts/shoulders").get_data(as_text=True)

    assert (0, [("shoulder-one", "A shoulder", "The shoulder")]) == (code, media(app)), said
    assert "/shoulder-one.png" in page


def test_the_same_folder_again_changes_nothing(app, load):
    """Neither the article nor its picture is there twice."""
    load("photos/Shoulder One.png")
    said, code = load("photos/Shoulder One.png")

    assert (0, 1) == (code, len(media(app)))
    assert "same     shoulders" in said


def test_a_changed_file_is_another_picture(app, load, folder):
    """The article shows the new one."""
    load("photos/Shoulder One.png")
    (folder / "photos" / "Shoulder One.png").write_bytes(file(drawing(80)))
    said, _ = load("photos/Shoulder One.png")

    assert ["shoulder-one", "shoulder-one-2"] == [name for name, _, _ in media(app)]
    assert "changed  shoulders" in said


def test_a_dry_run_keeps_nothing(app, load):
    """It says what would happen, and there is no picture afterwards."""
    said, code = load("photos/Shoulder One.png", "--dry-run")

    assert (0, []) == (code, media(app)), said
    assert "new      shoulders" in said
    assert not list((app.config["BLOG_INSTANCE_PATH"] / "media").rglob("*"))


def test_a_name_is_one_of_the_media(app, load, make):
    """Without an ending it is no file, but a picture that is there already."""
    make.picture("shoulder")
    said, code = load("shoulder")

    assert (0, 1) == (code, len(media(app))), said


@pytest.mark.parametrize(
    ("picture", "problem"),
    [
        ("photos/none.png", "photos/none.png: is not there."),
        ("../outside.png", "../outside.png: lies outside of the folder"),
        ("/etc/hostname.png", "lies outside of the folder"),
        ("link.png", "lies outside of the folder"),
        ("words.png", "words.png: This is not a JPEG"),
        ("drawing.svg", "An SVG can carry programs"),
        ("shoulder", "no picture is called 'shoulder'"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_what_is_no_picture_is_a_slip(app, load, folder, tmp_path, picture, problem, options):
    """With the line of the file; the article is left out, and nothing of it is kept."""
    (tmp_path / "outside.png").write_bytes(file())
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "words.png").write_text("hello")
    (folder / "drawing.svg").write_text("<svg/>")
    said, code = load(picture, *options)

    assert 1 == code
    assert (
        f"shoulders.md:9: figures 1, picture: {problem}" in said
        or f"shoulders.md:9: figures 1, picture: {picture}: " in said
    )
    assert problem in said
    assert [] == media(app)
