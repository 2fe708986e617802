"""Pictures at the desk: brought, described, replaced, deleted while nothing shows them; by whom."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from blog.accounts.models import Account, RoleName
from blog.database import db
from blog.media.models import Media
from blog.media.storage import Away
from blog.sessions import MOST_UPLOADED
from tests.media.files import drawing, file

JSON = {"Accept": "application/json"}
WORDS = {"alt": "A back, seen from behind", "caption": "The back", "credit": "Ada", "licence": "CC0", "focus": "0 100"}


@pytest.fixture
def author(staff):
    return staff(RoleName.AUTHOR)


def upload(client, *files, **kw):
    """As a browser sends a form with files."""
    values = [("csrf_token", client.csrf_token), *(("files", FileStorage(io.BytesIO(d), name)) for name, d in files)]
    boundary, body = encode_multipart(MultiDict(values))
    content_type = f"multipart/form-data; boundary={boundary}"
    return FlaskClient.post(client, "/desk/media", data=body, content_type=content_type, **kw)


def names(app):
    with app.app_context():
        return list(db.session.scalars(select(Media.name).order_by(Media.id)))


class TestBringing:
    def test_one_picture_leads_to_its_page(self, author):
        """There it is described."""
        answer = upload(author, ("back.png", file()))

        assert (303, "/desk/media/1") == (answer.status_code, answer.location)
        assert "What it shows" in author.get(answer.location).get_data(as_text=True)

    def test_several_at_once(self, app, author):
        """The list follows."""
        answer = upload(author, ("a.png", file(drawing(64))), ("b.png", file(drawing(65))))

        assert (303, "/desk/media?added=2") == (answer.status_code, answer.location)
        assert ["a", "b"] == names(app)

    def test_what_is_refused_is_said_and_the_others_stay(self, app, author):
        """Each by its name, with the reason."""
        answer = upload(author, ("a.png", file()), ("b.svg", b"<svg/>"), ("c.png", b"hello"))
        page = answer.get_data(as_text=True)

        assert 422 == answer.status_code
        assert "b.svg: An SVG can carry programs" in page and "c.png: This is not a JPEG" in page
        assert ["a"] == names(app)

    def test_nothing_chosen_is_said(self, author):
        """An empty form is no error of the site."""
        answer = author.post("/desk/media")

        assert 422 == answer.status_code
        assert "choose a file first" in answer.get_data(as_text=True)

    def test_a_script_hears_what_became_of_each(self, author):
        """As data: the picture, or the reason."""
        good = upload(author, ("a.png", file()), headers=JSON)
        bad = upload(author, ("c.png", b"hello"), headers=JSON)

        assert (200, "a", True) == (good.status_code, good.json[0]["name"], good.json[0]["is_new"])
        assert (422, "c.png") == (bad.status_code, bad.json[0]["file"])
        assert "not a JPEG" in bad.json[0]["problem"]

    @pytest.mark.parametrize("kw", [{}, {"headers": JSON}], ids=["page", "script"])
    def test_where_it_cannot_be_kept_it_is_owed(self, app, author, monkeypatch, kw):
        """Each file is named and may be sent again: 503, no picture, and nothing that stays behind."""
        put = app.extensions["media"].put

        def full(name, body, mimetype):
            if "/b." in name:
                raise Away("No space left on device")
            put(name, body, mimetype)

        monkeypatch.setattr(app.extensions["media"], "put", full)
        answer = upload(author, *((f"{name}.png", file(drawing(64 + ord(name)))) for name in "abc"), **kw)
        told = answer.get_data(as_text=True)

        assert (503, ["a", "c"]) == (answer.status_code, names(app))
        assert "b.png" in told and "could not be kept just now. Please send it again in a few minutes." in told

    def test_a_photo_larger_than_any_form_is_taken(self, author):
        """Half a megabyte and more: elsewhere that is refused."""
        photo = file(drawing(2000, 1500), "BMP")

        assert 422 == upload(author, ("a.bmp", photo)).status_code
        assert 413 == author.post("/desk/settings", data={"name": photo.decode("latin-1")}).status_code

    def test_what_is_too_large_is_refused(self, author):
        """Before it is read."""
        assert 413 == upload(author, ("a.png", b"x" * (MOST_UPLOADED + 1))).status_code


class TestDescribing:
    def test_keeps_what_is_said(self, app, author, make):
        """And shows it to readers."""
        media = make.picture(by=make_account(app, author), alt="")
        answer = author.post(f"/desk/media/{media.id}", data=WORDS)
        with app.app_context():
            shown = db.session.get(Media, media.id).shown

        assert 303 == answer.status_code
        assert (WORDS["alt"], "The back", "Ada, CC0", (0, 100)) == (
            shown.alt,
            shown.caption,
            shown.credit,
            shown.focus,
        )

    @pytest.mark.parametrize(
        ("values", "problem"),
        [
            ({"alt": " "}, "Say in a few words what it shows"),
            ({"is_decorative": "y"}, "cannot both"),
            ({"caption": WORDS["alt"]}, "the same as the caption"),
            ({"alt": "x" * 201}, "longer than 200"),
            ({"focus": "30 40"}, "Not a valid choice"),
        ],
    )
    def test_a_slip_is_said_beside_its_field(self, app, author, make, values, problem):
        """And nothing is kept."""
        media = make.picture(by=make_account(app, author), alt="As before")
        answer = author.post(f"/desk/media/{media.id}", data={**WORDS, **values})

        assert 422 == answer.status_code
        assert problem in answer.get_data(as_text=True)
        with app.app_context():
            assert "As before" == db.session.get(Media, media.id).alt

    def test_a_picture_may_only_decorate(self, app, author, make):
        """If somebody says so: then it is passed over by screen readers."""
        media = make.picture(by=make_account(app, author), alt="")
        author.post(f"/desk/media/{media.id}", data={**WORDS, "alt": "", "is_decorative": "y"})
        with app.app_context():
            shown = db.session.get(Media, media.id).shown

        assert ("", True) == (shown.alt, shown.is_described)


class TestFinding:
    def test_by_words(self, author, make):
        """Of its name or of what is said of it, however written."""
        make.picture("shoulder", alt="Schulter, Rücken")
        make.picture("foot", alt="A foot")

        page = author.get("/desk/media?q=RUCKEN").get_data(as_text=True)

        assert ">shoulder<" in page and ">foot<" not in page

    def test_those_without_words(self, author, make):
        """What still must be described."""
        make.picture("silent", alt="")
        make.picture("told", alt="A foot")

        page = author.get("/desk/media?lacks=words").get_data(as_text=True)

        assert "silent" in page and ">told<" not in page

    def test_page_after_page(self, author, make):
        """Every picture is on one of them."""
        for number in range(30):
            make.picture(f"one-{number}")
        first = author.get("/desk/media").get_data(as_text=True)
        second = author.get("/desk/media?before=7").get_data(as_text=True)

        assert "one-29<" in first and "one-6<" in first and "before=7" in first
        assert "one-5<" in second and "one-6<" not in second

    @pytest.mark.both_databases
    @pytest.mark.parametrize("address", ["/desk/media", "/desk/media/choose"])
    def test_after_a_number_that_no_database_knows(self, author, address):
        """Such a place is none: the list begins with the newest."""
        assert 200 == author.get(f"{address}?before={10**40}").status_code

    def test_to_choose_one(self, author, make):
        """The page that the editor shows in a dialog names each picture."""
        make.picture("shoulder", alt="A shoulder")

        assert 'data-picture="shoulder" data-alt="A shoulder"' in author.get("/desk/media/choose").get_data(
            as_text=True
        )


class TestDeleting:
    def test_what_nothing_shows_can_go(self, app, author, make):
        """For good."""
        media = make.picture(by=make_account(app, author))

        assert 303 == author.post(f"/desk/media/{media.id}/deletion").status_code
        assert [] == names(app)

    @pytest.mark.parametrize("published", [True, False])
    def test_what_an_article_shows_stays(self, app, author, make, published):
        """Also a draft; the page says which."""
        media = make.picture("shoulder", by=make_account(app, author))
        make.post("one", **({} if published else {"published_at": None}), title="Of shoulders", figures=[figure()])
        answer = author.post(f"/desk/media/{media.id}/deletion")

        assert 409 == answer.status_code
        assert ["shoulder"] == names(app)
        assert ("Of shoulders" if published else "one") in author.get(f"/desk/media/{media.id}").get_data(as_text=True)

    def test_what_only_an_older_version_showed_can_go(self, app, author, make):
        """Otherwise no picture that was ever shown could be taken away."""
        media = make.picture("shoulder", by=make_account(app, author))
        post = make.post("one", published_at=None, figures=[figure()])
        make.revision(post)

        assert 303 == author.post(f"/desk/media/{media.id}/deletion").status_code


class TestRoles:
    ACTIONS = ("", "/file", "/deletion")

    @pytest.mark.parametrize(
        ("role", "may"),
        [(RoleName.AUTHOR, False), (RoleName.EDITOR, True), (RoleName.ADMIN, True)],
    )
    @pytest.mark.parametrize("action", ACTIONS)
    def test_of_others_only_editors_change(self, staff, make, role, may, action):
        """An author sees the pictures of others, and changes their own."""
        media = make.picture(by=make.account(RoleName.AUTHOR))
        client = staff(role)
        answer = client.post(f"/desk/media/{media.id}{action}", data=WORDS)

        assert 200 == client.get("/desk/media").status_code
        assert may is (answer.status_code != 403)

    @pytest.mark.parametrize("action", ACTIONS)
    def test_of_ones_own(self, app, author, make, action):
        """Whoever brought it may change it."""
        media = make.picture(by=make_account(app, author))

        assert 403 != author.post(f"/desk/media/{media.id}{action}", data=WORDS).status_code

    @pytest.mark.parametrize("role", [RoleName.MODERATOR, RoleName.REVIEWER])
    def test_others_bring_nothing(self, app, staff, role):
        """Moderators and reviewers have no use for it."""
        assert 403 == upload(staff(role), ("a.png", file())).status_code
        assert [] == names(app)


def make_account(app, client):
    with app.app_context():
        return db.session.get(Account, client.account_id)


def figure():
    return {"id": "s", "kind": "picture", "picture": "shoulder", "caption": "The shoulder", "alt": ""}
