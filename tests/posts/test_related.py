"""Who a post's neighbours and relatives are."""

from __future__ import annotations

import pytest

from blog import sample
from blog.database import begin_write, db
from blog.posts import publishing
from blog.posts.jobs import compare_words
from blog.posts.models import Post, PostRevision
from blog.posts.related import RELATED_LENGTH, surroundings
from tests.make import ANY_DAY

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def related(post):
    return [other.slug for other in surroundings(post).related]


def neighbours(post):
    """The slugs of the next older and the next newer post."""
    around = surroundings(post)
    return tuple(other.slug if other else None for other in (around.older, around.newer))


class TestRelated:
    def test_shares_something(self, make):
        """A post with nothing in common is no relative."""
        post = make.post(muscles=["psoas"])
        make.post("near", muscles=["psoas"])
        make.post("far", muscles=["soleus"])

        assert ["near"] == related(post)

    def test_weighs_what_is_shared(self, make):
        """A shared muscle says more than a condition, that more than a tag, and that more than a pain area."""
        post = make.post(muscles=["psoas"], conditions=["bursitis"], tags=["desk"], pain_areas=["hip"])
        make.post("by-area", pain_areas=["hip"])
        make.post("by-tag", tags=["desk"])
        make.post("by-condition", conditions=["bursitis"])
        make.post("by-muscle", muscles=["psoas"])

        assert ["by-muscle", "by-condition", "by-tag", "by-area"] == related(post)

    def test_adds_up(self, make):
        """A condition and a tag weigh as much as a muscle, with a pain area more."""
        post = make.post(muscles=["psoas"], conditions=["bursitis"], tags=["desk"], pain_areas=["hip"])
        make.post("three", conditions=["bursitis"], tags=["desk"], pain_areas=["hip"], published_at=make.days_ago(9))
        make.post("one", muscles=["psoas"], published_at=make.days_ago(1))

        assert ["three", "one"] == related(post)

    def test_puts_the_newest_first_on_ties(self, make):
        """Equal kinship: newest first, and of one moment the one written last."""
        post = make.post(tags=["desk"])
        make.post("older", tags=["desk"], published_at=make.days_ago(2))
        make.post("newer", tags=["desk"], published_at=make.days_ago(1))
        make.post("same-moment", tags=["desk"], published_at=ANY_DAY)
        make.post("same-moment-later", tags=["desk"], published_at=ANY_DAY)

        assert ["newer", "older", "same-moment-later", "same-moment"] == related(post)

    def test_ends_after_a_few(self, make):
        """No more than fit beside each other."""
        post = make.post(tags=["desk"])
        for _ in range(RELATED_LENGTH + 1):
            make.post(tags=["desk"])

        assert RELATED_LENGTH == len(related(post))

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_leaves_out_hidden_posts(self, make, hidden):
        """A draft or an archived post is nobody's relative."""
        post = make.post(tags=["desk"])
        make.post(tags=["desk"], **hidden)

        assert [] == related(post)


class TestReasons:
    @pytest.mark.parametrize(
        ("shared", "reason"),
        [
            ({"muscles": ["psoas"], "tags": ["desk"]}, "muscle:psoas"),
            ({"conditions": ["bursitis"], "pain_areas": ["hip"]}, "condition:bursitis"),
            ({"tags": ["desk"], "pain_areas": ["hip"]}, "pain_area:hip"),
            ({"tags": ["desk"]}, "tag:desk"),
        ],
    )
    def test_name_what_tells_most(self, make, shared, reason):
        """On both, whichever came first."""
        one, two = make.post(**shared), make.post(**shared)

        assert [{two.id: reason}, {one.id: reason}] == [surroundings(post).reasons for post in (one, two)]

    def test_may_be_where_pain_is_reported(self, make):
        """Different muscles, of the vocabulary that the software ships, that share a place."""
        sample.ensure_vocabulary()
        one, two = make.post(muscles=["quadratus-lumborum"]), make.post("two", muscles=["gluteus-medius"])
        make.post("far", muscles=["masseter"])
        what, _, place = surroundings(one).reasons[two.id].partition(":")

        assert (["two"], "refers", True) == (related(one), what, bool(place))


class TestWords:
    BODY = "## It\n\n" + "Kayaks turn where paddles dip, and rowers rest on gravel banks beside heron pools. " * 4

    def test_relate_what_has_nothing_else_in_common(self, make):
        """Both ways, with the reason; what uses other words is left alone."""
        one, two = make.post("one", body=self.BODY), make.post("two", body=self.BODY + "More.")
        make.post("far", body="## It\n\nOther subjects need other sentences, with nothing of that in them. Bread.")
        compare_words()

        assert (["two"], ["one"]) == (related(one), related(two))
        assert {two.id: "words:"} == surroundings(one).reasons

    def test_say_less_than_what_is_named(self, make):
        """An article with enough relatives gets none by its words."""
        for number in range(RELATED_LENGTH):
            make.post(f"near-{number}", tags=["desk"])
        post = make.post("one", body=self.BODY, tags=["desk"])
        make.post("alike", body=self.BODY)
        compare_words()

        assert "alike" not in related(post)

    def test_are_compared_once_for_each_version(self, make):
        """And again when another version is shown."""
        post = make.post("one", body=self.BODY)
        compare_words()
        before = db.session.scalars(Post.to_compare()).all()
        revision = make.revision(post, title="Other")
        begin_write()
        publishing.publish(db.session.get_one(Post, post.id), db.session.get_one(PostRevision, revision.id))
        db.session.commit()

        assert ([], ["one"]) == (before, [one.slug for one in db.session.scalars(Post.to_compare())])


class TestNeighbours:
    def test_stand_before_and_after(self, make):
        """The next older and the next newer post, however many there are."""
        posts = [make.post(f"day-{day}", published_at=make.days_ago(day)) for day in range(5, 0, -1)]

        assert ("day-4", "day-2") == neighbours(posts[2])

    def test_of_the_newest_is_only_the_older(self, make):
        """Nothing is newer than the newest."""
        make.post("older", published_at=make.days_ago(2))
        newest = make.post(published_at=make.days_ago(1))

        assert ("older", None) == neighbours(newest)

    def test_of_the_oldest_is_only_the_newer(self, make):
        """Nothing is older than the oldest."""
        oldest = make.post(published_at=make.days_ago(2))
        make.post("newer", published_at=make.days_ago(1))

        assert (None, "newer") == neighbours(oldest)

    def test_of_the_only_post_are_none(self, make):
        """One post alone has no neighbours."""
        assert (None, None) == neighbours(make.post())

    def test_of_one_moment_stand_in_the_order_they_were_written(self, make):
        """Walking on from post to post leaves out none, also when three share a moment."""
        first, second, third = (make.post(slug, published_at=ANY_DAY) for slug in ("first", "second", "third"))

        assert [(None, "second"), ("first", "third"), ("second", None)] == [
            neighbours(post) for post in (first, second, third)
        ]

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_leave_out_hidden_posts(self, make, hidden):
        """A neighbour is one that can be read."""
        post = make.post(published_at=make.days_ago(3))
        make.post(**{"published_at": make.days_ago(2), **hidden})

        assert (None, None) == neighbours(post)
