"""What somebody wrote, cleaned and rendered, and who sent it, as far as the site wants to know. No database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from blog.clock import now
from blog.keys import keyed_hash
from blog.network import neighbourhood
from blog.text.characters import clean_line, clean_text
from blog.text.comments import cleaned_html
from blog.text.plain import plain
from blog.triage import signature

FIRST_YEAR = 2026  # whose key names no year
KEY_YEARS = 3  # whose keys are tried: a year-old code may be banned for a year
_MARKS = "[]()*_`>-+!\n "
_FIRST_WORDS = re.compile(r"<p>[^<&]*[^\W_]")  # of nearly every text: no need to read all of its HTML


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
        return cls(clean_line(name), text, cleaned_html(text), signature(text))

    @property
    def say_something(self) -> bool:
        """Whether anything is left to read: "[]()" is nothing but marks."""
        return bool(self.name and (_FIRST_WORDS.match(self.html) or plain(self.html).strip(_MARKS)))

    def digest(self, parent_id: int | None) -> str:
        """Keyed digest over everything a moderator approves: name, text, place."""
        return keyed_hash("comment revision", self.name, self.body, parent_id or "")


@dataclass(frozen=True)
class Sender:
    """Who sent a comment, as far as the site wants to know: keyed hashes, never an address."""

    hashes: tuple[str, ...]  # this year's, with which it is stored, and those of the years before
    network_hashes: tuple[str, ...]
    email_hash: str

    @classmethod
    def of(cls, network: str, email: str) -> Self:
        """`network` is an IPv4 address or an IPv6 /64."""
        return cls(
            _hashes("sender", network),
            _hashes("network", neighbourhood(network)),
            keyed_hash("email", email.strip().lower()) if email else "",
        )

    @property
    def hash(self) -> str:
        """By which it is known this year."""
        return self.hashes[0]

    @property
    def network_hash(self) -> str:
        """By which the network around it is known this year."""
        return self.network_hashes[0]


def _hashes(purpose: str, value: str) -> tuple[str, ...]:
    years = (now().year - ago for ago in range(KEY_YEARS))
    purposes = [purpose if year <= FIRST_YEAR else f"{purpose} {year}" for year in years]
    made = {one: keyed_hash(one, value) for one in dict.fromkeys(purposes)}
    return tuple(map(made.__getitem__, purposes))
