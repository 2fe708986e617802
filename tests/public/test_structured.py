"""What machines are told of a page: valid by schema.org, as other sites read microformats, and nothing hidden."""

from __future__ import annotations

import json
import re

import mf2py
import pytest

from blog.anatomy.models import Entry, EntryKind
from blog.comments.models import State
from blog.database import begin_write, db

# Types and the properties of theirs that we use, inherited ones included; each is described at https://schema.org/TYPE.
THING = {"name", "url", "description", "alternateName", "image", "@id"}
_OF_WORKS = """about author citation comment commentCount dateModified datePublished headline inLanguage isPartOf
    keywords publisher text video"""
CREATIVE_WORK = THING | set(_OF_WORKS.split())
WEB_PAGE = CREATIVE_WORK | {"breadcrumb", "lastReviewed", "reviewedBy"}
VOCABULARY = {
    "BlogPosting": CREATIVE_WORK | {"wordCount"},
    "MedicalWebPage": WEB_PAGE,
    "WebSite": CREATIVE_WORK | {"potentialAction"},
    "Comment": CREATIVE_WORK,
    "VideoObject": CREATIVE_WORK | {"contentUrl", "uploadDate", "duration", "transcript"},
    "Person": THING,
    "Organization": THING | {"logo"},
    "Muscle": THING | {"muscleAction", "nerve", "antagonist"},
    "AnatomicalStructure": THING,
    "MedicalCondition": THING,
    "BreadcrumbList": THING | {"itemListElement"},
    "ListItem": THING | {"position", "item"},
    "SearchAction": THING | {"target", "query-input"},  # "-input" says what to fill in: schema.org/docs/actions.html
    "EntryPoint": THING | {"urlTemplate"},
}
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told(client, address):
    """The things that a page tells of, each with its types."""
    page = client.get(address)
    assert 200 == page.status_code
    data = json.loads(BLOCK.search(page.get_data(as_text=True))[1])
    assert "https://schema.org" == data["@context"]
    return data.get("@graph", [data])


def of_type(things, name):
    return next(thing for thing in things if name in (thing["@type"], *thing["@type"]))


def unknown(value):
    """Types and properties in plain data that schema.org does not have."""
    if isinstance(value, list):
        return [bad for one in value for bad in unknown(one)]
    if not isinstance(value, dict):
        return []
    types = value["@type"] if isinstance(value["@type"], list) else [value["@type"]]
    known = set().union(*(VOCABULARY.get(name, set()) for name in types)) | {"@type", "@context"}
    here = [name for name in types if name not in VOCABULARY] + sorted(set(value) - known)
    return here + [bad for one in value.values() for bad in unknown(one)]


@pytest.fixture
def article(make):
    post = make.post("whole", **make.whole_article(title="Backs & </script> <necks>", authors=["ada", "team"]))
    make.comment(post, name="Shown", body="Thank you.", state=State.APPROVED)
    make.comment(post, name="Hidden")
    return post


@pytest.fixture
def condition(app):
    document = {"name": "Sciatica", "aliases": ["radicular pain"], "plain": "Leg pain.", "caveat": "See somebody."}
    with app.app_context():
        begin_write()
        Entry.ship({EntryKind.CONDITION: [{"slug": "sciatica", **document}]})
        db.session.commit()


class TestSchema:
    @pytest.mark.parametrize("address", ["/", "/posts/whole", "/conditions/sciatica"])
    def test_uses_no_word_that_is_not_in_it(self, client, article, condition, address):
        """Every type and every property."""
        assert [] == unknown(told(client, address))

    def test_tells_of_an_article_what_its_page_says(self, client, article):
        """Who wrote it, when, what it is about, and its sources."""
        post = of_type(told(client, "/posts/whole"), "BlogPosting")

        assert ["BlogPosting", "MedicalWebPage"] == post["@type"]
        assert ("Backs & </script> <necks>", "http://localhost/posts/whole") == (post["headline"], post["url"])
        assert [("Person", "Ada"), ("Organization", "The team")] == [(a["@type"], a["name"]) for a in post["author"]]
        assert {"Muscle": "Psoas", "MedicalCondition": "Bursitis", "AnatomicalStructure": "Low back"} == {
            one["@type"]: one["name"] for one in post["about"]
        }
        assert ["A book", "A paper"] == post["citation"]

    def test_tells_of_approved_comments_alone(self, client, article):
        """As many as the page counts."""
        post = of_type(told(client, "/posts/whole"), "BlogPosting")

        assert (1, ["Shown"]) == (post["commentCount"], [one["author"]["name"] for one in post["comment"]])

    def test_tells_of_no_review_that_was_not(self, client, article, condition):
        """And of no film that is not a file of ours."""
        texts = [client.get(address).get_data(as_text=True) for address in ("/posts/whole", "/conditions/sciatica")]

        assert not any(word in text for text in texts for word in ("reviewedBy", "lastReviewed", "VideoObject"))

    def test_tells_how_to_search(self, client):
        """On the home page, once for the site."""
        (site,) = told(client, "/")

        assert "http://localhost/search?q={search_term_string}" == site["potentialAction"]["target"]["urlTemplate"]

    @pytest.mark.parametrize(
        ("address", "names"),
        [
            ("/posts/whole", ["Articles", "Backs & </script> <necks>"]),
            ("/conditions/sciatica", ["Articles", "Conditions", "Sciatica"]),
        ],
    )
    def test_tells_the_way_that_the_page_shows(self, client, article, condition, address, names):
        """Breadcrumbs: for machines and for people the same."""
        crumbs = of_type(told(client, address), "BreadcrumbList")["itemListElement"]
        shown = (
            client.get(address).get_data(as_text=True).partition('aria-label="Breadcrumbs"')[2].partition("</nav>")[0]
        )
        text = re.sub(r"<[^>]+>", "\n", shown).split("\n")

        assert names == [crumb["name"] for crumb in crumbs]
        assert [1, 2, 3][: len(names)] == [crumb["position"] for crumb in crumbs]
        assert len(names) == len([line for line in text[1:] if line.strip()])
        assert "http://localhost" + address == crumbs[-1]["item"]


class TestMicroformats:
    def entry(self, client, address):
        page = client.get(address).get_data(as_text=True)
        return mf2py.parse(doc=page, url=f"http://localhost{address}")["items"]

    def test_tell_an_article_with_its_comments(self, client, article):
        """h-entry with h-cards of its authors, and a cite for each approved comment."""
        (entry,) = [item for item in self.entry(client, "/posts/whole") if "h-entry" in item["type"]][:1]
        said = entry["properties"]

        assert ["Backs & </script> <necks>"] == said["name"]
        assert ["http://localhost/posts/whole"] == said["url"]
        assert [["h-card"], ["h-card"]] == [author["type"] for author in said["author"]]
        assert ["2026-06-01T09:00:00Z"] == said["published"]
        assert ["What it is about."] == said["summary"]
        assert "It moves." in said["content"][0]["value"]

    def test_tell_comments(self, client, article):
        """Who wrote it, what, where it stands."""
        comments = [item for item in self.entry(client, "/posts/whole") if "h-cite" in item["type"]]
        (said,) = [comment["properties"] for comment in comments]

        assert (["Shown"], "Thank you.") == (said["author"], said["content"][0]["value"])
        assert said["url"][0].startswith("http://localhost/posts/whole/comments/")

    def test_tell_lists(self, client, article):
        """h-feed with an h-entry for each article."""
        (feed,) = [item for item in self.entry(client, "/") if "h-feed" in item["type"]]

        assert [["http://localhost/posts/whole"]] == [entry["properties"]["url"] for entry in feed["children"]]
