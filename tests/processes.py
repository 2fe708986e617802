"""The real site in processes of its own: started as a user starts it, looked at from outside."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 300  # for a command that ends by itself, on a machine that has much else to do
FLASK = str(Path(sys.executable).with_name("flask"))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def clean_environment(**settings: str) -> dict[str, str]:
    """This environment without the settings of a site, and with `settings`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("BLOG_", "FLASK_", "PYTEST_"))}
    own.pop("PORT", None)
    return {**own, **settings}


def run(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env=clean_environment(**settings),
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )


def wait_for(question: Callable[[], object], seconds: float = 60) -> bool:
    """Ask until the answer is yes; whether it became so in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.05)
    return False


class RunningSite:
    """A site on a free port, or PORT, with an instance folder of its own. Standard output and error go to files."""

    def __init__(self, instance: Path, command: Sequence[str] = (FLASK, "serve"), **settings: str) -> None:
        instance.mkdir(parents=True, exist_ok=True)
        self.port = int(settings.pop("PORT", 0)) or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output, self.log = instance / "output.txt", instance / "log.txt"
        self.command = command
        self.environment = clean_environment(BLOG_INSTANCE_PATH=str(instance), PORT=str(self.port), **settings)
        self.start()

    def start(self) -> None:
        """Start it; again, after it ended."""
        with self.output.open("w") as output, self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=log
            )

    def restart(self) -> None:
        """Stop as a supervisor does, and start again on the same port."""
        assert self.stop() == 0
        self.start()
        self.wait_until_up()

    def wait_until_up(self, seconds: float = 240) -> RunningSite:
        """Until its welcome is printed. Raises AssertionError with what it said instead."""
        up = wait_for(lambda: "Desk" in self.output.read_text() or self.process.poll() is not None, seconds)
        if not up or self.process.poll() is not None:
            said = self.output.read_text()[-1000:] + self.log.read_text()[-3000:]
            self.kill()
            raise AssertionError(f"the site did not start:\n{said}")
        return self

    def status(self, path: str, timeout: float = 5) -> int:
        """The status of a GET; 0 when there was no answer."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=timeout) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def read(self, path: str) -> str:
        """The body of a GET that must succeed."""
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    @property
    def keeper(self) -> psutil.Process:
        """The process that watches the others; below `make`, the flask that make has started."""
        for process in (psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)):
            if "serve" in process.cmdline() and any("flask" in word for word in process.cmdline()[:2]):
                return process
        raise AssertionError("no serving process")

    def called(self, name: str) -> list[psutil.Process]:
        """The living children with this name; one that has just been started has none yet."""
        found = []
        for process in self.keeper.children():
            with suppress(psutil.NoSuchProcess):
                if process.name() == name and not is_gone(process):
                    found.append(process)
        return found

    @property
    def web_workers(self) -> list[psutil.Process]:
        return self.called("blog-web")

    @property
    def job_worker(self) -> psutil.Process:
        assert wait_for(lambda: self.called("blog-jobs")), "no job worker"
        return self.called("blog-jobs")[0]

    @property
    def everybody(self) -> list[psutil.Process]:
        try:
            own = psutil.Process(self.process.pid)
            return [own, *own.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def stop(self, seconds: float = 120) -> int:
        """Ask it to finish, as a supervisor does; its exit code."""
        if self.process.poll() is None:
            self.keeper.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        """Leave nothing running, whatever happened."""
        for process in self.everybody:
            if process.is_running():
                process.kill()
        self.process.wait(5)


def is_gone(process: psutil.Process) -> bool:
    """Whether it ended; one that nobody has collected yet has ended too."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def chromium() -> str | None:
    """The system's Chromium, or what CHROMIUM names."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
