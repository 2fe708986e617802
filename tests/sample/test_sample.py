"""The sample site: whole, honest about being one, and gone for good when it is taken away."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import brotli
import pytest
import yaml
from bleach import html5lib_shim

from blog import assets, create_app, sample
from blog.accounts.models import Person
from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision
from blog.posts import publishing
from blog.posts.models import Post, PostSlug, Tag
from blog.transfer import markdown
from tests.conftest import SECRET_KEY
from tests.databases import once_per_run

AFTER_ALL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # when everything in it has been published


@pytest.fixture(scope="session")
def pages():
    """All sample articles as read from their files."""
    return markdown.read_folder(sample.ARTICLES)


@pytest.fixture(scope="session")
def loaded_template(run_folder, sqlite_template):
    """A database with the sample site in it, made once per run."""
    path = run_folder / "sample" / "blog.db"
    with once_per_run(run_folder / "sample-site"):
        if not path.exists():
            url = sqlite_template.copied(path.with_name("unfinished.db"))
            app = create_app(
                {"BLOG_INSTANCE_PATH": str(path.parent), "BLOG_DATABASE_URL": url, "BLOG_SECRET_KEY": SECRET_KEY}
            )
            with app.app_context():
                sample.ensure_vocabulary()
                sample.ensure_pages()
                sample.load()
                db.engine.dispose()
            with closing(sqlite3.connect(path.with_name("unfinished.db"))) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            path.with_name("unfinished.db").rename(path)
    return path


@pytest.fixture
def database_url(loaded_template, tmp_path):
    """Every test here starts with the loaded sample site."""
    path = tmp_path / "instance" / "blog.db"
    path.parent.mkdir()
    shutil.copyfile(loaded_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def shown(clock):
    """The clock stands on a day when all of it is out."""
    clock.freeze(AFTER_ALL)


def count(app, query):
    with app.app_context():
        return len(db.session.scalars(query).unique().all())


def tables(app):
    """How many rows each table has."""
    with app.app_context():
        return {
            table: db.session.execute(db.text(f"SELECT count(*) FROM {table}")).scalar() for table in db.metadata.tables
        }


class TestArticles:
    def test_are_twenty_four(self, pages):
        """One for each outline."""
        assert 24 == len({page.slug for page in pages})

    def test_say_that_they_are_samples(self, pages):
        """None could be taken for advice."""
        assert [] == [page.slug for page in pages if not page.manuscript.article.sample]

    def test_place_every_figure_they_have(self, pages):
        """A figure is in the text or belongs to a stretch; nothing is described for nobody."""
        lost = []
        for page in pages:
            article, rendered = page.manuscript.article, page.manuscript.rendered
            placed = {ref for kind, ref in rendered["body"] + rendered["self_help"] if kind == "figure"}
            used = placed | {stretch.figure for stretch in article.stretches}
            lost += [(page.slug, figure.id) for figure in article.figures if figure.id not in used]

        assert [] == lost

    def test_have_what_makes_an_article_whole(self, pages):
        """A safety box, stretches with muscles, sources, and what is not sure."""
        assert [] == [
            page.slug
            for page in pages
            for article in (page.manuscript.article,)
            if not (
                article.safety
                and article.stretches
                and article.stretched[0]
                and article.references
                and article.evidence
            )
        ]

    def test_are_of_readable_length(self, pages):
        """Some 400 to 900 words of text."""
        lengths = {
            page.slug: len(page.manuscript.article.body.split()) + len(page.manuscript.article.self_help.split())
            for page in pages
        }

        assert {} == {slug: words for slug, words in lengths.items() if not 350 <= words <= 1000}

    def test_spread_over_the_last_months(self, pages):
        """So that the archive and older and newer have something to show."""
        times = sorted(page.published_at for page in pages)

        assert len(set(times)) == 24
        assert (times[-1] - times[0]).days > 60


class TestLoad:
    def test_shows_every_article(self, app, client, shown):
        """Each is out, marked, and not indexed."""
        with app.app_context():
            slugs = list(db.session.scalars(db.select(Post.slug)))
        answers = {slug: client.get(f"/posts/{slug}") for slug in slugs}

        assert (24, []) == (len(slugs), [slug for slug, answer in answers.items() if answer.status_code != 200])
        assert [] == [
            s
            for s, a in answers.items()
            if "Not clinically reviewed." not in a.text or 'content="noindex"' not in a.text
        ]

    def test_marks_the_comments(self, app):
        """Every one of them, and three replies from the team."""
        with app.app_context():
            comments = list(db.session.scalars(db.select(Comment)))
            states = {comment.state for comment in comments}
            team = [comment.state for comment in comments if comment.is_team]

        assert ({State.APPROVED, State.PENDING}, [State.APPROVED] * 3) == (states, team)
        assert all(comment.is_sample for comment in comments)

    def test_leaves_some_in_the_queue(self, app):
        """A handful, so that a moderator has something to try."""
        assert 3 <= count(app, Comment.in_state(State.PENDING)) <= 9

    def test_knows_everything_the_articles_name(self, app, pages):
        """
        Every figure, person and entry of the vocabulary exists: loading refuses otherwise, so the second load does not.
        """
        with app.app_context():
            outcomes = sample.load()

        assert {"same"} == {outcome.change for outcome in outcomes}

    def test_adds_nothing_the_second_time(self, app):
        """Neither an article nor a comment."""
        before = tables(app)
        with app.app_context():
            sample.load()

        assert before == tables(app)

    def test_announces_nothing(self, app, shown):
        """Samples are nobody's news."""
        assert 0 == count(app, Post.due())

    def test_is_not_repeated_by_a_start(self, app):
        """A site that has posts keeps them."""
        with app.app_context():
            assert not sample.load_if_empty()


