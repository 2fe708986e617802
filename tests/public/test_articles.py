"""What readers are shown: lists and the article page, in order, and nothing where there is nothing."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from blog import sample
from blog.comments.models import State
from blog.database import begin_write, db
from blog.headers import HEADERS
from blog.pages.models import PageSlug
from blog.posts import publishing
from blog.posts.listing import POSTS_PER_PAGE
from blog.posts.models import Post

VIDEO = {"host": "youtube", "ref": "dQw4w9WgXcQ", "title": "The film", "caption": "Two minutes"}


def headings(page):
    return re.findall(r"<h[1-6][^>]*>(.*?)</h[1-6]>", page, re.DOTALL)


def titles(page):
    """The titles of the cards of a list, in order."""
    return re.findall(r'post-card__title"><a[^>]*>([^<]*)<', page)


@pytest.fixture
def whole(app, make):
    """A page that shows everything an article can have, with neighbours, a relative and comments."""
    make.page(PageSlug.DISCLAIMER, title="Disclaimer", short="Not medical advice.", body="Full disclaimer.")
    make.page(PageSlug.COMMENT_POLICY, title="Comment policy")
    make.post("older", title="The older one", published_at=make.days_ago(30))
    post = make.post(
        "whole",
        **make.whole_article(title="All of it", standfirst="What it is about, all of it.", authors=["ada", "team"]),
        published_at=make.days_ago(20),
    )
    make.post("newer", title="The newer one", muscles=["psoas"], published_at=make.days_ago(10))
    with app.app_context():
        begin_write()
        db.session.get_one(Post, post.id).updated_at = make.days_ago(15)
        db.session.commit()
    first = make.comment(post, name="Grace", body="Thank you.", state=State.APPROVED)
    make.comment(post, name="Dr Team", body="You are welcome.", parent=first, state=State.APPROVED)
    return app.test_client().get("/posts/whole").text


class TestHome:
    def test_lists_the_newest_first(self, client, make):
        make.post(title="Old", published_at=make.days_ago(2))
        make.post(title="New", published_at=make.days_ago(1))

        assert ["New", "Old"] == titles(client.get("/").text)

    def test_goes_on_to_older_pages(self, client, make):
        """What does not fit is on page 2, and each page leads to the other."""
        for day in range(POSTS_PER_PAGE + 1):
            make.post(title=f"Day {day}", published_at=make.days_ago(day + 1))

        first, second = client.get("/").text, client.get("/?page=2").text

        assert (POSTS_PER_PAGE, [f"Day {POSTS_PER_PAGE}"]) == (len(titles(first)), titles(second))
        assert 'href="/?page=2">Older articles' in first
        assert 'href="/">Newer articles' in second

    def test_has_no_paging_for_one_page(self, client, make):
        """One page needs no way to another."""
        make.post()

        assert "pagination" not in client.get("/").text

    def test_says_so_when_it_is_empty(self, client):
        """A site without articles is a page all the same."""
        page = client.get("/")

        assert (200, True) == (page.status_code, "There are no articles here yet." in page.text)

    @pytest.mark.parametrize("number", ["0", "-1", "01", "1.5", "x", "", "٢", "2", "9999999", "1%00"])
    def test_knows_no_other_pages(self, client, make, number):
        """What is not the number of a page is a 404, so that each page has one address."""
        make.post()

        assert 404 == client.get(f"/?page={number}").status_code

    def test_offers_the_years(self, client, make):
        """Below the list, each year with articles."""
        make.post(published_at=datetime(2024, 5, 1, tzinfo=UTC))
        make.post(published_at=datetime(2026, 5, 1, tzinfo=UTC))

        assert ["2026", "2024"] == re.findall(r'href="/archive/(\d+)"', client.get("/").text)


class TestLists:
    def test_an_author_has_a_page(self, client, make):
        """With the name, and what bears it."""
        make.post(title="Hers", authors=["ada-bell"])
        make.post(title="Theirs", authors=["team"])
        page = client.get("/authors/ada-bell").text

        assert ("Ada Bell", ["Hers"]) == (headings(page)[0], titles(page))

    def test_an_unknown_author_has_none(self, client):
        assert 404 == client.get("/authors/nobody").status_code

    def test_a_tag_has_a_page(self, client, make):
        """With its name, and what bears it."""
        make.post(title="Sitting", tags=["desk-work"])
        make.post(title="Running")
        page = client.get("/tags/desk-work").text

        assert ("Desk work", ["Sitting"]) == (headings(page)[0], titles(page))

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_a_tag_of_hidden_posts_has_none(self, client, make, hidden):
        """A draft's subject does not betray the draft."""
        make.post(tags=["secret"], **hidden)

        assert 404 == client.get("/tags/secret").status_code

    @pytest.mark.parametrize("address", ["/tags/neck", "/authors/team", "/muscles/psoas", "/conditions/sciatica"])
    def test_go_on_to_older_pages(self, app, client, make, address):
        """
        A tag, a person, a muscle and a condition of many articles list them in pages, and name the page's own address.
        """
        with app.app_context():
            sample.ensure_vocabulary()
        for day in range(POSTS_PER_PAGE + 1):
            make.post(published_at=make.days_ago(day + 1), tags=["neck"], muscles=["psoas"], conditions=["sciatica"])
        pages = [client.get(address), client.get(f"{address}?page=2")]

        assert [POSTS_PER_PAGE, 1] == [page.text.count('<article class="post-card ') for page in pages]
        assert f'rel="canonical" href="http://localhost{address}?page=2"' in pages[1].text
        assert 404 == client.get(f"{address}?page=3").status_code

    def test_a_year_has_a_page(self, client, make):
        """With the articles of that year alone."""
        make.post(title="This", published_at=datetime(2025, 7, 1, tzinfo=UTC))
        make.post(title="Other", published_at=datetime(2024, 7, 1, tzinfo=UTC))

        assert ["This"] == titles(client.get("/archive/2025").text)

    @pytest.mark.parametrize("year", ["2024", "2026", "0", "99999999999999999999", "20255"])
    def test_a_year_without_articles_has_none(self, client, make, year):
        make.post(published_at=datetime(2023, 7, 1, tzinfo=UTC))
        make.post(published_at=datetime(2025, 7, 1, tzinfo=UTC))

        assert 404 == client.get(f"/archive/{year}").status_code


