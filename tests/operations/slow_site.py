"""The site with two pages more: one waits to be let go, one says who asks.

It finishes what runs for longer than the site itself: the end of a test must not hang on how fast the machine is.
"""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

from flask import request

from blog import create_app
from blog.operations import server

server.DRAIN_SECONDS = 240

app = create_app()


@app.get("/held")
def held() -> str:
    """Says in `folder` that it runs, by the file "in", and waits there for the file "go"."""
    folder, end = Path(request.args["folder"]), time.monotonic() + 200
    (folder / "in").touch()
    while not (folder / "go").exists() and time.monotonic() < end:
        time.sleep(0.02)
    return "done"


@app.get("/who")
def who() -> dict[str, str | None]:
    return {
        "address": request.remote_addr,
        "scheme": request.scheme,
        "host": urlsplit(request.host_url).hostname,
    }