class Parts:
    """What a browser makes of a page: what its parser had to mend, and names of ids that are nowhere."""

    def __init__(self, html: str) -> None:
        parser = html5lib_shim.HTMLParser(namespaceHTMLElements=False)
        elements = [one for one in parser.parse(html).iter() if isinstance(one.tag, str)]
        ids = {one.get("id") for one in elements}
        named = {
            name
            for one in elements
            for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls")
            for name in one.get(attribute, "").split()
        } | {one.get("href", "")[1:] for one in elements if one.get("href", "").startswith("#")}
        self.slips = [
            *(str(error) for error in parser.errors),
            *(f"{name} is nowhere" for name in sorted(named - ids - {""})),
        ]


class TestPages:
    def test_are_correct_html(self, client, shown):
        """No parser has to mend them, and whatever names an id finds it."""
        article = "/posts/gluteus-maximus-trigger-points"
        paths = ["/", article, f"{article}/handout", "/muscles", "/muscles/psoas", "/pain", "/pain/buttock", "/about"]
        paths += ["/conditions/sciatica", "/search?q=buttock", "/authors/sample-team", "/archive/2026", "/api"]
        slips = {
            path: Parts(client.get(path, follow_redirects=True).text).slips for path in [*paths, "/login", "/nowhere"]
        }

        assert {} == {path: found for path, found in slips.items() if found}


