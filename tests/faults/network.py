"""Two nodes, a machine for jobs, PostgreSQL and nginx, each on a machine of its own; one after the other is cut off."""

from __future__ import annotations

import http.client
import re
import ssl
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from flask import Flask

from blog import create_app
from blog.accounts.models import RoleName
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.media import arriving
from blog.pages.models import FloodMode
from blog.posts.models import Post
from tests.databases import SECRET_KEY, migrated
from tests.faults.harness import FORM, expect, fault
from tests.faults.lan import Machine, machines, postgresql
from tests.faults.rolling import READERS, WRITERS, Crowd
from tests.fronts import NAME, SITE, Proxy, nginx
from tests.make import Make
from tests.media.files import drawing, file
from tests.nodes import PROMISED_SECONDS, approve, withdraw
from tests.processes import FLASK, ROOT, RunningSite, clean_environment, wait_for
from tests.visitors import StaffClient

AWAY_SECONDS, WELL_SECONDS = 8.0, 6.0
COOKIE = "__Host-desk"
PORT = "8000"


@fault(
    "N01",
    "two nodes, a machine for jobs, PostgreSQL and nginx in network namespaces; each node, the database and the "
    f"machine for jobs are cut off for {AWAY_SECONDS:.0f} s, then nodes restart, under readers and writers",
    "one session, one limit and the same pictures on both nodes, decisions on both within 1 s; 0 acknowledged lost, 0 "
    "twice; a node that is away refuses nobody; without the database 503 alone, and well again without a restart",
)
def cut_off(place: Path) -> str:
    with ExitStack() as stack:
        first, second, worker, server, front = stack.enter_context(machines("a", "b", "w", "d", "p"))
        url = stack.enter_context(postgresql(server))
        settings = {
            "BLOG_DATABASE_URL": url,
            "BLOG_SECRET_KEY": SECRET_KEY,
            "BLOG_MEDIA_URL": str(place / "pictures"),
            "BLOG_LEAVE_SECONDS": "1",
            **SITE,
        }
        migrated({"BLOG_INSTANCE_PATH": str(place / "making"), **settings})
        app = create_app({"BLOG_INSTANCE_PATH": str(place / "making"), **settings})
        make = Make(app)
        post = make.post("one")
        nodes = [stack.enter_context(_node(place, one, settings)) for one in (first, second)]
        stack.enter_context(_jobs(place, worker, settings))
        for node in nodes:
            node.wait_until_up(240)
        at = [f"{one.address}:{PORT}" for one in (first, second)]
        proxy = stack.enter_context(nginx(place, at, front.address, front.within))
        told = [_one_session(app, proxy), _one_limit(proxy), _same_pictures(app, proxy), _decided(app, post, at)]
        make.settings(comment_limit=100_000, flood_mode=FloodMode.OFF)
        crowd = Crowd(proxy, _token(proxy))
        with _busy(crowd):
            for name, machine in (("a node", first), ("the other", second), ("the machine for jobs", worker)):
                told.append(f"{name} away: {_without(crowd, machine)} refused")
            expect(not crowd.refused, f"refused: {crowd.refused[:5]}")
            _without(crowd, server)
            wrong = {one for one in crowd.refused if not one.endswith(": 503")}
            expect(not wrong, f"without the database: {sorted(wrong)[:5]}")
            told.append(f"the database away: {len(crowd.refused)} × 503")
            expect(_is_well(crowd), "not well after the database came back")
            crowd.refused.clear()
            for node in nodes:
                node.restart()
                time.sleep(WELL_SECONDS)
            expect(not crowd.refused, f"refused while nodes restarted: {crowd.refused[:5]}")
            told.append("nodes restarted: 0 refused")
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT body FROM comment_revisions WHERE body LIKE 'Is it %'").fetchall()
        with app.app_context():
            db.engine.dispose()
    stored = [re.sub(r"\W+|Is it", "", body) for (body,) in rows]
    expect(len(stored) == len(set(stored)), "something is stored twice")
    expect(set(crowd.stored) <= set(stored), f"{len(set(crowd.stored) - set(stored))} lost")
    return f"{'; '.join(told)}; {len(crowd.answers)} answers, {len(crowd.stored)} acknowledged, 0 lost, 0 twice"


@contextmanager
def _node(place: Path, machine: Machine, settings: dict[str, str]) -> Iterator[RunningSite]:
    command = (*machine.within, FLASK, "serve", "--host", machine.address, "--workers", "1")
    running = RunningSite(place / machine.name, command, PORT=PORT, **settings)
    try:
        yield running
    finally:
        running.kill()


