"""What verbs change: which pages it drops, and that it is told exactly when it is committed."""

from __future__ import annotations

from blog.comments.models import State
from blog.database import begin_write, db
from blog.pagecache.changes import drain
from blog.posts import publishing
from blog.posts.models import Post
from tests.pagecache.steps import decide


class TestPreciseDropping:
    def test_a_decision_drops_one_article_and_its_feeds(self, app, make, client, cache, rendering):
        """
        Approving a comment renders its article and the comment feeds anew, and nothing else.
        """
        one, two = make.post("one"), make.post("two")
        comment = make.comment(one)
        make.comment(two, state=State.APPROVED)
        dropped = ["/posts/one", "/posts/one/comments.atom", "/comments.atom"]
        kept = [
            "/",
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
        """
        A flood of comments that wait costs the readers nothing.
        """
        post = make.post("one")
        addresses = ["/", "/posts/one", "/comments.atom", "/posts/one/comments.atom"]
        for address in addresses:
            client.get(address)
        for state in (State.PENDING, State.HELD, State.REJECTED, State.SPAM, State.WITHDRAWN, State.ERASED):
            make.comment(post, state=state)

        with rendering(0):
            for address in addresses:
                client.get(address)

    def test_what_is_rolled_back_drops_nothing(self, app, make, client, rendering):
        """
        A change that did not happen is not told, neither at once nor later.
        """
        post = make.post("one")
        with app.app_context():
            drain()
        client.get("/posts/one")
        with app.app_context():
            begin_write()
            publishing.archive(db.session.get_one(Post, post.id))
            db.session.flush()
            db.session.rollback()
            begin_write()
            db.session.commit()
            assert 0 == drain()

        with rendering(0):
            client.get("/posts/one")

    def test_a_savepoint_tells_nothing_by_itself(self, app, make, client, rendering):
        """
        Only the end of the whole transaction counts.
        """
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
