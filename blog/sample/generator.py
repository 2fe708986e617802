"""Many realistic rows, quickly: for benchmarks, and for seeing how the desk looks with a hundred thousand comments.

Rows go straight to the tables, in batches, with real digests, HTML and links; the same seed makes the same site. What
few texts have in common is worked out once for each text, also for the indexes. Posts are one transaction, each batch
of comments another. All of them are marked as samples, so `flask sample --remove` takes them away again; with very
many, a new database is quicker.
"""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from blog.accounts.models import Person
from blog.anatomy.models import Entry, EntryKind
from blog.clock import now
from blog.comments.index import folded_words
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.words import Words
from blog.database import Base, begin_write, db
from blog.errors import Refused
from blog.keys import keyed_hash, look_up_hash
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Verdict
from blog.pagecache import keys
from blog.pagecache.changes import changed
from blog.posts.document import Article
from blog.posts.links import WEIGHTS
from blog.posts.manuscript import Manuscript
from blog.posts.models import Post, PostEntry, PostPerson, PostRevision, PostSlug, PostTag, RelatedPost, Tag
from blog.posts.related import RELATED_KEPT, TAG_WEIGHT
from blog.revisions import digest
from blog.search.document import Document, spelled_in
from blog.search.models import SearchPost, SearchWord
from blog.search.words import stems_of
from blog.text.sanitising import HTML_VERSION

BATCH = 5000  # rows a statement
CACHE_KILOBYTES = 1_000_000  # that SQLite may hold of the database meanwhile
AUTHOR = "sample-team"
TITLE = "Generated article"
TAGS = ("desk-work", "running", "sleep", "cycling", "climbing", "office", "lifting", "headache", "posture", "sitting")
BUSY = 50  # comments of the first post, which benchmarks read
LONG = 3000  # comments of the second post, when there are enough
DECIDED_TOGETHER = 20
TEXTS = 400  # different comments
MANUSCRIPTS = 60  # different articles

NAMES = (
    "Ada",
    "Ben",
    "Chloé",
    "Dmitri",
    "Elif",
    "Fatima",
    "Grace",
    "Hugo",
    "Ines",
    "Jürgen",
    "Kofi",
    "Lena",
    "Mo",
    "Noor",
    "Oskar",
    "Priya",
    "Quinn",
    "Rosa",
    "Sam",
    "Tove",
)
SENTENCES = (
    "Thank you, this helped me more than I expected.",
    "I have had this for *three weeks* now, mostly in the evening.",
    "Is it better to stretch before or after a run?",
    "My physiotherapist showed me something very similar.",
    "The part about breathing was new to me, and it made the difference.",
    "Does it matter which side I lie on?",
    "I sit all day and notice it when I get up.",
    "> Stop if it hurts.\n\nHow do I tell that from the usual pull?",
    "1. I held it for 30 seconds.\n2. I waited a minute.\n3. Then it was easier.",
    "The drawing makes clear where it is, which no book did so far.",
    "Could you write about the muscles beside it as well?",
    "I read [another text](https://example.org/study) that says the opposite.",
    "It comes back after a day or two, is that normal?",
    "**Very** clear, also for somebody who is not a therapist.",
)
PARAGRAPHS = (
    "The muscle lies deeper than most people expect, and it works whenever you stand on one leg.",
    "People who sit for long hours often describe a dull pull that grows towards the evening.",
    "What is written here comes from clinical observation; studies that compare treatments are few and small.",
    "Tender places are found by slow, patient pressing, never by force, and they differ from person to person.",
    "A change of position every half an hour seems to help as much as any single exercise.",
    "Begin gently, keep breathing, and leave out what makes it worse on the next day.",
)

Tell = Callable[[str], None]


