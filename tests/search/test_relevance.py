"""People find what they look for, in their words, on both databases alike."""

from __future__ import annotations

import pytest

from blog import create_app, sample
from blog.database import db
from tests.conftest import SECRET_KEY
from tests.search.conftest import links
from tests.search.queries import ASKED, KEPT_ASIDE

TOP = 3
SHARE = 0.95  # of the questions whose page has to be among the first


def missed(client, table):
    """The questions whose page is not among the first, with what was there instead."""
    tried = ((words, expected, links(client, words)[:TOP]) for words, expected in table)
    return [(words, expected, there) for words, expected, there in tried if not set(there) & set(expected)]


@pytest.mark.both_databases
def test_the_page_hoped_for_is_among_the_first(sample_site, client):
    """Patients' and therapists' words, lay words, abbreviations, unfinished words and slips."""
    wrong = missed(client, ASKED)

    assert len(ASKED) >= 60
    assert len(wrong) <= (1 - SHARE) * len(ASKED), wrong


def test_also_for_questions_that_nobody_looked_at(sample_site, client):
    """A table that was kept aside while the search was made."""
    wrong = missed(client, KEPT_ASIDE)

    assert len(KEPT_ASIDE) >= 30
    assert len(wrong) <= (1 - SHARE) * len(KEPT_ASIDE), wrong


def test_both_databases_lead_to_the_same_page(sample_site, client, postgres, tmp_path):
    """The first hit is the same for nine of ten questions."""
    settings = {"BLOG_DATABASE_URL": postgres.emptied(), "BLOG_INSTANCE_PATH": str(tmp_path / "other")}
    other = create_app({"BLOG_SECRET_KEY": SECRET_KEY, "BLOG_SITE_URL": "http://localhost", **settings})
    for step in (sample.ensure_vocabulary, sample.ensure_pages, sample.load):
        with other.app_context():
            step()
    questions = [words for words, _ in (*ASKED, *KEPT_ASIDE)]
    here = [links(client, words)[:1] for words in questions]
    there = [links(other.test_client(), words)[:1] for words in questions]
    with other.app_context():
        db.session.remove()
        db.engine.dispose()

    same = sum(one == two for one, two in zip(here, there, strict=True))

    assert same >= 0.9 * len(questions)
