"""Plain HTML in the order that Markdown can say: blocks hold blocks, headings follow each other, tables are even."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from blog.text.markdown import ARTICLE_LINK, TABLE_MAX_COLUMNS
from blog.text.word_processors import is_blank

PICTURE = "picture"
LINKS = "links that work only where they came from"
MERGED = "the merging of cells in a table"
MOST_PICTURES = 20
MOST_COLUMNS = 4 * TABLE_MAX_COLUMNS  # that merged cells may reach

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_BLOCKS = frozenset(
    [
        *_HEADINGS,
        "blockquote",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "hr",
        "li",
        "note",
        "ol",
        "p",
        "placed",
        "pre",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_INLINE_MARKS = ["strong", "em", "s"]
_DEEPEST = 4  # level of headings
_SMALL = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SPACES = re.compile(r"[\u00a0\u2007\u202f]")
_UNSEEN = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_EMOJI_CHARS = 4


@dataclass(frozen=True)
class Placed:
    """A picture in the text: its figure's name, its words, its number among those that were found."""

    id: str
    alt: str
    number: int


def put_in_order(soup: BeautifulSoup, lost: Counter[str], pictures: Sequence[bytes], stem: str) -> list[Placed]:
    """Change the tree; `lost` counts what goes. The pictures that are placed now, in their order."""
    _even_out_text(soup)
    placed = _place_pictures(soup, lost, len(pictures), stem)
    _mend_links(soup, lost)
    _mend_tables(soup, lost)
    _mend_lists(soup)
    _mend_terms(soup)
    _wrap_loose_text(soup)
    _mend_headings(soup)
    _mend_marks(soup)
    _mend_breaks(soup)
    _drop_empty(soup)
    return placed


def _even_out_text(soup: BeautifulSoup) -> None:
    for text in soup.find_all(string=True):
        even = _UNSEEN.sub("", _SPACES.sub(" ", str(text)))
        if even != text:
            text.replace_with(NavigableString(even))
    for tag in soup.find_all(["cite", "var", "tt", "kbd", "samp"]):
        if tag.name in ("cite", "var"):
            tag.unwrap()
        else:
            tag.name = "code"
    for tag in soup.find_all(["sub", "sup"]):
        words = tag.get_text()
        signs = _SMALL if tag.name == "sub" else _RAISED
        if words and all(ord(sign) in signs for sign in words):
            tag.string = words.translate(signs)
        tag.unwrap()


def _place_pictures(soup: BeautifulSoup, lost: Counter[str], most: int, stem: str) -> list[Placed]:
    """A picture that came along stands behind the block in which it was; another is lost, unless it is a mere sign."""
    placed: list[Placed] = []
    ends: dict[int, Tag] = {}  # of a block: what was put behind it last
    for image in soup.find_all("img"):
        source, alt = str(image.get("src") or ""), str(image.get("alt") or "").strip()
        number = source.removeprefix("picture:")
        if source.startswith("picture:") and number.isdigit() and int(number) < most and len(placed) < MOST_PICTURES:
            one = Placed(f"{stem}-{len(placed) + 1}", alt, int(number))
            placed.append(one)
            block = _outermost(image)
            sign = soup.new_tag("placed", id=one.id)
            ends.get(id(block), block).insert_after(sign)
            ends[id(block)] = sign
        elif 0 < len(alt) <= _EMOJI_CHARS and not alt.isascii():
            image.insert_after(alt)
        else:
            lost[PICTURE] += 1
        image.decompose() if image is not _outermost(image) else image.extract()
    return placed


def _outermost(tag: Tag) -> Tag:
    """The block around it that lies in no other but <div>."""
    around = [one for one in tag.parents if isinstance(one, Tag) and one.name in _BLOCKS - {"div", "figure"}]
    return around[-1] if around else tag


def _mend_links(soup: BeautifulSoup, lost: Counter[str]) -> None:
    for link in soup.find_all("a"):
        typed = str(link.get("href") or "")
        address = _address(typed)
        if not link.get_text().strip():
            link.unwrap()
        elif address:
            link["href"] = address
        else:
            if typed and not typed.startswith("#"):
                lost[LINKS] += 1
            link.unwrap()


