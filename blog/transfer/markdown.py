"""Articles from a folder of Markdown files with YAML front matter. Every slip is named by file, line and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from blog.accounts.models import Person
from blog.extensions import db
from blog.posts.document import Article, ArticleError, Slip
from blog.posts.document import Path as FieldPath
from blog.posts.models import Manuscript, Post, PostRevision
from blog.revisions import digest

PEOPLE_FILE = "people.yaml"
SELF_HELP = "## self-help"  # from this heading on, the text stands below the safety box
FOOTNOTE = re.compile(r"^\[\^(?P<name>[^\]\s]+)\]:.*(?:\n(?:[ \t]+\S.*))*\n?", re.MULTILINE)
PLACE = ("slug", "published", "updated", "comments")  # front matter that is about the post, not the article


class FileError(ValueError):
    """A file that cannot be read as an article: one line per slip, "file:line: field: message"."""


@dataclass(frozen=True)
class Page:
    """A Markdown file that holds an article."""

    path: Path
    slug: str
    manuscript: Manuscript
    published_at: datetime | None
    updated_at: datetime | None
    comments_open: bool
    lines: dict[FieldPath, int]

    def refuse(self, error: ArticleError) -> FileError:
        """The same slips, told by file and line."""
        return _file_error(self.path, error.slips, self.lines)


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do."""

    slug: str
    change: str  # "new", "changed" or "same"


def read_folder(folder: Path) -> list[Page]:
    """All articles of a folder, by file name. Raises FileError with every slip of every file."""
    pages, errors = [], []
    for path in sorted(folder.glob("*.md")):
        try:
            pages.append(read_file(path))
        except FileError as error:
            errors.append(str(error))
    slugs: dict[str, Path] = {}
    for page in pages:
        if page.slug in slugs:
            errors.append(f"{page.path}:1: slug: {slugs[page.slug].name} has the slug {page.slug!r} already")
        slugs[page.slug] = page.path
    if errors:
        raise FileError("\n".join(errors))
    return pages


def read_file(path: Path) -> Page:
    """One article. Raises FileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FileError(f"{path}:1: file: is not UTF-8 text") from error
    front, body, body_line = _split(path, text)
    data, lines = _front_matter(path, front)
    slips: list[Slip] = []
    slug = str(data.get("slug") or path.stem)
    published = _moment(data, "published", slips)
    updated = _moment(data, "updated", slips)
    comments = data.get("comments", "open")
    if comments not in ("open", "closed"):
        slips.append(Slip(("comments",), "must be open or closed"))
    main, self_help = _halves(body)
    document = {name: value for name, value in data.items() if name not in PLACE}
    lines[("body",)] = body_line
    lines[("self_help",)] = body_line + main.rstrip().count("\n")
    manuscript = None
    try:
        manuscript = Manuscript.prepare(Article.parse({**document, "body": main, "self_help": self_help or None}))
    except ArticleError as error:
        slips += error.slips
    if slips or manuscript is None:
        raise _file_error(path, slips, lines)
    return Page(path, slug, manuscript, published, updated, comments == "open", lines)


def ensure_people(folder: Path) -> None:
    """Add the persons of the folder's people.yaml that are not known yet. Call inside `begin_write()`."""
    path = folder / PEOPLE_FILE
    if not path.exists():
        return
    rows = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    known = {person.slug for person in db.session.scalars(Person.with_slugs([row["slug"] for row in rows]))}
    for row in rows:
        if row["slug"] not in known:
            db.session.add(
                Person(
                    slug=row["slug"],
                    name=row["name"],
                    credentials=row.get("credentials"),
                    bio=row.get("bio", ""),
                    is_team=row.get("team", False),
                    is_sample=row.get("sample", False),
                )
            )
    db.session.flush()


def store(pages: list[Page], sample: bool = False) -> Iterator[Outcome]:
    """Keep the articles: a known slug gets a new revision, never a second post. Call inside `begin_write()`.

    Raises FileError where an article names somebody or something unknown.
    """
    for page in pages:
        post = db.session.scalar(Post.any_under_slug(page.slug))
        change = "new" if post is None else "changed"
        if post is not None:
            newest = db.session.scalar(PostRevision.newest_of(post))
            if newest is not None and newest.digest == digest(page.manuscript.article.data()):
                yield Outcome(page.slug, "same")
                continue
        try:
            post = post or Post.create(page.slug)
            revision = post.revise(page.manuscript)
        except ArticleError as error:
            raise page.refuse(error) from error
        post.comments_open = page.comments_open
        post.is_sample = sample
        if page.published_at is not None:
            post.publish(revision, at=page.published_at, updated_at=page.updated_at)
        db.session.flush()
        yield Outcome(page.slug, change)


def _split(path: Path, text: str) -> tuple[str, str, int]:
    """Front matter, body, and the line (from 1) on which the body begins."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise FileError(f"{path}:1: front matter: the file must begin with a line ---")
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise FileError(f"{path}:1: front matter: the closing line --- is missing")


def _front_matter(path: Path, front: str) -> tuple[dict[str, Any], dict[FieldPath, int]]:
    """The fields, and the line of the file on which each stands."""
    try:
        node = yaml.compose(front, Loader=yaml.SafeLoader)
        data = yaml.safe_load(front)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise FileError(f"{path}:{line}: front matter: {getattr(error, 'problem', None) or 'is not YAML'}") from error
    if not isinstance(data, dict):
        raise FileError(f"{path}:1: front matter: must be named fields, such as “title: …”")
    lines: dict[FieldPath, int] = {}
    _note_lines(node, (), lines)
    return data, lines


def _note_lines(node: yaml.Node | None, at: FieldPath, lines: dict[FieldPath, int]) -> None:
    if node is None:
        return
    lines.setdefault(at, node.start_mark.line + 2)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*at, str(key.value))
            lines[place] = key.start_mark.line + 2
            _note_lines(value, place, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*at, index), lines)


def _halves(body: str) -> tuple[str, str]:
    """The text above the safety box and the text below it, each with the footnotes it refers to."""
    notes = {match["name"]: match[0].strip() for match in FOOTNOTE.finditer(body)}
    lines = FOOTNOTE.sub(lambda match: "\n" * match[0].count("\n"), body).split("\n")
    starts = [number for number, line in enumerate(lines) if line.strip().lower() == SELF_HELP]
    start = starts[0] if starts else len(lines)
    upper, lower = "\n".join(lines[:start]), "\n".join(lines[start:])
    for name, note in notes.items():
        if f"[^{name}]" in upper or not lower:
            upper += f"\n\n{note}\n"
        else:
            lower += f"\n\n{note}\n"
    return upper, lower


def _moment(data: dict[str, Any], name: str, slips: list[Slip]) -> datetime | None:
    """A date or a moment; a date means midnight UTC, a moment without zone is UTC."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    slips.append(Slip((name,), "must be a date such as 2026-05-04, or a moment such as 2026-05-04T09:30:00Z"))
    return None


def _file_error(path: Path, slips: list[Slip], lines: dict[FieldPath, int]) -> FileError:
    return FileError("\n".join(f"{path}:{_line(slip.path, lines)}: {slip.field}: {slip.message}" for slip in slips))


def _line(path: FieldPath, lines: dict[FieldPath, int]) -> int:
    """The line of a field, or of the nearest group above it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
