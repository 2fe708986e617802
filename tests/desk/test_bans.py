"""Bans: who is kept out, for how long, what they are told, and what is kept about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.clock import frozen, now
from blog.comments.bans import Ban, Banned, Scope
from blog.comments.models import Comment, State
from blog.comments.words import Sender
from blog.database import begin_write, db
from blog.journal import BAN, LIFTED, LogEntry
from blog.privacy import erasing
from blog.privacy.jobs import drop_by_retention
from tests.readers import Reader, typed


def ban(scope=Scope.SENDER, address="198.51.100.7", days=7, comment_id=None, note=""):
    sender = Sender.of(address, "")
    begin_write()
    made = Ban.put(scope, sender.hash if scope == Scope.SENDER else sender.network_hash, days, None, comment_id, note)
    db.session.commit()
    return made


def is_refused(address):
    sender = Sender.of(address, "")
    try:
        Ban.refuse(sender)
    except Banned:
        return True
    return False


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestRules:
    @pytest.mark.parametrize(
        ("scope", "address", "other", "refused"),
        [
            (Scope.SENDER, "198.51.100.7", "198.51.100.7", True),
            (Scope.SENDER, "198.51.100.7", "198.51.100.8", False),
            (Scope.NETWORK, "198.51.100.7", "198.51.100.8", True),
            (Scope.NETWORK, "198.51.100.7", "198.51.101.7", False),
            (Scope.SENDER, "2001:db8:1:2::/64", "2001:db8:1:3::/64", False),
            (Scope.NETWORK, "2001:db8:1:2::/64", "2001:db8:1:3::/64", True),
            (Scope.NETWORK, "2001:db8:1:2::/64", "2001:db8:2:2::/64", False),
        ],
    )
    def test_keep_out_a_sender_or_its_network(self, scope, address, other, refused):
        """One address or /64; or the /24 or /48 around it."""
        ban(scope, address)

        assert refused is is_refused(other)

    def test_end_by_themselves(self):
        """After seven days, without a job."""
        made = ban(days=7)
        with frozen(made.created_at + timedelta(days=7, seconds=-1)):
            before = is_refused("198.51.100.7")
        with frozen(made.created_at + timedelta(days=7)):
            assert (True, False) == (before, is_refused("198.51.100.7"))

    def test_can_be_lifted(self, make):
        """At once, and the log says by whom."""
        made, moderator = ban(), make.account(RoleName.MODERATOR)
        begin_write()
        db.session.get_one(Ban, made.id).lift(moderator)
        db.session.commit()
        kinds = [(entry.kind, entry.account_id) for entry in db.session.scalars(select(LogEntry).order_by(LogEntry.id))]

        assert (False, [(BAN, None), (LIFTED, moderator.id)]) == (is_refused("198.51.100.7"), kinds)

    def test_are_forgotten_when_they_are_over(self, make):
        """The hash goes with the night after the end, and not before."""
        ban(days=1)
        left = []
        for hours in (23, 25):
            with frozen(now() + timedelta(hours=hours)):
                drop_by_retention()
            left.append(len(db.session.scalars(select(Ban)).all()))

        assert [1, 0] == left

    def test_networks_are_forgotten_with_the_sender(self, make):
        """What a comment holds of its network goes on the same day as its sender."""
        comment = make.comment()
        before = comment.network_hash
        with frozen(now() + timedelta(days=31)):
            drop_by_retention()

        assert (True, None) == (
            bool(before),
            db.session.get_one(Comment, comment.id, populate_existing=True).network_hash,
        )

    def test_notes_go_with_the_text(self, make):
        """Why somebody was banned may quote what they wrote."""
        comment = make.comment(body="Bad words")
        made = ban(comment_id=comment.id, note="Said: Bad words")
        begin_write()
        erasing.erase(db.session.get_one(Comment, comment.id))
        db.session.commit()
        told = [str(entry.detail) for entry in db.session.scalars(select(LogEntry))]

        assert ("", []) == (db.session.get_one(Ban, made.id).note, [one for one in told if "Bad" in one])


class TestWriter:
    def test_is_told_and_keeps_the_text(self, app, make):
        """403, since when and until when, and what was typed."""
        make.post("one")
        with app.app_context():
            ban()
        back = Reader(app).send("one", name="Ada", body="My words")

        assert (403, "My words") == (back.status_code, typed(back.text)["body"])
        assert "Comments from your connection are not taken at the moment. This ends on " in back.text
        with app.app_context():
            assert [] == db.session.scalars(select(Comment)).all()

    def test_may_still_read(self, app, make):
        """A ban closes the form, nothing else."""
        make.post("one")
        with app.app_context():
            ban()

        assert 200 == Reader(app).client.get("/posts/one").status_code


class TestDesk:
    @pytest.fixture
    def mo(self, staff):
        return staff(RoleName.MODERATOR)

    @pytest.fixture
    def comment(self, app, make):
        make.post("one")
        Reader(app).write("one", name="Eve", body="Rude words")
        with app.app_context():
            return db.session.scalars(select(Comment.id)).one()

    def test_offers_a_ban_on_each_card(self, mo, comment):
        """The link leads to a form about that comment's sender."""
        page = mo.get("/desk/comments").text

        assert f'href="/desk/bans?comment={comment}"' in page
        assert "Rude words" in mo.get(f"/desk/bans?comment={comment}").text

    @pytest.mark.parametrize(("scope", "other"), [("sender", 303), ("network", 403)])
    def test_bans_the_sender_of_a_comment(self, app, mo, comment, scope, other):
        """From now on; its neighbour only with the network."""
        answer = mo.post("/desk/bans", data={"comment": comment, "scope": scope, "days": "7", "note": "Rude"})
        sent = [
            Reader(app, address).send("one", body="More").status_code for address in ("198.51.100.7", "198.51.100.8")
        ]

        assert (303, [403, other]) == (answer.status_code, sent)
        assert "Rude" in mo.get("/desk/bans").text

    def test_lifts_one(self, app, mo, comment):
        """The sender may write again, and both are in the log."""
        mo.post("/desk/bans", data={"comment": comment, "scope": "sender", "days": "7"})
        mo.post("/desk/bans/1/lift")
        log = mo.get("/desk/log").text

        assert 303 == Reader(app).send("one", body="More").status_code
        assert ("ban lifted" in log, "sender, 7 days" in log) == (True, True)

    @pytest.mark.parametrize(
        ("data", "status"),
        [
            ({"days": "3"}, 422),
            ({"scope": "all"}, 422),
            ({"comment": "x"}, 422),
            ({"comment": "99"}, 404),
            ({"comment": str(2**70)}, 422),
            ({"note": "x" * 201}, 422),
        ],
    )
    def test_refuses_what_is_no_ban(self, app, mo, comment, data, status):
        """Other days, other scopes, comments that are not there."""
        answer = mo.post("/desk/bans", data={"comment": comment, "scope": "sender", "days": "7", **data})
        with app.app_context():
            assert (status, 0) == (answer.status_code, len(db.session.scalars(select(Ban)).all()))

    def test_refuses_when_the_sender_is_forgotten(self, app, mo, comment):
        """409 with the reason; the page offers no form."""
        with app.app_context():
            begin_write()
            db.session.get_one(Comment, comment).forget_sender()
            db.session.commit()
        answer = mo.post("/desk/bans", data={"comment": comment, "scope": "sender", "days": "7"})

        assert (409, False) == (answer.status_code, "Whom" in mo.get(f"/desk/bans?comment={comment}").text)

    @pytest.mark.parametrize("number", [0, 99, 2**70, "x"])
    def test_of_no_ban_changes_nothing(self, mo, number):
        """404 for a number that is none."""
        assert 404 == mo.post(f"/desk/bans/{number}/lift").status_code

    def test_does_not_show_the_hash(self, app, mo, comment):
        """Moderators need no code."""
        mo.post("/desk/bans", data={"comment": comment, "scope": "sender", "days": "7"})
        with app.app_context():
            hash = db.session.scalars(select(Ban.hash)).one()

        assert hash not in mo.get("/desk/bans").text


def test_states_of_a_banned_senders_comments_stay(app, make, staff):
    """A ban decides nothing about what was written before."""
    make.post("one")
    Reader(app).write("one")
    with app.app_context():
        ban()
        assert State.PENDING == db.session.scalars(select(Comment.state)).one()
