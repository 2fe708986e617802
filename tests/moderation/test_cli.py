"""`flask comments …`: decisions bound to what was seen, and triage tried on labelled texts."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Verdict

TEXTS = [
    {"author": "A", "text": "How long should I hold it?", "label": "genuine_question"},
    {"author": "B", "text": "I cannot control my bladder since this morning.", "label": "medical_emergency"},
    {"author": "C", "text": "Call me on 07700 900123 please.", "label": "personal_info"},
    {"author": "D", "text": "Cheap viagra http://a.example http://b.example", "label": "spam"},
    {"author": "E", "text": "You stupid idiot.", "label": "abusive"},
]


@pytest.fixture
def flask(app):
    return lambda *words: app.test_cli_runner().invoke(args=["comments", *words])


@pytest.fixture
def texts(tmp_path):
    file = tmp_path / "texts.json"
    file.write_text(json.dumps(TEXTS), encoding="utf-8")
    return str(file)


def seen(comment):
    return f"{comment.id}:{comment.newest_revision_id}"


def states(app):
    with app.app_context():
        return list(db.session.scalars(select(Comment.state).order_by(Comment.created_at, Comment.newest_revision_id)))


class TestDeciding:
    @pytest.mark.parametrize(("word", "state"), [("approve", State.APPROVED), ("reject", State.REJECTED)])
    def test_decides_on_what_is_named(self, app, make, flask, word, state):
        """Several at once, without an account."""
        first, second = make.comment(), make.comment()
        result = flask(word, seen(first), seen(second))

        assert (0, [state, state]) == (result.exit_code, states(app))

    def test_names_whose_decision_it_is(self, app, make, flask):
        """`--by` an address, in any spelling."""
        make.account(RoleName.MODERATOR, email="mo@example.org", name="Mo")
        comment = make.comment()
        flask("reject", seen(comment), "--by", "MO@example.org", "--reason", "unkind", "--note", "Again")
        with app.app_context():
            decision = db.session.scalars(select(Decision)).one()

            assert ("Mo", Verdict.REJECT, "unkind", "Again") == (
                decision.account.name,
                decision.verdict,
                decision.reason,
                decision.note,
            )

    @pytest.mark.parametrize(
        "words",
        [
            ("approve", "x"),
            ("approve", "{comment}"),
            ("approve", "{comment}:999"),
            ("approve", "99:{revision}"),
            ("reject", "{comment}:{revision}", "--reason", "no"),
            ("approve", "{comment}:{revision}", "--by", "nobody@example.org"),
        ],
    )
    def test_refuses_what_is_not_there(self, app, make, flask, words):
        """A wrong number, reason or address: one line, and nothing is decided."""
        comment = make.comment()
        numbers = {"comment": comment.id, "revision": comment.newest_revision_id}
        result = flask(*(word.format(**numbers) for word in words))

        assert (1, [State.PENDING]) == (result.exit_code, states(app))
        assert result.output.startswith("Error: ")

    def test_is_all_or_nothing(self, app, make, flask):
        """One changed meanwhile: the other is not decided either, and the lines say which."""
        first, second = make.comment(), make.comment()
        with app.app_context():
            begin_write()
            db.session.get_one(Comment, second.id).withdraw()
            db.session.commit()
        result = flask("approve", seen(first), seen(second))

        assert (1, [State.PENDING, State.WITHDRAWN]) == (result.exit_code, states(app))
        assert f"{seen(second)}  Its writer has withdrawn this comment meanwhile." in result.output

    def test_again_changes_nothing(self, app, make, flask):
        """The same verdict twice is one decision."""
        comment = make.comment()
        codes = [flask("approve", seen(comment)).exit_code for _ in range(2)]
        with app.app_context():
            assert ([0, 0], 1) == (codes, len(db.session.scalars(select(Decision)).all()))


class TestTriage:
    def test_prints_a_table(self, flask, texts):
        """Each label with what was found, and the sum."""
        output = flask("triage", texts).output

        assert "5 of 5 right." in output
        assert {text["label"] for text in TEXTS} <= set(output.split())

    def test_prints_one_object_per_text(self, flask, texts):
        """Text, label, and flags with kind, rule and the words matched; nothing else on standard output."""
        found = json.loads(flask("triage", texts, "--json").stdout)

        assert [(text["text"], text["label"]) for text in TEXTS] == [(one["text"], one["label"]) for one in found]
        assert [[], "emergency", "personal_data", "spam", "abuse"] == [
            one["flags"][0]["kind"] if one["flags"] else [] for one in found
        ]
        assert {"kind": "personal_data", "rule": "phone", "matched": ["07700 900123"]} == found[2]["flags"][0]

    @pytest.mark.parametrize("content", ["", "{", "{}", '"x"', "[1]", '[{"text": "x"}]', '[{"text": 1, "label": "x"}]'])
    def test_refuses_a_file_that_holds_no_texts(self, flask, tmp_path, content):
        """One line that says what is missing."""
        file = tmp_path / "bad.json"
        file.write_text(content)
        result = flask("triage", str(file))

        assert (1, True) == (result.exit_code, result.output.startswith("Error: "))

    def test_of_nothing_is_nothing(self, flask, tmp_path):
        """An empty list is a list."""
        file = tmp_path / "none.json"
        file.write_text("[]")

        assert (0, []) == (
            flask("triage", str(file)).exit_code,
            json.loads(flask("triage", str(file), "--json").stdout),
        )
