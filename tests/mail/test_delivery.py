"""Over the wire: what the server says, breakdowns, encryption, logging in, and files without a server."""

from __future__ import annotations

import re
import socket
import ssl
import stat
import subprocess
from email.utils import parsedate_to_datetime

import pytest

from blog import create_app
from blog.config import ConfigError
from blog.mail.delivery import MailServerURL, Never, NotNow, TryLater
from tests.mail.servers import post_office, silent_port
from tests.mailing import ADA, BEA, letter


class TestOnTheWire:
    def test_has_the_headers_of_a_good_mail(self, server, send, clock, noon, make):
        """Who wrote it, to whom, when, and that a machine did."""
        clock.freeze(noon)
        make.settings(name="Clinic “Süd”")
        assert send(letter(headers={"Auto-Submitted": "auto-generated", "References": "<x@y>"})) is None
        (mail,) = server.mails
        message = mail.message

        assert ("blog@clinic.example", [ADA]) == (mail.sender, mail.recipients)
        assert ("Clinic “Süd”", "blog@clinic.example") == (
            message["From"].addresses[0].display_name,
            message["From"].addresses[0].addr_spec,
        )
        assert (ADA, "Your comment is published", "<published-1.abc@localhost>", "auto-generated", "<x@y>") == (
            message["To"],
            message["Subject"],
            message["Message-ID"],
            message["Auto-Submitted"],
            message["References"],
        )
        assert noon == parsedate_to_datetime(message["Date"])

    def test_has_each_header_once(self, server, send):
        """A second From or To would be read differently by different programs."""
        send(letter())
        names = [name.lower() for name in server.mails[0].message.keys()]  # noqa: SIM118

        assert sorted(set(names)) == sorted(names)

    def test_is_plain_ascii_in_short_lines(self, server, send):
        """Whatever was written, every relay can carry it, and it arrives as it was."""
        words = "Für Ödeme: 😀 " + "ä" * 3000 + "\n.\n..two\nFrom here\n" + "x" * 3000 + "\n"
        send(letter(text=words, html=f"<p>{words}</p>\n", subject="Überlänge " * 12))
        (mail,) = server.mails
        body = mail.message.get_body(("html",)).get_content()

        assert mail.raw.isascii()
        assert 998 >= max(map(len, mail.raw.split(b"\r\n")))
        assert b"\n" not in mail.raw.replace(b"\r\n", b"")
        assert (words, f"<p>{words}</p>\n") == (mail.text.replace("\r\n", "\n"), body.replace("\r\n", "\n"))
        assert {"quoted-printable"} == {
            part["Content-Transfer-Encoding"] for part in mail.message.walk() if not part.is_multipart()
        }

    def test_is_the_same_mail_when_it_is_sent_again(self, server, send):
        """A program that gets it twice shows it once."""
        send(letter(), letter())

        assert 1 == len({mail.message["Message-ID"] for mail in server.mails})

    def test_uses_one_connection_for_many(self, server, send, monkeypatch):
        """Fifty mails are not fifty log-ins."""
        opened = []
        make_connection = socket.create_connection
        monkeypatch.setattr(socket, "create_connection", lambda *a, **k: opened.append(a) or make_connection(*a, **k))
        outcomes = send(*[letter(message_id=f"<{number}@localhost>") for number in range(5)])

        assert ([None] * 5, 5, 1) == (outcomes, len(server.mails), len(opened))

    def test_goes_on_when_the_server_ends_the_connection(self, server, send):
        """Many servers take so many mails a connection: the next one opens another."""
        server.behave.mails_a_connection = 1

        assert ([None] * 3, 3) == (send(letter(), letter(), letter()), len(server.mails))


