"""Posts changed in transactions of their own, and named by their slugs."""

from __future__ import annotations

from blog.database import begin_write, db
from blog.posts import publishing
from blog.posts.models import Post


def slugs(query):
    return [post.slug for post in db.session.scalars(query)]


def change(post, verb, *arguments, **named):
    """Let `post` do `verb` in a transaction of its own; the post, read anew."""
    begin_write()
    getattr(publishing, verb)(db.session.get_one(Post, post.id), *arguments, **named)
    db.session.commit()
    return db.session.get_one(Post, post.id)
