"""Machines that are network namespaces of this one, on a switch of their own; each can be cut off."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psycopg
from botocore.exceptions import BotoCoreError

from tests.processes import wait_for

SWITCH, NETWORK = "blogfault", "10.213.57"
NOBODY = "02:00:00:00:00:63"  # a place on the switch where nobody is
S3_PORT = 9000
BUCKET = "pictures"
SERVER_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@dataclass(frozen=True)
class Machine:
    """One of them; without a name, the one on which all others are."""

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
    def apart_from(self, other: Machine) -> Iterator[None]:
        """What one of them sends to the other vanishes; all others reach both."""
        ends = ((self, other), (other, self))
        for near, far in ends:
            near.ip("neigh", "replace", far.address, "lladdr", NOBODY, "dev", near.device, "nud", "permanent")
        try:
            yield
        finally:
            for near, far in ends:
                near.ip("neigh", "del", far.address, "dev", near.device)

    @property
    def device(self) -> str:
        return "eth0" if self.name else SWITCH

    def ip(self, *words: str) -> None:
        _ip(*(("-n", self.name) if self.name else ()), *words)


HERE = Machine("", 1)


@contextmanager
def machines(*names: str) -> Iterator[list[Machine]]:
    """A switch with so many machines; this one is on it, too: HERE."""
    made = [Machine(f"bf{name}", number) for number, name in enumerate(names, 11)]
    try:
        _ip("link", "add", SWITCH, "type", "bridge")
        _ip("addr", "add", f"{HERE.address}/24", "dev", SWITCH)
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


@contextmanager
def s3(machine: Machine) -> Iterator[str]:
    """A server that speaks S3 on a machine, with one empty bucket; what BLOG_MEDIA_URL says of it."""
    program = str(Path(sys.executable).with_name("moto_server"))
    command = (*machine.within, program, "-H", machine.address, "-p", str(S3_PORT))
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://{machine.address}:{S3_PORT}"
    try:
        assert wait_for(lambda: _made(endpoint), 60), "the bucket could not be made"
        yield f"s3://key:secret@{BUCKET}/site?endpoint={endpoint}"
    finally:
        server.terminate()
        server.wait(30)


def files_in_s3(machine: Machine) -> dict[str, int]:
    """Names of all files in its bucket, as the site calls them, and their bytes."""
    pages = _client(f"http://{machine.address}:{S3_PORT}").get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return {one["Key"].removeprefix("site/"): one["Size"] for page in pages for one in page.get("Contents", [])}


def _made(endpoint: str) -> bool:
    try:
        _client(endpoint).create_bucket(Bucket=BUCKET)
    except BotoCoreError:
        return False
    return True


def _client(endpoint: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True, capture_output=True)
