"""What is made once and bound to the app in `create_app`: session and replica, jobs and their bell, forms' tokens."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from blog import bell, database, jobs, replica

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Bind everything to the app."""
    database.init_app(app)
    replica.init_app(app)
    csrf.init_app(app)
    jobs.jobs.init_app(app)
    bell.init_app(app)
