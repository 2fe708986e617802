"""What may stay in HTML: bleach, then nh3. Both read one allow-list (`Rules`); nh3 has the last word."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import nh3
from bleach.sanitizer import Cleaner

HTML_VERSION = 3  # raise it when the same text would give other HTML; stored with each HTML

COMMENT_REL = "ugc nofollow noopener"
EXTERNAL_REL = "noopener"

_ANY = None  # every value of the attribute


@dataclass(frozen=True)
class Rules:
    """What may stay: tag → attribute → its only values, or _ANY; schemes of links; links without a scheme."""

    tags: Mapping[str, Mapping[str, frozenset[str] | None]]
    schemes: frozenset[str]
    relative: bool

    def allows(self, tag: str, attribute: str, value: str) -> bool:
        attributes = self.tags.get(tag, {})
        values = attributes.get(attribute)
        return attribute in attributes and (values is _ANY or value in values)


def _only(*values: str) -> frozenset[str]:
    return frozenset(values)


_WEB = frozenset({"http", "https"})
_INLINE_TAGS: dict[str, dict[str, frozenset[str] | None]] = {"em": {}, "strong": {}, "code": {}}
_BLOCK_TAGS: dict[str, dict[str, frozenset[str] | None]] = {
    "p": {},
    "br": {},
    "ul": {},
    "ol": {"start": _ANY},
    "li": {},
    "blockquote": {},
    "pre": {},
}
_ALIGNED = _only("align-left", "align-center", "align-right")
COMMENT_RULES = Rules(
    {**_INLINE_TAGS, **_BLOCK_TAGS, "a": {"href": _ANY, "rel": _only(COMMENT_REL)}}, _WEB, relative=False
)
ARTICLE_RULES = Rules(
    {
        **_INLINE_TAGS,
        **_BLOCK_TAGS,
        "s": {},
        "hr": {},
        "a": {
            "href": _ANY,
            "rel": _only(EXTERNAL_REL),
            "id": _ANY,
            "class": _only("footnotes__back"),
            "aria-label": _ANY,
        },
        "h2": {"id": _ANY},
        "h3": {"id": _ANY},
        "h4": {"id": _ANY},
        "p": {"class": _only("callout__title")},
        "li": {"id": _ANY},
        "aside": {"class": _only("callout callout--note", "callout callout--care"), "aria-label": _ANY},
        "div": {
            "class": _only("table-scroll"),
            "tabindex": _only("0"),
            "role": _only("region"),
            "aria-label": _ANY,
        },
        "table": {},
        "thead": {},
        "tbody": {},
        "tr": {},
        "th": {"class": _ALIGNED, "scope": _only("col")},
        "td": {"class": _ALIGNED},
        "sup": {"class": _only("footnote-ref")},
        "section": {"class": _only("footnotes"), "aria-label": _ANY},
    },
    _WEB | {"mailto", "tel"},
    relative=True,
)


class Sanitiser(threading.local):
    """bleach, then nh3, for one set of rules. bleach keeps state as it works: one for each thread."""

    def __init__(self, rules: Rules) -> None:
        self.bleach = Cleaner(tags=set(rules.tags), attributes=rules.allows, protocols=rules.schemes)
        self.nh3 = nh3.Cleaner(
            tags=set(rules.tags),
            attributes={
                "*": set(),  # without it nh3 keeps lang and title everywhere
                **{tag: {a for a, only in given.items() if only is _ANY} for tag, given in rules.tags.items()},
            },
            tag_attribute_values={
                tag: {a: set(only) for a, only in given.items() if only is not _ANY}
                for tag, given in rules.tags.items()
            },
            url_schemes=set(rules.schemes),
            url_relative="pass_through" if rules.relative else "deny",
            link_rel=None,
        )

    def __call__(self, html: str) -> str:
        return str(self.nh3.clean(self.bleach.clean(html)))


sanitise_comment = Sanitiser(COMMENT_RULES)
linkless = nh3.Cleaner(tags=set(COMMENT_RULES.tags) - {"a"}, attributes={"*": set()}, link_rel=None)
sanitise_article = Sanitiser(ARTICLE_RULES)
