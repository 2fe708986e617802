"""Untrusted text becomes safe HTML, quickly, and looks as its writer meant it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from bleach import html5lib_shim
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import text as module
from blog.text import (
    COMMENT_MAX_CHARS,
    Problem,
    Rendered,
    article_html,
    clean_line,
    clean_text,
    comment_html,
    excerpt,
    plain,
    render_inline,
)

# Written out again on purpose: a tag that slips into the module's list must fail here.
COMMENT_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
COMMENT_ATTRIBUTES = {("a", "href"), ("a", "rel"), ("ol", "start")}
INLINE_TAGS = {"em", "strong", "code", "a"}
ARTICLE_TAGS = COMMENT_TAGS | {
    "s", "hr", "h2", "h3", "h4", "aside", "div", "section", "sup",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ARTICLE_ATTRIBUTES = COMMENT_ATTRIBUTES | {
    ("a", "id"), ("a", "class"), ("a", "aria-label"), ("h2", "id"), ("h3", "id"), ("h4", "id"),
    ("li", "id"), ("p", "class"), ("aside", "class"), ("aside", "aria-label"), ("div", "class"),
    ("div", "tabindex"), ("div", "role"), ("div", "aria-label"), ("th", "class"), ("th", "scope"),
    ("td", "class"), ("sup", "class"),
    ("section", "class"), ("section", "aria-label"),
}  # fmt: skip
CLASSES = {
    "align-left", "align-center", "align-right", "table-scroll", "callout callout--note",
    "callout callout--care",
    "callout__title", "footnotes", "footnotes__back", "footnote-ref",
}  # fmt: skip
HTML_MAX_CHARS = 10 * COMMENT_MAX_CHARS
ARTICLE_MAX_CHARS = 40 * COMMENT_MAX_CHARS  # each reference to a note is a link there and a link back


# --- Reading HTML as a browser does -------------------------------------------------------------------


def elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element a browser would make of `html`: its tag and attributes."""
    parser = html5lib_shim.HTMLParser(namespaceHTMLElements=False)
    for element in parser.parseFragment(html).iter():
        if element.tag != "DOCUMENT_FRAGMENT":
            yield str(element.tag), dict(element.attrib)


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and tag == self.open.pop()


def assert_balanced(html: str) -> None:
    parser = _Balance()
    parser.feed(html)
    parser.close()
    assert [] == parser.open


def assert_safe_comment(html: str) -> None:
    for tag, attributes in elements(html):
        assert tag in COMMENT_TAGS
        assert {(tag, name) for name in attributes} <= COMMENT_ATTRIBUTES
        if tag == "a" and "href" in attributes:
            assert attributes["href"].lower().startswith(("http://", "https://"))
            assert "ugc nofollow noopener" == attributes["rel"]
    assert_balanced(html)
    assert html == module._sanitise_comment(html)


def assert_safe_article(rendered: Rendered) -> None:
    for kind, value in rendered.parts:
        if kind != "html":
            assert kind in ("figure", "video")
            continue
        for tag, attributes in elements(value):
            assert tag in ARTICLE_TAGS
            assert {(tag, name) for name in attributes} <= ARTICLE_ATTRIBUTES
            assert attributes.get("class") in {None, *CLASSES}
            assert attributes.get("href", "/").lower().startswith(("http://", "https://", "/", "#", "mailto:", "tel:"))
            assert not attributes.get("href", "/").startswith(("//", "/\\"))
        assert_balanced(value)
        assert value == module._sanitise_article(value)


def html_of(rendered: Rendered) -> str:
    return "\n".join(value for kind, value in rendered.parts if kind == "html")


def messages(rendered: Rendered) -> list[str]:
    return [problem.message for problem in rendered.problems]


