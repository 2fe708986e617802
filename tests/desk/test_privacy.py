"""A person who asks: found, told everything, erased so that no word of them stands in a dump; and the days."""

from __future__ import annotations

import base64
import json
import re

import pytest
from flask import Flask

from blog.accounts.models import Account, Person, RoleName
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.mail.models import Address, Choice
from blog.media import portraits
from blog.moderation.models import Decision, Seen, Verdict
from blog.pages.models import Site
from blog.privacy import erasures, person
from blog.triage import Flag, FlagKind, Span
from tests.media.files import drawing, file
from tests.visitors import StaffClient

EMAIL = "zadie.quill@example.org"
WORDS = ("zadie", "quill", "Zadie", "07700 900123", "unmistakeable")


@pytest.fixture
def admin(staff) -> StaffClient:
    return staff(RoleName.ADMIN)


@pytest.fixture
def zadie(app: Flask, make) -> list[int]:
    """Three comments of one person: with an address, a note, a finding; the ids."""
    moderator = make.account(RoleName.MODERATOR)
    flag = Flag(FlagKind.PERSONAL_DATA, "phone", [Span(13, 25, "07700 900123")], "A phone number: 07700 900123.")
    post = make.post("backs")
    made = [
        make.comment(post, name="Zadie Quill", body=f"An unmistakeable text {one}", flags=[flag]) for one in range(3)
    ]
    ids = [comment.id for comment in made]
    with app.app_context():
        begin_write()
        for number in ids[:2]:
            comment = db.session.get_one(Comment, number)
            Choice.wish(comment, EMAIL)
        comment = db.session.get_one(Comment, ids[0])
        Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.HOLD, moderator, note="Zadie again")
        db.session.commit()
    return ids


def standing(dump) -> list[str]:
    """The words of the person that stand anywhere in the database."""
    said = str(dump())
    return [word for word in WORDS if word in said]


def ticked(page: str) -> list[tuple[int, bool]]:
    found = re.findall(r'name="comments" value="(\d+)"( checked)?', page)
    return sorted((int(number), bool(checked)) for number, checked in found)


class TestFind:
    def test_by_address_is_sure(self, admin: StaffClient, zadie: list[int]):
        """What the address asked mails for is ticked; other comments are not shown."""
        page = admin.post("/desk/privacy/search", data={"email": " Zadie.Quill@example.org "}).text

        assert [(number, True) for number in sorted(zadie[:2])] == ticked(page)

    def test_by_name_is_left_to_the_eye(self, admin: StaffClient, zadie: list[int], make):
        """Others may be called the same: nothing is ticked. Capitals and accents do not matter."""
        make.comment(make.post("other"), name="Somebody else")
        page = admin.post("/desk/privacy/search", data={"name": "zádie quill"}).text

        assert [(number, False) for number in sorted(zadie)] == ticked(page)

    def test_by_one_comment_finds_those_of_its_sender(self, app: Flask, admin: StaffClient, zadie: list[int]):
        """While the sender's code is kept."""
        with app.app_context():
            begin_write()
            for number, code in zip(zadie, ("a", "b", "a"), strict=True):
                db.session.get_one(Comment, number).sender_hash = code
            db.session.commit()
        page = admin.post("/desk/privacy/search", data={"comment": str(zadie[0])}).text

        assert [(number, True) for number in sorted((zadie[0], zadie[2]))] == ticked(page)

    @pytest.mark.parametrize("data", [{}, {"email": " "}, {"comment": "x"}, {"comment": "99999999999999999999"}])
    def test_needs_something_to_look_for(self, admin: StaffClient, data):
        """An empty form does not list everybody."""
        assert 422 == admin.post("/desk/privacy/search", data=data).status_code

    def test_names_nobody_in_an_address(self, admin: StaffClient):
        """Logs and histories keep addresses, so the form is sent by POST."""
        assert 405 == admin.get(f"/desk/privacy/search?email={EMAIL}").status_code


