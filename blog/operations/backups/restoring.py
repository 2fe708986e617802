"""A site comes back from a backup, into a place where none is, with nobody signed in."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import inspect, literal, select, table

from blog.database import db
from blog.operations import database
from blog.operations.backups import exchange, making, sealing, snapshot
from blog.operations.backups.archive import DATABASE, MEDIA, SEALED, Manifest


@dataclass
class Restored:
    """What is there now, and what somebody has to know of it."""

    manifest: Manifest
    schema: str
    notes: list[str] = field(default_factory=list)


def see_that_it_is_empty(app: Flask) -> None:
    """Raises ClickException if the database holds a site, and what one raises that cannot be reached."""
    with app.app_context():
        with db.engine.connect() as connection:
            known = set(inspect(connection).get_table_names()) - exchange.PASSING - {"alembic_version"}
            full = [name for name in sorted(known) if connection.scalar(select(literal(1)).select_from(table(name)))]
        db.engine.dispose()
    if full:
        raise click.ClickException(
            f"The database is not empty ({', '.join(full[:3])}, …): restore into an empty one, "
            "such as that of a new BLOG_INSTANCE_PATH."
        )


def restore(app: Flask, path: Path, passphrase: str | None, without_key: bool = False) -> Restored:
    """Restore a backup, its secret key too if it holds one and it is not to be left out.

    The database comes last, so that one that is interrupted can begin again: media of the same backup, which that one
    has put back, are no site. An older schema is brought up to date.
    Raises ClickException with one line: no backup, damaged, of a newer schema, no or a wrong passphrase, not empty.
    """
    see_that_it_is_empty(app)
    with making.at_work(app) as folder:
        content = folder / "content"
        manifest = making.prove(path, content)
        _see_that_we_know(manifest)
        if manifest.media_files and making.media_folder(app) is None:
            raise click.ClickException(
                f"The backup holds {manifest.media_files} media: restore without BLOG_MEDIA_URL, then copy them."
            )
        _see_that_media_are_ours(app, manifest)
        restored = Restored(manifest, database.newest_revision() or "")
        if manifest.is_sealed and not without_key:
            if not passphrase:
                raise click.ClickException(
                    "The backup holds the secret key: give --passphrase-file, or leave it out by --without-key."
                )
            opened = sealing.unseal((content / SEALED).read_bytes(), passphrase)
            _put_back_secrets(app, opened, restored)
        else:
            restored.notes.append(
                "The secret key was not restored: private links in mails already sent, and limits on senders, "
                "begin anew."
            )
        snapshot.migrated_file(app, content / DATABASE)
        _end_sessions(content / DATABASE)
        _put_back_media(app, content / MEDIA)
        if database.sqlite_path(app) is None:
            _into_postgresql(app, content / DATABASE)
        else:
            _into_place(app, content / DATABASE)
    restored.notes.append(
        f"What was erased or withdrawn after {manifest.made_at} is back as it was then: do it again. "
        "Mails that waited then will be sent, also those that went out since."
    )
    return restored


def _see_that_we_know(manifest: Manifest) -> None:
    if manifest.schema not in database.revisions():
        raise click.ClickException(
            f"The backup has schema {manifest.schema}, this code knows up to {database.newest_revision()}: "
            "use the newer code."
        )


def _end_sessions(path: Path) -> None:
    """Nobody who was signed in then still is, and no one-time link of then works: some were used since."""
    with closing(snapshot.opened(path)) as file:
        file.execute("PRAGMA secure_delete=ON")
        file.execute("BEGIN")
        for (number,) in file.execute("SELECT id FROM accounts").fetchall():
            file.execute("UPDATE accounts SET fs_uniquifier = ? WHERE id = ?", [secrets.token_hex(32), number])
        file.execute("DELETE FROM account_sessions")
        file.execute("DELETE FROM account_links")
        file.execute("COMMIT")


def _put_back_secrets(app: Flask, opened: dict[str, str], restored: Restored) -> None:
    folder = app.config["BLOG_INSTANCE_PATH"]
    if app.config["BLOG_SECRET_KEY"]:
        if app.config["BLOG_SECRET_KEY"] != opened["secret_key"]:
            restored.notes.append("BLOG_SECRET_KEY is another key than the backup's: links in old mails do not work.")
    else:
        _write(folder / "secret_key", opened["secret_key"] + "\n")
    if opened["config.py"]:
        _write(folder / "config.py.restored", opened["config.py"])
        restored.notes.append(f"The old settings stand in {folder / 'config.py.restored'}: take over what fits here.")


def _see_that_media_are_ours(app: Flask, manifest: Manifest) -> None:
    """Raises ClickException where there are media already, unless this backup holds each of them as it is."""
    folder = making.media_folder(app)
    if folder is None:
        return
    for path in making.media(app):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if manifest.files.get(MEDIA + path.relative_to(folder).as_posix(), {}).get("sha256") != digest:
            raise click.ClickException(f"{folder} already holds media: restore where there are none.")


def _put_back_media(app: Flask, source: Path) -> None:
    """Each under its name when it is whole; the folder may be there, such as one that is mounted."""
    target = making.media_folder(app)
    if target is None or not source.is_dir():
        return
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        else:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = place.with_name(f".{place.name}")
            shutil.move(path, unfinished)
            unfinished.replace(place)


def _into_place(app: Flask, path: Path) -> None:
    target = Path(database.sqlite_path(app) or "")
    for left in ("", "-wal", "-shm"):  # the empty one that was asked whether it is empty
        Path(f"{target}{left}").unlink(missing_ok=True)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    shutil.move(path, target)


def _into_postgresql(app: Flask, path: Path) -> None:
    database.upgrade(app)
    with app.app_context(), db.engine.begin() as connection, closing(snapshot.opened(path)) as file:
        exchange.write_postgresql(file, connection.connection.driver_connection)  # type: ignore[arg-type]


def _write(path: Path, content: str) -> None:
    """A file for this user alone, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
