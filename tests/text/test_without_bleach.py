"""bleach gets no security fixes any more. So the site is safe with its pass taken out: nh3 has the last word."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from blog.text.articles import article_html
from blog.text.comments import comment_html
from blog.text.sanitising import sanitise_article, sanitise_comment
from tests.text.attacks import ATTACKS
from tests.text.reading import assert_safe_article, assert_safe_comment


@pytest.fixture(autouse=True)
def no_bleach(monkeypatch: pytest.MonkeyPatch) -> None:
    """bleach gives back what it gets, as if all its rules were broken."""
    for sanitiser in (sanitise_comment, sanitise_article):
        monkeypatch.setattr(sanitiser, "bleach", SimpleNamespace(clean=lambda html: html))


@pytest.mark.parametrize("attack", ATTACKS)
def test_comments_are_safe(attack: str) -> None:
    """Every text that attacks the page, through all that makes a comment."""
    assert_safe_comment(comment_html(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_articles_are_safe(attack: str) -> None:
    """And through all that makes an article."""
    assert_safe_article(article_html(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_itself_is_safe(attack: str) -> None:
    """Also where the text is HTML already, as if the Markdown parser had let it through."""
    assert_safe_comment(sanitise_comment(attack))


def test_is_really_taken_out() -> None:
    """Otherwise the others prove nothing: bleach writes what it refuses as text, nh3 drops it."""
    assert "alert" not in sanitise_comment("<script>alert(1)</script>")
