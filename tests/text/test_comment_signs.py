"""No digit and no sign that a reader typed and meant disappears from a comment; formatting is what looks like it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.characters import clean_text
from blog.text.comments import comment_html
from blog.text.plain import plain

AS_TYPED = [
    # multiplication, powers, ranges, temperatures, times, prices
    "Do 3*10 reps and then 2*15 reps daily",
    "5*5*5 method",
    "3 * 10 and 2 * 15",
    "2 *3 reps and 4* 5",
    "3 sets *10 reps, 4 sets *12 reps*2",
    "2*(3+4)*5 = (2)*(7)*(5)",
    "2**3 and 3**2, 2^3 and 3^2, x_1 and x_2",
    "10-12 reps, 3-4 times, 5+5, ~5, ~~5~~, ±2, 1/2, 50%",
    "7:30-8:15, 12.5.2024, 3.10, 007",
    "37.5 °C / 99.5 °F, -5°C, +2 kg, <5, >5, >=5, <=5, 3<4>2",
    "$5 and $10, #1 and #2, ½ cup",
    # numbers where a line begins
    "1986. What a year",
    "1986. What a year\n2001. What another",
    "5) fifth",
    "3) third\n5) fifth",
    "1. once\n1. again",
    "01. first\n02. second",
    "2. second\n1. first",
    "12. 5. 2024",
    "1.\n2.",
    # signs where a line begins
    "> 90 degrees hurts",
    ">90 degrees hurts",
    "> -5 is too cold",
    "> ~30 minutes\n> a day",
    ">= 3 times",
    ">",
    "> ",
    "- 5 °C",
    "- 5 °C\n- 10 °C",
    "- cold: fine\n- 10 °C: not",
    "+ 5 kg",
    "+ 5 kg\n+ 6 kg",
    "-5\n-6",
    "- .5\n- .7",
    "- one thing",
    "* one thing",
    "+ one thing",
    "* * *",
    "- - -",
    "*****",
    "---",
    "===",
    "a\n---",
    "a\n===",
    "___",
    "-\n-",
    "-> so\n=> so\n--> so\n<- so",
    "# of reps: 10",
    "## 10",
    "#psoas #3",
    "    5 times indented",
    "\t- 5 times",
    "|5|6|\n|-|-|\n|7|8|",
    ": 5",
    # backslashes, entities, tags, brackets
    "a \\* b \\_ c \\5 \\\\ d\\",
    "&lt; &amp; &#53; &nbsp; AT&T",
    "<3 and </3 <b>5</b> <br> <!-- 5 -->",
    "<me@a.example>",
    "[1] [2]: [^1] [x] [ ] [5](see 6) [7](8) [9]",
    "[1]: https://a.example/5",
    "[^1]: a note",
    "[5](https://a.example/6 '7')",
    "[](https://a.example/5)",
    "[ ](https://a.example/5)",
    # faces and drawings
    "^_^ so glad ^_^",
    "*_* (*_*) >_< -_- o_O :* :-* ;* 8-) B) :[ :| <(^_^)> \\o/",
    "thank *you :* and :*",
    ">:( >.< >< >>",
    "> :-(",
    "¯\\_(ツ)_/¯ (╯°□°)╯︵ ┻━┻",
    "f***ing, s**t and sh*t",
    "5***** hotel, 4* hotel",
    "Name: ____ Age: ____",
    "Pills* help.\n*not all",
    # words and addresses
    "snake_case_word, x__ and z_2, __y and _z",
    "a*b*c and a_b_c and a**b**c",
    "https://example.org/_a_/b",
    "https://example.org/*a*/b?x=_1_&y=**2**",
    "see https://example.org/a_(b)_c and www.example.org/_a_/2",
    "_me_@a.example and me_you_2@a.example",
    "@_me_, #_x_",
    "C:\\_x_\\5 and ~/_x_/6",
    "don`t and can`t, 5`10 and 6`2",
    "`quoted' and ``quoted''",
    "the ` key and the ` key",
    "``` open",
    "```\n```",
    "~~~ 5 ~~~\nwaves",
    "~~~\n5\n~~~",
    "日本*5*本",
]


@pytest.mark.parametrize("text", AS_TYPED)
def test_shows_signs_as_typed(text: str) -> None:
    """What is meant as a sign is text."""
    shown = re.sub("<br>|</p>|<p>", "", comment_html(text))

    assert [line.strip() for line in text.strip().split("\n") if line.strip()] == unescape(shown).split("\n")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a b*, **c** and ***d***", "<p><em>a b</em>, <strong>c</strong> and <em><strong>d</strong></em></p>"),
        ("_a_ (*b*) “*c*” —*d*—", "<p><em>a</em> (<em>b</em>) “<em>c</em>” —<em>d</em>—</p>"),
        ("*Note:* *self*-help, *Psoas*’s", "<p><em>Note:</em> <em>self</em>-help, <em>Psoas</em>’s</p>"),
        ("*3 sets* a day", "<p><em>3 sets</em> a day</p>"),
        ("*हिन्दी*", "<p><em>हिन्दी</em></p>"),
        ("*great 😀*", "<p><em>great 😀</em></p>"),
        ("*5*", "<p><em>5</em></p>"),
        ("`2*3` and ``a`b``", "<p><code>2*3</code> and <code>a`b</code></p>"),
        ("```\n5*5*5\n```", "<pre><code>5*5*5\n</code></pre>"),
        ("```5\n6\n```", "<pre><code>5\n6\n</code></pre>"),
        ("- walk\n- swim 5 times", "<ul>\n<li>walk</li>\n<li>swim 5 times</li>\n</ul>"),
        ("* 5 sets\n* 6 sets", "<ul>\n<li>5 sets</li>\n<li>6 sets</li>\n</ul>"),
        ("- a\n  - b\n  - c\n- d", "<ul>\n<li>a\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</li>\n<li>d</li>\n</ul>"),
        ("- a\n- b\nThanks", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>Thanks</p>"),
        ("5) fifth\n6) sixth", '<ol start="5">\n<li>fifth</li>\n<li>sixth</li>\n</ol>'),
        ("0. a\n1. b", '<ol start="0">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> a\n> b\nc", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n<p>c</p>"),
        ("> Hold it for\n> 30 seconds", "<blockquote>\n<p>Hold it for<br>\n30 seconds</p>\n</blockquote>"),
        (">a", "<blockquote>\n<p>a</p>\n</blockquote>"),
    ],
)
def test_formats_what_looks_like_it(text: str, html: str) -> None:
    """The same marks around words, and where lists and quotes begin, are formatting."""
    assert html == comment_html(text)


def test_code_keeps_a_word_that_is_no_language() -> None:
    """Behind the ticks a language is a mark, everything else was said."""
    assert "<pre><code>a\n</code></pre>" == comment_html("```py\na\n```")
    assert "<pre><code>c++ 5\na\n</code></pre>" == comment_html("```c++ 5\na\n```")


def test_link_shows_an_exclamation_before_it() -> None:
    """There are no pictures in comments: "!" before a link is joy."""
    assert plain(comment_html("Great![look](https://a.example)")) == "Great!look"


def test_plain_text_keeps_the_numbers_of_lists() -> None:
    """A browser writes them, so mails and excerpts do."""
    assert "3. a\n\n4. b" == plain(comment_html("3. a\n4. b"))
    assert "1. a\n\nmore\n\n2. b" == plain(comment_html("1. a\n\n   more\n2. b"))


MARKS = "*_`>+.()-"  # formatting, where it looks like it: "5)" of a list is shown as "5."
TYPED = st.lists(
    st.sampled_from(
        [
            *"0123456789",
            *"*_`~<>&#|^$%=+-/:;.,!?()'\"\\@°×€½",
            "**",
            "__",
            "``",
            "```",
            "~~~",
            "---",
            "===",
            "* ",
            "- ",
            "+ ",
            "> ",
            ">> ",
            "1. ",
            "2. ",
            "3) ",
            "4) ",
            "1986. ",
            " ",
            " ",
            "\n",
            "\n\n",
            "    ",
            "\t",
            "reps",
            "word",
            "é",
            "ж",
            "漢",
            "क",
            "<b>",
            "&lt;",
            "&#53;",
            "https://a.example/_5_/*6*",
            "www.a.example",
            "x@y.example",
            ":-)",
            ":*",
            "^_^",
            "->",
            "<3",
            "[1]",
            "[^1]",
            "[x]",
            "[",
            "]",
            "!",
            "|-|",
        ]
    ),
    max_size=40,
).map("".join)


def _without_marks(text: str) -> str:
    text = re.sub(r"<(https?://[^\s<>]*)>", r"\1", text)  # brackets make it a link
    return re.sub(rf"[\s{re.escape(MARKS)}]", "", text)


@settings(max_examples=500, deadline=None)
@given(TYPED)
def test_nothing_but_marks_is_taken(text: str) -> None:
    """Letters, digits and signs come out in the order typed; only marks of formatting may be gone."""
    assert _without_marks(clean_text(text)) == _without_marks(plain(comment_html(text)))


@settings(max_examples=500, deadline=None)
@given(TYPED)
def test_marks_go_as_marks(text: str) -> None:
    """A mark that disappears left formatting behind."""
    html, cleaned = comment_html(text), clean_text(text)
    shown = plain(html)

    assert cleaned.count("_") + cleaned.count("*") == shown.count("_") + shown.count("*") or (
        {"em", "strong", "li"} & set(re.findall("<([a-z]+)", html))
    )
    assert cleaned.count("`") == shown.count("`") or "<code>" in html
    assert cleaned.count(">") == shown.count(">") or re.search("<blockquote>|<a ", html)
    assert cleaned.count("+") == shown.count("+") or "<ul>" in html
    assert cleaned.count("-") == shown.count("-") or "<ul>" in html
