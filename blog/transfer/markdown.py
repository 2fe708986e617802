"""Articles from a folder of Markdown files with YAML front matter. Every slip is named by file, line and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, ClassVar, Self

from blog.accounts.models import Person
from blog.database import db
from blog.errors import Refused
from blog.posts import publishing
from blog.posts.document import SLUG, Article, ArticleError, Slip
from blog.posts.document import Path as FieldPath
from blog.posts.links import Links
from blog.posts.manuscript import Manuscript
from blog.posts.models import COMMENTS_MOST_DAYS, SLUG_MAX_CHARS, Post, PostRevision
from blog.posts.moments import read_moment
from blog.revisions import digest
from blog.text.characters import clean_line
from blog.transfer import front_matter
from blog.transfer.files import FileError, find, is_of_the_folder, read_text, shown
from blog.transfer.halves import Half, halves

PEOPLE_FILE = "people.yaml"
PERSON = ("slug", "name", "credentials", "bio", "team", "sample")  # fields of people.yaml
PERSON_MAX_CHARS = {"slug": 80, "name": 120, "credentials": 200}
FLAGS = {"true": True, "false": False, "": False}
FILE = "file"  # stands in a figure until its file has become a picture: see pictures.py
PLACE = ("slug", "published", "updated", "comments")  # front matter that is about the post, not the article


@dataclass(frozen=True)
class Source:
    """A file, and the lines on which its fields and its text stand."""

    path: Path
    fields: dict[FieldPath, int] = field(default_factory=dict)
    texts: dict[str, Half] = field(default_factory=dict)

    def error(self, slips: list[Slip]) -> FileError:
        """The slips, told by file and line."""
        told = (f"{shown(self.path)}:{self._line(slip)}: {slip.field}: {slip.message}" for slip in slips)
        return FileError("\n".join(told))

    def _line(self, slip: Slip) -> int:
        """The line of the text, of the field, or of the nearest group above it."""
        path = slip.path
        half = self.texts.get(str(path[0])) if path not in self.fields else None
        if half:
            return half.line(slip.line)
        while path and path not in self.fields:
            path = path[:-1]
        return self.fields.get(path, 1)


@dataclass(frozen=True)
class Comments:
    """Whether readers may comment, and for how many days after publication; 0: for ever, None: as the site says."""

    WRONG: ClassVar[str] = "must be open, closed, or a number of days such as 90 days (0 days: never closed)"

    are_open: bool
    close_days: int | None = None

    @classmethod
    def read(cls, said: str) -> Self | None:
        """None for what says nothing that can be understood."""
        if said in ("open", "closed"):
            return cls(said == "open")
        days = re.fullmatch(r"([0-9]{1,5}) days?", said)
        return cls(True, int(days[1])) if days and int(days[1]) <= COMMENTS_MOST_DAYS else None


@dataclass(frozen=True)
class ArticleFile:
    """A Markdown file that holds an article."""

    source: Source
    slug: str
    manuscript: Manuscript
    published_at: datetime | None
    updated_at: datetime | None
    comments: Comments
    pictures: dict[int, str] = field(default_factory=dict)  # files that figures name, by the place of the figure

    def place(self, post: Post, revision: PostRevision) -> bool:
        """Bring the post to what the file says beside the article; whether that changed anything."""
        moved = (post.comments_open, post.comments_close_days) != (self.comments.are_open, self.comments.close_days)
        post.comments_open, post.comments_close_days = self.comments.are_open, self.comments.close_days
        if self.published_at is None:
            return moved
        wanted = (revision.id, self.published_at, self.updated_at or post.updated_at)
        if wanted == (post.public_revision_id, post.published_at, post.updated_at):
            return moved
        publishing.publish(post, revision, at=self.published_at, updated_at=self.updated_at)
        return True


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do."""

    slug: str
    change: str  # "new", "changed" or "same"


@dataclass
class Findings:
    """What a folder holds: articles that can be brought in, what is wrong with others, what was not looked at."""

    articles: list[ArticleFile]
    refused: list[FileError]
    skipped: list[tuple[Path, str]]


