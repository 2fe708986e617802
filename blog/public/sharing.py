"""Share links: plain addresses of other services, no script, nothing loaded from them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from blog.addresses import absolute


@dataclass(frozen=True)
class ShareLink:
    """One way to pass an article on."""

    label: str
    url: str


def share_links(path: str, title: str) -> list[ShareLink]:
    """Ways to share the page at `path` on this site."""
    address = absolute(path)
    words, link, both = (quote(text, safe="") for text in (title, address, f"{title} {address}"))
    plus = words.replace("%20", "+")  # as forms write a space
    return [
        ShareLink("Email", f"mailto:?subject={words}&body={link}"),
        ShareLink("Text message", f"sms:?body={both}"),
        ShareLink("WhatsApp", f"https://wa.me/?text={both}"),
        ShareLink("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={link}"),
        ShareLink("X", f"https://x.com/intent/post?text={plus}&url={link}"),
        ShareLink("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={link}"),
        ShareLink("Bluesky", f"https://bsky.app/intent/compose?text={both}"),
        ShareLink("Mastodon", f"https://mastodonshare.com/?text={plus}&url={link}"),
    ]