class TestAnswers:
    @pytest.mark.parametrize("answer", ["421 closing", "450 mailbox busy", "451 greylisted", "452 full"])
    @pytest.mark.parametrize("command", ["RCPT", "DATA"])
    def test_of_later_are_about_this_mail(self, server, send, command, answer):
        """Tried again later; the next mail is not held up."""
        server.behave.answers[ADA if command == "RCPT" else "DATA"] = answer
        first = send(letter())
        server.behave.answers.clear()

        assert (TryLater, answer, None) == (type(first), str(first), send(letter(BEA)))

    @pytest.mark.parametrize("answer", ["421 closing", "450 busy", "550 nobody"])
    def test_to_one_recipient_leave_the_others(self, server, send, answer):
        """On the same connection, or on the next one."""
        server.behave.answers[ADA] = answer

        assert [False, True, False, True] == [one is None for one in send(*map(letter, (ADA, BEA, ADA, BEA)))]
        assert 2 == len(server.to(BEA))

    def test_of_never_to_a_recipient_is_about_the_address(self, server, send):
        """Nobody lives there."""
        server.behave.answers["RCPT"] = "550 nobody here"
        problem = send(letter())

        assert (Never, True, "550 nobody here") == (type(problem), problem.address, str(problem))

    def test_of_never_to_a_mail_is_about_the_mail(self, server, send):
        """The recipient is there, this mail is not wanted."""
        server.behave.answers["DATA"] = "554 looks like spam"
        problem = send(letter())

        assert (Never, False, "554 looks like spam") == (type(problem), problem.address, str(problem))

    @pytest.mark.parametrize("answer", ["421 closing", "451 later", "530 log in first", "550 not from you"])
    def test_to_the_sender_are_about_us(self, server, send, answer):
        """No recipient can help it, whether it is for now or for good."""
        server.behave.answers["MAIL"] = answer
        problem = send(letter())

        assert (NotNow, answer) == (type(problem), str(problem))


class TestBreakdowns:
    pytestmark = pytest.mark.usefixtures("impatient")

    def test_of_the_line_say_nothing_of_the_recipient(self, server, send):
        """Closed while the mail was on its way."""
        server.behave.cuts_data = True
        problem = send(letter())
        server.behave.cuts_data = False

        assert (NotNow, None) == (type(problem), send(letter()))

    @pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
    def test_of_the_server_end_with_the_time_out(self, server, send, command):
        """It took the connection, and hangs."""
        server.behave.hangs.add(command)

        assert (NotNow, "timed out") == (type(problem := send(letter())), str(problem).rpartition(": ")[2])

    @pytest.mark.parametrize(
        ("says", "told"),
        [(b"", "timed out"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", ""), (b"\xff\x00\r\n", ""), (b"554 no\r\n", "no")],
    )
    def test_of_the_greeting_are_told(self, use, send, says, told):
        """Nothing, another protocol, noise, or a server that wants no mail from us."""
        with silent_port(says) as port:
            use(f"smtp://127.0.0.1:{port}")
            problem = send(letter())

        assert NotNow is type(problem)
        assert str(problem)
        assert told in str(problem)

    def test_of_the_whole_server_are_told(self, server, send):
        """Nobody listens."""
        server.stop()

        assert (NotNow, True) == (type(problem := send(letter())), "refused" in str(problem).lower())

    def test_are_over_when_it_is_back(self, server, send):
        """The next attempt opens a new connection."""
        server.stop()
        problem = send(letter())
        server.start()

        assert (NotNow, None) == (type(problem), send(letter()))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for this machine that nobody has signed, and its key, in one file."""
    file = tmp_path_factory.mktemp("tls") / "own.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            file,
            "-out",
            f"{file}.crt",
        ],
        check=True,
        capture_output=True,
    )
    file.write_bytes(file.read_bytes() + file.with_suffix(".pem.crt").read_bytes())
    return file


class TestEncryption:
    @pytest.fixture
    def server(self, certificate):
        """A server that offers TLS, with a certificate of its own making."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        with post_office(context) as office:
            yield office

    def test_is_used_where_it_is_offered(self, server, send, certificate, monkeypatch):
        """Nothing has to be set for that."""
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

        assert (None, [True]) == (send(letter()), [mail.was_encrypted for mail in server.mails])

    def test_is_with_the_right_server_only(self, server, send):
        """A certificate that nobody has signed may be anybody's: nothing is sent, and the reason is told."""
        problem = send(letter())

        assert (NotNow, []) == (type(problem), server.mails)
        assert "certificate verify failed" in str(problem)

    def test_protects_the_password(self, server, use, send, certificate, monkeypatch):
        """The log-in comes after TLS has begun."""
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        server.behave.password = "s3cret/x"
        use(f"smtp://us%40clinic.example:s3cret%2Fx@127.0.0.1:{server.port}")

        assert (None, [(True, "us@clinic.example")]) == (
            send(letter()),
            [(mail.was_encrypted, mail.user) for mail in server.mails],
        )

    def test_is_required_for_a_password(self, use, send):
        """A server without TLS never sees it, on this machine neither."""
        with post_office() as plain:
            plain.behave.password = "s3cret"
            use(f"smtp://us:s3cret@127.0.0.1:{plain.port}")
            problem = send(letter())

        assert (NotNow, []) == (type(problem), plain.mails)
        assert "?tls=no" in str(problem)

    def test_may_be_waived(self, use, send):
        """With ?tls=no the owner of the site says that the line is safe."""
        with post_office() as plain:
            plain.behave.password = "s3cret"
            use(f"smtp://us:s3cret@127.0.0.1:{plain.port}?tls=no")
            outcome = send(letter())

        assert (None, ["us"]) == (outcome, [mail.user for mail in plain.mails])


class TestLoggingIn:
    def test_with_a_wrong_password_is_our_problem(self, server, use, send):
        """535 says nothing of any recipient."""
        server.behave.password = "right"
        use(f"smtp://us:wrong@127.0.0.1:{server.port}?tls=no")
        problem = send(letter())

        assert (NotNow, [], "535") == (type(problem), server.mails, str(problem)[:3])

    def test_where_there_is_none_is_our_problem(self, server, use, send, monkeypatch):
        """A server that offers no log-in is not the right one."""
        monkeypatch.setattr("smtplib.SMTP.has_extn", lambda self, name: False)
        use(f"smtp://us:wrong@127.0.0.1:{server.port}?tls=no")

        assert (NotNow, True) == (type(problem := send(letter())), "AUTH" in str(problem))


class TestURL:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("smtp://localhost", MailServerURL("localhost", 25, "", "", False, True)),
            ("smtp://mail.example", MailServerURL("mail.example", 25, "", "", False, False)),
            ("smtp://mail.example?tls=no", MailServerURL("mail.example", 25, "", "", False, True)),
            ("smtp://u:p@mail.example", MailServerURL("mail.example", 587, "u", "p", False, False)),
            ("smtp://u%40x:p%3A%2F@mail.example:2525", MailServerURL("mail.example", 2525, "u@x", "p:/", False, False)),
            ("smtps://u:p@mail.example", MailServerURL("mail.example", 465, "u", "p", True, False)),
            ("smtp://u:p@localhost", MailServerURL("localhost", 587, "u", "p", False, False)),
            ("smtp://[::1]:2525", MailServerURL("::1", 2525, "", "", False, True)),
        ],
    )
    def test_says_where_and_how(self, url, expected):
        """Passwords and other machines need TLS, unless the address waives it."""
        assert expected == MailServerURL.parse(url)

    @pytest.mark.parametrize(
        "url",
        [
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://mail.example:port",
            "smtp://x?tls=maybe",
            "smtp://mail.example:99999",
        ],
    )
    def test_that_is_wrong_stops_the_start(self, tmp_path, url):
        """One clear line that names the setting."""
        with pytest.raises(ConfigError, match="BLOG_MAIL_URL"):
            create_app({"BLOG_INSTANCE_PATH": str(tmp_path), "BLOG_MAIL_URL": url})


