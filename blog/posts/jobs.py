"""What happens once, when a post becomes due; stored HTML follows its rules."""

from __future__ import annotations

import structlog

from blog.database import begin_write, db
from blog.jobs import jobs
from blog.posts import publishing
from blog.posts.document import Article, ArticleError
from blog.posts.manuscript import Manuscript
from blog.posts.models import Post, PostRevision

log = structlog.get_logger("blog.posts")


@jobs.every(minutes=1)
def announce_due_posts() -> None:
    """Announce each post that became public, once; what hangs on publication starts here."""
    if db.session.scalar(Post.due().limit(1)) is None:
        return
    begin_write()
    announced = list(db.session.scalars(Post.due().with_for_update(of=Post, skip_locked=True)))
    for post in announced:
        publishing.announce(post)
    names = [post.slug for post in announced]
    db.session.commit()
    for slug in names:
        log.info("post announced", slug=slug)


@jobs.daily
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
        db.session.get_one(PostRevision, last).show_as(made.rendered)
        db.session.commit()
