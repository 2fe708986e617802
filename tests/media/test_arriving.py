"""A file becomes a picture of the media: known once, named well, stored before it is known."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from blog.clock import frozen, now
from blog.database import begin_write, db
from blog.errors import Refused
from blog.media import arriving, jobs
from blog.media.models import ARRIVAL, MOST_TRIES, TAKEN, Media, MediaFile
from blog.media.storage import Away, store
from tests.media.files import drawing, file

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def arrived(name="Piriformis links (2).PNG", **values):
    return arriving.arrive(file(drawing(**values)), name, None)[0]


def files():
    root = store().root
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


class TestArriving:
    def test_a_picture_is_named_by_its_file(self):
        """In small letters, digits and hyphens, so that it can stand in an address."""
        assert "piriformis-links-2" == arrived().name

    def test_a_name_is_given_once(self):
        """Another picture of the same name gets a number."""
        assert ["photo", "photo-2", "photo-3"] == [arrived("photo.jpg", width=width).name for width in (64, 65, 66)]

    @pytest.mark.parametrize(
        ("sent", "name"),
        [
            ("../../etc/passwd.png", "passwd"),
            ("C:\\Users\\Ada\\Übung für den Rücken.png", "ubung-fur-den-rucken"),
            ("....png", "picture"),
            ("\u202egnp.exe\x00.png", "gnp-exe"),
            ("<script>.png", "script"),
            (".htaccess", "htaccess"),
            ("日本.png", "picture"),
            ("a" * 500 + ".png", "a" * 60),
        ],
    )
    def test_no_name_of_a_file_is_trusted(self, sent, name):
        """Paths, signs and scripts of any kind end as a plain word."""
        assert name == Media.free_name(sent)

    def test_the_same_file_is_the_same_picture(self):
        """Sent twice, it is there once."""
        first, again = (arriving.arrive(file(), "a.png", None) for _ in range(2))

        assert (True, False) == (first[1], again[1])
        assert first[0].id == again[0].id
        assert 1 == len(files())

    def test_its_address_cannot_be_guessed_from_the_file(self, tmp_path):
        """Who has the file does not learn by it whether the site has it."""
        first = arrived()
        before = first.digest
        begin_write()
        first.remove()
        db.session.commit()

        assert before != arrived().digest

    def test_what_is_no_picture_leaves_nothing(self):
        """No row and no file."""
        with pytest.raises(Refused, match="not a JPEG"):
            arriving.arrive(b"hello", "a.png", None)

        assert ([], None) == (files(), db.session.scalar(select(MediaFile)))

    def test_a_file_is_known_before_it_is_stored(self, monkeypatch):
        """What a stop leaves behind is found by its row, and taken away when it cannot be on its way any more."""

        def stored_then_stopped(*told):
            put(*told)
            raise KeyboardInterrupt

        put = store().put
        monkeypatch.setattr(store(), "put", stored_then_stopped)
        with pytest.raises(KeyboardInterrupt):
            arrived()
        db.session.rollback()
        left = len(files())
        jobs.take_away_files()
        still = len(files())
        with frozen(now() + ARRIVAL):
            jobs.take_away_files()

        assert (1, 1, 0) == (left, still, len(files()))


class TestSmaller:
    def test_pages_offer_them_when_they_are_there(self):
        """Until then they show the one that is kept."""
        media = arrived(width=600, height=300)
        before = media.shown
        jobs.make_smaller_pictures()
        after = db.session.get(Media, media.id, populate_existing=True).shown

        assert ("", ()) == (before.srcset, before.sources)
        assert ["240w", "480w", "600w"] == [one.split()[-1] for one in after.srcset.split(", ")]
        assert before.src == after.src

    def test_each_address_that_is_offered_is_there(self, client):
        """Every one of them is answered, with the type it promises."""
        noise = arriving.arrive(file(drawing(700, 400), "JPEG"), "a.jpg", None)[0]
        number = noise.id
        jobs.make_smaller_pictures()
        shown = db.session.get(Media, number, populate_existing=True).shown
        offered = [("image/jpeg", shown.srcset), *((one.mimetype, one.srcset) for one in shown.sources)]
        answers = [(mimetype, client.get(one.split()[0])) for mimetype, srcset in offered for one in srcset.split(", ")]

        assert len(answers) >= 3
        assert all((200, mimetype) == (answer.status_code, answer.mimetype) for mimetype, answer in answers)

    def test_what_fails_is_tried_three_times(self, monkeypatch):
        """And then the kept one is shown for good; nothing is tried for ever."""
        media, tries = arrived(), []

        def failing(data):
            tries.append(data)
            raise jobs.decoding.Unreadable("no")

        monkeypatch.setattr(jobs.decoding, "smaller", failing)
        for _ in range(3):
            jobs.make_smaller_pictures()

        assert 3 == len(tries)
        assert re.fullmatch(r"/media/[0-9a-f]{32}/piriformis-links-2\.png", media.shown.src)

    @pytest.mark.parametrize("question", ["get", "put"])
    def test_a_place_for_files_that_is_away_uses_up_no_try(self, monkeypatch, question):
        """However long it is away; then they are made, without anybody's doing."""
        media = arrived(width=600)

        def away(*told):
            raise Away("it does not answer")

        with monkeypatch.context() as patch:
            patch.setattr(store(), question, away)
            for _ in range(MOST_TRIES + 1):
                with pytest.raises(Away):
                    jobs.make_smaller_pictures()
        jobs.make_smaller_pictures()

        assert db.session.get(Media, media.id, populate_existing=True).made_at is not None

    def test_one_worker_makes_them(self, monkeypatch):
        """Others that look meanwhile find nothing to do: each would need as much memory and time."""
        arrived(width=600)
        seen = []
        smaller = jobs.decoding.smaller

        def while_another_looks(data):
            seen.append(data)
            jobs.make_smaller_pictures()
            return smaller(data)

        monkeypatch.setattr(jobs.decoding, "smaller", while_another_looks)
        jobs.make_smaller_pictures()

        assert 1 == len(seen)

    def test_what_a_worker_took_and_left_is_made_by_another(self, monkeypatch):
        """It was killed on the way: after five minutes the next one takes it."""
        media = arrived(width=600)
        monkeypatch.setattr(jobs.decoding, "smaller", lambda data: exit())
        with pytest.raises(SystemExit):
            jobs.make_smaller_pictures()
        db.session.rollback()
        monkeypatch.undo()
        jobs.make_smaller_pictures()
        early = db.session.get(Media, media.id, populate_existing=True).made_at
        with frozen(now() + TAKEN):
            jobs.make_smaller_pictures()

        assert early is None
        assert db.session.get(Media, media.id, populate_existing=True).made_at is not None


