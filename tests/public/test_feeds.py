"""What machines read: valid, complete, and nothing that is hidden."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from blog.accounts.models import RoleName
from blog.anatomy.models import Entry, EntryKind
from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.pages.models import PageSlug, Site
from blog.posts import jobs, publishing
from blog.posts.models import Post
from blog.public import feeds as views
from blog.public.feeds import FEED_LENGTH
from tests.make import ANY_DAY

THREAD = "{http://purl.org/syndication/thread/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CONTROLS = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))


def feed(client, address):
    answer = client.get(address)
    assert "application/atom+xml" == answer.mimetype
    return ElementTree.fromstring(answer.data)


def titles(tree):
    return [entry.findtext(f"{ATOM}title") for entry in tree.iter(f"{ATOM}entry")]


def sitemap(client, address="/sitemap.xml"):
    return [loc.text for loc in ElementTree.fromstring(client.get(address).data).iter(f"{SITEMAP}loc")]


class TestArticles:
    def test_are_newest_first(self, make, client):
        make.post(title="Old", published_at=make.days_ago(2))
        make.post(title="New", published_at=make.days_ago(1))

        assert ["New", "Old"] == titles(feed(client, "/feed.atom"))

    def test_are_the_last_twenty(self, make, client):
        """A feed is not an archive."""
        for number in range(FEED_LENGTH + 1):
            make.post(title=str(number), published_at=make.days_ago(number + 1))

        assert [str(number) for number in range(FEED_LENGTH)] == titles(feed(client, "/feed.atom"))

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}], ids=["draft", "archived"])
    def test_are_published(self, make, client, hidden):
        """Nothing that the site does not show."""
        make.post(**hidden)

        assert [] == titles(feed(client, "/feed.atom"))

    def test_are_whole(self, make, client):
        """A reader of feeds gets the same text, with the warning signs above the self-help and the disclaimer below."""
        make.page(PageSlug.DISCLAIMER, title="Disclaimer", short="Not medical advice.")
        make.post("whole", **make.whole_article(title="Backs & <necks>", authors=["ada", "bob"]))
        entry = feed(client, "/feed.atom").find(f"{ATOM}entry")
        content = entry.findtext(f"{ATOM}content")
        parts = ("It moves.", "Where it hurts", "it is bad", "Rest first.", "Knee to chest", "Not medical advice.")

        assert ("Backs & <necks>", ["Ada", "Bob"], "http://localhost/posts/whole") == (
            entry.findtext(f"{ATOM}title"),
            [author.text for author in entry.iter(f"{ATOM}name")],
            entry.find(f"{ATOM}link").get("href"),
        )
        assert sorted(parts, key=content.index) == list(parts)

    def test_lead_from_anywhere_to_the_same_place(self, make, client):
        """A note, a link within the site and a drawing: a programme that shows the entry has no page of its own."""
        body = "## It\n\nText.[^1] See [the list](/muscles).\n\n::figure map\n\n[^1]: A note."
        figure = {"id": "map", "kind": "pain-map", "caption": "Where", "alt": "A drawing"}
        make.post("one", body=body, muscles=["psoas"], figures=[figure])
        content = feed(client, "/feed.atom").find(f"{ATOM}entry").find(f"{ATOM}content").text
        addresses = re.findall(r'(?:href|src)="([^"]*)"', content)

        assert "http://localhost/muscles" in addresses
        assert 2 == sum(address.startswith("http://localhost/posts/one#note-") for address in addresses)
        assert [] == [address for address in addresses if not address.startswith("http")]

    def test_say_that_they_are_samples(self, make, client):
        """Outside the site, too."""
        make.post(sample=True)

        assert "Not clinically reviewed." in feed(client, "/feed.atom").find(f"{ATOM}entry").findtext(f"{ATOM}content")

    def test_keep_their_names_when_renamed(self, app, make, client):
        """A new slug does not make an article unread again."""
        post = make.post("old")
        before = feed(client, "/feed.atom").find(f"{ATOM}entry").findtext(f"{ATOM}id")
        with app.app_context():
            begin_write()
            publishing.rename(db.session.get_one(Post, post.id), "new")
            db.session.commit()

        assert before == feed(client, "/feed.atom").find(f"{ATOM}entry").findtext(f"{ATOM}id")


class TestComments:
    def test_are_the_approved_ones(self, make, client):
        post = make.post("one", title="Necks")
        for state in State:
            make.comment(post, name=f"In {state}", state=state)

        assert [["In approved on Necks"]] * 2 == [
            titles(feed(client, address)) for address in ("/comments.atom", "/posts/one/comments.atom")
        ]

    def test_of_an_article_are_its_own(self, make, client):
        make.post("one")
        make.comment(make.post("two"), state=State.APPROVED)

        assert (0, 1) == tuple(len(titles(feed(client, f"/posts/{slug}/comments.atom"))) for slug in ("one", "two"))

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}], ids=["draft", "archived"])
    def test_of_a_hidden_article_are_none(self, make, client, hidden):
        make.post("hidden", **hidden)

        assert 404 == client.get("/posts/hidden/comments.atom").status_code

    def test_lead_to_their_place(self, make, client):
        comment = make.comment(make.post("one"), state=State.APPROVED)
        entry = feed(client, "/comments.atom").find(f"{ATOM}entry")

        assert f"http://localhost/posts/one/comments/{comment.id}" == entry.find(f"{ATOM}link").get("href")


class TestControlCharacters:
    @pytest.mark.parametrize("address", ["/feed.atom", "/comments.atom", "/posts/one/comments.atom", "/sitemap.xml"])
    def test_are_impossible(self, make, client, staff, address):
        """Whatever people type, at the desk or in a form: XML cannot hold all characters, and never gets one."""
        admin = staff(RoleName.ADMIN)
        make.page(PageSlug.DISCLAIMER)
        evil = f"A{CONTROLS}b"
        make.settings(name=evil, tagline=evil)
        admin.post("/desk/pages/disclaimer", data={"title": evil, "short": evil, "body": evil})
        post = make.post(
            "one", title=evil, standfirst=evil, body=f"## It\n\n{evil}", tags=["neck"], **{"key_facts": [evil]}
        )
        make.comment(post, name=evil, body=evil, state=State.APPROVED)
        answer = client.get(address)

        assert 200 == answer.status_code
        assert ElementTree.fromstring(answer.data).tag

    @pytest.mark.parametrize("address", ["/feed.atom", "/comments.atom", "/sitemap.xml"])
    def test_are_not_needed_for_a_valid_feed(self, client, address):
        assert ElementTree.fromstring(client.get(address).data).tag


class TestSitemap:
    def test_names_what_is_worth_finding(self, make, client):
        """Front page, articles, subjects, years and pages; nothing hidden."""
        make.page(PageSlug.ABOUT)
        make.post("out", tags=["neck"])
        make.post("draft", published_at=None, tags=["secret"])
        make.post("gone", archived=True)
        expected = {"/", "/posts/out", "/tags/neck", "/archive/2026", "/about"}

        assert set() == {f"http://localhost{path}" for path in expected} - set(sitemap(client))
        assert [] == [loc for loc in sitemap(client) for word in ("draft", "gone", "secret") if word in loc]

    def test_leaves_out_samples(self, app, make, client):
        post = make.post("sample", sample=True)
        with app.app_context():
            begin_write()
            db.session.get_one(Post, post.id).is_sample = True
            db.session.commit()

        assert "http://localhost/posts/sample" not in sitemap(client)

    def test_of_a_large_site_is_in_parts(self, make, client, monkeypatch):
        """A list of parts, which together hold what one map would, each article once; no other part is there."""
        whole = self.made(make, client)
        monkeypatch.setattr(views, "PART_POSTS", 2)
        make.post("last", tags=["neck"])
        parts = [path.removeprefix("http://localhost") for path in sitemap(client)]

        assert ["/sitemap-0.xml", "/sitemap-1.xml", "/sitemap-2.xml"] == parts
        assert sorted([*whole, "http://localhost/posts/last"]) == sorted(
            loc for part in parts for loc in sitemap(client, part)
        )
        assert 404 == client.get("/sitemap-3.xml").status_code

    def made(self, make, client):
        """A site of two articles and its map."""
        make.post("one", tags=["neck"])
        make.post("two")
        return sitemap(client)


def test_robots_are_kept_from_what_is_private(client):
    """The desk, the log-in and the status pages; the sitemap is named."""
    lines = client.get("/robots.txt").text.splitlines()

    assert {"Disallow: /desk", "Disallow: /comments/", "Sitemap: http://localhost/sitemap.xml"} <= set(lines)


JSON_FEED = {  # jsonfeed.org/version/1.1: the fields of a feed and of an item, with their types
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "icon": str,
    "language": str,
    "authors": list,
    "items": list,
}
JSON_ITEM = {
    "id": str,
    "url": str,
    "title": str,
    "summary": str,
    "content_html": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "language": str,
    "tags": list,
}
SOURCES = ("/feed", "/tags/desk-work/feed", "/muscles/psoas/feed", "/authors/team/feed")


class TestSources:
    @pytest.fixture(autouse=True)
    def two(self, make):
        make.post("one", title="One", tags=["desk-work"], muscles=["psoas"], published_at=make.days_ago(2))
        make.post("other", title="Other", authors=["ada"], published_at=make.days_ago(1))

    @pytest.mark.parametrize("source", SOURCES)
    def test_have_the_same_articles_in_both_forms(self, client, source):
        """The whole site; a subject, a muscle and an author have theirs."""
        atom = feed(client, f"{source}.atom")
        as_json = client.get(f"{source}.json").get_json(force=True)

        assert titles(atom) == [item["title"] for item in as_json["items"]]
        assert (["Other", "One"] if source == "/feed" else ["One"]) == titles(atom)

    @pytest.mark.parametrize("source", SOURCES)
    def test_say_where_they_are(self, client, source):
        """Each form names itself, the other, and the page that it follows."""
        page = "http://localhost" + (source.removesuffix("/feed") or "/")
        links = {
            (link.get("rel"), link.get("type")): link.get("href")
            for link in feed(client, f"{source}.atom").findall(f"{ATOM}link")
        }
        as_json = client.get(f"{source}.json").get_json(force=True)

        assert {
            ("self", "application/atom+xml"): f"http://localhost{source}.atom",
            ("alternate", "text/html"): page,
            ("alternate", "application/feed+json"): f"http://localhost{source}.json",
        } == links
        assert (page, f"http://localhost{source}.json") == (as_json["home_page_url"], as_json["feed_url"])

    @pytest.mark.parametrize(
        "address", ["/tags/never/feed.json", "/muscles/never/feed.atom", "/authors/never/feed.json", "/feed.rss"]
    )
    def test_of_nothing_are_not_there(self, client, address):
        """As the page that they would follow."""
        assert 404 == client.get(address).status_code

    def test_are_named_by_their_pages(self, client):
        """A reader's programme finds them."""
        for address, source in (("/", "/feed"), ("/tags/desk-work", SOURCES[1]), ("/authors/team", SOURCES[3])):
            page = client.get(address).get_data(as_text=True)
            assert all(f'href="{source}.{form}"' in page for form in ("atom", "json"))


