"""What pages show, and what all of them share: read once, and anew after a change; never an old one."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import event, select

from blog.clock import now
from blog.database import begin_write, db
from blog.pagecache.changes import changed
from blog.pagecache.keys import SITE
from blog.pagecache.notes import expires_at, shows
from blog.pages.models import Site
from blog.posts.models import Post
from tests.pagecache.steps import change


class TestRemembered:
    """What every page shows is read from the database once, and anew after a change; never an old one."""

    @pytest.fixture
    def reads(self, app):
        """How often the settings and the pages' texts were read."""
        found = Counter()
        with app.app_context():
            engine = db.engine

        def note(connection, cursor, statement, *more):
            found.update(table for table in ("site_settings", "page_revisions") if f"FROM {table}" in statement)
            found.update(["page_revisions"] if "JOIN page_revisions" in statement else [])

        event.listen(engine, "before_cursor_execute", note)
        yield found
        event.remove(engine, "before_cursor_execute", note)

    def test_two_pages_read_it_once(self, make, client, reads):
        """The second page made finds it in memory."""
        make.page("disclaimer")
        for slug in ("one", "two"):
            make.post(slug)
        reads.clear()
        for slug in ("one", "two"):
            assert 200 == client.get(f"/posts/{slug}").status_code

        assert {"site_settings": 1, "page_revisions": 1} == reads

    def test_a_change_is_on_every_page(self, make, client):
        """A page that is made after a change of the site's name and of a page's text shows both."""
        for slug in ("one", "two"):
            make.post(slug)
        make.page("disclaimer", body="Before", short="Before")
        client.get("/posts/one")
        make.settings(name="Another name")
        make.page("disclaimer", body="After", short="After", title="Another title")
        text = client.get("/posts/two").text

        assert ("Another name" in text, "Another title" in text) == (True, True)

    def test_the_form_follows_the_settings(self, make, client):
        """Its inputs are kept, too."""
        make.post("one")
        before = client.get("/posts/one").text
        make.settings(comment_email="hidden")

        assert (True, False) == ('name="email"' in before, 'name="email"' in client.get("/posts/one").text)

    def test_half_a_change_is_not_shown_for_long(self, app, make, client, cache, monkeypatch):
        """A page made between two slots of one change must not outlive the second."""
        make.post("one")
        make.page("disclaimer", body="Before")
        client.get("/posts/one")
        touch = cache.slots.touch
        monkeypatch.setattr(cache.slots, "touch", lambda keys: touch(set(keys) - {"pages", "site"}))
        make.page("disclaimer", body="After")
        monkeypatch.setattr(cache.slots, "touch", touch)
        client.get("/posts/one")
        touch({"pages"})

        assert "After" in client.get("/posts/one").text

    @pytest.mark.both_databases
    def test_a_change_while_it_is_read_is_not_lost(self, app, make, client, cache, monkeypatch):
        """What was read in a snapshot from before a commit is not kept beyond it."""
        make.post("one")
        read = Site._read.__func__
        done = []

        def slowly(cls):
            found = read(cls)
            if not done:
                done.append(True)
                thread = threading.Thread(target=lambda: make.settings(name="Another name"))
                thread.start()
                thread.join()
            return found

        monkeypatch.setattr(Site, "_read", classmethod(slowly))
        first, second = (client.get("/posts/one").text for _ in range(2))

        assert (False, True) == ("Another name" in first, "Another name" in second)

    def test_all_pages_forgotten_is_this_forgotten(self, app, make, client):
        """Who changes tables past the models drops the key of all pages, and with it what they share."""
        make.post("one")
        make.page("disclaimer", title="Title of before")
        client.get("/posts/one")

        def past_the_models():
            db.session.execute(db.text("UPDATE pages SET public_revision_id = NULL"))
            changed(SITE)

        change(app, past_the_models)

        assert "Title of before" not in client.get("/posts/one").text


class TestRememberedOutsidePages:
    @pytest.fixture
    def name(self, app):
        """The site's name as a request hears it that first does something else."""

        def ask(before=lambda: None):
            with app.app_context():
                before()
                return Site.current().name

        return ask

    def test_what_was_read_is_not_read_again(self, app, name):
        """The second request hears what the first one read."""
        name()
        app.extensions["pagecache"].facts[SITE] = (app.extensions["pagecache"].facts[SITE][0], Site(name="Kept"))

        assert "Kept" == name()

    def test_a_change_is_heard_at_once(self, app, name):
        """What was remembered ends with the commit of a change."""
        name()
        change(app, Site.change, {"name": "Changed"}, None)

        assert "Changed" == name()

    def test_a_transaction_that_writes_hears_itself(self, app, name):
        """What it has changed, and nobody else can see yet, is read from the database."""
        name()

        def write():
            begin_write()
            Site.change({"name": "Mine"}, None)
            db.session.flush()
            g.pop("site")

        assert "Mine" == name(write)

    def test_what_an_open_transaction_sees_is_not_kept(self, app, name):
        """It may be older than the slots that it would be kept with."""
        name(lambda: db.session.scalar(select(Post.id)))

        assert SITE not in app.extensions["pagecache"].facts


def test_notes_outside_a_page_are_nothing(app):
    """Models may say what they show from anywhere: jobs and commands make no page."""
    with app.app_context():
        shows("site")
        expires_at(now() + timedelta(days=1))
        expires_at(None)
