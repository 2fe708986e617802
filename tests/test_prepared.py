"""Statements that are compiled once: what goes in and comes out is what the session would give."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, event, insert, literal_column, select, table, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from blog.clock import frozen, now
from blog.comments.models import Comment, CommentFlag, CommentRevision, State
from blog.database import begin_write, db, plain_read, plain_write
from blog.posts.models import Post
from blog.prepared import AMONG, Among, Prepared, together

COMMENT = Prepared(lambda: select(Comment.state, Comment.created_at).where(Comment.id == bindparam("number")))
PUBLISHED = Prepared(lambda: select(Post.id).where(Post.is_published))
SIGNATURE = Prepared(lambda: select(CommentRevision.signature).where(CommentRevision.id == bindparam("number")))
IN_ORDER = Prepared(lambda: select(Post.id).order_by(Post.id))
NOWHERE = Prepared(lambda: select(literal_column("1")).select_from(table("nowhere")))
FLAGS = Prepared(lambda: insert(CommentFlag.__table__), "revision_id", "kind", "rule", "why", "in_name", "matched")


STATES = Among(Comment.id, lambda here: select(Comment.id, Comment.state).where(here))


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestAmong:
    @pytest.mark.parametrize("count", [1, AMONG, AMONG + 1])
    def test_finds_each_once_however_many(self, make, count):
        post = make.post()
        wanted = [make.comment(post, body=f"Text {number}").id for number in range(count)]
        make.comment(post, body="Another")
        db.session.rollback()

        found = STATES.rows(plain_read(), wanted)

        assert [(number, State.PENDING) for number in sorted(wanted)] == sorted(found)


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestPrepared:
    def test_gives_values_as_their_columns_say(self, make):
        comment = make.comment(make.post())
        db.session.rollback()

        found = COMMENT.only(db.session.connection(), {"number": comment.id})

        assert (State.PENDING, comment.created_at) == found

    def test_asks_for_the_moment_each_time(self, make, clock):
        make.post()
        db.session.rollback()
        known = [bool(PUBLISHED.first(db.session.connection(), {}))]
        clock.advance(days=-3650)
        known.append(bool(PUBLISHED.first(db.session.connection(), {})))

        assert [True, False] == known

    def test_gives_the_moment_as_its_column_has_it(self, make):
        """What is due this very second is due: SQLite compares moments as texts, so they are written in one way."""
        due = now().replace(microsecond=0)
        make.post(published_at=due)
        db.session.rollback()

        with frozen(due):
            assert PUBLISHED.first(plain_read(), {})

    def test_gives_what_never_differs_as_its_column_has_it(self, make):
        comment = make.comment(make.post())
        db.session.rollback()
        at = comment.created_at
        same = Prepared(lambda: select(Comment.id).where(Comment.created_at == at))

        assert [(comment.id,)] == same.rows(plain_read(), {})

    def test_gives_the_first_of_several(self, make):
        numbers = sorted(make.post(slug).id for slug in ("one", "two"))
        db.session.rollback()

        assert (numbers[0],) == IN_ORDER.first(plain_read(), {})

    @pytest.mark.parametrize("slugs", [(), ("one", "two")])
    def test_refuses_another_number_than_the_one_row(self, make, slugs):
        for slug in slugs:
            make.post(slug)
        db.session.rollback()

        with pytest.raises(ValueError, match="values to unpack"):
            IN_ORDER.only(plain_read(), {})

    def test_stores_nothing_where_there_is_nothing_to_store(self, make):
        begin_write()
        FLAGS.run(plain_write())

        assert 0 == db.session.query(CommentFlag).count()

    def test_stores_several_rows_by_inserts_only(self):
        change = Prepared(lambda: update(Post.__table__).values(slug=bindparam("new")))
        begin_write()

        with pytest.raises(TypeError):
            change.run(plain_write(), {"new": "one"}, {"new": "two"})

    def test_runs_with_each_of_several_values(self, make):
        """As many as there happen to be, also none."""
        numbers = [make.post(slug).id for slug in ("one", "two", "three")]
        table = Post.__table__
        one = table.c.id == bindparam("number")
        close = Prepared(lambda: update(table).where(one).values(comments_close_days=bindparam("days")))
        begin_write()
        for some in (numbers[:0], numbers[:1], numbers[1:]):
            close.each(plain_write(), [{"number": number, "days": number % 50} for number in some])
        db.session.commit()

        assert [(number, number % 50) for number in numbers] == sorted(
            map(tuple, db.session.execute(select(Post.id, Post.comments_close_days)))
        )

    @pytest.mark.parametrize("rules", [("one",), ("one", "two", "three")])
    def test_gives_what_an_insert_of_several_rows_returns(self, make, rules):
        """Each with what tells it from the others: a database may return them in any order."""
        revision_id = make.comment(make.post()).newest_revision_id
        table = CommentFlag.__table__
        names = ("revision_id", "kind", "rule", "why", "in_name", "matched")
        flags = Prepared(lambda: insert(table).returning(table.c.rule, table.c.id), *names)
        row = {"revision_id": revision_id, "kind": "spam", "why": "", "in_name": False, "matched": [[0, 1]]}
        begin_write()
        given = flags.stored(plain_write(), [{**row, "rule": rule} for rule in rules])
        db.session.commit()

        assert sorted(given) == sorted(map(tuple, db.session.execute(select(CommentFlag.rule, CommentFlag.id))))

    def test_stores_several_rows_at_once(self, make):
        revision_id = make.comment(make.post()).newest_revision_id
        rows = [
            {"revision_id": revision_id, "kind": "spam", "rule": rule, "why": "", "in_name": False, "matched": [[0, 1]]}
            for rule in ("one", "two")
        ]
        begin_write()
        FLAGS.run(plain_write(), *rows)
        db.session.commit()

        stored = db.session.scalars(select(CommentFlag).order_by(CommentFlag.id)).all()
        assert [("one", [[0, 1]]), ("two", [[0, 1]])] == [(flag.rule, flag.matched) for flag in stored]

    def test_raises_what_the_session_would(self):
        """Errors of the driver are told as those of every other statement, and the transaction can be undone."""
        begin_write()
        row = {"revision_id": 1, "kind": "spam", "rule": "one", "why": "", "in_name": False, "matched": []}

        with pytest.raises(IntegrityError):
            FLAGS.run(plain_write(), row)
            db.session.commit()

        db.session.rollback()
        assert None is COMMENT.first(plain_read(), {"number": 1})

    def test_raises_what_the_session_would_when_it_reads(self):
        with pytest.raises(DBAPIError):
            NOWHERE.rows(plain_read(), {})

        db.session.rollback()
        assert None is COMMENT.first(plain_read(), {"number": 1})

    def test_tells_of_an_error_by_the_end_of_a_block(self):
        """Where PostgreSQL is not waited for at each statement, nothing goes wrong unheard."""
        begin_write()
        row = {"revision_id": 1, "kind": "spam", "rule": "one", "why": "", "in_name": False, "matched": []}

        with pytest.raises(IntegrityError), together(plain_write()):
            FLAGS.run(plain_write(), row, row)

        db.session.rollback()
        assert None is COMMENT.first(plain_read(), {"number": 1})

    def test_tells_what_began_it_and_not_what_was_left_out_for_it(self):
        begin_write()
        row = {"revision_id": 1, "kind": "spam", "rule": "one", "why": "", "in_name": False, "matched": []}

        with pytest.raises(IntegrityError), together(plain_write()):
            for _ in range(200):
                FLAGS.run(plain_write(), row)

    def test_reads_within_a_block(self, make):
        revision_id = make.comment(make.post()).newest_revision_id
        row = {"revision_id": revision_id, "kind": "spam", "rule": "one", "why": "", "in_name": False, "matched": []}
        begin_write()
        with together(plain_write()):
            FLAGS.run(plain_write(), row)
            found = SIGNATURE.rows(plain_write(), {"number": revision_id})
            FLAGS.run(plain_write(), row, row)
        db.session.commit()

        assert (1, 3) == (len(found), db.session.query(CommentFlag).count())

    def test_reads_in_a_block_what_it_asked_for(self, make):
        """Each answer is that of its own question, with all its rows in order, whatever was not waited for before."""
        numbers = sorted(make.post(slug).id for slug in ("one", "two", "three"))
        comment = make.comment(make.post("four"))
        number, revision_id, at = comment.id, comment.newest_revision_id, comment.created_at
        row = {"revision_id": revision_id, "kind": "spam", "rule": "one", "why": "", "in_name": False, "matched": []}
        begin_write()
        with together(plain_write()):
            FLAGS.run(plain_write(), row)
            posts = [number for (number,) in IN_ORDER.rows(plain_write(), {})]
            FLAGS.run(plain_write(), row, row)
            found = COMMENT.only(plain_write(), {"number": number})

        assert ([*numbers, posts[-1]], (State.PENDING, at)) == (posts, found)

    @pytest.mark.parametrize("is_heard", [False, True])
    def test_waits_for_no_answer_in_a_block_unless_somebody_listens(self, is_heard):
        def hear(*told):
            pass

        if is_heard:
            event.listen(db.engine, "before_cursor_execute", hear)
        begin_write()
        with together(plain_write()):
            driver = plain_write().connection.driver_connection
            waits_not = bool(getattr(driver, "pgconn", None) and driver.pgconn.pipeline_status)
        if is_heard:
            event.remove(db.engine, "before_cursor_execute", hear)

        assert waits_not == (db.engine.dialect.name == "postgresql" and not is_heard)

    def test_is_heard_by_those_who_listen_to_statements(self):
        heard = []

        def hear(connection, cursor, statement, *more):
            heard.append(statement)

        event.listen(db.engine, "before_cursor_execute", hear)
        PUBLISHED.first(plain_read(), {})
        event.remove(db.engine, "before_cursor_execute", hear)
        PUBLISHED.first(plain_read(), {})

        assert 1 == len([statement for statement in heard if "posts" in statement])

    def test_refuses_to_run_without_a_value(self, make):
        make.post()
        with pytest.raises(KeyError):
            COMMENT.first(db.session.connection(), {})

    def test_refuses_lists_whose_length_may_differ(self, make):
        any_of = Prepared(lambda: select(Post.id).where(Post.id.in_([1, 2])))
        with pytest.raises(TypeError):
            any_of.first(db.session.connection(), {})
