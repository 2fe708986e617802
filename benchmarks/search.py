"""Searching: what a question and a suggestion cost, with nothing from memory, at 1,000 and 100,000 articles.

Run from the root: python -m benchmarks.search [FOLDER]  (FOLDER keeps the generated sites for the next run; about 2 GB)
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks._bench import brought_up_to_date, filled, folder, report, table
from benchmarks.grow import Visit, beside, plotted

SIZES = (1_000, 100_000)
WANTED, WANTED_SUGGESTIONS, WANTED_GROWTH = 30, 5, 3  # CPU milliseconds, and times
QUESTIONS = {
    "one word of every article": "/search?q=position",
    "three words of every article": "/search?q=tender+places+pressing",
    "a phrase of every article": "/search?q=%22clinical+observation%22",
    "a pain area that hurts": "/search?q=pain+in+my+left+buttock",
    "a muscle by its lay name": "/search?q=glutes",
    "a title": "/search?q=generated+article+500",
    "a word and one that is nowhere": "/search?q=position+xyzzy",
    "an unfinished word": "/search?q=clini",
    "a slip": "/search?q=observtaion",
    "page 3": "/search?q=position&page=3",
}
SUGGESTIONS = {"two letters": "/search/suggestions?q=ge", "a name": "/search/suggestions?q=glut"}


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with folder() as place:
        measure(place)


def measure(place: Path) -> None:
    made = []
    for posts in SIZES:
        instance = place / f"search-{posts}"
        done = instance / "done"  # with the CPU seconds it took
        if done.exists():
            brought_up_to_date(instance)
        else:
            done.write_text(f"{filled(instance, posts, 0, 0):.0f} s")
        made.append(done.read_text())
    visits = [Visit.of(place / f"search-{posts}") for posts in SIZES]
    costs = {
        name: beside(visits, lambda visit, address=address: visit.make(address))
        for name, address in {**QUESTIONS, **SUGGESTIONS}.items()
    }
    plotted(costs, SIZES, "search.svg", "a question")
    lines = [
        "CPU milliseconds of an answer made afresh, with the page around it, on SQLite; the sites take turns. "
        f"Wanted: at most {WANTED} ms for a question, {WANTED_SUGGESTIONS} ms for suggestions, and {WANTED_GROWTH} "
        f"times as much on the larger site. Generating the sites with the index took {' and '.join(made)} of CPU time.",
        "",
        *table(
            ("question", *(f"{posts:,} articles" for posts in SIZES), "last / first"),
            [
                (name, *(f"{cost:.1f}" for cost in found), f"{found[-1] / found[0]:.2f}")
                for name, found in costs.items()
            ],
        ),
        "",
        "![Cost against size](images/search.svg)",
    ]
    report("search", "Searching", lines)


if __name__ == "__main__":
    main()