# --- Attacks ------------------------------------------------------------------------------------------

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61vascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\u200bjavascript:alert(1))",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](//x.example)",
    "[x](/\\x.example)",
    "[x](https:///x.example)",
    "[x](https://bank.example@x.example)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    "![x](https://x.example/pixel.gif)",
    '![x](https://x.example/"onerror="alert(1))',
    '[x](https://x.example "onmouseover=alert(1) x=\\"")',
    '[x](https://x.example/"onmouseover="alert(1))',
    "[x](https://x.example/'onmouseover='alert(1))",
    "[x](https://x.example/`onmouseover=alert(1))",
    "[x](https://x.example/?a=&quot;&gt;&lt;script&gt;)",
    "[<script>alert(1)</script>](https://x.example)",
    "[a <https://x.example> b](https://y.example)",
    "`<script>alert(1)</script>`",
    '```"><script>alert(1)</script>\nx\n```',
    "```x onmouseover=alert(1)\nx\n```",
    "</p></div></main><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=/desk/decisions method=post><button name=verdict value=approve>",
    "<p style='position:fixed;inset:0' class=callout hx-get=/ id=main>x</p>",
    "<textarea></textarea><style>@import 'x'</style><link rel=stylesheet href=x><base href=//x.example>",
    "# x {onclick=alert(1)}",
    "[x]: javascript:alert(1)\n\n[x]",
    "| a |\n|:-:|\n| <img src=x onerror=alert(1)> |",
    ':::note "><img src=x onerror=alert(1)>\nx\n:::',
    ":::note &quot;&gt;&lt;img src=x onerror=alert(1)&gt;\nx\n:::",
    "::figure x\"><script>alert(1)</script>",
    '| "><img src=x onerror=alert(1)> |\n|---|\n| 1 |',
    'x[^"><img src=x onerror=alert(1)>]\n\n[^"><img]: y',
    'x[^1"onclick="a]\n\n[^1"onclick="a]: y',
    '## "><img src=x onerror=alert(1)>',
    f"[x](https://x.example/?a=&#{'9' * 4500};)",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_comment_stays_safe(attack: str) -> None:
    """
    Nothing but the allowed tags, attributes and schemes comes out of a comment.
    """
    assert_safe_comment(comment_html(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_article_stays_safe(attack: str) -> None:
    """
    Authors are not trusted with HTML either.
    """
    assert_safe_article(article_html(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_line_stays_safe(attack: str) -> None:
    """
    A caption holds emphasis, code and links, whatever is written in it.
    """
    html = render_inline(attack)

    assert {tag for tag, _ in elements(html)} <= INLINE_TAGS
    assert {name for _, attributes in elements(html) for name in attributes} <= {"href", "rel"}
    assert html == module._sanitise_inline(html)


DIRTY = [
    "<script>x</script>",
    "<p title=x lang=de onclick=x style=x class=x id=x hidden>x</p>",
    "<a href=javascript:x>x</a>",
    "<a href=/x rel=x target=_blank class=x>x</a>",
    "<a href='https://x.example' rel='opener'>x</a>",
    "<div role=alert tabindex=1 class=modal aria-label=x>x</div>",
    "<aside role=region tabindex=0 class='callout callout--x'>x</aside>",
    "<img src=x><svg><a href=/x>x</a></svg><h1>x</h1><h5>x</h5>",
    "<td class=x scope=row style='text-align:right'>x</td>",
    "<input name=x><button>x</button><video src=x></video>",
]


@pytest.mark.parametrize("rules", [module.COMMENT_RULES, module.INLINE_RULES, module.ARTICLE_RULES])
@pytest.mark.parametrize("dirty", DIRTY)
def test_each_sanitiser_alone_is_enough(rules: module.Rules, dirty: str) -> None:
    """
    bleach and nh3 hold the same list: neither leans on the other or on the parser.
    """
    sanitiser = module._Sanitiser(rules)
    for clean in (sanitiser.bleach.clean, sanitiser.nh3.clean):
        for tag, attributes in elements(clean(dirty)):
            assert tag in rules.tags
            for name, value in attributes.items():
                assert rules.allows(tag, name, value)
                assert value == "x" if name == "aria-label" else value in {"/x", "https://x.example", "x"}
                assert value != "x" or name in {"aria-label", "id"}


@pytest.mark.parametrize("rules", [module.COMMENT_RULES, module.INLINE_RULES, module.ARTICLE_RULES])
def test_each_sanitiser_keeps_what_is_allowed(rules: module.Rules) -> None:
    """
    What one of them lets through, the other does not take away.
    """
    sanitiser = module._Sanitiser(rules)
    for tag, allowed in rules.tags.items():
        for name, values in allowed.items():
            for value in values or {"https://x.example"}:
                html = f'<{tag} {name}="{value}">'
                html = f"<table><tbody><tr>{html}</tr></tbody></table>" if tag in ("td", "th") else html
                for clean in (sanitiser.bleach.clean, sanitiser.nh3.clean):
                    assert (tag, {name: value}) in list(elements(clean(html)))


def test_works_in_threads() -> None:
    """
    bleach keeps state as it works, so each thread has its own; the output never mixes.
    """
    texts = [f"*{n}* > <b> [x](https://x.example/{n})\n\n- {n}" * 10 for n in range(40)]
    expected = [comment_html(text) for text in texts]

    with ThreadPoolExecutor(8) as pool:
        assert expected == list(pool.map(comment_html, texts))


# --- Nasty texts --------------------------------------------------------------------------------------


def filled(unit: str, ending: str = "") -> str:
    return (unit * COMMENT_MAX_CHARS)[: COMMENT_MAX_CHARS - len(ending)] + ending


FOREIGN = "é漢ا😀\u0301\u0489\u200b\u200d\u202e\u2028\x00\xa0\ufdfa"
NASTY = {
    **{f"only {unit!r}": filled(unit) for unit in "*_`~<>&[]()!#-+=|:\\\"'^.1a \n\t"},
    **{f"only U+{ord(unit):04X}": filled(unit) for unit in FOREIGN},
    "quotes, deep": filled("> ", "x"),
    "quotes without spaces": filled(">", "x"),
    "quotes, separate": filled("> a\n\n"),
    "quotes, ever deeper": "\n".join(">" * n + " a" for n in range(1, 98)),
    "quotes, deep on every line": filled("> > > > > > > > a\n"),
    "bullets, deep": filled("- ", "x"),
    "bullets, deep on every line": filled("- - - - - - a\n"),
    "bullets, ever deeper": "\n".join("  " * n + "- a" for n in range(68)),
    "bullets, empty": filled("-\n"),
    "bullets, separate": filled("- a\n\n* a\n\n"),
    "numbers, deep": filled("1. ", "x"),
    "numbers, empty": filled("1)\n"),
    "numbers, ever deeper": "\n".join("   " * n + "1. a" for n in range(50)),
    "quotes and bullets": filled("> - ", "x"),
    "quotes and numbers": filled(">1) ", "x"),
    "emphasis": filled("*a*"),
    "emphasis, open": filled("*a "),
    "emphasis, closed": filled("a* "),
    "emphasis, strong open": filled("**a"),
    "emphasis, mixed": filled("*a_ "),
    "emphasis, crossed": filled("*a **b* c** _d_ "),
    "emphasis, nested": "*a " * 1250 + "a*" * 600,
    "emphasis, tight": filled("a**b"),
    "code": filled("`a`"),
    "code, uneven": filled("`a``b```c"),
    "code, every length": " ".join("`" * n for n in range(1, 98)),
    "fences": filled("```\n"),
    "fence, open": filled("```\n<\n"),
    "brackets, nested": "[" * 2500 + "]" * 2500,
    "brackets, pairs": filled("[]"),
    "brackets and parentheses": filled("]("),
    "links": filled("[a](http://b)"),
    "links, nested": "[" * 350 + "a" + "](http://b)" * 420,
    "links, empty": filled("[]()"),
    "links, open": filled("[a](http://b"),
    "links, open in brackets": filled("[a](<b"),
    "links, parentheses": "[a](http://b" + "(" * 2400 + ")" * 2400,
    "links, long": "[a](http://" + "é" * 4980 + ")",
    "links, percent": filled("[a](http://b/%"),
    "links, titles": filled('[a](http://b "'),
    "links with emphasis": filled("[*a*](http://b)"),
    "links with code": filled("[`](http://b)`"),
    "autolinks": filled("<http://a>"),
    "autolinks, open": filled("<http://a"),
    "autolinks, foreign": filled("<http://éa>"),
    "autolinks, mail": filled("<a@b.c>"),
    "images": filled("![a](http://b)"),
    "images, nested": "![" * 700 + "a" + "](http://b)" * 320,
    "images, open": filled("!["),
    "entities": filled("&amp;"),
    "entities, numeric": filled("&#1234;"),
    "entities, bidi": filled("&#x202e;"),
    "entities, long": "&#" + "9" * 4990 + ";",
    "entity in a link": "[a](http://b/?&#" + "9" * 4970 + ";)",
    "entities in a link": "[a](http://b/?" + "&amp;lt;" * 600 + ")",
    "tags": filled("<b>"),
    "tags, open": filled("<a href='"),
    "tags, closed": filled("</p>"),
    "comments": filled("<!--"),
    "tags and entities": filled("<&"),
    "lines": filled("a\n"),
    "lines, indented": filled("    a\n\n"),
    "paragraphs": filled("a\n\n"),
    "rules": filled("* * *\n"),
    "rules, one": filled("- "),
    "headings": filled("# a\n"),
    "headings, underlined": filled("a\n=\n"),
    "references": filled("[a]: b\n"),
    "tables": filled("|a|b|\n|-|-|\n"),
    "table, wide": "|" + "a|" * 800 + "\n|" + "-|" * 800 + "\n" + "|a\n" * 500,
    "notes": filled("[^a]"),
    "notes, nested": filled("[^a]: "),
    "call-outs": filled(":::note\n"),
    "call-outs, closed": filled(":::\n"),
    "directives": filled("::figure a\n"),
    "backslashes and stars": filled("\\*"),
    "zalgo": filled("a" + "\u0301\u0316\u0334\u20e0" * 10),
    "zalgo, falling": filled("a" + "\u0345\u0301\u0327\u0334" * 200),
    "zalgo, Thai": filled("ก" + "\u0e47" * 50),
    "zalgo through joiners": filled("ب\u064b\u064c\u064d\u064e\u200c\u064b\u064c\u064d\u064e"),
    "zalgo in names of tags": filled("<\u0338a"),
    "marks first": filled("\u0300\u0301"),
    "Hangul parts": filled("\u1112\u1161\u11ab"),
    "bidi overrides": filled("\u202eabc\u202c "),
    "bidi isolates": filled("\u2067[a](http://b)\u2069"),
    "bidi marks": filled("\u200fא\u200e1"),
    "bidi, nested": "\u202a" * 2500 + "x" + "\u202c" * 2499,
    "bidi in code": filled("`\u202ea`"),
    "zero width in words": filled("a\u200bb\u2060"),
    "zero width in links": filled("[a](http\u200b://b)"),
    "zero width in stars": filled("*\u200ba\ufeff*"),
    "joiners": filled("\u200d\u200c"),
    "joiners between emoji": filled("👩\u200d"),
    "variation selectors": filled("❤\ufe0f\ufe0f"),
    "hidden tags": filled("a\U000e0041"),
    "word, huge": filled("Muskelschmerz"),
    "word, huge link": "https://x.example/" + "a" * 4900,
    "word, huge in emphasis": "*" + "a" * 4998 + "*",
    "word, huge in a list": "- " + "a" * 4998,
    "word, huge in code": "`" + "a" * 4998 + "`",
    "scripts mixed": filled("aаαא日ก한ा🙂 "),
    "scripts mixed, marked": filled("*日*_א_`ก` "),
    "scripts mixed, right to left links": filled("[א](https://א.example) "),
    "scripts mixed, wide": filled("ａ＊ｂ＊＜ｂ＞"),
    "scripts mixed, ligatures": filled("ﷺﬁ\U0001d160"),
    "surrogates": filled("\ud800a"),
    "controls": filled("\x01\x1b[31m\x08"),
    "line ends, all kinds": filled("a\r\n\u2028\x0b\x85"),
    "worst found, code and quotes": (")`a`<" * 999)[:3077] + ("\n\n\"&" * 1000)[:1923],
    "worst found, blocks": filled("a\n>1)\n<a@b.c>-\na*"),
    "worst found, a bit of all": filled("- *a* `b` <&\n> 1. **c** [d](http://e)\n\n"),
    "worst found, quotes and images": filled("> > > > > > aa\n\\![*"),
}  # fmt: skip


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_comment_survives(text: str) -> None:
    """
    Whatever 5,000 characters are, the HTML is safe, well formed and of bounded size.
    """
    html = comment_html(clean_text(text))

    assert_safe_comment(html)
    assert len(html) <= HTML_MAX_CHARS


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_article_survives(text: str) -> None:
    """
    The same holds for authors, whose texts are longer and whose Markdown is larger.
    """
    rendered = article_html(text)

    assert_safe_article(rendered)
    assert len(html_of(rendered)) <= ARTICLE_MAX_CHARS


MARKUP = st.lists(
    st.sampled_from(
        ["*", "**", "_", "`", "```", "[", "]", "](", ")", "<", ">", "http://a", "https://é", "![", "\n",
         "\n\n", "- ", "> ", "1. ", "    ", "&", "&lt;", "&#x202e;", "\\", "a", " ", "é", "\u0301", "\u200d",
         "\u202e", "😀", '"', "'", "|", "|-|\n", "# ", "---", "[^1]", "[^1]: ", "::figure a\n", ":::note\n", ":::",
         "javascript:", "\x00", "<b>", "</p>", "<!--", "\r", "\u2028", "~~", ";", "=", "/", "?"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.text() | MARKUP)
def test_any_comment_is_safe(text: str) -> None:
    """
    Only allowed tags and attributes; sanitising the result again changes nothing.
    """
    assert_safe_comment(comment_html(clean_text(text)))


@settings(max_examples=200, deadline=None)
@given(st.text() | MARKUP)
def test_any_article_is_safe(text: str) -> None:
    """
    Ids are unique besides.
    """
    rendered = article_html(text)

    assert_safe_article(rendered)
    ids = [attributes["id"] for _, attributes in elements(html_of(rendered)) if "id" in attributes]
    assert len(set(ids)) == len(ids)


@settings(max_examples=400, deadline=None)
@given(st.text() | MARKUP)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """
    What is stored can be cleaned again: it stays the same, in NFC, and can be written as UTF-8.
    """
    for clean in (clean_text, clean_line):
        once = clean(text)
        assert once == clean(once)
        assert once == unicodedata.normalize("NFC", once)
        once.encode()


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_plain_gives_back_the_words(text: str) -> None:
    """
    Text without markup comes out of its HTML as it went in, but for spaces and signs that are markup.
    """
    letters = "".join(c for c in clean_line(text) if c.isalpha())

    assert letters == plain(comment_html(letters))


# --- Cleaning -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  Ann \t\u3000 Lee \n", "Ann Lee"),
        ("A\r\nB\u2028C\x0bD\x85E", "A B C D E"),
        ("e\u0301", "é"),
        ("a\x00b\x1b\x7f\x9fc", "abc"),
        ("\u202eadmin\u202c \u2067x\u2069\u200f", "admin x"),
        ("a\u200bd\ufeffm\u2060i\u00adn\u034f", "admin"),
        ("\u3164\u115f\u2800", ""),
        ("a\ud800b", "ab"),
        ("a\ue000\ufdd0\U000e0041b", "ab"),
        ("a\u200db", "ab"),
        ("Z" + "\u0335" * 9, "Z" + "\u0335" * 4),
        ("ส" + "\u0e47" * 9, "ส" + "\u0e47" * 4),
        ("a" + "\u0344" * 4, "ä" + "\u0301\u0308" * 2),
        ("ب\u064b\u064c\u064d\u064e\u200c\u064f", "ب\u064b\u064c\u064d\u064e"),
        ("a\ufe0f", "a"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
        ("\u200d👩 \u200d 👩\u200d", "👩 👩"),
        ("می\u200c", "می"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),
        ("a\u200cم", "aم"),
    ],
)
def test_line_loses_what_is_hidden(dirty: str, clean: str) -> None:
    """
    No hidden, reordering, stacking or line-breaking character survives in a name.
    """
    assert clean == clean_line(dirty)


@pytest.mark.parametrize(
    "text",
    [
        "Łukasz O’Brien-Müller",
        "Nguyễn Thị Ánh",
        "می\u200cخواهم",
        "क्\u200dष",
        "ශ්\u200dරී",
        "👩\u200d⚕\ufe0f",
        "👨\u200d👩\u200d👧\u200d👦",
        "🙂\u200d↔\ufe0f",
        "🏳\ufe0f\u200d🌈",
        "👍🏽 1\ufe0f\u20e3",
        "葛\U000e0100",
        "မျှော့်",
        "שָׁלוֹם",
        "สวัสดี",
        "한국어",
        "؀١",
    ],
)  # fmt: skip
def test_line_keeps_what_is_spelled(text: str) -> None:
    """
    Names of all scripts and emoji stay whole.
    """
    assert unicodedata.normalize("NFC", text) == clean_line(text)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("a\n \n\t\n  \n\u200b\nb", "a\n\n\nb"),
        ("\n\na  \n b\t\n\n", "a\n b"),
        ("- a\n\t- b", "- a\n    - b"),
        ("    code", "    code"),
        ("a\x00\ud800b", "ab"),
        ("a\u2003b\xa0c", "a b\xa0c"),
    ],
)
def test_text_keeps_its_lines(dirty: str, clean: str) -> None:
    """
    A body keeps line breaks and indentation, and loses what cannot be seen.
    """
    assert clean == clean_text(dirty)


# --- Comments -----------------------------------------------------------------------------------------

REL = 'rel="ugc nofollow noopener"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("`a<b`", "<p><code>a&lt;b</code></p>"),
        ("```py\na<b\n```", "<pre><code>a&lt;b\n</code></pre>"),
        ("    a", "<pre><code>a\n</code></pre>"),
        ("[a](https://b.example/c)", f'<p><a href="https://b.example/c" {REL}>a</a></p>'),
        ("<http://b.example>", f'<p><a href="http://b.example" {REL}>http://b.example</a></p>'),
        ("", ""),
    ],
)
def test_comment_shows(text: str, html: str) -> None:
    """
    The subset works.
    """
    assert html == comment_html(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("&lt;b&gt; &amp; &", "<p>&amp;lt;b&amp;gt; &amp;amp; &amp;</p>"),
        ("# a", "<p># a</p>"),
        ("a\n===", "<p>a<br>\n===</p>"),
        ("---", "<p>---</p>"),
        ("|a|\n|-|\n|b|", "<p>|a|<br>\n|-|<br>\n|b|</p>"),
        ("![a *b*](https://c.example/d.png)", "<p>a b</p>"),
        ("[a](/b)", "<p>[a](/b)</p>"),
        ("[a](mailto:b@c.example)", "<p>[a](mailto:b@c.example)</p>"),
        ("<b@c.example>", "<p>&lt;b@c.example&gt;</p>"),
        ("https://b.example", "<p>https://b.example</p>"),
        ("[a]\n\n[a]: https://b.example", "<p>[a]</p>\n<p>[a]: https://b.example</p>"),
        ("~~a~~", "<p>~~a~~</p>"),
        ("&#x202e;a", "<p>&amp;#x202e;a</p>"),
        ('"a"', '<p>"a"</p>'),
    ],
)
def test_comment_shows_as_typed(text: str, html: str) -> None:
    """
    What is not in the subset is text, not lost.
    """
    assert html == comment_html(text)


def test_comment_cleans_its_text() -> None:
    """
    A caller that forgot clean_text does no harm.
    """
    assert "<p>admin</p>" == comment_html("\u202ead\u200bmin\x00")


def test_link_text_is_as_typed() -> None:
    """
    A decoded address could bring back a right-to-left override.
    """
    assert ">https://x.example/%E2%80%AEgpj</a>" in comment_html("<https://x.example/%E2%80%AEgpj>")


def test_link_shows_where_a_foreign_host_goes() -> None:
    """
    The address of a host that looks like another is spelled out in ASCII.
    """
    assert 'href="https://xn--' in comment_html("[bank](https://bаnk.example)")


def test_six_levels_nest() -> None:
    """
    Quotes in quotes stay quotes.
    """
    assert 6 == comment_html("> " * 6 + "a").count("<blockquote>")


def test_seventh_level_is_text() -> None:
    """
    Deeper markers are shown as typed, so that no word is lost.
    """
    html = comment_html("> " * 8 + "a")

    assert 6 == html.count("<blockquote>")
    assert "&gt; &gt; a" in html


def test_deepest_list_keeps_its_items() -> None:
    """
    The limit does not merge neighbours at the last level allowed.
    """
    deep = "".join("  " * n + "- a\n" for n in range(6)) + "  " * 5 + "- b"

    assert 7 == comment_html(deep).count("<li>")


def test_signs_that_are_no_markup_cost_nothing() -> None:
    """
    Somebody who is glad, or compares numbers, still gets links.
    """
    assert "<a " in comment_html("!" * 300 + " 1 < 2" * 300 + " [a](https://b.example)")


def test_lines_below_the_limit_break() -> None:
    """
    A long list of short lines is still a list of lines.
    """
    assert 249 == comment_html("a\n" * 250).count("<br>")


def test_lines_above_the_limit_join() -> None:
    """
    The last line takes the rest; no word is lost.
    """
    html = comment_html("\n".join(f"a{n}" for n in range(600)))

    assert 249 == html.count("<br>")
    assert "a599" in html


@pytest.mark.parametrize(
    ("unit", "tag", "most"),
    [
        ("*a* ", "<em>", 100),
        ("`a` ", "<code>", 60),
        ("[a](http://b)", "<a ", 100),
        ("> a\n\n", "<blockquote>", 60),
    ],
)
def test_ration_ends(unit: str, tag: str, most: int) -> None:
    """
    Markup up to the ration works; the rest stays in the text as typed.
    """
    assert most // 2 == comment_html(unit * (most // 2)).count(tag)
    assert most >= comment_html(unit * 250).count(tag)
    assert 250 == plain(comment_html(unit * 250)).count("a")


# --- Plain text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a <em>b</em></p>\n<p>c</p>", "a b\n\nc"),
        ("<p>a<br>\nb</p>", "a\nb"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "a\n\nb"),
        ("<p>&lt;b&gt; &amp;amp;</p>", "<b> &amp;"),
        ("<pre><code>a\n  b\n</code></pre>", "a\n  b"),
        ('<p>a<sup class="footnote-ref"><a href="#note-1" aria-label="Note 1">1</a></sup> b</p>', "a b"),
        ('<div aria-label="a > b">c</div>', "c"),
        ("<table><tr><th>a</th>\n<th>b</th></tr></table>", "a b"),
        ("a<b", "a"),
        ('a<b c="', "a"),
        ("", ""),
    ],
)
def test_plain(html: str, text: str) -> None:
    """
    Words and line breaks, nothing else.
    """
    assert text == plain(html)


