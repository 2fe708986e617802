"""E-mail addresses as people type and paste them: what is meant is taken, and what stays wrong is said."""

from __future__ import annotations

import pytest

from blog.text.email import EMAIL_MAX_CHARS, BadAddress, clean_email, deliverable

ADA = "ada@example.org"

MEANT = {
    "spaces": "  ada@example.org \t",
    "no-break spaces": "\u00a0ada@example.org\u202f",
    "a space beside the @": "ada @ example.org",
    "zero width space": "ada\u200b@example.org",
    "byte order mark": "\ufeffada@example.org",
    "soft hyphen": "ada@exam\u00adple.org",
    "word joiner": "ada@example.org\u2060",
    "direction marks": "\u202aada@example.org\u202c\u200e",
    "joiners": "ada\u200d@example\u200c.org",
    "tag characters": "ada@example.org\U000e0041",
    "controls": "ada\x00@example.org\x7f",
    "a line end": "ada@example.org\r\n",
    "a line separator": "ada@example.org\u2028",
    "mailto": "mailto:ada@example.org",
    "mailto in capitals": "MAILTO: ada@example.org",
    "mailto with slashes": "mailto://ada@example.org",
    "mailto with a subject": "mailto:ada@example.org?subject=Hi&body=there",
    "mailto with an escaped @": "mailto:ada%40example.org",
    "a label": "E-mail: ada@example.org",
    "another label": "email:ada@example.org",
    "full stop": "ada@example.org.",
    "full stops": "ada@example.org...",
    "comma": "ada@example.org,",
    "semicolon": "ada@example.org;",
    "colon": "ada@example.org:",
    "exclamation mark": "ada@example.org!",
    "question mark": "ada@example.org?",
    "angle brackets": "<ada@example.org>",
    "angle brackets and a comma": "<ada@example.org>,",
    "a name": "Ada <ada@example.org>",
    "a name in quotes": '"Ada, Countess" <ada@example.org>',
    "round brackets": "(ada@example.org)",
    "square brackets": "[ada@example.org]",
    "mailto in brackets": "<mailto:ada@example.org>",
    "quotes": '"ada@example.org"',
    "apostrophes": "'ada@example.org'",
    "backquotes": "`ada@example.org`",
    "curly quotes": "“ada@example.org”",
    "low quotes": "„ada@example.org“",
    "guillemets": "«\u00a0ada@example.org\u00a0»",
    "Japanese quotes": "「ada@example.org」",
    "full-width @": "ada＠example.org",
    "small @": "ada﹫example.org",
    "full-width letters": "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    "ideographic full stop": "ada@example。org",
    "ideographic space": "ada@example.org\u3000",
    "full-width comma": "ada@example.org，",
}

KEPT = (
    "ada+blog@example.org",
    "o'brien@example.org",
    "a.b-c_d@sub.example.org",
    "x@1.example.org",
    "a@c.test",
    "Ada@Example.org",
    "ada!#$%&*/=?^_`{|}~@example.org",
    "ada%40x@example.org",
)

WRONG = {
    "ada": "There is no @ in it.",
    "ada.example.org": "There is no @ in it.",
    "ada@": "After the @ something is missing, such as example.org.",
    "@example.org": "Before the @ something is missing, such as name.",
    "ada@@example.org": "There is more than one @ in it.",
    "a@b.c, d@e.f": "Please enter one address only.",
    "a@b.c; d@e.f": "Please enter one address only.",
    "ada@example.org;bea@example.org": "Please enter one address only.",
    "ada@example.org bea@example.org": "Please enter one address only.",
    "<a@b.c> <d@e.f>": "Please enter one address only.",
    "a@b.c\r\nBcc: x@y.z": "Please enter one address only.",
    "a@b.c\nBcc: x": "There is a space in it.",
    "ada@exa mple.org": "There is a space in it.",
    "ada lovelace@example.org": "There is a space in it.",
    '"a b"@example.org': "There is a space in it.",
    "ada@example,org": "There is a comma in it. Is a dot meant?",
    "ada@example..org": "There are two dots in a row.",
    "ada..l@example.org": "There are two dots in a row.",
    "ada@.example.org": "Next to the @ stands a dot.",
    "ada.@example.org": "Next to the @ stands a dot.",
    ".ada@example.org": "It cannot begin with a dot.",
    "ada@example": "After the @ a dot is missing, as in example.org.",
    "ada@localhost": "After the @ a dot is missing, as in example.org.",
    "ada@[127.0.0.1]": "After the @ a name is needed, such as example.org.",
    "ada@127.0.0.1": "After the @ a name is needed, such as example.org.",
    "ädä@example.org": "Before the @ our mails can have plain letters only, not “ä”.",
    "мария@example.org": "Before the @ our mails can have plain letters only, not “м”.",
    "ada(x)@example.org": "It cannot hold “(”.",
    "ada@exam_ple.org": "It cannot hold “_” after the @.",
    "ada@exam!ple.org": "It cannot hold “!” after the @.",
    "=?utf-8?Q?a?=@example.org": "It cannot hold “=?”.",
    "ada@-example.org": "Something after the @ is not right; it should look like example.org.",
    "a" * 250 + "@example.org": f"It is longer than the {EMAIL_MAX_CHARS} characters that an address can have.",
    "a" * 65 + "@example.org": "Before the @ it is longer than the 64 characters that an address can have.",
}


class TestCleaning:
    @pytest.mark.parametrize("typed", MEANT.values(), ids=MEANT)
    def test_takes_what_is_meant(self, typed):
        assert ADA == deliverable(typed)

    @pytest.mark.parametrize("typed", KEPT)
    def test_keeps_what_belongs_to_an_address(self, typed):
        assert typed == clean_email(typed)

    @pytest.mark.parametrize("typed", [*MEANT.values(), *WRONG, *KEPT])
    def test_twice_changes_nothing(self, typed):
        assert clean_email(typed) == clean_email(clean_email(typed))

    def test_keeps_letters_of_a_domain(self):
        assert "ada@xn--bcher-kva.example" == deliverable("ada@bücher.example")

    def test_is_quick_with_what_is_no_address(self):
        """No pattern costs the square of what somebody sends."""
        for typed in ("<" * 50_000, "a@" * 50_000, '"' * 50_000 + " " * 50_000, "mailto:" * 20_000, " . , " * 20_000):
            with pytest.raises(BadAddress):
                deliverable(typed)


class TestRefusing:
    @pytest.mark.parametrize(("typed", "why"), WRONG.items())
    def test_says_why(self, typed, why):
        with pytest.raises(BadAddress) as refused:
            deliverable(typed)

        assert why == str(refused.value)

    @pytest.mark.parametrize("typed", ["ada@example.org\n.", "\n\r", "\x00", "ada@\nexample.org"])
    def test_lets_no_line_end_through(self, typed):
        """Whatever comes of it can stand in a header."""
        try:
            cleaned = deliverable(typed)
        except BadAddress as refused:
            cleaned = str(refused)

        assert cleaned.isprintable()
