"""Moderating: the queue and a decision, at 100 to 100,000 comments that wait.

Run from the root: python -m benchmarks.moderate
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from benchmarks._bench import cpu_ms, filled, folder, report, table
from benchmarks.grow import staff
from blog import create_app
from blog.comments.models import Comment, State
from blog.database import db

SIZES = (100, 1_000, 10_000, 100_000)
ROUNDS = 9
WANTED = 1.2  # the first page at the most, against the least


def main() -> None:
    costs: dict[str, list[float]] = {}
    with folder() as place:
        for pending in SIZES:
            instance = place / f"site-{pending}"
            filled(instance, posts=100, comments=1000, pending=pending)
            for name, cost in costs_of(instance).items():
                costs.setdefault(name, []).append(cost)
    rows = [(name, *(f"{cost:.1f}" for cost in found), f"{found[-1] / found[0]:.2f}") for name, found in costs.items()]
    lines = [
        f"CPU milliseconds, median of {ROUNDS}. Wanted for the first page: at most {WANTED} times.",
        "",
        *table(("", *(f"{pending:,} wait" for pending in SIZES), "last / first"), rows),
    ]
    report("moderate", "Moderating", lines)


def costs_of(instance: Path) -> dict[str, float]:
    app = create_app({"BLOG_INSTANCE_PATH": str(instance)})
    admin = staff(app)

    def page(address: str) -> Callable[[], object]:
        return lambda: _good(admin.get(address).status_code, 200)

    with app.app_context():
        waiting = select(Comment.id, Comment.newest_revision_id).where(Comment.state == State.PENDING)
        seen = [f"{number}:{revision}" for number, revision in db.session.execute(waiting.limit(ROUNDS + 1))]
        db.session.remove()
    left = iter(seen)

    def decide() -> None:
        _good(admin.post("/desk/decisions", data={"comment": next(left), "verdict": "approve"}).status_code, 303)

    found = {
        "first page of the queue": cpu_ms(page("/desk/comments"), ROUNDS),
        "second page": cpu_ms(page("/desk/comments?page=2"), ROUNDS),
        "one decision": cpu_ms(decide, ROUNDS),
    }
    with app.app_context():
        db.engine.dispose()
    return found


def _good(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"answered with {status}")


if __name__ == "__main__":
    main()
