"""`flask site move`: another address for the site."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from blog.config import SETTINGS
from blog.operations import moving

group = AppGroup("site", help="The site as a whole.")
_parse = next(setting.parse for setting in SETTINGS if setting.name == "BLOG_SITE_URL")


@group.command()
@click.argument("new_url")
@click.option("--from", "old_url", help="The address until now.  [default: BLOG_SITE_URL]")
@click.option("--dry-run", is_flag=True, help="Only say what holds the old address.")
def move(new_url: str, old_url: str | None, dry_run: bool) -> None:
    """Put NEW_URL, such as https://blog.example.org, wherever the site's old address stands.

    Make a backup first. Stopped in the middle, it goes on where it was when it is run again.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    old, new = _address(old_url or app.config["BLOG_SITE_URL"]), _address(new_url)
    if old == new:
        raise click.ClickException(f"{new} is its address already. After a change of the setting, say --from OLD_URL.")
    changed = 0
    for step in list(moving.steps(app, old, new)):
        if not dry_run:
            moving.take(step)
        changed += step.change is not None
        verb = "stays  " if step.change is None else "would change" if dry_run else "changed"
        click.echo(f"{verb} {step.what}{f'  → {step.to_do}' if step.to_do else ''}")
    click.echo(f"{changed} {'would be ' if dry_run else ''}changed.")
    click.echo(f"Let {old} redirect to {new} with its paths for as long as somebody may follow an old link.")
    if not dry_run:
        click.echo("Restart the site. Everybody signs in again, because cookies belong to the old address.")


def _address(text: str) -> str:
    try:
        url: str = _parse(text)
    except ValueError as error:
        raise click.ClickException(f"{text} {error}.") from error
    if not url:
        raise click.ClickException("An address is needed, such as https://example.org.")
    return url
