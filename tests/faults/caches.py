"""Caches between the site and its readers: what was taken back is gone there, too."""

from __future__ import annotations

import gzip
import http.client
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from flask import Flask

from blog import create_app
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.posts.models import Post
from blog.purges import AGAIN_SECONDS
from tests.faults.harness import ARTICLE, expect, fault, flask, served
from tests.make import Make
from tests.nodes import approve, erase, hold, withdraw
from tests.processes import ROOT, free_port, wait_for

ROUNDS = 12
AWAY_SECONDS, BACK_SECONDS = 20.0, 60.0
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


@fault(
    "N02",
    f"for {AWAY_SECONDS:.0f} s Varnish cannot be reached for purges, but by readers; it may keep pages for an hour; "
    "meanwhile a comment is taken back",
    f"readers see it until Varnish is told, flask doctor says so; gone within {BACK_SECONDS:.0f} s after it can be "
    "reached, without anybody's doing",
)
def unreachable(place: Path) -> str:
    readers, purges, port = free_port(), free_port(), free_port()
    with Door(purges) as door, varnish(place, port, readers, purges):
        settings = {
            "BLOG_KEY_HEADER": "xkey",
            "BLOG_PURGE_URL": f"http://127.0.0.1:{door.port}/",
            "BLOG_CDN_SECONDS": "3600",
        }
        with served(place, PORT=str(port), **settings):
            app = create_app({"BLOG_INSTANCE_PATH": str(place), **settings})
            with app.app_context():
                post = db.session.scalars(db.select(Post).filter_by(slug=ARTICLE.rpartition("/")[2])).one()
            comment = Make(app).comment(post, body="Is it MARKAWAYx?", sender="10.1.1.1")
            _until(app, comment.id, approve, lambda: all("MARKAWAYx" in text for text in _texts(readers)))
            time.sleep(2 * AGAIN_SECONDS)  # told the second time
            _texts(readers)
            door.shut()
            with app.app_context():
                begin_write()
                withdraw(db.session.get_one(Comment, comment.id))
                db.session.commit()
            time.sleep(AWAY_SECONDS)
            shown = sum("MARKAWAYx" in text for text in _texts(readers))
            doctor = flask(place, "doctor", **settings).stdout
            expect("could not be told" in doctor, f"doctor said nothing of it: {doctor[-300:]}")
            own = _ask(port, ARTICLE)[1]
            expect("MARKAWAYx" not in own, "the site itself showed it")
            door.open()
            began = time.monotonic()
            gone = wait_for(lambda: not any("MARKAWAYx" in text for text in _texts(readers)), 4 * BACK_SECONDS)
            back = time.monotonic() - began
            with app.app_context():
                db.engine.dispose()
    expect(gone and back < BACK_SECONDS, f"gone {back:.1f} s after Varnish could be reached again")
    return (
        f"shown in {shown} of {len(PLACES) * len(ENCODINGS)} places while away; doctor said so; gone after {back:.1f} s"
    )


class Door:
    """A port that leads to another one of this machine, until it is shut: then nobody answers there."""

    def __init__(self, behind: int) -> None:
        self.port, self._behind = free_port(), behind
        self._server: socketserver.ThreadingTCPServer | None = None

    def __enter__(self) -> Door:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.shut()

    def open(self) -> None:
        behind = self._behind

        class Through(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with socket.create_connection(("127.0.0.1", behind), 10) as other:
                    back = threading.Thread(target=_copy, args=(other, self.request), daemon=True)
                    back.start()
                    _copy(self.request, other)
                    back.join(10)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", self.port), Through)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def shut(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


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
