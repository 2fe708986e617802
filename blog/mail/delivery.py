"""Handing a mail over: by SMTP to the server of BLOG_MAIL_URL, or as a file into instance/outbox/."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address as HeaderAddress
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

import flask_mail
from flask import Flask, current_app

from blog.clock import now
from blog.mail.letters import Letter, one_line
from blog.pages.models import Site
from blog.text.characters import clean_line

TIMEOUT_SECONDS = 20  # for each answer of the mail server
ANSWER_MAX_CHARS = 500
LOCAL = ("127.0.0.1", "::1", "localhost")


class WholeHeader(UnstructuredHeader):
    """A header that is an address: on one line, however long. Mail programs find none that was cut and encoded."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", WholeHeader)  # type: ignore[arg-type]  # it becomes a BaseHeader there
POLICY = SMTP.clone(header_factory=HEADERS)


class NotNow(Exception):
    """The mail server cannot be reached or takes nothing from us just now; says nothing about the recipient."""


class TryLater(Exception):
    """The mail server says that this recipient's mail should be tried again later."""


class Never(Exception):
    """The mail server refuses this mail for good. `address` tells whether because of the recipient's address."""

    def __init__(self, message: str, address: bool) -> None:
        super().__init__(message)
        self.address = address


@dataclass(frozen=True)
class MailServerURL:
    """Where mails go: smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the first byte.

    With smtp://, TLS is begun by STARTTLS wherever the server offers it. Without it nothing is sent with a password or
    to another machine, unless the address ends in ?tls=no.
    """

    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    may_be_plain: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the setting, which blog/config.py has checked."""
        parts = urlsplit(text)
        tls = parts.scheme == "smtps"
        host, user, password = parts.hostname or "", unquote(parts.username or ""), unquote(parts.password or "")
        plain = parts.query == "tls=no" or (host in LOCAL and not password)
        return cls(host, parts.port or (465 if tls else 587 if user else 25), user, password, tls, plain)


def init_app(app: Flask) -> None:
    """Tell Flask-Mail which server it is. Without one it is there all the same, for what others ask of it."""
    url = app.config["BLOG_MAIL_URL"]
    if url:
        server = MailServerURL.parse(url)
        app.config.update(
            MAIL_SERVER=server.host,
            MAIL_PORT=server.port,
            MAIL_USERNAME=server.user or None,
            MAIL_PASSWORD=server.password or None,
            MAIL_USE_SSL=server.is_tls,
            MAIL_SUPPRESS_SEND=False,
        )
    flask_mail.Mail(app)


class Carrier(Protocol):
    """Takes mails one by one. Raises NotNow, TryLater or Never."""

    def send(self, letter: Letter) -> None: ...


@contextmanager
def carrier() -> Iterator[Carrier]:
    """What mails are handed to: one connection for many, opened with the first."""
    if not current_app.config["BLOG_MAIL_URL"]:
        yield Files(current_app.config["BLOG_INSTANCE_PATH"] / "outbox")
        return
    wire = Wire()
    try:
        yield wire
    finally:
        wire.close()


class Files:
    """Mails as files, for a site without a mail server. The same mail again is the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            name = letter.message_id.strip("<>").partition("@")[0]
            draft = self.folder / f".{name}"
            draft.touch(mode=0o600)
            draft.write_bytes(Mail(letter).as_bytes())
            draft.rename(self.folder / f"{name}.eml")
        except OSError as error:
            raise NotNow(f"{self.folder} cannot be written: {error.strerror}") from error


class Wire:
    """A connection to the mail server, made when it is needed and made again after it broke."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def send(self, letter: Letter) -> None:
        mail = Mail(letter)
        connection = self._open()
        try:
            connection.send(mail, envelope_from=mail.from_address)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            self._reset()
            raise _answer(code, said, address=True) from error
        except smtplib.SMTPDataError as error:
            self._reset()
            raise _answer(error.smtp_code, error.smtp_error, address=False) from error
        except (smtplib.SMTPException, OSError) as error:  # also a refused sender: that is about us, not about them
            self.close()
            raise NotNow(_words(error)) from error

    def _open(self) -> Connection:
        if not self._is_alive():
            self.close()
        if self._connection is None:
            try:
                self._connection = Connection(current_app.extensions["mail"]).__enter__()
            except (smtplib.SMTPException, OSError) as error:
                raise NotNow(_words(error)) from error
        return self._connection

    def _is_alive(self) -> bool:
        """Whether the server still listens: many take only so many mails on one connection."""
        try:
            host = self._connection.host if self._connection else None
            return host is not None and host.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _reset(self) -> None:
        try:
            if self._connection is not None and self._connection.host is not None:
                self._connection.host.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and connection.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.host.quit()
            connection.host.close()


class Connection(flask_mail.Connection):
    """Flask-Mail's, with time-outs, and with TLS that checks who answers."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        server = MailServerURL.parse(current_app.config["BLOG_MAIL_URL"])
        context = ssl.create_default_context()
        if server.is_tls:
            host: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            host = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            host.ehlo_or_helo_if_needed()
            if not server.is_tls and host.has_extn("starttls"):
                host.starttls(context=context)
                host.ehlo()
            elif not server.is_tls and not server.may_be_plain:
                raise smtplib.SMTPException("the server offers no TLS; ?tls=no at the end of BLOG_MAIL_URL allows that")
            if server.user:
                host.login(server.user, server.password)
        except BaseException:
            host.close()
            raise
        return host


class Mail(flask_mail.Message):
    """A letter as Flask-Mail sends it. The standard library makes its headers, and refuses line ends in them."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(letter.subject, recipients=[letter.to], sender="unset", extra_headers=letter.headers)
        self.letter = letter
        self.from_address = (
            current_app.config["BLOG_MAIL_FROM"] or f"no-reply@{letter.message_id[1:-1].partition('@')[2]}"
        )
        self.sender = self.from_address

    def as_bytes(self) -> bytes:
        message = EmailMessage(policy=POLICY)
        message["Subject"] = self.letter.subject
        message["From"] = HeaderAddress(one_line(Site.current().name), addr_spec=self.from_address)
        message["To"] = HeaderAddress(addr_spec=self.letter.to)
        message["Date"] = format_datetime(now())
        message["Message-ID"] = self.letter.message_id
        for name, value in self.letter.headers.items():
            message[name] = value
        if any(end in str(value) for value in message.values() for end in "\r\n"):  # as an encoded word can hold them
            raise ValueError("a header with a line end")
        message.set_content(self.letter.text, cte="quoted-printable")
        message.add_alternative(self.letter.html, subtype="html", cte="quoted-printable")
        return message.as_bytes()


def _answer(code: int, said: bytes | str, address: bool) -> Exception:
    """What a server's answer to one mail means: 4xx is "later", 5xx is "never".

    5xx 5.7.… is about what the server allows us (RFC 3463), so it says nothing of the address.
    """
    words = _said(code, said)
    if code < 500:
        return TryLater(words)
    return Never(words, address and " 5.7." not in words[:9])


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return without_addresses(str(error)) or type(error).__name__


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return without_addresses(f"{code} {words}")


def without_addresses(text: str) -> str:
    """What a server said, without the addresses in it: it is kept, and shown at the desk."""
    words = clean_line(text[:ANSWER_MAX_CHARS]).split(" ")
    return " ".join("[address]" if "@" in word else word for word in words)
