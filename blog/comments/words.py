"""What somebody wrote, cleaned and rendered, and who sent it, as far as the site wants to know. No database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from blog.keys import keyed_hash
from blog.network import neighbourhood
from blog.text.characters import clean_line, clean_text
from blog.text.comments import comment_html
from blog.text.plain import plain
from blog.triage import signature

_MARKS = "[]()*_`>-+!\n "


@dataclass(frozen=True)
class Words:
    """A name and a text, cleaned and rendered. Made before any transaction, because it takes milliseconds."""

    name: str
    body: str
    html: str
    signature: tuple[int, ...] | None = None  # for finding nearly equal texts; tells nothing about the words

    @classmethod
    def prepare(cls, name: str, body: str) -> Self:
        """Clean what was typed; what is stored and decided on is what is left."""
        text = clean_text(body)
        return cls(clean_line(name), text, comment_html(text), signature(text))

    @property
    def say_something(self) -> bool:
        """Whether anything is left to read: "[]()" is nothing but marks."""
        return bool(self.name and plain(self.html).strip(_MARKS))

    def digest(self, parent_id: int | None) -> str:
        """Keyed digest over everything a moderator approves: name, text, place."""
        return keyed_hash("comment revision", self.name, self.body, parent_id or "")


@dataclass(frozen=True)
class Sender:
    """Who sent a comment, as far as the site wants to know: keyed hashes, never an address."""

    hash: str
    email_hash: str
    network_hash: str = ""

    @classmethod
    def of(cls, network: str, email: str) -> Self:
        """`network` is an IPv4 address or an IPv6 /64."""
        return cls(
            keyed_hash("sender", network),
            keyed_hash("email", email.strip().lower()) if email else "",
            keyed_hash("network", neighbourhood(network)),
        )