def look_through(folder: Path, zone: tzinfo) -> Findings:
    """Every article of a folder, by file name; one that is wrong stops no other. Days begin at midnight in `zone`.

    Raises FileError when the folder itself cannot be read.
    """
    files = find(folder)
    articles: list[ArticleFile] = []
    for path in files.articles:
        try:
            text = read_text(path)
            if is_of_the_folder(path) and not text.startswith("---"):
                files.skipped.append((path, "has no front matter"))
            else:
                articles.append(_article(path, text, zone))
        except FileError as error:
            files.refused.append(error)
    by_slug: dict[str, list[ArticleFile]] = {}
    for file in articles:
        by_slug.setdefault(file.slug, []).append(file)
    for slug, same in by_slug.items():
        for file in same if len(same) > 1 else ():
            others = ", ".join(shown(Path(other.source.path.name)) for other in same if other is not file)
            files.refused.append(file.source.error([Slip(("slug",), f"{others} has the slug {slug!r}, too")]))
    return Findings([same[0] for same in by_slug.values() if len(same) == 1], files.refused, files.skipped)


def read_folder(folder: Path, zone: tzinfo = UTC) -> list[ArticleFile]:
    """All articles of a folder, by file name. Raises FileError with every slip of every file."""
    findings = look_through(folder, zone)
    if findings.refused:
        raise FileError("\n".join(map(str, findings.refused)))
    return findings.articles


def read_file(path: Path, zone: tzinfo = UTC) -> ArticleFile:
    """One article. Raises FileError."""
    return _article(path, read_text(path), zone)


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


def store(articles: list[ArticleFile], sample: bool = False) -> Iterator[Outcome]:
    """Keep the articles: a known slug gets a new revision, never a second post. Call inside `begin_write()`.

    Raises FileError where an article names somebody or something unknown.
    """
    for file in articles:
        yield _keep(file, sample)


def store_each(articles: list[ArticleFile]) -> Iterator[Outcome | FileError]:
    """As `store`, but each for itself: of an article that cannot be kept nothing is, and the next one follows."""
    posts: dict[int, Path] = {}
    for file in articles:
        post_id = db.session.scalar(Post.any_under_slug(file.slug).with_only_columns(Post.id))
        if post_id in posts:
            name = shown(Path(posts[post_id].name))
            yield file.source.error([Slip(("slug",), f"{file.slug!r} is an address of the article in {name}, too")])
            continue
        try:
            with db.session.begin_nested():
                yield _keep(file, sample=False)
        except FileError as error:
            yield error
        if post_id is not None:
            posts[post_id] = file.source.path


def _keep(file: ArticleFile, sample: bool) -> Outcome:
    try:
        Links.of(file.manuscript.article)
        post = db.session.scalar(Post.any_under_slug(file.slug))
        is_new = post is None
        post = post or publishing.create(file.slug)
        revision = db.session.scalar(PostRevision.newest_of(post))
        is_same = revision is not None and revision.digest == digest(file.manuscript.article.data())
        if revision is None or not is_same:
            revision = publishing.revise(post, file.manuscript)
        moved = file.place(post, revision)
    except ArticleError as error:
        raise file.source.error(error.slips) from error
    except Refused as refusal:
        raise file.source.error([Slip(("slug",), str(refusal))]) from refusal
    post.is_sample = sample
    db.session.flush()
    return Outcome(file.slug, "new" if is_new else "same" if is_same and not moved else "changed")


def _article(path: Path, text: str, zone: tzinfo) -> ArticleFile:
    """The article that a file's text holds. Raises FileError with every slip."""
    front, body, body_line = _split(path, text)
    data, fields = _front_matter(path, front)
    slips: list[Slip] = []
    slug = str(data.get("slug") or path.stem)
    if not SLUG.match(slug) or len(slug) > SLUG_MAX_CHARS:
        slips.append(Slip(("slug",), f"{slug!r} is not a slug: small letters, digits and single hyphens"))
    published = _moment(data, "published", zone, slips)
    updated = _moment(data, "updated", zone, slips)
    if published and updated and updated < published:
        slips.append(Slip(("updated",), "is before “published”"))
    comments = Comments.read(str(data.get("comments") or "open"))
    if comments is None:
        slips.append(Slip(("comments",), Comments.WRONG))
    upper, lower = halves(body, body_line)
    source = Source(path, fields, {"body": upper, "self_help": lower})
    slips += [Slip((name,), "is the text below the front matter, not a field") for name in source.texts if name in data]
    document = {name: value for name, value in data.items() if name not in PLACE}
    document, pictures = _picture_files(document)
    manuscript = None
    try:
        article = Article.parse({**document, "body": upper.text or None, "self_help": lower.text or None})
        manuscript = Manuscript.prepare(article)
    except ArticleError as error:
        slips += error.slips
    if slips or manuscript is None or comments is None:
        raise source.error(slips)
    return ArticleFile(source, slug, manuscript, published, updated, comments, pictures)


