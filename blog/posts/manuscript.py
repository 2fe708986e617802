"""An article with its Markdown made into HTML, ready to be kept as a version of a post."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from blog.posts.document import Article, ArticleError, Slip
from blog.text.articles import article_html

RESERVED_IDS = frozenset({"main", "comments", "comment-form", "safety", "stretches", "references", "disclaimer"})


@dataclass(frozen=True)
class Manuscript:
    """An article with its Markdown made into cleaned HTML, ready to be kept. Made before any transaction."""

    article: Article
    rendered: dict[str, Any]
    words: int

    @classmethod
    def prepare(cls, article: Article) -> Self:
        """Render `article`. Raises ArticleError where its Markdown holds a slip."""
        manuscript, slips = cls.look(article)
        if slips:
            raise ArticleError(slips)
        return manuscript

    @classmethod
    def again(cls, article: Article) -> Self:
        """Render an article that older rules took: what today's would refuse is left out of its HTML."""
        return cls.look(article)[0]

    @classmethod
    def look(cls, article: Article) -> tuple[Self, list[Slip]]:
        """Render `article` as far as it goes, and what `prepare` would refuse in its Markdown."""
        body = article_html(article.body, reserved_ids=RESERVED_IDS, prefix="a")
        taken = RESERVED_IDS | {heading.id for heading in body.headings}
        self_help = article_html(article.self_help, reserved_ids=taken, prefix="b")
        slips = [
            Slip((name,), problem.message, problem.line)
            for name, part in (("body", body), ("self_help", self_help))
            for problem in part.problems
        ]
        placed = [ref for kind, ref in body.parts + self_help.parts if kind == "figure"]
        slips += [
            Slip(("body",), f"::figure {ref} is placed, but no figure has this id")
            for ref in placed
            if article.figure(ref) is None
        ]
        above = [(ref, article.figure(ref)) for kind, ref in body.parts if kind == "figure"]
        slips += [
            Slip(("body",), f"::figure {ref} shows a stretch above the warning signs: place it below ## Self-help")
            for ref, figure in above
            if figure is not None and figure.kind == "stretch"
        ]
        if article.shows_drawn_film and any(kind == "video" for kind, _ in body.parts):
            what = "::video shows a stretch above the warning signs: place it below ## Self-help"
            slips.append(Slip(("body",), what))
        manuscript = cls(
            article,
            {
                "body": [list(part) for part in body.parts],
                "self_help": [list(part) for part in self_help.parts],
                "headings": [asdict(heading) for heading in body.headings],
                "self_help_headings": [asdict(heading) for heading in self_help.headings],
            },
            body.words + self_help.words + sum(len(text.split()) for text in article.plain_texts),
        )
        return manuscript, slips
