"""The page cache under load: four web processes, readers at full rate, and decisions that must be seen at once."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from blog import create_app
from blog.comments import sending
from blog.comments.models import Comment
from blog.comments.sending import ShownTexts
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from blog.posts.models import Post
from tests.make import Make
from tests.processes import FLASK, MOST_SECONDS, ROOT, RunningSite, clean_environment, wait_for
from tests.test_purges import Cdn

pytestmark = pytest.mark.slow

WORKERS = 4
CHANGES = 300
PAUSE_SECONDS = 0.03
GRACE_SECONDS = 0.05


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    """A site with four web processes."""
    site = RunningSite(tmp_path / "instance", (FLASK, "serve", "--workers", str(WORKERS)))
    yield site.wait_until_up()
    site.kill()


@pytest.fixture
def desk(site: RunningSite, tmp_path: Path) -> Iterator[Flask]:
    """The same site in this process: what it commits, the web processes must know at once."""
    app = create_app({"BLOG_INSTANCE_PATH": str(tmp_path / "instance")})
    yield app
    with app.app_context():
        db.engine.dispose()


class Board:
    """What is true now, as told to the readers: which marks must be there, which must not, since when."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.public: dict[str, tuple[bool, float]] = {}  # mark: is it public, and when was that answered

    def set(self, mark: str, public: bool | None, grace: bool = True) -> None:
        with self.lock:
            if public is None:
                self.public.pop(mark, None)
            else:
                self.public[mark] = (public, time.monotonic() if grace else 0.0)

    def wrongs(self, asked: float, text: str) -> list[str]:
        """What a page that was asked for at `asked` gets wrong. Marks that are changing just now are not listed."""
        shown = set(re.findall(r"MARK\d+x", text))
        with self.lock:
            settled = {mark: public for mark, (public, since) in self.public.items() if since + GRACE_SECONDS < asked}
        return [
            f"{mark} {'missing' if public else 'shown'}"
            for mark, public in settled.items()
            if public != (mark in shown)
        ]


class Reading(threading.Thread):
    """A reader who polls addresses as fast as answers come, on a connection of their own."""

    def __init__(self, site: RunningSite, addresses: list[str], board: Board, stop: threading.Event) -> None:
        super().__init__()
        self.site, self.addresses, self.board, self.stop = site, addresses, board, stop
        self.answers = self.not_modified = 0
        self.wrongs: list[str] = []

    def run(self) -> None:
        tags: dict[str, tuple[str, str]] = {}
        while not self.stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
            for _ in range(50):  # then another connection, which another process may answer
                for address in self.addresses if not self.stop.is_set() else ():
                    asked = time.monotonic()
                    headers = {"If-None-Match": tags[address][0]} if address in tags else {}
                    connection.request("GET", address, headers=headers)
                    answer = connection.getresponse()
                    body = answer.read().decode()
                    if answer.status == 304:  # then what we hold must be true now
                        self.not_modified += 1
                        body = tags[address][1]
                    else:
                        tags[address] = (answer.headers["ETag"], body)
                    self.answers += 1
                    self.wrongs += [f"{address} {answer.status}: {wrong}" for wrong in self.board.wrongs(asked, body)]
            connection.close()


def test_no_reader_sees_an_old_page(site: RunningSite, desk: Flask):
    """
    300 approvals and withdrawals while readers poll: never an unapproved text, never the old page 50 ms after the
    decision was answered, and no old ETag gives 304.
    """
    make = Make(desk)
    posts = {slug: make.post(slug) for slug in ("one", "two")}
    boards, stop = {slug: Board() for slug in posts}, threading.Event()
    readers = [
        Reading(site, [f"/posts/{slug}", f"/posts/{slug}/comments.atom"], boards[slug], stop)
        for slug in ("one", "two", "one")
    ]
    for reader in readers:
        reader.start()
    shown: list[tuple[str, str, int]] = []  # few enough for a feed
    changes = 0
    with desk.app_context():
        while changes < CHANGES:
            slug, mark = list(posts)[changes % 2], f"MARK{changes}x"
            comment_id = submitted(posts[slug].id, mark)
            boards[slug].set(mark, False, grace=False)  # never approved, so never seen
            time.sleep(PAUSE_SECONDS)
            boards[slug].set(mark, None)
            decided(comment_id, Verdict.APPROVE)
            boards[slug].set(mark, True)
            shown.append((slug, mark, comment_id))
            changes += 1
            if len(shown) > 9:
                slug, mark, comment_id = shown.pop(0)
                boards[slug].set(mark, None)
                withdrawn(comment_id)
                boards[slug].set(mark, False)
                changes += 1
            time.sleep(PAUSE_SECONDS)
        time.sleep(4 * GRACE_SECONDS)
    stop.set()
    for reader in readers:
        reader.join(MOST_SECONDS)

    assert [] == [wrong for reader in readers for wrong in reader.wrongs][:5]
    assert sum(reader.answers for reader in readers) > CHANGES
    assert sum(reader.not_modified for reader in readers) > 0


