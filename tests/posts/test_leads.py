"""The picture that stands for an article, and what counts as read on its page."""

from __future__ import annotations

from importlib import import_module

import pytest

from blog import sample
from blog.database import begin_write, db
from blog.posts.leads import NO_LEAD, leads_of
from blog.posts.models import Post, PostRevision

PICTURE = {"id": "own", "kind": "picture", "caption": "A back", "picture": "back"}


@pytest.fixture
def vocabulary(app):
    with app.app_context():
        sample.ensure_vocabulary()
        yield


def lead_of(post):
    return leads_of([db.session.get_one(Post, post.id)])[post.id]


@pytest.mark.usefixtures("vocabulary")
class TestLead:
    def test_is_the_articles_own_picture(self, make, app):
        make.picture("back")

        with app.test_request_context():
            lead = lead_of(make.post(muscles=["psoas"], figures=[PICTURE]))

        assert ("back", None) == (lead.shown.name, lead.drawn)

    def test_is_the_drawing_of_the_first_muscle(self, make, app):
        with app.test_request_context():
            lead = lead_of(make.post(muscles=["soleus", "psoas"]))

        assert (None, "Soleus") == (lead.shown, lead.muscle)
        assert "/pain-close-soleus.svg" in lead.drawn.url

    def test_is_nothing_without_either(self, make, app):
        with app.test_request_context():
            lead = lead_of(make.post())

        assert NO_LEAD == lead

    def test_stands_beside_the_title_and_on_cards(self, make, client):
        make.post("one", muscles=["soleus"], tags=["t"])

        for path in ("/", "/posts/one", "/tags/t", "/muscles/soleus"):
            assert "pain-close-soleus.svg" in client.get(path).text, path


@pytest.mark.both_databases
@pytest.mark.usefixtures("vocabulary")
class TestMigration:
    def test_reads_leads_and_words_from_old_versions(self, make):
        """What it finds is what a version says that is written now."""
        safety = {"red_flags": ["low-back-buttock"], "cautions": ["Take great care."]}
        article = {**make.whole_article(muscles=["psoas"], safety=safety)}
        new = db.session.get_one(PostRevision, make.post(**article).public_revision_id)
        expected = (new.words, new.lead_muscle)
        migration = import_module("blog.migrations.versions.0025_leads")
        begin_write()
        warnings = migration.words_of_warnings(db.session.connection())["low-back-buttock"]
        before = new.words - warnings - migration.count(migration.uncounted(new.document))
        table = db.metadata.tables["post_revisions"]
        db.session.execute(db.update(table).values(words=before, lead_muscle=""))

        migration.fill(db.session.connection())

        row = db.session.execute(db.select(table.c.words, table.c.lead_muscle)).one()
        assert expected == tuple(row)
