"""At the desk: what triage found, how it was decided, a text to try, and rules that only show."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.comments.models import Comment, CommentFlag, State, Urgency
from blog.database import db
from blog.triage import Flag, FlagKind, Span
from tests.readers import Reader

LINK = Flag(FlagKind.SPAM, "links", [Span(0, 1, "A")], "One link.")


@pytest.fixture
def admin(staff):
    return staff(RoleName.ADMIN)


def test_counts_what_each_rule_found_and_how_it_was_decided(make, admin):
    post = make.post("one")
    for state in (State.SPAM, State.SPAM, State.APPROVED, State.PENDING):
        make.comment(post, body="A", state=state, flags=[LINK])
    row = admin.get("/desk/triage").text.split("links</a></td>")[1]

    assert [4, 1, 0, 2, 1] == [int(cell.split("</td>")[0]) for cell in row.split("<td>")[1:6]]


def test_leaves_out_what_is_old(make, admin):
    make.comment(make.post("one"), body="A", state=State.SPAM, flags=[LINK], at=make.days_ago(31))

    assert "links</a></td>" not in admin.get("/desk/triage").text


def test_tries_a_text_and_keeps_nothing(app, admin):
    page = admin.post("/desk/triage/try", data={"text": "Call me on 07700 900123"}).text
    with app.app_context():
        kept = db.session.scalars(select(CommentFlag)).all()

    assert '<mark class="mark mark--personal_data">07700 900123</mark>' in page
    assert [] == kept


def test_a_rule_that_only_shows_moves_no_comment(app, make, admin):
    make.post("one")
    admin.post("/desk/triage/rules/bladder_bowel", data={"show_only": "1"})
    Reader(app).write("one", body="I lost control of my bladder this morning.")
    with app.app_context():
        flag = db.session.scalars(select(CommentFlag)).one()

        assert ("advice", "bladder_bowel") == (flag.kind, flag.rule)
        assert Urgency.NORMAL == db.session.scalars(select(Comment)).one().urgency


def test_a_rule_counts_again_when_it_is_switched_back(app, make, admin):
    make.post("one")
    admin.post("/desk/triage/rules/bladder_bowel", data={"show_only": "1"})
    admin.post("/desk/triage/rules/bladder_bowel")
    Reader(app).write("one", body="I lost control of my bladder this morning.")
    with app.app_context():
        assert Urgency.EMERGENCY == db.session.scalars(select(Comment)).one().urgency


def test_moderators_see_and_only_admins_switch(staff):
    moderator = staff(RoleName.MODERATOR)

    assert 200 == moderator.get("/desk/triage").status_code
    assert 403 == moderator.post("/desk/triage/rules/links", data={"show_only": "1"}).status_code
