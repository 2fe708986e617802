"""Is this site well? Each check looks at one thing and says what it found, how bad that is, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from blog.database import db
from blog.operations.doctor import machine, site, stored
from blog.operations.doctor.findings import Finding, Level

Check = Callable[[Flask], Iterator[Finding]]

WITHOUT_DATABASE: tuple[Check, ...] = (machine.settings, machine.files, machine.disk, machine.clock_is_set)
FIRST: Check = stored.schema  # those below ask nothing where this one finds no database to ask
WITH_DATABASE: tuple[Check, ...] = (
    stored.journal,
    stored.replica,
    stored.file_system,
    stored.time,
    site.worker,
    site.jobs_go_well,
    site.mail,
    site.media,
    site.pages_are_dropped,
    site.cdn,
    site.backups,
)
THOROUGH: tuple[Check, ...] = (
    stored.sound,
    stored.values,
    stored.indexes_agree,
    site.search,
    site.pictures_are_whole,
    site.mail_server_answers,
    site.cdn_takes_purges,
    site.bell_answers,
)  # seconds, or longer: not while a page waits

log = logging.getLogger("blog.doctor")


def examine(app: Flask, thorough: bool) -> list[Finding]:
    """All that was found, in a fixed order; call inside an app context. A check that fails is a finding, too."""
    found = [finding for check in WITHOUT_DATABASE for finding in _looked(check, app)]
    first = _looked(FIRST, app)
    found += first
    if any(finding.level is Level.BAD for finding in first):
        return found
    checks = (*WITH_DATABASE, *THOROUGH) if thorough else WITH_DATABASE
    return found + [finding for check in checks for finding in _looked(check, app)]


def worst(found: list[Finding]) -> Level:
    """The worst of them."""
    return max((finding.level for finding in found), default=Level.GOOD)


def _looked(check: Check, app: Flask) -> list[Finding]:
    try:
        return list(check(app))
    except Exception as error:  # a damaged database can hold anything, such as JSON that is none
        log.warning("a check could not be made", extra={"check": check.__name__, "cause": type(error).__name__})
        name = check.__name__.replace("_", " ")
        return [Finding(name, Level.BAD, f"could not be looked at: {type(error).__name__}", "Look into the log.")]
    finally:
        with suppress(SQLAlchemyError):  # a damaged database may fail at this, too
            db.session.rollback()