@pytest.mark.parametrize(
    ("text", "chars", "short"),
    [
        ("one two", 7, "one two"),
        ("one two three", 9, "one two…"),
        ("one two, three", 10, "one two…"),
        ("one\n two", 20, "one two"),
        ("abcdefghij", 5, "abcd…"),
        ("👩\u200d👩\u200d👧x", 5, "…"),
        ("abcdcs\u0323x", 7, "abcdc…"),
    ],
)
def test_excerpt(text: str, chars: int, short: str) -> None:
    """
    Cut after a word, never inside of a letter, never longer than asked for.
    """
    assert short == excerpt(text, chars)
    assert len(short) <= chars


# --- Articles -----------------------------------------------------------------------------------------


def test_headings_get_ids() -> None:
    """
    A heading's id is its text in plain letters, and never one that the page uses itself.
    """
    rendered = article_html("## Übung & Łódź\n\n### main\n\n## 漢字\n\n## Main")

    assert ["section-ubung-lodz", "section-main", "section-part", "section-main-2"] == [
        heading.id for heading in rendered.headings
    ]
    assert ["Übung & Łódź", "main", "漢字", "Main"] == [heading.text for heading in rendered.headings]
    assert '<h2 id="section-ubung-lodz">' in html_of(rendered)
    assert [] == rendered.problems


