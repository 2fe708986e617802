"""People who come through nginx while machines are cut off: each notes what must be true afterwards."""

from __future__ import annotations

import http.client
import io
import secrets
import ssl
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from blog.posts.models import Post
from tests.faults.harness import FORM
from tests.faults.rolling import new_mark
from tests.fronts import NAME, Proxy
from tests.media.files import file
from tests.nodes import ADDRESSES, PROMISED_SECONDS, Board, Writers

IMPATIENT_SECONDS = 3.0  # after which somebody who was not answered sends the same again
PAUSE_SECONDS = 0.1
SENT_SECONDS = 1.0  # between two pictures
COULD_NOT = "could not be kept just now"  # what is said of a picture that may be sent again


def said(proxy: Proxy, path: str, body: str | bytes = "", seconds: float = 60, **headers: str) -> tuple[int, str]:
    """Status and text of an answer through nginx. Raises OSError or HTTPException where there is none."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    kind = {"Content-Type": FORM} if body else {}
    more = {"Host": NAME, "Sec-Fetch-Site": "same-origin", **kind, **headers}
    with closing(http.client.HTTPSConnection(proxy.host, proxy.port, timeout=seconds, context=context)) as connection:
        connection.request("POST" if body else "GET", path, body or None, more)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")


@dataclass
class Insistent:
    """Sends each comment again until it is taken, whatever was answered or not; `stored` are the marks."""

    proxy: Proxy
    token: str
    stop: threading.Event
    stored: list[str] = field(default_factory=list)
    repeated: int = 0

    def run(self) -> None:
        while not self.stop.is_set():
            mark = new_mark()
            fields = {"name": "Ada", "email": "", "body": f"Is it {mark}?", "token": self.token, "website": ""}
            while not self._taken(urllib.parse.urlencode(fields)):
                if self.stop.is_set():
                    return
                self.repeated += 1
                time.sleep(PAUSE_SECONDS)
            self.stored.append(mark)
            time.sleep(PAUSE_SECONDS)

    def _taken(self, form: str) -> bool:
        try:
            return said(self.proxy, "/posts/one/comments", form, IMPATIENT_SECONDS)[0] == 303
        except (OSError, http.client.HTTPException):
            return False


@dataclass
class Photographer:
    """An author who brings one picture after the other. `told` is what was answered, by the name of the file."""

    proxy: Proxy
    cookie: str
    token: str
    stop: threading.Event
    told: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def kept(self) -> set[str]:
        """Names of the pictures of which it was said that they are kept."""
        return {name for name, (status, _) in self.told.items() if status == 200}

    @property
    def last(self) -> int:
        """How the picture before the one on its way was answered."""
        return list(self.told.values())[-2][0]

    def run(self) -> None:
        while not self.stop.is_set():
            name = f"p{secrets.token_hex(6)}"
            self.told[name] = 0, ""
            try:
                self.told[name] = self._bring(name)
            except (OSError, http.client.HTTPException) as error:
                self.told[name] = 0, type(error).__name__
            self.stop.wait(SENT_SECONDS)

    def _bring(self, name: str) -> tuple[int, str]:
        noise = Image.frombytes("RGB", (300, 40), secrets.token_bytes(300 * 40 * 3))
        sent = FileStorage(io.BytesIO(file(noise)), f"{name}.png")
        boundary, body = encode_multipart(MultiDict([("csrf_token", self.token), ("files", sent)]))
        kind = f"multipart/form-data; boundary={boundary}"
        headers = {"Cookie": self.cookie, "Accept": "application/json", "Content-Type": kind}
        return said(self.proxy, "/desk/media", body, 120, **headers, Referer=f"https://{NAME}/desk/media")


@dataclass
class Moderator:
    """Approves and takes back, one after the other, on the database itself; `board` holds what is true."""

    writer: Flask
    post: Post
    board: Board
    stop: threading.Event
    is_away: bool = False
    rounds: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        writers = Writers([self], self.board, self.post)
        while not self.stop.is_set():
            with self._turn:
                writers.round()
                self.rounds += 1
            time.sleep(PAUSE_SECONDS)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Meanwhile nothing is decided."""
        with self._turn:
            yield


@dataclass
class Watcher:
    """Reads what is public, and whether it is what was decided a second before."""

    proxy: Proxy
    board: Board
    stop: threading.Event
    answers: int = 0
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        while not self.stop.is_set():
            for address in ADDRESSES:
                asked = time.monotonic()
                try:
                    status, text = said(self.proxy, address)
                except (OSError, http.client.HTTPException):
                    continue
                if status == 200:
                    self.answers += 1
                    late = [one for one in self.board.wrongs(asked, text) if one[2] > PROMISED_SECONDS]
                    self.wrong += [f"{mark} at {address} after {seconds:.1f} s" for mark, _, seconds in late]
            time.sleep(PAUSE_SECONDS)
