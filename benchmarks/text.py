"""CPU time of text that becomes HTML. Run from the root: python -m benchmarks.text"""

from __future__ import annotations

import time
from collections.abc import Callable

from blog.text.articles import article_html
from blog.text.characters import clean_text
from blog.text.comments import comment_html
from tests.text.nasty import NASTY

ROUNDS = 5  # the best one counts

COMMENT = (
    "Thank you, this helped. Two questions:\n\n1. How *long* do I hold it?\n2. Before or after a run?\n\n"
    "> Stop if it hurts.\n\nI read [this](https://example.org/a?b=c) and was not sure.\n"
)
SECTION = (
    "## Part {n}\n\nThe muscle lies *behind* the hip and is often **tight**, see [the map](/muscles/psoas) "
    "and [a study](https://example.org/{n}).[^{n}] "
    + "Hold the stretch for thirty seconds and breathe. "
    * 12
    + "\n\n- one\n- two\n  - three\n\n| Muscle | Dose |\n|:-|-:|\n| Psoas | 2 × 30 s |\n\n"
    ":::care Stop\nIf it hurts.\n:::\n\n::figure map-{n}\n\n[^{n}]: Somebody, 2015.\n\n"
)


def cpu_ms(function: Callable[[str], object], text: str) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        function(text)
        best = min(best, time.process_time() - started)
    return best * 1000


def main() -> None:
    article = "".join(SECTION.replace("{n}", str(n)) for n in range(1, 12))
    print(f"{cpu_ms(comment_html, COMMENT):8.1f} ms  typical comment, {len(COMMENT)} characters")
    print(f"{cpu_ms(article_html, article):8.1f} ms  article, {len(article)} characters")
    timed = sorted(
        ((cpu_ms(lambda text: comment_html(clean_text(text)), text), name) for name, text in NASTY.items()),
        reverse=True,
    )
    for milliseconds, name in timed:
        print(f"{milliseconds:8.1f} ms  {name}")
    slowest = max((cpu_ms(article_html, text), name) for name, text in NASTY.items())
    print(f"{slowest[0]:8.1f} ms  as an article: {slowest[1]}")


if __name__ == "__main__":
    main()