def test_reserved_ids_are_not_given_out() -> None:
    """
    The caller may name more ids of its page.
    """
    rendered = article_html("## A", reserved_ids={"section-a"})

    assert ["section-a-2"] == [heading.id for heading in rendered.headings]


@pytest.mark.parametrize(
    ("markdown", "line", "words"),
    [
        ("# A", 1, "Begin this heading with ##"),
        ("text\n\nA\n===", 3, "Begin this heading with ##"),
        ("## A\n\n#### B", 3, "write ### instead of ####"),
        ("### A", 1, "write ## instead of ###"),
        ("## A\n### B\n#### C\n##### D", 4, "not deeper"),
        ("## A\n\n#### B `c`\nd", 3, "write ###"),
        ("## A\n\n##", 3, "heading is empty"),
        ("\n\n\n\n\nb ![a](/a.png)", 6, "::figure"),
        ("a\nb\n![a](/a.png)", 3, "::figure"),
        ("::figure", 1, "figure's name"),
        ("::figure a\n::figure a", 2, "already placed"),
        ("::video\n\n::video", 3, "already placed"),
        ("::video x", 1, "nothing after"),
        ("a\n\n::foo", 3, "There is no ::foo"),
        ("::note", 1, ":::note"),
        ("- a\n\n  ::figure a", 3, "outside lists"),
        ("> ::video", 1, "outside lists"),
        (":::note\n::figure a\n:::", 2, "outside lists"),
        ("- :::note\n  a\n  :::", 1, "outside lists"),
        (":::foo\na\n:::", 1, "no call-out “foo”"),
        ("a\n\n:::note\nb", 3, "never closed"),
        (":::note\na\n:::care\nb\n:::", 1, "never closed"),
        ("a\n\n:::", 3, "none is open"),
        ("a[^b]", 1, "[^b] is missing"),
        ("a\n\n[^b]: c", 3, "[^b] is never used"),
        ("a\n[b](ftp://c)", 2, "does not work"),
        ("> " * 7 + "a", 1, "6 levels"),
        ("|" + "a|" * 13 + "\n|" + "-|" * 13, 1, "12 columns"),
    ],
)
def test_problems_are_found(markdown: str, line: int, words: str) -> None:
    """
    The author learns which line, and what to do.
    """
    problems = article_html(markdown).problems

    assert [line] == [problem.line for problem in problems if words in problem.message]


