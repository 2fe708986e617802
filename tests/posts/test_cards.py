"""Cards follow what is public: made once, named by the page, and taken away when nothing shows them."""

from __future__ import annotations

import re

import pytest

from blog.anatomy.models import Entry, EntryKind
from blog.database import begin_write, db
from blog.media.jobs import take_away_files
from blog.media.models import MediaFile
from blog.posts import cards, jobs, publishing
from blog.posts.jobs import make_cards, renew_cards
from blog.posts.models import Post, PostRevision
from tests.readers import change

pytestmark = pytest.mark.both_databases
NAMED = re.compile(r'property="og:image" content="http://localhost([^"]+)"')


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What stands on cards is drawn in tests/media/test_card.py; here it is only written down."""
    monkeypatch.setattr(jobs, "draw", lambda card: f"{card.title} · {card.site}".encode())


def worker(app, *work):
    with app.app_context():
        for one in work:
            one()


def card(client, address="/posts/one"):
    """The card that a page names: its address and what it holds."""
    named = NAMED.search(client.get(address).get_data(as_text=True))[1]
    return named, client.get(named).data


def test_a_page_names_the_sites_card_until_its_own_is_made(app, make, client):
    """The page was in memory, and is made anew."""
    make.post("one", title="Necks")
    before, _ = card(client)
    worker(app, make_cards)

    assert before.startswith("/assets/images/card.")
    assert b"Necks \xc2\xb7 Trigger Point Notes" == card(client)[1]


def test_entries_have_cards_too(app, make, client):
    make.post("one", pain_areas=["buttock"])
    worker(app, make_cards)

    assert b"Buttock" == card(client, "/pain/buttock")[1][:7]


def test_a_new_version_gets_a_new_card_and_the_old_one_goes(app, make, client):
    post = make.post("one", title="Necks")
    worker(app, make_cards)
    old, _ = card(client)
    revision = make.revision(post, title="Backs")
    change(app, Post, post.id, lambda one: publishing.publish(one, db.session.get_one(PostRevision, revision.id)))
    worker(app, make_cards, take_away_files)

    assert b"Backs" == card(client)[1][:5]
    assert 404 == client.get(old).status_code


def test_an_archived_article_keeps_no_card(app, make, client):
    """After a day; the files of others stay."""
    post, _ = make.post("one"), make.post("two")
    worker(app, make_cards)
    (gone, _), (kept, _) = card(client), card(client, "/posts/two")
    change(app, Post, post.id, publishing.archive)
    worker(app, renew_cards, take_away_files)

    assert (404, 200) == (client.get(gone).status_code, client.get(kept).status_code)


def test_drafts_have_none(app, make):
    make.post("one", published_at=None)
    worker(app, make_cards)
    with app.app_context():
        assert [] == db.session.scalars(MediaFile.called(cards.CARD_FILE)).all()


def test_another_name_of_the_site_makes_all_anew(app, make, client):
    make.post("one", title="Necks")
    worker(app, make_cards)
    make.settings(name="The clinic")
    worker(app, renew_cards, make_cards)

    assert "Necks · The clinic" == card(client)[1].decode()


def test_a_changed_muscle_is_drawn_anew_for_its_articles(app, make, client):
    make.post("one", muscles=["psoas"])
    worker(app, make_cards)
    before, _ = card(client)
    with app.app_context():
        begin_write()
        entry = db.session.scalars(Entry.find(EntryKind.MUSCLE, "psoas")).one()
        entry.publish(entry.revise({"slug": "psoas", "name": "Psoas major"}))
        db.session.commit()
    worker(app, make_cards)

    assert before != card(client)[0]


def test_one_card_is_claimed_by_one_worker(app, make):
    """What was claimed is not owed any more, also if its maker dies; it is the day after."""
    make.post("one")
    claims = []
    for again in (False, False, True):
        worker(app, *([renew_cards] if again else []))
        with app.app_context():
            begin_write(lock="cards")
            claims.append(cards.claim())
            db.session.commit()

    assert [True, False, True] == [one is not None for one in claims]


def test_a_card_that_cannot_be_drawn_holds_up_no_other(app, make, client, monkeypatch):
    def fragile(content):
        if content.title == "Broken":
            raise RuntimeError("no")
        return b"drawn"

    monkeypatch.setattr(jobs, "draw", fragile)
    make.post("two", title="Fine", published_at=make.days_ago(5))
    make.post("one", title="Broken", published_at=make.days_ago(1))
    worker(app, make_cards)

    assert ("/assets/images/card.", b"drawn") == (card(client)[0][:20], card(client, "/posts/two")[1])
