"""The flask commands, wired: who offers them, and what `init` and `serve` do for a new site."""

from __future__ import annotations

import subprocess
import sys

import click
from flask import Flask, current_app

from blog import fonts, sample
from blog.accounts import cli as accounts
from blog.accounts.models import Role
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.moderation import cli as moderation
from blog.moderation import triage_cli
from blog.operations import backup_cli, commands, doctor_cli, site_cli
from blog.operations import cli as operations
from blog.pages.models import Site
from blog.posts import cli as posts
from blog.sample import cli as sample_cli
from blog.search import cli as search
from blog.transfer import cli as transfer


def init_app(app: Flask) -> None:
    operations.register(
        app,
        steps=(
            ensure_roles,
            sample.ensure_vocabulary,
            sample.ensure_pages,
            ensure_identity,
            ensure_fonts,
            wake_rendering,
        ),
        load_sample=sample.load_if_empty,
        setup_link=accounts.setup_link,
    )
    accounts.register(app)
    for group in (
        posts.group,
        moderation.group,
        triage_cli.group,
        transfer.group,
        search.group,
        sample_cli.command,
        site_cli.group,
    ):
        app.cli.add_command(group)
    for command in (backup_cli.backup, backup_cli.restore, doctor_cli.command):
        app.cli.add_command(command)
    for name, command in app.cli.commands.items():
        app.cli.commands[name] = commands.held(command)


def ensure_roles() -> None:
    """The five roles of an account."""
    begin_write()
    Role.ensure_all()
    db.session.commit()


def ensure_identity() -> None:
    """The id from which ids in feeds are made."""
    begin_write()
    Site.ensure_identity()
    db.session.commit()


def ensure_fonts() -> None:
    """The subsets of the site's fonts. In a process of its own: what makes them is large. Without them, pages work."""
    instance = current_app.config["BLOG_INSTANCE_PATH"]
    if fonts.made(instance) is None:
        made = subprocess.run([sys.executable, "-m", "blog.fontmaking", str(instance)], cwd=fonts.ROOT, check=False)  # noqa: S603
        if made.returncode:
            click.echo("The site's own fonts could not be made; readers see those of their devices.", err=True)


def wake_rendering() -> None:
    """Have the job worker make anew what older rules of text and of the index made."""
    for name in ("rerender_comments", "rerender_posts", "rerender_pages", "mend_search"):
        jobs.wake(name)