def _address(typed: str) -> str:
    """Where a link leads, as our dialect takes it; nothing if it leads nowhere from here."""
    address = typed.strip()
    parts = _parts(address)
    if parts and parts.hostname in ("www.google.com", "google.com") and parts.path == "/url":
        address = (parse_qs(parts.query).get("q") or [""])[0]
    address = quote(address, safe="!#$%&'*+,/:;=?@[]~").replace("(", "%28").replace(")", "%29")
    return address if ARTICLE_LINK.match(address) and address[:1] not in "/#" else ""


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _mend_tables(soup: BeautifulSoup, lost: Counter[str]) -> None:
    """Rows of equal length, each cell one line; a table of one column or row only lays out, and goes."""
    for table in reversed(soup.find_all("table")):  # the inner ones first
        for caption in table.find_all("caption"):
            caption.name = "p"
            table.insert_before(caption.extract())
        for part in table.find_all(["thead", "tbody", "tfoot"]):
            part.unwrap()
        rows = [list(row.find_all(["td", "th"], recursive=False)) for row in table.find_all("tr")]
        is_inner = table.find_parent(["td", "th", "li"]) is not None
        if is_inner or len(rows) < 2 or max(map(len, rows), default=0) < 2:
            for tag in [table, *table.find_all(["tr", "td", "th"])]:
                tag.name = "div"
            continue
        _even_out_rows(soup, rows, lost)


def _even_out_rows(soup: BeautifulSoup, rows: list[list[Tag]], lost: Counter[str]) -> None:
    grid: list[dict[int, Tag | None]] = [{} for _ in rows]
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in grid[number]:
                column += 1
            across, down = (_span(cell, name) for name in ("colspan", "rowspan"))
            if (across, down) != (1, 1):
                lost[MERGED] += 1
                del cell["colspan"], cell["rowspan"]
            if column + across > MOST_COLUMNS:
                across = down = 1
            for below in range(number, min(number + down, len(rows))):
                grid[below] |= dict.fromkeys(range(column, column + across))
            grid[number][column] = cell
    wide = max(max(cells) for cells in grid if cells) + 1
    for table_row, cells in zip([row[0].parent if row else None for row in rows], grid, strict=True):
        if table_row is None:
            continue
        table_row.clear()
        for column in range(wide):
            cell = cells.get(column) or soup.new_tag("td")
            _make_one_line(soup, cell)
            table_row.append(cell)
    for cell in [cell for row in rows[:1] for cell in row]:
        for bold in cell.find_all("strong"):
            bold.unwrap()


def _span(cell: Tag, name: str) -> int:
    typed = str(cell.get(name) or "1")
    return min(max(int(typed), 1), TABLE_MAX_COLUMNS) if typed.isdigit() and len(typed) < 4 else 1


def _make_one_line(soup: BeautifulSoup, cell: Tag) -> None:
    """What stood in blocks is parted by line breaks."""
    for item in cell.find_all("li"):
        item.insert(0, "• ")
    for block in cell.find_all(lambda tag: tag.name in _BLOCKS):
        block.insert_before(soup.new_tag("br"))
        block.insert_after(soup.new_tag("br"))
        block.unwrap() if block.name != "hr" else block.decompose()
    previous: Tag | None = None
    for child in list(cell.children):
        if is_blank(child) and (previous is None or previous.name == "br"):
            child.extract()
        elif isinstance(child, Tag) and child.name == "br" and (previous is None or previous.name == "br"):
            child.decompose()
        else:
            previous = child if isinstance(child, Tag) else soup.new_tag("text")
    while cell.contents and (is_blank(cell.contents[-1]) or getattr(cell.contents[-1], "name", "") == "br"):
        cell.contents[-1].extract()


def _mend_lists(soup: BeautifulSoup) -> None:
    """A list that stands right in a list belongs to the item before it; items outside of lists are paragraphs."""
    for inner in soup.find_all(["ul", "ol"]):
        around = inner.parent
        if around is None or around.name not in ("ul", "ol"):
            continue
        before = inner.find_previous_sibling("li")
        if before is None:
            before = soup.new_tag("li")
            inner.insert_before(before)
        before.append(inner.extract())
    for item in soup.find_all("li"):
        if item.parent is None or item.parent.name not in ("ul", "ol"):
            item.name = "div"
    for found in soup.find_all(["ul", "ol"]):
        for child in list(found.children):
            if not isinstance(child, Tag):
                child.extract() if is_blank(child) else child.wrap(soup.new_tag("li"))
            elif child.name != "li":
                child.wrap(soup.new_tag("li"))


def _mend_terms(soup: BeautifulSoup) -> None:
    for term in soup.find_all("dt"):
        term.name = "p"
        inner = soup.new_tag("strong")
        for child in list(term.children):
            inner.append(child.extract())
        term.append(inner)
    for tag in soup.find_all(["dl", "dd", "figure", "figcaption"]):
        tag.name = "div"


