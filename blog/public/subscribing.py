"""Asking for mails: new articles, all or about something, and corrections of one article."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form, HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import ValidationError

from blog.addresses import came_from_here
from blog.anatomy.models import Entry, EntryKind
from blog.comments.sending import ShownTexts
from blog.comments.words import Sender
from blog.database import begin_write, db
from blog.extensions import csrf
from blog.jobs import jobs
from blog.mail.subscribing import TooManySubscriptions, subscribe
from blog.mail.subscriptions import ALL_ARTICLES, HowOften, Topic
from blog.network import subscriber
from blog.pagecache import keys
from blog.pagecache.notes import public_page, shows
from blog.posts import listing
from blog.posts.models import Post
from blog.public.address_field import AddressField
from blog.public.comment_form import FormToken

TOPICS = ("muscle", "pain_area", "condition", "post")  # beside all articles; each with a slug
NO_POST = 0  # in the token of a form that belongs to no article

bp = Blueprint("subscribing", __name__, url_prefix="/subscribe")


class SubscribeForm(Form):
    """What to hear of, how often, and where. `website` is the trap of the comment form, too."""

    topic = RadioField("What would you like to hear about?")
    how_often = RadioField(
        "How often?",
        choices=[
            SelectChoice(HowOften.INSTANT, "As soon as an article comes out"),
            SelectChoice(HowOften.WEEKLY, "Once a week, on Monday"),
            SelectChoice(HowOften.MONTHLY, "Once a month, on the first"),
        ],
        default=HowOften.WEEKLY,
    )
    email: Any = AddressField("Your email address")
    token = HiddenField()
    website = StringField("Leave this field empty")

    def validate_email(self, field: Any) -> None:
        if field.is_empty or not field.address:
            raise ValidationError("Please enter an email address, such as name@example.org.")


@bp.get("")
@public_page(*TOPICS)
def form() -> str:
    """The form, with what its link asked for chosen."""
    given = [(name, request.args[name]) for name in TOPICS if name in request.args]
    choices = _choices(":".join(given[0]) if given else "")
    shown = SubscribeForm(data={"topic": choices[0].value, "how_often": HowOften.WEEKLY})
    return _page(shown, choices)


@bp.post("")
@csrf.exempt
def ask() -> Response | tuple[str, int]:
    sent = SubscribeForm(request.form)
    choices = _choices(sent.topic.data or "")
    sent.topic.choices = choices
    is_right = sent.validate()
    is_ours = came_from_here(request) and FormToken.read(sent.token.data or "", NO_POST) is not None
    if not is_ours:
        sent.form_errors.append("This form was open for a long time and has expired. Please send it again.")
    if not is_right or not is_ours:
        return _page(sent, choices), 422
    if not sent.website.data:  # who fills in what people do not see is told the same, and nothing happens
        sender = Sender.of(subscriber(request.remote_addr), "")
        begin_write(lock=f"sender {sender.hash}")
        try:
            subscribe(sent.email.address, _topic(sent.topic.data), HowOften(sent.how_often.data), sender.hash)
        except TooManySubscriptions as refused:
            db.session.rollback()
            sent.form_errors.append(str(refused))
            return _page(sent, choices), 429
        db.session.commit()
        jobs.wake("send_mail")
    return redirect(url_for("subscribing.sent"), 303)


@bp.get("/sent")
@public_page()
def sent() -> str:
    """The same whether the address was known or not: nobody learns who reads here."""
    return render_template("public/subscribe_sent.html")


def _page(shown: SubscribeForm, choices: list[SelectChoice]) -> str:
    shown.topic.choices = choices
    shown.token.data = str(FormToken.today(NO_POST, ShownTexts()))
    return render_template("public/subscribe.html", form=shown)


def _choices(wanted: str) -> list[SelectChoice]:
    """What can be chosen: what the link or the form named, and all articles. 404 for what is not public."""
    found = _named(wanted)
    everything = SelectChoice(ALL_ARTICLES.name, "All new articles")
    if isinstance(found, Post):
        return [SelectChoice(wanted, f"Corrections to “{found.title}”"), everything]
    return [SelectChoice(wanted, f"New articles about {found.name.lower()}"), everything] if found else [everything]


def _topic(wanted: str) -> Topic:
    found = _named(wanted)
    if isinstance(found, Post):
        return Topic.corrections(found)
    return Topic.about(found) if found else ALL_ARTICLES


def _named(wanted: str) -> Post | Entry | None:
    """The article or entry that is meant; None for all articles. Says that it is shown."""
    what, _, slug = wanted.partition(":")
    if what not in TOPICS:
        return None
    if what == "post":
        listing.show_schedule()
        post: Post = db.first_or_404(Post.under_slug(slug))
        shows(keys.post(post.id))
        return post
    shows(keys.ENTRIES)
    entry: Entry = db.first_or_404(Entry.shown(EntryKind(what), slug))
    return entry
