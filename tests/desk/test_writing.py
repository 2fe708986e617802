"""Writing an article in the editor: fields, cards, slips, versions, and two people at one article."""

from __future__ import annotations

import dataclasses
import re

import pytest

from blog import sample
from blog.accounts.models import Account, RoleName
from blog.accounts.people import give_byline
from blog.database import begin_write, db
from blog.desk.article_parts import LISTS, SECTIONS
from blog.posts.document import Article, Figure, Reference, Safety, Stretch, Video
from blog.posts.models import Post, PostRevision, PostSlug
from blog.revisions import digest
from blog.transfer import markdown
from tests.desk.forms import fields

WHOLE = {
    "title": "Übungen für den Rücken",
    "standfirst": "What it is about.",
    "body": "## What it does\r\n\r\nIt moves.",
    "authors": "The team",
}


@pytest.fixture
def author(make, staff):
    """Somebody who writes; the team and a muscle exist."""
    make.post("other", muscles=["psoas"])
    return staff(RoleName.AUTHOR)


def sent(client, address, **changed):
    """What the editor at `address` would send, as browsers do, with some fields changed."""
    found = {name: text.replace("\n", "\r\n") for name, text in fields(client.get(address).text).items()}
    return {**found, **changed}


def begun(client, **values):
    """The address of an article that `client` has begun in the editor."""
    return client.post("/desk/posts/new", data={**sent(client, "/desk/posts/new"), **values}).location


def versions(app):
    """Numbers of the versions of all articles that were begun at the desk."""
    with app.app_context():
        query = db.select(PostRevision.id).join(Post, Post.id == PostRevision.post_id)
        return list(db.session.scalars(query.where(Post.account_id.is_not(None))))


def newest(app):
    with app.app_context():
        return db.session.scalars(db.select(PostRevision).order_by(PostRevision.id.desc())).first()


class TestBeginning:
    def test_opening_the_page_keeps_nothing(self, author, dump):
        """An article begins with the first text that is saved."""
        before = dump()
        author.get("/desk/posts/new")

        assert before == dump()

    def test_saving_nothing_keeps_nothing(self, app, author):
        """An empty editor is no article."""
        answer = author.post("/desk/posts/new", data=sent(author, "/desk/posts/new"))

        assert (422, []) == (answer.status_code, versions(app))

    def test_the_name_of_the_writer_stands_there_and_is_no_text(self, app, author):
        """Nobody types their own name; nothing else typed is nothing to save."""
        with app.app_context():
            begin_write()
            give_byline(db.session.get(Account, author.account_id))
            db.session.commit()
        page = sent(author, "/desk/posts/new")

        assert "Mo Moderator" == page["authors"]
        assert (422, []) == (author.post("/desk/posts/new", data=page).status_code, versions(app))

    def test_a_draft_needs_no_title(self, app, author):
        """Whatever was typed is kept, and listed."""
        address = begun(author, body="Half a sent")

        assert "Half a sent" in author.get(address).text
        assert "Untitled" in author.get("/desk/posts").text

    def test_a_whole_article_lacks_nothing(self, app, author):
        """What the fields say is the article's document."""
        begun(author, **WHOLE)
        kept = newest(app)
        with app.app_context():
            document = db.session.get_one(PostRevision, kept.id).document

        assert (None, "Übungen für den Rücken", ["team"]) == (kept.missing, document["title"], document["authors"])


