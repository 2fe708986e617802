"""The editor's page. Used by the views that write, show and publish articles; what is sent from it: saving.py."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, render_template, request

from blog.accounts.models import Person, RoleName
from blog.accounts.security import me
from blog.anatomy.drawing import pose_names
from blog.database import begin_write, db
from blog.desk.article_form import Beside, Sheet
from blog.desk.article_parts import PAGE, TOOLS, Shape
from blog.desk.names import Names
from blog.desk.sent import Opened, Sent
from blog.desk.unsaved import Unsaved, opened_slot, others_words
from blog.errors import Refused
from blog.numbers import number_or_none
from blog.pages.models import Site
from blog.posts import writing
from blog.posts.autosaves import new_page
from blog.posts.models import Post, PostRevision
from blog.posts.notes import NOTE_MAX_CHARS, NoteKind, PostNote
from blog.posts.previews import DAYS, PreviewLink
from blog.posts.rights import may_write, opened
from blog.posts.writing import Reading
from blog.text.characters import clean_text


def found(post_id: int) -> Post:
    """The article with this number, if the account may open it; otherwise 404."""
    return db.first_or_404(opened(me(), post_id))  # type: ignore[no-any-return]


def writable(post_id: int) -> Post:
    """As `found`, for those who may change it; others get 403."""
    post = found(post_id)
    if not may_write(me(), post):
        abort(403)
    return post


def newest_of(post: Post) -> PostRevision:
    """Its latest version; every article of the desk has one."""
    newest = db.session.scalar(PostRevision.newest_of(post))
    if newest is None:
        abort(404)
    return newest


def sheet_of(revision: PostRevision, names: Names) -> Sheet:
    """A version as it stands in the form."""
    return Sheet.of(revision.document, names)


def blank_sheet(names: Names) -> Sheet:
    """What stands in the editor of a new article: the name under which the account writes."""
    return Sheet.of(own_byline(), names)


def own_byline() -> dict[str, list[str]]:
    """Who stands above an article that the account begins: the name that is theirs, or nobody."""
    person = db.session.scalars(Person.of(me())).first()
    return {"authors": [person.slug]} if person else {}


def editor_page(post: Post | None, sheet: Sheet, names: Names, **more: Any) -> str:
    """The page. `more`: beside, focus, conflict, problem, unsaved, opened, and what `sent.PLACE` names."""
    newest = newest_of(post) if post else None
    values: dict[str, Any] = {
        "post": post,
        "newest": newest,
        "sheet": sheet,
        "page": PAGE,
        "shapes": Shape,
        "tools": TOOLS,
        "names": names,
        "poses_to_choose": [("", "None"), *((name, name) for name in pose_names())],
        "beside": Beside(),
        "conflict": None,
        "problem": "",
        "focus": "",
        "unsaved": None,
        "others": others_words(post) if post else "",
        "opened": Opened(newest.id, new_page()) if newest else Opened(page=new_page(), begun=new_page()),
        "slug": post.slug if post else "",
        "comments_open": post.comments_open if post else True,
        "comments_days": "" if post is None or post.comments_close_days is None else str(post.comments_close_days),
        "site_days": Site.current().comments_close_days,
        "publish_at": "",
        "zone": current_app.config["BLOG_TIME_ZONE"],
        "is_editor": me().has_any_role(RoleName.EDITOR),
        "may_place": post is not None and may_place(post),
        "links": db.session.execute(PreviewLink.of(post)).all() if post else (),
        "link_days": DAYS,
        **_notes(post),
    }
    return render_template("desk/posts/editor.html", **{**values, **more})


def article_page(post: Post) -> str:
    """What the newest version says, for those who may read and not write it."""
    newest = newest_of(post)
    texts = [(label, text) for label, text in sheet_of(newest, Names.current()).texts.values() if text]
    return render_template("desk/posts/article.html", post=post, newest=newest, texts=texts, **_notes(post))


def opened_page(post: Post) -> str:
    """The editor with the newest version in it, or with one's own slot if it was asked for, and what it still lacks."""
    newest, names = newest_of(post), Names.current()
    going_on = opened_slot(post, request.args.get("continue", ""))
    if going_on is not None:
        document, unknown = going_on.sheet.document(names)
        beside = Beside.of(Reading.of(document).slips, unknown)
        return editor_page(post, going_on.sheet, names, beside=beside, **going_on.again)
    sheet, beside = sheet_of(newest, names), Beside()
    if newest.missing:
        document, unknown = sheet.document(names)
        beside = Beside.of(Reading.of(document).slips, unknown)
    return editor_page(post, sheet, names, beside=beside, unsaved=Unsaved.of(post, sheet))


def page_again(post_id: int | None, sent: Sent, **more: Any) -> str:
    """The editor with what was typed."""
    post = found(post_id) if post_id is not None else None
    return editor_page(post, sent.sheet, sent.names, **{**sent.again, **more})


def may_place(post: Post) -> bool:
    """Whether the account may change the address and the comments: of what readers see, editors alone."""
    return post.public_revision_id is None or me().has_any_role(RoleName.EDITOR)


def leave_note(post_id: int, kind: NoteKind) -> None:
    """Keep the note that was sent, on the version that its writer has read. Raises Refused."""
    body = clean_text(request.form.get("note", ""))[:NOTE_MAX_CHARS]
    if not body and kind != NoteKind.APPROVED:
        raise Refused("Please write a note first: nobody would know what is meant.")
    begin_write(lock=f"article {post_id}")
    post = found(post_id)
    newest = newest_of(post)
    if kind == NoteKind.APPROVED and newest.id != number_or_none(request.form.get("version", "")):
        raise Refused("Another version was saved while you were reading. Please look at it first.")
    PostNote.write(kind, post, newest, body, me().id)
    if kind in (NoteKind.APPROVED, NoteKind.RETURNED):
        writing.end_review(post)
    db.session.commit()
    flash("Your note is kept.")


def _notes(post: Post | None) -> dict[str, Any]:
    """What the notes at the end of the page show."""
    notes = db.session.execute(PostNote.on(post)).all() if post else ()
    return {"notes": notes, "may_review": me().has_any_role(RoleName.REVIEWER)}