def generate(posts: int, comments: int, pending: int, seed: int, tell: Tell = lambda line: None) -> None:
    """Add so many published posts, approved and pending comments. The vocabulary must be there (`flask init`)."""
    pick = random.Random(seed)  # noqa: S311 - nothing secret
    manuscripts = [_manuscript(pick, number) for number in range(min(posts, MANUSCRIPTS))] if posts else []
    texts = [Words.prepare(pick.choice(NAMES), _comment_text(pick)) for _ in range(TEXTS)] if comments + pending else []
    _take_room(db.session.connection())
    begin_write()
    connection = db.session.connection()
    made = _posts(connection, pick, posts, manuscripts)
    db.session.commit()
    tell(f"{posts} posts")
    places = [post_id for post_id, _ in made] or list(db.session.scalars(select(Post.id).where(Post.is_published)))
    if comments + pending:
        if not places:
            raise Refused("There is no published post to comment on: generate some with --posts.")
        _comments(pick, places, comments, pending, texts, tell)
    begin_write()
    connection = db.session.connection()
    _count_on(connection)
    changed(keys.SITE)
    db.session.commit()
    if made:
        _index(made, manuscripts)
        tell(f"{len(made)} posts can be found")
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA optimize = 0x10002"))
    db.session.commit()


def _manuscript(pick: random.Random, number: int) -> Manuscript:
    sections = "\n\n".join(
        f"## {heading}\n\n" + "\n\n".join(" ".join(pick.sample(PARAGRAPHS, 4)) for _ in range(2))
        for heading in ("What it does", "Where it hurts", "What keeps it going")
    )
    entries: dict[str, list[str]] = {"muscles": [], "pain_areas": [], "conditions": []}
    for name, kind in (
        ("muscles", EntryKind.MUSCLE),
        ("pain_areas", EntryKind.PAIN_AREA),
        ("conditions", EntryKind.CONDITION),
    ):
        slugs = [entry.slug for entry in db.session.scalars(Entry.of_kind(kind))]
        entries[name] = pick.sample(slugs, min(len(slugs), 1 + number % 2))
    return Manuscript.prepare(
        Article.parse(
            {
                "title": "A title",
                "standfirst": " ".join(pick.sample(PARAGRAPHS, 2)),
                "body": sections,
                "authors": [AUTHOR],
                "tags": pick.sample(TAGS, 2),
                "key_facts": pick.sample(PARAGRAPHS, 2),
                "evidence": pick.choice(PARAGRAPHS),
                **entries,
            }
        )
    )


def _comment_text(pick: random.Random) -> str:
    return "\n\n".join(pick.sample(SENTENCES, pick.choice((1, 2, 2, 3, 4))))


def _posts(
    connection: Connection, pick: random.Random, count: int, manuscripts: list[Manuscript]
) -> list[tuple[int, datetime]]:
    """Posts over the last years, each with a revision, a slug and its links; ids and moments, newest first."""
    if not count:
        return []
    moment = now()
    step = timedelta(days=1825) / count
    first, revision = _next(connection, Post.id), _next(connection, PostRevision.id)
    person_id = _author(connection)
    tag_ids = _tags(connection)
    entry_ids = _entry_ids()
    made = [(first + number, moment - timedelta(hours=1) - step * number) for number in range(count)]

    def chosen(number: int) -> Manuscript:
        return manuscripts[number % len(manuscripts)]

    def revisions() -> Iterator[dict[str, Any]]:
        documents = [manuscript.article.data() for manuscript in manuscripts]
        for number, (post_id, at) in enumerate(made):
            document = {**documents[number % len(documents)], "title": f"{TITLE} {post_id}"}
            manuscript = chosen(number)
            yield {
                "id": revision + number,
                "post_id": post_id,
                "title": document["title"],
                "kicker": "",
                "standfirst": manuscript.article.standfirst,
                "words": manuscript.words,
                "lead_picture": manuscript.article.lead_picture,
                "lead_muscle": manuscript.article.lead_muscle,
                "document": document,
                "rendered": manuscript.rendered,
                "html_version": HTML_VERSION,
                "digest": digest(document),
                "account_id": None,
                "created_at": at,
            }

    _fill(
        connection,
        Post,
        (
            {
                "id": post_id,
                "slug": f"generated-{post_id}",
                "public_revision_id": None,
                "published_at": at,
                "announced_at": at,
                "comments_open": True,
                "is_sample": True,
                "created_at": at,
            }
            for post_id, at in made
        ),
    )
    _fill(connection, PostRevision, revisions())
    connection.execute(
        text("UPDATE posts SET public_revision_id = :shift + id WHERE id >= :first"),
        {"shift": revision - first, "first": first},
    )
    _fill(connection, PostSlug, ({"slug": f"generated-{post_id}", "post_id": post_id} for post_id, _ in made))
    _fill(connection, PostPerson, ({"post_id": post_id, "person_id": person_id, "position": 0} for post_id, _ in made))
    _fill(
        connection,
        PostTag,
        (
            {"post_id": post_id, "tag_id": tag_ids[slug]}
            for number, (post_id, _) in enumerate(made)
            for slug in chosen(number).article.tags
        ),
    )
    _fill(
        connection,
        PostEntry,
        (
            {"post_id": post_id, "entry_id": entry_ids[kind, slug], "weight": WEIGHTS[EntryKind(kind)]}
            for number, (post_id, _) in enumerate(made)
            for kind, slug in chosen(number).article.subjects
        ),
    )
    _fill(connection, RelatedPost, _related(made, manuscripts))
    return made


