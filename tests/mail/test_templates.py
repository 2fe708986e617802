"""The words of every mail: each kind, as text and as HTML, whatever readers typed into it."""

from __future__ import annotations

import re
import unicodedata
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest

from blog.accounts.models import RoleName
from blog.comments.floods import Flood
from blog.mail.delivery import Mail
from blog.mail.kinds import NoticeKind
from blog.mail.letters import SUBJECT_MAX_CHARS, Item, compose
from blog.mail.models import Notice
from blog.mail.quoting import quoted

KINDS = [kind for kind in NoticeKind if kind != NoticeKind.SECURITY]
TO_SUBSCRIBERS = (NoticeKind.SUBSCRIBING, NoticeKind.NEW_ARTICLE, NoticeKind.CORRECTED)  # hold nothing of readers
WITHOUT_ITEMS = (NoticeKind.FLOOD, NoticeKind.CONFIRM, NoticeKind.DECLINED, *TO_SUBSCRIBERS)
WITH_ITEMS = [kind for kind in KINDS if kind not in WITHOUT_ITEMS]
GATHERED = (NoticeKind.ARRIVED, NoticeKind.ON_YOUR_POSTS, NoticeKind.FOLLOWED)
# The mails that nobody can leave.
UNASKED = (NoticeKind.EMERGENCY, NoticeKind.FLOOD, NoticeKind.CONFIRM, NoticeKind.SUBSCRIBING)
LEAVE = "http://localhost/mail/leave-token"
LINK = "http://localhost/mail/a-token"
TAGS = {"h2", "html", "head", "meta", "title", "style", "body", "p", "strong", "a", "blockquote", "ul", "li", "hr"}
HOSTILE = [
    "Ana\r\nBcc: victim@example.org",
    "Ana\nBcc: victim@example.org",
    "Ana\rTo: victim@example.org",
    "Ana\r\n Bcc: folded@example.org",
    "Ana\u2028Bcc: victim@example.org",
    "Ana\u2029Bcc: victim@example.org",
    "Ana\x85Bcc: victim@example.org",
    "Ana\x0b\x0c\x1c\x1d\x1eBcc: victim@example.org",
    "=?utf-8?q?=0D=0ABcc=3A_victim=40example.org?=",
    "=?utf-8?b?DQpCY2M6IHZpY3RpbUBleGFtcGxlLm9yZw==?=",
    "%0d%0aBcc: victim@example.org",
    "Ana, victim@example.org; <victim@example.org>",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> ' &lt;b&gt;",
    "\u202eAna\u2066\u200f\ufeff\u00ad",
    "{{ 7*7 }} {% raw %} {#",
    "a\r\n.\r\nQUIT\r\n",
    "> quoted\n>> twice\n-- \nsignature",
    "\x00\x1b[31mred\x7f",
    "x" * 5000,
    "Ü̈" * 2500,
    "",
]


@pytest.fixture
def letter(app):
    """`letter(kind, name=…)`: the mail of a kind, about one comment. `items`: how many comments."""

    def write(kind, name="Ana", text="Does it help?", title="Psoas", items=1, **more):
        item = Item(
            quoted(name), quoted(text), title, LINK, [("emergency", "It may be urgent. " * 9)], [("approve", LINK)]
        )
        values = {
            "item": item,
            "items": [item] * items,
            "more": 0,
            "titles": [title],
            "subjects": [title],
            "subject_of": f"new articles about {title}",
            "confirm_url": LINK,
            "days": 30,
            "title": title,
            "reason": "It was not about this article.",
            "status_url": LINK,
            "policy_url": LINK,
            "is_team": False,
            "flood": Flood(comments=45, most=30),
            "minutes": 10,
            "leave_url": "" if kind in UNASKED else LEAVE,
            **more,
        }
        with app.test_request_context():
            return compose(Notice(id=7, kind=kind), "to@example.org", values)

    return write


class Tags(HTMLParser):
    """The tags and addresses in HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.addresses, self.others = set(), set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            (self.addresses if name in ("href", "src") else self.others).add(value if name == "href" else name)


def typed_by_themselves(text):
    """The lines of a mail that are the site's own."""
    return [line for line in text.splitlines() if not line.startswith("> ")]


