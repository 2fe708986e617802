"""The reader's form: its token, where it came from, and what its fields take."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from blog.addresses import came_from_here
from blog.comments.sending import ShownTexts
from blog.keys import keyed_hash
from blog.pages.models import EmailField
from blog.public.comment_form import TOKEN_DAYS, CommentForm, FormToken, Sent

pytestmark = pytest.mark.usefixtures("context")

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class TestToken:
    def test_is_read_for_its_post(self):
        token = FormToken.today(7, ShownTexts(3, None))

        assert token == FormToken.read(str(token), 7)

    def test_of_another_post_is_refused(self):
        assert None is FormToken.read(str(FormToken.today(7, ShownTexts(3, 4))), 8)

    def test_is_the_same_for_everybody_all_day(self, clock):
        """Stateless: the same page twice on one day holds the same token."""
        clock.freeze(NOON)
        first = str(FormToken.today(7, ShownTexts(3, 4)))
        clock.advance(hours=11)

        assert first == str(FormToken.today(7, ShownTexts(3, 4)))

    @pytest.mark.parametrize("days", [0, 1, TOKEN_DAYS])
    def test_is_valid_for_thirty_days(self, clock, days):
        """A page may lie open, or in a cache, for thirty days."""
        clock.freeze(NOON)
        token = FormToken.today(7, ShownTexts(3, 4))
        clock.advance(days=days)

        assert token == FormToken.read(str(token), 7)

    @pytest.mark.parametrize("days", [TOKEN_DAYS + 1, 400, -1])
    def test_is_refused_when_too_old_or_from_the_future(self, clock, days):
        """On the thirty-first day it is over; one from tomorrow was never given out."""
        clock.freeze(NOON)
        text = str(FormToken.today(7, ShownTexts(3, 4)))
        clock.advance(days=days)

        assert None is FormToken.read(text, 7)

    @pytest.mark.parametrize("part", range(4))
    def test_is_refused_when_any_part_was_changed(self, part):
        parts = str(FormToken.today(7, ShownTexts(3, 4))).split(".")
        parts[part] = parts[part][:-1] + ("0" if parts[part][-1] != "0" else "1")

        assert None is FormToken.read(".".join(parts), 7)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "x",
            "1.2.3",
            "1.2.3.4.5",
            "a.b.c.d",
            "-1.2.3.x",
            "١.٢.٣.x",
            "0.0.99999999999.x",
            "9" * 40 + ".0.0.x",
            "1.2.3.\udcff",
        ],
    )
    def test_is_refused_when_it_is_none(self, text):
        assert None is FormToken.read(text, 7)

    def test_is_signed_with_a_key_of_its_own(self):
        """A hash made for another purpose does not open the form."""
        token = FormToken.today(7, ShownTexts(3, 4))

        assert None is FormToken.read(f"3.4.{token.day}.{keyed_hash('sender', 7, 3, 4, token.day)}", 7)


class TestCameFromHere:
    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            ({"Sec-Fetch-Site": "same-origin"}, True),
            ({"Sec-Fetch-Site": "none"}, True),
            ({"Sec-Fetch-Site": "same-site"}, False),
            ({"Sec-Fetch-Site": "cross-site"}, False),
            ({"Sec-Fetch-Site": ""}, False),
            ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, True),
            ({"Origin": "http://localhost"}, True),
            ({"Origin": "https://blog.example"}, True),
            ({"Origin": "https://evil.example"}, False),
            ({"Origin": "https://localhost.evil.example"}, False),
            ({"Origin": "https://evil.example/localhost"}, False),
            ({"Origin": "http://localhost:8080"}, False),
            ({"Origin": "null"}, False),
            ({"Origin": ""}, False),
            ({"Origin": "http://["}, False),
            ({}, True),
        ],
    )
    def test_believes_the_browser(self, app, headers, expected):
        """
        Sec-Fetch-Site if sent, otherwise the host of Origin, this one or the one in the settings; both absent pass.
        """
        app.config["BLOG_SITE_URL"] = "https://blog.example"
        request = Request(EnvironBuilder(method="POST", headers=headers).get_environ())

        assert expected is came_from_here(request)


def sent(email_wanted=EmailField.OPTIONAL, **fields):
    """A form as sent, with one field that matters."""
    values = {"name": "Ada", "email": "", "body": "A question.", "website": "", **fields}
    return Sent.of(MultiDict(values), email_wanted)


def errors(email_wanted=EmailField.OPTIONAL, **fields):
    return sorted(sent(email_wanted, **fields).problems)


class TestName:
    @pytest.mark.parametrize("name", ["A", "x" * 60, "李", " Ada  Bell ", "ليلى"])
    def test_has_one_to_sixty_characters(self, name):
        """Any name that fits is taken."""
        assert [] == errors(name=name)

    @pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e", "x" * 61])
    def test_is_not_empty_and_not_longer(self, name):
        """Nothing, only what cannot be seen, or sixty-one characters are refused."""
        assert ["name"] == errors(name=name)

    def test_counts_what_is_kept(self):
        """Spaces around a name and what cannot be seen do not count."""
        assert [] == errors(name="  " + "x" * 60 + "\u200b ")


class TestBody:
    @pytest.mark.parametrize("body", ["ok", "x" * 5000, "\n\n" + "x" * 5000 + "\n\n"])
    def test_has_two_to_five_thousand_characters(self, body):
        """Any text that fits is taken; blank lines around it do not count."""
        assert [] == errors(body=body)

    @pytest.mark.parametrize("body", ["", "x", "  \n ", "x" * 5001])
    def test_is_not_shorter_or_longer(self, body):
        """One character is no comment, and one too many is said."""
        assert ["body"] == errors(body=body)

    def test_says_how_much_too_long_it_is(self):
        problem = sent(body="x" * 5001).problems["body"]

        assert "Please shorten your comment to 5,000 characters; it has 5,001." == problem

    def test_counts_line_breaks_once(self):
        """Browsers send two characters for a line break; it is one."""
        assert [] == errors(body="\r\n".join(["x"] * 2500))


class TestEmail:
    @pytest.mark.parametrize("wanted", list(EmailField))
    def test_is_needed_only_where_it_is_required(self, wanted):
        """Left empty, it matters only where the site requires it."""
        assert (["email"] if wanted == EmailField.REQUIRED else []) == errors(wanted, email="")

    @pytest.mark.parametrize("wanted", list(EmailField))
    @pytest.mark.parametrize("email", ["name@example.org", "a.b+c@sub.example.co.uk", " name@example.org "])
    def test_is_taken_when_it_looks_like_one(self, wanted, email):
        assert [] == errors(wanted, email=email)

    @pytest.mark.parametrize("email", ["name", "name@", "@example.org", "a b@example.org", "x" * 250 + "@example.org"])
    @pytest.mark.parametrize("wanted", [EmailField.OPTIONAL, EmailField.REQUIRED])
    def test_is_refused_when_it_does_not(self, wanted, email):
        assert ["email"] == errors(wanted, email=email)

    def test_is_not_looked_at_where_it_is_not_asked(self):
        """A machine may fill in what people cannot see."""
        assert [] == errors(EmailField.HIDDEN, email="nonsense")


def test_the_trap_refuses_nobody():
    """A filled trap field only adds suspicion: browsers fill in fields, too."""
    assert [] == errors(website="https://example.org")


class TestMail:
    def test_is_asked_for_with_an_address_and_a_tick(self):
        ticked = sent(email=" Name@example.org", notify="y")

        assert ("Name@example.org", True, {}) == (ticked.mail_to, ticked.wants_mail, ticked.problems)

    @pytest.mark.parametrize(("email", "notify"), [("name@example.org", ""), ("name@example.org", "false")])
    def test_is_not_asked_for_without_the_tick(self, email, notify):
        assert not sent(email=email, notify=notify).wants_mail

    def test_needs_an_address(self):
        assert ["email"] == errors(notify="y")


@pytest.mark.parametrize(
    ("parent_id", "expected"), [("", []), ("123456789", []), ("-1", ["parent_id"]), ("x", ["parent_id"])]
)
def test_an_answer_names_a_number(parent_id, expected):
    assert expected == errors(parent_id=parent_id)


def test_problems_stand_beside_their_fields():
    """The form that is shown again says with each field what was wrong, in its own order."""
    typed = MultiDict({"email": "nonsense"})
    form = CommentForm(typed).refused(Sent.of(typed, EmailField.OPTIONAL).problems)

    assert ["name", "email", "body"] == list(form.errors)
