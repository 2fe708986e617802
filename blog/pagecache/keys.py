"""The keys of pages: the name of each thing that a page can show. Made here only, so that no two spellings exist.

A view says which keys its page shows, a verb which keys it changes; a change drops every page that shows the key. The
same words are told to a CDN, so they stay as they are.
"""

from __future__ import annotations

SITE = "site"  # every page: names, menus, numbers to call
LIST = "list"  # the posts that are out, in order: start page, feeds, archive, sitemap
SCHEDULE = "schedule"  # which post comes out next, and when
COMMENTS = "comments"  # the approved comments of the whole site
ENTRIES = "entries"  # the vocabulary as a whole
PAGES = "pages"  # the texts of all pages
SEARCH = "search"  # what can be found: the indexed articles, with their titles and addresses

PERSON, TAG = "person", "tag"  # what posts are listed under, beside the kinds of entries


def post(post_id: int) -> str:
    """A post: its article, and its card wherever it is shown."""
    return f"post:{post_id}"


def comments_of(post_id: int) -> str:
    """The approved comments under a post."""
    return f"comments:{post_id}"


def listed_under(what: str, slug: str) -> str:
    """The posts of a person, a tag or an entry; `what` is PERSON, TAG or the kind of the entry."""
    return f"list:{what}:{slug}"


def person(slug: str) -> str:
    """What a byline says of somebody."""
    return f"person:{slug}"


def entry(kind: str, slug: str) -> str:
    """An entry of the vocabulary."""
    return f"entry:{kind}:{slug}"


def page(slug: str) -> str:
    """The text of a page: about, disclaimer, comment policy, privacy."""
    return f"page:{slug}"


def media(name: str) -> str:
    """A picture of the media, and what is said of it."""
    return f"media:{name}"