class TestJSONFeed:
    def test_has_the_fields_of_its_version(self, client, make):
        """None that it does not know, each of its type, none of them empty."""
        make.post("whole", **make.whole_article())
        answer = client.get("/feed.json")
        told = answer.get_json(force=True)

        assert "application/feed+json" == answer.mimetype
        assert "https://jsonfeed.org/version/1.1" == told["version"]
        for said, fields in ((told, JSON_FEED), *((item, JSON_ITEM) for item in told["items"])):
            assert set(said) <= set(fields)
            assert all(isinstance(value, fields[name]) and value for name, value in said.items())

    def test_holds_what_atom_holds(self, client, make):
        """The same text, ids and moments."""
        make.page(PageSlug.DISCLAIMER, title="Disclaimer", short="Not medical advice.")
        make.post("whole", **make.whole_article(title="Backs & <necks>"))
        entry = feed(client, "/feed.atom").find(f"{ATOM}entry")
        item = client.get("/feed.json").get_json(force=True)["items"][0]
        names = {"id": "id", "title": "title", "summary": "summary", "date_published": "published"}

        assert [entry.findtext(f"{ATOM}{name}") for name in names.values()] == [item[name] for name in names]
        assert entry.findtext(f"{ATOM}content").split() == item["content_html"].split()