def _picture_files(document: dict[str, Any]) -> tuple[dict[str, Any], dict[int, str]]:
    """The fields, and the files that stand in figures instead of names of pictures: these have an ending."""
    figures = document.get("figures")
    if not isinstance(figures, list):
        return document, {}
    said = {index: figure.get("picture") for index, figure in enumerate(figures) if isinstance(figure, dict)}
    files = {index: file for index, file in said.items() if isinstance(file, str) and "." in file}
    named = [{**figure, "picture": FILE} if index in files else figure for index, figure in enumerate(figures)]
    return {**document, "figures": named}, files


def _people(path: Path) -> list[Person]:
    """The persons of a people.yaml."""
    rows, lines = _yaml(path, read_text(path), "people", first_line=1)
    slips: list[Slip] = []
    if not isinstance(rows, list):
        raise FileError.of(path, 1, "people", "must be a list of persons, each with a slug and a name")
    people: list[Person] = []
    for index, row in enumerate(rows):
        fields = row if isinstance(row, dict) else {}
        said = {name: clean_line(str(fields.get(name) or "")) for name in ("slug", "name", "credentials", "bio")}
        flags = {name: FLAGS.get(str(fields.get(name) or "").lower()) for name in ("team", "sample")}
        if not SLUG.match(said["slug"]):
            slips.append(Slip((index, "slug"), "must be small letters, digits and single hyphens"))
        for name, most in PERSON_MAX_CHARS.items():
            if len(said[name]) > most:
                slips.append(Slip((index, name), f"has {len(said[name])} characters; {most} fit"))
        if not said["name"]:
            slips.append(Slip((index, "name"), "is missing"))
        slips += [Slip((index, name), "must be true or false") for name, flag in flags.items() if flag is None]
        slips += [Slip((index, name), "must be text") for name in said if isinstance(fields.get(name), list | dict)]
        slips += [Slip((index, str(name)), "is not a field of a person") for name in fields if name not in PERSON]
        if said["slug"] in [person.slug for person in people]:
            slips.append(Slip((index, "slug"), f"{said['slug']!r} stands here a second time"))
        people.append(
            Person(
                slug=said["slug"],
                name=said["name"],
                credentials=said["credentials"] or None,
                bio=said["bio"],
                is_team=bool(flags["team"]),
                is_sample=bool(flags["sample"]),
            )
        )
    if slips:
        raise Source(path, lines).error(slips)
    return people


def _split(path: Path, text: str) -> tuple[str, str, int]:
    """Front matter, body, and the line (from 1) on which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise FileError.of(path, 1, "front matter", "the file must begin with a line ---")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":  # not indented: in a text of several lines it may stand
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise FileError.of(path, 1, "front matter", "the closing line --- is missing")


def _front_matter(path: Path, front: str) -> tuple[dict[str, Any], dict[FieldPath, int]]:
    """The fields, and the line of the file on which each stands."""
    data, lines = _yaml(path, front, "front matter", first_line=2)
    if not isinstance(data, dict):
        raise FileError.of(path, 1, "front matter", "must be named fields, such as “title: …”")
    return data, lines


def _yaml(path: Path, text: str, what: str, first_line: int) -> tuple[Any, dict[FieldPath, int]]:
    """What the YAML says, and the line of the file on which each of its parts stands."""
    try:
        return front_matter.read(text, first_line)
    except front_matter.YamlError as error:
        told = (f"{shown(path)}:{line}: {what}: {message}" for line, message in error.slips)
        raise FileError("\n".join(told)) from error


def _moment(data: dict[str, Any], name: str, zone: tzinfo, slips: list[Slip]) -> datetime | None:
    value = data.get(name)
    if value is None:
        return None
    try:
        return read_moment(str(value), zone)
    except ValueError as error:
        slips.append(Slip((name,), str(error)))
        return None
