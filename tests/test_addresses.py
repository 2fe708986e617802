"""Paths are remembered, and are what Flask would say."""

from __future__ import annotations

from inspect import iscoroutinefunction
from itertools import chain

import pytest
from flask import Flask

from blog import addresses

ASKED = [
    ("posts.home", {}),
    ("posts.home", {"page": 2}),
    ("posts.home", {"page": True}),
    ("posts.home", {"page": 1}),
    ("posts.home", {"page": 1.0}),
    ("posts.home", {"page": None}),
    ("posts.home", {"page": ["1", "2"]}),
    ("posts.show", {"slug": "a b/c&d"}),
    ("posts.show", {"slug": "a", "_anchor": "comments"}),
    ("posts.show", {"slug": "a", "_external": True}),
    ("posts.show", {"slug": "a", "_external": True, "_scheme": "https"}),
    ("comments.permalink", {"slug": "a", "comment_id": 7}),
    (".home", {}),
]


def test_a_path_is_what_flask_says_the_second_time_too(app):
    with app.test_request_context("/"):
        for endpoint, values in ASKED:
            expected = Flask.url_for(app, endpoint, **values)

            assert expected == app.url_for(endpoint, **values)
            assert expected == app.url_for(endpoint, **values)


def test_a_site_below_another_path_has_paths_of_its_own(app):
    with app.test_request_context("/"):
        app.url_for("posts.home")
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/blog"}):
        assert "/blog/" == app.url_for("posts.home")


def test_an_address_with_its_host_is_not_remembered(app):
    with app.test_request_context("/", base_url="https://one.example"):
        app.url_for("posts.home", _external=True)
    with app.test_request_context("/", base_url="https://two.example"):
        assert "https://two.example/" == app.url_for("posts.home", _external=True)


@pytest.mark.parametrize(("asked", "kept"), [("a" * 20, 1), ("a" * 300, 0)])
def test_a_long_path_is_not_remembered(app, asked, kept):
    with app.test_request_context("/"):
        app.url_for("search.show", q=asked)

    assert kept == len(app._paths)


def test_so_many_paths_are_remembered_and_no_more(app, monkeypatch):
    monkeypatch.setattr(addresses, "PATHS_KEPT", 3)
    with app.test_request_context("/"):
        for number in range(10):
            app.url_for("posts.show", slug=f"a-{number}")

            assert len(app._paths) <= 3


def test_nothing_that_flask_calls_is_a_coroutine(app):
    """It is called as it is: Flask would look at each of these for each request."""
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    handlers = (by_class.values() for by_code in app.error_handler_spec.values() for by_class in by_code.values())
    called = [
        *app.view_functions.values(),
        *chain.from_iterable(chain.from_iterable(of_each.values()) for of_each in hooks),
        *app.teardown_appcontext_funcs,
        *chain.from_iterable(handlers),
    ]

    assert (True, []) == (len(called) > 100, [one for one in called if iscoroutinefunction(one)])
