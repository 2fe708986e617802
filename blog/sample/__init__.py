"""The sample site: what a new installation starts with, and how to take the samples away again."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, func, select, update

from blog.accounts.models import Person
from blog.anatomy.models import Entry, EntryKind
from blog.clock import now
from blog.comments import sending
from blog.comments.models import Comment, CommentFlag, CommentRevision
from blog.comments.words import Words
from blog.database import Base, begin_write, db
from blog.errors import Refused
from blog.libraries import later
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Seen, Verdict
from blog.pagecache import keys
from blog.pagecache.changes import changed
from blog.pages.models import Page, SiteSetting
from blog.posts import publishing
from blog.posts.autosaves import Autosave
from blog.posts.models import Post, PostEntry, PostPerson, PostRevision, PostSlug, PostTag, RelatedPost, Tag
from blog.posts.notes import PostNote
from blog.posts.pictures import RevisionPicture
from blog.posts.presence import Presence
from blog.posts.previews import PreviewLink
from blog.sample.pages import PAGES
from blog.search import keeping
from blog.text.articles import article_html
from blog.text.sanitising import HTML_VERSION
from blog.transfer import markdown

if TYPE_CHECKING:
    import yaml
else:
    yaml = later("yaml")

FOLDER = Path(__file__).parent
ARTICLES = FOLDER / "articles"
MARKER = "sample_site"  # a row of site_settings: the samples were loaded once, or taken away for good

SHIPPED = {
    EntryKind.REGION: "regions",
    EntryKind.MUSCLE: "muscles",
    EntryKind.PAIN_AREA: "pain_areas",
    EntryKind.CONDITION: "conditions",
    EntryKind.RED_FLAGS: "red_flag_sets",
    EntryKind.SOURCE: "sources",
}


def ensure_vocabulary() -> None:
    """Bring every untouched entry to what the software ships. Part of `flask init`."""
    vocabulary = json.loads((FOLDER / "vocabulary.json").read_text(encoding="utf-8"))
    begin_write()
    Entry.ship({kind: [_named(document) for document in vocabulary[name]] for kind, name in SHIPPED.items()})
    db.session.commit()


def ensure_pages() -> None:
    """Write the four pages where a site has none yet. Part of `flask init`."""
    drafts = {slug: (text, article_html(text.body)) for slug, text in PAGES.items()}
    begin_write()
    existing = set(db.session.scalars(select(Page.slug)))
    for slug, (text, rendered) in drafts.items():
        if slug in existing:
            continue
        page = Page(slug=slug)
        db.session.add(page)
        db.session.flush()
        page.save(text.title, text.short, text.body.strip(), rendered.html, HTML_VERSION, by_id=None)
    db.session.commit()


def load_if_empty() -> bool:
    """Load the sample site into a database that never had a post; whether it did."""
    if db.session.get(SiteSetting, MARKER) or db.session.scalar(select(func.count(Post.id))):
        return False
    load()
    return True


def load() -> list[markdown.Outcome]:
    """Load or update the sample articles, and add the sample comments of articles that are new."""
    pages = markdown.read_folder(ARTICLES)
    comments = [_words(row) for row in yaml.safe_load((FOLDER / "comments.yaml").read_text(encoding="utf-8"))]
    begin_write()
    markdown.ensure_people(ARTICLES)
    outcomes = list(markdown.store(pages, sample=True))
    new = {outcome.slug for outcome in outcomes if outcome.change == "new"}
    for post in db.session.scalars(Post.due()):
        publishing.announce(post)
    for row, words, answer in comments:
        if row["post"] in new:
            _comment(row, words, answer)
    _mark("loaded")
    db.session.commit()
    return outcomes


def remove(force: bool = False) -> int:
    """Delete the sample articles, their comments and their author for good; how many articles went.

    Raises Refused while comments of real readers hang on them, unless `force`.
    """
    begin_write()
    posts = select(Post.id).where(Post.is_sample)
    comments = select(Comment.id).where(Comment.post_id.in_(posts))
    real = db.session.scalar(
        select(func.count(Comment.id)).where(Comment.post_id.in_(posts), Comment.is_sample.is_(False))
    )
    if real and not force:
        db.session.rollback()
        raise Refused(
            f"{real} comment{'s' if real > 1 else ''} by readers or the team would be deleted with the samples. "
            "Add --force if that is meant."
        )
    count = db.session.scalar(select(func.count()).select_from(posts.subquery())) or 0
    revisions = select(CommentRevision.id).where(CommentRevision.comment_id.in_(comments))
    # Straight to the tables: the models refuse to delete what is append-only, and samples are no record of anything.
    tables = Base.metadata.tables
    connection = db.session.connection()

    def clear(table: str, condition: ColumnElement[bool]) -> None:
        connection.execute(delete(tables[table]).where(condition))

    keeping.forget(db.session.scalars(posts).all())
    clear("decision_items", DecisionItem.comment_id.in_(comments))
    clear("comment_flags", CommentFlag.revision_id.in_(revisions))
    pointers = dict.fromkeys(("public_revision_id", "newest_revision_id", "parent_id", "root_id"))
    connection.execute(update(tables["comments"]).where(Comment.post_id.in_(posts)).values(pointers))
    connection.execute(update(tables["posts"]).where(Post.is_sample).values(public_revision_id=None))
    connection.execute(update(tables["posts"]).where(Post.leads_to_id.in_(posts)).values(leads_to_id=None))
    clear("comment_revisions", CommentRevision.comment_id.in_(comments))
    clear("comments", Comment.post_id.in_(posts))
    clear("related_posts", RelatedPost.post_id.in_(posts) | RelatedPost.other_id.in_(posts))
    versions = select(PostRevision.id).where(PostRevision.post_id.in_(posts))
    clear("revision_pictures", RevisionPicture.revision_id.in_(versions))
    for model in (PostEntry, PostTag, PostPerson, PostNote, Autosave, Presence, PreviewLink, PostRevision, PostSlug):
        clear(model.__tablename__, model.post_id.in_(posts))
    clear("posts", Post.is_sample.is_(True))
    clear("people", Person.is_sample & Person.id.not_in(select(PostPerson.person_id)))
    clear("tags", Tag.id.not_in(select(PostTag.tag_id)))
    left = select(DecisionItem.decision_id)
    clear("decisions", Decision.undoes_id.is_not(None) & Decision.id.not_in(left))
    clear("decisions", Decision.id.not_in(left))
    _mark("removed")
    changed(keys.SITE)  # past the models: every page may show some of it
    db.session.commit()
    return count


def _named(document: dict[str, Any]) -> dict[str, Any]:
    """A document as an entry keeps it: with name and slug, without what other entries say already."""
    slug = document.get("slug") or document["id"]
    kept = {key: value for key, value in document.items() if key != "muscles"}  # the muscles name their areas
    return {"name": slug, **kept, "slug": slug}


def _words(row: dict[str, Any]) -> tuple[dict[str, Any], Words, Words | None]:
    answer = row.get("reply")
    return (
        row,
        Words.prepare(row["name"], row["body"]),
        Words.prepare("Sample team", answer["body"]) if answer else None,
    )


def _comment(row: dict[str, Any], words: Words, answer: Words | None) -> None:
    post = db.session.scalars(Post.any_under_slug(row["post"])).one()
    sent: datetime = row["sent"]
    comment = sending.sample(post, words, sent)
    if row.get("state") == "pending" or comment.newest_revision_id is None:
        return
    decision = Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.APPROVE, None, at=sent)
    if answer:
        reply = decision.answer(comment, answer, None, at=row["reply"]["sent"])
        reply.is_sample = True
        reply.published_at = reply.created_at  # later than the decision that it is part of


def _mark(value: str) -> None:
    row = db.session.get(SiteSetting, MARKER) or SiteSetting(name=MARKER)
    row.value = {"value": value}
    row.changed_at = now()
    db.session.add(row)