def _index(made: list[tuple[int, datetime]], manuscripts: list[Manuscript]) -> None:
    """Put the posts into the index of articles: what it says of them differs in the title alone."""
    entry_ids, kinds = _entry_ids(), len(manuscripts)
    documents = [
        Document.of(one.article, one.rendered, [entry_ids[subject] for subject in one.article.subjects])
        for one in manuscripts
    ]
    counts, stems = Counter[str](), dict[str, str]()
    for index, document in enumerate(documents):
        spelled = spelled_in(f"{TITLE}\n\n{document.plain}")
        counts.update(dict.fromkeys(spelled, len(made[index::kinds])))
        stems |= spelled
    for start in range(0, len(made), BATCH):
        batch = [post_id for post_id, _ in made[start : start + BATCH]]
        begin_write()
        versions = select(Post.public_revision_id).where(Post.id.between(batch[0], batch[-1])).order_by(Post.id)
        rows = []
        for number, (post_id, revision_id) in enumerate(zip(batch, db.session.scalars(versions), strict=True), start):
            title = f"{TITLE} {post_id}"
            document = replace(documents[number % kinds], title=tuple(stems_of(title)))
            rows.append((post_id, revision_id or 0, title, document))
        SearchPost.keep(rows)
        db.session.commit()
    begin_write()
    SearchWord.add({word: (stems[word], count) for word, count in counts.items()})
    changed(keys.SEARCH)
    db.session.commit()


def _related(made: list[tuple[int, datetime]], manuscripts: list[Manuscript]) -> Iterator[dict[str, Any]]:
    """The best of each post among the generated: by score, then the newest, found through the few manuscripts."""
    kinds = len(manuscripts)
    newest = [[post_id for post_id, _ in made[index::kinds][: RELATED_KEPT + 1]] for index in range(kinds)]
    best = []
    for one in manuscripts:
        scores = [
            sum(WEIGHTS[EntryKind(kind)] for kind, _ in set(one.article.subjects) & set(other.article.subjects))
            + TAG_WEIGHT * len(set(one.article.tags) & set(other.article.tags))
            for other in manuscripts
        ]
        ranked = sorted(
            ((score, -post_id) for score, ids in zip(scores, newest, strict=True) if score for post_id in ids),
            reverse=True,
        )
        best.append([(score, -post_id) for score, post_id in ranked[: RELATED_KEPT + 1]])
    for number, (post_id, _) in enumerate(made):
        others = [(score, other) for score, other in best[number % kinds] if other != post_id][:RELATED_KEPT]
        yield from ({"post_id": post_id, "other_id": other, "score": score} for score, other in others)


