"""What happens once, when a post becomes due."""

from __future__ import annotations

import structlog

from blog.database import begin_write, db
from blog.jobs import jobs
from blog.posts import publishing
from blog.posts.models import Post

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
