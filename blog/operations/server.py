"""The running site: web server and job worker side by side, each started again when it dies, stopped together.

One small process watches its children, the web processes (blog/operations/front/) and the job worker. It opens no
database and answers no request, so there is little that could bring it down; if it is killed, all others end.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import gc
import ipaddress
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import click
from flask import Flask
from huey.signals import SIGNAL_COMPLETE, SIGNAL_ERROR

from blog.bell import Bell
from blog.config import ConfigError
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.metering import meter
from blog.operations import logs
from blog.operations.front import process
from blog.operations.front.answers import refusals
from blog.operations.metrics.sharing import shared
from blog.operations.models import JobRun
from blog.prepared import build_at_rest

JOB_THREADS = 2  # a mail server that hangs must not hold back the other jobs
COLLECT_AFTER = (10_000, 20, 20)  # objects, rounds, rounds: a tenth of the time of a page that is rendered
DRAIN_SECONDS = 30  # for running requests and jobs to finish at the end
RESTART_SECONDS = (0.0, 0.2, 1.0, 5.0)  # before a child that keeps dying is started again
STEADY_SECONDS = 10  # a child that lived this long has not "kept dying"
JOB_HEALTH_SECONDS = 10
GIVE_UP_AFTER = 4  # failed starts of the first web process, when none ever came up

_STOP = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15

log = logging.getLogger("blog.operations")


@dataclass(frozen=True)
class Address:
    """Where the site listens."""

    host: str  # an IP address
    port: int

    @property
    def url(self) -> str:
        """How a browser on this machine reaches it."""
        ip = ipaddress.ip_address(self.host)
        host = ip if not ip.is_unspecified else ipaddress.ip_address("127.0.0.1" if ip.version == 4 else "::1")
        return f"http://{host}:{self.port}" if host.version == 4 else f"http://[{host}]:{self.port}"

    def accepts(self) -> bool:
        """Whether somebody listens there."""
        try:
            socket.create_connection((self.host, self.port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def claimed(host: str, port: int) -> Iterator[Address]:
    """Keep the port for this process and its children, so that two sites cannot end up sharing one.

    Where it is kept but nobody listens, a site is stopping: that is waited for as long as a stop takes. Raises
    ConfigError, before anything was started, if it is taken or may not be used.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise ConfigError(f"BLOG_HOST {host} is not an address of this machine: {error.strerror}.") from None
    with socket.socket(family, socket.SOCK_STREAM) as claim:
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may still be closing
        address = Address(str(place[0]), port)
        try:
            _bind(claim, place, address)
        except OSError as error:
            raise ConfigError(_why_not(error, host, port)) from None
        # The web processes each listen on a socket of their own beside this one; nobody else may.
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        yield address


def _bind(claim: socket.socket, place: Any, address: Address) -> None:
    end, is_told = time.monotonic() + DRAIN_SECONDS + 1, False
    while True:
        try:
            return claim.bind(place)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or address.accepts() or time.monotonic() > end:
                raise
        if not is_told:
            click.echo(f"Waiting for the program that is giving back port {address.port} …", err=True)
            is_told = True
        time.sleep(0.1)


def serve(app: Flask, address: Address, workers: int, welcome: Sequence[str]) -> None:
    """Run until SIGTERM or SIGINT; running requests and jobs finish first. Prints `welcome` when it answers."""
    with app.app_context():
        build_at_rest(db.engine.dialect)
        db.session.remove()
        db.engine.dispose()  # a connection must not be shared with the children; the replica has none yet
    refusals(app)  # with the static files and templates that they need: once, for all web processes
    gc.collect()
    give_memory_back()
    gc.freeze()  # what is loaded now stays: not looked at again, so its memory stays shared with the children
    gc.set_threshold(*COLLECT_AFTER)
    web = [Child("web", lambda: process.run(app, address.host, address.port, DRAIN_SECONDS)) for _ in range(workers)]
    crew = Crew((*web, Child("jobs", lambda: work(app))), DRAIN_SECONDS + app.config["BLOG_LEAVE_SECONDS"] + 1)
    crew.run(address.accepts, lambda: click.echo("\n".join(welcome)))


def work(app: Flask) -> None:
    """Run the job worker until SIGTERM or SIGINT; the running job finishes first."""
    queue = jobs.queue(app)
    queue.signal(SIGNAL_COMPLETE, SIGNAL_ERROR)(lambda _, task, error=None: _note_run(app, task.name, error))
    consumer = queue.create_consumer(
        workers=JOB_THREADS, periodic=True, max_delay=5, shutdown_timeout=DRAIN_SECONDS - 5, check_worker_health=False
    )
    stop = threading.Event()
    helpers = [threading.Thread(target=_follow_changes, args=(app, stop), name="page-changes", daemon=True)]
    bell: Bell | None = app.extensions.get("bell")
    if bell is not None:
        hear = functools.partial(jobs.lay, app)
        helpers.append(threading.Thread(target=bell.listen, args=(hear, stop), name="bell", daemon=True))
    ours = {signal.SIGTERM, signal.SIGINT}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ours)  # huey's own handlers must not swallow one meanwhile
    consumer.start()
    for helper in helpers:
        helper.start()  # like huey's own threads, where a signal cannot be lost: they leave it to this one
    for number in ours:
        signal.signal(number, lambda *_: stop.set())
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    meter.watch(lambda: [("processes", 1, {"kind": "jobs"})])
    with shared(app):
        while not stop.wait(JOB_HEALTH_SECONDS):
            consumer.check_worker_health()
        consumer.stop(graceful=True)


