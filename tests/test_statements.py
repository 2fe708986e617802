"""No page asks the database once per row: as many statements with fifty things as with one."""

from __future__ import annotations

from contextlib import contextmanager

from sqlalchemy import event

from blog.accounts.models import RoleName
from blog.comments.models import State
from blog.extensions import db
from blog.pages.models import PageSlug
from tests.test_guards import desk_rules

MANY = 50
ARTICLE_MOST = 8  # statements for an article with fifty comments, the beginning of its transaction among them
PUBLIC = (
    "/", "/posts/one", "/posts/one/comments.atom", "/feed.atom", "/comments.atom", "/sitemap.xml", "/tags/t",
    "/authors/team", "/archive/2026", "/about", "/muscles", "/pain", "/conditions", "/robots.txt",
)  # fmt: skip


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
    """
    Every public page and every page of the desk sends as many statements for fifty rows as for one.
    """
    for page in PageSlug:
        make.page(page)
    admin = staff(RoleName.ADMIN)
    first = make.post("one", tags=["t"])
    add(make, first, 1)
    few = asked(app, client, admin)
    add(make, first, MANY - 1)
    for number in range(1, MANY):
        make.post(f"more-{number}", tags=["t"])
    many = asked(app, client, admin)

    assert set(PUBLIC) <= set(few)
    grown = {
        address: (len(few[address]), len(many[address]), max(many[address], key=many[address].count))
        for address in few
        if len(many[address]) > len(few[address]) + 2  # related posts, and how many pages there are
    }
    assert {} == grown


def test_an_article_with_fifty_comments_is_eight_statements(app, make, client):
    """
    With tags, authors, related posts, neighbours and the site's texts.
    """
    for page in PageSlug:
        make.page(page)
    posts = [make.post(f"post-{n}", **make.whole_article(tags=["t", "u"], authors=["team", "ada"])) for n in range(3)]
    for number in range(MANY):
        make.comment(posts[1], state=State.APPROVED, body=f"Text {number}")
    with counting(app) as sent:
        text = client.get(f"/posts/{posts[1].slug}").text

    assert MANY == text.count('class="comment"') + text.count('class="comment ')
    assert len(sent) <= ARTICLE_MOST, sent