@pytest.mark.parametrize(
    "markdown",
    [
        "## A\n### B\n#### C\n## D",
        "a\n::figure b\n::figure c\n::video\nd",
        ":::note\na\n:::\n:::care B\nc\n:::",
        ":::note\n```\n:::\n```\n:::",
        "a[^b]\n\n[^b]: c",
        "[a](/b) [c](#d) [e](https://f.example) [g](mailto:h@i.example) [j](tel:+49112)",
        "> " * 6 + "a",
        "|" + "a|" * 12 + "\n|" + "-|" * 12,
        "a::b ::: c\n```\n::foo\n:::\n```",
        "    ::foo",
        "A time: ::",
        "",
    ],
)
def test_no_problems_where_there_are_none(markdown: str) -> None:
    """
    A sound text brings no message.
    """
    assert [] == article_html(markdown).problems


def test_directives_become_parts() -> None:
    """
    Figures and the video stand between pieces of HTML, where they were written.
    """
    assert [
        ("html", "<p>a</p>"),
        ("figure", "pain-map"),
        ("video", ""),
        ("html", "<p>b</p>"),
    ] == article_html("a\n::figure pain-map\n::video\nb").parts


def test_call_out_holds_code() -> None:
    """
    Colons in a code block do not close the call-out.
    """
    html = html_of(article_html(":::note\n```\n:::\n```\na\n:::"))

    assert "<pre><code>:::\n</code></pre>\n<p>a</p>\n</aside>" in html