class TestRemove:
    def test_leaves_nothing_of_it(self, app, client, shown):
        """No article, comment, decision, tag or sample author; the vocabulary and the pages stay."""
        with app.app_context():
            removed = sample.remove()
        gone = tables(app)

        assert 24 == removed
        assert {} == {t: n for t, n in gone.items() if n and re.match(r"posts|post_|comment|decision|tags|people", t)}
        assert gone["entries"] > 0
        assert gone["pages"] == 4
        assert 200 == client.get("/").status_code

    def test_is_refused_while_readers_comments_hang_on_it(self, app, make):
        """Somebody's words are not deleted in passing."""
        with app.app_context():
            post = db.session.scalars(db.select(Post)).first()
        make.comment(post)
        before = tables(app)
        with app.app_context(), pytest.raises(Refused, match="1 comment by readers"):
            sample.remove()

        assert before == tables(app)

    def test_may_be_forced(self, app, make):
        """When it is meant, with all that hangs on it."""
        with app.app_context():
            post = db.session.scalars(db.select(Post)).first()
        make.comment(post, state=State.APPROVED)
        with app.app_context():
            sample.remove(force=True)

        assert (0, 0, 0) == tuple(tables(app)[name] for name in ("posts", "comments", "decisions"))

    def test_keeps_what_is_the_sites_own(self, app, make):
        """
        Own articles, their comments, decisions, tags and authors stay; also a sample author who wrote one of them.
        """
        post = make.post("own", tags=["own-tag", "desk-work"], authors=["ada", "sample-team"])
        make.comment(post, state=State.APPROVED)
        with app.app_context():
            sample.remove()
            kept = [
                list(db.session.scalars(db.select(column).order_by(column)))
                for column in (Post.slug, PostSlug.slug, Tag.slug, Person.slug)
            ]

        assert [["own"], ["own"], ["desk-work", "own-tag"], ["ada", "sample-team"]] == kept
        assert (1, 1) == (count(app, Comment.visible()), count(app, db.select(Decision)))

    def test_is_for_good(self, app):
        """The next start does not bring it back."""
        with app.app_context():
            sample.remove()
            again = sample.load_if_empty()

        assert (False, 0) == (again, count(app, Post.everything()))

    def test_may_be_taken_back_by_hand(self, app):
        """Asked for, it is loaded again."""
        with app.app_context():
            sample.remove()
            sample.load()

        assert 24 == count(app, Post.everything())

    def test_leaves_a_database_without_loose_ends(self, app):
        """Every key still points at something."""
        with app.app_context():
            sample.remove()

            assert [] == db.session.execute(db.text("PRAGMA foreign_key_check")).all()

    def test_leaves_an_article_whose_address_led_to_a_sample(self, app, make):
        """It leads nowhere then."""
        own = make.post("own")
        with app.app_context():
            begin_write()
            leads_to = db.session.scalars(Post.published(Post.is_sample).limit(1)).first()
            publishing.archive(db.session.get_one(Post, own.id), leads_to=leads_to)
            db.session.commit()
            sample.remove()

            assert db.session.get_one(Post, own.id, populate_existing=True).leads_to_id is None


class TestCommand:
    def run(self, app, *arguments):
        result = app.test_cli_runner().invoke(args=["sample", *arguments])
        return result.exit_code, result.output

    def test_loads(self, app):
        """It says how many, and how many changed."""
        assert (0, "24 sample articles, 0 of them new or changed.\n") == self.run(app)

    def test_removes(self, app):
        """It says how many went."""
        assert (0, "24 sample articles are gone.\n") == self.run(app, "--remove")

    def test_refuses_in_one_line(self, app, make):
        """And names the way out, which works."""
        with app.app_context():
            post = db.session.scalars(db.select(Post)).first()
        make.comment(post)
        code, said = self.run(app, "--remove")

        assert (1, 1, True) == (code, said.count("\n"), "--force" in said)
        assert 0 == self.run(app, "--remove", "--force")[0]


LONGEST = "/posts/gluteus-maximus-trigger-points"
FONTS = 25_500  # bytes of a first visit, held by tests/test_fonts.py


# Pages without forms, comments and parts of articles: the first stylesheet has all that they show.
WITHOUT_MORE = (
    "/", "/muscles", "/muscles/gluteus-medius", "/pain", "/pain/forehead", "/conditions", "/conditions/sciatica",
    "/search", "/search?q=hip", "/search?q=zzzzqq", "/archive/2026", "/tags/back",
)  # fmt: skip


