"""Articles from a folder of Markdown files with YAML front matter. Every slip is named by file, line and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from blog.accounts.models import Person
from blog.database import db
from blog.posts import publishing
from blog.posts.document import SLUG, Article, ArticleError, Slip
from blog.posts.document import Path as FieldPath
from blog.posts.manuscript import Manuscript
from blog.posts.models import SLUG_MAX_CHARS, Post, PostRevision
from blog.revisions import digest
from blog.text.characters import clean_line

PEOPLE_FILE = "people.yaml"
SELF_HELP = "## self-help"  # from this heading on, the text stands below the safety box
FOOTNOTE = re.compile(r"^\[\^(?P<name>[^\]\s]+)\]:.*(?:\n(?:[ \t]+\S.*))*\n?", re.MULTILINE)
PERSON = ("slug", "name", "credentials", "bio", "team", "sample")  # fields of people.yaml
PERSON_MAX_CHARS = {"slug": 80, "name": 120, "credentials": 200}
PLACE = ("slug", "published", "updated", "comments")  # front matter that is about the post, not the article


class FileError(ValueError):
    """A file that cannot be read as an article: one line per slip, "file:line: field: message"."""


class _Loader(yaml.SafeLoader):
    """Dates stay text, so that a wrong one is named like any other slip."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


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

    def place(self, post: Post, revision: PostRevision) -> bool:
        """Bring the post to what the file says beside the article; whether that changed anything."""
        moved = post.comments_open != self.comments_open
        post.comments_open = self.comments_open
        if self.published_at is None:
            return moved
        wanted = (revision.id, self.published_at, self.updated_at or post.updated_at)
        if wanted == (post.public_revision_id, post.published_at, post.updated_at):
            return moved
        publishing.publish(post, revision, at=self.published_at, updated_at=self.updated_at)
        return True

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
    text = _text(path)
    front, body, body_line = _split(path, text)
    data, lines = _front_matter(path, front)
    slips: list[Slip] = []
    slug = str(data.get("slug") or path.stem)
    if not SLUG.match(slug) or len(slug) > SLUG_MAX_CHARS:
        slips.append(Slip(("slug",), f"{slug!r} is not a slug: small letters, digits and single hyphens"))
    published = _moment(data, "published", slips)
    updated = _moment(data, "updated", slips)
    comments = data.get("comments", "open")
    if comments not in ("open", "closed"):
        slips.append(Slip(("comments",), "must be open or closed"))
    main, self_help, self_help_at = _halves(body)
    document = {name: value for name, value in data.items() if name not in PLACE}
    lines[("body",)] = body_line + len(main) - len(main.lstrip("\n"))
    lines[("self_help",)] = body_line + self_help_at
    manuscript = None
    try:
        manuscript = Manuscript.prepare(Article.parse({**document, "body": main, "self_help": self_help or None}))
    except ArticleError as error:
        slips += error.slips
    if slips or manuscript is None:
        raise _file_error(path, slips, lines)
    return Page(path, slug, manuscript, published, updated, comments == "open", lines)


def ensure_people(folder: Path) -> None:
    """Add the persons of the folder's people.yaml that are not known yet. Call inside `begin_write()`.

    Raises FileError with every slip of the file.
    """
    path = folder / PEOPLE_FILE
    if not path.exists():
        return
    people = _people(path)
    known = {person.slug for person in db.session.scalars(Person.with_slugs([person.slug for person in people]))}
    db.session.add_all(person for person in people if person.slug not in known)
    db.session.flush()


def store(pages: list[Page], sample: bool = False) -> Iterator[Outcome]:
    """Keep the articles: a known slug gets a new revision, never a second post. Call inside `begin_write()`.

    Raises FileError where an article names somebody or something unknown.
    """
    for page in pages:
        post = db.session.scalar(Post.any_under_slug(page.slug))
        is_new = post is None
        post = post or publishing.create(page.slug)
        revision = db.session.scalar(PostRevision.newest_of(post))
        is_same = revision is not None and revision.digest == digest(page.manuscript.article.data())
        try:
            if revision is None or not is_same:
                revision = publishing.revise(post, page.manuscript)
        except ArticleError as error:
            raise page.refuse(error) from error
        moved = page.place(post, revision)
        post.is_sample = sample
        db.session.flush()
        yield Outcome(page.slug, "new" if is_new else "same" if is_same and not moved else "changed")


