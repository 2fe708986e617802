"""Suggestions while somebody types, in the form that browsers know; nothing that is not public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from blog.anatomy.models import Entry, EntryKind
from blog.database import begin_write, db

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture
def entries(app):
    documents = {
        EntryKind.PAIN_AREA: [{"slug": "buttock", "name": "Buttock", "aliases": ["bottom"]}],
        EntryKind.MUSCLE: [{"slug": "gluteus-maximus", "name": "Gluteus maximus", "aliases": ["glutes"]}],
        EntryKind.CONDITION: [{"slug": "bursitis", "name": "Bursitis", "plain": "", "caveat": ""}],
    }
    with app.app_context():
        begin_write()
        Entry.ship(documents)
        db.session.commit()


def ask(client, words):
    answer = client.get("/search/suggestions", query_string={"q": words})
    assert "application/x-suggestions+json" == answer.mimetype
    return answer.get_json()


def names(client, words):
    return ask(client, words)[1]


@pytest.mark.both_databases
class TestSuggestions:
    def test_say_what_where_and_by_which_name(self, client, entries):
        """The question, names, what each is with the other name that was typed, and its address."""
        found = ["bum", ["Buttock"], ["Where it hurts, also called bum"], ["http://localhost/pain/buttock"]]

        assert "bum" == ask(client, "bum")[0]
        assert found[1:] == [part[:1] for part in ask(client, "bum")[1:]]

    @pytest.mark.parametrize(("typed", "expected"), [("glut", "Gluteus maximus"), ("MAX", "Gluteus maximus")])
    def test_begin_with_the_letters_at_any_word(self, client, entries, typed, expected):
        """Without case, from the beginning of a word."""
        assert expected in names(client, typed)

    @pytest.mark.parametrize("typed", ["", "b", "!", "xyzzy", "uttock", "\ue000", "x" * 10_000])
    def test_are_none_for_nothing(self, client, entries, typed):
        """One letter, signs, the middle of a word: nothing to suggest."""
        assert [typed, [], [], []] == ask(client, typed)

    def test_name_each_thing_once(self, client, entries):
        """However many of its names begin so."""
        found = names(client, "b")[:0] + names(client, "bu")

        assert len(found) == len(set(found))

    def test_name_articles(self, client, make):
        """With the address that they have now."""
        make.post("one", title="Zebras at rest")

        assert ["ze", ["Zebras at rest"], ["Article"], ["http://localhost/posts/one"]] == ask(client, "ze")

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}], ids=["draft", "archived"])
    def test_do_not_name_hidden_articles(self, client, make, hidden):
        """Nothing that the site does not show."""
        make.post(title="Zebras", **hidden)

        assert [] == names(client, "ze")

    def test_name_a_scheduled_article_from_its_minute_on(self, client, make, clock):
        """By the clock, as the search does."""
        clock.freeze(NOON)
        make.post(title="Zebras", published_at=NOON + timedelta(minutes=1))
        before = names(client, "ze")

        clock.advance(minutes=1)

        assert ([], ["Zebras"]) == (before, names(client, "ze"))

    def test_come_from_memory(self, app, client, make, entries):
        """For other letters, too: the database is asked for the next scheduled article alone."""
        make.post(title="Zebras")
        names(client, "ze")
        with app.app_context():
            engine = db.engine
        sent = []
        db.event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        names(client, "glu")

        assert [True] == ["min(posts.published_at)" in statement for statement in sent if "SELECT" in statement]


class TestDescription:
    def test_tells_browsers_how_to_ask(self, client, make):
        """Every page names it; it names the search and the suggestions."""
        make.settings(name="A site with a very long name indeed")
        tree = ElementTree.fromstring(client.get("/opensearch.xml").data)
        addresses = {url.get("type"): url.get("template") for url in tree.iter(f"{OPENSEARCH}Url")}
        page = client.get("/").get_data(as_text=True)

        assert "http://localhost/search?q={searchTerms}" == addresses["text/html"]
        assert "http://localhost/search/suggestions?q={searchTerms}" == addresses["application/x-suggestions+json"]
        assert len(tree.findtext(f"{OPENSEARCH}ShortName")) <= 16
        assert 'rel="search" type="application/opensearchdescription+xml"' in page
