"""The editor's page, and saving what stands in it. Used by the views that write, show and publish articles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import Account, RoleName
from blog.accounts.security import me
from blog.anatomy.drawing import pose_names
from blog.database import begin_write, db
from blog.desk.article_form import Beside, Sheet
from blog.desk.article_parts import PAGE, Shape
from blog.desk.differences import Difference, differences
from blog.desk.names import Names
from blog.errors import Refused
from blog.numbers import number_or_none
from blog.posts import publishing, writing
from blog.posts.models import Post, PostRevision
from blog.posts.notes import NOTE_MAX_CHARS, NoteKind, PostNote
from blog.posts.rights import may_write, opened
from blog.posts.writing import Reading
from blog.text.characters import clean_text

Act = Callable[[Post, PostRevision], str]  # what a button does once the text is saved; why not, or nothing


@dataclass(frozen=True)
class Conflict:
    """Somebody saved another version meanwhile."""

    revision: PostRevision
    by: str
    differences: list[Difference]


@dataclass(frozen=True)
class Sent:
    """What the editor's form brought."""

    sheet: Sheet
    names: Names
    seen: int | None  # the version that was opened
    slug: str
    publish_at: str
    comments_open: bool

    @classmethod
    def read(cls) -> Self:
        """From the request."""
        form = request.form
        slug, publish_at = (form.get(name, "").strip() for name in ("slug", "publish_at"))
        seen = number_or_none(form["seen"])
        return cls(Sheet.read(form), Names.current(), seen, slug, publish_at, "comments_open" in form)

    @property
    def again(self) -> dict[str, Any]:
        """What the page shows of it beside the sheet."""
        names = ("seen", "slug", "publish_at", "comments_open")
        return {name: getattr(self, name) for name in names}


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


def editor_page(post: Post | None, sheet: Sheet, names: Names, **more: Any) -> str:
    """The page. `more`: beside, focus, conflict, problem, seen, slug, comments_open, publish_at."""
    newest = newest_of(post) if post else None
    editor = me().has_any_role(RoleName.EDITOR)
    values: dict[str, Any] = {
        "post": post,
        "newest": newest,
        "sheet": sheet,
        "page": PAGE,
        "shapes": Shape,
        "names": names,
        "poses_to_choose": [("", "None"), *((name, name) for name in pose_names())],
        "beside": Beside(),
        "conflict": None,
        "problem": "",
        "focus": "",
        "seen": newest.id if newest else "",
        "slug": post.slug if post else "",
        "comments_open": post.comments_open if post else True,
        "publish_at": "",
        "zone": current_app.config["BLOG_TIME_ZONE"],
        "is_editor": editor,
        "may_place": post is not None and (editor or post.public_revision_id is None),
        **_notes(post),
    }
    return render_template("desk/posts/editor.html", **{**values, **more})


def article_page(post: Post) -> str:
    """What the newest version says, for those who may read and not write it."""
    newest = newest_of(post)
    texts = [(label, text) for label, text in sheet_of(newest, Names.current()).texts.values() if text]
    return render_template("desk/posts/article.html", post=post, newest=newest, texts=texts, **_notes(post))


def opened_page(post: Post) -> str:
    """The editor with the newest version in it, and what it still lacks."""
    newest, names = newest_of(post), Names.current()
    sheet = sheet_of(newest, names)
    beside = Beside()
    if newest.missing:
        document, unknown = sheet.document(names)
        beside = Beside.of(Reading.of(document).slips, unknown)
    return editor_page(post, sheet, names, beside=beside)


def keep(post_id: int | None, act: Act | None = None) -> Response | tuple[str, int] | str:
    """Do what the editor's form asks: change its cards, or save it as a version and then `act`."""
    post = writable(post_id) if post_id is not None else None
    if "seen" not in request.form:
        abort(400)  # not the editor's form: saving it would empty the article
    sent = Sent.read()
    asked = request.form.get("do", "save")
    if asked != "save":
        return editor_page(post, sent.sheet, sent.names, focus=sent.sheet.change(asked), **sent.again)
    sent.sheet.drop_empty_cards()
    if post is None and sent.sheet.is_empty:
        nothing = "Nothing is written yet, so nothing was saved."
        return editor_page(None, sent.sheet, sent.names, problem=nothing, **sent.again), 422
    return _save(post_id, sent, act)


def _save(post_id: int | None, sent: Sent, act: Act | None) -> Response | tuple[str, int]:
    document, unknown = sent.sheet.document(sent.names)
    reading = Reading.of(document)
    beside = Beside.of(reading.slips, unknown)
    missing = [text for _, text in beside.lines]

    begin_write(lock=f"article {post_id}" if post_id is not None else None)
    post = writing.begin(me().id) if post_id is None else writable(post_id)
    newest = db.session.scalar(PostRevision.newest_of(post))
    if newest and newest.id != sent.seen and not writing.says_the_same(newest, reading.manuscript, missing):
        db.session.rollback()
        return _conflict_page(post_id, newest.id, sent, beside), 409
    if _may_place(post):
        if sent.slug and (why_not := publishing.objection(sent.slug, post.id)):
            db.session.rollback()
            beside.by_field["slug"] = [why_not]
            return _page_again(post_id, sent, beside=beside), 422
        writing.give_address(post, sent.slug, reading.article.title)
        post.comments_open = sent.comments_open
    revision = writing.save(post, reading.manuscript, missing, me().id)
    problem = act(post, revision) if act else ""
    db.session.commit()
    if problem:
        return _page_again(post.id, sent, beside=beside, problem=problem, seen=revision.id, slug=post.slug), 422
    flash("Saved." if act is None else "Done.")
    return redirect(url_for("articles.show", post_id=post.id), 303)


def _page_again(post_id: int | None, sent: Sent, **more: Any) -> str:
    """The editor with what was typed."""
    post = found(post_id) if post_id is not None else None
    return editor_page(post, sent.sheet, sent.names, **{**sent.again, **more})


def _conflict_page(post_id: int | None, newest_id: int, sent: Sent, beside: Beside) -> str:
    """The editor with what was typed, and both versions side by side; saving again takes the other one as seen."""
    newest = db.session.get_one(PostRevision, newest_id)
    changed = differences(sheet_of(newest, sent.names), sent.sheet)
    conflict = Conflict(newest, _name_of(newest), changed)
    return _page_again(post_id, sent, beside=beside, conflict=conflict, seen=newest.id)


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


def _may_place(post: Post) -> bool:
    """Whether the account may change the address and the comments: of what readers see, editors alone."""
    return post.public_revision_id is None or me().has_any_role(RoleName.EDITOR)


def _name_of(revision: PostRevision) -> str:
    account = db.session.get(Account, revision.account_id) if revision.account_id else None
    return account.name if account else "somebody outside the desk"
