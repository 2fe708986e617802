"""What tests of the page cache do to a site, each as a view would do it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime

from blog.anatomy.models import Entry, EntryKind
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict

A_DAY = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def change(app, verb, *arguments):
    """Do something in a transaction of its own, as a view does."""
    with app.app_context():
        begin_write()
        verb(*arguments)
        db.session.commit()


def decide(app, comment, verdict=Verdict.APPROVE):
    def verb():
        found = db.session.get_one(Comment, comment.id)
        last = Decision.last_on([comment.id]).get(comment.id)
        seen = Seen(found.id, found.newest_revision_id, last.id if last else None)
        Decision.make([seen], verdict, None)

    change(app, verb)


def vocabulary(app):
    """Two muscles that say all that their pages show."""
    muscle = {
        "region": "hip",
        "latin": "Musculus",
        "aliases": [],
        "nerve": "",
        "actions": ["moves"],
        "synergists": [],
        "pain_areas": {"main": [], "less_often": []},
        "synergists_other": [],
        "antagonists": [],
        "neighbours": [],
        "antagonists_other": [],
        "conditions": [],
        "overload_causes": [],
        "sensitive_area": False,
        "sources": [],
        "pressure_caution": None,
        "uncertain": [],
        "stretch_ideas": [],
        "pain_map_text": "",
        "confidence": dict.fromkeys(("anatomy", "referred_pain", "conditions", "overload_causes"), "high"),
    }
    muscles = [{**muscle, "slug": slug, "name": slug.capitalize()} for slug in ("psoas", "sartorius")]
    change(app, lambda: Entry.ship({EntryKind.REGION: [{"slug": "hip", "name": "Hip"}], EntryKind.MUSCLE: muscles}))


def of(model, row, verb, *arguments):
    """Calls a verb with a row that was made elsewhere."""
    return lambda: verb(db.session.get_one(model, row.id), *arguments)


@contextmanager
def uncached_app(app, cache):
    """The application without the layer."""
    app.wsgi_app = cache.inner
    try:
        yield
    finally:
        app.wsgi_app = cache
