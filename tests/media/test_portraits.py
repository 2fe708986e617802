"""Portraits: squares beside names in bylines, gone with whoever they show."""

from __future__ import annotations

import re
import threading

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from blog.accounts.models import Account, Person, RoleName
from blog.database import begin_write, db
from blog.errors import Refused
from blog.media import decoding, portraits, workshop
from blog.media.models import MediaFile
from tests.media.files import drawing, file, from_a_phone, opened

BYLINE = {"authors": ["ada"]}


def person(slug="ada"):
    return db.session.scalars(Person.with_slugs([slug])).one()


def brought(slug="ada"):
    """A portrait beside the name; its digest."""
    portraits.arrive(file(drawing(400, 300)), person(slug), "Ada, smiling")
    return person(slug).portrait


def shown(client: FlaskClient, path: str) -> list[str]:
    """The portraits on a page."""
    return re.findall(r'src="(/media/[^"]+/portrait-[^"]+)"', client.get(path).text)


def going():
    return sorted(row.name for row in db.session.scalars(MediaFile.gone()))


class TestCutting:
    def test_makes_the_sides_that_pages_ask_for(self):
        assert workshop.PORTRAIT_SIDES == tuple(portraits.SIDES.values())

    def test_knows_the_parts_that_forms_offer(self):
        assert list(workshop.PORTRAIT_PARTS) == list(portraits.PARTS)

    def test_a_square_is_cut_from_the_upper_middle(self):
        """Of a tall picture less is cut off above than below: there the face is."""
        tall = drawing(200, 600)
        tall.paste((0, 0, 0), (0, 300, 200, 600))
        large, small, _ = decoding.portrait(file(tall), "face")

        assert ((320, 320), (96, 96)) == ((large.width, large.height), opened(small.body).size)
        assert sum(opened(large.body).getpixel((160, 280))) > 150

    @pytest.mark.parametrize(("part", "shade"), [("first", 0), ("middle", 128), ("last", 255)])
    @pytest.mark.parametrize("size", [(200, 600), (600, 200)])
    def test_the_part_that_was_chosen_is_cut(self, part, shade, size):
        """Of a tall picture the top, the middle or the bottom; of a wide one the left, the middle or the right."""
        thirds = Image.new("RGB", size)
        for number, third in enumerate((0, 128, 255)):
            box = (0, 200 * number) if size[0] == 200 else (200 * number, 0)
            thirds.paste((third, third, third), (*box, box[0] + 200, box[1] + 200))
        large, _, _ = decoding.portrait(file(thirds), part)

        assert all(
            abs(shade - opened(large.body).getpixel(at)[0]) < 8 for at in ((30, 30), (160, 160), (290, 30), (30, 290))
        )

    def test_what_a_camera_writes_is_gone(self):
        made = decoding.portrait(from_a_phone(400, 300), "face")

        assert [{}, {}, {}] == [dict(opened(one.body).getexif()) for one in made]
        assert not any(b"SECRETWORDS" in one.body for one in made)

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"", "empty"),
            (b"hello", "not a JPEG"),
            (file(drawing(159, 400)), "needs 160"),
            (b"x" * 21_000_000, "20 MB"),
        ],
    )
    def test_what_is_no_portrait_is_refused_with_the_reason(self, context, make, data, why):
        make.post(**BYLINE)
        with pytest.raises(Refused, match=why):
            portraits.arrive(data, person(), "")

        assert (None, None) == (person().portrait, db.session.scalar(select(MediaFile)))