class TestFirstVisits:
    """What a phone must have fetched before it shows something, and by the end. Bytes are packed ones."""

    @pytest.fixture
    def fetch(self, client, shown):
        def over_the_wire(address):
            answer = client.get(address, headers={"Accept-Encoding": "br"})
            assert 200 == answer.status_code
            return answer.data

        return over_the_wire

    @pytest.fixture
    def visit(self, fetch):
        """The page, its size, and its elements that name a file."""

        def read(path):
            packed = fetch(path)
            page = brotli.decompress(packed).decode()
            return page, len(packed), re.findall(r"<(?:link|script|img)\b[^>]*>", page)

        return read

    @pytest.mark.parametrize(
        ("path", "sheets", "most"),
        [
            ("/", ["site"], 13_500),
            (LONGEST, ["site", "more"], 24_000),
            ("/muscles/gluteus-medius", ["site"], 14_000),
            ("/pain", ["site"], 33_700),
        ],
    )
    def test_wait_for_stylesheets_alone(self, visit, fetch, path, sheets, most):
        """No script and no other file stands between the page and its first paint; all are small."""
        _, size, elements = visit(path)
        scripts = [one for one in elements if one.startswith("<script src") and 'type="module"' not in one]
        styles = [one for one in elements if 'rel="stylesheet"' in one and 'media="print"' not in one]
        addresses = [re.search('href="([^"]+)"', one)[1] for one in scripts + styles]

        assert sheets == [re.match(r"/assets/css/(\w+)\.", address)[1] for address in addresses]
        assert size + sum(len(fetch(address)) for address in addresses) < most

    @pytest.mark.parametrize("path", WITHOUT_MORE)
    def test_have_the_styles_of_all_that_they_show(self, app, visit, path):
        """What only the second stylesheet knows stands on no page that goes without it."""
        page, _, elements = visit(path)
        with app.app_context():
            sheets = [assets.asset_body(f"css/{name}.css").decode() for name in ("site", "more")]
        first, more = (set(re.findall(r"\.(-?[a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "", sheet))) for sheet in sheets)
        used = {name for names in re.findall(r'class="([^"]+)"', page) for name in names.split()}

        assert not [one for one in elements if "/css/more." in one]
        assert set() == used & (more - first)
        assert not re.search(r"<(?:textarea|select)\b", page)

    def test_cost_little(self, visit, fetch):
        """An article with fonts, styles and scripts stays below 70 kB, with its lead picture below 90."""
        page, size, elements = visit(LONGEST)
        parts = {address for one in elements for address in re.findall('"(/assets/(?:css|js)/[^"]+)"', one)}
        lead = re.search(r'<figure class="article__lead">.*?src="([^"]+)"', page, re.DOTALL)[1]
        without = size + sum(len(fetch(address)) for address in parts) + FONTS

        assert len(parts) > 5
        assert without < 70_000
        assert without + len(fetch(lead)) < 90_000

    def test_fetch_what_is_further_down_later(self, visit):
        """One picture at most is asked for before the page is laid out; an article's own comes first."""
        for path in ("/", LONGEST, "/muscles/gluteus-medius", "/pain"):
            pictures = [one for one in visit(path)[2] if one.startswith("<img") and "/media/" in one]
            assert len([one for one in pictures if 'loading="lazy"' not in one]) <= 1, path

        assert 'fetchpriority="high"' in visit(LONGEST)[0].partition("article__lead")[2][:600]


@pytest.mark.parametrize(
    "row", yaml.safe_load((sample.FOLDER / "comments.yaml").read_text(encoding="utf-8")), ids=lambda row: row["name"]
)
def test_every_sample_comment_belongs_to_an_article(row, pages):
    """To one that exists, and was sent after it came out."""
    page = next(page for page in pages if page.slug == row["post"])

    assert row["sent"] > page.published_at
    assert row["sent"] < AFTER_ALL
