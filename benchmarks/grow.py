"""Growing: what every page costs, made afresh, at 100, 10,000 and 100,000 posts with ten times as many comments.

Run from the root: python -m benchmarks.grow [FOLDER]  (FOLDER keeps the generated sites for the next run; about 3 GB)
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks._bench import REPORT, cpu_ms, filled, folder, report, table
from blog import create_app
from blog.accounts.models import Account, RoleName
from blog.extensions import begin_write, db
from blog.posts.models import Post
from tests.visitors import StaffClient

SIZES = ((100, 1_000, 100), (10_000, 100_000, 10_000), (100_000, 1_000_000, 100_000))  # posts, approved, pending
ROUNDS = 9
WANTED = 1.3  # the largest site against the smallest, for what readers open
PUBLIC = ("/", "/?page=5", "/feed.atom", "/comments.atom", "/tags/running", "/authors/sample-team", "/muscles", "/pain",
          "/about", "/sitemap.xml")  # fmt: skip
DESK = ("/desk", "/desk/comments", "/desk/comments?state=approved", "/desk/log")
PICTURE = REPORT.parent / "images" / "grow.svg"


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with folder() as place:
        measure(place)


def measure(place: Path) -> None:
    costs: dict[str, list[float]] = {}
    made = []
    for posts, comments, pending in SIZES:
        instance = place / f"site-{posts}"
        if not (instance / "done").exists():
            made.append(f"{filled(instance, posts, comments, pending):.0f} s")
            (instance / "done").touch()
        for address, cost in costs_of(instance).items():
            costs.setdefault(address, []).append(cost)
    rows = [
        (f"`{address}`", *(f"{cost:.1f}" for cost in found), f"{found[-1] / found[0]:.2f}")
        for address, found in costs.items()
    ]
    plot(costs)
    heads = [f"{posts:,} posts" for posts, _, _ in SIZES]
    lines = [
        f"CPU milliseconds of a page made afresh, median of {ROUNDS}; with ten comments to a post and one that waits. "
        f"Wanted for what readers open: at most {WANTED} times."
        + (f" Generating took {', '.join(made)} of CPU time." if made else ""),
        "",
        *table(("page", *heads, "last / first"), rows),
        "",
        f"![Cost against size](images/{PICTURE.name})",
    ]
    report("grow", "Growing", lines)


def costs_of(instance: Path) -> dict[str, float]:
    """CPU milliseconds of each page on one site."""
    app = create_app({"BLOG_INSTANCE_PATH": str(instance)})
    cache = app.extensions["pagecache"]
    with app.app_context():
        newest = list(db.session.scalars(Post.newest().limit(2)))
        articles = [f"/posts/{post.slug}" for post in newest]
    client, admin = app.test_client(), staff(app)
    names = {articles[0]: "article, 50 comments", articles[1]: "another article"}

    def opened(address: str) -> Callable[[], object]:
        reader: FlaskClient = admin if address.startswith("/desk") else client

        def open_it() -> None:
            cache.store.clear()
            answer = reader.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return open_it

    found = {
        names.get(address, address): cpu_ms(opened(address), ROUNDS)
        for address in (*articles[:1], articles[0] + "/comments.atom", *PUBLIC, *DESK)
    }
    found = {name.replace(articles[0], "/posts/…"): cost for name, cost in found.items()}
    post = client.get(articles[0])
    cache_hit = cpu_ms(lambda: [client.get(articles[0]) for _ in range(20)], ROUNDS) / 20
    assert post.status_code == 200
    found["article, from memory, with the test client"] = cache_hit
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return found


def staff(app: Flask) -> StaffClient:
    """An administrator who is signed in."""
    with app.app_context():
        begin_write()
        account = Account.register(f"{secrets.token_hex(4)}@example.org", "Bench", [RoleName.ADMIN, RoleName.MODERATOR])
        account.set_password("signed in by cookie")
        db.session.commit()
        return StaffClient.signed_in(app, account.id, account.fs_uniquifier)


def plot(costs: dict[str, list[float]]) -> None:
    """Cost against size as lines, on a page of its own."""
    width, height, left, bottom = 720, 360, 50, 40
    top = max(max(found) for found in costs.values())
    steps = len(SIZES) - 1

    def at(index: int, cost: float) -> str:
        x = left + index * (width - left - 220) / steps
        return f"{x:.0f},{height - bottom - cost / top * (height - bottom - 10):.0f}"

    label = "CPU milliseconds of a page against the number of posts"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        f'font-size="11" role="img" aria-label="{label}">'
    ]
    for index, (posts, _, _) in enumerate(SIZES):
        x, y = at(index, 0).split(",")
        parts.append(f'<text x="{x}" y="{int(y) + 18}" text-anchor="middle">{posts:,} posts</text>')
    for tick in range(5):
        x, y = at(0, top * tick / 4).split(",")
        parts.append(f'<text x="{int(x) - 6}" y="{y}" text-anchor="end">{top * tick / 4:.0f} ms</text>')
        parts.append(f'<path d="M{x} {y}H{width - 220}" stroke="#ddd"/>')
    taken: list[int] = []
    for number, (name, found) in enumerate(sorted(costs.items(), key=lambda item: -item[1][-1])):
        colour = f"hsl({number * 47 % 360} 60% 40%)"
        points = " ".join(at(index, cost) for index, cost in enumerate(found))
        x, y = (int(value) for value in at(steps, found[-1]).split(","))
        while any(abs(y - other) < 12 for other in taken):
            y += 2
        taken.append(y)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{x + 8}" y="{y + 4}" fill="{colour}">{name.replace("&", "&amp;")}</text>')
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
