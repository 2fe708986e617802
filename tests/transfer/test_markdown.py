"""A folder of Markdown becomes articles, and every slip is named by file, line and field."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from blog.accounts.models import Person
from blog.config import ROOT
from blog.database import begin_write, db
from blog.posts import publishing
from blog.posts.models import Post, PostRevision
from blog.transfer import markdown
from blog.transfer.files import FileError

FRONT = """title: A title
standfirst: What it is about.
authors: [team]"""
BODY = "## What it does\n\nIt moves.\n"


@pytest.fixture
def write(tmp_path):
    """Write a Markdown file; its path."""

    def file(front=FRONT, body=BODY, name="one.md"):
        path = tmp_path / name
        path.write_text(f"---\n{front}\n---\n\n{body}", encoding="utf-8")
        return path

    return file


def slips(path):
    """What is wrong with a file, as (line, the rest)."""
    with pytest.raises(FileError) as caught:
        markdown.read_file(path)
    return [
        (int(line.removeprefix(f"{path}:").split(":")[0]), line.removeprefix(f"{path}:").split(": ", 1)[1])
        for line in str(caught.value).splitlines()
    ]


class TestReadFile:
    def test_takes_an_article(self, write):
        """Front matter and text; the file's name is the slug."""
        page = markdown.read_file(write(name="hip-pain.md"))

        assert ("hip-pain", "A title", None, True) == (
            page.slug,
            page.manuscript.article.title,
            page.published_at,
            page.comments.are_open,
        )

    def test_takes_a_slug_of_its_own(self, write):
        """Front matter beats the file's name."""
        assert "other" == markdown.read_file(write(f"{FRONT}\nslug: other")).slug

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-05-04", datetime(2026, 5, 4, 4, tzinfo=UTC)),
            ("2026-05-04T09:30:00Z", datetime(2026, 5, 4, 9, 30, tzinfo=UTC)),
            ("2026-05-04 09:30:00+02:00", datetime(2026, 5, 4, 7, 30, tzinfo=UTC)),
            ("2026-05-04 09:30:00 +0200", datetime(2026, 5, 4, 7, 30, tzinfo=UTC)),
            ("2026-05-04 09:30", datetime(2026, 5, 4, 13, 30, tzinfo=UTC)),
            ("'2026-05-04'", datetime(2026, 5, 4, 4, tzinfo=UTC)),
        ],
    )
    def test_takes_days_and_moments(self, write, text, expected):
        """A day is midnight here; a moment without zone is of here."""
        path = write(f"{FRONT}\npublished: {text}")

        assert expected == markdown.read_file(path, ZoneInfo("America/New_York")).published_at

    def test_splits_at_self_help(self, write):
        """What follows the heading stands below the safety box, with the heading."""
        path = write(f"{FRONT}\nsafety:\n  red_flags: [back]", f"{BODY}\n## Self-help\n\nRest.\n\n## More\n\nWalk.\n")
        article = markdown.read_file(path).manuscript.article

        assert ("## What it does\n\nIt moves.", "## Self-help\n\nRest.\n\n## More\n\nWalk.") == (
            article.body,
            article.self_help,
        )

    @pytest.mark.parametrize(
        ("above", "below"),
        [("It moves.[^a]", "Rest."), ("It moves.", "Rest.[^a]"), ("It moves.[^a]", "Rest.[^a]")],
        ids=["above", "below", "both"],
    )
    def test_keeps_footnotes_on_their_side(self, write, above, below):
        """A note at the end of the file is shown below the part that refers to it, or below both."""
        path = write(
            f"{FRONT}\nsafety:\n  red_flags: [back]",
            f"## It\n\n{above}\n\n## Self-help\n\n{below}\n\n[^a]: The source.\n",
        )
        rendered = markdown.read_file(path).manuscript.rendered
        shown = ["The source." in str(rendered[name]) for name in ("body", "self_help")]

        assert ["[^a]" in above, "[^a]" in below] == shown

    @pytest.mark.parametrize(
        ("front", "line", "said"),
        [
            ("standfirst: x\nauthors: [team]", 2, "title: is missing"),
            (f"{FRONT}\nkicker: {'x' * 61}", 5, "kicker: has 61 characters; 60 fit"),
            (f"{FRONT}\ntags:\n  - good\n  - Bad Tag", 7, "tags 2: 'Bad Tag' is not a slug"),
            (f"{FRONT}\ntitel: x", 5, "titel: is not a field of an article"),
            (f"{FRONT}\ncomments: maybe", 5, f"comments: {markdown.Comments.WRONG}"),
            (f"{FRONT}\ncomments: 90", 5, f"comments: {markdown.Comments.WRONG}"),
            (f"{FRONT}\ncomments: 36501 days", 5, f"comments: {markdown.Comments.WRONG}"),
            (f"{FRONT}\npublished: yesterday", 5, "published: must be a date"),
            (f"{FRONT}\npublished: 2026-13-45", 5, "published: must be a date"),
            (f"{FRONT}\npublished: 0026-05-04", 5, "published: must be between 1990-01-01 and "),
            (f"{FRONT}\nupdated: 9999-12-31", 5, "updated: must be between 1990-01-01 and "),
            (f"{FRONT}\npublished: 2026-05-04\nupdated: 2026-05-03", 6, "updated: is before “published”"),
            (f"{FRONT}\ntitle: Again", 5, "front matter: “title” stands here a second time; the first is in line 2"),
            (f"{FRONT}\nkicker: Part #1\nevidence: Part #2", 5, "front matter: everything from “ #” on"),
            (f"{FRONT}\nbody: x", 5, "body: is the text below the front matter"),
            (f"{FRONT}\nupdated: [1]", 5, "updated: must be a date"),
            (f"{FRONT}\nslug: Not A Slug", 5, "slug: 'Not A Slug' is not a slug"),
            (f"{FRONT}\nslug: {'x' * 121}", 5, "slug: "),
            (
                f"{FRONT}\nreferences:\n  - text: A book\n    url: example.org",
                7,
                "references 1, url: must be an address",
            ),
            (
                f"{FRONT}\nfigures:\n  - id: map\n    kind: photo\n    caption: c\n    alt: a",
                7,
                "figures 1, kind: must be",
            ),
            (f"{FRONT}\nstretches:\n  - name: One", 6, "stretches 1, steps: is missing"),
            (f"{FRONT}\ntitle: [unclosed", 5, "front matter: "),
            (f"{FRONT}\n\tkicker: x", 5, "front matter: "),
            ("just words", 1, "front matter: must be named fields"),
            ("", 1, "front matter: must be named fields"),
        ],
    )
    def test_names_line_and_field(self, write, front, line, said):
        """Each slip leads its author to the line."""
        assert (line, True) == next((at, text.startswith(said)) for at, text in slips(write(front)) if said in text)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("no front matter", "the file must begin with a line ---"),
            ("+++\ntitle = 1\n+++\n", "the file must begin with a line ---"),
            ("---\ntitle: x\n", "the closing line --- is missing"),
        ],
    )
    def test_names_a_file_that_is_none(self, tmp_path, text, said):
        """Without front matter there is no article."""
        path = tmp_path / "one.md"
        path.write_text(text)

        assert [(1, f"front matter: {said}")] == slips(path)

    def test_names_a_file_of_another_encoding(self, tmp_path):
        """Text is UTF-8."""
        path = tmp_path / "one.md"
        path.write_bytes("---\ntitle: Rücken\n---\n".encode("latin-1"))

        assert [(2, "file: is not UTF-8 text from here on")] == slips(path)

    def test_names_a_slip_in_the_text(self, write):
        """What the text's own rules find is told with its line in the file."""
        assert [(9, "body: There is no ::picture. You can use ::figure and ::video.")] == slips(
            write(body="## It\n\n::picture x\n")
        )

    @pytest.mark.parametrize(
        "typed",
        [
            *(
                "![The neck](neck.jpg)",
                "![](<neck.jpg>)",
                "![[neck.jpg]]",
                '<img alt="x" src="neck.jpg">',
                "![x](neck.jpg 'y')",
            ),
            *("[![x](neck.jpg)](https://example.org)", "![x](../neck.jpg)", "![x](https://example.org/neck.jpg)"),
        ],
    )
    def test_names_a_picture_and_its_line(self, write, typed):
        """Nothing brings picture files along, so an article with one is told so, not published with a gap."""
        assert [(9, True, True)] == [
            (at, "The picture " in text, "neck.jpg cannot be shown" in text)
            for at, text in slips(write(body=f"## It\n\nMoves. {typed}\n"))
        ]

    def test_takes_code_that_shows_a_picture(self, write):
        """What is shown as code is no picture."""
        assert markdown.read_file(write(body="## It\n\n`![x](neck.jpg)`\n"))

    def test_names_a_slip_below_the_self_help_heading(self, write):
        """Whatever footnotes stand elsewhere."""
        path = write(
            f"{FRONT}\nsafety:\n  red_flags: [back]",
            "## It\n\nMoves.[^a]\n\n[^a]: The source.\n\n\n## Self-help\n\n::picture x\n",
        )

        assert [(18, True)] == [(at, text.startswith("self help: There is no ::picture")) for at, text in slips(path)]

    def test_tells_all_slips_at_once(self, write):
        """Of the post and of the article."""
        path = write("title: x\ncomments: maybe\npublished: never\nkicker: [1]")

        assert {"comments", "published", "standfirst", "authors", "kicker"} == {
            text.split(":")[0] for _, text in slips(path)
        }