class TestAddress:
    def slug(self, app, address):
        with app.app_context():
            return db.session.get_one(Post, int(address.rsplit("/", 1)[1])).slug

    def test_is_made_from_the_title(self, app, author):
        """In Latin letters without marks."""
        assert "ubungen-fur-den-rucken" == self.slug(app, begun(author, **WHOLE))

    def test_comes_with_the_title(self, app, author):
        """A draft without a title gets its address when it gets one."""
        address = begun(author, body="Text")
        author.post(address, data=sent(author, address, title="Now it has one"))

        assert "now-it-has-one" == self.slug(app, address)

    def test_of_two_alike_is_numbered(self, app, author):
        """No second article gets an address that another has."""
        assert ["other-2", "other-3"] == [self.slug(app, begun(author, title="Other")) for _ in range(2)]

    def test_of_another_is_refused_beside_its_field(self, app, author):
        """Nothing is saved, and the text is still there."""
        address = begun(author, **WHOLE)
        answer = author.post(address, data=sent(author, address, slug="other", body="New text"))

        assert (422, 1) == (answer.status_code, len(versions(app)))
        assert ("belongs to another article" in answer.text, "New text" in answer.text) == (True, True)

    def test_of_a_draft_becomes_free(self, app, author):
        """Nobody has ever seen it, so nothing has to lead from it to the new one."""
        address = begun(author, title="First")
        author.post(address, data=sent(author, address, slug="second"))
        with app.app_context():
            slugs = list(db.session.scalars(db.select(PostSlug.slug)))

        assert ["other", "second"] == sorted(slugs)

    def test_of_a_published_one_redirects_for_ever(self, app, client, make, staff):
        """An editor changes it; the old address leads to the new one."""
        post, editor = make.post("old"), staff(RoleName.EDITOR)
        editor.post(f"/desk/posts/{post.id}", data=sent(editor, f"/desk/posts/{post.id}", slug="new"))

        assert (301, "/posts/new") == (client.get("/posts/old").status_code, client.get("/posts/old").location)

    @pytest.mark.parametrize("button", ["ask", "publish", "schedule"])
    def test_of_a_page_that_a_button_left_leads_to_the_editor(self, author, button):
        """Loaded again, or opened after signing in."""
        address = begun(author, title="One")

        assert address == author.get(f"{address}/{button}").location


class TestSlips:
    @pytest.mark.parametrize(
        ("field", "typed", "said"),
        [
            ("title", "x" * 151, "Title has 151 characters; 150 fit."),
            ("body", "## Stretches\r\n\r\nGo.", "would stand above the warning signs"),
            ("body", "Fine.\r\n\r\n<b>no</b>", "Text, line 3"),
            ("authors", "The teem", "Did you mean “The team”?"),
            ("muscles", "Psoaz", "Did you mean “Psoas”?"),
            ("key_facts", "One.\r\n" + "x" * 301, "In short, line 2 has 301 characters"),
            ("safety-cautions", "Ask.", "Warning signs: still missing."),
            ("references-0-url", "ftp://x", "Source 1: Its address"),
            ("stretches-0-name", "Bend", "Stretch 1: Steps"),
        ],
    )
    def test_stand_beside_their_fields_with_the_text_kept(self, author, field, typed, said):
        """The same rules as for files; what was typed is saved and shown again."""
        address = begun(author, **{**WHOLE, field: typed})
        page = author.get(address).text
        told = re.findall(r'class="field__error"[^>]*>([^<]*)<', page)

        assert said in " ".join(told)
        assert fields(page)[field].replace("\n", "\r\n") == typed

    def test_a_picture_says_that_its_figure_is_one(self, author):
        """Chosen without JavaScript, nobody has to say it twice."""
        page = author.get(begun(author, **WHOLE, **{"figures-0-picture": "wall"})).text

        assert "picture" == fields(page)["figures-0-kind"]

    def test_of_a_whole_article_are_none(self, author):
        """Nothing is marked where nothing is wrong."""
        page = author.get(begun(author, **WHOLE)).text

        assert ([], False) == (re.findall("field__error", page), "Before it can be shown" in page)


class TestHostile:
    @pytest.mark.both_databases
    @pytest.mark.parametrize("where", ["", "/autosave"])
    def test_signs_that_no_database_takes_are_left_out(self, author, where):
        """Zero bytes in any field; the rest of what was typed is kept."""
        address = begun(author, **WHOLE)
        page = {name: f"{text}\0" for name, text in sent(author, address, title="Ti\0tle", count="1").items()}
        answer = author.post(f"{address}{where}", data={**page, "slug": "", "do": "save", "comments_days": ""})
        link = re.search(r'href="([^"]+continue=[^"]+)"', author.get(address).text)

        assert answer.status_code in (200, 303)
        assert "Title" == fields(author.get(link[1] if link else address).text)["title"]

    @pytest.mark.parametrize(
        "row",
        ["[" * 5_000, '{"name": "\\ud800"}', '{"name": "a\\u0000b"}', '{"name": [[]]}'],
        ids=["deep", "half", "zero", "list"],
    )
    def test_a_card_that_was_made_up_harms_nothing(self, author, row):
        removed = f'{{"list": "stretches", "at": 0, "row": {row}}}'
        answer = author.post("/desk/posts/new", data={"seen": "", "removed": removed, "do": "undo"})

        assert 200 == answer.status_code


