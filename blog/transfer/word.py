"""An article from a Word file, and pictures that came along with a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Self

from blog.database import begin_write, db
from blog.errors import Refused
from blog.media import arriving
from blog.media.models import Media
from blog.posts.document import PICTURE, TITLE_MAX_CHARS
from blog.text.characters import clean_line
from blog.text.pasted import Pasted, Picture, TooMuch
from blog.workshops import Broken, Workshop

BROKEN = (
    "This file could not be read: it takes too long, or is damaged. Please save it anew as .docx and send it again."
)

_workshop = Workshop(Path(__file__).with_name("word_workshop.py"))
_TITLE = re.compile(r'<p class="MsoTitle">(.*?)</p>', re.DOTALL)
_SUBTITLE = re.compile(r'<p class="MsoSubtitle">(.*?)</p>', re.DOTALL)
_FIRST_HEADING = re.compile(r"\A\s*<h1>((?:(?!</h1>).)*)</h1>(?!.*<h1>)", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Brought:
    """A text whose pictures are media now: its Markdown, its figures as in a document, what was left out."""

    markdown: str
    figures: tuple[dict[str, str], ...]
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, pasted: Pasted, by_id: int) -> Self:
        """Bring the pictures of a text to the media. Commits each; call before `begin_write()`."""
        markdown, lost = pasted.markdown, list(pasted.left_out)
        figures: list[dict[str, str]] = []
        for picture in pasted.pictures:
            try:
                name = _arrived(picture, by_id)
            except Refused as refusal:
                name = ""
                lost.append(f"a picture ({refusal})")
            if name in {figure["id"] for figure in figures}:
                name = ""
                lost.append("a picture that stands there already")
            markdown = _placed(markdown, picture.id, name)
            if name:
                figures.append({"id": name, "kind": PICTURE, "picture": name})
        return cls(markdown, tuple(figures), tuple(lost))


@dataclass(frozen=True)
class WordFile:
    """What a Word file holds."""

    title: str
    standfirst: str
    pasted: Pasted

    @classmethod
    def read(cls, data: bytes, file_name: str) -> Self:
        """Raises Refused with why, for the person who sent it."""
        html = _html_of(data)
        title, html = _taken(_TITLE, html)
        standfirst, html = _taken(_SUBTITLE, html)
        if not title:
            title, html = _taken(_FIRST_HEADING, html)
        stem = Path(file_name.replace("\\", "/")).stem
        try:
            return cls(title or clean_line(stem)[:TITLE_MAX_CHARS], standfirst, Pasted.read(html, "picture"))
        except TooMuch as refusal:
            raise Refused(str(refusal)) from refusal

    def document(self, brought: Brought) -> dict[str, Any]:
        """Plain data of the article, as far as it goes."""
        figures: Sequence[dict[str, str]] = brought.figures
        said = {"title": self.title, "standfirst": self.standfirst, "body": brought.markdown, "figures": list(figures)}
        return {name: value for name, value in said.items() if value}


def _html_of(data: bytes) -> str:
    try:
        said, html = _workshop.ask(data)
    except Broken:
        raise Refused(BROKEN) from None
    if "refused" in said:
        raise Refused(said["refused"])
    return html.decode()


def _taken(pattern: re.Pattern[str], html: str) -> tuple[str, str]:
    """The plain words of the first match, and the HTML without it."""
    match = pattern.search(html)
    words = clean_line(unescape(_TAGS.sub("", match[1]))) if match else ""
    return (words, html[: match.start()] + html[match.end() :]) if match and words else ("", html)


def _arrived(picture: Picture, by_id: int) -> str:
    """The name of the picture among the media. Raises Refused."""
    media, is_new = arriving.arrive(picture.data, f"{picture.alt[:40] or 'picture'}.x", by_id)
    if is_new and picture.alt:
        begin_write()
        db.session.get_one(Media, media.id).alt = clean_line(picture.alt)
        db.session.commit()
    return db.session.get_one(Media, media.id).name


def _placed(markdown: str, id: str, name: str) -> str:
    """The text with the figure under its own name; without it if it has none."""
    line = re.compile(rf"^::figure {re.escape(id)}$\n*", re.MULTILINE)
    return line.sub(f"::figure {name}\n\n" if name else "", markdown).rstrip("\n")