class TestWelcome:
    def test_shows_the_latest_approved_comments(self, client, make):
        """They lead to where they stand, and nothing that waits is among them."""
        post = make.post()
        shown = make.comment(post, body="It helped me.", state=State.APPROVED)
        make.comment(post, body="Not looked at yet.")
        page = client.get("/").text

        assert f"/posts/{post.slug}/comments/{shown.id}" in page
        assert ("It helped me." in page, "Not looked at yet." in page) == (True, False)

    def test_puts_the_newest_article_first_and_once(self, client, make):
        make.post(title="Old", published_at=make.days_ago(3))
        make.post(title="New", published_at=make.days_ago(1))

        assert ["New", "Old"] == titles(client.get("/").text)

    def test_asks_among_further_articles_who_wants_to_hear_of_the_next(self, client, make):
        make.post(published_at=make.days_ago(3))
        alone = client.get("/").text.count("Choose how often")
        make.post(published_at=make.days_ago(1))

        assert (0, 1) == (alone, client.get("/").text.count("Choose how often"))

    def test_repeats_no_words_of_students(self, client, make):
        """The footer has them on every other page; here they are part of the page."""
        make.settings(testimonials=[{"words": "I learned a lot.", "name": "Ann", "consent_date": "2026-01-01"}])

        assert 1 == client.get("/").text.count("I learned a lot.")


class TestTimeZone:
    @pytest.fixture
    def settings(self):
        return {"BLOG_TIME_ZONE": "Pacific/Auckland"}

    def test_decides_to_which_year_an_article_belongs(self, client, make):
        """Shortly before midnight in London it is next year, and next day, in Auckland."""
        make.post("eve", title="Eve", published_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))

        assert (404, ["Eve"]) == (client.get("/archive/2025").status_code, titles(client.get("/archive/2026").text))
        assert (
            '<time datetime="2025-12-31T23:30:00Z" class="dt-published">1 January 2026</time>'
            in client.get("/posts/eve").text
        )


