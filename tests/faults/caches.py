"""Caches between the site and its readers: what was taken back is gone there, too."""

from __future__ import annotations

import gzip
import http.client
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask

from blog import create_app
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.posts.models import Post
from blog.purges import AGAIN_SECONDS
from tests.faults.harness import ARTICLE, expect, fault, served
from tests.make import Make
from tests.nodes import approve, erase, hold, withdraw
from tests.processes import ROOT, free_port, wait_for

ROUNDS = 12
PROMISED_SECONDS = 20.0  # within which a CDN has been told twice
PLACES = (ARTICLE, "/comments.atom", f"{ARTICLE}/comments.atom")
ENCODINGS = ("gzip", "identity")


@fault(
    "F31",
    f"Varnish in front keeps pages for an hour; {ROUNDS} comments are approved, then withdrawn, held or erased, "
    "while readers ask all along",
    "each is seen when it is approved and gone when it is taken back, within 20 s, whole, packed and by old ETag; "
    "then all pages come from Varnish again",
)
def behind_varnish(place: Path) -> str:
    readers, purges = free_port(), free_port()
    settings = {
        "BLOG_KEY_HEADER": "xkey",
        "BLOG_PURGE_URL": f"http://127.0.0.1:{purges}/",
        "BLOG_CDN_SECONDS": "3600",
    }
    port = free_port()
    with varnish(place, port, readers, purges), served(place, PORT=str(port), **settings):
        app = create_app({"BLOG_INSTANCE_PATH": str(place), **settings})
        with app.app_context():
            post = db.session.scalars(db.select(Post).filter_by(slug=ARTICLE.rpartition("/")[2])).one()
        expect(_purged_by_a_reader(readers) != 200, "a reader could purge")
        seen, gone = 0.0, 0.0
        for number in range(ROUNDS):
            mark = f"MARK{number}x"
            comment = Make(app).comment(post, body=f"Is it {mark}?", sender=f"10.1.{number}.1")
            expect(not any(mark in text for text in _texts(readers)), "shown before anybody approved it")
            tags = _tags(readers)
            seen = max(
                seen, _until(app, comment.id, approve, lambda m=mark: all(m in text for text in _texts(readers)))
            )
            expect(all(_status(readers, path, tag) == 200 for path, tag in tags.items()), "an old ETag still held")
            verb = (withdraw, hold, erase)[number % 3]
            gone = max(gone, _until(app, comment.id, verb, lambda m=mark: not any(m in t for t in _texts(readers))))
        time.sleep(2 * AGAIN_SECONDS)
        _texts(readers)
        time.sleep(1.1)  # an answer's age is counted in whole seconds
        hits = sum(_is_hit(readers, path) for path in PLACES)
        with app.app_context():
            db.engine.dispose()
    expect(seen < PROMISED_SECONDS and gone < PROMISED_SECONDS, f"seen after {seen:.1f} s, gone after {gone:.1f} s")
    expect(hits == len(PLACES), f"{hits} of {len(PLACES)} pages were kept by Varnish")
    return f"seen within {seen:.1f} s, gone within {gone:.1f} s each time; then all pages come from Varnish again"


@contextmanager
def varnish(folder: Path, site: int, readers: int, purges: int) -> Iterator[None]:
    """Varnish with deploy/varnish.vcl, on ports of this machine."""
    text = (ROOT / "deploy" / "varnish.vcl").read_text()
    expect('.port = "8000"' in text, "deploy/varnish.vcl names another port")
    configuration = folder / "varnish.vcl"
    configuration.write_text(text.replace('.port = "8000"', f'.port = "{site}"'))
    work = folder / "varnish"
    command = (shutil.which("varnishd") or "varnishd", "-F", "-n", str(work), "-f", str(configuration))
    doors = ("-a", f"readers=127.0.0.1:{readers}", "-a", f"purges=127.0.0.1:{purges}", "-s", "malloc,64m")
    process = subprocess.Popen(
        (*command, *doors, "-j", "none", "-p", "backend_idle_timeout=10"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        expect(wait_for(lambda: _status(readers, "/metrics") == 404, 30), "Varnish did not start")
        yield
    finally:
        process.terminate()
        process.wait(20)


def _until(app: Flask, comment_id: int, verb: Callable[[Comment], object], question: Callable[[], bool]) -> float:
    """Do it; how long after its commit the question is answered with yes."""
    with app.app_context():
        begin_write()
        verb(db.session.get_one(Comment, comment_id))
        db.session.commit()
    began = time.monotonic()
    expect(wait_for(question, 2 * PROMISED_SECONDS), f"not so after {2 * PROMISED_SECONDS} s")
    return time.monotonic() - began


def _ask(port: int, path: str, **headers: str) -> tuple[int, str, http.client.HTTPMessage]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
    if answer.headers["Content-Encoding"] == "gzip":
        body = gzip.decompress(body)
    return answer.status, body.decode(), answer.headers


def _status(port: int, path: str, tag: str = "") -> int:
    try:
        return _ask(port, path, **({"If-None-Match": tag} if tag else {}))[0]
    except OSError:
        return 0


def _texts(port: int) -> list[str]:
    """What readers are shown, in each place and encoding."""
    return [_ask(port, path, **{"Accept-Encoding": encoding})[1] for path in PLACES for encoding in ENCODINGS]


def _tags(port: int) -> dict[str, str]:
    return {path: _ask(port, path)[2]["ETag"] for path in PLACES}


def _is_hit(port: int, path: str) -> bool:
    """Whether Varnish had it: then it knows how old it is."""
    return _ask(port, path)[2]["Age"] not in (None, "0")


def _purged_by_a_reader(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", "/", headers={"Surrogate-Key": "site", "Content-Length": "0"})
        return connection.getresponse().status
