"""What the job worker does for the machinery itself."""

from __future__ import annotations

from blog import pagecache, purges
from blog.extensions import jobs


@jobs.every(minutes=1)
def purge_pages() -> None:
    """Tell the CDN what changed; the worker also does so soon after each change."""
    pagecache.drain()  # first: a CDN that asks at once must not be given the old page again
    purges.deliver()