class TestIds:
    def ids(self, client):
        make_ids = (feed(client, address).iter(f"{ATOM}entry") for address in ("/feed.atom", "/comments.atom"))
        return [entry.findtext(f"{ATOM}id") for entries in make_ids for entry in entries]

    def test_stay_when_everything_moves(self, app, client, make):
        """Another address of the article, another address of the site: a feed reader shows nothing twice."""
        with app.app_context():
            begin_write()
            Site.ensure_identity()
            db.session.commit()
        post = make.post("one")
        make.comment(post, state=State.APPROVED)
        before = self.ids(client)
        app.config["BLOG_SITE_URL"] = "https://new.example"
        with app.app_context():
            begin_write()
            publishing.rename(db.session.get_one(Post, post.id), "two")
            db.session.commit()
        make.settings(name="Moved")

        assert before == self.ids(client)
        assert all(one.startswith("urn:uuid:") for one in before)

    def test_are_given_once(self, app):
        """A second start changes nothing."""
        given = []
        for _ in range(2):
            with app.app_context():
                begin_write()
                Site.ensure_identity()
                db.session.commit()
                given.append(Site.current().identity)

        assert given[0] == given[1] != ""


class TestThreads:
    def answered(self, client):
        entries = feed(client, "/comments.atom").iter(f"{ATOM}entry")
        return {entry.findtext(f"{ATOM}content"): entry.find(f"{THREAD}in-reply-to") for entry in entries}

    def test_lead_to_the_article_or_the_comment(self, client, make):
        """RFC 4685: what each comment answers, by the id that it has in its own feed."""
        make.settings(reply_depth=2)
        post = make.post("one")
        first = make.comment(post, body="first", state=State.APPROVED)
        make.comment(post, body="second", parent=first, by=make.account(RoleName.MODERATOR), state=State.APPROVED)
        found = self.answered(client)
        entries = {e.findtext(f"{ATOM}content"): e for e in feed(client, "/comments.atom").iter(f"{ATOM}entry")}

        assert "http://localhost/posts/one" == found["<p>first</p>"].get("href")
        assert entries["<p>first</p>"].findtext(f"{ATOM}id") == found["<p>second</p>"].get("ref")
        assert f"http://localhost/posts/one/comments/{first.id}" == found["<p>second</p>"].get("href")

    def test_name_no_hidden_comment(self, app, client, make):
        """An answer to one that was taken back belongs to the article."""
        post = make.post("one")
        first = make.comment(post, body="first", state=State.APPROVED)
        make.comment(post, body="second", parent=first, by=make.account(RoleName.MODERATOR), state=State.APPROVED)
        with app.app_context():
            begin_write()
            db.session.get_one(Comment, first.id).withdraw()
            db.session.commit()

        assert "http://localhost/posts/one" == self.answered(client)["<p>second</p>"].get("href")


