"""Mail servers on this machine that do as they are told: take mails, refuse them, hang, or break down."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.processes import free_port

HANGS = 30  # seconds: much longer than any time-out of a test


@dataclass(frozen=True)
class Received:
    """A mail as it came over the wire."""

    sender: str
    recipients: list[str]
    raw: bytes
    was_encrypted: bool = False
    user: str | None = None

    @property
    def message(self) -> EmailMessage:
        """The mail as a mail program reads it."""
        found = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def text(self) -> str:
        """The plain part."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""

    @property
    def header_lines(self) -> list[bytes]:
        """The lines of the head as they stand there, folded ones too."""
        return self.raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


@dataclass
class Behaviour:
    """What the server answers; everything else it takes. Keyed by the command, for RCPT also by an address."""

    answers: dict[str, str] = field(default_factory=dict)
    hangs: set[str] = field(default_factory=set)
    cuts_data: bool = False  # closes the connection while the mail is on its way
    mails_a_connection: int | None = None  # then it hangs up
    pause_seconds: float = 0.0  # before it answers to a mail
    password: str | None = None


class PostOffice:
    """A running server, and what it has taken. `behave` may be changed while it runs."""

    def __init__(self, certificate: ssl.SSLContext | None = None, port: int | None = None) -> None:
        self.behave = Behaviour()
        self.mails: list[Received] = []
        self.commands: list[str] = []
        self.hanging = threading.Event()  # set when somebody has to wait for an answer
        self.taking = threading.Event()  # set when a mail has come, before it is answered
        self.port = port or free_port()
        self._certificate = certificate
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> PostOffice:
        """Begin to listen."""
        office = self

        class Office(Controller):
            def factory(self) -> SMTP:
                tls = {"tls_context": office._certificate} if office._certificate else {}
                auth = {"authenticator": office._log_in, "auth_require_tls": False}
                return Line(office, office, hostname="127.0.0.1", enable_SMTPUTF8=False, **tls, **auth)

        self._controller = Office(self, hostname="127.0.0.1", port=self.port, ready_timeout=60)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Listen no more: connections are refused, those that are open end."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    def to(self, address: str) -> list[Received]:
        """What came for one address, in order."""
        return [mail for mail in self.mails if address in mail.recipients]

    # What aiosmtpd asks

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        refused = await self._answer("MAIL")
        if refused is None:
            envelope.mail_from = address
        return refused or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        refused = self.behave.answers.get(address) or await self._answer("RCPT")
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taking.set()
        await asyncio.sleep(self.behave.pause_seconds)
        refused = await self._answer("DATA")
        if refused is None:
            raw = envelope.original_content or b""
            user = str(session.auth_data) if session.authenticated else None
            self.mails.append(
                Received(envelope.mail_from or "", list(envelope.rcpt_tos), raw, session.ssl is not None, user)
            )
        return refused or "250 OK"

    async def _answer(self, command: str) -> str | None:
        if command in self.behave.hangs:
            self.hanging.set()
            await asyncio.sleep(HANGS)
        return self.behave.answers.get(command)

    def _log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = data.password.decode() == self.behave.password
        return AuthResult(success=right, handled=right, auth_data=data.login.decode() if right else None)


class Line(SMTP):
    """One connection to the office."""

    def __init__(self, office: PostOffice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        self.taken = 0

    async def _call_limiter(self) -> None: ...

    async def smtp_DATA(self, arg: str) -> None:
        if self.office.behave.cuts_data:
            await self.push("354 go on")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)
        self.taken += 1
        if self.taken == self.office.behave.mails_a_connection:
            self.transport.close()

    async def push(self, status: Any) -> None:
        with contextlib.suppress(ConnectionError):  # whoever asked may be gone
            await super().push(status)


@contextmanager
def post_office(certificate: ssl.SSLContext | None = None) -> Iterator[PostOffice]:
    office = PostOffice(certificate).start()
    try:
        yield office
    finally:
        office.stop()


@contextmanager
def silent_port(says: bytes = b"") -> Iterator[int]:
    """A port on which somebody takes the connection, says `says`, and nothing more."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        held: list[socket.socket] = []

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    held.append(connection)
                    connection.sendall(says)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for connection in held:
                connection.close()
