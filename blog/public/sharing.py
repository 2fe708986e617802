"""Share links: plain addresses of other services, no script, nothing loaded from them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from blog.addresses import absolute


@dataclass(frozen=True)
class ShareLink:
    """One way to pass an article on."""

    label: str
    url: str


def share_links(path: str, title: str) -> list[ShareLink]:
    """Ways to share the page at `path` on this site."""
    address = absolute(path)
    both = f"{title} {address}"
    return [
        ShareLink("E-mail", f"mailto:?{urlencode({'subject': title, 'body': address}, quote_via=quote)}"),
        ShareLink("Text message", f"sms:?{urlencode({'body': both}, quote_via=quote)}"),
        ShareLink("WhatsApp", "https://wa.me/?" + urlencode({"text": both}, quote_via=quote)),
        ShareLink("Facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address})),
        ShareLink("X", "https://x.com/intent/post?" + urlencode({"text": title, "url": address})),
        ShareLink("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?" + urlencode({"url": address})),
        ShareLink("Bluesky", "https://bsky.app/intent/compose?" + urlencode({"text": both}, quote_via=quote)),
        ShareLink("Mastodon", "https://mastodonshare.com/?" + urlencode({"text": title, "url": address})),
    ]
