"""`flask import`: bring articles in."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from blog.database import begin_write, db
from blog.transfer import markdown

group = AppGroup("import", help="Bring articles in from elsewhere.")


@group.command("markdown")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
def import_markdown(folder: Path, dry_run: bool) -> None:
    """Load a FOLDER of Markdown files with front matter. A known slug gets a new version."""
    try:
        pages = markdown.read_folder(folder)
        begin_write()
        markdown.ensure_people(folder)
        outcomes = list(markdown.store(pages))
    except markdown.FileError as error:
        db.session.rollback()
        raise click.ClickException(f"nothing was imported.\n{error}") from error
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    for outcome in outcomes:
        click.echo(f"{outcome.change:8} {outcome.slug}")
    changed = sum(outcome.change != "same" for outcome in outcomes)
    click.echo(f"{changed} of {len(outcomes)} articles {'would be' if dry_run else 'were'} new or changed.")
