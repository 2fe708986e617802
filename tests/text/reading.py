"""HTML read as a browser reads it, and what must hold for all HTML made here."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from bleach import html5lib_shim

from blog.text.articles import Rendered
from blog.text.sanitising import sanitise_article, sanitise_comment

# Written out again on purpose: a tag that slips into the module's list must fail here.
COMMENT_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
COMMENT_ATTRIBUTES = {("a", "href"), ("a", "rel"), ("ol", "start")}
ARTICLE_TAGS = COMMENT_TAGS | {
    "s",
    "hr",
    "h2",
    "h3",
    "h4",
    "aside",
    "div",
    "section",
    "sup",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ARTICLE_ATTRIBUTES = COMMENT_ATTRIBUTES | {
    ("a", "id"),
    ("a", "class"),
    ("a", "aria-label"),
    ("h2", "id"),
    ("h3", "id"),
    ("h4", "id"),
    ("li", "id"),
    ("p", "class"),
    ("aside", "class"),
    ("aside", "aria-label"),
    ("div", "class"),
    ("div", "tabindex"),
    ("div", "role"),
    ("div", "aria-label"),
    ("th", "class"),
    ("th", "scope"),
    ("td", "class"),
    ("sup", "class"),
    ("section", "class"),
    ("section", "aria-label"),
}
CLASSES = {
    "align-left",
    "align-center",
    "align-right",
    "table-scroll",
    "callout callout--note",
    "callout callout--care",
    "callout__title",
    "footnotes",
    "footnotes__back",
    "footnote-ref",
}


def elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element a browser would make of `html`: its tag and attributes."""
    parser = html5lib_shim.HTMLParser(namespaceHTMLElements=False)
    for element in parser.parseFragment(html).iter():
        if element.tag != "DOCUMENT_FRAGMENT":
            yield str(element.tag), dict(element.attrib)


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and tag == self.open.pop()


def assert_balanced(html: str) -> None:
    parser = _Balance()
    parser.feed(html)
    parser.close()
    assert [] == parser.open


def assert_safe_comment(html: str) -> None:
    for tag, attributes in elements(html):
        assert tag in COMMENT_TAGS
        assert {(tag, name) for name in attributes} <= COMMENT_ATTRIBUTES
        if tag == "a" and "href" in attributes:
            assert attributes["href"].lower().startswith(("http://", "https://"))
            assert "ugc nofollow noopener" == attributes["rel"]
    assert_balanced(html)
    assert html == sanitise_comment(html)


def assert_safe_article(rendered: Rendered) -> None:
    for kind, value in rendered.parts:
        if kind != "html":
            assert kind in ("figure", "video")
            continue
        for tag, attributes in elements(value):
            assert tag in ARTICLE_TAGS
            assert {(tag, name) for name in attributes} <= ARTICLE_ATTRIBUTES
            assert attributes.get("class") in {None, *CLASSES}
            assert attributes.get("href", "/").lower().startswith(("http://", "https://", "/", "#", "mailto:", "tel:"))
            assert not attributes.get("href", "/").startswith(("//", "/\\"))
        assert_balanced(value)
        assert value == sanitise_article(value)


def html_of(rendered: Rendered) -> str:
    return "\n".join(value for kind, value in rendered.parts if kind == "html")


def messages(rendered: Rendered) -> list[str]:
    return [problem.message for problem in rendered.problems]
