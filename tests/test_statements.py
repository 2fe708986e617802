"""No page asks the database once per row: as many statements with fifty things as with one."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from blog import sample
from blog.accounts.models import RoleName
from blog.checksums import sums_of
from blog.comments.models import CommentRevision, State
from blog.comments.threads import COMMENTS_PER_PAGE
from blog.comments.words import Words
from blog.database import begin_write, db
from blog.pages.models import PageSlug
from tests.test_guards import desk_rules

MANY = 50
LONG = 3000
LONG_BYTES = 120_000
COMMENT_MOST = 15  # statements for storing a comment, the beginnings of its two transactions among them
ARTICLE_MOST = 8  # statements for an article with fifty comments, the beginning of its transaction among them
PUBLIC = (
    "/",
    "/posts/one",
    "/posts/one/handout",
    "/posts/one/comments.atom",
    "/feed.atom",
    "/feed.json",
    "/tags/t/feed.atom",
    "/authors/team/feed.json",
    "/comments.atom",
    "/sitemap.xml",
    "/tags/t",
    "/authors/team",
    "/archive/2026",
    "/about",
    "/muscles",
    "/muscles/psoas",
    "/pain",
    "/pain/buttock",
    "/conditions",
    "/conditions/sciatica",
    "/robots.txt",
    "/posts/one?comments=1",
    "/sitemap-0.xml",
    "/sitemap-1.xml",
    "/api/v1/posts",
    "/api/v1/posts?under=muscle:psoas",
    "/api/v1/posts/one",
    "/api/v1/posts/one/comments",
    "/api/v1/comments",
    "/api/v1/muscles",
    "/api/v1/pain-areas/buttock",
    "/search?q=moves",
    "/search?q=psoas+article",
    "/search?q=mvoes",
)


@contextmanager
def counting(app):
    """The statements that a block sends, in order."""
    sent = []

    def note(connection, cursor, statement, *more):
        sent.append(" ".join(statement.split()))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def add(make, post, comments):
    """So many comments in each state, the approved ones with replies."""
    for state in (State.APPROVED, State.PENDING, State.HELD, State.REJECTED, State.SPAM, State.WITHDRAWN):
        for number in range(comments):
            comment = make.comment(post, state=state, body=f"Text {state} {number}")
            if state == State.APPROVED and number % 5 == 0:
                make.comment(parent=comment, state=State.APPROVED)


def many_comments(app, first, count, body, as_answers=False):
    """Let a post have so many approved comments, all like its first, or answers to it; the number of the last."""
    words = Words.prepare("A reader", body)
    comments, revisions = (db.metadata.tables[name] for name in ("comments", "comment_revisions"))
    with app.app_context():
        begin_write()
        run = db.session.execute
        comment = dict(run(db.select(comments).where(comments.c.id == first.id)).mappings().one())
        revision = dict(run(db.select(revisions).where(revisions.c.id == first.public_revision_id)).mappings().one())
        numbers = range(1, count)
        below = {"parent_id": comment["id"], "root_id": comment["id"]}
        pointers = {"newest_revision_id": None, "public_revision_id": None}
        run(
            db.insert(comments),
            [
                {
                    **comment,
                    **pointers,
                    "id": comment["id"] + n,
                    "root_id": comment["id"] + n,
                    "secret": f"s{n}",
                    "link_hash": f"h{n}",
                    **(below if as_answers else {}),
                }
                for n in numbers
            ],
        )
        run(
            db.insert(revisions),
            [
                {**said, "id": revision["id"] + n, "checksum": sums_of(CommentRevision.SUMMED, said)}
                for n in numbers
                for said in [{**revision, "comment_id": comment["id"] + n, "html": words.html}]
            ],
        )
        shift = revision["id"] - comment["id"]
        shown = comments.c.id + shift
        others = comments.c.id > comment["id"]
        run(db.update(comments).where(others).values(newest_revision_id=shown, public_revision_id=shown))
        db.session.commit()
    return comment["id"] + count - 1


def addresses(app):
    """Every page that needs no name of a thing, and the states of the queue."""
    desk = [rule.rule for rule in desk_rules(app) if "GET" in rule.methods and not rule.arguments]
    return *PUBLIC, *desk, *(f"/desk/comments?state={state.value}" for state in State)


def asked(app, client, admin):
    """The statements of each page that opens, made afresh."""
    found = {}
    for address in addresses(app):
        reader = admin if address.startswith("/desk") else client
        with counting(app) as sent:
            status = reader.get(address).status_code
        if status == 200:
            found[address] = sent
    return found


def test_no_page_asks_once_per_row(app, make, client, staff):
    """Every public page and every page of the desk sends as many statements for fifty rows as for one."""
    for page in PageSlug:
        make.page(page)
    with app.app_context():
        sample.ensure_vocabulary()
    admin = staff(RoleName.ADMIN)
    links = {"tags": ["t"], "muscles": ["psoas"], "pain_areas": ["buttock"], "conditions": ["sciatica"]}
    first = make.post("one", **links)
    add(make, first, 1)
    few = asked(app, client, admin)
    add(make, first, MANY - 1)
    for number in range(1, MANY):
        make.post(f"more-{number}", **links)
    many = asked(app, client, admin)

    assert set(PUBLIC) <= set(few)
    grown = {
        address: (len(few[address]), len(many[address]), max(many[address], key=many[address].count))
        for address in few
        if len(many[address])
        > len(few[address]) + 3  # related posts, how many pages there are, and where this one begins
    }
    assert {} == grown


@pytest.mark.parametrize("address", ["/posts/one", "/", "/feed.atom", "/tags/a1", "/authors/a1", "/archive/2026"])
def test_an_article_of_many_things_asks_no_more(app, make, client, address):
    """Twenty tags, names, muscles, areas and conditions cost as many statements as one of each."""
    counts = []
    for number, many in ((1, 1), (2, 20)):
        names = [f"a{n}" for n in range(1, many + 1)]
        things = dict.fromkeys(("tags", "authors", "muscles", "pain_areas", "conditions"), names)
        make.post("one" if number == 1 else "two", **things)
        client.get(address)  # what all pages share is read once
        app.extensions["pagecache"].forget()
        with counting(app) as sent:
            assert 200 == client.get(address.replace("one", "two") if number == 2 else address).status_code
        counts.append(len(sent))

    assert counts[0] >= counts[1] - (1 if address == "/posts/one" else 0)  # the first one had nothing related


@pytest.mark.parametrize("as_answers", [False, True], ids=["threads", "one thread"])
def test_an_article_with_three_thousand_comments_is_paged(app, make, client, as_answers):
    """
    Its HTML stays below 120 kB on every page, with three statements more than a short thread, also when all of them
    answer one; the last comment's own address leads to where it stands.
    """
    post = make.post("one")
    last = many_comments(
        app, make.comment(post, state=State.APPROVED), LONG, "It helped me after sitting. " * 12, as_answers
    )
    app.extensions["pagecache"].forget()
    with counting(app) as sent:
        first = client.get("/posts/one")
    place = client.get(f"/posts/one/comments/{last}").location

    assert (200, True, True) == (first.status_code, len(first.data) <= LONG_BYTES, len(sent) <= ARTICLE_MOST + 3)
    assert f"/posts/one?comments={LONG // COMMENTS_PER_PAGE}#comment-{last}" == place
    assert f'id="comment-{last}"' in client.get(place).text
    assert f"{LONG:,} comments" in first.text
    assert COMMENTS_PER_PAGE == len(re.findall(r'<li class="comment[ "]', first.text))


@pytest.mark.parametrize("address", ["/posts/one", "/posts/one?comments=2", "/desk", "/desk/comments"])
def test_no_page_reads_all_comments_or_posts(app, make, client, staff, address):
    """SQLite enters these tables by what is asked for, so a million comments cost no more than a thousand."""
    post = make.post("one")
    many_comments(app, make.comment(post, state=State.APPROVED), 2 * COMMENTS_PER_PAGE, "It helped me.")
    admin, asked = staff(RoleName.ADMIN, RoleName.MODERATOR), []

    def note(connection, cursor, statement, values, *more):
        asked.append((statement, values))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        assert 200 == (admin if address.startswith("/desk") else client).get(address).status_code
        event.remove(db.engine, "before_cursor_execute", note)
        plans = [
            row.detail
            for statement, values in asked
            if statement.startswith("SELECT")
            for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]

    whole = ("SCAN comments", "SCAN comment_revisions", "SCAN posts", "SCAN post_revisions", "SCAN decision")
    assert [] == [step for step in plans if step.startswith(whole) and "ix_posts_drafts" not in step]


def test_an_article_with_fifty_comments_is_eight_statements(app, make, client):
    """With tags, authors, related posts, neighbours and the site's texts."""
    for page in PageSlug:
        make.page(page)
    posts = [make.post(f"post-{n}", **make.whole_article(tags=["t", "u"], authors=["team", "ada"])) for n in range(3)]
    for number in range(MANY):
        make.comment(posts[1], state=State.APPROVED, body=f"Text {number}")
    with counting(app) as sent:
        text = client.get(f"/posts/{posts[1].slug}").text

    assert MANY == text.count('class="comment"') + text.count('class="comment ')
    assert len(sent) <= ARTICLE_MOST, sent


def test_after_a_decision_an_article_is_two_statements(app, make, client):
    """Its comments, and the beginning of the transaction: what stands around them is in memory."""
    post = make.post("one", **make.whole_article())
    client.get("/posts/one")
    make.comment(post, state=State.APPROVED)
    with counting(app) as sent:
        client.get("/posts/one")

    assert 2 == len(sent), sent


def test_sending_a_comment_is_fifteen_statements(app, make, client):
    """However many there are already: one asks about the sender, one reads what triage knows, one stores."""
    counts = []
    for slug, before in (("one", 1), ("two", MANY)):
        post = make.post(slug)
        for number in range(before):
            make.comment(post, body=f"It helped me a lot with my stiff neck {number}", state=State.APPROVED)
        token = re.search(r'name="token"[^>]*value="([^"]+)"', client.get(f"/posts/{slug}").text)[1]
        form = {"name": "Ann", "email": "", "body": "It helped me a lot with my stiff neck 99", "token": token}
        with counting(app) as sent:
            assert 303 == client.post(f"/posts/{slug}/comments", data=form).status_code
        counts.append(len(sent))

    assert counts[0] == counts[1] <= COMMENT_MOST, sent
