"""What the editor asks for: the fields of an article, in the order and under the headings in which they are written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from blog.posts.document import KICKER_MAX_CHARS, PICTURE, STANDFIRST_MAX_CHARS, TITLE_MAX_CHARS


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


ONE_A_LINE = "One a line."
BY_NAME = "One a line, or choose below."
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
_KINDS = (
    (PICTURE, "A picture of yours"),
    ("trigger-point-sites", "Drawn for you: where trigger points are"),
    ("pain-map", "Drawn for you: where pain is felt"),
    ("stretch", "Drawn for you: a stretch"),
)
_FIGURE = (
    Part("kind", "What it shows", Shape.CHOICE, choices=(("", "Choose"), *_KINDS)),
    Part("picture", "Picture", Shape.PICTURE, "A photo or drawing of yours, by the name that Media shows."),
    Part("pose", "Pose", Shape.CHOICE, "Only for a drawn stretch."),
    Part("caption", "Caption", hint="Stands below it.", rows=2, most=200),
    Part(
        "alt",
        "Description for readers who cannot see it",
        hint="What there is to see, in a few words. Empty: what Media says of the picture.",
        rows=2,
        most=200,
    ),
    Part("credit", "Who made it", hint="Optional.", most=200),
    Part("long_description", "Long description", hint="Optional: all that it shows, in words.", rows=4, most=2000),
    Part(
        "id",
        "Short name",
        hint="The line ::figure NAME puts it into the text. Small letters, hyphens. Empty: made from the caption.",
    ),
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
            Part(
                "standfirst",
                "Standfirst",
                hint="One or two sentences below the title: what it is about.",
                rows=3,
                most=STANDFIRST_MAX_CHARS,
            ),
            Part("kicker", "Series, above the title", hint="Optional, such as: Legs and feet", most=KICKER_MAX_CHARS),
            Part("authors", "Written by", Shape.NAMES, BY_NAME, rows=2, names="person"),
        ),
    ),
    Section(
        "Text",
        (
            Part("key_facts", "In short", Shape.LINES, "Optional. Short sentences, one a line.", rows=4),
            Part(
                "body",
                "Text",
                Shape.MARKDOWN,
                "Readers see it before the warning signs: no exercises and no self-help here.",
                rows=18,
                has_tools=True,
            ),
            Part(
                "self_help",
                "Self-help",
                Shape.MARKDOWN,
                "Optional. Readers see it after the warning signs. It begins with a heading, such as ## Self-help",
                rows=8,
                has_tools=True,
            ),
        ),
        hint="The buttons above each text write headings, lists and so on, and place pictures; “Help” shows examples.",
    ),
    Section(
        "What it is about",
        (
            Part("muscles", "Muscles", Shape.NAMES, BY_NAME, rows=3, names="muscle"),
            Part("pain_areas", "Where pain is felt", Shape.NAMES, BY_NAME, rows=3, names="pain_area"),
            Part("conditions", "Conditions often mentioned with it", Shape.NAMES, BY_NAME, rows=3, names="condition"),
            Part("tags", "Subjects", Shape.NAMES, "Optional. Words of your choice, one a line.", rows=3, names="tag"),
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
        hint="An article with stretches or self-help needs at least one set of warning signs: readers see them first.",
    ),
    Repeated("Stretches", "stretches", "Stretch", _STRETCH),
    Repeated(
        "Figures",
        "figures",
        "Figure",
        _FIGURE,
        "Pictures of yours, and drawings made for you. “Picture” above the text adds one and places it there.",
    ),
    Section(
        "Video",
        (
            Part(
                "host",
                "Where it is",
                Shape.CHOICE,
                choices=(
                    ("", "No video"),
                    ("youtube", "YouTube"),
                    ("vimeo", "Vimeo"),
                    ("file", "A file of our own"),
                    ("drawn", "A stretch, drawn"),
                ),
            ),
            Part("ref", "Its number there, or the name of our own video", hint="Our own are under Media, Videos."),
            Part("title", "Title", most=150),
            Part("caption", "Caption", rows=2, most=300),
            Part("duration", "Length, such as 3:20"),
            Part("transcript", "All that is said in it", Shape.MARKDOWN, rows=5),
            Part("reviewed", "Reviewed on"),
        ),
        record="video",
        hint="Optional. Loaded only after a click. The line ::video puts it there in the text.",
    ),
    Section(
        "How sure is this?",
        (
            Part("evidence", "What is known, and how well", hint="Optional.", rows=4, most=1000),
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
    ("picture", "Picture", ""),
    ("figure", "Figure", ""),
    ("callout", "Call-out", ""),
    ("note", "Footnote", ""),
    ("help", "Help", ""),
)
SECTIONS = tuple(one for one in PAGE if isinstance(one, Section))
LISTS = {one.name: one for one in PAGE if isinstance(one, Repeated)}
