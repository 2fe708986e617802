"""Pages in memory: within their bytes, and the right ones."""

from __future__ import annotations

import random

from blog.clock import now
from blog.database import db
from blog.pagecache.notes import Notes
from blog.pagecache.store import ALIASES_KEPT, KeptPage, Store
from blog.posts.models import Post
from tests.pagecache.steps import change


class TestStore:
    def page(self, key, size=1000):
        copied = memoryview(bytes(8 * (1 << 16))).cast("Q")
        return KeptPage(key, "/posts/<slug>", b"x" * size, [("Content-Type", "text/plain")], Notes(), copied, now(), 60)

    def ask(self, store, key, size=1000):
        """As a request does: count the use, or put it in."""
        page = store.get(key)
        if page is not None:
            page.uses = min(3, page.uses + 1)
            return True
        store.put(self.page(key, size))
        return False

    def test_never_holds_more_than_its_bytes(self):
        """Whatever is put into it, also when pages grow by their packed forms."""
        store, pick = Store(500_000), random.Random(1)
        for _ in range(3000):
            key = str(pick.randrange(400))
            self.ask(store, key, pick.randrange(70_000))
            page = store.get(key)
            if page is not None:
                store.grow(page, pick.randrange(5000))
            assert store.bytes <= 500_000
        known = [store.get(str(number)) for number in range(400)]
        assert store.bytes == sum(page.size for page in known if page)
        assert store.newcomer_bytes == sum(page.size for page in known if page and not page.settled)

    def test_a_flood_of_new_pages_leaves_the_hot_ones(self):
        """A crawler that opens 10,000 addresses once pushes out other newcomers, not what is read again and again."""
        store = Store(1_000_000)
        hot = [f"hot {number}" for number in range(20)]
        for _ in range(3):
            for key in hot:
                self.ask(store, key)
        for number in range(10_000):
            self.ask(store, f"flood {number}")
            if number % 100 == 0:
                assert self.ask(store, hot[(number // 100) % 20])

        assert [True] * 20 == [store.get(key) is not None for key in hot]

    def test_what_nobody_reads_any_more_leaves(self):
        """Yesterday's hot pages make room for today's."""
        store = Store(500_000)
        for _ in range(4):
            for number in range(30):
                self.ask(store, f"old {number}")
        for _ in range(20):
            for number in range(45):
                self.ask(store, f"new {number}")

        assert 40 < sum(store.get(f"new {number}") is not None for number in range(45))

    def test_a_newcomer_that_comes_back_stays(self):
        """Pushed out as a newcomer, it settles at once when it is asked for again."""
        store = Store(200_000)
        self.ask(store, "again")
        number = 0
        while store.get("again"):
            self.ask(store, f"flood {number}")
            number += 1
        self.ask(store, "again")
        for more in range(number, number + 100):
            self.ask(store, f"flood {more}")

        assert store.get("again") is not None

    def test_too_large_a_page_is_not_kept(self):
        """One page may not push out all others."""
        store = Store(100_000)
        store.put(self.page("large", 50_000))

        assert 0 == len(store) == store.bytes

    def test_ways_to_ask_are_bounded(self, app, make, client, cache):
        """
        A flood of made-up parameters and encodings makes one page, and remembers only the last ways to ask for it.
        """
        make.post("one")
        for number in range(200):
            client.get(f"/posts/one?utm_source={number}", headers={"Accept-Encoding": f"x{number}, gzip"})
        client.get("/posts/one?" + "x" * 5000)

        assert 1 == len(cache.store)
        assert ALIASES_KEPT == len(cache.store.aliases)

    def test_dropped_pages_leave_nothing_behind(self, app, make, client, cache):
        """Neither bytes nor ways to ask stay when a page is replaced again and again."""
        post = make.post("one")
        client.get("/posts/one")
        size = cache.store.bytes
        for number in range(20):
            change(
                app, lambda number=number: setattr(db.session.get_one(Post, post.id), "comments_open", number % 2 > 0)
            )
            client.get("/posts/one?utm_source=x")

        assert (1, 1) == (len(cache.store), len(cache.store.aliases))
        assert abs(size - cache.store.bytes) < 5000
