"""Growing: what every page costs, made afresh, at 100, 10,000 and 100,000 posts with ten times as many comments.

Run from the root: python -m benchmarks.grow [FOLDER]  (FOLDER keeps the generated sites for the next run; about 3 GB)
"""

from __future__ import annotations

import math
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from flask import Flask
from flask.testing import FlaskClient

from benchmarks._bench import REPORT, brought_up_to_date, filled, folder, report, table
from blog import create_app
from blog.accounts.models import Account, RoleName
from blog.database import begin_write, db
from blog.posts.models import Post
from tests.visitors import StaffClient

SIZES = ((100, 1_000, 100), (10_000, 100_000, 10_000), (100_000, 1_000_000, 100_000))  # posts, approved, pending
ROUNDS = 11
WANTED = 1.3  # the largest site against the smallest, for articles, lists, feed and home
ARTICLE, LONG = "article, 50 comments", "article, 3,000 comments"
PUBLIC = (
    "/",
    "/?page=5",
    "/feed.atom",
    "/comments.atom",
    "/tags/running",
    "/authors/sample-team",
    "/archive/2026",
    "/muscles",
    "/muscles/psoas",
    "/pain",
    "/conditions",
    "/conditions/sciatica",
    "/about",
    "/sitemap.xml",
)
DESK = (
    "/desk",
    "/desk/comments",
    "/desk/comments?state=approved",
    "/desk/comments?q=sitting",
    "/desk/log",
    "/desk/bans",
    "/desk/batches/new",
    "/desk/pages",
    "/desk/settings",
    "/desk/vocabulary",
)
PICTURE = REPORT.parent / "images" / "grow.svg"


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with folder() as place:
        measure(place)


def measure(place: Path) -> None:
    made = []
    for posts, comments, pending in SIZES:
        instance = place / f"site-{posts}"
        done = instance / "done"  # with the CPU seconds it took
        if done.exists():
            brought_up_to_date(instance)
        else:
            done.write_text(f"{filled(instance, posts, comments, pending):.0f} s")
        made.append(done.read_text())
    visits = [Visit.of(place / f"site-{posts}") for posts, _, _ in SIZES]
    costs = {name: beside(visits, lambda visit, name=name: visit.make(name)) for name in (ARTICLE, *PUBLIC, *DESK)}
    costs[ARTICLE + ", from memory"] = beside(visits, lambda visit: [visit.open(ARTICLE) for _ in range(20)], 20)
    threads = {name: beside(visits[1:], lambda visit, name=name: visit.make(name)) for name in (ARTICLE, LONG)}
    plotted(costs, [posts for posts, _, _ in SIZES], PICTURE.name, "a page")
    lines = [
        "CPU milliseconds of a page made afresh, with the test client and without packing; the sites take turns, "
        f"median of {ROUNDS}. Ten comments to a post, and one that waits. Wanted for the article, the feed, the front "
        f"page and the lists under a muscle or a condition: at most {WANTED} times. Those list one or two articles on "
        "the small site and twelve on the others. "
        f"Generating the sites took {', '.join(made)} of CPU time.",
        "",
        *table(
            ("page", *(f"{posts:,} posts" for posts, _, _ in SIZES), "last / first"),
            [
                (
                    f"`{name}`" if name.startswith("/") else name,
                    *(f"{c:.2f}" for c in found),
                    f"{found[-1] / found[0]:.2f}",
                )
                for name, found in costs.items()
            ],
        ),
        "",
        *table(
            ("long thread", *(f"{posts:,} posts" for posts, _, _ in SIZES[1:]), "bytes of HTML"),
            [
                (name, *(f"{c:.2f}" for c in found), f"{len(visits[-1].open(name)):,}")
                for name, found in threads.items()
            ],
        ),
        "",
        f"![Cost against size](images/{PICTURE.name})",
    ]
    report("grow", "Growing", lines)


