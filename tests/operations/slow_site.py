"""The site with one page more, which takes its time."""

from __future__ import annotations

import time

from flask import request

from blog import create_app

app = create_app()


@app.get("/slow")
def slow() -> str:
    time.sleep(float(request.args["seconds"]))
    return "done"