class TestCards:
    def test_of_a_long_list_are_all_kept(self, author):
        """A file may have brought more than buttons add."""
        address = begun(author, **WHOLE, **{f"references-{number}-text": f"Source {number}" for number in range(70)})

        assert "Source 69" == fields(author.get(address).text)["references-69-text"]

    def rows(self, answer):
        """The names of the stretches in the form."""
        found = fields(answer.text)
        return [found[name] for name in sorted(found) if re.fullmatch(r"stretches-\d+-name", name)]

    def press(self, client, do, names, **more):
        typed = {f"stretches-{index}-name": name for index, name in enumerate(names)}
        return client.post("/desk/posts/new", data={**sent(client, "/desk/posts/new"), **typed, "do": do, **more})

    @pytest.mark.parametrize(
        ("do", "expected"),
        [
            ("add:stretches", ["a", "b", "c", ""]),
            ("remove:stretches:1", ["a", "c"]),
            ("up:stretches:2", ["a", "c", "b"]),
            ("down:stretches:0", ["b", "a", "c"]),
            ("up:stretches:0", ["a", "b", "c"]),
            ("remove:stretches:9", ["a", "b", "c"]),
            ("nonsense", ["a", "b", "c"]),
        ],
    )
    def test_are_moved_by_buttons(self, app, author, do, expected):
        """Everything typed is still there, and nothing is saved."""
        answer = self.press(author, do, "abc", title="Kept")

        assert (200, expected, "Kept", []) == (
            answer.status_code,
            self.rows(answer),
            fields(answer.text)["title"],
            versions(app),
        )

    def test_that_were_taken_out_can_be_put_back(self, author):
        """At its place, with what was typed into it."""
        removed = fields(self.press(author, "remove:stretches:1", "abc").text)["removed"]

        assert ["a", "b", "c"] == self.rows(self.press(author, "undo", "ac", removed=removed))

    @pytest.mark.parametrize("removed", ["", "x", "[]", '{"list": "x"}', '{"list": "stretches", "at": "y", "row": {}}'])
    def test_that_were_never_there_do_not_come_back(self, author, removed):
        """Whatever the form brings, the page comes back."""
        assert ["a"] == self.rows(self.press(author, "undo", "a", removed=removed))

    def test_without_anything_in_them_are_dropped(self, app, author):
        """An empty card is no slip."""
        begun(author, **WHOLE, **{"stretches-0-name": "", "references-0-text": " "})

        assert newest(app).missing is None