def test_indented_colons_are_text() -> None:
    """
    What is indented like code is no directive, also where it goes on with a quote.
    """
    assert [("html", "<blockquote>\n<p>a\n::video</p>\n</blockquote>")] == article_html("> a\n    ::video").parts


def test_misplaced_directives_are_left_out() -> None:
    """
    Readers do not see them; the author's list of problems names them.
    """
    assert "::" not in html_of(article_html("> ::figure a\n\n::foo\n\n:::"))


def test_call_out() -> None:
    """
    A call-out is an aside named by its kind and title.
    """
    assert [
        (
            "html",
            '<aside class="callout callout--care" aria-label="Take care: Stop &amp; &lt;ask&gt;">\n'
            '<p class="callout__title">Stop &amp; &lt;ask&gt;</p>\n'
            "<ul>\n<li>a</li>\n</ul>\n</aside>\n<p>b</p>",
        )
    ] == article_html(":::care Stop & <ask>\n- a\n:::\nb").parts


def test_table() -> None:
    """
    A table scrolls in a named region that the keyboard reaches, and aligns by class.
    """
    html = html_of(article_html("|Muscle|Dose|\n|:-|-:|\n|a|b|\n\n|Muscle|Dose|\n|-|-|"))

    labels = [attributes["aria-label"] for tag, attributes in elements(html) if tag == "div"]
    assert ["Table 1: Muscle, Dose", "Table 2: Muscle, Dose"] == labels
    assert '<div class="table-scroll" tabindex="0" role="region"' in html
    assert '<th class="align-left" scope="col">Muscle</th>' in html
    assert '<td class="align-right">b</td>' in html
    assert "style" not in html


