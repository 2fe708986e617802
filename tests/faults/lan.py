"""Machines that are network namespaces of this one, on a switch of their own; each can be cut off."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.processes import wait_for

SWITCH, NETWORK = "blogfault", "10.213.57"
SERVER_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@dataclass(frozen=True)
class Machine:
    """One of them."""

    name: str
    number: int

    @property
    def address(self) -> str:
        return f"{NETWORK}.{self.number}"

    @property
    def within(self) -> tuple[str, ...]:
        """What runs a command there."""
        return ("ip", "netns", "exec", self.name)

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """What is sent to it or by it vanishes; nobody is told."""
        _ip("link", "set", f"{self.name}s", "down")
        try:
            yield
        finally:
            _ip("link", "set", f"{self.name}s", "up")


@contextmanager
def machines(*names: str) -> Iterator[list[Machine]]:
    """A switch with so many machines; this one is on it, too, at NETWORK.1."""
    made = [Machine(f"bf{name}", number) for number, name in enumerate(names, 11)]
    try:
        _ip("link", "add", SWITCH, "type", "bridge")
        _ip("addr", "add", f"{NETWORK}.1/24", "dev", SWITCH)
        _ip("link", "set", SWITCH, "up")
        for one in made:
            _ip("netns", "add", one.name)
            _ip("link", "add", f"{one.name}s", "type", "veth", "peer", "name", "eth0", "netns", one.name)
            _ip("link", "set", f"{one.name}s", "master", SWITCH, "up")
            _ip("-n", one.name, "addr", "add", f"{one.address}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                _ip("-n", one.name, "link", "set", device, "up")
        yield made
    finally:
        for one in made:
            with suppress(subprocess.CalledProcessError):
                _ip("netns", "delete", one.name)
        with suppress(subprocess.CalledProcessError):
            _ip("link", "delete", SWITCH)


@contextmanager
def postgresql(machine: Machine) -> Iterator[str]:
    """The system's PostgreSQL on a machine; its address."""
    folder = Path(tempfile.mkdtemp(prefix="blog-lan-"))
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    as_owner = ("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups")
    data = folder / "data"
    programs = SERVER_FOLDERS[-1]
    made = (*as_owner, str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "blog", "-E", "utf8")
    subprocess.run(made, check=True, capture_output=True, cwd=folder)
    with (data / "pg_hba.conf").open("a") as file:
        file.write(f"host all all {NETWORK}.0/24 trust\n")
    settings = (f"listen_addresses={machine.address}", f"unix_socket_directories={folder}", "max_connections=200")
    options = [word for one in settings for word in ("-c", one)]
    server = subprocess.Popen(
        (*machine.within, *as_owner, str(programs / "postgres"), "-D", str(data), *options),
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    url = f"postgresql://blog@{machine.address}/postgres"
    try:
        assert wait_for(lambda: _answers(url), 60), "PostgreSQL did not start"
        yield url
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(30)
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True, capture_output=True)