def _comments(
    pick: random.Random,
    places: list[int],
    approved: int,
    pending: int,
    texts: list[Words],
    tell: Tell,
) -> None:
    """Approved comments, then pending ones, by age; every fifth approved one answers an earlier one on its post.

    Fifty stand on the first post, and three thousand on the second if there are ten times as many.
    """
    connection = db.session.connection()
    comment, revision = _next(connection, Comment.id), _next(connection, CommentRevision.id)
    decision = _next(connection, Decision.id)
    moment = now()
    usual = places[2:] or places
    total = approved + pending
    step = timedelta(days=700) / total
    rows: dict[type[Base], list[dict[str, Any]]] = {Comment: [], CommentRevision: [], Decision: [], DecisionItem: []}
    last_on: dict[int, tuple[int, int]] = {}  # post: a comment that may be answered, and its thread

    folded = {words: folded_words(words.name, words.body) for words in texts}
    digests = {words: words.digest(None) for words in texts}  # of those that answer nothing

    def flush() -> None:
        """Store what was made. Comments and revisions point at each other, and each pointer must find its row."""
        begin_write()
        first = rows[Comment][0]["id"]
        for model, waiting in rows.items():
            _fill(db.session.connection(), model, waiting)
            waiting.clear()
        db.session.execute(
            text(
                "UPDATE comments SET newest_revision_id = id + :shift,"
                " public_revision_id = CASE WHEN state = 'approved' THEN id + :shift END WHERE id >= :first"
            ),
            {"shift": revision - comment, "first": first},
        )
        db.session.commit()

    for number in range(total):
        is_pending = number >= approved
        at = moment - timedelta(minutes=1) - step * (total - number)
        post_id = pick.choice(usual)
        if number < BUSY:
            post_id = places[0]
        elif number < BUSY + LONG and approved >= 10 * LONG:
            post_id = places[min(1, len(places) - 1)]
        words = texts[pick.randrange(TEXTS)]
        parent, root = last_on.get(post_id, (None, comment)) if number % 5 == 4 and not is_pending else (None, comment)
        secret = secrets.token_urlsafe(32)
        sender = keyed_hash("sender", f"generated {pick.randrange(1 + total // 3)}")
        rows[Comment].append(
            {
                "id": comment,
                "post_id": post_id,
                "parent_id": parent,
                "root_id": root,
                "state": State.PENDING if is_pending else State.APPROVED,
                "secret": secret,
                "link_hash": look_up_hash(keyed_hash("comment link", secret)),
                "sender_hash": sender,
                "is_sample": True,
                "created_at": at,
                "decided_at": None if is_pending else at,
                "published_at": None if is_pending else at,
            }
        )
        rows[CommentRevision].append(
            {
                "id": revision,
                "comment_id": comment,
                "name": words.name,
                "body": words.body,
                "html": words.html,
                "html_version": HTML_VERSION,
                "folded": folded[words],
                "digest": words.digest(parent) if parent else digests[words],
                "created_at": at,
            }
        )
        if not is_pending:
            if number % DECIDED_TOGETHER == 0:
                decision += number > 0
                rows[Decision].append({"id": decision, "verdict": Verdict.APPROVE, "created_at": at})
            rows[DecisionItem].append(
                {
                    "decision_id": decision,
                    "comment_id": comment,
                    "revision_id": revision,
                    "state_before": State.PENDING,
                    "state_after": State.APPROVED,
                    "pointer_before": None,
                    "pointer_after": revision,
                }
            )
            last_on[post_id] = (comment, root)
        comment, revision = comment + 1, revision + 1
        if len(rows[Comment]) == BATCH:
            flush()
            if (number + 1) % (20 * BATCH) == 0:
                tell(f"{number + 1} of {total} comments")
    if rows[Comment]:
        flush()
    tell(f"{total} comments")


def _fill(connection: Connection, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    table: Table = Base.metadata.tables[model.__tablename__]
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        connection.execute(insert(table), batch)


def _take_room(connection: Connection) -> None:
    """Have SQLite hold in memory what it changes again and again: indexes of what comes in no order."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")


def _entry_ids() -> dict[tuple[str, str], int]:
    return {(kind, entry.slug): entry.id for kind in WEIGHTS for entry in db.session.scalars(Entry.of_kind(kind))}


def _author(connection: Connection) -> int:
    author_id = connection.scalar(select(Person.id).where(Person.slug == AUTHOR))
    if author_id is not None:
        return author_id
    person = Person(slug=AUTHOR, name="Sample team", bio="", is_team=True, is_sample=True)
    db.session.add(person)
    db.session.flush()
    return person.id


def _tags(connection: Connection) -> dict[str, int]:
    known = set(connection.scalars(select(Tag.slug)))
    _fill(
        connection,
        Tag,
        ({"slug": slug, "name": slug.replace("-", " ").capitalize()} for slug in TAGS if slug not in known),
    )
    return dict(connection.execute(select(Tag.slug, Tag.id)).all())


def _next(connection: Connection, column: Any) -> int:
    return int(connection.scalar(select(func.max(column))) or 0) + 1


def _count_on(connection: Connection) -> None:
    """PostgreSQL hands out numbers from sequences, which did not see ours."""
    if connection.dialect.name != "postgresql":
        return
    for model in (Post, PostRevision, Comment, CommentRevision, Decision):
        table = model.__tablename__
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))  # noqa: S608
