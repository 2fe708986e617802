"""Where the card of a page lies, as other sites show it: its own, or the site's until that is made."""

from __future__ import annotations

from flask import url_for

from blog.addresses import absolute
from blog.assets import asset
from blog.posts.cards import CARD_FILE


def card_address(card: str | None) -> str:
    """The absolute address of a card, by what Post.card or Entry.card says."""
    return absolute(url_for("media.file", digest=card, name=CARD_FILE) if card else asset("images/card.png"))
