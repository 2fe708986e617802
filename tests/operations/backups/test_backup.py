"""A backup is made while others write, holds one moment of the site, and is nobody else's to read."""

from __future__ import annotations

import json
import stat
import tarfile
import threading
from contextlib import closing

import pytest

from blog.database import begin_write, db
from blog.operations.backups import making, places, snapshot
from blog.operations.backups.archive import DATABASE
from tests.operations.backups.conftest import PASSPHRASE

BACKUPS = 20  # each with a moment of its own


def run(app, *words, given=None):
    return app.test_cli_runner().invoke(args=list(words), input=given)


def members(file):
    with tarfile.open(file) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}


class TestFile:
    def test_says_what_it_holds(self, filled, tmp_path):
        """The counts are printed, and stand in its manifest with the digests of all files."""
        done = run(filled, "backup", str(tmp_path / "b.tar.gz"), "--without-key")
        manifest = json.loads(members(tmp_path / "b.tar.gz")["manifest.json"])

        assert "1 posts, 5 comments" in done.output
        assert (5, ["database.db", "media/ab/picture.png"]) == (manifest["rows"]["comments"], sorted(manifest["files"]))

    def test_is_for_its_user_alone(self, filled, tmp_path):
        """Whatever the umask says."""
        run(filled, "backup", str(tmp_path / "b.tar.gz"), "--without-key")

        assert 0o600 == stat.S_IMODE((tmp_path / "b.tar.gz").stat().st_mode)

    def test_holds_no_key_that_can_be_read(self, filled, tmp_path):
        """Without a passphrase neither the key nor config.py is in it, and with one they are sealed."""
        (filled.config["BLOG_INSTANCE_PATH"] / "config.py").write_text("BLOG_MAIL_URL = 'smtp://u:p4ssw0rd@h:25'\n")
        run(filled, "backup", str(tmp_path / "open.tar.gz"))
        run(filled, "backup", str(tmp_path / "sealed.tar.gz"), "--passphrase-file", "-", given=PASSPHRASE)
        for name, sealed in (("open", False), ("sealed", True)):
            content = members(tmp_path / f"{name}.tar.gz")
            text = b"".join(content.values())

            assert sealed == ("secrets.sealed" in content)
            assert not any(secret.encode() in text for secret in (filled.config["SECRET_KEY"], "p4ssw0rd"))

    def test_that_failed_leaves_the_one_before(self, filled, tmp_path, monkeypatch):
        """The new one takes the name when it is proved, not before, and nothing of it is left otherwise."""
        file = tmp_path / "out" / "b.tar.gz"
        run(filled, "backup", str(file), "--without-key")
        before = file.read_bytes()

        def broken(*arguments):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(making, "prove", broken)
        done = run(filled, "backup", str(file), "--without-key")

        assert (1, before, [file]) == (done.exit_code, file.read_bytes(), list(file.parent.iterdir()))
        assert "No space left on device" in done.output
        assert [] == list(filled.config["BLOG_INSTANCE_PATH"].glob(".backup-*"))

    def test_is_not_begun_without_room(self, filled, tmp_path, monkeypatch):
        """A backup must not fill the disk of a running site."""
        monkeypatch.setattr(making.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10}))
        done = run(filled, "backup", str(tmp_path / "b.tar.gz"), "--without-key")

        assert (1, True) == (done.exit_code, "no room" in done.output)

    def test_needs_a_passphrase_worth_the_name(self, filled, tmp_path):
        """A short one could be guessed."""
        done = run(filled, "backup", str(tmp_path / "b.tar.gz"), "--passphrase-file", "-", given="short\n")

        assert (1, True) == (done.exit_code, "at least 12" in done.output)


@pytest.mark.slow
@pytest.mark.both_databases
def test_twenty_made_while_others_write_are_each_whole(filled, make, tmp_path):
    """
    What was committed before a backup began is in it, nothing of a comment is without the rest, and all are sound.
    """
    post, done, stop = make.post("busy"), [], threading.Event()

    def write():
        while not stop.is_set():
            done.append(make.comment(post, sender=f"10.0.{len(done) // 250}.{len(done) % 250}").id)

    writer = threading.Thread(target=write)
    writer.start()
    bad = []
    try:
        for number in range(BACKUPS):
            acknowledged = set(done)
            with filled.app_context():
                making.make(filled, places.Folder(tmp_path), f"{number}.tar.gz")
            content = tmp_path / str(number)
            making.prove(tmp_path / f"{number}.tar.gz", content)
            with closing(snapshot.opened(content / DATABASE)) as file:
                found = {row for (row,) in file.execute("SELECT id FROM comments")}
                halves = file.execute(
                    "SELECT count(*) FROM comments c LEFT JOIN comment_revisions r ON r.id = c.newest_revision_id"
                    " LEFT JOIN events e ON e.comment_id = c.id WHERE r.id IS NULL AND e.id IS NULL"
                ).fetchone()[0]
            bad += [number] if not acknowledged <= found or halves else []
    finally:
        stop.set()
        writer.join()

    assert [] == bad
    assert len(done) > BACKUPS  # else nobody has written


@pytest.mark.both_databases
def test_whoever_writes_waits_for_no_backup(filled, make, tmp_path, monkeypatch):
    """A comment is stored while the copy is under way."""
    check, stored = snapshot.check, []

    def meanwhile(path):
        stored.append(make.comment())
        return check(path)

    monkeypatch.setattr(snapshot, "check", meanwhile)
    with filled.app_context():
        making.make(filled, places.Folder(tmp_path), "b.tar.gz")
        begin_write()
        db.session.rollback()

    assert stored
