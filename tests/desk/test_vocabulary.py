"""Changing the vocabulary at the desk."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from blog import sample
from blog.accounts.models import RoleName
from blog.anatomy.models import Entry, EntryKind
from blog.database import db

ADDRESS = "/desk/vocabulary/condition/bruxism"


@pytest.fixture
def editor(app, staff):
    with app.app_context():
        sample.ensure_vocabulary()
    return staff(RoleName.EDITOR)


def fields(**values):
    return {
        "name": "Teeth grinding",
        "aliases": "bruxism\nclenching",
        "plain": "Grinding the teeth.",
        "caveat": "A dentist can help.",
        "confidence": "low",
        **values,
    }


def test_a_change_is_shown_at_once(editor, client):
    """Saving makes a new version and publishes it."""
    editor.post(ADDRESS, data=fields())

    assert "Teeth grinding" in client.get("/conditions/bruxism").get_data(as_text=True)


@pytest.mark.parametrize(
    "kind_and_slug", ["muscle/psoas", "pain_area/heel", "red_flags/head-neck", "region/neck", "source/grays"]
)
def test_saving_what_was_shown_changes_nothing(app, editor, kind_and_slug):
    """The form holds everything that it saves: sent back untouched, the document is the same."""
    kind, slug = kind_and_slug.split("/")
    address = f"/desk/vocabulary/{kind_and_slug}"
    with app.app_context():
        before = db.session.scalars(Entry.shown(EntryKind(kind), slug)).one().document
    sent = {
        name: value
        for name, value in filled_in(editor.get(address).get_data(as_text=True)).items()
        if name != "csrf_token"
    }

    assert 303 == editor.post(address, data=sent).status_code
    with app.app_context():
        after = db.session.scalars(Entry.shown(EntryKind(kind), slug)).one().document
    assert before == after


def test_unknown_names_are_refused_with_the_text_kept(editor):
    """A muscle can only name what the vocabulary knows."""
    address = "/desk/vocabulary/muscle/psoas"
    sent = filled_in(editor.get(address).get_data(as_text=True)) | {"synergists": "Nosuchmuscle"}
    answer = editor.post(address, data=sent)
    page = answer.get_data(as_text=True)

    assert (422, True, True) == (
        answer.status_code,
        "does not know: Nosuchmuscle" in page,
        "Nosuchmuscle</textarea>" in page,
    )


def test_an_update_of_the_software_keeps_what_was_changed(app, editor, client):
    """`flask init` never overwrites an entry edited at the desk."""
    editor.post(ADDRESS, data=fields())
    with app.app_context():
        sample.ensure_vocabulary()

    assert "Teeth grinding" in client.get("/conditions/bruxism").get_data(as_text=True)


def test_an_earlier_version_can_be_shown_again(app, editor, client):
    """Restoring makes a new version from an old one."""
    with app.app_context():
        first = db.session.scalars(Entry.shown(EntryKind.CONDITION, "bruxism")).one()
        number, name = first.public_revision_id, first.name
    editor.post(ADDRESS, data=fields())
    editor.post(f"{ADDRESS}/versions/{number}")

    assert name in client.get("/conditions/bruxism").get_data(as_text=True)


def test_another_entrys_version_cannot_be_shown(app, editor):
    """A version belongs to its entry."""
    with app.app_context():
        other = db.session.scalars(Entry.shown(EntryKind.CONDITION, "tension-headache")).one().public_revision_id

    assert 404 == editor.post(f"{ADDRESS}/versions/{other}").status_code


def filled_in(page: str) -> dict[str, str]:
    """What a browser would send of the first form that posts to the entry itself."""

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.values, self.inside, self.area, self.select = {}, False, None, None

        def handle_starttag(self, tag, attributes):
            given = dict(attributes)
            if tag == "form":
                self.inside = not self.values and given.get("method") == "post" and "vocabulary" in given["action"]
            if not self.inside:
                return
            if tag == "input" and given.get("type") != "checkbox":
                self.values[given["name"]] = given.get("value", "")
            elif tag == "input" and "checked" in given:
                self.values[given["name"]] = given.get("value", "y")
            elif tag == "textarea":
                self.area = given["name"]
                self.values[self.area] = ""
            elif tag == "select":
                self.select = given["name"]
            elif tag == "option" and self.select and "selected" in given:
                self.values[self.select] = given["value"]

        def handle_data(self, data):
            if self.area:
                self.values[self.area] += data

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.values[self.area] = self.values[self.area].strip("\r\n")
                self.area = None
            elif tag == "form":
                self.inside = False

    reader = Reader()
    reader.feed(page)
    return reader.values
