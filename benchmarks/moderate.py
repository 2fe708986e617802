"""Moderating: the queue and a decision, at 100 to 100,000 comments that wait.

Run from the root: python -m benchmarks.moderate [FOLDER]  (FOLDER keeps the generated sites for the next run)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Self

from sqlalchemy import select

from benchmarks._bench import brought_up_to_date, filled, folder, report, table
from benchmarks.grow import ROUNDS, beside, staff
from blog import create_app
from blog.comments.models import Comment, State
from blog.database import db
from blog.moderation.queue import Filter, Place
from tests.visitors import StaffClient

SIZES = (100, 1_000, 10_000, 100_000)
WANTED = 1.2  # the first page at the most, against the least
WANTED_MS = 8
PAGES = {
    "first page of the queue": "/desk/comments",
    "first page of the approved": "/desk/comments?state=approved",
}


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with folder() as place:
        measure(place)


def measure(place: Path) -> None:
    desks = [Desk.of(place / f"site-{pending}", pending) for pending in SIZES]
    costs = {name: beside(desks, lambda desk, address=address: desk.open(address)) for name, address in PAGES.items()}
    costs["leafing through the queue"] = beside(desks, Desk.leaf)
    costs["one decision"] = beside(desks, Desk.decide)
    lines = [
        f"CPU milliseconds with the test client, the sites in turns, median of {ROUNDS}. Wanted for the first page: at "
        f"most {WANTED_MS}, and {WANTED} times on the largest site. Every page is made anew from the database; what "
        "was laid out of a card before is laid out again as long as it shows the same. Whoever leafs through the queue "
        "sees cards that were never laid out, unless there are so few that all of them are kept.",
        "",
        *table(
            ("", *(f"{pending:,} wait" for pending in SIZES), "last / first"),
            [(name, *(f"{c:.1f}" for c in found), f"{found[-1] / found[0]:.2f}") for name, found in costs.items()],
        ),
    ]
    report("moderate", "Moderating", lines)


@dataclass
class Desk:
    """A moderator at one site."""

    moderator: StaffClient
    waiting: Iterator[str]  # what a decision names of comments that wait
    places: Iterator[Place]  # where the queue's pages but the first begin; after the last, from the beginning again

    @classmethod
    def of(cls, instance: Path, pending: int) -> Self:
        """Where so many comments wait."""
        done = instance / "done"
        if done.exists():
            brought_up_to_date(instance)
        else:
            filled(instance, posts=100, comments=1000, pending=pending)
            done.touch()
        app = create_app({"BLOG_INSTANCE_PATH": str(instance)})
        with app.app_context():
            waiting = select(Comment.id, Comment.newest_revision_id).where(Comment.state == State.PENDING)
            newest = waiting.order_by(Comment.created_at.desc()).limit(ROUNDS + 1)
            seen = [f"{number}:{revision}" for number, revision in db.session.execute(newest)]
            places, place = list[Place](), Filter().page().later
            while place is not None and len(places) <= ROUNDS:
                places.append(place)
                place = Filter().page(after=place).later
        return cls(staff(app), iter(seen), cycle(places))

    def open(self, address: str) -> None:
        """A page."""
        _good(self.moderator.get(address).status_code, 200)

    def leaf(self) -> None:
        """The next page of the queue."""
        self.open(f"/desk/comments?after={next(self.places)}")

    def decide(self) -> None:
        """Approve the newest comment."""
        data = {"comment": next(self.waiting), "verdict": "approve"}
        _good(self.moderator.post("/desk/decisions", data=data).status_code, 303)


def _good(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"answered with {status}")


if __name__ == "__main__":
    main()
