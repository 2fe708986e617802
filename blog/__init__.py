"""create_app: the only wiring."""

from __future__ import annotations

from typing import Any

from flask import Flask

import blog.libraries  # noqa: F401 - first of all: what the others load with their libraries depends on it
from blog import (
    assets,
    cli,
    clients,
    config,
    desk,
    errors,
    extensions,
    headers,
    numbers,
    public,
    sessions,
    styles,
    templating,
)
from blog.accounts import jobs as accounts_jobs
from blog.accounts import security
from blog.addresses import Application
from blog.comments import jobs as comments_jobs
from blog.desk import in_templates as desk_names
from blog.mail import delivery
from blog.mail import jobs as mail_jobs
from blog.mail.models import Notice
from blog.mail.security import tell
from blog.media import jobs as media_jobs
from blog.media import storage
from blog.moderation import jobs as moderation_jobs
from blog.operations import jobs as operations_jobs
from blog.operations import logs, readiness
from blog.pagecache import layer
from blog.pages import jobs as pages_jobs
from blog.posts import jobs as posts_jobs
from blog.privacy import jobs as privacy_jobs
from blog.public import in_templates as public_names
from blog.public import spelling
from blog.search import jobs as search_jobs

JOBS = (
    accounts_jobs.send_asked_links,
    posts_jobs.announce_due_posts,
    posts_jobs.rerender_posts,
    posts_jobs.keep_local_times,
    posts_jobs.make_cards,
    posts_jobs.renew_cards,
    posts_jobs.compare_words,
    pages_jobs.rerender_pages,
    privacy_jobs.drop_by_retention,
    media_jobs.make_smaller_pictures,
    media_jobs.take_away_files,
    comments_jobs.watch_for_floods,
    comments_jobs.learn_from_decisions,
    comments_jobs.rerender_comments,
    moderation_jobs.continue_batches,
    moderation_jobs.measure_waiting,
    mail_jobs.send_mail,
    mail_jobs.seal_addresses,
    search_jobs.mend_search,
    operations_jobs.purge_pages,
    operations_jobs.empty_database_log,
    operations_jobs.keep_backup,
    operations_jobs.prove_backup,
    operations_jobs.sum_texts,
)  # registered by being imported; a test compares this list with what is registered


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """The application. `overrides` win over every other source of settings.

    Raises ConfigError when a setting is unknown or malformed, or the instance folder cannot be written.
    """
    app = Application(
        __name__,
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "static"),
    )
    config.load(app, overrides or {})
    app.jinja_environment, app.jinja_options = templating.Templates, templating.options(app)
    logs.init_app(app)
    extensions.init_app(app)
    sessions.init_app(app)
    numbers.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    delivery.init_app(app)
    storage.init_app(app)
    readiness.init_app(app)
    security.init_app(app, mailing=Notice.send_words, tell=tell)
    for names in (templating, public_names, desk_names):
        names.init_app(app)
    spelling.init_app(app)
    for blueprint in (assets.bp, styles.bp, *public.BLUEPRINTS, *desk.BLUEPRINTS):
        app.register_blueprint(blueprint)
    cli.init_app(app)
    layer.init_app(app)
    clients.init_app(app)  # last: it stands in front of all others
    return app
