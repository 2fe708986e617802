"""What word processors and web pages put on the clipboard, cut down, each with the Markdown that it should become.

Written by hand after the formats of Word, Google Docs, Pages, LibreOffice and mammoth; the texts are our own.
"""

from __future__ import annotations

from typing import NamedTuple


class Export(NamedTuple):
    """HTML as it arrives, the Markdown of it, and what was left out, in words."""

    html: str
    markdown: str
    left_out: tuple[str, ...] = ()


WORD_HEAD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt;} @list l0:level1 {mso-level-number-format:bullet;} --></style>
</head><body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
"""
WORD_FOOT = "<!--EndFragment--></body></html>"


def word(body: str) -> str:
    """A fragment as Word copies it."""
    return WORD_HEAD + body + WORD_FOOT


def docs(body: str) -> str:
    """A fragment as Google Docs copies it: all of it in a <b> that is not bold."""
    return f'<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1f2e3d">{body}</b>'


def item(text: str, level: int = 1, sign: str = "·", id: str = "l0", place: str = "Middle") -> str:
    """A paragraph that Word shows as an item of a list."""
    return (
        f"<p class=MsoListParagraphCxSp{place} style='text-indent:-18.0pt;mso-list:{id} level{level} lfo1'>"
        f"<![if !supportLists]><span style='font-family:Symbol;mso-fareast-font-family:Symbol'>"
        f"<span style='mso-list:Ignore'>{sign}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp; "
        f"</span></span></span><![endif]><span lang=EN-GB>{text}<o:p></o:p></span></p>\n"
    )


def span(text: str, style: str = "") -> str:
    """A run of Google Docs."""
    return (
        f'<span style="font-size:11pt;font-family:Arial,sans-serif;color:#000000;font-weight:400;font-style:normal;'
        f'text-decoration:none;vertical-align:baseline;white-space:pre-wrap;{style}">{text}</span>'
    )


def p(text: str) -> str:
    """A paragraph of Google Docs."""
    return f'<p dir="ltr" style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;">{text}</p>'


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

EXPORTS: dict[str, Export] = {
    "Word: headings, bold, italic and an empty paragraph": Export(
        word(
            "<h1><span lang=EN-GB>What the muscle does<o:p></o:p></span></h1>"
            "<p class=MsoNormal><span lang=EN-GB>It <b style='mso-bidi-font-weight:normal'>lifts</b> the leg, "
            "<i>slowly</i>.<o:p></o:p></span></p>"
            "<p class=MsoNormal><span lang=EN-GB><o:p>&nbsp;</o:p></span></p>"
            "<h2><b>Where it hurts</b></h2><p class=MsoNormal>In the\nbuttock.</p>"
        ),
        "## What the muscle does\n\nIt **lifts** the leg, *slowly*.\n\n### Where it hurts\n\nIn the buttock.",
    ),
    "Word: a list of paragraphs in two levels": Export(
        word(item("Sit down", place="First") + item("both feet flat", 2, "o") + item("Breathe", place="Last")),
        "- Sit down\n  - both feet flat\n- Breathe",
    ),
    "Word: a numbered list that begins at 3, and another after it": Export(
        word(item("Third", 1, "3.") + item("Fourth", 1, "4.") + item("A point", 1, "·", "l1")),
        "3. Third\n4. Fourth\n\n- A point",
    ),
    "Word: a table with bold in its first row": Export(
        word(
            "<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>"
            "<tr style='mso-yfti-irow:0'><td width=200 valign=top><p class=MsoNormal><b>Muscle<o:p></o:p></b></p></td>"
            "<td width=200 valign=top><p class=MsoNormal><b>Pain</b></p></td></tr>"
            "<tr><td><p class=MsoNormal>Psoas</p></td><td><p class=MsoNormal>Low back</p><p class=MsoNormal>Groin | hip</p></td></tr></table>"
        ),
        "| Muscle | Pain |\n| --- | --- |\n| Psoas | Low back<br>Groin \\| hip |",
    ),
    "Word: a note at the foot": Export(
        word(
            '<p class=MsoNormal>Pain is common<a style=\'mso-footnote-id:ftn1\' href="#_ftn1" name="_ftnref1" title="">'
            "<span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>[1]"
            "<![endif]></span></span></a>.</p><div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width=\"33%\">"
            '<div style=\'mso-element:footnote\' id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">'
            "<span class=MsoFootnoteReference>[1]</span></a> A study of 2019.</p></div></div>"
        ),
        "Pain is common[^1].\n\n[^1]: A study of 2019.",
    ),
    "Word: a comment, what was marked as deleted, and a picture that stays on the computer": Export(
        word(
            "<p class=MsoNormal>Rest <a style='mso-comment-reference:AB_1'>a day</a><span class=MsoCommentReference>"
            '<span style=\'mso-special-character:comment\'>&nbsp;[AB1]</span></span> or <del cite="mailto:A" datetime="2026-05-04">three</del>'
            '<ins cite="mailto:A">two</ins>.</p><p class=MsoNormal><img width=300 src="file:///C:/Temp/clip_image002.jpg"></p>'
            "<div style='mso-element:comment-list'><p class=MsoCommentText>Really?</p></div>"
        ),
        "Rest a day or two.",
        ("comments of the word processor", "text that was marked as deleted", "a picture (bring it under Media)"),
    ),
    "Word: a table of contents, a title, soft hyphens and odd blanks": Export(
        word(
            "<p class=MsoTitle>Hip pain</p><p class=MsoToc1><a href=\"#_Toc1\">Causes<span style='mso-tab-count:1 dotted'>...</span>1</a></p>"
            '<h1><a name="_Toc1">Causes</a></h1><p class=MsoNormal>Sit&shy;ting&nbsp;for long, 5&nbsp;cm.</p>'
        ),
        "## Hip pain\n\n## Causes\n\nSitting for long, 5 cm.",
        ("the table of contents (the page has its own)",),
    ),
    "Google Docs: the bold that is none, and one that is": Export(
        docs(
            p(
                span("Try ")
                + span("gently", "font-weight:700;")
                + span(" at first, ")
                + span("never", "font-style:italic;")
                + span(" hard.")
            )
            + "<br />"
            + p(span("Then rest."))
        )
        + '<br class="Apple-interchange-newline">',
        "Try **gently** at first, *never* hard.\n\nThen rest.",
    ),
    "Google Docs: headings that begin at the second level and skip one": Export(
        docs(
            f'<h2 dir="ltr">{span("Causes", "font-size:16pt;")}</h2>'
            + p(span("Many."))
            + f'<h4 dir="ltr">{span("Sitting", "font-weight:700;")}</h4>'
            + p(span("Long."))
        ),
        "## Causes\n\nMany.\n\n### Sitting\n\nLong.",
    ),
    "Google Docs: a list within a list, as its siblings": Export(
        docs(
            f'<ul style="margin-top:0;"><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation">{span("One")}</p></li>'
            f'<ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation">{span("Below")}</p></li></ul>'
            f'<li dir="ltr" aria-level="1"><p role="presentation">{span("Two")}</p></li></ul>'
        ),
        "- One\n  - Below\n- Two",
    ),
    "Google Docs: a table, its width given by columns": Export(
        docs(
            '<div dir="ltr" style="margin-left:0pt;" align="left"><table style="border:none;"><colgroup><col width="300"/><col width="300"/></colgroup>'
            f"<tbody><tr><td>{p(span('Stretch', 'font-weight:700;'))}</td><td>{p(span('Dose', 'font-weight:700;'))}</td></tr>"
            f"<tr><td>{p(span('Leg drop'))}</td><td>{p(span('30 s'))}</td></tr></tbody></table></div>"
        ),
        "| Stretch | Dose |\n| --- | --- |\n| Leg drop | 30 s |",
    ),
    "Google Docs: links that go by way of Google, and underlining": Export(
        docs(
            p(
                '<a href="https://www.google.com/url?q=https://example.org/study?id%3D4&amp;sa=D&amp;usg=x" style="text-decoration:none;">'
                + span("a study", "text-decoration:underline;color:#1155cc;")
                + "</a>"
                + span(" says ")
                + span("so", "text-decoration:underline;")
            )
        ),
        "[a study](https://example.org/study?id=4) says so",
        ("underlining",),
    ),
    "Google Docs: a note at the foot": Export(
        docs(p(span("It may help") + '<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>' + span(".")))
        + f'<hr class="pagebreak"><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a>{span("&nbsp;A trial of 40 people.")}</p></div>',
        "It may help[^1].\n\n[^1]: A trial of 40 people.",
    ),
    "Google Docs: a picture from its server": Export(
        docs(
            p(
                span("Look:")
                + span('<img src="https://lh7-rt.googleusercontent.com/docsz/AD_4nX" width="400" height="300" />')
            )
        ),
        "Look:",
        ("a picture (bring it under Media)",),
    ),
    "Pages: classes, spans and a list": Export(
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN"><html><head><meta name="Generator" content="Cocoa HTML Writer">'
        '<style type="text/css">p.p1 {margin: 0.0px; font: 12.0px Helvetica} span.s1 {font-kerning: none}</style></head><body>'
        '<p class="p1"><span class="s1"><b>Sleep</b></span><span class="s1"> on the other side.</span></p>'
        '<p class="p2"><span class="s1"></span><br></p>'
        '<ul class="ul1"><li class="li1"><span class="s2"></span><span class="s1">a pillow</span></li>'
        '<li class="li1"><span class="s1">a towel<br></span></li></ul></body></html>',
        "**Sleep** on the other side.\n\n- a pillow\n- a towel",
    ),
    "Pages: a table with its cells in paragraphs": Export(
        '<html><body><table cellspacing="0" cellpadding="0" class="t1"><tbody><tr><td valign="top" class="td1"><p class="p1">Day</p></td>'
        '<td class="td1"><p class="p1">Times</p></td></tr><tr><td class="td1"><p class="p1">1</p></td><td class="td1"><p class="p2"><br></p></td></tr>'
        "</tbody></table></body></html>",
        "| Day | Times |\n| --- | --- |\n| 1 |  |",
    ),
    "LibreOffice: headings, a list with paragraphs, a note": Export(
        '<html><head><meta name="generator" content="LibreOffice 7.6.4.1 (Linux)"/></head><body lang="en-GB">'
        '<h1 class="western">Stretch</h1><ol><li><p style="line-height: 100%">Lie down.</p></li><li><p>Breathe out'
        '<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>.</p></li></ol>'
        '<p><font face="Liberation Serif, serif"><font size="3" style="font-size: 12pt">Stop if it <strong>tingles</strong>.</font></font></p>'
        '<div id="sdfootnote1"><p class="sdfootnote-western"><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a> Slowly.</p></div>'
        "</body></html>",
        "## Stretch\n\n1. Lie down.\n2. Breathe out[^1].\n\nStop if it **tingles**.\n\n[^1]: Slowly.",
    ),
    "LibreOffice: merged cells": Export(
        '<table width="100%" cellpadding="4"><col width="128*"/><tr valign="top"><td colspan="2"><p>Both sides</p></td></tr>'
        "<tr><td><p>left</p></td><td><p>right</p></td></tr></table>",
        "| Both sides |  |\n| --- | --- |\n| left | right |",
        ("the merging of cells in a table",),
    ),
    "Web page: a script, a form, a video and a button": Export(
        "<article><h1>Title</h1><script>alert(1)</script><p onclick='x()'>Words.</p><form><input value=a><button>Send</button></form>"
        "<iframe src='https://www.youtube-nocookie.com/embed/x'></iframe><style>p{}</style></article>",
        "## Title\n\nWords.",
        ("a form", "a video or another page's part"),
    ),
    "Web page: a quote, code, a rule and a picture with words": Export(
        "<blockquote><p>Rest.</p><p>Then move.</p></blockquote><pre><code>1 * 2\n3</code></pre><hr>"
        '<figure><img src="https://example.org/a.jpg" alt="A hip"><figcaption>The hip.</figcaption></figure><p>Use <code>a_b</code>.</p>',
        "> Rest.\n>\n> Then move.\n\n```\n1 * 2\n3\n```\n\n---\n\nThe hip.\n\nUse `a_b`.",
        ("a picture (bring it under Media)",),
    ),
    "Web page: links that lead nowhere or harm": Export(
        '<p><a href="javascript:alert(1)">One</a>, <a href="/about">two</a>, <a href="file:///C:/x.doc">three</a>, '
        '<a href="https://example.org/ü b">four</a>, <a href="mailto:a@example.org">five</a>, <a href="#top">six</a></p>',
        "One, two, three, [four](https://example.org/%C3%BC%20b), [five](mailto:a@example.org), six",
        ("links that work only where they came from",),
    ),
    "Web page: a table that only lays out": Export(
        "<table><tr><td><h2>News</h2><p>First.</p><p>Second.</p></td></tr></table>",
        "## News\n\nFirst.\n\nSecond.",
    ),
    "Web page: a definition list, small print and line breaks": Export(
        "<dl><dt>Psoas</dt><dd>lifts the leg</dd></dl><p>One<br>two<br><br>three <small>small</small> H<sub>2</sub>O</p>",
        "**Psoas**\n\nlifts the leg\n\nOne\\\ntwo\n\nthree small H₂O",
    ),
    "Any: signs that Markdown would read": Export(
        "<p># no heading</p><p>- no list</p><p>1. no number</p><p>&gt; no quote</p><p>3 * 4 = 12, a*b*c, snake_case, _x_, [x](y), "
        "`code`, &lt;b&gt;, &amp;amp;, {{ x }}, ~~y~~, ::figure a, C:\\*</p><p>::video</p><p>+ 5 °C</p>",
        "\\# no heading\n\n\\- no list\n\n1\\. no number\n\n\\> no quote\n\n3 * 4 = 12, a\\*b\\*c, snake_case, \\_x\\_, \\[x]\\(y), "
        "\\`code\\`, \\<b>, \\&amp;, \\{\\{ x }}, \\~\\~y\\~\\~, ::figure a, C:\\\\\\*\n\n\\::video\n\n\\+ 5 °C",
    ),
    "Any: bold that is cut into runs, and around blanks and signs": Export(
        "<p><b>Warm</b><b> up</b>, then <strong>stop: </strong>now. <b>Note:</b>rest. <b> </b><i><b>Both</b></i></p>",
        "**Warm up**, then **stop:** now. **Note**:rest. ***Both***",
    ),
    "Any: points that were typed": Export(
        "<p>Bring:</p><p>• a mat</p><p>•\ta ball</p><p>Then begin.</p>",
        "Bring:\n\n- a mat\n- a ball\n\nThen begin.",
    ),
    "Any: text without a single tag": Export("Just words, 2 &lt; 3.", "Just words, 2 < 3."),
    "mammoth: notes and a picture of its own": Export(
        f'<h1>Psoas</h1><p>Deep<sup><a href="#footnote-1" id="footnote-ref-1">[1]</a></sup>.</p><p><img alt="A drawing" src="data:image/png;base64,{PIXEL}" /></p>'
        '<ol><li id="footnote-1"><p> In the belly. <a href="#footnote-ref-1">↑</a></p></li></ol>',
        "## Psoas\n\nDeep[^1].\n\n::figure pasted-1\n\n[^1]: In the belly.",
    ),
}