@dataclass
class Visit:
    """A reader and an administrator of one site, in this process."""

    app: Flask
    reader: FlaskClient
    admin: StaffClient
    articles: dict[str, str]

    @classmethod
    def of(cls, instance: Path) -> Self:
        app = create_app({"BLOG_INSTANCE_PATH": str(instance)})
        with app.app_context():
            newest = list(db.session.scalars(Post.newest().limit(2)))
        addresses = [f"/posts/{post.slug}" for post in newest]
        return cls(app, app.test_client(), staff(app), dict(zip((ARTICLE, LONG), addresses, strict=True)))

    def open(self, name: str) -> bytes:
        """A page, from memory if it is there."""
        address = self.articles.get(name, name)
        answer = (self.admin if address.startswith("/desk") else self.reader).get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} was answered with {answer.status_code}")
        return answer.data

    def make(self, name: str) -> bytes:
        """A page, made afresh."""
        self.app.extensions["pagecache"].forget()
        return self.open(name)


def beside(visits: list[Visit], action: Callable[[Visit], object], times: int = 1) -> list[float]:
    """The median CPU milliseconds on each site. They take turns, because the machine may change its speed."""
    taken: list[list[float]] = [[] for _ in visits]
    for visit in visits:
        action(visit)
    for _ in range(ROUNDS):
        for visit, found in zip(visits, taken, strict=True):
            began = time.process_time()
            action(visit)
            found.append((time.process_time() - began) * 1000 / times)
    return [statistics.median(found) for found in taken]


def staff(app: Flask) -> StaffClient:
    """An administrator who is signed in."""
    with app.app_context():
        begin_write()
        account = Account.register(f"{secrets.token_hex(4)}@example.org", "Bench", [RoleName.ADMIN, RoleName.MODERATOR])
        account.set_password("signed in by cookie")
        db.session.commit()
        return StaffClient.signed_in(app, account.id, account.fs_uniquifier)


def plotted(costs: dict[str, list[float]], sizes: Sequence[int], picture: str, what: str) -> None:
    """Cost of `what` against size as lines, both on scales of powers of ten, as `picture` beside the report."""
    width, height, left, right, bottom = 760, 470, 60, 230, 30
    ticks = (0.1, 1, 10, 100, 1000)

    def across(index: int) -> float:
        return left + index * (width - left - right) / (len(sizes) - 1)

    def down(cost: float) -> float:
        share = math.log10(max(cost, 0.03) / 0.03) / math.log10(ticks[-1] / 0.03)
        return height - bottom - share * (height - bottom - 10)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        f'font-size="11" role="img" aria-label="CPU milliseconds of {what} against the number of posts">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for index, posts in enumerate(sizes):
        parts.append(f'<text x="{across(index):.0f}" y="{height - 8}" text-anchor="middle">{posts:,} posts</text>')
    for tick in ticks:
        y = down(tick)
        parts.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{tick:g} ms</text>')
        parts.append(f'<path d="M{left} {y:.0f}H{width - right}" stroke="#ddd"/>')
    lowest = height - bottom - 12.0 * (len(costs) - 1)  # labels stand one below the other, in the order of the lines
    label_y = 0.0
    for number, (name, found) in enumerate(sorted(costs.items(), key=lambda item: -item[1][-1])):
        colour = f"hsl({number * 47 % 360} 60% 35%)"
        points = " ".join(f"{across(index):.0f},{down(cost):.1f}" for index, cost in enumerate(found))
        end = down(found[-1])
        label_y = min(max(end, label_y + 12), lowest + 12 * number)
        words = name.replace("&", "&amp;")
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<path d="M{width - right} {end:.1f}l12 {label_y - end:.1f}" fill="none" stroke="{colour}"/>')
        parts.append(f'<text x="{width - right + 15}" y="{label_y + 4:.0f}" fill="{colour}">{words}</text>')
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.with_name(picture).write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
