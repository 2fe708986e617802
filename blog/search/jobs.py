"""The index stays what it should be, also after an upgrade and after somebody wrote past the models."""

from __future__ import annotations

from blog.jobs import jobs
from blog.search import keeping
from blog.search.models import SearchPost


@jobs.daily
@jobs.when(SearchPost.surplus, SearchPost.missing)
def mend_search() -> None:
    """Index what is missing. Every start of the site wakes this, so articles from before are found soon after."""
    keeping.bring_up_to_date()
