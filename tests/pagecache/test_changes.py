"""What verbs change: which pages it drops, and that it is told exactly when it is committed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.clock import now
from blog.comments.models import State
from blog.database import begin_write, db
from blog.posts import publishing
from blog.posts.models import Post, PostRevision
from tests.make import ANY_DAY
from tests.pagecache.steps import change, decide


class TestPreciseDropping:
    def test_a_decision_drops_one_article_and_its_feeds(self, app, make, client, cache, rendering):
        """Approving a comment renders its article, the comment feeds and the home page anew, and nothing else."""
        one, two = make.post("one"), make.post("two")
        comment = make.comment(one)
        make.comment(two, state=State.APPROVED)
        dropped = ["/", "/posts/one", "/posts/one/comments.atom", "/comments.atom"]
        kept = [
            "/posts/two",
            "/posts/two/comments.atom",
            "/feed.atom",
            "/sitemap.xml",
            "/authors/team",
            "/muscles",
        ]
        for address in (*dropped, *kept):
            assert 200 == client.get(address).status_code

        decide(app, comment)

        for address in dropped:
            with rendering(1):
                client.get(address)
        for address in kept:
            with rendering(0):
                client.get(address)

    def test_submissions_drop_nothing(self, make, client, rendering):
        """A flood of comments that wait costs the readers nothing."""
        post = make.post("one")
        addresses = ["/", "/posts/one", "/comments.atom", "/posts/one/comments.atom"]
        for address in addresses:
            client.get(address)
        for state in (State.PENDING, State.HELD, State.REJECTED, State.SPAM, State.WITHDRAWN, State.ERASED):
            make.comment(post, state=state)

        with rendering(0):
            for address in addresses:
                client.get(address)

    def test_what_is_rolled_back_drops_nothing(self, app, make, client, cache, rendering):
        """A change that did not happen is not told, neither at once nor later."""
        post = make.post("one")
        cache.following.follow()
        client.get("/posts/one")
        with app.app_context():
            begin_write()
            publishing.archive(db.session.get_one(Post, post.id))
            db.session.flush()
            db.session.rollback()
            begin_write()
            db.session.commit()
        assert 0 == cache.following.follow()

        with rendering(0):
            client.get("/posts/one")

    def test_a_savepoint_tells_nothing_by_itself(self, app, make, client, rendering):
        """Only the end of the whole transaction counts."""
        post = make.post("one")
        client.get("/posts/one")
        with app.app_context():
            begin_write()
            with db.session.begin_nested():
                db.session.get_one(Post, post.id).comments_open = False
            with rendering(0):
                client.get("/posts/one")
            db.session.commit()

        with rendering(1):
            assert "closed for new comments" in client.get("/posts/one").text


class TestMovingPosts:
    """Whoever moves a post, by a verb or by its columns: the pages of before and of after are made anew."""

    @pytest.fixture
    def dropped(self, app, make, client, rendering):
        """Which of some addresses a change makes anew."""

        def by(verb, *addresses):
            for address in addresses:
                assert 200 == client.get(address).status_code
            change(app, verb)
            found = []
            for address in addresses:
                before = app.extensions["pagecache"].rendered
                client.get(address)
                if app.extensions["pagecache"].rendered > before:
                    found.append(address)
            return found

        return by

    @pytest.fixture
    def strangers(self, make):
        """Makes posts, a day apart, that share nothing but their place in time."""

        def of(many):
            for number in range(many):
                at = ANY_DAY + timedelta(days=number)
                make.post(f"post-{number}", tags=[f"tag-{number}"], muscles=[], pain_areas=[], published_at=at)

        return of

    def test_another_tag_drops_the_lists_of_both(self, make, dropped):
        """The list that loses it, and the one that gets it; not a third one."""
        post = make.post("one", tags=["old"])
        make.post("two", tags=["new"])
        make.post("three", tags=["third"])
        revision = make.revision(post, tags=["new"])

        def verb():
            publishing.publish(db.session.get_one(Post, post.id), db.session.get_one(PostRevision, revision.id))

        assert ["/tags/old", "/tags/new"] == dropped(verb, "/tags/old", "/tags/new", "/tags/third")

    def test_columns_say_the_same_as_verbs(self, strangers, dropped):
        """Taken off the site by hand, it leaves its lists and the pages of its neighbours all the same."""
        strangers(7)

        def by_hand():
            found = db.session.scalars(Post.any_under_slug("post-3")).one()
            found.archived_at = now()

        found = dropped(by_hand, "/tags/tag-3", "/tags/tag-4", *(f"/posts/post-{number}" for number in (0, 2, 4, 6)))
        assert ["/tags/tag-3", "/posts/post-2", "/posts/post-4"] == found

    def test_a_new_article_leaves_far_ones_alone(self, make, strangers, dropped):
        """Publishing makes those beside it anew, not every article of the site."""
        strangers(4)
        draft = make.post("draft", tags=["draft"], muscles=[], pain_areas=[], published_at=None)

        def verb():
            found = db.session.get_one(Post, draft.id)
            publishing.publish(found, db.session.scalar(PostRevision.newest_of(found)), at=ANY_DAY + timedelta(days=9))

        assert ["/posts/post-3"] == dropped(verb, *(f"/posts/post-{number}" for number in (0, 1, 3)))
