"""Triage on submit: what is found is kept, what is personal is asked about, what is urgent is told at once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from blog.comments.models import Comment, CommentBand, CommentFlag, CommentRevision, State
from blog.comments.urgency import Urgency
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from tests.make import ANY_DAY
from tests.readers import Reader, typed

PHONE = "Please call me on 07700 900123, my neck hurts."
EMERGENCY = "Since this morning I cannot control my bladder and my saddle area is numb."
CRISIS = "I want to kill myself because of this pain."
POSSIBLE = "Dad looks waxen since lunch, he is dripping and grips his sternum. Is it a knot?"
SPAM = "Buy cheap viagra now http://pills.example http://pills2.example"
NUMBERS = 'href="tel:112"'


@pytest.fixture
def reader(app):
    return Reader(app)


def the_comment(app):
    """The only comment: how urgent it is, its state, and whether it is public."""
    with app.app_context():
        comment = db.session.scalars(select(Comment)).one()
        return Urgency(comment.urgency), comment.state, comment.public_revision_id


def flags(app):
    """What triage found, as (kind, rule, words)."""
    with app.app_context():
        found = db.session.scalars(select(CommentFlag).order_by(CommentFlag.id))
        return [(flag.kind, flag.rule, [span.words for span in flag.spans]) for flag in found]


def count(app):
    with app.app_context():
        return len(db.session.scalars(select(Comment.id)).all())


class TestFlags:
    def test_are_kept_with_the_revision(self, app, make, reader):
        """Kind, rule, the words where they stand in the text as typed, and why."""
        make.post("one")
        reader.write("one", body=SPAM)
        with app.app_context():
            flag = db.session.scalars(select(CommentFlag).where(CommentFlag.rule == "pharmacy")).one()
            text = db.session.scalars(select(CommentRevision.body)).one()

            assert ("spam", "cheap viagra", True) == (flag.kind, flag.spans[0].words, bool(flag.why))
            assert all(text[span.start : span.end] == span.words for span in flag.spans)

    def test_are_none_for_a_plain_question(self, app, make, reader):
        """Most comments are of no concern."""
        make.post("one")
        reader.write("one", body="How long should I hold this stretch?")

        assert ([], Urgency.NORMAL) == (flags(app), the_comment(app)[0])

    @pytest.mark.parametrize(
        ("body", "urgency"),
        [
            (EMERGENCY, Urgency.EMERGENCY),
            (CRISIS, Urgency.EMERGENCY),
            (POSSIBLE, Urgency.POSSIBLE_EMERGENCY),
            (f"{POSSIBLE} {SPAM}", Urgency.POSSIBLE_EMERGENCY),
            (f"{EMERGENCY} {SPAM}", Urgency.EMERGENCY),
            (SPAM, Urgency.LIKELY_SPAM),
        ],
    )
    def test_say_how_urgent_a_comment_is(self, app, make, reader, body, urgency):
        """Emergencies first, whatever else they hold; likely spam last."""
        make.post("one")
        reader.write("one", body=body)

        assert urgency == the_comment(app)[0]

    @pytest.mark.parametrize("body", [EMERGENCY, SPAM, "You idiot, shut up.", "THANK YOU SO MUCH FOR ALL OF THIS"])
    def test_never_decide(self, app, make, reader, body):
        """Whatever triage finds, the comment waits: not published, not rejected."""
        make.post("one")
        reader.write("one", body=body)

        assert (State.PENDING, None) == the_comment(app)[1:]

    @pytest.mark.parametrize(
        ("elapsed", "counts"), [("0.4", True), ("12", False), ("", False), ("-1", False), ("nan", False), ("x", False)]
    )
    def test_know_a_form_that_was_sent_at_once(self, app, make, reader, elapsed, counts):
        """Nobody writes within three seconds; a browser that does not say how long it took says nothing."""
        make.post("one")
        reader.write("one", body="Look at http://a.example and http://b.example", elapsed=elapsed)

        assert counts is ("too_fast" in [rule for _, rule, _ in flags(app)])

    def test_never_come_from_speed_alone(self, app, make, reader):
        """A pasted question is welcome."""
        make.post("one")
        reader.write("one", body="How long should I hold this stretch?", elapsed="0.4")

        assert [] == flags(app)

    def test_know_the_teams_names(self, app, make, reader):
        """A reader who calls themselves like somebody of the team is noted."""
        make.account(name="Dr Helen Okafor")
        make.post("one")
        reader.write("one", name="Dr Helen 0kafor", body="Rest helps.")

        assert ("advice", "staff_name", ["Dr Helen 0kafor"]) in flags(app)

    def test_use_the_sites_own_lists(self, app, make, reader):
        """Words of abuse and of spam that the owner has listed, whole words only."""
        make.settings(abuse_words=["muppet"], spam_words=["miracle pillow"])
        make.post("one")
        reader.write("one", body="You muppet, the Miracle Pillow is what you need.")
        reader.write("one", body="The muppetry of miracle pillows.")

        assert [("spam", "site_list", ["Miracle Pillow"]), ("abuse", "abuse", ["muppet"])] == sorted(
            flags(app), key=lambda flag: flag[0], reverse=True
        )

    def test_count_a_link_to_this_site_for_nothing(self, app, make, reader):
        """Readers may point at other articles."""
        make.post("one")
        reader.write("one", body=" ".join(f"See http://localhost/posts/{n} too." for n in range(5)))

        assert [] == flags(app)


class TestSeenBefore:
    TEXT = "Greetings to all of you from our little team, have a look at what we can offer to everybody"

    def decide(self, app, verdict):
        with app.app_context():
            begin_write()
            for comment in db.session.scalars(select(Comment).where(Comment.state == State.PENDING)):
                Decision.make([Seen(comment.id, comment.newest_revision_id)], verdict, None)
            db.session.commit()

    def test_nearly_the_same_text_as_spam_is_noted(self, app, make):
        """A copy with a few other words, from another sender."""
        make.post("one")
        Reader(app, "192.0.2.1").write("one", body=self.TEXT)
        self.decide(app, Verdict.SPAM)
        Reader(app, "203.0.113.9").write("one", body=f"{self.TEXT} 24")

        assert "seen_as_spam" in [rule for _, rule, _ in flags(app)]

    def test_nearly_the_same_text_as_an_approved_one_is_not(self, app, make):
        """Good texts may resemble each other."""
        make.post("one")
        Reader(app, "192.0.2.1").write("one", body=self.TEXT)
        self.decide(app, Verdict.APPROVE)
        Reader(app, "203.0.113.9").write("one", body=f"{self.TEXT} 24")

        assert [] == flags(app)

    def test_a_sender_of_spam_is_remembered(self, app, make, reader):
        """With something else that is odd, an earlier spam of the same sender makes it likely."""
        make.post("one")
        reader.write("one", body="Some words about nothing")
        self.decide(app, Verdict.SPAM)
        reader.write("one", body="See http://a.example")

        assert {"links", "sender_spam"} <= {rule for _, rule, _ in flags(app)}

    def test_is_forgotten_with_the_text(self, app, make, reader):
        make.post("one")
        address = reader.write("one", body=self.TEXT)
        with app.app_context():
            before = len(db.session.scalars(select(CommentBand)).all())
        reader.client.post(f"{address}/erase")
        with app.app_context():
            bands = db.session.scalars(select(CommentBand)).all()
            signatures = db.session.scalars(select(CommentRevision.signature)).all()

        assert (True, [], [None]) == (before > 0, bands, signatures)


class TestPersonalData:
    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (PHONE, "07700 900123"),
            ("Write to ada.bell@mail.example please.", "ada.bell@mail.example"),
            ("I live at 12 Station Road, come and see my shoulder.", "12 Station Road"),
            ("I was born on 4 May 1971 and my neck hurts.", "4 May 1971"),
        ],
    )
    def test_is_asked_about_first(self, app, make, reader, body, words):
        """422: nothing is stored, the text is kept, the words are listed and marked."""
        make.post("one")
        answer = reader.send("one", name="Ada", email="a@example.org", body=body)

        assert (422, 0, {"name": "Ada", "email": "a@example.org", "body": body}) == (
            answer.status_code,
            count(app),
            typed(answer.text),
        )
        assert 2 == len(re.findall(rf"<mark>[^<]*{re.escape(words)}[^<]*</mark>", answer.text))

    def test_is_sent_all_the_same(self, app, make, reader):
        """The second button sends it; the moderator finds the words marked."""
        make.post("one")
        page = reader.send("one", body=PHONE).text

        assert 'name="personal" value="keep"' in page
        assert 303 == reader.send("one", body=PHONE, personal="keep").status_code
        assert [("personal_data", "phone", ["07700 900123"])] == flags(app)

    def test_is_asked_about_again_when_it_is_still_there(self, app, make, reader):
        """The ordinary button asks again; only the other one sends."""
        make.post("one")
        answers = [reader.send("one", body=PHONE, personal=said).status_code for said in ("", "maybe")]

        assert ([422, 422], 0) == (answers, count(app))

    def test_is_not_kept_by_the_enter_key(self, make, reader):
        """Enter in a field presses the first button, which is the one that asks again."""
        make.post("one")
        page = reader.send("one", body=PHONE).text
        form = page[page.index('action="/posts/one/comments"') :]

        assert "Send for approval" in form[: form.index('name="personal"')]

    def test_is_found_in_the_name(self, app, make, reader):
        """Some people sign with their address."""
        make.post("one")
        answer = reader.send("one", name="ada@mail.example", body="Thank you.")

        assert (422, True, 0) == (answer.status_code, "<mark>ada@mail.example</mark>" in answer.text, count(app))

    def test_in_hostile_text_is_shown_as_text(self, make, reader):
        """The preview of what was found holds no markup of the writer's."""
        make.post("one")
        page = reader.send("one", body=f'<script>alert(1)</script><img src=x onerror="x()"> {PHONE}').text

        assert None is re.search(r"<script>alert|<img src=x", page)
        assert "<mark>07700 900123</mark>" in page

    def test_is_no_reason_to_keep_the_page(self, make, reader):
        """The answer is stored nowhere."""
        make.post("one")

        assert "no-store" == reader.send("one", body=PHONE).headers["Cache-Control"]


