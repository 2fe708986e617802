"""The article model: what a post revision holds, read from plain data and refused with the path of each slip.

Pure data: no Flask, no database. Free text fields hold plain text and are escaped when shown; only `body` and
`self_help` hold Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self, TypeVar

from blog.posts.self_help import can_divide, first_self_help
from blog.text.characters import clean_line, clean_markdown
from blog.text.outline import Outline

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}\Z")
VIMEO_ID = re.compile(r"[0-9]{6,12}\Z")
WEB_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#]\S*)?\Z", re.IGNORECASE)
DRAWN_FILM = "drawn"  # the host of films that are drawn from a pose
VIDEO_FILE = re.compile(rf"/media/[0-9a-f]{{16,64}}/[A-Za-z0-9._-]+\.(?:mp4|webm)\Z|(?:{SLUG.pattern})")
DRAWN_KINDS = ("trigger-point-sites", "pain-map", "stretch")  # drawn from data
PICTURE = "picture"  # a kind of figure: a picture of the media
FLAGS = {"true": True, "false": False}  # as front matter says it
WORDS_PER_MINUTE = 220
TITLE_MAX_CHARS = 150
KICKER_MAX_CHARS = 60
STANDFIRST_MAX_CHARS = 400

Path = tuple[str | int, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Slip:
    """Something wrong in an article: where (keys and indexes from the top) and what, for its author."""

    path: Path
    message: str
    line: int = 0  # of a text of several lines, from 1; 0: of the field as a whole

    def __str__(self) -> str:
        return f"{self.field}: {f'line {self.line} of the text: ' if self.line else ''}{self.message}"

    @property
    def field(self) -> str:
        """The path as an author reads it: "stretches 2, steps"."""
        words = (f" {part + 1}" if isinstance(part, int) else f", {part.replace('_', ' ')}" for part in self.path)
        return "".join(words).lstrip(", ")


class ArticleError(ValueError):
    """An article that cannot be kept; `slips` says all that is wrong with it."""

    def __init__(self, slips: list[Slip]) -> None:
        super().__init__("; ".join(map(str, slips)))
        self.slips = slips


@dataclass(frozen=True)
class Figure:
    """A picture of the article. `alt` is short, `long_description` says all the picture says.

    `picture` is the name of one of the media; where its figure says no `alt` or `credit`, the picture's own stand.
    """

    id: str
    kind: str
    caption: str
    alt: str
    long_description: str = ""
    credit: str = ""
    pose: str = ""  # of the drawn figure, for stretches
    picture: str = ""  # for kind PICTURE


@dataclass(frozen=True)
class Stretch:
    """One exercise. `primary` and `secondary` are slugs of muscles."""

    name: str
    steps: tuple[str, ...]
    dose: str
    stop_if: str
    easier_version: str = ""
    not_for: tuple[str, ...] = ()
    primary: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    figure: str = ""


@dataclass(frozen=True)
class Safety:
    """The safety box: shipped red-flag sets by slug, and cautions of this article."""

    red_flags: tuple[str, ...]
    cautions: tuple[str, ...] = ()
    self_pressure: bool = True


@dataclass(frozen=True)
class Video:
    """A film: a host of the allow-list with its id there, a video of our own by its name among the media or by the
    address of its file, or the pose of a stretch that is drawn moving. Never loaded before a click.
    """

    host: str
    ref: str
    title: str
    caption: str
    duration: str = ""
    transcript: str = ""
    reviewed: str = ""


@dataclass(frozen=True)
class Reference:
    """A source; `url` only where the source itself is on the web."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Article:
    """All an article says. Slugs name persons, vocabulary entries and tags."""

    title: str
    standfirst: str
    body: str
    authors: tuple[str, ...]
    kicker: str = ""
    self_help: str = ""
    key_facts: tuple[str, ...] = ()
    muscles: tuple[str, ...] = ()
    pain_areas: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    safety: Safety | None = None
    figures: tuple[Figure, ...] = ()
    video: Video | None = None
    evidence: str = ""
    uncertain: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    sample: bool = False

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read plain data, as from front matter or a form. Raises ArticleError with every slip at once."""
        article, slips = cls.look(data)
        if slips:
            raise ArticleError(slips)
        return article

    @classmethod
    def look(cls, data: Mapping[str, Any]) -> tuple[Self, list[Slip]]:
        """Read plain data as far as it goes, and what `parse` would refuse in it. For what is still being written."""
        article, slips = cls._read(data)
        return article, slips + article._misplaced_self_help()

    @classmethod
    def stored(cls, data: Mapping[str, Any]) -> Self:
        """What was read once and kept. Its text is not looked at again: pages do not break when rules get stricter."""
        article, slips = cls._read(data)
        if slips:
            raise ArticleError(slips)
        return article

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> tuple[Self, list[Slip]]:
        top = _Fields(data)
        article = cls(
            title=top.text("title", most=TITLE_MAX_CHARS, required=True),
            standfirst=top.text("standfirst", most=STANDFIRST_MAX_CHARS, required=True),
            body=top.markdown("body", required=True),
            authors=top.slugs("authors", required=True),
            kicker=top.text("kicker", most=KICKER_MAX_CHARS),
            self_help=top.markdown("self_help"),
            key_facts=top.texts("key_facts", most=300),
            muscles=top.slugs("muscles"),
            pain_areas=top.slugs("pain_areas"),
            conditions=top.slugs("conditions"),
            tags=top.slugs("tags"),
            stretches=top.records("stretches", _stretch),
            safety=top.record("safety", _safety),
            figures=top.records("figures", _figure),
            video=top.record("video", _video),
            evidence=top.text("evidence", most=1000),
            uncertain=top.texts("uncertain", most=400),
            references=top.records("references", _reference),
            sample=top.flag("sample"),
        )
        top.nothing_else()
        return article, top.slips + article._contradictions()

    def data(self) -> dict[str, Any]:
        """Plain data: what `parse` reads, without what is empty."""
        data = asdict(self, dict_factory=_without_pictures)
        return {name: value for name, value in data.items() if value not in (None, "", (), False)}

    def figure(self, figure_id: str) -> Figure | None:
        """The figure with this id."""
        return next((figure for figure in self.figures if figure.id == figure_id), None)

    @property
    def own_video(self) -> str:
        """The name of the video of our own that it shows; empty without one."""
        return self.video.ref if self.video and self.video.host == "file" and not self.video.ref.startswith("/") else ""

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the pictures of the media that it shows, each once."""
        return tuple(dict.fromkeys(figure.picture for figure in self.figures if figure.picture))

    def alt_of(self, picture: str) -> str:
        """What the first figure that shows this picture says for those who cannot see it; empty if it says nothing."""
        return next((figure.alt for figure in self.figures if figure.picture == picture), "")

    @property
    def lead_picture(self) -> str:
        """The name of its own picture that stands beside its title and on its card: the first it has."""
        return next(iter(self.pictures), "")

    @property
    def lead_muscle(self) -> str:
        """The slug of the muscle whose drawing stands there if it has no picture of its own: the first it is about."""
        return next(iter(self.muscles), "")

    @property
    def shows_drawn_film(self) -> bool:
        """Whether its film is a stretch of ours that moves: then it stands below the warning signs."""
        return self.video is not None and self.video.host == DRAWN_FILM

    @property
    def stretched(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Slugs of the muscles stretched, primary and secondary, each once and never in both."""
        primary = dict.fromkeys(slug for stretch in self.stretches for slug in stretch.primary)
        secondary = dict.fromkeys(slug for stretch in self.stretches for slug in stretch.secondary)
        return tuple(primary), tuple(slug for slug in secondary if slug not in primary)

    @property
    def subjects(self) -> tuple[tuple[str, str], ...]:
        """Kind and slug of the vocabulary entries under which the article is listed, each once."""
        kinds = (("muscle", self.muscles), ("condition", self.conditions), ("pain_area", self.pain_areas))
        return tuple(dict.fromkeys((kind, slug) for kind, slugs in kinds for slug in slugs))

    @property
    def named_muscles(self) -> tuple[str, ...]:
        """Slugs of every muscle named anywhere in the article's data."""
        primary, secondary = self.stretched
        return tuple(dict.fromkeys(self.muscles + primary + secondary))

    @property
    def plain_texts(self) -> tuple[str, ...]:
        """All that its page says besides the text: what readers read, too."""
        said = [self.standfirst, *self.key_facts, self.evidence, *self.uncertain]
        said += self.safety.cautions if self.safety else ()
        for stretch in self.stretches:
            said += [
                stretch.name,
                *stretch.steps,
                stretch.dose,
                stretch.easier_version,
                stretch.stop_if,
                *stretch.not_for,
            ]
        return tuple(said)

    def _misplaced_self_help(self) -> list[Slip]:
        """Self-help that would stand above the warning signs, and a self-help part without its heading."""
        slips = []
        above = first_self_help(Outline.of(self.body))
        if above:
            what = (
                "would stand above the warning signs. Begin it with ## on a line of its own, outside lists and quotes"
            )
            slips.append(Slip(("body",), f"“{above.text}” {what}; or give it another name", above.line))
        if self.self_help:
            begin = next(iter(Outline.of(self.self_help).headlines), None)
            if begin is None or begin.line > 1 or not can_divide(begin):
                slips.append(Slip(("self_help",), "must begin with a heading, such as “## Self-help”", 1))
        return slips

    def _contradictions(self) -> list[Slip]:
        slips = []
        stretching: list[Path] = [
            ("figures", index) for index, figure in enumerate(self.figures) if figure.kind == "stretch"
        ]
        stretching += [("video",)] if self.shows_drawn_film else []
        places: list[Path] = [(name,) for name in ("self_help", "stretches") if getattr(self, name)] + stretching[:1]
        if places and self.safety is None:
            what = {"self_help": "self-help", "video": "a stretch that moves"}.get(str(places[0][0]), "stretches")
            slips.append(Slip(("safety", "red_flags"), f"must name at least one set: the article has {what}"))
        for name, values in (("figures", [figure.id for figure in self.figures]),):
            slips += [Slip((name, i), f"the id {v!r} stands twice") for i, v in enumerate(values) if v in values[:i]]
        for index, stretch in enumerate(self.stretches):
            if stretch.figure and self.figure(stretch.figure) is None:
                slips.append(Slip(("stretches", index, "figure"), f"no figure has the id {stretch.figure!r}"))
        for index, figure in enumerate(self.figures):
            is_drawn = figure.pose if figure.kind == "stretch" else self.muscles
            if figure.kind in DRAWN_KINDS and not is_drawn and not figure.long_description:
                what = "a pose" if figure.kind == "stretch" else "muscles"
                message = f"would be an empty frame: it needs {what} to be drawn from, or a long description"
                slips.append(Slip(("figures", index), message))
            if figure.alt and figure.alt == figure.caption:
                slips.append(Slip(("figures", index, "alt"), "says the same as the caption"))
        return slips


def _without_pictures(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Drawn figures say nothing of pictures: their data are what they were before figures could have one."""
    return {name: value for name, value in fields if (name, value) != ("picture", "")}


class _Fields:
    """Reads one mapping field by field, noting what is wrong instead of stopping at it."""

    def __init__(self, data: object, path: Path = (), slips: list[Slip] | None = None) -> None:
        self.slips = slips if slips is not None else []
        self.path = path
        self.asked: set[str] = set()
        if not isinstance(data, Mapping):
            self._slip((), "must be a group of named fields")
            data = {}
        self.data = data

    def text(self, name: str, *, most: int, required: bool = False) -> str:
        value = self._value(name, required)
        if value is None:
            return ""
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            return self._slip((name,), "must be text", "")
        line = clean_line(str(value))
        if required and not line:
            self._slip((name,), "is missing")
        if len(line) > most:
            self._slip((name,), f"has {len(line)} characters; {most} fit")
        return line

    def markdown(self, name: str, *, required: bool = False) -> str:
        value = self._value(name, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._slip((name,), "must be text", "")
        return clean_markdown(value).strip("\n")

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._value(name, False)
        if value is None:
            return default
        if isinstance(value, str) and value.strip().lower() in FLAGS:
            return FLAGS[value.strip().lower()]
        if not isinstance(value, bool):
            return self._slip((name,), "must be true or false", default)
        return value

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, most=60, required=True)
        if value and value not in choices:
            self._slip((name,), f"must be one of {', '.join(choices)}")
        return value

    def texts(self, name: str, *, most: int, required: bool = False) -> tuple[str, ...]:
        values = self._list(name, required)
        reader = _Fields(dict(enumerate(values)), (*self.path, name), self.slips)
        return tuple(reader.text(index, most=most, required=True) for index in range(len(values)))  # type: ignore[arg-type]

    def slugs(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        values = self.texts(name, most=80, required=required)
        for index, value in enumerate(values):
            if value and not SLUG.match(value):
                self._slip((name, index), f"{value!r} is not a slug: small letters, digits and single hyphens")
        return values

    def records(self, name: str, read: Callable[[_Fields], T]) -> tuple[T, ...]:
        return tuple(
            self._read(value, (*self.path, name, index), read) for index, value in enumerate(self._list(name, False))
        )

    def record(self, name: str, read: Callable[[_Fields], T]) -> T | None:
        value = self._value(name, False)
        return None if value is None else self._read(value, (*self.path, name), read)

    def nothing_else(self) -> None:
        for name in self.data:
            if name not in self.asked:
                self._slip((name,), "is not a field of an article")

    def _read(self, value: object, path: Path, read: Callable[[_Fields], T]) -> T:
        fields = _Fields(value, path, self.slips)
        result = read(fields)
        fields.nothing_else()
        return result

    def _value(self, name: str, required: bool) -> Any:
        self.asked.add(name)
        value = self.data.get(name)
        if value is None and required:
            self._slip((name,), "is missing")
        return value

    def _list(self, name: str, required: bool) -> list[Any]:
        value = self._value(name, required)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            return self._slip((name,), "must be a list", [])
        if required and not value:
            self._slip((name,), "must name at least one")
        return list(value)

    def _slip(self, path: Path, message: str, value: T = None) -> T:  # type: ignore[assignment]
        self.slips.append(Slip(self.path + path, message))
        return value


def _figure(fields: _Fields) -> Figure:
    figure = Figure(
        id=fields.text("id", most=60, required=True),
        kind=fields.choice("kind", (*DRAWN_KINDS, PICTURE)),
        caption=fields.text("caption", most=200, required=True),
        alt=fields.text("alt", most=200, required=fields.data.get("kind") != PICTURE),
        long_description=fields.text("long_description", most=2000),
        credit=fields.text("credit", most=200),
        pose=fields.text("pose", most=80),
        picture=fields.text("picture", most=80, required=fields.data.get("kind") == PICTURE),
    )
    if figure.picture and figure.kind != PICTURE:
        fields._slip(("picture",), f"belongs to figures of kind {PICTURE}")
    elif figure.picture and not SLUG.match(figure.picture):
        fields._slip(("picture",), "must be the name of a picture: small letters, digits and single hyphens")
    if figure.id and not SLUG.match(figure.id):
        fields._slip(("id",), "must be small letters, digits and single hyphens")
    return figure


def _stretch(fields: _Fields) -> Stretch:
    return Stretch(
        name=fields.text("name", most=120, required=True),
        steps=fields.texts("steps", most=400, required=True),
        dose=fields.text("dose", most=300, required=True),
        stop_if=fields.text("stop_if", most=300, required=True),
        easier_version=fields.text("easier_version", most=300),
        not_for=fields.texts("not_for", most=300),
        primary=fields.slugs("primary"),
        secondary=fields.slugs("secondary"),
        figure=fields.text("figure", most=60),
    )


def _safety(fields: _Fields) -> Safety:
    return Safety(
        red_flags=fields.slugs("red_flags", required=True),
        cautions=fields.texts("cautions", most=400),
        self_pressure=fields.flag("self_pressure", default=True),
    )


def _video(fields: _Fields) -> Video:
    host = fields.choice("host", ("youtube", "vimeo", "file", DRAWN_FILM))
    ref = fields.text("ref", most=300, required=True)
    pattern = {"youtube": YOUTUBE_ID, "vimeo": VIMEO_ID, "file": VIDEO_FILE, DRAWN_FILM: SLUG}.get(host)
    if pattern and ref and not pattern.match(ref):
        fields._slip(("ref",), f"is not a film of {host}")
    return Video(
        host=host,
        ref=ref,
        title=fields.text("title", most=150, required=True),
        caption=fields.text("caption", most=300, required=True),
        duration=fields.text("duration", most=20),
        transcript=fields.markdown("transcript"),
        reviewed=fields.text("reviewed", most=10),
    )


def _reference(fields: _Fields) -> Reference:
    url = fields.text("url", most=500)
    if url and not WEB_ADDRESS.match(url):
        fields._slip(("url",), "must be an address that begins with https://")
    return Reference(text=fields.text("text", most=500, required=True), url=url)