def test_the_guide_shows_an_article(tmp_path):
    """What docs/writing.md shows first can be loaded as it stands."""
    shown = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8").split("```markdown\n", 1)[1].split("```", 1)[0]
    path = tmp_path / "one.md"
    path.write_text(shown, encoding="utf-8")

    assert "neck-stretches" == markdown.read_file(path).slug


class TestReadFolder:
    def test_takes_all_files_by_name(self, write, tmp_path):
        """Markdown only, in the order of their names."""
        write(name="b.md")
        write(name="a.md")
        (tmp_path / "notes.txt").write_text("x")

        assert ["a", "b"] == [page.slug for page in markdown.read_folder(tmp_path)]

    def test_tells_the_slips_of_all_files(self, write, tmp_path):
        """One run names everything."""
        write("standfirst: x\nauthors: [team]", name="a.md")
        write(f"{FRONT}\ntitel: x", name="b.md")

        with pytest.raises(FileError) as caught:
            markdown.read_folder(tmp_path)

        assert ["a.md:2: title", "b.md:5: titel"] == [
            line.removeprefix(f"{tmp_path}/").rpartition(": ")[0] for line in str(caught.value).splitlines()
        ]

    def test_refuses_two_files_of_one_slug(self, write, tmp_path):
        """The second one is named, with the first."""
        write(name="a.md")
        write(f"{FRONT}\nslug: a", name="b.md")

        with pytest.raises(FileError, match=r"b\.md:5: slug: a\.md has the slug 'a', too"):
            markdown.read_folder(tmp_path)


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestStore:
    def load(self, folder, sample=False):
        pages = markdown.read_folder(folder)
        begin_write()
        markdown.ensure_people(folder)
        outcomes = [(outcome.slug, outcome.change) for outcome in markdown.store(pages, sample)]
        db.session.commit()
        return outcomes

    @pytest.fixture(autouse=True)
    def team(self, make):
        make.post("from-elsewhere", published_at=None)

    def revisions(self, slug="one"):
        post = db.session.scalars(Post.any_under_slug(slug)).one()
        return db.session.query(PostRevision).where(PostRevision.post_id == post.id).count()

    def test_makes_a_new_post(self, write, tmp_path):
        """A draft, as long as no time is given."""
        write()

        assert [("one", "new")] == self.load(tmp_path)
        assert "draft" == db.session.scalars(Post.any_under_slug("one")).one().state

    def test_publishes_at_the_time_given(self, write, tmp_path):
        """With the times of the front matter."""
        write(f"{FRONT}\npublished: 2026-05-04\nupdated: 2026-05-09\ncomments: closed")
        self.load(tmp_path)
        post = db.session.scalars(Post.any_under_slug("one")).one()

        assert ("published", 4, 9, False) == (
            post.state,
            post.published_at.day,
            post.updated_at.day,
            post.comments_open,
        )

    def test_makes_no_version_of_what_is_the_same(self, write, tmp_path):
        """Loading a folder twice changes nothing."""
        write(f"{FRONT}\npublished: 2026-05-04")
        self.load(tmp_path)

        assert ([("one", "same")], 1) == (self.load(tmp_path), self.revisions())

    def test_makes_a_version_of_what_changed(self, write, tmp_path):
        """A known slug gets a new version, never a second post."""
        write()
        self.load(tmp_path)
        write(body="## What it does\n\nIt moves you.\n")

        assert ([("one", "changed")], 2) == (self.load(tmp_path), self.revisions())

    @pytest.mark.parametrize("line", ["published: 2026-05-04", "comments: closed", "comments: 90 days"])
    def test_follows_what_is_said_beside_the_article(self, write, tmp_path, line):
        """A time or a closing added later is a change, without a new version."""
        write()
        self.load(tmp_path)
        write(f"{FRONT}\n{line}")

        assert ([("one", "changed")], [("one", "same")], 1) == (
            self.load(tmp_path),
            self.load(tmp_path),
            self.revisions(),
        )

    def test_finds_a_post_under_its_old_slug(self, write, tmp_path):
        """A renamed article is updated where it is now."""
        write()
        self.load(tmp_path)
        begin_write()
        publishing.rename(db.session.scalars(Post.any_under_slug("one")).one(), "two")
        db.session.commit()
        write(body="## Other\n\nWords.\n")
        self.load(tmp_path)

        assert 2 == self.revisions("two")

    def test_names_an_unknown_author_by_line(self, write, tmp_path):
        """Who is not in people.yaml and not on the site cannot have written it."""
        path = write("title: x\nstandfirst: x\nauthors:\n  - team\n  - nobody")

        with pytest.raises(FileError) as caught:
            self.load(tmp_path)

        assert f"{path}:6: authors 2: nobody has the slug 'nobody'" == str(caught.value)

    def test_marks_samples_only_when_asked(self, write, tmp_path):
        """Whose articles they are is said by the command, not by the file."""
        write(f"{FRONT}\nsample: true")
        self.load(tmp_path)
        before = db.session.scalars(Post.any_under_slug("one")).one().is_sample
        write(f"{FRONT}\nsample: true\nkicker: x")
        self.load(tmp_path, sample=True)

        assert (False, True) == (before, db.session.scalars(Post.any_under_slug("one")).one().is_sample)

    def test_adds_the_people_of_the_folder(self, write, tmp_path):
        """With what people.yaml says of them; who is known stays as they are."""
        (tmp_path / "people.yaml").write_text(
            "- {slug: ada, name: Ada Bell, credentials: PT, bio: Writes., team: true}\n- {slug: team, name: Changed}\n"
        )
        write("title: x\nstandfirst: x\nauthors: [ada, team]")
        self.load(tmp_path)
        people = {person.slug: person for person in db.session.query(Person)}

        assert ("Ada Bell", "PT", "Writes.", True, "The team") == (
            people["ada"].name,
            people["ada"].credentials,
            people["ada"].bio,
            people["ada"].is_team,
            people["team"].name,
        )

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("- slug: ada\n- slug: Bad Slug\n  name: x\n", ":1: 1, name: is missing"),
            ("- slug: ada\n  name: x\n- slug: Bad Slug\n  name: x\n", ":3: 2, slug: must be small letters"),
            ("- name: x\n", ":1: 1, slug: must be"),
            ("- slug: ada\n  name: x\n  nmae: y\n", ":3: 1, nmae: is not a field of a person"),
            ("- slug: ada\n  name: x\n  team: maybe\n", ":3: 1, team: must be true or false"),
            ("- slug: ada\n  name: x\n- slug: ada\n  name: y\n", ":3: 2, slug: 'ada' stands here a second time"),
            ("- slug: ada\n  name: [x]\n", ":2: 1, name: must be text"),
            (f"- slug: ada\n  name: {'x' * 121}\n", ":2: 1, name: has 121 characters; 120 fit"),
            ("ada: Bell\n", ":1: people: must be a list"),
            ("- [ada\n", ": people: "),
            ("- just words\n", ":1: 1, slug: must be"),
        ],
    )
    def test_names_slips_in_people(self, write, tmp_path, text, said):
        """The file of the people has lines and fields, too."""
        (tmp_path / "people.yaml").write_text(text)
        write()

        with pytest.raises(FileError) as caught:
            self.load(tmp_path)

        assert said in str(caught.value)
        assert str(caught.value).startswith(f"{tmp_path / 'people.yaml'}:")