class TestReplacing:
    def test_shows_the_new_one_under_the_same_name(self):
        """Another address, so no browser shows the old one; the old files go."""
        media = arrived(width=600, height=300)
        jobs.make_smaller_pictures()
        before = media.shown.src
        arriving.arrive_instead(media.id, file(drawing(100, 90)))
        jobs.take_away_files()
        after = db.session.get(Media, media.id, populate_existing=True)

        assert ("piriformis-links-2", 100) == (after.name, after.width)
        assert before != after.shown.src
        assert [after.file] == files()

    def test_not_by_one_that_is_here_already(self):
        """Two pictures of the same file could not be told apart."""
        media, other = arrived("a.png", width=64), arrived("b.png", width=65)

        with pytest.raises(Refused, match="here already, as “b”"):
            arriving.arrive_instead(media.id, file(drawing(width=65)))
        assert other.name == "b"


def test_deleting_takes_the_files_away():
    """All of them, and nothing else."""
    media, other = arrived("a.png", width=600), arrived("b.png", width=64)
    jobs.make_smaller_pictures()
    begin_write()
    db.session.get(Media, media.id, populate_existing=True).remove()
    db.session.commit()
    jobs.take_away_files()

    assert {other.digest} == {name.split("/")[0] for name in files()}
    assert {"b"} == set(db.session.scalars(select(Media.name)))
