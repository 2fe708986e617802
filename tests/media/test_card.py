"""Cards: of the size that other sites show, every title in its place, and no boxes for letters that the font lacks."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from blog.media import card_workshop
from blog.media.card import Card, draw
from blog.media.card_workshop import HEIGHT, WIDTH, writable

MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


def drawn(title, **more):
    return card_workshop.draw(title=title, **{"above": "", "site": "A clinic", "mark": MARK} | more)


def test_is_drawn_by_a_process_of_its_own():
    """Which gets the title, the drawing and the photo as they are."""
    photo = io.BytesIO()
    Image.new("RGB", (30, 20), "#ff0000").save(photo, "PNG")
    about = {
        "title": "Necks\nhurt “so”",
        "above": "Muscle",
        "site": "A clinic",
        "mark": MARK,
        "photo": photo.getvalue(),
    }

    assert card_workshop.draw(**about) == draw(Card(**about))


@pytest.mark.parametrize(
    "title", ["Necks", "word " * 60, "Rindfleischetikettierungs" * 6, "", "\u0301", "<script> & “quotes”"]
)
def test_every_title_makes_a_card(title):
    """Short, far too long, one endless word, none at all."""
    body = drawn(title)
    with Image.open(io.BytesIO(body)) as card:
        assert ("PNG", (WIDTH, HEIGHT)) == (card.format, card.size)
    assert len(body) < 100_000


@pytest.mark.parametrize("title", ["腰痛", "ปวดหลัง", "ألم الظهر", "Back pain 腰痛", "पीठ दर्द"])
def test_letters_that_the_font_lacks_leave_the_title_out(title):
    """The same card as without a title: half a title would say something else."""
    assert "" == writable(title)
    assert drawn("") == drawn(title)


@pytest.mark.parametrize(
    ("title", "shown"),
    [("Necks 💥 hurt", "Necks hurt"), ("Ελλάδα, Боль", "Ελλάδα, Боль"), ("a\nb", "a b")],
)
def test_other_signs_are_left_out_and_known_letters_stay(title, shown):
    assert shown == writable(title)


def test_shows_the_photo_where_there_is_no_drawing():
    photo = io.BytesIO()
    Image.new("RGB", (300, 200), "#ff0000").save(photo, "JPEG")
    with Image.open(io.BytesIO(drawn("Necks", photo=photo.getvalue()))) as card:
        red, green, blue = card.convert("RGB").getpixel((WIDTH - 50, 300))

    assert red > 200
    assert green < 60
    assert blue < 60
