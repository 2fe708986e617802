"""The numbers of several processes, put together by whichever is asked."""

from __future__ import annotations

import pytest

from blog.metering import Meter, meter
from blog.operations.metrics import sharing
from blog.operations.metrics.sharing import FOLDER, Place


@pytest.fixture
def folder(app):
    return app.config["BLOG_INSTANCE_PATH"] / FOLDER


@pytest.fixture
def asked(app, folder, monkeypatch):
    """`asked()`: what this process, which has a place as well, says of all."""
    own = Meter()
    monkeypatch.setattr(sharing, "meter", own)
    place = app.extensions["metrics_place"] = Place(folder, own)
    yield lambda: sharing.gathered(app)
    place.leave()


def counted(numbers):
    return numbers.counts.get(("seen", ()), 0)


def test_whoever_is_asked_tells_for_all(folder, asked):
    """What another process has written down is in the answer."""
    other = Meter()
    place = Place(folder, other)
    other.count("seen", 3)
    place.write()

    assert 3 == counted(asked())


def test_what_was_counted_never_falls(folder, asked):
    """The next process goes on where one that ended has stopped, and takes no new file."""
    for _ in range(3):
        other = Meter()
        other_place = Place(folder, other)
        other.count("seen")
        other_place.leave()

    assert 3 == counted(asked())
    assert 2 == len(list(folder.glob("*.json")))


def test_what_is_so_just_now_ends_with_its_process(folder, asked):
    """The connections of a process that is no more are none; its counts stay."""
    other = Meter()
    other.watch(lambda: [("connections", 7, {})])
    other.count("seen")
    place = Place(folder, other)
    place.write()
    before = asked().levels["connections", ()]
    place.leave()

    assert (7, None, 1) == (before, asked().levels.get(("connections", ())), counted(asked()))


def test_half_a_file_counts_for_nothing(folder, asked):
    """After a power cut counting begins anew, and the page of the numbers still answers."""
    (folder / "9.json").write_text('{"form": [1, 0.0')
    (folder / "8.json").write_text('{"form": [0], "counts": 1}')

    assert 0 == counted(asked())


def test_a_site_on_a_full_disk_counts_on(folder, asked, monkeypatch):
    """Numbers that cannot be written down are told by their own process all the same."""
    sharing.meter.count("seen", 2)
    asked()
    monkeypatch.setattr("pathlib.Path.write_text", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full")))

    assert 2 == counted(asked())


def test_one_process_needs_no_place(app):
    """Without a server of ours, what this process knows is all."""
    meter.count("alone")

    assert 1 <= sharing.gathered(app).counts["alone", ()]
