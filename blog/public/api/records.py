"""What programs get. These types make the answers and their description; the words beside a field stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from blog.markup import iso

Words = Annotated[str, "Plain text."]
HTML = Annotated[str, "Sanitised HTML; every address in it is absolute."]
Address = Annotated[str, "An absolute address.", "uri"]
Slug = Annotated[str, "Its name in addresses. An article's may change; old ones still lead to it."]
Id = Annotated[str, "The same for ever, also when the site or the article moves. Feeds use it, too.", "uri"]
Next = Annotated[str | None, "Address of what follows in this list; null at its end.", "uri"]


@dataclass(frozen=True)
class Named:
    """Something of this site that something else names: a person, a tag, a muscle."""

    name: Words
    slug: Slug
    url: Annotated[Address, "Its page."]


@dataclass(frozen=True)
class Source:
    """What an article refers to."""

    text: Words
    url: Annotated[str | None, "Where it is on the web.", "uri"]


@dataclass(frozen=True)
class PostItem:
    """An article as lists show it."""

    id: Id
    slug: Slug
    url: Annotated[Address, "Its page."]
    api_url: Annotated[Address, "The whole article."]
    comments_url: Annotated[Address, "Its approved comments."]
    card_url: Annotated[Address, "A picture of 1200 × 630 pixels with its title, for links to it."]
    title: Words
    kicker: Annotated[str, "What stands above the title, such as a series. May be empty."]
    standfirst: Annotated[str, "What it is about, in a sentence or two."]
    published_at: datetime
    updated_at: Annotated[datetime | None, "When what it says last changed."]
    words: int
    reading_minutes: int
    is_sample: Annotated[bool, "It came with the software and is not clinically reviewed."]
    authors: Sequence[Named]
    tags: Sequence[Named]


@dataclass(frozen=True)
class Post(PostItem):
    """A whole article."""

    html: Annotated[HTML, "The text with its figures, warning signs above self-help, stretches and the disclaimer."]
    key_facts: Sequence[str]
    muscles: Sequence[Named]
    pain_areas: Sequence[Named]
    conditions: Sequence[Named]
    evidence: Annotated[str, "How sure it is. May be empty."]
    uncertain: Annotated[Sequence[str], "What is not known."]
    references: Sequence[Source]


@dataclass(frozen=True)
class PostPage:
    """Part of a list of articles, newest first."""

    items: Sequence[PostItem]
    next: Next


@dataclass(frozen=True)
class Comment:
    """A comment of which a moderator has approved exactly this text."""

    id: Id
    url: Annotated[Address, "Where it stands."]
    post: Annotated[Named, "The article."]
    in_reply_to: Annotated[str | None, "Id of the comment that it answers, if that is public.", "uri"]
    name: Annotated[str, "As its writer chose it."]
    is_team: Annotated[bool, "It was written by the site's team."]
    html: HTML
    published_at: datetime
    updated_at: Annotated[datetime | None, "When what is shown of it was last corrected."]


@dataclass(frozen=True)
class CommentPage:
    """Part of a list of comments; those published last come first."""

    items: Sequence[Comment]
    next: Next


class Kind(StrEnum):
    """What an entry of the vocabulary is."""

    MUSCLE = "muscle"
    PAIN_AREA = "pain_area"
    CONDITION = "condition"


@dataclass(frozen=True)
class EntryItem:
    """An entry of the vocabulary as lists show it."""

    kind: Kind
    slug: Slug
    name: Words
    url: Annotated[Address, "Its page."]
    api_url: Annotated[Address, "The whole entry."]
    posts_url: Annotated[Address, "The articles about it."]
    aliases: Annotated[Sequence[str], "Other names."]
    region: Annotated[str | None, "The part of the body."]
    is_sample: Annotated[bool, "It came with the software and is not clinically reviewed."]


@dataclass(frozen=True)
class EntryList:
    """All entries of a kind, by name."""

    items: Sequence[EntryItem]


@dataclass(frozen=True)
class WarningSigns:
    """When to get help, and how urgently. Show them before anything that somebody may try."""

    level: Annotated[str, "emergency, urgent or routine."]
    heading: Words
    items: Annotated[Sequence[str], "Each completes the heading."]


@dataclass(frozen=True)
class Muscle(EntryItem):
    """A muscle."""

    latin: Words
    nerve: Words
    actions: Sequence[str]
    main_pain: Annotated[Sequence[Named], "Where pain is mainly reported."]
    other_pain: Annotated[Sequence[Named], "Where it is reported less often."]
    synergists: Annotated[Sequence[Named], "Muscles that work with it."]
    antagonists: Annotated[Sequence[Named], "Muscles that work against it."]
    conditions: Annotated[Sequence[Named], "Often mentioned with it. That does not mean that it causes them."]
    overload_causes: Sequence[str]
    warning_signs: Sequence[WarningSigns]
    confidence: Annotated[dict[str, str], "How sure each part is: high, medium-high, medium, low-medium or low."]
    uncertain: Sequence[str]
    sources: Sequence[str]


@dataclass(frozen=True)
class PainArea(EntryItem):
    """A place where pain is felt."""

    warning_signs: Sequence[WarningSigns]
    main_muscles: Annotated[Sequence[Named], "Muscles commonly reported with pain here, best supported first."]
    other_muscles: Annotated[Sequence[Named], "Muscles reported less often."]


@dataclass(frozen=True)
class Condition(EntryItem):
    """A condition that people hear of. Only a clinician can say whether somebody has one."""

    plain: Annotated[str, "What it is."]
    caveat: Annotated[str, "What to bear in mind. Show it with the rest."]
    warning_signs: Sequence[WarningSigns]
    muscles: Annotated[Sequence[Named], "Muscles often mentioned with it. That does not mean that they cause it."]


@dataclass(frozen=True)
class Found:
    """Something that fits a question."""

    kind: Annotated[str, "post, muscle, pain_area or condition."]
    title: Words
    url: Annotated[Address, "Its page."]
    api_url: Annotated[Address, "The whole of it."]
    excerpt: Annotated[str, "The part of the text that fits, or other names."]


@dataclass(frozen=True)
class FoundRegion:
    """A part of the body to which answers can be narrowed."""

    slug: Annotated[str, "What to say as region."]
    name: str
    answers: Annotated[int, "How many answers are about it."]


@dataclass(frozen=True)
class FoundPage:
    """What fits a question, best first."""

    corrected: Annotated[str | None, "The question that was answered instead, where nearly nothing fits yours."]
    answer: Annotated[Found | None, "The pain area that the question names. Show it first: its page begins with help."]
    items: Sequence[Found]
    regions: Annotated[Sequence[FoundRegion], "Parts of the body that answers are about, where there are several."]
    next: Next


@dataclass(frozen=True)
class Problem:
    """What went wrong (RFC 9457)."""

    type: str
    title: Words
    status: int
    detail: Annotated[str, "What was wrong, in a sentence."]


def plain(value: Any) -> Any:
    """A record as JSON has it."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
