"""Two nodes, a machine for jobs, PostgreSQL, S3 and nginx, each on a machine of its own; each is cut off in turn."""

from __future__ import annotations

import http.client
import re
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import func, select

from blog import create_app
from blog.accounts.models import RoleName
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.media import arriving
from blog.media.models import Media, MediaFile
from blog.pages.models import FloodMode
from blog.posts.cards import CARD_FILE
from blog.posts.models import Post
from tests.databases import SECRET_KEY, migrated
from tests.faults.harness import expect, fault
from tests.faults.lan import HERE, Machine, files_in_s3, machines, postgresql, s3
from tests.faults.people import (
    COULD_NOT,
    IMPATIENT_SECONDS,
    Insistent,
    Moderator,
    Photographer,
    Watcher,
    said,
)
from tests.faults.rolling import READERS, WRITERS, Crowd
from tests.fronts import NAME, SITE, Proxy, nginx
from tests.make import Make
from tests.media.files import drawing, file
from tests.nodes import PROMISED_SECONDS, Board, approve, withdraw
from tests.processes import FLASK, ROOT, RunningSite, clean_environment, wait_for
from tests.visitors import StaffClient

AWAY_SECONDS, WELL_SECONDS = 8.0, 6.0
S3_AWAY_SECONDS, REFUSED_PICTURES = 150.0, 3  # at most; the site waits half a minute for it
INSISTENT, WATCHERS = 2, 2
MADE_SECONDS = 420.0  # a worker that was cut off has its picture to itself for five minutes
COOKIE = "__Host-desk"
PORT = "8000"


