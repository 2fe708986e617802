"""What readers see: one file for each group of pages."""

from __future__ import annotations

from blog.public import (
    anatomy,
    articles,
    commenting,
    feeds,
    handout,
    health,
    mail_links,
    media,
    pages,
    previews,
    search,
    subscribing,
)
from blog.public.api import views

BLUEPRINTS = (
    health.bp,
    articles.bp,
    handout.bp,
    commenting.bp,
    pages.bp,
    previews.bp,
    feeds.bp,
    anatomy.bp,
    media.bp,
    search.bp,
    views.bp,
    subscribing.bp,
    mail_links.bp,
)