def _people(path: Path) -> list[Person]:
    """The persons of a people.yaml."""
    rows, lines = _yaml(path, _text(path), "people", first_line=1)
    slips: list[Slip] = []
    if not isinstance(rows, list):
        raise FileError(f"{path}:1: people: must be a list of persons, each with a slug and a name")
    people = []
    for index, row in enumerate(rows):
        fields = row if isinstance(row, dict) else {}
        said = {name: clean_line(str(fields.get(name) or "")) for name in ("slug", "name", "credentials", "bio")}
        if not SLUG.match(said["slug"]):
            slips.append(Slip((index, "slug"), "must be small letters, digits and single hyphens"))
        for name, most in PERSON_MAX_CHARS.items():
            if len(said[name]) > most:
                slips.append(Slip((index, name), f"has {len(said[name])} characters; {most} fit"))
        if not said["name"]:
            slips.append(Slip((index, "name"), "is missing"))
        slips += [Slip((index, str(name)), "is not a field of a person") for name in fields if name not in PERSON]
        people.append(
            Person(
                slug=said["slug"],
                name=said["name"],
                credentials=said["credentials"] or None,
                bio=said["bio"],
                is_team=fields.get("team") is True,
                is_sample=fields.get("sample") is True,
            )
        )
    if slips:
        raise _file_error(path, slips, lines)
    return people


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FileError(f"{path}:1: file: is not UTF-8 text") from error


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
    data, lines = _yaml(path, front, "front matter", first_line=2)
    if not isinstance(data, dict):
        raise FileError(f"{path}:1: front matter: must be named fields, such as “title: …”")
    return data, lines


def _yaml(path: Path, text: str, what: str, first_line: int) -> tuple[Any, dict[FieldPath, int]]:
    """What the YAML says, and the line of the file on which each of its parts stands."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + first_line if mark else 1
        raise FileError(f"{path}:{line}: {what}: {getattr(error, 'problem', None) or 'is not YAML'}") from error
    lines: dict[FieldPath, int] = {}
    _note_lines(node, (), lines, first_line)
    return data, lines


def _note_lines(node: yaml.Node | None, at: FieldPath, lines: dict[FieldPath, int], first_line: int) -> None:
    if node is None:
        return
    lines.setdefault(at, node.start_mark.line + first_line)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*at, str(key.value))
            lines[place] = key.start_mark.line + first_line
            _note_lines(value, place, lines, first_line)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*at, index), lines, first_line)


def _halves(body: str) -> tuple[str, str, int]:
    """The text above the safety box and the text below it, each with the footnotes it refers to; lines above."""
    notes = {match["name"]: match[0].strip() for match in FOOTNOTE.finditer(body)}
    lines = FOOTNOTE.sub(lambda match: "\n" * match[0].count("\n"), body).split("\n")
    starts = [number for number, line in enumerate(lines) if line.strip().lower() == SELF_HELP]
    start = starts[0] if starts else len(lines)
    upper, lower = "\n".join(lines[:start]), "\n".join(lines[start:])
    for name, note in notes.items():
        below = f"[^{name}]" in lower
        if f"[^{name}]" in upper or not below:
            upper += f"\n\n{note}\n"
        if below:
            lower += f"\n\n{note}\n"
    return upper, lower, start


def _moment(data: dict[str, Any], name: str, slips: list[Slip]) -> datetime | None:
    """A date or a moment; a date means midnight UTC, a moment without zone is UTC."""
    value = data.get(name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        slips.append(Slip((name,), "must be a date such as 2026-05-04, or a moment such as 2026-05-04T09:30:00Z"))
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _file_error(path: Path, slips: list[Slip], lines: dict[FieldPath, int]) -> FileError:
    return FileError("\n".join(f"{path}:{_line(slip.path, lines)}: {slip.field}: {slip.message}" for slip in slips))


def _line(path: FieldPath, lines: dict[FieldPath, int]) -> int:
    """The line of a field, or of the nearest group above it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