def _note_run(app: Flask, name: str, error: Exception | None) -> None:
    """Keep how a job ended, for the desk. Whatever stands in the way of that must not end the worker."""
    problem = type(error).__name__ if error else ""
    try:
        with app.app_context():
            if JobRun.is_news(name, problem):
                begin_write()
                JobRun.note(name, problem)
                db.session.commit()
    except Exception:
        log.exception("could not note how a job ended", extra={"job": name})


@dataclass
class Child:
    """A process that is started again when it ends."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    starts: int = 0  # in a row that did not last
    due: float = 0.0

    def start(self) -> None:
        sys.stdout.flush()
        parent = os.getpid()
        self.started = time.monotonic()
        self.starts += 1
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                end_with(parent)
                call_this(f"blog-{self.name}")
                signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGCHLD})
                self.run()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            except BaseException:
                log.exception("a process broke down", extra={"child": self.name})
            finally:
                logs.flush()
                os._exit(code)

    def ended(self, status: int) -> None:
        self.pid = 0
        if time.monotonic() - self.started > STEADY_SECONDS:
            self.starts = 0
        pause = RESTART_SECONDS[min(self.starts, len(RESTART_SECONDS) - 1)]
        self.due = time.monotonic() + pause
        log.error(
            "a process ended, starting it again",
            extra={"child": self.name, "exit": os.waitstatus_to_exitcode(status), "pause_seconds": pause},
        )


class Crew:
    """The children, watched together. Only this process reacts to Ctrl-C and SIGHUP; it tells the children to stop."""

    def __init__(self, children: Sequence[Child], patience_seconds: float = DRAIN_SECONDS + 1) -> None:
        self.children = children
        self._patience_seconds = patience_seconds  # for them to stop

    def run(self, is_up: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Keep all children alive until told to stop. Raises ClickException if the first never comes up."""
        stop = {number for number in _STOP if signal.getsignal(number) != signal.SIG_IGN}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {*_STOP, signal.SIGCHLD})
        announced = False
        try:
            while True:
                self._start_due()
                received = signal.sigtimedwait({*stop, signal.SIGCHLD}, self._pause(announced))
                if received and received.si_signo in stop:
                    return
                self._collect()
                if not announced and is_up():
                    announce()
                    announced = True
                if not announced and self.children[0].starts >= GIVE_UP_AFTER and not self.children[0].pid:
                    raise click.ClickException("The web server could not start; the lines above say why.")
        finally:
            self._stop(stop)
            logs.flush()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _start_due(self) -> None:
        for child in self.children:
            if not child.pid and child.due <= time.monotonic():
                child.start()

    def _pause(self, announced: bool) -> float:
        waiting = [child.due - time.monotonic() for child in self.children if not child.pid]
        return max(0.0, min([*waiting, 3600.0 if announced else 0.02]))

    def _collect(self) -> None:
        """Take note of the children that ended."""
        while any(child.pid for child in self.children):
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            for child in self.children:
                if child.pid == pid:
                    child.ended(status)

    def _stop(self, stop: set[signal.Signals]) -> None:
        """Ask all to finish; when patience ends, or when asked to stop once more, end them."""
        for child in self.children:
            if child.pid:
                os.kill(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + self._patience_seconds
        while any(child.pid for child in self.children):
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid:
                for child in self.children:
                    child.pid = 0 if child.pid == pid else child.pid
                continue
            received = signal.sigtimedwait({*stop, signal.SIGCHLD}, max(0.0, deadline - time.monotonic()))
            if received is None or received.si_signo == signal.SIGINT:
                for child in self.children:
                    if child.pid:
                        log.warning("a process did not stop in time", extra={"child": child.name})
                        os.kill(child.pid, signal.SIGKILL)


def _follow_changes(app: Flask, stop: threading.Event) -> None:
    """Drop the pages that others changed, again and again. A database that is busy or away is asked again."""
    following, is_told = app.extensions["pagecache"].following, False
    while not stop.wait(following.pause_seconds):
        with app.app_context():
            try:
                if following.follow() and app.config["BLOG_PURGE_URL"]:
                    jobs.wake("purge_pages")
            except Exception as error:  # also what no database has said: this thread must not end before its time
                if not is_told:
                    log.warning("page changes wait", extra={"cause": type(error).__name__})
                is_told = True
            else:
                is_told = False


def end_with(parent: int) -> None:
    """Have the system stop this process gracefully when `parent`, which started it, is no more."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a handler inherited from the parent would do nothing here
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def give_memory_back() -> None:
    """What was freed, to the system: the C library would keep most of it for later."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


def call_this(name: str) -> None:
    """What `ps` and `top` call this process, in at most 15 characters."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"PORT {port} is taken on {host}: stop the other program, or choose another, such as PORT={port + 1}."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"PORT {port} may not be used by this user: choose one above 1023."
    return f"BLOG_HOST {host} is not an address of this machine."