def test_table_is_named_as_typed() -> None:
    """
    Quotes and signs in a head reach the name whole; a long one is cut.
    """
    html = html_of(article_html('|"a" & <b>|\n|-|\n\n|' + "long " * 40 + "|\n|-|"))

    labels = [attributes["aria-label"] for tag, attributes in elements(html) if tag == "div"]
    assert 'Table 1: "a" & <b>' == unescape(labels[0])
    assert labels[1].endswith("long…")
    assert module.LABEL_MAX_CHARS >= len(labels[1])


def test_footnotes() -> None:
    """
    A note is linked both ways; each way back has a name of its own.
    """
    html = html_of(article_html("a[^x] b[^x]\n\n[^x]: note"))

    assert '<a href="#note-1" id="note-ref-1" aria-label="Note 1">1</a>' in html
    assert '<a href="#note-1" id="note-ref-1-2" aria-label="Note 1">1</a>' in html
    assert '<li id="note-1">' in html
    assert '<a href="#note-ref-1" class="footnotes__back" aria-label="Back to reference 1">' in html
    assert '<a href="#note-ref-1-2" class="footnotes__back" aria-label="Back to reference 1-2">' in html


def test_two_bodies_share_no_id() -> None:
    """
    The prefix keeps two bodies on one page apart.
    """
    one, two = (article_html("## A\n\nb[^x]\n\n[^x]: note", prefix=prefix) for prefix in ("", "summary"))

    ids = [attributes["id"] for _, attributes in elements(html_of(one) + html_of(two)) if "id" in attributes]
    assert 6 == len(set(ids)) == len(ids)


