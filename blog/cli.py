"""The flask commands, wired: who offers them, and what `init` and `serve` do for a new site."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from blog import fonts, sample
from blog.accounts import cli as accounts
from blog.accounts.models import Role
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.operations import cli as operations
from blog.operations import commands
from blog.pages.models import Site

LATER = {
    "backup": ("blog.operations.backup_cli", "backup"),
    "comments": ("blog.moderation.cli", "group"),
    "doctor": ("blog.operations.doctor_cli", "command"),
    "import": ("blog.transfer.cli", "group"),
    "posts": ("blog.posts.cli", "group"),
    "restore": ("blog.operations.backup_cli", "restore"),
    "sample": ("blog.sample.cli", "command"),
    "search": ("blog.search.cli", "group"),
    "site": ("blog.operations.site_cli", "group"),
    "triage": ("blog.moderation.triage_cli", "group"),
}  # commands, each with its module and its name there


class Commands(AppGroup):
    """The site's commands; those of LATER are loaded when they are asked for, since `serve` needs none of them."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *LATER})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in LATER:
            module, command = LATER[name]
            return commands.held(getattr(import_module(module), command))
        found = super().get_command(context, name)
        return None if found is None else commands.held(found)


def init_app(app: Flask) -> None:
    app.cli = Commands(app.cli.name)
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
    """Have the job worker make anew what older rules of text and of the index made, and sum what has no checksum."""
    for name in ("rerender_comments", "rerender_posts", "rerender_pages", "mend_search", "sum_texts"):
        jobs.wake(name)
