"""Five hundred random steps: after each block, page, feeds and desk count and show the same comments."""

from __future__ import annotations

import random
import re
from html import unescape

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Seen, Stale, Verdict
from blog.privacy import erasing

STEPS = 500
CHECKED_EVERY = 25
ACTS = (
    "submit",
    "submit",
    "approve",
    "approve",
    "reject",
    "spam",
    "hold",
    "undo",
    "edit",
    "withdraw",
    "erase",
    "reply",
    "redact",
    "hide older",
)
LIMITS = {"comment_limit": 1000, "edit_minutes": 1440}


class Walk:
    """A site on which people do one thing after another."""

    def __init__(self, make, seed):
        self.make, self.random = make, random.Random(seed)
        self.post, self.moderator = make.post("walk"), make.account(RoleName.MODERATOR)
        self.number = 0

    def step(self):
        act = self.random.choice(ACTS)
        ids = db.session.scalars(Comment.for_desk().with_only_columns(Comment.id).order_by(Comment.created_at)).all()
        comment_id = self.random.choice(ids) if ids else None
        self.number += 1
        if act == "submit" or comment_id is None:
            self.make.comment(self.post, body=f"MARK{self.number}X")
            return
        begin_write()
        try:
            self.act(act, db.session.get_one(Comment, comment_id))
            db.session.commit()
        except (Stale, Refused):
            db.session.rollback()
        self.check(comment_id)

    def act(self, act, comment):
        last = Decision.last_on([comment.id]).get(comment.id)
        seen = Seen(comment.id, comment.newest_revision_id, last.id if last and self.random.random() < 0.7 else None)
        words = Words.prepare("Reader", f"MARK{self.number}X")
        if act in set(Verdict) - {Verdict.UNDO}:
            Decision.make([seen], Verdict(act), self.moderator)
        elif act == "undo" and last is not None:
            last.undo(self.moderator)
        elif act == "edit":
            sending.revise(comment, words, Sender.of("192.0.2.1", ""))
        elif act == "withdraw":
            comment.withdraw()
        elif act == "erase" and self.random.random() < 0.3:
            erasing.erase(comment)
        elif act == "reply":
            Decision.reply(comment.id, words, self.moderator)
        elif act == "redact":
            Decision.redact(seen, words, self.moderator)
        elif act == "hide older" and comment.public_revision_id:
            Decision.make([Seen(comment.id, comment.public_revision_id)], Verdict.HOLD, self.moderator)

    def check(self, comment_id):
        """What is shown of this comment is a text that some decision approved."""
        db.session.rollback()
        shown = db.session.get_one(Comment, comment_id, populate_existing=True).public_revision_id
        items = db.session.scalars(select(DecisionItem).where(DecisionItem.comment_id == comment_id)).all()
        approved = {item.pointer_after for item in items if item.state_after == State.APPROVED}

        assert shown is None or shown in approved

    def shown(self):
        """The texts that may be seen."""
        db.session.rollback()
        found = db.session.scalars(Comment.visible().execution_options(populate_existing=True))
        return sorted(comment.public.body for comment in found)


def marks(text):
    return sorted(re.findall(r"MARK\d+X", unescape(text)))


@pytest.mark.slow
@pytest.mark.both_databases
def test_page_feeds_and_desk_say_the_same(app, make, client, staff):
    """Whatever happened in which order: the same texts, the same number, and every tab counts its rows."""
    make.settings(**LIMITS)
    mo = staff(RoleName.MODERATOR, email="watches@example.org")
    walk = Walk(make, seed=20261122)
    for step in range(1, STEPS + 1):
        with app.app_context():
            walk.step()
            expected = walk.shown() if step % CHECKED_EVERY == 0 else None
        if expected is None:
            continue
        pages, number, found = 1, 1, []
        while number <= pages:
            page = client.get("/posts/walk", query_string={"comments": number} if number > 1 else {}).text
            pages = max([1, *map(int, re.findall(r"comments=(\d+)", page))])
            found += marks(page[page.index('id="comments"') :])
            number += 1
        count = re.search(r'id="comments-title"[^>]*>(\d+)?', page)
        feed = client.get("/posts/walk/comments.atom").text
        desk = mo.get("/desk/comments").text
        tabs = dict(re.findall(r'state=(\w+)"[^>]*>\w+ <span class="filters__count">(\d+)<', desk))

        assert expected == sorted(found)
        assert len(expected) == int(count[1] or 0)
        assert set(marks(feed)) <= set(expected)
        assert min(len(expected), 20) <= len(set(marks(feed)))
        for state, said in tabs.items():
            rows, address = 0, f"/desk/comments?state={state}"
            while address:
                listed = mo.get(address).text
                rows += listed.count('<article class="card')
                following = re.search(r'rel="next" href="([^"]+)"', listed)
                address = unescape(following[1]) if following else None
            assert (state, rows) == (state, int(said))
