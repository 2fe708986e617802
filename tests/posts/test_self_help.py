"""Self-help never stands above the warning signs, however its heading is typed."""

from __future__ import annotations

import pytest

from blog.posts.document import Article, ArticleError
from blog.posts.self_help import can_divide, first_self_help
from blog.text.outline import Outline
from tests.make import Make

DIVIDES = [
    *("## Self-help", "## Self-help ##", "##\tSelf-help", "   ## Self-help", "Self-help\n---", "## **Self-help**"),
    *("## *Self*-help", "## `Self-help`", "## Self-help {#x}", "## [Self-help](#x)", "## Self-help:", "## SELF-HELP"),
    *("## Self help", "## Selfhelp", "## Self–help", "## Self—help", "## Self‑help", "## Self‐help", "## Self−help"),
    *(
        "## Self - help",
        "## 5. Self-help",
        "## 🧘 Self-help",
        "## Self-help 💪",
        "## Self&#45;help",
        "## Self&ndash;help",
    ),
    *(
        "## S&#101;lf-help",
        "## Self\\-help",
        "## Self\u200b-help",
        "## Self-\u00adhelp",
        "## Self\u00a0help",
        "## Sélf-hélp",
    ),
    *(
        "## Ｓｅｌｆ-ｈｅｌｐ",
        "## S e l f - h e l p",
        "## Sefl-help",
        "## Self-halp",
        "## ![Self-help](https://example.org/a.png)",
    ),
    *("## Self care", "## Self-treatment", "## Self massage", "## Self-management", "## Your self-care plan"),
    *("## At home", "## What you can do at home", "## Home treatment", "## Home remedies", "## Exercises"),
    *(
        "## Neck exercises",
        "## Exercise",
        "## Stretches",
        "## Stretching",
        "## A gentle stretch",
        "## How to stretch it",
    ),
    *("## Treat it yourself", "## What you can do", "## What helps", "## With a foam roller", "## Strengthening"),
    *("## Selbsthilfe", "## Übungen", "## Ejercicios en casa", "## Étirements", "Stretches\n-"),
]
LOOKS_LIKE = [
    *(
        "# Self-help",
        "### Self-help",
        "#### Exercises",
        "Self-help\n===",
        "##\u00a0Self-help",
        "##Self-help",
        "#Stretches",
    ),
    *("**Self-help**", "__Self-help:__", "**Self-help**\nLie down.", "Self-help:", "*Stretches*", "<h2>Self-help</h2>"),
    *("> ## Self-help", "- ## Self-help", "1. ## Exercises", ":::note Self-help\nRest.\n:::", "\\## Self-help"),
]
OTHER = [
    *("```\n## Self-help\n```", "~~~\n## Self-help\n~~~", "    ## Self-help", "`## Self-help`", "## Self-test"),
    *(
        "## The muscle itself helps",
        "## Stretch reflex",
        "## Exercise-induced pain",
        "## Who helps",
        "## Helpful words",
    ),
    *("Self-help comes further down.", "Many people stretch it at home.", "## Where pain is felt", "- Stretching"),
]


def first(typed):
    return first_self_help(Outline.of(f"## What it does\n\nIt moves.\n\n{typed}\n\nRest.\n"))


def slips(**article):
    with pytest.raises(ArticleError) as caught:
        Article.parse(Make.article(**article))
    return [(slip.path, slip.line) for slip in caught.value.slips]


@pytest.mark.parametrize("typed", DIVIDES)
def test_a_heading_of_self_help_divides(typed):
    """What its reader reads decides, not how its line is typed."""
    found = first(typed)

    assert (5, True) == (found.line, can_divide(found))


@pytest.mark.parametrize("typed", LOOKS_LIKE)
def test_what_only_looks_like_one_does_not_divide(typed):
    """It is found all the same, so that it can be refused."""
    found = first(typed)

    assert (5, False) == (found.line, can_divide(found))


@pytest.mark.parametrize("typed", OTHER)
def test_code_and_other_words_are_none(typed):
    """A fence that shows the heading, a sentence with the word, a heading about something else."""
    assert first(typed) is None


@pytest.mark.parametrize("typed", DIVIDES + LOOKS_LIKE)
def test_no_article_has_it_above_the_warning_signs(typed):
    """Also with a safety box: the text that stands above it holds no self-help."""
    body = f"## What it does\n\nIt moves.\n\n{typed}\n\nRest."

    assert [(("body",), 5)] == slips(body=body, safety={"red_flags": ["low-back"]})


@pytest.mark.parametrize("typed", DIVIDES)
def test_no_article_has_it_without_warning_signs(typed):
    """The part below needs the box above: what is missing is named where it is chosen."""
    assert [(("safety", "red_flags"), 0)] == slips(self_help=f"{typed.strip()}\n\nRest.")


def test_a_drawn_stretch_needs_warning_signs():
    """A picture of an exercise is one."""
    figure = {"id": "pose", "kind": "stretch", "caption": "The position", "alt": "Lying", "pose": "lying"}

    assert [(("safety", "red_flags"), 0)] == slips(figures=[figure])
