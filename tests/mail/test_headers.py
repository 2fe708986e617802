"""Nothing that somebody typed changes a head or an envelope."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from blog.clock import now
from blog.mail.delivery import carrier
from tests.mailing import ADA, letter

HOSTILE = [
    "A\r\nBcc: x@evil.example",
    "A\nBcc: x@evil.example",
    "A\rBcc: x@evil.example",
    "A\r\n\r\nBody",
    "A\r\n Folded: x",
    "A%0aBcc: x@evil.example",
    "=?utf-8?Q?A=0ABcc:_x@evil.example?=",
    "=?utf-8?B?QQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
    "A\u2028Bcc: x@evil.example",
    "A\u2029Bcc: x@evil.example",
    "A\u0085Bcc: x@evil.example",
    "A\x0bBcc: x@evil.example",
    "A\x0cBcc: x@evil.example",
    "A\x00Bcc: x@evil.example",
    "A\x1cBcc: x@evil.example",
    "a@b.example, c@evil.example",
    "<x@evil.example>",
    '" <x@evil.example>, "',
    "A" * 3000,
]


ALLOWED = {
    "subject",
    "from",
    "to",
    "date",
    "message-id",
    "auto-submitted",
    "mime-version",
    "content-type",
}


class TestInjection:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_into_the_name_of_the_site_adds_nothing(self, app, server, send, make, text):
        """No header and no recipient, whatever an administrator pastes."""
        make.settings(name=text)
        assert send(letter()) is None
        (mail,) = server.mails

        assert ([ADA], "blog@clinic.example") == (mail.recipients, mail.sender)
        assert {name.lower() for name in mail.message.keys()} == ALLOWED  # noqa: SIM118
        assert ["blog@clinic.example"] == [one.addr_spec for one in mail.message["From"].addresses]
        assert [ADA] == [one.addr_spec for one in mail.message["To"].addresses]

    @pytest.mark.parametrize(
        "to",
        [
            f"{ADA}\r\nBcc: x@evil.example",
            f"{ADA}, x@evil.example",
            f"{ADA}\nRCPT TO:<x@evil.example>",
            f"<{ADA}>, <x@evil.example>",
            f"{ADA} x@evil.example",
            f"{ADA}\x00x@evil.example",
        ],
    )
    def test_into_the_address_sends_nothing(self, app, server, to):
        """The last wall, behind forms that refuse it: such a mail cannot be made."""
        with app.test_request_context(), carrier() as wire, pytest.raises(Exception):  # noqa: B017
            wire.send(letter(to))

        assert [] == server.mails

    @pytest.mark.parametrize("text", ["A\r\nBcc: x", "A\nBcc: x", "A\rBcc: x", "=?utf-8?Q?A=0ABcc:_x?="])
    def test_into_the_subject_sends_nothing(self, app, server, text):
        """`one_line` cleans it before; if it were forgotten, no mail would leave."""
        with app.test_request_context(), carrier() as wire, pytest.raises(Exception):  # noqa: B017
            wire.send(letter(subject=text))

        assert [] == server.mails


def test_the_date_is_now(server, send):
    """Also without a clock that is held."""
    send(letter())

    assert abs((now() - parsedate_to_datetime(server.mails[0].message["Date"])).total_seconds()) < 60