class TestEmergency:
    @pytest.mark.parametrize("body", [EMERGENCY, f"{EMERGENCY} {PHONE}"])
    def test_is_stored_first(self, app, make, reader, body):
        """It never waits behind the question about personal details, which the moderator finds marked."""
        make.post("one")

        assert (303, 1) == (reader.send("one", body=body).status_code, count(app))
        assert ("phone" in [rule for _, rule, _ in flags(app)]) == (PHONE in body)

    def test_tells_whom_to_call_before_anything_else(self, make, reader):
        """The page that a writer is led to begins with it."""
        make.settings(emergency_text="Ring the bell.", emergency_numbers=[{"label": "Here", "number": "144"}])
        make.post("one")
        page = reader.client.get(reader.write("one", body=EMERGENCY)).text
        begins = page[page.index("<main") :]

        assert begins.index("Please do not wait for an answer here") < begins.index("<h1>")
        assert 'href="tel:144"' in begins[: begins.index("<h1>")]
        assert "Ring the bell." in begins[: begins.index("<h1>")]
        assert "<title>Please do not wait for an answer" in page

    def test_that_is_only_possible_is_answered_by_a_calm_line(self, make, reader):
        """Whom to call in case, without alarm: a classifier is wrong more often than the rules."""
        make.post("one")
        page = reader.client.get(reader.write("one", body=POSSIBLE)).text

        assert "If this could be an emergency" in page
        assert (False, True) == ('class="alarm"' in page, NUMBERS in page)
        assert "<title>Please do not wait" not in page

    def test_that_is_only_possible_is_published_by_a_person_alone(self, app, make, reader):
        make.post("one")
        reader.write("one", body=POSSIBLE)

        assert (Urgency.POSSIBLE_EMERGENCY, State.PENDING, None) == the_comment(app)

    def test_of_the_mind_has_words_of_its_own(self, make, reader):
        """Crisis lines, and nothing about signs of the body."""
        make.settings(crisis_text="You matter.", crisis_numbers=[{"label": "Friends", "number": "116 123"}])
        make.post("one")
        page = reader.client.get(reader.write("one", body=CRISIS)).text
        alarm = page[page.index('class="alarm"') : page.index("<h1>")]

        assert ("You matter." in alarm, 'href="tel:116123"' in alarm, "can be a sign" in alarm) == (True, True, False)

    def test_is_not_seen_in_a_plain_question(self, make, reader):
        """Nobody is frightened without a reason."""
        make.post("one")

        assert 'class="alarm"' not in reader.client.get(reader.write("one")).text

    @pytest.mark.parametrize("fields", [{"name": ""}, {"token": "forged"}, {"body": EMERGENCY + " " * 9 + "x" * 5000}])
    def test_is_told_also_when_something_is_wrong_with_the_form(self, make, reader, fields):
        """A missing name does not keep anybody from help."""
        make.post("one")
        answer = reader.send("one", **{"body": EMERGENCY, **fields})

        assert (422, True) == (answer.status_code, NUMBERS in answer.text)

    def test_is_told_when_the_comment_is_refused(self, make, reader):
        """Neither does the limit."""
        make.settings(comment_limit=1)
        make.post("one")
        reader.write("one")
        answer = reader.send("one", body=EMERGENCY)

        assert (429, True) == (answer.status_code, NUMBERS in answer.text)

    def test_stays_on_top_while_the_comment_does_not_change(self, app, make, reader, clock):
        """Also when the page is opened again, until the text is erased."""
        clock.freeze(ANY_DAY)
        make.post("one", published_at=ANY_DAY)
        address = reader.write("one", body=EMERGENCY)
        clock.advance(days=1)
        again = NUMBERS in reader.client.get(address).text
        reader.client.post(f"{address}/erase")

        assert (True, False) == (again, NUMBERS in reader.client.get(address).text)


