"""The site with two pages more: one takes its time, one says who asks."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from flask import request

from blog import create_app

app = create_app()


@app.get("/slow")
def slow() -> str:
    time.sleep(float(request.args["seconds"]))
    return "done"


@app.get("/who")
def who() -> dict[str, str | None]:
    return {
        "address": request.remote_addr,
        "scheme": request.scheme,
        "host": urlsplit(request.host_url).hostname,
    }
