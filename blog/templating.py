"""How Jinja works here, and what the templates of both wings may ask. What one wing alone asks, it registers itself."""

from __future__ import annotations

import pickle
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

from flask import Flask, request, url_for
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from blog import headers
from blog.addresses import absolute
from blog.assets import asset, page_colours, preloads
from blog.markup import day_time, iso, kept_lines, moment, once, own_script, stored_html
from blog.media import portraits
from blog.pages.models import Page, Site
from blog.text.characters import COMMENT_MAX_CHARS
from blog.text.comments import without_links
from blog.text.plain import excerpt, plain
from blog.words import age, count_of, duration


class Templates(Environment):
    """Jinja's environment, for templates that all have the same globals."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Without a map for what a single template has on top: each import and each include goes through it."""
        return super().make_globals(d) if d else self.globals


class KeptBytecode(FileSystemBytecodeCache):
    """Compiled templates in a folder: compiling them again takes a new process longer than its first twenty pages.

    A full or read-only disk, or a file that ends early, costs time, not the page.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def options(app: Flask) -> dict[str, Any]:
    """How Jinja works. Set before anything asks for a template."""
    folder = app.config["BLOG_INSTANCE_PATH"] / "templates"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
    return {"trim_blocks": True, "lstrip_blocks": True, "bytecode_cache": KeptBytecode(str(folder))}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        absolute=absolute,
        asset=asset,
        comment_max_chars=COMMENT_MAX_CHARS,
        current_site=Site.current,
        first_script=own_script(headers.FIRST_SCRIPT),
        kept_lines=kept_lines,
        page_colours=page_colours,
        page_head=page_head,
        page_titles=page_titles,
        page_url=page_url,
        portrait_address=portraits.address,
        portrait_sides=portraits.SIDES,
        preloads=preloads,
    )
    app.jinja_env.filters.update(
        age=age,
        count_of=count_of,
        day_time=day_time,
        duration=duration,
        initials=portraits.initials,
        iso=iso,
        moment=moment,
        plain_excerpt=plain_excerpt,
        sentence=sentence,
        stored_html=stored_html,
        without_links=without_links,
    )


def page_titles() -> list[tuple[str, str]]:
    """Slug and title of the site's pages, as the footer lists them."""
    return [(slug, text.title) for slug, text in Page.texts().items()]


def page_url(number: int) -> str:
    """This page's address with another page number; the first page has none."""
    arguments: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict()}
    arguments["page"] = number if number > 1 else None
    return url_for(str(request.endpoint), **arguments)


def page_head() -> str:
    """What every page loads, for its <head>."""
    return once("layouts/_head.html")


def plain_excerpt(html: str, chars: int) -> str:
    """The beginning of stored HTML, as text."""
    return excerpt(plain(html), chars)


def sentence(text: str) -> str:
    """A note of the vocabulary as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