class TestEveryKind:
    @pytest.mark.parametrize("kind", KINDS)
    def test_has_text_and_html(self, app, kind):
        """A new kind of mail must bring its words, in both forms."""
        names = [f"mail/{kind}.txt", f"mail/{kind}.html"]

        assert names == [app.jinja_env.get_template(name).name for name in names]

    @pytest.mark.parametrize("kind", KINDS)
    def test_has_a_subject_of_one_line(self, letter, kind):
        """Whatever stands in names, texts and titles: one line, nothing hidden in it, not too long."""
        bad = []
        for typed in HOSTILE:
            subject = letter(kind, name=typed, text=typed, title=typed).subject
            hidden = [one for one in subject if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")]
            if hidden or not 0 < len(subject) <= SUBJECT_MAX_CHARS:
                bad.append((typed[:40], subject))

        assert [] == bad

    @pytest.mark.parametrize("kind", KINDS)
    def test_has_the_headers_that_we_wrote_and_one_recipient(self, app, letter, kind):
        """Read back as a mail server reads it, no header and no recipient was added."""
        found = set()
        for typed in HOSTILE:
            made = letter(kind, name=typed, text=typed, title=typed)
            with app.test_request_context():
                read = message_from_bytes(Mail(made).as_bytes(), policy=default)
            found.add((tuple(sorted(set(read.keys()))), read["To"], "victim" in read["From"]))

        assert 1 == len(found)
        assert ("to@example.org", False) == next(iter(found))[1:]

    @pytest.mark.parametrize("kind", KINDS)
    def test_has_no_tag_but_its_own(self, letter, kind):
        """Names, texts and titles are text in HTML, and every address is one of ours."""
        bad = []
        for typed in HOSTILE:
            html = letter(kind, name=typed, text=typed, title=typed).html
            assert 1 == html.count("<style>")
            read = Tags(html)
            strange = [one for one in read.addresses if not one.startswith("http://localhost/")]
            if read.tags - TAGS or strange or read.others - {"lang", "charset", "name", "content", "dir"}:
                bad.append((typed[:40], read.tags - TAGS, strange, read.others))

        assert [] == bad

    @pytest.mark.parametrize("kind", WITH_ITEMS)
    def test_says_the_same_around_every_excerpt(self, letter, kind):
        """What somebody typed stands in lines that begin with "> ", and changes no other line."""
        harmless = typed_by_themselves(letter(kind).text)
        quoted_at_all = {line for typed in HOSTILE for line in letter(kind, text=f"{typed} words").text.splitlines()}

        assert [] == [
            typed[:40] for typed in HOSTILE if harmless != typed_by_themselves(letter(kind, text=f"{typed} words").text)
        ]
        assert "> {{ 7*7 }} {% raw %} {# words" in quoted_at_all

    @pytest.mark.parametrize("kind", KINDS)
    def test_never_holds_an_address_for_mail(self, letter, kind):
        """Neither a commenter's, wherever they typed it, nor the recipient's own."""
        typed = "Write to ana.b+c@mail.example.org or https://evil.example/x or www.evil.example, please"
        made = letter(kind, name=typed, text=typed)

        assert "@" not in made.subject + made.text + made.html
        assert "evil" not in made.subject + made.text + made.html

    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in UNASKED])
    def test_can_be_left(self, letter, kind):
        """The link that stops it stands in both forms; in the text on a line of its own."""
        made = letter(kind)

        assert LEAVE in made.text.splitlines()
        assert f'href="{LEAVE}"' in made.html

    @pytest.mark.parametrize("kind", UNASKED)
    def test_does_not_offer_what_there_is_not(self, letter, kind):
        """Emergencies and the question to confirm cannot be left, so nothing says so."""
        made = letter(kind)

        assert "No more" not in made.text + made.html

    @pytest.mark.parametrize("kind", KINDS)
    def test_fits_a_narrow_window(self, letter, kind):
        """
        Our own words are at most 78 characters wide, addresses stand alone, and no two blank lines follow each other.
        """
        text = letter(kind, title="Trigger points of the deep hip muscles " * 3, items=2).text

        assert [] == [line for line in text.splitlines() if len(line) > 78 or (" " in line and "://" in line)]
        assert "\n\n\n" not in text


class TestWords:
    @pytest.mark.parametrize(("items", "more", "says"), [(1, 0, "A"), (2, 0, "2"), (30, 1, "31"), (30, 1200, "1,230")])
    @pytest.mark.parametrize("kind", GATHERED)
    def test_count_what_is_told_together(self, letter, kind, items, more, says):
        """A digest says in its subject how many it tells of, also of those that it does not show."""
        made = letter(kind, items=items, more=more)

        assert says == made.subject.split()[0]
        assert items == made.html.count("Does it help?")

    @pytest.mark.parametrize("reason", ["It was off topic.", ""])
    def test_of_a_declined_comment_tell_why_if_somebody_said(self, letter, reason):
        """With a reason its text, without one nothing in its place; always the way to the policy."""
        made = letter(NoticeKind.DECLINED, reason=reason, policy_url="http://localhost/comment-policy")

        assert bool(reason) == ("It was off topic." in made.text) == ("It was off topic." in made.html)
        assert "http://localhost/comment-policy" in made.text.splitlines()

    def test_of_an_emergency_say_first_what_to_do(self, letter):
        """Look, and that the finding may be wrong, before anything that somebody typed."""
        text = letter(NoticeKind.EMERGENCY).text

        assert text.index("read it first") < text.index("may be wrong") < text.index("> Does it help?")

    def test_of_the_question_hold_nothing_that_somebody_typed(self, letter):
        """Anybody can cause this mail, so it must not carry their words."""
        made = letter(NoticeKind.CONFIRM, name="Buy now", text="Buy now")

        assert "Buy now" not in made.subject + made.text + made.html

    @pytest.mark.parametrize(("is_team", "who"), [(True, "The team has"), (False, "Somebody has")])
    def test_of_an_answer_name_nobody_in_the_subject(self, letter, is_team, who):
        """A name is somebody's own invention; the subject only tells the team from others."""
        assert letter(NoticeKind.ANSWERED, name="Your bank", is_team=is_team).subject.startswith(who)


class TestPreviews:
    def test_show_each_kind(self, staff):
        """The page of styles has a mail of every kind, and its HTML alone behind a link."""
        somebody = staff(RoleName.AUTHOR)
        page = somebody.get("/desk/styles").text

        assert not re.search(r"(after|for)\s+days", page)
        assert [] == [kind for kind in KINDS if f'href="/desk/styles/mails/{kind}"' not in page]
        assert {200} == {somebody.get(f"/desk/styles/mails/{kind}").status_code for kind in KINDS}

    def test_of_unknown_kinds_are_not_there(self, staff):
        """Mails of an account bring their own words, and have no preview."""
        assert 404 == staff(RoleName.AUTHOR).get("/desk/styles/mails/security").status_code
