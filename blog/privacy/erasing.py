"""Erasing a comment: its words and all that was kept because of them, together or not at all.

The parts live with what they blank. Only this file calls them, so that nobody can forget one; a test holds that.
"""

from __future__ import annotations

from blog.comments.models import Comment
from blog.mail.models import Choice
from blog.moderation.models import Decision


def erase(comment: Comment) -> None:
    """Its writer erases it: name, text, what the site knew of its sender, notes on it, mail wishes, mails to come."""
    comment.erase()
    _forget_what_hangs_on(comment)


def forget_text(comment: Comment) -> None:
    """Its days are over: the same, but that it was declined or withdrawn, and by whom, is still known."""
    comment.forget_text()
    _forget_what_hangs_on(comment)


def _forget_what_hangs_on(comment: Comment) -> None:
    Decision.forget_notes(comment)
    Choice.forget(comment)
