"""What happens once, when a post becomes due; stored HTML follows its rules; local times are kept; cards are drawn."""

from __future__ import annotations

import structlog

from blog.checksums import Damaged
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.media.card import draw
from blog.media.models import MediaFile, new_digest
from blog.media.storage import store
from blog.pagecache import keys
from blog.pagecache.changes import changed
from blog.posts import cards, publishing
from blog.posts.document import Article, ArticleError
from blog.posts.manuscript import Manuscript
from blog.posts.models import Post, PostRevision
from blog.posts.related import RELATED_LENGTH, lacks_reasons, relate, relate_by_words
from blog.search.likeness import alike

COMPARED_AT_ONCE = 20
CARDS_AT_ONCE = 6  # of a minute: each takes most of a second of the processor

log = structlog.get_logger("blog.posts")


@jobs.every(minutes=1)
@jobs.when(lambda: Post.due().with_only_columns(Post.id))
def announce_due_posts() -> None:
    """Announce each post that became public, once; what hangs on publication starts here."""
    begin_write()
    announced = list(db.session.scalars(Post.due().with_for_update(of=Post, skip_locked=True)))
    for post in announced:
        publishing.announce(post)
    names = [post.slug for post in announced]
    db.session.commit()
    for slug in names:
        log.info("post announced", slug=slug)


@jobs.daily
@jobs.when(lambda: PostRevision.outdated().with_only_columns(PostRevision.id))
def rerender_posts() -> None:
    """Make the HTML of older rules anew. Every start of the site wakes this, so an upgrade reaches old articles."""
    last = 0
    columns = (PostRevision.id, PostRevision.document)
    while row := db.session.execute(PostRevision.outdated(last).with_only_columns(*columns).limit(1)).first():
        last, document = row
        try:
            made = Manuscript.again(Article.stored(document))
        except ArticleError as error:
            log.warning("article not rendered anew", revision=last, because=str(error))
            continue
        begin_write()
        try:
            db.session.get_one(PostRevision, last).show_as(made.rendered)
        except Damaged as damaged:
            damaged.note()
        db.session.commit()


@jobs.daily
def keep_local_times() -> None:
    """An article for nine o'clock appears at nine, also when a country changes its clocks' rules meanwhile."""
    begin_write()
    moved = [post.slug for post in db.session.scalars(Post.to_appear()).all() if publishing.keep_local_time(post)]
    db.session.commit()
    for slug in moved:
        log.info("post moved with its clocks", slug=slug)


@jobs.every(minutes=1)
@jobs.when(*cards.owed())
def make_cards() -> None:
    """Draw the cards that are owed, a few at a time. One that cannot be drawn is tried again the next day."""
    for _ in range(CARDS_AT_ONCE):
        begin_write(lock="cards")
        claimed = cards.claim()
        db.session.commit()
        if claimed is None:
            return
        _make_card(claimed)


@jobs.daily
def renew_cards() -> None:
    """Have cards of older rules and of another name of the site made anew; take away those that no page shows."""
    begin_write(lock="cards")
    cards.renew()
    db.session.commit()


@jobs.every(minutes=5)
@jobs.when(lambda: Post.to_compare().with_only_columns(Post.id))
def compare_words() -> None:
    """Relate each article that has little in common with others to those that use the same words."""
    for _ in range(COMPARED_AT_ONCE):
        post = db.session.scalar(Post.to_compare().limit(1))
        if post is None:
            return
        post_id, near = post.id, alike(post.id, RELATED_LENGTH)
        begin_write()
        compared = db.session.get(Post, post_id)
        if compared is not None:
            if lacks_reasons(compared):
                relate(compared)
            relate_by_words(compared, near)
            compared.is_compared = True
            changed(keys.post(post_id), *(keys.post(number) for number in near))
        db.session.commit()


def _make_card(claimed: cards.Claim) -> None:
    try:
        content = cards.content(claimed)
        db.session.rollback()  # what follows takes long
        if content is None:
            return
        body = draw(content)
    except Exception:
        log.exception("a card could not be drawn", of=claimed.model.__tablename__, row=claimed.row_id)
        db.session.rollback()
        return
    digest = new_digest(body)
    begin_write(lock="media")
    MediaFile.announce([cards.file_of(digest)])
    db.session.commit()
    store().put(cards.file_of(digest), body, "image/png")
    begin_write(lock="media")
    cards.show(claimed, digest)
    db.session.commit()
