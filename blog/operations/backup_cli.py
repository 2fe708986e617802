"""`flask backup` and `flask restore`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import IO

import click
from flask import current_app
from flask.cli import with_appcontext

from blog.clock import now
from blog.config import PASSPHRASE_MIN
from blog.database import begin_write, db
from blog.operations.backups import keeping, making, places, restoring
from blog.operations.backups.archive import Manifest
from blog.privacy import erasures, person

TOLD = ("posts", "comments", "accounts")  # tables whose rows are told one by one

passphrase_file = click.option(
    "--passphrase-file", type=click.File(), help="File whose first line is the passphrase; - is standard input."
)
without_key = click.option("--without-key", is_flag=True, help="Leave out the secret key and config.py.")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--to", help="Folder or s3://BUCKET/FOLDER instead; the name then tells the time.")
@passphrase_file
@without_key
@with_appcontext
def backup(file: Path | None, to: str | None, passphrase_file: IO[str] | None, without_key: bool) -> None:
    """Write the whole site into FILE while it runs: database, media, secret key and config.py.

    Without FILE and --to it goes where BLOG_BACKUP_TO says. A FILE that is there is replaced once the new one is
    proved.
    """
    if file is not None and to is not None:
        raise click.UsageError("Say FILE or --to, not both.")
    passphrase = "" if without_key else _passphrase(passphrase_file, is_new=True) or ""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if file is not None:
        place: places.Place = places.Folder(file.absolute().parent)
        name = file.name
    else:
        place = places.place(to) if to else places.of(app)
        name = keeping.name_at(now())
    try:
        made = making.make(app, place, name, passphrase)
    except places.Failures as error:
        raise click.ClickException(f"The backup cannot be written: {places.told(error)}.") from error
    click.echo(f"{file or name}: {made.size / 1e6:.1f} MB, read again and found whole.")
    click.echo(_counts(made.manifest))
    if not passphrase and not without_key:
        click.echo(
            "It holds neither the secret key nor config.py: give --passphrase-file, or set BLOG_BACKUP_PASSPHRASE.",
            err=True,
        )


@click.command()
@click.argument("file")
@passphrase_file
@without_key
@with_appcontext
def restore(file: str, passphrase_file: IO[str] | None, without_key: bool) -> None:
    """Bring the site back from FILE, also s3://…, into an empty database. Everybody has to sign in again."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    restoring.see_that_it_is_empty(app)
    passphrase = None if without_key else _passphrase(passphrase_file, is_new=False)
    with tempfile.TemporaryDirectory(dir=app.config["BLOG_INSTANCE_PATH"], prefix=".fetched-") as folder:
        done = restoring.restore(app, _here(file, Path(folder)), passphrase, without_key)
    click.echo(f"Restored what was backed up at {done.manifest.made_at} from {done.manifest.site_url}.")
    click.echo(_counts(done.manifest))
    if done.manifest.schema != done.schema:
        click.echo(f"Brought up from schema {done.manifest.schema} to {done.schema}.")
    for note in done.notes:
        click.echo(note)
    begin_write()
    again = person.repeat()
    db.session.commit()
    if again:
        click.echo(f"Erased again, as {erasures.NAME} says: {again} comments.")


def _here(file: str, folder: Path) -> Path:
    if "://" not in file:
        return Path(file)
    place, _, name = file.rpartition("/")
    try:
        return places.place(place).fetch(name, folder)
    except places.Failures as error:
        raise click.ClickException(f"{file} cannot be fetched: {places.told(error)}.") from error


def _counts(manifest: Manifest) -> str:
    told = [f"{manifest.rows[name]} {name}" for name in TOLD]
    others = sum(manifest.rows.values()) - sum(manifest.rows[name] for name in TOLD)
    key = "with the secret key, sealed" if manifest.is_sealed else "without the secret key"
    return f"{', '.join(told)}, {others} other rows, {manifest.media_files} media, {key}; schema {manifest.schema}."


def _passphrase(file: IO[str] | None, is_new: bool) -> str | None:
    """From the file, the setting, or a person at a terminal; None if none of these says one."""
    if file is not None:
        given = file.readline().rstrip("\r\n")
    else:
        given = current_app.config["BLOG_BACKUP_PASSPHRASE"]
        if not given and sys.stdin.isatty():
            given = click.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new)
    if given and is_new and len(given) < PASSPHRASE_MIN:
        raise click.ClickException(f"The passphrase must have at least {PASSPHRASE_MIN} characters.")
    return given or None
