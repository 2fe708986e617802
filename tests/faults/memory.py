"""A machine with little memory, while files arrive that explode when they are opened."""

from __future__ import annotations

import http.client
import io
import json
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from blog import create_app
from blog.accounts.models import RoleName
from blog.database import db
from blog.media.models import Media, MediaFile
from blog.media.storage import ARRIVING, store
from tests.faults.harness import ARTICLE, expect, fault, served
from tests.make import Make
from tests.media import hostile
from tests.processes import FLASK, RunningSite, wait_for
from tests.visitors import StaffClient

GROUPS = Path("/sys/fs/cgroup/memory")  # of the first kind; the second has its files elsewhere
LIMIT_MB, SENDERS = 300, 6
BACK_SECONDS, GAP_SECONDS = 5.0, 10.0


@fault(
    "F23",
    f"all processes of the site together get {LIMIT_MB} MB (or 100 more than at rest), while {SENDERS} senders "
    "upload files that explode at once",
    "each is refused or made harmless, or whoever opened it dies; others serve, all is well within "
    f"{BACK_SECONDS:.0f} s; no half file remains",
)
def little_memory(place: Path) -> str:
    with _group() as group:
        enter = f"echo $$ > {group}/cgroup.procs && exec {FLASK} serve --sample --workers 2"
        with served(place, command=("sh", "-c", enter)) as site:
            at_rest = _megabytes(group, "total_rss")
            limit = max(LIMIT_MB, at_rest + 100)
            (group / "memory.limit_in_bytes").write_text(f"{limit}M")
            (answers, read), pages = _sent(site, _signed_in(place)), Counter[int]()
            for name, status in answers.items():
                expect(status != 200 or not _is_bomb(name), f"{name} was taken")
            began = time.monotonic()
            expect(wait_for(lambda: site.status("/readyz") == 200, BACK_SECONDS), "not well again in time")
            back = time.monotonic() - began
            pages.update(site.status(ARTICLE) for _ in range(20))
            expect(set(pages) == {200}, f"pages answered {pages}")
            killed = _killed(group)
        _nothing_half(place)
    told = ", ".join(
        f"{number} × {status or 'no answer'}" for status, number in sorted(Counter(answers.values()).items())
    )
    told = f"{limit} MB, {at_rest} at rest; {len(answers)} files: {told}"
    return f"{told}; {read}; {killed} killed for memory; well after {back:.1f} s"


@contextmanager
def _group() -> Iterator[Path]:
    """A group of processes whose memory can be limited."""
    group = GROUPS / "blogfault"
    group.mkdir(exist_ok=True)
    try:
        yield group
    finally:
        wait_for(lambda: not (group / "cgroup.procs").read_text().split(), 20)
        with suppress(OSError):
            group.rmdir()


def _megabytes(group: Path, name: str) -> int:
    numbers = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    return int(numbers[name]) >> 20


def _killed(group: Path) -> int:
    """How many processes the system has ended because of the limit."""
    lines = (group / "memory.oom_control").read_text().split()
    return int(lines[lines.index("oom_kill") + 1]) if "oom_kill" in lines else 0


def _signed_in(place: Path) -> dict[str, str]:
    """The cookie of an author, and the token of their forms."""
    app = create_app({"BLOG_INSTANCE_PATH": str(place)})
    account = Make(app).account(RoleName.AUTHOR)
    client = StaffClient.signed_in(app, account.id, account.fs_uniquifier)
    cookie = next(iter(client._cookies.values()))
    with app.app_context():
        db.engine.dispose()
    return {"Cookie": f"{cookie.key}={cookie.value}", "token": client.csrf_token}


def _is_bomb(name: str) -> bool:
    """Whether it must not be taken; of some a sound picture is left."""
    return any(file == name and not re.search(expected or "^$", "") for file, _, expected in hostile.files())


def _sent(site: RunningSite, who: dict[str, str]) -> tuple[dict[str, int], str]:
    """Send them all; how each was answered, 0 where nobody did. And what readers saw meanwhile."""
    waiting: queue.Queue[tuple[str, bytes]] = queue.Queue()
    for name, data, _ in hostile.files():
        waiting.put((name, data))
    answers: dict[str, int] = {}
    over, unread, answered = threading.Event(), list[float](), [time.monotonic()]

    def send() -> None:
        while True:
            try:
                name, data = waiting.get_nowait()
            except queue.Empty:
                return
            answers[name] = _upload(site, who, name, data)

    def read() -> None:
        while not over.wait(0.1):
            if site.status(ARTICLE, 20) == 200:
                answered.append(time.monotonic())
            else:
                unread.append(time.monotonic())

    reader, senders = threading.Thread(target=read), [threading.Thread(target=send) for _ in range(SENDERS)]
    for one in (reader, *senders):
        one.start()
    for one in senders:
        one.join()
    over.set()
    reader.join()
    gap = max(after - before for before, after in pairwise(answered))
    expect(gap < GAP_SECONDS, f"nobody was answered for {gap:.1f} s; {len(unread)} of {len(answered)} readers")
    told = f"{len(unread)} of {len(unread) + len(answered)} readers had to ask again, and for {gap:.1f} s all had"
    return answers, told


def _upload(site: RunningSite, who: dict[str, str], name: str, data: bytes) -> int:
    boundary, body = encode_multipart(
        MultiDict([("csrf_token", who["token"]), ("files", FileStorage(io.BytesIO(data), name))])
    )
    headers = {
        "Cookie": who["Cookie"],
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Accept": "application/json",
        "X-Forwarded-For": "198.18.0.1",
        "Sec-Fetch-Site": "same-origin",
    }
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)) as connection:
        try:
            connection.request("POST", "/desk/media", body, headers)
            answer = connection.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            return 0
    if answer.status == 422:
        expect(json.loads(told)[0]["problem"], f"{name} was refused without a word")
    return answer.status


def _nothing_half(place: Path) -> None:
    """Every file belongs to a row, every picture has its file. What was on its way has another name and is no file."""
    app = create_app({"BLOG_INSTANCE_PATH": str(place)})
    with app.app_context():
        names = {path.relative_to(store().root).as_posix() for path in store().root.rglob("*") if path.is_file()}
        left = {name for name in names if ARRIVING in name}
        known = set(db.session.scalars(select(MediaFile.name)))
        wrong = [media.file for media in db.session.scalars(select(Media)) if store().size(media.file) != media.size]
        db.engine.dispose()
    expect(not wrong, f"not whole: {wrong}")
    expect(not names - left - known, f"files of nothing: {names - left - known}")
    expect(not left, f"half files remain: {left}")
