"""What happens to a post, and what follows its pointer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from blog.clock import frozen, now
from blog.database import begin_write, db
from blog.errors import Refused
from blog.posts import publishing
from blog.posts.document import Article, ArticleError
from blog.posts.jobs import keep_local_times
from blog.posts.manuscript import Manuscript
from blog.posts.models import Post, PostRevision, PostSlug, PostState, Tag
from blog.revisions import AppendOnlyError
from tests.make import ANY_DAY, Make
from tests.posts.changing import change, slugs

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


class TestRevise:
    def test_shows_nothing(self, make):
        """A new version waits until it is published."""
        post = make.post(title="Before")

        make.revision(post, title="After")

        assert "Before" == db.session.get_one(Post, post.id).title

    @pytest.mark.parametrize(
        "named",
        [{"authors": ["nobody"]}, {"muscles": ["no-muscle"]}, {"pain_areas": ["nowhere"]}, {"conditions": ["none"]}],
        ids=["author", "muscle", "pain area", "condition"],
    )
    def test_refuses_what_the_site_does_not_know(self, make, named):
        """An author or an entry named in vain is a slip with its field."""
        post = make.post()
        manuscript = Manuscript.prepare(Article.parse(Make.article(**named)))
        begin_write()

        with pytest.raises(ArticleError) as caught:
            publishing.revise(post, manuscript)

        assert [*named] == [slip.path[0] for slip in caught.value.slips]

    @pytest.mark.parametrize("field", ["title", "document", "digest", "post_id"])
    def test_is_never_rewritten(self, make, field):
        """What was published once cannot be changed afterwards."""
        post = make.post()
        begin_write()
        revision = db.session.get_one(PostRevision, post.public_revision_id)
        setattr(revision, field, {"x": 1} if field == "document" else 7)

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_is_never_deleted(self, make):
        """A version stays."""
        post = make.post()
        begin_write()
        db.session.delete(db.session.get_one(PostRevision, post.public_revision_id))

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_may_be_rendered_anew(self, make):
        """Its HTML follows the rules of today."""
        post = make.post()
        begin_write()
        db.session.get_one(PostRevision, post.public_revision_id).html_version = 99
        db.session.commit()

        assert 99 == db.session.get_one(PostRevision, post.public_revision_id).html_version


class TestPublish:
    def test_points_at_the_version(self, make):
        """Publishing sets the pointer and the time, nothing else."""
        post = make.post(published_at=None)
        revision = make.revision(post, title="Shown")

        post = change(post, "publish", revision, at=ANY_DAY)

        assert (revision.id, ANY_DAY, "Shown", None) == (
            post.public_revision_id,
            post.published_at,
            post.title,
            post.updated_at,
        )

    def test_keeps_the_first_time(self, make):
        """A later version is an update, not a second publication."""
        post = make.post(published_at=ANY_DAY)
        revision = make.revision(post, title="Better")

        post = change(post, "publish", revision)

        assert (ANY_DAY, True) == (post.published_at, post.is_updated)

    def test_is_no_update_when_nothing_changed(self, make):
        """Publishing what is shown already does not claim an update."""
        post = make.post()

        post = change(post, "publish", db.session.get_one(PostRevision, post.public_revision_id))

        assert None is post.updated_at

    def test_refuses_a_version_of_another_post(self, make):
        """Each post shows its own versions."""
        post, other = make.post(), make.post()
        begin_write()

        with pytest.raises(Refused, match="another article"):
            publishing.publish(post, db.session.get_one(PostRevision, other.public_revision_id))

    def test_is_held_to_its_own_versions_by_the_database(self, make):
        """Whatever the code does, a pointer to another post's version is refused."""
        post, other = make.post(), make.post()
        begin_write()

        with pytest.raises(IntegrityError):
            db.session.execute(
                update(Post).where(Post.id == post.id).values(public_revision_id=other.public_revision_id)
            )

    def test_moves_the_links(self, make):
        """Authors, muscles and tags are those of the version shown."""
        post = make.post(tags=["old-tag"], authors=["ada"])
        revision = make.revision(post, tags=["new-tag"], authors=["bob", "ada"])
        waiting = [tag.slug for tag in db.session.get_one(Post, post.id).tags]

        post = change(post, "publish", revision)

        assert (["old-tag"], ["new-tag"], ["bob", "ada"]) == (
            waiting,
            [tag.slug for tag in post.tags],
            [person.slug for person in post.authors],
        )

    def test_finds_a_tag_only_where_it_is_used(self, make):
        """A tag of a draft has no page, nor has one that the public version dropped."""
        make.post(tags=["secret"], published_at=None)
        post = make.post(tags=["dropped"])
        change(post, "publish", make.revision(post, tags=["kept"]))

        assert ["kept"] == [tag.slug for tag in db.session.scalars(Tag.in_use())]


class TestSchedule:
    def test_sets_the_moment(self, make):
        """A draft may be given a time to come."""
        post = make.post(published_at=None)
        revision = make.revision(post)
        at = now() + timedelta(days=1)

        post = change(post, "schedule", revision, at)

        assert (PostState.SCHEDULED, at) == (post.state, post.published_at)

    def test_refuses_a_post_that_is_out(self, make):
        """What everybody reads cannot be hidden by a time to come."""
        post = make.post()
        begin_write()

        with pytest.raises(Refused, match="published already"):
            publishing.schedule(
                post, db.session.get_one(PostRevision, post.public_revision_id), now() + timedelta(days=1)
            )

    def test_brings_an_archived_post_back_later(self, make):
        """An archived post may be scheduled, and is announced again."""
        post = make.post(archived=True)
        change(post, "announce")
        at = now() + timedelta(days=1)

        post = change(post, "schedule", db.session.get_one(PostRevision, post.public_revision_id), at)

        assert (PostState.SCHEDULED, None) == (post.state, post.announced_at)


