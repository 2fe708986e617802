"""The OpenAPI 3.1 document, made from the rules of the addresses and from the types that make the answers.

Own code, a page of it: what the libraries bring beside this is a second way to declare types, checks of each answer
while it is made, and pages that load scripts from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app

from blog.addresses import absolute
from blog.pages.models import Site
from blog.public.api.parameters import SLUG_PATTERN, Parameter
from blog.public.api.records import Problem
from blog.public.api.schema import Schema, schema_of

VERSION = "1.0"  # of what is described; what only adds to it changes the second number
BEFORE = "/api/v1"
PROBLEMS = {
    "400": "A parameter cannot be meant.",
    "404": "There is nothing, or nothing public, at this address.",
    "405": "Only GET, HEAD and OPTIONS are possible.",
    "500": "Something went wrong here.",
    "503": "Too much to do; Retry-After says when to ask again.",
}

SLUG = {"type": "string", "pattern": f"^{SLUG_PATTERN}$"}

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Answers:
    """What a view answers: a record, or one for each kind of entry; and what may be said to it."""

    record: type | Mapping[str, type]
    summary: str
    parameters: tuple[Parameter, ...]
    required: tuple[Parameter, ...]


def answers(
    record: type | Mapping[str, type], summary: str, *given: Parameter, required: tuple[Parameter, ...] = ()
) -> Callable[[View], View]:
    """Says what a view answers, for the description."""

    def mark(view: View) -> View:
        view.answers = Answers(record, summary, given, required)  # type: ignore[attr-defined]
        return view

    return mark


def document() -> dict[str, Any]:
    """The whole description."""
    known: dict[str, Schema] = {}
    paths = {path: {"get": operation} for path, operation in sorted(_operations(known))}
    schema_of(Problem, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": Site.current().name,
            "version": VERSION,
            "summary": "Read-only: articles, the vocabulary, approved comments and the search.",
            "description": "Public and the same for everybody, so it needs no key. Answers carry an ETag; send it back "
            "as If-None-Match and you are told when nothing has changed. Browsers of other sites may read it. "
            "Show the warning signs and the disclaimer with what you take.",
        },
        "servers": [{"url": absolute(BEFORE)}],
        "paths": paths,
        "components": {"schemas": dict(sorted(known.items())), "responses": _problems()},
    }


def _operations(known: dict[str, Schema]) -> Iterator[tuple[str, dict[str, Any]]]:
    for rule in current_app.url_map.iter_rules():
        told: Answers | None = getattr(current_app.view_functions.get(rule.endpoint), "answers", None)
        if told is None:
            continue
        path = rule.rule.removeprefix(BEFORE)
        name = rule.endpoint.rpartition(".")[2]
        for plural in _plurals(path):
            here = re.sub("<any[^>]*>", plural, path)
            record = told.record[plural] if isinstance(told.record, Mapping) else told.record
            operation = f"{name}_{plural}".replace("-", "_") if plural else name
            yield re.sub("<([a-z]+)>", r"{\1}", here), _operation(operation, told, record, rule.arguments, known)


def _plurals(path: str) -> list[str]:
    """The words that a part of the address may be; one that is empty where it has no such part."""
    choice = re.search("<any\\(([^)]*)\\)", path)
    return re.findall("'([^']+)'", choice[1]) if choice else [""]


def _operation(
    name: str, told: Answers, record: type, arguments: Iterable[str], known: dict[str, Schema]
) -> dict[str, Any]:
    slug = {
        "name": "slug",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": f"^{SLUG_PATTERN}$"},
    }
    etag = {"schema": {"type": "string"}, "description": "Send it back as If-None-Match."}
    asked = [
        {
            "name": one.name,
            "in": "query",
            "description": one.meaning,
            "schema": one.schema,
            "required": one in told.required,
        }
        for one in told.parameters
    ]
    failing = [code for code in PROBLEMS if code != "400" or asked]
    return {
        "operationId": name,
        "summary": told.summary,
        "parameters": [*([slug] if "slug" in arguments else []), *asked],
        "responses": {
            "200": {
                "description": told.summary,
                "headers": {"ETag": etag},
                "content": {"application/json": {"schema": schema_of(record, known)}},
            },
            "304": {"description": "You have it already."},
            **{code: {"$ref": f"#/components/responses/{code}"} for code in failing},
        },
    }


def _problems() -> dict[str, Any]:
    form = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": words, "content": form} for code, words in PROBLEMS.items()}
