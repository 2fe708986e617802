"""The shipped vocabulary and its pages: complete, linked, and never at odds with the drawings."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

from blog import sample
from blog.anatomy import drawing
from blog.anatomy.models import Entry, EntryKind, Relation
from blog.config import ROOT
from blog.database import begin_write, db
from blog.headers import DRAWING_POLICY

VOCABULARY = json.loads((ROOT / "blog/sample/vocabulary.json").read_text(encoding="utf-8"))
AREAS = {area["slug"] for area in VOCABULARY["pain_areas"]}
MUSCLES = {muscle["slug"] for muscle in VOCABULARY["muscles"]}
CONDITIONS = {condition["slug"] for condition in VOCABULARY["conditions"]}


@pytest.fixture
def vocabulary(app):
    """The shipped vocabulary and pages, without articles."""
    with app.app_context():
        sample.ensure_vocabulary()
        sample.ensure_pages()


@pytest.fixture
def whole_site(app, vocabulary):
    """The vocabulary with the sample articles."""
    with app.app_context():
        sample.load()


def links(client, path, prefix):
    """The slugs of the links on a page that begin with `prefix`."""
    return re.findall(rf'href="{prefix}([a-z0-9-]+)"', client.get(path).get_data(as_text=True))


def headings(page):
    return [int(level) for level in re.findall(r"<h([1-6])", page)]


@pytest.mark.both_databases
class TestShipped:
    def test_fits_both_databases(self, app, whole_site):
        """A new site begins on either: PostgreSQL counts characters where SQLite does not."""
        names = {entry["name"] for kind in ("muscles", "pain_areas", "conditions") for entry in VOCABULARY[kind]}

        with app.app_context():
            kept = {entry.revision.name for entry in db.session.query(Entry)}

        assert names <= kept


class TestChart:
    def test_links_each_area_that_the_list_links(self, client, vocabulary):
        """The drawing and the list beside it lead to the same places: all pain areas of the vocabulary."""
        page = client.get("/pain").get_data(as_text=True)
        drawn = set(re.findall(r'href="/pain/([a-z0-9-]+)"', page[page.index("<svg") : page.rindex("</svg>")]))
        listed = set(re.findall(r'href="/pain/([a-z0-9-]+)"', page[page.rindex("</svg>") :]))

        assert (AREAS, AREAS) == (drawn, listed)

    def test_draws_nothing_that_the_vocabulary_does_not_know(self):
        """Every shape of the chart is a pain area, or leads to an enlarged drawing."""
        drawn = set(
            re.findall(r'href="#([a-z0-9-]+)"', drawing.chart(lambda slug: "#" + slug, {slug: slug for slug in AREAS}))
        )

        assert AREAS == {slug for slug in drawn if not slug.startswith("chart-")}


class TestPages:
    @pytest.mark.parametrize(
        ("prefix", "slugs"), [("/muscles/", MUSCLES), ("/pain/", AREAS), ("/conditions/", CONDITIONS)]
    )
    def test_every_entry_has_a_page(self, client, vocabulary, prefix, slugs):
        """Each muscle, pain area and condition answers, with one h1 and no skipped level."""
        bad = []
        for slug in slugs:
            answer = client.get(prefix + slug)
            levels = headings(answer.get_data(as_text=True))
            if answer.status_code != 200 or levels.count(1) != 1 or any(b - a > 1 for a, b in pairwise(levels)):
                bad.append(slug)

        assert [] == bad

    @pytest.mark.parametrize("path", ["/muscles/nothing", "/pain/nothing", "/conditions/nothing"])
    def test_unknown_entries_are_not_found(self, client, vocabulary, path):
        """What the vocabulary does not know is a 404."""
        assert 404 == client.get(path).status_code

    @pytest.mark.slow
    def test_no_link_is_dead(self, client, whole_site):
        """Following every link of every page from the start leads nowhere that is missing."""
        todo, seen, dead = ["/"], set(), []
        while todo:
            path = todo.pop()
            if path in seen or re.match(r"/(desk|login|logout|account)", path):
                continue
            seen.add(path)
            answer = client.get(path)
            if answer.status_code not in (200, 302, 301):
                dead.append(path)
            if answer.mimetype == "text/html":
                text = answer.get_data(as_text=True)
                todo += [one.replace("&amp;", "&") for one in re.findall(r'(?:href|src)="(/[^"#]*)', text)]

        assert [] == dead
        assert len(seen) > 200

    def test_muscles_are_shown_by_region(self, client, vocabulary):
        """Without a script: each region has an address of its own, and nothing else has one."""
        neck = links(client, "/muscles?region=neck", "/muscles/")

        assert ("sternocleidomastoid" in neck, "psoas" in neck) == (True, False)
        assert MUSCLES == set(links(client, "/muscles", "/muscles/"))
        assert 404 == client.get("/muscles?region=nowhere").status_code

    def test_conditions_say_where_they_are(self, client, vocabulary):
        """With a picture of the area, in the list and on their own pages."""
        for path in ("/conditions", "/conditions/plantar-heel-pain"):
            assert "/area-close-heel.svg" in client.get(path).text, path

    def test_put_warning_signs_first(self, client, vocabulary):
        """On a pain area's page the warning signs stand above the muscles."""
        page = client.get("/pain/buttock").get_data(as_text=True)

        assert 0 < page.index('id="safety"') < page.index('id="main-title"')

    def test_warn_of_what_fits_the_subject(self, client, vocabulary):
        """A condition shows the signs that it names, not those of every place where its muscles are felt."""
        page = client.get("/conditions/carpal-tunnel-syndrome").text

        assert "numbness that no longer goes away" in page
        assert "a wound or a bite" not in page

    def test_warn_also_when_an_entry_names_no_signs(self, app, client, vocabulary):
        """An entry of the site's own falls back on the places where its muscles are felt."""
        with app.app_context():
            begin_write()
            entry = db.session.scalars(Entry.shown(EntryKind.CONDITION, "carpal-tunnel-syndrome")).one()
            entry.publish(entry.revise({**entry.document, "red_flag_sets": []}))
            db.session.commit()

        assert "a wound or a bite" in client.get("/conditions/carpal-tunnel-syndrome").text

    def test_name_muscles_in_order_of_confidence(self, client, vocabulary):
        """The muscles that are surest stand first."""
        sure = {muscle["slug"]: muscle["confidence"]["referred_pain"] for muscle in VOCABULARY["muscles"]}
        page = client.get("/pain/buttock").get_data(as_text=True)
        main = page[
            page.index('id="main-title"') : page.index('id="other-title"') if 'id="other-title"' in page else None
        ]
        order = [sure[slug] for slug in re.findall(r'href="/muscles/([a-z0-9-]+)"', main)]
        ranks = [("high", "medium-high", "medium", "low-medium", "low").index(level) for level in order]

        assert ranks == sorted(ranks)

    def test_never_promise_or_diagnose(self, client, vocabulary):
        """Pages say "commonly reported", never "caused by" or "cures"."""
        pages = [client.get("/pain/" + slug).get_data(as_text=True) for slug in sorted(AREAS)]
        said = [page[page.index('id="main-title"') :] for page in pages if 'id="main-title"' in page]

        assert len(said) > 40
        assert not [text for text in said if re.search(r"\b(cures?|caused by|diagnos|you have)\b", text)]