class TestExport:
    def test_holds_everything_as_json(self, admin: StaffClient, zadie: list[int]):
        """Texts, names, versions, findings, notes, wishes, the address."""
        answer = admin.post("/desk/privacy/export", data={"comments": zadie, "email": EMAIL, "format": "json"})
        about = json.loads(answer.text)

        assert 'attachment; filename="what-we-keep.json"' == answer.headers["Content-Disposition"]
        assert (EMAIL, 3) == (about["address"]["email"], len(about["comments"]))
        assert ("Zadie Quill", "An unmistakeable text 0") == (
            about["comments"][0]["versions"][0]["name"],
            about["comments"][0]["versions"][0]["text"],
        )
        assert ["07700 900123"] == about["comments"][0]["versions"][0]["found by triage"][0]["words"]
        assert "Zadie again" == about["comments"][0]["decisions"][0]["note"]

    def test_of_an_author_holds_what_stands_beside_the_name(self, app: Flask, admin: StaffClient):
        """With the portrait itself, also in the page to read."""
        with app.app_context():
            begin_write()
            author = Person(slug="zadie", name="Dr Zadie", bio="Hands.", account_id=admin.account_id)
            db.session.add(author)
            db.session.commit()
            portraits.arrive(file(drawing(400, 300)), author, "Zadie, smiling")
            email = db.session.get_one(Account, admin.account_id).email
            picture = base64.b64encode(portraits.whole(author.portrait)).decode()
            original = base64.b64encode(portraits.original(author.portrait)).decode()
        found = admin.post("/desk/privacy/search", data={"email": email}).text
        told = [admin.post("/desk/privacy/export", data={"email": email, "format": form}) for form in ("json", "html")]
        (byline,) = json.loads(told[0].text)["bylines"]

        assert "They write here as Dr Zadie" in found
        assert ("Dr Zadie", "Hands.", "Zadie, smiling") == (byline["name"], byline["about"], byline["portrait shows"])
        assert f"data:image/jpeg;base64,{picture}" == byline["portrait"]
        assert f"data:image/jpeg;base64,{original}" == byline["picture that the portrait was cut from"]
        assert all(f'<img src="data:image/jpeg;base64,{one}"' in told[1].text for one in (picture, original))

    def test_can_be_read_by_anybody(self, admin: StaffClient, zadie: list[int], make):
        """As one page that needs nothing else, with what was typed made harmless."""
        bad = make.comment(make.post("other"), name="<b>Z", body="<script>alert(1)</script>")
        answer = admin.post(
            "/desk/privacy/export", data={"comments": [zadie[0], bad.id], "email": EMAIL, "format": "html"}
        )

        assert "text/html" == answer.mimetype and "attachment" in answer.headers["Content-Disposition"]
        assert EMAIL in answer.text and "An unmistakeable text 0" in answer.text
        assert "<script" not in answer.text and "<b>Z" not in answer.text

    def test_is_logged_without_a_name(self, admin: StaffClient, zadie: list[int]):
        """Who gave what out, by how much."""
        admin.post("/desk/privacy/export", data={"comments": zadie, "email": EMAIL, "format": "json"})
        page = admin.get("/desk/security").text

        assert "data exported" in page and "3 comments" in page and "quill" not in page


@pytest.mark.both_databases
class TestErase:
    def test_leaves_no_word_in_a_dump(self, admin: StaffClient, zadie: list[int], dump):
        """Rows, versions, findings, notes, mails, the address and its hash; a second person's stay."""
        assert standing(dump)
        page = admin.post("/desk/privacy/erase", data={"comments": zadie, "email": EMAIL, "sure": "yes"})

        assert 200 == page.status_code
        assert [] == standing(dump)
        assert [] == dump()["mail_addresses"]

    def test_leaves_other_people_alone(self, app: Flask, admin: StaffClient, zadie: list[int], make, dump):
        """Same name, other person: what was not ticked stays, with its address."""
        other = make.comment(make.post("other"), name="Zadie Quill", body="Words of another person")
        with app.app_context():
            begin_write()
            Choice.wish(db.session.get_one(Comment, other.id), "other@example.org")
            db.session.commit()
        admin.post("/desk/privacy/erase", data={"comments": zadie, "email": EMAIL, "sure": "yes"})

        assert "Words of another person" in str(dump())
        with app.app_context():
            assert ["other@example.org"] == [kept.email for kept in db.session.scalars(db.select(Address))]

    def test_gives_a_receipt_without_the_person(self, admin: StaffClient, zadie: list[int]):
        """Numbers, the moment, and the line in the log; it can be shown to anybody."""
        page = admin.post("/desk/privacy/erase", data={"comments": zadie, "email": EMAIL, "sure": "yes"}).text

        assert f"(numbers {', '.join(map(str, zadie))})" in page
        assert [] == [word for word in WORDS if word in page]

    def test_asks_once_more(self, admin: StaffClient, zadie: list[int], dump):
        """Without the tick nothing happens."""
        assert 409 == admin.post("/desk/privacy/erase", data={"comments": zadie, "email": EMAIL}).status_code
        assert standing(dump)

    def test_needs_a_fresh_password(self, admin: StaffClient, zadie: list[int], clock, dump):
        """Also for the file."""
        clock.advance(minutes=61)
        data = {"comments": zadie, "email": EMAIL, "sure": "yes"}

        assert [403, 403] == [
            admin.post(f"/desk/privacy/{verb}", data=data).status_code for verb in ("erase", "export")
        ]
        assert standing(dump)

    def test_never_takes_the_team(self, app: Flask, admin: StaffClient, make, dump):
        """What colleagues answered is the site's own."""
        comment = make.comment(make.post("backs"), name="Team", body="An answer of the team")
        with app.app_context():
            begin_write()
            db.session.get_one(Comment, comment.id).is_team = True
            db.session.commit()
        admin.post("/desk/privacy/erase", data={"comments": [comment.id], "sure": "yes"})

        assert "An answer of the team" in str(dump())


