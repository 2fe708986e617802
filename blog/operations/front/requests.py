"""A whole request, as the application gets it. Pure."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from blog.clients import tell
from blog.network import Client, Clients, Malformed

Environ = dict[str, Any]

# What the front has dealt with itself, or what describes one hop alone.
HOP_BY_HOP = frozenset(
    {"connection", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)

# Names as browsers and proxies spell them, made small once.
COMMON = {
    spelling.encode(): name
    for name in (
        "host",
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "if-none-match",
        "origin",
        "referer",
        "sec-fetch-dest",
        "sec-fetch-mode",
        "sec-fetch-site",
        "upgrade-insecure-requests",
        "user-agent",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
    )
    for spelling in (name, name.title())
}


@dataclass(slots=True)
class Request:
    """Everything a client sent, its header names in small letters, repeated ones joined."""

    peer: tuple[str, int]
    server: tuple[str, int]
    method: str = ""
    target: str = ""  # as it stands in the request
    path: str = ""  # unquoted, in WSGI's way: each character is one byte
    query: str = ""
    authority: str = ""  # the host of an absolute address
    version: str = "1.1"
    is_last: bool = False  # on its connection
    client: Client | None = None  # who asks, once the header is whole
    name: str = ""  # in the log, where the front answers instead of the application
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    def aim(self, target: bytes) -> None:
        """Take what the request line asks for. Raises Malformed."""
        self.path, self.query, self.authority = parts_of(target)
        self.target = target.decode("latin-1")

    def find_client(self, clients: Clients) -> None:
        """Find out who asks for which site; an absolute address counts more than the Host header. Raises Malformed."""
        if self.authority:
            self.headers["host"] = self.authority
        self.client = clients.of(self.peer[0], self.headers, self.path)

    def environ(self) -> Environ:
        """What WSGI wants to know."""
        environ: Environ = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "RAW_URI": self.target,
            "REQUEST_URI": self.target,
            "SERVER_NAME": self.server[0],
            "SERVER_PORT": str(self.server[1]),
            "SERVER_PROTOCOL": f"HTTP/{self.version}",
            "REMOTE_PORT": str(self.peer[1]),
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.input": BytesIO(self.body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            if name == "content-type":
                environ["CONTENT_TYPE"] = value
            elif name != "content-length" and name not in HOP_BY_HOP:
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        if self.client is not None:
            tell(environ, self.client)
        return environ


def parts_of(target: bytes) -> tuple[str, str, str]:
    """Path, query and authority of what a request line asks for. Raises Malformed."""
    authority = b""
    if not target.startswith(b"/"):
        scheme, separator, rest = target.partition(b"://")
        if not separator or scheme.lower() not in (b"http", b"https"):
            raise Malformed
        authority, slash, rest = rest.partition(b"/")
        if not authority or b"?" in authority or b"#" in authority:
            raise Malformed
        target = slash + rest or b"/"
    if b"#" in target:
        target = target.partition(b"#")[0]
    path, _, query = target.partition(b"?")
    if b"%" in path:
        path = unquote_to_bytes(path)
    return path.decode("latin-1"), query.decode("latin-1"), authority.decode("latin-1")


def put_header(headers: dict[str, str], name: bytes, value: bytes) -> None:
    """Keep one header. Names with an underscore would be taken for those with a hyphen, so they are dropped.

    Raises Malformed for a second Host: which one counts would differ between us and whoever stands in front.
    """
    key = COMMON.get(name) or name.decode("latin-1").lower()
    text = value.decode("latin-1").rstrip(" \t")  # the parser leaves what stands behind
    before = headers.get(key)
    if before is None:
        if "_" not in key:
            headers[key] = text
    elif key == "host":
        raise Malformed
    else:
        headers[key] = f"{before}{'; ' if key == 'cookie' else ','}{text}"
