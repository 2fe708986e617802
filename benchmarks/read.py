"""Reading: the warm page against a bare function and a static file of the same bytes, and what a cold page costs.

Run from the root: python -m benchmarks.read
"""

from __future__ import annotations

import json
import sys
import urllib.request
from collections import defaultdict
from pathlib import Path

from sqlalchemy import select

from benchmarks import _others
from benchmarks._bench import Run, filled, folder, middle, need, nginx, program, report, site, table, wrk
from blog import create_app
from blog.comments.models import Comment
from blog.extensions import db
from blog.posts.models import Post
from tests.processes import RunningSite, free_port

ROUNDS = 5
PACKED = "gzip, deflate, br, zstd"


def main() -> None:
    need("wrk", "nginx")
    with folder() as place:
        filled(place / "instance", posts=100, comments=1000, pending=100)
        slug = prepare_minimal(place)
        with site(place / "instance") as warm, site(place / "instance", BLOG_PAGE_CACHE_MB="0") as cold:
            tag = save_article(warm, place, f"/posts/{slug}")
            ports = [free_port() for _ in range(3)]
            with (
                nginx(place / "article.html", ports[0]) as static,
                program(
                    sys.executable, "-m", "benchmarks._others", "bare", str(ports[1]), str(place), port=ports[1]
                ) as bare,
                program(
                    sys.executable, "-m", "benchmarks._others", "minimal", str(ports[2]), str(place), port=ports[2]
                ) as least,
            ):
                own, uncached = warm.keeper, cold.keeper
                article = f"{warm.url}/posts/{slug}"
                runs: dict[str, list[Run]] = defaultdict(list)
                for _ in range(ROUNDS):
                    runs["nginx, static file"].append(wrk(f"http://127.0.0.1:{ports[0]}/", static))
                    runs["bare WSGI function"].append(wrk(f"http://127.0.0.1:{ports[1]}/", bare))
                    runs["article, warm"].append(wrk(article, own))
                    runs["article, warm, br"].append(wrk(article, own, Accept_Encoding=PACKED))
                    runs["article, 304"].append(wrk(article, own, If_None_Match=tag))
                    runs["home, warm"].append(wrk(warm.url + "/", own))
                    runs["feed, warm"].append(wrk(warm.url + "/feed.atom", own))
                    runs["article, cold"].append(wrk(f"{cold.url}/posts/{slug}", uncached, connections=1))
                    runs["minimal Flask page, cold"].append(
                        wrk(f"http://127.0.0.1:{ports[2]}/posts/one", least, connections=1)
                    )
        tell({name: middle(found) for name, found in runs.items()}, (place / "article.html").stat().st_size)


def tell(runs: dict[str, Run], size: int) -> None:
    warm, bare, static = runs["article, warm"], runs["bare WSGI function"], runs["nginx, static file"]
    cold, least = runs["article, cold"], runs["minimal Flask page, cold"]
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
            ],
        ),
    ]
    report("read", "Reading", lines)


def prepare_minimal(place: Path) -> str:
    """Give the minimal page the text of the busiest article, whose slug is returned."""
    app = create_app({"BLOG_INSTANCE_PATH": str(place / "instance")})
    with app.app_context():
        post = db.session.scalars(Post.newest().options(Post.whole()).limit(1)).one()
        assert post.revision
        html = "".join(content for kind, content in post.revision.rendered["body"] if kind == "html")
        found = db.session.scalars(select(Comment).where(Comment.post_id == post.id, Comment.public.has()))
        comments = [(c.public.name, str(c.created_at), c.public.html) for c in found if c.public]
        _others.prepare(place, html, comments)
        db.engine.dispose()
        return post.slug


def save_article(running: RunningSite, place: Path, address: str) -> str:
    """Keep the article's bytes and headers for the others; its ETag."""
    with urllib.request.urlopen(running.url + address) as answer:
        (place / "article.html").write_bytes(answer.read())
        kept = [
            (name, value)
            for name, value in answer.headers.items()
            if name.lower() not in ("server", "date", "connection")
        ]
    (place / "headers.json").write_text(json.dumps(kept))
    return next(value for name, value in kept if name.lower() == "etag")


if __name__ == "__main__":
    main()
