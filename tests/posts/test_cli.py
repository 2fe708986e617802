"""`flask posts`: what staff do from the command line until there is a writing desk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from blog.clock import now
from blog.database import db
from blog.posts.models import Post, PostRevision
from tests.make import ANY_DAY

LATER = f"{now() + timedelta(days=700):%Y-%m-%d}"


@pytest.fixture
def flask(app):
    """Run `flask posts …`; exit code and what it said."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["posts", *arguments])
        return result.exit_code, result.output

    return run


def post_of(app, slug):
    with app.app_context():
        post = db.session.scalars(Post.any_under_slug(slug)).one()
        return post.state, post.slug, post.title, post.published_at, post.updated_at


class TestList:
    def test_names_every_post_with_its_state(self, make, flask):
        """One line each: state, time, slug; drafts first."""
        make.post("out")
        make.post("draft", published_at=None)
        make.post("gone", archived=True, published_at=ANY_DAY - timedelta(days=1))
        lines = [line.split() for line in flask("list")[1].splitlines()]

        assert [
            ["draft", "-", "draft"],
            ["published", "2026-06-01", "09:00", "out"],
            ["archived", "2026-05-31", "09:00", "gone"],
        ] == lines


class TestPublish:
    def test_shows_the_newest_version(self, app, make, flask):
        """A draft is out now, as it was last written."""
        post = make.post("one", published_at=None)
        make.revision(post, title="Last written")
        said = flask("publish", "one")

        assert (0, "one is published.\n") == said
        assert ("published", "Last written") == (post_of(app, "one")[0], post_of(app, "one")[2])

    def test_updates_what_is_out(self, app, make, flask):
        """The time of publication stays, the update is dated."""
        post = make.post("one")
        make.revision(post, title="Better")
        flask("publish", "one")
        _, _, title, published_at, updated_at = post_of(app, "one")

        assert ("Better", ANY_DAY, True) == (title, published_at, updated_at is not None)

    def test_twice_is_no_update(self, app, make, flask):
        """Nothing new is no update."""
        make.post("one")
        flask("publish", "one")

        assert None is post_of(app, "one")[4]

    def test_brings_a_scheduled_post_out_now(self, app, make, flask):
        """Waiting is over."""
        make.post("one", published_at=now() + timedelta(days=9))
        flask("publish", "one")
        state, *_, published_at, _ = post_of(app, "one")

        assert ("published", True) == (state, published_at <= now())

    def test_brings_an_archived_post_back(self, app, make, flask):
        """With the time it had, and without claiming an update."""
        make.post("one", archived=True)
        flask("publish", "one")

        assert ("published", ANY_DAY, None) == (post_of(app, "one")[0], *post_of(app, "one")[3:])


class TestSchedule:
    def test_takes_a_moment_in_the_sites_zone(self, app, make, flask):
        """A time without zone is the site's."""
        make.post("one", published_at=None)
        said = flask("schedule", "one", f"{LATER}T09:00")

        assert (0, f"one appears at {LATER} 09:00.\n") == said
        assert datetime.fromisoformat(f"{LATER}T09:00Z") == post_of(app, "one")[3]

    def test_takes_a_moment_with_a_zone(self, app, make, flask):
        """A time with a zone is taken as it says."""
        make.post("one", published_at=None)
        flask("schedule", "one", f"{LATER}T09:00+02:00")

        assert datetime.fromisoformat(f"{LATER}T07:00Z") == post_of(app, "one")[3]

    @pytest.mark.parametrize("moment", ["tomorrow", "2027-13-01", "0026-05-04", "1989-12-31", "2999-01-01", ""])
    def test_refuses_what_is_no_moment(self, app, make, flask, moment):
        """One line says how to write it; nothing changes."""
        make.post("one", published_at=None)
        code, said = flask("schedule", "one", moment)

        assert (1, 1, "draft") == (code, said.count("\n"), post_of(app, "one")[0])

    def test_refuses_self_help_kept_under_older_rules(self, app, make, flask):
        """What was stored before it was looked at is not shown: one line says where it stands."""
        make.post("one", published_at=None)
        with app.app_context():
            (number,) = db.session.scalars(select(PostRevision.id))
        make.rewrite(PostRevision, number, document=make.article(body="## It\n\nMoves.\n\n## Self-help\n\nRest."))
        answers = [flask("publish", "one"), flask("schedule", "one", LATER)]

        assert {(1, True)} == {(code, "line 5 of the text: “Self-help” would stand" in said) for code, said in answers}
        assert "draft" == post_of(app, "one")[0]

    def test_refuses_a_post_that_is_out(self, app, make, flask):
        """In one line, and it stays out."""
        make.post("one")
        code, said = flask("schedule", "one", f"{LATER}T09:00")

        assert (1, "published") == (code, post_of(app, "one")[0])
        assert "archive it first" in said


class TestArchive:
    def test_takes_a_post_off(self, app, make, flask):
        """It is archived, and can be published again."""
        make.post("one")

        assert (0, "one is archived.\n") == flask("archive", "one")
        assert "archived" == post_of(app, "one")[0]


class TestRename:
    def test_gives_a_new_address(self, app, make, flask, client):
        """The old one redirects."""
        make.post("one")
        flask("rename", "one", "two")

        assert ("two", 301) == (post_of(app, "one")[1], client.get("/posts/one").status_code)

    @pytest.mark.parametrize("slug", ["taken", "Not A Slug"])
    def test_refuses_what_cannot_be_an_address(self, app, make, flask, slug):
        """In one line; the post keeps its slug."""
        make.post("one")
        make.post("taken")
        code, said = flask("rename", "one", slug)

        assert (1, 1, "one") == (code, said.count("\n"), post_of(app, "one")[1])


@pytest.mark.parametrize("command", [["publish"], ["archive"], ["rename", "x"], ["schedule", LATER]])
def test_an_unknown_post_is_said_in_one_line(flask, command):
    """With the way to find out what there is."""
    code, said = flask(command[0], "never-was", *command[1:])

    assert (1, "Error: There is no post “never-was”; `flask posts list` names them all.\n") == (code, said)