class TestLocalTime:
    BERLIN = ("2026-12-01T09:00", "Europe/Berlin")

    def scheduled(self, make, at, clocks=BERLIN):
        post = make.post(published_at=None)
        return change(post, "schedule", make.revision(post), at, clocks)

    def test_moves_with_the_rules_of_its_zone(self, make):
        """Nine o'clock stays nine o'clock; here it was reckoned by rules that hold no more."""
        with frozen(datetime(2026, 6, 1, tzinfo=UTC)):
            post = self.scheduled(make, datetime(2026, 12, 1, 7, tzinfo=UTC))
            keep_local_times()
            db.session.expire_all()

            assert datetime(2026, 12, 1, 8, tzinfo=UTC) == db.session.get_one(Post, post.id).published_at

    @pytest.mark.parametrize(
        "clocks", [None, ("2026-10-25T02:30", "Europe/Berlin"), ("2026-12-01T09:00", "Europe/Atlantis")]
    )
    def test_stays_where_the_clocks_say_nothing(self, make, clocks):
        """No time was typed, it comes twice by now, or its zone is not known any more."""
        at = datetime(2026, 12, 1, 7, tzinfo=UTC)
        with frozen(datetime(2026, 6, 1, tzinfo=UTC)):
            post = self.scheduled(make, at, clocks)
            keep_local_times()
            db.session.expire_all()

            assert at == db.session.get_one(Post, post.id).published_at

    def test_is_forgotten_when_it_is_published_otherwise(self, make):
        """By an import, say: nothing moves it back."""
        with frozen(datetime(2026, 6, 1, tzinfo=UTC)):
            post = self.scheduled(make, datetime(2026, 12, 1, 8, tzinfo=UTC))
            revision = db.session.scalars(PostRevision.newest_of(post)).one()
            post = change(post, "publish", revision, at=now() + timedelta(days=2))

        assert (None, None) == (post.local_time, post.local_zone)


class TestArchive:
    @pytest.mark.parametrize("other", ["itself", "draft", "archived"])
    def test_leads_to_what_readers_see_alone(self, make, other):
        """An address that leads to nothing, or in a circle, is refused."""
        post = make.post()
        others = {"itself": post, "draft": make.post(published_at=None), "archived": make.post(archived=True)}
        begin_write()

        with pytest.raises(Refused, match="another article"):
            publishing.archive(post, leads_to=others[other])

    def test_takes_the_post_off(self, make):
        """Archived is hidden at once."""
        post = make.post()

        assert PostState.ARCHIVED == change(post, "archive").state

    def test_keeps_the_first_moment(self, make):
        """Archiving twice is archiving once."""
        post = make.post()
        first = change(post, "archive").archived_at

        with frozen(now() + timedelta(days=1)):
            assert first == change(post, "archive").archived_at

    def test_is_taken_back_by_restore(self, make):
        """Restored, a post is as it was."""
        post = make.post(archived=True)

        post = change(post, "restore")

        assert (PostState.PUBLISHED, ANY_DAY) == (post.state, post.published_at)


class TestSlugs:
    def test_lead_to_the_post_for_ever(self, make):
        """Renamed, a post is found under both slugs."""
        post = make.post("old")

        change(post, "rename", "new")

        assert (["new"], ["new"]) == (slugs(Post.under_slug("old")), slugs(Post.under_slug("new")))

    @pytest.mark.parametrize("wanted", ["taken", "once-taken"])
    def test_are_never_given_to_another_post(self, make, wanted):
        """Neither a slug in use nor one of the past can be had by another post."""
        post = make.post("once-taken")
        change(post, "rename", "taken")
        begin_write()

        with pytest.raises(Refused, match="belongs to another article"):
            publishing.create(wanted)

    @pytest.mark.parametrize("wanted", ["taken", "once-taken"])
    def test_cannot_be_taken_by_renaming(self, make, wanted):
        """Renaming obeys the same rule."""
        change(make.post("once-taken"), "rename", "taken")
        other = make.post("other")
        begin_write()

        with pytest.raises(Refused, match="belongs to another article"):
            publishing.rename(other, wanted)

    def test_may_be_taken_back_by_their_own_post(self, make):
        """A post may return to a slug it had."""
        post = make.post("first")
        change(post, "rename", "second")

        assert "first" == change(post, "rename", "first").slug

    def test_are_kept_unique_by_the_database(self, make):
        """Whatever the code does, two posts cannot share a slug."""
        make.post("mine")
        other = make.post("other")
        begin_write()
        db.session.add(PostSlug(slug="mine", post_id=other.id))

        with pytest.raises(IntegrityError):
            db.session.flush()

    @pytest.mark.parametrize("slug", ["", "Big", "a b", "a--b", "-a", "a/b", "ä", "a\n", "x" * 121])
    def test_are_small_letters_digits_and_hyphens(self, slug):
        """Anything else cannot be an address."""
        begin_write()

        with pytest.raises(Refused, match="cannot be an address"):
            publishing.create(slug)

    def test_may_have_120_characters(self):
        """The longest slug is taken."""
        begin_write()

        assert "x" * 120 == publishing.create("x" * 120).slug

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_of_hidden_posts_find_nothing(self, make, hidden):
        """The public finds published posts only; staff find all."""
        make.post("hidden", **hidden)

        assert ([], ["hidden"]) == (slugs(Post.under_slug("hidden")), slugs(Post.any_under_slug("hidden")))
