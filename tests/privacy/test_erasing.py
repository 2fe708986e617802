"""Erasing leaves nothing of a comment, and nobody else calls a part of it."""

from __future__ import annotations

import ast

import pytest
from sqlalchemy import func, select

from blog.accounts.models import RoleName
from blog.comments.models import Comment, CommentBand, CommentFlag, CommentRevision
from blog.config import ROOT
from blog.database import begin_write, db
from blog.mail.kinds import NoticeKind
from blog.mail.models import Address, Choice, Notice
from blog.moderation.models import Decision, Seen, Verdict
from blog.privacy import erasing
from blog.triage import Flag, FlagKind, Span

# Each part of erasing, and the folders and files of blog/ that may call it beside privacy/erasing.py.
PARTS = {
    "erase": ("comments/", "moderation/"),  # of one version
    "forget_text": ("comments/",),
    "forget_notes": ("comments/",),  # of bans
    "forget": ("accounts/", "media/", "search/", "sample/"),  # guesses, files nobody needs, rows of the search
}


def calls_of_parts(source: str) -> list[str]:
    """The names of PARTS that a file uses on anything but the whole verb's own module."""
    return [
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in PARTS and ast.unparse(node.value) != "erasing"
    ]


class TestNobodyElse:
    def test_calls_a_part(self):
        files = {path.relative_to(ROOT / "blog").as_posix(): path for path in (ROOT / "blog").rglob("*.py")}
        others = [
            (name, part)
            for name, path in sorted(files.items())
            for part in calls_of_parts(path.read_text(encoding="utf-8"))
            if not name.startswith((*PARTS[part], "privacy/erasing.py"))
        ]

        assert [] == others

    @pytest.mark.parametrize("source", ["comment.erase()", "drop = Comment.forget_text", "Choice.forget(comment)"])
    def test_could_call_a_part_unseen(self, source):
        assert 1 == len(calls_of_parts(source))

    @pytest.mark.parametrize("source", ["erasing.erase(comment)", "Rule('x', erasing.forget_text)"])
    def test_is_kept_from_the_whole(self, source):
        assert [] == calls_of_parts(source)


@pytest.fixture
def much(make):
    """A comment with everything that can hang on one: a flag, a signature, a note, a wish, mails, its sender."""
    moderator = make.account(RoleName.MODERATOR)
    body = "My number is 07700 900123, and my knee hurts on every stair since last winter."
    flag = Flag(FlagKind.PERSONAL_DATA, "phone", [Span(13, 25, "07700 900123")], "A phone number: 07700 900123.")
    comment = make.comment(body=body, name="Ada", flags=[flag])
    begin_write()
    fresh = db.session.get_one(Comment, comment.id)
    Choice.wish(fresh, "ada@example.org")
    Decision.make([Seen(fresh.id, fresh.newest_revision_id)], Verdict.HOLD, moderator, note="She writes 07700 900123")
    db.session.commit()
    return comment


def left():
    """Everything a person wrote, or that says who did, still in the database."""
    db.session.rollback()
    columns = (CommentRevision.name, CommentRevision.body, CommentRevision.html, CommentFlag.why, Decision.note)
    words = [text for column in (*columns, Address.email) for text in db.session.scalars(select(column)) if text]
    matched = [places for places in db.session.scalars(select(CommentFlag.matched)) if places]
    counts = [db.session.scalar(select(func.count()).select_from(model)) for model in (CommentBand, Choice)]
    other_mails = Notice.closed_at.is_(None), Notice.kind != NoticeKind.CONFIRM  # of that, the address is gone
    to_come = db.session.scalar(select(func.count()).where(*other_mails))
    return [*words, *matched, *(count for count in (*counts, to_come) if count)]


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestErasing:
    @pytest.mark.parametrize("verb", [erasing.erase, erasing.forget_text])
    def test_leaves_nothing(self, much, verb):
        begin_write()
        verb(db.session.get_one(Comment, much.id))
        db.session.commit()

        assert [] == left()

    def test_is_all_or_nothing(self, much):
        before = left()
        begin_write()
        erasing.erase(db.session.get_one(Comment, much.id))
        db.session.rollback()

        assert before == left()
