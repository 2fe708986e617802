"""The page of what was found: safe with any words, kept in memory as long as it is true, and not beyond measure."""

from __future__ import annotations

import re

import pytest

from blog import sample
from blog.anatomy.models import Entry, EntryKind
from blog.database import begin_write, db
from tests.search.conftest import links

ODD = (
    '"',
    "'",
    '"" OR 1=1',
    "NEAR(a b, 2)",
    "title:calf",
    "calf*",
    "-calf",
    "^calf",
    "calf AND",
    "AND",
    "(((",
    "{body}: calf",
    "calf & !knee | (",
    "a:*B",
    "<-> 'x'",
    "\\",
    "%",
    "_",
    "💥",
    "👩🏽‍⚕️ calf",
    "calf\x00knee",
    "\x00",
    "x" * 10_000,
    "calf " * 2_000,
    '"calf ' * 2_000,
    "ͤ" * 500,
    "日本語",
    "\ue0001",
    "<script>alert(1)</script>",
    "﷽",
)


@pytest.fixture
def two(make):
    make.post("one", title="Zebras at rest", muscles=["psoas"])
    make.post("two", title="Quokkas at rest")


@pytest.mark.both_databases
class TestAnyWords:
    def test_are_answered(self, client, two):
        """Operators, quotes, emoji, NUL and ten thousand characters: always a page."""
        odd = [words for words in ODD if client.get("/search", query_string={"q": words}).status_code != 200]

        assert [] == odd

    def test_are_shown_as_text(self, client, two):
        """What was typed stands in the box and the heading, and does nothing."""
        page = client.get("/search", query_string={"q": "<zebras>"}).get_data(as_text=True)

        assert "<zebras>" not in page
        assert 'value="&lt;zebras&gt;"' in page

    def test_are_not_repeated_where_they_found_nothing(self, client, two):
        """Else a link could put any text on a page of this site."""
        page = client.get("/search", query_string={"q": "xyzzy 0900 12345"}).get_data(as_text=True)

        assert "Nothing found" in page
        assert "xyzzy" not in page


class TestPage:
    def test_has_a_box_everywhere(self, client, two):
        """In the header of every page, and on the page of an address that does not exist."""
        pages = [client.get(address).get_data(as_text=True) for address in ("/", "/posts/one", "/about", "/nowhere")]

        assert all('<form class="site-search" role="search" action="/search">' in page for page in pages)
        assert 2 == pages[-1].count('action="/search"')

    def test_finds_phrases_in_quotes_as_they_stand(self, client, two):
        """Both words are in both articles; side by side in one."""
        assert (["/posts/one"], []) == (links(client, '"zebras at"'), links(client, '"at zebras"'))

    def test_finds_unfinished_words(self, client, two):
        """What begins with the letters."""
        assert ["/posts/one"] == links(client, "zeb")

    def test_says_when_it_took_a_word_for_a_slip(self, client, two):
        """With a way to what was typed."""
        page = client.get("/search?q=zebars").get_data(as_text=True)

        assert "Showing results for <strong>zebras</strong>" in page
        assert '<a href="/search?q=zebars&amp;exact=1">zebars</a>' in page
        assert (["/posts/one"], []) == (links(client, "zebars"), links(client, "zebars", exact="1"))

    def test_takes_no_known_word_for_a_slip(self, client, two):
        page = client.get("/search?q=zebras+quokkas").get_data(as_text=True)

        assert "Showing results for" not in page

    def test_marks_the_words(self, client, two):
        """In titles and texts."""
        assert "<mark>Zebras</mark> at rest" in client.get("/search?q=zebra").get_data(as_text=True)

    def test_finds_entries_by_all_their_names(self, app, client):
        """Name, Latin name, other names, and the words of people who know none of them."""
        document = {"slug": "back-of-knee", "name": "Back of the knee", "aliases": ["popliteal fossa"]}
        with app.app_context():
            begin_write()
            Entry.ship({EntryKind.PAIN_AREA: [document]})
            db.session.commit()

        asked = ("back of the knee", "popliteal fossa", "hollow of my knee", "poplit")
        assert 4 * [["/pain/back-of-knee"]] == [links(client, words) for words in asked]

    def test_leads_with_the_area_that_hurts(self, app, client, make):
        """Above articles with the same word in their title."""
        make.post("one", title="Buttock, buttock, buttock", pain_areas=["buttock"])

        assert ["/pain/buttock", "/posts/one"] == links(client, "pain in my left buttock")

    def test_finds_articles_by_what_they_are_about(self, client, make):
        """The lay word stands in none of their texts."""
        make.post("one", title="An article", pain_areas=["buttock"])

        assert "/posts/one" in links(client, "sore bum")

    def test_is_divided(self, client, make):
        """Ten articles beside the best; no address beyond the last page."""
        for number in range(15):
            make.post(f"z-{number}", title=f"Zebra {number}")
        pages = [client.get(f"/search?q=zebra&page={page}") for page in (1, 2, 3)]
        found = [re.findall(r'href="/posts/(z-\d+)"', page.get_data(as_text=True)) for page in pages[:2]]

        assert [200, 200, 404] == [page.status_code for page in pages]
        assert (13, 2, 15) == (len(found[0]), len(found[1]), len({*found[0], *found[1]}))

    def test_is_not_for_search_engines(self, client):
        """Their visitors would land on a list of links."""
        assert '<meta name="robots" content="noindex, follow">' in client.get("/search?q=calf").get_data(as_text=True)


