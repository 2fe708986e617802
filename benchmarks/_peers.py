"""Other systems that take comments, as their own guides run them, in a virtual environment beside the site's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import psutil

from benchmarks._bench import WORKERS, program
from tests.processes import ROOT, free_port

PEERS = ROOT / ".cache" / "peers"
NEEDED = Path(__file__).with_name("peers.txt")
THREAD = "/posts/one"


@contextmanager
def isso(place: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Isso with moderation, under gunicorn as its guide says; its guard is off, or it would turn the run away."""
    port = free_port()
    settings = place / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {place}/isso.db\nhost = http://127.0.0.1:{port}/\nnotify =\n"
        "[moderation]\nenabled = true\n[guard]\nenabled = false\n[server]\ntrusted-proxies = 127.0.0.1\n"
    )
    gunicorn = str(_installed() / "gunicorn")
    command = (gunicorn, "-b", f"127.0.0.1:{port}", "-w", str(WORKERS), "--preload", "isso.run")
    with program(*command, port=port, ISSO_SETTINGS=str(settings)) as process:
        yield port, process


def for_isso(comment: bytes) -> bytes:
    """The same comment from the same address, as Isso's form would send it."""
    head, _, body = comment.partition(b"\r\n\r\n")
    form = parse_qs(body.decode())
    sent = json.dumps({"author": form["name"][0], "text": form["body"][0], "title": "One"}).encode()
    address = next(line for line in head.split(b"\r\n") if line.startswith(b"X-Forwarded-For:"))
    lines = (
        f"POST /new?uri={THREAD} HTTP/1.1".encode(),
        b"Host: 127.0.0.1",
        address,
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(sent),
    )
    return b"\r\n".join(lines) + b"\r\n\r\n" + sent


def _installed() -> Path:
    """The folder of the peers' commands; they are installed when they are not there as listed."""
    commands, installed = PEERS / "bin", PEERS / "installed.txt"
    if not installed.exists() or installed.read_text() != NEEDED.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS], check=True)
        subprocess.run([commands / "pip", "install", "-q", "-r", NEEDED], check=True)
        installed.write_text(NEEDED.read_text())
    return commands
