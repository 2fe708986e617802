"""The list of articles at the desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from blog.accounts.models import Person, RoleName
from blog.clock import now
from blog.database import begin_write, db
from blog.posts.models import Post
from blog.posts.overview import OVERVIEW_LENGTH


def titles(answer):
    """The titles in the list, in order."""
    found = re.findall(r'articles__title">(?:<a[^>]*>)?([^<]*)<', answer.text)
    return [title.strip() for title in found]


@pytest.fixture
def editor(staff):
    return staff(RoleName.EDITOR)


class TestStates:
    @pytest.mark.parametrize(
        ("state", "expected"),
        [("", "adps"), ("draft", "d"), ("scheduled", "s"), ("published", "p"), ("archived", "a"), ("in+review", "")],
    )
    def test_each_has_its_list(self, make, editor, state, expected):
        """Without a state all are listed, with one those that are in it."""
        make.post(title="d", published_at=None)
        make.post(title="s", published_at=now() + timedelta(days=1))
        make.post(title="p")
        make.post(title="a", archived=True)

        assert list(expected) == sorted(titles(editor.get(f"/desk/posts?state={state}")))

    def test_are_counted(self, make, editor):
        """Each state says how many there are, of those that the search finds."""
        make.post(title="one kept", published_at=None)
        make.post(title="two kept")
        make.post(title="three")
        page = editor.get("/desk/posts?q=kept").text
        counts = dict(re.findall(r'filters__link"[^>]*>(\w[\w ]*) <span class="filters__count">(\d+)<', page))

        assert {"All": "2", "Draft": "1", "Published": "1"} == {name: n for name, n in counts.items() if n != "0"}


class TestOrder:
    def test_what_changed_last_comes_first(self, make, editor):
        """A new version brings an article to the top, under its newest title."""
        first = make.post(title="first")
        make.post(title="second")
        make.revision(first, title="first, changed")

        assert ["first, changed", "second"] == titles(editor.get("/desk/posts"))

    def test_pages_follow_each_other_without_gap(self, make, editor):
        """Walking through the pages meets each article once."""
        for number in range(OVERVIEW_LENGTH + 2):
            make.post(title=f"n{number}")
        first = editor.get("/desk/posts")
        next_page = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
        found = titles(first) + titles(editor.get(next_page))

        assert [f"n{number}" for number in reversed(range(OVERVIEW_LENGTH + 2))] == found

    def test_a_place_that_is_none_is_the_beginning(self, make, editor):
        """Addresses that were changed by hand show the list."""
        make.post(title="one")

        assert [["one"]] * 2 == [titles(editor.get(f"/desk/posts?before={place}")) for place in ("x", "9" * 30)]


class TestSearch:
    @pytest.mark.both_databases
    @pytest.mark.parametrize(("words", "found"), [("ubungen", True), ("seated rücken", True), ("absent", False)])
    def test_finds_words_of_title_and_text(self, make, editor, words, found):
        """However they are written, all of them, wherever they stand."""
        make.post(title="Übungen", body="Seated, for the Rucken.")

        assert found is bool(titles(editor.get("/desk/posts", query_string={"q": words})))


class TestRights:
    def test_an_author_sees_their_own(self, app, make, staff):
        """What they began, and what stands under their name; nothing else."""
        author = staff(RoleName.AUTHOR)
        begun, named = make.post(title="begun"), make.post(title="named", authors=["ada"])
        make.post(title="other")
        with app.app_context():
            begin_write()
            db.session.get_one(Post, begun.id).account_id = author.account_id
            db.session.scalars(Person.with_slugs(["ada"])).one().account_id = author.account_id
            db.session.commit()

        assert {"begun", "named"} == set(titles(author.get("/desk/posts")))
        assert named.id

    @pytest.mark.parametrize("role", [RoleName.EDITOR, RoleName.REVIEWER, RoleName.ADMIN])
    def test_others_see_all_or_theirs(self, make, staff, role):
        """Editors and reviewers see all, and theirs when they ask for it."""
        make.post(title="other")
        client = staff(role)

        assert (["other"], []) == (titles(client.get("/desk/posts")), titles(client.get("/desk/posts?mine=1")))
