"""Two sanitisers hold one list, each alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from blog.text.comments import comment_html
from blog.text.sanitising import ARTICLE_RULES, COMMENT_RULES, Rules, Sanitiser
from tests.text.reading import elements

DIRTY = [
    "<script>x</script>",
    "<p title=x lang=de onclick=x style=x class=x id=x hidden>x</p>",
    "<a href=javascript:x>x</a>",
    "<a href=/x rel=x target=_blank class=x>x</a>",
    "<a href='https://x.example' rel='opener'>x</a>",
    "<div role=alert tabindex=1 class=modal aria-label=x>x</div>",
    "<aside role=region tabindex=0 class='callout callout--x'>x</aside>",
    "<img src=x><svg><a href=/x>x</a></svg><h1>x</h1><h5>x</h5>",
    "<td class=x scope=row style='text-align:right'>x</td>",
    "<input name=x><button>x</button><video src=x></video>",
]


@pytest.mark.parametrize("rules", [COMMENT_RULES, ARTICLE_RULES])
@pytest.mark.parametrize("dirty", DIRTY)
def test_each_sanitiser_alone_is_enough(rules: Rules, dirty: str) -> None:
    """bleach and nh3 hold the same list: neither leans on the other or on the parser."""
    sanitiser = Sanitiser(rules)
    for clean in (sanitiser.bleach.clean, sanitiser.nh3.clean):
        for tag, attributes in elements(clean(dirty)):
            assert tag in rules.tags
            for name, value in attributes.items():
                assert rules.allows(tag, name, value)
                assert value == "x" if name == "aria-label" else value in {"/x", "https://x.example", "x"}
                assert value != "x" or name in {"aria-label", "id"}


@pytest.mark.parametrize("rules", [COMMENT_RULES, ARTICLE_RULES])
def test_each_sanitiser_keeps_what_is_allowed(rules: Rules) -> None:
    """What one of them lets through, the other does not take away."""
    sanitiser = Sanitiser(rules)
    for tag, allowed in rules.tags.items():
        for name, values in allowed.items():
            for value in values or {"https://x.example"}:
                html = f'<{tag} {name}="{value}">'
                html = f"<table><tbody><tr>{html}</tr></tbody></table>" if tag in ("td", "th") else html
                for clean in (sanitiser.bleach.clean, sanitiser.nh3.clean):
                    assert (tag, {name: value}) in list(elements(clean(html)))


def test_works_in_threads() -> None:
    """bleach keeps state as it works, so each thread has its own; the output never mixes."""
    texts = [f"*{n}* > <b> [x](https://x.example/{n})\n\n- {n}" * 10 for n in range(40)]
    expected = [comment_html(text) for text in texts]

    with ThreadPoolExecutor(8) as pool:
        assert expected == list(pool.map(comment_html, texts))
