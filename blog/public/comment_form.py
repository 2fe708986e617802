"""The reader's form: its fields, its stateless token, where it came from and what gives a machine away.

It stands inside a page that is the same for everybody, so it cannot use a session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

from flask import current_app
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from blog.clock import now
from blog.comments.bans import Banned
from blog.comments.knowledge import look_at
from blog.comments.models import Comment
from blog.comments.proofs import Proof
from blog.comments.sending import CannotAnswer, ShownTexts, Subject, TooMany, refuse_too_many
from blog.comments.urgency import Alarm
from blog.comments.words import Sender, Words
from blog.errors import Refused
from blog.keys import keyed_hash, matches
from blog.numbers import whole_number
from blog.pagecache.notes import expires_at
from blog.pages.models import EmailField
from blog.posts.models import Post
from blog.public.address_field import AddressField
from blog.text.characters import COMMENT_MAX_CHARS, NAME_MAX_CHARS, clean_line, clean_text
from blog.triage import Flag, FlagKind, alarming
from blog.triage.word_list import MarkedPart, pieces

COMMENT_MIN_CHARS = 2
TOKEN_DAYS = 30


@dataclass(frozen=True)
class FormToken:
    """Proves that a form came from this site: an HMAC over the post, the versions shown and the day.

    Stateless, the same for all readers of a page, valid for 30 days, because a cached page's age says nothing
    about its reader.
    """

    post_id: int
    shown: ShownTexts
    day: int

    @classmethod
    def today(cls, post_id: int, shown: ShownTexts) -> Self:
        """The token for a form shown now. A page that shows it ends with the day."""
        expires_at(datetime.combine(now().date() + timedelta(days=1), time(), UTC))
        return cls(post_id, shown, _today())

    @classmethod
    def read(cls, text: str, post_id: int) -> Self | None:
        """The token in `text`, or None when it is forged, for another post, or too old."""
        parts = text.split(".")
        try:
            disclaimer, policy, day = (whole_number(part) for part in parts[:-1])
        except ValueError:
            return None
        token = cls(post_id, ShownTexts(disclaimer or None, policy or None), day)
        fresh = 0 <= _today() - day <= TOKEN_DAYS
        return token if matches(text, str(token)) and fresh else None

    def __str__(self) -> str:
        values = (*(number or 0 for number in self.shown), self.day)
        return ".".join(map(str, (*values, keyed_hash("comment form", self.post_id, *values))))


@dataclass(frozen=True)
class Question:
    """What a writer is asked before personal details are stored: each sort with its words, and where they stand."""

    found: list[tuple[str, list[str]]]
    name: list[MarkedPart]
    body: list[MarkedPart]

    @classmethod
    def about(cls, words: Words, flags: Sequence[Flag]) -> Self | None:
        """None when there is nothing to ask. An emergency is stored first, whatever else stands in it."""
        personal = [flag for flag in flags if flag.kind == FlagKind.PERSONAL_DATA]
        if not personal or any(flag.kind == FlagKind.EMERGENCY for flag in flags):
            return None
        return cls(
            [(flag.why, list(dict.fromkeys(span.words for span in flag.matched))) for flag in personal],
            pieces(words.name, [span for flag in personal if flag.in_name for span in flag.matched]),
            pieces(words.body, [span for flag in personal if not flag.in_name for span in flag.matched]),
        )


@dataclass(frozen=True)
class Preview:
    """A comment as it would appear, for its writer alone: nothing of it is stored."""

    name: str
    html: str


OPEN_LONG = "This form was open for a long time and has expired. Your text is still here: please send it again."
PERSONAL = "Your comment seems to contain personal details. Please check the words marked below the form."


class CommentForm(Form):
    """Name, e-mail, message. `website` is the trap: people do not see it, and filling it only adds suspicion."""

    name = StringField("Your name")
    email: Any = AddressField("Your e-mail address")
    notify = BooleanField("Email me about this comment")
    body = TextAreaField("Your comment")
    token = HiddenField()
    website = StringField("Leave this field empty")
    preview = HiddenField()  # set by the button that asks to see the comment first
    personal = HiddenField()  # "keep": the writer was asked about personal details and wants them sent
    parent_id = HiddenField()
    proof = HiddenField()  # of work, as js/proof.js adds it on suspicion
    elapsed = HiddenField()  # seconds from opening the page to sending, as a script says, unsigned; see `seconds`

    def __init__(self, *args: Any, email_wanted: EmailField = EmailField.HIDDEN, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email_wanted = email_wanted
        self.mail_to = ""  # the address given, once it was found to be one

    def validate_name(self, field: Any) -> None:
        length = len(clean_line(field.data or ""))
        if not length:
            raise ValidationError("Please enter a name. It need not be your full name.")
        if length > NAME_MAX_CHARS:
            raise ValidationError(f"Please use at most {NAME_MAX_CHARS} characters; this name has {length}.")

    def validate_email(self, field: Any) -> None:
        wanted = self.email_wanted
        if wanted == EmailField.HIDDEN:
            return
        if not field.is_empty:
            self.mail_to = field.address
        elif self.notify is not None and self.notify.data:
            raise ValidationError("Please enter the address to write to, or untick the box below it.")
        elif wanted == EmailField.REQUIRED:
            raise ValidationError("Please enter an e-mail address, such as name@example.org.")

    def validate_body(self, field: Any) -> None:
        length = len(clean_text(field.data or ""))
        if length < COMMENT_MIN_CHARS:
            raise ValidationError("Please write your comment.")
        if length > COMMENT_MAX_CHARS:
            raise ValidationError(
                f"Please shorten your comment to {COMMENT_MAX_CHARS:,} characters; it has {length:,}."
            )

    def validate_parent_id(self, field: Any) -> None:
        try:
            whole_number(field.data or "0")
        except ValueError:
            gone = "The comment that you answer is not there any more. You can still send a new one."
            raise ValidationError(gone) from None

    def shown(self) -> Preview | None:
        """The comment as it would appear. None, with an error of the field, when there is no text to show."""
        if not self.body.validate(self, [type(self).validate_body]):
            return None
        words = Words.prepare(self.name.data or "", self.body.data)
        return Preview(words.name, words.html)

    @property
    def wants_mail(self) -> bool:
        """Whether the writer asked for mail about this comment."""
        return bool(self.notify and self.notify.data and self.mail_to)

    @property
    def parent(self) -> int | None:
        """The number of the comment that this one answers."""
        return int(self.parent_id.data) if self.parent_id.data else None

    @property
    def seconds(self) -> float | None:
        """How long it took, where the browser says so. Anybody can make it up, so it only adds to other hints."""
        try:
            seconds = float(((self.elapsed and self.elapsed.data) or "")[:12])
        except ValueError:
            return None
        return seconds if seconds >= 0 else None

    @property
    def alarm(self) -> Alarm | None:
        """What the writer must be told at once, also when the comment cannot be taken."""
        text = clean_text(self.body.data or "")[:COMMENT_MAX_CHARS]
        return Alarm.of(alarming(text)) if text else None


class EditForm(CommentForm):
    """A comment changed by its writer, on its private page: the secret link stands for e-mail and token."""

    email = None
    notify = None
    token = None
    parent_id = None
    proof = None
    elapsed = None


@dataclass(frozen=True)
class Feedback:
    """What a writer is told about what they sent, when it comes back instead of being stored."""

    problem: str = ""  # with the form as a whole; each field says what is wrong with itself
    question: Question | None = None
    preview: Preview | None = None
    status: int = 422
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, refusal: Refused | TooMany) -> Self:
        """What a reader is told when the rules say no."""
        if isinstance(refusal, TooMany):
            wait = refusal.minutes
            problem = f"You have sent several comments already. Please send this one again in {wait} minutes."
            return cls(problem, status=429, headers={"Retry-After": str(wait * 60)})
        if isinstance(refusal, Banned):
            until = refusal.until.astimezone(current_app.config["BLOG_TIME_ZONE"])
            problem = f"{refusal} This ends on {until.day} {until:%B %Y}. Your text is still here, to be copied."
            return cls(problem, status=403)
        return cls(str(refusal), status=422 if isinstance(refusal, CannotAnswer) else 409)


class SentBack(Exception):
    """What was sent is not stored as it is: something is wrong or to be asked, or it was only to be shown."""

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(feedback.problem)
        self.feedback = feedback


@dataclass(frozen=True)
class Letter:
    """A text that may be stored: cleaned, looked at by triage, its writer asked what has to be asked."""

    words: Words
    sender: Sender
    flags: list[Flag]
    proof: Proof | None = None

    @classmethod
    def read(
        cls,
        form: CommentForm,
        about: Post | Subject,
        network: str,
        own: Comment | None = None,
        is_ours: bool = True,
        is_fresh: bool = True,
    ) -> Self:
        """What a form holds, sent from `network`, about a post. Raises SentBack, and TooMany or Banned at once.

        `own` is the comment that is being changed. `is_ours` is whether a page of this site sent the form,
        `is_fresh` whether its token is good.
        """
        if form.preview.data and is_ours:
            preview = form.shown()
            raise SentBack(Feedback(preview=preview, status=200 if preview else 422))
        if not form.validate():
            raise SentBack(Feedback())
        if not (is_ours and is_fresh):
            raise SentBack(Feedback(OPEN_LONG))
        sender = Sender.of(network, form.mail_to)
        standing = None
        if own is None:
            standing = refuse_too_many(about.id, sender, form.name.data, form.body.data, form.parent)
        words = Words.prepare(form.name.data, form.body.data)
        if not words.say_something:
            form.body.errors = ["Please write your comment in words."]
            raise SentBack(Feedback())
        proof = Proof.read(form.proof.data or "", about.id) if form.proof is not None else None
        trap_filled = bool(form.website.data)
        flags = look_at(words, about, sender, trap_filled, own, form.seconds, proof is not None, standing)
        question = Question.about(words, flags)
        if question and form.personal.data != "keep":
            raise SentBack(Feedback(PERSONAL, question))
        return cls(words, sender, flags, proof)


def _today() -> int:
    return now().date().toordinal()
