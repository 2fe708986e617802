"""The index follows what is public, in the transaction that changes it, and knows nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blog.comments.models import State
from blog.database import begin_write, db
from blog.posts import publishing
from blog.posts.models import Post
from blog.search import keeping
from blog.search.models import SearchPost, SearchWord
from tests.search.conftest import links

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def change(app, verb, post, *values, **named):
    with app.app_context():
        begin_write()
        verb(db.session.get_one(Post, post.id), *values, **named)
        db.session.commit()


def newest(post):
    return db.session.scalars(publishing.PostRevision.newest_of(post)).one()


class TestFollowing:
    def test_a_published_article_is_found(self, make, found):
        """By its title, and by its text."""
        make.post("one", title="Zebras at rest", body="## A\n\nThe quokka smiles.")

        assert (["/posts/one"], ["/posts/one"]) == (found("zebra"), found("quokka"))

    def test_a_draft_is_not(self, make, found):
        """Nothing of it is in the index."""
        make.post("one", title="Zebras", published_at=None)

        assert [] == found("zebras")

    def test_an_archived_article_is_not(self, app, make, found):
        """Taken off the site, it is gone at once, also from a page in memory."""
        post = make.post("one", title="Zebras")
        before = found("zebras")

        change(app, publishing.archive, post)

        assert (["/posts/one"], []) == (before, found("zebras"))

    def test_a_restored_one_is_found_again(self, app, make, found):
        """The other way round."""
        post = make.post("one", title="Zebras", archived=True)
        before = found("zebras")

        change(app, publishing.restore, post)

        assert ([], ["/posts/one"]) == (before, found("zebras"))

    def test_a_correction_replaces_the_words(self, app, make, found):
        """The old ones are gone, the new ones are there."""
        post = make.post("one", title="Zebras")
        before = found("zebras"), found("quokkas")
        make.revision(post, title="Quokkas")
        change(app, lambda post: publishing.publish(post, newest(post)), post)

        assert ((["/posts/one"], []), ([], ["/posts/one"])) == (before, (found("zebras"), found("quokkas")))

    def test_a_new_address_is_led_to(self, app, make, found):
        """A page in memory does not keep the old one."""
        post = make.post("one", title="Zebras")
        found("zebras")

        change(app, publishing.rename, post, "two")

        assert ["/posts/two"] == found("zebras")

    def test_what_is_undone_changes_nothing(self, app, make, found):
        """The index belongs to the transaction."""
        post = make.post("one", title="Zebras")
        with app.app_context():
            begin_write()
            publishing.archive(db.session.get_one(Post, post.id))
            db.session.flush()
            db.session.rollback()

        assert ["/posts/one"] == found("zebras")

    def test_a_scheduled_article_is_found_from_its_minute_on(self, make, clock, found):
        """By the clock: nothing runs at that moment, and a page in memory ends there."""
        clock.freeze(NOON)
        make.post("one", title="Zebras", published_at=NOON + timedelta(minutes=1))
        before = found("zebras"), found("zebrs")

        clock.advance(minutes=1)

        assert (([], []), ["/posts/one"], ["/posts/one"]) == (before, found("zebras"), found("zebrs"))

    def test_comments_are_not_in_it(self, make, found):
        """Not even approved ones."""
        make.comment(make.post("one"), body="The zebra knows.", state=State.APPROVED)

        assert [] == found("zebra")


class TestAgreement:
    def rows(self, app):
        with app.app_context():
            words = db.session.execute(select(SearchWord.word, SearchWord.documents).order_by(SearchWord.word)).all()
            columns = SearchPost.post_id, SearchPost.title, SearchPost.body, SearchPost.heads_vector
            return words, db.session.execute(select(*columns).order_by(SearchPost.post_id)).all()

    def test_rebuilding_makes_the_same_index(self, app, make):
        """After publishing, correcting, archiving and restoring: as if made from what is public now."""
        one, two = make.post(title="Zebras"), make.post(title="Quokkas and zebras")
        make.revision(one, title="Lions")
        change(app, lambda post: publishing.publish(post, newest(post)), one)
        change(app, publishing.archive, two)
        change(app, publishing.restore, two)
        make.post(title="Gone", archived=True)
        before = self.rows(app)

        with app.app_context():
            keeping.rebuild()

        assert before == self.rows(app)

    def test_words_of_no_article_are_forgotten(self, app, make):
        """Nothing of an archived text stays."""
        make.post(title="Zebras", archived=True)

        assert ([], []) == self.rows(app)

    @pytest.mark.parametrize("words", ["zebras", "zebrs"])
    def test_is_mended(self, app, make, words, client):
        """An index that was emptied past the models is noticed, and made anew by its job."""
        make.post("one", title="Zebras")
        with app.app_context():
            begin_write()
            SearchPost.forget_all()
            db.session.commit()
            wrong = keeping.disagreements()
            keeping.bring_up_to_date()

        assert (1, ["/posts/one"]) == (wrong, links(client, words))
        with app.app_context():
            assert 0 == keeping.disagreements()

    def test_the_commands_say_so(self, app, make):
        """`flask search check` fails on a wrong index, `flask search rebuild` makes it right."""
        make.post("one", title="Zebras")
        with app.app_context():
            begin_write()
            SearchPost.forget_all()
            db.session.commit()
        runner = app.test_cli_runner()
        answers = [runner.invoke(args=["search", word]) for word in ("check", "rebuild", "check")]

        assert [1, 0, 0] == [answer.exit_code for answer in answers]
        assert "1 article in the index." in answers[1].output