class TestBackups:
    def test_lose_it_again(self, app: Flask, admin: StaffClient, zadie: list[int], dump):
        """What comes back with an older database is erased by the list beside it, once and for all."""
        with app.app_context():
            links = {c.id: (c.newest.name, c.newest.body, c.link_hash) for c in db.session.query(Comment)}
        admin.post("/desk/privacy/erase", data={"comments": zadie[:1], "email": EMAIL, "sure": "yes"})
        listed = erasures.read(app.config["BLOG_INSTANCE_PATH"])
        with app.app_context():
            begin_write()
            restored = db.session.get_one(Comment, zadie[1])  # stands in for one that a backup brought back
            db.session.commit()
            link = restored.link_hash
        folder = app.config["BLOG_INSTANCE_PATH"]
        erasures.append(folder, erasures.Erasure([zadie[1]], [link]))
        erasures.append(folder, erasures.Erasure([zadie[2]], ["the hash of another comment"]))
        with app.app_context():
            begin_write()
            counts = person.repeat()
            db.session.commit()
            states = {c.id: str(c.state) for c in db.session.query(Comment)}

        assert [zadie[0]] == list(listed[0].comments) and links[zadie[0]][2] in listed[0].links
        assert 1 == counts
        assert ["erased", "erased", "pending"] == [states[number] for number in zadie]

    def test_list_holds_no_word(self, app: Flask, admin: StaffClient, zadie: list[int]):
        """Numbers and hashes, readable by the site alone; a line that a crash cut off stops nothing."""
        admin.post("/desk/privacy/erase", data={"comments": zadie, "email": EMAIL, "sure": "yes"})
        path = app.config["BLOG_INSTANCE_PATH"] / erasures.NAME
        text = path.read_text()
        path.write_text(text + '{"comments": [1')

        assert [] == [word for word in WORDS if word in text]
        assert 0 == path.stat().st_mode & 0o077
        assert 1 == len(erasures.read(path.parent))


class TestDays:
    def test_are_shown_for_everything(self, admin: StaffClient):
        """Each rule of retention with its days."""
        page = admin.get("/desk/privacy").text

        assert '<th scope="row">sender hashes</th><td>30</td>' in page
        assert '<th scope="row">log of security</th><td>365</td>' in page

    @pytest.mark.parametrize(
        ("days", "status", "kept"), [("7", 303, 7), ("0", 422, 30), ("x", 422, 30), ("99999", 422, 30)]
    )
    def test_are_changed_within_reason(self, app: Flask, admin: StaffClient, days: str, status: int, kept: int):
        """And refused otherwise, beside the field."""
        form = {"keep_declined_days": "90", "keep_withdrawn_days": "30", "keep_original_days": "14"}
        answer = admin.post("/desk/privacy/days", data={**form, "keep_sender_days": days})
        with app.app_context():
            assert (status, kept) == (answer.status_code, Site.current().keep_sender_days)