@pytest.mark.both_databases
class TestShowing:
    def test_readers_see_it_where_its_owner_is_named(self, app, client, make):
        """Pages that were kept with initials are dropped; in the byline the name beside it is enough."""
        make.post("back", **BYLINE)
        before = [shown(client, path) for path in ("/posts/back", "/authors/ada")]
        with app.app_context():
            digest = brought()

        assert [[], []] == before
        assert [f"/media/{digest}/portrait-96.jpg"] == shown(client, "/posts/back")
        assert [f"/media/{digest}/portrait-320.jpg"] == shown(client, "/authors/ada")
        assert 'alt="Ada, smiling"' in client.get("/authors/ada").text
        assert "image/jpeg" == client.get(f"/media/{digest}/portrait-96.jpg").mimetype

    def test_nobody_is_shown_without_a_published_article(self, app, client, make):
        make.post(published_at=None, **BYLINE)
        with app.app_context():
            brought()

        assert [] == shown(client, "/authors/ada")

    def test_another_one_takes_its_place_and_its_files_go(self, app, client, make):
        make.post("back", **BYLINE)
        with app.app_context():
            first, second = brought(), brought()

            files = "portrait-320.jpg", "portrait-96.jpg", portraits.WHOLE
            assert [f"{first}/{name}" for name in files] == going()
        assert [f"/media/{second}/portrait-96.jpg"] == shown(client, "/posts/back")

    def test_it_goes_with_the_account(self, app, client, make):
        """Whoever is deactivated stays named, and is shown no more."""
        make.post("back", **BYLINE)
        account = make.account(RoleName.AUTHOR)
        with app.app_context():
            begin_write()
            person().account_id = account.id
            db.session.commit()
            brought()
        before = shown(client, "/posts/back")
        with app.app_context():
            begin_write()
            db.session.get_one(Account, account.id).deactivate()
            db.session.commit()

            assert (1, 3) == (len(before), len(going()))
            assert (None, "") == (person().portrait, person().portrait_alt)
        assert [] == shown(client, "/posts/back")


@pytest.mark.both_databases
class TestWhole:
    """The picture that a square is cut from."""

    @staticmethod
    def halves():
        """Black on the left, white on the right."""
        made = Image.new("RGB", (800, 300), "white")
        made.paste("black", (0, 0, 400, 300))
        return file(made)

    def test_is_kept_cleaned_and_under_no_address(self, app, client, make):
        make.post("back", **BYLINE)
        with app.app_context():
            portraits.arrive(from_a_phone(400, 300), person(), "")
            digest = person().portrait
            whole = portraits.original(digest)

        assert (300, 400) == opened(whole).size and b"SECRETWORDS" not in whole
        assert 200 == client.get(f"/media/{digest}/portrait-320.jpg").status_code
        assert 404 == client.get(f"/media/{digest}/{portraits.WHOLE}").status_code

    def test_another_part_is_cut_from_it_as_often_as_one_likes(self, app, make):
        """It stays the same to the byte, and its files of before go: an address never shows two pictures."""
        make.post("back", **BYLINE)
        with app.app_context():
            portraits.arrive(self.halves(), person(), "", "first")
            first, before = person().portrait, portraits.original(person().portrait)
            portraits.cut_anew(person(), "The right", "last")
            last = person().portrait

            assert (0, 255) == tuple(opened(portraits.whole(one)).getpixel((9, 9))[0] for one in (first, last))
            assert (before, "The right") == (portraits.original(last), person().portrait_alt)
            assert {first} == {name.partition("/")[0] for name in going()}

    def test_of_a_portrait_from_before_it_was_kept_there_is_none(self, app, make):
        make.post("back", **BYLINE)
        with app.app_context():
            digest = brought()
            begin_write()
            MediaFile.drop([f"{digest}/{portraits.WHOLE}"])
            db.session.commit()

            assert (False, None, []) == (portraits.is_kept(digest), portraits.original(digest), portraits.lost())
            with pytest.raises(Refused, match="not kept"):
                portraits.cut_anew(person(), "", "last")

    def test_one_that_came_meanwhile_is_not_replaced_by_a_part_of_the_one_before(self, app, monkeypatch, make):
        make.post("back", **BYLINE)
        with app.app_context():
            brought()
            seen, cut = person(), decoding.portrait

            def slow(data, part):
                monkeypatch.setattr(decoding, "portrait", cut)
                with app.app_context():
                    brought()
                return cut(data, part)

            monkeypatch.setattr(decoding, "portrait", slow)
            with pytest.raises(Refused, match="Another portrait has come meanwhile"):
                portraits.cut_anew(seen, "", "last")
            db.session.rollback()

            assert portraits.is_kept(person().portrait)
            assert 6 == len(going())


def arrive(seen):
    portraits.arrive(file(drawing(400, 300)), seen, "Other words")


def cut_anew(seen):
    portraits.cut_anew(seen, "Other words", "last")


def describe(seen):
    portraits.describe(seen, "Other words")