def test_links_of_articles() -> None:
    """
    Only links that leave the site get a rel.
    """
    html = html_of(article_html("[a](/b) [c](https://d.example) [e](mailto:f@g.example)"))

    assert '<p><a href="/b">a</a> <a href="https://d.example" rel="noopener">c</a>' in html
    assert '<a href="mailto:f@g.example">e</a></p>' in html


def test_article_shows_no_hidden_characters() -> None:
    """
    Entities cannot bring back what cleaning took out.
    """
    html = html_of(article_html("a&#x202e;b&#x200b;c&nbsp;d ![&#x202e;](/a)\n\n## &#x202e;e"))

    assert not set(html) & {"\u202e", "\u200b"}
    assert "abc&nbsp;d" in html


def test_article_counts_words() -> None:
    """
    Markup and note numbers are no words.
    """
    assert 5 == article_html("## One two\n\n- **three**[^1]\n\n::figure a\n\nfour\n\n[^1]: five").words


def test_floods_are_reported() -> None:
    """
    An author whose links are shown as text, or whose lines are joined, is told.
    """
    assert any("more links" in message for message in messages(article_html("[a](/b)" * 2100)))
    assert [] == messages(article_html("[a](/b)" * 1000))
    assert ["An article can have 3000 lines."] == messages(article_html("a\n" * 3001))
    assert [] == messages(article_html("a\n" * 2999))


def test_problems_come_by_line() -> None:
    """
    The list follows the text, each problem once.
    """
    rendered = article_html("::foo\n\n![a](/b)\n\n::bar")

    assert sorted(rendered.problems) == rendered.problems
    assert [1, 3, 5] == [problem.line for problem in rendered.problems]
    assert isinstance(rendered.problems[0], Problem)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** `c<`", "<em>a</em> <strong>b</strong> <code>c&lt;</code>"),
        ("[a](/b)", '<a href="/b">a</a>'),
        ("[a](https://b.example)", '<a href="https://b.example" rel="noopener">a</a>'),
        ("# a\n- b", "# a - b"),
        ("![a](/b.png)", "a"),
        ("<b>a</b>", "&lt;b&gt;a&lt;/b&gt;"),
        ("a\\\nb", "a\\ b"),
    ],
)
def test_line_html(text: str, html: str) -> None:
    """
    A line has no blocks and no breaks.
    """
    assert html == render_inline(text)
