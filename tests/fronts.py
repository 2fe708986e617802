"""nginx of deploy/nginx.conf in front of a running site, on ports of this machine and with a certificate of its own."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT, free_port, wait_for

NAME = "blog.example.org"
SITE = {"BLOG_SITE_URL": f"https://{NAME}", "BLOG_TRUSTED_PROXIES": "1"}  # settings of what stands behind


@dataclass(frozen=True)
class Proxy:
    """Where nginx listens."""

    port: int
    host: str = "127.0.0.1"

    def curl(self, path: str, *options: str) -> str:
        """What curl writes; the certificate is our own, the name is not asked for."""
        address = f"https://{NAME}:{self.port}{path}"
        place = ("--resolve", f"{NAME}:{self.port}:{self.host}")
        done = subprocess.run(
            ("curl", "-sk", "--max-time", "120", *place, *options, address), capture_output=True, text=True, check=False
        )
        return done.stdout


@contextmanager
def nginx(
    folder: Path,
    sites: Sequence[int | str],
    host: str = "127.0.0.1",
    within: Sequence[str] = (),
    is_hurried: bool = False,
) -> Iterator[Proxy]:
    """The file as it is delivered, but for ports, name of the certificate and who runs it.

    `sites` are ports of this machine, or HOST:PORT; `within` is a command that runs nginx somewhere else. Where it
    `is_hurried`, it waits for them a tenth of the time.
    """
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME} -keyout key.pem -out cert.pem".split(),
        cwd=folder,
        capture_output=True,
        check=True,
    )
    plain, secure = free_port(), free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    nodes, again = (
        "\n".join(f"server {f'127.0.0.1:{one}' if isinstance(one, int) else one} {how};" for one in sites)
        for how in ("fail_timeout=2s", "backup max_fails=0")
    )
    for what, instead in (
        (r"listen (\[::\]:)?80;", f"listen {host}:{plain};"),
        (r"listen (\[::\]:)?443 ssl http2;", f"listen {host}:{secure} ssl http2;"),
        (r"/etc/letsencrypt\S*/fullchain.pem", str(folder / "cert.pem")),
        (r"/etc/letsencrypt\S*/privkey.pem", str(folder / "key.pem")),
        (r"server 127.0.0.1:8000 fail_timeout=2s;", nodes),
        (r"server 127.0.0.1:8000 backup max_fails=0;", again),
    ):
        text, times = re.subn(what, instead, text)
        assert times, f"deploy/nginx.conf has no {what}"
        text = _once(text, instead)
    if is_hurried:
        text = re.sub(r"(proxy_\w+_timeout) (\d+)s;", lambda one: f"{one[1]} {one[2]}00ms;", text)
    temp = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 512; }}\nhttp {{ access_log off; {temp}\n{text}\n}}\n"
    )
    process = subprocess.Popen(
        (*within, shutil.which("nginx") or "nginx", "-p", str(folder), "-c", str(configuration)), stderr=subprocess.PIPE
    )
    try:
        assert wait_for(lambda: process.poll() is not None or _listens(host, secure))
        assert process.poll() is None, process.communicate()[1].decode()
        yield Proxy(secure, host)
    finally:
        process.terminate()
        process.communicate(timeout=120)


def _once(text: str, line: str) -> str:
    """The first of several equal lines: IPv4 and IPv6 listen on one port here."""
    first, found, rest = text.partition(line)
    return first + found + "\n".join(part for part in rest.split("\n") if part.strip() != line) if found else text


def _listens(host: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False
