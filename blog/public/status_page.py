"""A comment's private page: one record of all that its template shows. Whoever holds the link sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from flask import render_template, request, url_for

from blog.addresses import absolute
from blog.checksums import Damaged
from blog.comments.models import Comment
from blog.comments.threads import whole
from blog.comments.urgency import Alarm
from blog.database import db
from blog.mail.models import Choice
from blog.moderation.models import Decision
from blog.moderation.verdicts import Verdict
from blog.pages.models import Reason, Site
from blog.posts.models import Post
from blog.public.comment_form import EditForm, Feedback
from blog.public.mail_choice_form import ChoiceForm

SAVED = {
    "text": "Your new text is saved.",
    "same": "These are the words that you sent before, so nothing was changed.",
    "mails": "Your choice is saved.",
}  # by the value of ?saved=, to which saving leads


@dataclass(frozen=True)
class StatusPage:
    """All that public/comment/status.html shows."""

    comment: Comment
    token: str
    reason: Reason | None  # why it was declined, if a moderator chose one
    alarm: Alarm | None
    messages: Sequence[Decision]  # what moderators answered its writer alone
    answers: Sequence[Comment]  # by the team, as everybody reads them
    article: str  # its title; none while nobody can read it, or where it is damaged
    form: EditForm
    feedback: Feedback | None  # on a change that was not stored
    choice: Choice | None
    mail_form: ChoiceForm
    saved: str  # the key of what was saved just now

    @classmethod
    def of(
        cls, comment: Comment, token: str, form: EditForm, feedback: Feedback | None, mail_form: ChoiceForm | None
    ) -> Self:
        choice = Choice.of(comment)
        decision = Decision.last_on([comment.id]).get(comment.id)
        declined = decision is not None and decision.verdict in (Verdict.REJECT, Verdict.SPAM)
        saved = request.args.get("saved", "")
        return cls(
            comment=comment,
            token=token,
            reason=Site.current().reason(decision.reason) if decision and declined else None,
            alarm=form.alarm if feedback else comment.newest.alarm,
            messages=Decision.messages_to(comment),
            answers=whole(db.session.scalars(Comment.answers_of_team(comment))),
            article=_title_of(comment.post),
            form=form,
            feedback=feedback,
            choice=choice,
            mail_form=mail_form or ChoiceForm(choice=choice),
            saved=saved if saved in SAVED else "",
        )

    @property
    def address(self) -> str:
        """The whole address of this page: the key to the comment."""
        return absolute(url_for("comments.status", token=self.token))

    @property
    def is_shown(self) -> bool:
        """Whether everybody can read a version of it now."""
        return self.comment.public_revision_id is not None and self.comment.post.is_published

    @property
    def is_changed(self) -> bool:
        """Whether everybody reads another version than the newest."""
        return self.is_shown and self.comment.public_revision_id != self.comment.newest_revision_id

    @property
    def may_withdraw(self) -> bool:
        """Whether there is anything to take back: what is published, or could still be."""
        return not self.comment.is_gone and (self.comment.is_waiting or self.comment.public_revision_id is not None)

    @property
    def said(self) -> str:
        """What was saved just now, in a sentence."""
        return SAVED.get(self.saved, "")


def _title_of(post: Post) -> str:
    """Nothing where it cannot be shown: a comment is taken back all the same."""
    try:
        return post.title if post.is_published else ""
    except Damaged as damaged:
        damaged.note()
        return ""


def status_page(
    comment: Comment,
    token: str,
    form: EditForm,
    feedback: Feedback | None = None,
    mail_form: ChoiceForm | None = None,
) -> str:
    """The private page. With `feedback` on a change its form is open; `mail_form` is a choice that was not stored.

    Raises Damaged where a text on it is not the one that was written.
    """
    for version in filter(None, (comment.newest, comment.public)):
        version.must_be_whole()
    page = StatusPage.of(comment, token, form, feedback, mail_form)
    return render_template("public/comment/status.html", page=page)