class TestMemory:
    def kept(self, app):
        return len(app.extensions["pagecache"].store)

    def test_keeps_a_question(self, app, client, two):
        """The second time, nothing is looked for."""
        cache = app.extensions["pagecache"]
        client.get("/search?q=zebra")
        rendered = cache.rendered
        client.get("/search?q=zebra&utm_source=x")

        assert rendered == cache.rendered

    def test_forgets_it_when_an_article_is_added(self, client, two, make):
        """Whatever changes the answer drops the page."""
        before = links(client, "zebra")
        make.post("three", title="More zebras")

        assert (["/posts/one"], {"/posts/one", "/posts/three"}) == (before, set(links(client, "zebra")))

    def test_forgets_it_when_the_vocabulary_changes(self, app, client):
        """A name at the desk is found at once."""
        before = links(client, "zebra muscle")
        with app.app_context():
            begin_write()
            Entry.ship({EntryKind.CONDITION: [{"slug": "z", "name": "Zebra syndrome", "plain": "", "caveat": ""}]})
            db.session.commit()

        assert ([], ["/conditions/z"]) == (before, links(client, "zebra syndrome"))

    def test_keeps_no_endless_question(self, app, client):
        """Long ones are nobody's, and their addresses alone would fill the memory."""
        client.get("/search", query_string={"q": "calf " * 1000})

        assert 0 == self.kept(app)

    def test_lets_no_flood_push_out_what_is_read(self, app, client, two):
        """Thousands of questions that nobody asks again leave the articles in memory."""
        store = app.extensions["pagecache"].store
        store.most_bytes = 600_000
        for _ in range(3):
            client.get("/posts/one")
        for number in range(60):
            client.get(f"/search?q=word{number}")
        rendered = app.extensions["pagecache"].rendered
        client.get("/posts/one")

        assert rendered == app.extensions["pagecache"].rendered
        assert store.bytes <= store.most_bytes


class TestRegions:
    @pytest.fixture
    def zebras(self, app, make):
        with app.app_context():
            sample.ensure_vocabulary()
        make.post("hips", title="Zebra hips", muscles=["gluteus-medius"])
        make.post("jaws", title="Zebra jaws", muscles=["masseter"])

    def test_narrow_what_was_found(self, client, zebras):
        """The page offers those in which something was found, and says how much."""
        page = client.get("/search?q=zebra").get_data(as_text=True)

        assert re.search(r'href="/search\?q=zebra&amp;region=head-jaw"[^>]*>Head and jaw <span[^>]*>\(1\)', page)
        assert ["/posts/jaws"] == links(client, "zebra", region="head-jaw")

    def test_that_are_unknown_are_not_found(self, client, zebras):
        assert 404 == client.get("/search?q=zebra&region=tail").status_code

    def test_in_which_nothing_was_found_say_so(self, client, zebras):
        """And lead back to the others."""
        page = client.get("/search?q=zebra&region=foot").get_data(as_text=True)

        assert "Nothing found" in page
        assert 'href="/search?q=zebra"' in page
