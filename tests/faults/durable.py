"""What was acknowledged is on the disk; what changes under a writer's hands; files of pictures that are cut or gone."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from blog import create_app
from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.media import arriving
from blog.posts import publishing
from blog.posts.models import Post
from tests.faults.harness import (
    ARTICLE,
    Ledger,
    again_and_again,
    ask,
    expect,
    fault,
    flask,
    marks_in,
    no_trace_in,
    served,
)
from tests.media.files import drawing, file
from tests.nodes import approve
from tests.processes import ROOT, clean_environment

WRITTEN = 60
ARRIVE = "import sys; from blog import create_app; from blog.media import arriving; app = create_app(); " + (
    "app.app_context().push(); arriving.arrive(open(sys.argv[1], 'rb').read(), 'a.jpg', None)"
)


@fault(
    "F03",
    f"{WRITTEN} comments while syncs are counted; then all processes stand still, and the files are copied "
    "as a power cut would leave them",
    "at least one sync before each acknowledgement; the copy is sound and holds all that was acknowledged",
)
def power_cut(place: Path) -> str:
    with served(place / "site", "--workers", "1") as site:
        ledger = Ledger.of(site)
        counts = place / "counts"
        tracer = subprocess.Popen(
            ("strace", "-f", "-c", "-e", "trace=fdatasync,fsync", "-o", counts, "-p", str(site.web_workers[0].pid)),
            stderr=subprocess.DEVNULL,
        )
        time.sleep(2)
        for _ in range(WRITTEN):
            ledger.write()
        for one in site.everybody:
            one.send_signal(signal.SIGSTOP)
        copy = place / "copy"
        copy.mkdir()
        for name in ("blog.db", "blog.db-wal"):
            shutil.copyfile(place / "site" / name, copy / name)
        for one in site.everybody:
            one.send_signal(signal.SIGCONT)
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
    lines = [line.split() for line in counts.read_text().splitlines() if line.endswith("sync")]
    syncs = sum(int(line[3]) for line in lines)  # share, seconds, microseconds of each, how many
    found = set(marks_in(copy / "blog.db"))
    acknowledged = len(ledger.acknowledged)
    expect(acknowledged >= WRITTEN // 2, f"only {acknowledged} were taken")
    expect(syncs >= acknowledged, f"{syncs} syncs for {acknowledged} comments")
    expect(ledger.acknowledged <= found, f"{len(ledger.acknowledged - found)} lost")
    return f"{syncs} syncs for {acknowledged} comments; the copy holds {len(found)} of them and is sound"


@fault(
    "F08",
    "8 readers, 6 writers and 2 moderators, who read and then write, at one SQLite file for 20 s",
    "nobody is told that the database is locked",
)
def read_then_write(place: Path) -> str:
    with served(place) as site:
        ledger = Ledger.of(site)
        app = create_app({"BLOG_INSTANCE_PATH": str(place)})
        ledger.write()
        statuses: Counter[int] = Counter()
        problems: list[str] = []

        def read() -> None:
            statuses[ask(site, random.choice((ARTICLE, "/", f"/search?q={random.randrange(99)}"))).status] += 1

        def moderate() -> None:
            with app.app_context():
                waiting = db.select(Comment).where(Comment.state == State.PENDING).limit(20)
                number = random.choice([one.id for one in db.session.scalars(waiting)] or [0])
                try:
                    begin_write()
                    comment = db.session.get(Comment, number)
                    if comment is not None and comment.state == State.PENDING:
                        approve(comment)
                    db.session.commit()
                except Exception as error:
                    problems.append(str(error)[:200])
                    db.session.rollback()

        with ledger.many(6), again_and_again([read] * 8 + [moderate] * 2, 0.01):
            time.sleep(20)
        with app.app_context():
            decided = db.session.scalar(db.select(db.func.count()).where(Comment.state == State.APPROVED))
            db.engine.dispose()
        told = ledger.check(place / "blog.db")
    log = (place / "log.txt").read_text()
    expect(not problems, f"moderators: {problems[:2]}")
    expect("is locked" not in log and set(ledger.refused) <= {429}, f"writers were told {set(ledger.refused)}")
    expect(set(statuses) == {200}, f"readers were told {dict(statuses)}")
    return f"{told}; {decided} comments public; {statuses[200]} pages read"


@fault(
    "F29",
    "an article is closed, archived and put back again and again, while 6 clients comment on it, for 15 s",
    "each comment is stored under the article or refused with a reason; no 5xx; no row without its article",
)
def under_their_hands(place: Path) -> str:
    with served(place) as site:
        ledger = Ledger.of(site)
        app = create_app({"BLOG_INSTANCE_PATH": str(place)})
        number, changes = iter(range(1_000_000)), Counter[str]()

        def change() -> None:
            step = next(number)
            with app.app_context():
                begin_write()
                post = db.session.scalars(db.select(Post).filter_by(slug=ARTICLE.rpartition("/")[2])).first()
                post = post or db.session.get_one(Post, post_id)
                if step % 3 == 0:
                    post.comments_open = not post.comments_open
                elif post.archived_at is None:
                    publishing.archive(post)
                else:
                    publishing.restore(post)
                changes["made"] += 1
                db.session.commit()
            time.sleep(0.05)

        with app.app_context():
            post_id = db.session.scalars(db.select(Post.id).filter_by(slug=ARTICLE.rpartition("/")[2])).one()
        with ledger.many(6), again_and_again([change], 0.01):
            time.sleep(15)
        with app.app_context():
            db.engine.dispose()
        told = ledger.check(place / "blog.db")
    refused = Counter(ledger.refused)
    expect(set(refused) <= {404, 409, 429}, f"refused with {dict(refused)}")
    expect(ledger.acknowledged and refused, "the race was not run")
    return f"{changes['made']} changes; {told}; refused: {', '.join(f'{n} × {s}' for s, n in sorted(refused.items()))}"


@fault(
    "F32",
    "the files of two pictures are cut in half, those of two others are gone",
    "pages 200; a picture that is gone 404; no 5xx; flask doctor names them",
)
def pictures_gone(place: Path) -> str:
    with served(place) as site:
        app = create_app({"BLOG_INSTANCE_PATH": str(place)})
        with app.app_context():
            made = [arriving.arrive(file(drawing(400, 300 + n)), f"p{n}.png", None)[0] for n in range(4)]
            kept = [media.file for media in made]
            db.engine.dispose()
        for number, name in enumerate(kept):
            stored = place / "media" / name
            if number < 2:
                stored.write_bytes(stored.read_bytes()[: stored.stat().st_size // 2])
            else:
                stored.unlink()
        said = [ask(site, f"/media/{name}") for name in kept]
        pages = {ask(site, path).status for path in ("/", ARTICLE, "/feed.atom")}
    for one in said:
        no_trace_in(one)
    done = flask(place, "doctor")
    expect(pages == {200}, f"pages answered {pages}")
    expect([one.status for one in said[2:]] == [404, 404], f"those that are gone: {[one.status for one in said]}")
    expect(max(one.status for one in said) < 500, "a 5xx")
    line = next((line for line in done.stdout.splitlines() if "missing or cut" in line), "")
    expect("4 " in line, f"doctor said {line or done.stdout[-300:]}")
    return f"pages 200, cut ones {said[0].status}, gone ones 404; doctor: {line.partition(':')[2].strip()}"


@fault(
    "F33",
    "SIGKILL while a picture arrives, at 12 places of writing, syncing and naming its file",
    "no file with its name that is not whole; no row without its file",
)
def arriving_killed(place: Path) -> str:
    sent = place / "sent.jpg"
    sent.write_bytes(file(drawing(1600, 1200), "JPEG"))
    instance = place / "site"
    flask(instance, "init")
    environment = clean_environment(BLOG_INSTANCE_PATH=str(instance))
    killed = 0
    for call, number in [*(("write", n) for n in (1, 2, 3, 5)), *(("fsync", n) for n in (1, 2, 3)), ("linkat", 1),
                         *(("fdatasync", n) for n in (1, 2, 3, 4))]:  # fmt: skip
        rule = ("-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}")
        command = ("strace", "-f", "-o", "/dev/null", *rule, sys.executable, "-c", ARRIVE, str(sent))
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        killed += done.returncode != 0
        _whole_pictures(instance)
    expect(killed >= 6, f"only {killed} were killed")
    return f"{killed} of 12 killed on the way; no half file, no row without its file"


def _whole_pictures(instance: Path) -> None:
    with closing(connect(instance / "blog.db")) as database:
        rows = database.execute("SELECT digest, name, suffix, size FROM media").fetchall()
        named = {name for (name,) in database.execute("SELECT name FROM media_files")}
    for digest, name, suffix, size in rows:
        stored = instance / "media" / digest / f"{name}.{suffix}"
        expect(stored.is_file() and stored.stat().st_size == size, f"the row of {name} has no whole file")
    files = [path for path in (instance / "media").rglob("*") if path.is_file() and not path.name.startswith(".")]
    for path in files:
        expect(path.relative_to(instance / "media").as_posix() in named, f"{path.name} is nobody's")
