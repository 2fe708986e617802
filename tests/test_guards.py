"""What must not be forgettable: nothing unapproved is public, the desk is closed, few make queries and markup."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest

from blog.accounts.models import RoleName
from blog.clock import now
from blog.comments import sending
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.sending import ShownTexts
from blog.comments.words import Sender, Words
from blog.config import ROOT
from blog.database import begin_write, db
from blog.pages.models import PageSlug
from blog.posts import publishing
from blog.posts.document import Article
from blog.posts.manuscript import Manuscript
from blog.posts.models import Post
from blog.sessions import is_staff_path
from blog.triage import Flag, FlagKind, Span
from tests.visitors import nameless

ECHO = re.compile(r"(?:q=|“|value=\"|<title>)MARKHIDD?E[NM]")  # the search says what was asked for
HIDDEN = (State.PENDING, State.HELD, State.REJECTED, State.SPAM, State.WITHDRAWN, State.ERASED)
SOURCES = sorted((ROOT / "blog").rglob("*.py"))


# Nothing unapproved is public


@pytest.fixture
def marked_site(make, app):
    """A site with one of everything that must stay hidden, each marked; the post's slug and the comments' ids."""
    post = make.post("shown", tags=["shown-tag"], muscles=["psoas"])
    shown = make.comment(post, body="MARKSHOWN in the open", name="MARKSHOWN", state=State.APPROVED)
    hidden = [make.comment(post, body=f"MARKHIDDEN{s} text", name=f"MARKHIDDEN{s}", state=s) for s in HIDDEN]
    damaged = make.comment(post, body="It was approved.", state=State.APPROVED)
    make.damage(CommentRevision, damaged.public_revision_id, name="MARKHIDDEN", html="<p>MARKHIDDEN by a disk</p>")
    make.settings(reply_depth=2)
    with app.app_context():
        sender, words = Sender.of("192.0.2.250", ""), Words.prepare("MARKHIDDEN edit", "MARKHIDDEN new words")
        flags = [Flag(FlagKind.SPAM, "links", [Span(0, 10, "MARKHIDDEN")], "MARKHIDDEN why")]
        begin_write()
        sending.revise(db.session.get_one(Comment, shown.id), words, sender, flags)
        reply, _ = sending.submit(db.session.get_one(Post, post.id), words, sender, ShownTexts(), flags, shown.id)
        reply_id = reply.id
        db.session.commit()
    for page in PageSlug:
        make.page(page)
    later = now() + timedelta(days=1)
    secret = {"title": "MARKHIDDEN title", "standfirst": "MARKHIDDEN line", "tags": ["markhidden-tag"]}
    with app.app_context():
        for slug, published_at, archived in (
            ("markhidden-draft", None, False),
            ("markhidden-later", later, False),
            ("markhidden-gone", make.days_ago(9), True),
        ):
            begin_write()
            draft = publishing.create(slug)
            revision = publishing.revise(draft, Manuscript.prepare(Article.parse(make.article(**secret))))
            if published_at:
                publishing.publish(draft, revision, at=published_at)
            if archived:
                publishing.archive(draft)
            db.session.commit()
    return post.slug, shown.id, [reply_id, damaged.id, *(comment.id for comment in hidden)]


def public_addresses(app, slug, comment_ids):
    """Every address that a rule of the application can make from what is in the database."""
    values = {
        "slug": [
            slug,
            "team",
            "shown-tag",
            "markhidden-tag",
            "markhidden-draft",
            "markhidden-later",
            "markhidden-gone",
            "psoas",
            "about",
            "disclaimer",
            "privacy",
            "comment-policy",
        ],
        "year": ["2026", str(now().year), str(now().year + 1)],
        "comment_id": [str(comment_id) for comment_id in comment_ids],
        "token": ["x" * 43],
        "filename": ["css/site.css"],
        "part": ["0", "1", "2"],
        "form": ["atom", "json"],
        "plural": ["muscles", "pain-areas", "conditions"],
        "path": ["css/site.css"],
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or is_staff_path(rule.rule):
            continue
        addresses = [rule.rule]
        for name in rule.arguments:
            pattern = re.compile(rf"<(?:[^<>:]*(?:\([^)]*\))?:)?{name}>")
            addresses = [pattern.sub(value, address) for address in addresses for value in values.get(name, ["x"])]
        yield from addresses
    yield from ("/?page=2", f"/posts/{slug}?comments=2", "/feed.json")
    yield from (
        f"/search?q={words}" for words in ("MARKHIDDEN", "MARKHIDDEM", "title", "line", "edit", "text", "MARKSHOWN")
    )
    yield from (f"/api/v1/search?q={words}" for words in ("title", "line", "edit", "text", "MARKSHOWN"))
    yield from (f"/api/v1/posts?under=tag:{tag}" for tag in ("shown-tag", "markhidden-tag"))
    yield from (f"/posts/{slug}?reply={comment_id}" for comment_id in comment_ids)


class TestHiddenUntilApproved:
    def test_no_public_address_shows_a_mark(self, app, client, marked_site):
        """Comments that are pending, held, rejected, spam, withdrawn, erased or damaged, and drafts, are nowhere."""
        slug, shown, hidden = marked_site
        leaks, answered, shown_at = [], 0, 0
        for address in 2 * list(public_addresses(app, slug, [shown, *hidden])):  # made, and then from memory
            answer = client.get(address)
            text = answer.get_data(as_text=True) + str(answer.headers)
            text = ECHO.sub("", text)
            answered += answer.status_code == 200
            shown_at += "MARKSHOWN" in text
            if "markhidden" in text.lower():
                leaks.append(address)

        assert [] == leaks
        assert answered > 15
        assert shown_at >= 3  # page and both feeds: otherwise the walk proves nothing

    def test_etags_and_counts_do_not_betray_what_is_hidden(self, app, client, make):
        """A page is the same bytes before and after hidden comments arrive."""
        post = make.post("shown")
        addresses = ("/posts/shown", "/", "/feed.atom", "/comments.atom", "/posts/shown/comments.atom", "/sitemap.xml")
        before = [client.get(address).data for address in addresses]

        for state in HIDDEN:
            make.comment(post, state=state)

        assert before == [client.get(address).data for address in addresses]

    @pytest.mark.parametrize("slug", ["markhidden-draft", "markhidden-later", "markhidden-gone", "never-was"])
    def test_hidden_posts_and_unknown_ones_look_alike(self, client, marked_site, slug):
        """Reading or commenting on a draft is a 404 like any other."""
        answers = [client.get(f"/posts/{slug}"), client.post(f"/posts/{slug}/comments", data={"name": "x"})]
        unknown = nameless(client.get("/posts/never-was"))

        assert [(404, unknown), (404, unknown)] == [(answer.status_code, nameless(answer)) for answer in answers]

    def test_hidden_comments_have_no_permalink(self, client, marked_site):
        """The permalink of a hidden comment is a 404."""
        slug, _, hidden = marked_site

        assert {404} == {client.get(f"/posts/{slug}/comments/{comment_id}").status_code for comment_id in hidden}


class TestSameBytesForEverybody:
    def test_public_pages_set_no_cookie_and_vary_on_none(self, app, client, marked_site):
        """No public page, whatever its status, touches a session."""
        slug, shown, hidden = marked_site
        bad = [
            address
            for address in 2 * list(public_addresses(app, slug, [shown, *hidden]))
            for answer in (client.get(address),)
            if "Set-Cookie" in answer.headers or "cookie" in answer.headers.get("Vary", "").lower()
        ]

        assert [] == bad

    def test_staff_get_the_same_page_as_strangers(self, app, client, staff, marked_site):
        """Signing in changes nothing on a public page, whoever comes first."""
        slug, _, _ = marked_site
        admin = staff(RoleName.ADMIN)

        assert admin.get(f"/posts/{slug}").data == client.get(f"/posts/{slug}").data
        assert client.get("/").data == admin.get("/").data


# The desk is closed

ROLES_OF_BLUEPRINTS = {
    "desk": set(RoleName),
    "moderation": {RoleName.MODERATOR, RoleName.ADMIN},
    "bans": {RoleName.MODERATOR, RoleName.ADMIN},
    "articles": {RoleName.AUTHOR, RoleName.EDITOR, RoleName.REVIEWER, RoleName.ADMIN},
    "writing": {RoleName.AUTHOR, RoleName.EDITOR, RoleName.ADMIN},
    "bringing": {RoleName.AUTHOR, RoleName.EDITOR, RoleName.ADMIN},
    "autosaving": {RoleName.AUTHOR, RoleName.EDITOR, RoleName.ADMIN},
    "previewing": {RoleName.AUTHOR, RoleName.EDITOR, RoleName.ADMIN},
    "reviewing": {RoleName.REVIEWER, RoleName.ADMIN},
    "releasing": {RoleName.EDITOR, RoleName.ADMIN},
    "taking_off": {RoleName.EDITOR, RoleName.ADMIN},
    "editing": {RoleName.EDITOR, RoleName.ADMIN},
    "vocabulary": {RoleName.EDITOR, RoleName.ADMIN},
    "people": {RoleName.ADMIN},
    "privacy": {RoleName.ADMIN},
    "security_log": {RoleName.ADMIN},
    "settings": {RoleName.ADMIN},
    "site_lists": {RoleName.ADMIN},
    "videos": {RoleName.AUTHOR, RoleName.EDITOR, RoleName.ADMIN},
    "portraits": {RoleName.AUTHOR, RoleName.EDITOR, RoleName.ADMIN},
    "media_desk": {RoleName.AUTHOR, RoleName.EDITOR, RoleName.ADMIN},
    "triage": {RoleName.MODERATOR, RoleName.ADMIN},
    "triage_rules": {RoleName.ADMIN},
    "styles": set(RoleName),
    "mail_desk": {RoleName.ADMIN},
    "operations_desk": {RoleName.ADMIN},
}


COLUMNS = (RoleName.AUTHOR, RoleName.EDITOR, RoleName.REVIEWER, RoleName.MODERATOR, RoleName.ADMIN)


def desk_rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.rule == "/desk" or rule.rule.startswith("/desk/")]


def filled(rule):
    return re.sub(r"<[a-z]+>", "about", re.sub(r"<int:[^>]+>", "1", rule.rule))


def methods_of(rule):
    return sorted(rule.methods - {"HEAD", "OPTIONS"})


def table_of_rights():
    """What docs/rights.md says: (method or nothing, address) to the roles that may come there at all."""
    rows = [
        line.strip("|").split("|") for line in (ROOT / "docs/rights.md").read_text().splitlines() if line[:3] == "| `"
    ]
    for at, _, *cells in rows:
        roles = {role for role, cell in zip(COLUMNS, cells, strict=True) if cell.strip() in ("yes", "own")}
        for method, address in re.findall(r"`(?:([A-Z]+) )?(/[^`]*)`", at):
            yield (method, address), roles


def told_by(table, method, rule):
    """The roles in the row for an address: the longest that fits, of two such the one that names the method."""
    address = re.sub(r"<[^>]+>", "…", rule)
    fitting = [
        (len(at), bool(named), roles)
        for (named, at), roles in table
        if named in ("", method) and (address == at or address.startswith(f"{at}/"))
    ]
    return max(fitting, default=(0, False, None), key=lambda one: one[:2])[2]


FRESH = {"people", "privacy", "settings", "site_lists"}


class TestDesk:
    def test_every_address_belongs_to_a_guarded_blueprint(self, app):
        """A new part of the desk must say who may open it."""
        assert {rule.endpoint.split(".")[0] for rule in desk_rules(app)} <= set(ROLES_OF_BLUEPRINTS)

    def test_strangers_are_sent_to_the_log_in(self, app, client):
        """Without a session, every desk address leads to the log-in."""
        open_ones = [
            rule.rule
            for rule in desk_rules(app)
            if "GET" in rule.methods
            for answer in (client.get(filled(rule)),)
            if not (answer.status_code == 302 and answer.location.startswith("/login"))
        ]

        assert [] == open_ones

    def test_the_walk_is_whole(self, app):
        """Each address that is opened leads to the rule that is meant, and rules know no other methods."""
        adapter = app.url_map.bind("localhost")
        walked = [(rule, method) for rule in desk_rules(app) for method in methods_of(rule)]
        elsewhere = [
            (method, rule.rule)
            for rule, method in walked
            if adapter.match(filled(rule), method, return_rule=True)[0].endpoint != rule.endpoint
        ]

        assert [] == elsewhere
        assert {"GET", "POST"} == {method for _, method in walked}

    @pytest.mark.parametrize("role", [*RoleName, None])
    def test_the_wrong_role_is_refused(self, app, staff, role):
        """Each role opens what is its own and gets 403 elsewhere, for reading and for acting; none opens nothing."""
        client = staff(*filter(None, [role]))
        app.config["WTF_CSRF_ENABLED"] = False
        wrong = []
        for rule in desk_rules(app):
            allowed = role in ROLES_OF_BLUEPRINTS[rule.endpoint.split(".")[0]]
            for method in methods_of(rule):
                refused = client.open(filled(rule), method=method).status_code == 403
                if refused == allowed:
                    wrong.append((method, rule.rule, allowed))

        assert [] == wrong

    def test_the_table_of_rights_says_the_same(self, app):
        """docs/rights.md has a row for each address of the desk, with the roles that may come there."""
        table = list(table_of_rights())
        wrong = [
            (method, rule.rule)
            for rule in desk_rules(app)
            for method in methods_of(rule)
            if told_by(table, method, rule.rule) != ROLES_OF_BLUEPRINTS[rule.endpoint.split(".")[0]]
        ]

        assert [] == wrong
        assert set(COLUMNS) == set(RoleName)

    def test_nothing_is_changed_without_a_token(self, app, staff):
        """Every POST at the desk needs the session's CSRF token."""
        client = staff(RoleName.ADMIN)
        answers = {
            client.post(filled(rule), data={"csrf_token": ""}).status_code
            for rule in desk_rules(app)
            if "POST" in rule.methods
        }

        assert {400} == answers

    def test_what_belongs_to_administrators_asks_for_a_fresh_password(self, app, staff, clock):
        """A desk that was left alone for an hour changes no people and no settings, and gives nobody's data away."""
        admin = staff(RoleName.ADMIN)
        clock.advance(minutes=61)
        answers = {
            rule.rule: admin.post(filled(rule)).status_code
            for rule in desk_rules(app)
            if "POST" in rule.methods and rule.endpoint.split(".")[0] in FRESH
        }

        assert [] == [address for address, status in answers.items() if status != 403]
        assert FRESH == {rule.endpoint.split(".")[0] for rule in desk_rules(app) if rule.rule in answers}