def _wrap_loose_text(soup: BeautifulSoup) -> None:
    """Text beside blocks becomes a paragraph, and what only holds others goes."""
    for outer in [soup, *soup.find_all(["div", "blockquote", "li"])]:
        run: list[PageElement] = []
        for child in [*outer.children, None]:
            if child is not None and not (isinstance(child, Tag) and _holds_blocks(child)):
                run.append(child)
                continue
            if any(not is_blank(one) and getattr(one, "name", "") != "br" for one in run):
                paragraph = soup.new_tag("p")
                run[0].insert_before(paragraph)
                for one in run:
                    paragraph.append(one.extract())
            else:
                for one in run:
                    one.extract()
            run = []
    for tag in soup.find_all("div"):
        tag.unwrap()
    for mark in soup.find_all([*_INLINE_MARKS, "a"]):
        if any(isinstance(child, Tag) and child.name in _BLOCKS for child in mark.descendants):
            mark.unwrap()
    for paragraph in soup.find_all("p"):
        if any(isinstance(child, Tag) and child.name in _BLOCKS for child in paragraph.children):
            paragraph.unwrap()


def _holds_blocks(tag: Tag) -> bool:
    return tag.name in _BLOCKS or tag.find(lambda inner: inner.name in _BLOCKS) is not None


def _mend_headings(soup: BeautifulSoup) -> None:
    """The highest becomes the second level, none is skipped; inside of something else they are bold lines."""
    for heading in soup.find_all(_HEADINGS):
        for mark in heading.find_all([*_INLINE_MARKS, "br"]):
            mark.replace_with(" ") if mark.name == "br" else mark.unwrap()
        if not heading.get_text().strip():
            heading.decompose()
        elif heading.find_parent(["li", "td", "th", "blockquote", "note"]):
            heading.name = "strong"
            heading.wrap(soup.new_tag("p"))
    found = soup.find_all(_HEADINGS)
    top = min((int(heading.name[1]) for heading in found), default=1)
    above = 1
    for heading in found:
        above = min(int(heading.name[1]) - top + 2, above + 1, _DEEPEST)
        heading.name = f"h{above}"


def _mend_marks(soup: BeautifulSoup) -> None:
    """Neighbours become one; blanks and closing signs stand outside, as Markdown needs them."""
    for mark in soup.find_all(_INLINE_MARKS):
        if mark.decomposed or mark.parent is None:
            continue
        if mark.find_parent(mark.name) or not mark.get_text().strip():
            mark.unwrap()
            continue
        while isinstance(after := mark.next_sibling, Tag) and after.name == mark.name:
            for child in list(after.children):
                mark.append(child.extract())
            after.decompose()
    for text in soup.find_all(string=True):
        if not text.parent:
            text.extract()
    soup.smooth()
    for mark in soup.find_all(_INLINE_MARKS):
        _move_signs_out(mark)


def _move_signs_out(mark: Tag) -> None:
    """`**Note:**rest` is no bold text in Markdown: the colon goes behind the mark."""
    after, last = mark.next_sibling, mark.contents[-1] if mark.contents else None
    if isinstance(last, NavigableString) and isinstance(after, NavigableString) and after[:1].isalnum():
        bare = re.sub(r"[^\w\s]+\Z", "", str(last))
        if bare.strip() and bare != last:
            after.replace_with(NavigableString(str(last)[len(bare) :] + str(after)))
            last.replace_with(NavigableString(bare))
    before, first = mark.previous_sibling, mark.contents[0] if mark.contents else None
    if isinstance(first, NavigableString) and isinstance(before, NavigableString) and before[-1:].isalnum():
        bare = re.sub(r"\A[^\w\s]+", "", str(first))
        if bare.strip() and bare != first:
            before.replace_with(NavigableString(str(before) + str(first)[: len(first) - len(bare)]))
            first.replace_with(NavigableString(bare))


def _mend_breaks(soup: BeautifulSoup) -> None:
    """Two line breaks part paragraphs; one at an edge does nothing."""
    for paragraph in soup.find_all("p"):
        pieces: list[list[PageElement]] = [[]]
        breaks = 0
        for child in list(paragraph.children):
            if isinstance(child, Tag) and child.name == "br":
                breaks += 1
            elif not is_blank(child) or not breaks:
                if breaks > 1:
                    pieces.append([])
                elif breaks and pieces[-1]:
                    pieces[-1].append(soup.new_tag("br"))
                breaks = 0
                pieces[-1].append(child)
        for piece in pieces:
            part = soup.new_tag("p")
            paragraph.insert_before(part)
            for one in piece:
                part.append(one.extract())
        paragraph.decompose()


def _drop_empty(soup: BeautifulSoup) -> None:
    for tag in reversed(soup.find_all(["p", "li", "ul", "ol", "blockquote", "pre", "table", "code", *_INLINE_MARKS])):
        if not tag.get_text().strip() and tag.find(["placed", "hr"]) is None:
            tag.decompose()
    for rule in soup.find_all("hr"):
        after = [one for one in rule.next_siblings if not is_blank(one)]
        before = [one for one in rule.previous_siblings if not is_blank(one)]
        if not before or all(getattr(one, "name", "") in ("note", "hr") for one in after):
            rule.decompose()
