"""Settings of comments at the desk: word lists tried before they are saved, numbers to call, and the log of it all."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.comments.models import CommentFlag, State
from blog.database import db
from blog.journal import SETTING, LogEntry
from blog.pages.models import Site
from blog.triage.advice_lists import ABUSE_WORDS
from tests.readers import Reader


@pytest.fixture
def admin(staff):
    return staff(RoleName.ADMIN)


def site(app):
    with app.app_context():
        return Site.current()


def logged(app):
    """Changed settings as (name, before, after), oldest first."""
    with app.app_context():
        entries = db.session.scalars(select(LogEntry).where(LogEntry.kind == SETTING).order_by(LogEntry.id))
        return [(entry.subject, entry.detail["before"], entry.detail["after"]) for entry in entries]


def send(admin, abuse="", spam="", action="save"):
    return admin.post("/desk/settings/lists", data={"abuse_words": abuse, "spam_words": spam, "action": action})


class TestWordLists:
    def test_begin_with_the_one_that_comes_with_the_site(self, admin):
        """An owner sees what is listed."""
        page = admin.get("/desk/settings/lists").text
        shown = unescape(re.search(r'<textarea[^>]*name="abuse_words"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])

        assert set(ABUSE_WORDS) == set(shown.splitlines()) - {""}

    def test_are_tried_before_they_are_saved(self, app, make, admin):
        """How many old comments each would flag, and which; nothing is stored."""
        post = make.post("one")
        make.comment(post, body="You muppet of a writer")
        make.comment(post, body="A miracle pillow for all", state=State.SPAM)
        make.comment(post, body="The muppetry of it")
        page = send(admin, "muppet", "miracle pillow", action="try").text

        assert 2 == page.count("This list would flag 1 comment of the newest 3")
        assert {"muppet", "miracle pillow"} == set(re.findall(r"<mark>([^<]*)</mark>", page))
        assert (None, ()) == (site(app).abuse_words, site(app).spam_words)

    def test_that_are_tried_come_back_as_typed(self, admin):
        """The lists stay in the form, to be saved or changed."""
        page = send(admin, "one word\ntwo words", "casin*", action="try").text

        assert "one word\ntwo words" in page.replace("\r", "")
        assert "casin*" in page

    def test_try_on_no_more_than_the_newest(self, make, admin):
        """Erased comments and the team's replies are not looked at."""
        post = make.post("one")
        parent = make.comment(post, body="muppet", state=State.APPROVED)
        make.comment(post, body="muppet", state=State.ERASED)
        make.comment(post, body="muppet", parent=parent, state=State.APPROVED)

        assert "would flag 1 comment of the newest 1" in send(admin, "muppet", action="try").text

    def test_show_hostile_words_as_text(self, make, admin):
        """Neither a list nor an old comment is markup at the desk."""
        make.comment(make.post("one"), body="<script>alert(1)</script> muppet")
        page = send(admin, "muppet\n</textarea><script>alert(2)</script>", action="try").text

        assert None is re.search(r"<script>alert", page)

    def test_are_saved(self, app, make, admin):
        """From now on they flag; who changed what is in the log."""
        make.post("one")
        send(admin, "muppet\n\n muppet \nfool of a took", "Pillow*")
        Reader(app).write("one", body="Only on pillows you meet a muppet, fool of a Took!")
        with app.app_context():
            found = {flag.rule: [span.words for span in flag.spans] for flag in db.session.scalars(select(CommentFlag))}

        assert (("muppet", "fool of a took"), ("Pillow*",)) == (site(app).abuse_words, site(app).spam_words)
        assert {"site_list": ["pillows"], "abuse": ["muppet", "fool of a Took"]} == found
        assert ["abuse_words", "spam_words"] == sorted(name for name, _, _ in logged(app))

    def test_unchanged_ones_go_on_with_the_site(self, app, admin):
        """Saving the list that comes with the site makes no list of one's own."""
        send(admin, "\n".join(ABUSE_WORDS))

        assert (None, []) == (site(app).abuse_words, logged(app))

    def test_may_be_empty(self, app, make, admin):
        """Who wants no list has none."""
        make.post("one")
        send(admin)
        Reader(app).write("one", body="You stupid idiot.")
        with app.app_context():
            assert [] == db.session.scalars(select(CommentFlag.rule)).all()

    @pytest.mark.parametrize("entry", ["a", "!!", "*", "x" * 61, "\n".join(f"word{n}" for n in range(501))])
    @pytest.mark.parametrize("action", ["try", "save"])
    def test_refuse_what_would_flag_everything(self, app, admin, entry, action):
        """422 with the list kept."""
        answer = send(admin, entry, action=action)

        assert (422, None) == (answer.status_code, site(app).abuse_words)

    def test_are_the_admins(self, staff):
        """Others may not see or change them."""
        moderator = staff(RoleName.MODERATOR)

        assert [403, 403] == [moderator.get("/desk/settings/lists").status_code, send(moderator).status_code]


class TestSettings:
    def test_are_logged(self, app, admin):
        """Who answers, whom to call: what it was, and what it is."""
        admin.post("/desk/settings", data={"edit_minutes": "60", "crisis_text": "Talk to us."})
        admin.post("/desk/settings/emergency_numbers", data={"label": "Here", "number": "144"})

        assert {"edit_minutes", "crisis_text", "emergency_numbers"} == {n for n, _, _ in logged(app)}
        assert ("edit_minutes", 30, 60) in logged(app)

    @pytest.mark.parametrize("values", [{"reply_depth": 4}, {"edit_minutes": 10_080}, {"spam_words": ["x y"]}])
    def test_let_nothing_out_unapproved(self, app, make, values):
        """Whatever is set, a reader's words wait."""
        make.settings(**values)
        make.post("one")
        Reader(app).write("one", body="MARKED words")

        assert "MARKED" not in Reader(app).open("one")
