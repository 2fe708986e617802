"""Room for the few bodies that are larger than a form: files from people who are signed in."""

from __future__ import annotations

from flask import Flask

from blog.operations.front.limits import Limits
from blog.operations.front.requests import Request
from blog.sessions import is_signed, takes_files


class Uploads:
    """Counts the bytes that files may take at one time in this process. Runs on the event loop alone."""

    def __init__(self, app: Flask, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._taken: dict[object, int] = {}

    def refuse(self, sender: object, request: Request, length: int) -> int:
        """The code with which a body of `length` is refused; 0 keeps room for it until `end(sender)`."""
        is_allowed = (
            length <= self._limits.upload_bytes
            and takes_files(request.method, request.path)
            and is_signed(self._app, request.headers.get("cookie", ""))
        )
        if not is_allowed:
            return 413
        if sum(self._taken.values()) + length > self._limits.uploads_bytes:
            return 503
        self._taken[sender] = self._taken.get(sender, 0) + length
        return 0

    def end(self, sender: object) -> None:
        """The body was dealt with, or will not come any more."""
        self._taken.pop(sender, None)
