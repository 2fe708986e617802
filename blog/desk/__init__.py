"""What staff see: one file for each group of pages, each behind its guard."""

from __future__ import annotations

from blog.desk import (
    account,
    articles,
    bans,
    batches,
    decisions,
    factors,
    home,
    log,
    mail,
    media,
    operations,
    pages,
    queue,
    redaction,
    releasing,
    reviewing,
    second_step,
    settings,
    triage,
    vocabulary,
    writing,
)

MODERATION = {file.bp for file in (queue, decisions, batches, redaction, log)}  # one, which five files share
BLUEPRINTS = (
    account.bp,
    account.links,
    factors.bp,
    second_step.bp,
    home.bp,
    *MODERATION,
    bans.bp,
    articles.bp,
    media.bp,
    writing.bp,
    reviewing.bp,
    releasing.bp,
    pages.bp,
    vocabulary.bp,
    settings.bp,
    triage.bp,
    triage.rules,
    mail.choices,
    mail.bp,
    operations.bp,
)
