"""What staff see: one file for each group of pages, each behind its guard."""

from __future__ import annotations

from blog.desk import account, bans, comments, mail, pages, settings, vocabulary

BLUEPRINTS = (
    account.bp,
    account.links,
    comments.desk,
    comments.bp,
    bans.bp,
    pages.bp,
    vocabulary.bp,
    settings.bp,
    mail.bp,
    mail.own,
    mail.desk,
)
