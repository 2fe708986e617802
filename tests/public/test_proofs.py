"""Proofs of work weigh a little in the writer's favour, once, for one article, for some hours; nobody needs one."""

from __future__ import annotations

import base64
import json

import pytest
from altcha import Challenge, Payload, solve_challenge
from sqlalchemy import select

from blog.comments import proofs
from blog.comments.models import Comment, State
from blog.comments.proofs import HOURS, Proof, SpentProof
from blog.comments.urgency import Urgency
from blog.database import begin_write, db
from blog.errors import Refused
from blog.pages.models import FloodMode
from blog.privacy.jobs import drop_by_retention
from tests.make import ANY_DAY
from tests.readers import Reader

SUSPICIOUS = "Look at http://one.example and http://two.example for more."  # just enough to be likely spam
pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(monkeypatch):
    """Questions that are answered at once."""
    monkeypatch.setattr(proofs, "COST", 1)
    monkeypatch.setattr(proofs, "COST_WHERE_WANTED", 1)


@pytest.fixture
def post(make):
    return make.post("psoas")


@pytest.fixture
def prove(app, post):
    """`prove(slug)`: what a browser sends along after the question of an article; `also` overrides what was asked."""

    def proving(slug="psoas", **also):
        said = Reader(app).client.get(f"/posts/{slug}/comments/proof").json["challenge"]
        challenge = Challenge.from_dict({**said, "parameters": {**said["parameters"], **also}})
        return Payload(challenge, solve_challenge(challenge)).to_base64()

    return proving


@pytest.fixture
def urgency(app, post):
    """`urgency(proof=…)`: where a suspicious comment comes to stand."""

    def sending(**fields):
        Reader(app).write("psoas", **{"body": SUSPICIOUS, **fields})
        with app.app_context():
            return db.session.scalars(select(Comment.urgency).order_by(Comment.newest_revision_id.desc())).first()

    return sending


def packed(value):
    return base64.b64encode(json.dumps(value).encode()).decode()


def unsigned(data):
    """A whole answer that nobody signed, with this as what it says of itself."""
    asked = {"algorithm": 1, "nonce": 1, "salt": 1, "cost": 1, "data": data}
    return packed({"challenge": {"parameters": asked, "signature": 1}, "solution": {"counter": 1, "derivedKey": 1}})


JUNK = [
    "x",
    "ü",
    "A" * 9999,
    packed([]),
    packed({"challenge": "x"}),
    packed({"challenge": {"parameters": []}, "solution": {}}),
    *(unsigned(data) for data in (None, [], {"post": 1, "until": 2**80}, {"post": 1, "until": "nan"})),
    unsigned({"post": 1, "until": 2**33}),
]


class TestQuestion:
    def test_question_is_private_and_leaves_no_cookie(self, client, post):
        answer = client.get("/posts/psoas/comments/proof")

        assert (200, "private, no-store") == (answer.status_code, answer.headers["Cache-Control"])
        assert "Set-Cookie" not in answer.headers

    def test_page_of_the_article_holds_no_question(self, client, post):
        """It is the same for everybody, and kept in memory."""
        page = client.get("/posts/psoas").data

        assert b"nonce" not in page
        assert page == client.get("/posts/psoas").data

    def test_answer_is_wanted_on_suspicion_alone(self, app, make, client, post):
        make.comment(post, state=State.SPAM, sender="198.51.100.7")
        readers = Reader(app, "198.51.100.7"), Reader(app, "198.51.100.8")
        wanted = [reader.client.get("/posts/psoas/comments/proof").json["wanted"] for reader in readers]

        assert [True, False] == wanted

    def test_answer_is_wanted_in_a_flood(self, make, client, post):
        make.settings(flood_mode=FloodMode.ON)

        assert client.get("/posts/psoas/comments/proof").json["wanted"]

    def test_hidden_article_has_no_question(self, make, client):
        make.post("draft", published_at=None)

        assert 404 == client.get("/posts/draft/comments/proof").status_code


class TestWeight:
    def test_proof_weighs_in_the_writers_favour(self, urgency, prove):
        assert Urgency.NORMAL == urgency(proof=prove())

    def test_without_one_nothing_is_gained_or_lost(self, urgency):
        assert (Urgency.LIKELY_SPAM, Urgency.NORMAL) == (urgency(), urgency(body="A question about the calf."))

    def test_proof_lifts_what_a_flood_holds_down(self, make, urgency, prove):
        make.settings(flood_mode=FloodMode.ON)

        assert Urgency.NORMAL == urgency(proof=prove(), body="A question about the calf.")

    def test_proof_counts_once(self, app, urgency, prove):
        proof = prove()
        first = urgency(proof=proof)

        assert (Urgency.NORMAL, Urgency.LIKELY_SPAM) == (first, urgency(proof=proof, body=f"{SUSPICIOUS} Again."))

    def test_preview_does_not_use_it_up(self, app, urgency, prove):
        proof = prove()
        Reader(app).send("psoas", body=SUSPICIOUS, proof=proof, preview="1")

        assert Urgency.NORMAL == urgency(proof=proof)

    def test_proof_for_another_article_counts_nothing(self, make, urgency, prove):
        make.post("calf")

        assert Urgency.LIKELY_SPAM == urgency(proof=prove("calf"))

    def test_proof_counts_for_some_hours(self, urgency, prove, clock):
        clock.freeze(ANY_DAY)
        in_time, late = prove(), prove()
        clock.advance(hours=HOURS, seconds=-1)
        first = urgency(proof=in_time)
        clock.advance(seconds=1)

        assert (Urgency.NORMAL, Urgency.LIKELY_SPAM) == (first, urgency(proof=late, body=f"{SUSPICIOUS} Again."))

    @pytest.mark.parametrize("easier", [{"keyPrefix": ""}, {"cost": 2}, {"data": {"post": 1, "until": 2**40}}])
    def test_question_made_easier_counts_nothing(self, urgency, prove, easier):
        assert Urgency.LIKELY_SPAM == urgency(proof=prove(**easier))

    def test_wrong_answer_counts_nothing(self, urgency, prove):
        said = json.loads(base64.b64decode(prove()))
        said["solution"]["counter"] += 1

        assert Urgency.LIKELY_SPAM == urgency(proof=packed(said))

    @pytest.mark.parametrize("junk", JUNK)
    def test_junk_counts_nothing(self, urgency, junk):
        assert Urgency.LIKELY_SPAM == urgency(proof=junk)


class TestOnce:
    @pytest.mark.both_databases
    def test_two_at_once_count_once(self, app, post, prove):
        """Both were read before either was spent."""
        text = prove()
        with app.app_context():
            first, second = Proof.read(text, post.id), Proof.read(text, post.id)
            begin_write()
            first.spend()

            with pytest.raises(Refused):
                second.spend()

    @pytest.mark.both_databases
    def test_spent_ones_are_forgotten_when_they_are_too_old_to_count(self, app, urgency, prove, clock):
        clock.freeze(ANY_DAY)
        urgency(proof=prove())
        with app.app_context():
            drop_by_retention()
            kept = db.session.scalars(select(SpentProof.hash)).all()
            clock.advance(hours=HOURS, seconds=1)
            drop_by_retention()

            assert (1, []) == (len(kept), db.session.scalars(select(SpentProof.hash)).all())