class TestOrder:
    PARTS = (
        'class="skip-link"',
        'class="site-header"',
        ">Back to basics</p>",
        '<h1 class="p-name">All of it</h1>',
        ">Ada</a> and <a",
        "published <time",
        "updated <time",
        "1 min read",
        '<p class="standfirst p-summary">What it is about',
        "On this page",
        "It moves.",
        "Where it hurts",
        "Low down, on both sides.",
        "Drawn by Ada",
        'id="safety"',
        "Ask before you press.",
        "Rest first.",
        '<h2 id="stretches"',
        "Not medical advice.",
        "Knee to chest",
        "Stop if it hurts.",
        "you have a new hip",
        ">Primary</dt>",
        ">Psoas<",
        ">Secondary</dt>",
        ">Sartorius<",
        "Often mentioned with it",
        "How sure is this?",
        "Nobody is quite sure.",
        "Whether it spreads.",
        '<h2 id="references"',
        "A book",
        'href="https://doi.org/10.1/x"',
        '<h2 id="disclaimer">Disclaimer',
        "Full disclaimer.",
        "Version 1,",
        ">Desk work</a>",
        'id="share-title"',
        "Related articles",
        "Older</span> The older one",
        "Newer</span> The newer one",
        "2 comments</h2>",
        "Thank you.",
        "Reply from the team",
        "You are welcome.",
        "Leave a comment",
        "comments must be approved before they are published",
        "within two working days",
        'href="/comment-policy"',
        "not for emergencies",
        'name="token"',
        'name="body"',
        'class="site-footer"',
    )

    def test_is_the_one_that_was_promised(self, whole):
        """Everything an article has, from the skip link to the footer, each after the other."""
        at, missing = 0, []
        for part in self.PARTS:
            found = whole.find(part, at)
            if found < 0:
                missing.append(part)
            else:
                at = found + len(part)

        assert [] == missing

    def test_puts_the_safety_box_above_all_self_help(self, whole):
        """Nothing to try stands above the warning signs."""
        assert whole.index('id="safety"') < min(whole.index("Rest first."), whole.index("Knee to chest"))

    def test_leads_from_the_contents_to_what_is_there(self, whole):
        """Every link within the page has a target."""
        wanted = set(re.findall(r'href="#([^"]+)"', whole))

        assert set() == wanted - set(re.findall(r'id="([^"]+)"', whole))

    def test_gives_each_id_once(self, whole):
        """Two elements with one id would mislead links and screen readers."""
        ids = re.findall(r'\sid="([^"]+)"', whole)

        assert sorted(set(ids)) == sorted(ids)

    def test_skips_no_level_of_headings(self, whole):
        """One h1, and below each heading at most the next level."""
        levels = [int(level) for level in re.findall(r"<h([1-6])", whole)]

        leaps = [(above, below) for above, below in itertools.pairwise(levels) if below - above > 1]

        assert (1, []) == (levels.count(1), leaps)


class TestLacks:
    def test_show_nothing(self, client, make):
        """Of what a bare article does not have, not a word."""
        make.post("bare")
        page = client.get("/posts/bare").text
        words = (
            "kicker",
            "updated",
            "In short",
            "safety",
            "Self-help",
            "Stretches",
            "Muscles being",
            "may be useful",
            "How sure",
            "References",
            "isclaimer",
            "Subjects of",
            "Related",
            "Older",
            "Newer",
            "video",
            "figure",
            "testimonials",
            "courses",
            "pagination",
            "Sample",
        )

        assert [] == [word for word in words if word in page]

    def test_leave_no_empty_heading(self, client, make):
        make.post("bare")

        assert "" not in [re.sub(r"<[^>]+>|\s", "", heading) for heading in headings(client.get("/posts/bare").text)]

    def test_of_comments_are_said(self, client, make):
        make.post("bare")

        assert "No comments yet." in client.get("/posts/bare").text

    def test_of_a_form_are_said(self, client, make):
        make.post("closed", comments_open=False)
        page = client.get("/posts/closed").text

        assert (True, False) == ("This article is closed for new comments." in page, 'name="body"' in page)

    @pytest.mark.parametrize("is_shown", [True, False])
    def test_of_a_shop_link_need_both_halves(self, client, make, is_shown):
        """The shop link stands in the header when it has a text and an address."""
        make.settings(shop_label="Balls and rollers", shop_url="https://shop.example" if is_shown else "")

        assert is_shown is ("Balls and rollers" in client.get("/").text)


class TestAddress:
    def test_of_the_past_leads_to_the_present(self, app, client, make):
        """An old slug redirects for good, with the page of comments asked for."""
        post = make.post("old")
        with app.app_context():
            begin_write()
            publishing.rename(db.session.get_one(Post, post.id), "new")
            db.session.commit()
        answer = client.get("/posts/old?comments=2")

        assert (301, "/posts/new?comments=2") == (answer.status_code, answer.location)

    @pytest.mark.parametrize("number", ["0", "x", "2", "01"])
    def test_has_no_other_pages_of_comments(self, client, make, number):
        make.post("one")

        assert 404 == client.get(f"/posts/one?comments={number}").status_code

    def test_is_named_by_the_settings(self, client, make):
        """The canonical address follows the settings, not the name by which a client reached the site."""
        make.post("one")
        page = client.get("/posts/one", headers={"Host": "127.0.0.1:1234"}).text

        assert '<link rel="canonical" href="http://localhost/posts/one">' in page
        assert "127.0.0.1" not in page

    @pytest.mark.parametrize("host", ["evil.example", "..", "", "localhost:x"])
    def test_of_another_host_is_refused(self, client, make, host):
        """The site's own page with all its headers says so; nothing of the article is shown."""
        make.post("one", title="A title that nobody sees")
        answer = client.get("/posts/one", headers={"Host": host})

        assert (400, False) == (answer.status_code, "A title that nobody sees" in answer.text)
        assert HEADERS.items() <= dict(answer.headers).items()