class TestFiles:
    """Without a mail server."""

    @pytest.fixture
    def folder(self, app):
        return app.config["BLOG_INSTANCE_PATH"] / "outbox"

    def test_hold_a_mail_each(self, send, folder):
        """As it would go over the wire, for whoever opens it with a mail program."""
        send(letter(), letter(BEA, message_id="<published-2.abc@localhost>"))
        found = sorted(folder.iterdir())

        assert ["published-1.abc.eml", "published-2.abc.eml"] == [file.name for file in found]
        assert re.search(rb"^To: ada@example.org\r$", found[0].read_bytes(), re.MULTILINE)

    def test_can_be_read_by_the_site_alone(self, send, folder):
        """Links in them are keys."""
        send(letter())

        assert [0o600, 0o700] == [
            stat.S_IMODE(path.stat().st_mode) for path in (folder / "published-1.abc.eml", folder)
        ]

    def test_are_written_once(self, send, folder):
        """The same mail again is the same file."""
        send(letter(), letter())

        assert ["published-1.abc.eml"] == [file.name for file in folder.iterdir()]

    def test_that_cannot_be_written_are_our_problem(self, send, folder):
        """A file where the folder should be, or a disk that is full."""
        folder.write_text("in the way")
        problem = send(letter())

        assert (NotNow, True) == (type(problem), "outbox cannot be written" in str(problem))
