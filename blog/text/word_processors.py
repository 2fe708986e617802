"""What word processors hide in styles and classes becomes elements: bold, lists, notes; what only they need goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

COMMENTS = "comments of the word processor"
CONTENTS = "the table of contents (the page has its own)"
DELETED = "text that was marked as deleted"
UNDERLINED = "underlining"

_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_MARK = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_LIST = re.compile(r"mso-list:\s*(l\d+)\s+level(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\(?([0-9]{1,4}|[a-z]{1,4}|[A-Z]{1,4})[.)]\Z")
_TYPED_POINT = re.compile(r"[\s\u00a0]*[•▪◦‣●○■]\s*")
_NOTE = re.compile(r"#(?:_ftn|_edn|ftnt|sdfootnote|sdendnote|footnote-|endnote-)(\d+)(?:sym)?\Z")
_BACK = re.compile(r"#(?:_ftnref|_ednref|ftnt_ref|footnote-ref-|endnote-ref-)(\d+)\Z|#sd(?:foot|end)note(\d+)anc\Z")
_NOTE_ID = re.compile(r"(?:ftn|edn|sdfootnote|sdendnote|footnote-|endnote-)\d+\Z")


def unravel(soup: BeautifulSoup, lost: Counter[str]) -> None:
    """Bring the tree into plain HTML; `lost` counts what goes."""
    _drop_what_programs_need(soup, lost)
    _make_lists(soup)
    _make_lists_of_typed_points(soup)
    _make_notes(soup)
    _make_marks(soup, lost)
    for title in soup.find_all("p", class_="MsoTitle"):
        title.name = "h1"


def is_blank(node: object) -> bool:
    """Text that shows nothing."""
    return isinstance(node, NavigableString) and not node.strip(" \t\r\n\u00a0\u200b\ufeff")


def style_of(tag: Tag) -> dict[str, str]:
    """What its style declares, in small letters."""
    return dict(_DECLARATION.findall(str(tag.get("style") or "").lower()))


def _drop_what_programs_need(soup: BeautifulSoup, lost: Counter[str]) -> None:
    for tag in soup.find_all(True):
        if tag.decomposed:
            continue
        style, classes = str(tag.get("style") or ""), " ".join(tag.get("class") or ())
        if "mso-element:comment-list" in style or "MsoCommentReference" in classes:
            lost[COMMENTS] += 1
            tag.decompose()
        elif re.search(r"\bMsoToc\d", classes):
            lost[CONTENTS] += 1
            tag.decompose()
        elif tag.name == "del" and (tag.get("cite") or tag.get("datetime")):
            lost[DELETED] += 1
            tag.decompose()
        elif "mso-element:footnote-list" in style or "mso-element:endnote-list" in style:
            for one in tag.find_all(["br", "hr"], recursive=False):
                one.decompose()
        elif "Apple-interchange-newline" in classes:
            tag.decompose()
        elif tag.name in ("b", "strong") and style_of(tag).get("font-weight") in ("normal", "400"):
            tag.unwrap()


def _make_lists(soup: BeautifulSoup) -> None:
    """Paragraphs that Word shows as items: runs of them become lists, deeper ones inside the item before."""
    for run in _runs(soup, lambda tag: tag.name == "p" and _LIST.search(str(tag.get("style") or "")) is not None):
        open_lists: list[tuple[int, str, Tag]] = []  # level, the list's name at Word, the list
        for paragraph in run:
            name, level = _LIST.search(str(paragraph["style"])).groups()  # type: ignore[union-attr]
            mark = _taken_mark(paragraph)
            while open_lists and open_lists[-1][0] > int(level):
                open_lists.pop()
            if open_lists and open_lists[-1][0] == int(level) and open_lists[-1][1] != name:
                open_lists.pop()
            if not open_lists or open_lists[-1][0] < int(level):
                made = _new_list(soup, mark)
                if open_lists:
                    open_lists[-1][2].find_all("li", recursive=False)[-1].append(made)
                else:
                    paragraph.insert_before(made)
                open_lists.append((int(level), name, made))
            entry = soup.new_tag("li")
            open_lists[-1][2].append(entry)
            entry.append(paragraph.extract())


def _taken_mark(paragraph: Tag) -> str:
    """The sign or number before an item, taken out of it."""
    marks = paragraph.find_all("span", style=_MARK)
    text = marks[0].get_text().strip(" \u00a0\t\r\n") if marks else ""
    for mark in marks:
        mark.decompose()
    return text


def _new_list(soup: BeautifulSoup, mark: str) -> Tag:
    number = _NUMBER.match(mark)
    made = soup.new_tag("ol" if number else "ul")
    if number and number[1].isdigit() and number[1] != "1":
        made["start"] = number[1]
    return made


def _make_lists_of_typed_points(soup: BeautifulSoup) -> None:
    """Two paragraphs or more that begin with a point."""
    for run in _runs(soup, lambda tag: tag.name == "p" and _TYPED_POINT.match(tag.get_text()) is not None):
        if len(run) < 2:
            continue
        made = soup.new_tag("ul")
        run[0].insert_before(made)
        for paragraph in run:
            first = next(text for text in paragraph.find_all(string=True) if not is_blank(text))
            first.replace_with(NavigableString(_TYPED_POINT.sub("", str(first), count=1)))
            entry = soup.new_tag("li")
            made.append(entry)
            entry.append(paragraph.extract())


def _runs(soup: BeautifulSoup, belongs: Callable[[Tag], bool]) -> Iterator[list[Tag]]:
    """Elements that belong together and stand side by side."""
    run: list[Tag] = []
    for tag in soup.find_all("p"):
        if not belongs(tag):
            continue
        if run and _next_element(run[-1]) is not tag:
            yield run
            run = []
        run.append(tag)
    if run:
        yield run


def _next_element(tag: Tag) -> object:
    after = tag.next_sibling
    while is_blank(after):
        after = after.next_sibling  # type: ignore[union-attr]
    return after


def _make_notes(soup: BeautifulSoup) -> None:
    """A link to a note and the note at the end become <noteref> and <note>; one without the other stays as it is."""
    backs = {number: link for link in soup.find_all("a") if (number := _number(_BACK, link))}
    seen = set()
    for link in soup.find_all("a"):
        number = _number(_NOTE, link)
        if number not in backs:
            continue
        reference = soup.new_tag("noteref")
        reference.string = number
        (link.parent if link.parent and link.parent.name == "sup" else link).replace_with(reference)
        seen.add(number)
    for number, back in backs.items():
        if number in seen:
            soup.append(_note(soup, number, back))


def _note(soup: BeautifulSoup, number: str, back: Tag) -> Tag:
    """The note whose way back is `back`, taken out of where it stands."""
    around = back.find_parent(id=_NOTE_ID) or back.find_parent("p") or back.parent or back
    back.decompose()
    note = soup.new_tag("note", number=number)
    paragraphs = around.find_all("p") or [around]
    for paragraph in paragraphs:
        for child in list(paragraph.children):
            note.append(child.extract())
        note.append(" ")
    around.decompose()
    return note


def _number(pattern: re.Pattern[str], link: Tag) -> str:
    match = pattern.search(str(link.get("href") or ""))
    return next((one for one in match.groups() if one), "") if match else ""


def _make_marks(soup: BeautifulSoup, lost: Counter[str]) -> None:
    """Bold, slanted and struck through by style become elements, under their usual names."""
    for tag in soup.find_all(["span", "font", "ins", "u"]):
        style = style_of(tag)
        decoration = style.get("text-decoration", "") + style.get("text-decoration-line", "")
        is_link = tag.find_parent("a") is not None or tag.find("a") is not None
        if (tag.name == "u" or "underline" in decoration) and not is_link and tag.get_text().strip():
            lost[UNDERLINED] += 1
        for name in _marks_of(style, decoration):
            inner = soup.new_tag(name)
            for child in list(tag.children):
                inner.append(child.extract())
            tag.append(inner)
        tag.unwrap()
    for name, usual in (("b", "strong"), ("i", "em"), ("strike", "s"), ("del", "s")):
        for tag in soup.find_all(name):
            tag.name = usual


def _marks_of(style: dict[str, str], decoration: str) -> Iterator[str]:
    weight = style.get("font-weight", "").strip()
    if weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600):
        yield "strong"
    if style.get("font-style", "").strip() in ("italic", "oblique"):
        yield "em"
    if "line-through" in decoration:
        yield "s"
    place = style.get("vertical-align", "").strip()
    if place in ("super", "sub"):
        yield {"super": "sup", "sub": "sub"}[place]
