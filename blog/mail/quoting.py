"""What somebody typed, as a mail quotes it: an excerpt on one line in which no mail program finds an address to link.

Only real addresses are blanked. A missing space after a full stop makes none of "hurts.Then", nor do titles such as
"M.Sc."; what could be either stays to be read, with an unseen space in it that keeps mail programs from linking it.
"""

from __future__ import annotations

import re

from blog.text.characters import clean_line
from blog.text.plain import excerpt

EXCERPT_CHARS = 400
READ_CHARS = 3 * EXCERPT_CHARS  # of a text, for its excerpt
BLANK = "[address]"
UNLINKED = ".\u200b"  # a dot, and a space without width

# https://data.iana.org/TLD/tlds-alpha-by-domain.txt has 1,400; these are the countries' and those that spam likes.
_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg
ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi
gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw
ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng
ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm
sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf
ws ye yt za zm zw рф укр бел срб қаз 中国 中國 香港 台灣 한국 भारत
"""
_GENERAL = "info biz edu gov mil int xyz icu app dev ltd vip wtf xxx aero mobi coop asia"
# Also words of English, German, French or Spanish, with which a sentence may begin, or units.
_WORDS = """
am as at be by co de do es et id im in is it la me my ne no pm so se to us re si st ma na pa tu te ha ni cm mm km kg ml
mg ms blog cafe care club design email expert fit fitness fun health help host ink life link live media monster name
network news one online page plus post press pro pub rocks sale science shop site social space store stream studio
support team tech tel tips today top travel tube video web wiki win work works world yoga zone example test
"""
NEVER_WORDS = frozenset({"com", "net", "org"})
WORDS = frozenset(_WORDS.split())
ENDINGS = WORDS.union(_COUNTRIES.split(), _GENERAL.split())
_BEFORE = "([{<\"'“„‚‘«‹¿¡*~`"
_AFTER = ".,;:!?…)]}>\"'”“’»›*~`"
_SURE = re.compile(r"\w://\S|[^\s@]@[^\s@]+\.\w|\bwww\.\w|\b(?:mailto|tel|sms):\S", re.IGNORECASE)
_NAME = re.compile(r"((?:[\w-]+\.)+)([^\W\d_]{2,})(?=([/:?#])|$)")
_FOR_MACHINES = re.compile(r"[\d-]|\..*\.")  # no sentence ends like that


def quoted(text: str) -> str:
    """An excerpt of what was typed, for a mail.

    Word by word, and from the beginning only: a pattern over a long text without spaces costs its square.
    """
    words = clean_line(text[:READ_CHARS].replace("\n", " ")).split(" ")
    return excerpt(" ".join(map(_harmless, words)), EXCERPT_CHARS)


def _harmless(word: str) -> str:
    """The word with an address in it blanked; brackets and full stops around it stay."""
    core = word.lstrip(_BEFORE)
    before = word[: len(word) - len(core)]
    core = core.rstrip(_AFTER)
    after = word[len(before) + len(core) :]
    if _SURE.search(core):
        return f"{before}{BLANK}{after}"
    name = _NAME.match(core)
    if not name:
        return word
    labels, ending, path = name.groups()
    is_address = _is_address(labels, ending, bool(path))
    if is_address is None:
        return f"{before}{labels[:-1]}{UNLINKED}{core[len(labels) :]}{after}"
    return f"{before}{BLANK}{after}" if is_address else word


def _is_address(labels: str, ending: str, has_path: bool) -> bool | None:
    """Whether a name such as "evil." with "example" is an address; None when it may be two sentences as well."""
    end = ending.lower()
    if end in NEVER_WORDS:
        return True
    if end not in ENDINGS or not any(map(str.isalpha, labels)):
        return False
    if ending != end and not (labels + ending).isupper():
        return False  # a sentence begins, or a title: M.Sc.
    if has_path:
        return True
    if len(labels) == 2:
        return False  # e.g., u.a., z.B.
    return None if end in WORDS and not _FOR_MACHINES.search(labels) else True
