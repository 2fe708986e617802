"""The backup of each day: one, kept for its days, and restored on trial."""

from __future__ import annotations

import pytest
from obstore.store import MemoryStore

from blog.config import ConfigError
from blog.database import db
from blog.operations.backups import keeping, making, places
from blog.operations.backups.archive import BrokenBackup
from blog.operations.models import Backup


@pytest.fixture
def settings():
    return {"BLOG_BACKUP_KEEP": 2}


def days(app, clock, count):
    """Let so many days pass, each with its backup."""
    with app.app_context():
        for _ in range(count):
            clock.advance(days=1)
            keeping.keep(app)


def kept(app):
    folder = app.config["BLOG_INSTANCE_PATH"] / "backups"
    with app.app_context():
        rows = [row.name for row in db.session.scalars(Backup.newest_first())]
    return sorted(rows), sorted(path.name for path in folder.iterdir())


class TestKeep:
    @pytest.mark.both_databases
    def test_makes_one_a_day_and_removes_the_oldest(self, filled, clock):
        """As many as BLOG_BACKUP_KEEP says, in the folder and in the list."""
        days(filled, clock, 3)
        rows, files = kept(filled)

        assert rows == files
        assert 2 == len(files)

    def test_removes_nothing_else(self, filled, clock):
        """What a person has put there stays, whatever it is called."""
        folder = filled.config["BLOG_INSTANCE_PATH"] / "backups"
        folder.mkdir(exist_ok=True)
        (folder / "before-the-move.tar.gz").touch()
        days(filled, clock, 3)

        assert (folder / "before-the-move.tar.gz").exists()

    def test_is_done_once_where_several_tick(self, filled, clock):
        """Workers of two machines that are told at the same minute make one."""
        days(filled, clock, 1)
        with filled.app_context():
            keeping.keep(filled)

        assert 1 == len(kept(filled)[0])

    def test_can_be_switched_off(self, filled, clock):
        """For whoever has another way."""
        filled.config["BLOG_BACKUP_KEEP"] = 0
        days(filled, clock, 1)
        with filled.app_context():
            assert Backup.newest() is None

    def test_that_fails_keeps_the_ones_before(self, filled, clock, monkeypatch):
        """Nothing old goes until something new is there."""
        days(filled, clock, 2)
        before = kept(filled)
        monkeypatch.setattr(making.archive, "extract", lambda *arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            days(filled, clock, 1)

        assert before == kept(filled)


class TestProve:
    @pytest.mark.both_databases
    def test_says_when_the_newest_was_restored(self, filled, clock):
        """The moment stands with the backup."""
        days(filled, clock, 1)
        moment = clock.advance(hours=1)
        with filled.app_context():
            keeping.prove_newest(filled)
            assert moment == Backup.newest().proved_at

    def test_says_nothing_of_one_that_is_damaged(self, filled, clock):
        """The job fails, which the desk and the log show."""
        days(filled, clock, 1)
        path = filled.config["BLOG_INSTANCE_PATH"] / "backups" / kept(filled)[1][0]
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 255
        path.write_bytes(content)
        clock.advance(hours=1)
        with filled.app_context():
            with pytest.raises(BrokenBackup):
                keeping.prove_newest(filled)
            assert Backup.newest().proved_at is None

    def test_has_nothing_to_do_before_the_first(self, filled):
        """A new site is not a broken one."""
        with filled.app_context():
            keeping.prove_newest(filled)


def test_a_bucket_keeps_them_too(filled, clock, monkeypatch, tmp_path):
    """Made, listed, brought back for the trial, removed: as in a folder."""
    bucket = places.Bucket(MemoryStore())
    monkeypatch.setattr(places, "of", lambda app: bucket)
    days(filled, clock, 3)
    with filled.app_context():
        clock.advance(hours=1)
        keeping.prove_newest(filled)
        newest = Backup.newest()

        assert newest.proved_at
        assert bucket.names()[-1] == newest.name
        assert 2 == len(bucket.names())
        assert newest.size == bucket.fetch(newest.name, tmp_path).stat().st_size


@pytest.mark.parametrize("wrong", ["ftp://host/folder", "gs://bucket/folder"])
def test_a_place_that_is_none_is_refused(wrong):
    """In one line, before anything is done."""
    with pytest.raises(ConfigError):
        places.place(wrong)
