"""The page of the log."""

from __future__ import annotations

import re

from blog.moderation.verdicts import Verdict
from tests.desk.moderating import decide, other_decides, seen


class TestLog:
    def test_says_who_decided_what(self, app, make, mo):
        """Newest first: who, what, on whose words, from which state to which, and why."""
        comment = make.comment(make.post("one"))
        other_decides(app, make, comment, Verdict.APPROVE)
        decide(mo, seen(comment, 1), verdict="reject", reason="unkind", note="Look at the end")
        page = mo.get("/desk/log").text
        rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)][1:]

        assert ["Mo Moderator", "Dr Other"] == [re.search("Mo Moderator|Dr Other", row)[0] for row in rows]
        assert [] == [
            part
            for part in (
                "reject",
                "Unkind to somebody",
                "Look at the end",
                "Reader",
                "A question about this.",
                "approved → rejected",
            )
            if part not in rows[0]
        ]

    def test_is_empty_at_first(self, mo):
        """And says so."""
        assert "Nobody has decided anything yet." in mo.get("/desk/log").text