# The shape of the code


def modules():
    for path in SOURCES:
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "blog":
                yield from (f"blog.{alias.name}" for alias in node.names)
            else:
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def inside(path: Path) -> tuple[str, ...]:
    return path.relative_to(ROOT / "blog").with_suffix("").parts


class TestQueries:
    MAKERS = {"select", "update", "delete", "insert", "text"}
    WITHOUT = {"public", "desk", "triage", "text", "templating", "cli", "jobs", "forms"}

    def test_are_built_by_the_features_alone(self):
        """Pages, jobs and commands narrow, page and run what the features hand them; they never say what is public."""
        bad = [
            (str(path), node.lineno)
            for path, tree in modules()
            if {inside(path)[0], inside(path)[-1]} & self.WITHOUT and inside(path)[0] not in ("operations", "sample")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.MAKERS
        ]

        assert [] == bad

    def test_a_post_has_no_way_to_unfiltered_comments(self):
        """There is no relationship from posts to comments."""
        assert [] == [r.key for r in Post.__mapper__.relationships if r.mapper.class_.__name__.startswith("Comment")]


class TestMarkup:
    def test_templates_never_say_safe(self):
        """Stored HTML goes through `stored_html` alone."""
        bad = [
            str(path)
            for path in (ROOT / "templates").rglob("*")
            if path.is_file() and re.search(r"\|\s*safe\b|autoescape\s+false|Markup", path.read_text(encoding="utf-8"))
        ]

        assert [] == bad

    def test_one_module_makes_markup(self):
        """Text becomes trusted HTML in blog/markup.py alone; nothing else may import Markup."""
        makers = [inside(path) for path, tree in modules() if "markupsafe" in set(imported(tree))]

        assert [("markup",)] == makers

    def test_forms_of_the_desk_restore_nothing(self):
        """Browsers restore fields by their position: a note would come back on another comment's card."""
        forms = [
            (path.name, form)
            for path in (ROOT / "templates" / "desk").glob("*.html")
            for form in re.findall(r'<form[^>]*method="post"[^>]*>', path.read_text(encoding="utf-8"))
        ]

        assert len(forms) > 15
        assert [] == [one for one in forms if 'autocomplete="off"' not in one[1]]

    def test_templates_hold_no_inline_script_or_style(self):
        """The content security policy forbids both. A mail is no page: it carries its style with it."""
        bad = [
            str(path)
            for path in (ROOT / "templates").rglob("*.html")
            if path != ROOT / "templates/mail/_layout.html"
            and re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", path.read_text(encoding="utf-8"))
        ]

        assert [] == bad


def test_get_changes_nothing(app, client, staff, marked_site, dump):
    """Walking every address by GET leaves the database as it was."""
    slug, shown, hidden = marked_site
    admin = staff(RoleName.ADMIN)
    before = dump()
    for address in public_addresses(app, slug, [shown, *hidden]):
        client.get(address)
    for rule in desk_rules(app):
        if "GET" in rule.methods:
            admin.get(filled(rule))

    assert before == dump()


def test_each_decision_has_a_number_of_its_own():
    """In its file's name and in its title, from 1 on without a gap: others name it by that."""
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    titles = [re.match(r"# (\d+)\. ", path.read_text(encoding="utf-8")) for path in records]

    assert [f"{number:04}" for number in range(1, len(records) + 1)] == [path.name[:4] for path in records]
    assert list(range(1, len(records) + 1)) == [int(title[1]) if title else 0 for title in titles]
