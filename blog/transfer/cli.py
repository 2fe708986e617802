"""`flask import`: bring articles in."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from blog.database import begin_write, db
from blog.transfer import markdown, pictures
from blog.transfer.files import FileError, shown

group = AppGroup("import", help="Bring articles in from elsewhere.")


@group.command("markdown")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.pass_context
def import_markdown(context: click.Context, folder: Path, dry_run: bool) -> None:
    """Load a FOLDER of Markdown files with front matter. A known slug gets a new version.

    A file with a slip is named with its line and left out; the others are loaded, and the exit code is 1.
    """
    try:
        findings = markdown.look_through(folder, current_app.config["BLOG_TIME_ZONE"])
    except FileError as error:
        raise click.ClickException(str(error)) from error
    refused = list(findings.refused)
    outcomes: list[markdown.Outcome] = []
    brought = [] if dry_run else list(pictures.bring(folder, findings.articles, keep=True))
    begin_write()
    if dry_run:
        brought = list(pictures.bring(folder, findings.articles, keep=False))
    try:
        markdown.ensure_people(folder)
    except FileError as error:
        refused.append(error)
    refused += [file for file in brought if isinstance(file, FileError)]
    for outcome in markdown.store_each([file for file in brought if isinstance(file, markdown.ArticleFile)]):
        if isinstance(outcome, FileError):
            refused.append(outcome)
        else:
            outcomes.append(outcome)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    for path, reason in findings.skipped:
        click.echo(f"skipped  {shown(path)}: {reason}")
    for outcome in outcomes:
        click.echo(f"{outcome.change:8} {outcome.slug}")
    for slip in refused:
        click.echo(str(slip), err=True)
    if not outcomes and not refused:
        raise click.ClickException(f"0 articles found: {shown(folder)} holds no file that ends in .md.")
    click.echo(_summary(outcomes, len(refused), len(findings.skipped), dry_run))
    if refused:
        context.exit(1)


def _summary(outcomes: list[markdown.Outcome], refused: int, skipped: int, dry_run: bool) -> str:
    changed = sum(outcome.change != "same" for outcome in outcomes)
    said = f"{changed} of {len(outcomes)} articles {'would be' if dry_run else 'were'} new or changed"
    if refused:
        said += f"; {refused} file{' was' if refused == 1 else 's were'} refused"
    if skipped:
        said += f"; {skipped} file{' was' if skipped == 1 else 's were'} skipped"
    return f"{said}."
