"""Where a post stands, what follows its pointer, and who its neighbours and relatives are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from blog.anatomy.models import Entry, Kind
from blog.clock import frozen, now
from blog.database import begin_write, db
from blog.errors import Refused
from blog.posts import models as module
from blog.posts.document import Article, ArticleError
from blog.posts.models import (
    RELATED_LENGTH,
    Listing,
    Manuscript,
    Post,
    PostRevision,
    PostSlug,
    PostState,
    Tag,
    published_years,
)
from blog.revisions import AppendOnlyError
from tests.make import ANY_DAY, Make

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]

FIGURE = {"id": "map", "kind": "pain-map", "caption": "Where", "alt": "A drawing"}


def slugs(query):
    return [post.slug for post in db.session.scalars(query)]


def change(post, verb, *arguments, **named):
    """Let `post` do `verb` in a transaction of its own; the post, read anew."""
    begin_write()
    getattr(db.session.get_one(Post, post.id), verb)(*arguments, **named)
    db.session.commit()
    return db.session.get_one(Post, post.id)


class TestPrepare:
    def test_takes_a_figure_that_the_article_has(self):
        """
        A figure may be placed in the text.
        """
        manuscript = Manuscript.prepare(
            Article.parse(Make.article(body="## It\n\n::figure map\n\nMoves.", figures=[FIGURE]))
        )

        assert ["html", "figure", "html"] == [kind for kind, _ in manuscript.rendered["body"]]

    def test_refuses_a_figure_that_the_article_lacks(self):
        """
        A figure placed in vain is named.
        """
        with pytest.raises(ArticleError, match="no figure has this id"):
            Manuscript.prepare(Article.parse(Make.article(body="## It\n\n::figure map")))

    def test_refuses_markdown_with_a_slip(self):
        """
        What the text's own rules find is told by line.
        """
        with pytest.raises(ArticleError, match="body: line 3 of the text"):
            Manuscript.prepare(Article.parse(Make.article(body="## It\n\n::picture map")))

    def test_counts_the_words_of_steps_and_facts(self):
        """
        Reading time counts all that is read, not the body alone.
        """
        plain = Manuscript.prepare(Article.parse(Make.article()))
        longer = Manuscript.prepare(Article.parse(Make.article(key_facts=["three more words"])))

        assert 3 == longer.words - plain.words


class TestState:
    def test_is_draft_without_a_public_version(self, make):
        """
        A new post is a draft, also when it has a version.
        """
        assert PostState.DRAFT == make.post(published_at=None).state

    def test_is_scheduled_before_its_time(self, make):
        """
        A time to come is a schedule.
        """
        assert PostState.SCHEDULED == make.post(published_at=now() + timedelta(minutes=1)).state

    def test_is_published_from_its_time_on(self, make):
        """
        At the very moment it is out: a comparison with the clock, no job.
        """
        post = make.post(published_at=ANY_DAY)

        with frozen(ANY_DAY):
            assert PostState.PUBLISHED == post.state

    def test_is_archived_whatever_else(self, make):
        """
        Taken down beats published.
        """
        assert PostState.ARCHIVED == make.post(archived=True).state


class TestPublished:
    def test_shows_a_post_that_is_out(self, make):
        """
        A public version, a time that has come, not archived: everybody may read it.
        """
        make.post("out")

        assert ["out"] == slugs(Post.published())

    def test_hides_a_draft(self, make):
        """
        Without a public version nothing is shown.
        """
        make.post(published_at=None)

        assert [] == slugs(Post.published())

    def test_hides_an_archived_post(self, make):
        """
        Taken down is hidden.
        """
        make.post(archived=True)

        assert [] == slugs(Post.published())

    def test_hides_a_post_until_the_last_second(self, make):
        """
        A second before its time a post is not there; at its time it is.
        """
        make.post("later", published_at=ANY_DAY)

        with frozen(ANY_DAY - timedelta(seconds=1)):
            before = slugs(Post.published())
        with frozen(ANY_DAY):
            after = slugs(Post.published())

        assert ([], ["later"]) == (before, after)

    @pytest.mark.parametrize("has_version", [True, False])
    @pytest.mark.parametrize("is_due", [True, False])
    @pytest.mark.parametrize("is_archived", [True, False])
    def test_python_and_sql_agree(self, make, has_version, is_due, is_archived):
        """
        The question on a post and the condition in a query are one rule.
        """
        post = make.post(archived=is_archived)
        begin_write()
        post = db.session.get_one(Post, post.id)
        post.published_at = now() + timedelta(days=-1 if is_due else 1)
        if not has_version:
            post.public_revision_id = None
        db.session.commit()

        expected = has_version and is_due and not is_archived
        assert (expected, expected) == (post.is_published, bool(slugs(Post.published())))


class TestRevise:
    def test_shows_nothing(self, make):
        """
        A new version waits until it is published.
        """
        post = make.post(title="Before")

        make.revision(post, title="After")

        assert "Before" == db.session.get_one(Post, post.id).title

    @pytest.mark.parametrize(
        "named",
        [{"authors": ["nobody"]}, {"muscles": ["no-muscle"]}, {"pain_areas": ["nowhere"]}, {"conditions": ["none"]}],
        ids=["author", "muscle", "pain area", "condition"],
    )
    def test_refuses_what_the_site_does_not_know(self, make, named):
        """
        An author or an entry named in vain is a slip with its field.
        """
        post = make.post()
        manuscript = Manuscript.prepare(Article.parse(Make.article(**named)))
        begin_write()

        with pytest.raises(ArticleError) as caught:
            post.revise(manuscript)

        assert [*named] == [slip.path[0] for slip in caught.value.slips]

    @pytest.mark.parametrize("field", ["title", "document", "digest", "post_id"])
    def test_is_never_rewritten(self, make, field):
        """
        What was published once cannot be changed afterwards.
        """
        post = make.post()
        begin_write()
        revision = db.session.get_one(PostRevision, post.public_revision_id)
        setattr(revision, field, {"x": 1} if field == "document" else 7)

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_is_never_deleted(self, make):
        """
        A version stays.
        """
        post = make.post()
        begin_write()
        db.session.delete(db.session.get_one(PostRevision, post.public_revision_id))

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_may_be_rendered_anew(self, make):
        """
        Its HTML follows the rules of today.
        """
        post = make.post()
        begin_write()
        db.session.get_one(PostRevision, post.public_revision_id).html_version = 99
        db.session.commit()

        assert 99 == db.session.get_one(PostRevision, post.public_revision_id).html_version


class TestPublish:
    def test_points_at_the_version(self, make):
        """
        Publishing sets the pointer and the time, nothing else.
        """
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
        """
        A later version is an update, not a second publication.
        """
        post = make.post(published_at=ANY_DAY)
        revision = make.revision(post, title="Better")

        post = change(post, "publish", revision)

        assert (ANY_DAY, True) == (post.published_at, post.is_updated)

    def test_is_no_update_when_nothing_changed(self, make):
        """
        Publishing what is shown already does not claim an update.
        """
        post = make.post()

        post = change(post, "publish", db.session.get_one(PostRevision, post.public_revision_id))

        assert None is post.updated_at

    def test_refuses_a_version_of_another_post(self, make):
        """
        Each post shows its own versions.
        """
        post, other = make.post(), make.post()
        begin_write()

        with pytest.raises(Refused, match="another article"):
            post.publish(db.session.get_one(PostRevision, other.public_revision_id))

    def test_is_held_to_its_own_versions_by_the_database(self, make):
        """
        Whatever the code does, a pointer to another post's version is refused.
        """
        post, other = make.post(), make.post()
        begin_write()

        with pytest.raises(IntegrityError):
            db.session.execute(
                update(Post).where(Post.id == post.id).values(public_revision_id=other.public_revision_id)
            )

    def test_moves_the_links(self, make):
        """
        Authors, muscles and tags are those of the version shown.
        """
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
        """
        A tag of a draft has no page, nor has one that the public version dropped.
        """
        make.post(tags=["secret"], published_at=None)
        post = make.post(tags=["dropped"])
        change(post, "publish", make.revision(post, tags=["kept"]))

        assert ["kept"] == [tag.slug for tag in db.session.scalars(Tag.in_use())]


class TestSchedule:
    def test_sets_the_moment(self, make):
        """
        A draft may be given a time to come.
        """
        post = make.post(published_at=None)
        revision = make.revision(post)
        at = now() + timedelta(days=1)

        post = change(post, "schedule", revision, at)

        assert (PostState.SCHEDULED, at) == (post.state, post.published_at)

    def test_refuses_a_post_that_is_out(self, make):
        """
        What everybody reads cannot be hidden by a time to come.
        """
        post = make.post()
        begin_write()

        with pytest.raises(Refused, match="published already"):
            post.schedule(db.session.get_one(PostRevision, post.public_revision_id), now() + timedelta(days=1))

    def test_brings_an_archived_post_back_later(self, make):
        """
        An archived post may be scheduled, and is announced again.
        """
        post = make.post(archived=True)
        change(post, "announce")
        at = now() + timedelta(days=1)

        post = change(post, "schedule", db.session.get_one(PostRevision, post.public_revision_id), at)

        assert (PostState.SCHEDULED, None) == (post.state, post.announced_at)


class TestArchive:
    def test_takes_the_post_off(self, make):
        """
        Archived is hidden at once.
        """
        post = make.post()

        assert PostState.ARCHIVED == change(post, "archive").state

    def test_keeps_the_first_moment(self, make):
        """
        Archiving twice is archiving once.
        """
        post = make.post()
        first = change(post, "archive").archived_at

        with frozen(now() + timedelta(days=1)):
            assert first == change(post, "archive").archived_at

    def test_is_taken_back_by_restore(self, make):
        """
        Restored, a post is as it was.
        """
        post = make.post(archived=True)

        post = change(post, "restore")

        assert (PostState.PUBLISHED, ANY_DAY) == (post.state, post.published_at)


class TestSlugs:
    def test_lead_to_the_post_for_ever(self, make):
        """
        Renamed, a post is found under both slugs.
        """
        post = make.post("old")

        change(post, "rename", "new")

        assert (["new"], ["new"]) == (slugs(Post.under_slug("old")), slugs(Post.under_slug("new")))

    @pytest.mark.parametrize("wanted", ["taken", "once-taken"])
    def test_are_never_given_to_another_post(self, make, wanted):
        """
        Neither a slug in use nor one of the past can be had by another post.
        """
        post = make.post("once-taken")
        change(post, "rename", "taken")
        begin_write()

        with pytest.raises(Refused, match="belongs to another article"):
            Post.create(wanted)

    @pytest.mark.parametrize("wanted", ["taken", "once-taken"])
    def test_cannot_be_taken_by_renaming(self, make, wanted):
        """
        Renaming obeys the same rule.
        """
        change(make.post("once-taken"), "rename", "taken")
        other = make.post("other")
        begin_write()

        with pytest.raises(Refused, match="belongs to another article"):
            other.rename(wanted)

    def test_may_be_taken_back_by_their_own_post(self, make):
        """
        A post may return to a slug it had.
        """
        post = make.post("first")
        change(post, "rename", "second")

        assert "first" == change(post, "rename", "first").slug

    def test_are_kept_unique_by_the_database(self, make):
        """
        Whatever the code does, two posts cannot share a slug.
        """
        make.post("mine")
        other = make.post("other")
        begin_write()
        db.session.add(PostSlug(slug="mine", post_id=other.id))

        with pytest.raises(IntegrityError):
            db.session.flush()

    @pytest.mark.parametrize("slug", ["", "Big", "a b", "a--b", "-a", "a/b", "ä", "a\n", "x" * 121])
    def test_are_small_letters_digits_and_hyphens(self, slug):
        """
        Anything else cannot be an address.
        """
        begin_write()

        with pytest.raises(Refused, match="cannot be an address"):
            Post.create(slug)

    def test_may_have_120_characters(self):
        """
        The longest slug is taken.
        """
        begin_write()

        assert "x" * 120 == Post.create("x" * 120).slug

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_of_hidden_posts_find_nothing(self, make, hidden):
        """
        The public finds published posts only; staff find all.
        """
        make.post("hidden", **hidden)

        assert ([], ["hidden"]) == (slugs(Post.under_slug("hidden")), slugs(Post.any_under_slug("hidden")))


class TestRelated:
    def test_shares_something(self, make):
        """
        A post with nothing in common is no relative.
        """
        post = make.post(muscles=["psoas"])
        make.post("near", muscles=["psoas"])
        make.post("far", muscles=["soleus"])

        assert ["near"] == slugs(post.related())

    def test_weighs_what_is_shared(self, make):
        """
        A shared muscle says more than a condition, that more than a tag, and that more than a pain area.
        """
        post = make.post(muscles=["psoas"], conditions=["bursitis"], tags=["desk"], pain_areas=["hip"])
        make.post("by-area", pain_areas=["hip"])
        make.post("by-tag", tags=["desk"])
        make.post("by-condition", conditions=["bursitis"])
        make.post("by-muscle", muscles=["psoas"])

        assert ["by-muscle", "by-condition", "by-tag", "by-area"] == slugs(post.related())

    def test_adds_up(self, make):
        """
        A condition and a tag weigh as much as a muscle, with a pain area more.
        """
        post = make.post(muscles=["psoas"], conditions=["bursitis"], tags=["desk"], pain_areas=["hip"])
        make.post("three", conditions=["bursitis"], tags=["desk"], pain_areas=["hip"], published_at=make.days_ago(9))
        make.post("one", muscles=["psoas"], published_at=make.days_ago(1))

        assert ["three", "one"] == slugs(post.related())

    def test_puts_the_newest_first_on_ties(self, make):
        """
        Equal kinship: newest first, and of one moment the one written last.
        """
        post = make.post(tags=["desk"])
        make.post("older", tags=["desk"], published_at=make.days_ago(2))
        make.post("newer", tags=["desk"], published_at=make.days_ago(1))
        make.post("same-moment", tags=["desk"], published_at=ANY_DAY)
        make.post("same-moment-later", tags=["desk"], published_at=ANY_DAY)

        assert ["newer", "older", "same-moment-later", "same-moment"] == slugs(post.related())

    def test_ends_after_a_few(self, make):
        """
        No more than fit beside each other.
        """
        post = make.post(tags=["desk"])
        for _ in range(RELATED_LENGTH + 1):
            make.post(tags=["desk"])

        assert RELATED_LENGTH == len(slugs(post.related()))

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_leaves_out_hidden_posts(self, make, hidden):
        """
        A draft or an archived post is nobody's relative.
        """
        post = make.post(tags=["desk"])
        make.post(tags=["desk"], **hidden)

        assert [] == slugs(post.related())


class TestNeighbours:
    def test_stand_before_and_after(self, make):
        """
        The next older and the next newer post, however many there are.
        """
        posts = [make.post(f"day-{day}", published_at=make.days_ago(day)) for day in range(5, 0, -1)]

        assert {"day-4", "day-2"} == set(slugs(posts[2].neighbours()))

    def test_of_the_newest_is_only_the_older(self, make):
        """
        Nothing is newer than the newest.
        """
        make.post("older", published_at=make.days_ago(2))
        newest = make.post(published_at=make.days_ago(1))

        assert ["older"] == slugs(newest.neighbours())

    def test_of_the_oldest_is_only_the_newer(self, make):
        """
        Nothing is older than the oldest.
        """
        oldest = make.post(published_at=make.days_ago(2))
        make.post("newer", published_at=make.days_ago(1))

        assert ["newer"] == slugs(oldest.neighbours())

    def test_of_the_only_post_are_none(self, make):
        """
        One post alone has no neighbours.
        """
        assert [] == slugs(make.post().neighbours())

    def test_of_one_moment_stand_in_the_order_they_were_written(self, make):
        """
        Walking on from post to post leaves out none, also when three share a moment.
        """
        first, second, third = (make.post(slug, published_at=ANY_DAY) for slug in ("first", "second", "third"))

        assert [["second"], {"first", "third"}, ["second"]] == [
            slugs(first.neighbours()),
            set(slugs(second.neighbours())),
            slugs(third.neighbours()),
        ]

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_leave_out_hidden_posts(self, make, hidden):
        """
        A neighbour is one that can be read.
        """
        post = make.post(published_at=make.days_ago(3))
        make.post(**{"published_at": make.days_ago(2), **hidden})

        assert [] == slugs(post.neighbours())


class TestAcceptsComments:
    def test_while_it_is_open(self, make):
        """
        A published post takes comments.
        """
        assert make.post().accepts_comments

    @pytest.mark.parametrize(
        "closed",
        [{"comments_open": False}, {"archived": True}, {"published_at": None}],
        ids=["closed", "gone", "draft"],
    )
    def test_not_when_closed_or_hidden(self, make, closed):
        """
        Closed, archived and draft posts take none.
        """
        assert not make.post(**closed).accepts_comments

    def test_until_its_days_are_over(self, make):
        """
        With ten days set, it closes at the very moment ten days after its publication.
        """
        make.settings(comments_close_days=10)
        post = make.post(published_at=ANY_DAY)
        closing = ANY_DAY + timedelta(days=10)

        with frozen(closing - timedelta(seconds=1)):
            before = post.accepts_comments
        with frozen(closing):
            after = post.accepts_comments

        assert (True, False, closing) == (before, after, post.comments_close_at)

    def test_for_ever_without_days(self, make):
        """
        Without the setting, old articles stay open.
        """
        post = make.post(published_at=make.days_ago(5000))

        assert (True, None) == (post.accepts_comments, post.comments_close_at)


class TestLists:
    def test_home_begins_with_the_newest(self, make):
        """
        Newest first; of one moment the one written last.
        """
        make.post("old", published_at=make.days_ago(9))
        make.post("new", published_at=make.days_ago(1))
        make.post("twin", published_at=ANY_DAY)
        make.post("later-twin", published_at=ANY_DAY)

        assert ["new", "old", "later-twin", "twin"] == slugs(Post.newest())

    def test_of_staff_begin_with_what_has_no_time(self, make):
        """
        Drafts stand above all that is out, on both databases.
        """
        make.post("out", published_at=make.days_ago(1))
        make.post("draft", published_at=None)
        make.post("older", published_at=make.days_ago(2))

        assert ["draft", "out", "older"] == slugs(Post.everything())

    def test_of_an_author_hold_what_bears_the_name(self, make):
        """
        A second name in a byline counts as much.
        """
        ada = make.post("alone", authors=["ada"]).authors[0]
        make.post("together", authors=["bob", "ada"])
        make.post("other", authors=["bob"])

        assert {"alone", "together"} == set(slugs(Post.by_author(ada)))

    @pytest.mark.parametrize("many", [0, 500], ids=["many", "few"])
    def test_of_a_link_are_the_same_whichever_way_they_are_found(self, make, monkeypatch, many):
        """
        Rare or everywhere, a tag, a person and a muscle list their published posts, newest first.
        """
        monkeypatch.setattr(module, "MANY", many)
        linked = {"tags": ["t"], "authors": ["ada"], "muscles": ["psoas"]}
        for slug, days, more in (("old", 3, {}), ("new", 1, {}), ("gone", 2, {"archived": True})):
            make.post(slug, published_at=make.days_ago(days), **linked, **more)
        make.post("draft", published_at=None, **linked)
        make.post("other", tags=["u"], authors=["bob"], muscles=["sartorius"])
        post = db.session.scalars(Post.under_slug("old")).one()
        entry = db.session.scalars(Entry.shown(Kind.MUSCLE, "psoas")).one()

        assert 3 * [["new", "old"]] == [
            slugs(Post.tagged(post.tags[0])),
            slugs(Post.by_author(post.authors[0])),
            slugs(Post.about(entry)),
        ]

    def test_for_the_desk_are_drafts_and_what_is_scheduled(self, make):
        """
        What still has to come out; not what is out, and not what was taken off.
        """
        make.post("out")
        make.post("draft", published_at=None)
        make.post("later", published_at=make.days_ago(-2))
        make.post("gone", archived=True)
        make.post("gone-draft", published_at=None, archived=True)

        assert ["draft", "later"] == slugs(Post.unpublished())

    def test_for_a_menu_are_the_last_and_the_chosen_one(self, make, monkeypatch):
        """
        A menu does not grow with the site, and shows what is chosen.
        """
        monkeypatch.setattr(module, "MENU_LENGTH", 2)
        posts = [make.post(f"p{number}") for number in range(4)]

        assert ["p3", "p2"] == slugs(Post.for_menu(None))
        assert ["p3", "p2", "p0"] == slugs(Post.for_menu(posts[0].id))
        assert ["p3", "p2"] == slugs(Post.for_menu(posts[3].id))

    @pytest.mark.parametrize(
        ("page", "of_pages", "has_next"),
        [(1, "more than 3", True), (2, "4", True), (4, "4", False)],
    )
    def test_are_counted_a_few_pages_ahead(self, make, monkeypatch, page, of_pages, has_next):
        """
        The number of pages is told where it is near; a list of any length costs the same.
        """
        monkeypatch.setattr(module, "COUNTED_AHEAD", 2)
        for number in range(7):
            make.post(f"p{number}")
        listing = Listing.of(Post.newest(), page, 2)

        assert (of_pages, has_next, page > 1) == (listing.of_pages, listing.has_next, listing.has_prev)

    @pytest.mark.parametrize(("zone", "years"), [("UTC", [2026]), ("Pacific/Auckland", [2027])])
    def test_of_a_year_begin_at_midnight_here(self, make, zone, years):
        """
        Half an hour before midnight in London it is next year in Auckland.
        """
        make.post("new-year", published_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

        with frozen(datetime(2027, 2, 1, tzinfo=UTC)):
            found = [year for year in (2026, 2027) if slugs(Post.in_year(year, ZoneInfo(zone)))]
            named = published_years(ZoneInfo(zone))

        assert (years, years) == (found, named)

    def test_of_years_leave_out_empty_ones(self, make):
        """
        A year without an article is not offered.
        """
        make.post(published_at=datetime(2023, 5, 1, tzinfo=UTC))
        make.post(published_at=datetime(2026, 5, 1, tzinfo=UTC))
        make.post(published_at=datetime(2024, 5, 1, tzinfo=UTC), archived=True)

        assert [2026, 2023] == published_years(ZoneInfo("UTC"))

    def test_of_years_are_empty_without_posts(self, make):
        """
        A site without articles has no archive.
        """
        make.post(published_at=None)

        assert [] == published_years(ZoneInfo("UTC"))


class TestDue:
    def test_names_each_post_once(self, make):
        """
        Out and not announced is due; announced is not.
        """
        post = make.post("due")
        before = slugs(Post.due())

        change(post, "announce")

        assert (["due"], []) == (before, slugs(Post.due()))

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}])
    def test_waits_for_hidden_posts(self, make, hidden):
        """
        What nobody can read is not announced.
        """
        make.post(**hidden)

        assert [] == slugs(Post.due())