def test_a_writer_killed_before_it_told_is_made_good(site: RunningSite, desk: Flask, tmp_path: Path):
    """Killed by the system between commit and slots: within two seconds every process shows what was committed."""
    make = Make(desk)
    comment = make.comment(make.post("one"), body="MARK0x")
    pages = [site.read("/posts/one") for _ in range(20)]
    code = (
        "import os, signal\n"
        "from blog import create_app\n"
        "from blog.comments.models import Comment\n"
        "from blog.database import begin_write, db\n"
        "from blog.moderation.models import Decision\n"
        "from blog.moderation.verdicts import Seen, Verdict\n"
        "app = create_app()\n"
        "app.extensions['pagecache'].slots.touch = lambda keys: os.kill(os.getpid(), signal.SIGKILL)\n"
        "with app.app_context():\n"
        "    begin_write()\n"
        f"    comment = db.session.get_one(Comment, {comment.id})\n"
        "    Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.APPROVE, None)\n"
        "    db.session.commit()\n"
    )
    environment = clean_environment(BLOG_INSTANCE_PATH=str(tmp_path / "instance"))
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False, timeout=MOST_SECONDS)

    assert -signal.SIGKILL == killed.returncode
    assert not any("MARK0x" in page for page in pages)
    assert wait_for(lambda: all("MARK0x" in site.read("/posts/one") for _ in range(20)))


def test_a_command_is_seen_at_once(site: RunningSite, desk: Flask, tmp_path: Path):
    """What `flask posts archive` takes off the site is gone from every process when the command ends."""
    Make(desk).post("one")
    before = {site.status("/posts/one", timeout=60) for _ in range(20)}
    environment = clean_environment(BLOG_INSTANCE_PATH=str(tmp_path / "instance"))
    subprocess.run([FLASK, "posts", "archive", "one"], cwd=ROOT, env=environment, check=True, timeout=MOST_SECONDS)

    assert ({200}, {404}) == (before, {site.status("/posts/one", timeout=60) for _ in range(20)})


def test_a_flood_of_addresses_leaves_the_hot_page(site: RunningSite, desk: Flask):
    """10,000 made-up addresses later, the hot page is still answered from memory: quicker than it can be rendered."""
    Make(desk).post("one")
    hot = cost_of(site, "/posts/one", 200)
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        for number in range(5000):
            for address in (f"/posts/one?utm_source={number}", f"/?fbclid={number}"):
                connection.request("GET", address)
                connection.getresponse().read()
    after = cost_of(site, "/posts/one", 200)

    assert after < max(4 * hot, 0.004)


def test_a_cdn_is_told_soon(tmp_path: Path):
    """What a command changes reaches the CDN within seconds, without waiting for the job's next minute."""
    with closing(Cdn()) as cdn:
        settings = {"BLOG_INSTANCE_PATH": str(tmp_path / "instance"), "BLOG_PURGE_URL": cdn.url}
        site = RunningSite(tmp_path / "instance", (FLASK, "serve"), BLOG_PURGE_URL=cdn.url).wait_until_up()
        try:
            Make(create_app(settings)).post("one")
            cdn.told.clear()
            subprocess.run([FLASK, "posts", "archive", "one"], cwd=ROOT, env=clean_environment(**settings), check=True)

            assert wait_for(lambda: any("list" in keys for keys in cdn.told), 45)
        finally:
            site.kill()


def submitted(post_id: int, mark: str) -> int:
    words = Words.prepare("Reader", f"Is it {mark}?")
    begin_write()
    receipt, _ = sending.submit(
        db.session.get_one(Post, post_id), words, Sender.of(f"192.0.2.{mark}", ""), ShownTexts()
    )
    db.session.commit()
    return receipt.id


def decided(comment_id: int, verdict: Verdict) -> None:
    begin_write()
    comment = db.session.get_one(Comment, comment_id)
    Decision.make([Seen(comment.id, comment.newest_revision_id or 0)], verdict, None)
    db.session.commit()


def withdrawn(comment_id: int) -> None:
    begin_write()
    db.session.get_one(Comment, comment_id).withdraw()
    db.session.commit()


def cost_of(site: RunningSite, address: str, times: int) -> float:
    """The middle time of an answer, in seconds."""
    taken = []
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        for _ in range(times):
            began = time.perf_counter()
            connection.request("GET", address)
            connection.getresponse().read()
            taken.append(time.perf_counter() - began)
    return sorted(taken)[times // 2]
