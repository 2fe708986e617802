"""Files that mean harm are refused in a sentence or made harmless, within memory, and a stop leaves nothing half."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from blog.config import ROOT
from blog.database import db
from blog.errors import Refused
from blog.media import arriving
from blog.media.models import Media, MediaFile
from blog.media.storage import store
from tests.media import hostile
from tests.media.files import drawing, file, opened
from tests.processes import wait_for

MOST_MB = 300
BOMBS = ("content-bomb.png", "ztxt-bomb.png", "itxt-bomb.png", "iccp-bomb.png", "many-chunks.png", "held-whole.jpg")

TAKE_IN = """
import json, re, resource, sys
from pathlib import Path
from blog import create_app
from blog.errors import Refused
from blog.media import arriving, jobs

app = create_app({"BLOG_INSTANCE_PATH": sys.argv[1]})
with app.app_context():
    print("ready", flush=True)
    for path in sys.argv[2:]:
        try:
            arriving.arrive(Path(path).read_bytes(), Path(path).name, None)
        except Refused as refusal:
            pass
    jobs.make_smaller_pictures()
own = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]  # getrusage would count what started us
most = [int(own) // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]
print(json.dumps(most))
"""


def kept_files():
    return [path for path in store().root.rglob("*") if path.is_file()]


def test_there_are_forty():
    """At least, and no two alike."""
    assert len({data for _, data, _ in hostile.files()}) >= 40


@pytest.mark.usefixtures("context")
def test_each_is_refused_in_a_sentence_or_made_harmless():
    """What is taken is a picture, of which nothing is left but its pixels; what is refused leaves nothing."""
    wrong = []
    for name, data, expected in hostile.files():
        before = len(kept_files())
        try:
            media, _ = arriving.arrive(data, name, None)
        except Refused as refusal:
            said = str(refusal)
            fits = bool(expected) and re.search(expected, said) and said.endswith(".") and len(kept_files()) == before
        else:
            body = (store().root / media.file).read_bytes()
            said = f"taken as {media.file}"
            fits = re.search(expected or "^$", "") and not [mark for mark in hostile.MARKS if mark in body]
            fits = fits and re.fullmatch(r"[0-9a-f]{32}/[a-z0-9-]+\.(?:png|jpg)", media.file) and opened(body).load()
        if not fits:
            wrong.append((name, said))

    assert [] == wrong


@pytest.fixture
def worker(app, tmp_path):
    """Starts a process that takes in files, on the test's own site."""
    program = tmp_path / "take_in.py"
    program.write_text(TAKE_IN)

    def start(*files):
        told = [sys.executable, str(program), str(tmp_path / "instance"), *map(str, files)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(told, stdout=subprocess.PIPE, env=environment, text=True)

    return start


def test_memory_has_a_limit(tmp_path, worker):
    """
    Neither the process that is asked nor the one that opens files takes 300 MB: bombs, and the largest that is taken.
    """
    paths = []
    for name, data, _ in hostile.files():
        if name in BOMBS:
            paths.append(tmp_path / name)
            paths[-1].write_bytes(data)
    for format, size, mode in (
        ("PNG", (4800, 5000), "RGBA"),
        ("WEBP", (4800, 5000), "RGB"),
        ("JPEG", (11000, 9900), "RGB"),
    ):
        paths.append(tmp_path / f"largest.{format.lower()}")
        drawing(*size, mode).save(paths[-1], format)
    running = worker(*paths)
    said, _ = running.communicate(timeout=300)
    most = json.loads(said.splitlines()[-1])

    assert 0 == running.returncode
    assert max(most) < MOST_MB, most


@pytest.mark.slow
def test_a_kill_leaves_nothing_half(tmp_path, app, worker):
    """
    Twenty times, at twenty moments: every file that is there is whole, every file has its row, and nobody lives on.
    """
    paths = []
    for number in range(4):
        paths.append(tmp_path / f"photo-{number}.png")
        paths[-1].write_bytes(file(drawing(2000 + number, 1500)))
    moments = []
    for number in range(20):
        running = worker(*paths)
        assert running.stdout.readline() == "ready\n"
        time.sleep(0.05 + 0.08 * number)
        moments.append(Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split())
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        running.stdout.close()
    left = [int(child) for moment in moments for child in moment]
    with app.app_context():
        kept = kept_files()
        known = set(db.session.scalars(select(MediaFile.name)))
        shown = {media.file for media in db.session.scalars(select(Media))}
        names = {path.relative_to(store().root).as_posix() for path in kept}
        halves = [path.name for path in kept if not _is_whole(path)]

    assert ([], set(), set()) == (halves, names - known, shown - names)
    assert left, "no kill came while a picture was being opened"
    assert wait_for(lambda: all(_is_over(child) for child in left), 60)


def _is_whole(path):
    try:
        return opened(path.read_bytes()).load() is not None
    except OSError:
        return False


def _is_over(pid):
    return not Path(f"/proc/{pid}").exists()
