"""A site comes back from its backup, on either database, and from nothing that is not whole."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import stat
import tarfile
from contextlib import closing

import pytest
from sqlalchemy import text

from blog.accounts.models import Account, AccountLink, Purpose
from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.operations import database
from blog.operations.backups import exchange, restoring
from blog.privacy import erasures
from tests.operations.backups.conftest import PASSPHRASE, everything


def run(app, *words, given=None):
    return app.test_cli_runner().invoke(args=list(words), input=given)


@pytest.fixture
def file(filled, tmp_path):
    """A backup of the filled site, with its key."""
    path = tmp_path / "site.tar.gz"
    done = run(filled, "backup", str(path), "--passphrase-file", "-", given=PASSPHRASE + "\n")
    assert 0 == done.exit_code, done.output
    return path


def restored(app, file, *options, given=PASSPHRASE + "\n"):
    return run(app, "restore", str(file), *(options or ("--passphrase-file", "-")), given=given)


class Killed(BaseException):
    """The process ends here."""


def killed(*_):
    raise Killed


def changed(file, tmp_path, change):
    """A copy whose members `change` may alter: it gets and returns name: bytes."""
    with tarfile.open(file) as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar}
    path = tmp_path / "changed.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in change(members).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def test_what_was_erased_since_is_erased_again(filled, file, empty_site):
    """By the list that lies beside the database: whoever asked to be forgotten does not come back with a backup."""
    app = empty_site()
    with filled.app_context():
        theirs = db.session.query(Comment).filter_by(state=State.APPROVED).one()
        number, link = theirs.id, theirs.link_hash
    erasures.append(app.config["BLOG_INSTANCE_PATH"], erasures.Erasure([number], [link]))
    done = restored(app, file)

    assert "Erased again, as erasures.jsonl says: 1 comments." in done.output
    with app.app_context():
        found = db.session.get_one(Comment, number)
        assert (State.ERASED, "") == (found.state, found.newest.body)


class TestComesBack:
    @pytest.mark.both_databases
    @pytest.mark.parametrize("target", ["sqlite", "postgresql"])
    def test_with_every_row(self, filled, file, empty_site, target):
        """On the database it had, and on the other one."""
        app = empty_site(target)
        done = restored(app, file)

        assert 0 == done.exit_code, done.output
        assert everything(filled) == everything(app)
        assert "5 comments" in done.output

    def test_with_its_media(self, file, empty_site):
        """Where they were, with the same content."""
        app = empty_site()
        restored(app, file)

        assert b"\x89PNG not really" == (app.config["BLOG_INSTANCE_PATH"] / "media/ab/picture.png").read_bytes()

    @pytest.mark.both_databases
    def test_and_works(self, file, empty_site, database_kind):
        """Pages are shown, new rows get new numbers."""
        app = empty_site(database_kind)
        restored(app, file)
        answer = app.test_client().get("/posts/one", headers={"Host": "127.0.0.1:8000"})
        with app.app_context():
            begin_write()
            number = Account.register("new@example.org", "New", ()).id
            db.session.flush()
            db.session.rollback()

        assert (200, True) == (answer.status_code, "Schön — 日本語" in answer.text)
        assert number != 1

    def test_with_nobody_signed_in(self, filled, file, empty_site):
        """Each account has a new mark of its sessions."""
        app = empty_site()
        restored(app, file)
        marks = []
        for site in (filled, app):
            with site.app_context():
                marks.append(set(db.session.scalars(db.select(Account.fs_uniquifier))))

        assert set() == marks[0] & marks[1]
        assert len(marks[0]) == len(marks[1])

    def test_without_the_links_of_then(self, filled, tmp_path, empty_site):
        """A link that made an admin may have been used since."""
        with filled.app_context():
            begin_write()
            AccountLink.issue(Purpose.SETUP)
            db.session.commit()
        run(filled, "backup", str(tmp_path / "b.tar.gz"), "--without-key")
        app = empty_site()
        restored(app, tmp_path / "b.tar.gz")
        with app.app_context():
            assert 0 == db.session.scalar(db.select(db.func.count()).select_from(AccountLink))

    def test_with_its_key(self, filled, file, empty_site):
        """So that the private links in old mails still work."""
        app = empty_site()
        restored(app, file)
        key = app.config["BLOG_INSTANCE_PATH"] / "secret_key"

        assert filled.config["SECRET_KEY"] == key.read_text().strip()
        assert 0o600 == stat.S_IMODE(key.stat().st_mode)

    def test_without_its_key_by_choice(self, filled, file, empty_site):
        """Then the new place keeps its own, and it is said what that means."""
        app = empty_site()
        done = restored(app, file, "--without-key")

        assert filled.config["SECRET_KEY"] != (app.config["BLOG_INSTANCE_PATH"] / "secret_key").read_text().strip()
        assert "key was not restored" in done.output


class TestIsInterrupted:
    """Killed on the way, it begins again where it stood: there is no site yet, and nothing has to be tidied up."""

    @pytest.mark.parametrize(
        ("target", "place", "before"),
        [
            ("sqlite", restoring, "_put_back_media"),
            ("sqlite", restoring, "_into_place"),
            ("postgresql", exchange, "write_postgresql"),
        ],
    )
    def test_and_begins_again(self, filled, file, empty_site, monkeypatch, target, place, before):
        app = empty_site(target)
        with monkeypatch.context() as killing, pytest.raises(Killed):
            killing.setattr(place, before, killed)
            restored(app, file)
        again = restored(app, file)

        assert 0 == again.exit_code, again.output
        assert everything(filled) == everything(app)
        assert b"\x89PNG not really" == (app.config["BLOG_INSTANCE_PATH"] / "media/ab/picture.png").read_bytes()

    def test_but_not_over_other_media(self, file, empty_site):
        """What the backup does not hold as it is belongs to somebody."""
        app = empty_site()
        place = app.config["BLOG_INSTANCE_PATH"] / "media/ab/picture.png"
        place.parent.mkdir(parents=True)
        place.write_bytes(b"mine")
        done = restored(app, file)

        assert (1, True) == (done.exit_code, "already holds media" in done.output)
        assert b"mine" == place.read_bytes()

    def test_into_a_folder_that_is_there(self, file, empty_site):
        """Such as one that is mounted: it cannot be made anew."""
        app = empty_site()
        folder = app.config["BLOG_INSTANCE_PATH"] / "media"
        folder.mkdir()
        number = folder.stat().st_ino

        assert 0 == restored(app, file).exit_code
        assert number == folder.stat().st_ino


class TestIsRefused:
    def test_where_a_site_is(self, filled, file):
        """Nothing is written over."""
        before = everything(filled)
        done = restored(filled, file)

        assert (1, True) == (done.exit_code, "not empty" in done.output)
        assert before == everything(filled)

    def test_with_another_passphrase(self, file, empty_site):
        """And the place stays empty."""
        app = empty_site()
        done = restored(app, file, given="not the passphrase\n")

        assert (1, True) == (done.exit_code, "passphrase does not open" in done.output)
        assert 0 == restored(app, file).exit_code

    def test_without_a_passphrase(self, file, empty_site):
        """Leaving the key out has to be said."""
        done = run(empty_site(), "restore", str(file))

        assert (1, True) == (done.exit_code, "--without-key" in done.output)

    def test_from_a_newer_schema(self, file, empty_site, tmp_path):
        """Both schemas are named."""

        def newer(members):
            manifest = json.loads(members.pop("manifest.json"))
            return {**members, "manifest.json": json.dumps({**manifest, "schema": "9999"}).encode()}

        done = restored(empty_site(), changed(file, tmp_path, newer))

        assert 1 == done.exit_code
        assert "9999" in done.output
        assert str(database.newest_revision()) in done.output

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda members: {**members, "database.db": members["database.db"][:-1] + b"!"}, "damaged"),
            (lambda members: {**members, "media/ab/picture.png": b"another"}, "damaged"),
            (lambda members: {name: members[name] for name in members if "picture" not in name}, "damaged"),
            (lambda members: {"media/../../evil": b"x", **members}, "holds"),
            (lambda members: {name: members[name] for name in members if name != "manifest.json"}, "not whole"),
        ],
        ids=["a changed database", "a changed picture", "a missing picture", "a way out", "no end"],
    )
    def test_from_what_is_not_the_backup(self, file, empty_site, tmp_path, change, said):
        """Nothing of it is taken."""
        app = empty_site()
        # The manifest stands at the end, so what is changed keeps the order.
        done = restored(app, changed(file, tmp_path, change))

        assert (1, True) == (done.exit_code, said in done.output), done.output
        assert not (app.config["BLOG_INSTANCE_PATH"] / "media").exists()

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
    def test_from_what_holds_more_than_files(self, empty_site, tmp_path, kind):
        """A link would lead out of the folder, or to what another file is."""
        path = tmp_path / "links.tar.gz"
        with tarfile.open(path, "w:gz") as tar:
            entry = tarfile.TarInfo("media/way")
            entry.type, entry.linkname = kind, "/etc/passwd"
            tar.addfile(entry)
        done = restored(empty_site(), path)

        assert (1, True) == (done.exit_code, "it holds 'media/way'" in done.output), done.output

    def test_from_a_format_of_later(self, file, empty_site, tmp_path):
        """What it means nobody knows yet."""

        def later(members):
            manifest = json.loads(members.pop("manifest.json"))
            return {**members, "manifest.json": json.dumps({**manifest, "format": 2}).encode()}

        done = restored(empty_site(), changed(file, tmp_path, later))

        assert (1, True) == (done.exit_code, "has format 2, this code reads 1" in done.output), done.output

    def test_with_media_where_a_bucket_has_them(self, file, empty_site):
        """They would be nowhere."""
        done = restored(empty_site(BLOG_MEDIA_URL="s3://pictures?region=eu-central-1"), file)

        assert (1, True) == (done.exit_code, "holds 1 media" in done.output), done.output

    def test_with_rows_that_point_nowhere(self, file, empty_site, tmp_path):
        """Digests that fit do not make it sound."""

        def astray(members):
            database_file = tmp_path / "astray.db"
            database_file.write_bytes(members["database.db"])
            with closing(sqlite3.connect(database_file)) as made:
                made.execute("UPDATE comments SET post_id = 4711")
                made.commit()
            content, manifest = database_file.read_bytes(), json.loads(members.pop("manifest.json"))
            manifest["files"]["database.db"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            return {**members, "database.db": content, "manifest.json": json.dumps(manifest).encode()}

        done = restored(empty_site(), changed(file, tmp_path, astray))

        assert (1, True) == (done.exit_code, "is damaged" in done.output), done.output

    @pytest.mark.parametrize("bytes_left", [0, 10, 1000, -1])
    def test_from_half_a_file(self, file, empty_site, bytes_left):
        """A copy that was cut off is no backup."""
        os.truncate(file, bytes_left if bytes_left >= 0 else file.stat().st_size - 20)
        done = restored(empty_site(), file)

        assert (1, False) == (done.exit_code, "Traceback" in done.output)
        assert 1 == done.output.count("\n")


@pytest.mark.both_databases
def test_an_older_schema_is_brought_up(tmp_path, empty_site, database_kind):
    """What was backed up before an upgrade can be restored after it."""
    old, new = empty_site(database_kind), empty_site(database_kind)
    database.upgrade(old, "0014")
    with old.app_context():
        begin_write()
        db.session.execute(
            text("INSERT INTO people (slug, name, bio, is_team, is_sample) VALUES ('ada', 'Ada', '', false, false)")
        )
        db.session.commit()
    done = run(old, "backup", str(tmp_path / "old.tar.gz"), "--without-key")
    assert 0 == done.exit_code, done.output
    done = restored(new, tmp_path / "old.tar.gz")

    assert 0 == done.exit_code, done.output
    assert "from schema 0014" in done.output
    assert database.is_current(new)
    with new.app_context():
        assert ["ada"] == list(db.session.scalars(text("SELECT slug FROM people")))
