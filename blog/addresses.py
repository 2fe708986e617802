"""The paths and the public address of what this site shows, and whether a form was sent from there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, has_request_context
from flask.globals import request_ctx

PATHS_KEPT = 4096
PATH_MAX_CHARS = 200  # of one that is kept: what somebody asked for can be long


class Application(Flask):
    """Flask, which remembers the paths that it built: building one takes as long as rendering five comments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._paths: dict[tuple[object, ...], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """As Flask's. Only a path is remembered, which follows from the words alone; an address has a host in it."""
        adapter = request_ctx.url_adapter if has_request_context() else None
        if adapter is None or endpoint.startswith(".") or not _are_plain(values.values()):
            return super().url_for(endpoint, **values)
        key = (adapter.script_name, adapter.default_method, endpoint, *values.items())
        path = self._paths.get(key)
        if path is None:
            path = super().url_for(endpoint, **values)
            if path.startswith("/") and values.get("_scheme") is None and len(path) <= PATH_MAX_CHARS:
                self._keep(key, path)
        return path

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: nothing here is a coroutine, and Flask would look a dozen times for each request."""
        return func

    def _keep(self, key: tuple[object, ...], path: str) -> None:
        if len(self._paths) >= PATHS_KEPT:
            self._paths.clear()
        self._paths[key] = path


_PLAIN = frozenset((str, int, type(None)))  # two of these are alike only if they are written alike: no True, no 1.0


def _are_plain(values: Collection[object]) -> bool:
    return _PLAIN.issuperset(map(type, values)) or all(
        type(value) in _PLAIN or isinstance(value, StrEnum) for value in values
    )


def absolute(path: str) -> str:
    """The public address of a path: from the settings, never from what a client sent."""
    return str(current_app.config["BLOG_SITE_URL"]) + path


def came_from_here(request: Request) -> bool:
    """Whether the browser says that this site's own page sent the form; a client that says nothing is believed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = {request.host, urlsplit(current_app.config["BLOG_SITE_URL"]).netloc}
    return origin.partition("://")[2] in own
