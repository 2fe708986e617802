"""An answer to a comment's writer alone: told on their private page, while the comment stays hidden."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.privacy.erasing import erase
from blog.triage.flags import Flag, FlagKind, Span
from tests.desk.moderating import decide, seen

EMERGENCY = Flag(FlagKind.EMERGENCY, "chest_pain", [Span(3, 8, "chest")], "Chest pain.")
WORDS = "Please call 112 now."


@pytest.fixture
def mo(staff):
    return staff(RoleName.MODERATOR)


@pytest.fixture
def comment(make):
    return make.comment(body="My chest is tight")


@pytest.fixture
def private_page(app, client, comment):
    """The writer's page, as text."""

    def opened():
        with app.app_context():
            token = db.session.get_one(Comment, comment.id).token
        return client.get(f"/comments/{token}").text

    return opened


@pytest.mark.parametrize("verdict", ["hold", "reject"])
def test_is_shown_to_the_writer(mo, comment, private_page, verdict):
    decide(mo, seen(comment), verdict=verdict, message=WORDS)

    assert WORDS in private_page()


def test_is_shown_nowhere_else(mo, client, comment):
    decide(mo, seen(comment), verdict="hold", message=WORDS)

    assert WORDS not in client.get("/").text + client.get("/comments.atom").text


def test_reaches_the_writer_of_what_is_held_already(mo, comment, private_page):
    decide(mo, seen(comment), verdict="hold")
    decide(mo, seen(comment), verdict="hold", message=WORDS)

    assert WORDS in private_page()


def test_does_not_go_with_publishing(mo, comment, private_page):
    answer = decide(mo, seen(comment), verdict="approve", message=WORDS)

    assert (422, False) == (answer.status_code, WORDS in private_page())


def test_does_not_go_to_several(make, mo, comment):
    both = [seen(comment), seen(make.comment())]

    assert 422 == mo.post("/desk/decisions", data={"comment": both, "verdict": "hold", "message": WORDS}).status_code


def test_is_gone_when_it_was_undone(app, mo, comment, private_page):
    answer = decide(mo, seen(comment), verdict="hold", message=WORDS)
    number = re.search(r"decided=(\d+)", answer.location)[1]
    mo.post(f"/desk/decisions/{number}/undo")

    assert WORDS not in private_page()


def test_is_erased_with_the_comment(app, mo, comment):
    decide(mo, seen(comment), verdict="hold", message=WORDS)
    with app.app_context():
        begin_write()
        erase(db.session.get_one(Comment, comment.id))
        db.session.commit()

        assert [""] == list(db.session.scalars(select(Decision.message)))


@pytest.mark.parametrize(("flags", "offered"), [([EMERGENCY], True), ([], False)])
def test_is_offered_first_where_somebody_may_be_in_danger(make, mo, flags, offered):
    """Approving is one step further away then: no key does it, and no button of the card's own row."""
    make.comment(flags=flags)
    page = mo.get("/desk/comments").text

    assert (offered, not offered) == ("Answer privately" in page, 'data-key="a"' in page)