def deactivate(by_id):
    db.session.get_one(Account, by_id).deactivate()


def unlink(by_id):
    person().account_id = None


def rename(by_id):
    person().name = "Ada Other"


@pytest.mark.both_databases
class TestMeanwhile:
    """Between the question whose name it is and the answer, seconds pass."""

    @pytest.fixture
    def by_id(self, app, make):
        """The account of Ada, who has a portrait."""
        make.post(**BYLINE)
        account = make.account(RoleName.AUTHOR)
        with app.app_context():
            begin_write()
            person().account_id = account.id
            db.session.commit()
            brought()
        return account.id

    @staticmethod
    def attempt(app, act, meanwhile, by_id):
        """Act on the person as seen before something else happened; why it was refused."""
        with app.app_context():
            seen = person()
            with app.app_context():
                begin_write()
                meanwhile(by_id)
                db.session.commit()
            try:
                act(seen)
            except Refused as refusal:
                db.session.rollback()
                return str(refusal)
        return None

    @staticmethod
    def beside(app, *acts):
        """The second begins before the first has committed; why the second was refused."""
        refused = []

        def later():
            with app.app_context():
                try:
                    acts[1]()
                    db.session.commit()
                except Refused as refusal:
                    refused.append(str(refusal))

        thread = threading.Thread(target=later)
        with app.app_context():
            begin_write()
            acts[0]()
            db.session.flush()
            thread.start()
            thread.join(0.5)  # enough to wait for the first, or to go past it
            db.session.commit()
        thread.join()
        return refused

    @pytest.mark.parametrize("act", [arrive, cut_anew, describe])
    def test_a_name_that_is_still_the_account_s_takes_it(self, app, by_id, act):
        assert self.attempt(app, act, rename, by_id) is None
        with app.app_context():
            assert "Other words" == person().portrait_alt

    @pytest.mark.parametrize("act", [arrive, cut_anew, describe])
    @pytest.mark.parametrize(("meanwhile", "why"), [(deactivate, "is deactivated"), (unlink, "was changed meanwhile")])
    def test_a_name_that_is_not_takes_nothing(self, app, by_id, act, meanwhile, why):
        """What had arrived by then goes: no file is left that nobody is shown by."""
        assert why in self.attempt(app, act, meanwhile, by_id)
        with app.app_context():
            kept = db.session.scalars(select(MediaFile.name).where(MediaFile.gone_at.is_(None))).all()

            assert "Other words" != person().portrait_alt
            assert (0 if meanwhile is deactivate else 3) == len(kept)
            brought_now = {arrive: (3,), cut_anew: (0, 3), describe: (0,)}  # cut from none if it is seen to be gone
            assert len(going()) - 3 * (meanwhile is deactivate) in brought_now[act]

    @pytest.mark.parametrize("way", ["deactivate", "give the name away"])
    def test_one_that_is_stored_at_the_moment_of_the_end_goes(self, app, staff, by_id, way):
        """It is the first: before, there was none, so whoever does not wait for it has nothing to take away."""
        admin = staff(RoleName.ADMIN, email="admin@example.org")
        with app.app_context():
            begin_write()
            portraits.remove(person())
            db.session.commit()
            path = f"/desk/people/bylines/{person().id}"

        def store_one():
            Person.held(person().id).portrait = "a" * 32

        def end():
            if way == "deactivate":
                begin_write()
                deactivate(by_id)
            else:
                admin.post(path, data={"name": "Ada"})

        self.beside(app, store_one, end)
        with app.app_context():
            assert person().portrait is None

    def test_a_deactivation_at_the_moment_of_storing_refuses_it(self, app, monkeypatch, by_id):
        made = decoding.portrait(file(drawing(400, 300)), "face")
        monkeypatch.setattr(decoding, "portrait", lambda data, part: made)  # at once, so that it is stored beside it
        refused = self.beside(app, lambda: deactivate(by_id), lambda: arrive(person()))

        assert 1 == len(refused)
        with app.app_context():
            assert person().portrait is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("Ana Maria Example", "AE"), ("Dr. Ben Oak, PT", "BP"), ("Sample editorial team", "ST"), ("Øre", "Ø"), ("", "")],
)
def test_authors_without_a_portrait_have_initials(name, said):
    assert said == portraits.initials(name)