class TestMachines:
    def test_find_further_lines_in_robots(self, client, make):
        """Below those that always hold."""
        make.settings(robots_text="User-agent: Robot\nDisallow: /")
        text = client.get("/robots.txt").get_data(as_text=True)

        assert text.startswith("User-agent: *\nDisallow: /desk\n")
        assert "\n\nUser-agent: Robot\nDisallow: /\n\nSitemap: " in text

    @pytest.mark.parametrize(
        ("contact", "told"),
        [
            ("it@clinic.example", "mailto:it@clinic.example"),
            ("https://clinic.example/tell", "https://clinic.example/tell"),
        ],
    )
    def test_learn_whom_to_tell_of_a_weakness(self, client, make, clock, contact, told):
        """RFC 9116: whom, until when this holds (less than a year), where it stands."""
        clock.freeze(ANY_DAY)
        make.settings(security_contact=contact)
        lines = client.get("/.well-known/security.txt").get_data(as_text=True).splitlines()

        assert f"Contact: {told}" in lines
        assert "Expires: 2027-04-27T00:00:00Z" in lines
        assert "Canonical: http://localhost/.well-known/security.txt" in lines

    def test_are_told_nobody_where_nobody_is_named(self, client):
        """A file without a contact would be wrong."""
        assert 404 == client.get("/.well-known/security.txt").status_code


class TestPictures:
    @pytest.fixture
    def drawn(self, app, make, monkeypatch):
        """An article whose card is there; where it lies."""
        monkeypatch.setattr(jobs, "draw", lambda card: b"drawn")
        post = make.post("one")
        with app.app_context():
            jobs.make_cards()
            return f"http://localhost/media/{db.session.get_one(Post, post.id).card}/card.png"

    def test_come_with_articles(self, client, drawn):
        """In Atom and in JSON; an article without a card has none."""
        entry = feed(client, "/feed.atom").find(f"{ATOM}entry")
        enclosures = [one.get("href") for one in entry.iter(f"{ATOM}link") if one.get("rel") == "enclosure"]

        assert ([drawn], drawn) == (enclosures, client.get("/feed.json").get_json()["items"][0]["image"])

    def test_stand_in_the_sitemap(self, client, drawn):
        tree = ElementTree.fromstring(client.get("/sitemap.xml").data)
        image = "{http://www.google.com/schemas/sitemap-image/1.1}loc"

        assert [drawn] == [one.text for one in tree.iter(image)]


def test_the_sitemap_names_reviewed_entries_alone(app, client):
    """The others ask search engines not to list them."""
    documents = [
        {"slug": slug, "name": slug, "plain": "What it is.", "caveat": "Ask.", "reviewed": reviewed}
        for slug, reviewed in (("seen", True), ("unseen", False))
    ]
    with app.app_context():
        begin_write()
        Entry.ship({EntryKind.CONDITION: documents})
        db.session.commit()

    assert ["http://localhost/conditions/seen"] == [one for one in sitemap(client) if "/conditions/" in one]
