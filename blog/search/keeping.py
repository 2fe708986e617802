"""The index follows the public pointer: whoever publishes, archives or corrects an article, in the same transaction.

Posts know nothing of the index. Setting the pointer or the archive's moment is noted here, and before the transaction
commits, the index is brought to what it should hold. What goes straight to the tables calls `bring_up_to_date` or
`forget`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, object_session

from blog.database import begin_write, db
from blog.pagecache import keys
from blog.pagecache.changes import changed, changes
from blog.posts.document import Article, ArticleError
from blog.posts.models import Post
from blog.search.document import Document, spelled_in
from blog.search.models import SearchPost, SearchWord

BATCH = 100  # posts a transaction

Tell = Callable[[int], None]


def bring_up_to_date(tell: Tell = lambda count: None) -> int:
    """Index what is missing, take out what is too much; how many articles that were. `tell` hears the count so far.

    In short transactions of its own, so that nobody waits long.
    """
    begin_write()
    forget(db.session.scalars(SearchPost.surplus()).all())
    db.session.commit()
    done = last = 0
    while numbers := db.session.scalars(SearchPost.missing(last).limit(BATCH)).all():
        begin_write()
        index(numbers)
        db.session.commit()
        done, last = done + len(numbers), numbers[-1]
        tell(done)
    return done


def rebuild(tell: Tell = lambda count: None) -> int:
    """Forget the whole index and make it anew; how many articles it holds. Until it is done, less is found."""
    begin_write()
    SearchPost.forget_all()
    changed(keys.SEARCH)
    db.session.commit()
    return bring_up_to_date(tell)


def disagreements() -> int:
    """How many articles the index holds wrongly or not at all. 0 unless somebody wrote past the models."""
    missing, surplus = db.session.scalars(SearchPost.missing()).all(), db.session.scalars(SearchPost.surplus()).all()
    return len(missing) + len(surplus)


def index(post_ids: Collection[int]) -> None:
    """Have the index say of these posts what their public versions say, or nothing. Call inside `begin_write()`."""
    forget(post_ids)
    rows, words, stems = [], Counter[str](), dict[str, str]()
    for post_id, revision, about in SearchPost.sources(post_ids):
        try:
            article = Article.stored(revision.document)  # not from memory: a rebuild would push out what is read
            document = Document.of(
                article, revision.rendered, [about[subject] for subject in article.subjects if subject in about]
            )
        except ArticleError:
            continue  # kept under older rules; its page cannot be shown either
        rows.append((post_id, revision.id, revision.title, document))
        spelled = spelled_in(f"{revision.title}\n\n{document.plain}")
        words.update(spelled.keys())
        stems |= spelled
    SearchPost.keep(rows)
    SearchWord.add({word: (stems[word], count) for word, count in words.items()})
    changed(keys.SEARCH)


def forget(post_ids: Collection[int]) -> None:
    """Take these posts out of the index. Call inside `begin_write()`."""
    texts = SearchPost.texts(post_ids) if post_ids else {}
    if texts:
        SearchPost.forget(texts)
        for text, _ in texts.values():
            SearchWord.remove(spelled_in(text))
        changed(keys.SEARCH)


# What follows from moving a post, whoever moves it


def _note(post: Post, value: object, before: object, initiator: object) -> None:
    session = object_session(post)
    if session is not None and post.id is not None:
        session.info.setdefault("search_posts", set()).add(post)


for _place in (Post.public_revision_id, Post.archived_at):
    event.listen(_place, "set", _note)
for _shown in (Post.public_revision_id, Post.archived_at, Post.published_at, Post.slug):
    changes(_shown, lambda post: (keys.SEARCH,))


@event.listens_for(Session, "before_commit")
def _follow(session: Session) -> None:
    if session.in_nested_transaction():
        return
    moved = session.info.pop("search_posts", None)
    if moved:
        session.flush()
        index(sorted(post.id for post in moved if post in session))


@event.listens_for(Session, "after_transaction_end")
def _forget_moved(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("search_posts", None)
