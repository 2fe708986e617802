"""What a page broke down over is damage where a row that it has read cannot have been written."""

from __future__ import annotations

import gc
import weakref

import pytest
from sqlalchemy import func, select, union_all
from sqlalchemy.orm import aliased

from blog import misread
from blog.accounts.models import Account, RoleName
from blog.comments.models import Comment, State
from blog.database import begin_write, db, plain_read, plain_write
from blog.mail.jobs import send_mail
from blog.mail.kinds import NoticeState
from blog.mail.models import Notice
from blog.posts.models import Post
from blog.prepared import Prepared

DAYS = (Post.comments_close_days, func.count().label("many"), Post.id)
ABOVE = aliased(Comment)

pytestmark = pytest.mark.usefixtures("context")


def objects():
    return db.session.scalars(select(Post)).all()


def prepared():
    return Prepared(lambda: select(*DAYS).group_by(Post.id)).rows(plain_read(), {})


def plain():
    return plain_read().execute(select(*DAYS).group_by(Post.id)).all()


def by_session():
    return db.session.execute(select(*DAYS).group_by(Post.id)).all()


READS = pytest.mark.parametrize("read", [objects, prepared, plain, by_session])


def found():
    damaged = misread.found(db.session())
    return damaged and str(damaged)


@pytest.fixture
def post(make):
    return make.post()


@pytest.fixture
def become(spoil):
    """`become(column, value)`: as `spoil`, behind the back of the session."""

    def write(column, value):
        db.session.rollback()
        spoil(column, value)

    return write


@READS
@pytest.mark.parametrize(("value", "told"), [(7, None), (None, None), ("xx", "posts 1"), (b"7", "posts 1")])
def test_names_the_row_that_holds_what_its_column_cannot(post, become, read, value, told):
    """SQLite keeps what a disk has made of a number, and a page may stumble over it long after it was read."""
    become("posts.comments_close_days", value)
    kept = read()

    assert kept
    assert told == found()


@READS
def test_forgets_with_the_transaction(post, become, read):
    """What a page before has read is no cause of what goes wrong now."""
    become("posts.comments_close_days", "xx")
    read()
    db.session.rollback()

    assert found() is None


def test_keeps_no_connection_in_memory(post):
    """What is noted of it would else never be forgotten."""
    plain()
    connection = weakref.ref(plain_read())
    noted = misread.NOTED in connection().__dict__
    db.session.rollback()
    db.session.remove()
    gc.collect()

    assert noted
    assert connection() is None


class TestNothing:
    """Where something always stands."""

    @pytest.mark.parametrize(
        "read",
        [
            lambda: db.session.scalars(select(Comment)).all(),
            lambda: plain_read().execute(select(Comment.id, Comment.created_at)).all(),
            lambda: plain_read().execute(select(Post.id, Comment.id, Comment.created_at).join(Comment)).all(),
        ],
        ids=["object", "plain", "joined"],
    )
    def test_is_damage(self, make, become, read):
        comment = make.comment()
        become("comments.created_at", None)
        kept = read()

        assert kept
        assert f"comments {comment.id}" == found()

    @pytest.mark.parametrize("column", ["newest_revision_id", "root_id", "published_at"])
    def test_is_damage_where_every_stored_row_has_something(self, make, become, column):
        """Their columns may be empty for a moment, or until it is published."""
        comment = make.comment(state=State.APPROVED)
        kept = db.session.scalars(select(Comment)).all()
        before = found()
        become(f"comments.{column}", None)
        kept = db.session.scalars(select(Comment)).all()

        assert kept
        assert (None, f"comments {comment.id}") == (before, found())

    @pytest.mark.parametrize(
        "statement",
        [
            select(Post.id, Comment.id, Comment.created_at).outerjoin(Comment),
            select(Comment.id, Comment.created_at, ABOVE.id, ABOVE.created_at).outerjoin(
                ABOVE, Comment.parent_id == ABOVE.id
            ),
            union_all(select(Post.id, Post.published_at), select(Comment.id, Comment.parent_id)),
        ],
        ids=["outer", "itself", "union"],
    )
    @pytest.mark.parametrize("how", ["plain", "prepared"])
    def test_is_none_where_a_statement_leaves_it_out(self, make, statement, how):
        """A row that is not there has no columns."""
        make.comment()
        make.post()
        prepared = Prepared(lambda: statement)
        rows = prepared.rows(plain_read(), {}) if how == "prepared" else plain_read().execute(statement).all()

        assert rows
        assert found() is None


class TestPointing:
    @pytest.mark.parametrize(
        "read",
        [
            lambda: db.session.scalars(select(Comment)).all(),
            lambda: plain_read().execute(select(Comment.id, Comment.post_id)).all(),
        ],
        ids=["object", "plain"],
    )
    def test_to_what_is_not_there_is_damage(self, make, become, read):
        """The database has no such rows."""
        comment = make.comment()
        become("comments.post_id", 4711)
        kept = read()

        assert kept
        assert f"comments {comment.id}" == found()

    def test_to_what_is_there_is_none(self, make):
        make.comment(state=State.APPROVED)
        assert db.session.scalars(select(Comment)).all()

        assert found() is None


def test_looks_at_what_the_same_transaction_writes(post):
    """There its own connection knows more than others."""
    begin_write()
    plain_write().exec_driver_sql("UPDATE posts SET comments_close_days = 'xx'")
    plain_write().execute(select(*DAYS).group_by(Post.id)).all()

    assert "posts 1" == found()


class TestWhatNobodySees:
    """Texts that no page shows, become bytes."""

    @pytest.mark.parametrize(
        ("column", "state", "address"),
        [
            ("sender_hash", State.PENDING, "/desk"),
            ("sender_hash", State.PENDING, "/desk/comments"),
            ("sender_hash", State.APPROVED, "/comments.atom"),
            ("duplicate_hash", State.PENDING, "/desk"),
            ("duplicate_hash", State.APPROVED, "/comments.atom"),
            ("duplicate_hash", State.APPROVED, "/posts/hip/comments.atom"),
        ],
    )
    def test_of_a_comment_ends_no_page(self, make, staff, become, column, state, address):
        moderator = staff(RoleName.MODERATOR)
        make.comment(make.post(slug="hip"), state=state)
        become(f"comments.{column}", b"A")

        assert 200 == moderator.get(address).status_code

    @pytest.mark.parametrize("address", ["/feed.atom", "/sitemap.xml", "/posts/hip"])
    def test_of_an_article_ends_no_page(self, app, make, become, address):
        make.post(slug="hip")
        become("posts.card", b"A")

        assert 200 == app.test_client().get(address).status_code

    @pytest.mark.parametrize("column", ["problem", "message_id"])
    def test_of_a_mail_does_not_keep_it_back(self, staff, become, column):
        """Claiming it is what would fail before anything of it was noted, with each tick again."""
        staff(RoleName.ADMIN)
        begin_write()
        Notice.send_words(db.session.scalars(select(Account)).one(), "Subject", "text", "<p>text</p>")
        db.session.commit()
        become(f"notices.{column}", b"A")
        send_mail()

        assert [NoticeState.SENT] == db.session.scalars(select(Notice.state)).all()
