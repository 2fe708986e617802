"""The description of the API: valid OpenAPI 3.1, true of every answer, and readable by people."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from blog import sample
from blog.comments.models import State

PARAMETERS = {"slug": {"muscles": "psoas", "pain-areas": "buttock", "conditions": "sciatica", "posts": "one"}}


@pytest.fixture
def document(client):
    return client.get("/api/v1/openapi.json").get_json()


@pytest.fixture
def site(app, make):
    with app.app_context():
        sample.ensure_vocabulary()
    post = make.post("one", **make.whole_article())
    make.comment(parent=make.comment(post, state=State.APPROVED), state=State.APPROVED)


def test_is_valid(document):
    assert "3.1.0" == document["openapi"]
    assert [] == list(OpenAPIV31SpecValidator(document).iter_errors())


def test_is_true_of_every_answer(client, site, document):
    """Each address of the description answers what its schema says, and no field more."""
    wrong = []
    for path, operations in document["paths"].items():
        address = "/api/v1" + path.replace("{slug}", PARAMETERS["slug"].get(path.split("/")[1], ""))
        answer = client.get(address, query_string={"q": "psoas"} if path == "/search" else {}).get_json()
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        errors = Draft202012Validator({**schema, "components": document["components"]}).iter_errors(answer)
        wrong += [(path, error.message) for error in errors]
        assert answer.get("items") != [], path  # an empty list would prove nothing

    assert [] == wrong
    assert 11 <= len(document["paths"])


def test_names_every_address(app, document):
    """Nothing below /api/v1 is left out but the description itself."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    described = {re.sub("{[a-z]+}", "x", path) for path in document["paths"]}
    plain = {re.sub("<any[^>]*>", "muscles", rule).replace("<slug>", "x").removeprefix("/api/v1") for rule in rules}

    assert {"/openapi.json"} == plain - described


def test_is_a_page_for_people(client, document):
    """Every address, parameter and record, without a script of others; its links within the page lead somewhere."""
    page = client.get("/api").get_data(as_text=True)
    ids = set(re.findall(r'id="([\w-]+)"', page))

    assert [] == [path for path in document["paths"] if f"<code>{path}</code>" not in page]
    assert set() == set(re.findall(r'href="#([\w-]+)"', page)) - ids
    assert [] == [src for src in re.findall(r'src="([^"]+)"', page) if not src.startswith("/")]
