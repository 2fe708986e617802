"""E-mail addresses as people type and paste them: what is meant, and why something is none. Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from email_validator import EmailNotValidError, validate_email

from blog.text.characters import clean_line

EMAIL_MAX_CHARS = 254  # RFC 5321
LOCAL_MAX_CHARS = 64  # the same, before the @
TYPED_MAX_CHARS = 2000  # with all that is pasted around an address

_LABEL = re.compile(r"(?:mailto|e-?mail)\s*:\s*(?://)?\s*", re.IGNORECASE)
_BEFORE = " ,;:!?<([{\"'`´‘’‚‛“”„‟«»‹›「『〈《【"
_AFTER = " .,;:!?>)]}\"'`´‘’‚‛“”„‟«»‹›」』〉》】"
_ROOM = re.compile(" ?@ ?")
_TWO = re.compile("@[^@]*[ ,;<>][^@]*@")
_NOT_LOCAL = re.compile(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]")
_NOT_DOMAIN = re.compile(r"[^\w.\u200c\u200d·-]|_")  # of other scripts the signs that IDNA allows
_NUMBERS = re.compile(r"\[.*|[\d.]+")


class BadAddress(ValueError):
    """It is no address that mail can be sent to. The message says why, for the person who typed it."""


def clean_email(text: str) -> str:
    """The address that is meant: without what cannot be seen, and without what is pasted around it.

    Such as `mailto:`, quotes, brackets, a name before <…>, the comma or full stop after it. Full-width letters and
    signs become plain ones (Unicode's NFKC). What is no address afterwards is for `deliverable` to say.
    """
    line = clean_line(unicodedata.normalize("NFKC", text[:TYPED_MAX_CHARS]).replace("。", "."))
    inside = line.rpartition("<")[2].partition(">")
    if line.count("<") == 1 and "@" in inside[0] and inside[1]:
        line = inside[0]
    return _ROOM.sub("@", _bare(line))


def deliverable(text: str) -> str:
    """The address that is meant, as every mail server takes it. Raises BadAddress when it is none."""
    email = clean_email(text)
    problem = _problem(email)
    if problem:
        raise BadAddress(problem)
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        raise BadAddress("Something after the @ is not right; it should look like example.org.") from None
    return address.ascii_email or address.normalized


def _bare(line: str) -> str:
    before = None
    while line != before:  # each round takes at least one sign away, as from <mailto:…>
        before = line
        line = line.lstrip(_BEFORE).rstrip(_AFTER)
        label = _LABEL.match(line)
        if label:
            line = clean_line(unquote(line[label.end() :].partition("?")[0]))
    return line


def _problem(email: str) -> str:
    """What keeps it from being an address, in one sentence; nothing when only the domain is left to be looked at."""
    local, at, domain = email.rpartition("@")
    if len(email) > EMAIL_MAX_CHARS:
        return f"It is longer than the {EMAIL_MAX_CHARS} characters that an address can have."
    if not at:
        return "There is no @ in it."
    if _TWO.search(email):
        return "Please enter one address only."
    if "@" in local:
        return "There is more than one @ in it."
    if " " in email:
        return "There is a space in it."
    if "," in email:
        return "There is a comma in it. Is a dot meant?"
    if ".." in email:
        return "There are two dots in a row."
    if "=?" in email:  # begins an encoded word, so no header can hold it
        return "It cannot hold “=?”."
    return _problem_before(local) or _problem_after(domain)


def _problem_before(local: str) -> str:
    wrong = _NOT_LOCAL.search(local)
    if not local:
        return "Before the @ something is missing, such as name."
    if local.startswith("."):
        return "It cannot begin with a dot."
    if local.endswith("."):
        return "Next to the @ stands a dot."
    if len(local) > LOCAL_MAX_CHARS:
        return f"Before the @ it is longer than the {LOCAL_MAX_CHARS} characters that an address can have."
    if wrong and wrong[0].isalpha():
        return f"Before the @ our mails can have plain letters only, not “{wrong[0]}”."
    return f"It cannot hold “{wrong[0]}”." if wrong else ""


def _problem_after(domain: str) -> str:
    wrong = _NOT_DOMAIN.search(domain)
    if not domain:
        return "After the @ something is missing, such as example.org."
    if domain.startswith("."):
        return "Next to the @ stands a dot."
    if _NUMBERS.fullmatch(domain):
        return "After the @ a name is needed, such as example.org."
    if wrong:
        return f"It cannot hold “{wrong[0]}” after the @."
    return "" if "." in domain else "After the @ a dot is missing, as in example.org."