class TestVersions:
    def test_saving_what_was_shown_makes_none(self, app, author):
        """Only what changed is a version."""
        address = begun(author, **WHOLE)
        author.post(address, data=sent(author, address))

        assert 1 == len(versions(app))

    def test_of_two_people_are_both_kept(self, app, author, sign_in, make):
        """The later one is told who saved and sees both texts; saving again keeps theirs before it."""
        address = begun(author, **WHOLE)
        editor = sign_in(make.account(RoleName.EDITOR, name="Edda Editor"))
        mine, theirs = sent(author, address, kicker="Mine"), sent(editor, address, kicker="Theirs")
        editor.post(address, data=theirs)
        refused = author.post(address, data=mine)
        kept = len(versions(app))
        again = author.post(address, data={**mine, "seen": fields(refused.text)["seen"]})

        assert (409, 303, 2, 3) == (refused.status_code, again.status_code, kept, len(versions(app)))
        assert ("Edda Editor saved another version" in refused.text, "mark--added" in refused.text) == (True, True)
        assert "Mine" == newest(app).kicker

    def test_that_say_the_same_are_no_conflict(self, app, author):
        """A form that is sent twice is one version."""
        address = begun(author, **WHOLE)
        data = sent(author, address, kicker="Once")

        assert [303, 303, 2] == [*(author.post(address, data=data).status_code for _ in range(2)), len(versions(app))]

    def test_can_be_compared(self, app, author):
        """Any two, with the words marked."""
        address = begun(author, **WHOLE)
        author.post(address, data=sent(author, address, body="## What it does\r\n\r\nIt bends."))
        first, second = versions(app)
        page = author.get(f"{address}/versions?before={first}&after={second}").text

        assert ["moves", "bends"] == re.findall(r"mark--(?:removed|added)\">([^<]*)<", page)

    def test_come_back(self, app, author):
        """An earlier one becomes the newest, and makes the page it made before."""
        address = begun(author, **WHOLE)
        author.post(address, data=sent(author, address, body="Worse."))
        first = versions(app)[0]
        author.post(f"{address}/restore", data={"version": first})
        with app.app_context():
            before, after = (db.session.get_one(PostRevision, number) for number in (first, versions(app)[-1]))

            assert first != after.id
            assert (before.digest, before.rendered) == (after.digest, after.rendered)

    def test_of_another_article_do_not_come_back(self, app, author, make):
        """Nor are they compared."""
        address = begun(author, **WHOLE)
        with app.app_context():
            other = db.session.scalars(db.select(PostRevision.id).order_by(PostRevision.id)).first()

        assert 404 == author.post(f"{address}/restore", data={"version": other}).status_code
        assert "What changed" not in author.get(f"{address}/versions?before={other}&after={other}").text


class TestForm:
    def test_that_has_expired_gives_the_text_back(self, author):
        """Whoever was signed out in the middle of a sentence finds all of it on the page that says so."""
        data = {**sent(author, "/desk/posts/new"), **WHOLE, "stretches-0-steps": "Lie down.", "csrf_token": "old"}
        answer = author.post("/desk/posts/new", data=data)

        assert 400 == answer.status_code
        assert ("It moves." in answer.text, "Lie down." in answer.text) == (True, True)

    def test_that_is_not_the_editors_changes_nothing(self, app, author):
        """A request without the form's fields would empty the article."""
        address = begun(author, **WHOLE)

        assert (400, 1) == (author.post(address).status_code, len(versions(app)))


def test_every_sample_article_saved_unchanged_is_the_same(app, staff):
    """
    The form holds all of an article: sent back untouched, the document is the same byte for byte, and so its page.
    """
    with app.app_context():
        sample.ensure_vocabulary()
        pages = markdown.read_folder(sample.ARTICLES)
        begin_write()
        markdown.ensure_people(sample.ARTICLES)
        slugs = [outcome.slug for outcome in markdown.store(pages, sample=True)]
        db.session.commit()
        posts = {post.slug: post.id for post in db.session.scalars(Post.everything())}
    editor, changed = staff(RoleName.EDITOR), []
    for slug in slugs:
        address = f"/desk/posts/{posts[slug]}"
        if editor.post(address, data=sent(editor, address)).status_code != 303:
            changed.append(slug)
    with app.app_context():
        kept = dict(db.session.execute(db.select(PostRevision.post_id, PostRevision.digest)).all())
        count = db.session.scalar(db.select(db.func.count()).select_from(PostRevision))

    assert ([], len(slugs)) == (changed, count)
    assert {posts[page.slug]: digest(page.manuscript.article.data()) for page in pages} == kept
    assert len(slugs) == 24


def test_the_editor_asks_for_every_field_of_an_article():
    """A field that it did not know would be lost with the first save."""
    records = {"": Article, "safety": Safety, "video": Video}
    asked = {
        record: {part.name for one in SECTIONS if one.record == record for part in one.parts} for record in records
    }
    of_lists = {"stretches": Stretch, "figures": Figure, "references": Reference}
    asked |= {name: {part.name for part in LISTS[name].parts} for name in of_lists}
    has = {name: {field.name for field in dataclasses.fields(kind)} for name, kind in (records | of_lists).items()}
    has[""] -= {"safety", "video", *of_lists}

    assert has == asked
