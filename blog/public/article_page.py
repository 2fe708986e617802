"""The page of an article: one record of all that its template shows, read in as few statements as can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from flask import abort, render_template, url_for
from sqlalchemy import Row

from blog.addresses import absolute
from blog.anatomy.models import Entry, EntryKind, EntryText, RedFlagLevel, red_flags
from blog.comments import sending
from blog.comments.models import Comment
from blog.comments.threads import Threads
from blog.media.models import Media
from blog.pagecache import keys
from blog.pagecache.notes import shows
from blog.pages.models import Page, PageSlug, PageText
from blog.paging import page_number
from blog.posts.document import Article, Figure
from blog.posts.leads import Lead, lead_pictures, lead_references, leads_among
from blog.posts.links import entries_named, references_of
from blog.posts.models import Post
from blog.posts.page import show_on_page, tags_of
from blog.posts.pictures import Pictures
from blog.posts.related import Surroundings, surroundings
from blog.public.comment_form import CommentForm, Feedback, FormToken
from blog.public.sharing import ShareLink, share_links

BESIDE_FORM = (PageSlug.DISCLAIMER, PageSlug.COMMENT_POLICY)
Entries = Mapping[tuple[EntryKind, str], Entry | EntryText]


@dataclass(frozen=True)
class ArticlePage:
    """All that public/article.html shows."""

    post: Post
    article: Article
    rendered: Any  # the stored HTML of the article's parts
    media: Pictures
    minutes: int
    muscles: list[Entry | EntryText]
    primary: list[Entry | EntryText]  # muscles that take most of the stretches
    secondary: list[Entry | EntryText]
    muscle_names: dict[str, str]
    pain_areas: list[Entry | EntryText]
    conditions: list[Entry | EntryText]
    red_flags: list[RedFlagLevel]
    disclaimer: PageText | None
    around: Surroundings
    leads: Mapping[int, Lead]  # of the post itself and of the related ones
    tags: Sequence[Row[str, str]]
    threads: Threads
    form: CommentForm
    feedback: Feedback  # on what was sent
    answered: Comment | None  # the comment that the form answers
    path: str

    @classmethod
    def of(cls, post: Post, form: CommentForm, feedback: Feedback, threads: Threads) -> Self:
        """The page of a published post, its form made ready to be sent from it."""
        if post.revision is None:
            abort(404)
        article = post.revision.article
        around = surroundings(post)
        carded = [post, *around.related]
        entries = entries_named([*references_of(article), *lead_references(around.related)])
        media = Media.find([*article.pictures, *lead_pictures(around.related)])
        primary, secondary = article.stretched
        texts = Page.texts()
        form.token.data = str(FormToken.today(post.id, sending.ShownTexts(*(_id(texts, slug) for slug in BESIDE_FORM))))
        answered = None if form.parent_id.errors else sending.answered(post, form.parent)
        if answered is None:
            form.parent_id.data = ""  # what is sent from here is a comment of its own
        return cls(
            post=post,
            article=article,
            rendered=post.revision.rendered,
            media=media,
            minutes=post.revision.reading_minutes,
            muscles=_named(entries, EntryKind.MUSCLE, article.muscles),
            primary=_named(entries, EntryKind.MUSCLE, primary),
            secondary=_named(entries, EntryKind.MUSCLE, secondary),
            muscle_names={slug: entry.name for (kind, slug), entry in entries.items() if kind == EntryKind.MUSCLE},
            pain_areas=_named(entries, EntryKind.PAIN_AREA, article.pain_areas),
            conditions=_named(entries, EntryKind.CONDITION, article.conditions),
            red_flags=red_flags(_named(entries, EntryKind.RED_FLAGS, article.safety.red_flags))
            if article.safety
            else [],
            disclaimer=texts.get(PageSlug.DISCLAIMER),
            around=around,
            leads=leads_among(carded, entries, media),
            tags=tags_of(post),
            threads=threads,
            form=form,
            feedback=feedback,
            answered=answered,
            path=url_for("posts.show", slug=post.slug),
        )

    @property
    def address(self) -> str:
        """With the site's name."""
        return absolute(self.path)

    @property
    def lead(self) -> Lead:
        """The picture beside its title."""
        return self.leads[self.post.id]

    @property
    def lead_figure(self) -> Figure | None:
        """The figure of the text that shows the same as the lead, with all that is to be said of it."""
        kind = "picture" if self.lead.shown else "pain-map"
        placed = [ref for kind, ref in (*self.rendered["body"], *self.rendered["self_help"]) if kind == "figure"]
        return next((figure for figure in self.article.figures if figure.kind == kind and figure.id in placed), None)

    @property
    def shares(self) -> list[ShareLink]:
        """Ways to pass it on."""
        return share_links(self.path, self.article.title)


def article_page(
    post: Post, form: CommentForm, feedback: Feedback | None = None, next_due: datetime | None = None
) -> str:
    """The article with its comments and `form`, and what its writer is told about what they sent, if they did."""
    threads = Threads.of(post, page_number("comments"))
    if threads.page > threads.pages:
        abort(404)
    page = ArticlePage.of(post, form, feedback or Feedback(), threads)
    around = page.around
    show_on_page(post, page.article, next_due)
    shows(*(keys.post(other.id) for other in (*around.related, around.older, around.newer) if other))
    shows(*(keys.page(slug) for slug in BESIDE_FORM))
    return render_template("public/article.html", page=page)


def _named(entries: Entries, kind: EntryKind, slugs: Sequence[str]) -> list[Entry | EntryText]:
    return [entries[kind, slug] for slug in slugs if (kind, slug) in entries]


def _id(texts: Mapping[str, PageText], slug: str) -> int | None:
    text = texts.get(slug)
    return text.id if text else None
