"""What a page is about, in the words of schema.org, for machines. Nothing that the page itself does not say.

Reviewers and dates of reviews are told when there are any; a film only if it is a file of this site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from blog.addresses import absolute
from blog.anatomy.models import Entry, EntryKind
from blog.assets import asset
from blog.markup import iso
from blog.media import portraits
from blog.media.videos import OwnVideo
from blog.pages.models import Site
from blog.posts.document import Video
from blog.posts.rows import Byline
from blog.public.around import DATA_HERE
from blog.public.article_page import ArticlePage
from blog.public.cards import card_address

CONTEXT = "https://schema.org"
PAGES = {
    EntryKind.MUSCLE: ("Muscles", "anatomy.muscles", "anatomy.muscle"),
    EntryKind.PAIN_AREA: ("Where does it hurt?", "anatomy.pain", "anatomy.pain_area"),
    EntryKind.CONDITION: ("Conditions", "anatomy.conditions", "anatomy.condition"),
}
TYPES = {
    EntryKind.MUSCLE: "Muscle",
    EntryKind.PAIN_AREA: "AnatomicalStructure",
    EntryKind.CONDITION: "MedicalCondition",
}

Thing = dict[str, Any]
Crumb = tuple[str, str]  # a name and a path


def site_data() -> Thing:
    """The site, with how to search it."""
    template = absolute(url_for("search.show")) + "?q={search_term_string}"
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": template},
        "query-input": "required name=search_term_string",
    }
    site = {**_site(), "description": Site.current().tagline, "inLanguage": "en", "potentialAction": action}
    return {"@context": CONTEXT, **site, "publisher": _publisher()}


def article_data(page: ArticlePage) -> Thing:
    """An article, with a place for its comments, and the way to it."""
    article, post = page.article, page.post
    entries = [*page.muscles, *page.conditions, *page.pain_areas]
    about = [_subject(entry.kind, entry.slug, entry.name, entry.document) for entry in entries]
    told: Thing = {
        "@type": ["BlogPosting", "MedicalWebPage"],
        "@id": f"{page.address}#article",
        "url": page.address,
        "headline": article.title,
        "description": article.standfirst,
        "inLanguage": "en",
        "datePublished": iso(post.order_key[0]),
        "dateModified": iso(post.updated_at or post.order_key[0]),
        "author": [_person(person) for person in post.authors],
        "publisher": _publisher(),
        "image": card_address(post.card),
        "isPartOf": _site(),
        "wordCount": post.revision.words,
        "keywords": [name for _, name in page.tags],
        "about": about,
        "citation": [reference.text for reference in article.references],
        "commentCount": DATA_HERE,
    }
    if article.video and article.video.host == "file":
        told["video"] = {
            "@type": "VideoObject",
            "name": article.video.title,
            "description": article.video.caption,
            "contentUrl": absolute(_source_of(article.video)),
            "uploadDate": iso(post.order_key[0]),
        }
    return _graph(told, _breadcrumbs(article_crumbs(page)))


def _source_of(video: Video) -> str:
    """The address of a file of our own."""
    found = OwnVideo.find(video.ref) if not video.ref.startswith("/") else None
    return found.src if found else video.ref


def entry_data(entry: Entry) -> Thing:
    """The page of an entry of the vocabulary, and the way to it."""
    address = absolute(url_for(PAGES[entry.kind][2], slug=entry.slug))
    told = {
        "@type": "MedicalWebPage",
        "@id": f"{address}#page",
        "url": address,
        "name": entry.name,
        "inLanguage": "en",
        "image": card_address(entry.card),
        "isPartOf": _site(),
        "about": _subject(entry.kind, entry.slug, entry.name, entry.document),
    }
    return _graph(told, _breadcrumbs(entry_crumbs(entry)))


def article_crumbs(page: ArticlePage) -> list[Crumb]:
    """The way to an article."""
    return [("Articles", url_for("posts.home")), (page.article.title, page.path)]


def entry_crumbs(entry: Entry) -> list[Crumb]:
    """The way to an entry."""
    name, listed, own = PAGES[entry.kind]
    return [("Articles", url_for("posts.home")), (name, url_for(listed)), (entry.name, url_for(own, slug=entry.slug))]


def _subject(kind: EntryKind, slug: str, name: str, document: Mapping[str, Any]) -> Thing:
    """What an entry stands for, as its own page says."""
    told: Thing = {
        "@type": TYPES[kind],
        "name": name,
        "url": absolute(url_for(PAGES[kind][2], slug=slug)),
        "alternateName": [*filter(None, [document.get("latin")]), *(document.get("aliases") or ())],
    }
    if kind == EntryKind.MUSCLE and document.get("actions"):
        told["muscleAction"] = "; ".join(document["actions"])
    if kind == EntryKind.CONDITION:
        told["description"] = document.get("plain")
    return _without_empty(told)


def _person(person: Byline) -> Thing:
    told = {
        "@type": "Organization" if person.is_team else "Person",
        "name": person.name,
        "url": absolute(url_for("posts.author", slug=person.slug)),
        "description": person.credentials,
        "image": absolute(portraits.address(person.portrait, portraits.SIDES["large"])) if person.portrait else None,
    }
    return _without_empty(told)


def _site() -> Thing:
    home = absolute(url_for("posts.home"))
    return {"@type": "WebSite", "@id": f"{home}#site", "name": Site.current().name, "url": home}


def _publisher() -> Thing:
    home = absolute(url_for("posts.home"))
    logo = absolute(asset("images/touch-icon.png"))
    return {"@type": "Organization", "@id": f"{home}#publisher", "name": Site.current().name, "url": home, "logo": logo}


def _breadcrumbs(crumbs: Sequence[Crumb]) -> Thing:
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": absolute(path)}
        for number, (name, path) in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _graph(*things: Thing) -> Thing:
    return {"@context": CONTEXT, "@graph": [_without_empty(thing) for thing in things]}


def _without_empty(thing: Mapping[str, Any]) -> Thing:
    return {name: value for name, value in thing.items() if value not in (None, "", [])}