@contextmanager
def _jobs(place: Path, machine: Machine, settings: dict[str, str]) -> Iterator[None]:
    folder = place / machine.name
    folder.mkdir()
    environment = clean_environment(BLOG_INSTANCE_PATH=str(folder), **settings)
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen((*machine.within, FLASK, "worker"), cwd=ROOT, env=environment, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _busy(crowd: Crowd) -> Iterator[None]:
    """Meanwhile people read and write."""
    threads = [threading.Thread(target=one) for one in [crowd.read] * READERS + [crowd.write] * WRITERS]
    for thread in threads:
        thread.start()
    try:
        time.sleep(WELL_SECONDS)
        yield
    finally:
        crowd.stop.set()
        for thread in threads:
            thread.join()


def _without(crowd: Crowd, machine: Machine) -> int:
    """Cut a machine off for a while; how many requests were refused."""
    before = len(crowd.refused)
    with machine.cut_off():
        time.sleep(AWAY_SECONDS)
    time.sleep(WELL_SECONDS)
    return len(crowd.refused) - before


def _is_well(crowd: Crowd) -> bool:
    def asked() -> bool:
        crowd.refused.clear()
        time.sleep(2)
        return not crowd.refused

    return wait_for(asked, 60)


def _one_session(app: Flask, proxy: Proxy) -> str:
    account = Make(app).account(RoleName.AUTHOR)
    client = StaffClient.signed_in(app, account.id, account.fs_uniquifier)
    cookie = client.get_cookie(COOKIE, domain="localhost") or client.get_cookie(COOKIE, domain=NAME)
    expect(cookie, "no cookie")
    statuses = {_said(proxy, "/desk/posts", Cookie=f"{COOKIE}={cookie.value}")[0] for _ in range(12)}
    expect(statuses == {200}, f"the desk answered {statuses}")
    return "one session on both"


def _one_limit(proxy: Proxy) -> str:
    """The limit of a sender is 5 in ten minutes."""
    token = _token(proxy)
    statuses = []
    for number in range(12):
        body = f"May I do this {number} times a day?"
        fields = {"name": "Ada", "email": "", "body": body, "token": token, "website": ""}
        status, page = _said(proxy, "/posts/one/comments", urllib.parse.urlencode(fields))
        expect(status != 422, f"a comment was refused: {re.findall('error[^<]*<[^<]*<?[^<]*', page)[:4]}")
        statuses.append(status)
    expect(statuses == [303] * 5 + [429] * 7, f"comments of one sender were answered {statuses}")
    return "5 of 12 comments of one sender taken"


def _same_pictures(app: Flask, proxy: Proxy) -> str:
    with app.app_context():
        media = arriving.arrive(file(drawing(700, 500)), "back.png", None)[0]
        path = f"/media/{media.file}"
    statuses = {_said(proxy, path)[0] for _ in range(8)}
    expect(statuses == {200}, f"a picture was answered {statuses}")
    return "pictures on both"


def _decided(app: Flask, post: Post, nodes: list[str]) -> str:
    """A comment is approved and withdrawn: both nodes show it, and show it no more, within a second."""
    latest = 0.0
    for number in range(6):
        mark = f"MARK{number}x"
        comment = Make(app).comment(post, body=f"It is {mark}.", sender=f"10.9.{number}.1")
        for verb, is_public in ((approve, True), (withdraw, False)):
            with app.app_context():
                begin_write()
                verb(db.session.get_one(Comment, comment.id))
                db.session.commit()
            began = time.monotonic()
            for node in nodes:
                expect(
                    wait_for(lambda n=node, m=mark, p=is_public: (m in _page(n)) is p, 10), "a decision was not seen"
                )
            latest = max(latest, time.monotonic() - began)
    expect(latest < PROMISED_SECONDS + 2, f"seen after {latest:.1f} s")
    return f"12 decisions seen on both within {latest:.1f} s"


def _page(node: str) -> str:
    with closing(http.client.HTTPConnection(node, timeout=30)) as connection:
        connection.request("GET", "/posts/one", headers={"Host": NAME})
        return connection.getresponse().read().decode()


def _token(proxy: Proxy) -> str:
    found = re.search(r'name="token"[^>]*value="([^"]+)"', _said(proxy, "/posts/one")[1])
    expect(found, "the article has no comment form")
    return found[1] if found else ""


def _said(proxy: Proxy, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    more = {"Host": NAME, "Sec-Fetch-Site": "same-origin", **headers, **({"Content-Type": FORM} if body else {})}
    with closing(http.client.HTTPSConnection(proxy.host, proxy.port, timeout=60, context=context)) as connection:
        connection.request("POST" if body else "GET", path, body or None, more)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
