"""What the benchmarks share: a site of their own, servers beside it, CPU time of processes, tables in the report."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from tests.processes import FLASK, ROOT, RunningSite, clean_environment, wait_for

REPORT = ROOT / "docs" / "performance.md"
WORKERS = 2
CONNECTIONS = 16
VERSIONS = ("flask", "sqlalchemy", "uvloop", "httptools", "jinja2")


def need(*programs: str) -> None:
    """Stop with one line where a program is missing."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        sys.exit(f"This benchmark needs {' and '.join(missing)}: apt-get install {' '.join(missing)}")


def machine() -> str:
    """What it ran on, without names and places."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    return (
        f"{os.cpu_count()} cores, {cpu}, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"{versions}; load before the run {os.getloadavg()[0]:.1f}"
    )


def report(name: str, title: str, lines: Sequence[str]) -> None:
    """Print the lines, and put them into docs/performance.md in place of the last run's."""
    block = "\n".join([f"## {title}", "", f"`python -m benchmarks.{name}`: {machine()}.", "", *lines])
    print(block + "\n", flush=True)
    whole = REPORT.read_text(encoding="utf-8")
    marked = f"<!-- {name} -->\n{block}\n<!-- end of {name} -->\n"
    place = re.compile(rf"<!-- {name} -->\n.*?<!-- end of {name} -->\n", re.DOTALL)
    new = place.sub(lambda _: marked, whole) if place.search(whole) else whole.rstrip("\n") + "\n\n" + marked
    REPORT.write_text(new, encoding="utf-8")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A Markdown table; all but the first column to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="blog-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def filled(instance: Path, posts: int, comments: int, pending: int, **settings: str) -> float:
    """Make a site with so many rows; the CPU seconds of the generator."""
    environment = clean_environment(BLOG_INSTANCE_PATH=str(instance), **settings)
    subprocess.run([FLASK, "init"], cwd=ROOT, env=environment, check=True)
    before = os.times()
    command = [FLASK, "sample", "--posts", posts, "--comments", comments, "--pending", pending, "--seed", 1]
    subprocess.run([str(word) for word in command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def brought_up_to_date(instance: Path, **settings: str) -> None:
    """Migrate a site that an earlier run made."""
    environment = clean_environment(BLOG_INSTANCE_PATH=str(instance), **settings)
    subprocess.run([FLASK, "init"], cwd=ROOT, env=environment, check=True)


@contextmanager
def site(instance: Path, **settings: str) -> Iterator[RunningSite]:
    """The site as `flask serve` runs it."""
    running = RunningSite(instance, (FLASK, "serve", "--workers", str(WORKERS)), **settings)
    try:
        yield running.wait_until_up(90)
    finally:
        running.kill()


@contextmanager
def program(*command: str, port: int, **environment: str) -> Iterator[psutil.Process]:
    """Another server, up when it answers on its port."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**clean_environment(), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def answers() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    try:
        if not wait_for(answers, 30):
            sys.exit(f"{command[0]} did not start")
        yield psutil.Process(process.pid)
    finally:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        for one in family:
            with contextlib.suppress(psutil.Error):
                one.kill()
        process.wait(10)


@contextmanager
def nginx(file: Path, port: int) -> Iterator[psutil.Process]:
    """nginx serving one file under every address."""
    place = file.parent
    configuration = place / "nginx.conf"
    configuration.write_text(
        f"daemon off; worker_processes {WORKERS}; user root; pid {place}/nginx.pid; error_log /dev/null;\n"
        "events { worker_connections 256; }\n"
        "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=10;\n"
        f"server {{ listen 127.0.0.1:{port}; root {place}; location / {{ try_files /{file.name} =404; }} }} }}\n"
    )
    with program("nginx", "-p", str(place), "-c", str(configuration), port=port) as process:
        yield process


@dataclass
class Run:
    """What one run of wrk saw."""

    per_second: float
    cpu_ms: float  # of the server's processes, per request


def wrk(url: str, process: psutil.Process, seconds: float = 2, connections: int = CONNECTIONS, **headers: str) -> Run:
    """Ask for an address as fast as answers come."""
    before = cpu(process)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", url]
    for name, value in headers.items():
        command += ["-H", f"{name.replace('_', '-')}: {value}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = cpu(process) - before
    number = re.search(r"(\d+) requests in", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if not number or not rate or wrong:
        sys.exit(f"{url} was not answered well:\n{said}")
    return Run(float(rate[1]), used / max(1, int(number[1])) * 1000)


def cpu(process: psutil.Process) -> float:
    """CPU seconds of a process and all below it that live now."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def middle(runs: Sequence[Run]) -> Run:
    """The medians of several runs."""
    return Run(statistics.median(run.per_second for run in runs), statistics.median(run.cpu_ms for run in runs))


def cpu_ms(action: Callable[[], object], times: int) -> float:
    """The median CPU milliseconds of calling `action` in this process, after one call that does not count."""
    taken = []
    for number in range(times + 1):
        began = time.process_time()
        action()
        if number:
            taken.append(time.process_time() - began)
    return statistics.median(taken) * 1000
