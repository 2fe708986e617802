"""The index of what comments say: it finds what reading all of them would find, and forgets what is erased."""

from __future__ import annotations

import random
from importlib import import_module

import pytest
from flask import current_app
from sqlalchemy import select, text, update

from blog.comments import index, searching, sending
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.folding import fold
from blog.moderation.queue import Filter
from blog.operations.jobs import empty_database_log
from blog.privacy import erasing
from tests.test_folding import SAME

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]

TEXTS = [
    ("Özlem Yıldız", 'She said "stop" and the pain went – 3*10 reps, 100 % better.'),
    ("Мария", "Боль в шее после работы, спасибо за статью!"),
    ("王明", "我的肩膀很痛，谢谢。"),
    ("നിത", "അവന്‍ പറഞ്ഞു"),
    ("Ana", "mail me: ana@example.org, it's (really) a_b\\c or {x}"),
    ("Bo", "👍🏽 ok"),
    ("A", "x"),
    ("Anna", "AND NOT OR NEAR col:x ^a * -b"),
]

ASKED = ["zle", "å", "痛", "肩膀", "明", "👍", "xq", "a_b", "a%b", '"stop"', "*", "'", '"', " ok"]


def listed(query):
    return set(searching.listed(query) or ())


def read(query):
    """What a search found that reads each comment."""
    return set(db.session.scalars(select(Comment.id).where(searching.saying(query))))


class TestSearch:
    @pytest.mark.parametrize(("stored", "asked"), SAME)
    def test_finds_words_however_they_are_written(self, make, stored, asked):
        """In the middle of a text, and in a name."""
        in_text = make.comment(body=f"I am {stored}, hello").id
        in_name = make.comment(name=stored).id

        assert {in_text, in_name} == listed(asked)

    @pytest.mark.parametrize("asked", ASKED)
    def test_finds_what_reading_would_find(self, make, asked):
        """One sign or many, at the end, in every script, and signs that mean something to a database."""
        for name, body in TEXTS:
            make.comment(name=name, body=body)

        assert read(asked) == listed(asked)

    def test_finds_every_part_of_every_text(self, make):
        """Three hundred parts taken by chance."""
        said = {make.comment(name=name, body=body).id: (fold(name), fold(body)) for name, body in TEXTS}
        pick = random.Random(7)
        for _ in range(300):
            whole = pick.choice([words for both in said.values() for words in both])
            at = pick.randrange(len(whole))
            part = whole[at : at + pick.randint(1, 8)]

            assert {number for number, both in said.items() if any(part in words for words in both)} == listed(part)

    def test_looks_at_the_newest_version_only(self, make):
        """What its writer took back by a change is no part of it any more."""
        comment = make.comment(body="Zebulon wrote this")
        begin_write()
        fresh = db.session.get_one(Comment, comment.id)
        sending.revise(fresh, Words.prepare("Reader", "Now calm"), Sender.of("192.0.2.1", ""))
        db.session.commit()

        assert (set(), {comment.id}) == (listed("zebulon"), listed("calm"))

    def test_joins_no_name_with_a_text(self, make):
        """The end of one and the beginning of the other are no word."""
        make.comment(name="Ann", body="Enjoy")

        assert set() == listed("annenj")

    @pytest.mark.parametrize("query", ["pain", "pa"])
    def test_does_not_list_what_is_common(self, make, monkeypatch, query):
        """The filter reads instead, and finds the same."""
        monkeypatch.setattr(searching, "MOST_LISTED", 2)
        monkeypatch.setattr(index, "MOST_ENDINGS", 0)
        numbers = [make.comment(body=f"Pain {n}").id for n in range(3)]

        assert searching.listed(query) is None
        assert numbers == [comment.id for comment in Filter(query=query).page().items]
        assert 3 == Filter(query=query).count()

    @pytest.mark.parametrize(("query", "is_asked"), [("a", False), ("z", True), ("%", True), ("pain", True)])
    def test_does_not_ask_the_index_for_signs_that_most_hold(self, make, monkeypatch, query, is_asked):
        """Reading finds them at once, while the index counts everything that begins with them."""
        monkeypatch.setattr(index, "LOOKED_AT", 4)
        for body in ("Zoster", "Pain", "Again", "And again"):
            make.comment(body=body, name="Bo")

        assert is_asked is (index.candidates(query) is not None)
        assert read(query) == {comment.id for comment in Filter(query=query).page().items}

    def test_narrows_with_other_filters(self, make):
        """State and article count as well."""
        post = make.post()
        wanted = make.comment(post, body="Zebulon")
        make.comment(post, body="Other")
        make.comment(body="Zebulon")
        make.comment(post, body="Zebulon", state=State.APPROVED)

        assert [wanted.id] == [one.id for one in Filter(post=post.id, query="zebulon").page().items]


