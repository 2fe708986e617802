"""Reading: the warm page against a bare function and a static file of the same bytes, and what a cold page costs.

Run from the root: python -m benchmarks.read
"""

from __future__ import annotations

import cProfile
import json
import pstats
import re
import sys
import threading
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from benchmarks import _others
from benchmarks._bench import Run, filled, folder, middle, need, nginx, program, report, site, table, wrk
from blog import create_app
from blog.comments.models import Comment
from blog.database import db
from blog.pagecache import keys
from blog.pagecache.slots import Slots
from blog.posts.models import Post
from tests.processes import RunningSite, free_port

ROUNDS = 5
PACKED = "gzip, deflate, br, zstd"
COLD = "article, cold"
FIRST = "article, its first page"
MINIMAL = "minimal Flask page, cold"
COMPILED = "minimal Flask page, compiled once, cold"


def main() -> None:
    need("wrk", "nginx")
    with folder() as place:
        filled(place / "instance", posts=100, comments=1000, pending=100)
        slug, its_key = prepare_minimal(place)
        with site(place / "instance") as warm, site(place / "instance", BLOG_PAGE_CACHE_MB="0") as cold:
            save_article(warm, place, f"/posts/{slug}")
            ports = [free_port() for _ in range(4)]
            with (
                nginx(place / "article.html", ports[0]) as static,
                program(
                    sys.executable, "-m", "benchmarks._others", "bare", str(ports[1]), str(place), port=ports[1]
                ) as bare,
                program(
                    sys.executable, "-m", "benchmarks._others", "minimal", str(ports[2]), str(place), port=ports[2]
                ) as least,
                program(
                    sys.executable, "-m", "benchmarks._others", "compiled", str(ports[3]), str(place), port=ports[3]
                ) as compiled,
            ):
                own, uncached = warm.keeper, cold.keeper
                article = f"{warm.url}/posts/{slug}"
                runs: dict[str, list[Run]] = defaultdict(list)
                for _ in range(ROUNDS):
                    runs["nginx, static file"].append(wrk(f"http://127.0.0.1:{ports[0]}/", static))
                    runs["bare WSGI function"].append(wrk(f"http://127.0.0.1:{ports[1]}/", bare))
                    runs["article, warm"].append(wrk(article, own))
                    runs["article, warm, br"].append(wrk(article, own, Accept_Encoding=PACKED))
                    runs["article, 304"].append(wrk(article, own, If_None_Match=etag(article)))
                    runs["home, warm"].append(wrk(warm.url + "/", own))
                    runs["feed, warm"].append(wrk(warm.url + "/feed.atom", own))
                    # Cold ones side by side, because the machine may change its speed.
                    cold_article = f"{cold.url}/posts/{slug}"
                    runs[COLD].append(wrk(cold_article, uncached, connections=1))
                    runs[MINIMAL].append(wrk(f"http://127.0.0.1:{ports[2]}/posts/one", least, connections=1))
                    runs[COMPILED].append(wrk(f"http://127.0.0.1:{ports[3]}/posts/one", compiled, connections=1))
                    with changing(place / "instance", its_key):
                        runs[FIRST].append(wrk(cold_article, uncached, connections=1))
                    runs[COLD + ", br"].append(wrk(cold_article, uncached, connections=1, Accept_Encoding=PACKED))
        shares = profile(place / "instance", f"/posts/{slug}")
        size = (place / "article.html").stat().st_size
        tell({name: middle(found) for name, found in runs.items()}, size, shares)


