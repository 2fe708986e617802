"""In front of the application: the client's proven address, scheme and host; requests for other hosts are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from blog import errors, headers, request_id
from blog.network import Client, Clients, Malformed

CLIENT = "blog.client"  # in the environment: who asks, where the server has found out already

Environ = dict[str, Any]


class KnownClients:
    """WSGI middleware, the outermost. A server in front of it must drop header names with underscores."""

    def __init__(self, app: Flask, clients: Clients) -> None:
        self._app = app
        self._next = app.wsgi_app
        self._clients = clients

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if CLIENT not in environ:
            try:
                tell(environ, self._clients.of(environ.get("REMOTE_ADDR", ""), _told(environ), environ["PATH_INFO"]))
            except Malformed:
                return self._refused(environ, start_response)
        return self._next(environ, start_response)

    def _refused(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._app.test_request_context("/"):
            return headers.add(self._app.make_response(errors.plain_page(400)))(environ, start_response)


def tell(environ: Environ, client: Client) -> None:
    """Have the application see `client` and nothing that was only claimed."""
    environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"] = (
        client.address,
        client.scheme,
        client.host,
    )
    environ[CLIENT] = client
    environ[request_id.KEY] = request_id.told(client.request_id)


def _told(environ: Environ) -> dict[str, str]:
    """The headers that say who asks, and for what."""
    names = ("host", "x-request-id", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port")
    keys = {name: "HTTP_" + name.upper().replace("-", "_") for name in names}
    return {name: environ[key] for name, key in keys.items() if key in environ}


def init_app(app: Flask) -> None:
    clients = Clients(app.config["BLOG_TRUSTED_PROXIES"], app.config["BLOG_SITE_URL"])
    app.extensions["clients"] = clients
    app.wsgi_app = KnownClients(app, clients)  # type: ignore[method-assign]
