"""The sample site for tests of what is found in it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog import sample

LINK = re.compile(r'href="(/(?:posts|muscles|pain|conditions)/[^"/]+)"')


@pytest.fixture
def sample_site(app: Flask) -> Flask:
    """`app` with the vocabulary and the sample articles."""
    for step in (sample.ensure_vocabulary, sample.ensure_pages, sample.load):
        with app.app_context():
            step()
    return app


@pytest.fixture
def found(client: FlaskClient) -> Callable[..., list[str]]:
    """`found("calf")`: the pages to which the answer leads, in its order."""

    def looking(words: str, **arguments: str) -> list[str]:
        return links(client, words, **arguments)

    return looking


def links(client: FlaskClient, words: str, **arguments: str) -> list[str]:
    answer = client.get("/search", query_string={"q": words, **arguments})
    assert 200 == answer.status_code
    main = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    return list(dict.fromkeys(LINK.findall(main)))