def tell(runs: dict[str, Run], size: int, shares: list[str]) -> None:
    warm, bare, static = runs["article, warm"], runs["bare WSGI function"], runs["nginx, static file"]
    cold, first, least, compiled = runs[COLD], runs[FIRST], runs[MINIMAL], runs[COMPILED]
    lines = [
        f"An article with 50 comments, {size // 1000} kB; medians of {ROUNDS} interleaved runs of 2 s; 16 connections, "
        "two worker processes; cold pages with one connection.",
        "",
        *table(
            ("", "requests/s", "server CPU ms per request", "rate / bare", "bare's CPU / CPU"),
            [
                (
                    name,
                    f"{run.per_second:,.0f}",
                    f"{run.cpu_ms:.3f}",
                    f"{run.per_second / bare.per_second:.2f}",
                    f"{bare.cpu_ms / run.cpu_ms:.2f}",
                )
                for name, run in runs.items()
            ],
        ),
        "",
        *table(
            ("ratio", "reached", "wanted"),
            [
                ("warm article against the bare function", f"{warm.per_second / bare.per_second:.2f}", "≥ 0.9"),
                ("warm article against nginx", f"{warm.per_second / static.per_second:.2f}", "above 0.6"),
                ("warm article, CPU ms", f"{warm.cpu_ms:.3f}", "≤ 0.06"),
                ("cold article against the minimal page, CPU", f"{cold.cpu_ms / least.cpu_ms:.2f}", "≤ 1.5"),
                ("the same, its template compiled once", f"{cold.cpu_ms / compiled.cpu_ms:.2f}", "≤ 2.0"),
                ("its first page against the minimal page, CPU", f"{first.cpu_ms / least.cpu_ms:.2f}", "≤ 1.5"),
                ("the same, its template compiled once", f"{first.cpu_ms / compiled.cpu_ms:.2f}", "–"),
            ],
        ),
        "",
        "A cold article is made as after a decision: its comments are read and written anew, and laid into what stands "
        "around them, which is in memory. Its first page is made from nothing, as after a start or a new version.",
        "",
        "The minimal page is one template with the same article, as one piece of HTML, and the same comments. Handed "
        "to `render_template_string`, it is compiled with each request; compiled once, it costs less than half, and "
        "that is the floor. Above it an article's first page makes two more statements, seven other posts into cards "
        "and neighbours, its HTML from 20 templates with 35 addresses, a form with its token, and what the page cache "
        "needs to know. "
        f"Where a cold article's time goes, by Python's profiler: {', '.join(shares)}.",
    ]
    report("read", "Reading", lines)


def profile(instance: Path, address: str) -> list[str]:
    """The packages in which a cold article's time is spent, with their share."""
    app = create_app({"BLOG_INSTANCE_PATH": str(instance), "BLOG_PAGE_CACHE_MB": "0"})
    client = app.test_client()
    client.get(address)
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(50):
        client.get(address)
    profiler.disable()
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, _) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        package = re.search(r"site-packages/([^/.]+)", file) or re.search(r"/(templates|blog)/", file)
        spent[package[1] if package else "Python itself"] += own
    whole = sum(spent.values())
    with app.app_context():
        db.engine.dispose()
    return [f"{name} {share / whole:.0%}" for name, share in spent.most_common(7)]


@contextmanager
def changing(instance: Path, key: str) -> Iterator[None]:
    """Have the pieces that show this key dropped a thousand times a second: no request finds one."""
    slots, over = Slots(instance / "pages.slots"), threading.Event()

    def touch() -> None:
        while not over.wait(0.001):
            slots.touch([key])

    thread = threading.Thread(target=touch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def prepare_minimal(place: Path) -> tuple[str, str]:
    """Give the minimal page the text of the busiest article, whose slug and key are returned."""
    app = create_app({"BLOG_INSTANCE_PATH": str(place / "instance")})
    with app.app_context():
        post = db.session.scalars(Post.newest().options(Post.whole()).limit(1)).one()
        assert post.revision
        page = app.test_client().get(f"/posts/{post.slug}").text
        before, _, after = page.partition('<ol class="comments__list">')
        html = before[before.index("<article") :] + after[after.index("</ol>") : after.index("</main>")]
        found = db.session.scalars(select(Comment).where(Comment.post_id == post.id, Comment.public.has()))
        comments = [(c.public.name, str(c.created_at), c.public.html) for c in found if c.public]
        _others.prepare(place, html, comments)
        db.engine.dispose()
        return post.slug, keys.post(post.id)


def etag(address: str) -> str:
    """What a browser keeps of the page as it is now; a page that is made anew has another form, and another ETag."""
    with urllib.request.urlopen(address) as answer:
        return str(answer.headers["ETag"])


def save_article(running: RunningSite, place: Path, address: str) -> None:
    """Keep the article's bytes and headers for the others."""
    with urllib.request.urlopen(running.url + address) as answer:
        (place / "article.html").write_bytes(answer.read())
        kept = [
            (name, value)
            for name, value in answer.headers.items()
            if name.lower() not in ("server", "date", "connection")
        ]
    (place / "headers.json").write_text(json.dumps(kept))


if __name__ == "__main__":
    main()