@fault(
    "N01",
    "two nodes, a machine for jobs, PostgreSQL, S3 and nginx in network namespaces; each node, the machine for jobs "
    f"and the database are cut off for {AWAY_SECONDS:.0f} s, S3 until pictures are refused, the links of nginx to "
    f"each node and to its clients for {AWAY_SECONDS:.0f} s, then nodes restart, under readers, writers, a moderator "
    "and an author with pictures",
    "one session, one limit and the same pictures on both nodes, decisions on both within 1 s, also through nginx and "
    "all along; 0 acknowledged lost, 0 twice, though writers send again what was not answered within "
    f"{IMPATIENT_SECONDS:.0f} s; a node or a link that is away refuses nobody; without S3 pictures are refused with a "
    "word, and none is half; without the database 503 alone, and well again without a restart",
)
def cut_off(place: Path) -> str:
    with ExitStack() as stack:
        first, second, worker, server, front, files = stack.enter_context(machines("a", "b", "w", "d", "p", "s"))
        url = stack.enter_context(postgresql(server))
        settings = {
            "BLOG_DATABASE_URL": url,
            "BLOG_SECRET_KEY": SECRET_KEY,
            "BLOG_MEDIA_URL": stack.enter_context(s3(files)),
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
        client = _author(app)
        told = [_one_session(client, proxy), _one_limit(proxy), _same_pictures(app, proxy), _decided(app, post, at)]
        make.settings(comment_limit=100_000, flood_mode=FloodMode.OFF)
        people = People.of(app, proxy, client, post)
        crowd = people.crowd
        with people.busy():
            for name, cut in (
                ("a node", first.cut_off()),
                ("the other", second.cut_off()),
                ("the machine for jobs", worker.cut_off()),
                ("nginx from a node", front.apart_from(first)),
                ("nginx from the other", front.apart_from(second)),
                ("nginx from its clients", front.apart_from(HERE)),
            ):
                told.append(f"{name} away: {_without(crowd, cut)} refused")
            told.append(_without_s3(people, files))
            expect(not crowd.refused, f"refused: {crowd.refused[:5]}; {'; '.join(told)}")
            with people.moderator.resting():
                _without(crowd, server.cut_off())
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
        told += [_seen(people), _whole(app, proxy, people.photographer, files), _stored_once(url, people)]
        with app.app_context():
            db.engine.dispose()
    return "; ".join(told)


@dataclass
class People:
    """Everybody who comes through nginx."""

    crowd: Crowd
    insistent: list[Insistent]
    photographer: Photographer
    moderator: Moderator
    watchers: list[Watcher]

    @classmethod
    def of(cls, app: Flask, proxy: Proxy, author: StaffClient, post: Post) -> People:
        token, board = _token(proxy), Board()
        crowd = Crowd(proxy, token)
        return cls(
            crowd,
            [Insistent(proxy, token, crowd.stop) for _ in range(INSISTENT)],
            Photographer(proxy, _cookie(author), author.csrf_token, crowd.stop),
            Moderator(app, post, board, crowd.stop),
            [Watcher(proxy, board, crowd.stop) for _ in range(WATCHERS)],
        )

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Meanwhile they read, write, decide and bring pictures."""
        does = [self.crowd.read] * READERS + [self.crowd.write] * WRITERS
        does += [one.run for one in (*self.insistent, self.photographer, self.moderator, *self.watchers)]
        threads = [threading.Thread(target=do) for do in does]
        for thread in threads:
            thread.start()
        try:
            time.sleep(WELL_SECONDS)
            yield
        finally:
            self.crowd.stop.set()
            for thread in threads:
                thread.join()


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


def _without(crowd: Crowd, cut: AbstractContextManager[None]) -> int:
    """Cut something off for a while; how many requests were refused."""
    before = len(crowd.refused)
    with cut:
        time.sleep(AWAY_SECONDS)
    time.sleep(WELL_SECONDS)
    return len(crowd.refused) - before


def _without_s3(people: People, machine: Machine) -> str:
    """Pages and comments go on; who brings a picture is told that it could not be kept."""
    told = people.photographer.told
    before = len(told) - 1  # the last of them is on its way

    def refused() -> int:
        return sum(status == 503 for status, _ in list(told.values())[before:])

    began = time.monotonic()
    with machine.cut_off():
        expect(wait_for(lambda: refused() >= REFUSED_PICTURES, S3_AWAY_SECONDS), f"no picture was refused: {told}")
    away = time.monotonic() - began
    expect(wait_for(lambda: people.photographer.last == 200, 120), "no picture was taken after S3 came back")
    answers = list(told.values())[before:-1]
    wrong = [one for one in answers if one[0] != 200 and not (one[0] == 503 and COULD_NOT in one[1])]
    expect(not wrong, f"without S3 a picture was answered {wrong[:3]}")
    return f"S3 away for {away:.0f} s: {refused()} pictures refused with a word, then taken again"


def _seen(people: People) -> str:
    """What readers saw of what was decided."""
    wrong = [one for watcher in people.watchers for one in watcher.wrong]
    expect(not wrong, f"old comments were seen: {wrong[:5]}")
    answers = sum(one.answers for one in people.watchers)
    return f"{answers} pages read through nginx after {people.moderator.rounds} decisions, none with an old comment"


def _whole(app: Flask, proxy: Proxy, photographer: Photographer, machine: Machine) -> str:
    """Each picture that was taken is there with all its forms, and no other is known; what lies besides is owed."""
    with app.app_context():

        def unmade() -> int:
            db.session.rollback()
            return db.session.scalar(select(func.count()).select_from(Media).where(Media.made_at.is_(None))) or 0

        expect(wait_for(lambda: not unmade(), MADE_SECONDS), f"{unmade()} pictures without their smaller forms")
        known = {media.name: media for media in db.session.scalars(select(Media)) if media.name in photographer.told}
        rows = {row.name: row for row in db.session.scalars(select(MediaFile))}
        stored = files_in_s3(machine)
        lost = photographer.kept - set(known)
        expect(not lost, f"{len(lost)} of {len(photographer.kept)} pictures that were taken are lost")
        refused = {name for name, (status, _) in photographer.told.items() if status == 503} & set(known)
        expect(not refused, f"{len(refused)} pictures were kept that were refused")
        cut = [media.file for media in known.values() if stored.get(media.file) != media.size]
        cut += [row.name for row in rows.values() if row.media_id is not None and row.name not in stored]
        expect(not cut, f"half or missing: {cut[:3]}")
        expect(set(stored) <= set(rows), f"files of nothing: {sorted(set(stored) - set(rows))[:3]}")
        kept = [row.name for row in rows.values() if row.media_id is None and row.gone_at is None]
        kept = [name for name in kept if not name.endswith(CARD_FILE)]
        expect(not kept, f"files of nobody stay for ever: {kept[:3]}")
        statuses = {said(proxy, f"/media/{media.file}")[0] for media in known.values()}
        expect(statuses == {200}, f"pictures were answered {statuses}")
    return f"{len(photographer.told)} pictures sent, {len(photographer.kept)} taken, all whole and none besides"


def _stored_once(url: str, people: People) -> str:
    """The oracle: what was acknowledged is stored, and once."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT body FROM comment_revisions WHERE body LIKE 'Is it %'").fetchall()
    stored = [re.sub(r"\W+|Is it", "", body) for (body,) in rows]
    expect(len(stored) == len(set(stored)), "something is stored twice")
    acknowledged = {*people.crowd.stored, *(mark for one in people.insistent for mark in one.stored)}
    expect(acknowledged <= set(stored), f"{len(acknowledged - set(stored))} lost")
    repeated = sum(one.repeated for one in people.insistent)
    told = f"{len(people.crowd.answers)} answers, {len(acknowledged)} comments acknowledged"
    return f"{told}, {repeated} times one was sent again, 0 lost, 0 twice"