class TestArticles:
    @pytest.mark.slow
    def test_show_their_maps(self, client, whole_site):
        """Every sample article shows a pain map and a map of places for each of its muscles."""
        missing = []
        for path in sorted((ROOT / "blog/sample/articles").glob("*.md")):
            page = client.get("/posts/" + path.stem).get_data(as_text=True)
            if not re.search(r'src="/media/[0-9a-f]+/pain-map-', page) or not re.search(r"/sites-", page):
                missing.append(path.stem)

        assert [] == missing

    def test_say_beside_a_stretch_whom_it_is_not_for(self, client, whole_site):
        """Where the steps are read, not only in the box above."""
        page = client.get("/posts/gluteus-maximus-trigger-points").text
        stretches = page[page.index('class="stretches"') :]

        assert 2 == stretches.count("you have a hip replacement")

    def test_lead_to_their_muscles_and_back(self, client, whole_site):
        """An article links its muscle, and the muscle's page links the article."""
        article = "/posts/piriformis-trigger-points"

        assert "piriformis" in links(client, article, "/muscles/")
        assert "piriformis-trigger-points" in links(client, "/muscles/piriformis", "/posts/")


class TestPictures:
    def test_are_kept_for_ever_under_their_fingerprint(self, client, vocabulary):
        """A drawing's address names its content."""
        (address,) = re.findall(
            r'src="(/media/[^"]+pain-map[^"]+)"', client.get("/muscles/psoas").get_data(as_text=True)
        )
        answer = client.get(address)

        assert ("image/svg+xml", "public, max-age=31536000, immutable") == (
            answer.mimetype,
            answer.headers["Cache-Control"],
        )

    def test_numbers_on_a_map_are_told_in_words(self, client, vocabulary):
        """Under a map with numbered places stands the list of them; under any other, none."""
        places = re.compile(r'<ol class="figure__places"><li>(.*?)</li>')

        assert ["just beside the sacrum"] == places.findall(client.get("/muscles/piriformis").get_data(as_text=True))
        assert [] == places.findall(client.get("/muscles/popliteus").get_data(as_text=True))

    def test_carry_their_own_colours_and_nothing_else(self, client, vocabulary):
        """Opened alone, a drawing may use its own style for the dark; it may load and run nothing."""
        (address,) = re.findall(
            r'src="(/media/[^"]+pain-map[^"]+)"', client.get("/muscles/psoas").get_data(as_text=True)
        )
        policy = client.get(address).headers["Content-Security-Policy"]

        assert DRAWING_POLICY == policy
        assert "script" not in policy

    def test_under_another_fingerprint_are_not_found(self, client, vocabulary):
        """A made-up fingerprint is never kept for ever."""
        assert 404 == client.get("/media/0123456789abcdef/pain-map-psoas.svg").status_code

    def test_change_with_the_entry(self, app, client, vocabulary):
        """When an editor changes the pain areas, the picture has another address."""

        def address():
            return re.findall(r'src="(/media/[^"]+pain-map[^"]+)"', client.get("/muscles/psoas").get_data(as_text=True))

        before = address()
        with app.app_context():
            sample.begin_write()
            entry = db.session.scalars(Entry.shown(EntryKind.MUSCLE, "psoas")).one()
            document = {**entry.document, "pain_areas": {"main": ["buttock"], "less_often": []}}
            entry.publish(entry.revise(document))
            db.session.commit()

        assert before != address()


class TestLinks:
    def test_follow_the_public_revision(self, app, vocabulary):
        """After a change, the page of the new area names the muscle and the old one does not."""
        with app.app_context():
            sample.begin_write()
            entry = db.session.scalars(Entry.shown(EntryKind.MUSCLE, "masseter")).one()
            entry.publish(entry.revise({**entry.document, "pain_areas": {"main": ["heel"], "less_often": []}}))
            db.session.commit()
            heel = db.session.scalars(Entry.shown(EntryKind.PAIN_AREA, "heel")).one()
            cheek = db.session.scalars(Entry.shown(EntryKind.PAIN_AREA, "cheek")).one()

            assert "masseter" in [muscle.slug for muscle in heel.backlinks()[Relation.MAIN_PAIN]]
            assert "masseter" not in [muscle.slug for muscle in cheek.backlinks()[Relation.MAIN_PAIN]]
