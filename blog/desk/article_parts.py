"""What the editor asks for: the fields of an article, in the order and under the headings in which they are written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from blog.posts.document import DRAWN_KINDS, KICKER_MAX_CHARS, PICTURE, STANDFIRST_MAX_CHARS, TITLE_MAX_CHARS


class Shape(Enum):
    """How a field is typed."""

    LINE = auto()
    LINES = auto()  # one a line
    NAMES = auto()  # of people, entries or tags, one a line
    MARKDOWN = auto()
    CHOICE = auto()
    PICTURE = auto()  # one of the media, by its name
    FLAG = auto()


@dataclass(frozen=True)
class Part:
    """A field: its name in the document, what it is called, how it is typed."""

    name: str
    label: str
    shape: Shape = Shape.LINE
    hint: str = ""
    rows: int = 0  # of a text area
    most: int = 0  # characters, counted down beside the field
    names: str = ""  # which ones, of NAMES: see names.py
    choices: tuple[tuple[str, str], ...] = ()
    ticked: bool = False  # a FLAG that is true unless somebody unticks it
    has_tools: bool = False  # a MARKDOWN that is rendered, so that a toolbar helps to write it


@dataclass(frozen=True)
class Section:
    """Fields under one heading. `record`: they are the fields of one group of the document, such as its film."""

    title: str
    parts: tuple[Part, ...]
    record: str = ""
    hint: str = ""

    def field(self, part: Part) -> str:
        """The name of its input."""
        return f"{self.record}-{part.name}" if self.record else part.name


@dataclass(frozen=True)
class Repeated:
    """A list of groups, each on a card of its own."""

    title: str
    name: str
    one: str  # what one of them is called
    parts: tuple[Part, ...]
    hint: str = ""


def _labelled(*values: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, value.replace("-", " ").capitalize()) for value in values)


ONE_A_LINE = "One a line."
BY_NAME = "One a line, by name."
_STRETCH = (
    Part("name", "Name", most=120),
    Part("steps", "Steps", Shape.LINES, "One step a line, in order.", rows=5),
    Part("dose", "How often and how long", rows=2, most=300),
    Part("stop_if", "Stop if", hint="A whole sentence, such as: Stop if your foot goes numb.", rows=2, most=300),
    Part("easier_version", "An easier version", rows=2, most=300),
    Part("not_for", "Not for you if", Shape.LINES, "One a line, such as: you have a hip replacement", rows=2),
    Part("primary", "Muscles stretched most", Shape.NAMES, BY_NAME, rows=2, names="muscle"),
    Part("secondary", "Muscles stretched, too", Shape.NAMES, BY_NAME, rows=2, names="muscle"),
    Part("figure", "Figure", hint="The short name of one of the figures below."),
)
_FIGURE = (
    Part("kind", "What it shows", Shape.CHOICE, choices=(("", "Choose"), *_labelled(*DRAWN_KINDS, PICTURE))),
    Part("caption", "Caption", rows=2, most=200),
    Part(
        "alt",
        "In a few words, for those who do not see it",
        hint="Of a picture: empty for its own description.",
        rows=2,
        most=200,
    ),
    Part(
        "id",
        "Short name",
        hint="Small letters and hyphens. A line ::figure NAME places it in the text. Empty: made from the caption.",
    ),
    Part("picture", "Picture, of the kind “Picture”", Shape.PICTURE, "Its name, as Media shows it."),
    Part("pose", "Pose, of a stretch", Shape.CHOICE),
    Part("long_description", "All that the picture says, in words", rows=4, most=2000),
    Part("credit", "Who made it", most=200),
)
_REFERENCE = (
    Part("text", "Source", hint="Who, what, where, when.", rows=2, most=500),
    Part("url", "Its address, if it is on the web"),
)

PAGE: tuple[Section | Repeated, ...] = (
    Section(
        "Beginning",
        (
            Part("title", "Title", most=TITLE_MAX_CHARS),
            Part("standfirst", "Standfirst", hint="What the article is about.", rows=3, most=STANDFIRST_MAX_CHARS),
            Part("kicker", "Series, above the title", most=KICKER_MAX_CHARS),
            Part("authors", "Written by", Shape.NAMES, BY_NAME, rows=2, names="person"),
        ),
    ),
    Section(
        "Text",
        (
            Part("key_facts", "In short", Shape.LINES, "Short sentences, one a line.", rows=4),
            Part(
                "body",
                "Text",
                Shape.MARKDOWN,
                "Above the warning signs: no exercises, no self-help.",
                rows=18,
                has_tools=True,
            ),
            Part(
                "self_help",
                "Self-help",
                Shape.MARKDOWN,
                "Stands below the warning signs. It begins with a heading, such as ## Self-help",
                rows=8,
                has_tools=True,
            ),
        ),
        hint="Headings begin with ##. Below, “How to write” shows lists, tables, call-outs and notes.",
    ),
    Section(
        "What it is about",
        (
            Part("muscles", "Muscles", Shape.NAMES, BY_NAME, rows=3, names="muscle"),
            Part("pain_areas", "Where pain is felt", Shape.NAMES, BY_NAME, rows=3, names="pain_area"),
            Part("conditions", "Conditions often mentioned with it", Shape.NAMES, BY_NAME, rows=3, names="condition"),
            Part("tags", "Subjects", Shape.NAMES, "Words of your choice, one a line.", rows=3, names="tag"),
        ),
    ),
    Section(
        "Safety",
        (
            Part("red_flags", "Warning signs", Shape.NAMES, BY_NAME, rows=2, names="red_flags"),
            Part("cautions", "Cautions of this article", Shape.LINES, ONE_A_LINE, rows=3),
            Part("self_pressure", "Readers may press on the muscle themselves", Shape.FLAG, ticked=True),
        ),
        record="safety",
        hint="Whoever describes stretches or self-help needs warning signs.",
    ),
    Repeated("Stretches", "stretches", "Stretch", _STRETCH),
    Repeated(
        "Figures", "figures", "Figure", _FIGURE, "Drawn from the muscles above or from a pose; or a picture of yours."
    ),
    Section(
        "Film",
        (
            Part(
                "host",
                "Where it is",
                Shape.CHOICE,
                choices=(
                    ("", "No film"),
                    ("youtube", "YouTube"),
                    ("vimeo", "Vimeo"),
                    ("file", "A file of our own"),
                    ("drawn", "A stretch, drawn"),
                ),
            ),
            Part("ref", "Its number there, or the name of our own video", hint="Our own stand under Media, Videos."),
            Part("title", "Title", most=150),
            Part("caption", "Caption", rows=2, most=300),
            Part("duration", "Length, such as 3:20"),
            Part("transcript", "All that is said in it", Shape.MARKDOWN, rows=5),
            Part("reviewed", "Reviewed on"),
        ),
        record="video",
        hint="Loaded only after a click. A line ::video places it in the text.",
    ),
    Section(
        "How sure is this?",
        (
            Part("evidence", "What is known, and how well", rows=4, most=1000),
            Part("uncertain", "What is uncertain", Shape.LINES, ONE_A_LINE, rows=3),
        ),
    ),
    Repeated("References", "references", "Source", _REFERENCE),
    Section(
        "Sample",
        (Part("sample", "A sample: the page says so, and search engines do not list it", Shape.FLAG),),
    ),
)
TOOLS = (  # of the toolbar: its name in js/toolbar.js, what it is called, and its keys
    ("heading", "Heading", "Ctrl+Shift+2"),
    ("bold", "Bold", "Ctrl+B"),
    ("italic", "Italic", "Ctrl+I"),
    ("link", "Link", "Ctrl+K"),
    ("list", "List", "Ctrl+Shift+8"),
    ("quote", "Quote", "Ctrl+Shift+9"),
    ("table", "Table", ""),
    ("figure", "Figure", ""),
    ("callout", "Call-out", ""),
    ("note", "Footnote", ""),
    ("help", "Help", ""),
)
SECTIONS = tuple(one for one in PAGE if isinstance(one, Section))
LISTS = {one.name: one for one in PAGE if isinstance(one, Repeated)}
