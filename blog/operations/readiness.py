"""Can this machine serve? Found out by doing it: the database is read and written."""

from __future__ import annotations

import logging
import threading
import time

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from blog.database import begin_write, db
from blog.operations import database

HOLDS_SECONDS = 1.0  # so that many who ask cost no more than one

log = logging.getLogger("blog.operations")

# The row that names the schema, written anew as it is: nothing changes, and the disk has to take it.
_WRITE = text("UPDATE alembic_version SET version_num = version_num WHERE version_num = :newest")


class Readiness:
    """What was found last, for a moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found_at = -HOLDS_SECONDS
        self._problem = ""

    def problem(self) -> str:
        """What keeps this machine from serving; empty if nothing does."""
        with self._lock:
            if time.monotonic() - self._found_at > HOLDS_SECONDS:
                self._problem = _found()
                self._found_at = time.monotonic()
            return self._problem


def _found() -> str:
    try:
        begin_write()
        written = db.session.connection().execute(_WRITE, {"newest": database.newest_revision()})
        db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("not ready", extra={"cause": type(error).__name__})
        return "the database cannot be read and written"
    return "" if written.rowcount == 1 else "the schema is not current: run flask init"


def init_app(app: Flask) -> None:
    app.extensions["readiness"] = Readiness()
