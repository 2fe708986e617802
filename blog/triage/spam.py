"""How much a text looks like spam: points that add up, each with its reason. Never a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from blog.triage import spam_lists
from blog.triage.context import Context
from blog.triage.disguise import Place, Unmasked, hidden_inside, mixed_words, unmask
from blog.triage.flags import Flag, FlagKind, Span
from blog.triage.gates import Gated
from blog.triage.likeness import ALIKE, SIZE, numbered, signature
from blog.triage.reading import Reading, plain_words, read
from blog.triage.spam_lists import NEAR, POINTS, THRESHOLD

TOO_FAST_SECONDS = 3.0
MATCHES_PER_PART = 10
NEAR_CUT, FAR_BELOW = 0.1, 1.0  # of what was learned, in units of its margin
MANY_LINKS = 3  # beyond, another rule, so that the desk can ask for them alone

_TLDS = (
    "com|net|org|info|biz|io|co|uk|de|fr|es|ru|cn|xyz|online|shop|site|top|club|store|live|app|me|in|us|eu|nl|pl|br|"
    "example|test|link|click|icu|vip|cc|tk|pro|health|blog|website|ly|gl|gd|ca|ch|au|nz|ie|kr|ua|su|tr|bet|casino|bid|tv"
)
_LINK = re.compile(
    r"https?://[^\s<>\"'\]\)]{1,500}|\bwww\.[^\s<>\"'\]\)]{3,300}|"
    rf"(?<![\w@.-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_TLDS})\b(?:/[^\s<>\"'\]\)]{{0,300}})?(?!@)",
    re.IGNORECASE,
)
_DOT_INSIDE = re.compile(r"\.\S")
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/\s:?#]+)", re.IGNORECASE)
_MARKUP_LINK = re.compile(
    r"<\s{0,3}a\s[^<>]{0,400}href|\[url\b|\[link\b|\[img\b|<\s{0,3}(?:iframe|img)\s", re.IGNORECASE
)
_INVISIBLE = re.compile(
    r"display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0|opacity\s?:\s?0|text-indent\s?:\s?-\d{3}",
    re.IGNORECASE,
)
_MONEY_EMOJI = re.compile("[🤑💰💵💸💲💴💶💷🚀📈💎]")
_TOPICS = tuple((topic, Gated(topic.pattern)) for topic in spam_lists.TOPICS)
_TEMPLATES = tuple(Gated(pattern) for pattern in spam_lists.PRAISE_TEMPLATES)
_PHRASES = tuple(Gated(pattern) for pattern in spam_lists.PRAISE_PHRASES)
_SUBJECT = Gated(spam_lists.SUBJECT)
_KEYWORD_NAME = Gated(spam_lists.KEYWORD_NAME)


@dataclass(frozen=True)
class Part:
    """One reason, its points and the words."""

    rule: str
    points: float
    why: str
    matched: tuple[Span, ...] = ()
    in_name: bool = False


@dataclass(frozen=True)
class Score:
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        return sum(part.points for part in self.parts)

    @property
    def is_spam(self) -> bool:
        return self.total >= THRESHOLD


def spam(
    text: str, name: str, context: Context, reading: Reading | None = None, bare: Unmasked | None = None
) -> list[Flag]:
    """One flag for each part of a score that reaches THRESHOLD, the heaviest first; a little below it, one to check."""
    score = spam_score(text, name, context, reading, bare)
    parts = sorted((part for part in score.parts if part.points > 0), key=lambda part: -part.points)
    if not score.is_spam:
        return [_near_miss(score, parts[0])] if score.total >= NEAR else []
    return [
        Flag(
            FlagKind.SPAM,
            part.rule,
            list(part.matched),
            f"{part.why} {part.points:g} of {score.total:g} points; {THRESHOLD:g} count as likely spam.",
            part.in_name,
        )
        for part in parts
    ]


def _near_miss(score: Score, heaviest: Part) -> Flag:
    why = f"Nearly likely spam: {score.total:g} of {THRESHOLD:g} points. {heaviest.why}"
    return Flag(FlagKind.ADVICE, "nearly_spam", list(heaviest.matched), why, heaviest.in_name)


def spam_score(
    text: str, name: str, context: Context, reading: Reading | None = None, bare: Unmasked | None = None
) -> Score:
    """All parts, also below the threshold."""
    reading, bare = reading or read(text), bare or unmask(text)
    parts = list(_from_text(text, bare, context))
    parts += _from_name(name)
    parts += _from_circumstances(text, reading, context)
    if parts and sum(part.points for part in parts) > 0:
        parts += _from_language(reading, context)
    chosen = context.spam_points
    return Score(
        tuple(
            Part(p.rule, chosen.get(p.rule, p.points), p.why, p.matched, p.in_name)
            for p in parts
            if chosen.get(p.rule, p.points)
        )
    )


def links(text: str, own_hosts: frozenset[str] = frozenset()) -> list[Span]:
    """Links in a text, written out or bare, to other sites."""
    if not ("://" in text or _DOT_INSIDE.search(text)):
        return []  # most texts: far cheaper than to try at each word
    foreign = []
    for link in _LINK.finditer(text):
        host = _HOST.match(link[0])
        if host and host[1].lower().removeprefix("www.") not in own_hosts:
            words = link[0].rstrip(".,;!?")
            foreign.append(Span(link.start(), link.start() + len(words), words))
    return foreign


def _spans(text: str, places: Iterable[Place]) -> tuple[Span, ...]:
    return tuple(Span(start, end, text[start:end]) for start, end in islice(places, MATCHES_PER_PART))


def _from_text(text: str, bare: Unmasked, context: Context) -> Iterator[Part]:
    linked = links(text, context.own_hosts)
    if linked:
        points = spam_lists.LINK_POINTS[min(len(linked), len(spam_lists.LINK_POINTS) - 1)]
        rule = "links" if len(linked) <= MANY_LINKS else "many_links"
        yield Part(rule, points, f"{len(linked)} link{'s' * (len(linked) > 1)}.", tuple(linked[:MATCHES_PER_PART]))
        short = [link for link in linked if _host(link.words) in spam_lists.SHORTENERS]
        if short:
            yield Part("short_link", POINTS["short_link"], "A shortened link hides where it goes.", tuple(short))
        if not _is_about(bare, context):
            why = "A link in a text that names nothing of the article."
            yield Part("link_off_topic", POINTS["link_off_topic"], why, tuple(linked[:MATCHES_PER_PART]))
    markup = _spans(text, (m.span() for m in _MARKUP_LINK.finditer(text))) if "<" in text or "[" in text else ()
    if markup:
        yield Part("markup_link", POINTS["markup_link"], "A link written in HTML or BBCode.", markup)
    invisible = _spans(text, (m.span() for m in _INVISIBLE.finditer(text))) if ":" in text else ()
    if invisible:
        yield Part("invisible", POINTS["invisible"], "Text or links made invisible.", invisible)
    yield from _from_words(text, bare, context)
    mixed = _spans(text, bare.mixed)
    if mixed:
        points = POINTS["mixed_scripts"] * (1.5 if len(mixed) > 2 else 1)
        yield Part("mixed_scripts", points, "Words that mix letters of two alphabets.", mixed)
    hidden = _spans(text, hidden_inside(text))
    if hidden and len(hidden) > 1:
        yield Part("hidden_characters", POINTS["hidden_characters"], "Characters without width inside words.", hidden)
    money = () if text.isascii() else _spans(text, (m.span() for m in _MONEY_EMOJI.finditer(text)))
    if len(money) > 1:
        yield Part("money_emoji", POINTS["money_emoji"], "Several emoji of money.", money)


def _host(link: str) -> str:
    match = _HOST.match(link)
    return match[1].lower() if match else ""


def _from_words(text: str, bare: Unmasked, context: Context) -> Iterator[Part]:
    leet, spaced = bare.leet, bare.spaced
    disguised: list[Place] = []
    for topic, pattern in _TOPICS:
        spans = bare.find(pattern) if pattern in bare.opened else ()
        if not spans:
            continue
        disguised += [place for place in leet if any(s.start < place[1] and place[0] < s.end for s in spans)]
        yield Part(topic.name, topic.points, topic.why, tuple(spans[:MATCHES_PER_PART]))
    if disguised or len(leet) > 2:
        shown = _spans(text, sorted({*disguised, *leet}))
        yield Part("disguised_letters", POINTS["disguised_letters"], "Digits or signs in the place of letters.", shown)
    if spaced:
        shown = _spans(text, spaced)
        yield Part("spaced_letters", POINTS["spaced_letters"], "A word with spaces between its letters.", shown)
    yield from _from_praise(bare, context)


def _from_praise(bare: Unmasked, context: Context) -> Iterator[Part]:
    templates = [span for pattern in _TEMPLATES if pattern in bare.opened and (span := bare.search(pattern))]
    if templates:
        points = spam_lists.PRAISE_STRONG + 0.5 * (len(templates) - 1)
        if _is_about(bare, context):
            points = 2.0 * len(templates)
        yield Part("template_praise", points, "Praise known from many sites.", tuple(templates))
        return
    phrases = [span for pattern in _PHRASES if pattern in bare.opened and (span := bare.search(pattern))]
    if phrases and not _is_about(bare, context):
        points = min(3.5, spam_lists.PRAISE_WEAK * (len(phrases) - 0.5))
        yield Part("general_praise", points, "Praise that fits any page and names nothing of this one.", tuple(phrases))


def _is_about(bare: Unmasked, context: Context) -> bool:
    return bool(
        _SUBJECT.search(bare.plain, bare.opened)
        or any(word in bare.plain for word in _title_words(context.article_title))
    )


@lru_cache(maxsize=256)
def _title_words(title: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", plain_words(title)) if len(word) > 4)


def _from_name(name: str) -> Iterator[Part]:
    spans = unmask(name).find(_KEYWORD_NAME)
    if spans:
        yield Part("keyword_name", POINTS["keyword_name"], "The name advertises.", tuple(spans), True)
    mixed = _spans(name, mixed_words(name))
    if mixed:
        yield Part("mixed_scripts", POINTS["mixed_scripts"], "The name mixes letters of two alphabets.", mixed, True)


def _from_circumstances(text: str, reading: Reading, context: Context) -> Iterator[Part]:
    if context.trap_filled:
        yield Part("trap", POINTS["trap"], "Filled a field that people cannot see.")
    if context.seconds_to_submit is not None and context.seconds_to_submit < TOO_FAST_SECONDS:
        why = f"Sent {context.seconds_to_submit:.1f} seconds after the page was opened."
        yield Part("too_fast", POINTS["too_fast"], why)
    if context.sender.spam:
        why = f"{context.sender.spam} earlier comments of this sender were spam."
        yield Part("sender_spam", POINTS["sender_spam"], why)
    elif context.sender.approved:
        why = f"{context.sender.approved} earlier comments of this sender were approved."
        yield Part("sender_known", POINTS["sender_known"], why)
    if context.is_proven:
        yield Part("proof", POINTS["proof"], "The sender's browser did a proof of work.")
    elif context.is_flood:
        yield Part("flood", POINTS["flood"], "Sent in a flood of comments, without a proof of work.")
    if context.seen:
        yield from _from_copies(text, context)
    learned = context.spam_filter
    margin = learned.margin(reading) if learned else None
    if learned and margin is not None:
        told = f"learned from {learned.spam_texts} marked as spam and {learned.good_texts} approved."
        if margin > 0:
            yield Part("learned", POINTS["learned"], f"Reads like this site's spam: {told}")
        elif margin > -NEAR_CUT:
            yield Part("learned_likely", POINTS["learned_likely"], f"Reads nearly like this site's spam: {told}")
        elif margin < -FAR_BELOW:
            yield Part("learned_good", POINTS["learned_good"], f"Reads like this site's approved comments: {told}")


def _from_copies(text: str, context: Context) -> Iterator[Part]:
    signed = context.signature or signature(text)
    if signed is None:
        return
    mine = numbered(signed)
    alike = [seen for seen in context.seen if len(mine & seen.numbered) >= ALIKE * SIZE]
    spam_copies = sum(seen.spam for seen in alike)
    others = sum(seen.undecided for seen in alike)
    if spam_copies:
        yield Part("seen_as_spam", POINTS["seen_as_spam"], f"{spam_copies} nearly equal texts were spam.")
    elif others > 1 and not any(seen.approved for seen in alike):
        yield Part("seen_often", POINTS["seen_often"], f"{others} nearly equal texts are waiting.")


def _from_language(reading: Reading, context: Context) -> Iterator[Part]:
    """Only beside other reasons: thanks in another language are welcome."""
    likely = reading.languages
    foreign_letters = not likely and sum(c.isalpha() and ord(c) > 0x24F for c in reading.text) > 5
    if (likely and context.article_language not in likely and len(reading.tokens) > 5) or foreign_letters:
        why = f"Not in the article's language ({context.article_language})."
        yield Part("other_language", POINTS["other_language"], why)
