"""What people read is what was written, or is not shown."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from blog.accounts.models import RoleName
from blog.anatomy.models import Entry, EntryKind, EntryRevision
from blog.checksums import Damaged, Summed, checksum
from blog.comments import jobs as comment_jobs
from blog.comments.models import Comment, CommentRevision, State
from blog.database import Base, begin_write, db, plain_read
from blog.operations.jobs import sum_texts
from blog.pages.models import PageRevision, PageSlug
from blog.posts import models
from blog.posts.models import PostRevision
from blog.posts.previews import PreviewLink
from blog.prepared import Prepared
from blog.revisions import AppendOnlyError
from blog.search.models import SearchPost
from tests.make import Make

DAMAGED = "MARKDAMAGED"
LISTS = (
    *("/", "/tags/hips", "/posts/two", "/search?q=hips", "/feed.atom", "/feed.json", "/tags/hips/feed.atom"),
    *("/comments.atom", "/api/v1/posts", "/api/v1/comments", "/api/v1/search?q=hips"),
)


class TestChecksum:
    def test_is_the_same_for_data_written_in_another_order(self):
        """PostgreSQL stores keys in an order of its own."""
        assert checksum({"a": 1, "b": [2]}) == checksum({"b": [2], "a": 1})

    @pytest.mark.parametrize("other", [("ab", "c", None), ("a", "bd"), ("bc", "a"), ("a", {"b": "c"})])
    def test_differs_with_what_it_is_of(self, other):
        """Also where the same letters stand in other columns."""
        assert checksum("a", "bc") != checksum(*other)


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestRow:
    @pytest.mark.parametrize("model", Summed.__subclasses__())
    def test_is_whole_when_it_was_written(self, make: Make, model):
        """Whatever wrote it: a new row of each table."""
        make.comment(make.post("one", muscles=["psoas"]), state=State.APPROVED)
        make.page(PageSlug.ABOUT)

        rows = db.session.query(model).all()

        assert rows
        assert all(row.is_whole() for row in rows)

    def test_is_whole_when_it_was_erased(self, make: Make):
        """A blank text has the checksum of a blank text: nothing tells what stood there."""
        comment = make.comment(make.post(), state=State.ERASED)

        assert db.session.get_one(CommentRevision, comment.newest_revision_id).is_whole()

    def test_is_whole_when_its_html_is_made_anew(self, make: Make):
        """By the one verb."""
        page = make.page(PageSlug.ABOUT)
        begin_write()
        db.session.get_one(PageRevision, page.public_revision_id).show_as("<p>New.</p>")
        db.session.commit()

        assert db.session.get_one(PageRevision, page.public_revision_id).is_whole()

    def test_cannot_be_changed_past_its_verbs(self, make: Make):
        """Its checksum would be of something else."""
        comment = make.comment(make.post())
        begin_write()
        db.session.get_one(CommentRevision, comment.newest_revision_id).html = "<p>Other.</p>"

        with pytest.raises(AppendOnlyError, match="changed past its verbs"):
            db.session.flush()

    def test_that_is_damaged_gets_no_new_checksum(self, make: Make):
        """HTML made from a damaged text would look like an approved one."""
        comment = make.comment(make.post(), state=State.APPROVED)
        make.damage(CommentRevision, comment.public_revision_id, body=DAMAGED, html_version=0)

        made = comment_jobs.rerender()

        assert 0 == made
        revision = db.session.get_one(CommentRevision, comment.public_revision_id)
        assert not revision.is_whole()
        assert DAMAGED not in revision.html


@pytest.mark.both_databases
class TestWithoutOne:
    """Rows that a process from before the upgrade stored after it."""

    @pytest.mark.parametrize("model", Summed.__subclasses__())
    def test_gets_one(self, make: Make, app, model):
        """And is whole by it."""
        make.comment(make.post("one", muscles=["psoas"]), state=State.APPROVED)
        make.page(PageSlug.ABOUT)
        with app.app_context():
            begin_write()
            db.session.execute(update(Base.metadata.tables[model.__tablename__]).values(checksum=""))
            db.session.commit()
            sum_texts()
            rows = db.session.query(model).all()

            assert rows
            assert all(row.is_whole() for row in rows)

    def test_is_shown_once_it_has_one(self, make: Make, app, reading):
        """Also on pages that are in memory."""
        post = make.post("one", title="Hips")
        make.damage(PostRevision, post.public_revision_id, checksum="")
        before = reading("/posts/one")
        with app.app_context():
            sum_texts()

        assert [503, 200] == [before, reading("/posts/one")]

    def test_leaves_what_has_one_as_it_is(self, make: Make, app):
        """What is damaged stays damaged."""
        post = make.post("one")
        make.damage(PostRevision, post.public_revision_id, title=DAMAGED)
        with app.app_context():
            sum_texts()

            assert not db.session.get_one(PostRevision, post.public_revision_id).is_whole()


@pytest.fixture
def reading(client):
    """`reading(address)`: the status of a page that must not show what is damaged."""

    def read(address: str) -> int:
        answer = client.get(address)
        assert DAMAGED not in answer.text
        return answer.status_code

    return read


@pytest.mark.usefixtures("context")
class TestColumn:
    @pytest.mark.parametrize("value", ["xx", b"\xff\x00abc"], ids=["text", "bytes"])
    @pytest.mark.parametrize("column", ["comments.state", "comments.created_at"])
    @pytest.mark.parametrize(
        "read",
        [
            lambda: db.session.scalars(select(Comment)).all(),
            lambda: Prepared(lambda: select(Comment.state, Comment.created_at)).rows(plain_read(), {}),
        ],
        ids=["object", "prepared"],
    )
    def test_that_cannot_be_read_is_damage(self, make: Make, spoil, column, value, read):
        make.comment(make.post())
        db.session.rollback()
        spoil(column, value)

        with pytest.raises(Damaged):
            read()


class TestPage:
    @pytest.mark.parametrize(
        "columns",
        [
            {"rendered": {"body": [["html", f"<p>{DAMAGED}</p>"]], "self_help": [], "headings": []}},
            {"document": {"title": DAMAGED}},
            {"words": 99_999},
        ],
    )
    def test_of_a_damaged_article_is_not_shown(self, make: Make, reading, columns):
        """503, and no other page suffers. An article that was read before it was damaged is shown from memory."""
        post, _ = make.post("one"), make.post("two")
        models._articles.clear()
        make.damage(PostRevision, post.public_revision_id, **columns)

        assert [503, 200, 200] == [reading(path) for path in ("/posts/one", "/posts/two", "/muscles")]

    @pytest.mark.parametrize(("path", "status"), [("/posts/one", 503), ("/feed.atom", 503), ("/posts/two", 200)])
    def test_of_data_that_cannot_be_read_at_all_is_not_shown(self, make: Make, reading, app, path, status):
        """On SQLite it is a text like others."""
        post, _ = make.post("one"), make.post("two")
        models._articles.clear()
        with app.app_context():
            begin_write()
            torn = text("UPDATE post_revisions SET document = substr(document, 1, 20), rendered = '{' WHERE id = :id")
            db.session.execute(torn, {"id": post.public_revision_id})
            db.session.commit()

        assert status == reading(path)

    @pytest.mark.parametrize("value", ["xx", b"\xff\x00abc"], ids=["text", "bytes"])
    @pytest.mark.parametrize(
        ("column", "path", "status"),
        [
            ("post_revisions.document", "/posts/one", 503),
            ("post_revisions.checksum", "/posts/one", 503),
            ("post_revisions.created_at", "/", 503),
            ("posts.public_revision_id", "/feed.atom", 503),
            ("posts.comments_close_days", "/posts/one", 503),
            ("posts.updated_at", "/posts/one", 503),
            ("posts.comments_close_days", "/", 200),
            ("comment_revisions.checksum", "/posts/one", 200),
            ("comments.root_id", "/posts/one", 503),
            ("comments.public_revision_id", "/posts/one", 200),
        ],
    )
    def test_with_what_no_column_of_its_kind_holds_is_not_shown(
        self, make: Make, reading, spoil, column, path, status, value
    ):
        """SQLite keeps whatever a row has become: where it cannot be read, that is no error of ours."""
        make.comment(make.post("one"), body="MARK", state=State.APPROVED)
        models._articles.clear()
        spoil(column, value)

        assert status == reading(path)

    @pytest.mark.both_databases
    @pytest.mark.parametrize("columns", [{"title": DAMAGED}, {"document": {"title": DAMAGED}}])
    @pytest.mark.parametrize("address", LISTS)
    def test_leaves_a_damaged_article_out_of_every_list(self, make: Make, client, columns, address):
        """Lists, feeds, programs, searches and neighbours go on with the others, and with what people said of those."""
        post, other = (make.post(slug, title=f"Hips {slug}", tags=["hips"]) for slug in ("one", "two"))
        make.damage(PostRevision, post.public_revision_id, **columns)
        for about in (post, other):
            make.comment(about, state=State.APPROVED)

        answer = client.get(address)

        assert 200 == answer.status_code
        assert DAMAGED not in answer.text
        assert "Hips two" in answer.text or "/posts/two" in answer.text

    def test_follows_what_is_damaged_in_a_list_in_pages(self, make: Make, client):
        """A program that reads page after page gets to the end, past the damaged one."""
        damaged = [make.post(f"p{number}", published_at=make.days_ago(9 - number)) for number in range(3)][1]
        make.damage(PostRevision, damaged.public_revision_id, title=DAMAGED)
        found, address = [], "/api/v1/posts?limit=1"
        while address:
            page = client.get(address).get_json()
            found += [item["slug"] for item in page["items"]]
            address = page["next"]

        assert ["p2", "p0"] == found

    def test_that_comes_back_with_what_was_typed_shows_no_damaged_entry(self, make: Make, client, app):
        """It is made for one reader and never kept, and yet from what the disk holds: warning signs or muscle."""
        make.post("one", muscles=["psoas"])
        with app.app_context():
            entry = db.session.scalars(Entry.find(EntryKind.MUSCLE, "psoas")).one()
            number, document = entry.public_revision_id, {**entry.document, "latin": DAMAGED}
        make.damage(EntryRevision, number, document=document)

        answer = client.post("/posts/one/comments", data={"name": "", "body": "Typed for long.", "token": ""})

        assert 503 == answer.status_code
        assert "Typed for long." in answer.text

    def test_by_a_secret_link_shows_nothing_damaged(self, make: Make, reading, app):
        """An article before it is published is read as carefully."""
        post = make.post("one", published_at=None)
        with app.app_context():
            number = db.session.scalars(PostRevision.newest_of(post)).one().id
            account = make.account()
            begin_write()
            token = PreviewLink.make(post, account.id, days=1).token
            db.session.commit()
        before = reading(f"/preview/{token}")
        make.damage(PostRevision, number, standfirst=DAMAGED)

        assert [200, 503] == [before, reading(f"/preview/{token}")]

    def test_of_the_desk_shows_what_is_damaged(self, make: Make, staff):
        """Else nobody could mend it."""
        post = make.post("one")
        make.damage(PostRevision, post.public_revision_id, title=DAMAGED)

        assert DAMAGED in staff(RoleName.EDITOR).get("/desk/posts").text

    def test_of_a_comment_lets_it_be_taken_back_from_a_damaged_article(self, make: Make, reading, client, app):
        """Its private page has no title of the article; what was approved leaves the site all the same."""
        post = make.post("one")
        comment = make.comment(post, state=State.APPROVED)
        with app.app_context():
            token, number = comment.token, comment.id
        make.damage(PostRevision, post.public_revision_id, title=DAMAGED)

        assert 200 == reading(f"/comments/{token}")
        assert 303 == client.post(f"/comments/{token}/withdraw").status_code
        with app.app_context():
            assert State.WITHDRAWN == db.session.get_one(Comment, number).state

    def test_of_an_article_without_its_damaged_comment(self, make: Make, reading):
        """The others stay, and so does what answers it."""
        post = make.post("one")
        damaged = make.comment(post, body="First.", state=State.APPROVED)
        make.comment(post, body="Second.", state=State.APPROVED)
        make.damage(CommentRevision, damaged.public_revision_id, html=f"<p>{DAMAGED}</p>")

        addresses = "/posts/one", "/", "/comments.atom", "/api/v1/comments", f"/posts/one?reply={damaged.id}"

        assert [200, 200, 200, 200, 404] == [reading(path) for path in addresses]

    def test_of_a_damaged_entry_is_not_shown(self, make: Make, reading, app):
        """Nor an article whose warning signs or muscle it is."""
        make.post("one", muscles=["psoas"])
        make.post("two")
        with app.app_context():
            entry = db.session.scalars(Entry.find(EntryKind.MUSCLE, "psoas")).one()
            number, document = entry.public_revision_id, {**entry.document, "latin": DAMAGED}
        make.damage(EntryRevision, number, document=document)

        assert [503, 503, 200] == [reading(path) for path in ("/muscles/psoas", "/posts/one", "/posts/two")]

    def test_of_the_team_that_is_damaged_is_not_shown(self, make: Make, reading):
        """Articles go on without it."""
        make.post("one")
        page = make.page(PageSlug.DISCLAIMER, short="Short.")
        make.damage(PageRevision, page.public_revision_id, short=DAMAGED)

        assert [503, 200] == [reading(path) for path in ("/disclaimer", "/posts/one")]

    def test_leads_to_no_page_of_a_name_that_is_none(self, make: Make, reading, spoil):
        """Each page ends with links to the four."""
        make.post("one")
        make.page(PageSlug.ABOUT)
        spoil("pages.slug", "xx")

        assert [200, 200, 404] == [reading(path) for path in ("/posts/one", "/sitemap.xml", "/about")]

    @pytest.mark.parametrize("name", ["feed.atom", "feed.json"])
    def test_that_is_read_elsewhere_is_not_without_its_warnings(self, make: Make, reading, spoil, name):
        """A feed holds whole articles: none goes out whose warning signs are not found."""
        make.post("one", **make.whole_article())
        spoil("entries.public_revision_id", 4711)

        assert 503 == reading(f"/{name}")

    @pytest.mark.parametrize("value", [b"Dr Garbage", "\0Garbage"], ids=["bytes", "text"])
    @pytest.mark.parametrize("column", ["people.name", "people.credentials", "people.slug", "tags.name"])
    def test_shows_no_text_without_a_checksum_that_was_none(self, make: Make, reading, client, spoil, column, value):
        """What it may have become within a text nobody can tell, but no text of ours is bytes or holds a zero."""
        make.post("one", tags=["hips"])
        spoil(column, value)

        assert 503 == reading("/posts/one")
        assert "arbage" not in client.get("/posts/one").text

    def test_of_a_search_shows_no_damaged_excerpt(self, make: Make, reading, app):
        """The line below the title stands in its place."""
        post = make.post("one", title="Hips")
        make.damage(SearchPost, post.id, plain=f"Hips\n\nHips {DAMAGED}")

        assert 200 == reading("/search?q=hips")

    def test_that_is_private_is_not_shown_with_a_damaged_text(self, make: Make, reading, app):
        """Its writer is not told that they wrote what they did not."""
        comment = make.comment(make.post())
        make.damage(CommentRevision, comment.newest_revision_id, html=DAMAGED)
        with app.app_context():
            token = comment.token

        assert 503 == reading(f"/comments/{token}")

    def test_says_in_the_log_which_row_it_is(self, make: Make, reading, caplog):
        """So that its owner can look for it in a backup."""
        post = make.post("one")
        make.damage(PostRevision, post.public_revision_id, words=99_999)
        reading("/posts/one")

        (line,) = [record for record in caplog.records if record.name == "blog.checksums"]

        assert ("post_revisions", post.public_revision_id) == (line.table, line.number)


def test_what_was_typed_comes_back_from_a_damaged_article(make: Make, client):
    """The form is refused with its text, whatever of the article cannot be shown."""
    post = make.post("one")
    make.damage(PostRevision, post.public_revision_id, words=99_999)

    answer = client.post("/posts/one/comments", data={"name": "", "body": "Typed for long.", "token": ""})

    assert 503 == answer.status_code
    assert "Typed for long." in answer.text


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("columns", "is_indexed"), [({"checksum": ""}, False), ({"title": "knee"}, True)])
def test_a_new_checksum_has_no_article_indexed_anew(make: Make, columns, is_indexed):
    """SQLite's index follows by triggers; those must not fire for what it does not hold."""
    post = make.post("one", title="Hips")
    index = text("SELECT id, block FROM search_heads_fts_data ORDER BY id")
    before = db.session.execute(index).all()

    make.damage(SearchPost, post.id, **columns)

    assert is_indexed == (before != db.session.execute(index).all())
