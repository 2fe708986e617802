"""The files under deploy/: they name what there is, and nginx with them lets nobody say who they are."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import socket
import subprocess
import threading
from contextlib import ExitStack, contextmanager, suppress

import pytest

from blog import create_app
from blog.config import ROOT, SETTINGS
from tests.fronts import SITE, nginx
from tests.processes import RunningSite

DEPLOY = ROOT / "deploy"
UNITS = ("blog.service", "blog-worker.service")


class TestNames:
    def test_settings_are_ours(self):
        """A name that does not exist would stop the start."""
        known = {setting.name for setting in SETTINGS}
        files = [path for path in DEPLOY.rglob("*") if path.is_file()]
        named = {name for path in files for name in re.findall(r"\bBLOG_[A-Z_]+\b", path.read_text())}

        assert named
        assert set() == named - known

    @pytest.mark.parametrize("unit", UNITS)
    def test_units_start_a_command_of_ours(self, tmp_path, unit):
        """What they run after flask is one of its commands."""
        command = re.search(r"^ExecStart=\S+/flask (\w+)$", (DEPLOY / "systemd" / unit).read_text(), re.MULTILINE)

        assert command
        assert command[1] in create_app({"BLOG_INSTANCE_PATH": str(tmp_path)}).cli.list_commands(None)

    def test_the_container_takes_along_what_there_is(self):
        """Each thing that is copied stands in the project, and is not kept out."""
        copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
        let_in = (DEPLOY / "Dockerfile.dockerignore").read_text().split()

        assert {"blog", "wsgi.py"} <= set(copied)
        assert [] == [name for name in copied if not (ROOT / name).exists() or f"!{name}" not in let_in]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("unit", UNITS)
def test_units_are_sound_and_closed(tmp_path, unit):
    """systemd reads every line of them; what a service could still do is little (of 10)."""
    copy = tmp_path / unit
    copy.write_text((DEPLOY / "systemd" / unit).read_text().replace("/opt/blog/.venv/bin/flask", "/bin/true"))
    said = subprocess.run(("systemd-analyze", "verify", "--man=no", copy), capture_output=True, text=True, check=False)
    scored = subprocess.run(
        ("systemd-analyze", "security", "--offline=true", "--threshold=20", copy), capture_output=True, check=False
    )

    assert (0, "") == (said.returncode, said.stderr)
    assert 0 == scored.returncode


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """A site behind nginx."""
    folder = tmp_path_factory.mktemp("front")
    site = RunningSite(folder / "instance", FLASK_APP="tests.operations.slow_site", **SITE)
    try:
        site.wait_until_up()
        with nginx(folder, [site.port]) as proxy:
            yield proxy
    finally:
        site.kill()


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("curl")), reason="needs nginx and curl")
class TestNginx:
    def test_says_itself_who_asks(self, proxy):
        """Whatever a client claims of its address, scheme, host or port, under names with underscores, too."""
        claims = {
            "X-Forwarded-For": "203.0.113.66",
            "X_Forwarded_For": "203.0.113.66",
            "Forwarded": "for=203.0.113.66;proto=http;host=evil.example",
            "X-Real-IP": "203.0.113.66",
            "True-Client-IP": "203.0.113.66",
            "X-Forwarded-Proto": "http",
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Port": "81",
        }
        told = [part for name, value in claims.items() for part in ("-H", f"{name}: {value}")]

        assert {"address": "127.0.0.1", "scheme": "https", "host": "blog.example.org"} == json.loads(
            proxy.curl("/who", *told)
        )

    def test_speaks_http_2_and_names_the_request(self, proxy):
        """The name that nginx gives is the one in our log and in the answer."""
        head = proxy.curl("/nowhere", "--http2", "-i")

        assert head.startswith("HTTP/2 404")
        assert re.search(r"^x-request-id: [0-9a-f]{32}$", head, re.MULTILINE)

    def test_keeps_the_metrics_to_this_machine(self, proxy):
        """Also for those who come through it from this machine."""
        assert ["404", "404"] == [
            proxy.curl(path, "-o", "/dev/null", "-w", "%{http_code}") for path in ("/metrics", "/%6detrics")
        ]


@contextmanager
def answering(does):
    """A node for which `does(number)` says what it does with each connection: a status, or nothing for ever."""
    held, numbers = [], itertools.count(1)

    def serve(listener):
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                held.append(connection)
                while connection.recv(65536):
                    status = does(next(numbers))
                    if status is None:
                        break
                    body = f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nok".encode()
                    connection.sendall(body)
                    if status != 200:
                        connection.close()
                        break

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    for connection in held:
        connection.close()


@contextmanager
def unreachable():
    """A node that takes no connection and refuses none, as one whose link is cut: its queue is full."""
    with ExitStack() as stack:
        place = stack.enter_context(socket.socket())
        place.bind(("127.0.0.1", 0))
        place.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(place.getsockname())
        yield place.getsockname()[1]


@pytest.mark.skipif(not shutil.which("nginx"), reason="needs nginx")
class TestNodesThatAreAway:
    def test_what_one_never_answers_another_is_asked(self, tmp_path):
        """Its link was cut when it had just taken the request, on a connection that had been kept."""
        with (
            answering(lambda number: 200 if number == 1 else None) as cut,
            answering(lambda number: 200) as other,
            nginx(tmp_path, [cut, other], is_hurried=True) as proxy,
        ):
            told = [proxy.curl("/", "-o", "/dev/null", "-w", "%{http_code}") for _ in range(4)]

        assert ["200"] * 4 == told

    def test_where_nobody_can_it_is_not_said_that_time_is_over(self, tmp_path):
        """One says 503, the other takes nothing: whoever was asked last, it is 503, and when to come again."""
        with (
            unreachable() as cut,
            answering(lambda number: 503) as busy,
            nginx(tmp_path, [busy, cut], is_hurried=True) as proxy,
        ):
            told = {proxy.curl("/", "-o", "/dev/null", "-D", "-", "-w", "%{http_code}")[-3:] for _ in range(4)}
            page = proxy.curl("/", "-i")

        assert {"503"} == told
        assert "503" in page.splitlines()[0]