class TestSample:
    @pytest.mark.parametrize("is_sample", [True, False])
    def test_is_kept_out_of_search_engines(self, client, make, is_sample):
        make.post("one", sample=is_sample)
        page = client.get("/posts/one").text

        assert (is_sample, is_sample) == ('content="noindex"' in page, "Not clinically reviewed." in page)


class TestVideo:
    @pytest.mark.parametrize(
        ("video", "player"),
        [
            (VIDEO, "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
            ({**VIDEO, "host": "vimeo", "ref": "123456789"}, "https://player.vimeo.com/video/123456789?dnt=1"),
        ],
        ids=["youtube", "vimeo"],
    )
    def test_waits_for_a_click(self, client, make, video, player):
        """The player's privacy address is only noted; without JavaScript a plain link leads to the film."""
        make.post("film", body="## It\n\n::video", video=video)
        page = client.get("/posts/film").text

        assert (True, True) == (f'data-player="{player}' in page, "loads only when you press this" in page)

    def test_asks_nothing_of_others(self, client, make):
        """Not one frame, picture, script or style of another site before the click."""
        make.post("film", body="## It\n\n::video", video=VIDEO)
        page = client.get("/posts/film").text

        assert [] == re.findall(r'<iframe|\s(?:src|srcset|poster)="(?!/)[^"]*"|<link[^>]*stylesheet[^>]*//', page)

    def test_is_allowed_to_load_from_its_hosts_only(self, client, make):
        """The browser itself is told which two players may be framed."""
        policy = client.get("/").headers["Content-Security-Policy"]

        assert "frame-src https://www.youtube-nocookie.com https://player.vimeo.com" in policy

    def test_of_our_own_is_played_here(self, client, make):
        """A file of ours needs no click to be asked for, and is not loaded before."""
        ref = "/media/0123456789abcdef/film.mp4"
        make.post("film", body="## It\n\n::video", video={**VIDEO, "host": "file", "ref": ref})
        page = client.get("/posts/film").text

        assert (True, False) == (f'preload="none" src="{ref}"' in page, "data-player" in page)

    @pytest.mark.parametrize("body", ["## It\n\n::video", "## It\n\nMoves."], ids=["placed", "not placed"])
    def test_leaves_nothing_behind_when_there_is_none(self, client, make, body):
        make.post("film", body=body)

        assert "video" not in client.get("/posts/film").text


class TestShare:
    SERVICES = ("mailto:", "sms:", "wa.me", "facebook.com", "x.com", "linkedin.com", "bsky.app", "mastodonshare.com")

    def test_is_a_plain_link_per_service(self, client, make):
        """Seven links beside the one to copy, each with the article's whole address."""
        make.post("one", title="Backs & necks")
        links = re.findall(r'share__link"[^>]*href="([^"]+)"', client.get("/posts/one").text)

        assert [] == [service for service in self.SERVICES if not any(service in link for link in links[1:])]
        assert "http://localhost/posts/one" == links[0]
        assert len(self.SERVICES) == sum("%2Fposts%2Fone" in link or "/posts/one" in link for link in links[1:])

    def test_carries_the_title_encoded(self, client, make):
        """An ampersand in a title does not end it."""
        make.post("one", title="Backs & necks")

        assert "text=Backs%20%26%20necks" in client.get("/posts/one").text


class TestText:
    def test_is_shown_as_text(self, client, make):
        evil = "<b>x</b>"
        make.post(
            "one",
            title=evil,
            standfirst=evil,
            kicker=evil,
            key_facts=[evil],
            evidence=evil,
            references=[{"text": evil}],
        )
        page = client.get("/posts/one").text

        assert (False, True) == (evil in page, page.count("&lt;b&gt;x&lt;/b&gt;") >= 6)


def test_one_page_asks_the_database_little(app, client, make, whole):
    """The number of queries of a page made anew does not grow with the comments."""
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        post = db.session.scalars(Post.under_slug("whole")).one()

    def asked():
        app.extensions["pagecache"].forget()
        statements.clear()
        client.get("/posts/whole")
        return len(statements)

    make.comment(post, state=State.APPROVED)
    before = asked()
    for _ in range(10):
        make.comment(post, state=State.APPROVED)

    assert asked() <= before
    assert 2 < before < 25


def test_a_scheduled_post_appears_by_itself(client, make, clock):
    """No job is needed: when its time has come, it is there."""
    at = clock.freeze(datetime(2026, 7, 1, 9, 0, tzinfo=UTC)) + timedelta(minutes=10)
    make.post("soon", published_at=at)
    before = client.get("/posts/soon").status_code

    clock.advance(minutes=10)

    assert (404, 200) == (before, client.get("/posts/soon").status_code)
