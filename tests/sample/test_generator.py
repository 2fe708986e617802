"""Generated rows are as good as those that people make: their pages open, their digests hold, and they can go again."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from blog import sample
from blog.anatomy.models import Entry, EntryKind
from blog.comments.index import folded_words
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.words import Words
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision, DecisionItem
from blog.posts.models import Post, RelatedPost
from blog.posts.related import relate, surroundings
from blog.sample import generator
from blog.search import keeping
from blog.search.models import SearchPost, SearchWord

pytestmark = pytest.mark.both_databases


@pytest.fixture
def generated(app):
    """A site with twelve generated posts."""
    with app.app_context():
        sample.ensure_pages()
        begin_write()
        Entry.ship(
            {
                kind: [{"slug": f"entry-{n}", "name": f"Entry {n}", "plain": "So.", "caveat": "See."} for n in range(3)]
                for kind in (EntryKind.MUSCLE, EntryKind.PAIN_AREA, EntryKind.CONDITION)
            }
        )
        db.session.commit()
        generator.generate(posts=12, comments=200, pending=30, seed=1)


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_makes_what_was_asked_for(app, generated):
    """So many posts, approved and pending comments, each approved one by a decision."""
    with app.app_context():
        assert (12, 200, 30) == (
            count(Post, Post.is_published),
            count(Comment, Comment.public_revision_id.is_not(None), Comment.state == State.APPROVED),
            count(Comment, Comment.public_revision_id.is_(None), Comment.state == State.PENDING),
        )
        assert (10, 200) == (count(Decision), count(DecisionItem))


def test_the_rows_are_real(app, generated):
    """Digests, HTML, threads and related posts are what the models would have made."""
    with app.app_context():
        for comment in db.session.scalars(select(Comment).limit(20)):
            revision = db.session.get_one(CommentRevision, comment.newest_revision_id)
            words = Words.prepare(revision.name, revision.body)
            assert (words.html, words.digest(comment.parent_id)) == (revision.html, revision.digest)
            assert (True, folded_words(words.name, words.body)) == (revision.is_whole(), revision.folded)
        answers = db.session.scalars(select(Comment).where(Comment.parent_id.is_not(None))).all()
        assert answers
        assert all(db.session.get_one(Comment, answer.parent_id).post_id == answer.post_id for answer in answers)
        before = {post.id: [other.id for other in surroundings(post).related] for post in everything()}
        begin_write()
        for post in everything():
            relate(post)
        assert before == {post.id: [other.id for other in surroundings(post).related] for post in everything()}
        db.session.rollback()


def test_the_pages_open(app, generated, client):
    """The list, the busiest article with its fifty comments, and the feeds."""
    with app.app_context():
        slug = db.session.scalar(select(Post.slug).order_by(Post.published_at.desc()).limit(1))
    text = client.get(f"/posts/{slug}").text

    assert 50 == text.count('id="comment-') - text.count('id="comment-form')
    assert [200] * 3 == [client.get(address).status_code for address in ("/", "/feed.atom", "/comments.atom")]


def test_the_index_says_what_it_would_if_made_anew(app, generated):
    """Every row of it, and how many articles hold each word."""

    def held():
        words = select(SearchWord.word, SearchWord.stem, SearchWord.documents).order_by(SearchWord.word)
        posts = select(SearchPost.__table__).order_by(SearchPost.post_id)
        return db.session.execute(words).all(), db.session.execute(posts).all()

    with app.app_context():
        before = held()
        keeping.rebuild()

        assert 12 == len(before[1])
        assert held() == before


def test_new_rows_can_follow(app, generated, make):
    """The next post and comment get numbers of their own, on PostgreSQL, too."""
    assert make.comment(make.post()).id > 230


def test_can_be_taken_away(app, generated):
    """Like the other samples; nothing hangs in the air."""
    with app.app_context():
        assert 12 == sample.remove()
        assert (0, 0, 0) == (count(Post), count(Comment), count(RelatedPost))


def test_comments_need_a_post(app):
    """On an empty site there is nothing to comment on, and it says so."""
    with app.app_context(), pytest.raises(Refused, match="--posts"):
        generator.generate(posts=0, comments=5, pending=0, seed=1)


def everything():
    return db.session.scalars(select(Post)).all()
