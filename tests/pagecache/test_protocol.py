"""The page cache's protocol under races, each made to happen at the worst moment."""

from __future__ import annotations

import re
import threading

import pytest

from blog import create_app
from blog.comments.models import Comment
from blog.database import db
from blog.pagecache.changes import changed
from blog.pagecache.notes import public_page, shows
from blog.posts import publishing
from blog.posts.models import Post
from tests.conftest import SECRET_KEY
from tests.pagecache.steps import change, decide, of


class TestProtocol:
    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def during(self, cache, monkeypatch):
        """Do something once while a page is rendered: after its slots were copied, or after its reads."""

        def at(place, action):
            inner, done = cache.inner, []

            def once():
                if not done:
                    done.append(True)
                    thread = threading.Thread(target=action)
                    thread.start()
                    thread.join()

            def between(environ, start_response):
                if place == "before reading":
                    once()
                parts = list(inner(environ, start_response))
                if place == "after reading":
                    once()
                return parts

            monkeypatch.setattr(cache, "inner", between)

        return at

    @pytest.mark.parametrize("place", ["before reading", "after reading"])
    def test_a_change_during_rendering_is_not_lost(self, app, make, client, during, place):
        """Whatever the first page said, the next one says what was decided meanwhile."""
        comment = make.comment(make.post("one"), body="MARK")
        during(place, lambda: decide(app, comment))
        first = client.get("/posts/one").text

        assert (place == "before reading") == ("MARK" in first)
        assert "MARK" in client.get("/posts/one").text

    def test_a_waiter_is_not_handed_an_old_page(self, app, make, cache, during):
        """Who came after the decision's answer never gets the page from before it, not even from a renderer's hands."""
        comment = make.comment(make.post("one"), body="MARK")
        waiter_texts = []

        def decide_and_wait():
            decide(app, comment)
            thread = threading.Thread(target=lambda: waiter_texts.append(app.test_client().get("/posts/one").text))
            thread.start()
            while not any(flight for flight in cache._flights.values()):
                pass
            threads.append(thread)
            thread.join(0.2)  # it waits for the renderer, who waits for us
            assert [] == waiter_texts

        threads = []
        during("after reading", decide_and_wait)
        assert "MARK" not in app.test_client().get("/posts/one").text
        threads[0].join(60)

        assert ["MARK"] == [mark for text in waiter_texts for mark in re.findall("MARK", text)[:1]]

    def test_a_page_sees_one_moment(self, app, client, make, cache):
        """Two reads of one page, with a commit between them, agree; and the page is rendered anew next time."""
        post = make.post("one")

        @public_page()
        def twice():
            shows(f"post:{post.id}")
            texts = []
            for _ in range(2):
                db.session.expire_all()
                texts.append(db.session.get_one(Post, post.id).slug)
                thread = threading.Thread(target=lambda: change(app, of(Post, post, publishing.rename, "two")))
                thread.start()
                thread.join()
            return " ".join(texts)

        app.add_url_rule("/twice", view_func=twice)

        assert ["one one", "two two"] == [client.get("/twice").text for _ in range(2)]

    def test_a_page_of_two_moments_is_not_kept(self, app, client, make, cache):
        """A view that ends its transaction in between may contradict itself."""
        post = make.post("one")

        @public_page()
        def torn():
            first = db.session.get_one(Post, post.id).slug
            db.session.rollback()
            return first + db.session.get_one(Post, post.id).slug

        app.add_url_rule("/torn", view_func=torn)
        client.get("/torn")

        assert 0 == len(cache.store)

    def test_slots_are_written_after_the_commit_and_before_the_answer(self, app, make, cache, monkeypatch):
        """
        Earlier, a page from before the change would be kept as current; later, its reader would be told too early.
        """
        comment = make.comment(make.post("one"))
        order = []

        def seen_by_others():
            with app.app_context():
                order.append(db.session.get_one(Comment, comment.id).public_revision_id is not None)

        def touch(keys):
            thread = threading.Thread(target=seen_by_others)
            thread.start()
            thread.join()
            order.append(set(keys))

        monkeypatch.setattr(cache.slots, "touch", touch)
        decide(app, comment)

        assert [True, {f"comments:{comment.post_id}", "comments"}] == order

    def test_another_process_drops_our_pages(self, app, make, client, database_url, tmp_path):
        """What the command line, or another web process, changes is seen here at once."""
        comment = make.comment(make.post("one"), body="MARK")
        client.get("/posts/one")
        other = create_app(
            {
                "BLOG_INSTANCE_PATH": str(tmp_path / "instance"),
                "BLOG_DATABASE_URL": database_url,
                "BLOG_SECRET_KEY": SECRET_KEY,
            }
        )
        decide(other, comment)
        with other.app_context():
            db.engine.dispose()

        assert "MARK" in client.get("/posts/one").text

    def test_no_change_is_written_without_begin_write(self, app, make):
        """Naming a change outside a writing transaction is a slip, and says so."""
        with app.app_context():
            changed("site")
            with pytest.raises(Exception, match="begin_write"):
                db.session.commit()
            db.session.rollback()
