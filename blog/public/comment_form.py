"""The reader's form: its fields, its stateless token, where it came from and what gives a machine away.

It stands inside a page that is the same for everybody, so it cannot use a session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple, Self

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
from blog.public.address_field import AddressField, address_in
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
NOT_TICKED = ("", "false")
TEXT = ("name", "body", "website", "preview", "personal")  # fields of every form
UNSEEN = ("body", "parent_id")  # fields whose problems leave nothing to be shown


class Sent(NamedTuple):
    """What came of the form, as typed, and what is wrong with it.

    Read by plain code: making the fields that show it again takes as long as storing it.
    """

    name: str
    body: str
    website: str
    preview: str
    personal: str
    token: str = ""
    parent_id: str = ""
    proof: str = ""
    elapsed: str = ""
    mail_to: str = ""  # the address given, if it is one
    wants_mail: bool = False  # whether the writer asked for mail about this comment
    problems: Mapping[str, str] = {}  # by field, in the order of the form; nobody changes it

    @classmethod
    def of(cls, typed: Mapping[str, str], email_wanted: EmailField) -> Self:
        """A new comment."""
        text, parent_id = cls._text(typed), typed.get("parent_id", "")
        mail_to, wants_mail, mail_problem = _mail_asked(typed, email_wanted)
        problems = _without_empty(
            name=_name_problem(text.name),
            email=mail_problem,
            body=_body_problem(text.body),
            parent_id=_parent_problem(parent_id),
        )
        token, proof, elapsed = (typed.get(name, "") for name in ("token", "proof", "elapsed"))
        return text._replace(
            token=token,
            parent_id=parent_id,
            proof=proof,
            elapsed=elapsed,
            mail_to=mail_to,
            wants_mail=wants_mail,
            problems=problems,
        )

    @classmethod
    def of_change(cls, typed: Mapping[str, str]) -> Self:
        """A comment changed by its writer."""
        text = cls._text(typed)
        return text._replace(problems=_without_empty(name=_name_problem(text.name), body=_body_problem(text.body)))

    @classmethod
    def _text(cls, typed: Mapping[str, str]) -> Self:
        name, body, website, preview, personal = (typed.get(field, "") for field in TEXT)
        return cls(name, body, website, preview, personal)

    @property
    def parent(self) -> int | None:
        """The number of the comment that this one answers."""
        return int(self.parent_id) if self.parent_id else None

    @property
    def seconds(self) -> float | None:
        """How long it took, where the browser says so. Anybody can make it up, so it only adds to other hints."""
        try:
            seconds = float(self.elapsed[:12])
        except ValueError:
            return None
        return seconds if seconds >= 0 else None

    def shown(self) -> Preview:
        """It as it would appear."""
        words = Words.prepare(self.name, self.body)
        return Preview(words.name, words.html)


def _name_problem(name: str) -> str:
    length = len(clean_line(name))
    if not length:
        return "Please enter a name. It need not be your full name."
    if length > NAME_MAX_CHARS:
        return f"Please use at most {NAME_MAX_CHARS} characters; this name has {length}."
    return ""


def _body_problem(body: str) -> str:
    length = len(clean_text(body))
    if length < COMMENT_MIN_CHARS:
        return "Please write your comment."
    if length > COMMENT_MAX_CHARS:
        return f"Please shorten your comment to {COMMENT_MAX_CHARS:,} characters; it has {length:,}."
    return ""


def _parent_problem(parent_id: str) -> str:
    try:
        whole_number(parent_id or "0")
    except ValueError:
        return "The comment that you answer is not there any more. You can still send a new one."
    return ""


def _mail_asked(typed: Mapping[str, str], wanted: EmailField) -> tuple[str, bool, str]:
    """The address given, whether mail is asked for, and what is wrong."""
    if wanted == EmailField.HIDDEN:
        return "", False, ""
    is_ticked = typed.get("notify", "") not in NOT_TICKED
    try:
        address = address_in(typed.get("email", ""))
    except ValidationError as error:
        return "", False, str(error)
    if address:
        return address, is_ticked, ""
    if is_ticked:
        return "", False, "Please enter the address to write to, or untick the box below it."
    if wanted == EmailField.REQUIRED:
        return "", False, "Please enter an email address, such as name@example.org."
    return "", False, ""


def _without_empty(**problems: str) -> dict[str, str]:
    return {name: problem for name, problem in problems.items() if problem}


class CommentForm(Form):
    """Name, e-mail, message, as they are shown; `Sent` is what comes of it.

    `website` is the trap: people do not see it, and filling it only adds suspicion.
    """

    name = StringField("Your name")
    email: Any = AddressField("Your email address")
    notify = BooleanField("Email me about this comment")
    body = TextAreaField("Your comment")
    token = HiddenField()
    website = StringField("Leave this field empty")
    preview = HiddenField()  # set by the button that asks to see the comment first
    personal = HiddenField()  # "keep": the writer was asked about personal details and wants them sent
    parent_id = HiddenField()
    proof = HiddenField()  # of work, as js/proof.js adds it on suspicion
    elapsed = HiddenField()  # seconds from opening the page to sending, as a script says, unsigned; see `Sent.seconds`

    def refused(self, problems: Mapping[str, str]) -> Self:
        """It with what `Sent` found wrong beside the fields."""
        for name, problem in problems.items():
            self[name].errors = [problem]
        return self

    @property
    def parent(self) -> int | None:
        """The number of the comment that this one answers."""
        return int(self.parent_id.data) if self.parent_id.data else None

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

    problem: str = ""  # with the form as a whole
    question: Question | None = None
    preview: Preview | None = None
    problems: Mapping[str, str] = field(default_factory=dict)  # with single fields
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
        sent: Sent,
        about: Post | Subject,
        network: str,
        own: Comment | None = None,
        is_ours: bool = True,
        is_fresh: bool = True,
    ) -> Self:
        """What somebody sent, from `network`, about a post. Raises SentBack, and TooMany or Banned at once.

        `own` is the comment that is being changed. `is_ours` is whether a page of this site sent the form,
        `is_fresh` whether its token is good.
        """
        if sent.preview and is_ours:
            if problems := {name: sent.problems[name] for name in UNSEEN if name in sent.problems}:
                raise SentBack(Feedback(problems=problems))
            raise SentBack(Feedback(preview=sent.shown(), status=200))
        if sent.problems:
            raise SentBack(Feedback(problems=sent.problems))
        if not (is_ours and is_fresh):
            raise SentBack(Feedback(OPEN_LONG))
        sender = Sender.of(network, sent.mail_to)
        standing = None
        if own is None:
            standing = refuse_too_many(about.id, sender, sent.name, sent.body, sent.parent)
        words = Words.prepare(sent.name, sent.body)
        if not words.say_something:
            raise SentBack(Feedback(problems={"body": "Please write your comment in words."}))
        proof = Proof.read(sent.proof, about.id) if sent.proof else None
        flags = look_at(words, about, sender, bool(sent.website), own, sent.seconds, proof is not None, standing)
        question = Question.about(words, flags)
        if question and sent.personal != "keep":
            raise SentBack(Feedback(PERSONAL, question))
        return cls(words, sender, flags, proof)


def _today() -> int:
    return now().date().toordinal()
