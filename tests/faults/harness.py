"""Faults on purpose: a site that is broken while people write, and what must be true afterwards.

The oracle is Jepsen's for sets: what was acknowledged is found, what is found was tried, each once, and the database
is sound. A scenario raises Wrong when something else comes out; what it returns are its figures, for the report.
"""

from __future__ import annotations

import http.client
import re
import secrets
import sqlite3
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import FLASK, RunningSite, run, wait_for

ARTICLE = "/posts/gluteus-maximus-trigger-points"
FORM = "application/x-www-form-urlencoded"

Run = Callable[[Path], str]


class Wrong(Exception):
    """It did not come out as it should."""


@dataclass(frozen=True)
class Scenario:
    """One fault: how it is made, and what must come out."""

    name: str
    fault: str
    expected: str
    run: Run


SCENARIOS: list[Scenario] = []


def fault(name: str, what: str, expected: str) -> Callable[[Run], Run]:
    """Register a scenario; it gets an empty folder."""

    def register(function: Run) -> Run:
        SCENARIOS.append(Scenario(name, what, expected, function))
        return function

    return register


def expect(condition: object, told: str) -> None:
    """Raises Wrong."""
    if not condition:
        raise Wrong(told)


@dataclass
class Said:
    """An answer."""

    status: int
    text: str
    seconds: float


def ask(site: RunningSite, path: str, body: dict[str, str] | None = None, sender: int = 0, seconds: float = 30) -> Said:
    """A GET, or a POST of a form, from an address of one's own; status 0 where there was no whole answer."""
    headers = {"X-Forwarded-For": f"198.18.{sender >> 8 & 255}.{sender & 255}", "Sec-Fetch-Site": "same-origin"}
    data = urllib.parse.urlencode(body) if body is not None else None
    if data is not None:
        headers["Content-Type"] = FORM
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=seconds)) as connection:
        try:
            connection.request("GET" if data is None else "POST", path, data, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return Said(0, "", time.monotonic() - began)
    return Said(answer.status, text, time.monotonic() - began)


@contextmanager
def again_and_again(does: Sequence[Callable[[], object]], pause: float = 0.0) -> Iterator[None]:
    """Meanwhile each of these is done in a thread of its own, with a pause in between."""
    stop = threading.Event()

    def run(do: Callable[[], object]) -> None:
        while not stop.is_set():
            do()
            time.sleep(pause)

    threads = [threading.Thread(target=run, args=(do,)) for do in does]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@dataclass
class Ledger:
    """Who writes what, and what was acknowledged."""

    site: RunningSite
    token: str = ""
    tried: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    refused: list[int] = field(default_factory=list)
    senders: int = 0

    @classmethod
    def of(cls, site: RunningSite) -> Ledger:
        return cls(site, token_of(site))

    def form(self, mark: str) -> dict[str, str]:
        body = f"Is this safe? {mark}"
        return {"name": "Ada", "email": "", "body": body, "token": self.token, "website": ""}

    def write(self, seconds: float = 30) -> Said:
        """Send one comment."""
        mark = secrets.token_hex(8)
        self.senders += 1
        self.tried.add(mark)
        said = ask(self.site, f"{ARTICLE}/comments", self.form(mark), self.senders, seconds)
        if said.status == 303:
            self.acknowledged.add(mark)
        else:
            self.refused.append(said.status)
            time.sleep(0.02)  # nobody hammers a site that is away
        return said

    @contextmanager
    def many(self, clients: int, pause: float = 0.0) -> Iterator[None]:
        """Meanwhile so many clients write, one comment after the other."""
        with again_and_again([self.write] * clients, pause):
            yield

    def check(self, file: Path) -> str:
        """The oracle. Raises Wrong."""
        found = marks_in(file)
        expect(len(found) == len(set(found)), f"{len(found) - len(set(found))} stored twice")
        lost = self.acknowledged - set(found)
        expect(not lost, f"{len(lost)} of {len(self.acknowledged)} acknowledged comments lost")
        expect(set(found) <= self.tried, "something was stored that nobody sent")
        return f"{len(self.acknowledged)} acknowledged, {len(found)} found, 0 lost, 0 twice"


def marks_in(file: Path) -> list[str]:
    """The marks of all comments in a database, which is looked through. Raises Wrong."""
    with closing(sqlite3.connect(file, timeout=10)) as database:
        sound = database.execute("PRAGMA integrity_check").fetchone()[0]
        pointing = database.execute("PRAGMA foreign_key_check").fetchall()
        rows = database.execute("SELECT body FROM comment_revisions WHERE body LIKE 'Is this%'").fetchall()
    expect(sound == "ok", f"the database is damaged: {sound}")
    expect(not pointing, f"rows point nowhere: {pointing[:3]}")
    return [body.rpartition(" ")[2] for (body,) in rows]


def token_of(site: RunningSite) -> str:
    """The token of the comment form."""
    found = re.search(r'name="token"[^>]*value="([^"]+)"', ask(site, ARTICLE).text)
    if found is None:
        raise Wrong("the article has no comment form")
    return found[1]


@contextmanager
def served(instance: Path, *more: str, command: tuple[str, ...] = (), **settings: str) -> Iterator[RunningSite]:
    """A site with the samples, behind one proxy."""
    settings = {"BLOG_TRUSTED_PROXIES": "1", "BLOG_BACKUP_KEEP": "0", **settings}
    site = RunningSite(instance, command or (FLASK, "serve", "--sample", *more), **settings)
    try:
        yield site.wait_until_up(240)
    finally:
        site.kill()


@contextmanager
def traced(pid: int, call: str, injected: str) -> Iterator[None]:
    """Meanwhile the system answers a process's `call` as told, such as "error=ENOSPC:when=3"."""
    rule = ("-e", f"trace={call}", "-e", f"inject={call}:{injected}")
    tracer = subprocess.Popen(
        ("strace", "-f", "-o", "/dev/null", *rule, "-p", str(pid)), stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    status = Path(f"/proc/{pid}/status")
    try:
        attached = wait_for(lambda: not status.exists() or f"TracerPid:\t{tracer.pid}\n" in status.read_text(), 10)
        expect(attached, "strace could not attach")
        yield
    finally:
        tracer.kill()  # what it traced may be dead and not collected yet, then it waits for ever
        tracer.wait(10)


def no_trace_in(said: Said) -> None:
    """An answer may say that something is wrong, never where."""
    expect("Traceback" not in said.text and "sqlite3." not in said.text, "a trace in the answer")


def flask(instance: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return run(FLASK, *words, BLOG_INSTANCE_PATH=str(instance), **settings)
