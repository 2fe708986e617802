"""At the desk: every component in every state, from the real templates with made-up data. Nothing here is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from werkzeug.datastructures import MultiDict

from blog.accounts.models import RoleName
from blog.accounts.security import require
from blog.addresses import absolute
from blog.anatomy.models import Entry, EntryKind, RedFlagLevel
from blog.anatomy.pictures import pain_close_up_of
from blog.comments.models import State
from blog.comments.threads import Line, Shown
from blog.comments.urgency import Urgency
from blog.database import db
from blog.desk.pages import PageForm
from blog.headers import MAIL_POLICY
from blog.mail.kinds import NoticeKind
from blog.mail.letters import Item, Letter, compose
from blog.mail.links import CONFIRM_DAYS, DECIDE_DAYS
from blog.mail.models import Notice
from blog.mail.quoting import quoted
from blog.moderation.cards import Card, Found, Last, Listed, Said, is_late
from blog.moderation.verdicts import Verdict
from blog.pages.models import Course, Site, Testimonial
from blog.posts.document import Figure, Stretch, Video
from blog.posts.leads import NO_LEAD, Lead
from blog.public.comment_form import CommentForm, Sent
from blog.public.sharing import share_links
from blog.text.articles import Heading
from blog.text.plain import plain
from blog.triage import FlagKind, Span
from blog.words import age

bp = Blueprint("styles", __name__, url_prefix="/desk/styles")
bp.before_request(require(*RoleName))

DAY = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TEXT = f"""
<p>Text with <strong>weight</strong>, <em>stress</em>, <code>code</code> and <a href="#contents-title">a link</a>.
{LONG_WORD} never makes the page wider.</p>
<h3>A smaller heading</h3>
<ul><li>First point</li><li>Second point</li></ul>
<ol><li>First step</li><li>Second step</li></ol>
<blockquote><p>Words of somebody else.</p></blockquote>
<pre><code>a line of code that is much longer than a phone is wide, and so it goes on in the next line</code></pre>
<aside class="callout"><p class="callout__title">Good to know</p><p>A call-out stands beside the text.</p></aside>
<aside class="callout callout--care"><p class="callout__title">Take care</p><p>One that asks for care.</p></aside>
"""
ARABIC = "<p>هل يساعد التمدد بعد الجلوس الطويل؟ شكرا على المقال.</p>"


HOSTILE_NAME = "Mallory\r\nBcc: all@example.org <script>alert(1)</script> \u202egnp.exe"
HOSTILE_TEXT = f"""It helped me. Write to me at mallory@example.org or visit https://example.org/offer
.
<b>QUIT</b> =?utf-8?q?hello?= {{{{ 7 * 7 }}}} {LONG_WORD * 2}"""


@bp.get("")
def show() -> str:
    return render_template("desk/styles.html", letters=_letters(), **_made_up())


@bp.get("/mails/<kind>")
def mail(kind: str) -> tuple[str, dict[str, str]]:
    """The HTML of a mail alone, as a mail program gets it."""
    letter = _letters().get(kind) or abort(404)
    return letter.html, {"Content-Security-Policy": MAIL_POLICY}


def _made_up() -> dict[str, Any]:
    post = _post("A title of usual length, in two lines on a phone")
    muscle = db.session.scalars(Entry.of_kind(EntryKind.MUSCLE).limit(1)).first()
    return {
        "text": TEXT,
        "post": post,
        "minutes": 4,
        "leads": [Lead(drawn=pain_close_up_of(muscle)) if muscle else NO_LEAD, NO_LEAD, NO_LEAD],
        "cards": [post, _post("Short title"), _post("Trigger points of the " + LONG_WORD.lower())],
        "article": Thing(key_facts=["One thing to keep in mind", "Another one"], stretches=[True], references=[True]),
        "rendered": Thing(headings=[Heading(2, "text", "What the muscle does")], self_help_headings=[]),
        "red_flags": [
            RedFlagLevel("emergency", "Call your emergency number if:", ("you cannot move a leg", "you cannot pee")),
            RedFlagLevel("urgent", "Get medical advice today if:", ("you have a high temperature",)),
            RedFlagLevel("routine", "See a doctor if:", ("it has not got better after six weeks",)),
        ],
        "cautions": ["Do not press on a fresh injury."],
        "stretch": Stretch(
            name="Side-lying leg drop",
            steps=("Lie on one side.", "Let the leg sink, slowly.", "Breathe."),
            dose="20 to 30 seconds, twice a day.",
            stop_if="Stop if it hurts or tingles.",
            easier_version="Put a cushion under the knee.",
            not_for=("you have a new hip",),
            primary=("psoas",),
        ),
        "muscle_names": {"psoas": "Psoas"},
        "media": {},
        "muscles": [muscle] if muscle else [],
        "figures": [
            Figure("drawn", "pain-map", "Where pain is reported", "Body outline", "The outer hip, densely hatched."),
            Figure("words", "stretch", "A figure without a picture", "None", "It says in words what it would show."),
        ],
        "video": Video("youtube", "dQw4w9WgXcQ", "Finding the muscle", "Shown by a therapist.", "3:20", "First, …"),
        "tags": [Thing(slug="hip", name="hip"), Thing(slug="sitting", name="sitting for long")],
        "address": absolute(url_for("posts.home")),
        "shares": share_links(url_for("posts.home"), post.title),
        "threads": Thing(count=5, page=2, pages=3, lines=_lines()),
        "empty": Thing(count=0, page=1, pages=1, lines=[]),
        "posts": Thing(
            page=2, pages=3, of_pages="3", is_whole=True, has_prev=True, has_next=True, prev_num=1, next_num=3
        ),
        "site": Site(
            testimonials=(
                Testimonial("The clearest course I took.", "A student", "2026-01-05"),
                Testimonial("Calm, and exact.", "Another student", "2026-01-05"),
            ),
            courses=(Course("Palpation, two days", "/", "€ 240"), Course("Referred pain", "/", "€ 190", True)),
        ),
        "form": CommentForm(),
        "wrong": _wrong_form(),
        "page_form": _wrong_page(),
        "alarm": Thing(crisis=True, body=True),
        "question": Thing(
            found=[("This looks like a telephone number:", ["020 7946 0000"])],
            name=[Thing(words="Ana", marked=False)],
            body=[Thing(words="Call me on ", marked=False), Thing(words="020 7946 0000", marked=True)],
        ),
        "queue": _queue(post),
        "decided": Thing(id=7, verdict="approve", size=2, account=None),
    }


def _letters() -> dict[str, Letter]:
    """A mail of each kind that has templates. Their links lead nowhere."""
    where = absolute("/mail/example")
    title = "A title of usual length, in two lines on a phone"
    actions = [(verdict, where) for verdict in (Verdict.APPROVE, Verdict.REJECT, Verdict.HOLD, Verdict.SPAM)]
    urgent = Item(
        "Ben",
        "My leg is numb between the legs since today.",
        title,
        where,
        [("emergency", "It may be urgent.")],
        actions,
    )
    waiting = Item("ليلى", quoted(plain(ARABIC)), title, where, (), actions)
    hostile = Item(
        quoted(HOSTILE_NAME),
        quoted(HOSTILE_TEXT),
        f"The {LONG_WORD}",
        where,
        [("personal data", "This looks like an e-mail address.")],
        actions,
    )
    shown = Item("Ana", "Does it help after sitting for long?", title, where)
    own = {"status_url": where, "leave_url": where}
    values: dict[NoticeKind, dict[str, Any]] = {
        NoticeKind.EMERGENCY: {"item": urgent, "days": DECIDE_DAYS},
        NoticeKind.FLOOD: {"flood": Thing(comments=45, most=30), "minutes": 10},
        NoticeKind.ARRIVED: {"items": [waiting, hostile], "more": 3, "days": DECIDE_DAYS, "leave_url": where},
        NoticeKind.ON_YOUR_POSTS: {"items": [shown, hostile], "more": 0, "leave_url": where},
        NoticeKind.CONFIRM: {"titles": [title], "confirm_url": where, "days": CONFIRM_DAYS},
        NoticeKind.PUBLISHED: {"item": shown, **own},
        NoticeKind.DECLINED: {
            "title": title,
            "reason": Site.current().reasons[0].text,
            "policy_url": where,
            **own,
        },
        NoticeKind.ANSWERED: {"item": hostile, "is_team": False, **own},
        NoticeKind.FOLLOWED: {"items": [shown], "more": 0, **own},
        NoticeKind.SUBSCRIBING: {"subjects": [title], "confirm_url": where, "days": CONFIRM_DAYS},
        NoticeKind.NEW_ARTICLE: {"items": [shown], "more": 3, "subject_of": "new articles", "leave_url": where},
        NoticeKind.CORRECTED: {"items": [shown], "more": 0, "leave_url": where},
    }
    return {kind: compose(Notice(id=0, kind=kind), "somebody@example.org", said) for kind, said in values.items()}


def _post(title: str) -> Thing:
    standfirst = "The largest buttock muscle helps to steady the pelvis; sore points in it are often reported."
    return Thing(
        slug="a-title",
        title=title,
        authors=[Thing(slug="team", name="Ana Example"), Thing(slug="b", name="Ben")],
        revision=Thing(title=title, standfirst=standfirst, reading_minutes=4),
        published_at=DAY,
        is_updated=True,
        updated_at=DAY + timedelta(days=40),
        accepts_comments=True,
        is_published=True,
    )


def _comment(number: int, name: str, html: str, post: Thing, state: State) -> Listed:
    return Listed(
        id=number,
        newest_revision_id=number,
        public_revision_id=number,
        state=state,
        urgency=Urgency.NORMAL,
        is_team=False,
        is_sample=False,
        created_at=DAY,
        parent_id=None,
        sender_hash=None,
        post_id=1,
        post_slug=post.slug,
        post_title=post.title,
        name=name,
        body=plain(html),
        html=html,
        written_at=DAY,
        erased_at=None,
    )


def _lines() -> list[Line]:
    """A thread with everything in it: an answer of the team, an empty place, a long word, another direction."""
    question = "<p>Does it help after <em>sitting</em> for long?</p>"
    answer = "<p>It often does. Stop if it hurts.</p>"
    return [
        Line(1, 0, Shown(1, None, 1, DAY, False, False, "Ana", question)),
        Line(2, 1, Shown(2, 1, 1, DAY, True, False, "Sample team", answer)),
        Line(3, 0, None),
        Line(4, 1, Shown(4, 3, 3, DAY, False, True, LONG_WORD, f"<p>{LONG_WORD * 2}</p>")),
        Line(5, 0, Shown(5, None, 5, DAY, False, False, "ليلى", ARABIC)),
    ]


def _queue(post: Thing) -> list[Card]:
    words = Span(10, 31, "numb between the legs")
    urgent = "<p>My leg is numb between the legs since today.</p>"
    return [
        Card(
            _comment(11, "Ben", urgent, post, State.PENDING),
            age(DAY),
            is_late(DAY),
            (Found(FlagKind.EMERGENCY, "numbness", "It may be urgent.", False, (words,)),),
        ),
        Card(
            _comment(12, "Cem", "<p>Thank you, that is clear.</p>", post, State.REJECTED),
            age(DAY),
            False,
            parent=Said(1, "Ana", "<p>Does it help after sitting?</p>"),
            last=Last(3, Verdict.REJECT, "the sample site", age(DAY)),
        ),
        Card(_comment(13, "Dee", "<p>It helped me.</p>", post, State.APPROVED), age(DAY), False),
    ]


def _wrong_form() -> CommentForm:
    typed = {"email": "no address", "body": "Words that are kept"}
    form = CommentForm(MultiDict({f"wrong-{name}": text for name, text in typed.items()}), prefix="wrong-")
    return form.refused(Sent.of(typed, Site.current().comment_email).problems)


def _wrong_page() -> PageForm:
    form = PageForm(MultiDict({"page-body": "Text"}), prefix="page-", meta={"csrf": False})
    form.validate()
    return form
