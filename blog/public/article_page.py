"""The page of an article: one record of all that its template shows, read in as few statements as can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from flask import abort, render_template, request, url_for

from blog.addresses import absolute
from blog.comments import sending
from blog.comments.models import Comment
from blog.comments.threads import Threads
from blog.media.models import Media
from blog.pagecache import keys
from blog.pagecache.notes import shows
from blog.pages.models import Page, PageSlug, PageText
from blog.paging import page_number
from blog.posts.leads import Lead, lead_pictures, lead_references, leads_among
from blog.posts.links import entries_named, references_of
from blog.posts.page import show_on_page, tags_of
from blog.posts.related import Surroundings, surroundings
from blog.posts.rows import PublicPost, TagName
from blog.posts.shown import ArticleShown
from blog.public.around import LIST_HERE, Around
from blog.public.comment_form import CommentForm, Feedback, FormToken
from blog.public.relations import in_words, places_in
from blog.public.sharing import ShareLink, share_links

BESIDE_FORM = (PageSlug.DISCLAIMER, PageSlug.COMMENT_POLICY)


@dataclass(frozen=True)
class ArticlePage(ArticleShown):
    """All that public/article.html shows."""

    post: PublicPost
    around: Surroundings
    why: dict[int, str]  # each related article is, by its number
    leads: Mapping[int, Lead]  # of the related ones
    tags: Sequence[TagName]
    threads: Threads
    form: CommentForm
    feedback: Feedback  # on what was sent
    answered: Comment | None  # the comment that the form answers
    path: str

    @classmethod
    def of(cls, post: PublicPost, form: CommentForm, feedback: Feedback, threads: Threads) -> Self:
        """The page of a published post, its form made ready to be sent from it."""
        article = post.revision.article
        around = surroundings(post)
        named = [*references_of(article), *lead_references(around.related), *places_in(around.reasons.values())]
        entries, tags = entries_named(named), tags_of(post)
        tag_names = {tag.slug: tag.name for tag in tags}
        media = Media.find([*article.pictures, *lead_pictures(around.related)])
        leads = leads_among([post, *around.related], entries, media)
        texts = Page.texts()
        form.token.data = str(FormToken.today(post.id, sending.ShownTexts(*(_id(texts, slug) for slug in BESIDE_FORM))))
        answered = None if form.parent_id.errors else sending.answered(post, form.parent)
        if answered is None:
            form.parent_id.data = ""  # what is sent from here is a comment of its own
        return cls(
            article=article,
            rendered=post.revision.rendered,
            media=media,
            minutes=post.revision.reading_minutes,
            disclaimer=texts.get(PageSlug.DISCLAIMER),
            lead=leads[post.id],
            **cls.parts(article, entries),
            post=post,
            around=around,
            why={number: in_words(reason, entries, tag_names) for number, reason in around.reasons.items()},
            leads=leads,
            tags=tags,
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
    def shares(self) -> list[ShareLink]:
        """Ways to pass it on."""
        return share_links(self.path, self.article.title)


def article_page(
    post: PublicPost, form: CommentForm, feedback: Feedback | None = None, next_due: datetime | None = None
) -> bytes:
    """The article with its comments and `form`, and what its writer is told about what they sent, if they did."""
    threads = Threads.of(post, page_number("comments"))
    if threads.page > threads.pages:
        abort(404)
    page = ArticlePage.of(post, form, feedback or Feedback(), threads)
    others = (*page.around.related, page.around.older, page.around.newer)
    show_on_page(post, page.article, next_due)
    shows(*(keys.post(other.id) for other in others if other))
    shows(*(keys.page(slug) for slug in BESIDE_FORM))
    around = Around.of(post, render_template("public/article.html", page=page, comments_here=LIST_HERE))
    made = around.page(threads)
    if feedback is None and not request.args:  # the page that most readers see, its form empty
        around.keep()
    return made


def page_around(slug: str) -> bytes | None:
    """The same page, where all but its comments is in memory from the last time."""
    around = None if request.args else Around.kept(slug)
    return around.page(Threads.of(around.post, 1)) if around else None


def _id(texts: Mapping[str, PageText], slug: str) -> int | None:
    text = texts.get(slug)
    return text.id if text else None
