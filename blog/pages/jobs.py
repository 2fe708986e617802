"""The pages' stored HTML follows its rules."""

from __future__ import annotations

from blog.database import begin_write, db
from blog.jobs import jobs
from blog.pages.models import PageRevision
from blog.text.articles import article_html


@jobs.daily
@jobs.when(lambda: PageRevision.outdated().with_only_columns(PageRevision.id))
def rerender_pages() -> None:
    """Make the HTML of older rules anew. Every start of the site wakes this, so an upgrade reaches old pages."""
    typed = db.session.execute(PageRevision.outdated().with_only_columns(PageRevision.id, PageRevision.body))
    made = {number: article_html(body).html for number, body in typed}
    if not made:
        return
    begin_write()
    for revision in db.session.scalars(PageRevision.outdated()):
        if revision.id in made and revision.is_readable:
            revision.show_as(made[revision.id])
    db.session.commit()