NASTY = {
    "nesting": [
        "> " * 300 + "x",
        "- " * 400 + "x",
        "*" * 900 + "x",
        "[" * 900 + "x",
        "((" * 900 + "x",
        "`" * 2000 + "x",
    ],
    "floods": [
        "a" * 5000,
        "!" * 5000,
        "\n" * 4999 + "x",
        "7" * 5000,
        "@" * 5000,
        "-" * 5000,
    ],
    "links": [
        "http://a.example " * 290,
        "[x](http://a.example)" * 230,
        "<http://a.example>" * 270,
        "www." * 1200,
        "]( " * 1600,
    ],
    "marks": [
        "a" + "\u0301" * 4000,
        "é" * 2500,
        "Z\u0351\u0352" * 900,
        "\u0300" * 3000 + "x",
        "क्" * 2000,
    ],
    "bidi": [
        "\u202e" * 2000 + "evil",
        "a\u2066b\u2069" * 900,
        "\u200f" * 3000 + "x",
        "שלום " * 900,
        "\u202eabc\u202c" * 600,
    ],
    "zero width": [
        "v\u200bi\u200ba\u200bg\u200br\u200ba",
        "\u200d" * 3000 + "x",
        "\ufeff" * 2000 + "y",
        "a\u200c" * 2000,
        "\u2060" * 4000 + "z",
    ],
    "huge words": [
        "a." * 2500,
        "x@" * 2400,
        "12 " * 1600,
        "supercalifragilistic" * 240,
        "a'" * 2400,
    ],
    "scripts": [
        "раураl" * 800,
        "vіagra сasіno " * 300,
        "𝓫𝓾𝔂 " * 900,
        "ｆｒｅｅ " * 900,
        "中文Ελλ" * 900,
    ],
}


class TestNasty:
    @pytest.mark.parametrize("kind", NASTY)
    def test_texts_leave_the_page_whole(self, app, make, client, kind):
        """Taken or refused, the page stands; approved, its parts still close where they should."""
        make.post("one")
        for number, body in enumerate(NASTY[kind]):
            answer = Reader(app, f"192.0.2.{number}").send(
                "one", body=body, personal="keep", name=body[:50].strip() or "x"
            )
            assert answer.status_code in (303, 422)
        with app.app_context():
            begin_write()
            for comment in db.session.scalars(select(Comment)):
                Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.APPROVE, None)
            db.session.commit()
            approved = count(app)
        page = client.get("/posts/one").text

        assert approved == page.count('class="comment ')
        assert page.rindex("</main>") > page.rindex('class="comment-form"') > page.rindex('class="comment ')
