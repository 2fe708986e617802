"""What the site is compared with, under granian: a bare function, and the least page that Flask can make.

`python -m benchmarks._others bare|minimal|compiled PORT FOLDER`
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, render_template, render_template_string
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from jinja2 import DictLoader
from markupsafe import Markup
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from benchmarks._bench import WORKERS

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ post.title }}</title></head><body>
<h1>{{ post.title }}</h1>{{ post.html }}
<ol>{% for comment in post.comments %}<li id="comment-{{ comment.id }}"><h3>{{ comment.name }}</h3>
<a href="/posts/one/comments/{{ comment.id }}">{{ comment.sent }}</a>{{ comment.html | trusted }}</li>{% endfor %}</ol>
</body></html>"""


class Base(DeclarativeBase):
    pass


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title: Mapped[str]
    html: Mapped[str]
    comments: Mapped[list[Comment]] = relationship(order_by="Comment.id")


class Comment(Base):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    name: Mapped[str]
    sent: Mapped[str]
    html: Mapped[str]


def prepare(folder: Path, html: str, comments: list[tuple[str, str, str]]) -> None:
    """The same text in the minimal page's own database."""
    engine = create_engine(f"sqlite:///{folder}/minimal.db")
    Base.metadata.create_all(engine)
    with Session(engine, info={"writes": True}) as session:
        rows = [Comment(name=name, sent=sent, html=text) for name, sent, text in comments]
        session.add(Post(slug="one", title="One", html=html, comments=rows))
        session.commit()


def minimal(folder: Path, compiled: bool = False) -> Flask:
    """Flask, SQLAlchemy and Jinja, and nothing else; with its template read at each request, or compiled once."""
    app = Flask(__name__)
    app.jinja_env.filters["trusted"] = Markup
    app.jinja_env.loader = DictLoader({"page.html": PAGE})
    engine = create_engine(f"sqlite:///{folder}/minimal.db")

    @app.get("/posts/<slug>")
    def show(slug: str) -> str:
        with Session(engine) as session:
            post = session.scalars(select(Post).where(Post.slug == slug)).one()
            return render_template("page.html", post=post) if compiled else render_template_string(PAGE, post=post)

    return app


def bare(folder: Path) -> Callable[..., Iterable[bytes]]:
    """A function that returns the bytes of an article, with its headers."""
    body = [(folder / "article.html").read_bytes()]
    headers = [(name, value) for name, value in json.loads((folder / "headers.json").read_text())]

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", headers)
        return body

    return application


def serve(application: Callable[..., Any], port: int, threads: int) -> None:
    """Granian, the quickest server for WSGI functions that was found."""
    multiprocessing.set_start_method("fork", force=True)
    Granian(
        "benchmarks._others",
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=threads,
        http=HTTPModes.http1,
        log_level=LogLevels.error,
    ).serve(target_loader=lambda target: application)


if __name__ == "__main__":
    which, port, place = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if which == "bare":
        serve(bare(place), port, threads=8)
    else:
        serve(minimal(place, compiled=which == "compiled"), port, threads=1)  # the best for a page that computes