def _is_well(crowd: Crowd) -> bool:
    def asked() -> bool:
        crowd.refused.clear()
        time.sleep(2)
        return not crowd.refused

    return wait_for(asked, 60)


def _author(app: Flask) -> StaffClient:
    account = Make(app).account(RoleName.AUTHOR)
    return StaffClient.signed_in(app, account.id, account.fs_uniquifier)


def _cookie(client: StaffClient) -> str:
    cookie = client.get_cookie(COOKIE, domain="localhost") or client.get_cookie(COOKIE, domain=NAME)
    expect(cookie, "no cookie")
    return f"{COOKIE}={cookie.value}" if cookie else ""


def _one_session(author: StaffClient, proxy: Proxy) -> str:
    cookie = _cookie(author)
    statuses = {said(proxy, "/desk/posts", Cookie=cookie)[0] for _ in range(12)}
    expect(statuses == {200}, f"the desk answered {statuses}")
    return "one session on both"


def _one_limit(proxy: Proxy) -> str:
    """The limit of a sender is 5 in ten minutes."""
    token = _token(proxy)
    statuses = []
    for number in range(12):
        body = f"May I do this {number} times a day?"
        fields = {"name": "Ada", "email": "", "body": body, "token": token, "website": ""}
        status, page = said(proxy, "/posts/one/comments", urllib.parse.urlencode(fields))
        expect(status != 422, f"a comment was refused: {re.findall('error[^<]*<[^<]*<?[^<]*', page)[:4]}")
        statuses.append(status)
    expect(statuses == [303] * 5 + [429] * 7, f"comments of one sender were answered {statuses}")
    return "5 of 12 comments of one sender taken"


def _same_pictures(app: Flask, proxy: Proxy) -> str:
    with app.app_context():
        media = arriving.arrive(file(drawing(700, 500)), "back.png", None)[0]
        path = f"/media/{media.file}"
    statuses = {said(proxy, path)[0] for _ in range(8)}
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
    found = re.search(r'name="token"[^>]*value="([^"]+)"', said(proxy, "/posts/one")[1])
    expect(found, "the article has no comment form")
    return found[1] if found else ""
