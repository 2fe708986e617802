"""Of the database: its schema, whether it is sound, and whether it can keep what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, Table, column, func, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from blog.checksums import Damaged, Summed, is_whole
from blog.clock import now
from blog.comments.models import Comment
from blog.database import Base, begin_write, db
from blog.operations import database
from blog.operations.doctor.findings import Finding, bad, care, good
from blog.operations.filesystems import network_file_system
from blog.replica import Outcome, Replica

APART = timedelta(seconds=5)  # between two clocks that are both kept right
INDEX_BLOCKS = 5_000  # of 4 kB, at most: a second of looking
ROWS_AT_ONCE = 1_000
NAMED = 5  # rows


def schema(app: Flask) -> Iterator[Finding]:
    """Does it answer, with the schema of this code?"""
    try:
        with db.engine.connect() as connection:
            found, newest = database.revision_of(connection), database.newest_revision()
    except SQLAlchemyError as error:
        first = (str(getattr(error, "orig", error)).strip().splitlines() or [""])[0]
        yield bad("database", f"cannot be used: {first}", "Start it, or correct BLOG_DATABASE_URL.")
        return
    if found == newest:
        yield good("database", f"{db.engine.dialect.name}, schema {found}")
    elif found is None or found in database.revisions():
        yield bad(
            "database", f"schema {found}, this code wants {newest}", "Run “flask init”, or restart “flask serve”."
        )
    else:
        yield bad("database", f"schema {found} is newer than this code, which knows {newest}", "Start the newer code.")


def journal(app: Flask) -> Iterator[Finding]:
    """Does what was acknowledged survive a power cut?"""
    if db.engine.dialect.name == "sqlite":
        mode = db.session.scalar(text("PRAGMA journal_mode"))
        syncs = db.session.scalar(text("PRAGMA synchronous"))
        if (mode, syncs) == ("wal", 2):
            yield good("durability", "write-ahead log, every commit is synced")
        else:
            yield bad("durability", f"journal mode {mode}, synchronous {syncs}", "Stop what else opens the database.")
        return
    values = {name: db.session.scalar(text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit")}
    if values["fsync"] == "on" and values["synchronous_commit"] != "off":
        yield good("durability", "every commit is synced")
    else:
        said = ", ".join(f"{name} {value}" for name, value in values.items())
        yield bad("durability", f"{said}: a power cut loses comments", "Switch both on in postgresql.conf.")


def replica(app: Flask) -> Iterator[Finding]:
    """Are public pages made from it?"""
    named: Replica | None = app.extensions.get("replica")
    if named is None:
        return
    found = named.look()
    if found.outcome is Outcome.READ:
        yield good("replica", "public pages are made from it")
        return
    what, to_do = {
        Outcome.BEHIND: (f"it is {found.behind_bytes:,} bytes behind", "Look whether its replay is paused."),
        Outcome.STRANGER: ("it does not follow this database", "Let BLOG_REPLICA_URL name a standby of it."),
        Outcome.FAILED: (f"cannot be used: {found.problem}", "Start it, or correct BLOG_REPLICA_URL."),
    }[found.outcome]
    yield care("replica", f"{what}; pages are made from the primary meanwhile", to_do)


def file_system(app: Flask) -> Iterator[Finding]:
    """Does the file lie where locks can be relied on?"""
    path = database.sqlite_path(app)
    if path is None:
        return
    kind = network_file_system(Path(path))
    if kind:
        yield bad("file system", f"SQLite on {kind}, whose locks cannot be relied on", "Move it to a disk of its own.")
    else:
        yield good("file system", "local")


def time(app: Flask) -> Iterator[Finding]:
    """Do this clock and what is stored agree?"""
    if db.engine.dialect.name == "postgresql":
        apart = abs(db.session.execute(select(func.clock_timestamp())).scalar_one() - now())
        if apart > APART:
            yield bad("time", f"{apart.total_seconds():.0f} s from the database's clock", "Switch on NTP on both.")
            return
    newest = db.session.scalar(select(func.max(Comment.created_at)))
    if newest is not None and newest > now() + APART:
        yield bad("time", f"a comment is from {newest:%Y-%m-%d %H:%M} UTC, which has not come", "Set the clock.")
    else:
        yield good("time", f"{now():%Y-%m-%d %H:%M} UTC")


def sound(app: Flask) -> Iterator[Finding]:
    """Is every page of the file whole, and does every row point somewhere?"""
    if db.engine.dialect.name != "sqlite":
        return
    said = [line for (line,) in db.session.execute(text("PRAGMA integrity_check(3)"))]
    astray = db.session.execute(text("PRAGMA foreign_key_check")).all()
    if said != ["ok"]:
        yield bad("integrity", "; ".join(said)[:200], "Stop the site and restore a backup.")
    elif astray:
        yield bad("integrity", f"{len(astray)} rows point nowhere", "Stop the site and restore a backup.")
    else:
        yield good("integrity", "whole")


def indexes_agree(app: Flask) -> Iterator[Finding]:
    """Do the full-text indexes say what the texts do? SQLite's look at the whole file does not ask them.

    Comments wait meanwhile, so a large index is left out: it can only find less, never show another text.
    """
    if db.engine.dialect.name != "sqlite":
        return
    named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%USING fts5(%'"
    wrong = []
    for (name,) in db.session.execute(text(named)).all():
        if (db.session.scalar(select(func.count()).select_from(table(f"{name}_data"))) or 0) > INDEX_BLOCKS:
            continue
        begin_write()
        try:
            index = table(name, column(name), column("rank"))
            db.session.execute(index.insert().values({name: "integrity-check", "rank": 1}))
        except SQLAlchemyError:
            wrong.append(name)
        db.session.rollback()
    if wrong:
        what = f"not what the texts say: {', '.join(wrong)}"
        yield bad("full-text index", what, "Stop the site and restore a backup.")
    else:
        yield good("full-text index", "agrees with the texts")


def values(app: Flask) -> Iterator[Finding]:
    """Can every row be read, and does what people read say what was written? A million rows take half a minute."""
    damaged: list[Damaged] = []
    unsummed: list[str] = []
    for stored in Base.metadata.sorted_tables:
        with db.engine.connect() as connection:
            damaged += _damaged_in(stored, connection)
            unsummed += _unsummed_in(stored, connection)
    for row in damaged:
        row.note()
    if damaged:
        rows = list(dict.fromkeys(map(str, damaged)))
        named = ", ".join(rows[:NAMED]) + (" and others" if len(rows) > NAMED else "")
        yield bad("texts", f"not what was written, and not shown: {named}", "Stop the site and restore a backup.")
    else:
        yield good("texts", "say what was written")
    if unsummed:
        what = f"without a checksum yet, and not shown until they have one: {', '.join(unsummed)}"
        yield care("new texts", what, "Stop what runs the old version and restart the site: a job sums them then.")


def _unsummed_in(stored: Table, connection: Connection) -> Iterator[str]:
    """How many rows of a table never had the checksum that they should have, in words."""
    if _model_of(stored) is not None:
        many = connection.scalar(select(func.count()).where(stored.c.checksum == ""))
        if many:
            yield f"{many} of {stored.name}"


def _model_of(stored: Table) -> type[Summed] | None:
    return next((one for one in Summed.__subclasses__() if one.__tablename__ == stored.name), None)


def _damaged_in(stored: Table, connection: Connection) -> Iterator[Damaged]:
    """Rows that are not what was written, with their numbers; the table alone where it cannot be read to its end."""
    model = _model_of(stored)
    (key, *_) = stored.primary_key.columns
    try:
        for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(stored)):
            if model is None or not row.checksum:
                continue
            if not all(is_whole(model, part, row) for part in range(len(model.SUMMED))):
                yield Damaged(stored.name, row._mapping[key])
    except Exception:  # no text, no moment, no data: whatever stands there
        yield from _unreadable_in(stored, connection)


def _unreadable_in(stored: Table, connection: Connection) -> Iterator[Damaged]:
    """Rows that cannot be read, one by one; the table where not even their numbers can."""
    (key, *_) = stored.primary_key.columns
    try:
        numbers = connection.scalars(select(key)).all()
    except Exception as error:
        yield Damaged(stored.name, f"({type(error).__name__})")
        return
    for number in numbers:
        try:
            connection.execute(select(stored).where(key == number)).all()
        except Exception:
            yield Damaged(stored.name, number)
