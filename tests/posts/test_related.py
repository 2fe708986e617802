"""Who a post's neighbours and relatives are."""

from __future__ import annotations

import pytest

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
