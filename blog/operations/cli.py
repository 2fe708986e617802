"""Commands that run the site: init, serve, worker, and Alembic's own under `db`."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Callable, Sequence

import click
from flask import Flask, g
from flask.cli import ScriptInfo, pass_script_info

from blog.config import unset_site_url
from blog.database import db
from blog.operations import database, logs, server

Step = Callable[[], object]

log = logging.getLogger("blog.operations")


def init(app: Flask, steps: Sequence[Step]) -> None:
    """Make the site complete: newest schema, then each of `steps`. Changes nothing that is already there.

    Each step begins and commits its own transaction, inside an app context.
    """
    with database.exclusive(app, "init"):
        database.migrate(app)
        with database.first_of_all_machines(app, "init"):
            for step in steps:
                with app.app_context():
                    step()


def register(app: Flask, steps: Sequence[Step], load_sample: Step, setup_link: Callable[[], str | None]) -> None:
    """Add the commands.

    `steps` follow the migrations of `init`; `load_sample` fills a database that is empty; `setup_link` makes the
    address at which the first administrator signs up, or None.
    """

    @app.cli.command("init", with_appcontext=False)
    @pass_script_info
    def init_command(info: ScriptInfo) -> None:
        """Migrate the database and add what every site needs. Safe to repeat."""
        init(info.load_app(), steps)
        logs.flush()

    @app.cli.command("serve", with_appcontext=False)
    @click.option(
        "--port", default=8000, envvar="PORT", show_default=True, show_envvar=True, type=click.IntRange(1, 65535)
    )
    @click.option("--host", help="Address to listen on.  [default: BLOG_HOST]")
    @click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
    @click.option("--sample", is_flag=True, help="Load the sample site if the database is empty.")
    @pass_script_info
    def serve_command(info: ScriptInfo, port: int, host: str | None, workers: int, sample: bool) -> None:
        """Run the site: web server and job worker, after outstanding migrations."""
        app = info.load_app()
        with server.claimed(host or app.config["BLOG_HOST"], port) as address:
            if app.config["BLOG_SITE_URL"] == unset_site_url():
                app.config["BLOG_SITE_URL"] = os.environ["BLOG_SITE_URL"] = address.url
            init(app, (*steps, load_sample) if sample else steps)
            with app.app_context():
                link = setup_link()
            if os.geteuid() == 0:
                log.warning(
                    "running as root: whoever breaks in owns the machine; give the site a user (docs/running.md)"
                )
            server.serve(app, address, workers, _welcome(app.config["BLOG_SITE_URL"], link))

    @app.cli.command("worker", with_appcontext=False)
    @pass_script_info
    def worker_command(info: ScriptInfo) -> None:
        """Run only the job worker; `serve` has one of its own."""
        app = info.load_app()
        if not database.is_current(app):
            raise click.ClickException("The database is not set up, or older than this code: run “flask init”.")
        server.work(app)
        logs.flush()

    app.cli.add_command(Migrations("db", help="Write and inspect migrations (Alembic)."))


class Migrations(click.Group):
    """Flask-Migrate's commands, imported when one is asked for: they cost a third of a second at each start."""

    def list_commands(self, context: click.Context) -> list[str]:
        return self._group(context).list_commands(context)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return self._group(context).get_command(context, name)

    @staticmethod
    def _group(context: click.Context) -> click.Group:
        app = context.ensure_object(ScriptInfo).load_app()
        context.with_resource(app.app_context())
        g.directory, g.x_arg = str(database.MIGRATIONS), ()
        importlib.import_module("flask_migrate").Migrate().init_app(app, db, g.directory)
        group: click.Group = importlib.import_module("flask_migrate.cli").db
        return group


def _welcome(url: str, setup_link: str | None) -> list[str]:
    lines = [f"Site    {url}/", f"Desk    {url}/desk"]
    if setup_link:
        lines.append(f"Set up  {setup_link}   (once, within 24 hours)")
    return lines
