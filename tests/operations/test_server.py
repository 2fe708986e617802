"""The running site: started, broken on purpose, stopped."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blog import create_app
from blog.operations import server
from tests.processes import FLASK, ROOT, RunningSite, clean_environment, is_gone, run, wait_for

pytestmark = pytest.mark.slow

Start = Callable[..., RunningSite]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a site with a page that waits to be let go, /held?folder=…"""
    sites: list[RunningSite] = []

    def starting(wait: bool = True, **settings: str) -> RunningSite:
        site = RunningSite(tmp_path / f"site{len(sites)}", FLASK_APP="tests.operations.slow_site", **settings)
        sites.append(site)
        return site.wait_until_up() if wait else site

    yield starting
    for site in sites:
        site.kill()


class Held:
    """A request that runs until it is let go."""

    def __init__(self, site: RunningSite, folder: Path) -> None:
        self.answers: list[int] = []
        self._go = folder / "go"
        ask = lambda: self.answers.append(site.status(f"/held?folder={folder}", timeout=240))  # noqa: E731
        self._thread = threading.Thread(target=ask)
        self._thread.start()
        assert wait_for((folder / "in").exists)

    def let_go(self) -> None:
        self._go.touch()

    def end(self) -> list[int]:
        self._thread.join()
        return self.answers


def test_says_where_it_is_and_how_to_begin(start: Start):
    """Three lines, no more: the site, the desk, and the link for the first administrator."""
    site = start()

    assert [f"Site    {site.url}/", f"Desk    {site.url}/desk"] == site.output.read_text().splitlines()[:2]
    assert re.fullmatch(
        rf"Set up  {site.url}/account/link/[\w-]{{43}}   \(once, within 24 hours\)\n",
        "".join(site.output.read_text().splitlines(keepends=True)[2:]),
    )


def test_logs_no_token_and_no_address(start: Start):
    """Neither the link for the first administrator nor who opened it stands in the log."""
    site = start()
    link = re.search(r"http\S+/account/link/(\S+)", site.output.read_text())
    assert link
    urllib.request.urlopen(link[0], timeout=60).close()
    site.status(f"/account/link/{link[1]}x")
    site.stop()

    assert "/account/link/<token>" in site.log.read_text()
    assert link[1] not in site.log.read_text()
    assert "127.0.0.1" not in site.log.read_text()


def test_refuses_a_taken_port(start: Start, tmp_path: Path):
    """One line that names PORT, and nothing is left running."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(FLASK, "serve", PORT=str(port), BLOG_INSTANCE_PATH=str(tmp_path / "instance"))

    assert 1 == done.returncode
    assert f"Error: PORT {port} is taken on 127.0.0.1" in done.stderr
    assert 1 == len(done.stderr.splitlines())
    assert not (tmp_path / "instance" / "blog.db").exists()


def test_refuses_to_share_the_port_with_another_site(start: Start, tmp_path: Path):
    """The server's sockets could share a port; two sites must not."""
    done = run(FLASK, "serve", PORT=str(start().port), BLOG_INSTANCE_PATH=str(tmp_path / "other"))

    assert 1 == done.returncode
    assert "is taken" in done.stderr


def test_waits_for_a_site_that_is_stopping(start: Start, tmp_path: Path):
    """Whoever stops a site and starts it at once need not do so again when the first has finished what runs."""
    first = start()
    held = Held(first, tmp_path)
    first.keeper.send_signal(signal.SIGTERM)
    assert wait_for(lambda: not first.status("/healthz"))
    second = start(wait=False, PORT=str(first.port))
    is_waiting = wait_for(lambda: "Waiting for the program that is giving back port" in second.log.read_text())
    was_stopping = first.process.poll() is None
    held.let_go()
    second.wait_until_up()

    assert (True, True, 200) == (is_waiting, was_stopping, second.status("/healthz", timeout=60))
    assert [200] == held.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_finishes_what_runs(start: Start, tmp_path: Path, number: signal.Signals):
    """Told to stop, it lets the running request finish, ends with 0 and leaves no process."""
    site = start()
    held = Held(site, tmp_path)
    everybody = site.everybody
    site.process.send_signal(number)
    assert wait_for(lambda: not site.status("/healthz"))
    held.let_go()
    code = site.process.wait(120)

    assert ([200], 0) == (held.end(), code)
    assert all(is_gone(process) for process in everybody)


def test_survives_the_death_of_web_workers(start: Start):
    """Each killed web worker is replaced, also one after another, and the others answer meanwhile."""
    site = start()
    for _ in range(3):
        victim = site.web_workers[0]
        victim.kill()
        assert wait_for(lambda: site.status("/healthz") == 200)
        assert wait_for(lambda: len(site.web_workers) == 2)


def test_starts_the_job_worker_again(start: Start):
    """Jobs go on after the job worker was killed."""
    site = start()
    victim = site.job_worker
    victim.kill()

    assert wait_for(lambda: [one for one in site.called("blog-jobs") if one != victim])
    assert "a process ended, starting it again" in site.log.read_text()


def test_leaves_no_orphans(start: Start):
    """Killed outright, the site takes all its processes with it, and frees the port."""
    site = start()
    everybody = site.everybody
    site.process.kill()
    site.process.wait()

    assert wait_for(lambda: all(is_gone(process) for process in everybody))


def test_answers_when_nobody_reads_the_log(tmp_path: Path):
    """A full pipe behind standard error costs log lines, not answers."""
    reader, writer = os.pipe()
    site = RunningSite(tmp_path / "site")
    site.kill()
    with site.output.open("w") as output:
        site.process = subprocess.Popen(
            [FLASK, "serve"],
            cwd=ROOT,
            env=clean_environment(BLOG_INSTANCE_PATH=str(tmp_path / "site"), PORT=str(site.port)),
            stdout=output,
            stderr=writer,
        )
    os.close(writer)
    try:
        site.wait_until_up()
        answers = {site.status(f"/no-such-page-{number}", timeout=60) for number in range(1000)}
        code = site.stop()
    finally:
        site.kill()
        os.close(reader)

    assert ({404}, 0) == (answers, code)


def test_processes_that_leave_have_that_time_besides(monkeypatch, tmp_path: Path):
    """Whoever watches them would else end them while they still finish what runs."""
    patience = []

    class Watched:
        def __init__(self, children, seconds):
            patience.append(seconds)

        def run(self, *told):
            pass

    monkeypatch.setattr(server, "Crew", Watched)
    for name in ("freeze", "set_threshold"):
        monkeypatch.setattr(server.gc, name, lambda *_: None)
    for number, leave in enumerate(("0", "20")):
        settings = {"BLOG_INSTANCE_PATH": str(tmp_path / str(number)), "BLOG_LEAVE_SECONDS": leave}
        server.serve(create_app(settings), server.Address("127.0.0.1", 1), 1, [])

    assert [server.DRAIN_SECONDS + 1, server.DRAIN_SECONDS + 21] == patience