class TestErasing:
    """Of SQLite's index also what its parts still hold is looked at; PostgreSQL's knows numbers of signs."""

    def terms(self):
        """Every gram that the index has ever taken in and still holds."""
        if db.engine.dialect.name == "postgresql":
            return set()
        return set(db.session.scalars(text("SELECT term FROM comment_words_fts_known")))

    def files(self):
        return b"".join(file.read_bytes() for file in current_app.config["BLOG_INSTANCE_PATH"].glob("blog.db*"))

    def erase(self, number):
        begin_write()
        erasing.erase(db.session.get_one(Comment, number))
        db.session.commit()

    def test_takes_the_words_out_at_once(self, make):
        """Nobody finds them from that moment."""
        comment = make.comment(body="Zebulon's secret")
        self.erase(comment.id)

        assert set() == listed("zebulon")
        assert [""] == list(db.session.scalars(select(CommentRevision.folded)))

    @pytest.mark.parametrize("around", [0, 40])
    def test_leaves_no_trace_in_the_index(self, make, around):
        """After the job the index holds what it would hold had the comment never been there, also between others."""
        for number in range(around):
            make.comment(body=f"Common words {number}")
        before = self.terms()
        comment = make.comment(name="Zebulon", body="Qüxwärts Ξένος")
        for number in range(around):
            make.comment(body=f"Common words {number}")
        self.erase(comment.id)
        empty_database_log()
        db.session.rollback()

        assert before == self.terms()

    @pytest.mark.parametrize("words", ["zebulonius", "Zebulonius"])
    def test_leaves_no_trace_in_the_file(self, make, database_kind, words):
        """Neither as typed nor folded, nor as the parts of three signs that the index keeps."""
        if database_kind == "postgresql":
            pytest.skip("PostgreSQL overwrites in its own time; docs/security.md says so")
        for number in range(30):
            make.comment(body=f"Common words {number}")
        comment = make.comment(body="Zebulonius, vxq zxv")
        held = words.encode() in self.files()
        self.erase(comment.id)
        empty_database_log()

        assert (True, False) == (held, words.encode() in self.files())
        for gram in (b"vxq", b"xq ", b"zxv"):
            assert gram not in self.files()

    def test_is_only_done_when_something_is_gone(self, make, database_kind):
        """Merging writes the whole index anew, so it waits for a reason."""
        make.comment(body="One")
        begin_write()
        before = db.session.scalar(text("SELECT total_changes()")) if database_kind == "sqlite" else 0
        more = index.forget_some()
        after = db.session.scalar(text("SELECT total_changes()")) if database_kind == "sqlite" else 0

        assert (False, 0) == (more, after - before)

    def test_goes_on_in_steps(self, make, monkeypatch, database_kind):
        """Each step holds the write lock for a moment only; the last one says that nothing is left."""
        if database_kind == "postgresql":
            pytest.skip("PostgreSQL does it by itself")
        monkeypatch.setattr(index, "PAGES_MERGED", 1)
        for number in range(12):
            make.comment(body=f"Words {number} " + "".join(chr(0x4E00 + 40 * number + n) for n in range(600)))
        comment = make.comment(body="Zebulon")
        self.erase(comment.id)
        steps = 0
        while True:
            begin_write()
            more = index.forget_some()
            db.session.commit()
            steps += 1
            if not more:
                break

        assert steps > 3
        assert "zeb" not in self.terms()


class TestMigration:
    def test_folds_what_was_stored_before(self, make):
        """Texts that are kept; what was erased stays blank."""
        kept, gone = make.comment(name="Özlem", body="Hi"), make.comment(state=State.ERASED)
        begin_write()
        db.session.execute(update(CommentRevision).values(folded=""))
        import_module("blog.migrations.versions.0024_index_of_comments").fill(db.session.connection())
        db.session.commit()
        folded = dict(db.session.execute(select(CommentRevision.comment_id, CommentRevision.folded)).all())

        assert {kept.id: index.folded_words("Özlem", "Hi"), gone.id: ""} == folded
        assert {kept.id} == listed("ozlem")

    def test_numbers_grams_as_we_do(self, database_kind):
        """What PostgreSQL's function makes of a text holds what we ask it for."""
        if database_kind == "sqlite":
            pytest.skip("a function of PostgreSQL")
        made = db.session.scalar(text("SELECT comment_grams('å痛👍x')"))

        assert set(map(index._as_number, index.grams("å痛👍x"))) <= set(made)
        assert 4 + 3 + 2 == len(made)
