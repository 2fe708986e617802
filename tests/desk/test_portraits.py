"""Portraits at the desk: brought, described and taken away, by whom they show and by administrators."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from blog.accounts.models import Account, Person, RoleName
from blog.database import begin_write, db
from blog.media import decoding, portraits
from tests.media.files import drawing, file, opened

FACE = file(drawing(400, 300))


@pytest.fixture
def ann(app, staff, make):
    """An author with a byline of her own, which has the number 1."""
    client = staff(RoleName.AUTHOR, name="Ann Other")
    with app.app_context():
        begin_write()
        db.session.add(Person(slug="ann", name="Ann Other", account_id=client.account_id))
        db.session.commit()
    return client


def kept(app):
    with app.app_context():
        person = db.session.get_one(Person, 1)
        return bool(person.portrait), person.portrait_alt


def send(client, data=b"", alt="", part: str | None = "face"):
    """As a browser sends the form; without a part as one of before, or a script."""
    values = [
        ("csrf_token", client.csrf_token),
        ("alt", alt),
        *([] if part is None else [("part", part)]),
        ("file", FileStorage(io.BytesIO(data), "a.png" if data else "")),
    ]
    boundary, body = encode_multipart(MultiDict(values))
    content_type = f"multipart/form-data; boundary={boundary}"
    return FlaskClient.post(client, "/desk/media/portraits/1", data=body, content_type=content_type)


def test_authors_bring_their_own_describe_it_and_take_it_away(app, ann):
    brought = send(ann, FACE), kept(app)
    described = send(ann, alt="Ann, smiling"), kept(app)
    page = ann.get("/account").text
    ann.post("/desk/media/portraits/1/removal")

    assert (303, (True, "")) == (brought[0].status_code, brought[1])
    assert (303, (True, "Ann, smiling")) == (described[0].status_code, described[1])
    assert 'alt="Ann, smiling"' in page
    assert (False, "") == kept(app)


def test_its_owner_chooses_what_the_square_shows(app, ann):
    """The right of a wide picture, here: it is red, all else is white."""
    wide = Image.new("RGB", (600, 200), "white")
    wide.paste("red", (400, 0, 600, 200))
    send(ann, file(wide), part="last")
    with app.app_context():
        square = opened(portraits.whole(db.session.get_one(Person, 1).portrait))

    assert [True] * 2 == [square.getpixel(at)[1] < 20 for at in ((20, 20), (300, 300))]


def test_a_part_that_there_is_not_is_refused(app, ann):
    assert (422, False) == (send(ann, FACE, part="nose").status_code, kept(app)[0])


@pytest.mark.parametrize(("role", "status"), [(RoleName.AUTHOR, 404), (RoleName.EDITOR, 404), (RoleName.ADMIN, 303)])
def test_of_somebody_else_only_administrators_bring_one(app, ann, staff, role, status):
    answer = send(staff(role, email="other@example.org"), FACE)

    assert (status, status == 303) == (answer.status_code, kept(app)[0])


@pytest.fixture
def while_looking(app, monkeypatch):
    """Have something done to the person while the file is looked at."""

    def arrange(act):
        portrait = decoding.portrait

        def slow(data, part):
            with app.app_context():
                begin_write()
                act(db.session.get_one(Person, 1))
                db.session.commit()
            return portrait(data, part)

        monkeypatch.setattr(decoding, "portrait", slow)

    return arrange


def test_a_name_given_away_while_the_file_is_looked_at_is_not_there_any_more(app, ann, while_looking):
    """Its former owner is told as much as any stranger."""
    while_looking(lambda person: setattr(person, "account_id", None))

    assert (404, (False, "")) == (send(ann, FACE).status_code, kept(app))


def test_administrators_are_told_that_the_account_was_deactivated_meanwhile(app, ann, staff, while_looking):
    admin = staff(RoleName.ADMIN, email="admin@example.org")
    while_looking(lambda person: db.session.get_one(Account, person.account_id).deactivate())
    answer = send(admin, FACE)

    assert (422, (False, "")) == (answer.status_code, kept(app))
    assert "portraits go with it" in answer.text


def test_administrators_bring_one_for_a_name_without_an_account(app, ann, staff):
    with app.app_context():
        begin_write()
        db.session.get_one(Person, 1).account_id = None
        db.session.commit()

    assert 303 == send(staff(RoleName.ADMIN, email="admin@example.org"), FACE).status_code
    assert kept(app)[0]


def test_what_is_wrong_stands_beside_its_field_and_words_are_kept(app, ann):
    nothing, text = send(ann, alt="Ann, smiling"), send(ann, b"hello", "Ann, smiling")

    assert (422, 422, (False, "")) == (nothing.status_code, text.status_code, kept(app))
    assert "Please choose a picture first." in nothing.text
    assert 'id="file-error">This is not a JPEG' in text.text
    assert 'value="Ann, smiling"' in text.text


def test_another_part_is_chosen_without_sending_it_again(app, ann):
    """The page shows each part of the picture that is kept; words alone leave the square as it is."""
    before = ann.get("/desk/media/portraits/1").text
    wide = Image.new("RGB", (600, 200), "white")
    wide.paste("red", (400, 0, 600, 200))
    send(ann, file(wide), part="")
    page = ann.get("/desk/media/portraits/1").text
    described = send(ann, alt="Ann", part="")
    greens = []
    for part in ("", None, "last"):
        assert 303 == send(ann, alt="Ann", part=part).status_code
        with app.app_context():
            square = opened(portraits.whole(db.session.get_one(Person, 1).portrait))
        greens.append(square.getpixel((300, 300))[1] > 200)

    assert (303, (True, "Ann")) == (described.status_code, kept(app))
    assert [True, True, False] == greens
    assert (0, 4) == tuple(text.count("/desk/media/portraits/1/original") for text in (before, page))


@pytest.mark.parametrize(("role", "status"), [(RoleName.AUTHOR, 404), (RoleName.EDITOR, 404), (RoleName.ADMIN, 200)])
def test_the_whole_picture_is_shown_to_its_owner_and_administrators_alone(app, ann, staff, role, status):
    nothing = ann.get("/desk/media/portraits/1/original")
    send(ann, FACE)
    own, other = (
        client.get("/desk/media/portraits/1/original") for client in (ann, staff(role, email="other@example.org"))
    )

    assert (404, 200, "image/jpeg", "no-store") == (
        nothing.status_code,
        own.status_code,
        own.mimetype,
        own.headers["Cache-Control"],
    )
    assert status == other.status_code
