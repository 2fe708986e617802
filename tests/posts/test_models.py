"""Where a post stands, and whether the public may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.clock import frozen, now
from blog.database import begin_write, db
from blog.posts.models import Post, PostState
from tests.make import ANY_DAY
from tests.posts.changing import change, slugs

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


class TestState:
    def test_is_draft_without_a_public_version(self, make):
        """A new post is a draft, also when it has a version."""
        assert PostState.DRAFT == make.post(published_at=None).state

    def test_is_scheduled_before_its_time(self, make):
        """A time to come is a schedule."""
        assert PostState.SCHEDULED == make.post(published_at=now() + timedelta(minutes=1)).state

    def test_is_published_from_its_time_on(self, make):
        """At the very moment it is out: a comparison with the clock, no job."""
        post = make.post(published_at=ANY_DAY)

        with frozen(ANY_DAY):
            assert PostState.PUBLISHED == post.state

    def test_is_archived_whatever_else(self, make):
        """Taken down beats published."""
        assert PostState.ARCHIVED == make.post(archived=True).state


class TestPublished:
    def test_shows_a_post_that_is_out(self, make):
        """A public version, a time that has come, not archived: everybody may read it."""
        make.post("out")

        assert ["out"] == slugs(Post.published())

    def test_hides_a_draft(self, make):
        """Without a public version nothing is shown."""
        make.post(published_at=None)

        assert [] == slugs(Post.published())

    def test_hides_an_archived_post(self, make):
        """Taken down is hidden."""
        make.post(archived=True)

        assert [] == slugs(Post.published())

    def test_hides_a_post_until_the_last_second(self, make):
        """A second before its time a post is not there; at its time it is."""
        make.post("later", published_at=ANY_DAY)

        with frozen(ANY_DAY - timedelta(seconds=1)):
            before = slugs(Post.published())
        with frozen(ANY_DAY):
            after = slugs(Post.published())

        assert ([], ["later"]) == (before, after)

    @pytest.mark.parametrize("has_version", [True, False])
    @pytest.mark.parametrize("is_due", [True, False])
    @pytest.mark.parametrize("is_archived", [True, False])
    def test_python_and_sql_agree(self, make, has_version, is_due, is_archived):
        """The question on a post and the condition in a query are one rule."""
        post = make.post(archived=is_archived)
        begin_write()
        post = db.session.get_one(Post, post.id)
        post.published_at = now() + timedelta(days=-1 if is_due else 1)
        if not has_version:
            post.public_revision_id = None
        db.session.commit()

        expected = has_version and is_due and not is_archived
        assert (expected, expected) == (post.is_published, bool(slugs(Post.published())))


class TestAcceptsComments:
    def test_while_it_is_open(self, make):
        """A published post takes comments."""
        assert make.post().accepts_comments

    @pytest.mark.parametrize(
        "closed",
        [{"comments_open": False}, {"archived": True}, {"published_at": None}],
        ids=["closed", "gone", "draft"],
    )
    def test_not_when_closed_or_hidden(self, make, closed):
        """Closed, archived and draft posts take none."""
        assert not make.post(**closed).accepts_comments

    def test_until_its_days_are_over(self, make):
        """With ten days set, it closes at the very moment ten days after its publication."""
        make.settings(comments_close_days=10)
        post = make.post(published_at=ANY_DAY)
        closing = ANY_DAY + timedelta(days=10)

        with frozen(closing - timedelta(seconds=1)):
            before = post.accepts_comments
        with frozen(closing):
            after = post.accepts_comments

        assert (True, False, closing) == (before, after, post.comments_close_at)

    @pytest.mark.parametrize(("own", "closes_after"), [(3, 3), (0, None), (None, 10)])
    def test_by_its_own_days_before_those_of_the_site(self, make, own, closes_after):
        """0 keeps it open for ever; without days of its own it closes as the site says."""
        make.settings(comments_close_days=10)
        post = make.post(published_at=ANY_DAY)
        post.comments_close_days = own

        assert post.comments_close_at == (ANY_DAY + timedelta(days=closes_after) if closes_after else None)

    def test_for_ever_without_days(self, make):
        """Without the setting, old articles stay open."""
        post = make.post(published_at=make.days_ago(5000))

        assert (True, None) == (post.accepts_comments, post.comments_close_at)


class TestDue:
    def test_names_each_post_once(self, make):
        """Out and not announced is due; announced is not."""
        post = make.post("due")
        before = slugs(Post.due())

        change(post, "announce")

        assert (["due"], []) == (before, slugs(Post.due()))

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_waits_for_hidden_posts(self, make, hidden):
        """What nobody can read is not announced."""
        make.post(**hidden)

        assert [] == slugs(Post.due())
