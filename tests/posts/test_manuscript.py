"""An article made ready to be kept."""

from __future__ import annotations

import pytest

from blog.posts.document import Article, ArticleError
from blog.posts.manuscript import Manuscript
from tests.make import Make

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]

FIGURE = {"id": "map", "kind": "pain-map", "caption": "Where", "alt": "A drawing"}


class TestPrepare:
    def test_takes_a_figure_that_the_article_has(self):
        """A figure may be placed in the text."""
        manuscript = Manuscript.prepare(
            Article.parse(Make.article(body="## It\n\n::figure map\n\nMoves.", figures=[FIGURE], muscles=["psoas"]))
        )

        assert ["html", "figure", "html"] == [kind for kind, _ in manuscript.rendered["body"]]

    def test_refuses_a_stretch_above_the_warning_signs(self):
        """Its drawing stands below, with the rest of the self-help."""
        pose = {**FIGURE, "kind": "stretch", "pose": "lying"}
        article = Make.article(body="## It\n\n::figure map", figures=[pose], safety={"red_flags": ["low-back"]})

        with pytest.raises(ArticleError, match="::figure map shows a stretch above the warning signs"):
            Manuscript.prepare(Article.parse(article))

    def test_refuses_a_figure_that_the_article_lacks(self):
        """A figure placed in vain is named."""
        with pytest.raises(ArticleError, match="no figure has this id"):
            Manuscript.prepare(Article.parse(Make.article(body="## It\n\n::figure map")))

    def test_refuses_markdown_with_a_slip(self):
        """What the text's own rules find is told by line."""
        with pytest.raises(ArticleError, match="body: line 3 of the text"):
            Manuscript.prepare(Article.parse(Make.article(body="## It\n\n::picture map")))

    def test_counts_the_words_of_steps_and_facts(self):
        """Reading time counts all that is read, not the body alone."""
        plain = Manuscript.prepare(Article.parse(Make.article()))
        longer = Manuscript.prepare(Article.parse(Make.article(key_facts=["three more words"])))

        assert 3 == longer.words - plain.words
